"""A name or a TOML file in, a machine out: what it reaches, how it counts, moves and is spoken to. In mm and seconds.

Those that come along lie in `machines`; `artkit.pens.bed` lays a page on one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from artkit.pens.planner import Speeds
from artkit.registry.profiles import Complaints, Profiles, key

SUFFIXES: dict[str, tuple[str, ...]] = {
    "gcode": (".gcode", ".nc", ".ngc"),
    "hpgl": (".hpgl", ".plt"),
    "svg": (".svg", ".svgz"),
}
"""How files in each format end; the first is the usual one."""

TEXTS: dict[str, dict[str, str]] = {
    "gcode": {
        "start": "G21\nG90",
        "end": "G0 X0 Y0\nM2",
        "pen_up": "G0 Z{up}",
        "pen_down": "G1 Z{down} F{plunge}",
        "pen_change": "M0 (pen {pen}: {name})",
        "pause": "M0",
        "move": "G0 X{x} Y{y} F{travel}",
        "line": "G1 X{x} Y{y} F{draw}",
    },
    "hpgl": {"start": "IN;PA;PU;", "end": "PU0,0;SP0;", "pen_change": "SP{pen};", "pause": "NR;"},
    "svg": {},
}
"""What is said where a profile says nothing."""

FARTHEST = 1e5
"""Millimetres that no plotter reaches."""

VALUES = "{x}, {y}, {pen}, {name}, {up}, {down}, {draw}, {travel}, {plunge}, {velocity}, {lift_time}, {lower_time}"


@dataclass(frozen=True)
class Paper:
    """A sheet as it lies in the machine, and the hard-clip limits on it.

    `x` and `y` are limits in the machine's units; `corner` is where their left lower corner lies, in millimetres from
    that of the sheet, None where they lie in its middle. `start` is said when this sheet is used.
    """

    sheet: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    corner: tuple[float, float] | None = None
    start: str = ""


@dataclass(frozen=True)
class Machine:
    """A machine. With `papers` it knows sheets and their limits, else it reaches an `area` from the origin's corner."""

    name: str = ""
    title: str = key("any plotter", "What it is called.")
    format: Literal["gcode", "hpgl", "svg"] = key("gcode", "How it is spoken to.")
    pens: int = key(1, "Pens that it changes by itself; 1: by hand.", ge=1, le=100)
    unit: float = key(1.0, "Millimetres of one unit of its coordinates.", ge=1e-4, le=1000)
    origin: Literal["lower-left", "upper-left", "lower-right", "upper-right", "center"] = key(
        "lower-left", "The corner of the page, or its middle, where it counts from."
    )
    x_axis: Literal["right", "left"] = key("right", "Where x grows.")
    y_axis: Literal["up", "down"] = key("up", "Where y grows.")
    offset: tuple[float, float] = key((0.0, 0.0), "Millimetres that the page's origin is away from the machine's.")
    area: tuple[float, float] | None = key(None, "What the pen reaches, in millimetres along x and y.")
    papers: Mapping[str, Paper] = key(dict, "Sheets by name, with their hard-clip limits.")
    draw_speed: float = key(50.0, "Millimetres a second, pen down.", gt=0, le=1e6)
    travel_speed: float = key(200.0, "Millimetres a second, pen up.", gt=0, le=1e6)
    acceleration: float = key(760.0, "Millimetres a second, each second.", gt=0, le=1e6)
    travel_acceleration: float | None = key(None, "The same with the pen up, where it is another.", gt=0, le=1e6)
    per_axis: bool = key(False, "Acceleration and speed in the air are those of each axis.")
    junction_deviation: float = key(0.05, "Millimetres that a corner might be rounded by; Grbl's $11.", ge=0, le=10)
    look_ahead: int | None = key(None, "Segments that are planned at a time; all of a line unless given.", ge=1)
    lift_time: float = key(0.12, "Seconds to lift the pen.", ge=0, le=60)
    lower_time: float = key(0.12, "Seconds to lower it.", ge=0, le=60)
    up: float = key(5.0, "{up}: where the pen is up, of Z in millimetres or of a servo.", ge=-1e6, le=1e6)
    down: float = key(0.0, "{down}: where it is down.", ge=-1e6, le=1e6)
    plunge_speed: float = key(1000 / 60, "{plunge}: millimetres a second of Z.", gt=0, le=1e6)
    decimals: int = key(3, "Decimals of coordinates in G-code.", ge=0, le=6)
    start: str | None = key(None, "What the file begins with.")
    end: str | None = key(None, "What it ends with.")
    pen_up: str | None = key(None, "G-code that lifts the pen.")
    pen_down: str | None = key(None, "G-code that lowers it.")
    pen_change: str | None = key(None, "Before each pen, where there are several; in HPGL before the first, too.")
    pause: str | None = key(None, "Before a layer whose label begins with '!', its pen up.")
    move: str | None = key(None, "G-code of a way in the air to {x} {y}.")
    line: str | None = key(None, "G-code of a line to {x} {y}.")

    @property
    def speeds(self) -> Speeds:
        """How it moves, as the planner takes it."""
        return Speeds(
            draw=self.draw_speed,
            travel=self.travel_speed,
            lift=round(self.lift_time + self.lower_time, 6),
            acceleration=self.acceleration,
            travel_acceleration=self.travel_acceleration,
            deviation=self.junction_deviation,
            per_axis=self.per_axis,
            look_ahead=self.look_ahead,
        )

    def text(self, which: str, **values: object) -> str:
        """Give one of its texts with everything that stands for a value filled in."""
        own: str | None = getattr(self, which)
        known = {**self._rates, **values}

        def value(found: re.Match[str]) -> str:
            # Not str.format: a stranger's profile could ask it for a width of a billion.
            if found[1] not in known:
                raise KeyError(found[0])
            return str(known[found[1]])

        return re.sub(r"\{(\w*)\}|[{}]", value, TEXTS[self.format].get(which, "") if own is None else own)

    @property
    def _rates(self) -> dict[str, str]:
        rates = {
            "up": self.up,
            "down": self.down,
            "draw": self.draw_speed * 60 / self.unit,
            "travel": self.travel_speed * 60 / self.unit,
            "plunge": self.plunge_speed * 60 / self.unit,
            "velocity": max(1, round(self.draw_speed / 10)),
            "lift_time": self.lift_time,
            "lower_time": self.lower_time,
        }
        return {name: f"{value:.3f}".rstrip("0").rstrip(".") for name, value in rates.items()}


def machine_of(name: str) -> Machine:
    """Give a machine by its name or by the path of its profile; a UsageError says what is wrong."""
    return MACHINES.find(name)


def plain(suffix: str) -> Machine:
    """Give what is taken for a file of this suffix where no machine is named: one that reaches all of the page."""
    if suffix.lower() in SUFFIXES["hpgl"]:
        return Machine(title="any HPGL plotter", format="hpgl", unit=0.025, pens=100)
    return Machine() if suffix.lower() in SUFFIXES["gcode"] else Machine(format="svg")


def _check(machine: Machine) -> Complaints:
    for which in ("start", "end", "pen_up", "pen_down", "pen_change", "pause", "move", "line"):
        yield from _text_faults(machine, which)
    for name, paper in machine.papers.items():
        yield from _size_faults(("papers", name, "sheet"), paper.sheet)
        for axis in ("x", "y"):
            low, high = getattr(paper, axis)
            if not -FARTHEST / machine.unit <= low < high <= FARTHEST / machine.unit:
                yield ("papers", name, axis), f"papers: {name}: {axis}: from {low:g} to {high:g} there is no room"
    if machine.area is not None:
        yield from _size_faults(("area",), machine.area)
    if max(map(abs, machine.offset)) > FARTHEST:
        yield ("offset",), f"offset: {machine.offset[0]:g}, {machine.offset[1]:g} mm are farther than plotters reach"
    if machine.area is not None and machine.papers:
        yield ("area",), "area: a machine that has papers reaches what they say; leave one of the two out"


def _size_faults(path: tuple[str, ...], sides: tuple[float, float]) -> Complaints:
    if not 1 <= min(sides) <= max(sides) <= FARTHEST:
        yield path, f"{': '.join(path)}: {sides[0]:g} x {sides[1]:g} mm are no size; use 1 to {FARTHEST:g} each"


def _text_faults(machine: Machine, which: str) -> Iterator[tuple[tuple[str, ...], str]]:
    moves = which in ("move", "line")
    values: dict[str, object] = {"pen": 1, "name": "black"} if which == "pen_change" else {}
    values |= {"x": "\0", "y": "\1"} if moves else {}
    try:
        text = machine.text(which, **values)
    except KeyError as error:
        yield (which,), f"{which}: {error.args[0]} stands for nothing here; use {VALUES}"
        return
    if re.search("[\0-\x08]", getattr(machine, which) or ""):
        yield (which,), f"{which}: holds a character that is not for texts"
    elif moves and machine.format == "gcode" and re.findall("[\0\1]", text) != ["\0", "\1"]:
        yield (which,), f"{which}: names {{x}} and then {{y}}, each once"


MACHINES = Profiles(Machine, "machine", "--machine", "artkit.pens", "machines", _check, "artkit machines")
"""Those that come along, and the user's."""
