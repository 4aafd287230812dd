"""Inks on each other, pictures of prints, printers' profiles, and drawings that hold together when they are cut."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.labels import Labels
from artkit.cli import app
from artkit.export import save
from artkit.ops.press import cut_out, overprint, stencil, sticker
from artkit.prepress.mixing import mixed, mixtures
from artkit.prepress.profile import profile_of
from artkit.prepress.regions import regions

BLUE, PINK, BOTH = "#0078bf", "#ff48b0", "#002284"


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float))


@pytest.fixture
def desk(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> FilePath:
    """A folder with art of 100 x 60 px: 20% of it pink, 30% blue, 10% both, the rest white."""
    shapes = [
        Shape([box(0, 0, 100, 60)], "#ffffff"),
        Shape([box(0, 0, 20, 60)], PINK),
        Shape([box(20, 0, 50, 60)], BLUE),
        Shape([box(50, 0, 60, 60)], BOTH),
    ]
    save(Drawing(100, 60, [Layer(shapes)]), tmp_path / "riso.svg")
    monkeypatch.chdir(tmp_path)
    return tmp_path


RISO = ("--plates", "pages", "--overprint", "all", "--for", "riso")


def artkit(*arguments: Any, status: int = 0) -> Any:
    done = CliRunner().invoke(app, ["export", *map(str, arguments)])
    assert done.exit_code == status, done.output
    return done


def told(*arguments: Any) -> dict[str, Any]:
    return dict(json.loads(artkit(*arguments, "--json", "--quiet").stdout))


def test_colors_of_inks_on_each_other_are_found():
    assert mixed([BLUE, PINK]) == BOTH
    assert mixtures([BLUE, "#ffe800", BOTH, PINK]) == {BOTH: (BLUE, PINK)}
    three = [PINK, BLUE, "#ffe800", mixed([PINK, BLUE, "#ffe800"])]
    assert mixtures(three) == {three[3]: (PINK, BLUE, "#ffe800")}
    assert not mixtures(["#ff0000", "#00ff00", "#123456"])


def test_regions_get_the_colors_of_inks_on_each_other_from_dark_to_light():
    labels = Labels(np.arange(4, dtype=np.int32)[None], np.array([[200] * 3, [0] * 3, [90] * 3, [255] * 3], np.uint8))
    made = ["#" + bytes(color).hex() for color in overprint(labels, inks=(PINK, BLUE), paper="white").palette]
    assert made == [PINK, BOTH, BLUE, "#ffffff"]


def test_a_color_of_two_inks_is_on_both_plates_and_in_the_report(desk):
    made = told("riso.svg", "-o", "a.pdf", *RISO)
    assert [(plate["name"], plate["coverage"]) for plate in made["plates"]] == [("Fluorescent Pink", 30), ("Blue", 40)]
    assert made["mixes"] == [{"inks": ["Fluorescent Pink", "Blue"], "color": BOTH, "coverage": 10}]
    alone = told("riso.svg", "-o", "a.pdf", *RISO, "--order", f"{BOTH}:Third")
    assert alone["plates"][0]["name"] == "Third"
    assert [plate["coverage"] for plate in alone["plates"]] == [10, 20, 30]


def test_a_picture_of_the_print_shows_what_the_art_does(desk):
    artkit("riso.svg", "-o", "proof.png", *RISO, "--dpi", "96")
    with Pillow.open("proof.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))[30, [10, 35, 55, 80]]
    assert ["#" + bytes(color).hex() for color in pixels] == [PINK, BLUE, BOTH, "#ffffff"]


def test_plates_as_bitmaps_are_black_and_white_at_the_resolution_that_is_asked_for(desk):
    made = told("riso.svg", "-o", "dots/", *RISO, "--plates", "bitmaps", "--dpi", "192")
    assert list(made["files"]) == ["dots/1-Fluorescent-Pink.tif", "dots/2-Blue.tif"]
    with Pillow.open("dots/2-Blue.tif") as plate:
        assert plate.mode == "1" and plate.info["dpi"] == (192, 192) and plate.size == (200, 120)
        assert abs(1 - np.asarray(plate).mean() - 0.4) < 0.01


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
def test_ghostscript_finds_the_two_inks_and_nothing_else(desk):
    made = told("riso.svg", "-o", "a.pdf", *RISO, "--plates", "layers", "--page", "100x60mm")
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dNOSAFER", "-sDEVICE=tiffsep", "-r300", "-o", "plate.tif"]
    exact = "<< /Install { 0 0 .setfilladjust2 } >> setpagedevice"
    subprocess.run([*command, "-c", exact, "-f", "a.pdf"], check=True, capture_output=True)
    found = {}
    for path in FilePath().glob("plate(*).tif"):
        with Pillow.open(path) as plate:
            found[path.stem[6:-1]] = 100 * (1 - np.asarray(plate.convert("L")).mean() / 255)
    wanted = {plate["name"]: plate["coverage"] for plate in made["plates"]}
    assert found.keys() == wanted.keys() | {"Cyan", "Magenta", "Yellow", "Black"}
    assert all(abs(share - wanted.get(name, 0)) < 0.1 for name, share in found.items())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--page", "A2", "--portrait"], "riso: page: 420 x 594 mm, and 297 x 432 mm are the most"),
        ([], "riso: marks: there are none to lay plates on each other by"),
        (["--order", "#002284:Night"], "riso: Night: #002284 is none of its inks; "),
        (["--halftone", "45lpi"], "halftone: nothing here is translucent, so there are no tints to screen"),
    ],
)
def test_what_a_printer_does_not_print_is_told_in_a_line(desk, options, words):
    assert words in artkit("riso.svg", "-o", "a.pdf", *RISO, *options).output
    if words.startswith("riso"):
        assert words in artkit("riso.svg", "--check", *RISO, *options, status=1).output


def test_profiles_of_printers_print_and_name_each_ink_once():
    riso, screens = profile_of("riso"), profile_of("screenprint")
    assert riso.prints and screens.prints and not profile_of("cricut").prints
    assert len(set(riso.spots.values())) == len(riso.spots) > 40


@pytest.mark.parametrize("options", [["-o", "a.pdf", "--for", "riso"], ["--check", "--for", "riso"]])
def test_a_printer_takes_plates(desk, options):
    assert "--plates pages" in artkit("riso.svg", *options, status=2).output


def test_a_stencil_is_one_piece_and_its_bridges_are_as_wide_as_asked():
    rings = [box(10, 10, 90, 90), box(30, 30, 70, 70), box(45, 45, 55, 55)]
    art = Drawing(100, 100, [Layer([Shape(rings[:2], "#000000"), Shape(rings[2:], "#000000")])], "#ffffff")
    made = stencil(art, bridge=6.0, least=20.0)
    (dark,) = (ink for ink in regions(made, 1.0).inks if ink.color == "#000000")
    plate = shapely.box(-10, -10, 110, 110) - dark.region
    assert plate.geom_type == "Polygon"
    closed = regions(art, 1.0).inks[-1].region - dark.region
    assert abs(closed.area - 6 * 20) < 0.5  # one bridge of 6 across a ring of 20
    assert art.layers[0].shapes[0].paths == rings[:2]


def test_a_sticker_has_a_border_that_is_smooth_and_has_no_holes():
    art = Drawing(100, 100, [Layer([Shape([box(30, 30, 60, 70), box(40, 40, 50, 50)], "#ff0000")])])
    made = sticker(art, border=8.0, color="white")
    below = made.layers[0]
    (outline,) = (path for shape in below.shapes for path in shape.paths)
    around = shapely.polygons(outline.points)
    assert abs(around.area - shapely.box(30, 30, 60, 70).buffer(8).area) < 10
    steps = np.diff(np.vstack([outline.points, outline.points[:2]]), axis=0)
    turn = np.abs(np.angle(np.exp(1j * np.diff(np.arctan2(*steps.T)))))
    assert turn.max() < 0.35 and made.layers[1:] == art.layers


def test_the_border_of_many_small_things_is_that_of_each(monkeypatch):
    places = np.random.default_rng(5).uniform(20, 80, (60, 2))
    art = Drawing(100, 100, [Layer([Shape([box(x, y, x + 1, y + 2)], "#ff0000") for x, y in places])])

    def around() -> shapely.Geometry:
        shapes = sticker(art, border=9.0, color="white").layers[0].shapes
        return shapely.union_all([shapely.polygons(path.points) for shape in shapes for path in shape.paths])

    exact = around()
    monkeypatch.setattr("artkit.prepress.shapes.DETAILED", 0)
    assert shapely.hausdorff_distance(around().boundary, exact.boundary, densify=0.1) < 0.02 * 9


def test_a_cut_out_is_the_picture_where_the_subject_is():
    from artkit.artwork.image import Image

    picture = Image(np.full((2, 3, 3), 90, np.uint8))
    labels = Labels(np.array([[0, 1, 1], [0, 0, -1]], np.int32), np.zeros((2, 3), np.uint8), picture)
    alpha = cut_out(labels).alpha
    assert alpha is not None and alpha.tolist() == [[0, 255, 255], [0, 0, 0]]
