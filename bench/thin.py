"""Thin lines in photos, as masts, cables and railings are: whether traces show each in one piece, or not at all.

    python -m bench thin

Antialiased lines 1 to 4 pixels wide, straight, slanted, bent and crossing, of high and low contrast, and railings, on
photo-like grounds. `whole` lines are shown over 90% of their length in one piece, `gone` ones under 10%, all others are
`broken`; `pieces` is the mean number of pieces of lines that are not gone. A place is shown that stands out from both
sides by `SHOWN` of what it does in the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter, median_filter

from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.render import rendered

SHAPES = (128, 256, 512, 1024)
SIZE = (384, 256)
SHOWN = 0.4
"""Share of a line's contrast at which it is seen."""

GAP = 3
"""Pixels along a line that may be missing, as where others cross it."""


FAINT = 5.0
"""Levels below which a line does not stand out in the picture itself, as where it is as light as what is behind it."""


class Line(NamedTuple):
    """A line's middle, points (N, 2) a pixel apart, its width in pixels and its color (3,)."""

    points: np.ndarray
    width: float
    color: np.ndarray


class Seen(NamedTuple):
    """Share of a line's length that is shown, and in how many pieces."""

    share: float
    pieces: int

    @property
    def verdict(self) -> str:
        """`whole`, `gone` or `broken`."""
        if self.share < 0.1:
            return "gone"
        return "whole" if self.share > 0.9 and self.pieces == 1 else "broken"


def main() -> None:
    """Print a row for each scene and number of shapes in Markdown."""
    print("| scene | shapes | lines | whole | gone | broken | pieces | PSNR |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    total: dict[int, list[Seen]] = {}
    for name, picture, lines in scenes():
        image = Image(picture)
        for shapes in SHAPES:
            drawn = rendered(trace(image, kind="photo", shapes=shapes).to_svg(), (image.width, image.height))
            found = [seen(line, picture, drawn) for line in lines]
            total.setdefault(shapes, []).extend(found)
            error = float(((drawn.astype(float) - picture) ** 2).mean())
            print(f"| {name} | {shapes} | {row(found)} | {10 * np.log10(255**2 / error):.2f} |", flush=True)
    for shapes, found in total.items():
        print(f"| all | {shapes} | {row(found)} | |")


def row(found: list[Seen]) -> str:
    """Count verdicts, and pieces of what is not gone."""
    counts = [sum(each.verdict == verdict for each in found) for verdict in ("whole", "gone", "broken")]
    pieces = [each.pieces for each in found if each.verdict != "gone"]
    return f"{len(found)} | " + " | ".join(map(str, counts)) + f" | {np.mean(pieces) if pieces else 0:.2f}"


def seen(line: Line, picture: np.ndarray, drawn: np.ndarray) -> Seen:
    """Look where a drawing shows a line of a picture."""
    away = line.width / 2 + 2.5
    way = np.gradient(line.points, axis=0)
    way /= np.hypot(*way.T)[:, None]
    normal = np.column_stack([-way[:, 1], way[:, 0]])
    inside = ((line.points >= away) & (line.points <= np.array(picture.shape[1::-1]) - away)).all(1)
    inside[:2] = inside[-2:] = False
    spots, normal = line.points[inside], normal[inside]

    def stands_out(of: np.ndarray) -> np.ndarray:
        middle, one, other = (at(of, spots + step * normal) for step in (0.0, away, -away))
        return np.asarray(middle - (one + other) / 2)

    true, got = stands_out(picture), stands_out(drawn)
    true = median_filter(true, (9, 1), mode="nearest")
    size = (true * true).sum(1)
    told = size > 3 * FAINT * FAINT
    if not told.any():
        return Seen(0.0, 0)
    shown = ((true * got).sum(1) > SHOWN * size)[told]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], shown, [0]])))
    starts, ends = edges[::2], edges[1::2]
    gaps = starts[1:] - ends[:-1]
    return Seen(float(shown.mean()), int(len(starts) - (gaps <= GAP).sum()))


def at(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Colors of a picture at places, (N, 3), mixed from the pixels around."""
    from scipy.ndimage import map_coordinates

    where = points[:, ::-1].T - 0.5
    return np.stack([map_coordinates(picture[..., k].astype(float), where, order=1) for k in range(3)], axis=1)


def scenes() -> Iterator[tuple[str, np.ndarray, list[Line]]]:
    """Pictures with their lines."""
    for ground in ("sky", "field", "slope"):
        for contrast in (25.0, 60.0, 120.0):
            rng = np.random.default_rng(7)
            picture = grounds(ground, rng)
            lines = rigging(picture, contrast, rng)
            yield f"masts and cables, {ground}, {contrast:.0f} levels", painted(picture, lines, rng), lines
        rng = np.random.default_rng(8)
        picture = grounds(ground, rng)
        lines = railing(picture, rng)
        yield f"railing, {ground}, 80 levels", painted(picture, lines, rng), lines


def grounds(name: str, rng: np.random.Generator) -> np.ndarray:
    """A photo-like ground (H, W, 3): a smooth sky, a field of leaves, or a hill before a sky."""
    width, height = SIZE
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    sky = np.array([120.0, 150, 190]) + (70 * y + 15 * np.sin(3 * x))[..., None] * np.array([1.0, 0.8, 0.5])
    clouds = gaussian_filter(rng.normal(size=(height, width)), 18)
    sky = sky + (12 * clouds / clouds.std())[..., None]
    if name == "sky":
        return sky
    leaves = np.array([105.0, 125, 80]) + np.zeros((height, width, 1))
    for spread, levels in ((1.0, 5.0), (3.0, 7.0), (9.0, 9.0)):
        noise = gaussian_filter(rng.normal(size=(height, width)), spread)
        leaves = leaves + (levels * noise / noise.std())[..., None] * np.array([1.0, 1.0, 0.6])
    if name == "field":
        return leaves
    hill = y > 0.55 + 0.1 * np.sin(5 * x + 1) - 0.15 * x
    return np.where(hill[..., None], leaves, sky)


def rigging(picture: np.ndarray, contrast: float, rng: np.random.Generator) -> list[Line]:
    """Masts, slanted and sagging cables, a bent branch: light and dark ones, some of them crossing."""
    width, height = SIZE
    t = np.linspace(0, 1, 600)[:, None]
    made = []
    for k, size in enumerate((1.0, 1.5, 2.0, 3.0, 4.0)):
        x = 30 + 62 * k + rng.uniform(-8, 8)
        lean = rng.uniform(-12, 12)
        made.append((np.array([[x, 20 + 5 * k]]) + t * np.array([[lean, height - 60 - 12 * k]]), size))
    for size, top, sag in ((1.0, 40, 25), (1.5, 90, 40), (2.5, 140, 18)):
        line = np.array([[8.0, top]]) + t * np.array([[width - 16.0, rng.uniform(-30, 30)]])
        made.append((line + 4 * sag * t * (1 - t) * np.array([[0.0, 1.0]]), size))
    turn = 2.2 * t - 0.3
    made.append((np.array([[330.0, 200.0]]) + 42 * np.hstack([np.cos(turn) - 1, -np.sin(turn)]), 2.0))
    mean = picture.mean(axis=(0, 1))
    signs = (-1, -1, 1, -1, 1, -1, -1, 1, -1)
    return [
        Line(spaced(points), size, np.clip(mean + sign * contrast, 0, 255))
        for (points, size), sign in zip(made, signs, strict=True)
    ]


def railing(picture: np.ndarray, rng: np.random.Generator) -> list[Line]:
    """Two rails and eighteen bars, all but upright."""
    mean = picture.mean(axis=(0, 1))
    t = np.linspace(0, 1, 600)[:, None]
    slant = rng.uniform(-10, 10)
    rails = [np.array([[20.0, y]]) + t * np.array([[340.0, slant]]) for y in (110.0, 170.0)]
    bars = []
    for x in np.arange(40.0, 350.0, 17.5):
        y = 110 + slant * (x - 20) / 340
        bars.append(np.array([[x, y]]) + t * np.array([[1.5, 60.0]]))
    color = np.clip(mean - 80, 0, 255)
    return [Line(spaced(line), 2.5, color) for line in rails] + [Line(spaced(line), 1.5, color) for line in bars]


def spaced(points: np.ndarray) -> np.ndarray:
    """Points along a line, about a pixel apart."""
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    where = np.linspace(0, length[-1], int(length[-1]) + 1)
    return np.column_stack([np.interp(where, length, points[:, k]) for k in (0, 1)])


def painted(picture: np.ndarray, lines: list[Line], rng: np.random.Generator) -> np.ndarray:
    """Paint lines on a picture as a lens and a sensor would: antialiased, a little soft, with grain."""
    from scipy.spatial import cKDTree

    height, width = picture.shape[:2]
    fine = 3
    x, y = ((np.arange(n * fine) + 0.5) / fine for n in (width, height))
    places = np.column_stack([each.ravel() for each in np.meshgrid(x, y)])
    big = picture.repeat(fine, 0).repeat(fine, 1)
    for line in lines:
        far, _ = cKDTree(line.points).query(places, distance_upper_bound=line.width + 2)
        cover = np.clip((line.width / 2 - far) * fine + 0.5, 0, 1).reshape(height * fine, width * fine, 1)
        big += cover * (line.color - big)
    sharp = big.reshape(height, fine, width, fine, 3).mean((1, 3))
    soft = gaussian_filter(sharp, (0.4, 0.4, 0))
    return np.clip(np.rint(soft + rng.normal(0, 2, soft.shape)), 0, 255).astype(np.uint8)
