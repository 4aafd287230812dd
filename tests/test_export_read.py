"""SVGs read back: artkit's own are what they were, and those of other tools look as resvg shows them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from artkit.artwork.drawing import CUBIC, Drawing, Gradient, Layer, LineStyle, Page, Path, Shadow, Shape
from artkit.errors import ArtkitError, LimitError
from artkit.export.read import Alone, Opened, opened
from artkit.export.sheet import Asked, composed, laid_out
from artkit.export.sheet.write import rendered as rendered_page
from artkit.pens.styled import is_for_pens
from artkit.render import rendered

RED, BLUE = "#ff0000", "#0000ff"
OVAL = Path(
    np.array([(32, 4), (60, 4), (60, 44), (32, 44), (4, 44), (4, 4), (32, 4)], float), np.array([CUBIC] * 2, np.uint8)
)
BOX = Path(np.array([(20, 15), (30.5, 15), (30.5, 30.25), (20, 30.25)], float))
LINES = [Path(np.array([(5, k), (50, k + 1)], float), closed=False) for k in (5, 10, 15)]


def drawing(*shapes: Shape, **layer: Any) -> Drawing:
    return Drawing(64, 48, [Layer(shapes, **layer)])


def svg(inside: str, **root: str) -> bytes:
    root = {"width": "64", "height": "48", **root}
    attributes = "".join(f' {name}="{value}"' for name, value in root.items())
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {space}{attributes}>{inside}</svg>".encode()


def alone(found: Opened) -> Drawing:
    (part,) = found.parts
    assert isinstance(part, Drawing) and not found.rendered
    return part


OWN = {
    "flat": drawing(Shape([OVAL, BOX], RED), Shape([BOX], BLUE, opacity=0.5)),
    "strokes": drawing(
        Shape([OVAL], RED, BLUE, 0.7, LineStyle(2.5, "butt", "miter")),
        Shape(LINES, None, "#123456", line=LineStyle(1.5, "square", "bevel", (3.0, 1.5))),
    ),
    "linear": drawing(Shape([BOX, OVAL], Gradient((10, 5), (50, 35), (RED, "#00ff00", BLUE), stops=(0.1, 0.5, 0.8)))),
    "radial": drawing(Shape([OVAL], Gradient((30, 20), (50, 20), (RED, BLUE), radial=True, ratio=0.5))),
    "tilted": drawing(Shape([OVAL], Gradient((30, 20), (45, 31), (RED, BLUE), radial=True, ratio=0.3))),
    "veiled": drawing(Shape([OVAL], Gradient((5, 5), (60, 20), (RED, BLUE), opacities=(0.1, 0.9), shared=True))),
    "soft": Drawing(64, 48, [Layer([Shape([OVAL], RED)], "a", blur=1.5), Layer([Shape([BOX], BLUE)], "b")], "#fcfaf5"),
    "shadow": drawing(Shape([OVAL], RED), name="card", shadow=Shadow((3, 2), 2.0, "#112233", 0.3)),
    "both": drawing(Shape([OVAL], RED), blur=1.0, shadow=Shadow((3, 2), 2.0)),
    "crisp": drawing(Shape([OVAL], RED), crisp=True),
    "pens": Drawing(64, 48, [Layer([Shape(LINES, None, RED)], "1 - red 0.3mm", 0.3)], page=Page(80, 60, 1, (8, 6))),
    "page": Drawing(64, 48, [Layer([Shape([OVAL], RED)])], page=Page(210, 297, 2.5, (10, 30))),
}


@pytest.mark.parametrize("kind", OWN)
def test_a_drawing_that_was_written_is_read_as_it_was(kind):
    text = OWN[kind].to_svg()
    again = alone(opened(text.encode()))
    size = (256, 192) if OWN[kind].page is None else (210, 297)
    off = np.abs(rendered(again.to_svg(), size).astype(int) - rendered(text, size))
    assert off.max() <= 3 and off.mean() < 0.05
    assert [layer.name for layer in again.layers] == [
        layer.name or ("1" if kind == "page" else "") for layer in OWN[kind].layers
    ]
    for new, old in zip(again.layers, OWN[kind].layers, strict=True):
        assert (new.blur, new.crisp) == (old.blur, old.crisp)
        assert (new.shadow and new.shadow.opacity) == (old.shadow and old.shadow.opacity)
    assert is_for_pens(again) == (kind == "pens")
    assert again.background == OWN[kind].background


def test_points_come_back_on_their_grid():
    again = alone(opened(OWN["flat"].to_svg().encode()))
    assert again.grid == 4
    shape = next(iter(again.shapes))
    assert np.allclose(shape.paths[1].points[:4], BOX.points, atol=1e-9)


OTHERS = {
    "units of the box": """<linearGradient id="g" gradientTransform="rotate(30)"><stop stop-color="red"/>
        <stop offset="60%" style="stop-color:blue;stop-opacity:.5"/></linearGradient>
        <rect x="5" y="5" width="50" height="20" rx="4" fill="url(#g)" transform="translate(2 4) rotate(10)"/>""",
    "skewed circle": """<radialGradient id="r" gradientUnits="userSpaceOnUse" cx="30" cy="20" r="20"
        gradientTransform="skewX(20)"><stop offset=".1" stop-color="#ff0"/><stop offset="1" stop-color="#0a0"/>
        </radialGradient><ellipse cx="30" cy="22" rx="28" ry="18" fill="url(#r)" opacity=".8"/>""",
    "stops of another": """<linearGradient id="a"><stop stop-color="red"/><stop offset="1" stop-color="blue"/>
        </linearGradient><linearGradient id="b" xlink:href="#a" x1="0" x2="0" y2="1"/>
        <rect width="40" height="40" fill="url(#b)"/>""",
    "use": '<defs><rect id="u" width="8" height="5"/></defs><use href="#u" x="10" y="15" fill="green"/>'
    '<use href="#u" transform="scale(2)" x="15" y="12"/>',
    "style sheet": "<style>.k{fill:none;stroke:#333;stroke-width:3}#z{stroke-linejoin:round}</style>"
    '<path id="z" class="k" d="M5 5h40v30H5zm8 8a9 5 30 1 0 9 9"/>',
    "windings": '<path d="M5 35l10 0 0 10-10 0zM8 38l10 0 0 10-10 0z" fill="orange"/>',
    "windings that cross themselves": '<path d="M25 5L39 43 3 19h44L11 43z" fill="red" stroke="blue"/>'
    '<path d="M5 5C35-25 15-25 50 30S5 60 54 50" fill="orange" fill-opacity=".6"/>',
    "windings both ways": '<path d="M5 5h35v35h-35zM10 10h9v9h-9zM25 20v9h9v-9z" fill="orange"/>',
    "holes": '<path fill-rule="evenodd" d="M5 5h30v30h-30zM10 10h30v30h-30z" fill="orange"/>',
    "translucent group of one": '<g opacity=".5"><rect width="30" height="30" fill="red"/></g>',
    "fill and stroke of unlike opacity": '<rect x="9" y="9" width="30" height="30" fill="red" stroke="blue" '
    'stroke-width="6" stroke-opacity=".5"/>',
    "view box": '<rect width="10" height="10" fill="red"/>',
    "translucent group": '<g opacity=".5"><rect width="30" height="30" fill="red"/><rect x="9" y="9" width="30" '
    'height="30" fill="blue"/></g>',
    "clip": '<clipPath id="c"><circle cx="30" cy="20" r="10"/></clipPath><g clip-path="url(#c)">'
    '<path d="M20 20h30v30h-30z" fill="purple"/></g>',
    "focus": '<radialGradient id="q" fx=".3"><stop stop-color="red"/><stop offset="1" stop-color="blue"/>'
    '</radialGradient><circle cx="30" cy="20" r="16" fill="url(#q)"/>',
    "skewed stroke": '<g transform="scale(1 3)"><path d="M10 5h30v8" fill="none" stroke="black" stroke-width="3"/></g>',
    "pattern": '<pattern id="p" width=".2" height=".2"><circle cx="3" cy="3" r="3"/></pattern>'
    '<rect width="40" height="40" fill="url(#p)"/>',
    "mask": '<mask id="m"><rect width="30" height="20" fill="#888"/></mask>'
    '<rect width="60" height="40" mask="url(#m)"/>',
    "blend of a foreign filter": '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter>'
    '<rect x="9" y="9" width="30" height="20" filter="url(#f)"/>',
}
PIXELS = list(OTHERS)[list(OTHERS).index("translucent group") :]


@pytest.mark.parametrize("kind", OTHERS)
def test_others_look_as_resvg_shows_them(kind):
    root = {"viewBox": "0 0 32 24"} if kind == "view box" else {}
    data = svg(OTHERS[kind], **root)
    found = opened(data)
    layout = laid_out(found.width, found.height, Asked())
    shown = rendered_page(composed(found.parts, layout), 4 * 96).on_white().pixels.astype(int)
    off = np.abs(shown - rendered(data.decode(), (256, 192)))
    # resvg has four lines to a pixel: where an edge lies on one of them, a rounding may show as a quarter
    assert off.max() <= 64 and np.quantile(off, 0.99) <= 6 and off.mean() < 0.4
    assert bool(found.rendered) == (kind in PIXELS) and not found.left_out


def test_what_has_to_be_pixels_lies_between_what_has_not():
    data = svg(f'<rect width="9" height="9"/>{OTHERS["clip"]}<rect width="5" height="9"/>{OTHERS["focus"]}')
    found = opened(data)
    assert [type(part) for part in found.parts] == [Drawing, Alone, Drawing, Alone]
    found = opened(svg(f'{OTHERS["clip"]}{OTHERS["focus"]}<rect width="5" height="9"/>'))
    assert [type(part) for part in found.parts] == [Alone, Drawing]  # what follows each other is rendered at once
    assert found.rendered == {"clip": 1, "gradient with a focus": 1}
    assert found.notes == ["drawn as pixels: 1 x clip; 1 x gradient with a focus"]


def test_text_is_left_out_and_said():
    found = opened(svg('<rect width="9" height="9"/><text x="5" y="9">hi</text>'))
    (line,) = found.notes
    assert line.startswith("left out: 1 x text") and "turn it into paths" in line


def test_pictures_of_other_files_are_not_read():
    found = opened(svg('<image href="/etc/passwd" width="9" height="9"/><image href="data:," width="9" height="9"/>'))
    for part in found.parts:
        assert "passwd" not in part.text((64, 48), (0, 0, 64, 48), (64, 48))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"<svg", "no well-formed XML"),
        (b"<html/>", "no SVG"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>', "says neither its size"),
        (svg('<g id="a"><use href="#a"/></g>'), "refers to itself"),
        (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "x">]><svg/>', "external entity"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(data, words):
    with pytest.raises(ArtkitError, match=words) as caught:
        opened(data, "a.svg")
    assert "\n" not in str(caught.value) and "a.svg" in str(caught.value)


def test_more_than_a_limit_is_refused(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_POINTS", "10")
    with pytest.raises(LimitError, match="ARTKIT_MAX_POINTS"):
        opened(svg('<path d="M0 0h1v1h1v1h1v1h1v1h1v1h1v1"/>'))


@pytest.mark.parametrize(
    "inside",
    [
        '<rect width="abc" height="9"/>',
        '<rect width="9" height="9" transform="rotate(x)"/>',
        '<path d="M0 0 L nan"/>',
        '<path d="M0 0h1e300"/>',
        '<rect width="9" height="9" fill="url(#none)"/>',
        '<use href="#none"/>',
        '<linearGradient id="g"/><rect width="9" height="9" fill="url(#g)"/>',
        '<linearGradient id="g" href="#g"/><rect width="9" height="9" fill="url(#g)"/>',
        '<rect width="9" height="9" stroke="red" stroke-width="x"/>',
        '<rect width="9" height="9" stroke="red" stroke-dasharray="a b"/>',
        "<style>@media{</style><rect/>",
        '<linearGradient id="g" x2="1e300"><stop/><stop offset="1" stop-color="red"/></linearGradient>'
        '<rect x="20" width="9" height="9" fill="url(#g)"/>',
    ],
)
def test_what_is_odd_is_counted_or_ignored(inside):
    found = opened(svg(inside + '<rect width="5" height="5"/>'))
    layout = laid_out(found.width, found.height, Asked())
    assert rendered_page(composed(found.parts, layout), 96).alpha[2, 2] == 255
