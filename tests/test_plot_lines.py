"""Pen geometry: the same picture with fewer strokes, fewer points and less travel, and never with more."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from artkit.errors import UsageError
from artkit.pens.layout import fit, millimetres, sheet
from artkit.pens.lines import Lines, travel
from artkit.pens.measurements import measured
from artkit.pens.planner import Speeds
from artkit.pens.prepare.crop import cropped
from artkit.pens.prepare.dedupe import without_doubles
from artkit.pens.prepare.merge import merged
from artkit.pens.prepare.moves import Tour
from artkit.pens.prepare.order import nearest_neighbor, ordered
from artkit.pens.prepare.simplify import simplified
from artkit.pens.prepare.tidy import DOT, Tidying, rounded, tidied

SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], float)


def some_lines(count: int, seed: int = 0, closed: float = 0.3) -> Lines:
    rng = np.random.default_rng(seed)
    lines = []
    for _ in range(count):
        line = rng.uniform(10, 190, 2) + np.cumsum(rng.normal(0, 2, (rng.integers(2, 9), 2)), axis=0)
        lines.append(np.concatenate([line, line[:1]]) if rng.random() < closed and len(line) > 2 else line)
    return Lines.of(lines)


def segments(lines: Lines) -> Counter[tuple[tuple[float, ...], ...]]:
    """All segments, whichever way they are drawn."""
    pairs = ((tuple(a), tuple(b)) for line in listed(lines) for a, b in pairwise(np.round(line, 6).tolist()))
    return Counter(tuple(sorted(pair)) for pair in pairs)


def listed(lines: Lines) -> list[np.ndarray]:
    return [lines[number] for number in range(len(lines))]


# --- lines and pages


def test_a_line_is_taken_turned_and_begun_elsewhere():
    lines = Lines.of([[(0, 0), (1, 0)], SQUARE])
    assert lines.closed.tolist() == [False, True]
    assert lines.lengths.tolist() == [1, 4]
    taken = lines.take(np.array([1, 0]), np.array([False, True]), np.array([2, 0]))
    assert taken[0].tolist() == [[1, 1], [0, 1], [0, 0], [1, 0], [1, 1]]
    assert taken[1].tolist() == [[1, 0], [0, 0]]


def test_a_closed_line_need_not_repeat_its_first_point():
    assert Lines.of([SQUARE[:-1]], [True])[0].tolist() == SQUARE.tolist()


@pytest.mark.parametrize("bad", [[(0, 0)], [(0, 0), (np.nan, 1)], [(0, 0, 0), (1, 1, 1)]])
def test_what_is_no_line_is_named(bad):
    with pytest.raises(UsageError, match="line 0"):
        Lines.of([bad])


@pytest.mark.parametrize(("text", "mm"), [("10mm", 10), ("1.5 cm", 15), ("0.5in", 12.7), ("7", 7), ("72pt", 25.4)])
def test_lengths_have_units(text, mm):
    assert millimetres(text) == pytest.approx(mm)


def test_sheets_by_name_and_by_sides():
    assert (sheet("A4").width, sheet("a4", landscape=True).width) == (210, 297)
    assert (sheet("30x20cm").width, sheet("300x200mm").height) == (300, 200)
    assert sheet("8.5x11in").width == pytest.approx(sheet("letter").width)


@pytest.mark.parametrize(
    ("text", "margin", "reason"),
    [
        ("A9", 0, "no sheet"),
        ("0x100", 0, "not between"),
        ("A4", 105, "leaves nothing"),
        ("A4", -1, "below 0"),
        ("letr", 0, "letter"),
    ],
)
def test_pages_that_cannot_be_say_why(text, margin, reason):
    with pytest.raises(UsageError, match=reason):
        sheet(text, margin=margin)


def test_a_box_fits_between_the_margins_in_the_middle():
    scale, offset = fit(np.array([10.0, 10]), np.array([30.0, 20]), sheet("100x100", margin=10))
    assert scale == 4
    assert (np.array([[10, 10], [30, 20]]) * scale + offset).tolist() == [[10, 30], [90, 70]]


# --- simplify


@given(st.integers(0, 10_000), st.floats(0.01, 3))
@pytest.mark.slow
def test_no_dropped_point_is_further_than_the_tolerance_from_its_line(seed, tolerance):
    lines = some_lines(4, seed)
    simple = simplified(lines, tolerance)
    assert len(simple) == len(lines)
    for before, after in zip(listed(lines), listed(simple), strict=True):
        assert (before[[0, -1]] == after[[0, -1]]).all()
        assert max(distance(point, after) for point in before) <= tolerance + 1e-9


def distance(point: np.ndarray, line: np.ndarray) -> float:
    least = np.inf
    for a, b in pairwise(line):
        step = b - a
        t = np.clip((point - a) @ step / max(step @ step, 1e-300), 0, 1)
        least = min(least, float(np.hypot(*(a + t * step - point))))
    return least


def test_points_in_a_row_go_and_corners_stay():
    line = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [3, 1], [3, 2]], float)
    assert simplified(Lines.of([line]), 0.01)[0].tolist() == [[0, 0], [3, 0], [3, 2]]


def test_a_ring_keeps_its_corners_and_stays_closed():
    simple = simplified(Lines.of([np.array([[0, 0], [5, 0], [9, 0], [9, 9], [0, 9], [0, 4], [0, 0]], float)]), 0.1)
    assert simple[0].tolist() == [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]


# --- nothing twice


def test_touching_squares_lose_their_inner_edges_once():
    lines = Lines.of([SQUARE + np.array([x, y]) for y in range(5) for x in range(7)])
    once = without_doubles(lines)
    assert once.length == pytest.approx(7 * 6 + 5 * 8)
    assert max(segments(once).values()) == 1
    assert set(segments(once)) == set(segments(lines))


def test_the_shared_part_of_edges_that_overlap_in_part_goes():
    once = without_doubles(Lines.of([[(0, 0), (10, 0)], [(4, 0), (15, 0)], [(12, 0), (20, 0)], [(3, 0), (5, 0)]]))
    assert once.length == pytest.approx(20)


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 133])
@pytest.mark.parametrize("back", [False, True])
def test_a_doubled_line_goes_whatever_its_direction(angle, back):
    turn = np.deg2rad(angle)
    way = np.array([np.cos(turn), np.sin(turn)])
    one, two = np.array([0 * way, 30 * way]), np.array([10 * way, 45 * way])
    once = without_doubles(Lines.of([one, two[::-1] if back else two]))
    assert once.length == pytest.approx(45, abs=1e-6)


def test_a_circle_drawn_twice_from_different_points_is_drawn_once():
    def circle(points, start):
        angle = start + np.linspace(0, 2 * np.pi, points)
        return 30 * np.column_stack([np.cos(angle), np.sin(angle)])

    lines = Lines.of([circle(200, 0), circle(160, 0.7)])
    assert without_doubles(lines).length == pytest.approx(60 * np.pi, rel=0.06)


def test_lines_that_are_close_cross_or_touch_are_no_doubles():
    lines = Lines.of([[(0, 0), (50, 0)], [(0, 0.1), (50, 0.1)], [(0, 5), (50, -5)], [(50, 0), (90, 0)]])
    assert segments(without_doubles(lines)) == segments(lines)


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_what_was_drawn_is_still_drawn(seed):
    rng = np.random.default_rng(seed)
    lines = Lines.of([rng.integers(0, 4, (rng.integers(2, 5), 2)) * [1.0, 0.7] for _ in range(8)])
    once = without_doubles(lines)
    for line in listed(lines):
        for a, b in pairwise(line):
            for t in (0.13, 0.5, 0.81):
                place = a + t * (b - a)
                assert min(distance(place, other) for other in listed(once)) < 0.03


# --- fewest strokes


def euler(lines: Lines) -> int:
    """The fewest strokes: half the odd nodes of each part, one for a part without."""
    degree, parts = Counter(), {}

    def find(node):
        while parts.setdefault(node, node) != node:
            node = parts[node]
        return node

    for line in listed(lines):
        for a, b in pairwise(map(tuple, line.tolist())):
            degree[a] += 1
            degree[b] += 1
            parts[find(a)] = find(b)
    odd = Counter(find(node) for node in degree if degree[node] % 2)
    return sum(max(1, odd[part] // 2) for part in {find(node) for node in degree})


@given(st.integers(0, 100_000))
def test_merging_reaches_eulers_bound_and_draws_every_segment_once(seed):
    rng = np.random.default_rng(seed)
    places = np.unique(rng.integers(0, 4, (rng.integers(3, 9), 2)), axis=0).astype(float)
    lines = []
    for _ in range(rng.integers(1, 12)):
        steps = rng.integers(1, len(places), rng.integers(1, 5)) if len(places) > 1 else [0]
        lines.append(places[np.cumsum([rng.integers(len(places)), *steps]) % len(places)])
    if len(places) < 2:
        return
    lines = Lines.of(lines)
    strokes = merged(lines)
    assert segments(strokes) == segments(lines)
    assert len(strokes) == euler(lines)


def test_touching_squares_take_the_fewest_strokes():
    lines = Lines.of([SQUARE * 3 + (3 * x, 3 * y) for y in range(8) for x in range(12)])
    strokes = simplified(merged(without_doubles(lines)), 0.01)
    assert len(strokes) == 8 + 12 - 2
    assert len(strokes.points) < 3 * len(strokes)


def test_ends_that_are_close_are_joined_and_others_not():
    lines = Lines.of([[(0, 0), (10, 0)], [(20, 0), (10.04, 0)], [(20.2, 0), (30, 0)]])
    strokes = merged(lines, 0.05)
    assert sorted(line.tolist() for line in listed(strokes)) == [
        [[0, 0], [10, 0], [10.04, 0], [20, 0]],
        [[20.2, 0], [30, 0]],
    ]


def test_lines_go_straight_on_where_they_meet():
    strokes = merged(Lines.of([[(0, 5), (5, 5)], [(5, 5), (5, 0)], [(5, 10), (5, 5)], [(5, 5), (10, 5)]]))
    assert {tuple(np.abs(line[-1] - line[0])) for line in listed(strokes)} == {(10, 0), (0, 10)}


def test_a_stroke_that_meets_itself_is_closed():
    (ring,) = listed(merged(Lines.of([SQUARE[:3], SQUARE[2:4], SQUARE[3:]])))
    assert ring[0].tolist() == ring[-1].tolist() and len(ring) == 5


# --- order


def brute(lines: Lines) -> float:
    """The least travel there is, by trying all orders and turns; closed lines at any of their points."""
    ways = [
        [(line[k], line[k]) for k in range(len(line) - 1)]
        if (line[0] == line[-1]).all()
        else [(line[0], line[-1]), (line[-1], line[0])]
        for line in listed(lines)
    ]
    least = np.inf
    for order in permutations(range(len(lines))):
        for turns in product(*(ways[number] for number in order)):
            at, way = np.zeros(2), 0.0
            for begin, end in turns:
                way += float(np.hypot(*(begin - at)))
                at = end
            least = min(least, way)
    return least


@pytest.mark.parametrize("seed", range(12))
def test_few_lines_are_ordered_as_well_as_can_be_or_nearly(seed):
    lines = some_lines(4, seed)
    assert brute(lines) - 1e-9 <= travel(ordered(lines)) <= 1.12 * brute(lines)


@pytest.mark.parametrize("closed", [0, 0.5, 1])
@pytest.mark.slow
def test_ordering_keeps_the_lines_and_travels_less_than_nearest_neighbor(closed):
    lines = some_lines(400, 3, closed)
    best = ordered(lines)
    assert segments(best) == segments(lines)
    assert len(best) == len(lines)
    assert travel(best) < 0.9 * travel(nearest_neighbor(lines)) < 0.9 * travel(lines)


@given(st.integers(0, 10_000), st.integers(1, 12))
@settings(max_examples=30)
@pytest.mark.slow
def test_travel_is_never_more_than_it_was_nor_than_nearest_neighbor(seed, count):
    lines = some_lines(count, seed)
    best = ordered(lines, tries=8)
    for start in ((0, 0), None):
        assert travel(best, start) <= travel(lines, start) + 1e-6
        assert travel(best, start) <= travel(nearest_neighbor(lines), start) + 1e-6
        assert travel(ordered(best, tries=8), start) <= travel(best, start) + 1e-6


def test_nearest_neighbor_order_is_what_a_naive_loop_finds():
    lines = some_lines(150, 5, closed=0)
    left, at, way = set(range(len(lines))), np.zeros(2), 0.0
    while left:
        _, number, end = min(
            (float(np.hypot(*(lines[number][end] - at))), number, end) for number in left for end in (0, -1)
        )
        way += float(np.hypot(*(lines[number][end] - at)))
        at = lines[number][-1 - end]
        left.remove(number)
    assert travel(nearest_neighbor(lines)) == pytest.approx(way)


def test_a_closed_line_begins_where_the_pen_comes_by():
    ring = SQUARE * 10 + (50, 50)
    best = ordered(Lines.of([ring, [(0, 0), (0, 60)], [(61, 61), (90, 90)]]))
    rings = [line for line in listed(best) if len(line) == 5]
    assert rings[0][0].tolist() in ([50, 60], [60, 60])


@pytest.mark.parametrize("seed", range(8))
def test_a_tour_stays_a_tour_and_gets_shorter_with_every_round(seed):
    rng = np.random.default_rng(seed)
    ends, first = rng.uniform(0, 30, (600, 2)), 2 * rng.permutation(300)
    tour = Tour(ends, np.ones(600), np.column_stack([first, first + 1]).ravel())
    near = cKDTree(ends).query(ends, k=9)[1]
    before = np.inf
    while tour.length < before - 1e-6:
        before = tour.length
        tour.improve(near, rounds=1)
        assert np.sort(tour.order).tolist() == list(range(600))
        assert (tour.order[0::2] // 2 == tour.order[1::2] // 2).all()
        assert (tour.place[tour.order] == np.arange(600)).all()
        assert tour.length <= before
    kept = tour.length
    tour.disturb(near, 5)
    assert tour.length <= kept
    assert (tour.order[0::2] // 2 == tour.order[1::2] // 2).all()


def test_lines_on_top_of_each_other_can_be_ordered():
    lines = Lines.of([[(5, 5), (5, 5)]] * 20 + [SQUARE] * 20)
    assert len(ordered(lines)) == 40


# --- all of it


@given(st.integers(0, 10_000), st.integers(1, 15))
@settings(max_examples=30)
@pytest.mark.slow
def test_tidy_lines_draw_the_same_with_no_more_travel(seed, count):
    lines = some_lines(count, seed)
    tidy = tidied(lines, Tidying(tries=8))
    assert travel(tidy, None) <= travel(rounded(lines), None) + 1e-6
    assert travel(tidy) <= travel(rounded(lines)) + 1e-6 or len(tidy) < count
    assert tidy.length <= lines.length + 0.05 * count + count * DOT
    for line in listed(lines):
        for point in line:
            assert min(distance(point, other) for other in listed(tidy)) < 0.05


def test_a_line_that_runs_over_itself_is_not_taken_to_pieces():
    lines = Lines.of([[(30, 20), (10, 20), (30, 40)], [(30, 40), (10, 20)], [(10, 20), (10, 40)]])
    assert travel(lines, None) == 0
    assert travel(tidied(lines), None) == 0


def test_one_stroke_is_better_than_two_that_begin_nearer():
    assert len(tidied(Lines.of([[(10, 10), (40, 10)], [(30, 20), (10, 10)]]))) == 1


def test_tidying_what_is_tidy_changes_little():
    once = tidied(some_lines(300, 8), Tidying(tries=20))
    twice = tidied(once, Tidying(tries=20))
    assert len(twice) == len(once)
    assert travel(twice) <= travel(once)
    assert len(twice.points) <= len(once.points)


def test_a_dot_becomes_a_stroke_that_plotters_make():
    tidy = tidied(Lines.of([[(5, 5), (5, 5)], [(9, 9), (9.01, 9)], [(1, 1), (3, 1)]]))
    assert len(tidy) == 3
    assert sorted(np.round(tidy.lengths, 6).tolist()) == [DOT, DOT, 2]


def test_the_order_is_kept_where_that_is_asked_for():
    lines = some_lines(20, 1)
    kept = tidied(lines, Tidying(None, None, None, order=False))
    assert np.abs(kept.points - lines.points).max() <= 5.1e-4


def test_the_same_lines_give_the_same_bytes():
    one, two = (tidied(some_lines(200, 2), Tidying(tries=40)) for _ in range(2))
    assert one.points.tobytes() == two.points.tobytes()


def test_lines_are_cut_at_the_sides_of_a_page():
    low, high = np.zeros(2), np.array([10.0, 10])
    lines = Lines.of([[(-5, 5), (5, 5), (5, 15)], [(2, 2), (3, 3)], [(-1, -1), (-1, 20)], [(-5, 4), (15, 4)]])
    cut = cropped(lines, low, high)
    assert sorted(line.tolist() for line in listed(cut)) == [
        [[0, 4], [10, 4]],
        [[0, 5], [5, 5], [5, 10]],
        [[2, 2], [3, 3]],
    ]


def test_facts_are_what_a_stopwatch_would_say():
    lines = Lines.of([[(10, 0), (110, 0)], [(110, 10), (110, 60)]])
    found = measured(lines, Speeds(draw=50, travel=20, lift=0.5, acceleration=100))
    assert found[:4] == (2, 4, 150, 20)
    # Each line and each way also takes its speed over its acceleration, to speed up and to slow down.
    assert found.minutes == pytest.approx((150 / 50 + 20 / 20 + 2 * 0.5 + 2 * 50 / 100 + 2 * 20 / 100) / 60)
    with pytest.raises(UsageError, match="speed"):
        Speeds(draw=0)


def test_closed_lines_move_to_where_the_pen_passes_by():
    """Of a hundred circles among as many strokes most can be drawn in passing; the figure may only get smaller."""
    rng = np.random.default_rng(0)
    turn = np.linspace(0, 2 * np.pi, 25)[:-1]
    lines = []
    for _ in range(100):
        middle, radius, begin = rng.uniform(20, 180, 2), rng.uniform(10, 20), rng.uniform(0, 6)
        circle = middle + radius * np.column_stack([np.cos(turn + begin), np.sin(turn + begin)])
        lines += [
            np.concatenate([circle, circle[:1]]),
            rng.uniform(0, 200, 2) + np.array([[0, 0], rng.normal(0, 40, 2)]),
        ]
    assert travel(ordered(Lines.of(lines), tries=0)) < 1600
