"""Type: photos as text."""

from __future__ import annotations

import unicodedata
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.artwork.drawing import TextDrawing
from artkit.artwork.image import Image
from artkit.color.choose import palette_of
from artkit.color.gray import gray_of
from artkit.color.nearest import nearest
from artkit.color.palette import parse
from artkit.color.spaces import lightness, srgb_to_oklab
from artkit.raster.resize import resized
from artkit.registry import op
from artkit.registry.colors import ColorName
from artkit.registry.declared import AfterValidator, Field


def _printable(text: str) -> str:
    """Give the letters of a text that can be drawn, those with accents without them, without spaces."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if "!" <= letter <= "~")
    if not plain:
        raise ValueError("has no letter that can be drawn; use letters, digits and signs of ASCII")
    return plain


TALLEST = 2
"""Lines to the signs that a line was asked to have, at most: of taller pictures lines are shorter."""

NEAR = 4.0
"""Standard deviation of the surroundings that tones are raised against, in signs."""


Columns = Annotated[int, Field(ge=2, le=1000, description="Signs in a line.")]
Ink = Annotated[ColorName, Field(description="Color of the signs; lighter than the paper: more ink is lighter.")]
Paper = Annotated[ColorName, Field(description="Color of the sheet.")]
Detail = Annotated[
    float, Field(ge=0, le=5, description="How much small differences of tone are raised; 0 leaves them as they are.")
]
Inks = Annotated[int, Field(ge=0, le=64, description="Colors of the photo that signs have; 0: all are of one ink.")]


@op
def ascii_(
    image: Image,
    *,
    columns: Columns = 160,
    ink: Ink = "#16161a",
    paper: Paper = "#ffffff",
    colors: Inks = 0,
    detail: Detail = 3.0,
) -> TextDrawing:
    """Draw the picture as the signs of ASCII, each chosen by the shape of what it stands for.

    Written as `.txt` it is plain text. Signs are half as wide as lines are high, as in most terminals and editors.
    """
    from artkit.styles import typed as engine

    columns, rows = _grid(image, columns)
    lines = engine.signs_for(_darkness(image, columns * engine.ACROSS, rows * engine.DOWN, columns, ink, paper, detail))
    return engine.drawing(lines, _size(image, columns, rows), ink, paper, colors=_colors(image, columns, rows, colors))


@op
def type_portrait(
    image: Image,
    *,
    text: Annotated[
        str,
        AfterValidator(_printable),
        Field(min_length=1, max_length=100_000, description="What is written, again and again."),
    ] = "EVERYPICTURETELLSASTORY",
    columns: Columns = 150,
    ink: Ink = "#16161a",
    paper: Paper = "#ffffff",
    colors: Inks = 0,
    detail: Detail = 1.0,
) -> TextDrawing:
    """Draw the picture as a text of your own, whose letters are heavier where it is darker.

    Spaces are left out, as they would be holes; letters with accents lose them. Written as `.txt` it is the text.
    """
    from artkit.styles import typed as engine

    columns, rows = _grid(image, columns, engine.SHAPE)
    repeated = (text * -(-rows * columns // len(text)))[: rows * columns]
    lines = [repeated[start : start + columns] for start in range(0, rows * columns, columns)]
    weights = engine.weights_for(_darkness(image, columns, rows, columns, ink, paper, detail), text)
    size = _size(image, columns, rows, engine.SHAPE)
    return engine.drawing(lines, size, ink, paper, weights, _colors(image, columns, rows, colors), engine.CLOSE)


def _grid(image: Image, columns: int, shape: float = 2.0) -> tuple[int, int]:
    """How many signs a line has, and how many lines there are, of signs `shape` times as high as they are wide."""
    tall, most = image.height / image.width / shape, TALLEST * columns
    columns = max(min(columns, round(most / tall)), 2)
    return columns, min(max(round(columns * tall), 1), most)


def _size(image: Image, columns: int, rows: int, shape: float = 2.0) -> tuple[float, float]:
    """The sheet: as wide as the picture, and as high as the lines are."""
    return float(image.width), shape * image.width / columns * rows


def _darkness(image: Image, width: int, height: int, columns: int, ink: str, paper: str, detail: float) -> Floats:
    """Give how much ink is wanted (H, W), 0 to 1."""
    small, _ = resized(image.on_white().pixels, None, width, height)
    gray = gray_of(small).astype(np.float64)
    ink_light, paper_light = lightness(np.stack([parse(ink), parse(paper)]))
    dark = (gray if ink_light > paper_light else 255 - gray) / 255
    return _raised(dark, NEAR * width / columns, detail)


def _raised(dark: Floats, sigma: float, detail: float) -> Floats:
    """Raise what differs from its surroundings: signs have half of the range of tones that a photo has, at most."""
    import cv2

    around = np.asarray(cv2.GaussianBlur(dark, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float64)
    raised: Floats = np.rint(4096 * np.clip(dark + detail * (dark - around), 0, 1)) / 4096
    return raised


def _colors(image: Image, columns: int, rows: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]] | None:
    """Give the number (R, C) of each sign's color, and the colors; None where all are of one ink."""
    if not count:
        return None
    small, _ = resized(image.on_white().pixels, None, columns, rows)
    palette = palette_of(small, None, count)
    of = nearest(srgb_to_oklab(small).reshape(-1, 3), srgb_to_oklab(palette))
    return of.reshape(rows, columns).astype(np.int64), palette
