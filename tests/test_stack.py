"""Sheets of paper: painted one over the other, the outlines show every face, and only what has to be drawn is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from artkit.planar.map import planar_map
from artkit.planar.outlines import LINE
from artkit.planar.polygons import pixel_arcs
from artkit.planar.segments import Quality
from artkit.planar.stack import stack
from artkit.planar.zorder import z_order


def grid(text):
    rows = [line.strip() for line in text.strip().splitlines()]
    names = sorted({c for row in rows for c in row} - {"."})
    return np.array([[-1 if c == "." else names.index(c) for c in row] for row in rows], np.int32)


def polygon(outline, steps=8):
    points, at = [outline.points[0]], 1
    for kind in outline.kinds:
        if kind == LINE:
            points.append(outline.points[at])
        else:
            a, (b, c, d) = points[-1], outline.points[at : at + 3]
            for t in np.arange(1, steps + 1) / steps:
                points.append((1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t**3 * d)
        at += kind
    return np.array(points)


def inside(outlines, height, width):
    """(H, W): which pixel centers the outlines hold together, by the even-odd rule."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    odd = np.zeros((height, width), bool)
    for outline in outlines:
        points = polygon(outline)
        for (x1, y1), (x2, y2) in zip(points, np.roll(points, -1, axis=0), strict=True):
            crosses = (y1 > y) != (y2 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                odd ^= crosses & (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    return odd


def painted(planar, outlines, rank, ground=-1):
    """The face that shows at every pixel when all are painted in order over the ground."""
    by_face = {}
    for outline in outlines:
        by_face.setdefault(outline.face, []).append(outline)
    sheet = np.full((planar.height, planar.width), ground, np.int64)
    for face in sorted(by_face, key=lambda face: rank[face]):
        sheet[inside(by_face[face], planar.height, planar.width)] = face
    return sheet


def shown(labels, border=None, leave_ground=False):
    planar = planar_map(labels)
    rank = z_order(planar)
    ground = int(np.argmin(rank)) if leave_ground else -1
    skip = np.array([ground]) if leave_ground else None
    outlines = stack(planar, rank, border or pixel_arcs(planar), planar.middles, skip)
    return planar, painted(planar, outlines, rank, ground), outlines


def maps(lowest):
    """Labels in blocks of 2 x 2: in noise of single pixels a hidden way may cut one off that holds on by a corner."""
    small = arrays(np.int32, array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.integers(lowest, 3))
    return small.map(lambda labels: labels.repeat(2, axis=0).repeat(2, axis=1))


@given(maps(-1))
@pytest.mark.slow
def test_painting_shows_every_face_where_it_is(labels):
    planar, sheet, _ = shown(labels)
    assert np.array_equal(sheet, planar.faces)


@given(maps(0))
@pytest.mark.slow
def test_the_largest_face_may_be_the_sheet_itself(labels):
    planar, sheet, _ = shown(labels, leave_ground=True)
    assert np.array_equal(sheet, planar.faces)


def blobs(seed, side=48, labels=5):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side]
    centers = rng.uniform(0, side, (3 * labels, 2))
    nearest = ((y[..., None] - centers[:, 0]) ** 2 + (x[..., None] - centers[:, 1]) ** 2).argmin(2)
    return (nearest % labels).astype(np.int32)


@pytest.mark.parametrize("seed", range(12))
def test_smooth_outlines_show_every_face_but_for_its_rim(seed):
    labels = blobs(seed)
    planar, sheet, _ = shown(labels, Quality(tolerance=0.6, line=0.5))
    wrong = sheet != planar.faces
    inner = np.ones_like(wrong)
    for axis in (0, 1):
        for step in (-1, 1):
            inner &= np.roll(planar.faces, step, axis) == planar.faces
    assert not (wrong & inner)[2:-2, 2:-2].any()
    assert wrong.mean() < 0.02


def test_a_hole_that_holds_upper_faces_is_not_drawn():
    _, _, outlines = shown(
        grid("""
            AAAAAAA
            ABBBBBA
            ABCCCBA
            ABBBBBA
            AAAAAAA"""),
    )
    assert len(outlines) == 3
    assert all(len(outline.kinds) == 4 for outline in outlines)


def test_a_hole_through_to_transparent_is_drawn():
    planar, sheet, outlines = shown(
        grid("""
            AAAAA
            A...A
            A.B.A
            A...A
            AAAAA"""),
    )
    assert np.array_equal(sheet, planar.faces)
    assert sorted(outline.face for outline in outlines) == [0, 0, 1]


def test_a_face_that_only_meets_upper_ones_is_drawn_beneath_them():
    labels = np.full((20, 20), 0, np.int32)
    labels[2:18, 2:18] = 1
    labels[3:17, 3:17] = 2
    labels[3:5, 3:17] = 3
    labels[15:17, 3:17] = 3
    labels[3:17, 3:5] = 4
    labels[3:17, 15:17] = 4
    planar, sheet, _ = shown(labels)
    assert np.array_equal(sheet, planar.faces)


def test_a_lower_face_goes_on_beneath_an_upper_one():
    labels = np.zeros((20, 40), np.int32)
    labels[:, 20:] = 1
    labels[5:15, 15:25] = 2
    _, _, outlines = shown(labels, Quality())
    planar = planar_map(labels)
    lower = planar.faces[10, 39]
    drawn = inside([outline for outline in outlines if outline.face == lower], 20, 40)
    assert drawn[10, 20:25].sum() >= 1
    assert not drawn[:, :19].any()


def test_ranks_follow_the_size_of_outlines():
    planar = planar_map(
        grid("""
            AAAAAA
            ABBBBA
            ABCCBA
            ABBBBA
            AAAAAA""")
    )
    assert z_order(planar)[planar.faces[[0, 1, 2], [0, 1, 2]]].tolist() == [0, 1, 2]


def test_a_border_goes_on_beneath_the_upper_face_where_it_ends():
    """Curves stray from the node in which three borders meet: without an overlap the ground shows there in hairs."""
    labels = np.zeros((30, 60), np.int32)
    labels[:10, 20:] = 1
    labels[5:15, 15:25] = 2  # over the corner of 1
    planar, _, outlines = shown(labels, Quality())
    (lower,) = (outline for outline in outlines if outline.face == planar.faces[0, 59])
    ends = {tuple(point) for point in polygon(lower).round(6).tolist() if 15 < point[0] < 25 and 5 < point[1] < 15}
    assert len(ends) == 2, "the borders of 1 with 0 end within 2, one on each side"
    assert all(x >= 20 and y <= 10 for x, y in ends)


def test_a_hidden_way_does_not_run_around_a_hole_that_is_not_covered():
    """Beneath the upper faces the straightest way may lie on the other side of a hole, and would fill it."""
    labels = grid("""
        AABCA
        BBBBD
        AACBA
        CC.DA
        ACBDD""")
    planar, sheet, _ = shown(labels.repeat(2, axis=0).repeat(2, axis=1))
    assert np.array_equal(sheet, planar.faces)
