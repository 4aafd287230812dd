"""`artkit gallery serve`: the gallery's files and no others, to browsers of this machine alone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from email import message_from_bytes
from http.client import HTTPConnection
from pathlib import Path

import pytest
from galleries import add
from typer.testing import CliRunner

from artkit.cli import app
from artkit.errors import ArtkitError
from artkit.gallery import page
from artkit.gallery.ranges import Part, parts
from artkit.gallery.served import steps
from artkit.gallery.server import PORT, server

REAL = {
    (socket.socket, "connect"): socket.socket.connect,
    (socket, "create_connection"): socket.create_connection,
    (socket, "getaddrinfo"): socket.getaddrinfo,
}


@pytest.fixture(autouse=True)
def _loopback(_no_network, monkeypatch):
    """Let these tests, alone, ask what listens on this machine."""
    for (place, name), function in REAL.items():
        monkeypatch.setattr(place, name, function)


@pytest.fixture
def running(tmp_path):
    folder = tmp_path / "gallery"
    add(folder)
    page(folder)
    (tmp_path / "secret.txt").write_text("secret")
    said: list[str] = []
    with server(folder, 0, said.append) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        running.said = said
        yield running
        running.shutdown()
        thread.join()


def ask(running, target: str, method: str = "GET", **headers: str):
    connection = HTTPConnection("127.0.0.1", running.server_port, timeout=10)
    connection.putrequest(method, target, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def artwork(running) -> Path:
    (path,) = running.folder.glob("*.png")
    return path


def test_the_page_artworks_records_and_thumbnails_are_served_with_their_types(running):
    name = artwork(running).stem
    for target, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/index.html?a=b", "text/html; charset=utf-8"),
        (f"/{name}.png", "image/png"),
        (f"/records/{name}.json", "application/json"),
        (f"/thumbnails/{name}.webp", "image/webp"),
        (f"/details/{name}.js", "text/javascript; charset=utf-8"),
    ):
        answer, body = ask(running, target)
        path = running.folder / (target.partition("?")[0].lstrip("/") or "index.html")
        assert answer.status == 200 and answer.getheader("Content-Type") == kind and body == path.read_bytes()
        assert answer.getheader("X-Content-Type-Options") == "nosniff" and answer.getheader("Content-Security-Policy")
        head, nothing = ask(running, target, "HEAD")
        assert (head.status, nothing) == (200, b"") and int(head.getheader("Content-Length")) == len(body)


OUTSIDE = (
    "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/records/../../secret.txt",
    "/records/..%2f..%2fsecret.txt", "//etc/passwd", "/etc/passwd", "/%2fetc%2fpasswd", "/records/%2fetc%2fpasswd",
    "/.artkit", "/.artkit/x", "/records/.hidden.json", "/records", "/records/", "/thumbnails/", "/notes.txt",
    "/evil.html", "/link.png", "/records/none.json", "/away/secret.json", "/x%00.png", "/%ff", "/..\\secret.txt",
    "/..%5csecret.txt", "/records/a/b.json", "/data/../../secret.txt", "/pipe-soft-123456.png", "secret.txt", "*",
    "http://example.org/index.html", "/records//index.html", "/./index.html", "/index.html/",
    "/%252e%252e/secret.txt", "/data/link.json", "/data/folder.js",
)  # fmt: skip


def test_nothing_else_is_served(running):
    folder, secret = running.folder, running.folder.parent / "secret.txt"
    (folder / "notes.txt").write_text("mine")
    (folder / "evil.html").write_text("mine")
    known = json.loads(next((folder / "records").glob("*.json")).read_text())
    for name in ("link.png", "pipe-soft-123456.png", "evil.html"):
        record = folder / "records" / f"{Path(name).stem}.json"
        record.write_text(json.dumps(known | {"file": name}))
    (folder / "link.png").symlink_to(secret)
    (folder / "records" / ".hidden.json").write_text("{}")
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "link.json").symlink_to(secret)
    (folder / "data" / "folder.js").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe-soft-123456.png")
    for target in OUTSIDE:
        answer, body = ask(running, target)
        assert answer.status in (400, 404, 421) and b"secret" not in body and b"mine" not in body, target


def test_a_folder_of_the_gallery_that_is_a_link_leads_nowhere(running):
    away = running.folder.parent / "away"
    away.mkdir()
    (away / "x.json").write_text("secret")
    (running.folder / "data").rename(running.folder / "other")
    (running.folder / "data").symlink_to(away)
    assert ask(running, "/data/x.json")[0].status == 404


def test_other_names_of_this_machine_are_refused(running):
    for host in ("evil.example", f"evil.example:{running.server_port}", "127.0.0.1", "127.0.0.1:1", ""):
        answer, body = ask(running, "/", Host=host)
        assert answer.status == 421 and body == b"421 Misdirected Request\n"
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert ask(running, "/", Host=f"{host}:{running.server_port}")[0].status == 200


def test_only_get_and_head_are_answered(running):
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer, _ = ask(running, "/", method)
        assert answer.status == 405 and answer.getheader("Allow") == "GET, HEAD"
    assert ask(running, "/", "BREW")[0].status == 501


def test_what_the_browser_has_is_not_sent_again(running):
    target = f"/{artwork(running).name}"
    first, _ = ask(running, target)
    tag, date = first.getheader("ETag"), first.getheader("Last-Modified")
    for headers in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"x", W/{tag}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": date},
    ):
        answer, nothing = ask(running, target, **headers)
        assert (answer.status, nothing) == (304, b"") and answer.getheader("ETag") == tag
    os.utime(artwork(running), (1e9, 1e9))
    assert ask(running, target, If_None_Match=tag)[0].status == 200
    assert ask(running, target, If_None_Match='"x"', If_Modified_Since=date)[0].status == 200
    assert ask(running, target, If_Modified_Since="yesterday")[0].status == 200


def test_parts_of_a_file_are_sent(running):
    data, target = artwork(running).read_bytes(), f"/{artwork(running).name}"
    size = len(data)
    for header, start, stop in (
        ("bytes=0-3", 0, 4),
        ("bytes=5-", 5, size),
        ("bytes=-7", size - 7, size),
        ("bytes=2-99999", 2, size),
    ):
        answer, body = ask(running, target, Range=header)
        assert answer.status == 206 and body == data[start:stop]
        assert answer.getheader("Content-Range") == f"bytes {start}-{stop - 1}/{size}"
    answer, _ = ask(running, target, Range=f"bytes={size}-")
    assert answer.status == 416 and answer.getheader("Content-Range") == f"bytes */{size}"
    for header in ("bytes=9-3", "lines=1-2", "bytes=", "bytes=a-b", "bytes=" + ",".join(["0-0"] * 40)):
        answer, body = ask(running, target, Range=header)
        assert (answer.status, body) == (200, data)
    assert ask(running, target, "HEAD", Range="bytes=0-3")[0].status == 200


def test_several_parts_come_as_one_message_of_many(running):
    data, target = artwork(running).read_bytes(), f"/{artwork(running).name}"
    answer, body = ask(running, target, Range="bytes=0-3, 10-12, -2, 999999-")
    message = message_from_bytes(f"Content-Type: {answer.getheader('Content-Type')}\r\n\r\n".encode() + body)
    got = [(part["Content-Range"].split("/")[0], part.get_payload(decode=True)) for part in message.get_payload()]
    size = len(data)
    assert answer.status == 206 and int(answer.getheader("Content-Length")) == len(body)
    assert [where for where, _ in got] == ["bytes 0-3", "bytes 10-12", f"bytes {size - 2}-{size - 1}"]
    assert b"".join(payload for _, payload in got).startswith(data[:4])


def test_parts_of_another_version_are_not_mixed(running):
    target = f"/{artwork(running).name}"
    tag, date = (ask(running, target)[0].getheader(name) for name in ("ETag", "Last-Modified"))
    for of, status in ((tag, 206), (date, 206), ('"other"', 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 200)):
        assert ask(running, target, Range="bytes=0-3", If_Range=of)[0].status == status


def test_the_page_is_made_anew_when_records_have_changed_and_only_then(running):
    ask(running, "/")
    before = (running.folder / "index.html").stat().st_mtime_ns
    ask(running, "/")
    assert (running.folder / "index.html").stat().st_mtime_ns == before
    new = add(running.folder, 33, "new.jpg")
    assert new.name.encode() in ask(running, "/")[1]


def test_a_page_that_cannot_be_written_stays_and_is_told_once(running, monkeypatch):
    def fails(folder, note=None):
        raise ArtkitError(f"{folder}: the disk is read-only")

    for name in ("page", "refresh"):
        monkeypatch.setattr(f"artkit.gallery.fresh.{name}", fails)
    old = ask(running, "/")[1]
    for shade in (1, 2):
        add(running.folder, shade)
        assert ask(running, "/")[1] == old
    assert len(running.said) == 1 and "read-only; the page stays as it was" in running.said[0]


def test_a_port_in_use_is_told_and_the_next_one_taken_where_none_was_asked_for(tmp_path):
    add(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ArtkitError, match=rf"^port {port}: is in use; name another"):
            server(tmp_path, port, print)
    with server(tmp_path, None, print) as first, server(tmp_path, None, print) as second:
        assert first.server_port != second.server_port and second.server_port > PORT
    assert CliRunner().invoke(app, ["gallery", "serve", "--gallery", str(tmp_path / "none")]).exit_code == 2


def test_broken_requests_are_refused_and_the_server_goes_on(running):
    for data in (
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 70000,
        b"\x00\xff\xfe\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ):
        with socket.create_connection(("127.0.0.1", running.server_port), timeout=5) as client:
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(4096), b""))
            assert b"Traceback" not in answer and b" 200 " not in answer
    assert ask(running, "/")[0].status == 200 and not running.said


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_it_quietly(tmp_path):
    import signal

    add(tmp_path)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have the tests ignore it
    process = subprocess.Popen(
        [sys.executable, "-m", "artkit", "gallery", "serve", "--port", "0", "--gallery", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, before)
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=10)
    assert (process.returncode, out, told) == (130, "", "")


def test_ranges_by_themselves():
    assert parts("bytes=0-0", 1) == [Part(0, 1)] and parts("bytes=0-", 0) == [] and parts("bytes=-0", 5) == []
    assert parts("BYTES = 1-2 , 3-4", 9) == [Part(1, 3), Part(3, 5)]
    assert parts("bytes=0-,0-", 9) is None and parts("bytes=" + "9" * 30 + "-", 9) is None
    assert steps("/", "index.html") == ["index.html"] and steps("/a%20b", "index.html") is None
