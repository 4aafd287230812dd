"""Machines: what their files draw, in interpreters written after the languages; limits, profiles, and minutes."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from itertools import pairwise, product
from math import hypot, inf, sqrt
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit.cli import app
from artkit.errors import UsageError
from artkit.export.plot import encode
from artkit.pens import bed
from artkit.pens.document import Layer, Pen, Plot
from artkit.pens.lines import Lines
from artkit.pens.machine import MACHINES, SUFFIXES, Machine, Paper, machine_of
from artkit.pens.planner import Speeds, seconds
from artkit.pens.read.document import read

SHIPPED = [name for name in MACHINES.known() if not (MACHINES.users / f"{name}.toml").exists()]

# --- interpreters: every way with its pen, 0 in the air, in the machine's units

Way = tuple[int, tuple[float, float], tuple[float, float]]


def hpgl(text: str) -> list[Way]:
    """Run HPGL as a plotter does; what it does not know, and a change of pens with the pen down, is a fault."""
    ways, at, pen, down = [], (0, 0), 0, False
    for instruction in filter(None, text.replace("\n", "").split(";")):
        name, numbers = instruction[:2], [int(word) for word in instruction[2:].split(",") if word]
        assert len(instruction) < 255
        match name:
            case "IN" | "PA":
                assert not numbers
            case "PS" | "VS":
                assert len(numbers) == 1 and not down
            case "SP":
                assert not down, "the pen is down as it is changed"
                pen = numbers[0]
            case "PU" | "PD":
                down = name == "PD"
                for place in zip(numbers[::2], numbers[1::2], strict=True):
                    ways.append((pen if down else 0, at, place))
                    at = place
            case _:
                raise AssertionError(instruction)
    assert not down and pen == 0
    return ways


def gcode(text: str, up: set[str], down: set[str], rate: float) -> list[Way]:
    """Run G-code as Grbl and Marlin do: absolute, with a feed rate that stays; the pen obeys the given lines."""
    ways, at, pen, lowered, feed = [], (0.0, 0.0), 1, False, None
    for row in text.splitlines():
        if found := re.match(r"M0 \(?[pP]en (\d+)", row):
            assert not lowered, "the pen is down as it is changed"
            pen = int(found[1])
        elif row in up or row in down:
            lowered = row in down
        else:
            words = dict(re.findall(r"([GXYZFMPST])(-?[\d.]+)", row))
            assert "".join(key + value for key, value in words.items()) == row.replace(" ", ""), row
            if words.get("G") in ("0", "1") and "X" in words:
                assert lowered == (words["G"] == "1")
                place = (float(words["X"]), float(words["Y"]))
                ways.append((pen if lowered else 0, at, place))
                at = place
                assert words["G"] == "0" or float(words.get("F", feed)) == pytest.approx(rate, rel=1e-3)
        feed = found[1] if (found := re.search(r"F([\d.]+)", row)) else feed
    assert not lowered
    return ways


def run(machine: Machine, plot: Plot) -> list[Way]:
    text = encode(plot, SUFFIXES[machine.format][0], machine).decode()
    if machine.format == "hpgl":
        return hpgl(text)
    up, down = ({machine.text(which).splitlines()[0]} for which in ("pen_up", "pen_down"))
    return gcode(text, up, down, machine.draw_speed * 60 / machine.unit)


def on_page(machine: Machine, place: tuple[float, float], size: tuple[float, float]) -> tuple[float, float]:
    """Take a place of the machine back to the page, as someone with a ruler would."""
    width, height = size
    paper = next(iter(machine.papers.values()), None)
    if paper is not None:
        (x0, x1), (y0, y1) = paper.x, paper.y
        right = place[0] - x0 if machine.x_axis == "right" else x1 - place[0]
        upward = place[1] - y0 if machine.y_axis == "up" else y1 - place[1]
        margins = [
            (side - np.ptp(ends) * machine.unit) / 2 for side, ends in zip(paper.sheet, (paper.x, paper.y), strict=True)
        ]
        corner = paper.corner or margins
        right, upward = (corner[0] + right * machine.unit, corner[1] + upward * machine.unit)
        turned = abs(paper.sheet[0] - width) > 2
    else:
        area = machine.area or (inf, inf)
        turned = (width > area[0] or height > area[1]) and height <= area[0] and width <= area[1]
        across, along = (height, width) if turned else (width, height)
        x, y = (at * machine.unit - by for at, by in zip(place, machine.offset, strict=True))
        right = {"left": 0, "right": across, "center": across / 2}[machine.origin.split("-")[-1]]
        right += x if machine.x_axis == "right" else -x
        upward = {"lower": 0, "upper": along, "center": along / 2}[machine.origin.split("-")[0]]
        upward += y if machine.y_axis == "up" else -y
    return (upward, right) if turned else (right, height - upward)


def a_plot(width: float, height: float, margin: float) -> Plot:
    """Two pens: an F, which shows a mirror, the frame of what is free, a wave of many points, and dots."""
    rng = np.random.default_rng(5)
    w, h = width - 2 * margin, height - 2 * margin
    frame = np.array([[0, 0], [w, 0], [w, h], [0, h], [0, 0]]) + margin
    letter = [np.array([[60, 20], [20, 20], [20, 80]]) * (w, h) / 100, np.array([[20, 50], [50, 50]]) * (w, h) / 100]
    t = np.linspace(0, 1, 150)
    wave = np.column_stack([w * t, h * (0.6 + 0.3 * np.sin(40 * t))]) + margin
    dots = [np.array([[0, 0], [0.1, 0.004], [0.1, 0.004]]) + rng.uniform(margin + 1, margin + h / 3, 2) for _ in "123"]
    first = Lines.of([frame, *(line + margin for line in letter)])
    return Plot(width, height, [Layer(Pen("black"), first), Layer(Pen("red", "#ff0000"), Lines.of([wave, *dots]))])


def assert_draws_the_svg(machine: Machine, plot: Plot) -> None:
    """Every point of one lies within 0.02 mm of where the other draws it, pen by pen and in the same order."""
    svg = read(encode(plot, ".svg"))
    ways = run(machine, plot)
    size = (plot.width, plot.height)
    for pen in (1, 2):
        wanted = svg.lines.take(np.array([svg.groups[of].label.startswith(f"{pen} ") for of in svg.group]))
        segments = np.stack([wanted.points[wanted.segments], wanted.points[wanted.segments + 1]], axis=1)
        drawn = np.array([[on_page(machine, place, size) for place in way[1:]] for way in ways if way[0] == pen])
        assert abs(np.hypot(*(drawn[:, 1] - drawn[:, 0]).T).sum() - wanted.length) < 0.06 * len(segments) ** 0.5
        ends = np.hypot(*(segments[:, None] - drawn[None]).transpose(3, 0, 1, 2)).max(axis=2)
        assert ends.min(axis=0).max() < 0.02, "the machine draws what the SVG does not"
        long = np.hypot(*(segments[:, 1] - segments[:, 0]).T) > 0.03  # what is less may be nothing in its units
        assert ends.min(axis=1)[long].max() < 0.02, "the SVG draws what the machine does not"


# --- what is drawn


@pytest.mark.parametrize("name", SHIPPED)
def test_every_machine_draws_what_the_svg_draws_within_its_limits(name):
    machine = machine_of(name)
    first = next(iter(machine.papers.values()), None)
    width, height = first.sheet if first else machine.area if machine.area and machine.area[0] < 300 else (297, 210)
    for size in ((width, height), (height, width)):
        plot = a_plot(*size, max(bed.bed_of(machine, *size).margin, 5.0))
        if machine.format == "svg":
            assert encode(plot, ".svg", machine) == encode(plot, ".svg")
            continue
        ways = run(machine, plot)
        assert_draws_the_svg(machine, plot)
        places = np.array([place for way in ways for place in way[1:]])
        if first:
            assert (places.min(axis=0) >= (first.x[0], first.y[0])).all()
            assert (places.max(axis=0) <= (first.x[1], first.y[1])).all()
        elif machine.area:
            assert (np.ptp(places, axis=0) <= machine.area).all()


@pytest.mark.parametrize("origin", ["lower-left", "upper-left", "lower-right", "upper-right", "center"])
def test_origins_axes_units_and_turned_pages_draw_the_same(origin):
    for x_axis, y_axis, unit, size in product(("right", "left"), ("up", "down"), (1.0, 25.4), ((90, 60), (60, 90))):
        machine = Machine(
            origin=origin,
            x_axis=x_axis,
            y_axis=y_axis,
            unit=unit,
            area=(100, 70),
            offset=(3.0, -2.0),
            decimals=4,
            pen_down="G0 Z{down}",
            pen_change="M0 (pen {pen}: {name})\nG1 Z9 F77",
            move="G0 X{x} Y{y}",
        )
        assert_draws_the_svg(machine, a_plot(*size, 5.0))


def test_axes_of_hard_clip_limits_may_point_anywhere():
    paper = Paper((100, 70), (-1800, 1800), (100, 2500))
    for x_axis, y_axis in product(("right", "left"), ("up", "down")):
        machine = Machine(format="hpgl", pens=2, unit=0.025, papers={"x": paper}, x_axis=x_axis, y_axis=y_axis)
        for size in ((100, 70), (70, 100)):
            assert_draws_the_svg(machine, a_plot(*size, 5.0))


def test_a_page_that_is_no_sheet_lies_in_the_middle_of_one_that_holds_it():
    found = bed.bed_of(machine_of("hp7475a"), 100, 80)
    assert (found.sheet, found.told) == ("A4", "lies in the middle of A4")
    # Limits lie 9.1 and 2.5 mm from the left and the lower edge; the page (297 - 100) / 2 and (210 - 80) / 2.
    x, y = ((297 - 100) / 2 - 9.1) / 0.02488, ((210 - 80) / 2 - 2.5) / 0.02488
    assert found.units(np.array([[0.0, 80.0]]))[0] == pytest.approx([x, y])
    assert bed.bed_of(machine_of("hp7475a"), 150, 280).told == "lies in the middle of A4, turned by 90 degrees, " + (
        "its top to the left"
    )


# --- limits


def refused(machine: str, plot: Plot) -> str:
    with pytest.raises(UsageError) as caught:
        encode(plot, SUFFIXES[machine_of(machine).format][0], machine_of(machine))
    return str(caught.value)


def test_what_a_machine_does_not_reach_is_said_with_what_works():
    assert refused("hp7475a", a_plot(297, 210, 10)) == (
        "lines go 5.5 mm beyond what HP 7475A reaches of A4, 274.7 x 192.1 mm; use --fit --margin 15.5mm"
    )
    encode(a_plot(297, 210, 15.5), ".hpgl", machine_of("hp7475a"))
    assert refused("hp7550", a_plot(594, 420, 10)).startswith("HP 7550A takes no page of 594 x 420 mm; use --page A3")
    assert "use --page 220x220mm" in refused("marlin-z", a_plot(500, 500, 10)) or "A5" in refused(
        "marlin-z", a_plot(500, 500, 10)
    )
    pens = [Layer(Pen(f"{n}"), Lines.of([[(50, 50 + n), (60, 50 + n)]])) for n in range(3)]
    assert "takes 3, and HP 7470A holds 2" in refused("hp7470a", Plot(297, 210, pens))
    ninth = [Layer(Pen("sky", number=9), Lines.of([[(50, 50), (60, 50)]]))]
    assert "a layer is for pen 9, and HP 7475A holds 6" in refused("hp7475a", Plot(297, 210, ninth))
    encode(Plot(200, 200, [*pens, *ninth]), ".gcode", machine_of("grbl-z"))  # which waits for a hand


# --- profiles


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = MACHINES.users
    folder.mkdir(parents=True)
    return folder


def test_all_faults_of_a_profile_are_told_at_once_with_their_lines(tmp_path):
    file = tmp_path / "m.toml"
    file.write_text(
        'like = "grbl-z"\npenn_up = "M5"\ndraw_speed = "fast"\npens = 0\n'
        "[papers.A4]\nsheet = [297]\nx = [0, 5]\ny = [0, 5]\n[papers.A3]\nx = [0, 1]\n"
    )
    with pytest.raises(UsageError) as caught:
        machine_of(str(file))
    told = [line.removeprefix(f"{file}:") for line in str(caught.value).splitlines()]
    assert [int(line.partition(":")[0]) for line in told] == [2, 3, 4, 6, 9, 9]
    assert "no key 'penn_up'; did you mean pen_up?" in told[0]
    assert "papers: A4: sheet" in told[3] and "papers: A3: sheet: a value is needed" in told[4]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('move = "G0 X{a}"', "1: move: {a} stands for nothing here"),
        ('line = "G1 {"', "1: line: { stands for nothing here"),
        ('end = "{up:>999999999}"', "1: end: { stands for nothing here"),
        ("unit = 1e-300", "1: unit: 1e-300 is too small"),
        ('line = "G1 Y{y} X{x}"', "1: line: names {x} and then {y}, each once"),
        ('start = "G0 X{x}"', "1: start: {x} stands for nothing here"),
        ("decimals = 9", "1: decimals: 9 is too large; use 6 or less"),
        ("per_axis = 1", "1: per_axis: 1 is not true or false"),
        ("area = [0, 5]", "1: area: 0 x 5 mm are no size"),
        ("\n[papers.A4]\nsheet = [9, 9]\nx = [5, 5]\ny = [0, 5]", "4: papers: A4: x: from 5 to 5 there is no room"),
        ("papers = 3", "1: papers: 3 is not a table; write [papers.NAME]"),
        ('like = "hp7475"', "1: like: there is no such machine; did you mean hp7475a?"),
        ('like = "./m.toml"', "is like this one"),
        ('like = "zzz"', "1: like: there is no such machine; artkit machines lists them"),
        pytest.param(
            f"title.{'.'.join('a' * 5000)} = 1", "1: not TOML: brackets or keys are nested too deeply", id="deep"
        ),
        ('format = "hpg"', '1: format: "hpg" is not one of'),
    ],
)
def test_a_fault_of_a_profile_is_told_in_words(tmp_path, text, reason):
    file = tmp_path / "m.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=re.escape(reason)):
        machine_of(str(file))


def test_a_profile_is_like_another_and_lies_in_the_users_folder(own):
    text = 'like = "hp7475a"\ntitle = "Mine"\npens = 4\n[papers.A3]\ncorner = [20, 10]\n'
    (own / "mine.toml").write_text(text)
    (own / "grbl-z.toml").write_text('title = "My Grbl"\n')
    mine = machine_of("mine")
    base = machine_of("hp7475a")
    papers = {**base.papers, "A3": replace(base.papers["A3"], corner=(20.0, 10.0))}
    assert mine == replace(base, name="mine", title="Mine", pens=4, papers=papers)
    assert machine_of("grbl-z").title == "My Grbl", "one's own come first"
    (own / "broken.toml").write_text("pens = 0")
    listed = CliRunner().invoke(app, ["machines"])
    assert "mine" in listed.stdout and "hp7475a" in listed.stdout and "pens: 0 is too small" in listed.stderr


@pytest.mark.parametrize(("name", "wait"), [("hp7550", "NR;"), ("hp7475a", ""), ("grbl-z", "M0")])
def test_a_layer_that_is_to_wait_is_waited_for_once_with_the_pen_up(name, wait):
    lines = Lines.of([[(30, 30), (60, 60)]])
    machine = machine_of(name)

    def text(*pauses: bool) -> str:
        layers = [Layer(Pen("black", pause=pause), lines) for pause in pauses]
        return encode(Plot(297, 210, layers), SUFFIXES[machine.format][0], machine).decode()

    assert text(False, True).replace("NR;", "") == text(False, False)
    assert ("PU;NR;SP2;" in text(False, True).replace("\n", "")) == (wait == "NR;")
    assert len(re.findall(r"^M0|NR;", text(True), re.M)) == (wait != "")
    assert len(re.findall(r"^M0", text(True, True), re.M)) == 2 * (wait == "M0")


def test_the_docs_name_every_key_and_every_machine():
    text = (Path(__file__).parent.parent / "docs" / "plotter.md").read_text("utf-8")
    keys = {each.name for kind in (Machine, Paper) for each in fields(kind)} - {"name", "papers"}
    assert not {key for key in keys if not re.search(rf"^{key} = ", text, re.M)}
    assert not {name for name in SHIPPED if f"| `{name}` |" not in text}
    for example in re.findall(r"```toml\n(.*?)```", text, re.S):
        MACHINES.read(example, "docs")


# --- the command


def plotted(tmp_path, *arguments: str, status: int = 0):
    (tmp_path / "in.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="297mm" height="210mm" viewBox="0 0 297 210">'
        '<path d="M10 10H287V200" stroke="black" fill="none"/><path d="M20 20V90" stroke="red"/></svg>'
    )
    result = CliRunner().invoke(app, ["plot", str(tmp_path / "in.svg"), *arguments])
    assert result.exit_code == status, result.output
    return result


def test_the_margin_is_what_the_machine_leaves_unless_one_is_asked_for(tmp_path):
    out = str(tmp_path / "x.hpgl")
    plotted(tmp_path, "--machine", "hp7475a", "--page", "A4", "--fit", "-o", out)
    assert hpgl((tmp_path / "x.hpgl").read_text())
    (tmp_path / "x.hpgl").unlink()
    for options in ([], ["--page", "A4", "--margin", "10mm", "--fit"]):
        told = plotted(tmp_path, "--machine", "hp7475a", "-o", out, *options, status=2)
        assert len(told.stderr.splitlines()) == 1 and "use --fit --margin 15.5mm" in told.stderr
    told = plotted(tmp_path, "--machine", "axidraw-v3", "--page", "A2", "--fit", status=2)
    assert "420 x 594 mm are more than AxiDraw V3 reaches, 300 x 218 mm; use --page A4" in told.stderr
    told = plotted(tmp_path, "--machine", "hp7470a", "--pens", "cmyk", status=2)
    assert "takes 4, and HP 7470A holds 2" in told.stderr
    assert not (tmp_path / "x.hpgl").exists()


def test_speeds_that_are_asked_for_are_those_of_the_file_and_of_the_minutes(tmp_path):
    options = ["--machine", "hp7475a", "--fit", "--json", "-o", str(tmp_path / "x.hpgl")]
    slow, fast = (
        json.loads(plotted(tmp_path, *options, "--draw-speed", speed).stdout)["pens"][0]["after"]["minutes"]
        for speed in ("50", "300")
    )
    assert "VS30;" in (tmp_path / "x.hpgl").read_text()
    assert slow > 3 * fast > 0


def test_profiles_are_listed_and_shown():
    listed = json.loads(CliRunner().invoke(app, ["machines", "--json"]).stdout)
    assert {each["name"] for each in listed} >= set(SHIPPED)
    assert 'title = "HP 7475A"' in CliRunner().invoke(app, ["machines", "hp7475a"]).stdout


# --- minutes


def grbl(lines: Lines, speeds: Speeds) -> float:
    """Plan as Grbl's planner.c does, block by block, and add up the trapezoids."""

    def limit(of: float, x: float, y: float) -> float:
        return of / max(abs(x), abs(y)) if speeds.per_axis else of

    def trapezoid(length: float, first: float, last: float, top: float, a: float) -> float:
        peak = min(top, sqrt((first**2 + last**2) / 2 + a * length))
        ramps = (2 * peak**2 - first**2 - last**2) / (2 * a)
        return (2 * peak - first - last) / a + max(length - ramps, 0) / peak

    total, at = 0.0, (0.0, 0.0)
    for number in range(len(lines)):
        points = lines[number].tolist()
        x, y = points[0][0] - at[0], points[0][1] - at[1]
        if length := hypot(x, y):
            rate, a = (limit(of, x / length, y / length) for of in (speeds.travel, speeds.acceleration))
            total += trapezoid(
                length, 0, 0, rate, a * (speeds.travel_acceleration or speeds.acceleration) / speeds.acceleration
            )
        blocks, before = [], None
        for (ax, ay), (bx, by) in pairwise(points):
            if not (length := hypot(bx - ax, by - ay)):
                continue
            ux, uy = (bx - ax) / length, (by - ay) / length
            corner = 0.0
            if before is not None:
                cosine = -(before[0] * ux + before[1] * uy)
                if cosine < -0.999999:
                    corner = speeds.draw
                elif cosine <= 0.999999:
                    sine = sqrt((1 - cosine) / 2)
                    jx, jy = ux - before[0], uy - before[1]
                    a = limit(speeds.acceleration, jx / hypot(jx, jy), jy / hypot(jx, jy))
                    corner = min(speeds.draw, sqrt(a * speeds.deviation * sine / (1 - sine)))
            blocks.append((length, limit(speeds.acceleration, ux, uy), corner))
            before = (ux, uy)
        now, known = 0.0, 0
        leaves = [0.0] * (len(blocks) + 1)  # the most at the end of each block from which the known ones can stop
        for i, (length, a, _) in enumerate(blocks):
            if i + 1 < len(blocks) and (known < len(blocks) or i == 0):
                known = min(i + (speeds.look_ahead or len(blocks)), len(blocks))
                leaves[known] = 0.0
                for later in range(known - 1, i, -1):
                    reach = sqrt(leaves[later + 1] ** 2 + 2 * blocks[later][1] * blocks[later][0])
                    leaves[later] = min(blocks[later][2], reach)
            leave = min(leaves[i + 1], sqrt(now**2 + 2 * a * length))
            total += trapezoid(length, now, leave, speeds.draw, a)
            now = leave
        total += speeds.lift
        at = points[-1]
    return total


def ten_drawings() -> dict[str, Lines]:
    rng = np.random.default_rng(1)
    t = np.linspace(0, 1, 300)
    turn = np.linspace(0, 2 * np.pi, 30)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0.0]])
    return {
        "waves": Lines.of([np.column_stack([180 * t, 10 * n + 3 * np.sin(150 * t)]) for n in range(4)]),
        "spiral": Lines.of([np.column_stack([(90 * t * np.cos(60 * t)), 90 * t * np.sin(60 * t)]) + 100]),
        "hatching": Lines.of([[(n, 0), (n + 100, 100)] for n in range(0, 60, 2)]),
        "circles": Lines.of([circle * r + rng.uniform(20, 150, 2) for r in np.linspace(0.3, 15, 20)]),
        "squares": Lines.of([square * 8 + (10 * x, 10 * y) for x in range(5) for y in range(4)]),
        "dots": Lines.of([[p, p + np.array([0.12, 0])] for p in rng.uniform(0, 190, (80, 2))]),
        "scribble": Lines.of([np.cumsum(rng.normal(0, 2, (400, 2)), axis=0) + 100]),
        "zigzag": Lines.of([np.column_stack([np.arange(200) * 0.5, np.arange(200) % 2 * 20])]),
        "letters": Lines.of(
            [np.cumsum(rng.normal(0, 0.8, (6, 2)), axis=0) + rng.uniform(0, 180, 2) for _ in range(60)]
        ),
        "fine curves": Lines.of([np.column_stack([150 * t, 20 * np.sin(6 * t)])[:: 1 + n] for n in range(3)]),
    }


HOW = {name: machine_of(name).speeds for name in ("axidraw-v3", "grbl-servo", "hp7475a")}
HOW["short-sighted"] = replace(HOW["grbl-servo"], look_ahead=4)


@pytest.mark.parametrize("how", [Speeds(), *HOW.values()], ids=["plain", *HOW])
def test_minutes_are_those_of_a_planner_after_grbls_rules(how):
    for name, lines in ten_drawings().items():
        assert seconds(lines, how) == pytest.approx(grbl(lines, how), rel=1e-6), name


def test_corners_cost_what_they_must():
    """A right angle is taken at sqrt(a d sin / (1 - sin)), a turn back from rest, a straight joint at full speed."""
    how = Speeds(draw=50, acceleration=500, deviation=0.02, lift=0)
    straight = seconds(Lines.of([[(0, 0), (100, 0)]]), how)
    assert straight == pytest.approx(100 / 50 + 50 / 500)
    assert seconds(Lines.of([[(0, 0), (30, 0), (100, 0)]]), how) == pytest.approx(straight)
    assert seconds(Lines.of([[(0, 0), (50, 0), (0, 0)]]), how) == pytest.approx(2 * (50 / 50 + 50 / 500))
    corner = sqrt(500 * 0.02 * sqrt(0.5) / (1 - sqrt(0.5)))
    lost = 2 * (50 - corner) ** 2 / (2 * 500 * 50)
    assert seconds(Lines.of([[(0, 0), (50, 0), (50, 50)]]), how) == pytest.approx(straight + lost)
    assert seconds(Lines.of([]), how) == 0
