"""Lines are cut by clips and masks, and into dashes, exactly as a renderer shows them; nothing else is lost."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from artkit.pens.lines import Lines
from artkit.pens.read.document import read
from artkit.pens.regions import Combined, Fill, Outside, Region, within
from artkit.render import rendered

WIDTH, HEIGHT = 40, 30
SCALE = 16
"""Pixels of a millimetre."""

RAYS = "".join(f'<path d="M20 15L{20 + 30 * x:.3f} {15 + 30 * y:.3f}"/>' for x, y in
               zip(np.cos(np.arange(24) * 0.262), np.sin(np.arange(24) * 0.262), strict=True))  # fmt: skip
ROWS = "".join(f'<path d="M-2 {y}L42 {y + 18}"/>' for y in range(-19, 30, 2))
STAR = "M20 2L28 27L5 11H35L12 27Z"
CURL = "M3 25C3 5 20 0 20 15S38 25 37 5"


def svg(body: str, cap: str = "butt") -> str:
    head = f'width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}"'
    ink = f'fill="none" stroke="#000" stroke-width=".08" stroke-linecap="{cap}"'
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {link} {head}><g {ink}>{body}</g></svg>'


def plain(lines: Lines, cap: str) -> str:
    """Lines as an SVG that needs no reading."""
    places = (" ".join(f"{x:.4f},{y:.4f}" for x, y in line) for line in lines)
    return svg("".join(f'<path d="M{each}"/>' for each in places), cap)


def inked(text: str) -> np.ndarray:
    size = WIDTH * SCALE, HEIGHT * SCALE
    return 255 - rendered(text.replace("mm", ""), size)[:, :, 0]


def farthest(ink: np.ndarray, other: np.ndarray) -> float:
    """How far, in millimetres, the farthest pixel that has ink for sure is from any of the other's ink."""
    sure, some = ink > 110, other > 8
    if not sure.any():
        return 0.0
    away = cv2.distanceTransform(np.uint8(~some), cv2.DIST_L2, 5)
    return float(away[sure].max()) / SCALE if some.any() else np.inf


def clip(shapes: str, what: str = RAYS, attributes: str = "", more: str = "") -> str:
    return f'<defs><clipPath id="c" {attributes}>{shapes}</clipPath>{more}</defs><g clip-path="url(#c)">{what}</g>'


def mask(shapes: str, what: str = ROWS, attributes: str = "") -> str:
    return f'<defs><mask id="m" {attributes}>{shapes}</mask></defs><g mask="url(#m)">{what}</g>'


USER = 'maskUnits="userSpaceOnUse" x="0" y="0" width="40" height="30"'

CASES = {
    "circle": clip('<circle cx="18" cy="14" r="9"/>'),
    "several shapes that overlap": clip('<circle cx="15" cy="14" r="8"/><rect x="12" y="9" width="20" height="8"/>'),
    "star nonzero": clip(f'<path d="{STAR}"/>', ROWS),
    "star evenodd": clip(f'<path d="{STAR}" clip-rule="evenodd"/>', ROWS),
    "rule from the clip": clip(f'<path d="{STAR}"/>', ROWS, 'clip-rule="evenodd"'),
    "transforms": '<g transform="translate(4 2) scale(.9)">'
                  + clip('<rect x="8" y="6" width="14" height="9" transform="rotate(20 15 10)"/>',
                         f'<g transform="skewX(12)">{ROWS}</g>', 'transform="translate(3 1) scale(1.2)"') + "</g>",
    "bounding box": clip('<circle cx=".5" cy=".5" r=".4"/>', '<path d="M5 5L35 25M35 5L5 25M5 15H35"/>',
                         'clipPathUnits="objectBoundingBox"'),
    "bounding box of a group that is turned":
        '<clipPath id="c" clipPathUnits="objectBoundingBox"><rect x=".2" y=".1" width=".5" height=".8"/></clipPath>'
        '<g transform="rotate(10 20 15)" clip-path="url(#c)"><path d="M6 6L30 24M30 6L6 24"/>'
        '<circle cx="20" cy="15" r="8" transform="scale(1.1)"/></g>',
    "clip on a clip": clip('<circle cx="18" cy="14" r="9"/>', ROWS, 'clip-path="url(#d)"',
                           '<clipPath id="d"><rect x="14" y="2" width="20" height="20"/></clipPath>'),
    "clip on a child": clip('<circle cx="18" cy="14" r="9" clip-path="url(#d)"/>'
                            '<rect x="30" y="2" width="6" height="6"/>',
                            ROWS, "", '<clipPath id="d"><rect x="14" y="2" width="20" height="20"/></clipPath>'),
    "groups in groups": '<clipPath id="d"><rect x="10" y="4" width="20" height="20"/></clipPath><g clip-path="url(#d)">'
                        + clip('<circle cx="26" cy="14" r="9"/>', ROWS) + "</g>",
    "use in a clip": f'<defs><path id="p" d="{STAR}" transform="scale(.7)"/></defs>'
                     + clip('<use xlink:href="#p" x="6" y="3"/>', ROWS),
    "nested svg": f'<svg x="6" y="5" width="20" height="12" viewBox="0 0 40 30">{ROWS}</svg>'
                  f'<svg x="30" y="20" width="6" height="6" overflow="visible"><path d="M-2 -2L9 9"/></svg>',
    "symbol": '<symbol id="s" viewBox="0 0 10 10"><path d="M-5 -5L15 15M-5 5H15"/></symbol>'
              '<use xlink:href="#s" x="10" y="6" width="15" height="12"/>',
    "nothing in the clip": clip("") + '<path d="M2 2L9 9"/>',
    "hidden shapes in the clip": clip('<rect x="2" y="2" width="9" height="9" display="none"/>'
                                      '<circle cx="20" cy="15" r="6"/>'),
    "curves cut": clip('<ellipse cx="20" cy="14" rx="15" ry="5" transform="rotate(15 20 14)"/>',
                       f'<path d="{CURL}"/><circle cx="22" cy="14" r="9"/>'),
    "mask of white": mask('<circle cx="20" cy="15" r="9" fill="#fff" stroke="none"/>', ROWS, USER),
    "mask with a hole": mask('<rect width="40" height="30" fill="#fff" stroke="none"/>'
                             '<circle cx="20" cy="15" r="7" fill="#000" stroke="none"/>', ROWS, USER),
    "mask with a stroke": mask(f'<rect width="40" height="30" fill="white"/><path d="{CURL}" fill="none" stroke="black"'
                               ' stroke-width="3" stroke-linecap="round"/>', ROWS, USER),
    "mask by the bounding box": mask('<circle cx=".5" cy=".5" r=".45" fill="#fff" stroke="none"/>',
                                     '<path d="M8 6L30 24M30 6L8 24M8 15H30"/>',
                                     'maskContentUnits="objectBoundingBox"'),
    "dashes": '<path d="M2 3H38" stroke-dasharray="5 3"/><path d="M2 6H38" stroke-dasharray="4"/>'
              '<path d="M2 9H38" stroke-dasharray="5,2,1"/><path d="M2 12H38" stroke-dasharray="3 2" '
              'stroke-dashoffset="1.5"/><path d="M2 15H38" stroke-dasharray="3 2" stroke-dashoffset="-4"/>'
              '<path d="M2 18H38" style="stroke-dasharray:10%,5%"/><path d="M2 21H38" stroke-dasharray="3 -2"/>'
              '<path d="M2 24H38" stroke-dasharray="0 0"/>',
    "dashes of closed paths": '<g stroke-dasharray="3 2"><rect x="2" y="2" width="13" height="9" rx="2"/>'
                              '<circle cx="26" cy="8" r="5"/><ellipse cx="12" cy="21" rx="9" ry="5"/>'
                              '<path d="M24 16H36V27H24Z m3 3h5v5h-5z"/></g>',
    "dashes under transforms": f'<g transform="scale(2 .7) rotate(20)"><path d="M6 2L12 20M5 5C9 25 14 -5 18 20" '
                               f'stroke-dasharray="1.5 1"/></g><path d="{CURL}" stroke-dasharray="2 1 .5 1"/>',
    "dashes and a clip": clip('<circle cx="20" cy="15" r="11"/>', f'<path d="{STAR}" stroke-dasharray="2 1"/>'),
}  # fmt: skip


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", CASES)
def test_what_is_cut_is_what_a_renderer_shows(name):
    text = svg(CASES[name])
    source = read(text.encode())
    assert set(source.left_out) <= {"hidden element"}
    ours, wanted = inked(plain(source.lines, "butt")), inked(text)
    assert farthest(wanted, ours) <= 0.1, "something is missing"
    assert farthest(ours, wanted) <= 0.1, "something is there that should not be"


def measured(body: str) -> tuple[Lines, float]:
    lines = read(svg(body, "round").encode()).lines
    return lines, lines.length


def test_dashes_are_as_long_as_they_are_said_to_be():
    turns = "M20 15" + "".join(f"A{r} {r} 0 1 1 {20 + r} 15A{r} {r} 0 1 1 {20 - r} 15" for r in range(3, 13))
    _, whole = measured(f'<path d="{turns}"/>')
    for pattern, share in (("2 1", 2 / 3), (".5 .25 .125", 0.5), ("1 3", 0.25)):
        lines, length = measured(f'<path d="{turns}" stroke-dasharray="{pattern}"/>')
        assert length == pytest.approx(whole * share, abs=1)
        assert lines.lengths.max() < 2.001
    lines, length = measured(f'<path d="{turns}" pathLength="100" stroke-dasharray="1 3"/>')
    assert len(lines) == 25
    assert length == pytest.approx(whole / 4, rel=1e-3)


def test_each_subpath_begins_anew_and_dashes_without_length_are_dots():
    lines, _ = measured('<path d="M1 1h5m1 0h5" stroke-dasharray="3 1"/>')
    assert np.round(lines.points[:, 0], 6).tolist() == [1, 4, 5, 6, 7, 10, 11, 12]
    dots, length = measured('<path d="M1 1h10" stroke-dasharray="0 2.5"/>')
    assert (np.round(dots.starts[:, 0], 6).tolist(), length) == ([1, 3.5, 6, 8.5], 0)
    assert len(read(svg('<path d="M1 1h10" stroke-dasharray="0 2.5"/>').encode()).lines) == 0
    assert measured('<path d="M1 1h10" stroke-dasharray=".001"/>')[1] == pytest.approx(10)


def regions() -> list[Region]:
    rng = np.random.default_rng(3)
    star = Fill.of(Lines.of([rng.uniform(0, 40, (15, 2))]))
    odd = Fill.of(Lines.of([rng.uniform(5, 35, (9, 2)), rng.uniform(0, 20, (4, 2))]), nonzero=False)
    return [star, odd, Combined([star, odd]), Combined([star, odd], some=True), Outside(odd)]


def test_what_is_inside_and_what_is_outside_are_the_whole():
    rng = np.random.default_rng(5)
    lines = Lines.of([rng.uniform(-5, 45, (rng.integers(2, 9), 2)) for _ in range(60)])
    for region in regions():
        (inside, of), (outside, _) = within(lines, region), within(lines, Outside(region))
        assert inside.length + outside.length == pytest.approx(lines.length, rel=1e-4)
        assert (np.bincount(of, inside.lengths, minlength=len(lines)) <= lines.lengths + 1e-9).all()
        places = (inside.points[inside.segments] + inside.points[inside.segments + 1]) / 2
        assert region.holds(places).all()


def test_a_point_is_inside_as_often_as_its_sides_wind_around_it():
    rng = np.random.default_rng(7)
    points = rng.uniform(0, 40, (300, 2))
    for region in regions()[:2]:
        (ax, ay), (bx, by) = (side.T[:, :, None] for side in region.sides)
        x, y = points.T
        turn = np.arctan2((ax - x) * (by - y) - (ay - y) * (bx - x), (ax - x) * (bx - x) + (ay - y) * (by - y))
        wound = np.round(turn.sum(axis=0) / (2 * np.pi))
        assert (region.holds(points) == (wound != 0 if region.nonzero else wound % 2 == 1)).all()


def test_sides_that_lie_on_each_other_count_as_often_as_they_are_there():
    rng = np.random.default_rng(9)
    one, two = rng.integers(0, 40, (2, 12, 2)).astype(float)
    there_and_back = np.concatenate([one, one[::-1]])
    points, lines = rng.uniform(0, 40, (300, 2)), Lines.of([rng.uniform(0, 40, (5, 2)) for _ in range(9)])
    for rings in ([one] * 4 + [two] * 3, [one] * 3 + [two, two[::-1]] * 2, [one, two, two] * 2, [there_and_back] * 3):
        for nonzero in (True, False):
            fill = Fill.of(Lines.of(rings), nonzero)
            (ax, ay), (bx, by) = (side.T[:, :, None] for side in (fill.start, fill.end))
            x, y = points.T
            turn = np.arctan2((ax - x) * (by - y) - (ay - y) * (bx - x), (ax - x) * (bx - x) + (ay - y) * (by - y))
            wound = np.round(turn.sum(axis=0) / (2 * np.pi))
            assert (fill.holds(points) == (wound != 0 if nonzero else wound % 2 == 1)).all()
            assert len(fill.sides[0]) <= 24
            often, of = within(Lines.joined([lines, lines, lines]), fill)
            once, _ = within(lines, fill)
            assert often.length == pytest.approx(3 * once.length)
            assert (np.diff(of) >= 0).all()
            assert of.max(initial=0) < 27


def test_many_uses_of_a_shape_that_is_drawn_over_and_over_are_cut_at_once():
    import time

    body = '<path id="x" d="M0 0' + "L1 9 5 2" * 1500 + '"/>'
    began = time.process_time()
    uses = '<use xlink:href="#x"/>' * 50
    lines, _ = measured(f'<g clip-path="url(#c)">{uses}</g><clipPath id="c">{body}</clipPath>')
    assert time.process_time() - began < 4
    assert len(lines) == 50


def test_what_runs_along_a_border_is_seen_and_what_only_comes_close_is_not():
    shape = '<rect x="5" y="5" width="20" height="12" rx="4"/>'
    assert measured(clip(shape, shape))[1] == pytest.approx(measured(shape)[1], abs=0.01)
    assert measured(clip('<circle cx="20" cy="15" r="9"/>', '<path d="M0 5.99H40"/>'))[1] < 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (clip("<text>a</text>"), "text in a clip"),
        (clip("", attributes='clip-path="url(#c)"'), "clip that refers to itself"),
        ('<g clip-path="circle(5px)"><path d="M1 1h5"/></g>', "clip that is no shape"),
        (mask('<rect width="40" height="30" fill="url(#a)"/>'), "no flat shape"),
        (mask("<text>a</text>"), "no flat shape"),
        (mask('<rect width="40" height="30" fill="#777"/>'), "mask of gray"),
        (mask('<g mask="url(#m)"><rect width="40" height="30" fill="#fff"/></g>'), "mask that refers to itself"),
    ],
)
def test_what_cannot_be_cut_is_counted_in_words(body, said):
    assert any(said in what for what in read(svg(body).encode()).left_out)


@pytest.mark.slow
def test_a_hundred_thousand_lines_are_cut_within_seconds():
    import time

    rng = np.random.default_rng(2)
    start = rng.uniform(0, 400, (100_000, 1, 2))
    lines = Lines.of(np.concatenate([start, start + rng.normal(0, 20, start.shape)], axis=1))
    angle = np.linspace(0, 2 * np.pi, 3000, endpoint=False)
    radius = 150 + 20 * np.sin(40 * angle)
    ring = 200 + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    began = time.process_time()
    inside, _ = within(lines, Fill.of(Lines.of([ring])))
    assert time.process_time() - began < 10
    assert 0.3 < inside.length / lines.length < 0.6
