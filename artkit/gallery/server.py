"""A gallery over HTTP for this machine alone: requests in, the gallery's files out. Nothing is written but the page.

It listens on loopback. A page elsewhere on the web can still make a browser ask here, by links or by a name that it
turns to 127.0.0.1: answers go to requests for this machine's own names only, and say that no other site may use them.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from artkit.errors import ArtkitError
from artkit.gallery.building import PAGE
from artkit.gallery.fresh import Keeper
from artkit.gallery.layout import own_script
from artkit.gallery.ranges import Part, parts
from artkit.gallery.served import TYPES, open_file, steps

HOST = "127.0.0.1"
PORT = 8640
"""The first port that is tried where none is asked for; the next ones follow."""

_TRIED = 20
_NAMES = ("127.0.0.1", "localhost", "[::1]")
_CHUNK = 1 << 16

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
"""Of every answer. A browser asks again each time, and is told that nothing changed by the ETag."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""Content-Security-Policy of artworks, which may be SVGs of strangers: nothing in them runs, or is fetched."""

PAGE_POLICY = (
    "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""That of pages: the script of this artkit runs, whatever the page in a stranger's folder says of itself."""


class Server(ThreadingHTTPServer):
    """The server of one gallery; `note` takes lines that are worth telling."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = os.name != "nt"  # there it would let others take the port as well

    def __init__(self, folder: Path, port: int, note: Callable[[str], None]) -> None:
        self.folder = folder
        self.note = note
        self.keeper = Keeper(folder, note)
        super().__init__((HOST, port), Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in _NAMES}
        if self.server_port == 80:
            self.hosts |= set(_NAMES)

    @property
    def address(self) -> str:
        """What a browser opens."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell what went wrong in a line; a browser that has gone is nothing to tell."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.note(f"a request failed: {type(error).__name__}: {error}")


def server(folder: Path, port: int | None, note: Callable[[str], None]) -> Server:
    """Give a server of a gallery on that port, on any that is free for 0, or on one of some for None.

    An ArtkitError says that the port cannot be had.
    """
    for tried in [port] if port is not None else [*range(PORT, PORT + _TRIED), 0]:
        try:
            return Server(folder, tried, note)
        except OSError as error:
            if error.errno == errno.EACCES:
                raise ArtkitError(f"port {tried}: no permission; take one above 1023") from None
            if error.errno != errno.EADDRINUSE:
                raise ArtkitError(f"port {tried}: {error.strerror or error}; --port 0 takes any that is free") from None
    raise ArtkitError(f"port {port}: is in use; name another, or leave --port out and a free one is taken")


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def version_string(self) -> str:
        """Say what answers, and no version."""
        return "artkit"

    def do_GET(self) -> None:
        """Answer with a file."""
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        if self.headers.get("Transfer-Encoding") or self.headers.get("Content-Length", "0") != "0":
            self.close_connection = True  # what follows is no request
        names = steps(self._target(), PAGE)
        if names == [PAGE]:
            self.server.keeper.refresh()
        file = names and open_file(self.server.folder, names, PAGE)
        if not names or not file:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with file:
            self._send(file, Path(names[-1]).suffix.lower())

    do_HEAD = do_GET

    def _refuse(self) -> None:
        self.close_connection = True
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _refuse

    def _target(self) -> str:
        """Give the path that is asked for; a proxy's form of it names this machine first."""
        scheme, _, rest = self.path.partition("://")
        if scheme.lower() != "http":
            return self.path
        host, slash, path = rest.partition("/")
        return slash + path if host.lower() in self.server.hosts else ""

    def _send(self, file: BinaryIO, suffix: str) -> None:
        known = os.fstat(file.fileno())
        size, tag = known.st_size, f'"{known.st_mtime_ns:x}-{known.st_size:x}-{known.st_ino:x}"'
        headers = {"ETag": tag, "Last-Modified": formatdate(known.st_mtime, usegmt=True)}
        if self._has_it(tag, known.st_mtime):
            self._begin(HTTPStatus.NOT_MODIFIED, headers)
            return
        headers |= _about(suffix)
        wanted = self._parts(size, tag, known.st_mtime)
        if wanted == []:
            self._begin(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{size}"}, 0)
        elif not wanted:
            self._begin(HTTPStatus.OK, headers, size)
            self._copy(file, Part(0, size))
        elif len(wanted) == 1:
            headers["Content-Range"] = wanted[0].header(size)
            self._begin(HTTPStatus.PARTIAL_CONTENT, headers, wanted[0].bytes)
            self._copy(file, wanted[0])
        else:
            self._send_several(file, wanted, size, headers)

    def _send_several(self, file: BinaryIO, wanted: list[Part], size: int, headers: dict[str, str]) -> None:
        border, kind = token_hex(12), headers["Content-Type"]
        heads = [
            f"--{border}\r\nContent-Type: {kind}\r\nContent-Range: {part.header(size)}\r\n\r\n".encode()
            for part in wanted
        ]
        end = f"--{border}--\r\n".encode()
        length = sum(len(head) + part.bytes + 2 for head, part in zip(heads, wanted, strict=True)) + len(end)
        headers["Content-Type"] = f"multipart/byteranges; boundary={border}"
        self._begin(HTTPStatus.PARTIAL_CONTENT, headers, length)
        for head, part in zip(heads, wanted, strict=True):
            self.wfile.write(head)
            self._copy(file, part)
            self.wfile.write(b"\r\n")
        self.wfile.write(end)

    def _has_it(self, tag: str, changed: float) -> bool:
        """Whether the browser has the file as it is: by its ETag or, where it names none, by the date."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in tags.split(",")]
        return self._is_of("If-Modified-Since", changed)

    def _parts(self, size: int, tag: str, changed: float) -> list[Part] | None:
        """Give the parts that are asked for; None for all: also where the browser has parts of another version."""
        header = self.headers.get("Range")
        if header is None or self.command != "GET":
            return None
        of = self.headers.get("If-Range")
        if of is not None and of.strip() != tag and not self._is_of("If-Range", changed, exactly=True):
            return None
        return parts(header, size)

    def _is_of(self, header: str, changed: float, exactly: bool = False) -> bool:
        """Whether a header's date is that of the file, or later."""
        try:
            date = int(parsedate_to_datetime(self.headers.get(header, "")).timestamp())
        except (TypeError, ValueError, OverflowError, OSError):
            return False
        return date == int(changed) if exactly else date >= int(changed)

    def _begin(self, status: HTTPStatus, headers: dict[str, str], length: int | None = None) -> None:
        self.send_response(status)
        for name, value in (HEADERS | headers).items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _copy(self, file: BinaryIO, part: Part) -> None:
        if self.command == "HEAD":
            return
        file.seek(part.start)
        left = part.bytes
        while left and (data := file.read(min(_CHUNK, left))):
            self.wfile.write(data)
            left -= len(data)
        if left:  # the file has become shorter: the browser sees that by the connection
            self.close_connection = True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer that it cannot be: a line of text."""
        status = HTTPStatus(code)
        text = f"{status.value} {status.phrase}\n".encode()
        self.close_connection |= status not in (HTTPStatus.NOT_FOUND, HTTPStatus.MISDIRECTED_REQUEST)
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Security-Policy": "default-src 'none'"}
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = "GET, HEAD"
        if self.close_connection:
            headers["Connection"] = "close"
        self._begin(status, headers, len(text))
        if self.command != "HEAD":
            self.wfile.write(text)

    def handle(self) -> None:
        """Answer until the browser goes, which is no fault."""
        with suppress(ConnectionError, TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of requests."""


def _about(suffix: str) -> dict[str, str]:
    """Give the headers that tell what a file is."""
    if suffix == ".html":
        return {"Content-Type": TYPES[suffix], "Content-Security-Policy": PAGE_POLICY.format(own_script())}
    headers = {"Content-Type": TYPES.get(suffix, "application/octet-stream"), "Content-Security-Policy": POLICY}
    if suffix == ".svgz":
        headers["Content-Encoding"] = "gzip"
    if suffix not in TYPES:
        headers["Content-Disposition"] = "attachment"
    return headers
