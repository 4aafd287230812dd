"""Drawings to pixels, whatever their units, and on any ground."""

from __future__ import annotations

import numpy as np
import pytest

import artkit
from artkit import render
from artkit.artwork.drawing import Drawing, Layer, Page, Path, Shape
from artkit.errors import ArtkitError
from artkit.render import rendered, rendered_alone, size_of

SQUARE = Path(np.array([[2, 1], [6, 1], [6, 5], [2, 5]], float))


def test_a_drawing_in_pixels_has_a_pixel_for_each_of_its_units():
    pixels = rendered(Drawing(8, 6, [Layer([Shape([SQUARE], "#ff0000")])]))
    assert pixels.shape == (6, 8, 3)
    assert (pixels[1:5, 2:6] == (255, 0, 0)).all() and (pixels == 255).all(axis=2).sum() == 48 - 16


def test_a_page_is_as_large_as_a_browser_shows_it():
    drawing = Drawing(8, 6, [Layer([Shape([SQUARE], "#000000")])], page=Page(50.8, 25.4, 2.54, (2.54, 5.08)))
    pixels = rendered(drawing)
    assert size_of(drawing) == (192, 96) and pixels.shape == (96, 192, 3)
    rows, columns = np.nonzero(pixels[:, :, 0] < 128)
    inch = 96 / 25.4
    assert abs(columns.min() / inch - 3 * 2.54) < 0.3 and abs((rows.max() + 1) / inch - 7 * 2.54) < 0.3


@pytest.mark.parametrize("size", [(297, 210), (1000, 707), (2970, 2100)])
def test_a_page_fills_its_pixels_from_edge_to_edge(size):
    lines = [Path(np.array([[x, 0], [x, 210]], float), closed=False) for x in (0.5, 148.5, 296.5)]
    page = Drawing(297, 210, [Layer([Shape(lines, None, "#000000")], stroke_width=1)], page=Page(297, 210))
    dark = 255 - rendered(page, size)[:, :, 0].mean(axis=0)
    place = (np.arange(size[0]) + 0.5) * 297 / size[0]
    for x in (0.5, 148.5, 296.5):
        near = np.abs(place - x) < 5
        assert abs((dark * place)[near].sum() / dark[near].sum() - x) < 0.03


def test_what_nothing_is_drawn_on_is_transparent_where_that_is_asked_for():
    drawing = Drawing(8, 6, [Layer([Shape([SQUARE], "#ff0000", opacity=0.5)])])
    pixels = rendered_alone(drawing, (16, 12))
    assert pixels.shape == (12, 16, 4)
    assert pixels[0, 0, 3] == 0 and np.abs(pixels[6, 8].astype(int) - (255, 0, 0, 128)).max() <= 1
    assert (rendered_alone(drawing.replace(background="#00ff00"))[..., 3] == 255).all()


def test_what_is_no_svg_is_told_in_a_line():
    with pytest.raises(ArtkitError, match=r"cannot be rendered .*save it as \.svg"):
        rendered("no drawing")


@pytest.mark.slow
def test_an_op_for_pens_is_animated(tmp_path):
    photo = artkit.Image.of(np.tile(np.linspace(0, 255, 30).astype(np.uint8), (20, 1)))
    recipe = artkit.Recipe.parse(
        '[[steps]]\nop = "hatch"\npage = "105x74mm"\npen_width = 1\n'
        '[animate]\nframes = 3\nvary = { "hatch.angle" = [0, 90] }\n'
    )
    animation = artkit.apply(recipe, photo)
    assert isinstance(animation, artkit.Animation) and len(animation) == 3
    frames = [frame.pixels for frame in animation]
    assert frames[0].shape == (280, 397, 3)
    assert np.abs(frames[0].astype(int) - frames[2]).mean() > 20
    assert animation.save(tmp_path / "pens.gif").stat().st_size > 1000


def test_a_long_rendering_in_a_process_of_its_own_gives_the_same_bytes_and_faults(monkeypatch, tmp_path):
    """Not with modules that lie where artkit was started."""
    text = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><circle cx="4" cy="3" r="2.5"/></svg>'
    here = [render.png(text), render.png(text, (90, 70), None), render.png(text, (90, 70), "#ff0000")]
    monkeypatch.setattr(render, "_here", None)
    monkeypatch.setattr(render, "listening", lambda: True)
    monkeypatch.setattr(render, "_is_long", lambda text, size: True)
    (tmp_path / "json.py").write_text("raise SystemExit('not mine')")
    monkeypatch.chdir(tmp_path)
    assert [render.png(text), render.png(text, (90, 70), None), render.png(text, (90, 70), "#ff0000")] == here
    with pytest.raises(ArtkitError, match=r"the drawing cannot be rendered \(.+\); save it as .svg"):
        render.png("<svg")


def test_lines_of_the_finest_pens_are_rendered_no_larger_than_the_limit(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_GROWN", "50000")
    line = Shape([Path(np.array([[2, 50], [98, 50]], float), closed=False)], None, "#000000")
    page = Drawing(100, 100, [Layer([line], stroke_width=0.05)], page=Page(100, 100))
    pixels = page.to_image(100).pixels
    assert pixels.shape == (100, 100, 3) and pixels.min() < 255
