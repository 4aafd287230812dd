"""SVG files of any tool to lines in millimetres.

Paths, lines, polylines, polygons, rects, circles and ellipses, under any transforms, groups, nested <svg> and <use>;
what is painted how, by attributes, style attributes and simple rules of style sheets. Shapes are drawn as their
outlines. What a pen cannot draw (text, pictures, gradients, clips, masks, filters, patterns) is left out, and
counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import cos, radians, sin, tan
from typing import Any, NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np

from artkit.errors import ArtkitError
from artkit.pens.layout import UNITS
from artkit.pens.lines import Floats, Ints, Lines
from artkit.pens.read.pathdata import flattened

FLATNESS = 0.01
"""Millimetres that lines stray from the curves they replace."""

LARGEST = 1 << 30
"""Bytes of a file, once decompressed."""

MOST = 300_000
"""Elements that references repeat, each counted each time."""

FARTHEST = 1e6
"""Millimetres from the page's corner, beyond which nothing is read."""

DEEPEST = 200
"""Elements within each other."""

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Group(NamedTuple):
    """A layer of the file: its label, and the color of what is drawn, as the file writes it."""

    label: str
    color: str


@dataclass(frozen=True, eq=False)
class Source:
    """What a file draws: lines in millimetres, each in one of the `groups` (in the order of their first lines).

    `width` and `height` are the page's, in millimetres; None where the file does not say. `stroke` is each line's
    width, in millimetres, NaN where the file does not say. `left_out` counts what was left out, in words.
    """

    width: float | None
    height: float | None
    lines: Lines
    group: Ints
    groups: list[Group]
    stroke: Floats
    left_out: dict[str, int]


def read(data: bytes, name: str = "SVG", *, hidden: bool = False) -> Source:
    """Read an SVG, compressed or not; with `hidden` also layers whose label says that they are not to be plotted.

    An ArtkitError says in one line what is wrong with it, and where.
    """
    return _Reader(parsed(data, name), name, hidden).source()


def parsed(data: bytes, name: str = "SVG") -> ElementTree.Element:
    """Give the root of an SVG's elements; what could grow without end or read other files is refused."""
    root = _tree(_decompressed(data, name), name)
    if root.tag not in (f"{SVG}svg", "svg"):
        raise ArtkitError(f"{name}: is XML but no SVG: its root is <{_local(root.tag)}>")
    return root


def _decompressed(data: bytes, name: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    import gzip
    import io

    try:
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise ArtkitError(f"{name}: is compressed and damaged: {error}") from None
    if len(data) > LARGEST:
        raise ArtkitError(f"{name}: is larger than {LARGEST >> 20} MB once decompressed; refused")
    return data


def _tree(data: bytes, name: str) -> ElementTree.Element:
    if not data.strip():
        raise ArtkitError(f"{name}: is empty")
    if (b"<!" in data and re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data[:100_000], re.I)) or data[:2] in (
        b"\xfe\xff",
        b"\xff\xfe",
    ):
        _refuse_entities(data, name)
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ArtkitError(f"{name}: {_where(error)}") from None


class _Refused(Exception):
    pass


def _refuse_entities(data: bytes, name: str) -> None:
    """Refuse a document type that declares entities other than short plain texts: they could grow, or fetch files."""

    def declared(entity: str, parameter: bool, value: str | None, *place: Any) -> None:
        if value is None:
            raise _Refused(f"declares the external entity {entity!r}, which could read other files; refused")
        if parameter or "&" in value or "%" in value or len(value) > 256:
            raise _Refused(f"declares the entity {entity!r} by way of others, which could grow without end; refused")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = lambda tag, attributes: _stop()
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        raise ArtkitError(f"{name}: {refused}") from None
    except StopIteration:
        return
    except expat.ExpatError as error:
        raise ArtkitError(f"{name}: {_where(error)}") from None


def _stop() -> None:
    raise StopIteration


def _where(error: Any) -> str:
    line, column = getattr(error, "position", None) or (getattr(error, "lineno", 0), getattr(error, "offset", 0))
    reason = re.sub(r": line \d+, column \d+$", "", str(error))
    return f"line {line}: is no well-formed XML: {reason} (column {column + 1})" if line else f"is no XML: {reason}"


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


_DRAWN = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}
_GROUPS = {"g", "svg", "a", "switch", "symbol"}
_LEFT_OUT = {
    "text": "text",
    "image": "image",
    "foreignObject": "foreign object",
    "flowRoot": "text",
    "video": "video",
    "audio": "audio",
    "canvas": "canvas",
    "iframe": "frame",
    "mesh": "mesh",
}
_EFFECTS = {"clip-path": "clip", "mask": "mask", "filter": "filter"}
_INHERITED = ("stroke", "fill", "stroke-width", "visibility", "color", "stroke-dasharray")


@dataclass
class _State:
    """What holds where an element stands."""

    matrix: Matrix = IDENTITY
    layer: str = ""
    depth: int = 0
    style: dict[str, str] = field(default_factory=dict)
    copied: int = 0


class _Reader:
    def __init__(self, root: ElementTree.Element, name: str, hidden: bool) -> None:
        self.root, self.name, self.hidden = root, name, hidden
        self.left_out: Counter[str] = Counter()
        self.texts: list[str] = []
        self.matrices: list[Matrix] = []
        self.keys: dict[tuple[str, str, float], int] = {}
        self.key_of: list[int] = []
        self.ids: dict[str, ElementTree.Element] | None = None
        self.rules = _rules(root)
        self.gradients: set[str] = set()
        self.clipped = 0

    def source(self) -> Source:
        width, height, matrix = _page(self.root, self.name)
        self.page = (matrix, width, height)
        stack: list[tuple[ElementTree.Element, _State]] = [(self.root, _State(matrix))]
        count = 0
        while stack:
            element, state = stack.pop()
            count += state.copied > 0
            if count > MOST:
                raise ArtkitError(f"{self.name}: repeats more than {MOST:,} elements by references; refused")
            stack.extend(reversed(list(self._visit(element, state))))
        with np.errstate(all="ignore"):
            flat = flattened(self.texts, np.array(self.matrices or [IDENTITY]), FLATNESS)
        if flat.invalid_arcs:
            self.left_out["part of a path whose data has an error"] += flat.invalid_arcs
        lines, key = flat.lines, np.array(self.key_of, np.int64)[flat.path]
        finite = np.isfinite(lines.points).all(axis=1) & (np.abs(lines.points) < FARTHEST).all(axis=1)
        if not finite.all():
            sound = np.logical_and.reduceat(finite, lines.offsets[:-1])
            self.left_out["line whose coordinates are too large"] += int((~sound).sum())
            lines, key = lines.take(sound), key[sound]
        return self._grouped(width, height, lines, key)

    def _grouped(self, width: float | None, height: float | None, lines: Lines, key: Ints) -> Source:
        groups: list[Group] = []
        number = np.zeros(max(len(self.keys), 1), np.int64)
        stroke = np.full(max(len(self.keys), 1), np.nan)
        known: dict[Group, int] = {}
        drawn = set(np.unique(key).tolist())
        for (label, color, wide), index in self.keys.items():
            stroke[index] = wide if wide >= 0 else np.nan
            if index in drawn:
                group = Group(label, color)
                if group not in known:
                    known[group] = len(groups)
                    groups.append(group)
                number[index] = known[group]
        return Source(width, height, lines, number[key], groups, stroke[key], dict(self.left_out))

    def _visit(  # noqa: PLR0912
        self, element: ElementTree.Element, state: _State
    ) -> Iterator[tuple[ElementTree.Element, _State]]:
        """Note what an element draws; give the elements within it."""
        tag = _local(element.tag)
        if tag in _LEFT_OUT:
            self.left_out[_LEFT_OUT[tag]] += 1
            return
        if tag not in _DRAWN and tag not in _GROUPS and tag != "use":
            return
        style, own = self._styled(element, tag, state.style)
        if own.get("display") == "none":
            self.left_out["hidden element"] += 1
            return
        for effect, word in _EFFECTS.items():
            if own.get(effect, "none") != "none":
                self.left_out[f"{word} (what it covers is drawn whole)"] += 1
        matrix = state.matrix
        if text := element.get("transform") or own.get("transform"):
            matrix = _times(matrix, self._transform(text))
        if tag in _DRAWN:
            self._draw(element, tag, style, matrix, state)
            return
        if state.depth > DEEPEST:
            raise ArtkitError(f"{self.name}: more than {DEEPEST} elements within each other; refused")
        layer = state.layer
        if tag == "g" and state.depth == 1:
            layer = element.get(f"{INKSCAPE}label") or element.get("id") or ""
            if layer.startswith("%") and not self.hidden:
                self.left_out["layer that is not to be plotted (its label starts with %)"] += 1
                return
        inside = _State(matrix, layer, state.depth + 1, style, state.copied)
        if tag == "use":
            yield from self._used(element, inside)
            return
        if tag == "symbol" and not state.copied:
            return
        if tag == "svg" and state.depth:
            shift = (1.0, 0.0, 0.0, 1.0, _length(element.get("x")), _length(element.get("y")))
            inside.matrix = _times(_times(matrix, shift), _view(element))
        children = list(element)
        if tag == "switch":
            children = children[:1]
        for child in children:
            yield child, inside

    def _used(self, element: ElementTree.Element, inside: _State) -> Iterator[tuple[ElementTree.Element, _State]]:
        if self.ids is None:
            self.ids = {child.get("id", ""): child for child in self.root.iter() if child.get("id")}
        target = self.ids.get((element.get("href") or element.get(XLINK) or "").removeprefix("#"))
        if target is None:
            self.left_out["reference to nothing"] += 1
            return
        if inside.copied > 20:
            raise ArtkitError(f"{self.name}: <use> refers to itself, or through more than 20 others; refused")
        inside.matrix = _times(
            inside.matrix, (1.0, 0.0, 0.0, 1.0, _length(element.get("x")), _length(element.get("y")))
        )
        inside.copied += 1
        yield target, inside

    def _styled(
        self, element: ElementTree.Element, tag: str, above: dict[str, str]
    ) -> tuple[dict[str, str], Mapping[str, str]]:
        """Give what the element hands down, and what it says itself."""
        text = element.get("style")
        if not text and not self.rules:
            said: Mapping[str, str] = element.attrib
        else:
            own = dict(element.attrib)
            if self.rules:
                for name in (
                    tag,
                    *(f".{name}" for name in element.get("class", "").split()),
                    f"#{element.get('id', '')}",
                ):
                    own.update(self.rules.get(name, {}))
                    if name.startswith("."):
                        own.update(self.rules.get(tag + name, {}))
            own.update(_declarations(text or ""))
            said = own
        changes = {name: said[name] for name in _INHERITED if name in said and said[name] != "inherit"}
        return (above | changes if changes else above), said

    def _draw(
        self, element: ElementTree.Element, tag: str, style: dict[str, str], matrix: Matrix, state: _State
    ) -> None:
        if style.get("visibility", "visible") != "visible":
            self.left_out["hidden element"] += 1
            return
        stroke, fill = style.get("stroke", ""), style.get("fill", "")
        color = stroke or fill
        if color == "none" or (stroke == "none"):
            color = fill or "#000000"
        if stroke == "none" and fill == "none":
            self.left_out["shape without stroke and fill"] += 1
            return
        if color == "none":  # no word about a stroke, and no fill: meant to be drawn, in whatever color
            color = "#000000"
        if color.startswith("url("):
            self.left_out["gradient or pattern (its shapes are drawn in one color)"] += 1
            color = self._first_color(color)
        elif color == "currentColor":
            color = style.get("color", "#000000")
        if style.get("stroke-dasharray", "none") not in ("none", "0", "") and stroke not in ("", "none"):
            self.left_out["dashes (drawn as solid lines)"] += 1
        stroked = stroke not in ("", "none")
        data = _data(element, tag)
        if not stroked and tag in ("rect", "path", "polygon") and self._is_paper(element, tag, matrix):
            self.left_out["background"] += 1
            return
        a, b, c, d, _, _ = matrix
        said = stroked and "stroke-width" in style
        wide = round(_length(style["stroke-width"]) * abs(a * d - b * c) ** 0.5, 4) if said else -1.0
        key = (state.layer, color.strip(), wide)
        self.texts.append(data)
        self.matrices.append(matrix)
        self.key_of.append(self.keys.setdefault(key, len(self.keys)))

    def _is_paper(self, element: ElementTree.Element, tag: str, matrix: Matrix) -> bool:
        """Tell a filled rectangle that covers the whole page: it is the paper, and no line of a drawing."""
        _, width, height = self.page
        if tag != "rect" or width is None or height is None or matrix[1] or matrix[2]:
            return False
        across = 100 if element.get("width", "").endswith("%") else 0
        x, y = _length(element.get("x")), _length(element.get("y"))
        if across:
            return _length(element.get("width", "").rstrip("%")) >= 100
        left, top = matrix[0] * x + matrix[4], matrix[3] * y + matrix[5]
        right = left + matrix[0] * _length(element.get("width"))
        bottom = top + matrix[3] * _length(element.get("height"))
        slack = 0.005 * max(width, height)
        return left <= slack and top <= slack and right >= width - slack and bottom >= height - slack

    def _first_color(self, reference: str) -> str:
        """Give the color of the first stop of a gradient, black where there is none."""
        if self.ids is None:
            self.ids = {child.get("id", ""): child for child in self.root.iter() if child.get("id")}
        found = re.match(r"url\(\s*['\"]?#([^'\")]*)['\"]?\s*\)\s*(.*)", reference)
        for _ in range(4):
            target = self.ids.get(found[1]) if found else None
            if target is None:
                break
            for child in target:
                if _local(child.tag) == "stop":
                    color = (
                        _declarations(child.get("style", "")).get("stop-color") or child.get("stop-color") or "#000000"
                    )
                    return "#000000" if color.startswith(("url", "current")) else color
            href = target.get("href") or target.get(XLINK) or ""
            found = re.match(r"(#)?(.*)", href) and re.match(r"#(.+)", href)
        return "#000000"

    def _transform(self, text: str) -> Matrix:
        matrix = IDENTITY
        end = 0
        for found in _TRANSFORM.finditer(text):
            if text[end : found.start()].strip(" \t\r\n,"):
                break
            end = found.end()
            values = [float(value) for value in _VALUE.findall(found[2])]
            one = _one_transform(found[1], values)
            if one is None:
                break
            matrix = _times(matrix, one)
        else:
            if not text[end:].strip(" \t\r\n,"):
                return matrix
        self.left_out["transform with an error"] += 1
        return matrix


_VALUE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TRANSFORM = re.compile(r"([a-zA-Z]+)\s*\(([^)]*)\)")


def _one_transform(kind: str, v: list[float]) -> Matrix | None:
    match kind, len(v):
        case "matrix", 6:
            return (v[0], v[1], v[2], v[3], v[4], v[5])
        case "translate", 1 | 2:
            return (1.0, 0.0, 0.0, 1.0, v[0], v[1] if len(v) > 1 else 0.0)
        case "scale", 1 | 2:
            return (v[0], 0.0, 0.0, v[-1], 0.0, 0.0)
        case "rotate", 1 | 3:
            c, s = cos(radians(v[0])), sin(radians(v[0]))
            x, y = v[1:] or (0.0, 0.0)
            return (c, s, -s, c, x - c * x + s * y, y - s * x - c * y)
        case "skewX", 1:
            return (1.0, 0.0, tan(radians(v[0])), 1.0, 0.0, 0.0)
        case "skewY", 1:
            return (1.0, tan(radians(v[0])), 0.0, 1.0, 0.0, 0.0)
    return None


def _times(m: Matrix, n: Matrix) -> Matrix:
    """Give the matrix that applies n first."""
    a, b, c, d, e, f = m
    p, q, r, s, t, u = n
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def _length(text: str | None, whole: float = 0.0) -> float:
    """Give a length in user units (1/96 inch); 0 where there is none, or none that can be understood."""
    found = re.fullmatch(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-zA-Z%]*)\s*", text or "")
    if not found:
        return 0.0
    unit = found[2].lower()
    if unit == "%":
        return float(found[1]) * whole / 100
    if unit in ("em", "ex"):
        return float(found[1]) * (16 if unit == "em" else 8)
    return float(found[1]) * (UNITS[unit] / UNITS["px"] if unit in UNITS else 1.0)


def _box(element: ElementTree.Element) -> tuple[float, float, float, float] | None:
    values = [float(value) for value in _VALUE.findall(element.get("viewBox", ""))]
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 and min(values[2:]) > 0 else None


def _page(root: ElementTree.Element, name: str) -> tuple[float | None, float | None, Matrix]:
    """Give width and height in millimetres, and the matrix from user units to millimetres."""
    box = _box(root)
    sides = []
    for side, at in (("width", 2), ("height", 3)):
        text = root.get(side, "")
        value = _length(text) if text and not text.strip().endswith("%") else 0.0
        sides.append(value or (box[at] if box else 0.0))
    if box and root.get("width") and not root.get("height"):
        sides[1] = sides[0] * box[3] / box[2]
    if box and root.get("height") and not root.get("width"):
        sides[0] = sides[1] * box[2] / box[3]
    px = UNITS["px"]
    scaled = _times((px, 0.0, 0.0, px, 0.0, 0.0), _fitted(box, sides[0], sides[1], root.get("preserveAspectRatio", "")))
    width, height = (round(side * px, 6) or None for side in sides)
    return width, height, scaled


def _view(element: ElementTree.Element) -> Matrix:
    """Give the matrix of a nested <svg>'s view box."""
    width, height = _length(element.get("width")), _length(element.get("height"))
    return _fitted(_box(element), width, height, element.get("preserveAspectRatio", ""))


def _fitted(box: tuple[float, float, float, float] | None, width: float, height: float, how: str) -> Matrix:
    if box is None or not (width > 0 and height > 0):
        return IDENTITY
    x, y, w, h = box
    sx, sy = width / w, height / h
    if how.strip().startswith("none"):
        return (sx, 0.0, 0.0, sy, -x * sx, -y * sy)
    scale = max(sx, sy) if "slice" in how else min(sx, sy)
    at = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    align = re.search(r"x(Min|Mid|Max)Y(Min|Mid|Max)", how)
    across, down = (at[align[1]], at[align[2]]) if align else (0.5, 0.5)
    return (scale, 0.0, 0.0, scale, across * (width - w * scale) - x * scale, down * (height - h * scale) - y * scale)


def _data(element: ElementTree.Element, tag: str) -> str:
    """Give the outline of a shape as path data."""
    if tag == "path":
        return element.get("d") or ""
    if tag in ("polyline", "polygon"):
        points = (element.get("points") or "").strip()
        if not points:
            return ""
        return f"M{points}Z" if tag == "polygon" else f"M{points}"
    get = element.get
    if tag == "line":
        x1, y1, x2, y2 = (_length(get(key)) for key in ("x1", "y1", "x2", "y2"))
        return f"M{x1!r} {y1!r}L{x2!r} {y2!r}"
    if tag == "rect":
        x, y, w, h = (_length(get(key)) for key in ("x", "y", "width", "height"))
        if not (w > 0 and h > 0):
            return ""
        given = [_length(text) if (text := get(key)) not in (None, "auto") else None for key in ("rx", "ry")]
        rx = given[0] if given[0] is not None else given[1] or 0.0
        ry = given[1] if given[1] is not None else given[0] or 0.0
        rx, ry = min(max(rx, 0.0), w / 2), min(max(ry, 0.0), h / 2)
        if not (rx and ry):
            return f"M{x!r} {y!r}h{w!r}v{h!r}h{-w!r}z"
        return (
            f"M{x + rx!r} {y!r}H{x + w - rx!r}A{rx!r} {ry!r} 0 0 1 {x + w!r} {y + ry!r}V{y + h - ry!r}"
            f"A{rx!r} {ry!r} 0 0 1 {x + w - rx!r} {y + h!r}H{x + rx!r}A{rx!r} {ry!r} 0 0 1 {x!r} {y + h - ry!r}"
            f"V{y + ry!r}A{rx!r} {ry!r} 0 0 1 {x + rx!r} {y!r}z"
        )
    cx, cy = _length(get("cx")), _length(get("cy"))
    rx, ry = (_length(get("r")),) * 2 if tag == "circle" else (_length(get("rx")), _length(get("ry")))
    if not (rx > 0 and ry > 0):
        return ""
    half = f"A{rx!r} {ry!r} 0 0 1"
    return f"M{cx - rx!r} {cy!r}{half} {cx + rx!r} {cy!r}{half} {cx - rx!r} {cy!r}z"


def _declarations(text: str) -> dict[str, str]:
    """Read 'stroke: red; fill: none'."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def _rules(root: ElementTree.Element) -> dict[str, dict[str, str]]:
    """Read the rules of style sheets whose selectors are a tag, a class, an id, or a tag with a class."""
    rules: dict[str, dict[str, str]] = {}
    for sheet in root.iter():
        if _local(sheet.tag) != "style":
            continue
        text = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.S)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
            for selector in selectors.split(","):
                if re.fullmatch(r"\s*(\w+|\w*\.[\w-]+|#[\w-]+)\s*", selector):
                    rules.setdefault(selector.strip(), {}).update(_declarations(body))
    return rules
