"""Pictures of every format: damaged, cut short, with headers that lie, and blown up out of nothing."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from fuzz._case import Case
from fuzz._mutate import Chance, bytes_of, often, one

TINY = b'title = "Tiny"\n[[steps]]\nop = "flip"\n'


def case(rng: Chance) -> Case:
    """One picture, and what is made of it."""
    data = one(rng, MAKERS)(rng)
    name = one(rng, ("a.png", "a.jpg", "a.gif", "a", "a.tif"))
    recipe = one(rng, ("tiny.toml",) * 12 + ("otsu-rgb", "grid-mosaic"))
    arguments = ["trace"] if often(rng, 0.03) else ["apply", recipe]
    options = ["--size", one(rng, ("64", "1", "200"))] if often(rng, 0.4) or arguments == ["trace"] else []
    options += ["--crop", "0,0,2,2"] if often(rng, 0.05) else []
    options += ["-o", one(rng, ("out.png", "out.webp", "out.jpg"))] if arguments[0] == "apply" else ["-o", "out.svg"]
    if often(rng, 0.04):
        return Case([*arguments, "-", *options], {"tiny.toml": TINY}, data)
    return Case([*arguments, name, *options], {"tiny.toml": TINY, name: data})


WAYS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "L", {}), ("PNG", "LA", {}), ("PNG", "P", {"transparency": 3}),
    ("PNG", "1", {}), ("PNG", "I;16", {}), ("PNG", "RGB", {"transparency": (1, 2, 3)}), ("PNG", "RGB", {"frames": True}),
    ("PNG", "RGB", {"icc": True}), ("PNG", "RGB", {"exif": True}), ("PNG", "L", {"text": True}), ("PNG", "RGB16", {}),
    ("JPEG", "RGB", {}), ("JPEG", "L", {}), ("JPEG", "CMYK", {}), ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "RGB", {"exif": True}), ("JPEG", "RGB", {"icc": True}), ("JPEG", "RGB", {"optimize": True, "subsampling": 2}),
    ("GIF", "P", {}), ("GIF", "P", {"frames": True}), ("GIF", "P", {"transparency": 0}), ("GIF", "L", {"interlace": 1}),
    ("WEBP", "RGB", {}), ("WEBP", "RGBA", {"lossless": True}), ("WEBP", "RGB", {"frames": True}), ("WEBP", "RGB", {"exif": True}),
    ("TIFF", "RGB", {}), ("TIFF", "RGB", {"compression": "tiff_lzw"}), ("TIFF", "RGB", {"compression": "jpeg"}),
    ("TIFF", "L", {"compression": "tiff_adobe_deflate"}), ("TIFF", "1", {"compression": "group4"}), ("TIFF", "F", {}),
    ("TIFF", "CMYK", {"compression": "packbits"}), ("TIFF", "LAB", {}), ("TIFF", "I;16", {}), ("TIFF", "RGB", {"frames": True}),
    ("TIFF", "RGBA", {"compression": "tiff_deflate"}), ("TIFF", "I", {}), ("TIFF", "1", {"compression": "group3"}),
    ("BMP", "RGB", {}), ("BMP", "P", {}), ("BMP", "1", {}), ("ICO", "RGBA", {}), ("ICO", "RGBA", {"sizes": [(16, 16), (32, 32)]}),
    ("PPM", "RGB", {}), ("PPM", "L", {}), ("PPM", "1", {}), ("JPEG2000", "RGB", {}), ("AVIF", "RGB", {}), ("QOI", "RGB", {}),
)  # fmt: skip


@cache
def seed(number: int) -> bytes:
    """A small sound picture of the way of that number; nothing where this Pillow cannot write it."""
    from PIL import Image as Pillow
    from PIL import ImageCms, PngImagePlugin

    kind, mode, settings = WAYS[number]
    settings = dict(settings)
    y, x = np.mgrid[0:24, 0:36]
    pixels = np.dstack([x * 7, y * 10, (x * y) % 256]).astype(np.uint8)
    picture: Any = Pillow.fromarray(pixels)
    if mode == "RGB16":
        return _deep_png(pixels)
    if mode in ("I;16", "I"):
        picture = Pillow.fromarray(
            (pixels[..., 0].astype(np.uint16) * 257) if mode == "I;16" else pixels[..., 0].astype(np.int32)
        )
    elif mode == "F":
        picture = Pillow.fromarray(pixels[..., 0].astype(np.float32) / 255)
    elif mode == "RGBA":
        picture.putalpha(Pillow.fromarray(pixels[..., 2]))
    elif mode == "LA":
        picture = picture.convert("L")
        picture.putalpha(Pillow.fromarray(pixels[..., 2]))
    else:
        picture = picture.convert(mode) if mode != "LAB" else Pillow.fromarray(pixels, "LAB")
    if settings.pop("frames", False):
        settings |= {"save_all": True, "append_images": [picture.transpose(Pillow.Transpose.ROTATE_180)] * 2}
    if settings.pop("icc", False):
        settings["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if settings.pop("exif", False):
        exif = Pillow.Exif()
        exif[0x0112], exif[0x010E] = 6, "a picture"
        settings["exif"] = exif.tobytes()
    if settings.pop("text", False):
        info = PngImagePlugin.PngInfo()
        info.add_text("Title", "a" * 200, zip=True)
        info.add_itxt("Author", "\u00e9" * 99, "de", "Autor")
        settings["pnginfo"] = info
    file = io.BytesIO()
    try:
        picture.save(file, kind, **settings)
    except (KeyError, OSError, ValueError, SystemError):
        return b""
    return file.getvalue()


def _deep_png(pixels: np.ndarray[Any, Any]) -> bytes:
    rows = b"".join(b"\0" + row.tobytes() for row in (pixels.astype(">u2") * 257).astype(">u2"))
    return png(pixels.shape[1], pixels.shape[0], 16, 2, zlib.compress(rows))


def png(width: int, height: int, depth: int, color: int, data: bytes, more: bytes = b"", interlace: int = 0) -> bytes:
    """Write a PNG whose parts need not fit each other; its checksums do."""
    header = struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, depth, color, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    """Write a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def sound(rng: Chance) -> bytes:
    """A small picture that is as it should be."""
    while not (data := seed(int(rng.integers(len(WAYS))))):
        pass
    return data


def damaged(rng: Chance) -> bytes:
    """A small picture, bytes of which were changed."""
    return bytes_of(rng, sound(rng))


def cut(rng: Chance) -> bytes:
    """A picture that ends too early."""
    data = sound(rng)
    return data[: int(rng.integers(len(data) + 1))]


def crossed(rng: Chance) -> bytes:
    """The head of one file and the tail of another."""
    one_, two = sound(rng), sound(rng)
    return one_[: int(rng.integers(len(one_)))] + two[int(rng.integers(len(two))) :]


def rechunked(rng: Chance) -> bytes:
    """A PNG whose chunks are moved, doubled, dropped or changed, with checksums that fit."""
    while not (data := sound(rng)).startswith(b"\x89PNG"):
        pass
    parts, at = [], 8
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        parts.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.integers(len(parts)))
        match int(rng.integers(5)):
            case 0:
                parts.insert(int(rng.integers(len(parts))), parts[at])
            case 1:
                del parts[at]
            case 2:
                parts[at] = parts[at][0], bytes_of(rng, parts[at][1])
            case 3:
                kind = one(
                    rng,
                    (
                        b"PLTE",
                        b"tRNS",
                        b"iCCP",
                        b"tEXt",
                        b"zTXt",
                        b"iTXt",
                        b"eXIf",
                        b"acTL",
                        b"fcTL",
                        b"fdAT",
                        b"gAMA",
                        b"cHRM",
                        b"sRGB",
                        b"pHYs",
                    ),
                )
                body = one(
                    rng,
                    (
                        b"",
                        rng.bytes(7),
                        rng.bytes(300),
                        b"a\0\0" + zlib.compress(b"\0" * 5_000_000),
                        b"XML:com.adobe.xmp\0\0\0\0\0<x",
                    ),
                )
                parts.insert(int(rng.integers(len(parts) + 1)), (kind, body))
            case 4 if parts[0][0] == b"IHDR":
                parts[0] = b"IHDR", bytes_of(rng, parts[0][1], 2)
        if not parts:
            break
    return data[:8] + b"".join(chunk(kind, body) for kind, body in parts)


def lying(rng: Chance) -> bytes:
    """A header that says another size than the picture has."""
    data = bytearray(sound(rng))
    width, height = (int(10 ** rng.uniform(0, one(rng, (4.2, 5, 9.6)))) for _ in range(2))
    if data[:4] == b"\x89PNG":
        data[16:24] = struct.pack(">II", width & 0xFFFFFFFF, height & 0xFFFFFFFF)
        data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    elif data[:3] == b"GIF":
        data[6:10] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
        if often(rng, 0.5) and (at := bytes(data).find(b",")) > 0:
            data[at + 5 : at + 9] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
    elif data[:2] == b"BM":
        data[18:26] = struct.pack("<ii", min(width, 2**31 - 1), min(height, 2**31 - 1))
    elif data[:2] == b"\xff\xd8":
        for mark in (b"\xff\xc0", b"\xff\xc2"):
            if (at := bytes(data).find(mark)) > 0:
                data[at + 5 : at + 9] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
    elif data[:2] in (b"II", b"MM"):
        order = "<" if data[:2] == b"II" else ">"
        for tag, value in ((256, width), (257, height), (278, height)):
            at = bytes(data).find(struct.pack(f"{order}H", tag) + struct.pack(f"{order}HI", 3, 1))
            if at >= 0:
                data[at : at + 12] = struct.pack(f"{order}HHII", tag, 4, 1, value & 0xFFFFFFFF)
    elif data[8:12] == b"WEBP":
        data[24:30] = struct.pack("<I", width & 0xFFFFFF)[:3] + struct.pack("<I", height & 0xFFFFFF)[:3]
    elif data[:1] == b"P":
        data[:12] = f"P6 {width} {height} 255\n".encode()
    else:
        at = int(rng.integers(len(data)))
        data[at : at + 4] = struct.pack(">I", width & 0xFFFFFFFF)
    return bytes(data)


def bomb(rng: Chance) -> bytes:
    """Few bytes that come to many pixels, frames, texts or tables."""
    side = int(10 ** rng.uniform(3, 4.3))
    match int(rng.integers(11)):
        case 0:  # a PNG of zeros, all there
            rows = zlib.compressobj(1)
            side = min(side, 9000)
            body = b"".join(rows.compress(b"\0" * (side // 8 + 1)) for _ in range(side)) + rows.flush()
            return png(side, side, 1, one(rng, (0, 3)), body, chunk(b"PLTE", bytes(6)))
        case 1:
            return b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6) + b";" + rng.bytes(4)
        case 2:  # many frames
            head = b"GIF89a" + struct.pack("<HHBBB", 200, 200, 0x80, 0, 0) + bytes(range(6))
            frame = b"!\xf9\x04\x08\x01\0\0\0," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
            return head + frame * int(10 ** rng.uniform(1, 3.7)) + b";"
        case 3:
            return png(8, 8, 8, 2, zlib.compress(b"\0" * int(10 ** rng.uniform(3, 8)), 9))
        case 4:
            text = zlib.compress(b"a" * int(10 ** rng.uniform(5, 8)), 9)
            kind, body = one(
                rng, ((b"zTXt", b"k\0\0" + text), (b"iTXt", b"k\0\1\0\0\0" + text), (b"iCCP", b"k\0\0" + text))
            )
            return png(8, 8, 8, 0, zlib.compress(bytes(72)), chunk(kind, body) * int(rng.integers(1, 9)))
        case 5:  # a TIFF whose pages point at each other
            page = struct.pack("<H", 1) + struct.pack("<HHII", 256, 3, 1, side) + struct.pack("<I", 8)
            return b"II*\0" + struct.pack("<I", 8) + page
        case 6:  # a BMP packed by runs
            return (
                b"BM"
                + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54 + 1024, 40, side, side, 1, 8, 1, 0, 0, 0, 256, 0)
                + bytes(1024)
                + b"\xff\x01" * 50
            )
        case 7:
            return (
                b"\0\0\1\0"
                + struct.pack("<H", int(rng.integers(1, 60000)))
                + bytes([0, 0, 0, 0, 1, 0, 32, 0])
                + struct.pack("<II", 40, 22) * 5000
            )
        case 8:  # a JPEG of a thousand tables and comments
            data = seed(13)
            return data[:2] + b"\xff\xfe\xff\xff" * 1 + bytes(65533) * int(rng.integers(1, 20)) + data[2:]
        case 9:
            return gzip.compress(bytes(int(10 ** rng.uniform(3, 7))))
        case _:
            return (
                f"P{one(rng, '123456')} {side} {side} {one(rng, ('255', '65535', '1', '0', '-1'))}\n".encode()
                + rng.bytes(99)
            )


def stranger(rng: Chance) -> bytes:
    """Something else under the name of a picture."""
    return one(rng, (
        b"", b"\0", b"\0" * 999, b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?xml version='1.0'?><x/>",
        b"<!DOCTYPE html><html>", b"PK\3\4", b"8BPS\0\1", b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypmp42", b"GIF89a", b"BM", b"II*\0",
        b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0", b"RIFF\0\0\0\0WEBPVP8 ", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"qoif\0\0\xff\xff\0\0\xff\xff\4\0",
        b"\xff\x0a", b"#!/bin/sh\necho", rng.bytes(500), b"\x00\x00\x00\x0cJXL \r\n\x87\n", b"\xff\x4f\xff\x51" + rng.bytes(60),
    ))  # fmt: skip


MAKERS: tuple[Callable[[Chance], bytes], ...] = (
    sound, damaged, damaged, damaged, damaged, damaged, damaged, cut, crossed, rechunked, rechunked, lying, lying, lying,
    bomb, stranger,
)  # fmt: skip
