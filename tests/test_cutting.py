"""Lines to cut: each border once, in an order that holds; kerf, bridges and weeding lines where they are asked for."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import CUBIC, Drawing, Gradient, Layer, Path, Shadow, Shape
from artkit.errors import UsageError
from artkit.pens.lines import Lines
from artkit.prepress.cut import Cutting, Job, cut, drawing_of
from artkit.prepress.cut.bridges import bridged
from artkit.prepress.cut.crumbs import without_crumbs
from artkit.prepress.cut.outlines import borders, in_order
from artkit.prepress.features import slivers
from artkit.prepress.preflight import preflight
from artkit.prepress.profile import Profile, known, profile_of
from artkit.prepress.regions import regions
from artkit.prepress.slivers import filled, without_slivers

RED, GREEN, BLUE, WHITE = "#ff0000", "#00ff00", "#0000ff", "#ffffff"
ALONE = Cutting(common=False)


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float))


def circle(x: float, y: float, radius: float) -> Path:
    quarter = np.array([(1, 0), (1, KAPPA), (KAPPA, 1), (0, 1)])
    turns = [np.array([[c, s], [-s, c]]) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    arcs = [quarter @ turn for turn in turns]
    points = np.concatenate([arcs[0][:1], *(arc[1:] for arc in arcs)]) * radius + (x, y)
    return Path(points, np.full(4, CUBIC, np.uint8))


def drawn(*shapes: Shape, background: str | None = None) -> Drawing:
    return Drawing(100, 60, [Layer(shapes)], background=background)


FLAG = drawn(
    Shape([box(0, 0, 50, 60)], RED),
    Shape([box(50, 0, 100, 60)], GREEN),
    Shape([circle(50, 30, 20)], BLUE),
    Shape([box(10, 10, 20, 20), box(12, 12, 18, 18)], WHITE),
    Shape([circle(50, 30, 8)], WHITE),
)
"""Two halves, a disc on both with a hole in it, and a frame on one of them."""

LETTERS = drawn(
    Shape([box(10, 10, 90, 50), box(20, 20, 40, 40), box(25, 25, 35, 35), circle(65, 30, 10)], BLUE), background=WHITE
)
"""A stencil of three pieces: the plate, a frame that is an island, and an island; in the frame's hole it is painted."""


def lines_of(job: Job, name: str = "cut") -> Lines:
    return Lines.joined(work.lines for work in job.works if work.name == name)


class TestCommonLines:
    def test_their_length_is_half_of_all_perimeters_and_half_of_the_outer_edge(self):
        sheet = regions(FLAG, 1.5)
        job = cut(FLAG, 1.5, Cutting(), Profile())
        perimeters = sum(ink.region.length for ink in sheet.inks)
        edge = shapely.union_all([ink.region for ink in sheet.inks]).length
        assert lines_of(job).length == pytest.approx((perimeters + edge) / 2, rel=1e-3)

    def test_no_segment_is_cut_twice(self):
        lines = lines_of(cut(FLAG, 1.0, Cutting(), Profile()))
        ends = np.stack([lines.points[lines.segments], lines.points[lines.segments + 1]], 1).round(4)
        turned = np.where((ends[:, :1] > ends[:, 1:]).any(2, keepdims=True), ends[:, ::-1], ends)
        assert len(np.unique(turned.reshape(-1, 4), axis=0)) == len(ends)
        whole = shapely.union_all([shapely.linestrings(lines[k]) for k in range(len(lines))])
        assert whole.length == pytest.approx(lines.length, abs=1e-6)

    def test_they_part_the_sheet_as_its_inks_do(self):
        lines = lines_of(cut(FLAG, 1.0, Cutting(), Profile()))
        noded = shapely.union_all([shapely.linestrings(lines[k]) for k in range(len(lines))], grid_size=1e-4)
        faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        whole = [part.area for ink in regions(FLAG, 1.0).inks for part in shapely.get_parts(ink.region)]
        assert sorted(shapely.area(faces)) == pytest.approx(sorted(whole), rel=2e-3)

    def test_what_lies_in_another_is_cut_before_it_and_the_outer_edge_last(self):
        lines = lines_of(cut(FLAG, 1.0, Cutting(), Profile()))
        sizes = [np.ptp(lines[k], axis=0).max() for k in range(len(lines))]
        assert sizes[:2] == pytest.approx([6, 10], abs=0.02)  # the frame's hole, the frame
        assert sizes[-1] == pytest.approx(100)
        assert lines.closed[-1]

    def test_two_sides_of_a_sliver_that_become_one_line_are_cut_once(self):
        upper = Path(np.array([(10, 30), (50, 29.998), (90, 30), (90, 10), (10, 10)], float))
        lower = Path(np.array([(10, 30), (50, 30.002), (90, 30), (90, 50), (10, 50)], float))
        sheet = regions(drawn(Shape([upper], RED), Shape([lower], GREEN)), 1.0)
        lines = borders([ink.region for ink in sheet.inks])
        assert lines.length == pytest.approx(80 * 3 + 40 * 2, abs=0.01)

    def test_crumbs_go_to_the_piece_beside_them_and_lonely_ones_away(self):
        crumb, lonely = Shape([box(45, 20, 45.2, 20.1)], RED), Shape([box(80, 20, 80.1, 20.1)], RED)
        sheet = regions(drawn(Shape([box(10, 10, 50, 50)], GREEN), crumb, lonely), 1.0)
        assert [ink.color for ink in sheet.inks] == [GREEN, RED]
        (left,) = without_crumbs(sheet).inks
        assert left.color == GREEN and left.region.area == pytest.approx(1600)
        assert without_crumbs(without_crumbs(sheet)) == without_crumbs(sheet)

    def test_few_lines_of_great_length_come_of_many_arcs(self):
        sheet = regions(FLAG, 1.0)
        arcs = borders([ink.region for ink in sheet.inks])
        lines = in_order(arcs)
        assert lines.length == pytest.approx(arcs.length)
        assert len(lines) < len(arcs)


class TestKerf:
    @pytest.mark.parametrize("kerf", [0.1, 0.3, 3.0])
    def test_outlines_go_outwards_and_those_of_holes_inwards_by_half_of_it(self, kerf):
        ring = drawn(Shape([circle(50, 30, 20), circle(50, 30, 10)], BLUE))
        lines = lines_of(cut(ring, 1.0, Cutting(common=False, kerf=kerf), Profile()), BLUE)
        radii = [np.hypot(*(lines[k] - lines[k][:-1].mean(0)).T) for k in range(len(lines))]
        for radius, wanted in zip(radii, (10 - kerf / 2, 20 + kerf / 2), strict=True):
            assert np.abs(radius - wanted).max() < 0.02

    def test_each_ink_is_cut_from_a_sheet_of_its_own_in_closed_outlines(self):
        job = cut(FLAG, 1.0, Cutting(common=False, kerf=0.2), Profile())
        assert [work.name for work in job.works] == [RED, GREEN, BLUE, WHITE]
        assert all(work.lines.closed.all() for work in job.works)

    def test_what_is_too_narrow_for_it_is_told(self):
        slit = drawn(Shape([box(10, 10, 50, 50), box(20, 20, 20.1, 40)], BLUE), Shape([box(50.1, 10, 90, 50)], BLUE))
        job = cut(slit, 1.0, Cutting(common=False, kerf=0.2), Profile())
        assert any("1 holes are narrower than the kerf of 0.2 mm" in note for note in job.notes)
        assert any("1 pieces are so close" in note for note in job.notes)


class TestStencils:
    @pytest.mark.parametrize(("width", "count"), [(0.8, 4), (1.5, 4), (4.0, 2)])
    def test_a_stencil_is_one_piece_and_its_bridges_are_as_wide_as_asked(self, width, count):
        painted = regions(LETTERS.replace(background=None), 1.0).inks[0].region
        open_plate = shapely.difference(shapely.box(-10, -10, 110, 70), painted)
        made = bridged(open_plate, width)
        assert (made.pieces, len(made.bridges), made.plate.geom_type) == (3, count, "Polygon")
        assert made.weak == 0
        for bridge in made.bridges:
            sides = np.hypot(*np.diff(shapely.get_coordinates(bridge), axis=0).T)
            assert min(abs(sides - width)) < 1e-9
            assert shapely.difference(bridge, made.plate).area < 1e-3
            ends = [shapely.linestrings(shapely.get_coordinates(bridge)[[a, b]]) for a, b in ((0, 3), (1, 2))]
            assert all(shapely.covers(shapely.buffer(open_plate, 1e-6), end) for end in ends)
        assert shapely.buffer(made.plate, -(width / 2 - 0.01)).geom_type == "Polygon"

    def test_bridges_are_short(self):
        made = bridged(shapely.union_all([shapely.box(0, 0, 10, 10), shapely.box(12, 0, 30, 10)]), 1.0)
        (bridge,) = made.bridges
        added = made.plate.area - 280
        assert added == pytest.approx(2.0, abs=0.01)
        assert bridge.centroid.coords[0] == pytest.approx((11, 5), abs=0.3)

    def test_a_bridge_ends_where_both_parts_are_wide_and_large_islands_have_two(self):
        spike = shapely.Polygon([(14, 14.9), (5.5, 15), (14, 15.1)])  # nearer to the plate than anything else, and thin
        island = shapely.union_all([shapely.box(13, 10, 27, 20), spike])
        plate = shapely.box(0, 0, 40, 30) - shapely.box(5, 5, 35, 25)
        made = bridged(shapely.union_all([plate, island]), 1.0)
        assert (len(made.bridges), made.weak) == (2, 0)
        assert shapely.buffer(made.plate, -0.49).geom_type == "Polygon"
        sides = {"up" if bridge.centroid.y < 15 else "down" for bridge in made.bridges}
        assert sides == {"up", "down"}
        small = shapely.union_all([plate, shapely.box(19.9, 10, 20.1, 12)])
        assert bridged(small, 1.0).weak == 1

    def test_what_touches_at_a_corner_is_tied_too(self):
        made = bridged(shapely.union_all([shapely.box(0, 0, 10, 10), shapely.box(10, 10, 20, 20)]), 2.0)
        assert made.plate.geom_type == "Polygon"
        assert shapely.buffer(made.plate, -0.95).geom_type == "Polygon"

    def test_without_a_background_what_most_of_the_edge_is_stays(self):
        dark = drawn(Shape([box(0, 0, 100, 60)], BLUE), Shape([circle(50, 30, 20)], WHITE))
        lines = lines_of(cut(dark, 1.0, Cutting(bridges=1.0), Profile()), "stencil")
        assert sorted(np.ptp(lines[k], axis=0)[0] for k in range(len(lines))) == pytest.approx([40, 120], abs=0.02)


class TestVinylAndStacks:
    def test_weeding_lines_part_the_waste_and_leave_what_is_kept(self):
        job = cut(LETTERS, 1.0, Cutting(weed=True), Profile())
        kept = shapely.transform(
            regions(LETTERS, 1.0).inks[-1].region, lambda points: points + np.array(job.place), include_z=False
        )
        weed = lines_of(job, "weed")
        assert len(weed) >= 4
        nearest = min(shapely.distance(shapely.linestrings(weed[k]), kept) for k in range(len(weed)))
        assert nearest == pytest.approx(0.2, abs=0.01)
        frame = lines_of(job, "frame")
        assert np.ptp(frame.points, axis=0) == pytest.approx([90, 50])
        assert [work.name for work in job.works] == ["weed", "cut", "frame"]

    def test_sheets_of_a_stack_have_the_same_pins_and_lie_on_each_other(self):
        job = cut(FLAG, 1.0, Cutting(common=False, stack=True), Profile())
        sheets = [work for work in job.works if work.name.startswith("sheet")]
        assert [work.name for work in sheets] == ["sheet 1", "sheet 2", "sheet 3", "sheet 4"]
        places = []
        for work in sheets:
            holes = [work.lines[k] for k in range(len(work.lines)) if np.ptp(work.lines[k], axis=0).max() < 3.01]
            places.append(sorted(np.round(hole[:-1].mean(0) - work.lines.bounds[0], 2).tolist() for hole in holes))
        assert len(places[0]) == 4
        for place in places[1:]:
            assert np.allclose(place, places[0], atol=0.05)
        low = np.array([work.lines.bounds[0] for work in sheets])
        assert len(np.unique(low.round(3), axis=0)) == 4  # side by side

    def test_a_page_is_that_of_one_sheet_where_they_lie_side_by_side(self):
        job = cut(FLAG, 1.0, Cutting(common=False, stack=True), Profile(), place=(10, 10), page=(120, 80))
        assert job.width > 240

    def test_marks_are_scored_and_engraved_on_pieces_that_stay_whole(self):
        job = cut(FLAG, 1.0, Cutting(score=(BLUE,), engrave=(WHITE,)), Profile())
        assert [work.name for work in job.works] == ["engrave", "score", "cut"]
        assert len(lines_of(job)) == 2  # two halves: the border between them, and the edge
        engraved = job.works[0].engraved
        assert engraved is not None
        assert engraved.area == pytest.approx(64 + np.pi * 64, rel=1e-3)

    def test_an_outline_goes_around_everything(self):
        faded = Gradient((0, 0), (10, 0), (RED, BLUE))
        subject = drawn(Shape([circle(40, 30, 10)], faded, opacity=0.5), Shape([circle(52, 30, 10)], RED))
        lines = lines_of(cut(subject, 1.0, Cutting(outline=2.0), Profile()))
        assert len(lines) == 1
        assert np.ptp(lines.points, axis=0) == pytest.approx([36, 24], abs=0.02)

    def test_a_mirrored_job_is_the_same_turned_over(self):
        plain, turned = (
            cut(LETTERS, 1.0, Cutting(mirror=mirror, size_check=True), Profile()) for mirror in (False, True)
        )
        for one, other in zip(plain.works, turned.works, strict=True):
            assert np.allclose(other.lines.points, (one.lines.points - (plain.width, 0)) * (-1, 1))


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ({"kerf": 0.1}, "kerf and common lines"),
            ({"kerf": -1, "common": False}, "kerf: -1 mm"),
            ({"kerf": float("nan"), "common": False}, "kerf: nan mm"),
            ({"bridges": 0}, "bridges: 0 mm"),
            ({"bridges": 1, "stack": True}, "--bridges and --stack"),
            ({"bridges": 1, "weed": True}, "--weed and --bridges"),
            ({"outline": -1}, "outline: -1 mm"),
            ({"least": -1}, "min-feature: -1 mm"),
        ],
    )
    def test_is_said(self, asked, words):
        with pytest.raises(UsageError, match=words):
            Cutting(**asked)

    def test_unknown_colors_and_gradients_and_soft_layers(self):
        with pytest.raises(UsageError, match="score and engrave: no shape has the color #123456"):
            cut(FLAG, 1.0, Cutting(score=("#123456",)), Profile())
        with pytest.raises(UsageError, match="gradients"):
            cut(drawn(Shape([box(0, 0, 9, 9)], Gradient((0, 0), (9, 0), (RED, BLUE)))), 1.0, Cutting(), Profile())
        with pytest.raises(UsageError, match="nothing to cut"):
            cut(drawn(background=WHITE), 1.0, Cutting(), Profile())
        with pytest.raises(UsageError, match="reaches beyond the page of 50 x 50 mm"):
            cut(FLAG, 1.0, Cutting(), Profile(), page=(50, 50))
        with pytest.raises(UsageError, match="--size-check: the page has no room"):
            cut(FLAG, 1.0, Cutting(size_check=True), Profile(), page=(100, 60))

    def test_shadows_are_not_cut(self):
        layer = Layer([Shape([box(10, 10, 50, 50)], RED)], shadow=Shadow((2, 2), 3))
        assert len(lines_of(cut(Drawing(100, 60, [layer]), 1.0, Cutting(), Profile()))) == 1


class TestProfiles:
    def test_those_that_come_along_are_read(self):
        assert set(known()) >= {"cricut", "silhouette", "lightburn", "glowforge", "versaworks", "cnc"}
        for name in known():
            profile = profile_of(name)
            assert profile.name == name and set(profile.works) >= {"cut", "score", "engrave"}
        assert profile_of("cricut").units == profile_of("silhouette").units == "px72"
        assert "CutContour" in profile_of("versaworks").spots.values()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("units = 'furlong'", 'mine.toml:1: units: "furlong" is not one of "mm"'),
            ("closd = true", r"no key 'closd'; did you mean closed\?"),
            ("line = 0", "line: 0 is too small"),
            ("largest = [3]", "largest: .* is too short"),
            ("[works]\ncut = 'blurple'", "works: blurple: no such color"),
            ("closed = ", "mine.toml:1: not TOML"),
            ("formats = 'svg'", 'formats: "svg" is not a list; put it in brackets'),
        ],
    )
    def test_one_of_your_own_is_checked(self, tmp_path, text, words):
        (tmp_path / "mine.toml").write_text(text)
        with pytest.raises(Exception, match=words):
            profile_of(str(tmp_path / "mine.toml"))

    def test_an_unknown_one_names_the_nearest(self):
        with pytest.raises(UsageError, match=r"there is no such profile; did you mean cricut\?"):
            profile_of("cricket")

    def test_colors_are_materials_or_operations(self):
        materials = cut(FLAG, 1.0, ALONE, Profile(colors="materials"))
        assert [work.color for work in materials.works] == [RED, GREEN, BLUE, WHITE]
        operations = cut(FLAG, 1.0, ALONE, Profile(colors="operations"))
        assert {work.color for work in operations.works} == {"#ff0000"}
        assert operations.width > 2 * materials.width - 1  # sheets side by side


class TestPreflight:
    def rows(self, *shapes: Shape, **limits: object) -> dict[str, tuple[bool | None, object]]:
        from artkit.artwork.drawing import Page
        from artkit.export.dxf import outlines

        sheet = drawn(*shapes).replace(page=Page(100, 60))
        found = preflight(list(outlines(sheet)), (100, 60), Profile(**limits))  # type: ignore[arg-type]
        return {row.name: (row.passed, row.value) for row in found}

    def test_a_good_file_passes(self):
        rows = self.rows(Shape([box(10, 10, 50, 50)], stroke=RED), closed=True, least_feature=1.0, largest=(200, 100))
        assert not [name for name, (passed, _) in rows.items() if passed is False]
        assert rows["length"][1] == pytest.approx(160)

    def test_double_lines_are_measured(self):
        rows = self.rows(Shape([box(10, 10, 50, 50), box(50, 20, 90, 60)], stroke=RED))
        assert rows["double lines"] == (False, pytest.approx(30, abs=0.1))

    def test_crossings_are_counted_and_touching_ends_are_none(self):
        assert self.rows(Shape([box(10, 10, 50, 50), box(30, 20, 90, 40)], stroke=RED))["crossings"] == (False, 2)
        touching = Path(np.array([(50, 30), (80, 30)], float), closed=False)
        assert self.rows(Shape([box(10, 10, 50, 50), touching], stroke=RED))["crossings"] == (True, 0)

    def test_open_lines_matter_where_outlines_are_to_be_closed(self):
        line = Shape([Path(np.array([(10, 10), (50, 10)], float), closed=False)], stroke=RED)
        assert self.rows(line)["open lines"] == (True, 1)
        assert self.rows(line, closed=True)["open lines"] == (False, 1)

    @pytest.mark.parametrize("width", [0.4, 1.0, 2.5])
    def test_the_smallest_feature_and_gap_are_measured(self, width):
        upper = [(10, 10), (30, 10), (30, 20), (50, 20), (50, 10), (70, 10)]
        lower = [(70, 40), (50, 40), (50, 20 + width), (30, 20 + width), (30, 40), (10, 40)]
        neck = Path(np.array([*upper, *lower], float))
        rows = self.rows(Shape([neck], stroke=RED), least_feature=width * 1.2)
        assert rows["smallest feature"][0] is False
        assert rows["smallest feature"][1] == pytest.approx(width, abs=0.03)
        pair = Shape([box(10, 10, 40, 50), box(40 + width, 10, 80, 50)], stroke=RED)
        assert self.rows(pair)["smallest gap"][1] == pytest.approx(width, abs=0.03)

    def test_tips_are_no_small_features_but_tails_are(self):
        tip = Path(np.array([(10, 10), (90, 30), (10, 50)], float))
        assert self.rows(Shape([tip], stroke=RED))["smallest feature"][1] == 5
        tail = Path(
            np.array([(10, 10), (40, 10), (40, 30), (60, 30), (60, 30.5), (40, 30.5), (40, 50), (10, 50)], float)
        )
        assert self.rows(Shape([tail], stroke=RED))["smallest feature"][1] == pytest.approx(0.5, abs=0.03)

    def test_pieces_that_share_borders_are_measured_one_by_one(self):
        halves = [Path(np.array(line, float), closed=False) for line in ([(40, 10), (40, 50)], [(43, 10), (43, 50)])]
        rows = self.rows(Shape([box(10, 10, 80, 50), *halves], stroke=RED))
        assert rows["smallest feature"][1] == pytest.approx(3, abs=0.03)
        assert "smallest gap" not in rows

    def test_a_piece_that_is_small_is_a_small_feature(self):
        assert self.rows(Shape([circle(50, 30, 0.5)], stroke=RED))["smallest feature"][1] == pytest.approx(1, abs=0.03)

    def test_weeding_lines_cross_each_other_but_nothing_else(self):
        from artkit.prepress.preflight import _crossings

        lines = Lines.of([[(10, 30), (90, 30)], [(50, 10), (50, 50)], [(70, 10), (70, 50)]])
        assert _crossings(lines, np.array([True, True, True])) == 0
        assert _crossings(lines, np.array([True, True, False])) == 1

    def test_what_is_scored_is_no_feature_where_colors_are_what_is_done(self):
        thin = Shape([box(20, 20, 60, 20.2)], stroke="#0000ff")
        shapes = Shape([box(10, 10, 80, 50)], stroke="#ff0000"), thin
        assert self.rows(*shapes, least_feature=0.5)["smallest feature"][0] is False
        assert self.rows(*shapes, least_feature=0.5, colors="operations")["smallest feature"] == (True, 5)

    def test_limits_are_those_of_the_profile(self):
        rows = self.rows(Shape([box(10, 10, 50, 50)], stroke=RED), most_nodes=3, largest=(50, 50))
        assert rows["nodes"] == (False, 4)
        assert rows["size"][0] is False


def test_the_drawing_of_a_job_has_a_layer_for_each_work_and_a_shape_for_each_line():
    job = cut(FLAG, 1.0, Cutting(engrave=(WHITE,), size_check=True), Profile())
    made = drawing_of(job, Profile())
    assert [layer.name for layer in made.layers] == ["size-check", "engrave", "cut"]
    assert made.page is not None and made.page.width == job.width
    assert len(made.layers[2].shapes) == len(lines_of(job))


def test_what_is_thinner_than_asked_goes_to_what_lies_beside_it():
    strip = drawn(
        Shape([box(10, 10, 50, 50)], RED), Shape([box(50, 10, 50.4, 50)], BLUE), Shape([box(50.4, 10, 90, 50)], GREEN)
    )
    assert cut(strip, 1.0, Cutting(), Profile()).facts["pieces"] == 3
    assert cut(strip, 1.0, Cutting(least=0.5), Profile()).facts["pieces"] == 2


FOLD = Path(np.array([(0, 0), (50, 0), (50, 29), (50.4, 30), (49.6, 30.1), (50, 31), (50, 60), (0, 60)], float))
"""A half whose edge is folded to and fro, far thinner than anything cuts."""


def test_folds_and_necks_go_though_they_are_little_of_an_ink():
    folded = drawn(Shape([box(0, 0, 100, 60)], GREEN), Shape([FOLD], RED), Shape([box(0, 58, 100, 58.02)], BLUE))
    least = 0.75
    sheet = without_slivers(regions(folded, 1.0), least)
    pieces = np.concatenate([shapely.get_parts(ink.region) for ink in sheet.inks])
    assert {ink.color for ink in sheet.inks} == {RED, GREEN}
    assert sum(ink.area for ink in sheet.inks) == pytest.approx(6000, abs=1e-6)
    assert shapely.union_all(pieces).area == pytest.approx(6000, abs=1e-6)
    assert not any(len(slivers(pieces, width)) for width in (0.05, 0.08, 0.12, 0.2, 0.35, 0.75))
    assert any(len(slivers(shapely.get_parts(ink.region), 0.05)) for ink in regions(folded, 1.0).inks)


def test_no_slit_is_left_beside_a_bridge():
    whole, plate = shapely.box(0, 0, 40, 20), shapely.box(10, 0, 30.5, 20)
    slit = shapely.union_all([plate, shapely.box(30.7, 5, 40, 15)])  # an opening of 0.2 mm between two parts
    held = filled(slit, whole, 0.5)
    assert held.covers(slit)
    assert len(slivers(shapely.get_parts(shapely.difference(whole, held)), 0.5)) == 0
    assert held.area == pytest.approx(slit.area + 0.2 * 10, abs=0.3)
    assert filled(plate, whole, 0.5).equals(plate)
