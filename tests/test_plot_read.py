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
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.read.document import read
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
    from artkit.export.plot.svg import plot_svg as svg

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
    body = """<g id="a" stroke="red"><path d="M0 0h5"/><path d="M0 1h5" stroke="#00f"/></g>
    <g style="stroke:red" id="b"><path d="M0 2h5"/></g><path d="M0 3h5" stroke="red"/>"""
    source = read(document(body))
    assert [tuple(group) for group in source.groups] == [("a", "red"), ("a", "#00f"), ("b", "red"), ("", "red")]
    assert source.group.tolist() == [0, 1, 2, 3]
    sketch = from_svg(document(body), "x")
    assert [layer.color for layer in sketch.layers] == ["#ff0000", "#0000ff", "#ff0000", "#ff0000"]


def test_a_layer_that_is_not_to_be_plotted_is_not():
    space = "http://www.inkscape.org/namespaces/inkscape"
    body = f'<g xmlns:i="{space}" i:label="% travel">{LINE}</g>{LINE}'
    assert len(read(document(body)).lines) == 1


def test_paper_is_no_line_and_filled_shapes_have_outlines():
    assert len(drawn('<rect width="100" height="60" fill="#eee"/><rect width="9" height="9" fill="#eee"/>')) == 1
    assert len(drawn('<rect width="100%" height="100%"/>')) == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<text>x</text>", "text"),
        ('<image href="a.png" width="5" height="5"/>', "image"),
        ('<path d="M0 0h5v5z" fill="url(#g)"/>', "gradient"),
        ('<path d="M0 0h5" stroke="red" clip-path="url(#c)"/>', "clip"),
        ('<g mask="url(#c)"/>', "mask"),
        ('<path d="M0 0h5" stroke="red" stroke-dasharray="1 2"/>', "dashes"),
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
