"""Files of pictures larger than memory, as strips: TIFF by its strips and tiles, PNG as it is inflated.

Each piece of such a file is made a small file of its own, which is read as every photo is: whatever a picture's colors
mean, they mean the same in strips. Other formats are decoded as a whole, where that fits.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from artkit.arrays import Pixels
from artkit.artwork.large import unlimited
from artkit.artwork.larger.piece import ON_WHITE
from artkit.artwork.quiet import quiet
from artkit.artwork.strips import Strips, few_rows
from artkit.errors import ArtkitError, LimitError, PhotoError
from artkit.limits import LIMITS, limit, within, written

if TYPE_CHECKING:
    from PIL import Image as Pillow

WHOLE = 12
"""Bytes that a pixel takes while a picture is decoded as a whole, and as an array."""


def sides_of(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    """Give the width and height that a file's header tells; None where it is no picture."""
    try:
        with unlimited(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(path) as picture:
                return picture.size
    except Exception:  # whatever is wrong, reading it says so
        return None


def opened(path: str | os.PathLike[str], memory: float, report: Callable[[str], None]) -> Strips:
    """Open a picture by its path, to read its strips in about so many bytes of memory.

    A PhotoError or a LimitError says in one line what is wrong with it and what would work. Transparent parts come on
    white, of which `report` is told.
    """
    where = os.fspath(path)
    try:
        with unlimited(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(path) as picture:
                return _strips(picture, Path(path), memory, _once(report))
    except (ArtkitError, LimitError) as error:
        raise type(error)(f"{where}: {str(error).removeprefix(f'{where}: ')}") from None
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can raise anything from within a decoder
        raise _damaged(where, error) from None


def _damaged(where: str, error: Exception) -> PhotoError:
    reason = " ".join(str(getattr(error, "strerror", None) or error).split())[:100] or type(error).__name__
    return PhotoError(f"{where}: cannot be read, or is damaged ({reason}); copy the file again")


def _opened(path: str | os.PathLike[str]) -> Pillow.Image:
    from PIL import Image as Pillow

    from artkit.artwork.photo import FORMATS, load_decoder

    with Path(path).open("rb") as file:
        load_decoder(file.read(16))
    with quiet():
        return Pillow.open(path, formats=[name for name in FORMATS if name in Pillow.OPEN])


def _strips(picture: Pillow.Image, path: Path, memory: float, report: Callable[[str], None]) -> Strips:
    from artkit.artwork.larger import png, tiff

    width, height = picture.size
    if limit("pixels") < LIMITS["pixels"].usual:  # it was set, or is that of a service: --memory lifts the usual one
        within("pixels", width * height, f"{width} x {height} pixels:", "scale it down first")
    reader = {"TIFF": tiff.pieces, "PNG": png.pieces}.get(picture.format or "")
    pieces = None if reader is None else reader(picture, path)
    if pieces is not None:
        return Strips(width, height, lambda: _named(pieces(report), path))
    needed = WHOLE * width * height
    if needed > memory:
        if picture.format == "JPEG" and (scale := next((k for k in (2, 4, 8) if needed <= k * k * memory), 0)):
            report(f"a JPEG is decoded as a whole: at a {_PART[scale]} of its size, as much as there is memory for")
            return _drafted(picture, scale)
        raise LimitError(
            f"{width} x {height} pixels of this kind of {picture.format} are decoded as a whole, which takes "
            f"{written(needed, 'bytes')}, and there are {written(memory, 'bytes')} for it: save it as a tiled TIFF or "
            "a PNG of 8 bits, or raise --memory",
            "memory",
        )
    from artkit.artwork.photo import read

    image = read(path.read_bytes(), report, str(path))
    if image.alpha is not None:
        report(ON_WHITE)
    return Strips.of(image.on_white().pixels, few_rows(image.width))


_PART = {2: "half", 4: "quarter", 8: "eighth"}


def _drafted(picture: Pillow.Image, scale: int) -> Strips:
    """Decode a JPEG at a part of its size, and give each pixel so many times as often."""
    from artkit.artwork.photo import image_of

    sides = picture.size
    picture.draft(None, (sides[0] // scale, sides[1] // scale))
    try:
        small = image_of(picture, b"", 1).pixels
    except OSError as error:
        raise PhotoError(f"damaged or cut short ({error}); copy the file again") from None
    width, height = sides if (sides[0] > sides[1]) == (small.shape[1] > small.shape[0]) else sides[::-1]

    def read() -> Iterator[Pixels]:
        rows = max(few_rows(width) // scale, 1)
        for top in range(0, -(-height // scale), rows):
            part = small[top : top + rows].repeat(scale, 0)[: height - top * scale]
            yield part.repeat(scale, 1)[:, :width]

    return Strips(width, height, read)


def _named(strips: Iterator[Pixels], path: Path) -> Iterator[Pixels]:
    """Name the file in what is wrong with its strips."""
    try:
        yield from strips
    except (ArtkitError, LimitError) as error:
        raise type(error)(f"{path}: {str(error).removeprefix(f'{path}: ')}") from None
    except MemoryError:
        raise
    except Exception as error:
        raise _damaged(str(path), error) from None


def _once(report: Callable[[str], None]) -> Callable[[str], None]:
    said: set[str] = set()

    def once(line: str) -> None:
        if line not in said:
            said.add(line)
            report(line)

    return once
