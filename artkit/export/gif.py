"""Animations to GIF: each frame quantized on its own, all of them kept, and the time exact to a hundredth of a second.

The file is put together here (GIF89a specification, CompuServe 1990); Pillow does the quantizing and the LZW coding.
Pillow's own writer merges equal frames, so that an animation would not have the frames it says it has.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artkit.animation import Animation
from artkit.errors import UsageError
from artkit.export.raster import as_text
from artkit.image import Image

Indexed = tuple[NDArray[np.uint8], NDArray[np.uint8], int | None]
"""(H, W) indices, (256, 3) colors, and the index that is transparent, if one is."""

LARGEST = 65_535
"""Pixels of a side that the format can hold."""


def encode(animation: Animation, metadata: Mapping[str, str]) -> bytes:
    """Give the GIF's bytes. One frame is in memory at a time; pixels less than half opaque become transparent."""
    return with_masks_if_any(lambda masked: _blocks(animation, metadata, masked))


class MaskFound(Exception):
    """A frame turned out to have a mask while the file was written without."""


def with_masks_if_any(blocks: Callable[[bool], Iterator[bytes]]) -> bytes:
    """Write a file whose frames must all have masks or all have none: without, until a frame turns up that has one."""
    try:
        return b"".join(blocks(False))
    except MaskFound:
        return b"".join(blocks(True))


def delays(animation: Animation, unit: float) -> list[int]:
    """Give each frame's delay in whole units of `unit` seconds, such that no frame starts half a unit off its time."""
    starts = [int(i * animation.delay / unit + 0.5) for i in range(animation.count + 1)]
    return [end - start for start, end in pairwise(starts)]


def check_sizes(animation: Animation, format_name: str, largest: int) -> Iterator[Image]:
    """Give the frames in order; a UsageError when one is too large for the format or not of the first one's size."""
    size = None
    for i, frame in enumerate(animation):
        if size is None:
            size = (frame.width, frame.height)
            if max(size) > largest:
                shown = f"{size[0]} x {size[1]} pixels"
                raise UsageError(f"{shown}: {format_name} ends at {largest} to a side; make it smaller")
        elif size != (frame.width, frame.height):
            raise UsageError(
                f"frame {i + 1} is {frame.width} x {frame.height} pixels, the first is {size[0]} x {size[1]}; "
                "all frames of an animation are of one size"
            )
        yield frame


def _blocks(animation: Animation, metadata: Mapping[str, str], masked: bool) -> Iterator[bytes]:
    waits = delays(animation, 0.01)
    if max(waits) > LARGEST:
        raise UsageError(f"a delay of {animation.delay:g} s: GIF ends at 655 s; use a shorter one")
    for i, frame in enumerate(check_sizes(animation, "GIF", LARGEST)):
        if frame.alpha is not None and not masked:
            raise MaskFound
        if i == 0:
            yield b"GIF89a" + struct.pack("<HHBBB", frame.width, frame.height, 0x70, 0, 0)  # no global table
            yield _loop(animation.loop)
            yield _comment(as_text(metadata))
        yield _frame(quantized(frame, masked), waits[i])
    yield b"\x3b"


def _loop(loop: int) -> bytes:
    """Give Netscape's extension. Its number counts the repeats after the first playing; without it there is one."""
    if loop == 1:
        return b""
    return b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", min(max(loop - 1, 0), 65_535)) + b"\0"


def _comment(text: str) -> bytes:
    data = text.encode()
    if not data:
        return b""
    parts = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _frame(indexed: Indexed, wait: int) -> bytes:
    indices, colors, clear = indexed
    height, width = indices.shape
    # Frames with holes are taken away before the next one is shown (disposal 2), others are painted over (1).
    flags = 1 << 2 if clear is None else 2 << 2 | 1
    control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, flags, wait, clear or 0, 0)
    place = struct.pack("<BHHHHB", 0x2C, 0, 0, width, height, 0x87)  # a table of 256 colors of its own
    return control + place + colors.tobytes() + lzw(indices)


def lzw(indices: NDArray[np.uint8]) -> bytes:
    """Give (H, W) indices as a GIF's image data: the code size and the sub-blocks, their end included."""
    from PIL import Image as Pillow

    file = io.BytesIO()
    Pillow.fromarray(indices).save(file, "GIF", optimize=False, interlace=False)
    data = file.getvalue()
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)  # after the header and its table
    while data[at] == 0x21:  # extensions
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    flags = data[at + 9]
    at += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    return data[at:-1]


def quantized(frame: Image, masked: bool = False) -> Indexed:
    """Give the frame in up to 256 colors: exactly, where it has no more, else by an octree and error diffusion.

    `masked` keeps the last of them for what is transparent. Of Pillow's quantizers the octree is the best here: on a
    photo, with dithering, 2 dB above median cut in a tenth of its time.
    """
    most = 255 if masked else 256
    alpha = np.full(frame.pixels.shape[:2], 255, np.uint8) if frame.alpha is None else frame.alpha
    pixels = np.where((alpha < 128)[..., None], np.uint8(0), frame.pixels) if masked else frame.pixels
    indices, colors = _exactly(pixels, most) or _by_octree(pixels, most)
    table = np.zeros((256, 3), np.uint8)
    table[: len(colors)] = colors
    if not masked:
        return indices, table, None
    return np.where(alpha < 128, np.uint8(most), indices), table, most


def _exactly(pixels: NDArray[np.uint8], most: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    from PIL import Image as Pillow

    found = Pillow.fromarray(pixels).getcolors(most)
    if found is None:
        return None
    colors = np.array(sorted(color for _, color in found), np.uint8)
    place = np.array([65536, 256, 1], np.int32)
    indices = np.searchsorted(colors @ place, pixels @ place)
    return indices.astype(np.uint8), colors


def _by_octree(pixels: NDArray[np.uint8], most: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    from PIL import Image as Pillow

    picture = Pillow.fromarray(pixels)
    palette = picture.quantize(most, method=Pillow.Quantize.FASTOCTREE)
    made = picture.quantize(palette=palette, dither=Pillow.Dither.FLOYDSTEINBERG)
    colors = np.array(palette.getpalette() or [], np.uint8).reshape(-1, 3)[:most]
    return np.asarray(made), colors
