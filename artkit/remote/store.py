"""Files in an object store, by their addresses: read, listed, written whole, with one clear line where that fails.

The drivers are fsspec's. They find credentials, regions and endpoints as each store's own tools do: environment
variables (AWS_PROFILE, AWS_ENDPOINT_URL), configuration files, the machine's role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from mimetypes import guess_type
from secrets import token_hex
from typing import Any, NamedTuple

from artkit.errors import ArtkitError, LimitError, UsageError
from artkit.limits import limit, refusal, written
from artkit.remote.address import joined, scheme_of

WHOLE = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss"))
"""Stores where a file is there when all of it is, and not before: what is written needs no other name until then."""

AT_ONCE = 8
"""Files that are written at a time."""

TRIES = 2
"""Times that S3's driver has its library ask, which asks three times itself: with five a store that takes what is asked
and does not answer would be told after a quarter of an hour."""

_S3 = {
    "use_listings_cache": False,
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 2}},
}
_SETTINGS: Mapping[str, Mapping[str, Any]] = {"s3": _S3, "s3a": _S3}
"""What drivers are told that they would do otherwise: a listing is of now, and one that does not answer ends soon."""

_TYPES = {"s3": "ContentType", "s3a": "ContentType", "gs": "content_type", "gcs": "content_type"}
"""How the drivers call the type of a file, by which browsers show it."""

_DRIVERS = {"s3": "'artkit[cloud]'", "s3a": "'artkit[cloud]'", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs"}
_DRIVERS |= {"abfs": "adlfs", "abfss": "adlfs", "sftp": "paramiko", "smb": "smbprotocol", "oss": "ossfs"}


class NoAnswerError(ArtkitError):
    """A store does not answer: whatever else is asked of it will wait as long."""


class Entry(NamedTuple):
    """A file in a list: its bytes, when it was written (seconds since 1970), and a text that changes when it does."""

    size: int
    time: float
    stamp: str


def read(address: str) -> bytes:
    """Give a file; a LimitError tells of one that is too large, before it is read, an ArtkitError why there is none."""
    most = limit("file")
    with _told(address, "read"):
        files, path = _files(address)
        known = files.info(path)
        if known["type"] == "directory":
            raise ArtkitError(f"{address}: is a folder; name a file in it")
        size = known["size"]
        if size > most:
            raise refusal("file", f"{address}: is larger than {written(most, 'bytes')}")
        return bytes(files.cat_file(path, start=0, end=size)) if size else b""


def head(address: str, most: int) -> bytes:
    """Give the first bytes of a file, so many at most."""
    with _told(address, "read"):
        files, path = _files(address)
        return bytes(files.cat_file(path, start=0, end=most))


def found(address: str, most: int) -> bytes | None:
    """Give the first bytes of a file, so many at most; None where there is none."""
    with _told(address, "read"):
        files, path = _files(address)
        try:
            return bytes(files.cat_file(path, start=0, end=most))
        except FileNotFoundError:
            return None


def read_all(sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Give the files at addresses in one store, whose sizes, none of them 0, are known; what is gone is left out."""
    if not sizes:
        return {}
    with _told(next(iter(sizes)), "read"):
        pairs = [_files(address) for address in sizes]
        files, paths, ends = pairs[0][0], [path for _, path in pairs], list(sizes.values())
        several = files.cat_ranges(paths, [0] * len(paths), ends, on_error="return")
        for each in several:
            if isinstance(each, Exception) and not isinstance(each, FileNotFoundError):
                raise each
    return {address: bytes(data) for address, data in zip(sizes, several, strict=True) if isinstance(data, bytes)}


def listed(folder: str, *, deep: bool) -> dict[str, Entry]:
    """Give the files in a folder, and with `deep` in all folders in it, by their addresses; none where it is not there.

    A file stands for itself.
    """
    with _told(folder, "listed"):
        files, path = _files(folder)
        try:
            several = files.find(path, detail=True).values() if deep else files.ls(path, detail=True)
        except FileNotFoundError as error:
            if "bucket" in str(error):
                raise
            return {}
        return _entries(folder, files, path, several)


def matched(pattern: str) -> dict[str, Entry]:
    """Give the files that a pattern fits, by their addresses; ** stands for any folders."""
    with _told(pattern, "listed"):
        files, path = _files(pattern)
        return _entries(pattern, files, path, files.glob(path, detail=True).values())


def write(address: str, data: bytes) -> None:
    """Write a file, so that no reader ever sees half of it; an ArtkitError says why that cannot be done."""
    with _told(address, "written"):
        files, path = _files(address)
        _put(files, scheme_of(address), path, data)


def write_all(folder: str, named: Mapping[str, bytes]) -> None:
    """Write files into a folder, several at a time, each whole; what is there when one fails stays there."""
    with _told(folder, "written"):
        files, path = _files(folder)
        with ThreadPoolExecutor(AT_ONCE) as several:
            puts = [
                several.submit(_put, files, scheme_of(folder), joined(path, name), data) for name, data in named.items()
            ]
            for put in puts:
                put.result()


def remove(address: str) -> None:
    """Remove a file, where there is one."""
    with _told(address, "removed"), suppress(FileNotFoundError):
        files, path = _files(address)
        files.rm_file(path)


def _put(files: Any, scheme: str, path: str, data: bytes) -> None:
    if scheme in WHOLE:
        kind = {_TYPES[scheme]: guess_type(path)[0] or "application/octet-stream"} if scheme in _TYPES else {}
        files.pipe_file(path, data, **kind)
        return
    folder = path.rpartition("/")[0]
    temporary = joined(folder, f".artkit-{token_hex(8)}.part")
    files.makedirs(folder, exist_ok=True)
    try:
        files.pipe_file(temporary, data)
        files.mv(temporary, path)
    except BaseException:
        with suppress(Exception):
            files.rm_file(temporary)
        raise


def _files(address: str) -> tuple[Any, str]:
    """Give the driver for an address, and the path that it has there."""
    scheme = scheme_of(address)
    driver = _DRIVERS.get(scheme, f"the driver of fsspec for {scheme}")
    try:
        from fsspec.core import url_to_fs

        files, path = url_to_fs(address.rstrip("/"), **_settings(scheme))
    except ImportError:
        raise UsageError(f"{address}: {scheme}:// needs a driver: pip install {driver}") from None
    except ValueError as error:
        if "rotocol" not in str(error):
            raise
        raise UsageError(f"{address}: nothing reads {scheme}://; use s3://, gs://, https:// or a path") from None
    if scheme in ("s3", "s3a"):
        files.retries = TRIES
    return files, str(path)


def _settings(scheme: str) -> dict[str, Any]:
    """Give what the driver is told, without what fsspec's configuration says of it."""
    from fsspec.config import conf

    return {name: value for name, value in _SETTINGS.get(scheme, {}).items() if name not in conf.get(scheme, {})}


def _entries(address: str, files: Any, path: str, found: Iterable[Mapping[str, Any]]) -> dict[str, Entry]:
    whole = address.rstrip("/")
    before = whole.removesuffix(path) if whole.endswith(path) else None
    named = {known["name"]: _entry(known) for known in found if known["type"] == "file"}
    return {
        files.unstrip_protocol(name) if before is None else f"{before}{name}": named[name] for name in sorted(named)
    }


def _entry(known: Mapping[str, Any]) -> Entry:
    changed = next((known[name] for name in ("LastModified", "mtime", "updated", "created") if known.get(name)), 0.0)
    if isinstance(changed, str):
        with suppress(ValueError):
            changed = datetime.fromisoformat(changed)
    time = changed.timestamp() if isinstance(changed, datetime) else changed if isinstance(changed, float) else 0.0
    return Entry(int(known["size"] or 0), time, f"{known['size']} {changed} {known.get('ETag') or known.get('etag')}")


@contextmanager
def _told(address: str, done: str) -> Iterator[None]:
    """Have whatever a driver raises be one line about an address that could not be read, listed or written."""
    try:
        yield
    except (ArtkitError, LimitError):
        raise
    except Exception as error:  # of the drivers, and of the libraries beneath them
        kind = NoAnswerError if _is_silence(error) else ArtkitError
        raise kind(f"{address}: {_why(error, done)}") from error


_NO_CREDENTIALS = ("NoCredentials", "PartialCredentials", "CredentialRetrieval", "ProfileNotFound", "SSO", "TokenRetr")
_NO_ANSWER = ("EndpointConnection", "ConnectTimeout", "ReadTimeout", "ConnectionClosed", "FSTimeout", "ClientConnector")


def _is_silence(error: Exception) -> bool:
    silent = any(type(each).__name__.startswith(_NO_ANSWER) for each in _chain(error))
    return silent or isinstance(error, (ConnectionError, TimeoutError))


def _why(error: Exception, done: str) -> str:
    """Say why, in a few words, and what would help."""
    names = [type(each).__name__ for each in _chain(error)]
    text = " ".join(str(error).split())[:200] or names[0]
    if any(name.startswith(_NO_CREDENTIALS) for name in names):
        return (
            f"there are no credentials ({text}); set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
            "FSSPEC_S3_ANON=1 for what is public"
        )
    if _is_silence(error):
        return f"the store does not answer ({text}); check the network and the endpoint (AWS_ENDPOINT_URL)"
    if isinstance(error, FileNotFoundError):
        if "bucket" in text and "exist" in text:
            return "there is no such bucket; make it first, or check its name"
        return "no such file; check the name and the bucket"
    if isinstance(error, PermissionError):
        return f"may not be {done} ({text}); check the credentials and what they allow"
    return f"cannot be {done} ({text})"


def _chain(error: BaseException | None) -> Sequence[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
