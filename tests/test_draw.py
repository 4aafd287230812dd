"""Drawings that are drawn line by line: as an SVG that plays by itself, and as frames."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image as Pillow

from artkit.artwork.drawing import AnimatedDrawing, Drawing, Layer, Path, Shape, length
from artkit.errors import UsageError
from artkit.export import encode
from artkit.ops.animate import FADE, draw
from artkit.recipe import Recipe
from artkit.render import rendered
from artkit.run import run

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = np.array([[20, 20], [60, 20], [60, 60], [20, 60]], float)
CIRCLE = 0.5522847498


def line(x1: float, y1: float, x2: float, y2: float) -> Path:
    return Path(np.array([[x1, y1], [x2, y2]], float), closed=False)


def sketch() -> Drawing:
    """A long line, a short one below it, and a red square."""
    lines = [Shape([line(10, 70, 20, 70)], stroke="#000000"), Shape([line(10, 10, 90, 10)], stroke="#000000")]
    return Drawing(100, 80, [Layer(lines, "lines", 4.0), Layer([Shape([Path(SQUARE)], fill="#ff0000")])], "#ffffff")


def ink_at(drawing: AnimatedDrawing, second: float) -> np.ndarray:
    return rendered(drawing.at(second), (100, 80))


def test_lines_grow_and_fills_appear():
    drawn = draw(sketch(), seconds=2, hold=1, pens=1, order="layers")
    assert (ink_at(drawn, 0) == 255).all()
    end = ink_at(drawn, 2 + FADE)
    assert end[10, 50].tolist() == [0, 0, 0] and end[40, 40].tolist() == [255, 0, 0]
    off = np.abs(end.astype(int) - rendered(sketch().to_svg(), (100, 80))).max(axis=2)
    off[[19, 60], 19:61] = off[19:61, [19, 60]] = 0  # half of the outline's width is outside of the square
    assert off.max() <= 8
    row = [int((ink_at(drawn, t)[10, :, 0] < 128).sum()) for t in np.linspace(0, 2, 9)]
    assert row == sorted(row) and 0 < row[1] < row[-1]


def test_the_order_is_as_asked_for():
    long, layers = (draw(sketch(), pens=1, order=order).times for order in ("long", "layers"))
    assert len(layers) == 3 and len(layers[1]) == 2  # the square's outline comes beneath the lines
    assert layers[1][0, 0] == 0 and layers[1][1, 0] == layers[1][0, 1]
    outline, lines = long[0], long[1]
    assert outline[0, 0] == 0 and lines[1, 0] == outline[0, 1] and lines[0, 0] == lines[1, 1]
    top = draw(sketch(), pens=1, order="top").times
    assert top[1][1, 0] < top[0][0, 0] < top[1][0, 0]


@pytest.mark.parametrize("pens", [1, 3, 50])
def test_all_is_done_in_the_time_given_at_one_pace(pens):
    drawn = draw(sketch(), seconds=5, pens=pens)
    strokes = np.concatenate([drawn.times[0], drawn.times[1]])
    assert strokes.max() == pytest.approx(5)
    lasting = (strokes[:, 1] - strokes[:, 0]) / np.concatenate(drawn.lengths[:2])
    assert np.allclose(lasting, lasting[0])


def test_the_svg_plays_by_itself_and_stands_complete_where_nothing_plays():
    drawn = draw(sketch(), seconds=3, hold=1, loop=2)
    text = drawn.to_svg()
    root = ElementTree.fromstring(text)
    moves = list(root.iter(f"{SVG}animate"))
    assert len(moves) == 4
    for move in moves:
        times = [float(time) for time in move.get("keyTimes").split(";")]
        assert times == sorted(times) and times[0] == 0 and times[-1] == 1
        assert len(times) == len(move.get("values").split(";"))
        assert (move.get("dur"), move.get("repeatCount"), move.get("fill")) == ("4s", "2", "freeze")
    assert "script" not in text and "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
    assert np.array_equal(rendered(text, (100, 80)), rendered(drawn.at(99), (100, 80)))
    assert 'repeatCount="indefinite"' in draw(sketch()).to_svg()
    assert "<animate" not in sketch().to_svg()


def test_outlines_in_ink_stay_on_top():
    drawn = draw(sketch(), ink="blue", width=3)
    assert drawn.layers[-1].shapes[0].stroke == "#0000ff"
    assert ink_at(drawn, 99)[20, 40].tolist() == [0, 0, 255]


def test_frames_of_a_gif_are_those_of_the_svg():
    drawn = draw(sketch(), seconds=1, hold=0.5, fps=8, loop=1)
    with Pillow.open(io.BytesIO(encode(drawn, ".gif"))) as file:
        assert file.n_frames == 12
        for i in (0, 5, 11):
            file.seek(i)
            wanted = ink_at(drawn, i / 8)
            assert np.abs(np.asarray(file.convert("RGB")).astype(int) - wanted).mean() < 1.5
    assert len(encode(drawn, ".svgz")) < len(encode(drawn, ".svg"))


def test_a_drawing_that_stands_still_has_no_frames():
    with pytest.raises(UsageError, match=r"a drawing cannot be written as \.gif; use \.svg, \.svgz"):
        encode(sketch(), ".gif")


def test_the_preset_draws_what_contours_draws(photo):
    drawn = run(Recipe.find("trace-draw").checked, photo)
    assert isinstance(drawn, AnimatedDrawing)
    still = Recipe.find("trace-draw")
    plain = run(Recipe(steps=still.steps[:1]).checked, photo)
    assert np.array_equal(rendered(drawn.to_svg(), (72, 48)), rendered(plain.to_svg(), (72, 48)))


def test_an_empty_sheet_is_drawn_in_no_time():
    assert encode(draw(Drawing(9, 9, (), "#ffffff"), seconds=0.2, hold=0), ".gif")[:3] == b"GIF"


def test_lengths_are_those_of_lines_circles_and_closed_paths():
    assert length(line(0, 0, 3, 4)) == 5
    assert length(Path(SQUARE)) == 160 and length(Path(SQUARE, closed=False)) == 120
    k = CIRCLE
    quarter = [[1, 0], [1, k], [k, 1], [0, 1]]
    turns = [np.array(quarter) @ np.linalg.matrix_power(np.array([[0, 1], [-1, 0]]), i) for i in range(4)]
    points = np.concatenate([turns[0][:1], *[turn[1:] for turn in turns]])
    circle = Path(points, np.full(4, 3, np.uint8))
    assert length(circle) == pytest.approx(2 * np.pi, rel=2e-3)
    bow = Path(np.array([[0, 0], [1, 2], [2, 0]], float), np.array([2], np.uint8), closed=False)
    assert length(bow) == pytest.approx(2.9579, rel=5e-3)
    assert length(Path(np.zeros((1, 2)))) == 0
