"""`plot --hatch`: fills are hatched where a renderer shows them, and what they cover is not drawn."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt
from test_plot_clips import CURL, RAYS, ROWS, STAR, clip, farthest, inked, plain
from typer.testing import CliRunner

from artkit.cli.plot import app
from artkit.errors import UsageError
from artkit.pens.areas import Areas, seen
from artkit.pens.hatch import Hatch
from artkit.pens.lines import Lines
from artkit.pens.plotter import Plan, placed
from artkit.pens.regions import Fill
from artkit.pens.strokes import from_svg
from artkit.render import rendered

WIDTH, HEIGHT, SCALE = 40, 30, 16


def svg(body: str) -> str:
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    head = f'width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {link} {head}>{body}</svg>'


PAINTED = {
    "nonzero and evenodd": f'<path d="{STAR}" fill="teal"/><path d="{STAR}" fill="red" fill-rule="evenodd"'
                           ' transform="translate(2 3) scale(.6)"/>',
    "one on the other": '<rect x="2" y="2" width="30" height="22" fill="teal"/>'
                        '<circle cx="20" cy="15" r="9" fill="red"/>'
                        '<circle cx="22" cy="13" r="4" fill="white"/><path d="M20 12h9v9z"/>',
    "clipped": clip('<circle cx="18" cy="14" r="9"/>', f'<rect x="4" y="4" width="12" height="25" fill="teal"/>'
                    f'<path d="{STAR}" fill="red"/>') + '<rect x="30" y="20" width="8" height="8" fill="blue"/>',
    "holes": '<path d="M3 3H37V27H3Z M8 8V22H32V8Z" fill="teal"/>'
             '<path d="M12 10H28V20H12ZM15 12H25V18H15Z" fill="red"/>',
    "groups and uses": '<defs><g id="a" fill="teal"><circle r="6"/><rect x="2" width="7" height="9"/></g></defs>'
                       '<use xlink:href="#a" x="9" y="9"/>'
                       '<g transform="rotate(20)"><use xlink:href="#a" x="25" y="5"/></g>',
}  # fmt: skip


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", PAINTED)
def test_hatching_lies_where_a_renderer_shows_the_fill_and_leaves_nothing_out(name):
    text = svg(PAINTED[name])
    shown = rendered(text.replace("mm", ""), (WIDTH * SCALE, HEIGHT * SCALE)).astype(int)
    plot = placed(from_svg(text.encode(), "x", fills=True, hide=True), Plan(hatch=Hatch(0.6), pen_width=0.2))
    assert len(plot.layers) == len(set(re.findall('fill="([a-z]+)"', text)) - {"white"}) + ("12h9" in text)
    for layer in plot.layers:
        own = (np.abs(shown - [int(layer.pen.color[at : at + 2], 16) for at in (1, 3, 5)]).max(axis=2) < 3)  # fmt: skip
        points = np.concatenate([np.linspace(a, b, 30) for line in layer.lines for a, b in
                                 pairwise(line)])  # fmt: skip
        x, y = np.clip((points * SCALE).astype(int), 0, [WIDTH * SCALE - 1, HEIGHT * SCALE - 1]).T
        assert distance_transform_edt(~own)[y, x].max() / SCALE <= 0.1, "a line lies beside its fill"
        drawn = np.ones(own.shape, bool)
        drawn[y, x] = False
        deep = distance_transform_edt(own) / SCALE > 0.6
        assert distance_transform_edt(drawn)[deep].max(initial=0) / SCALE < 0.75, "a part is bare"


COVERED = {
    "shapes over lines": f'{ROWS}<circle cx="18" cy="14" r="9" fill="#fff"/><path d="M5 5H20V12Z" fill="#fff"/>',
    "strokes over their fills": f'<g fill="#fff">{RAYS}<path d="{STAR}"/><circle cx="30" cy="20" r="7"/>'
                                f'<path d="{CURL}" stroke-dasharray="2 1"/></g>',
    "rules": f'{ROWS}<path d="{STAR}" fill="#fff" fill-rule="evenodd"/>',
    "clipped covers": ROWS + clip('<rect x="8" y="3" width="11" height="30"/>',
                                  '<circle cx="18" cy="14" r="9" fill="#fff" stroke="none"/>'),
    "covers that are covered": f'<circle cx="18" cy="14" r="9" fill="#fff"/>{ROWS}'
                               f'<circle cx="26" cy="14" r="6" fill="#fff"/>{RAYS}',
}  # fmt: skip


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", COVERED)
def test_what_later_fills_cover_is_left_out(name):
    text = svg(f'<g fill="none" stroke="#000" stroke-width=".08">{COVERED[name]}</g>')
    (layer,) = from_svg(text.encode(), "x", hide=True, fills=True).layers
    ours, wanted = inked(plain(layer.lines, "butt")), inked(text)
    assert farthest(wanted, ours) <= 0.1, "something is missing"
    assert farthest(ours, wanted) <= 0.1, "something is there that is covered"


STOPS = '<stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f" stop-opacity="{}"/>'
READ = {
    "a gradient": f'<linearGradient id="a">{STOPS.format(1)}</linearGradient><rect id="r" fill="url(#a)" {{}}/>',
    "one that fades": f'<linearGradient id="a">{STOPS.format(0)}</linearGradient><rect fill="url(#a)" {{}}/>',
    "a pattern": '<pattern id="a"/><rect fill="url(#a)" {}/><circle r="2"/>',
    "dots": '<path d="M3 3h0M9 9z" stroke="red"/><path d="M35 5h0" stroke="red" stroke-linecap="round"/><rect {}/>',
    "paper": '<rect fill="#123" width="40" height="30"/><rect fill="#123" {}/><rect fill="#f00" x="30" width="3" '
             'height="3"/>',
    "white paper": '<path fill="#fff" d="M0 0H40V30H0"/><rect fill="white" {}/><circle r="2" cx="35" cy="20"/>',
    "what no one sees": '<g opacity=".04"><g opacity=".04"><rect {}/></g></g><circle r="2" cx="35" cy="20"/>',
    "what hardly shows": '<rect fill="rgb(0 0 0/.1%)" {}/><circle r="2" cx="35" cy="20"/>',
    "no color": '<rect fill="color-mix(in srgb, red, blue)" {}/>',
    "hidden": '<g visibility="hidden"><rect {}/></g><circle r="2" cx="35" cy="20" fill="lime"/>',
    "far": '<path d="M0 0H1e9" stroke="red"/><rect {}/>',
    "widths": '<g transform="scale(2)"><rect stroke="red" fill="none" vector-effect="non-scaling-stroke" {}/></g>',
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_is_hidden_and_hatched_is_read_by_the_rules_of_what_is_not(name):
    data = svg(READ[name].format('x="4" y="4" width="20" height="20"')).encode()
    plain, hidden = from_svg(data, "x"), from_svg(data, "x", hide=True)
    told = {what: count for what, count in plain.left_out.items() if not what.startswith("fill (drawn")}
    assert hidden.left_out == told
    layers = [[(layer.color, layer.width, layer.lines.length) for layer in read.layers] for read in (plain, hidden)]
    assert [layer[:2] for layer in layers[1]] == [layer[:2] for layer in layers[0]]
    assert [layer[2] for layer in layers[1]] == pytest.approx([layer[2] for layer in layers[0]], rel=1e-4)


def test_the_opacity_of_groups_counts_as_that_of_what_they_hold():
    body = '<g opacity=".5"><g style="opacity:50%"><rect width="9" height="9" fill="#000" fill-opacity=".8"/></g></g>'
    areas = from_svg(svg(body).encode(), "x", fills=True).areas
    assert areas is not None
    assert areas.opacity.tolist() == pytest.approx([0.2])


def overlapping(count: int, size: float, seed: int = 4, copies: int = 1) -> Areas:
    rng = np.random.default_rng(seed)
    rings = [place + rng.normal(0, size, (rng.integers(3, 9), 2)) for place in rng.uniform(0, 200, (count, 2))]
    rings, count = copies * rings, copies * count
    start, shape = np.concatenate(rings), np.repeat(np.arange(count), [len(ring) for ring in rings])
    end = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    opacity, nonzero = np.where(rng.random(count) < 0.2, 0.5, 1.0), rng.random(count) < 0.5
    order = np.cumsum(rng.integers(1, 4, count))
    return Areas(start, end, shape, nonzero, opacity, order, [""] * count, ["#000000"] * count)


@pytest.mark.parametrize(("count", "size", "copies"), [(1, 60, 1), (20, 20, 4), (300, 6, 1)])
def test_what_is_seen_is_what_no_later_shape_holds(count, size, copies):
    areas, rng = overlapping(count, size, copies=copies), np.random.default_rng(1)
    lines = Lines.of(list(rng.uniform(-5, 205, (60, 4, 2))))
    order = rng.integers(0, areas.order[-1] + 2, len(lines))
    found, which = seen(lines, order, areas)
    share = np.linspace(0, 1, 41)[:-1, None]
    points = np.concatenate([a + share * (b - a) for line in lines for a, b in pairwise(line)])
    own, hidden = np.repeat(order, 3 * 40), np.zeros(len(points), bool)
    for number in np.flatnonzero(areas.is_opaque).tolist():
        sides = areas.shape == number
        hidden |= Fill(areas.start[sides], areas.end[sides], bool(areas.nonzero[number])).holds(points) & (
            areas.order[number] > own
        )
    weight = np.repeat(np.hypot(*np.diff(lines.points, axis=0)[lines.segments].T), 40)
    assert found.length / lines.length == pytest.approx(1 - np.average(hidden, weights=weight), abs=0.02)
    middle = (found.points[found.segments] + found.points[found.segments + 1]) / 2
    line = order[which[found.line_of[found.segments]]]
    for number in np.flatnonzero(areas.is_opaque).tolist():
        sides = areas.shape == number
        fill = Fill(areas.start[sides], areas.end[sides], bool(areas.nonzero[number]))
        assert not (fill.holds(middle) & (areas.order[number] > line)).any()


def test_a_shape_that_lies_on_itself_a_thousand_times_is_read_at_once():
    import time

    text = svg(f'<path stroke="red" d="{"M1 2L9 9" * 3000}"/><rect x="4" y="4" width="3" height="9"/>')
    began = time.process_time()
    (layer,) = from_svg(text.encode(), "x", hide=True, fills=True).layers
    assert time.process_time() - began < 4
    assert len(layer.lines) == 6000
    path = f'<path id="a" d="M1 2{"L9 9 4 1" * 500}"/>'
    began = time.process_time()
    (layer,) = from_svg(svg(path + '<use href="#a"/>' * 50).encode(), "x", hide=True).layers
    assert time.process_time() - began < 4
    assert layer.lines.length > 0


@pytest.mark.slow
def test_ten_thousand_overlapping_shapes_hide_each_other_within_seconds():
    import time

    areas = overlapping(10_000, 3)
    lines = Lines(np.stack([areas.start, areas.end], axis=1).reshape(-1, 2), 2 * np.arange(len(areas.start) + 1))
    began = time.process_time()
    found, _ = seen(lines, areas.order[areas.shape], areas)
    assert time.process_time() - began < 12
    assert 0 < found.length < lines.length / 2


def test_what_shines_through_hides_nothing_and_is_hatched_more_thinly():
    body = '<rect x="4" y="4" width="20" height="20" fill="red"/><rect x="10" y="2" width="20" height="20" {}/>'
    full, thin = (
        {layer.pen.name: layer.lines.length for layer in
         placed(from_svg(svg(body.format(paint)).encode(), "x", fills=True, hide=True), Plan(hatch=Hatch())).layers}
        for paint in ('fill="blue"', 'fill="blue" fill-opacity=".5"')
    )  # fmt: skip
    assert full["red"] < 0.7 * thin["red"]
    assert thin["blue"] == pytest.approx(full["blue"] / 2, rel=0.1)


def test_lighter_fills_are_hatched_further_apart_by_one_pen_and_white_ones_not_at_all():
    body = "".join(f'<rect x="{x}" y="2" width="11" height="25" fill="{color}"/>' for x, color in
                   ((1, "#000"), (14, "#808080"), (27, "#fff")))  # fmt: skip
    (layer,) = placed(from_svg(svg(body).encode(), "x", fills=True), Plan(hatch=Hatch(0.5, 0), pens=["black"])).layers
    x = (layer.lines.points[layer.lines.segments, 0] // 13.3).astype(int)
    length = np.bincount(x, np.hypot(*np.diff(layer.lines.points, axis=0)[layer.lines.segments].T), minlength=3)
    assert length[0] == pytest.approx(11 * 25 / 0.5, rel=0.1)
    assert length[1] == pytest.approx(length[0] / 2, rel=0.1)
    assert length[2] == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1mm,30", (1, 30)), ("1.5", (1.5, 45)), (",0", (None, 0)), ("auto", (None, 45)), ("0.1cm,-20", (1, -20))],
)
def test_what_is_asked_of_hatching_is_read(text, wanted):
    assert Hatch.of(text) == pytest.approx(wanted)


@pytest.mark.parametrize("text", ["0", "1mm,x", "1mm,900", "2parsecs", "1mm,nan"])
def test_hatching_that_is_none_is_refused_in_one_line(text):
    with pytest.raises(UsageError, match=r"hatch: .*(1mm,45|10mm)"):
        Hatch.of(text)


def test_the_option_may_stand_alone_wherever_it_stands(tmp_path):
    path = tmp_path / "in.svg"
    path.write_text(svg('<rect x="4" y="4" width="20" height="20" fill="red"/>'))
    found = []
    for words in (["--hatch", str(path)], [str(path), "--hatch"], [str(path), "--hatch", "--json"],
                  [str(path), "--hatch", "0.9mm,45"], [str(path), "--hatch=,45"]):  # fmt: skip
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
        found.append(re.findall(r"[\d.]+", result.output)[0:3])
    assert found[0] == found[1] == found[3] == found[4]
