"""SVGs for `artkit plot`: drawn by chance with numbers of every kind, damaged, nested, and grown without end."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import numpy as np

from fuzz._case import Case
from fuzz._mutate import NUMBERS, Chance, bytes_of, often, one, text_of

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
SIDES = ('width="100" height="80"', 'width="100mm" height="80mm" viewBox="0 0 100 80"', 'viewBox="0 0 50 50"', "")
WORDS = [
    "path",
    "line",
    "polyline",
    "polygon",
    "rect",
    "circle",
    "ellipse",
    "g",
    "svg",
    "use",
    "symbol",
    "switch",
    "a",
    "defs",
    "style",
    "text",
    "image",
    "clipPath",
    "mask",
    "marker",
    "pattern",
    "linearGradient",
    "stop",
    "d",
    "points",
    "x",
    "y",
    "x1",
    "y1",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "width",
    "height",
    "viewBox",
    "transform",
    "style",
    "class",
    "id",
    "href",
    "stroke",
    "fill",
    "stroke-width",
    "stroke-dasharray",
    "opacity",
    "stroke-opacity",
    "display",
    "visibility",
    "none",
    "url(#a)",
    "url(#b)",
    "currentColor",
    "inherit",
    "matrix",
    "translate",
    "rotate",
    "scale",
    "skewX",
    "preserveAspectRatio",
    "xMidYMid",
    "meet",
    "slice",
    "M",
    "m",
    "L",
    "l",
    "H",
    "h",
    "V",
    "v",
    "C",
    "c",
    "S",
    "s",
    "Q",
    "q",
    "T",
    "t",
    "A",
    "a",
    "Z",
    "z",
    "clip-path",
    "mask",
    "transform-origin",
    "transform-box",
    "important",
    "red",
    "rgb(1",
    "2",
    "3)",
    "hsl()",
    "color-mix()",
    "script",
    "foreignObject",
]


def case(rng: Chance) -> Case:
    """One SVG, and what is asked of it."""
    data = one(rng, MAKERS)(rng)
    name = one(rng, ("a.svg", "a.svg", "a.svg", "a.svgz", "a"))
    if often(rng, 0.03):
        data = gzip.compress(data, 1)
    options: list[str] = []
    if often(rng, 0.2):
        options = ["--check"]
    else:
        options += ["-o", one(rng, ("out.svg", "out.hpgl", "out.gcode"))] if often(rng, 0.4) else []
        options += ["--page", one(rng, ("A4", "A6", "30x40mm"))] if often(rng, 0.3) else []
        options += ["--fit"] if often(rng, 0.2) else []
        options += ["--pens", one(rng, ("black", "black,red", "cmyk"))] if often(rng, 0.1) else []
        options += [one(rng, ("--hatch=auto", "--hatch=1mm,30", "--no-hidden"))] if often(rng, 0.25) else []
    if often(rng, 0.05):
        return Case(["plot", "-", *options], {}, data, reports="--check" in options)
    return Case(["plot", name, *options], {name: data}, reports="--check" in options)


def _number(rng: Chance) -> str:
    if often(rng, 0.12):
        return one(rng, NUMBERS)
    return one(rng, (f"{rng.normal(40, 40):.3f}", f"{rng.integers(-20, 120)}", f"{rng.normal():.3e}", "50%", "12mm"))


def _plain(rng: Chance) -> str:
    return one(rng, NUMBERS) if often(rng, 0.06) else f"{rng.normal(40, 40):.4g}"


def _path(rng: Chance) -> str:
    counts = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
    parts = ["M 10 20"] if often(rng, 0.9) else []
    for _ in range(int(rng.integers(1, 12))):
        letter = one(rng, "MLHVCSQTAZ")
        values = [_plain(rng) for _ in range(counts[letter] * int(rng.integers(1, 3)))]
        if letter == "A":
            values = [str(rng.integers(2)) if i % 7 in (3, 4) and often(rng, 0.95) else v for i, v in enumerate(values)]
        parts.append(one(rng, (letter, letter.lower())) + one(rng, (" ", ",", "  ")).join(values))
    return one(rng, ("", " ", "\n")).join(parts)


def _transform(rng: Chance) -> str:
    counts = {"matrix": 6, "translate": 2, "scale": 2, "rotate": 3, "skewX": 1, "skewY": 1}
    kinds = [one(rng, list(counts)) for _ in range(int(rng.integers(1, 4)))]
    return " ".join(f"{kind}({' '.join(_plain(rng) for _ in range(counts[kind]))})" for kind in kinds)


def _look(rng: Chance) -> str:
    said = {
        "stroke": lambda: one(rng, ("red", "#00f", "none", "url(#a)", "currentColor", "rgb(1 2 3)", "hsl(1,2%,3%)")),
        "fill": lambda: one(rng, ("none", "white", "url(#a)", "black")),
        "stroke-width": lambda: _number(rng),
        "stroke-dasharray": lambda: " ".join(_number(rng) for _ in range(int(rng.integers(1, 4)))),
        "opacity": lambda: _number(rng),
        "stroke-opacity": lambda: _number(rng),
        "transform": lambda: _transform(rng),
        "transform-origin": lambda: f"{_number(rng)} {_number(rng)}",
        "clip-path": lambda: "url(#c)",
        "mask": lambda: "url(#m)",
        "display": lambda: one(rng, ("none", "inline")),
        "class": lambda: one(rng, ("p", "q p", "none")),
        "marker-end": lambda: "url(#k)",
    }
    chosen = [(name, said[name]()) for name in said if often(rng, 0.15)]
    if often(rng, 0.3):
        return f' style="{";".join(f"{name}:{value}" for name, value in chosen)}"'
    return "".join(f' {name}="{value}"' for name, value in chosen)


def _shape(rng: Chance, depth: int = 0) -> str:
    look = _look(rng)

    def places(names: str) -> str:
        return " ".join(f'{name}="{_number(rng)}"' for name in names.split() if often(rng, 0.95))

    match int(rng.integers(14)):
        case 0 | 1 | 2 | 3:
            return f'<path d="{_path(rng)}"{look}/>'
        case 4:
            points = " ".join(_plain(rng) for _ in range(int(rng.integers(1, 14))))
            return f'<{one(rng, ("polyline", "polygon"))} points="{points}"{look}/>'
        case 5:
            return f"<rect {places('x y width height rx ry')}{look}/>"
        case 6:
            return f"<circle {places('cx cy r')}{look}/>"
        case 7:
            return f"<ellipse {places('cx cy rx ry')}{look}/>"
        case 8:
            return f"<line {places('x1 y1 x2 y2')}{look}/>"
        case 9:
            target = one(rng, ("s", "b", "u", "nothing", "c", "a"))
            return f'<use id="u" {one(rng, ("xlink:href", "href"))}="#{target}" {places("x y width height")}{look}/>'
        case 10:
            return one(
                rng,
                ("<text>x</text>", '<image href="file:///etc/passwd"/>', '<image href="data:image/png;base64,AAAA"/>'),
            )
        case _:
            inner = "".join(_shape(rng, depth + 1) for _ in range(int(rng.integers(1, 4)))) if depth < 4 else ""
            tag = one(rng, ("g", "svg", "switch", "a", "symbol"))
            place = (
                f' {places("x y width height")} viewBox="{" ".join(_plain(rng) for _ in range(4))}"'
                if tag == "svg"
                else ""
            )
            return f"<{tag}{place}{look}>{inner}</{tag}>"


def drawing(rng: Chance) -> bytes:
    """Shapes with numbers of every kind, and what they may refer to."""
    defs = (
        '<defs><symbol id="s" viewBox="0 0 10 10"><path d="M0 0L9 9"/></symbol><g id="b"><circle r="4"/></g>'
        '<linearGradient id="a"><stop offset="0" stop-color="#123"/></linearGradient>'
        f'<clipPath id="c">{_shape(rng, 5)}</clipPath><mask id="m">{_shape(rng, 5)}</mask>'
        '<marker id="k"><path d="M0 0L3 3"/></marker></defs>'
    )
    sheet = f"<style>{_sheet(rng)}</style>" if often(rng, 0.4) else ""
    body = "".join(_shape(rng) for _ in range(int(rng.integers(1, 8))))
    sides = one(rng, SIDES) if often(rng, 0.8) else f'width="{_number(rng)}" height="{_number(rng)}"'
    if often(rng, 0.1):
        sides += f' viewBox="{" ".join(_number(rng) for _ in range(4))}"' if "viewBox" not in sides else ""
    return f"{HEAD}{sides}>{sheet}{defs}{body}</svg>".encode()


def _sheet(rng: Chance) -> str:
    rules = ("path{stroke:red}", ".p{stroke-width:%s}", "#b, .q {fill:none}", "@media print{path{stroke:blue}}", "/* c */", "a a a",
             "{", "}", "path{", "/*", "@import url(x);", ".p.q{stroke:%s}", "g > path{opacity:%s}", "*{stroke-dasharray:%s}")  # fmt: skip
    return " ".join(one(rng, rules).replace("%s", _number(rng)) for _ in range(int(rng.integers(1, 6))))


def damaged(rng: Chance) -> bytes:
    """A drawing whose text was changed here and there."""
    return text_of(rng, drawing(rng).decode(), WORDS).encode("utf-8", "replace")


def broken(rng: Chance) -> bytes:
    """A drawing whose bytes were changed."""
    return bytes_of(rng, drawing(rng))


def encoded(rng: Chance) -> bytes:
    """A drawing in another encoding, or one that says so."""
    text = drawing(rng).decode()
    said = one(
        rng,
        (
            "utf-8",
            "utf-16",
            "utf-32",
            "latin-1",
            "ascii",
            "utf-7",
            "cp037",
            "shift_jis",
            "x",
            "",
            "idna",
            "zlib",
            "hex",
        ),
    )
    real = one(rng, ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp037"))
    head = f'<?xml version="1.0" encoding="{said}"?>' if often(rng, 0.8) else ""
    return (head + text).encode(real, "replace")


def declared(rng: Chance) -> bytes:
    """Entities: short ones, ones that grow, and ones that would read files."""
    entities = one(rng, (
        '<!ENTITY a "10">', '<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;',
        '<!ENTITY a "&b;&b;"><!ENTITY b "&a;">', '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12)),
        f'<!ENTITY a "{"x" * 250}">', '<!ATTLIST path d CDATA "M0 0L1e400 5">',
    ))  # fmt: skip
    body = "&a;" * int(rng.integers(0, 3)) + ("&l11;" if "l11" in entities else "") + '<path d="M0 0L9 &a;"/>'
    if "x" * 250 in entities:
        body = f"<desc>{'&a;' * 20_000}</desc>{body}"
    return f"<!DOCTYPE svg [{entities}]>{HEAD}width='10' height='10'>{body}</svg>".encode()


def bomb(rng: Chance) -> bytes:
    """What is short and comes to much: references, runs of commands, arcs, dashes, sheets of style, depth, gzip."""
    n = int(10 ** rng.uniform(2, 4.5))
    match int(rng.integers(22)):
        case 0:
            text = f'<g id="g0"><path d="M0 0L9 9{"L1 2" * (n // 50)}"/></g>'
            text += "".join(
                f'<g id="g{i}">{f"<use href=%#g{i - 1}%/>" * int(rng.integers(2, 12))}</g>' for i in range(1, 14)
            )
            text = text.replace("%", '"')
        case 1:
            text = f"<style>{'a ' * n}</style><path d='M0 0L9 9'/>"
        case 2:
            text = f"<style>{'/*' * n}</style><path d='M0 0L9 9'/>"
        case 3:
            text = f"<style>{'path{' * n}</style><path d='M0 0L9 9'/>"
        case 4:
            text = f"<path transform='{one(rng, ('rotate(', 'a ', 'a', 'rotate(1)', '(', ',')) * n}' d='M0 0L9 9'/>"
        case 5:
            text = f"<path d='M0 0Q1 1 2 2{one(rng, ('T3 3', 't1 1', 'S1 2 3 4', 'm1 1', 'zm1 1', 'z', 'a1 1 0 0 0 1 1', 'h1', '-', '.', '1e', '0 ')) * n}'/>"
        case 6:
            text = "<g>" * n + "<path d='M0 0L9 9'/>" + "</g>" * n
        case 7:
            text = "".join(f"<path class='{'a ' * 9}' style='stroke:red' d='M0 0L9 9'/>" for _ in range(n // 10))
            text = f"<style>{'.a{fill:none}' * (n // 20)}</style>{text}"
        case 8:
            text = f"<path stroke='red' stroke-dasharray='{one(rng, ('1e-9', '0.001', '1e-300 1e-300', '0 0'))}' d='M0 0L{10 ** rng.integers(1, 8)} 9'/>"
        case 9:
            text = f"<circle r='{10 ** rng.integers(1, 9)}'/>" * (n // 30)
        case 10:
            text = f"<path d='M0 0{'C1e5 0 0 1e5 1e5 1e5 C-1e5 0 0 -1e5 0 0' * (n // 40)}'/>"
        case 11:
            return gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * int(10 ** rng.uniform(5, 8)), 9)
        case 12:
            text = f"<polyline points='{'1 2 ' * n}'/>"
        case 13:
            text = f"<path d='M0 0L9 9' {' '.join(f'a{i}=%1%' for i in range(n)).replace('%', chr(34))}/>"
        case 14:
            text = f"<path d='M0 0L9 9' style='{one(rng, (';', 'a:b;', ':', 'a ', '/*', '!important ', '(', 'url(')) * n}'/>"
        case 15:
            text = f"<g clip-path='url(#c)'>{'<use href=%#x%/>'.replace('%', chr(34)) * 50}</g><clipPath id='c'><path id='x' d='M0 0{'L1 9 5 2' * (n // 20)}'/></clipPath>"
        case 16:
            text = f"<path stroke='red' stroke-width='{n}e300' d='M0 0L9 9'/><svg viewBox='0 0 1e-300 1e-300' width='1e300' height='1e300'><path d='M0 0L9 9'/></svg>"
        case 17:
            text = (
                f"<pattern id='p'>{'<path d=%M0 0L9 9%/>'.replace('%', chr(34)) * 99}</pattern><rect fill='url(#p)' width='9' height='9'/>"
                * (n // 200 + 1)
            )
        case 18:
            text = f"<linearGradient id='a' href='#b'/><linearGradient id='b' href='#a'/><path stroke='url({'#' * n}a)' d='M0 0L9 9'/>"
        case 19:
            text = f"<image href='data:image/png;base64,{'A' * n}'/><path d='M0 0L9 9'/>"
        case 20:
            text = f"<path stroke='{'(' * n}' fill='{'rgb(' * n}' d='M0 0L9 9'/><text>{'x ' * n}</text>"
        case _:
            text = "".join(
                f"<g id='i{i}' stroke='#{i % 4096:03x}'><path d='M{i % 90} 0L9 9'/></g>" for i in range(n // 10)
            )
    return f"{HEAD}{one(rng, SIDES)}>{text}</svg>".encode()


def crowd(rng: Chance) -> bytes:
    """Many lines at once, as drawings have them: rows, stars from one point, dots, one on the other."""
    n = int(10 ** rng.uniform(1.5, 3.5))
    kind = int(rng.integers(4))
    points = np.round(rng.uniform(0, 100, (n, 4)), 2)
    if kind == 1:
        points[:, :2] = 50
    elif kind == 2:
        points[:] = points[0]
    elif kind == 3:
        points[:, 2:] = points[:, :2]
    d = "".join(f"M{a} {b}L{c} {d}" for a, b, c, d in points.tolist())
    return f"{HEAD}{SIDES[1]}><path stroke='black' d='{d}'/></svg>".encode()


MAKERS: tuple[Callable[[Chance], bytes], ...] = (
    drawing, drawing, drawing, drawing, damaged, damaged, damaged, damaged, broken, broken, encoded, declared, bomb,
    bomb, crowd,
)  # fmt: skip
