"""Is a file fit to plot? Twenty-five questions to an SVG, each answered with a figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from scipy.spatial import cKDTree

from artkit.arrays import Floats, Ints, counted
from artkit.limits import within
from artkit.pens.layout import Sheet
from artkit.pens.lines import Lines, travel
from artkit.pens.names import LONGEST
from artkit.pens.prepare.dedupe import without_doubles
from artkit.pens.prepare.order import nearest_neighbor, ordered
from artkit.pens.prepare.simplify import simplified
from artkit.pens.read.document import Source, read
from artkit.pens.read.elements import INKSCAPE, SVG, parsed
from artkit.pens.read.ink import opacity_of
from artkit.pens.read.lengths import number, numbers
from artkit.pens.read.style import Rules, styled

SHORTEST = 0.1
JOINED = 0.05
TWICE = 0.001
UNJOINED = 0.005
SURPLUS = 0.10
TRAVEL = 0.90
KNOWN = 1.02
ORDERED = 30_000
CROWD = 200
WORN = 0.001
PASSES = 6

_SHAPES = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse"}
_SPOKEN = {"svg", "g", "title", "desc", "metadata", "defs", "namedview", *_SHAPES}
_DATE = re.compile(rb"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


class Item(NamedTuple):
    """One answer: the question's number, what is asked for, whether the file has it, and the figure that says so."""

    number: int
    question: str
    passed: bool
    figure: str


def check(
    data: bytes, name: str = "SVG", *, page: Sheet | None = None, margin: float = 0.0, pen_width: float | None = None
) -> list[Item]:
    """Answer all 25 questions. Without a page or a pen's width that was asked for, the file's own will do.

    An ArtkitError says why a file cannot be judged at all: it is no SVG, or refused.
    """
    root = parsed(data, name)
    source = read(data, name, hidden=True)
    elements = list(_walk(root))
    return [
        *_form(data, root, source, page),
        *_structure(root, elements),
        *_paint(root, elements, pen_width),
        *_geometry(root, elements, source, margin, pen_width),
        _item(
            24, "the same bytes each time", not (found := _DATE.findall(data)), f"{len(found)} dates or random names"
        ),
        _unplotted_travel(root),
    ]


def _item(number: int, question: str, passed: object, figure: str) -> Item:
    return Item(number, question, bool(passed), figure[:90])


class _Element(NamedTuple):
    """An element: the child of the root that it is in, what is handed down to what it holds, and what it says itself.

    The opacity of groups is handed down as well.
    """

    element: ElementTree.Element
    tag: str
    depth: int
    layer: ElementTree.Element | None
    style: dict[str, str]
    own: Mapping[str, str]


def _walk(root: ElementTree.Element) -> list[_Element]:
    """All elements in order, by the cascade of the file's style sheets, and the child of the root that they are in."""
    rules = Rules(root)
    found = []
    stack: list[_Element] = [_Element(root, "svg", 0, None, *_said(root, "svg", {}, rules))]
    while stack:
        item = stack.pop()
        found.append(item)
        for child in reversed(list(item.element)):
            if isinstance(child.tag, str):
                tag = child.tag.rpartition("}")[2]
                if tag in ("metadata", "defs", "namedview"):
                    continue
                layer = child if item.depth == 0 else item.layer
                stack.append(_Element(child, tag, item.depth + 1, layer, *_said(child, tag, item.style, rules)))
    return found


def _said(
    element: ElementTree.Element, tag: str, above: dict[str, str], rules: Rules
) -> tuple[dict[str, str], Mapping[str, str]]:
    style, own = styled(element, tag, above, rules)
    if "opacity" in own:
        style = style | {"opacity": f"{opacity_of(own['opacity']) * opacity_of(style.get('opacity')):g}"}
    return style, own


def _form(data: bytes, root: ElementTree.Element, source: Source, page: Sheet | None) -> list[Item]:
    sides = [root.get("width", ""), root.get("height", "")]
    in_mm = all(re.fullmatch(r"\s*+[0-9.]++mm\s*+", side) for side in sides)
    box = numbers(root.get("viewBox", ""))
    unit = (source.width or 0) / box[2] if len(box) == 4 and box[2] else 25.4 / 96
    other = (source.height or 0) / box[3] if len(box) == 4 and box[3] else 25.4 / 96
    own = f"{source.width or 0:g} x {source.height or 0:g} mm"
    if page is None:
        fits, figure = bool(source.width and source.height), f"{own}, none asked for"
    else:
        gap = max(abs((source.width or 0) - page.width), abs((source.height or 0) - page.height))
        fits, figure = gap <= 0.01 + 1e-9, f"{own}, off by {gap:.3f} mm"
    good_unit = abs(unit - 1) < 1e-6 and abs(other - 1) < 1e-6 and len(box) == 4 and box[:2] == [0, 0]
    return [
        _item(1, "well formed, in the SVG namespace", root.tag == f"{SVG}svg", f"root {root.tag}"[:60]),
        _item(2, "width and height in mm", in_mm, " x ".join(side or "none" for side in sides)),
        _item(3, "one user unit is one mm", good_unit, f"{unit:.6f} x {other:.6f} mm"),
        _item(4, "the page asked for", fits, figure),
    ]


def _structure(root: ElementTree.Element, elements: list[_Element]) -> list[Item]:
    strange = Counter(item.tag for item in elements if item.tag not in _SPOKEN)
    effects = Counter(
        name
        for item in elements
        for name in ("clip-path", "mask", "filter")
        if item.own.get(name, "none").strip() != "none"
    )
    strange += effects
    transforms = sum(
        1 for item in elements if item.own.get("transform") or item.own.get(":transform", "none") != "none"
    )
    layers = _layers(root)
    shapes = [item for item in elements if item.tag in _SHAPES]
    loose = sum(1 for item in shapes if item.depth != 2 or item.layer not in layers)
    nested = sum(1 for item in elements if item.tag == "g" and item.depth > 1)
    plain = sum(1 for child in root if child.tag == f"{SVG}g" and child not in layers)
    labels = [layer.get(f"{INKSCAPE}label", "")[:LONGEST] for layer in layers]
    plotted = [label for label in labels if not label.startswith("%")]
    numbers = [
        int(found[1]) if (found := re.match(r"!?([0-9]+)(?:\+[SHD]\d+)* - \S", label)) else -1 for label in plotted
    ]
    in_order = -1 not in numbers and all(a < b for a, b in pairwise(numbers))
    ids = Counter(value for item in elements if (value := item.element.get("id")))
    twice = [name for name, count in ids.items() if count > 1]
    return [
        _item(5, "strokes only", not strange, _counted(strange) or "nothing else"),
        _item(6, "no transform", not transforms, f"{transforms} transforms"),
        _item(
            7,
            "every line in a layer at the root",
            layers and not loose and not nested and not plain,
            f"{len(layers)} layers, {loose} lines outside, {nested + plain} other groups",
        ),
        _item(8, "labels 'N - name', N ascending", plotted and in_order, "; ".join(labels)[:60] or "no labels"),
        _item(9, "ids unique", not twice, f"{len(ids)} ids, {len(twice)} of them twice"),
    ]


def _layers(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [child for child in root if child.tag == f"{SVG}g" and child.get(f"{INKSCAPE}groupmode") == "layer"]


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items()))[:60]


def _paint(root: ElementTree.Element, elements: list[_Element], pen_width: float | None) -> list[Item]:
    shapes = [item for item in elements if item.tag in _SHAPES]
    filled = sum(1 for item in shapes if item.style.get("fill", "black") != "none")
    bare = sum(1 for item in shapes if item.style.get("stroke", "none") == "none")
    odd = sum(1 for item in shapes if _is_faint(item.style))
    colors: dict[int, set[str]] = {}
    widths: dict[int, set[str]] = {}
    for item in shapes:
        colors.setdefault(id(item.layer), set()).add(item.style.get("stroke", "none").lower())
        widths.setdefault(id(item.layer), set()).add(item.style.get("stroke-width", "1"))
    most = max(map(len, colors.values()), default=0)
    wrong = 0
    for layer in _layers(root):
        own = {number(width) for width in widths.get(id(layer), set())}
        found = re.search(r"([0-9]*\.?[0-9]+)\s*mm\s*$", layer.get(f"{INKSCAPE}label", "")[-LONGEST:])
        wanted = pen_width if pen_width is not None else float(found[1]) if found else None
        wrong += len(own) > 1 or (wanted is not None and any(abs(width - wanted) > 1e-3 for width in own))
    wrong += len({id(item.layer) for item in shapes} - {id(layer) for layer in _layers(root)})
    said = sorted({width for of in widths.values() for width in of})
    return [
        _item(10, "no fill", not filled, f"{filled} filled"),
        _item(11, "a stroke is set", shapes and not bare, f"{bare} without"),
        _item(12, "no dashes, no opacity", not odd, f"{odd} with"),
        _item(13, "one color for each layer", most <= 1, f"at most {most}"),
        _item(14, "stroke width is the pen's", not wrong, f"{', '.join(said)[:40]} mm, {wrong} layers off"),
    ]


def _is_faint(style: dict[str, str]) -> bool:
    dashed = style.get("stroke-dasharray", "none") not in ("none", "0", "")
    return dashed or any(opacity_of(style.get(name)) < 1 for name in ("opacity", "stroke-opacity"))


def _geometry(
    root: ElementTree.Element, elements: list[_Element], source: Source, margin: float, pen_width: float | None
) -> list[Item]:
    layers = _by_layer(source)
    lines = Lines.joined(layers)
    total = max(len(lines), 1)
    length = lines.length
    low, high = lines.bounds
    room = (
        float(np.min([*low, source.width - high[0], source.height - high[1]])) if source.width and source.height else 0
    )
    decimals = _decimals(elements)
    short = int((lines.lengths < SHORTEST - 1e-9).sum())
    same = np.flatnonzero((lines.points[1:] == lines.points[:-1]).all(axis=1))
    repeated = int((lines.line_of[same] == lines.line_of[same + 1]).sum()) if len(same) else 0
    twice = sum(layer.length - without_doubles(layer, bridge=False).length for layer in layers) / max(length, 1e-9)
    loose = sum(map(_unjoined, layers)) / total
    points = sum(len(layer.points) for layer in layers)
    surplus = 1 - sum(len(simplified(layer, 0.01).points) for layer in layers) / max(points, 1)
    way, nearest = sum(map(travel, layers)), sum(travel(nearest_neighbor(layer)) for layer in layers)
    ratio = way / nearest if nearest else 0.0
    best = f"{way:.0f} mm, {ratio:.2f} of nearest-neighbor order"
    enough = ratio <= TRAVEL
    if not enough and len(lines) <= ORDERED and _crowd(lines) <= CROWD:
        # Few lines, and rows of hatching, have no order that is so much shorter: then the best one found counts.
        least = sum(travel(ordered(layer)) for layer in layers)
        enough = way <= KNOWN * least
        best += f", {way / least:.2f} of the best known"
    width = pen_width or _width(source)
    worn = _worn(layers, width)
    return [
        _item(
            15,
            "within the page and its margin",
            room >= margin - 1e-6,
            f"{room:.2f} mm from the edge, {margin:g} asked for",
        ),
        _item(16, "at most 3 decimals", decimals <= 3, f"{decimals} decimals"),
        _item(17, "no line under 0.1 mm", not short, f"{short} of {len(lines)}"),
        _item(18, "no point repeated", not repeated, f"{repeated} of {len(lines.points)}"),
        _item(19, "nothing drawn twice", twice <= TWICE, f"{100 * max(twice, 0):.3f}% of {length / 1000:.2f} m"),
        _item(20, "nothing left to join", loose <= UNJOINED, f"{100 * loose:.2f}% of {len(lines)} lines"),
        _item(21, "no surplus points", surplus <= SURPLUS, f"{100 * surplus:.1f}% of {points}"),
        _item(22, "a short way in the air", enough, best),
        _item(
            23,
            "the paper survives",
            worn is not None and worn <= WORN,
            f"{100 * worn:.3f}% of cells of {width:g} mm crossed over {PASSES} times"
            if worn is not None
            else f"{length / 1000:,.0f} m of lines are too many to tell",
        ),
    ]


def _by_layer(source: Source) -> list[Lines]:
    """Lines of each layer that is plotted, in the order of the file."""
    labels = [group.label for group in source.groups]
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    if not len(source.lines):
        return [source.lines]
    within("pens", len(numbers), "the plot has", "use fewer layers")
    of_group = np.array([-1 if label.startswith("%") else numbers[label] for label in labels])
    layer = of_group[source.group]
    return [source.lines.take(layer == number) for number in sorted(set(of_group.tolist()) - {-1})] or [Lines.of([])]


def _width(source: Source) -> float:
    known = source.stroke[np.isfinite(source.stroke)]
    return round(float(np.clip(np.median(known), 0.05, 3)), 3) if len(known) else 0.3


def _decimals(elements: list[_Element]) -> int:
    names = ("d", "points", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height")
    longest = 0
    for item in elements:
        if item.tag in _SHAPES:
            for name in names:
                text = item.element.get(name)
                if text and (longest < 4 or name == "d"):
                    longest = max(longest, _longest(text))
    return longest


def _longest(text: str) -> int:
    """Length of the longest run of digits after a point."""
    for length in (3, 6, 12):
        if not re.search(rf"\.\d{{{length + 1}}}", text):
            return max((len(part) for part in re.findall(r"\.(\d+)", text)), default=0) if length > 3 else 3
    return 13


def _unjoined(lines: Lines) -> int:
    """Count lines that have an end at another's end."""
    if len(lines) < 2:
        return 0
    ends = np.concatenate([lines.starts, lines.ends])
    line = np.tile(np.arange(len(lines)), 2)
    places, of = np.unique(ends, axis=0, return_inverse=True)  # of a thousand ends in one spot each would have as many
    of = of.ravel()
    least, most = np.full(len(places), len(lines)), np.full(len(places), -1)
    np.minimum.at(least, of, line)
    np.maximum.at(most, of, line)
    away, near = cKDTree(places).query(places, k=min(4, len(places)), distance_upper_bound=JOINED)
    near, close = near.reshape(len(places), -1)[of], np.isfinite(away).reshape(len(places), -1)[of]
    near = np.minimum(near, len(places) - 1)
    joinable = (close & ((least[near] != line[:, None]) | (most[near] != line[:, None]))).any(axis=1)
    return len(np.unique(line[joinable]))


def _crowd(lines: Lines) -> int:
    """Give the most ends that lie in one place."""
    ends = np.concatenate([lines.starts, lines.ends])
    return int(np.unique(ends, axis=0, return_counts=True)[1].max(initial=0))


CELLS = 40_000_000
"""Cells that lines go through, at most, to be counted."""


def _worn(layers: list[Lines], width: float) -> float | None:
    """Share of the cells touched, as wide as the pen, that pens pass more than `PASSES` times; None of too many."""
    half = max(width, 1e-3) / 2
    if sum(layer.length / half + len(layer.points) for layer in layers) > CELLS:
        return None
    passes: list[Ints] = []
    for layer in layers:
        if not len(layer):
            continue
        first = layer.segments
        begin = layer.points[first]
        step = layer.points[first + 1] - begin
        counts = np.ceil(np.hypot(*step.T) / half).astype(np.int64) + 1
        batches = np.searchsorted(np.cumsum(counts), np.arange(0, counts.sum(), 2_000_000))
        for low, high in pairwise([*np.unique(batches).tolist(), len(first)]):
            p, d = begin[low:high], step[low:high]
            line = layer.line_of[first[low:high]]
            at, place = counted(counts[low:high])
            share = place / counts[low:high][at]
            cell: Floats = np.floor((p[at] + d[at] * share[:, None]) / width)
            code = (cell[:, 0].astype(np.int64) << 32) + cell[:, 1].astype(np.int64)
            fresh = np.ones(len(code), bool)
            fresh[1:] = (code[1:] != code[:-1]) | (line[at][1:] != line[at][:-1])
            passes.append(code[fresh])
    if not passes:
        return 0.0
    _, times = np.unique(np.concatenate(passes), return_counts=True)
    return float((times > PASSES).mean())


def _unplotted_travel(root: ElementTree.Element) -> Item:
    labels = [layer.get(f"{INKSCAPE}label", "") for layer in _layers(root)]
    shown = [label for label in labels if re.search(r"travel|pen.?up|preview", label, re.I)]
    wrong = [label for label in shown if not label.startswith("%")]
    return _item(
        25,
        "a preview of travel is never plotted",
        not wrong,
        f"{len(shown)} layers of travel, {len(wrong)} to be plotted",
    )
