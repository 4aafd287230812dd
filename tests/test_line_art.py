"""Pens draw as dark as they are asked to: laws of tone, of geometry and of paper for every style of line art."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
import resvg_py
from inked import inked
from PIL import Image as Pillow
from scipy.ndimage import label

from artkit.artwork.drawing import Drawing, Gradient, Layer, Page, Path, Shape
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.ops.pen.dots import halftone_dots, halftone_lines, stipple, tsp
from artkit.ops.pen.flow import flow
from artkit.ops.pen.hatch import crosshatch, hatch, hatch_fill
from artkit.ops.pen.ink import centerline, contour_lines, outline
from artkit.ops.pen.waves import scribble, spiral, waves
from artkit.ops.segment import kmeans, otsu
from artkit.pens.draw.inked import is_line, is_photo
from artkit.pens.separation import separated

pytestmark = pytest.mark.usefixtures("short_tours")

TONES = {
    "hatch": hatch,
    "crosshatch": crosshatch,
    "waves": waves,
    "spiral": spiral,
    "scribble": scribble,
    "stipple": stipple,
    "tsp": tsp,
    "flow": flow,
    "halftone-dots": halftone_dots,
    "halftone-lines": halftone_lines,
}
SMALL = {"page": "120x60mm", "margin": 5.0}
"""A page on which every style is quick, and still many times as wide as what it draws with."""

FEWER = {"stipple": {"points": 3000}}

STEPS = 6
DARK = np.linspace(0, 1, STEPS)


def ramp(dark=DARK, side=40):
    """Steps of gray from white to black, 6 x 3 squares."""
    levels = np.rint(255 * (1 - dark)).astype(np.uint8)
    return np.repeat(np.repeat(levels, side)[None], 3 * side, axis=0)


def rendered(drawing: Drawing, per_mm: float = 10):
    """Darkness (H, W) of the picture's part of the page, drawn by a renderer at the pens' widths."""
    data = bytes(resvg_py.svg_to_bytes(svg_string=inked(drawing), dpi=25.4 * per_mm, background="#ffffff"))
    gray = np.asarray(Pillow.open(io.BytesIO(data)).convert("L"), float)
    (x, y), page = drawing.page.offset, drawing.page
    assert gray.shape == (round(page.height * per_mm), round(page.width * per_mm))
    rows = slice(round(y * per_mm), round((y + drawing.height) * per_mm))
    columns = slice(round(x * per_mm), round((x + drawing.width) * per_mm))
    return 1 - gray[rows, columns] / 255


def steps_of(drawing: Drawing, count=STEPS):
    return np.array([part.mean() for part in np.array_split(rendered(drawing), count, axis=1)])


def lines_of(drawing: Drawing):
    """All lines as (N, 2) points, closed ones with their first point again."""
    paths = [path for shape in drawing.shapes for path in shape.paths]
    return [np.vstack([path.points, path.points[:1]]) if path.closed else path.points for path in paths]


def length(line):
    return np.hypot(*np.diff(line, axis=0).T).sum()


def photo(height=60, width=90):
    """A disc and a slope with grain."""
    y, x = np.mgrid[:height, :width]
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2
    pixels = np.dstack([40 + 2 * x % 200, 30 + 3 * y % 200, np.where(disc, 230, 60)])
    return Image(np.clip(pixels + np.random.default_rng(3).integers(-9, 9, pixels.shape), 0, 255).astype(np.uint8))


@pytest.mark.parametrize("name", TONES)
@pytest.mark.sample(2)
def test_a_gray_ramp_comes_out_as_that_ramp(name):
    found = steps_of(TONES[name](ramp(), **SMALL, **FEWER.get(name, {})))
    assert np.abs(found - DARK).max() < 0.05, np.round(found, 3)
    assert (np.diff(found) > 0).all()


def test_hatching_bent_over_forms_and_broken_between_spacings_keeps_the_tone():
    found = steps_of(hatch(ramp(), **SMALL, form=1.0, broken=True))
    assert np.abs(found - DARK)[:-1].max() < 0.03, np.round(found, 3)
    assert found[-1] > 0.88, "lines that bend apart leave some paper in the black"
    even = [
        part.mean()
        for part in np.array_split(rendered(hatch(np.full((30, 40), 96, np.uint8), **SMALL, broken=True)), 4)
    ]
    assert np.abs(np.array(even) - (1 - 96 / 255)).max() < 0.03
    straight, bent = (lines_of(hatch(photo(), **SMALL, form=form, broken=True)) for form in (0.0, 1.0))
    assert max(map(len, straight)) == 2 < max(map(len, bent))


@pytest.mark.parametrize("name", ["hatch", "stipple", "halftone-lines"])
@pytest.mark.slow
def test_less_ink_is_asked_for_by_tone(name):
    full, normal, light = (
        TONES[name](ramp(), **SMALL, **FEWER.get(name, {}), tone=tone) for tone in ("full", "normal", "light")
    )
    assert np.abs(steps_of(normal) - 0.88 * DARK**1.2).max() < 0.05
    metres = [sum(map(length, lines_of(drawing))) for drawing in (full, normal, light)]
    assert name != "stipple" or full.to_svg().count("a.") > 1000, "dots are arcs"
    assert 0.7 < metres[1] / metres[0] < 0.9 and 0.45 < metres[2] / metres[1] < 0.6


def test_fine_lines_are_as_dark_in_pixels_as_the_light_that_comes_from_them():
    from artkit.color.spaces import srgb_to_linear
    from artkit.render import rendered as seen

    drawing = hatch(np.full((60, 120), 102, np.uint8), **SMALL)
    light = srgb_to_linear(seen(drawing, (240, 120))[15:-15, 25:-25] / 255.0).mean()
    assert abs(light - 102 / 255) < 0.04


@pytest.mark.slow
def test_rows_suit_the_pen_and_the_paper():
    def rows(**values):
        drawing = waves(np.full((60, 60), 150, np.uint8), spacing=0, margin=0.0, **values)
        return drawing.height / len({round(float(np.median(line[:, 1])), 1) for line in lines_of(drawing)})

    assert rows(page="80x80mm") == pytest.approx(4.2 * 0.3, rel=0.1)
    assert rows(page="200x200mm", pen_width=0.3) == pytest.approx(200 / 130, rel=0.1)


def test_lines_beside_a_line_make_it_wider():
    from artkit.pens.draw.beside import beside
    from artkit.pens.lines import Lines

    ring = np.array([[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], float)
    found = beside(Lines.of([ring, [(20, 0), (20, 5)]]), 3, 0.2)
    assert len(found) == 6 and found.closed.sum() == 3
    assert np.sort([found[k][0, 0] for k in (1, 3, 5)]).tolist() == pytest.approx([19.8, 20, 20.2])


@pytest.mark.parametrize("name", TONES)
def test_a_wider_pen_draws_other_lines_and_the_same_tone(name):
    drawing = TONES[name](ramp(np.array([0.3, 0.6])), **SMALL, pen_width=0.7, **FEWER.get(name, {}))
    assert {layer.stroke_width for layer in drawing.layers} == {0.7}
    assert np.abs(steps_of(drawing, 2) - [0.3, 0.6]).max() < 0.06


@pytest.mark.parametrize("name", TONES)
@pytest.mark.sample(3)
def test_lines_stay_within_the_picture_and_none_is_too_short_or_drawn_twice(name):
    drawing = TONES[name](photo(), **SMALL, **FEWER.get(name, {}))
    lines = lines_of(drawing)
    pen = drawing.layers[0].stroke_width
    points = np.concatenate(lines)
    assert (points >= pen / 2 - 0.0051).all(), "lines lie on hundredths of a millimetre"
    assert (points <= np.array([drawing.width, drawing.height]) - pen / 2 + 0.0051).all()
    assert min(map(length, lines)) >= 0.1
    for line in lines:
        assert (np.abs(np.diff(line, axis=0)).max(1) > 0).all(), "a point is repeated"
    segments = np.concatenate([np.stack([line[:-1], line[1:]], axis=1) for line in lines])
    segments = np.sort(np.round(segments, 2).view("f8,f8"), axis=1)
    unique = np.unique(segments.reshape(len(segments), -1), axis=0)
    assert len(unique) >= 0.999 * len(segments)


@pytest.mark.parametrize("name", TONES)
@pytest.mark.sample(3)
def test_nothing_asks_for_nothing_and_gray_without_contrast_is_even(name):
    assert lines_of(TONES[name](np.full((30, 40), 255, np.uint8), **SMALL)) == []
    even = rendered(TONES[name](np.full((30, 40), 128, np.uint8), **SMALL, **FEWER.get(name, {})))
    quarters = [part.mean() for half in np.array_split(even, 2) for part in np.array_split(half, 2, axis=1)]
    assert np.abs(np.array(quarters) - 0.5).max() < 0.06


@pytest.mark.parametrize(
    "name", ["flow", "scribble", *(pytest.param(n, marks=pytest.mark.slow) for n in ("stipple", "tsp"))]
)
@pytest.mark.sample(1)
@pytest.mark.slow
def test_the_same_seed_draws_the_same_and_another_one_not(name):
    def bytes_of(seed):
        return TONES[name](photo(), **SMALL, **FEWER.get(name, {}), rng=np.random.default_rng(seed)).to_svg()

    assert bytes_of(5) == bytes_of(5) != bytes_of(6)


@pytest.mark.parametrize("name", TONES)
@pytest.mark.sample(3)
def test_transparent_parts_stay_bare(name):
    image = Image(
        np.full((40, 60, 3), 60, np.uint8), np.where(np.arange(60) < 30, 0, 255)[None].repeat(40, 0).astype("u1")
    )
    left, right = np.array_split(rendered(TONES[name](image, **SMALL, **FEWER.get(name, {}))), 2, axis=1)
    assert left[:, :-30].mean() < 0.02
    assert right[:, 30:].mean() > 0.6


def test_the_picture_lies_as_large_as_fits_in_the_middle_of_a_page_that_is_turned_as_it_is():
    wide = hatch(photo(40, 80), page="A5", margin=12.0)
    assert (wide.page.width, wide.page.height) == (210, 148)
    assert wide.width == pytest.approx(186)
    assert wide.page.offset == pytest.approx((12, (148 - 93) / 2))
    tall = hatch(photo(80, 40), page="A5", margin=12.0)
    assert (tall.page.width, tall.page.height) == (148, 210)
    given = hatch(photo(80, 40), page="100x50mm")
    assert (given.page.width, given.page.height) == (100, 50)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"page": "A99"}, "page"),
        ({"page": "20x20mm", "margin": 10.0}, "margin"),
        ({"page": "22x22mm", "pen_width": 5.0}, "too wide"),
        ({"pens": ("cmyk", "red")}, "cmyk"),
        ({"pens": ("red", "red")}, "twice"),
        ({"pens": ("white",)}, "white"),
        ({"pens": ("reed",)}, "reed"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_line(values, said):
    with pytest.raises(UsageError, match=said) as caught:
        hatch(photo(), **values)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_each_pen_is_a_layer_in_its_color_and_together_they_make_the_color():
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, :20], image[:, 20:40], image[:, 40:] = (230, 60, 50), (70, 120, 200), (130, 130, 130)
    drawing = crosshatch(image, layers=2, pens="cmyk", detail=0, **SMALL)
    assert [layer.name for layer in drawing.layers] == [
        "1 - yellow 0.3mm", "2 - cyan 0.3mm", "3 - magenta 0.3mm", "4 - black 0.3mm",
    ]  # fmt: skip
    assert [{shape.stroke for shape in layer.shapes} for layer in drawing.layers] == [
        {color} for color in ("#fff200", "#00aeef", "#ec008c", "#000000")
    ]
    printed = 1.0  # inks let through what the others leave: pens overlap on paper as filters do
    for layer in drawing.layers:
        data = bytes(
            resvg_py.svg_to_bytes(svg_string=inked(drawing.replace(layers=[layer])), dpi=254, background="#fff")
        )
        printed = printed * np.asarray(Pillow.open(io.BytesIO(data)).convert("RGB"), float) / 255
    (x, y), third = drawing.page.offset, drawing.width / 3
    for number, color in enumerate(((230, 60, 50), (70, 120, 200), (130, 130, 130))):
        left = x + number * third
        part = printed[
            round(10 * y + 20) : round(10 * (y + drawing.height) - 20),
            round(10 * left + 20) : round(10 * (left + third) - 20),
        ]
        assert np.abs(255 * part.mean((0, 1)) - color).max() < 22, number


def test_separated_colors_are_those_that_pens_can_make():
    pens = ("#000000", "#d02010", "#0044cc")
    rng = np.random.default_rng(0)
    amounts = rng.uniform(0, 1, (3, 200))
    inks = np.array([[0, 0, 0], [208, 32, 16], [0, 68, 204]]) / 255
    colors = np.prod(1 - amounts[:, :, None] * (1 - inks[:, None]), axis=0)
    found = separated((255 * colors[None]).astype(np.float32), pens)[:, 0]
    again = np.prod(1 - found[:, :, None] * (1 - inks[:, None]), axis=0)
    assert ((found >= 0) & (found <= 1)).all()
    assert np.sqrt(((again - colors) ** 2).mean()) < 0.03


@pytest.mark.slow
def test_a_tour_is_one_closed_line_without_crossings_of_much_length():
    drawing = tsp(photo(), **SMALL)
    paths = [path for shape in drawing.shapes for path in shape.paths]
    assert len(paths) == 1 and paths[0].closed
    points = paths[0].points
    assert len(np.unique(points, axis=0)) == len(points)


def test_a_tour_is_near_the_shortest():
    from artkit.pens.draw.tour import tour

    points = np.random.default_rng(1).uniform(0, 1, (2000, 2))
    order = tour(points)
    assert sorted(order.tolist()) == list(range(2000))
    ring = points[np.append(order, order[0])]
    # The shortest of so many random points is near 0.7124 * sqrt(n A) (Beardwood, Halton and Hammersley 1959).
    assert length(ring) < 1.12 * 0.7124 * np.sqrt(2000)


def test_tours_of_few_points():
    from artkit.pens.draw.tour import tour

    for count in range(1, 9):
        points = np.random.default_rng(count).uniform(0, 1, (count, 2))
        assert sorted(tour(points).tolist()) == list(range(count))


def test_too_few_points_for_a_tour_make_the_picture_lighter_and_a_note_says_so():
    said = []
    drawing = tsp(ramp(np.array([0.4, 0.8])), points=500, pen_width=0.3, report=said.append, **SMALL)
    assert len(said) == 1 and "500 points reach" in said[0]
    light, dark = steps_of(drawing, 2)
    assert light < 0.3 and dark < 0.6 and light < dark


def squares(colors, side=40.0):
    shapes = []
    for number, color in enumerate(colors):
        x = side * number
        ring = np.array([[x, 0], [x + side, 0], [x + side, side], [x, side]])
        shapes.append(Shape([Path(ring)], color))
    return Drawing(side * len(colors), side, [Layer(shapes)])


def test_hatched_fills_are_as_dark_as_their_colors():
    grays = [f"#{level:02x}{level:02x}{level:02x}" for level in (255, 204, 153, 102, 51, 0)]
    for layers in (1, 3):
        found = steps_of(hatch_fill(squares(grays), layers=layers, page="190x50mm", margin=5.0))
        assert np.abs(found - DARK).max() < 0.05, (layers, np.round(found, 3))


def test_hatched_fills_end_at_borders_and_what_is_covered_is_not_hatched():
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    disc = np.column_stack([50 + 30 * np.cos(turn), 40 + 30 * np.sin(turn)])
    hole = np.column_stack([50 + 10 * np.cos(turn), 40 + 10 * np.sin(turn)])
    sheet = np.array([[0, 0], [100, 0], [100, 80], [0, 80]], float)
    shapes = [Shape([Path(sheet)], "#808080"), Shape([Path(disc), Path(hole)], "#ffffff")]
    drawing = hatch_fill(Drawing(100, 80, [Layer(shapes)]), page="120x100mm", margin=10.0)
    scale = drawing.width / 100
    pen = drawing.layers[0].stroke_width
    for line in lines_of(drawing):
        middle = np.concatenate([np.linspace(a, b, 50) for a, b in pairwise(line)]) / scale
        far = np.hypot(*(middle - [50, 40]).T)
        assert ((far > 30 - 1e-3) | (far < 10 + 1e-3)).all(), "a line runs through the white ring"
        ends = np.hypot(*(line / scale - [50, 40]).T)
        assert ((ends >= 30 + 0.4 * pen / scale) | (ends <= 10) | (ends > 29)).all()
    inside = [line for line in lines_of(drawing) if np.hypot(*(line.mean(0) / scale - [50, 40])) < 10]
    assert inside, "what shows through the hole is hatched"


def test_a_hatched_gradient_changes_along_it():
    fill = Gradient((0, 0), (100, 0), ("#ffffff", "#000000"))
    ring = np.array([[0, 0], [100, 0], [100, 40], [0, 40]], float)
    drawing = hatch_fill(Drawing(100, 40, [Layer([Shape([Path(ring)], fill)])]), page="120x60mm", margin=10.0)
    found = steps_of(drawing, 5)
    assert np.abs(found - [0.1, 0.3, 0.5, 0.7, 0.9]).max() < 0.05


def test_a_drawing_on_a_page_keeps_its_place_when_it_is_hatched():
    drawing = squares(["#404040"]).replace(page=Page(100, 80, 0.5, (30, 20)))
    found = hatch_fill(drawing)
    assert found.page == Page(100, 80, 1.0, (30, 20))
    low, high = np.concatenate(lines_of(found)).min(0), np.concatenate(lines_of(found)).max(0)
    assert (low >= 0).all() and (high <= 20).all() and (high > 19).all()


def test_every_border_of_regions_is_drawn_once():
    ids = np.zeros((30, 40), np.int32)
    ids[:, 20:] = 1
    ids[15:, 20:] = 2
    palette = np.array([[0, 0, 0], [255, 255, 255], [128, 128, 128]], np.uint8)
    drawing = outline(Labels(ids, palette), page="100x80mm", margin=10.0)
    scale = drawing.width / 40
    total = sum(map(length, lines_of(drawing)))
    pen = drawing.layers[0].stroke_width
    whole = 2 * (40 + 30) + 30 + 20
    assert total / scale == pytest.approx(whole, rel=0.02), pen
    inner = outline(Labels(ids, palette), border=False, page="100x80mm", margin=10.0)
    assert sum(map(length, lines_of(inner))) / scale == pytest.approx(50, rel=0.03)


def test_borders_of_little_contrast_are_left_out():
    ids = np.repeat(np.arange(3, dtype=np.int32), 10)[None].repeat(20, 0)
    labels = Labels(ids, np.array([[100] * 3, [104] * 3, [200] * 3], np.uint8))
    assert len(lines_of(outline(labels, border=False))) == 1
    assert len(lines_of(outline(labels, border=False, contrast=0.0))) == 2


@pytest.mark.parametrize("step", [lambda image: kmeans(image, colors=3, rng=np.random.default_rng(0)), otsu])
def test_regions_of_an_earlier_step_are_outlined_however_their_parts_are_numbered(step):
    # In noise many pixels touch at corners: its connected parts fall into other ones when they are numbered anew.
    noise = np.random.default_rng(1).integers(0, 256, (24, 24, 3)).astype(np.uint8)
    assert lines_of(outline(step(Image.of(noise)), shortest=0.1))


def test_borders_of_black_and_white_are_never_borders_of_little_contrast():
    ids = np.random.default_rng(1).integers(0, 2, (24, 24)).astype(np.int32)
    labels = Labels(ids, np.array([[0] * 3, [255] * 3], np.uint8))
    every, strong = (outline(labels, contrast=contrast, shortest=0.1) for contrast in (0.0, 254.0))
    assert len(lines_of(every)) == len(lines_of(strong)) > 50


def test_contour_lines_of_a_slope_are_straight_and_as_far_apart_as_its_levels():
    slope = np.repeat(np.linspace(0, 255, 120).astype(np.uint8)[None], 60, axis=0)
    drawing = contour_lines(slope, levels=5, balance=0.0, smooth=0.5, page="140x80mm", margin=10.0)
    lines = sorted(lines_of(drawing), key=lambda line: line[0, 0])
    assert len(lines) == 5
    places = [line[:, 0].mean() for line in lines]
    assert np.diff(places) == pytest.approx(np.diff(places).mean(), rel=0.06)
    assert all(np.ptp(line[:, 0]) < 0.5 for line in lines)


def strokes(lines, width=3.0, size=(120, 160)):
    """Dark strokes on light paper with some grain and a shadow, antialiased."""
    y, x = np.mgrid[: size[0], : size[1]] + 0.5
    near = np.full(size, np.inf)
    for line in lines:
        for (x1, y1), (x2, y2) in pairwise(line):
            dx, dy = x2 - x1, y2 - y1
            t = np.clip(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy), 0, 1)
            near = np.minimum(near, np.hypot(x - x1 - t * dx, y - y1 - t * dy))
    ink = np.clip(width / 2 - near + 0.5, 0, 1)
    paper = 235 - 50 * x / size[1]
    gray = paper * (1 - ink) + 40 * ink + np.random.default_rng(0).normal(0, 3, size)
    return np.clip(gray, 0, 255).astype(np.uint8)


def test_a_stroke_becomes_its_middle():
    turn = np.linspace(0, 2 * np.pi, 100)
    circle = np.column_stack([60 + 35 * np.cos(turn), 60 + 35 * np.sin(turn)])
    drawing = centerline(strokes([circle, [(115, 20), (145, 100)]], 5.0), page="160x120mm", margin=0.0)
    lines = sorted(lines_of(drawing), key=length)
    assert len(lines) == 2
    scale = drawing.width / 160
    bar, ring = (line / scale for line in lines)
    assert np.abs(np.hypot(*(ring - 60).T) - 35).max() < 0.8
    assert (ring[0] == ring[-1]).all()
    across = np.array([80.0, -30.0]) / np.hypot(80, 30)
    assert np.abs((bar - [115, 20]) @ across).max() < 1.3  # the skeleton's ends wander a little
    assert length(bar) > 75


def test_crossing_strokes_go_straight_on():
    drawing = centerline(strokes([[(20, 20), (140, 100)], [(20, 100), (140, 20)]]), page="160x120mm", margin=0.0)
    lines = lines_of(drawing)
    assert len(lines) == 2
    for line in lines:
        assert length(line) == pytest.approx(np.hypot(120, 80) * drawing.width / 160, rel=0.06)
        assert np.hypot(*(line[-1] - line[0])) > 0.95 * length(line)


def test_paper_without_ink_has_no_center_lines():
    assert lines_of(centerline(strokes([], 3.0))) == []
    assert lines_of(centerline(np.full((20, 30), 255, np.uint8))) == []


def test_light_ink_on_dark_paper():
    dark = 255 - strokes([[(20, 60), (140, 60)]])
    assert len(lines_of(centerline(dark, ink="light"))) == 1


@pytest.mark.parametrize("op", [*TONES.values(), outline, contour_lines, centerline])
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (2, 2)])
@pytest.mark.sample(8)
def test_tiny_pictures_are_drawn_or_refused_in_one_line(op, shape):
    tiny = np.full(shape, 90, np.uint8)
    try:
        drawing = op(tiny, page="60x40mm", margin=5.0)
    except UsageError as error:
        assert "\n" not in str(error)
        return
    assert isinstance(drawing, Drawing)
    for line in lines_of(drawing):
        assert np.isfinite(line).all()


def test_lines_of_a_photo_go_on_and_grain_is_none():
    """A dark arc of uneven strength in grain on a ground that grows lighter."""
    y, x = np.mgrid[:200, :300]
    far = np.abs(np.hypot(x - 150, y - 230) - 150)
    grain = np.random.default_rng(1).normal(0, 18, far.shape)
    level = 90 + 0.3 * x - 45 * np.exp(-((far / 2) ** 2)) * (1 + 0.6 * np.sin(x / 6)) + grain
    image = Image(np.dstack([np.clip(level, 0, 255)] * 3).astype(np.uint8))
    assert is_photo(image)
    found = is_line(image, 12)
    assert found[far < 1.5].mean() > 0.6 and found[far > 8].mean() < 0.003
    assert label(found, np.ones((3, 3)))[1] < 16
    turned = is_line(Image(np.ascontiguousarray(np.rot90(image.pixels))), 12)
    assert (np.rot90(found) != turned).mean() < 0.001


def test_what_is_darker_than_middle_gray_is_no_paper():
    """A dark and even picture, as of the moon, is a photo; the same on light paper is a drawing."""
    level = np.full((60, 90), 110, np.uint8)
    level[20:23, 10:80] = 60
    assert is_photo(Image(np.dstack([level] * 3)))
    assert not is_photo(Image(np.dstack([level + 60] * 3)))
