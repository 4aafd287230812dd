"""Photo files to pictures: whatever a camera, a phone or a scanner writes, as 8-bit sRGB the right way up."""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.artwork.large import check_header, drafted, reduced, unlimited
from artkit.artwork.quiet import quiet
from artkit.errors import LimitError, PhotoError, did_you_mean
from artkit.limits import limit, refusal, within, written
from artkit.spans import spanned

if TYPE_CHECKING:
    from PIL import Image as Pillow

KNOWN = "JPEG, PNG, WebP, TIFF, GIF, ICO or BMP"

# Pillow reads more, but some of it (EPS) runs other programs and some (TGA) takes any bytes for a picture.
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF", "JPEG2000", "PPM", "QOI", "ICO")

MOVING = ("GIF", "PNG", "WEBP", "TIFF", "AVIF")
"""Formats that may hold frames or pages; JPEGs of phones hold previews, which are none."""

_ORIENTATION = 0x0112
_BITS_PER_SAMPLE = 0x0102

# First bytes of files that people take for photos, and what would make one of them.
_STRANGERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "a PDF; export a page of it as PNG first"),
    (0, b"<svg", "an SVG, which is vector art already; render it as PNG first"),
    (0, b"<?xml", "XML, perhaps an SVG; render it as PNG first"),
    (0, b"<!DOC", "a web page; save the picture itself"),
    (0, b"<html", "a web page; save the picture itself"),
    (4, b"ftyphei", "HEIC; export it as JPEG first"),
    (4, b"ftypmif1", "HEIF; export it as JPEG first"),
    (4, b"ftyp", "a video; save one picture of it as PNG first"),
    (0, b"8BPS", "a Photoshop document; export it as PNG first"),
    (0, b"PK\x03\x04", "an archive; unpack it first"),
)


_ADDRESS = re.compile(r"(https?|ftp):[/\\]+(.+)", re.IGNORECASE)
"""An address of the web, as it is and as a path makes it."""

Report = Callable[[str], None]


def _silent(_: str) -> None:
    pass


@spanned("decode")
def read(
    source: str | os.PathLike[str] | bytes, report: Report = _silent, name: str = "the photo", size: int | None = None
) -> Image:
    """Read a photo from a file or from the bytes of one, which messages call by `name`.

    `size` is the longer side that it will be given: a picture that is very large is reduced while it is decoded, to
    twice that or a little more.

    JPEG, PNG, WebP, TIFF, GIF, ICO and BMP, in any of their color modes. Of several pictures in a file the first one is
    taken, of an icon's the largest, and `report` is told. The picture is turned as its EXIF
    orientation says, its embedded ICC profile is converted to sRGB, 16 bits are rounded to 8, and transparency becomes
    the mask (None where all is opaque). A PhotoError says in one line what is wrong with a file and what would work.
    """
    where = name if isinstance(source, bytes) else os.fspath(source)
    data = source if isinstance(source, bytes) else bytes_of(Path(source))
    if not data:
        raise PhotoError(f"{where}: the file is empty; copy the photo again from where it came")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders warn of oddities in metadata that a user can do nothing about
        return _decode(data, where, report, size)


def bytes_of(path: Path) -> bytes:
    """Read a file; a PhotoError says why that cannot be done, and what would work."""
    if address := _ADDRESS.match(str(path)):
        whole = f"{address[1]}://{address[2]}"
        raise PhotoError(f"{whole}: is an address, and only files are read; save it first, as by: curl -LO {whole}")
    try:
        with path.open("rb") as file:
            return all_of(file, str(path))
    except FileNotFoundError:
        raise PhotoError(f"{path}: no such file{_nearest(path)}") from None
    except IsADirectoryError:
        raise PhotoError(f"{path}: is a folder; name a photo in it") from None
    except PermissionError:
        if path.is_dir():  # what Windows says of a folder
            raise PhotoError(f"{path}: is a folder; name a photo in it") from None
        raise PhotoError(f"{path}: no permission to read it; make the file readable") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PhotoError(f"{path}: cannot be read ({reason}); check the name and the disk") from None


def all_of(file: BinaryIO, name: str) -> bytes:
    """Read to the end of a file or a stream that may have none; a LimitError tells of one that is too large."""
    most = limit("file")
    data = file.read(int(most) + 1 if most < inf else -1)
    if len(data) > most:
        raise refusal("file", f"{name}: is larger than {written(most, 'bytes')}")
    return data


def _nearest(path: Path) -> str:
    if not path.parent.is_dir():
        return f"; there is no folder {path.parent}"
    try:
        hint = did_you_mean(path.name, (entry.name for entry in path.parent.iterdir()))
    except OSError:
        hint = ""
    return hint if hint.startswith("; did") else "; check the name and the folder"


def _decode(data: bytes, where: str, report: Report, size: int | None) -> Image:
    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    load_decoder(data)
    speaks: AbstractContextManager[object] = quiet() if data[:2] in (b"II", b"MM") else nullcontext()
    with speaks, unlimited():
        try:
            picture = Pillow.open(io.BytesIO(data), formats=[name for name in FORMATS if name in Pillow.OPEN])
        except UnidentifiedImageError:
            return _decode_scientific(data, where)
        except Exception as error:  # a damaged file can raise anything from within a decoder
            raise _damaged(where, error) from None
        try:
            within(
                "pixels", picture.width * picture.height, f"{_size(picture)} pixels:", "--memory 2GB reads it in strips"
            )
            block = drafted(picture, size)
            check_header(picture, len(data), block)
            several = _taken(picture)
            picture.load()
            image = image_of(picture, data, block)
        except MemoryError:
            raise PhotoError(f"{where}: {_size(picture)} pixels do not fit into memory; scale it down first") from None
        except (PhotoError, LimitError) as error:
            raise PhotoError(f"{where}: {error}") from None
        except Exception as error:
            raise _damaged(where, error) from None
    if several:
        report(several)
    return image


_DECODERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG", "PngImagePlugin"),
    (b"\xff\xd8\xff", "JPEG", "JpegImagePlugin"),
)
"""First bytes of the commonest files, Pillow's name of their format, and its module that reads it."""


def load_decoder(data: bytes) -> None:
    """Load what reads a file: its own module or, where the first bytes do not tell, all of Pillow's 40."""
    from PIL import Image as Pillow

    for mark, name, module in _DECODERS:
        if data.startswith(mark):
            import_module(f"PIL.{module}")
            if name in Pillow.OPEN:
                return
    Pillow.init()


def _taken(picture: Pillow.Image) -> str:
    """Say which picture is taken of a file that holds several, nothing where it holds one."""
    if picture.format == "ICO":
        sizes = picture.info.get("sizes", ())
        return f"an icon of {len(sizes)} pictures: the largest is taken, {_size(picture)}" if len(sizes) > 1 else ""
    frames = getattr(picture, "n_frames", 1) if picture.format in MOVING else 1
    if frames < 2:
        return ""
    return f"{frames} {'pages' if picture.format == 'TIFF' else 'frames'}: the first one is taken, {_size(picture)}"


def _size(picture: Pillow.Image) -> str:
    return f"{picture.width} x {picture.height}"


def _decode_scientific(data: bytes, where: str) -> Image:
    """Read the TIFFs that Pillow does not know (float colors, many planes), which imageio's tifffile does."""
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        try:
            array = _tiff(data)
        except LimitError as error:
            raise PhotoError(f"{where}: {error}") from None
        if array is None:
            raise PhotoError(f"{where}: a TIFF that is damaged or of a rare kind; save it as PNG first")
        try:
            return Image.of(array)
        except Exception as error:
            raise PhotoError(f"{where}: {error}") from None
    start = data[:64].lstrip()
    kind = next((kind for at, mark, kind in _STRANGERS if start[at:].startswith(mark)), "")
    if not kind and start and start.isascii() and start.decode().replace("\n", "").isprintable():
        kind = f"text, and no picture; use {KNOWN}"
    if kind:
        raise PhotoError(f"{where}: is {kind}")
    raise PhotoError(f"{where}: not a picture that can be read, or a damaged one; use {KNOWN}")


def _damaged(where: str, error: Exception) -> PhotoError:
    reason = " ".join(str(error).split())[:100] or type(error).__name__
    return PhotoError(f"{where}: damaged or cut short ({reason}); copy the photo again from where it came")


def image_of(picture: Pillow.Image, data: bytes, block: int) -> Image:
    """Give a decoded picture the right way up in sRGB, each pixel of squares of side `block`; `data` is its file."""
    orientation = picture.getexif().get(_ORIENTATION, 1) if _has_sound_exif(picture) else 1
    image = _converted(picture, data) if block == 1 else reduced(picture, block, lambda band: _converted(band, b""))
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    if turn is None:
        return image
    pixels, alpha = (
        None if array is None else np.ascontiguousarray(turn(array)) for array in (image.pixels, image.alpha)
    )
    assert pixels is not None
    return Image(pixels, alpha)


def _converted(picture: Pillow.Image, data: bytes) -> Image:
    profile = picture.info.get("icc_profile")
    picture = _to_8_bits(picture, data)
    alpha = None
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = picture.getchannel("A")
        if alpha.getextrema()[0] == 255:
            alpha = None
    picture = _to_srgb(picture, profile)
    return Image(_array_of(picture), None if alpha is None else _array_of(alpha))


def _array_of(picture: Pillow.Image) -> NDArray[np.uint8]:
    """Give the pixels as an array of its own; strip by strip, as Pillow's way takes three times the memory."""
    bands = len(picture.getbands())
    array = np.empty((picture.height, picture.width, bands)[: 3 if bands > 1 else 2], np.uint8)
    for top in range(0, picture.height, 128):
        bottom = min(top + 128, picture.height)
        array[top:bottom] = np.asarray(picture.crop((0, top, picture.width, bottom)))
    return array


def _has_sound_exif(picture: Pillow.Image) -> bool:
    try:
        picture.getexif()
    except Exception:  # a photo with broken EXIF data is still a photo
        return False
    return True


_TURNS: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    2: lambda array: array[:, ::-1],
    3: lambda array: array[::-1, ::-1],
    4: lambda array: array[::-1],
    5: lambda array: array.swapaxes(0, 1),
    6: lambda array: array.swapaxes(0, 1)[:, ::-1],
    7: lambda array: array.swapaxes(0, 1)[::-1, ::-1],
    8: lambda array: array.swapaxes(0, 1)[::-1],
}
"""What undoes each EXIF orientation (CIPA DC-008, tag 274)."""


def _to_8_bits(picture: Pillow.Image, data: bytes) -> Pillow.Image:
    """Round deeper channels to 8 bits; Pillow clips those of grey pictures and cuts those of color."""
    from PIL import Image as Pillow

    if picture.mode.startswith("I;16") or (picture.mode == "I" and picture.format == "PNG"):  # "I" before Pillow 11
        grey = np.asarray(picture).astype(np.uint32)
        made = Pillow.fromarray(((grey + 128) // 257).astype(np.uint8))
        key = picture.info.get("transparency")
        if isinstance(key, int):
            made.putalpha(Pillow.fromarray(np.where(grey == key, np.uint8(0), np.uint8(255))))
        return made
    if picture.mode == "F":
        values = np.asarray(picture)
        if not (values.min() >= 0 and values.max() <= 1):  # NaN fails both
            raise PhotoError("its float values do not run from 0 to 1; divide by its white first")
        return Pillow.fromarray(np.rint(values * 255).astype(np.uint8))
    if picture.mode == "I":
        raise PhotoError("32-bit integers have no known white; save it with 8 or 16 bits")
    deep = _deep(picture, data)
    return picture if deep is None else Pillow.fromarray(((deep.astype(np.uint32) + 128) // 257).astype(np.uint8))


def _deep(picture: Pillow.Image, data: bytes) -> NDArray[np.uint16] | None:
    """Give the 16-bit channels of a picture that Pillow has read with 8, as it stands in the file; else None."""
    array: NDArray[Any] | None = None
    if picture.format == "PNG" and data[24] == 16:  # bit depth in IHDR, always first (PNG specification, 11.2.2)
        import cv2

        with quiet():
            array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        if array is not None and array.ndim == 3:
            array = cv2.cvtColor(array, cv2.COLOR_BGRA2RGBA if array.shape[2] == 4 else cv2.COLOR_BGR2RGB)
    elif picture.format == "TIFF" and picture.mode == "RGB":
        tags = getattr(picture, "tag_v2", {})
        if max(tags.get(_BITS_PER_SAMPLE, (8,))) == 16 and tags.get(_ORIENTATION, 1) == 1:  # Pillow has turned it
            array = _tiff(data)
    if array is None or array.dtype != np.uint16 or array.shape[:2] != (picture.height, picture.width):
        return None  # Pillow's reading stands, which is at most 1 of 255 off
    return array


def _tiff(data: bytes) -> NDArray[Any] | None:
    """Give the first page of a TIFF as tifffile reads it, None where it cannot."""
    import logging

    import imageio.v3 as imageio

    logger = logging.getLogger("tifffile")
    silenced, logger.disabled = logger.disabled, True
    try:
        shape = imageio.improps(data, plugin="tifffile", index=0).shape
        within("pixels", float(np.prod(shape, dtype=float)) / (shape[-1] if len(shape) > 2 else 1), "it has")
        array: NDArray[Any] = imageio.imread(data, plugin="tifffile", index=0)
    except LimitError:
        raise
    except Exception:  # whatever it makes of a damaged file, the caller says what is to be said
        return None
    finally:
        logger.disabled = silenced
    return array


def _to_srgb(picture: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    """Give an RGB picture, its colors converted from the embedded profile, where there is a sound one, to sRGB."""
    mode = picture.mode
    if mode not in ("L", "RGB", "CMYK", "LAB"):
        picture = picture.convert("L" if mode in ("1", "LA") else "RGB")
    if picture.mode != "LAB" and not profile:
        return picture.convert("RGB")
    from PIL import ImageCms

    if picture.mode == "LAB":
        source: Any = ImageCms.createProfile("LAB")
    else:
        assert profile is not None
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        except (OSError, ImageCms.PyCMSError):
            return picture.convert("RGB")
        space = source.profile.xcolor_space.strip()
        if space == "RGB" and picture.mode == "L":
            picture = picture.convert("RGB")
        elif space == "GRAY" and picture.mode == "RGB" and mode == "RGBA":
            picture = picture.convert("L")  # was grey with alpha
        if space != {"L": "GRAY"}.get(picture.mode, picture.mode):
            return picture.convert("RGB")  # a profile of another kind of picture
    try:
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            picture.mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        if picture.mode == "RGB" and _changes_nothing(transform):
            return picture
        return ImageCms.applyTransform(picture, transform) or picture
    except (ValueError, ImageCms.PyCMSError):  # a profile without the tables that a conversion needs
        return picture.convert("RGB")


def _changes_nothing(transform: Any) -> bool:
    """Whether a profile is sRGB by any of its many names: most photos carry one, and most need no conversion."""
    from PIL import Image as Pillow
    from PIL import ImageCms

    steps = np.arange(0, 256, 17, dtype=np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(256, 16, 3)
    after = np.asarray(ImageCms.applyTransform(Pillow.fromarray(cube), transform))
    return bool(np.abs(after.astype(int) - cube).max() <= 1)
