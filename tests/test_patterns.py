"""Cross-stitch and bricks: colors of a list, counts that are right, exact covers, and lists in files."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color import materials
from artkit.errors import UsageError
from artkit.export import encode
from artkit.registry.discovery import find
from artkit.render import rendered
from artkit.styles import chart, patterns, plates


def blots(width: int = 60, height: int = 40) -> Image:
    rng = np.random.default_rng(5)
    pixels = np.full((height, width, 3), 150, np.uint8)
    y, x = np.mgrid[:height, :width]
    for _ in range(40):
        cx, cy, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(2, 12)
        pixels[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = rng.integers(0, 256, 3)
    return Image(pixels)


def rows_of(kit) -> list[list[str]]:
    return list(csv.reader(io.StringIO(encode(kit, ".csv").decode(), newline="")))


@pytest.fixture(scope="module")
def stitched():
    return find("cross-stitch")(blots(), stitches=30, colors=7, count=14, page="60x50mm", margin=2)


@pytest.fixture(scope="module")
def built():
    return find("bricks")(blots(), studs=30, colors=7)


def test_counts_of_stitches_are_those_in_the_chart(stitched):
    head, *rows = rows_of(stitched)
    assert head == ["sign", "code", "name", "color", "stitches"]
    counts = [int(row[4]) for row in rows]
    assert sum(counts) == 30 * 20 and counts == sorted(counts, reverse=True) and len(rows) <= 7
    known = {each.color: each for each in materials.listed("threads")}
    layers = {layer.name: layer for layer in stitched.layers}
    sides = [shape.paths[0].points for shape in layers["colors"].shapes]
    cell = min(np.ptp(points, axis=0).min() for points in sides)
    for row, shape in zip(rows, layers["colors"].shapes, strict=True):
        assert (known[row[3]].code, known[row[3]].name, row[3]) == (row[1], row[2], shape.fill)
        area = sum(float(np.prod(np.ptp(path.points, axis=0))) for path in shape.paths)
        assert area / cell**2 == pytest.approx(int(row[4]), rel=1e-6)
    text = encode(stitched, ".txt").decode()
    assert text.startswith("30 x 20 stitches, 5.4 x 3.6 cm on 14-count; 600 crosses")
    assert all(row[1] in text for row in rows)


def test_every_cell_has_its_sign_and_signs_are_unlike(stitched):
    signs = next(layer for layer in stitched.layers if layer.name == "signs").shapes
    for number, (row, shape) in enumerate(zip(rows_of(stitched)[1:], signs, strict=True)):
        assert len(shape.paths) == int(row[4]) * len(chart._sign(number, 1, 0, 0))
    assert len({chart.sign_of(number) for number in range(200)}) == 200


def test_a_chart_lies_within_the_margins_and_looks_like_the_photo(stitched):
    points = np.vstack([path.points for shape in stitched.shapes for path in shape.paths])
    assert (points >= 2 - 1e-6).all() and (points <= [58 + 1e-6, 48 + 1e-6]).all()
    colors = stitched.replace(layers=stitched.layers[:1])
    corners = np.vstack([path.points for shape in colors.shapes for path in shape.paths])
    seen = rendered(colors, (600, 500))
    (left, top), (right, bottom) = np.rint(10 * corners.min(0)).astype(int), np.rint(10 * corners.max(0)).astype(int)
    import cv2

    again = cv2.resize(seen[top:bottom, left:right], (30, 20), interpolation=cv2.INTER_AREA).astype(float)
    photo = cv2.resize(blots().pixels, (30, 20), interpolation=cv2.INTER_AREA).astype(float)
    assert np.corrcoef(again.ravel(), photo.ravel())[0, 1] > 0.75


def test_plates_cover_every_stud_once_and_are_counted(built):
    cells = np.random.default_rng(2).integers(-1, 3, (13, 17)).astype(np.int32).repeat(3, 0).repeat(2, 1)
    laid = plates.cover(cells, True)
    again = np.full(cells.shape, -1)
    for plate in laid:
        here = np.s_[plate.row : plate.row + plate.rows, plate.column : plate.column + plate.columns]
        assert (again[here] == -1).all() and plate.size in plates.SIZES
        again[here] = plate.color
    assert np.array_equal(again, cells)
    assert len(laid) < (cells >= 0).sum() / 3 and len(plates.cover(cells, False)) == (cells >= 0).sum()
    head, *rows = rows_of(built)
    assert head == ["code", "name", "color", "size", "pieces"]
    studs = sum(int(row[4]) * np.prod([int(side) for side in row[3].split("x")]) for row in rows)
    assert studs == 30 * 20
    layers = {layer.name: layer.shapes for layer in built.layers}
    assert sum(len(shape.paths) for shape in layers["plates"]) == sum(int(row[4]) for row in rows)
    assert sum(len(shape.paths) for shape in layers["studs"]) == 30 * 20
    plan = find("bricks")(blots(), studs=30, colors=7, view="plan", page="60x50mm", margin=2)
    assert rows_of(plan) == [head, *rows] and plan.page is not None


def test_the_colors_that_are_kept_are_those_that_are_missed_most():
    unlike = np.array([[0, 1, 90]] * 3 + [[40, 0, 90]] * 2 + [[500, 600, 0]])
    assert patterns.fewest_missed(unlike, np.ones(6, np.int64), 2).tolist() == [1, 2]
    assert patterns.fewest_missed(unlike, np.array([99, 99, 99, 1, 1, 1]), 2).tolist() == [0, 2]
    assert patterns.fewest_missed(unlike, np.ones(6, np.int64), 3).tolist() == [0, 1, 2]


def test_a_lone_cell_is_given_to_those_around_unless_it_is_seen():
    cells = np.full((9, 9, 3), 120, np.uint8)
    cells[4, 4] = 135
    palette = np.array([[120] * 3, [135] * 3, [250, 0, 0]], np.uint8)
    assert (patterns.pattern(cells, None, palette, 3, 0.0) == 1).sum() == 1
    assert (patterns.pattern(cells, None, palette, 3, 0.06) == 0).all()
    cells[4, 4] = (250, 0, 0)
    assert (patterns.pattern(cells, None, palette, 3, 0.06) == 2).sum() == 1


def test_transparent_parts_are_bare():
    alpha = np.full((40, 60), 255, np.uint8)
    alpha[:, :30] = 0
    image = Image(blots().pixels, alpha)
    assert sum(int(row[4]) for row in rows_of(find("cross-stitch")(image, stitches=30))[1:]) == 300
    bare = find("bricks")(Image(blots().pixels, np.zeros((40, 60), np.uint8)), studs=30)
    assert len(rows_of(bare)) == 1 and not list(bare.shapes)


LISTS = {
    "heads.csv": "Name;Hex;Number\nDeep red;#AA0000;R 1\nSnow;ffffff;W\n",
    "plain.csv": "Deep red,R-1,#aa0000\nSnow,W,#ffffff\n",
    "codes.csv": "R-1,Deep red,aa0000\nW,Snow,ffffff\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_from_a_file(tmp_path, name):
    path = tmp_path / name
    path.write_text(LISTS[name])
    made = find("cross-stitch")(blots(), stitches=10, threads=str(path))
    told = {tuple(row[1:4]) for row in rows_of(made)[1:]}
    assert told == {("R-1", "Deep red", "#aa0000"), ("W", "Snow", "#ffffff")}
    assert find("cross-stitch").check({"threads": str(path)})["threads"] == ("#aa0000 R-1 Deep red", "#ffffff W Snow")


def test_palettes_and_colors_are_lists_too(tmp_path):
    path = tmp_path / "inks.gpl"
    path.write_text("GIMP Palette\nName: x\n#\n170 0 0\tDeep red\n255 255 255\tSnow\n")
    assert find("bricks").check({"palette": str(path)})["palette"] == ("#aa0000 1 Deep red", "#ffffff 2 Snow")
    assert find("bricks").check({"palette": "black, #fff"})["palette"] == ("#000000", "#ffffff")
    only = find("cross-stitch")(blots(), stitches=10, threads="black")
    assert [row[3:] for row in rows_of(only)[1:]] == [["#000000", "70"]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "0 colors"),
        ("name,code,hex\n", "0 colors"),
        ("Red,R,#aa00\n", "1: .*want a code"),
        ("Red,R,#aa0000\nBlue,B,blue\n", "2: .*want a code"),
    ],
)
def test_a_list_that_is_none_is_refused_in_one_line(tmp_path, text, complaint):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match=complaint) as caught:
        find("cross-stitch")(blots(), threads=str(path))
    assert "\n" not in str(caught.value) and "list.csv" in str(caught.value)


@pytest.mark.parametrize("name", ["no-such.csv", "thread", ""])
def test_a_list_that_is_not_there_is_refused(name):
    with pytest.raises(UsageError, match="threads: ") as caught:
        find("cross-stitch").check({"threads": name})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", materials.LISTS)
def test_lists_that_come_along_have_codes_of_their_own(name):
    listed = materials.listed(name)
    for field in ("color", "code", "name"):
        assert len({getattr(each, field) for each in listed}) == len(listed) > 30
