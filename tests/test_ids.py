"""Names and ids of groups: unique, valid, the same every time, of every mode; and no pixel changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shutil import which
from subprocess import run
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner, Result

import artkit
from artkit.artwork.drawing import AnimatedDrawing, Drawing, Gradient, Layer, LineStyle, Page, Path, Shadow, Shape
from artkit.cli import app
from artkit.errors import UsageError
from artkit.grouping.names import shades
from artkit.recipe import Recipe

INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
RED, NAVY, SKY, GRAY = "#c01818", "#101858", "#a8d0f0", "#808080"


def box(x: float, y: float, width: float, height: float, fill: object = RED, **more: object) -> Shape:
    points = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], float)
    return Shape([Path(points)], fill, **more)  # type: ignore[arg-type]


def flat() -> Drawing:
    """Red, navy and red again on it, beside one another and over one another."""
    shapes = [box(0, 0, 60, 40, SKY), box(5, 5, 30, 30), box(10, 10, 20, 20, NAVY), box(15, 15, 9, 9), box(40, 4, 9, 9)]
    return Drawing(60, 40, [Layer(shapes)], background="#ffffff")


def scattered() -> Drawing:
    rng = np.random.default_rng(7)
    style = LineStyle(2.5, "square", "miter", (4.0, 3.0))
    shapes = [
        box(*rng.uniform(-5, 55, 2), *rng.uniform(3, 20, 2), [RED, NAVY, SKY, GRAY, None][k % 5],
            stroke=NAVY if k % 5 == 4 else None, opacity=0.6 if k % 7 == 0 else 1.0, line=style if k % 2 else None)
        for k in range(60)
    ]  # fmt: skip
    layers = [Layer(shapes[:20], stroke_width=1.5), Layer(shapes[20:40], stroke_width=5.0)]
    return Drawing(60, 60, [*layers, Layer(shapes[40:], "2 - #101858", crisp=True)])


def meshed() -> Drawing:
    """So many colors over one another that groups would be as many as shapes."""
    colors = [RED, NAVY, SKY, GRAY, "#20a040"]
    return Drawing(60, 60, [Layer([box(k % 30, k // 4, 20, 9, colors[k % 5]) for k in range(200)])])


def named() -> Drawing:
    glass = [box(14 * k, 0, 8, 8, [RED, NAVY, SKY][k % 3]) for k in range(18)]
    shadow = Shadow((1, 1), 1.0)
    return Drawing(260, 20, [Layer(glass, "Glass & co"), Layer([box(0, 9, 170, 2, GRAY)], "lead", shadow=shadow),
                             Layer([box(0, 14, 9, 3)], shadow=shadow)])  # fmt: skip


def faded() -> Drawing:
    """More gradients than there are letters, one of which would be called as a group is."""
    fills = [Gradient((0, 0), (60, 1), (RED, f"#c0{k:02x}18")) for k in range(60)]
    return Drawing(60, 60, [Layer([box(0, k, 60, 1, fill) for k, fill in enumerate(fills)], "aa")])


def on_page() -> Drawing:
    """Shapes of which some lie before the drawing's own corner, where the paper goes on."""
    shapes = [box(-9, -9, 12, 12), box(-5, -5, 9, 9, NAVY), box(-3, -3, 4, 4), box(20, 20, 9, 9, NAVY)]
    return Drawing(30, 30, [Layer(shapes)], page=Page(100, 100, 2, (30, 30)))


def for_pens() -> Drawing:
    line = Path(np.array([(1, 1), (50, 1), (50, 30)], float), closed=False)
    return Drawing(60, 40, [Layer([Shape([line, line], None, RED)], "1 - #c01818 0.3mm", 0.3),
                            Layer([Shape([line], None, "#000")], "2 - black 0.3mm", 0.3)],
                   page=Page(60, 40))  # fmt: skip


def drawn() -> Drawing:
    lines = [Path(np.array([(3, y), (50, y)], float), closed=False) for y in range(5, 30, 5)]
    shapes = [Shape([line], None, RED if k % 2 else NAVY) for k, line in enumerate(lines)]
    times = np.array([(k, k + 1) for k in range(5)], float)
    return AnimatedDrawing(60, 40, [Layer(shapes)], times=(times,))


MODES = [flat, scattered, meshed, named, faded, on_page, for_pens, drawn]


def elements(text: str) -> Iterator[ElementTree.Element]:
    shapes = ("path", "rect", "circle", "ellipse")
    return (each for each in ElementTree.fromstring(text).iter() if each.tag.rpartition("}")[2] in shapes)


def layers(text: str) -> list[ElementTree.Element]:
    return [each for each in ElementTree.fromstring(text).iter() if each.get(f"{INKSCAPE}groupmode") == "layer"]


@pytest.mark.parametrize("by", ["color", "depth"])
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.__name__)
def test_every_group_and_shape_has_an_id_of_its_own_and_no_pixel_changes(mode, by):
    drawing = mode()
    before = drawing.to_svg()
    found = drawing.with_ids(by)
    text = found.to_svg()
    assert drawing.to_svg() == before
    assert drawing.with_ids(by).to_svg() == text != before
    ids = [each.get("id") for each in ElementTree.fromstring(text).iter() if each.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", each) for each in ids)
    assert all(each.get("id") for each in elements(text))
    assert layers(text) and all(each.get("id") and each.get(f"{INKSCAPE}label") for each in layers(text))
    assert len(list(elements(text))) == len(list(elements(before)))
    for width in (60, 171):
        assert np.array_equal(found.to_image(width).pixels, drawing.to_image(width).pixels)


def test_groups_are_called_as_their_colors_are():
    text = flat().with_ids("color").to_svg()
    assert [each.get("id") for each in layers(text)] == ["light-blue", "red", "dark-blue", "red-2"]
    assert [each.get(f"{INKSCAPE}label") for each in layers(text)][1:] == ["red", "dark blue", "red 2"]
    assert [each.get("id") for each in elements(text)] == [
        "background", "light-blue_1", "red_1", "red_2", "dark-blue_1", "red-2_1"]  # fmt: skip
    words = shades(["#000000", "#ffffff", "#808080", "#303030", "#7a1010", "#ffb0b0", "#6b4a20", "#ffe000", "#0040ff"])
    assert words == ["black", "white", "gray", "dark gray", "dark red", "light red", "brown", "yellow", "blue"]
    assert shades(["#846f5f", "#6c4f46", "#c08080", "#ff8000"]) == ["light brown", "brown", "red", "orange"]


def test_depth_is_by_what_lies_within_what():
    text = flat().with_ids("depth").to_svg()
    assert [each.get("id") for each in elements(text)][1:] == [
        "depth-1_1", "depth-2_1", "depth-2_2", "depth-3_1", "depth-4_1"]  # fmt: skip


def test_layers_that_tell_what_they_are_keep_their_names():
    found = named().with_ids("color")
    assert [layer.name for layer in found.layers] == ["Glass & co red", "Glass & co dark blue", "Glass & co light blue",
                                                      "lead", "red"]  # fmt: skip
    assert [layer.id for layer in found.layers][:1] == ["glass-co-red"]
    assert [layer.name for layer in named().with_ids("depth").layers] == ["Glass & co", "lead", "depth 3"]
    whole = meshed().with_ids("color").layers
    assert [layer.name for layer in whole] == ["shapes"]
    assert {re.sub(r"_\d+$", "", shape.id) for shape in whole[0].shapes} >= {"shapes_gray", "shapes_light-blue"}


def test_pens_keep_the_labels_that_machines_read():
    text = for_pens().with_ids("color").to_svg()
    assert [each.get(f"{INKSCAPE}label") for each in layers(text)] == ["1 - #c01818 0.3mm", "2 - black 0.3mm"]
    assert [each.get("id") for each in layers(text)] == ["red", "black"]
    assert [each.get("id") for each in elements(text)] == ["red_1", "red_2", "black_1"]


def test_lines_that_are_drawn_one_after_the_other_keep_their_times():
    found = drawn().with_ids("color")
    assert isinstance(found, AnimatedDrawing)
    begins = {shape.paths[0].points[0, 1]: times[0] for layer, table in zip(found.layers, found.times, strict=True)
              for shape, times in zip(layer.shapes, table, strict=True)}  # fmt: skip
    assert begins == {5: 0, 10: 1, 15: 2, 20: 3, 25: 4}


def test_a_way_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="ids: 'size' is no way to name groups; use color or depth"):
        flat().with_ids("size")  # type: ignore[arg-type]


def test_a_recipe_says_it_in_export():
    text = 'title = "t"\n[[steps]]\nop = "trace"\n[export]\nids = "color"\n'
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[4:12, 5:20] = (200, 20, 20)
    made = artkit.apply(Recipe.parse(text, "r.toml"), picture, kind=Drawing)
    assert (made.background, made.layers[0].id) == ("#000000", "red")
    with pytest.raises(artkit.ArtkitError, match=r"export: ids: \"size\" is not one of color, depth"):
        Recipe.parse(text.replace("color", "size"), "r.toml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a picture, and what was traced of it with ids."""
    folder = tmp_path_factory.mktemp("ids")
    picture = np.full((40, 60, 3), 255, np.uint8)
    picture[5:30, 5:30] = (192, 24, 24)
    picture[10:20, 10:50] = (16, 24, 88)
    Pillow.fromarray(picture).save(folder / "p.png")
    assert cli("trace", folder / "p.png", "--ids", "color", "-o", folder / "art.svg").exit_code == 0
    return folder


def cli(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words)])


def test_traced_exported_plotted_and_made_again(folder):
    text = (folder / "art.svg").read_text()
    assert [each.get("id") for each in layers(text)] == ["red", "dark-blue"]
    assert 'ids = "color"' in text
    assert "the same bytes" in cli("reproduce", folder / "art.svg", "--photo", folder / "p.png").output
    again = folder / "again.svg"
    assert cli("export", folder / "art.svg", "-o", again, "--page", "A6", "--crop-marks").exit_code == 0
    assert [each.get("id") for each in layers(again.read_text())] == ["white", "red", "dark-blue", "marks"]
    assert cli("export", folder / "art.svg", "-o", again, "--ids", "depth").exit_code == 0
    assert [each.get("id") for each in layers(again.read_text())] == ["depth-1", "depth-2"]
    assert cli("plot", folder / "art.svg", "--ids", "-o", again).exit_code == 0
    assert [each.get("id") for each in layers(again.read_text())] == ["red", "dark-blue"]
    assert cli("export", folder / "art.svg", "-o", folder / "art.pdf").exit_code == 0
    if which("inkscape"):
        command = ["inkscape", "--query-all", folder / "art.svg"]
        done = run(command, check=False, capture_output=True, text=True, timeout=60)
        ids = [line.split(",")[0] for line in done.stdout.splitlines()]
        assert ids[1:] == ["background", "red", "red_1", "dark-blue", "dark-blue_1"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("export", "art.svg", "--ids", "color", "-o", "a.png"), "is for .svg, .svgz, .pdf; .png has no names of"),
        (("export", "art.svg", "--ids", "color", "--cut", "-o", "a.svg"), "have layers with names of their own"),
        (("plot", "art.svg", "--ids", "-o", "a.hpgl"), "--ids: is for SVG, which has names of layers and lines"),
        (("apply", "game-boy", "p.png", "--ids", "color", "-o", "a.png"), "it names shapes, and game-boy gives"),
    ],
)
def test_where_there_are_no_names_it_is_said(folder, monkeypatch, words, answer):
    monkeypatch.chdir(folder)
    assert answer in cli(*words).output


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["papercut", "stained-glass", "photo", "hatch", "trace-draw", "low-poly", "sticker"])
def test_presets_keep_their_pixels(preset, photo):
    art = artkit.apply(preset, photo, kind=Drawing)
    for by in ("color", "depth"):
        assert np.array_equal(art.with_ids(by).to_image(150).pixels, art.to_image(150).pixels)
