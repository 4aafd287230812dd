"""Paint by numbers: regions that can be painted, a number in each, every border once, and a key that is used."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.bezier import flattened
from artkit.artwork.image import Image
from artkit.color.palette import name_of
from artkit.errors import UsageError
from artkit.pens.layout import Sheet
from artkit.registry.discovery import find
from artkit.render import rendered
from artkit.styles import digits, numbers

DOTS = 6
"""Pixels to a millimetre in which drawings are measured here."""


def patches(width: int = 150, height: int = 100) -> Image:
    """Blots of many sizes and thin stripes: what cannot all be painted."""
    rng = np.random.default_rng(3)
    pixels = np.full((height, width, 3), 120, np.uint8)
    y, x = np.mgrid[:height, :width]
    for _ in range(90):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(1, 12)
        pixels[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = rng.integers(0, 256, 3)
    pixels[:, 40:42], pixels[60:61] = (250, 20, 20), (20, 20, 250)
    return Image(pixels)


@pytest.fixture(scope="module")
def drawn():
    """A drawing of the patches on a small sheet, painted, with its layers by name."""
    drawing = find("paint-by-numbers")(patches(), colors=9, filled=True, page="110x85mm", margin=5, focus="off")
    return drawing, {layer.name: layer.shapes for layer in drawing.layers}


def flat(path) -> np.ndarray:
    """A path as points, no two of them in turn farther apart than 0.1."""
    kinds = path.kinds
    points = path.points if kinds is None else flattened(path.points, kinds, np.full(len(kinds), 16))
    points = np.vstack([points, points[:1]]) if path.closed else points
    long = np.hypot(*np.diff(points, axis=0).T)
    along = np.append(0, np.cumsum(long))
    at = np.unique(np.append(along, np.arange(0, along[-1], 0.1)))
    return np.column_stack([np.interp(at, along, axis) for axis in points.T])


def area_of(shape) -> float:
    rings = [flat(path) for path in shape.paths]
    return sum(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2) for x, y in (ring.T for ring in rings))


def number_in(shape) -> int:
    """Read a number back: the one whose strokes, as large and there, these are."""
    points = np.vstack([path.points for path in shape.paths])
    low, high = points.min(0), points.max(0)
    for number in range(1, 61):
        stroke = digits.written(number, 1.0, 0.0, 0.0)
        if [len(path.points) for path in shape.paths] == [len(line) for line in stroke]:
            own = np.vstack(stroke)
            scaled = (own - own.min(0)) * (high[1] - low[1]) / np.ptp(own[:, 1]) + low
            if np.allclose(scaled, points, atol=1e-6):
                return number
    raise AssertionError("no number")


@pytest.mark.slow
def test_no_region_is_smaller_than_asked_for(drawn):
    _, layers = drawn
    assert len(layers["colors"]) > 12
    assert min(map(area_of, layers["colors"])) >= 50


@pytest.mark.slow
def test_every_region_has_its_own_number_of_six_points_within_it(drawn):
    drawing, layers = drawn
    alone = drawing.replace(layers=[layer for layer in drawing.layers if layer.name == "colors"], background="#123456")
    seen = rendered(alone, (110 * DOTS, 85 * DOTS))
    key = [shape.fill for shape in layers["key"] if shape.fill]
    assert len(layers["numbers"]) == len(layers["colors"])
    outline = np.vstack([flat(path) for shape in layers["outlines"] for path in shape.paths])
    for shape, region in zip(layers["numbers"], layers["colors"], strict=True):
        points = np.vstack([path.points for path in shape.paths])
        assert np.ptp(points[:, 1]) >= 0.69 * 6 * 25.4 / 72
        assert region.fill == key[number_in(shape) - 1]
        x, y = np.floor(points * DOTS).astype(int).T
        assert {name_of(color) for color in seen[y, x].tolist()} == {region.fill}
        gap = np.hypot(*(outline[None] - points[:, None]).transpose(2, 0, 1)).min()
        assert gap > numbers.LINE / 2 + numbers.PEN / 2


def test_every_color_of_the_key_is_used_and_numbered_in_turn(drawn):
    _, layers = drawn
    swatches, written = layers["key"][::2], layers["key"][1::2]
    assert {shape.fill for shape in swatches} == {shape.fill for shape in layers["colors"]}
    assert [number_in(shape) for shape in written] == list(range(1, len(swatches) + 1))
    assert len(swatches) <= 9


def test_every_border_is_drawn_once(drawn):
    """The lengths of all outlines together are half of those around the regions, the picture's edge once more."""
    from artkit.artwork.drawing import length

    _, layers = drawn
    lines = sum(length(path) for shape in layers["outlines"] for path in shape.paths)
    around = sum(length(path) for shape in layers["colors"] for path in shape.paths)
    _, _, width, height = numbers.kit(Sheet(110, 85, 5), 150, 100, 9).picture
    assert lines == pytest.approx((around + 2 * (width + height)) / 2, rel=1e-3)


@pytest.mark.slow
def test_without_paint_it_is_the_same_sheet():
    bare, painted = (
        find("paint-by-numbers")(patches(60, 40), page="40x30mm", margin=2, focus="off", filled=filled)
        for filled in (False, True)
    )
    assert [layer.name for layer in bare.layers] == ["outlines", "numbers", "key"]
    for plain, other in zip(bare.layers, painted.layers[1:], strict=True):
        for one, two in zip(plain.shapes, other.shapes, strict=True):
            assert all(np.array_equal(a.points, b.points) for a, b in zip(one.paths, two.paths, strict=True))


def test_the_key_and_the_picture_lie_within_the_margins(drawn):
    drawing, _ = drawn
    points = np.vstack([path.points for shape in drawing.shapes for path in shape.paths])
    assert (points >= 5 - 1e-6).all()
    assert (points <= [105 + 1e-6, 80 + 1e-6]).all()


@pytest.mark.slow
def test_an_island_too_small_is_left_bare_and_one_alone_is_kept():
    alpha = np.zeros((60, 90), np.uint8)
    alpha[5:55, 5:60] = 255
    alpha[20:23, 80:83] = 255
    image = Image(np.full((60, 90, 3), 90, np.uint8), alpha)
    drawing = find("paint-by-numbers")(image, page="100x80mm", margin=5, filled=True)
    assert len(drawing.layers[0].shapes) == 1
    tiny = find("paint-by-numbers")(Image(np.full((1, 40, 3), 90, np.uint8)), page="60x60mm", margin=5)
    assert [len(layer.shapes) for layer in tiny.layers] == [1, 1, 2]


def test_digits_are_as_high_as_asked_for_and_as_wide_as_they_say():
    for number in range(100):
        points = np.vstack(digits.written(number, 2.0, 10.0, 20.0))
        assert np.ptp(points[:, 1]) == pytest.approx(2, abs=0.02)
        assert np.abs(points[:, 0] - 10).max() <= digits.width_of(number) + 0.03
        assert np.hypot(*(points - [10, 20]).T).max() == pytest.approx(2 * digits.reach_of(number))


def test_margins_that_leave_nothing_are_refused():
    with pytest.raises(UsageError, match="margin"):
        find("paint-by-numbers")(patches(20, 20), page="30x30mm", margin=20)
