"""Pixels to image objects (ISO 32000-1, 8.9): exact, compressed as a PNG's are, with a mask for what is transparent."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints
from artkit.artwork.image import Image
from artkit.export import png

if TYPE_CHECKING:
    import pikepdf

PALETTE = 256
"""Colors up to which a picture is written as indices."""

_LARGE = 1 << 21
"""Samples from which on OpenCV writes them: larger, and several times as fast."""


class Samples(NamedTuple):
    """The data of an image and what its dictionary says of it."""

    data: bytes
    entries: str


def image_object(pdf: pikepdf.Pdf, image: Image, *, smooth: bool = False) -> pikepdf.Object:
    """Give a picture as an object of the file; `smooth` asks readers to interpolate between its pixels."""
    mask = None if image.alpha is None else _stream(pdf, _gray(image.alpha), smooth)
    made = _stream(pdf, _colored(image.pixels), smooth)
    if mask is not None:
        made.SMask = mask
    return made


def shade_object(pdf: pikepdf.Pdf, color: tuple[int, ...], alpha: NDArray[np.uint8]) -> pikepdf.Object:
    """Give an image of one color under a mask (H, W): the color is one pixel, stretched to the mask's size."""
    made = _stream(pdf, _colored(np.array(color, np.uint8).reshape(1, 1, 3)), False)
    made.SMask = _stream(pdf, _gray(alpha), True)
    return made


def _stream(pdf: pikepdf.Pdf, samples: Samples, smooth: bool) -> pikepdf.Object:
    import pikepdf

    said = f"<</Type/XObject/Subtype/Image{samples.entries}{'/Interpolate true' * smooth}/Filter/FlateDecode>>"
    return pdf.make_indirect(pikepdf.Stream(pdf, samples.data, pikepdf.Object.parse(said.encode())))


def _colored(pixels: NDArray[np.uint8]) -> Samples:
    red, green, blue = np.moveaxis(pixels.astype(np.int64), -1, 0)
    packed: Ints = red << 16 | green << 8 | blue
    few = packed[:: packed.shape[0] // 64 + 1]
    colors = np.unique(packed) if len(np.unique(few)) <= PALETTE else None
    if colors is None or len(colors) > PALETTE:
        return _compressed(pixels, "/DeviceRGB", 3)
    return _indexed(np.searchsorted(colors, packed).astype(np.uint8), colors)


def _indexed(index: NDArray[np.uint8], colors: Ints) -> Samples:
    from PIL import Image as Pillow

    table = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], 1).astype(np.uint8).tobytes()
    picture = Pillow.fromarray(index)
    picture.putpalette(table)
    space = f"[/Indexed/DeviceRGB {len(colors) - 1}<{table.hex()}>]"
    return _from_png(_saved(picture), space, 1)


def _gray(alpha: NDArray[np.uint8]) -> Samples:
    return _compressed(alpha, "/DeviceGray", 1)


def _compressed(samples: NDArray[np.uint8], space: str, channels: int) -> Samples:
    if samples.size > _LARGE:
        import cv2

        turned = cv2.cvtColor(samples, cv2.COLOR_RGB2BGR) if channels == 3 else samples
        options = [cv2.IMWRITE_PNG_COMPRESSION, 4]
        return _from_png(cv2.imencode(".png", turned, options)[1].tobytes(), space, channels)
    from PIL import Image as Pillow

    return _from_png(_saved(Pillow.fromarray(samples)), space, channels)


def _saved(picture: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=9)
    return file.getvalue()


def _from_png(data: bytes, space: str, channels: int) -> Samples:
    """Take the compressed rows out of a PNG: with their filters they are what a PDF calls predictor 15."""
    parts = list(png.chunks(data))
    width, height, bits = struct.unpack(">IIB", parts[0][1][:9])
    rows = b"".join(part for name, part in parts if name == b"IDAT")
    return Samples(
        rows,
        f"/Width {width}/Height {height}/BitsPerComponent {bits}/ColorSpace{space}"
        f"/DecodeParms<</Predictor 15/Colors {channels}/BitsPerComponent {bits}/Columns {width}>>",
    )
