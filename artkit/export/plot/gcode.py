"""A plot and where it lies on a machine in, G-code out: the machine's texts, and no word that says nothing new."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from artkit.pens.bed import Bed
from artkit.pens.document import Plot

_FEED = re.compile(r"\s*F(\d+\.?\d*)\s*$")


def plot_gcode(plot: Plot, bed: Bed) -> bytes:
    """Write a plot as G-code, as the machine's profile has it.

    The pen is up before each way in the air and at each pen change. A feed rate is said where it changes; a point that
    is the one before, once rounded, is left out.
    """
    machine = bed.machine
    up, down = machine.text("pen_up"), machine.text("pen_down")
    move, line = (_template(machine.text(which, x="\0", y="\1")) for which in ("move", "line"))
    following, rate = _without_feed(line), _feed(line)
    lowered = _feed(down) or _feed(move)
    feed: str | None = None
    parts = [machine.text("start"), bed.start, up]
    for number, layer in zip(plot.numbers, plot.layers, strict=True):
        change = ""
        if len(plot.layers) > 1:
            name = layer.pen.name.replace("(", "[").replace(")", "]")
            change = machine.text("pen_change", pen=number, name=name)
            feed = None
        if layer.pen.pause and not change.startswith(machine.text("pause")):
            parts.append(machine.text("pause"))
        parts.append(change)
        places = np.round(bed.units(layer.lines.points), machine.decimals) + 0.0
        form = f"%.{machine.decimals}f"
        texts = [(_short(form % x), _short(form % y)) for x, y in places.tolist()]
        for a, b in pairwise(layer.lines.offsets.tolist()):
            parts += [move % texts[a], down]
            ends = [pair for before, pair in pairwise(texts[a:b]) if pair != before] or [texts[b - 1]]
            first = following if rate is not None and (lowered or feed) == rate else line
            parts.append(first % ends[0])
            parts += [following % pair for pair in ends[1:]]
            parts.append(up)
            feed = _feed(up) or rate
    parts.append(machine.text("end"))
    return ("\n".join(part for part in parts if part) + "\n").encode("utf-8")


def _template(text: str) -> str:
    """Turn a text with marks for x and y into one that takes both, in this order, by %."""
    return text.replace("%", "%%").replace("\0", "%s").replace("\1", "%s")


def _feed(text: str) -> str | None:
    """Give the feed rate with which a text leaves the machine."""
    found = re.findall(r"F(\d+\.?\d*)", re.sub(r"\(.*?\)|;.*", "", text))
    return found[-1] if found else None


def _without_feed(text: str) -> str:
    return _FEED.sub("", text)


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
