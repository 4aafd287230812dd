"""What a path or a file's first bytes are: a folder or glob of frames, an animated picture, a video, or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import file_digest, sha256
from pathlib import Path

from artkit.footage.model import Footage
from artkit.remote.address import address_of

HEAD = 512
"""Bytes that tell what a file is."""

_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURES = (b"avi", b"hei", b"mif", b"msf", b"hev", b"jxl")
"""Brands of ISO files that hold pictures."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"YUV4MPEG2", "yuv4mpegpipe"),
)
"""First bytes of videos, and what ffmpeg calls their format."""

_ANIMATED = (b"GIF8", b"\x89PNG\r\n\x1a\n", b"RIFF")

Report = Callable[[str], None]


def footage_of(
    source: str | os.PathLike[str] | bytes, report: Report = lambda line: None, name: str = ""
) -> Footage | None:
    """Give the moving picture at a path, in a glob's files or in the bytes of a file; None where it is none.

    `report` takes what is worth telling of it, `name` is what to call bytes. A PhotoError says what is wrong with it.
    """
    if isinstance(source, bytes):
        return _of_file(source[:HEAD], source, name or "the photo", report)
    place = os.fspath(source)
    if is_series(place):
        from artkit.footage.series import series

        return series(place, report)
    return _of_file(_head(place), place, place, report)


def is_moving(source: str) -> bool:
    """Whether a path leads to a moving picture: its frames are not decoded."""
    if is_series(source):
        return True
    head = _head(source)
    if video_format(head):
        return True
    if not _may_be_animated(head):
        return False
    from artkit.artwork.photo import bytes_of
    from artkit.footage.animated import frames_in

    return frames_in(bytes_of(Path(source))) > 1


def digest_of(source: str) -> str:
    """Give the digest that an artwork's recipe knows a photo by, or frames, or a video; a PhotoError else."""
    if is_series(source):
        from artkit.footage.series import digest_of, found

        return digest_of(found(source))
    from artkit.artwork.photo import bytes_of

    if not video_format(_head(source)):
        return sha256(bytes_of(Path(source))).hexdigest()
    with Path(source).open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def is_one_file(source: str, data: bytes = b"") -> bool:
    """Whether a path, or the bytes of a file, may be read as one picture: neither a series of frames nor a video."""
    return not is_series(source) and not video_format(data[:HEAD] or _head(source))


def is_series(place: str) -> bool:
    """Whether a path is a folder, or a glob where no file has that name; an address is neither."""
    try:
        path = Path(place)
        return path.is_dir() or (any(sign in place for sign in "*?[") and not path.exists() and not address_of(place))
    except (OSError, ValueError):
        return False


def video_format(head: bytes) -> str:
    """Give what ffmpeg calls the format of a video that begins with these bytes; nothing where it is no video."""
    if head[4:8] in _BOXES:
        return "" if head[4:8] == b"ftyp" and head[8:11] in _PICTURES else "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:1] == b"\x47" and head[188:189] == b"\x47":
        return "mpegts"
    return next((known for start, known in _STARTS if head.startswith(start)), "")


def _head(place: str) -> bytes:
    try:
        with Path(place).open("rb") as file:
            return file.read(HEAD)
    except (OSError, ValueError):  # what reads photos says what is wrong with it
        return b""


def _of_file(head: bytes, source: str | bytes, name: str, report: Report) -> Footage | None:
    if kind := video_format(head):
        from artkit.footage.video import video

        return video(source, kind, name, report)
    if not _may_be_animated(head):
        return None
    from artkit.artwork.photo import bytes_of
    from artkit.footage.animated import animated

    return animated(source if isinstance(source, bytes) else bytes_of(Path(source)), name, report)


def _may_be_animated(head: bytes) -> bool:
    return head.startswith(_ANIMATED) or (head[4:8] == b"ftyp" and head[8:12] == b"avis")
