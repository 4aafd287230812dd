"""An artwork of a gallery as a sheet shows it: the vectors of a drawing, the pixels of a picture, or a middle frame."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np

from artkit.artwork.image import Image
from artkit.errors import ArtkitError
from artkit.gallery.record import NoRecordError, Record, opened
from artkit.pens.read.elements import XLINK, parsed

if TYPE_CHECKING:
    from numpy.typing import NDArray

VECTORS = (".svg", ".svgz")


Content = ElementTree.Element | Image
"""The root of an SVG's elements, or the pixels of anything else."""


@dataclass
class Picture:
    """An artwork's file, its width and height in any unit, and what is in it, which may be let go and is read again."""

    path: Path
    width: float
    height: float
    bytes: int
    _content: Content | None

    @classmethod
    def of(cls, record: Record) -> Picture:
        """Read an artwork or, where its file is none that can be shown, its thumbnail; an ArtkitError says why not."""
        try:
            return cls._of(record.path)
        except (ArtkitError, NoRecordError, OSError, ValueError) as error:
            try:
                return cls._of(record.path.parent / record.thumbnail)
            except (ArtkitError, NoRecordError, OSError, ValueError):
                raise ArtkitError(f"{record.path}: cannot be shown: {error}") from None

    @classmethod
    def _of(cls, path: Path) -> Picture:
        content = _read(path)
        width, height = (content.width, content.height) if isinstance(content, Image) else _sides(content)
        size = content.pixels.size if isinstance(content, Image) else path.stat().st_size
        return cls(path, width, height, size, content)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    @property
    def content(self) -> Content:
        """The elements or the pixels."""
        return _read(self.path) if self._content is None else self._content

    def let_go(self) -> None:
        """Keep the content no longer."""
        self._content = None

    def pixels(self, width: int, height: int) -> NDArray[np.uint8]:
        """Give it at a size, on white, (H, W, 3)."""
        content = self.content
        if isinstance(content, Image):
            return sized(content, width, height).on_white().pixels
        from artkit.render import rendered

        made = rendered(text_of(content), (width, height))[:height, :width]
        # The renderer keeps proportions to the last digit, and may be a pixel short.
        return np.pad(made, ((0, height - len(made)), (0, width - made.shape[1]), (0, 0)), "edge")


def text_of(root: ElementTree.Element) -> str:
    """Give an SVG's text."""
    return ElementTree.tostring(root, "unicode")


def sized(image: Image, width: int, height: int) -> Image:
    """Give a picture at a size; where it is enlarged by much, its pixels stay squares."""
    import cv2

    from artkit.raster.resize import resized

    if (width, height) == (image.width, image.height):
        return image
    if width < 2 * image.width:
        return Image(*resized(image.pixels, image.alpha, width, height))
    parts: list[Any] = [
        None if part is None else np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_NEAREST))
        for part in (image.pixels, image.alpha)
    ]
    return Image(*parts)


def _read(path: Path) -> Content:
    with opened(path) as file:
        data = file.read()
    if path.suffix.lower() in VECTORS:
        root = parsed(data, str(path))
        _keep_within(root)
        return root
    from artkit.artwork.photo import read

    return read(_middle(data), name=str(path))


def _keep_within(root: ElementTree.Element) -> None:
    """Take away what refers to other files: a renderer would read them."""
    for element in root.iter():
        for name in ("href", XLINK):
            if not element.get(name, "#").startswith(("#", "data:image/")):
                del element.attrib[name]


def _middle(data: bytes) -> bytes:
    """Give a file of the middle one of an animation's frames; other files as they are."""
    from PIL import Image as Pillow

    from artkit.artwork.photo import FORMATS

    Pillow.init()
    known = [name for name in FORMATS if name in Pillow.OPEN]
    try:
        with Pillow.open(io.BytesIO(data), formats=known) as picture:
            count = getattr(picture, "n_frames", 1)
            if count < 2:
                return data
            picture.seek(count // 2)
            frame = picture.convert("RGBA")
    except (OSError, ValueError, EOFError, SyntaxError, Pillow.DecompressionBombError):
        return data  # to be refused in words
    file = io.BytesIO()
    frame.save(file, "PNG", compress_level=1)
    return file.getvalue()


def _sides(root: ElementTree.Element) -> tuple[float, float]:
    """Give width and height of an SVG in any unit."""
    try:
        *_, width, height = map(float, root.get("viewBox", "").replace(",", " ").split())
    except ValueError:
        width, height = (_number(root.get(side, "")) for side in ("width", "height"))
    if not (0 < width < 1e9 and 0 < height < 1e9):
        raise ArtkitError("an SVG without a size")
    return width, height


def _number(text: str) -> float:
    try:
        return float(text.rstrip("pxmcintq %"))
    except ValueError:
        return 0.0
