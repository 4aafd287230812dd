"""Which ring lies in which: the law, by a naive oracle of all pairs; the drawn cases; what cannot be nested."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import artkit
from artkit.errors import UsageError
from artkit.planar.nesting import subsume


def square(x, y, side, height=None):
    height = side if height is None else height
    return np.array([(x, y), (x + side, y), (x + side, y + height), (x, y + height)], float)


def diamond(x, y, radius):
    return np.array([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], float)


def contains(ring, point):
    """The schoolbook ray to the right, half-open in y, the closing edge included."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def area(ring):
    x, y = np.asarray(ring, float).T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def naive_parents(rings):
    parents = []
    for i, ring in enumerate(rings):
        around = [j for j, other in enumerate(rings) if j != i and contains(other, ring[0])]
        parents.append(min(around, key=lambda j: area(rings[j]), default=-1))
    return parents


TURNS = [
    np.array(m) for m in ([[1, 0], [0, 1]], [[0, 1], [-1, 0]], [[-1, 0], [0, -1]], [[0, -1], [1, 0]], [[1, 0], [0, -1]])
]


@st.composite
def nested_rings(draw):
    """Rings drawn into free squares of a square, each with room for more inside; half-integer coordinates."""
    rings = []

    def fill(x, y, side, depth):
        parts = draw(st.integers(1, 3))
        step = side / parts
        for row in range(parts):
            for column in range(parts):
                if step < 6 or len(rings) > 40 or not draw(st.booleans()):
                    continue
                kind = draw(st.sampled_from(["square", "diamond", "comb"]))
                left, top, room = x + column * step + 1, y + row * step + 1, step - 2
                if kind == "square":
                    ring = square(left, top, room)
                    inner = (left, top, room)
                elif kind == "diamond":
                    ring = diamond(left + room / 2, top + room / 2, room / 2)
                    inner = (left + room * 0.27, top + room * 0.27, room * 0.46)
                else:  # teeth along the top, that a ray runs past
                    half = room / 2
                    teeth = np.linspace(0, room, 8)[1:-1]
                    edge = [(left + t, top + half * (i % 2 == 0)) for i, t in enumerate(teeth)]
                    ring = np.array(
                        [(left, top), *edge, (left + room, top), (left + room, top + room), (left, top + room)]
                    )
                    inner = (left, top + half, half)
                if draw(st.booleans()):
                    ring = ring[::-1]
                ring = np.roll(ring, draw(st.integers(0, 3)), axis=0)
                rings.append(np.vstack([ring, ring[:1]]) if draw(st.booleans()) else ring)
                if depth < 5:
                    fill(*inner, depth + 1)

    fill(0, 0, draw(st.sampled_from([64, 200, 1000])), 0)
    order = draw(st.permutations(range(len(rings))))
    return [rings[i] for i in order]


@settings(max_examples=60, deadline=None)
@given(nested_rings(), st.sampled_from(TURNS))
@pytest.mark.slow
def test_every_ring_lies_in_the_smallest_ring_that_holds_its_points(rings, turned):
    expected = naive_parents(rings)
    nesting = subsume([ring @ turned for ring in rings])
    assert nesting.parents.tolist() == expected
    assert not len(nesting.crossings)
    assert not len(nesting.degenerate)


@settings(max_examples=40, deadline=None)
@given(nested_rings())
def test_shapes_use_every_ring_once_and_islands_are_shapes_of_their_own(rings):
    nesting = subsume(rings)
    shapes = nesting.shapes
    assert sorted(ring for shape in shapes for ring in shape) == list(range(len(rings)))
    for outer, *holes in shapes:
        assert nesting.depths[outer] % 2 == 0
        assert all(nesting.parents[hole] == outer for hole in holes)
    for ring in range(len(rings)):
        parent = nesting.parents[ring]
        assert nesting.depths[ring] == (0 if parent < 0 else nesting.depths[parent] + 1)


def test_outer_hole_island_and_hole_in_the_island():
    rings = [square(0, 0, 10), square(1, 1, 8), square(2, 2, 6), square(3, 3, 4)]
    nesting = artkit.subsume(rings)
    assert nesting.parents.tolist() == [-1, 0, 1, 2]
    assert nesting.depths.tolist() == [0, 1, 2, 3]
    assert nesting.shapes == [[0, 1], [2, 3]]
    assert nesting.roots == [0]
    assert nesting.children == [[1], [2], [3], []]


def test_the_center_of_a_diamond_is_inside():
    """All four vertices lie on the horizontal or vertical through the center: each counts once."""
    rings = [diamond(5, 5, 4), diamond(5, 5, 1)]
    assert subsume(rings).parents.tolist() == [-1, 0]
    assert subsume([square(5, 5, 0.5), diamond(5, 5, 4)]).parents.tolist() == [1, -1]


@pytest.mark.parametrize("start", range(4))
def test_the_closing_edge_counts(start):
    outer = np.roll(square(0, 0, 4), start, axis=0)
    assert subsume([outer, square(2, 2, 1)]).parents.tolist() == [-1, 0]
    assert subsume([np.vstack([outer, outer[:1]]), square(2, 2, 1)]).parents.tolist() == [-1, 0]


@pytest.mark.parametrize("turned", TURNS)
def test_a_ring_beside_another_is_in_what_holds_both(turned):
    rings = [square(0, 0, 20), square(2, 2, 4), square(2, 10, 4), square(10, 3, 2), square(3, 3, 1)]
    assert subsume([ring @ turned for ring in rings]).parents.tolist() == [-1, 0, 0, 0, 1]


@pytest.mark.parametrize("turned", TURNS)
def test_a_ring_that_touches_from_inside_is_nested_and_reported(turned):
    outer, hole = diamond(10, 10, 8), diamond(6, 10, 4)  # they share the leftmost point, and stretches beside it
    nesting = subsume([hole @ turned, outer @ turned])
    assert nesting.parents.tolist() == [1, -1]
    assert len(nesting.touches)
    assert not len(nesting.crossings)


@pytest.mark.parametrize("turned", TURNS)
def test_rings_that_meet_in_a_corner_touch(turned):
    nesting = subsume([square(0, 0, 2) @ turned, square(2, 2, 2) @ turned])
    assert list(nesting.touches) == [(0, 1, tuple((np.array([2.0, 2.0]) @ turned).tolist()))]
    assert not len(nesting.crossings)
    assert nesting.parents.tolist() == [-1, -1]


@pytest.mark.parametrize("turned", TURNS)
def test_neighbors_that_share_an_edge_touch(turned):
    nesting = subsume([square(0, 0, 2) @ turned, square(2, 0, 2) @ turned, square(1, 2, 3) @ turned])
    assert not len(nesting.crossings)
    assert {pair[:2] for pair in nesting.touches} == {(0, 1), (0, 2), (1, 2)}
    assert nesting.parents.tolist() == [-1, -1, -1]


@pytest.mark.parametrize("turned", TURNS)
def test_rings_that_cross_are_reported_with_the_place_and_left_out(turned):
    rings = [square(0, 0, 10), square(2, 2, 4), square(4, 3, 4), square(8, 8, 1)]
    nesting = subsume([ring @ turned for ring in rings])
    found = {(one, other, *np.round(np.array(at) @ turned.T, 9).tolist()) for one, other, at in nesting.crossings}
    assert found == {(1, 2, 6, 3), (1, 2, 4, 6)}
    assert nesting.left_out == [1, 2]
    assert nesting.shapes == [[0, 3]]


@pytest.mark.parametrize(
    "rings",
    [
        [square(0, 0, 4), square(2, 0, 4)],  # along a stretch of both long sides
        [square(0, 0, 4), diamond(4, 4, 2)],  # through a vertex
        [square(0, 0, 4), [(0, 0), (4, 4), (6, 0)]],  # through two vertices
        [square(0, 2, 6, 2), square(2, 0, 2, 6)],  # a plus
    ],
)
def test_crossings_through_vertices_and_along_edges_are_found(rings):
    for turned in TURNS:
        nesting = subsume([np.array(ring, float) @ turned for ring in rings])
        assert nesting.left_out == [0, 1]
        assert {(one, other) for one, other, _ in nesting.crossings} == {(0, 1)}


def test_a_bow_tie_crosses_itself():
    nesting = subsume([[(0, 0), (4, 4), (4, 0), (0, 5)], square(10, 10, 1)])
    assert [pair[:2] for pair in nesting.crossings] == [(0, 0)]
    assert nesting.shapes == [[1]]


def test_a_ring_that_pinches_itself_touches_itself_and_still_holds_others():
    pinched = np.array([(0, 0), (4, 0), (4, 4), (8, 4), (8, 8), (4, 8), (4, 4), (0, 4)], float)
    nesting = subsume([pinched, square(1, 1, 1), square(6, 6, 1), square(5, 1, 1)])
    assert list(nesting.touches) == [(0, 0, (4.0, 4.0))]
    assert nesting.parents.tolist() == [-1, 0, 0, -1]


def test_degenerate_rings_are_reported_and_left_out():
    rings = [[], [(1, 1)], [(1, 1), (2, 2), (1, 1)], [(0, 0), (1, 1), (2, 2)], square(0, 0, 9), [(3, 3)] * 5]
    nesting = subsume(rings)
    assert nesting.degenerate.tolist() == [0, 1, 2, 3, 5]
    assert nesting.shapes == [[4]]


def test_no_rings_have_no_nesting():
    nesting = subsume([])
    assert nesting.shapes == []
    assert len(nesting.parents) == len(nesting.crossings) == 0


@pytest.mark.parametrize(
    ("rings", "message"),
    [
        ([square(0, 0, 4), square(1, 1, 4)], r"ring 0 crosses ring 1 at \(1, 4\) \(and 1 more\)"),
        ([square(0, 0, 4), square(4, 4, 4)], r"ring 0 touches ring 1 at \(4, 4\)"),
        ([square(0, 0, 4), [(1, 1), (2, 2)]], "ring 1 has no area"),
    ],
)
def test_strict_refuses_what_cannot_be_nested(rings, message):
    with pytest.raises(UsageError, match=message):
        subsume(rings, strict=True)
    subsume(rings)


@pytest.mark.parametrize(
    ("ring", "message"),
    [([(0, 0, 0)] * 3, r"ring 1 has shape \(3, 3\)"), ([(0, 0), (1, 0), (1, np.nan)], "ring 1 .* not finite")],
)
def test_bad_rings_are_refused(ring, message):
    with pytest.raises(UsageError, match=message):
        subsume([square(0, 0, 1), ring])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 9)] * 2), min_size=2, max_size=9))
def test_overlapping_boxes_are_those_reported(boxes):
    """An oracle for upright boxes: they cross when their insides overlap and neither holds the other."""
    rings = [square(*box) for box in boxes]
    crossing = set()
    for i, (x1, y1, w1, h1) in enumerate(boxes):
        for j, (x2, y2, w2, h2) in enumerate(boxes[:i]):
            overlap = x1 < x2 + w2 and x2 < x1 + w1 and y1 < y2 + h2 and y2 < y1 + h1
            holds = x1 <= x2 and y1 <= y2 and x2 + w2 <= x1 + w1 and y2 + h2 <= y1 + h1
            held = x2 <= x1 and y2 <= y1 and x1 + w1 <= x2 + w2 and y1 + h1 <= y2 + h2
            if overlap and not holds and not held:
                crossing.add((j, i))
    assert {(one, other) for one, other, _ in subsume(rings).crossings} == crossing


@pytest.mark.slow
def test_2800_rings_of_200_000_points_take_well_under_a_second():
    angle = np.linspace(0, 2 * np.pi, 71, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    rings = [circle * (r + 1) * 0.1 + (20 * i, 20 * j) for i in range(7) for j in range(5) for r in range(80)]
    best = np.inf
    for _ in range(3):
        begun = time.process_time()
        nesting = subsume(rings)
        best = min(best, time.process_time() - begun)
    assert nesting.parents.tolist() == [k + 1 if k % 80 < 79 else -1 for k in range(2800)]
    assert best < 1.0


@pytest.mark.slow
def test_tiny_rings_in_a_crowd_beside_huge_ones_are_not_slow():
    """A grid for the average segment would put all tiny rings into one cell."""
    tiny = [square(0.001 * i + 50_000, 0.001 * j + 50_000, 0.0005) for i in range(60) for j in range(60)]
    huge = [square(k, k, 100_000 - 2 * k) for k in range(20)]
    begun = time.process_time()
    nesting = subsume([*huge, *tiny])
    assert time.process_time() - begun < 2
    assert nesting.parents.tolist() == [*range(-1, 19), *[19] * len(tiny)]
