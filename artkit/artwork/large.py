"""Pictures too large to be taken as they come: refused by their headers, or reduced while they are decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artkit.artwork.image import Image
from artkit.errors import LimitError
from artkit.limits import limit, refusal, within

if TYPE_CHECKING:
    from PIL import Image as Pillow

LARGE = 50_000_000
"""Pixels beyond which a picture is reduced as it is decoded, where it is to be small in the end."""

DENSE = 1_000
"""Pixels that stand in a byte of a file, beyond which a large picture is next to nothing, blown up."""

BAND = 4_000_000
"""Pixels that are converted at a time."""

DECODED = 12
"""Bytes of a pixel while a picture is decoded: those of the decoder, and those of the result."""


@contextmanager
def unlimited() -> Iterator[None]:
    """Take Pillow's own limit away: artkit's is looked at as soon as the header is read."""
    from PIL import Image as Pillow

    before, Pillow.MAX_IMAGE_PIXELS = Pillow.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Pillow.MAX_IMAGE_PIXELS = before


def drafted(picture: Pillow.Image, size: int | None) -> int:
    """Have a large picture that is to be small decoded as small as its format can; give its squares as `block_of`."""
    block = block_of(*picture.size, size)
    if block == 1 or picture.format != "JPEG":
        return block
    longer = max(picture.size)
    picture.draft(None, (picture.width // block, picture.height // block))  # by 2, 4 or 8, as JPEG has it
    return max(block * max(picture.size) // longer, 1)


def check_header(picture: Pillow.Image, size: int, block: int) -> None:
    """Raise a LimitError for a picture in `size` bytes that would take too much; nothing is decoded yet.

    `block` is the side of the squares that become a pixel each while it is decoded.
    """
    pixels = picture.width * picture.height
    shown = f"{picture.width} x {picture.height} pixels:"
    if block > 1 and picture.mode in ("1", "L", "P"):
        return  # a byte each, and the rest in bands
    if pixels > LARGE and pixels > DENSE * max(size, 1) and limit("pixels") < np.inf:
        raise LimitError(
            f"{shown} of {size:,} bytes, which is a few dots blown up; --size 2000 makes it smaller as it is read, or "
            "take all limits off with ARTKIT_MAX_PIXELS=none",
            "pixels",
        )
    memory(pixels * DECODED, f"{shown} decoded it takes", "--size 2000 makes it smaller as it is read")


def memory(size: float, what: str, way_out: str) -> None:
    """Raise a LimitError where so many bytes are more than a step may take, or than the machine has free."""
    most = limit("memory")
    if size > most:
        within("memory", size, what, way_out)
    elif most == np.inf and size > (free := free_memory()):
        raise refusal("memory", f"{what} {size / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free", way_out)


def free_memory() -> float:
    """Give the bytes of memory that are free on this machine, or to this group of processes; infinite if unknown."""
    found = []
    group = Path("/sys/fs/cgroup")
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")]
        found += [int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())]
    except (OSError, ValueError):  # another system, or no group with a limit
        pass
    return float(min(found, default=np.inf))


def block_of(width: int, height: int, size: int | None) -> int:
    """Give the side of the squares of which each becomes a pixel: 1 unless a large picture is to be a small one."""
    if size is None or width * height <= LARGE:
        return 1
    return max(min(max(width, height) // (2 * size), BAND // width), 1)


def reduced(picture: Pillow.Image, block: int, image_of: Callable[[Pillow.Image], Image]) -> Image:
    """Give a picture each of whose pixels is the mean of a square of a decoded one, in bands."""
    from artkit.raster.resize import averaged

    step = max(BAND // (picture.width * block), 1) * block
    pixels, alphas = [], []
    for top in range(0, picture.height, step):
        band = image_of(picture.crop((0, top, picture.width, min(top + step, picture.height))))
        small, alpha = averaged(band.pixels, band.alpha, block)
        pixels.append(small)
        alphas.append(np.full(small.shape[:2], 255, np.uint8) if alpha is None else alpha)
    alpha = np.concatenate(alphas)
    return Image(np.concatenate(pixels), None if alpha.min() == 255 else alpha)
