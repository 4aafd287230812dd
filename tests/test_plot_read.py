"""SVGs of any tool: what they draw is read where it stands, and what cannot be drawn is said."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artkit.errors import ArtkitError
from artkit.export.plot.svg import plot_svg as svg
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.plotter import Plan, placed
from artkit.pens.read.document import read
from artkit.pens.read.painting import painted
from artkit.pens.read.pathdata import flattened
from artkit.pens.read.tokens import numbers
from artkit.pens.strokes import from_svg
from artkit.render import rendered

IDENTITY = np.array([[1.0, 0, 0, 1, 0, 0]])
PX = 25.4 / 96


def document(body: str, head: str = 'width="100mm" height="60mm" viewBox="0 0 100 60"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{body}</svg>'.encode()


def drawn(body: str, head: str = 'width="100mm" height="60mm" viewBox="0 0 100 60"') -> list[list[list[float]]]:
    lines = read(document(body, head)).lines
    return [np.round(lines[number], 6).tolist() for number in range(len(lines))]


# --- path data, beside a reader that goes from command to command


def naive(text: str, pieces: int = 64) -> list[np.ndarray]:
    """The same by a loop: curves in many equal pieces."""
    tokens = re.findall(r"[MLHVCSQTZmlhvcsqtz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", text)
    lines, line, at, begin, last, command = [], [], np.zeros(2), np.zeros(2), None, ""
    place, first = 0, True

    def take(count: int) -> np.ndarray:
        nonlocal place
        values = [float(token) for token in tokens[place : place + count]]
        place += count
        return np.array(values).reshape(-1, 2)

    while place < len(tokens):
        if tokens[place].isalpha():
            command, place, fresh = tokens[place], place + 1, True
        else:
            fresh = False
        kind, base = command.upper(), at if command.islower() else np.zeros(2)
        if kind == "M" and not fresh:
            kind = "L"
        if kind == "Z":
            line.append(begin)
            lines.append(line)
            line, at, last = [begin], begin, None
            continue
        if kind == "M":
            lines.append(line)
            at = begin = take(2)[0] + (np.zeros(2) if first else base)
            line, last, first = [at], None, False
            continue
        if kind in "HV":
            value = float(tokens[place])
            place += 1
            axis = "HV".index(kind)
            end = at.copy()
            end[axis] = value + base[axis]
            controls = [at, end]
        else:
            points = take({"L": 2, "C": 6, "S": 4, "Q": 4, "T": 2}[kind]) + base
            mirror = 2 * at - last[1] if last is not None and last[0] == {"S": "C", "T": "Q"}.get(kind) else at
            controls = [at, *([mirror] if kind in "ST" else []), *points]
        if len(controls) > 2:
            last = ({4: "C", 3: "Q"}[len(controls)], controls[-2])
            for t in np.arange(1, pieces + 1) / pieces:
                rows = controls
                while len(rows) > 1:
                    rows = [a + (b - a) * t for a, b in pairwise(rows)]
                line.append(rows[0])
        else:
            last = None
            line.append(controls[1])
        at = controls[-1]
    lines.append(line)
    return [np.array(line) for line in lines if len(line) > 1]


number = st.one_of(
    st.integers(-40, 40).map(str),
    st.floats(-40, 40).map(lambda value: f"{value:.3f}"),
    st.floats(-1, 1).map(lambda value: f"{value:.2f}".replace("0.", ".")),
    st.sampled_from(["1e1", "-2.5E0", "+3", "5.", "-.5e+1"]),
)


@st.composite
def path_data(draw) -> str:
    counts = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}
    text = ""
    for letter in ["M", *draw(st.lists(st.sampled_from("MLHVCSQTZ"), min_size=1, max_size=9))]:
        times = draw(st.integers(1, 2)) if letter != "Z" else 1
        text += draw(st.sampled_from([letter, letter.lower()]))
        values = [draw(number) for _ in range(counts[letter] * times)]
        for place, value in enumerate(values):
            glued = place == 0 or value[0] in "+-"
            text += draw(st.sampled_from(["", " "] if glued else [" ", ",", " , ", "\n"])) + value
    return text


def hausdorff(one: np.ndarray, two: np.ndarray) -> float:
    return max(*(_away(p, two) for p in one), *(_away(p, one) for p in two))


def _away(point: np.ndarray, line: np.ndarray) -> float:
    a, step = line[:-1], np.diff(line, axis=0)
    square = np.maximum((step**2).sum(axis=1), 1e-300)
    t = np.clip(((point - a) * step).sum(axis=1) / square, 0, 1)
    return float(np.hypot(*(a + t[:, None] * step - point).T).min())


@settings(max_examples=60)
@given(st.lists(path_data(), min_size=1, max_size=3))
@pytest.mark.slow
def test_path_data_is_what_a_naive_reader_finds(texts):
    found = flattened(list(texts), np.repeat(IDENTITY, len(texts), axis=0), 0.02)
    wanted = [line for text in texts for line in naive(text)]
    moving = [line for line in wanted if np.ptp(line, axis=0).any()]
    lines = [found.lines[number] for number in range(len(found.lines))]
    lines = [line for line in lines if np.ptp(line, axis=0).any()]
    assert found.invalid == 0
    assert len(lines) == len(moving)
    for line, other in zip(lines, moving, strict=True):
        assert np.abs(line[[0, -1]] - other[[0, -1]]).max() < 1e-6
        assert hausdorff(line, other) < 0.1


def test_numbers_may_be_glued_together():
    assert numbers(b"1.5.5-3e-1+.25 1e2.5,7").tolist() == [1.5, 0.5, -0.3, 0.25, 100, 0.5, 7]


@pytest.mark.parametrize("flags", ["1 0 20 0", "1020 0", "1,0,20,0"])
def test_flags_of_arcs_may_be_glued_to_what_follows(flags):
    (line,) = (flattened([f"M10 10a10 10 0 {flags}"], IDENTITY, 0.01).lines[0],)
    assert np.abs(np.hypot(*(line - (20, 10)).T) - 10).max() < 1e-3
    assert line[len(line) // 2].round(3).tolist() == [20, 20]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("M0 0L5 5X9 9", [[0, 0], [5, 5]]),
        ("M0 0L5 5L9", [[0, 0], [5, 5]]),
        ("M0 0L5 5C1 2 3", [[0, 0], [5, 5]]),
        ("M3 3z", [[3, 3], [3, 3]]),
    ],
)
def test_a_path_with_an_error_is_drawn_up_to_there(text, wanted):
    assert flattened([text], IDENTITY, 0.01).lines[0].tolist() == wanted


@pytest.mark.parametrize("text", ["", "none", "L1 1", "M1", "M", "z", "M1 1", "5 5"])
def test_path_data_that_draws_nothing_draws_nothing(text):
    assert len(flattened([text], IDENTITY, 0.01).lines) == 0


# --- shapes, places, units


def test_shapes_are_drawn_as_their_outlines():
    assert drawn('<g stroke="red"><rect x="1" y="2" width="3" height="4"/></g>') == [
        [[1, 2], [4, 2], [4, 6], [1, 6], [1, 2]]
    ]
    assert drawn('<line x1="1" y1="2" x2="3" stroke="red"/>') == [[[1, 2], [3, 0]]]
    assert drawn('<polyline points="1,2 3,4 5,6" stroke="red"/>') == [[[1, 2], [3, 4], [5, 6]]]
    assert drawn('<polygon points="1 2,3 4,5,0" stroke="red"/>') == [[[1, 2], [3, 4], [5, 0], [1, 2]]]
    (circle,) = drawn('<circle cx="10" cy="20" r="5" stroke="red"/>')
    assert np.abs(np.hypot(*(np.array(circle) - (10, 20)).T) - 5).max() < 0.011
    (oval,) = drawn('<ellipse cx="10" cy="20" rx="5" ry="3" stroke="red"/>')
    assert np.abs(np.hypot(*((np.array(oval) - (10, 20)) / (5, 3)).T) - 1).max() < 0.004


LINE = '<line x2="10" stroke="black"/>'


@pytest.mark.parametrize(
    ("head", "end"),
    [
        ('width="100" height="60"', [10 * PX, 0]),
        ('width="100mm" height="60mm"', [10 * PX, 0]),
        ('width="100mm" height="60mm" viewBox="0 0 100 60"', [10, 0]),
        ('width="10cm" height="6cm" viewBox="0 0 200 120"', [5, 0]),
        ('width="1in" height="1in" viewBox="0 0 10 10"', [25.4, 0]),
        ('viewBox="0 0 100 60"', [10 * PX, 0]),
        ('width="100mm" height="60mm" viewBox="0 0 50 60" preserveAspectRatio="none"', [20, 0]),
    ],
)
def test_units_become_millimetres(head, end):
    ((_, last),) = drawn(LINE, head)
    assert last == pytest.approx(end, abs=1e-5)


def test_a_view_box_is_placed_as_it_says():
    assert drawn(LINE, 'width="100mm" height="60mm" viewBox="0 0 60 60"') == [[[20, 0], [30, 0]]]
    fitted = drawn(LINE, 'width="100mm" height="60mm" viewBox="0 0 60 60" preserveAspectRatio="xMinYMid"')
    assert fitted == [[[0, 0], [10, 0]]]


def test_transforms_are_applied_from_the_inside_out():
    body = f'<g transform="translate(20,10)"><g transform="rotate(90) scale(2)">{LINE}</g></g>'
    assert drawn(body) == [[[20, 10], [20, 30]]]
    assert drawn(f'<g transform="rotate(90 5 5)">{LINE}</g>') == [[[10, 0], [10, 10]]]
    assert drawn(f'<g transform="matrix(0 1 -1 0 3 4),skewX(45)">{LINE}</g>') == [[[3, 4], [3, 14]]]


def test_references_are_drawn_where_they_stand():
    body = f'<defs><g id="a">{LINE}</g></defs><use href="#a" x="5" y="6"/><use href="#b"/>'
    assert drawn(body) == [[[5, 6], [15, 6]]]
    assert read(document(body)).left_out == {"reference to nothing": 1}


TORTURE = """
<style>.thin{stroke:#000;fill:none} #q{stroke:#000}</style>
<g transform="translate(50 30) rotate(20) scale(.9 1.1)" class="thin">
<rect x="-40" y="-20" width="30" height="18" rx="6"/>
<ellipse cx="10" cy="5" rx="20" ry="9" transform="skewX(20)"/>
<path d="M-30 10c5-20 25 20 30 0s12 8 20-4q4-9 9 0t9 2"/></g>
<g style="fill:none;stroke:#000"><path d="M5 5h10v10H5zm20 0a8 4 30 1 1-3 9A8 4-20 0 0 40 8" />
<polygon points="60,5 70,5 65,14"/>
<svg x="70" y="35" width="25" height="20" viewBox="0 0 50 40"><circle cx="25" cy="20" r="19"/></svg></g>
<path id="q" fill="none" d="M5 50l10-8 10 8 10-8 10 8"/>
"""


def test_a_page_of_everything_looks_as_a_renderer_draws_it():
    source = document(f'<g stroke-width=".6">{TORTURE}</g>')
    lines = read(source).lines
    ours = svg(Plot(100, 60, [Layer(Pen("black", "#000000", 0.6), lines)])).decode()
    one, two = (
        rendered(text.replace('mm"', '"'), (1000, 600)).astype(int) for text in (source.decode(), ours)
    )  # strokes scale with their shapes there and not here, so a few pixels along the lines differ
    assert (one < 128).mean() > 0.02
    assert (np.abs(one - two) > 128).mean() < 0.006


# --- layers, colors


def test_layers_and_colors_are_told_apart():
    body = f"""<g {layer("a")} stroke="red"><path d="M0 0h5"/><path d="M0 1h5" stroke="#00f"/></g>
    <g style="stroke:red" {layer("b")}><path d="M0 2h5"/></g><path d="M0 3h5" stroke="red"/>"""
    source = read(document(body))
    assert [tuple(group) for group in source.groups] == [
        ("a", "#ff0000"),
        ("a", "#0000ff"),
        ("b", "#ff0000"),
        ("", "#ff0000"),
    ]
    assert source.group.tolist() == [0, 1, 2, 3]
    sketch = from_svg(document(body), "x")
    assert [layer.color for layer in sketch.layers] == ["#ff0000", "#0000ff", "#ff0000", "#ff0000"]


def layer(label: str) -> str:
    """What makes a group a layer of Inkscape."""
    return f'xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:groupmode="layer" i:label="{label}"'


def test_groups_that_are_no_layers_share_the_pens_of_their_colors():
    groups = "".join(f'<g id="g{n}" stroke="{"red" if n % 2 else "#000"}"><path d="M0 {n}h5"/></g>' for n in range(9))
    assert [(one.color, len(one.lines)) for one in from_svg(document(groups), "x").layers] == [
        ("#000000", 5),
        ("#ff0000", 4),
    ]


def pens_of(body: str, by: str = "color") -> list[tuple[int, str, int]]:
    """Number, label and lines of each pen, as they are plotted."""
    plot = placed(from_svg(document(body), "x", by), Plan())
    labels = re.findall('inkscape:label="(.*?)"', svg(plot).decode())
    return [(number, text, len(one.lines)) for number, text, one in zip(plot.numbers, labels, plot.layers, strict=True)]


def test_numbers_that_layers_have_are_those_of_their_pens():
    names = ["3 - blue pen", "1 - black", "10-x", "notes", "2", "!4+S50+D9 - slow", "0.3 mm fine", "3: more", "% not"]
    body = "".join(f'<g {layer(name)} stroke="#000"><path d="M1 {n + 1}h5"/></g>' for n, name in enumerate(names))
    two_colors = f'<g {layer("7 two")}><path d="M1 40h5" stroke="red"/><path d="M1 41h5m0 1h5" stroke="#00f"/></g>'
    assert pens_of(body + two_colors) == [
        (1, "1 - black 0.3mm", 1),
        (2, "2 - black 0.3mm", 1),
        (3, "3 - blue pen 0.3mm", 2),
        (4, "!4+S50+D9 - slow 0.3mm", 1),
        (5, "5 - notes 0.3mm", 1),
        (6, "6 - 0.3 mm fine 0.3mm", 1),
        (7, "7 - two 0.3mm", 3),
        (10, "10 - x 0.3mm", 1),
    ]


def test_pens_are_told_apart_by_the_width_of_their_strokes_where_that_is_asked_for():
    body = "".join(f'<path d="M1 {n + 1}h5" stroke="{c}" stroke-width="{w}"/>' for n, (c, w) in enumerate(WIDTHS))
    assert [label for _, label, _ in pens_of(body)] == ["1 - black 0.7mm", "2 - red 0.3mm"]
    told = [("1 - black 0.7mm", 2), ("2 - red 0.3mm", 1), ("3 - black 0.3mm", 1)]
    assert [(label, lines) for _, label, lines in pens_of(body, "width")] == told


WIDTHS = [("#000", 0.7), ("red", 0.3), ("black", 0.3), ("#000", 0.7)]


def test_colors_of_all_forms_go_to_their_pens():
    colors = [
        "rgb(255 0 0)",
        "rgba(0,0,255,0.8)",
        "#f00f",
        "hsl(240, 100%, 50%)",
        "red",
        "color-mix(in srgb, red, blue)",
    ]
    shapes = "".join(f'<path d="M1 {n + 1}h9" stroke="{color}" fill="none"/>' for n, color in enumerate(colors))
    told = from_svg(document(shapes + '<path d="M1 9h2" style="stroke:red;fill:red;opacity:0"/>'), "x")
    assert [(one.color, len(one.lines)) for one in told.layers] == [("#ff0000", 3), ("#0000ff", 2), ("#000000", 1)]
    assert told.left_out == {
        "color that is not understood: color-mix() (drawn in black)": 1,
        "transparent element": 1,
        "translucent line or fill (drawn in full ink)": 1,
    }


CHART = """<style type="text/css">*{stroke-linecap:butt;stroke-linejoin:round;}</style><g id="figure_1"><g id="patch_1">
<path d="M 0 60 L 100 60 L 100 0 L 0 0 z" style="fill:#ffffff;"/></g><g id="axes_1"><g id="patch_2">
<path d="M 20 50 L 90 50 L 90 10 L 20 10 z" style="fill:#ffffff;"/></g><defs>
<path d="M 0 0 L 0 3.5 " id="tick" style="stroke:#000000;stroke-width:0.8;"/></defs>
<use style="stroke:#000000;" x="30" href="#tick" y="50"/></g><path clip-path="url(#p1)" d="M 10 5 L 95 55"
style="fill:none;stroke:#1f77b4;"/></g><defs><clipPath id="p1"><rect height="40" width="70" x="20" y="10"/></clipPath>
</defs>"""


def test_a_chart_is_its_lines_and_its_white_paper_is_left_out():
    source = read(document(CHART))
    assert [group.color for group in source.groups] == ["#000000", "#1f77b4"]
    assert np.round(source.lines.points, 3).tolist() == [[30, 50], [30, 53.5], [20, 10.882], [86.5, 50]]
    assert source.left_out == {"background": 1, "shape in the color of the paper": 1}


def test_a_layer_that_is_not_to_be_plotted_is_not():
    assert len(read(document(f"<g {layer('% travel')}>{LINE}</g>{LINE}")).lines) == 1


def test_paper_is_no_line_and_filled_shapes_have_outlines():
    assert len(drawn('<rect width="100" height="60" fill="#eee"/><rect width="9" height="9" fill="#ddd"/>')) == 1
    assert len(drawn('<rect width="100%" height="100%"/>')) == 0


@pytest.mark.parametrize(
    ("head", "size", "told"),
    [
        ('width="100%" height="100%" viewBox="0 0 200 100"', (200, 100), "page whose size is a share of a window"),
        ('width="100%" height="100%"', (300, 150), "a window of 300 x 150 pixels is"),
        ('width="50%" height="80"', (300, 80), "a window of 300 x 80 pixels is"),
        ("", (300, 150), "a window of 300 x 150 pixels is"),
    ],
)
def test_a_page_that_is_a_share_of_a_window_is_told(head, size, told):
    source = read(document('<rect width="100%" height="100%"/><line x2="50%" y2="10%" stroke="red"/>', head))
    px = 25.4 / 96
    assert (source.width, source.height) == pytest.approx((size[0] * px, size[1] * px))
    assert source.lines.ends.tolist() == pytest.approx(np.array([[size[0] / 2 * px, size[1] / 10 * px]]))
    assert any(told in what for what in source.left_out) and source.left_out["background"] == 1


def test_a_page_without_a_size_of_which_nothing_is_a_share_is_as_large_as_its_lines():
    source = read(document('<line x2="50" y2="10" stroke="red"/>', 'width="100%"'))
    assert source.width is None and not source.left_out


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<text>x</text>", "text"),
        ('<image href="a.png" width="5" height="5"/>', "image"),
        (
            '<path d="M0 0h5v5" fill="none" stroke="url(#g)"/><linearGradient id="g"><stop/></linearGradient>',
            "gradient",
        ),
        ('<path d="M0 0h5"/>', "filled, and has no stroke"),
        ('<path d="M0 0h5" fill="none" stroke="red" stroke-width="0"/>', "no width"),
        ('<path d="M0 0h5v5" stroke="red" stroke-opacity="0" fill="#f000"/>', "that shows"),
        ('<path d="M0 0h5v5z"/>', "drawn as its outline"),
        ('<path d="M0 0h5v5z" fill="white"/>', "color of the paper"),
        ('<path d="M0 0h5" stroke="red" clip-path="url(#c)"/>', "clip"),
        ('<g mask="url(#c)"/>', "mask"),
        ('<g display="none"><path d="M0 0h5"/></g>', "hidden"),
        ('<path d="M0 0h5" stroke="none" fill="none"/>', "without stroke"),
        ('<path d="M0 0L1 1 Q" stroke="red"/>', "data has an error"),
    ],
)
def test_what_is_left_out_is_said(body, said):
    (what,) = read(document(body)).left_out
    assert said in what


# --- refused in one line

BOMB = """<!DOCTYPE svg [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>"""
FILE = """<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>"""
PARAMETER = """<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://example.org/x.dtd"> %a;]>"""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello", "line 1: is no well-formed XML"),
        (b"<svg", "line 1"),
        (document("<g>\n</h>"), "line 2: is no well-formed XML: mismatched tag"),
        (b"<html/>", "no SVG"),
        (BOMB.encode() + document("<text>&c;</text>"), "grow without end"),
        (FILE.encode() + document("<text>&a;</text>"), "external entity"),
        (PARAMETER.encode() + document(""), "entity"),
        (BOMB.encode("utf-16") + document("").decode().encode("utf-16-le"), "grow without end"),
        (document('<g id="a"><use href="#a"/></g>'), "refers to itself"),
        (document("<g>" * 300 + "</g>" * 300), "within each other"),
        (b"\x1f\x8b\x08\x00rubbish", "damaged"),
        (document("<text>only text</text>"), "nothing that a pen can draw; left out: 1 x text"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_line(data, reason):
    with pytest.raises(ArtkitError, match=reason) as error:
        from_svg(data, "bad.svg")
    assert str(error.value).startswith("bad.svg: ") and "\n" not in str(error.value)


@pytest.mark.slow
def test_references_that_multiply_are_refused():
    body = '<g id="g0"><path d="M0 0h1"/></g>' + "".join(
        f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 12 + "</g>" for n in range(1, 9)
    )
    with pytest.raises(ArtkitError, match="ARTKIT_MAX_REFERENCES"):
        read(document(f"<defs>{body}</defs>" + '<use href="#g8"/>'))


def test_harmless_document_types_and_compression_are_no_obstacle():
    doctype = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" '
    doctype += b'[<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>'
    body = document(LINE).replace(b'"http://www.w3.org/2000/svg"', b'"&ns_svg;"')
    assert len(read(doctype + body).lines) == 1
    assert len(read(gzip.compress(document(LINE))).lines) == 1
    assert len(read(b"\xef\xbb\xbf<?xml version='1.0'?>" + document(LINE)).lines) == 1


@pytest.mark.parametrize("hatch", [False, True])
def test_what_lets_through_is_drawn_in_full_ink_and_told(hatch):
    faint = ['<g opacity=".5"><path d="M1 1h5"/></g>', '<path d="M1 2h5" stroke-opacity=".3"/>']
    faint += ['<g stroke="#0008"><path d="M1 3h5"/></g>', '<path d="M1 4h5" opacity="1"/>']
    text = document(f'<g fill="none" stroke="red">{"".join(faint)}</g>')
    source = painted(text, "x", outlines=True, hide=True)[0] if hatch else read(text)
    assert len(source.lines) == 4
    assert source.left_out == {"translucent line or fill (drawn in full ink)": 3}
