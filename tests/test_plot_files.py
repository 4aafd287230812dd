"""Plots as files: what plotters, Inkscape and vpype expect of them, and `artkit plot` around it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.drawing import CUBIC, Drawing, Page, Shape
from artkit.artwork.drawing import Layer as DrawingLayer
from artkit.artwork.drawing import Path as DrawingPath
from artkit.cli import app
from artkit.errors import ArtkitError, UsageError
from artkit.export.plot import encode
from artkit.export.plot.svg import plot_svg as svg
from artkit.ops.animate import draw
from artkit.ops.pen.hatch import crosshatch
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.draw.stipple import spirals
from artkit.pens.layout import Sheet
from artkit.pens.lines import Lines
from artkit.pens.plotter import Plan, placed, plotted
from artkit.pens.read.check import check
from artkit.pens.read.document import read
from artkit.pens.strokes import from_drawing, from_svg

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
SQUARE = np.array([[20, 20], [40, 20], [40, 40], [20, 40], [20, 20]], float)


def a_plot() -> Plot:
    wave = np.column_stack([np.linspace(15, 80, 40), 50 + 5 * np.sin(np.arange(40) / 3)])
    return Plot(
        100,
        80,
        [
            Layer(Pen("black", "#000000", 0.3), Lines.of([SQUARE, wave])),
            Layer(Pen('red <&> "thin"', "#ff0000", 0.1), Lines.of([[(10, 10), (10.5, 70.125)]])),
        ],
        {"title": "A & B", "recipe": "seed = 1\n"},
    )


def run(*arguments: object, status: int = 0, **more: object):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], **more)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def drawing_file(tmp_path: Path) -> Path:
    """Squares that touch, in two colors, with a text, in pixels."""
    squares = "".join(
        f'<rect x="{60 + 40 * x}" y="{60 + 40 * y}" width="40" height="40" stroke="{color}" fill="none"/>'
        for color, row in (("#c00", 0), ("#00c", 1))
        for y in range(row * 3, row * 3 + 3)
        for x in range(5)
    )
    file = tmp_path / "in.svg"
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><text>no</text>{squares}</svg>', "utf-8"
    )
    return file


# --- the SVG


def test_the_svg_is_of_the_form_that_all_readers_share():
    root = ElementTree.fromstring(svg(a_plot()))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("100mm", "80mm", "0 0 100 80")
    groups = [child for child in root if child.tag == f"{SVG}g"]
    assert [group.get(f"{INKSCAPE}groupmode") for group in groups] == ["layer", "layer"]
    labels = [group.get(f"{INKSCAPE}label") for group in groups]
    assert labels == ["1 - black 0.3mm", '2 - red <&> "thin" 0.1mm']
    assert [(group.get("stroke"), group.get("stroke-width"), group.get("fill")) for group in groups] == [
        ("#000000", "0.3", "none"),
        ("#ff0000", "0.1", "none"),
    ]
    assert [len(group) for group in groups] == [2, 1]
    assert all(element.tag == f"{SVG}path" and list(element.keys()) == ["d"] for g in groups for element in g)


@given(
    st.lists(
        st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), min_size=2, max_size=5), min_size=1, max_size=6
    )
)
@pytest.mark.slow
def test_what_is_written_is_read_to_a_thousandth_of_a_millimetre(lines):
    drawn = Lines.of(lines)
    back = read(svg(Plot(100, 80, [Layer(Pen("x"), drawn)]))).lines
    assert back.offsets.tolist() == drawn.offsets.tolist()
    assert np.abs(back.points - drawn.points).max() <= 5.01e-4


def test_numbers_take_no_more_digits_than_they_need():
    text = svg(Plot(9, 9, [Layer(Pen("x"), Lines.of([[(0, -0.0004), (-0.5, 10), (1234.5678, 0.05)]]))])).decode()
    assert 'd="m0 0-.5 10 1235.068-9.95"' in text


def test_dots_are_arcs_in_the_file_and_come_back_as_round_as_they_were():
    drawn = spirals(np.array([[20.0, 20], [50, 30], [80, 40]]), np.array([0.15, 0.6, 8.0]), 0.3)
    text = svg(Plot(100, 80, [Layer(Pen("x"), drawn)])).decode()
    assert [data.count("a") for data in FIRST.findall(text)] == [1, 1, 1] and "l" not in "".join(FIRST.findall(text))
    assert len(text) < 5000
    back = read(text.encode()).lines
    assert len(back) == 3 and np.abs(back.ends - drawn.ends).max() < 1e-9
    assert np.abs(back.lengths / drawn.lengths - 1).max() < 0.02
    for number, radius in enumerate((0.15, 0.6, 8.0)):
        away = np.hypot(*(back[number][-20:] - [(20, 20), (50, 30), (80, 40)][number]).T)
        assert np.abs(away - radius).max() < 0.02
    turned = drawn.take(np.arange(3), np.array([True, False, True]))
    assert svg(Plot(100, 80, [Layer(Pen("x"), turned)])).count(b"a") == text.count("a")


def test_a_polygon_with_corners_to_be_seen_is_no_circle():
    angle = np.linspace(0, 2 * np.pi, 13)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    ring[-1] = ring[0]
    large = svg(Plot(100, 80, [Layer(Pen("x"), Lines.of([50 + 5 * ring]))])).decode()
    assert "a" not in FIRST.findall(large)[0] and FIRST.findall(large)[0].endswith("z")


@pytest.mark.slow
def test_many_lines_are_the_same_as_few():
    rng = np.random.default_rng(0)
    lines = Lines.of([rng.uniform(0, 90, (2 + n % 4, 2)) for n in range(100_000)])
    plot = Plot(90, 90, [Layer(Pen("x"), lines)])
    back = read(svg(plot)).lines
    assert len(back) == len(lines)
    assert np.abs(back.points - lines.points).max() <= 5.01e-4


# --- other machines


def test_hpgl_has_pens_units_and_y_upwards():
    text = encode(a_plot(), ".hpgl").decode()
    assert text.startswith("IN;PA;") and text.rstrip().endswith("SP0;")
    assert "SP1;\nPU800,2400;PD1600,2400,1600,1600,800,1600,800,2400;" in text
    assert "SP2;\nPU400,2800;PD420,395;" in text


def test_gcode_says_nothing_twice():
    rows = encode(a_plot(), ".gcode").decode().splitlines()
    assert rows[:5] == ["G21", "G90", "G0 Z5", "M0 (pen 1: black)", "G0 X20 Y60 F12000"]
    assert rows[5:8] == ["G1 Z0 F1000", "G1 X40 Y60 F3000", "G1 X40 Y40"]
    assert rows[-2:] == ["G0 X0 Y0", "M2"]


def test_an_unknown_suffix_names_those_that_are_known():
    with pytest.raises(UsageError, match=r"\.hpgl"):
        encode(a_plot(), ".ai")


# --- pages and pens


def sketch_of(body: str, head: str = 'width="100mm" height="50mm" viewBox="0 0 100 50"'):
    return from_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{body}</svg>'.encode(), "x.svg")


def box(plot: Plot) -> list[float]:
    low, high = Lines.joined(layer.lines for layer in plot.layers).bounds
    return np.round([*low, *high], 3).tolist()


LINES = '<path stroke="red" d="M10 10h40"/><path stroke="#0000f0" d="M10 10v20"/>'


@pytest.mark.parametrize(
    ("plan", "page", "wanted"),
    [
        (Plan(), (100, 50), [10, 10, 50, 30]),
        (Plan(page="200x100mm"), (200, 100), [60, 35, 100, 55]),
        (Plan(page="A4"), (297, 210), [108.5, 90, 148.5, 110]),
        (Plan(page="A4", landscape=False), (210, 297), [65, 133.5, 105, 153.5]),
        (Plan(page="A4", fit=True, margin=8.5), (297, 210), [8.5, 35, 288.5, 175]),
        (Plan(scale=0.5, page="60x60mm", margin=0), (60, 60), [20, 25, 40, 35]),
        (Plan(margin=15), (100, 50), [30, 15, 70, 35]),
        (Plan(landscape=False), (50, 100), [5, 40, 45, 60]),
        (Plan(landscape=True), (100, 50), [10, 10, 50, 30]),
        (Plan(page="40x40mm", margin=10), (40, 40), [10, 15, 30, 25]),
    ],
)
def test_drawings_are_laid_on_pages(plan, page, wanted):
    plot = placed(sketch_of(LINES), plan)
    assert (plot.width, plot.height) == page
    assert box(plot) == pytest.approx(wanted, abs=0.01)


def test_lines_beyond_their_own_page_are_cut_and_that_is_said():
    said: list[str] = []
    plot = placed(sketch_of('<path stroke="red" d="M-50 5h300"/>'), Plan(), said.append)
    assert box(plot) == [0, 5, 100, 5]
    assert "cut off" in said[0]


def test_a_drawing_without_a_size_gets_as_much_room_beyond_as_before():
    said: list[str] = []
    plot = placed(sketch_of('<path stroke="red" d="M100 50h100"/>', ""), Plan(), said.append)
    assert (plot.width, plot.height) == pytest.approx((80, 27), abs=0.01)
    assert box(plot)[0] == pytest.approx(100 * 25.4 / 96, abs=0.01)
    assert "no size of its own" in said[0]


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (Plan(scale=9), "use 2.5 or less"),
        (Plan(scale=-1), "more than 0"),
        (Plan(pen_width=60), "finer"),
        (Plan(pens=["black", "#000"]), "twice"),
        (Plan(pens=["blakc"]), "did you mean black"),
        (Plan(margin=30), "leaves nothing"),
        (Plan(page="A4", margin=200), "leaves nothing"),
    ],
)
def test_plans_that_cannot_be_say_why(plan, reason):
    with pytest.raises(UsageError, match=reason):
        placed(sketch_of(LINES), plan)


def test_lines_go_to_the_pen_of_the_nearest_color():
    plot = placed(sketch_of(LINES), Plan(pens=["navy", "orange", "green"], pen_width=0.5))
    assert [(layer.pen.name, layer.pen.width, len(layer.lines)) for layer in plot.layers] == [
        ("navy", 0.5, 1),
        ("orange", 0.5, 1),
    ]
    four = placed(sketch_of('<path stroke="#111" d="M9 9h9"/><path stroke="#f0f" d="M9 9v9"/>'), Plan(pens=["cmyk"]))
    assert [layer.pen.name for layer in four.layers] == ["magenta", "black"]


def test_layers_keep_their_names_widths_and_numbers():
    body = """<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="7 - Sky 0.5mm" i:groupmode="layer"
    stroke="#00f" stroke-width="0.5"><path d="M0 0h9"/></g>"""
    _, plot = plotted(sketch_of(body), Plan())
    assert b'inkscape:label="7 - Sky 0.5mm"' in svg(plot)


def test_a_drawing_of_curves_on_a_page_becomes_lines_in_millimetres():
    curve = DrawingPath(np.array([[0, 0], [0, 10], [10, 10], [10, 0.0]]), np.array([CUBIC], np.uint8), closed=False)
    ring = DrawingPath(np.array([[0, 0], [4, 0], [4, 4.0]]))
    layer = DrawingLayer([Shape([curve], stroke="#123456"), Shape([ring], fill="#ff0000")], "one", 0.4)
    drawing = Drawing(20, 20, [layer], page=Page(100, 100, 2.0, (30, 30)))
    sketch = from_drawing(drawing, 0.01)
    assert [(part.color, len(part.lines)) for part in sketch.layers] == [("#123456", 1), ("#ff0000", 1)]
    assert sketch.layers[0].lines.bounds[1] == pytest.approx([50, 45], abs=0.05)
    assert sketch.layers[1].lines.closed.all()
    with pytest.raises(ArtkitError, match="no line was drawn"):
        placed(from_drawing(Drawing(9, 9)), Plan())


def a_drawing_for_pens() -> Drawing:
    rng = np.random.default_rng(3)
    strokes = [DrawingPath(at + np.array([[0, 0], [3, 1.0]]), closed=False) for at in rng.uniform(0, 80, (200, 2))]
    layers = [
        DrawingLayer([Shape([path], stroke=color) for path in part], f"{name} 0.3mm", 0.3)
        for name, color, part in (("black", "#000000", strokes[:120]), ("red", "#ff0000", strokes[120:]))
    ]
    return Drawing(90, 90, layers, page=Page(110, 110, 1.0, (10, 10)))


@pytest.mark.slow
def test_a_drawing_for_pens_is_saved_as_it_is_in_the_form_that_plotters_want(tmp_path):
    drawing = a_drawing_for_pens()
    text = drawing.save(tmp_path / "pens.svg").read_text()
    assert text == drawing.to_svg()
    assert 'inkscape:label="2 - red 0.3mm"' in text
    items = check(text.encode(), page=Sheet(110, 110), margin=10)
    assert [item.number for item in items if not item.passed] == [22], "its order is for who made it to choose"
    strokes = [path.points for shape in drawing.shapes for path in shape.paths]
    written = np.array([re.findall(r"-?[\d.]+", data) for data in FIRST.findall(text)], float).reshape(-1, 2, 2)
    assert np.abs(np.cumsum(written, axis=1) - 10 - strokes).max() <= 0.0005 + 1e-9


@pytest.mark.slow
def test_what_an_op_for_pens_gives_is_fit_to_plot(tmp_path):
    slope = np.repeat(np.linspace(0, 255, 60).astype(np.uint8)[None], 40, axis=0)
    drawing = crosshatch(slope, page="100x80mm", margin=8.0, pens=("black", "red"))
    items = check(drawing.save(tmp_path / "pens.svg").read_bytes(), page=Sheet(100, 80), margin=8)
    assert [item for item in items if not item.passed] == []


def test_a_drawing_for_pens_that_draws_itself_does_so_in_its_file(tmp_path):
    drawn = draw(a_drawing_for_pens(), seconds=2.0)
    assert "<animate" in drawn.save(tmp_path / "drawn.svg").read_text()


def test_curves_on_a_page_stay_curves(tmp_path):
    curve = DrawingPath(SQUARE[:4], np.array([CUBIC], np.uint8), closed=False)
    drawing = Drawing(90, 90, [DrawingLayer([Shape([curve], stroke="#000000")])], page=Page(90, 90))
    assert "c" in re.findall(' d="(.*?)"', drawing.save(tmp_path / "curve.svg").read_text())[0]


def test_asking_whether_a_drawing_is_for_pens_brings_no_library_along():
    code = "import sys, artkit.export.svg; print([name for name in sys.modules if name.startswith('scipy')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_drawing_with_fills_is_saved_as_it_is(tmp_path):
    drawing = a_drawing_for_pens()
    filled = Shape([DrawingPath(SQUARE[:-1])], fill="#00ff00")
    mixed = drawing.replace(layers=[*drawing.layers, DrawingLayer([filled])])
    assert mixed.save(tmp_path / "mixed.svg").read_text() == mixed.to_svg()


# --- the checklist


def test_what_artkit_plots_passes_all_of_it(drawing_file):
    _, plot = plotted(from_svg(drawing_file.read_bytes(), "in"), Plan(page="A5", margin=10))
    items = check(svg(plot), page=Sheet(148, 210, 10), margin=10)
    assert [item.number for item in items] == list(range(1, 26))
    assert [item for item in items if not item.passed] == []


@cache
def a_good_file() -> str:
    rng = np.random.default_rng(4)
    body = "".join(
        f'<path stroke="#000" fill="none" d="M{x:.1f} {y:.1f}l2 1"/>' for x, y in rng.uniform(15, 85, (80, 2))
    )
    _, plot = plotted(sketch_of(body, 'width="100mm" height="100mm" viewBox="0 0 100 100"'), Plan())
    return svg(plot).decode()


LAYER = '<g id="layer1"'
FIRST = re.compile(r'<path d="([^"]*)"/>')


def breaks(text: str) -> dict[int, str]:
    first = FIRST.search(text)
    assert first is not None
    element = first[0]
    begin = re.match(r"m-?[\d.]+ ?-?[\d.]+", first[1])[0]

    def with_line(line: str) -> str:
        return text.replace("</g>", f'<path d="M{line}"/></g>', 1)

    return {
        1: text.replace('xmlns="http://www.w3.org/2000/svg"', "", 1),
        2: text.replace('width="100mm"', 'width="378"').replace('height="100mm"', 'height="378"'),
        3: text.replace('viewBox="0 0 100 100"', 'viewBox="0 0 50 50"'),
        4: text.replace('width="100mm"', 'width="100.02mm"').replace("0 0 100 100", "0 0 100.02 100"),
        5: text.replace(element, "<text>x</text>" + element, 1),
        6: text.replace(element, element.replace("/>", ' transform="scale(1)"/>'), 1),
        7: text.replace(LAYER, element + LAYER, 1),
        8: text.replace("1 - black", "black"),
        9: text.replace(element, element.replace("/>", ' id="layer1"/>'), 1),
        10: text.replace('fill="none"', 'fill="red"'),
        11: text.replace('stroke="#000000"', 'stroke="none"'),
        12: text.replace('fill="none"', 'fill="none" stroke-dasharray="1"'),
        13: text.replace(element, element.replace("/>", ' stroke="red"/>'), 1),
        14: text.replace('stroke-width="0.3"', 'stroke-width="0.4"'),
        15: with_line("2,50 3,51"),
        16: with_line("50.12345,50 60,61"),
        17: with_line("50,50 50.05,50"),
        18: text.replace(begin, f"{begin} 0 0", 1),
        19: text.replace(element, element * 5, 1),
        20: with_line(f"{begin[1:]} 50,3"),
        21: with_line(" ".join(f"{10 + x / 10},50" for x in range(300))),
        23: with_line(" ".join(f"{x % 2 * 20 + 30},{50 + x * 0.001:.3f}" for x in range(400))),
        24: text.replace("<g ", "<desc>2024-05-01T10:00:00</desc><g ", 1),
        25: text.replace("1 - black", "1 - travel"),
    }


@cache
def failed_questions(text: str) -> set[int]:
    return {item.number for item in check(text.encode(), page=Sheet(100, 100), margin=5.0) if not item.passed}


@pytest.mark.parametrize("number", [*range(1, 22), 23, 24, 25])
@pytest.mark.sample(8)
def test_each_question_notices_what_it_asks_for(number):
    text = a_good_file()
    assert failed_questions(text) == set()
    if number == 1:
        text = text.replace("inkscape:", "").replace(
            ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"', ""
        )
    assert number in failed_questions(breaks(text)[number])


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("path{fill:red}", 10),
        ("path{stroke:none}", 11),
        ("g{opacity:50%}", 12),
        ("path{stroke-dasharray:2 1}", 12),
        ("path{transform:scale(2)}", 6),
    ],
)
def test_what_style_sheets_say_is_noticed_as_what_attributes_say(rule, number):
    text = a_good_file()
    at = text.index(">", text.index("<svg")) + 1
    assert number in failed_questions(f"{text[:at]}<style>{rule}</style>{text[at:]}")
    assert number not in failed_questions(f"{text[:at]}<style>rect{rule[rule.index('{') :]}</style>{text[at:]}")


@pytest.mark.slow
def test_a_shuffled_order_is_noticed():
    text = a_good_file()
    lines = FIRST.findall(text)
    shuffled = iter(np.random.default_rng(1).permutation(lines).tolist())
    bad = FIRST.sub(lambda _: f'<path d="{next(shuffled)}"/>', text)
    failed = {item.number for item in check(bad.encode()) if not item.passed}
    assert failed == {22}


# --- the command


@pytest.mark.slow
def test_an_svg_is_plotted_and_the_table_tells_what_that_saves(drawing_file, tmp_path):
    out, picture = tmp_path / "out.svg", tmp_path / "out.png"
    result = run("plot", drawing_file, "-o", out, "--page", "A4", "--preview", picture)
    assert "left out: 1 x text" in result.stderr
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["pen", "lines", "points", "drawn", "m", "pen-up", "m", "time"]
    assert [row.split()[-7] if "before" in row else "" for row in rows[:1]] == ["0.265mm"] or "before" in rows[0]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert run("plot", "--check", out, "--page", "A4").stdout.count("PASS") == 25
    again = tmp_path / "again.svg"
    run("plot", drawing_file, "-o", again, "--page", "A4", "-q")
    assert again.read_bytes() == out.read_bytes()


def test_json_tells_the_same(drawing_file, tmp_path):
    told = json.loads(run("plot", drawing_file, "-o", tmp_path / "a.hpgl", "--json", "--pens", "black").stdout)
    (pen,) = told["pens"]
    assert pen["before"]["lines"] == 30 and pen["after"]["lines"] < 12
    assert pen["after"]["pen_up_m"] <= pen["before"]["pen_up_m"]
    assert told["left_out"] == {"text": 1}


def test_a_photo_is_plotted_by_a_preset(photo_file, tmp_path):
    out = tmp_path / "photo.svg"
    fewer = ("--set", "contour-lines.levels=3")
    run("plot", photo_file, "--preset", "contour-lines", *fewer, "-o", out, "--page", "A5", "--fit")
    assert run("plot", "--check", out, "--page", "A5", "--landscape", "--margin", "10").stdout.count("FAIL") == 0
    assert b"<recipe" in out.read_bytes()


def test_a_preview_as_svg_marks_its_travel(drawing_file, tmp_path):
    out = tmp_path / "preview.svg"
    run("plot", drawing_file, "--preview", out)
    assert b'inkscape:label="% travel"' in out.read_bytes()
    assert next(item for item in check(out.read_bytes()) if item.number == 25).passed


def test_svg_goes_through_pipes(drawing_file):
    result = CliRunner().invoke(app, ["plot", "-", "-o", "-"], input=drawing_file.read_bytes())
    assert result.exit_code == 0
    assert result.stdout.startswith("<svg") and result.stdout.rstrip().endswith("</svg>")


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (["nowhere.svg", "-o", "x.svg"], 1, "nowhere.svg: no such file"),
        (["{in}", "-o", "x.ai"], 2, "cannot be written as .ai"),
        (["{in}", "-o", "x.svg", "--page", "A9"], 2, "no sheet"),
        (["{in}", "-o", "x.svg", "--page", "A4", "--margin", "120"], 2, "leaves nothing"),
        (["{in}", "-o", "x.svg", "--pen-width", "900mm"], 2, "finer"),
        (["{in}", "-o", "x.svg", "--pen-width", "thin"], 2, "is no length"),
        (["{in}", "-o", "x.svg", "--fit", "--scale", "2"], 2, "one of the two"),
        (["{in}", "-o", "x.svg", "--preset", "contour-lines"], 2, "is an SVG"),
        (["{in}", "-o", "x.gcode", "--machine", "hp7475a"], 2, "does not read .gcode"),
        (["{in}", "-o", "x.gcode", "--machine", "p.toml"], 2, "there is no such file"),
        (["{in}", "-o", "x.svg", "--preview", "p.gif"], 2, "a preview is a .png"),
        (["{photo}", "-o", "x.svg"], 2, "give --preset"),
        (["{photo}", "-o", "x.svg", "--preset", "channels"], 2, "a pen draws lines"),
        (["{in}", "-o", "x.svg", "--travel-speed", "0"], 2, "speed of travelling"),
    ],
)
def test_bad_wishes_get_one_line_and_leave_nothing(
    arguments, status, reason, drawing_file, photo_file, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    names = {"{in}": drawing_file, "{photo}": photo_file}
    result = run("plot", *(names.get(argument, argument) for argument in arguments), status=status)
    assert reason in result.stderr
    assert len([line for line in result.stderr.splitlines() if line.startswith("Error")]) == 1
    assert set(tmp_path.iterdir()) == before


def test_a_photo_without_contrast_says_so(tmp_path):
    from PIL import Image as Pillow

    file = tmp_path / "flat.png"
    Pillow.new("RGB", (40, 30), (120, 120, 120)).save(file)
    told = run("plot", file, "--preset", "contour-lines", "-o", tmp_path / "x.svg", status=1).stderr
    assert "without contrast" in told


def test_a_machine_of_ones_own_is_read_from_its_file(drawing_file, tmp_path):
    profile = tmp_path / "machine.toml"
    profile.write_text('pen_up = "M5"\npen_down = "M3 S30"\n')
    run("plot", drawing_file, "-o", tmp_path / "x.gcode", "--machine", profile)
    assert "M3 S30" in (tmp_path / "x.gcode").read_text()
    profile.write_text("pen_up = M5\n")
    assert (
        "machine.toml:1: not TOML"
        in run("plot", drawing_file, "-o", tmp_path / "y.gcode", "--machine", profile, status=2).stderr
    )


def test_a_failed_check_has_status_1(drawing_file):
    result = run("plot", "--check", drawing_file, status=1)
    assert result.stdout.count("FAIL") >= 3
    told = json.loads(run("plot", "--check", drawing_file, "--json", status=1).stdout)
    assert [item["number"] for item in told] == list(range(1, 26))


@pytest.mark.parametrize("suffix", [".pdf", ".eps", ".dxf", ".png"])
def test_other_formats_have_each_pen_as_a_layer_and_the_page_s_size(suffix):
    lines = Lines.of([[(10, 10), (60, 10), (60, 30)], [(20, 20), (30, 25), (25, 35), (20, 20)]])
    made = Plot(80, 50, [Layer(Pen("black", "#000000", 0.5), lines), Layer(Pen("red", "#ff0000", 0.3), lines)])
    data = encode(made, suffix)
    assert data == encode(made, suffix)
    if suffix == ".pdf":
        pikepdf = pytest.importorskip("pikepdf")
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert [float(side) for side in pdf.pages[0].MediaBox] == pytest.approx(
                [0, 0, 80 / 25.4 * 72, 50 / 25.4 * 72]
            )
            names = [str(group.Name) for group in pdf.Root.OCProperties.OCGs]
        assert names == ["1 - black 0.5mm", "2 - red 0.3mm"]
    elif suffix == ".eps":
        assert b"HiResBoundingBox: 0 0 226.77" in data
    elif suffix == ".dxf":
        pytest.importorskip("ezdxf")
        assert b"2 - red 0.3mm" in data and data.count(b"LWPOLYLINE") == 4
    else:
        assert Pillow.open(io.BytesIO(data)).size == (round(80 / 25.4 * 300), round(50 / 25.4 * 300))
