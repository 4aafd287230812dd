"""Long thin lines as pixels: exact coverage, light that is multiplied, and drawings of threads in files."""

from __future__ import annotations

import numpy as np
import pytest

import artkit
from artkit.artwork.drawing import Drawing, Layer, Page, Path, Shape
from artkit.color.spaces import LIGHT
from artkit.raster.threads import left_by
from artkit.render import ink_seen, threads_seen

FINER = 40


def sampled(line: tuple[float, float, float, float], width: float, size: tuple[int, int]) -> np.ndarray:
    """The share of each pixel that a line leaves, counted at so many points: ends are cut across the nearer axis."""
    x0, y0, x1, y1 = line
    y, x = (np.mgrid[: size[1] * FINER, : size[0] * FINER] + 0.5) / FINER
    if abs(y1 - y0) > abs(x1 - x0):
        x, y, x0, y0, x1, y1 = y, x, y0, x0, y1, x1
    slope = (y1 - y0) / (x1 - x0)
    covered = (np.abs(y - y0 - slope * (x - x0)) <= width / 2 * np.hypot(1, slope)) & (min(x0, x1) <= x)
    covered &= x <= max(x0, x1)
    return 1 - covered.reshape(size[1], FINER, size[0], FINER).mean((1, 3))


@pytest.mark.parametrize(
    "line",
    [
        (2.3, 4.1, 17.6, 9.2),
        (17.6, 9.2, 2.3, 4.1),
        (3.2, 1.1, 6.4, 10.7),
        (1, 6, 18, 6),
        (8.5, 2, 8.5, 11),
        (3, 2, 11, 10),
    ],
)
@pytest.mark.parametrize("width", [0.2, 0.9, 2.6])
def test_a_line_covers_what_it_covers(line: tuple[float, float, float, float], width: float) -> None:
    size = (20, 13)
    left = left_by(np.array([line]), width, size)
    assert np.abs(left - sampled(line, width, size)).max() < 0.04
    assert np.isclose((1 - left).sum(), width * np.hypot(line[2] - line[0], line[3] - line[1]))


def test_where_lines_cross_each_leaves_its_share() -> None:
    rng = np.random.default_rng(4)
    lines = rng.uniform(-8, 40, (60, 4))  # most of them end outside
    each = [left_by(lines[k : k + 1], 0.7, (32, 24)) for k in range(len(lines))]
    assert np.allclose(left_by(lines, 0.7, (32, 24)), np.prod(each, axis=0), atol=1e-12)


def test_a_line_beyond_the_picture_or_of_no_length_leaves_all() -> None:
    lines = np.array([[-9.0, -9, -1, -4], [40, 3, 60, 3], [5, 5, 5, 5], [3, -7, 30, -1]])
    assert (left_by(lines, 1, (32, 24)) == 1).all()
    assert (left_by(np.empty((0, 4)), 1, (5, 4)) == 1).all()


def threads(ink: str = "#1b1b1b", width: float = 0.08, opacity: float = 1.0) -> Drawing:
    rng = np.random.default_rng(7)
    path = Path(rng.uniform(4, 56, (260, 2)), closed=False)
    return Drawing(60, 60, [Layer([Shape([path], None, ink, opacity)], "thread", width)], page=Page(60, 60))


def test_threads_are_as_dark_as_a_rendering_twelve_times_as_large() -> None:
    for ink in ("#1b1b1b", "#c02040"):
        drawing = threads(ink)
        seen = threads_seen(drawing, (150, 150))
        assert seen is not None
        larger = LIGHT[ink_seen(drawing.to_svg(), (1800, 1800), 2.4)].reshape(150, 12, 150, 12, 3).mean((1, 3))
        assert np.abs(LIGHT[seen].mean((0, 1)) - larger.mean((0, 1))).max() < 0.01
        assert np.abs(LIGHT[seen] - larger).mean() < 0.02


def test_other_drawings_are_not_taken_for_threads() -> None:
    size = (150, 150)
    turn = np.linspace(0, 60, 2000)
    coil = Path(30 + turn[:, None] / 3 * np.column_stack([np.cos(turn), np.sin(turn)]), closed=False)
    fine = Drawing(60, 60, [Layer([Shape([coil], None, "#000000")], "coil", 0.1)], page=Page(60, 60))
    assert threads_seen(fine, size) is None  # short parts
    assert threads_seen(threads(width=0.6), size) is None  # wider than a pixel
    beside = [Path(np.array([[4, y], [56, y]]), closed=False) for y in np.arange(4, 56, 0.1)]
    hatched = Drawing(60, 60, [Layer([Shape(beside, None, "#000000")], "hatch", 0.1)], page=Page(60, 60))
    assert threads_seen(hatched, size) is None  # beside each other
    assert threads_seen(threads(opacity=0.5), size) is None
    assert threads_seen(Drawing(60, 60, threads().layers), size) is None  # no page


def test_files_of_threads_hold_what_is_seen() -> None:
    drawing = threads()
    image = artkit.Image.of(drawing.to_bytes(".png"))
    size = (round(60 / 25.4 * 300),) * 2
    assert (image.width, image.height) == size
    seen = threads_seen(drawing, size)
    assert seen is not None and (image.pixels == seen).all()
