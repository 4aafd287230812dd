"""What is read of an SVG is what svgelements reads, another reader of the same standard: all commands, all shapes."""

from __future__ import annotations

import io

import numpy as np
import pytest
import svgelements
from hypothesis import given, settings
from hypothesis import strategies as st

from artkit.pens.read.document import read

NUMBERS = st.floats(-60, 60).map(lambda value: round(value, 2))
POSITIVE = st.floats(1, 60).map(lambda value: round(value, 2))
FLAG = st.sampled_from("01")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "Z": 0}


@st.composite
def path_data(draw) -> str:
    """Path data with every command, absolute and relative; it begins with a move."""
    parts = [f"{draw(st.sampled_from('Mm'))}{draw(NUMBERS)} {draw(NUMBERS)}"]
    for letter in draw(st.lists(st.sampled_from([*TAKES, "A"]), min_size=1, max_size=7)):
        form = draw(st.sampled_from([letter, letter.lower()]))
        if letter == "A":
            radii, flags = f"{draw(POSITIVE)} {draw(POSITIVE)} {draw(NUMBERS)}", f"{draw(FLAG)} {draw(FLAG)}"
            parts.append(f"{form}{radii} {flags} {draw(NUMBERS)} {draw(NUMBERS)}")
        else:
            parts.append(form + " ".join(str(draw(NUMBERS)) for _ in range(TAKES[letter])))
    return "".join(parts)


@st.composite
def shapes(draw) -> str:
    """A path or a basic shape, as an element without a transform."""
    n, p = (lambda: draw(NUMBERS)), (lambda: draw(POSITIVE))
    points = " ".join(f"{n()},{n()}" for _ in range(draw(st.integers(2, 5))))
    kind = draw(st.sampled_from(["path", "path", "line", "polyline", "polygon", "rect", "round", "circle", "ellipse"]))
    return {
        "path": lambda: f'<path d="{draw(path_data())}"',
        "line": lambda: f'<line x1="{n()}" y1="{n()}" x2="{n()}" y2="{n()}"',
        "polyline": lambda: f'<polyline points="{points}"',
        "polygon": lambda: f'<polygon points="{points}"',
        "rect": lambda: f'<rect x="{n()}" y="{n()}" width="{p()}" height="{p()}"',
        "round": lambda: f'<rect x="{n()}" y="{n()}" width="{p()}" height="{p()}" rx="{p()}" ry="{p()}"',
        "circle": lambda: f'<circle cx="{n()}" cy="{n()}" r="{p()}"',
        "ellipse": lambda: f'<ellipse cx="{n()}" cy="{n()}" rx="{p()}" ry="{p()}"',
    }[kind]()


@st.composite
def transforms(draw) -> str:
    n = lambda: draw(NUMBERS)  # noqa: E731
    angle, factor = st.floats(-180, 180).map(lambda value: round(value, 1)), st.sampled_from([-2, -0.5, 0.5, 1, 2.5])
    form = draw(st.sampled_from(["translate", "scale", "rotate", "about", "skewX", "skewY", "matrix"]))
    return {
        "translate": lambda: f"translate({n()} {n()})",
        "scale": lambda: f"scale({draw(factor)},{draw(factor)})",
        "rotate": lambda: f"rotate({draw(angle)})",
        "about": lambda: f"rotate({draw(angle)} {n()} {n()})",
        "skewX": lambda: f"skewX({draw(st.integers(-45, 45))})",
        "skewY": lambda: f"skewY({draw(st.integers(-45, 45))})",
        "matrix": lambda: f"matrix({draw(factor)} 0.25 -0.5 {draw(factor)} {n()} {n()})",
    }[form]()


@st.composite
def documents(draw) -> str:
    """One shape in groups that are transformed, on a page of 400 x 300 mm whose unit is one of them."""
    shape = draw(shapes()) + f' transform="{" ".join(draw(st.lists(transforms(), max_size=2)))}" stroke="#000"/>'
    for transform in draw(st.lists(transforms(), max_size=2)):
        shape = f'<g transform="{transform}">{shape}</g>'
    head = 'xmlns="http://www.w3.org/2000/svg" width="400mm" height="300mm" viewBox="-100 -80 400 300"'
    return f"<svg {head}>{shape}</svg>"


def lines_of_svgelements(text: str) -> list[np.ndarray]:
    """Every segment (N, 2) that svgelements finds, in millimetres."""
    document = svgelements.SVG.parse(io.StringIO(text), ppi=25.4, reify=False)
    found = []
    for shape in document.select(lambda each: isinstance(each, svgelements.Shape)):
        path = svgelements.Path(shape)
        path.approximate_arcs_with_cubics(0.05)  # first: arcs that are skewed are not where they belong there
        for segment in abs(path):
            if isinstance(segment, svgelements.Move) or segment.start is None or segment.end is None:
                continue
            straight = isinstance(segment, (svgelements.Line, svgelements.Close))
            places = [segment.point(t) for t in np.linspace(0, 1, 2 if straight else 150)]
            found.append(np.array([(place.x, place.y) for place in places]))
    return found


def farthest(lines: list[np.ndarray], others: list[np.ndarray]) -> float:
    """How far the farthest place on lines is from all of the others."""
    starts = np.concatenate([line[:-1] for line in others])
    ways = np.concatenate([np.diff(line, axis=0) for line in others])
    square = np.maximum((ways**2).sum(axis=1), 1e-12)
    worst = 0.0
    for line in lines:
        gap = np.concatenate([line, (line[1:] + line[:-1]) / 2])[:, None] - starts
        share = np.clip((gap * ways).sum(axis=2) / square, 0, 1)
        worst = max(worst, float(np.hypot(*np.moveaxis(gap - share[..., None] * ways, 2, 0)).min(axis=1).max()))
    return worst


@settings(deadline=None, max_examples=40)
@given(documents())
@pytest.mark.slow
def test_lines_are_where_another_reader_sees_them(text):
    ours, theirs = list(read(text.encode()).lines), lines_of_svgelements(text)
    if not theirs or np.ptp(np.concatenate(theirs), axis=0).max() < 0.02:
        return  # a dot
    assert farthest(theirs, ours) < 0.03, "something is missing"
    assert farthest(ours, theirs) < 0.03, "something is there that should not be"
