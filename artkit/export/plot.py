"""Plots to files: SVG as plotters know it, HPGL, G-code.

The SVG is what Inkscape, AxiDraw's software, vpype and saxi all read alike: millimetres, a layer for each pen as a
group at the root, strokes only, no transforms, polylines with absolute coordinates in the order in which they are
drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.errors import UsageError
from artkit.pens.document import Layer, Plot
from artkit.pens.lines import Ints, Lines

STEPS = 1000
"""Steps to a millimetre in files."""

SUFFIXES = (".svg", ".svgz", ".hpgl", ".plt", ".gcode", ".nc", ".ngc")

_BATCH = 1 << 18


def encode(plot: Plot, suffix: str, profile: Profile | None = None) -> bytes:
    """Give the bytes of a plot's file in the format of `suffix`; the profile is for G-code."""
    match suffix.lower():
        case ".svg":
            return svg(plot)
        case ".svgz":
            import gzip

            return gzip.compress(svg(plot), 9, mtime=0)
        case ".hpgl" | ".plt":
            return hpgl(plot)
        case ".gcode" | ".nc" | ".ngc":
            return gcode(plot, profile or Profile())
    raise UsageError(f"a plot cannot be written as {suffix or 'a file without a suffix'}; use {', '.join(SUFFIXES)}")


def svg(plot: Plot) -> bytes:
    """Write a plot as SVG."""
    from artkit.export.svg.document import page_opening

    parts = [page_opening(plot.width, plot.height, plot.metadata).encode(), b"\n"]
    for number, layer in enumerate(plot.layers, start=1):
        parts.append(_group(number, layer).encode())
        parts += elements(layer.lines)
        parts.append(b"</g>\n")
    parts.append(b"</svg>\n")
    return b"".join(parts)


def label(number: int, layer: Layer) -> str:
    """Give the label of a layer: its number, the pen's name and width."""
    return f"{number} - {layer.pen.name} {decimal(layer.pen.width)}mm"


def decimal(value: float) -> str:
    """Write a number with up to three decimals, and no more than it needs."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _group(number: int, layer: Layer) -> str:
    from html import escape

    return (
        f'<g id="layer{number}" inkscape:groupmode="layer" inkscape:label="{escape(label(number, layer))}"'
        f' fill="none" stroke="{layer.pen.color}" stroke-width="{decimal(layer.pen.width)}"'
        ' stroke-linecap="round" stroke-linejoin="round">\n'
    )


def elements(lines: Lines) -> list[bytes]:
    """Write a polyline for each line; numbers of many lines become text together."""
    parts = []
    first = 0
    while first < len(lines):
        last = int(np.searchsorted(lines.offsets, lines.offsets[first] + _BATCH, side="right")) - 1
        last = min(max(last, first + 1), len(lines))
        begin, end = lines.offsets[first], lines.offsets[last]
        steps = np.rint(lines.points[begin:end] * STEPS).astype(np.int64)
        parts.append(_polylines(steps, lines.offsets[first : last + 1] - begin))
        first = last
    return parts


def _polylines(steps: Ints, offsets: Ints) -> bytes:
    """Write points, in whole steps, as elements. Each number has a row of cells; unused ones are squeezed out."""
    values = steps.ravel()
    if len(values) and not np.abs(values).max() < 10_000_000 * STEPS:
        raise UsageError("a plot has coordinates beyond 10 km")
    table, width = _fractions()
    magnitude = np.abs(values)
    whole, part = np.divmod(magnitude, STEPS)
    digits = max(len(str(int(whole.max(initial=0)))), 1)
    cells = np.zeros((len(values), 2 + digits + width), np.uint8)
    cells[:, 0] = np.where(values < 0, ord("-"), 0)
    rest = whole
    for column in range(digits, 0, -1):
        rest, digit = np.divmod(rest, 10)
        shown = (whole >= 10 ** (digits - column)) | (column == digits)
        cells[:, column] = np.where(shown, digit + ord("0"), 0)
    cells[:, 1 + digits : 1 + digits + width] = table[part]
    cells[0::2, -1], cells[1::2, -1] = ord(","), ord(" ")
    cells[2 * offsets[1:] - 1, -1] = 0
    flat = cells.ravel()
    used = flat != 0
    text = flat[used].tobytes()
    ends = np.cumsum(used.reshape(len(values), -1).sum(axis=1))[2 * offsets[1:] - 1]
    rows = [b'<polyline points="' + text[a:b] + b'"/>\n' for a, b in pairwise([0, *ends.tolist()])]
    return b"".join(rows)


@cache
def _fractions() -> tuple[NDArray[np.uint8], int]:
    """Give the text of every fraction of a step, '' for none, and its greatest length."""
    texts = [f".{part:03d}".rstrip("0").rstrip(".") for part in range(STEPS)]
    return np.array(texts, "S4").view(np.uint8).reshape(STEPS, 4), 4


HPGL_UNITS = 40
"""Plotter units to a millimetre (HPGL reference guide: 0.025 mm)."""


def hpgl(plot: Plot) -> bytes:
    """Write a plot as HPGL: y upwards, a pen number for each layer, units of 0.025 mm."""
    parts = ["IN;PA;PU;\n"]
    for number, layer in enumerate(plot.layers, start=1):
        parts.append(f"SP{number};\n")
        places = layer.lines.points * (1, -1) + (0, plot.height)
        units = np.rint(places * HPGL_UNITS).astype(np.int64)
        pairs = list(map("%d,%d".__mod__, map(tuple, units.tolist())))
        for a, b in pairwise(layer.lines.offsets.tolist()):
            parts.append(f"PU{pairs[a]};PD{','.join(pairs[a + 1 : b])};\n")
        parts.append("PU;\n")
    parts.append("PU0,0;SP0;\n")
    return "".join(parts).encode("ascii")


@dataclass(frozen=True)
class Profile:
    """How a machine is told in G-code. Texts may stand for several lines; in them {x}, {y}, {pen}, {name}, {z_up},
    {z_down}, {draw} and {travel} (mm/min) stand for values.
    """

    start: str = "G21\nG90"
    end: str = "M2"
    pen_up: str = "G0 Z{z_up}"
    pen_down: str = "G1 Z{z_down} F{plunge}"
    pen_change: str = "M0 (pen {pen}: {name})"
    move: str = "G0 X{x} Y{y} F{travel}"
    line: str = "G1 X{x} Y{y} F{draw}"
    z_up: float = 5.0
    z_down: float = 0.0
    draw: float = 3000.0
    travel: float = 12000.0
    plunge: float = 1000.0
    decimals: int = 3
    flip_y: bool = True
    offset_x: float = 0.0
    offset_y: float = 0.0

    @classmethod
    def of(cls, values: dict[str, Any], where: str) -> Profile:
        """Check the keys of a profile's TOML; a UsageError names every fault."""
        from dataclasses import fields

        from artkit.errors import did_you_mean

        known = {field.name: field for field in fields(cls)}
        faults = []
        for name, value in values.items():
            if name not in known:
                faults.append(f"{where}: no key {name!r}{did_you_mean(name, known)}")
                continue
            default = known[name].default
            kinds = (int, float) if isinstance(default, float) else type(default)
            if not isinstance(value, kinds) or (isinstance(value, bool) and not isinstance(default, bool)):
                kind = {str: "a text", bool: "true or false", int: "a whole number"}.get(type(default), "a number")
                faults.append(f"{where}: {name}: {value!r} is not {kind}")
        if isinstance(values.get("decimals"), int) and not 0 <= values["decimals"] <= 6:
            faults.append(f"{where}: decimals: {values['decimals']} is not 0 to 6")
        if not faults:
            profile = cls(**values)
            for name in ("start", "end", "pen_up", "pen_down", "pen_change", "move", "line"):
                try:
                    _filled(getattr(profile, name), profile, x="0", y="0", pen=1, name="black")
                except (KeyError, IndexError, ValueError, AttributeError) as error:
                    faults.append(f"{where}: {name}: {{{str(error).strip(chr(39))}}} stands for nothing; use {_KNOWN}")
        if faults:
            raise UsageError("\n".join(faults))
        return profile


_KNOWN = "{x}, {y}, {pen}, {name}, {z_up}, {z_down}, {draw}, {travel}, {plunge}"


def _filled(text: str, profile: Profile, **values: object) -> str:
    rates = {name: decimal(getattr(profile, name)) for name in ("z_up", "z_down", "draw", "travel", "plunge")}
    return text.format(**rates, **values)


def gcode(plot: Plot, profile: Profile) -> bytes:
    """Write a plot as G-code by a machine's profile; y upwards unless the profile says otherwise."""
    where = {"x": "\0", "y": "\1", "pen": 1, "name": ""}
    up, down = (_filled(text, profile, **where) for text in (profile.pen_up, profile.pen_down))
    move, line = (_template(_filled(text, profile, **where)) for text in (profile.move, profile.line))
    parts = [_filled(profile.start, profile, **where), up]
    form = f"%.{profile.decimals}f"
    for number, layer in enumerate(plot.layers, start=1):
        if number > 1 or len(plot.layers) > 1:
            name = layer.pen.name.replace("(", "[").replace(")", "]")
            parts.append(_filled(profile.pen_change, profile, x="0", y="0", pen=number, name=name))
        places = layer.lines.points.copy()
        if profile.flip_y:
            places[:, 1] = plot.height - places[:, 1]
        places += (profile.offset_x, profile.offset_y)
        places = np.round(places, profile.decimals) + 0.0
        texts = [(form % x, form % y) for x, y in places.tolist()]
        for a, b in pairwise(layer.lines.offsets.tolist()):
            parts += [move % texts[a], down]
            parts += [line % pair for pair in texts[a + 1 : b]]
            parts.append(up)
    parts += [move % (form % profile.offset_x, form % profile.offset_y), _filled(profile.end, profile, **where)]
    return ("\n".join(part for part in parts if part) + "\n").encode("utf-8")


def _template(text: str) -> str:
    """Turn a text with marks for x and y into one that takes both, in this order, by %."""
    if text.find("\0") > text.find("\1") >= 0 or "\0" not in text or "\1" not in text:
        raise UsageError("a profile's move and line name {x} and then {y}, both")
    return text.replace("%", "%%").replace("\0", "%s").replace("\1", "%s")
