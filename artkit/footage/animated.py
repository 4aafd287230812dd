"""Animated GIF, WebP, PNG and AVIF files to frames, with the delays and the loops that browsers give them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Generator, Iterator
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from artkit.artwork import photo
from artkit.artwork.image import Image
from artkit.artwork.large import unlimited
from artkit.errors import PhotoError
from artkit.footage.model import Footage, shown_for
from artkit.limits import within
from artkit.metadata.credits import credits_of

if TYPE_CHECKING:
    from PIL import Image as Pillow


def animated(data: bytes, name: str, report: Callable[[str], None] = lambda line: None) -> Footage | None:
    """Give the moving picture in the bytes of a file, None where it has but one frame or is no picture.

    Of a file that is damaged or cut short the frames are taken that can be read, and `report` is told.
    """
    count = frames_in(data)
    if count < 2:
        return None
    waits: list[float] = []
    loop = 1
    try:
        for picture in _shown(data, name):
            waits.append(shown_for(float(picture.info.get("duration") or 0) / 1000))
            loop = _loop(picture)
    except PhotoError:
        if not waits:
            raise
    if _cut_short(data):
        report(f"{name}: damaged or cut short; the {len(waits)} frames that can be read are taken")
    frames = partial(_frames, data, name, len(waits))
    return Footage(name, sha256(data).hexdigest(), tuple(waits), loop, frames, credits=credits_of(data))


def frames_in(data: bytes) -> int:
    """Count the frames that a file says it has; 0 where it is no picture that may move."""
    try:
        with _opened(data) as picture:
            if picture.format not in photo.MOVING or picture.format == "TIFF":
                return 0
            return int(getattr(picture, "n_frames", 1)) - bool(picture.info.get("default_image"))
    except Exception:  # a damaged file can raise anything from within a decoder; what reads photos says so
        return 0


def _opened(data: bytes) -> Pillow.Image:
    from PIL import Image as Pillow

    photo.load_decoder(data)
    with unlimited(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Pillow.open(io.BytesIO(data), formats=[name for name in photo.FORMATS if name in Pillow.OPEN])


def _shown(data: bytes, name: str) -> Iterator[Pillow.Image]:
    """Give the decoder at each frame, which is decoded; a PhotoError at one that cannot be."""
    try:
        with _opened(data) as picture, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            within("pixels", picture.width * picture.height, f"{name}: {picture.width} x {picture.height} pixels:")
            start = int(bool(picture.info.get("default_image")))
            for i in range(start, int(getattr(picture, "n_frames", 1))):
                picture.seek(i)
                picture.load()
                yield picture
    except (EOFError, OSError, SyntaxError, ValueError, IndexError) as error:
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise PhotoError(f"{name}: damaged or cut short ({reason}); copy it again from where it came") from None


def _frames(data: bytes, name: str, count: int) -> Generator[Image, None, None]:
    for i, picture in enumerate(_shown(data, name), start=1):
        yield photo.image_of(picture.copy(), b"", 1)  # a copy does not know its format: what it holds is what is seen
        if i == count:
            return


def _loop(picture: Pillow.Image) -> int:
    """How often it plays: a GIF counts its repeats after the first time, and without a count plays once."""
    loop = picture.info.get("loop")
    if picture.format != "GIF":
        return int(loop or 0)
    return 1 if loop is None else int(loop) + 1 if loop else 0


def _cut_short(data: bytes) -> bool:
    """Whether a file ends before its end, as far as its format says where that is."""
    if data[:4] == b"GIF8":
        return not data.rstrip(b"\0").endswith(b"\x3b")
    if data[:4] == b"RIFF":
        return len(data) < int.from_bytes(data[4:8], "little") + 8
    if data[:4] == b"\x89PNG":
        return b"IEND" not in data[-64:]
    return False
