"""Simplified arcs stay near, never cross, and leave the map as it was; the maps come from a naive crack follower."""

import math
import time
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artkit.errors import UsageError
from artkit.planar.simplify import simplify


def grid(picture):
    rows = [line.strip() for line in picture.strip().splitlines()]
    return np.array([[ord(cell) for cell in row] for row in rows])


def trace(labels):
    """Follow the cracks of a label image: (arcs as lists of corners, right and left label of each).

    Corners where three or four cracks meet are nodes. Labels outside the picture are -1.
    """
    labels = np.pad(labels, 1, constant_values=-1)
    cracks = {}
    for y in range(1, labels.shape[0]):
        for x in range(1, labels.shape[1]):
            here = labels[y, x]
            if here != labels[y - 1, x]:  # between this pixel and the one above
                cracks[(x - 1, y - 1), (x, y - 1)] = here, labels[y - 1, x]
            if here != labels[y, x - 1]:
                cracks[(x - 1, y - 1), (x - 1, y)] = labels[y, x - 1], here
    around = {}
    for (a, b), (right, left) in list(cracks.items()):
        cracks[b, a] = left, right
        around.setdefault(a, []).append(b)
        around.setdefault(b, []).append(a)
    arcs, sides, used = [], [], set()
    for start in sorted(around, key=lambda corner: (len(around[corner]) == 2, corner)):
        for ahead in around[start]:
            if (start, ahead) in used or (len(around[start]) == 2 and any((start, b) in used for b in around[start])):
                continue
            arc = [start, ahead]
            while len(around[arc[-1]]) == 2 and arc[-1] != start:
                one, two = around[arc[-1]]
                arc.append(two if one == arc[-2] else one)
            used |= {half for a, b in pairwise(arc) for half in ((a, b), (b, a))}
            arcs.append(arc)
            sides.append(cracks[arc[0], arc[1]])
    return arcs, sides


def packed(arcs):
    offsets = np.cumsum([0, *map(len, arcs)])
    return np.array([point for arc in arcs for point in arc], float).reshape(-1, 2), offsets


def simplified(arcs, tolerance, **options):
    points, offsets = packed(arcs)
    keep = simplify(points, offsets, tolerance, **options)
    return [[tuple(p) for p in points[a:b][keep[a:b]]] for a, b in pairwise(offsets)]


def sheet_corners(arcs, labels):
    """Which points are the picture's corners: a caller that wants the sheet exact fixes them."""
    height, width = labels.shape
    return np.isin(packed(arcs)[0], [0, width])[:, 0] & np.isin(packed(arcs)[0], [0, height])[:, 1]


def distance(point, a, b):
    (x, y), (x1, y1), (x2, y2) = point, a, b
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = 0 if not length else min(1, max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1))


def meet(a, b, c, d):
    """Whether two segments share more than ends."""

    def turn(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    def on(p, q, r):
        return turn(q, r, p) == 0 and p not in (q, r) and distance(p, q, r) == 0

    crossing = turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
    return crossing or on(a, c, d) or on(b, c, d) or on(c, a, b) or on(d, a, b) or {a, b} == {c, d}


def shoelace(arc):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(arc)) / 2


def rings(arcs):
    """Walk around the faces by turning at every node: {cycle of (arc, forward): its points}."""
    leaving = {}
    for index, arc in enumerate(arcs):
        leaving.setdefault(arc[0], []).append((index, True, arc[1]))
        leaving.setdefault(arc[-1], []).append((index, False, arc[-2]))
    for node, ways in leaving.items():
        ways.sort(key=lambda way: math.atan2(way[2][1] - node[1], way[2][0] - node[0]))
    found, used = {}, set()
    for half in [(index, forward) for index in range(len(arcs)) for forward in (True, False)]:
        cycle, points = [], []
        while half not in used:
            used.add(half)
            cycle.append(half)
            arc = arcs[half[0]] if half[1] else arcs[half[0]][::-1]
            points += arc[:-1]
            ways = [way[:2] for way in leaving[arc[-1]]]
            half = ways[(ways.index((half[0], not half[1])) - 1) % len(ways)]
        if cycle:
            turned = cycle.index(min(cycle))
            found[tuple(cycle[turned:] + cycle[:turned])] = points
    return found


def inside(point, ring):
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        odd ^= (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    return odd


def topology(arcs):
    """What must not change: the faces' cycles, which way they turn, and which hold the ends of which other arcs."""
    cycles = rings(arcs)
    ends = {index: arc[0] for index, arc in enumerate(arcs)}
    found = {}
    for cycle, ring in cycles.items():
        on_ring = set(ring)
        held = {index for index, end in ends.items() if end not in on_ring and inside(end, ring)}
        found[cycle] = (shoelace([*ring, ring[0]]) > 0, held)
    return found


@st.composite
def label_images(draw):
    """Noise, blobs and stripes: few labels on small sheets, so that everything touches everything."""
    height, width = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    seed, labels = draw(st.integers(0, 10**6)), draw(st.integers(1, 5))
    random = np.random.default_rng(seed)
    picture = random.integers(0, labels, (height, width))
    kind = draw(st.sampled_from(["noise", "blobs", "stripes", "dots"]))
    if kind == "blobs":
        picture = np.kron(picture, np.ones((3, 3), int))[:14, :14]
        picture[random.random(picture.shape) < 0.1] = labels
    elif kind == "stripes":
        y, x = np.mgrid[:height, :width]
        picture = (x * draw(st.integers(0, 3)) + y * draw(st.integers(0, 5))) // 4 % (labels + 1)
    elif kind == "dots":
        picture = (picture == 0) * random.integers(0, 2, picture.shape)
    return picture


TOLERANCES = st.sampled_from([0.0, 0.4, 0.75, 1.0, 1.5, 3.0, 8.0, 100.0])


@settings(max_examples=200, deadline=None)
@given(label_images(), TOLERANCES)
@pytest.mark.slow
def test_no_arcs_cross_or_touch_but_in_their_ends(labels, tolerance):
    arcs = simplified(trace(labels)[0], tolerance)
    segments = [(a, b) for arc in arcs for a, b in pairwise(arc)]
    assert not [(s, t) for s, t in combinations(segments, 2) if meet(*s, *t)]


@settings(max_examples=200, deadline=None)
@given(label_images(), TOLERANCES)
@pytest.mark.slow
def test_the_map_stays_as_it_was(labels, tolerance):
    arcs = trace(labels)[0]
    assert topology(simplified(arcs, tolerance)) == topology(arcs)


@pytest.mark.parametrize("seed", [2, 7, 53])  # that turn over where no slack is given
def test_the_map_stays_as_it_was_where_nothing_is_a_whole_number(seed):
    """What touches exactly on the lattice nearly touches here, on one side or the other."""
    labels = np.random.default_rng(seed).integers(0, 3, (16, 16))
    cos, sin = math.cos(0.3), math.sin(0.3)
    arcs = [[(1000.123 + cos * x - sin * y, 1000.123 + sin * x + cos * y) for x, y in arc] for arc in trace(labels)[0]]
    assert topology(simplified(arcs, 20)) == topology(arcs)


@settings(max_examples=100, deadline=None)
@given(label_images(), TOLERANCES)
def test_no_point_is_further_from_its_arc_than_the_tolerance(labels, tolerance):
    arcs = trace(labels)[0]
    for arc, kept in zip(arcs, simplified(arcs, tolerance), strict=True):
        assert kept[0] == arc[0]
        assert kept[-1] == arc[-1]
        position = [arc.index(point) for point in kept[:-1]] + [len(arc) - 1]
        for low, high in pairwise(position):
            assert all(distance(point, arc[low], arc[high]) <= tolerance + 1e-9 for point in arc[low:high])


@settings(max_examples=100, deadline=None)
@given(label_images(), TOLERANCES)
@pytest.mark.slow
def test_areas_add_up_to_the_sheet(labels, tolerance):
    arcs, sides = trace(labels)
    areas = dict.fromkeys([-1, *labels.ravel().tolist()], 0.0)
    for arc, (right, left) in zip(simplified(arcs, tolerance, fixed=sheet_corners(arcs, labels)), sides, strict=True):
        areas[right] += shoelace(arc)
        areas[left] -= shoelace(arc)
    assert areas.pop(-1) == -labels.size
    assert sum(areas.values()) == labels.size
    assert min(areas.values()) > 0


@settings(max_examples=50, deadline=None)
@given(label_images())
def test_tolerance_0_keeps_the_shape_and_drops_what_is_in_line(labels):
    arcs = trace(labels)[0]
    kept = simplified(arcs, 0)
    for arc, thin in zip(arcs, kept, strict=True):
        assert shoelace(arc) == shoelace(thin)
        inner = zip(thin, thin[1:], thin[2:], strict=False)
        assert all(distance(b, a, c) > 0 for a, b, c in inner)


def test_arcs_between_the_same_nodes_do_not_change_places():
    """The upper arc bulges over the lower one's bump; straight, it would lie below it and cross nothing."""
    upper = [(0, 0), (2, -3), (4, -4), (6, -3), (8, 0)]
    lower = [(0, 0), (4, -3), (8, 0)]
    points, offsets = packed([upper, lower])
    keep = simplify(points, offsets, [5.0, 0.0])
    assert keep[1:4].any()
    assert simplify(points[:5], offsets[:2], 5.0).tolist() == [True, False, False, False, True]


def test_an_island_stays_in_its_hole():
    island = [(9, 1), (10, 1), (10, 2), (9, 2), (9, 1)]
    hole = [(0, 0), (10, 0), (11, 1), (11, 3), (10, 9), (0, 10), (0, 0)]
    hole, kept = simplified([hole, island], [2.5, 5.0])
    assert all(inside(point, hole[:-1]) for point in kept)
    assert len(kept) == 4


@pytest.mark.parametrize("picture", ["#", "##", "#.#\n###", "#####\n#...#\n#.#.#\n#...#\n#####", "#.\n.#"])
def test_closed_arcs_stay_rings_however_large_the_tolerance(picture):
    for arc in simplified(trace(grid(picture))[0], 1000):
        assert arc[0] != arc[-1] or (len(set(arc)) >= 3 and shoelace(arc) != 0)


def test_fixed_points_are_kept():
    line = [(x, 0) for x in range(9)]
    fixed = np.arange(9) == 3
    points, offsets = packed([line])
    assert np.flatnonzero(simplify(points, offsets, 5, fixed=fixed)).tolist() == [0, 3, 8]
    assert np.flatnonzero(fixed).tolist() == [3]


def test_each_arc_has_its_own_tolerance():
    bump = [(0, 0), (1, 1), (2, 0)]
    points, offsets = packed([bump, [(x, y + 9) for x, y in bump]])
    assert simplify(points, offsets, [2, 0.5]).tolist() == [True, False, True, True, True, True]


def test_arcs_that_cross_as_given_end_all_the_same():
    points, offsets = packed([[(0, 0), (2, 3), (4, 4)], [(0, 4), (1, 2), (4, 0)], [(5, 5)], []])
    assert simplify(points, offsets, 3).all()


def test_a_spiral_does_not_cross_itself():
    angle = np.linspace(0, 40 * np.pi, 4000)
    points = np.column_stack([np.cos(angle), np.sin(angle)]) * angle[:, None]
    kept = points[simplify(points, np.array([0, len(points)]), 30)]
    segments = [(tuple(a), tuple(b)) for a, b in pairwise(kept)]
    assert len(segments) < 1000
    assert not [(s, t) for s, t in combinations(segments, 2) if meet(*s, *t)]


def test_no_input_is_quadratic():
    """Each split takes one point off the end of what is left: 200,000 levels, were none made in the middle."""
    x = np.arange(200_000.0)
    points = np.column_stack([x, (x % 2) * 1.01 ** -(x / 100) + x**2 / 1e5])
    begun = time.process_time()
    simplify(points, np.array([0, len(points)]), 1e-3)
    assert time.process_time() - begun < 5


@pytest.mark.slow
def test_a_million_points_take_a_few_seconds():
    x = np.arange(2001.0)
    wave = 3 * np.sin(x / 40) + 1.4 * np.sin(x / 7)
    points = np.concatenate([np.column_stack([x, wave + 6 * row]) for row in range(500)])
    begun = time.process_time()
    keep = simplify(points, np.arange(501) * 2001, 0.5)
    assert time.process_time() - begun < 5
    assert keep.mean() < 0.2


def test_nothing_is_simplified_to_nothing():
    assert simplify(np.empty((0, 2)), np.array([0]), 1).tolist() == []
    assert simplify(np.empty((0, 2)), np.array([0, 0, 0]), 1).tolist() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tolerance": -1}, "-1 is no distance"),
        ({"tolerance": float("nan")}, "nan is no distance"),
        ({"tolerance": [1, 2, 3]}, "one per arc"),
        ({"offsets": [0, 4]}, "offsets rise from 0 to the number of points, 3"),
        ({"points": [(0, 0), (1, np.inf), (2, 2)]}, "finite"),
        ({"fixed": [True]}, "one flag per point"),
    ],
)
def test_bad_input_is_refused(change, message):
    values = {"points": [(0, 0), (1, 1), (2, 0)], "offsets": [0, 3], "tolerance": 1, "fixed": None} | change
    with pytest.raises(UsageError, match=message):
        simplify(values["points"], values["offsets"], values["tolerance"], fixed=values["fixed"])
