"""Hatch lines are joined at their ends where the way stays inside, and nowhere else; all of them stay."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.pens.draw.field import Field
from artkit.pens.draw.fills import Edges, filled
from artkit.pens.draw.hatching import HatchLines, hatched
from artkit.pens.draw.joins import there_and_back
from artkit.pens.lines import Lines
from artkit.pens.regions import Combined, Fill, Outside, Region, within

PEN = 0.4
TURN = np.linspace(0, 2 * np.pi, 90, endpoint=False)
COMB = np.array([[2, 2], [38, 2], [38, 26], [33, 26], [33, 8], [26, 8], [26, 26], [20, 26], [20, 8], [13, 8], [13, 26],
                 [2, 26]], float)  # fmt: skip


def disc(x: float, y: float, radius: float) -> np.ndarray:
    return np.array([x, y]) + radius * np.column_stack([np.cos(TURN), np.sin(TURN)])


def hatching(shapes: list[list[np.ndarray]], angle: float, pitch: float = PEN, chosen: int = 0) -> Lines:
    hatch = HatchLines.over(40, 30, angle, pitch, PEN / 2)
    return filled(Edges.of(shapes), hatch, PEN, np.arange(len(shapes)) == chosen)


def rings(shape: list[np.ndarray]) -> Region:
    return Fill.of(Lines.of(shape), nonzero=False)


SHAPES = {
    "comb": [[COMB]],
    "ring": [[disc(20, 15, 13), disc(20, 15, 6)]],
    "thin rings": [[disc(20, 15, r) for r in np.arange(3, 14, 0.5)]],
    "covered": [[COMB], [disc(15, 12, 5)], [disc(30, 6, 3), disc(30, 6, 1)]],
    "covered and covered again": [[disc(20, 15, 13)], [disc(20, 15, 8)], [disc(20, 15, 4)]],
}


@pytest.mark.parametrize("angle", [0, 37])
@pytest.mark.parametrize("name", SHAPES)
def test_ways_stay_inside_what_is_seen(name, angle):
    shapes = SHAPES[name]
    for pitch in (PEN, 2 * PEN):
        lines = hatching(shapes, angle, pitch)
        seen = Combined([rings(shapes[0]), *(Outside(rings(shape)) for shape in shapes[1:])])
        inside, _ = within(lines, seen)
        assert inside.length == pytest.approx(lines.length, abs=1e-6)


@pytest.mark.parametrize("name", SHAPES)
def test_every_hatch_line_is_drawn_once(name):
    lines = hatching(SHAPES[name], 37)
    hatch = HatchLines.over(40, 30, 37, PEN, PEN / 2)
    first = lines.segments
    way = lines.points[first + 1] - lines.points[first]
    along = np.abs(way @ hatch.normal) < 1e-9
    joined = int((~along).sum())
    assert along.sum() == len(lines) + joined, "one way between any two that follow each other"
    assert np.hypot(*way[~along].T).max(initial=0) <= 2.5 * PEN + 1e-9
    middle = (lines.points[first] + way / 2)[along]
    assert len(np.unique(np.round(middle, 6), axis=0)) == len(middle)


def test_a_plain_shape_is_one_stroke_there_and_back():
    box = np.array([[5.1, 5.1], [35, 5.1], [35, 25], [5.1, 25]], float)
    for angle in (0, 90):
        lines = hatching([[box]], angle)
        assert len(lines) == 1
    assert len(hatching([[disc(20, 15, 12)]], 20)) <= 5
    assert len(hatching([[box]], 0, 4 * PEN)) == 12, "lines far from each other stay apart"


def test_no_stroke_runs_in_a_circle_and_no_end_is_joined_twice():
    rng = np.random.default_rng(4)
    line = np.sort(rng.integers(0, 30, 300))
    begin = np.column_stack([rng.uniform(0, 20, 300), line * 0.3])
    end = begin + (1, 0) * rng.uniform(0.2, 3, (300, 1))
    lines = there_and_back(line, begin, end, 0.8, lambda one, other, here, there: np.ones(len(one), bool))
    assert lines.counts.sum() == 600
    assert not lines.closed.any()
    pairs = np.sort(lines.points.reshape(-1, 4), axis=0)
    assert (np.sort(np.hstack([begin, end]), axis=0)[:, 1] == pairs[:, 1]).all()
    assert len(lines) < 200


def test_ways_between_lines_of_a_picture_are_as_dark_as_the_lines():
    y, x = np.mgrid[:60, :80] / 2
    ring = np.abs(np.hypot(x - 20, y - 15) - 9) < 3
    lines = hatched(Field(np.where(ring, 0.9, 0.0).astype(np.float32), 40, 30), PEN, 30)
    points = np.concatenate([np.linspace(a, b, 20) for k in range(len(lines)) for a, b in
                             zip(lines[k][:-1], lines[k][1:], strict=True)])  # fmt: skip
    away = np.abs(np.hypot(*(points - (20, 15)).T) - 9)
    assert away.max() < 3.6
    assert len(lines) < 0.3 * len(lines.segments)
