"""Pictures to PNG, JPEG, WebP, TIFF and BMP."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from artkit.artwork.formats import Note
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import png

if TYPE_CHECKING:
    from PIL import Image as Pillow
    from PIL.PngImagePlugin import PngInfo

Kind = Literal["PNG", "JPEG", "WEBP", "TIFF", "BMP"]

JPEG_QUALITY = 92
WEBP_QUALITY = 90

_LARGEST = {"JPEG": 65_500, "WEBP": 16_383}
"""Pixels of a side that the format can hold; for JPEG, that libjpeg allows."""

_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write_png(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as PNG."""
    file.write(encode(image, "PNG", metadata))


def write_jpeg(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as JPEG, on white."""
    file.write(encode(image, "JPEG", metadata))


def write_webp(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as WebP."""
    file.write(encode(image, "WEBP", metadata))


def write_tiff(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as TIFF."""
    file.write(encode(image, "TIFF", metadata))


def write_bmp(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as BMP, on white."""
    file.write(encode(image, "BMP", metadata))


def encode(image: Image, kind: Kind, metadata: Mapping[str, str]) -> bytes:
    """Give the bytes of the picture in a format, by Pillow's name. What JPEG and BMP cannot show through is white."""
    check_size(image, kind)
    options: dict[str, Any] = {}
    match kind:
        case "PNG":
            text = png_text(metadata)
            if png.is_for(image.pixels):
                return png.encode(
                    image.pixels if image.alpha is None else image.rgba, [part[:2] for part in text.chunks]
                )
            options = {"pnginfo": text}
        case "JPEG":
            options = {"quality": JPEG_QUALITY, "subsampling": 0, "comment": as_text(metadata).encode()[:65_533]}
        case "WEBP":
            options = {"quality": WEBP_QUALITY, "exif": _exif(metadata)}
        case "TIFF":
            options = {"compression": "tiff_adobe_deflate", "exif": _exif(metadata)}
    if kind in ("JPEG", "BMP"):
        image = image.on_white()
    file = io.BytesIO()
    as_pillow(image).save(file, kind, **options)
    return file.getvalue()


def as_pillow(image: Image) -> Pillow.Image:
    """Give the picture as Pillow's, RGB or, where it has a mask, RGBA."""
    from PIL import Image as Pillow

    picture = Pillow.fromarray(image.pixels)
    if image.alpha is not None:
        picture.putalpha(Pillow.fromarray(image.alpha))
    return picture


def check_size(image: Image, kind: str) -> None:
    """Raise a UsageError for a picture with more pixels to a side than the format can hold."""
    largest = _LARGEST.get(kind)
    if largest is not None and max(image.width, image.height) > largest:
        raise UsageError(f"{image.width} x {image.height} pixels: {kind} ends at {largest} to a side; use .png")


def png_text(metadata: Mapping[str, str]) -> PngInfo:
    """Give the metadata as PNG text: registered keywords (PNG specification, 11.3.3.2) where there are some."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, value in metadata.items():
        info.add_text(key.capitalize(), _UNSPEAKABLE.sub("", value))  # UTF-8 (iTXt) where Latin-1 does not reach
    return info


def as_text(metadata: Mapping[str, str]) -> str:
    """Give the metadata as one text: the recipe, which stays a valid recipe, under the rest as its comments."""
    lines = [
        f"# {key}: {line}\n"
        for key, value in metadata.items()
        if key != "recipe"
        for line in _UNSPEAKABLE.sub("", value).splitlines()
    ]
    return "".join(lines) + _UNSPEAKABLE.sub("", metadata.get("recipe", ""))


def _exif(metadata: Mapping[str, str]) -> Pillow.Exif:
    from PIL import Image as Pillow

    exif = Pillow.Exif()
    if text := as_text(metadata):
        exif[0x010E] = text.encode()  # ImageDescription, in UTF-8 as Exif 3.0 allows; of a str Pillow keeps the ASCII
    return exif
