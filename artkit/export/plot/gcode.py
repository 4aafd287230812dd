"""A plot and a machine's profile in, G-code out."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np

from artkit.errors import UsageError, did_you_mean
from artkit.export.svg.numbers import number
from artkit.pens.document import Plot


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
    rates = {name: number(getattr(profile, name), 3) for name in ("z_up", "z_down", "draw", "travel", "plunge")}
    return text.format(**rates, **values)


def plot_gcode(plot: Plot, profile: Profile) -> bytes:
    """Write a plot as G-code by a machine's profile; y upwards unless the profile says otherwise."""
    where = {"x": "\0", "y": "\1", "pen": 1, "name": ""}
    up, down = (_filled(text, profile, **where) for text in (profile.pen_up, profile.pen_down))
    move, line = (_template(_filled(text, profile, **where)) for text in (profile.move, profile.line))
    parts = [_filled(profile.start, profile, **where), up]
    form = f"%.{profile.decimals}f"
    for place, layer in enumerate(plot.layers, start=1):
        if place > 1 or len(plot.layers) > 1:
            name = layer.pen.name.replace("(", "[").replace(")", "]")
            parts.append(_filled(profile.pen_change, profile, x="0", y="0", pen=place, name=name))
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
