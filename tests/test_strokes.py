"""Lines of even width come back as strokes: their middle, width, ends and corners; all else stays what it was."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest

from artkit.artwork.drawing import CUBIC, LINE, Drawing, Layer, LineStyle, Path, Shape
from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.pens.strokes import from_drawing
from artkit.render import rendered
from artkit.tracer.closeness import psnr
from artkit.tracer.strokes.arcs import parts_of
from artkit.tracer.strokes.ruled import through
from artkit.tracer.strokes.skeleton import thinned

INK = "#1d2733"


def svg(body, size, style=""):
    box = f'width="{size}" height="{size}" viewBox="0 0 {size} {size}"'
    ink = f'fill="none" stroke="{INK}" {style}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><g {ink}>{body}</g></svg>'


def picture(text, size):
    """A drawing as pixels, each the mean of 8 x 8 samples."""
    fine = rendered(text, (8 * size, 8 * size)).reshape(size, 8, size, 8, 3)
    return Image(np.rint(fine.mean((1, 3))).astype(np.uint8))


def styled(width, cap="round", join="round"):
    return f'stroke-width="{width}" stroke-linecap="{cap}" stroke-linejoin="{join}"'


def traced(body, size=96, style="", **options):
    text = svg(body, size, style)
    drawing = trace(picture(text, size), **options)
    close = psnr(rendered(drawing, (4 * size, 4 * size)), rendered(text, (4 * size, 4 * size)))
    return drawing, close


def strokes(drawing):
    return [shape for shape in drawing.shapes if shape.line is not None]


def count(shapes):
    return sum(path.segments for shape in shapes for path in shape.paths)


WIDTHS = [2, 2.6, 3.1, 5.3, 8, 12.5]


@pytest.mark.parametrize(("width", "cap"), [*product(WIDTHS, ["round", "butt"])])
@pytest.mark.slow
def test_a_line_comes_back_as_one_segment_of_its_width(width, cap):
    drawing, close = traced('<path d="M18.3 20.1 77.2 61.7"/>', style=styled(width, cap))
    (shape,) = strokes(drawing)
    assert shape.stroke == INK
    assert shape.fill is None
    assert shape.line.width == pytest.approx(width, abs=0.05)
    assert shape.line.cap == cap
    assert count([shape]) == 1
    assert len(list(drawing.shapes)) == 1
    assert close > 38


@pytest.mark.parametrize(("width", "join"), [*product([3, 5.3, 8], ["round", "miter", "bevel"])])
@pytest.mark.slow
def test_corners_are_joined_as_they_were(width, join):
    drawing, close = traced('<path d="M14 70 40.5 20 82 74.5"/>', style=styled(width, "butt", join))
    (shape,) = strokes(drawing)
    assert (shape.line.cap, shape.line.join) == ("butt", join)
    assert shape.line.width == pytest.approx(width, abs=0.05)
    assert count([shape]) == 2
    assert close > 38


@pytest.mark.parametrize("width", [2, 4, 7])
def test_rings_are_circles(width):
    drawing, close = traced('<circle cx="47.3" cy="50.1" r="30.4"/>', style=styled(width))
    (shape,) = drawing.shapes
    assert shape.line.width == pytest.approx(width, abs=0.05)
    found = re.search(r'viewBox="0 0 (\d+).*<circle[^>]* cx="(\d+)" cy="(\d+)" r="(\d+)"', drawing.to_svg(), re.DOTALL)
    scale, *places = np.array(found.groups(), float)
    assert np.allclose(np.array(places) / scale * 96, [47.3, 50.1, 30.4], atol=0.05)
    assert close > 42


@pytest.mark.parametrize("width", [3, 6])
def test_lines_go_on_through_crossings_and_end_beneath_others(width):
    body = '<path d="M12 20H84"/><path d="M30 20V84"/><path d="M12 60 84 74"/>'
    drawing, close = traced(body, style=styled(width))
    (shape,) = strokes(drawing)
    assert len(shape.paths) == 3
    assert count([shape]) == 3
    ends = sorted(np.rint(path.points[k] * 4).tolist() for path in shape.paths for k in (0, -1))
    assert ends == [[48, 80], [48, 240], [120, 80], [120, 336], [336, 80], [336, 296]]
    assert close > 42


def test_arrows_are_a_shaft_and_a_head():
    drawing, close = traced('<path d="M66 48 48 30 30 48M48 30V72"/>', style=styled(7))
    (shape,) = strokes(drawing)
    assert count([shape]) == 3
    assert close > 42


def test_round_rectangles_are_rectangles():
    drawing, close = traced('<rect x="15" y="22" width="66" height="48" rx="10"/>', style=styled(6))
    (shape,) = drawing.shapes
    assert shape.paths[0].kinds.tolist() == [LINE, CUBIC] * 4
    pattern = r'viewBox="0 0 (\d+).*<rect[^>]* x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)" rx="(\d+)"'
    scale, *places = np.array(re.search(pattern, drawing.to_svg(), re.DOTALL).groups(), float)
    assert np.allclose(np.array(places) / scale * 96, [15, 22, 66, 48, 10], atol=0.1)
    assert close > 42


def test_rounded_paths_are_lines_and_arcs():
    drawing, close = traced('<path d="M15 30A10 10 0 0 1 25 20H60A18 18 0 0 1 78 38V80"/>', style=styled(6))
    assert len(strokes(drawing)) == 1
    data = re.search(r' d="([^"]*)"', drawing.to_svg()).group(1)
    assert re.sub("[^a-z]", "", data) == "mahav"
    assert close > 42


def test_a_stroke_that_runs_against_a_shape_is_left_to_it():
    box = '<rect x="58.4" y="30.2" width="30" height="40" fill="#e02" stroke="none"/>'
    body = f'<path d="M20.3 50H60" stroke="#0a0"/>{box}'
    drawing, _ = traced(body, style='stroke-width="8"')
    assert not [shape for shape in strokes(drawing) if shape.stroke == "#00aa00"]


def test_corners_rounder_than_half_the_width_are_found_below_the_inner_corner():
    drawing, close = traced('<path d="M18 80V24A4 4 0 0 1 22 20H80"/>', style=styled(12, "butt"))
    (shape,) = strokes(drawing)
    assert count([shape]) == 3
    assert close > 40


def test_half_circles_are_one_arc_or_two():
    drawing, close = traced('<path d="M20 50A28 28 0 0 1 76 50"/>', style=styled(5))
    (shape,) = strokes(drawing)
    assert count([shape]) <= 2
    assert close > 42


ICONS = [
    '<circle cx="48" cy="48" r="38"/><path d="M30 48l12 12 24-24"/>',
    '<rect x="12" y="20" width="72" height="56" rx="8"/><path d="M12 40H84M32 76V58"/>',
    '<path d="M12 48s14-26 36-26 36 26 36 26-14 26-36 26-36-26-36-26z"/><circle cx="48" cy="48" r="11"/>',
    '<path d="M12 12 84 84M36 18A30 30 0 0 1 80 54M24 40 12 70H58"/>',
]


@pytest.mark.parametrize(("body", "width"), [*product(ICONS, [4, 8])])
@pytest.mark.slow
def test_icons_are_closer_as_strokes_and_take_fewer_segments(body, width):
    drawing, close = traced(body, style=styled(width))
    outlines, before = traced(body, style=styled(width), strokes="never")
    assert strokes(drawing)
    assert not strokes(outlines)
    assert close > before - 0.5
    assert count(drawing.shapes) <= 0.75 * count(outlines.shapes)
    assert all(abs(shape.line.width - width) < 0.05 for shape in strokes(drawing))


@pytest.mark.parametrize(("cap", "dashes"), [("butt", (9, 5)), ("round", (7, 12)), ("butt", (11, 6.3))])
@pytest.mark.slow
def test_rows_of_equal_dashes_are_one_dashed_line(cap, dashes):
    style = styled(4, cap) + f' stroke-dasharray="{dashes[0]} {dashes[1]}"'
    drawing, close = traced('<path d="M10.2 20.3 86 60"/>', style=style)
    long = [shape for shape in strokes(drawing) if shape.line.dashes]
    (shape,) = long
    assert shape.line.cap == cap
    assert np.allclose(shape.line.dashes, dashes, atol=0.15)
    assert shape.paths[0].segments == 1
    assert len(strokes(drawing)) <= 2  # the last dash may be shorter
    assert close > traced('<path d="M10.2 20.3 86 60"/>', style=style, strokes="never")[1] - 0.5


def test_dashes_around_a_circle_are_one_dashed_circle():
    length = 2 * np.pi * 32 / 7
    style = styled(5, "butt") + f' stroke-dasharray="{0.6 * length} {0.4 * length}"'
    drawing, close = traced('<circle cx="48" cy="48" r="32"/>', style=style)
    (shape,) = drawing.shapes
    assert np.allclose(shape.line.dashes, [0.6 * length, 0.4 * length], atol=0.2)
    assert shape.paths[0].closed
    assert close > 36  # outlines of so small a picture are polished, and closer


def test_unlike_dashes_stay_what_they_are():
    drawing, _ = traced('<path d="M10 20H30M36 20H50M56 20H86M20 50H50M62 50H80"/>', style=styled(4))
    assert not any(shape.line.dashes for shape in strokes(drawing))
    assert len(strokes(drawing)) == 5


def test_an_outlined_shape_is_a_fill_beneath_a_stroke():
    body = '<rect x="20" y="24" width="52" height="44" fill="#e04030"/>'
    drawing, close = traced(body, style=styled(5, "butt", "miter"))
    fill, stroke = drawing.shapes
    assert (fill.fill, stroke.stroke) == ("#e04030", INK)
    assert fill.paths[0].segments <= 8
    assert stroke.line.join == "miter"
    # Nothing of the ground shows between them: the fill reaches as far as the middle of the stroke.
    assert np.abs(np.ptp(fill.paths[0].points, axis=0) - [52, 44]).max() < 1
    assert close > 40


def test_two_colors_that_meet_beneath_a_stroke_meet_at_its_middle():
    size = 80
    text = svg(
        '<rect width="40.3" height="80" fill="#fc0" stroke="none"/><rect x="40.3" width="40" height="80" fill="#06c" '
        'stroke="none"/><path d="M40.3 -9V89"/>',
        size,
        styled(6),
    )
    drawing = trace(picture(text, size), strokes="always")
    (stroke,) = strokes(drawing)
    assert stroke.line.width == pytest.approx(6, abs=0.05)
    shown = rendered(drawing, (size, size)).astype(int)
    assert np.abs(shown - picture(text, size).pixels).max() <= 20


@pytest.mark.parametrize(
    "body",
    [
        '<path fill="#000" stroke="none" d="M48 10 86 86 10 70z"/>',
        '<circle cx="48" cy="48" r="30" fill="#000" stroke="none"/>',
        '<path fill="#000" stroke="none" d="M10 40 86 20 86 60z"/>',
        '<path fill="#000" stroke="none" d="M10 48C30 10 60 80 86 30 70 90 30 40 10 48"/>',
    ],
)
@pytest.mark.slow
def test_shapes_of_uneven_width_keep_their_outline(body):
    drawing, _ = traced(body)
    assert not strokes(drawing)
    assert drawing.to_svg() == traced(body, strokes="never")[0].to_svg()


def test_what_is_translucent_stays_so():
    ids = np.zeros((64, 64), bool)
    ids[28:34, 8:56] = True
    pixels = np.where(ids[..., None], [20, 40, 200], [255, 255, 255]).astype(np.uint8)
    alpha = np.where(ids, 120, 0).astype(np.uint8)
    drawing = trace(Image(pixels, alpha))
    assert all(abs(shape.opacity - 120 / 255) < 0.01 for shape in drawing.shapes)
    assert not strokes(drawing)


def test_strokes_on_nothing_leave_the_rest_open():
    alpha = picture(svg('<path d="M12 20 70 60"/>', 80, styled(6)), 80).pixels[..., 0]
    alpha = (255 - (alpha.astype(float) - 29) / (255 - 29) * 255).clip(0, 255).astype(np.uint8)
    drawing = trace(Image(np.full((80, 80, 3), 29, np.uint8), alpha))
    assert drawing.background is None
    assert [shape.fill for shape in drawing.shapes] == [None]


@pytest.mark.parametrize("mode", ["auto", "always"])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (1, 60), (60, 1), (2, 70)])
def test_the_smallest_pictures_are_traced(shape, mode):
    pixels = np.where(np.add.outer(np.arange(shape[0]), np.arange(shape[1]))[..., None] % 2, 0, 255)
    drawing = trace(Image(np.broadcast_to(pixels, (*shape, 3)).astype(np.uint8)), strokes=mode, kind="flat")
    assert (drawing.height, drawing.width) == shape


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.slow
def test_pictures_of_noise_do_no_harm(seed):
    rng = np.random.default_rng(seed)
    labels = np.kron(rng.integers(0, 3, (24, 24)), np.ones((3, 3), int))
    pixels = np.array([[0, 0, 0], [255, 255, 255], [200, 30, 60]], np.uint8)[labels]
    drawing = trace(Image(pixels), strokes="always", kind="flat", tolerance=0.3)
    assert all(np.isfinite(path.points).all() for shape in drawing.shapes for path in shape.paths)


def test_the_same_picture_gives_the_same_bytes():
    text = svg(ICONS[3], 96, styled(6))
    assert trace(picture(text, 96)).to_svg() == trace(picture(text, 96)).to_svg()


def test_always_takes_bars_that_auto_leaves():
    body = '<rect x="20" y="30" width="40" height="16" fill="#000" stroke="none"/>'
    assert not strokes(traced(body)[0])


# Pieces ---------------------------------------------------------------------------------------------------------------


def test_parts_are_the_lines_and_arcs_that_stations_lie_on():
    line = np.column_stack([np.arange(0, 40), np.zeros(40)])
    angle = np.arange(1, 32) / 20
    arc = np.column_stack([39 + 20 * np.sin(angle), 20 - 20 * np.cos(angle)])
    rng = np.random.default_rng(0)
    points = np.vstack([line, arc]) + rng.normal(0, 0.01, (71, 2))
    first, second = parts_of(points)
    assert first.circle is None
    assert second.circle.radius == pytest.approx(20, abs=0.2)
    assert abs(first.last - 39) <= 3


def test_a_circle_through_three_places_has_them_in_order():
    places = [np.array([3.0, 0]), np.array([0, 3.0]), np.array([-3.0, 0])]
    center, angle = through(*places)
    assert np.allclose(center, 0)
    assert angle == pytest.approx(np.pi)
    assert through(*places[::-1])[1] == pytest.approx(-np.pi)
    assert through(places[0], places[0] / 2, places[0] * 0) is None


def test_thinning_keeps_what_hangs_together():
    rng = np.random.default_rng(5)
    from scipy.ndimage import label

    for _ in range(20):
        mask = np.kron(rng.random((12, 12)) < 0.5, np.ones((4, 4), bool))
        thin = thinned(mask)
        eight = np.ones((3, 3))
        assert label(thin, eight)[1] == label(mask, eight)[1]
        assert not (thin & ~mask).any()
        assert thin.sum() < 0.5 * mask.sum()


# Writing --------------------------------------------------------------------------------------------------------------

ZIGZAG = Path(np.array([[8.0, 40], [24, 10], [40, 40]]), closed=False)


def test_a_style_of_ones_own_overrides_the_layers():
    shapes = [
        Shape([ZIGZAG], stroke="#000000"),
        Shape([ZIGZAG], stroke="#000000", line=LineStyle(3, "butt", "miter", (4, 2))),
        Shape([ZIGZAG], stroke="#000000", line=LineStyle(2, "square", "bevel")),
    ]
    text = Drawing(48, 48, [Layer(shapes, stroke_width=1.5)], grid=10).to_svg()
    unit = float(re.search(r'viewBox="0 0 (\d+)', text).group(1)) / 48
    assert f'<g stroke-width="{1.5 * unit:g}" stroke-linecap="round" stroke-linejoin="round"' in text
    assert (
        f'stroke-width="{3 * unit:g}" stroke-linecap="butt" stroke-linejoin="miter" '
        f'stroke-dasharray="{4 * unit:g} {2 * unit:g}"'
    ) in text
    assert f'stroke-width="{2 * unit:g}" stroke-linecap="square" stroke-linejoin="bevel"' in text


def test_a_style_that_all_share_is_said_once():
    shapes = [Shape([ZIGZAG], stroke=color, line=LineStyle(3, "butt", "miter")) for color in ("#ff0000", "#0000ff")]
    text = Drawing(48, 48, [Layer(shapes)]).to_svg()
    assert text.count("stroke-width") == 1
    assert "linecap" not in text


def arc_path(center, radius, start, angle):
    """An arc as cubics of a quarter at most."""
    pieces = max(int(np.ceil(abs(angle) / 1.6)), 1)
    at = start + angle * np.arange(pieces + 1) / pieces
    spokes = radius * np.column_stack([np.cos(at), np.sin(at)])
    reach = 4 / 3 * np.tan(angle / pieces / 4) * np.column_stack([-spokes[:, 1], spokes[:, 0]])
    body = np.stack([spokes[:-1] + reach[:-1], spokes[1:] - reach[1:], spokes[1:]], 1).reshape(-1, 2)
    points = np.vstack([spokes[:1], body]) + center
    return Path(points, np.full(pieces, CUBIC, np.uint8), closed=False)


@pytest.mark.parametrize("angle", [0.4, 1.5, 2.9, 3.1, np.pi, 3.2, 3.4, 4.5, 5.9, -1.2, -3.13, -5.5])
@pytest.mark.parametrize("radius", [3.0, 17.3, 29.8])
@pytest.mark.slow
def test_arcs_are_written_where_they_are(angle, radius):
    path = arc_path(np.array([32.2, 31.7]), radius, 0.7, angle)
    style = LineStyle(2.0)
    shown = [
        rendered(Drawing(64, 64, [Layer([shape], stroke_width=2.0)]), (512, 512)).astype(int)
        for shape in (Shape([path], stroke="#000000", line=style), Shape([path], stroke="#000000"))
    ]
    assert np.abs(shown[0] - shown[1]).mean() < 0.35  # 0.05 px along all of the stroke


def test_arcs_and_lines_of_several_paths_follow_one_another():
    paths = [arc_path(np.array([20.0, 20]), 9, 0, 2.0), ZIGZAG, arc_path(np.array([44.0, 44]), 9, 2, -4.0)]
    shape = Shape(paths, stroke="#000000", line=LineStyle(2.0))
    text = Drawing(64, 64, [Layer([shape])]).to_svg()
    assert re.search(r' d="(m[^a"]*a[^"]*)"', text).group(1).count("m") == 3
    bare = Drawing(64, 64, [Layer([shape._replace(line=None)], stroke_width=2.0)])
    assert np.abs(rendered(text, (256, 256)).astype(int) - rendered(bare, (256, 256))).mean() < 0.3


def test_pens_are_told_by_width():
    shapes = [Shape([ZIGZAG], stroke="#000000", line=LineStyle(width)) for width in (1.0, 4.0, 1.0)]
    layers = from_drawing(Drawing(48, 48, [Layer(shapes)])).layers
    assert [layer.width for layer in layers] == [pytest.approx(25.4 / 96), pytest.approx(4 * 25.4 / 96)]


def test_the_margin_of_a_square_is_no_stroke():
    picture = np.full((64, 64, 3), 255, np.uint8)
    picture[4:60, 4:60] = [17, 68, 204]
    drawing = trace(Image(picture))
    assert all(shape.stroke is None for shape in drawing.shapes)
    assert "#1144cc" in {shape.fill for shape in drawing.shapes}


@pytest.mark.parametrize("hidden", [(17, 68, 204), (0, 0, 0), (255, 255, 255)])
def test_ends_beside_what_is_transparent_are_where_they_are(hidden):
    at = (np.arange(160 * 8) + 0.5) / 8
    x, y = at[None], at[: 64 * 8, None]
    far = np.hypot(np.maximum(np.abs(x - 80.3) - 52, 0), y - 30.6) - 16
    cover = (far < 0).reshape(64, 8, 160, 8).mean((1, 3))
    pixels = np.where(cover[..., None] > 0, [17, 68, 204], hidden).astype(np.uint8)
    (shape,) = trace(Image(pixels, np.rint(255 * cover).astype(np.uint8))).shapes
    assert shape.line is not None
    assert np.sort(shape.paths[0].points[:, 0]) == pytest.approx([28.3, 132.3], abs=0.1)
