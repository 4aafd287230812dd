"""What all ops that draw with pens have in common: paper and pens as parameters, and how dark each pen is to draw.

Such a drawing is in millimetres of the picture, which lies as large as fits in the middle of the page. Tone is
coverage: a gray level of 255 asks for bare paper, 0 for solid ink, and what lies between for as much ink as is missing
to white. With several pens each one's share is what, laid over the others, comes closest to the color.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field

from artkit.artwork.drawing import LINE, Drawing, Layer, Page, Path, Shape
from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.color.palette import name_of, parse, split_colors
from artkit.errors import UsageError
from artkit.pens.draw import field
from artkit.pens.lines import Floats, Lines
from artkit.pens.page import Sheet, sheet

CMYK = ("#fff200", "#00aeef", "#ec008c", "#000000")
"""Yellow, cyan, magenta and black as inks have them, the light ones first: dark ink would soil a light pen."""

MOST_PENS = 12

FINEST = 0.5
"""Samples of darkness are no finer than this share of the pen's width: nothing smaller can be drawn."""


def _pens(names: tuple[str, ...]) -> tuple[str, ...]:
    if any(name.lower() == "cmyk" for name in names):
        if len(names) > 1:
            raise ValueError("cmyk are four pens by themselves; name it alone, or name every pen")
        return CMYK
    try:
        colors = [name_of(parse(name)) for name in names]
    except UsageError as error:
        raise ValueError(str(error)) from None
    for number, color in enumerate(colors):
        if color in colors[:number]:
            raise ValueError(f"{names[number]} is named twice; name each pen once")
    if "#ffffff" in colors:
        raise ValueError("a white pen draws nothing on white paper; leave it out")
    return names


def _page(text: str) -> str:
    try:
        sheet(text)
    except UsageError as error:
        raise ValueError(str(error).removeprefix("page: ")) from None
    return text


Pens = Annotated[
    tuple[str, ...],
    BeforeValidator(split_colors),
    AfterValidator(_pens),
    Field(
        min_length=1,
        max_length=MOST_PENS,
        description="Colors of the pens, a layer for each: CSS names, #rrggbb, or cmyk for four.",
    ),
]
PenWidth = Annotated[float, Field(ge=0.05, le=20, description="Width of the pen's line in millimetres.")]
PageName = Annotated[
    str, AfterValidator(_page), Field(description="The paper: A4, A3, letter, turned as the picture is; or 300x200mm.")
]
Margin = Annotated[float, Field(ge=0, le=1000, description="Paper left free around the picture, in millimetres.")]
Detail = Annotated[
    float, Field(ge=0, le=3, description="How much small differences of tone are raised; 0 leaves them as they are.")
]
Hatching = Annotated[float, Field(ge=-360, le=360, description="Direction of the lines in degrees, 0 is level.")]


@dataclass(frozen=True, eq=False)
class Pen:
    """A pen, and how dark it is to draw."""

    name: str
    color: str
    field: field.Field


@dataclass(frozen=True, eq=False)
class Paper:
    """The picture's place on the page: `width` x `height` mm, `offset` from the page's corner; `scale` mm a pixel."""

    width: float
    height: float
    page: Page
    scale: float

    def draw(self, layers: Iterable[tuple[str, str, Lines]], pen_width: float) -> Drawing:
        """Give the drawing of named layers with their colors and lines, made fit for a pen: see `tidied`.

        Layers without lines are left out.
        """
        from artkit.pens.prepare.tidy import Tidying, tidied  # brings scipy.spatial, which loading ops can do without

        drawn = [layer for layer in layers if len(layer[2])]
        how = Tidying(tries=Tidying().tries // max(len(drawn), 1))
        back = -np.asarray(self.page.offset)
        # On the page, since a pen comes from its corner, and it is there that coordinates are rounded.
        drawn = [
            (name, color, tidied(lines.moved(1.0, self.page.offset), how).moved(1.0, back))
            for name, color, lines in drawn
        ]
        made = [
            Layer([Shape(paths_of(lines), stroke=color)], f"{number} - {name} {pen_width:g}mm", pen_width)
            for number, (name, color, lines) in enumerate(drawn, start=1)
        ]
        return Drawing(self.width, self.height, made, page=self.page)


def paper_of(width: float, height: float, page: str, margin: float, pen_width: float) -> Paper:
    """Lay a picture of `width` x `height` pixels on a page; a UsageError where the pen has no room between margins."""
    named = not any(character.isdigit() for character in page.strip()[:1])
    chosen: Sheet = sheet(page, landscape=named and width > height, margin=margin)
    inside = chosen.inside
    scale = min(inside[0] / width, inside[1] / height)
    size = width * scale, height * scale
    if min(inside) < 2 * pen_width:
        raise UsageError(
            f"pen_width: {pen_width:g} mm is too wide for the {inside[0]:g} x {inside[1]:g} mm between the margins; "
            f"use {min(inside) / 2:.3g} or less, or a larger page"
        )
    offset = ((chosen.width - size[0]) / 2, (chosen.height - size[1]) / 2)
    return Paper(size[0], size[1], Page(chosen.width, chosen.height, 1.0, offset), scale)


def paths_of(lines: Lines) -> list[Path]:
    """Lines as paths; closed ones do not repeat their first point."""
    closed = lines.closed.tolist()
    bounds = lines.offsets.tolist()
    return [
        Path(lines.points[low : high - 1], closed=True) if ring else Path(lines.points[low:high], closed=False)
        for low, high, ring in zip(bounds[:-1], bounds[1:], closed, strict=True)
    ]


def styled(
    image: Image,
    pens: Sequence[str],
    pen_width: float,
    page: str,
    margin: float,
    detail: float,
    style: Callable[[field.Field, int], Lines],
    advance: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw a picture in a style, which gets each pen's field and its number and gives the lines in millimetres."""
    paper = paper_of(image.width, image.height, page, margin, pen_width)
    layers = []
    for number, pen in enumerate(pens_of(image, pens, paper, pen_width, detail)):
        if advance:
            advance((number + 0.3) / (len(pens) + 0.3))
        lines = style(pen.field, number) if pen.field.darkness.max() >= 1 / 512 else Lines.of([])
        layers.append((pen.name, pen.color, field.long_enough(lines)))
    return paper.draw(layers, pen_width)


def pens_of(image: Image, pens: Sequence[str], paper: Paper, pen_width: float, detail: float) -> list[Pen]:
    """Share a picture out to pens; detail is raised before, so that all of them agree on it."""
    pixels, alpha = _sized(image, paper, pen_width)
    made = []
    for name, amount in zip(pens, amounts_of(pixels, pens), strict=True):
        sharp = _raised(amount.astype(np.float32), detail)
        if alpha is not None:
            sharp *= alpha
        made.append(Pen(pen_name(name), name_of(parse(name)), field.Field(sharp, paper.width, paper.height)))
    return made


def pen_name(pen: str) -> str:
    """What a pen is called: cyan for cmyk's, else as it was given."""
    return dict(zip(CMYK, ("yellow", "cyan", "magenta", "black"), strict=True)).get(name_of(parse(pen)), pen)


def amounts_of(pixels: NDArray[np.float32], pens: Sequence[str]) -> NDArray[np.float32]:
    """How much each pen is to cover, (pens, H, W), for pixels (H, W, 3) from 0 to 255: a single one, as it is dark."""
    if len(pens) > 1:
        return separated(pixels, tuple(name_of(parse(pen)) for pen in pens))
    gray = pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.clip(1 - gray / 255, 0, 1)[None].astype(np.float32)


def polygon(path: Path, tolerance: float) -> Floats:
    """Points (N, 2) of a path, its curves replaced by lines that stray no further than the tolerance."""
    points = np.asarray(path.points, np.float64)
    if path.kinds is None:
        return points
    end = np.cumsum(path.kinds, dtype=np.int64)
    parts = [points[:1]]
    for kind, last in zip(path.kinds.tolist(), end.tolist(), strict=True):
        if kind == LINE:
            parts.append(points[last : last + 1])
            continue
        controls = points[last - kind : last + 1]
        bow = float(np.abs(np.diff(controls, 2, axis=0)).max())
        pieces = int(np.clip(np.ceil(np.sqrt(kind * (kind - 1) / 8 * 2**0.5 * bow / tolerance)), 1, 200))
        t = (np.arange(pieces) + 1)[:, None] / pieces
        curve = list(controls)
        while len(curve) > 1:
            curve = [one * (1 - t) + other * t for one, other in pairwise(curve)]
        parts.append(curve[0])
    return np.concatenate(parts)


def _sized(image: Image, paper: Paper, pen_width: float) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Pixels (H, W, 3), 0 to 255, and alpha, 0 to 1, no finer than the pen; transparent parts are white."""
    import cv2

    finest = FINEST * pen_width
    size = (
        max(min(image.width, round(paper.width / finest)), 1),
        max(min(image.height, round(paper.height / finest)), 1),
    )
    pixels: NDArray[Any] = image.pixels.astype(np.float32) if image.pixels.size < 1 << 22 else image.pixels
    alpha: NDArray[Any] | None = None if image.alpha is None else image.alpha.astype(np.float32) / 255
    if alpha is not None:
        pixels = np.asarray(255 + (pixels.astype(np.float32) - 255) * alpha[..., None], np.float32)
    if size != (image.width, image.height):
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        alpha = None if alpha is None else cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    return pixels.reshape(size[1], size[0], 3).astype(np.float32), alpha


def _raised(darkness: NDArray[np.float32], detail: float) -> NDArray[np.float32]:
    """Raise differences from the neighborhood, wide and narrow; the mean of a neighborhood stays what it was."""
    import cv2

    if not detail or min(darkness.shape) < 3:
        return np.clip(darkness, 0, 1)
    side = max(darkness.shape)
    raised = darkness.copy()
    for share, weight in ((1 / 40, 0.5), (1 / 250, 0.7)):
        smooth = cv2.GaussianBlur(darkness, (0, 0), max(side * share, 0.6), borderType=cv2.BORDER_REFLECT)
        raised += np.float32(detail * weight) * (darkness - smooth)
    return np.clip(raised, 0, 1)


def separated(pixels: NDArray[np.float32], pens: tuple[str, ...]) -> NDArray[np.float32]:
    """Give how much of each pen the colors take, (pens, H, W) from 0 to 1, for pixels (H, W, 3) from 0 to 255.

    Solved on a grid of colors and interpolated between them.
    """
    from scipy.ndimage import map_coordinates

    table = _table(pens)
    places = np.moveaxis(pixels, 2, 0).reshape(3, -1) * ((GRID - 1) / 255)
    amounts = [map_coordinates(one, places, np.float32, order=1, mode="nearest") for one in table]
    return np.stack(amounts).reshape(len(pens), *pixels.shape[:2])


GRID = 17
"""Levels of a channel for which inks are solved."""

ROUNDS, LAST = 60, 6
"""Turns in which colored pens are solved, and last ones for all pens."""

PRICE = 0.002
"""Price of ink, in squared differences of light from 0 to 1."""

DEPTH = 1.4
"""Exponent of black by darkness: 1 is all the black that a color can take, and more is less."""


@lru_cache(maxsize=8)
def _table(pens: tuple[str, ...]) -> NDArray[np.float32]:
    """(pens, 17, 17, 17) amounts of each pen by red, green and blue.

    A pen's lines cover their share of paper and of the other pens' lines alike (Demichel 1924), and take away the same
    part of what comes through. Least squares of what is left against the color, by turns for each pen, with a slight
    price on ink. Gray and black inks begin with the power `DEPTH` of how dark the color's brightest channel is, and
    only at last make up for what is still missing: so light colors are mixed of colors, without specks of black, and
    shadows get their depth from black.
    """
    inks = np.array([parse(pen) for pen in pens], float) / 255
    level = np.linspace(0, 1, GRID)
    wanted = np.stack(np.meshgrid(level, level, level, indexing="ij"), axis=-1).reshape(-1, 3)
    weight = np.sqrt([0.32, 0.45, 0.23])
    missing = 1 - inks
    neutral = np.ptp(inks, axis=1) < 0.15
    amounts = np.zeros((len(pens), len(wanted)))
    if neutral.any() and not neutral.all():
        darkest = int(np.argmin(inks.sum(1) + 9 * ~neutral))
        amounts[darkest] = (1 - wanted.max(1)) ** DEPTH
    for turn in range(ROUNDS + LAST):
        for pen in np.flatnonzero(~neutral | neutral.all() | (turn >= ROUNDS)):
            through = np.ones_like(wanted)
            for other in range(len(pens)):
                if other != pen:
                    through *= 1 - amounts[other][:, None] * missing[other]
            slope = through * missing[pen] * weight
            gain = (slope * (through - wanted) * weight).sum(1) - PRICE
            amounts[pen] = np.clip(gain / (slope**2).sum(1).clip(1e-9), 0, 1)
    return amounts.reshape(len(pens), GRID, GRID, GRID).astype(np.float32)


def turned(angle: float, number: int, pens: int) -> float:
    """Give the angle of a pen's lines such that no two pens draw along the same lines."""
    return angle + 180 * number / pens


def gray(image: Image) -> NDArray[np.uint8]:
    """The gray picture (H, W)."""
    return gray_of(image.pixels)


def listed(value: Any) -> Any:
    """Read a text as words."""
    return split_colors(value)


def corrected(
    tone: field.Field,
    pen_width: float,
    style: Callable[[field.Field, float], Lines],
    *,
    passes: Sequence[float] = (1, 1),
    blur: float = 12.0,
    most: float = 1.0,
) -> Lines:
    """Draw in a style, measure what the lines cover, and draw again with what was too light asked for darker.

    For styles whose lines meet by chance, so that no table tells how much they cover. The style gets a field and a pen,
    which is so many times as wide as the real one as `passes` says: wider ones make quick drafts. `blur` is the size,
    in pen widths, of the neighborhood within which the tone is to be right; a style may be asked for a darkness up
    to `most`. The last pass is taken.
    """
    import cv2

    rows, columns = tone.darkness.shape

    def smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
        sigma = max(blur * pen_width * columns / tone.width, 0.5)
        found: NDArray[Any] = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        return np.asarray(found.reshape(rows, columns), np.float32)

    wanted = smooth(tone.darkness)
    asked = tone
    for number, width in enumerate(passes):
        lines = style(asked, pen_width * width)
        if number < len(passes) - 1:
            found = smooth(covered(lines, tone, pen_width * width))
            ratio = np.clip((wanted + 0.01) / (found + 0.01), 0.5, 2)
            asked = tone.changed(np.clip(asked.darkness * ratio, 0, most))
    return lines


def trimmed(tone: field.Field, pen_width: float, lines: Lines, blur: float = 12.0) -> Lines:
    """Leave out parts of lines where they cover more than is asked for: of every so many lines one."""
    if not len(lines):
        return lines
    import cv2

    rows, columns = tone.darkness.shape
    sigma = max(blur * pen_width * columns / tone.width, 0.5)
    wanted, found = (
        cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT).reshape(rows, columns)
        for values in (tone.darkness, covered(lines, tone, pen_width))
    )
    surplus = np.clip((found - wanted - 0.01) / np.maximum(found, 0.05), 0, 0.5)
    share = tone.changed(surplus).at(lines.points[:, 0], lines.points[:, 1])
    keep = share <= field.thresholds(len(lines))[lines.line_of]
    return field.long_enough(field.split(lines.points, keep, lines.offsets[1:-1]), 4 * pen_width)


def covered(lines: Lines, tone: field.Field, pen_width: float) -> NDArray[np.float32]:
    """Share of the paper that lines cover, (H, W) like the field's darkness."""
    import cv2

    rows, columns = tone.darkness.shape
    if not len(lines):
        return np.zeros((rows, columns), np.float32)
    # OpenCV draws lines of a nominal 4 pixels 5 wide, and of 2 pixels 3: near enough to the pen, and quick.
    across = next((px for px in (5, 3) if tone.width * tone.height * (px / pen_width) ** 2 < 64e6), 1)
    size = max(round(tone.width * across / pen_width), 1), max(round(tone.height * across / pen_width), 1)
    inked = np.zeros(size[::-1], np.uint8)
    places = np.rint((lines.points * [size[0] / tone.width, size[1] / tone.height] - 0.5) * 16).astype(np.int32)
    cv2.polylines(inked, np.split(places, lines.offsets[1:-1]), False, 255, max(across - 1, 1), cv2.LINE_8, 4)
    found = cv2.resize(inked, (columns, rows), interpolation=cv2.INTER_AREA).reshape(rows, columns)
    return np.asarray(found / np.float32(255), np.float32)
