"""Label maps of every awkward kind, traced in every way: the laws of `fuzz/label_maps.py` on a fixed sample."""

import numpy as np
import pytest

from artkit import Drawing, Labels, Layer, Path, Shape
from fuzz._rings import colors_at_centers, crossings, doubled_area, tangled
from fuzz.label_maps import GENERATORS, Case, case_of, faults

CURVES = ["pixel", "polygon", "spline"]
LAYERS = ["merged", "stacked", "cutout"]


def broken(seed, numbers, **options):
    """Cases that break a law, and the first one that each breaks."""
    found = {}
    for number in numbers:
        made = case_of(seed, number)
        if law := next(faults(made._replace(options=made.options | options)), None):
            found[number] = law
    return found


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("curves", CURVES)
@pytest.mark.sample(3)
def test_the_laws_hold(curves, layers):
    assert not broken(1, range(24 if layers == "merged" else 8), curves=curves, layers=layers)


@pytest.mark.slow
@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("curves", CURVES)
def test_the_laws_hold_on_many(curves, layers):
    assert not broken(2, range(50), curves=curves, layers=layers)


def test_every_kind_of_map_is_made_and_always_the_same_ones():
    cases = [case_of(3, number) for number in range(120)]
    assert {made.kind.partition(" ")[0] for made in cases} == {make.__name__ for make in GENERATORS}
    assert {made.options["curves"] for made in cases} == set(CURVES)
    again = [case_of(3, number) for number in range(120)]
    assert all(np.array_equal(a.labels.ids, b.labels.ids) for a, b in zip(cases, again, strict=True))


@pytest.mark.parametrize(
    ("seed", "number", "options"),
    [
        (3, 6, {"curves": "pixel"}),  # a hole that is covered whole, with a transparent pixel in what covers it
        (1, 153, {"curves": "pixel"}),  # a path that cut off a pixel that holds on by its corner
        (2, 2203, {"curves": "pixel"}),  # paths that met a lower face
        (2, 3637, {"curves": "pixel"}),  # a path that set out on the wrong side of its node
        (2, 3278, {"curves": "spline"}),  # a ring off the sheet
        (3, 2167, {"curves": "polygon"}),  # a path all around a covered face that crossed itself
        (3, 118, {"curves": "spline"}),  # ends of chains that ran over each other on the edge of the sheet
        (2, 3807, {"curves": "spline"}),  # a line there and back for a pixel that shows on two sides
        (1, 272, {"curves": "spline"}),  # loops at a tolerance of 100
    ],
)
@pytest.mark.sample(3)
def test_what_was_found_stays_mended(seed, number, options):
    assert not broken(seed, [number], layers="merged", **options)


def ring(text):
    return np.array([[float(n) for n in point.split(",")] for point in text.split()]) * 10_000


def test_rings_that_cross_themselves_are_told_from_those_that_touch():
    square, eight = ring("0,0 2,0 2,2 0,2").astype(int), ring("0,0 2,2 2,0 0,2").astype(int)
    pinched = ring("0,0 1,0 1,1 2,1 2,2 1,2 1,1 0,1").astype(int)  # passes its middle twice
    through = ring("0,0 2,0 2,2 0,2 0,1 1,0 3,1 0,1.5").astype(int)  # crosses at one of its own corners
    assert tangled(square) == tangled(pinched) == 0 and doubled_area(square) > 0
    assert len(crossings(eight)) == 1 and tangled(eight) > 0.9
    assert tangled(through) > 0


def drawn(*squares):
    paths = [[Path(ring(text) / 10_000)] for text in squares]
    colors = ["#ff0000", "#00ff00"]
    return Drawing(3, 2, [Layer([Shape(path, color) for path, color in zip(paths, colors, strict=False)])])


def test_the_color_at_centers_is_that_of_the_uppermost_shape():
    seen = colors_at_centers(drawn("0,0 2,0 2,2 0,2", "1,0 3,0 3,1 1,1"), ["#ff0000", "#00ff00"])
    assert seen.tolist() == [[0, 1, 1], [0, 0, -1]]


def test_a_wrong_picture_breaks_laws(monkeypatch):
    labels = Labels(np.array([[0, 0, 1], [0, 0, 1]], np.int32), np.array([[255, 0, 0], [0, 255, 0]], np.uint8))
    made = Case("drawn", labels, {"curves": "pixel", "layers": "merged"})
    right = drawn("0,0 2,0 2,2 0,2", "2,0 3,0 3,2 2,2")
    wrong = {
        "pixels are not those of the labels": drawn("0,0 2,0 2,2 0,2", "2,0 3,0 3,1 2,1"),
        "a ring leaves the sheet": drawn("0,0 2,0 2,2 0,2", "2,0 4,0 4,2 2,2"),
        "a ring crosses itself": drawn("0,0 2,0 2,2 0,2", "2,0 3,2 3,0 2,1"),
        "a ring has no area": drawn("0,0 2,0 2,2 0,2", "2,0 3,0 2,0"),
    }

    def laws(drawing):
        monkeypatch.setattr("artkit.registry.find", lambda _: lambda *_, **__: drawing)
        return {law.partition(":")[0] for law in faults(made)}

    assert not laws(right)
    for law, drawing in wrong.items():
        assert law in laws(drawing)
