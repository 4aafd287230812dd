"""Lines of equal brightness lie where the brightness is, close or end on the border, and never cross."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.ops.lines import contours

RAMP = np.repeat(np.arange(0, 250, 5, np.uint8)[None], 30, axis=0)
"""(30, 50), brightness 5 * column."""

EXACT = {"smooth": 0, "tolerance": 0, "balance": 0, "min_length": 0}


def cone(side=80, steepness=6.0):
    y, x = np.mgrid[:side, :side] + 0.5
    return np.clip(steepness * np.hypot(x - side / 2, y - side / 2), 0, 255).astype(np.uint8)


def noise(seed=0, height=40, width=50):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def paths(drawing):
    return [path for shape in drawing.shapes for path in shape.paths]


def length(path):
    points = np.vstack([path.points, path.points[:1]]) if path.closed else path.points
    return np.hypot(*np.diff(points, axis=0).T).sum()


def brightness(layer):
    return float(layer.name.removeprefix("brightness "))


def test_lines_of_a_ramp_stand_where_it_has_their_brightness_from_border_to_border():
    drawing = contours(RAMP, levels=4, **EXACT)
    assert len(paths(drawing)) == 4
    for path in paths(drawing):
        assert not path.closed
        assert sorted(path.points[[0, -1], 1]) == [0, 30]
        assert np.ptp(path.points[:, 0]) == 0
    # Evenly spread between the tails, halves at both ends.
    places = np.sort([path.points[0, 0] for path in paths(drawing)])
    assert places == pytest.approx([6.5, 18.7, 31, 43.3], abs=0.5)
    assert np.diff(places) == pytest.approx(np.diff(places).mean(), abs=0.05)
    for layer in drawing.layers:
        assert layer.shapes[0].paths[0].points[0, 0] == pytest.approx(brightness(layer) / 5 + 0.5, abs=0.11)


def test_lines_around_a_hill_are_closed_circles():
    drawing = contours(cone(), levels=5, **{**EXACT, "smooth": 1})
    closed = [path for path in paths(drawing) if path.closed]
    assert len(closed) >= 4
    for path in closed:
        radius = np.hypot(*(path.points - 40).T)
        assert np.ptp(radius) < 1
        assert not np.array_equal(path.points[0], path.points[-1])


@pytest.mark.parametrize("smooth", [0, 1, 3.7])
def test_open_lines_end_exactly_on_the_border(smooth):
    image = noise(height=41, width=53)
    for path in paths(contours(image, smooth=smooth, min_length=0)):
        if not path.closed:
            for x, y in path.points[[0, -1]]:
                assert x in (0, 53) or y in (0, 41)
        assert (path.points >= 0).all()
        assert (path.points <= (53, 41)).all()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_picture_turned_the_lines_turn(turns):
    image = noise(3, 48, 48)
    as_it_is = contours(image, smooth=1.5, tolerance=0, min_length=10)
    turned = contours(np.rot90(image, turns).copy(), smooth=1.5, tolerance=0, min_length=10)
    assert sorted(map(length, paths(turned))) == pytest.approx(sorted(map(length, paths(as_it_is))), rel=1e-3)


def crosses(a, b, c, d):
    def turn(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.3, 1.0, 5.0]), st.sampled_from([0.0, 1.0, 2.0]))
@pytest.mark.slow
def test_simplified_lines_do_not_cross(seed, tolerance, smooth):
    drawing = contours(noise(seed, 12, 16), levels=5, smooth=smooth, tolerance=tolerance, min_length=0)
    segments = []
    for path in paths(drawing):
        points = [tuple(point) for point in path.points.tolist()]
        segments += pairwise([*points, points[0]] if path.closed else points)
    assert not [(s, t) for s, t in combinations(segments, 2) if crosses(*s, *t)]


def test_no_line_runs_through_transparent_parts_whatever_color_they_hide():
    image = noise(5, 40, 60)
    y, x = np.mgrid[:40, :60]
    alpha = np.where((x - 30) ** 2 + (y - 20) ** 2 < 15**2, 255, 0).astype(np.uint8)
    drawing = contours(Image(image, alpha), smooth=1, min_length=0)
    points = np.concatenate([path.points for path in paths(drawing)])
    assert np.hypot(points[:, 0] - 30.5, points[:, 1] - 20.5).max() < 15
    hidden = np.where(alpha[..., None] == 0, np.uint8(255), image)
    other = contours(Image(hidden, alpha), smooth=1, min_length=0)
    assert [path.points.tolist() for path in paths(other)] == [path.points.tolist() for path in paths(drawing)]


def test_short_lines_are_left_out_and_no_others():
    image = noise(7)
    everything = [length(path) for path in paths(contours(image, tolerance=0, min_length=0))]
    long = [length(path) for path in paths(contours(image, tolerance=0, min_length=30))]
    assert 0 < len(long) < len(everything)
    assert long == [each for each in everything if each >= 30]


def test_each_level_is_a_layer_and_the_darkest_is_last_widest_and_all_ink():
    drawing = contours(RAMP, levels=6, width=3, fade=0.5, ink="#102030", paper="white", **EXACT)
    assert [brightness(layer) for layer in drawing.layers] == sorted(map(brightness, drawing.layers), reverse=True)
    widths = [layer.stroke_width for layer in drawing.layers]
    assert widths == pytest.approx(np.linspace(1.5, 3, 6))
    assert [layer.shapes[0].stroke for layer in drawing.layers][-1] == "#102030"
    assert drawing.layers[0].shapes[0].stroke == "#889098"
    assert {shape.fill for shape in drawing.shapes} == {None}
    assert drawing.background == "#ffffff"
    assert contours(RAMP, paper="none").background is None


def test_one_level_is_drawn_in_ink():
    drawing = contours(RAMP, levels=1, ink="red", width=2, fade=0.5)
    assert [(layer.stroke_width, layer.shapes[0].stroke) for layer in drawing.layers] == [(2, "#ff0000")]


def test_balance_1_gives_every_level_the_same_area():
    """A picture that is dark but for a bright corner: even levels would leave the dark part empty."""
    image = (np.linspace(0, 1, 100) ** 2 * 255).astype(np.uint8)[None].repeat(20, axis=0)
    places = sorted(path.points[0, 0] for path in paths(contours(image, levels=3, **{**EXACT, "balance": 1})))
    assert places == pytest.approx([100 / 6, 50, 500 / 6], abs=8)


@pytest.mark.parametrize("value", [0, 100, 255])
def test_a_flat_picture_has_no_lines(value):
    assert not list(contours(np.full((20, 30), value, np.uint8)).shapes)
    grain = value // 2 + np.random.default_rng(0).integers(0, 2, (20, 30))
    assert not list(contours(grain.astype(np.uint8)).shapes)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
@pytest.mark.parametrize("smooth", [0, 2, 50])
def test_tiny_pictures_are_drawn(shape, smooth):
    image = np.linspace(0, 255, np.prod(shape)).reshape(shape).astype(np.uint8)
    drawing = contours(image, smooth=smooth, min_length=0)
    assert (drawing.width, drawing.height) == shape[::-1]
    assert all(len(path.points) >= 2 for path in paths(drawing))


def test_a_sheet_without_opaque_pixels_is_empty():
    assert not list(contours(Image(noise(), np.zeros((40, 50), np.uint8))).shapes)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"levels": 0}, "contours: levels: 0 .*use 1 or more"),
        ({"smooth": -1}, "contours: smooth: -1 .*use 0"),
        ({"ink": "blak"}, "did you mean black"),
        ({"paper": "whte"}, "did you mean white"),
    ],
)
def test_bad_values_are_refused(values, message):
    with pytest.raises(UsageError, match=message):
        contours(RAMP, **values)
