"""Regions, traps, least features and halftones: areas add up, nothing is lost, and distances are those asked for."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.drawing import CUBIC, Drawing, Gradient, Layer, LineStyle, Path, Shape
from artkit.color.palette import parse
from artkit.errors import UsageError
from artkit.prepress.features import borders_of, finest, thin_share
from artkit.prepress.halftone import Screen, screen, screened
from artkit.prepress.merge import without_thin
from artkit.prepress.regions import Ink, Sheet, partition, regions
from artkit.prepress.tones import fade, shares
from artkit.prepress.trap import cover_of, trapped
from artkit.render import rendered_alone, stretched

shapely = pytest.importorskip("shapely")

SCALE = 1.700012345  # sides that are not on the grid
YELLOW, RED, BLUE = "#ffe08a", "#d62828", "#1d3557"


def ring(*points: tuple[float, float]) -> Path:
    return Path(np.array(points, float))


def circle(x: float, y: float, radius: float, sides: int = 40) -> Path:
    turns = np.arange(sides) * 2 * np.pi / sides
    return Path(np.stack([x + radius * np.cos(turns), y + radius * np.sin(turns)], axis=-1))


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return ring((left, top), (right, top), (right, bottom), (left, bottom))


@pytest.fixture(scope="module")
def blots() -> Drawing:
    """Blots that lie over each other, a ring with a hole, a stroke, and a curve, on a sheet of an odd size."""
    rng = np.random.default_rng(4)
    shapes = [
        Shape([circle(x, y, radius)], color)
        for x, y, radius, color in zip(
            rng.uniform(0, 60, 24), rng.uniform(0, 40, 24), rng.uniform(2, 9, 24), [YELLOW, RED, BLUE] * 8, strict=True
        )
    ]
    shapes.append(Shape([circle(30, 20, 9), circle(30, 20, 5)], RED))
    shapes.append(Shape([Path(np.array([(5, 5), (50, 30)], float), closed=False)], None, BLUE, line=LineStyle(2)))
    shapes.append(
        Shape([Path(np.array([(2, 30), (20, 5), (30, 60), (55, 33)], float), np.array([CUBIC], np.uint8))], RED)
    )
    return Drawing(60, 40.3, [Layer(shapes, "blots")], background="#ffffff")


@pytest.fixture(scope="module")
def sheet(blots: Drawing) -> Sheet:
    made = regions(blots, SCALE)
    order = ["#ffffff", YELLOW, RED, BLUE]
    return Sheet(made.width, made.height, tuple(sorted(made.inks, key=lambda ink: order.index(ink.color))))


def test_regions_cover_the_sheet_exactly_once(sheet):
    areas = sum(ink.area for ink in sheet.inks)
    assert areas == pytest.approx(sheet.width * sheet.height, abs=1e-6)
    union = shapely.union_all([ink.region for ink in sheet.inks])
    assert shapely.box(0, 0, sheet.width, sheet.height).difference(union).area < 1e-6


def test_regions_are_what_a_renderer_paints(blots, sheet):
    scale = 10
    seen = np.array(rendered_alone(stretched(blots.to_svg(), (600, 403)), (600, 403)))[..., :3]
    y, x = np.mgrid[0:403, 0 : 60 * scale] + 0.5
    x, y = x * SCALE / scale, y * sheet.height / 403
    wrong = 0
    for ink in sheet.inks:
        shapely.prepare(ink.region)
        color = [int(ink.color[k : k + 2], 16) for k in (1, 3, 5)]
        within = shapely.contains_xy(ink.region, x, y)
        edge = shapely.dwithin(shapely.boundary(ink.region), shapely.points(x[::4, ::4], y[::4, ::4]), 0.3)
        off = (np.abs(seen.astype(int) - color).max(-1) < 3) != within
        wrong += int((off[::4, ::4] & ~edge).sum())
    assert wrong == 0


def test_without_a_trap_nothing_changes(sheet):
    assert trapped(sheet, 0) is sheet


@pytest.mark.parametrize("distance", [0.1, 0.2, 0.5])
def test_traps_are_as_wide_as_asked_and_only_beneath_darker_inks(sheet, distance):
    spread = trapped(sheet, distance)
    cover = cover_of(sheet, spread, distance)
    assert cover.deep > 200 and cover.share >= 0.99
    above = shapely.Polygon()
    for before, after in zip(reversed(sheet.inks), reversed(spread.inks), strict=True):
        more = after.region.difference(before.region)
        assert more.difference(above.buffer(2e-4)).area < 1e-6
        assert more.difference(before.region.buffer(distance + 1e-3, quad_segs=64)).area < 1e-6
        above = above.union(before.region)
    assert spread.inks[-1].area == pytest.approx(sheet.inks[-1].area, abs=1e-6)


def test_what_measures_traps_finds_wrong_ones(sheet):
    assert cover_of(sheet, trapped(sheet, 0.25), 0.2).share < 0.3
    assert cover_of(sheet, trapped(sheet, 0.15), 0.2).share < 0.1


def test_borders_are_as_long_as_they_are():
    faces, _ = partition([[shapely.box(0, 0, 4, 3)], [shapely.box(1, 1, 2, 2)]], 4, 3)
    start, end, one, other = borders_of(faces)
    assert np.hypot(*(end - start).T).sum() == pytest.approx(4)
    assert (one != other).all()


@pytest.mark.parametrize("least", [0.5, 1.0])
def test_what_is_thin_goes_to_its_neighbor_and_areas_add_up(sheet, least):
    made, report = without_thin(sheet, least)
    assert sum(ink.area for ink in made.inks) == pytest.approx(sheet.width * sheet.height, abs=1e-6)
    assert sum(part.area for part in report) > 0
    assert max(thin_share(ink.region, least) for ink in made.inks) < 2e-4


def test_a_hairline_is_merged_and_a_gap_closed_and_wide_bars_stay():
    bars = [Shape([box(10, 2, 10.2, 18)], RED), Shape([box(20, 2, 22, 18)], RED), Shape([box(22.2, 2, 25, 18)], RED)]
    drawing = Drawing(40, 20, [Layer(bars)])
    made, report = without_thin(regions(drawing, 1), 0.5)
    assert {part.color: part.parts for part in report} == {RED: 1, "": 1}
    assert made.inks[0].area == pytest.approx(5 * 16, abs=0.2)


LINES = [
    Shape([box(0, 0, 40, 20)], YELLOW),
    Shape([Path(np.array([(3, 3), (30, 12)], float), closed=False)], None, BLUE, line=LineStyle(0.1)),
    Shape([box(5, 15, 35, 15.2), circle(35, 5, 0.2)], RED),
    Shape([box(30, 14, 39, 19)], BLUE),
    Shape([box(32, 16, 37, 16.2)], YELLOW),
]


@pytest.mark.parametrize(("widen", "grown"), [(None, {RED: 1, BLUE: 1}), ([RED], {RED: 2}), ((), {})])
def test_lines_grow_as_asked_and_others_are_merged(widen, grown):
    made, report = without_thin(regions(Drawing(40, 20, [Layer(LINES)]), 1), 0.5, widen)
    assert {part.color: part.widened for part in report if part.widened} == grown
    assert sum(ink.area for ink in made.inks) == pytest.approx(800, abs=1e-6)
    for ink in made.inks:
        assert thin_share(ink.region, 0.5) < 2e-4
    kept = {ink.color: ink.area for ink in made.inks}
    line = np.hypot(27, 9)
    assert kept[BLUE] == pytest.approx(45 + (line * 0.51 + 0.2 if BLUE in grown else 0), abs=0.4)
    assert (RED in kept) == (RED in grown)


def test_the_finest_width_is_found():
    assert finest(shapely.union_all([shapely.box(0, 0, 0.45, 10), shapely.box(5, 0, 9, 10)])) == 0.4
    assert finest(shapely.box(0, 0, 9, 9)) is None
    assert finest(shapely.Polygon([(0, 0), (60, 0), (60, 20)])) == 0.3  # a sharp corner counts by its share


@pytest.mark.parametrize("shape", ["round", "ellipse", "square", "line"])
@pytest.mark.parametrize("tint", [0.1, 0.5, 0.8, 0.97])
def test_halftones_print_as_much_as_their_tint(shape, tint):
    area = shapely.box(3, 3, 33, 23)
    made = screened(area, tint, Screen(25, shape, 30.0))
    assert made.is_valid
    assert made.area / area.area == pytest.approx(tint, abs=0.002)
    assert made.difference(area).area < 1e-6


@pytest.mark.parametrize("shape", ["round", "ellipse", "square", "line"])
def test_tones_print_as_much_as_they_are_everywhere(shape):
    area = shapely.box(0, 0, 40, 30)
    made = screened(area, lambda places: places[:, 0] / 40, Screen(40, shape, 15.0))
    assert made.is_valid and made.area / area.area == pytest.approx(0.5, abs=0.001)
    for x in range(0, 40, 8):
        part = shapely.intersection(made, shapely.box(x, 0, x + 8, 30)).area / (8 * 30)
        assert part == pytest.approx((x + 4) / 40, abs=0.005)


def test_inks_take_the_share_that_gives_the_color_back():
    inks, cloth = ["#0078bf", "#ff48b0"], "#f4ead5"
    share = np.random.default_rng(4).uniform(0, 1, (2, 50))
    through = [1 - share[k][:, None] * (1 - np.array(parse(ink)) / 255) for k, ink in enumerate(inks)]
    light = through[0] * through[1]
    pixels = np.rint(light * parse(cloth)).astype(np.uint8)
    assert np.abs(shares(pixels, inks, cloth) - share).max() < 0.01


def test_a_gradient_s_tone_is_its_opacity():
    round_ = Gradient((10, 10), (14, 10), (RED, RED), True, (), (1.0, 0.0), 2.0)
    tone = fade(round_, 0.5, 2.0, (1.0, 0.0))
    places = np.array([(10, 10), (12, 10), (14, 10), (10, 14), (10, 18), (30, 10)]) * 2.0 + (1.0, 0.0)
    assert tone(places) == pytest.approx([0.5, 0.25, 0, 0.25, 0, 0])


def test_a_screen_s_lines_are_as_many_to_an_inch_as_asked():
    made = screened(shapely.box(0, 0, 25.4, 25.4), 0.3, Screen(20, "line", 0.0))
    assert len(shapely.get_parts(made)) in (20, 21)


@pytest.mark.parametrize("text", ["", "45", "45 lpi star", "0lpi", "lpi", "400lpi"])
def test_screens_that_are_none_are_refused(text):
    with pytest.raises(UsageError, match="halftone"):
        screen(text)


def test_screens_are_read():
    assert screen("45lpi") == ("", Screen(45))
    assert screen("Deep Sea: 30lpi line -15") == ("Deep Sea", Screen(30, "line", -15.0))


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Layer([Shape([box(0, 0, 4, 4)], Gradient((0, 0), (4, 4), (RED, BLUE)))], "sky"), "'sky': has gradients"),
        (Layer([Shape([box(0, 0, 4, 4)], RED, opacity=0.5)], "veil"), "'veil': has translucent"),
        (Layer([Shape([box(0, 0, 4, 4)], RED)], "mist", blur=2), "'mist': is blurred"),
    ],
)
def test_what_is_not_flat_is_refused(layer, words):
    with pytest.raises(UsageError, match=words):
        regions(Drawing(9, 9, [layer]), 1)


def test_empty_sheets_have_no_inks():
    made = regions(Drawing(9, 9, []), 1)
    assert not made.inks and made == Sheet(9, 9, ())
    assert without_thin(Sheet(9, 9, (Ink(RED, shapely.box(0, 0, 9, 9)),)), 0.5)[1] == []
