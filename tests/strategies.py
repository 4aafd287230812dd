"""Artworks by chance, for hypothesis: drawings, labels and animations of every awkward kind that their types allow."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from maps import label_images

from artkit import Animation, Drawing, Image, Labels, Layer, Page, Path, Shape
from artkit.artwork.animation import PaletteAnimation
from artkit.artwork.drawing import (
    CUBIC,
    LINE,
    QUADRATIC,
    AnimatedDrawing,
    Gradient,
    Shadow,
)

COLORS = st.sampled_from(["#000000", "#ffffff", "#cc2200", "#0044cc", "#f4e9d8", "#7f8081"])
SHARES = st.sampled_from([0.0, 0.25, 0.5, 1.0])
COORDINATES = st.integers(-20, 240).map(lambda n: n / 8)
"""From beyond the sheet on one side to beyond it on the other."""

POINTS = st.tuples(COORDINATES, COORDINATES)


@st.composite
def gradients(draw) -> Gradient:
    """Linear and radial ones of two to five colors, also with two stops in one place, or without any length."""
    colors = tuple(draw(st.lists(COLORS, min_size=2, max_size=5)))
    stops: tuple[float, ...] = ()
    if draw(st.booleans()):
        stops = tuple(sorted(draw(st.lists(SHARES, min_size=len(colors), max_size=len(colors)))))
    return Gradient(draw(POINTS), draw(POINTS), colors, radial=draw(st.booleans()), stops=stops)


@st.composite
def paths(draw, closed: bool | None = None) -> Path:
    """Polylines and curves of all kinds, open and closed; a single point, too, and points that repeat."""
    closed = draw(st.booleans()) if closed is None else closed
    if draw(st.booleans()):
        points = draw(st.lists(POINTS, min_size=1, max_size=6))
        return Path(np.array(points, np.float64), None, closed)
    kinds = np.array(draw(st.lists(st.sampled_from([LINE, QUADRATIC, CUBIC]), min_size=1, max_size=4)), np.uint8)
    count = 1 + int(kinds.sum())
    points = draw(st.lists(POINTS, min_size=count, max_size=count))
    if closed and draw(st.booleans()):
        points[-1] = points[0]
    return Path(np.array(points, np.float64), kinds, closed)


@st.composite
def shapes(draw) -> Shape:
    """Filled, stroked or both; what is filled is closed, as all that artkit makes. Some have no path."""
    fill = draw(st.none() | COLORS | gradients())
    stroke = draw(COLORS) if fill is None else draw(st.none() | COLORS)
    parts = draw(st.lists(paths(closed=True) if fill else paths(), max_size=3))
    return Shape(parts, fill=fill, stroke=stroke, opacity=draw(SHARES | st.just(1.0)))


@st.composite
def layers(draw) -> Layer:
    """Layers with and without shapes, names, shadow and blur."""
    shadow = st.builds(Shadow, st.tuples(SHARES, SHARES), SHARES, COLORS, SHARES)
    return Layer(
        draw(st.lists(shapes(), max_size=3)),
        name=draw(st.sampled_from(["", "ink", "1-black 0.3mm", 'a "b" <&> ü'])),
        stroke_width=draw(st.sampled_from([0.1, 0.3, 1.0, 4.0])),
        shadow=draw(st.none() | shadow),
        blur=draw(st.sampled_from([0.0, 0.0, 1.5])),
    )


@st.composite
def drawings(draw) -> Drawing:
    """Drawings in pixels and on pages in millimetres, with any number of layers, none included."""
    width, height = draw(st.sampled_from([(30.0, 20.0), (6.0, 6.0), (24.5, 30.25)]))
    page = Page(40.0, 30.0, draw(st.sampled_from([0.25, 1.0])), draw(st.sampled_from([(0.0, 0.0), (3.0, 2.5)])))
    return Drawing(
        width,
        height,
        draw(st.lists(layers(), max_size=3)),
        background=draw(st.none() | COLORS),
        page=draw(st.sampled_from([None, page])),
        grid=draw(st.sampled_from([1, 10, 100])),
        title=draw(st.sampled_from(["", "A & B"])),
    )


@st.composite
def animated_drawings(draw) -> AnimatedDrawing:
    """Drawings that draw themselves within half a second."""
    drawing = draw(drawings())
    times = []
    for layer in drawing.layers:
        begins = np.sort(np.array([draw(SHARES) for _ in layer.shapes], np.float64)) / 4
        times.append(np.column_stack([begins, begins + 0.2]))
    return AnimatedDrawing(
        drawing.width,
        drawing.height,
        drawing.layers,
        drawing.background,
        drawing.page,
        times=tuple(times),
        seconds=0.5,
        fps=6,
    )


@st.composite
def pictures(draw) -> Image:
    """Noise of few and of many colors, with and without transparency, of 1 to 12 pixels a side."""
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    step = draw(st.sampled_from([1, 60, 255]))
    pixels = (random.integers(0, 256, (height, width, 3)) // step * step).astype(np.uint8)
    alpha = draw(st.sampled_from([None, (0,), (255,), (0, 255), (0, 90, 200, 255)]))
    return Image(pixels, None if alpha is None else random.choice(np.array(alpha, np.uint8), (height, width)))


@st.composite
def labels(draw) -> Labels:
    """Labels with diagonals, holes and transparent pixels; more colors than labels, and colors that occur twice."""
    ids = draw(label_images())
    used = int(ids.max()) + 1
    palette = draw(st.lists(st.sampled_from([0, 40, 128, 255]), min_size=3 * max(used, 1), max_size=3 * (used + 3)))
    palette = palette[: len(palette) // 3 * 3]
    source = None
    if draw(st.booleans()):
        random = np.random.default_rng(0)
        source = Image(random.integers(0, 256, (*ids.shape, 3)).astype(np.uint8))
    return Labels(ids, np.array(palette, np.uint8).reshape(-1, 3), source)


@st.composite
def animations(draw) -> Animation:
    """Frames on their own, and frames that are one picture, or regions, under other colors."""
    count = draw(st.integers(1, 3))
    source = draw(pictures() | labels())
    if draw(st.booleans()):
        picture = Image.of(source)
        return Animation(
            count, lambda i: picture.with_pixels(np.roll(picture.pixels, i, axis=1)), loop=draw(st.integers(0, 2))
        )

    def change(i: int, of: Image | Labels) -> Image | Labels:
        if isinstance(of, Labels):
            return Labels(of.ids, of.palette ^ np.uint8(37 * i), of.source)
        return of.with_pixels(of.pixels ^ np.uint8(37 * i))

    return PaletteAnimation.of(source, count, change)
