"""Arcs with geometry: outlines made of them part the sheet exactly, whatever the samples, curves and tolerance."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maps import grid, label_images

from artkit.planar.arcs import curve_arcs
from artkit.planar.lines import GRID
from artkit.planar.map import OUTSIDE, planar_map
from artkit.planar.outlines import CUBIC, cut_out
from artkit.planar.polygons import faithful_polygon_arcs, pixel_arcs, polygon_arcs
from artkit.planar.samples import arc_points, on_edge
from artkit.planar.segments import Quality
from artkit.planar.validity import invalid_arcs

TOLERANCES = [0.0, 0.3, 1.0, 4.0, 20.0]


def moved(planar, seed, most):
    """The middles of cracks, each moved across its crack by up to `most`, on the sheet's edge not at all."""
    shift = np.random.default_rng(seed).uniform(-most, most, len(planar.corner))
    shift[on_edge(planar) | ((planar.left == OUTSIDE) | (planar.right == OUTSIDE))[planar.arc_of]] = 0
    samples = planar.middles.copy()
    upright = planar.direction % 2 == 1
    samples[upright, 0] += shift[upright]
    samples[~upright, 1] += shift[~upright]
    return samples


@st.composite
def maps_with_samples(draw, most=7):
    planar = planar_map(draw(label_images(most)))
    seed, reach = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([0.0, 0.4, 0.95]))
    return planar, moved(planar, seed, reach)


def drawn(planar, samples, curves, tolerance):
    if curves == "pixel":
        return pixel_arcs(planar)
    if curves == "polygon":
        return polygon_arcs(planar, samples, tolerance)
    if curves == "faithful":
        return faithful_polygon_arcs(planar, samples, tolerance)
    return curve_arcs(planar, samples, Quality(tolerance=max(tolerance, 1e-3), line=max(0.6 * tolerance, 1e-3)))


def steps(outline):
    """Points of an outline in grid steps, whole numbers, by segment: lists of two or four points."""
    np.testing.assert_allclose(outline.points * GRID, np.rint(outline.points * GRID), atol=1e-6)
    points = [tuple(int(c) for c in p) for p in np.rint(outline.points * GRID)]
    at, found = 0, []
    for kind in outline.kinds:
        found.append(points[at : at + kind + 1])
        at += int(kind)
    assert found[-1][-1] == found[0][0]
    return found


def swept(a, b):
    return a[0] * b[1] - a[1] * b[0]


def area20(segments):
    """Twenty times the area a ring encloses, a whole number: Green's formula for lines and cubics."""
    total = 0
    for segment in segments:
        if len(segment) == 2:
            total += 10 * swept(*segment)
        else:
            a, b, c, d = segment
            total += 6 * swept(a, b) + 3 * swept(a, c) + swept(a, d)
            total += 3 * swept(b, c) + 3 * swept(b, d) + 6 * swept(c, d)
    return total


def flat(segments, pieces=64):
    """Points of a ring, cubics cut into pieces."""
    points = []
    for segment in segments:
        if len(segment) == 2:
            points.append(segment[0])
            continue
        a, b, c, d = np.array(segment, float)
        for k in range(pieces):
            t = k / pieces
            s = 1 - t
            point = s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d
            points.append(tuple(np.round(point, 6).tolist()))  # the same from either end
    return points


def cross(a, b, c, d):
    """Whether segments cross in the inside of both."""

    def turn(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def pieces_of(rings):
    return {tuple(sorted(pair)) for ring in rings for pair in pairwise([*ring, ring[0]])}


def inside(point, rings):
    x, y = point
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                odd = not odd
    return odd


def faces_of(planar, curves):
    faces = {}
    for outline in cut_out(planar, curves):
        faces.setdefault(outline.face, []).append(steps(outline))
    return faces


@settings(max_examples=150, deadline=None)
@given(maps_with_samples(), st.sampled_from(["spline", "polygon", "faithful", "pixel"]), st.sampled_from(TOLERANCES))
@pytest.mark.slow
def test_areas_add_up_to_the_painted_part_of_the_sheet_to_the_last_bit(case, curves, tolerance):
    planar, samples = case
    faces = faces_of(planar, drawn(planar, samples, curves, tolerance))
    areas = [sum(area20(ring) for ring in rings) for rings in faces.values()]
    assert len(areas) == len(planar.face_area)
    if (planar.faces != OUTSIDE).all():
        assert sum(areas) == 20 * GRID**2 * planar.height * planar.width
    assert min(areas, default=1) > 0


@settings(max_examples=100, deadline=None)
@given(maps_with_samples(5), st.sampled_from(["spline", "polygon", "faithful", "pixel"]), st.sampled_from(TOLERANCES))
@pytest.mark.slow
def test_no_borders_cross(case, curves, tolerance):
    planar, samples = case
    rings = [
        flat(ring) for rings in faces_of(planar, drawn(planar, samples, curves, tolerance)).values() for ring in rings
    ]
    for (a, b), (c, d) in combinations(pieces_of(rings), 2):
        boxes = all(min(a[k], b[k]) <= max(c[k], d[k]) and min(c[k], d[k]) <= max(a[k], b[k]) for k in (0, 1))
        assert not boxes or not cross(a, b, c, d)


@settings(max_examples=100, deadline=None)
@given(maps_with_samples(6), st.sampled_from(["spline", "polygon", "faithful"]), st.sampled_from(TOLERANCES))
@pytest.mark.slow
def test_every_point_of_a_painted_sheet_lies_in_one_face(case, curves, tolerance):
    planar, samples = case
    faces = [
        [flat(ring) for ring in rings] for rings in faces_of(planar, drawn(planar, samples, curves, tolerance)).values()
    ]
    painted = (planar.faces != OUTSIDE).all()
    for x, y in np.random.default_rng(1).uniform(0, GRID * np.array([planar.width, planar.height]), (20, 2)):
        count = sum(inside((x, y), rings) for rings in faces)
        assert count == 1 or (count == 0 and not painted)


@given(maps_with_samples())
@pytest.mark.slow
def test_rings_keep_their_turn_and_holes_theirs(case):
    planar, samples = case
    for curves in ("spline", "polygon"):
        outlines = cut_out(planar, drawn(planar, samples, curves, 1.0))
        turns = np.sign([area20(steps(outline)) for outline in outlines])
        np.testing.assert_array_equal(turns, np.sign(planar.ring_area))


@settings(deadline=None)
@given(maps_with_samples(), st.sampled_from(["spline", "polygon", "faithful", "pixel"]), st.sampled_from(TOLERANCES))
@pytest.mark.slow
def test_the_sheet_keeps_its_corners_and_straight_edges(case, curves, tolerance):
    planar, samples = case
    arcs = drawn(planar, samples, curves, tolerance)
    size = np.array([planar.width, planar.height])
    corners = planar.faces[[0, 0, -1, -1], [0, -1, -1, 0]] != OUTSIDE
    points = {tuple(point) for point in np.concatenate([arcs.start, arcs.end]).tolist()}
    for corner, painted in zip([(0, 0), (size[0], 0), (size[0], size[1]), (0, size[1])], corners, strict=True):
        assert not painted or tuple(map(float, corner)) in points
    for name in ("start", "first", "second", "end"):
        within = getattr(arcs, name) if name in ("start", "end") else getattr(arcs, name)[arcs.line]
        assert (within >= -1e-9).all()
        assert (within <= size + 1e-9).all()


@given(maps_with_samples())
@pytest.mark.slow
def test_samples_within_reach_of_their_cracks_stay_where_they_are(case):
    planar, _ = case
    samples = moved(planar, 1, 0.44)
    lines = arc_points(planar, samples)
    laid = {tuple(p) for p in np.rint(lines.points * GRID).astype(int).tolist()}
    for point in np.rint(samples[~on_edge(planar)] * GRID).astype(int).tolist():
        assert tuple(point) in laid


def test_thin_strokes_keep_samples_that_move_far_but_do_not_cross():
    planar = planar_map(grid("|..#..|\n|..#..|\n|..#..|\n|..#..|"))
    samples = planar.middles.copy()
    left = (samples[:, 0] == 2) & ~on_edge(planar)
    samples[left, 0] += 0.9
    lines = arc_points(planar, samples)
    assert (lines.points[:, 0] == 2.9).sum() >= 4
    assert not (lines.points[:, 0] == 2.0).any()


def test_samples_that_would_cross_are_brought_back():
    planar = planar_map(grid("|..#..|\n|..#..|\n|..#..|\n|..#..|"))
    samples = planar.middles.copy()
    inner = ~on_edge(planar)
    samples[(samples[:, 0] == 2) & inner, 0] += 0.9
    samples[(planar.middles[:, 0] == 3) & inner, 0] -= 0.9
    columns = arc_points(planar, samples).points[:, 0]
    assert 2 < columns[(columns > 1.9) & (columns < 2.5)].mean() < columns[(columns > 2.5) & (columns < 3.1)].mean() < 3


def test_borders_that_would_touch_halfway_are_brought_back():
    planar = planar_map(grid("|#.+|\n|#.+|\n|#.+|"))
    samples = planar.middles.copy()
    middle = samples[:, 1] == 1.5
    samples[middle & (planar.middles[:, 0] == 1), 0] += 0.5
    samples[middle & (planar.middles[:, 0] == 2), 0] -= 0.5
    points = arc_points(planar, samples).points.tolist()
    assert [1.5, 1.5] not in points
    assert [1.45, 1.5] in points
    assert [1.55, 1.5] in points


def test_an_island_that_has_jumped_over_a_border_is_found():
    planar = planar_map(grid("|......+++|\n|..#...+++|\n|......+++|"))
    lines = arc_points(planar, planar.middles)
    everywhere = np.ones(len(planar.left), bool)
    assert not invalid_arcs(planar, lines, everywhere).any()
    island = int(np.flatnonzero(planar.closed)[0])
    points = lines.points.copy()
    points[lines.offsets[island] : lines.offsets[island + 1], 0] += 5
    assert invalid_arcs(planar, replace(lines, points=points), everywhere)[island]


@pytest.mark.parametrize("tolerance", [1.0, 5.0, 20.0])
def test_specks_stay_in_the_faces_around_them_when_borders_are_smoothed(tolerance):
    random = np.random.default_rng(4)
    rows, columns = np.mgrid[:60, :60]
    labels = (np.sin(columns / 4) * 5 + rows > 30).astype(np.int32)
    near = np.abs(np.sin(columns / 4) * 5 + rows - 30) < 4
    labels[near & (random.random(labels.shape) < 0.12)] += 2
    planar = planar_map(labels)
    arcs = curve_arcs(planar, planar.middles, Quality(tolerance=tolerance, line=tolerance))
    outlines = cut_out(planar, arcs)
    rings = [flat(steps(outline)) for outline in outlines]
    for hole in np.flatnonzero(planar.ring_area < 0):
        others = [ring for k, ring in enumerate(rings) if planar.ring_face[k] == planar.ring_face[hole] and k != hole]
        assert inside(rings[hole][0], others)


def test_a_border_meets_the_edge_of_the_sheet_at_its_sub_pixel_place():
    planar = planar_map(grid("|##..|\n|##..|\n|##..|"))
    samples = planar.middles.copy()
    samples[~on_edge(planar), 0] += 0.3
    for arcs in (polygon_arcs(planar, samples, 0.1), curve_arcs(planar, samples, Quality())):
        found = {tuple(p) for p in np.concatenate([arcs.start, arcs.end]).tolist()}
        assert found == {(2.3, 0), (2.3, 3), (0, 0), (4, 0), (0, 3), (4, 3)}


@given(maps_with_samples())
def test_pixel_arcs_have_no_point_between_two_in_line(case):
    planar, _ = case
    arcs = pixel_arcs(planar)
    level = arcs.start[:, 1] == arcs.end[:, 1]
    for low, high in pairwise(arcs.offsets):
        assert (level[low + 1 : high] != level[low : high - 1]).all()
    for arc in np.flatnonzero(planar.closed):
        low, high = arcs.offsets[arc], arcs.offsets[arc + 1]
        assert level[low] != level[high - 1]


@given(st.floats(0.5, 12), st.floats(0.5, 12), st.floats(2, 9))
@pytest.mark.slow
def test_polygons_stray_no_further_than_the_tolerance(x, y, radius):
    rows, columns = np.mgrid[:16, :16] + 0.5
    planar = planar_map((np.hypot(columns - x, rows - y) < radius).astype(np.int32))
    for tolerance in (0.5, 2.0):
        arcs = polygon_arcs(planar, planar.middles, tolerance)
        lines = arc_points(planar, planar.middles)
        for arc, (low, high) in enumerate(pairwise(lines.offsets)):
            kept = slice(arcs.offsets[arc], arcs.offsets[arc + 1])
            begin, end = arcs.start[kept], arcs.end[kept]
            for point in lines.points[low:high]:
                along = end - begin
                share = ((point - begin) * along).sum(1) / (along**2).sum(1)
                away = np.hypot(*(begin + np.clip(share, 0, 1)[:, None] * along - point).T)
                assert away.min() <= tolerance + 1e-9


@settings(max_examples=60, deadline=None)
@given(label_images(12))
@pytest.mark.slow
def test_faithful_polygons_keep_every_label_to_within_a_hundredth_of_its_area(labels):
    planar = planar_map(labels)
    arcs = faithful_polygon_arcs(planar, planar.middles, 1.0)
    faces = {face: [flat(ring) for ring in rings] for face, rings in faces_of(planar, arcs).items()}
    fine = 4  # points a pixel, off the grid of the borders
    at = (np.arange(fine) + 0.37) / fine * GRID
    for label in np.unique(labels[labels >= 0]):
        rings = [ring for face, rings in faces.items() if planar.face_label[face] == label for ring in rings]
        wrong = 0
        for y, x in np.ndindex(labels.shape):
            wrong += sum(
                inside((x * GRID + dx, y * GRID + dy), rings) != (labels[y, x] == label)
                for dx in at[::2]
                for dy in at[1::2]
            )
        assert wrong / (fine**2 / 4) <= 0.02 * (labels == label).sum() + 0.5


def test_faithful_polygons_still_draw_smooth_borders_with_few_points():
    rows, columns = np.mgrid[:300, :300] + 0.5
    planar = planar_map((np.hypot(columns - 150, rows - 150) < 120).astype(np.int32))
    exact, faithful = pixel_arcs(planar), faithful_polygon_arcs(planar, planar.middles, 1.0)
    assert len(faithful.line) < len(exact.line) / 8
    assert len(faithful_polygon_arcs(planar, planar.middles, 5.0).line) < 25


@pytest.mark.parametrize("tolerance", [0.2, 20.0])
@pytest.mark.sample(1)
@pytest.mark.slow
def test_curves_bend_around_an_island_close_to_a_border(tolerance):
    rows, columns = np.mgrid[:40, :40]
    labels = (np.abs(rows - 20 + 8 * np.sin(columns / 5)) < 6).astype(np.int32)
    labels[2, 3] = labels[31, 22] = 2
    planar = planar_map(labels)
    arcs = curve_arcs(planar, planar.middles, Quality(tolerance=tolerance, line=tolerance))
    rings = [flat(ring) for rings in faces_of(planar, arcs).values() for ring in rings]
    assert sum(np.sign(planar.ring_area)) == len(planar.face_area) - (planar.ring_area < 0).sum()
    assert not any(cross(a, b, c, d) for (a, b), (c, d) in combinations(pieces_of(rings), 2))
    assert any(outline.kinds[0] == CUBIC for outline in cut_out(planar, arcs))
