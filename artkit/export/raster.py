"""Pictures to PNG, JPEG, WebP, TIFF and BMP."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from artkit.artwork.formats import Note
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import png
from artkit.metadata.embedded import OF_XMP
from artkit.metadata.xmp import packet

if TYPE_CHECKING:
    from PIL import Image as Pillow
    from PIL.PngImagePlugin import PngInfo

Kind = Literal["PNG", "JPEG", "WEBP", "TIFF", "BMP"]

JPEG_QUALITY = 92
WEBP_QUALITY = 90

_LARGEST = {"JPEG": 65_500, "WEBP": 16_383}
"""Pixels of a side that the format can hold; for JPEG, that libjpeg allows."""

LONGEST_SEGMENT = 65_533
"""Bytes that a segment of a JPEG holds."""

_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write_png(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as PNG."""
    file.write(encode(image, "PNG", metadata))


def write_jpeg(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as JPEG, on white."""
    if note and len(packet(metadata)) > LONGEST_SEGMENT - len(OF_XMP):
        note("JPEG: its recipe is too long to be carried; PNG, WebP and TIFF have room")
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


def encode(image: Image, kind: Kind, metadata: Mapping[str, str], *, dpi: float | None = None) -> bytes:
    """Give the bytes of the picture in a format, by Pillow's name. What JPEG and BMP cannot show through is white.

    PNG, JPEG and TIFF say how many pixels go to an inch where `dpi` is given.
    """
    data = _encoded(image, kind, metadata, {} if dpi is None or kind != "TIFF" else {"dpi": (dpi, dpi)})
    if dpi is None or kind not in ("PNG", "JPEG"):
        return data
    if kind == "PNG":  # pixels to a metre, right after the header (PNG specification, 11.3.4.3)
        meter = round(dpi / 0.0254)
        return png.with_chunk(data, b"pHYs", struct.pack(">IIB", meter, meter, 1))
    # JFIF's header comes first: its unit, 1 for inches, and the density across and down
    return data[:13] + struct.pack(">BHH", 1, round(dpi), round(dpi)) + data[18:]


def _encoded(image: Image, kind: Kind, metadata: Mapping[str, str], more: Mapping[str, Any]) -> bytes:
    check_size(image, kind)
    options: dict[str, Any] = {}
    match kind:
        case "PNG":
            text = png_text(metadata)
            if png.is_for(image.pixels):
                return png.encode(
                    image.pixels if image.alpha is None else image.rgba, [part[:2] for part in text.chunks]
                )
            if image.alpha is None and (found := png.indexed(image.pixels)) is not None:
                return png.encode_indexed(found, [part[:2] for part in text.chunks])
            options = {"pnginfo": text}
        case "JPEG":
            options = {"quality": JPEG_QUALITY, "subsampling": 0}
        case "WEBP":
            options = {"quality": WEBP_QUALITY, "xmp": packet(metadata)}
        case "TIFF":
            options = {"compression": "tiff_adobe_deflate", "exif": _tags(metadata), **more}
    if kind in ("JPEG", "BMP"):
        image = image.on_white()
    file = io.BytesIO()
    as_pillow(image).save(file, kind, **options)
    return _with_packet(file.getvalue(), metadata) if kind == "JPEG" else file.getvalue()


def _with_packet(jpeg: bytes, metadata: Mapping[str, str]) -> bytes:
    """Put the packet into a segment after JFIF's, which is the first; one too long for a segment goes without recipe.

    Pillow writes packets from version 11 on, and complains of long ones.
    """
    data = packet(metadata)
    if len(data) > LONGEST_SEGMENT - len(OF_XMP):
        data = packet({**metadata, "recipe": ""})
    if not data:
        return jpeg
    end = 4 + struct.unpack_from(">H", jpeg, 4)[0]
    return jpeg[:end] + b"\xff\xe1" + struct.pack(">H", 2 + len(OF_XMP) + len(data)) + OF_XMP + data + jpeg[end:]


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
    """Give the metadata as PNG text: the packet and, for those who read no XMP, registered keywords (11.3.3.2)."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key in ("title", "description", "software"):
        if text := _UNSPEAKABLE.sub("", metadata.get(key, "")):
            info.add_text(key.capitalize(), text)  # UTF-8 (iTXt) where Latin-1 does not reach
    if data := packet(metadata):
        info.add_itxt("XML:com.adobe.xmp", data.decode())
    return info


def _tags(metadata: Mapping[str, str]) -> Pillow.Exif:
    from PIL import Image as Pillow

    exif = Pillow.Exif()
    if data := packet(metadata):
        exif[700] = data  # XMP (XMP specification, part 3, 1.1.4)
    return exif
