"""`artkit export`: pages, bleed, marks and tiles are where they are asked for, and what cannot be is one line."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.drawing import Drawing, Gradient, Layer, Page, Path, Shape, bounds
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.export import save
from artkit.export.sheet import Asked, laid_out
from artkit.export.sheet.bleed import bled
from artkit.export.sheet.layout import OVERLAP, tiles_along

RED, BLUE = "#ff0000", "#0000ff"
MM = 72 / 25.4


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float))


@pytest.fixture
def desk(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> FilePath:
    """A folder with a drawing (60 x 40 px, half red and half blue), one for pens, one of a blur, and a picture."""
    halves = [Shape([box(0, 0, 30, 40)], RED), Shape([box(30, 0, 60, 40)], BLUE)]
    save(Drawing(60, 40, [Layer(halves, "halves")]), tmp_path / "art.svg", metadata={"recipe": "[[steps]]\n"})
    line = Path(np.array([(5, 5), (50, 30)], float), closed=False)
    save(Drawing(60, 40, [Layer([Shape([line], None, RED)], "pen")], page=Page(60, 40)), tmp_path / "pens.svg")
    (tmp_path / "clip.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><clipPath id="c"><circle r="20"/></clipPath>'
        '<rect width="60" height="40" clip-path="url(#c)"/></svg>'
    )
    save(Image(np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)), tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARTKIT_GALLERY", raising=False)
    return tmp_path


def export(*arguments: Any) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["export", *map(str, arguments), "--json", "--quiet"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def boxes(path: FilePath) -> dict[str, list[float]]:
    """Boxes of a PDF's first page, in millimetres."""
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        names = ("MediaBox", "TrimBox", "BleedBox")
        return {name: [float(side) / MM for side in page.get(f"/{name}", page.MediaBox)] for name in names}


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ([], (60 * 25.4 / 96, 40 * 25.4 / 96)),
        (["--page", "A3"], (420, 297)),
        (["--page", "A3", "--portrait"], (297, 420)),
        (["--page", "100x200mm"], (100, 200)),
        (["--page", "100x200mm", "--landscape"], (200, 100)),
        (["--page", "8x10in"], (203.2, 254)),
        (["--page", "letter"], (279.4, 215.9)),
        (["--margin", "10mm"], (60 * 25.4 / 96 + 20, 40 * 25.4 / 96 + 20)),
    ],
)
@pytest.mark.parametrize("suffix", [".pdf", ".svg", ".png"])
def test_a_page_is_as_large_as_it_is_asked_for(desk, asked, size, suffix):
    told = export("art.svg", "-o", f"out{suffix}", "--dpi", 100, *asked)
    assert told["page_mm"] == pytest.approx(size, abs=1e-3)
    out = desk / f"out{suffix}"
    if suffix == ".pdf":
        assert boxes(out)["MediaBox"] == pytest.approx([0, 0, *size], abs=1e-3)
    elif suffix == ".svg":
        said = re.search(r'height="([\d.]+)mm" viewBox="0 0 ([\d.]+) ([\d.]+)" width="([\d.]+)mm"', out.read_text())
        assert [float(value) for value in said.groups()] == pytest.approx([size[1], *size, size[0]], abs=1e-3)
    else:
        with Pillow.open(out) as picture:
            assert picture.size == tuple(round(side / 25.4 * 100) for side in size)


def test_art_is_fitted_or_fills(desk):
    assert export("art.svg", "-o", "a.pdf", "--page", "300x300mm")["art_mm"] == [300, 200]
    assert export("art.svg", "-o", "a.pdf", "--page", "300x300mm", "--margin", "20mm")["art_mm"] == [260, 173.333]
    assert export("art.svg", "-o", "a.pdf", "--page", "300x300mm", "--fill")["art_mm"] == [450, 300]


@pytest.mark.parametrize(
    ("units", "width"), [("mm", "100mm"), ("in", "3.937in"), ("px96", "377.9528"), ("px72", "283.4646")]
)
def test_an_svg_says_its_size_in_the_units_asked_for(desk, units, width):
    export("art.svg", "-o", "a.svg", "--page", "100x50mm", "--units", units)
    assert f'width="{width}"' in (desk / "a.svg").read_text()
    box = f"{float(width):g}" if units.startswith("px") else "100"  # programs that know no units may read either
    assert re.search(r'viewBox="0 0 ([\d.]+) ', (desk / "a.svg").read_text())[1].startswith(box[:6])


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_pictures_say_their_resolution(desk, suffix):
    export("art.svg", "-o", f"a{suffix}", "--page", "30x20mm", "--dpi", 254)
    picture = Pillow.open(desk / f"a{suffix}")
    assert picture.size == (300, 200)
    assert [float(value) for value in picture.info["dpi"]] == pytest.approx([254, 254], abs=0.02)
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert np.abs(pixels[100, [20, 280]] - [[255, 0, 0], [0, 0, 255]]).max() <= 3


@pytest.mark.parametrize(
    ("paper", "pixel"), [(None, (255,) * 4), ("transparent", (0, 0, 0, 0)), ("#88aa00", (136, 170, 0, 255))]
)
def test_paper_is_white_or_a_color_or_none(desk, paper, pixel):
    export(
        "art.svg", "-o", "a.png", "--page", "40x60mm", "--portrait", "--dpi", 50, *(["--paper", paper] if paper else [])
    )
    assert tuple(np.asarray(Pillow.open(desk / "a.png").convert("RGBA"))[1, 1].tolist()) == pixel


def test_bleed_moves_arcs_on_the_edge_and_nothing_else():
    hill = Path(
        np.array([(0, 40), (0, 20), (20, 10), (40, 10), (60, 25), (60, 40)], float), np.array([1, 3, 1], np.uint8)
    )
    lone = Shape([box(10, 5, 20, 8)], BLUE)
    art = bled(Drawing(60, 40, [Layer([Shape([hill], RED), lone])]), (3, 3, 3, 3))
    moved, kept = art.shapes
    assert kept is lone
    low, high = bounds(moved.paths)
    assert low.tolist()[0] == -3 and high.tolist() == [63, 43]
    points = {tuple(point) for point in moved.paths[0].points.tolist()}
    assert {(0, 20), (20, 10), (40, 10), (60, 25), (-3, 20), (63, 25), (-3, 43), (63, 43)} <= points
    assert 3 in moved.paths[0].kinds


def test_sheets_full_of_faces_stay_full_with_their_bleed():
    """Faces that cover a sheet cover it and its bleed, corners included: by area, since none overlap here."""
    faces = [box(0, 0, 30, 20), box(30, 0, 60, 20), box(0, 20, 60, 40)]
    art = bled(Drawing(60, 40, [Layer([Shape([face], RED) for face in faces])]), (2, 2, 2, 2))
    areas = []
    for shape in art.shapes:
        x, y = shape.paths[0].points.T
        areas.append(abs((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2)
    assert sum(areas) == pytest.approx(64 * 44)


def test_strokes_stay_where_the_sheet_is_cut_and_bleed_beyond_it():
    art = bled(Drawing(60, 40, [Layer([Shape([box(0, 0, 30, 40)], RED, BLUE)])]), (2, 2, 2, 2))
    fill, strip, stroke = art.shapes
    assert fill.fill == RED and fill.stroke is None and bounds(list(fill.paths))[0].tolist() == [-2, -2]
    assert strip.fill == BLUE and bounds(list(strip.paths))[0].tolist() == [-2, -2]
    assert stroke.stroke == BLUE and stroke.fill is None and bounds(list(stroke.paths))[0].tolist() == [0, 0]


def test_lines_that_end_on_the_edge_go_on_in_their_direction():
    lines = [
        Path(np.array([(0, 10), (30, 20)], float), closed=False),
        Path(np.array([(30, 20), (58, 39), (60, 40)], float), closed=False),
        Path(np.array([(30, 5), (40, 1), (50, 0)], float), closed=False),
        Path(np.array([(9, 9), (20, 20)], float), closed=False),
    ]
    (shape,) = bled(Drawing(60, 40, [Layer([Shape(lines, stroke=BLUE)])]), (3, 3, 3, 3)).shapes
    found = [np.asarray(path.points) for path in shape.paths]
    assert found[0][0] == pytest.approx([-3, 9])
    assert found[1][-1] == pytest.approx([66, 43])
    assert found[2][-1] == pytest.approx([50, -3])  # nearly along the edge: straight out
    assert shape.paths[3] is lines[3]


def test_bleed_and_marks_lie_around_the_page(desk):
    export("art.svg", "-o", "a.pdf", "--page", "90x60mm", "--bleed", "3mm", "--crop-marks", "--registration-marks")
    found = boxes(desk / "a.pdf")
    trim, bleed = np.array(found["TrimBox"]), np.array(found["BleedBox"])
    assert trim[2:] - trim[:2] == pytest.approx([90, 60], abs=1e-3)
    assert trim - bleed == pytest.approx([3, 3, -3, -3], abs=1e-3)
    with pikepdf.open(desk / "a.pdf") as pdf:
        art, marks = pdf.pages[0].Resources.XObject.F0, pdf.pages[0].Resources.XObject.F1
        assert float(art.BBox[0]) < 0 and marks.read_bytes().count(b"S\n") == 8 + 4 * 3
    export("art.svg", "-o", "a.png", "--page", "90x60mm", "--bleed", "3mm", "--dpi", 50.8)
    assert np.asarray(Pillow.open(desk / "a.png").convert("RGB"))[0, 0].tolist() == [255, 0, 0]


def test_a_poster_is_told_over_sheets_whose_art_is_there_once(desk):
    export("art.svg", "-o", "a.pdf", "--page", "A2", "--tile", "A4")
    with pikepdf.open(desk / "a.pdf") as pdf:
        assert len(pdf.pages) == 8
        assert len({page.Resources.XObject.F0.objgen for page in pdf.pages}) == 1
        sides = sorted(float(side) / MM for side in pdf.pages[0].MediaBox[2:])
        assert sides == pytest.approx([210, 297], abs=1e-3)


@pytest.mark.parametrize("whole", [200.0, 277.0, 420.0, 594.0, 1189.0])
def test_sheets_show_all_of_a_length_and_overlap(whole):
    inside = 190.0
    begins = tiles_along(whole, inside)
    assert begins[0] <= 0 and begins[-1] + inside >= whole - 1e-9
    assert np.allclose(np.diff(begins), inside - OVERLAP)
    assert len(begins) == 1 or tiles_along(whole, inside)[-2] + inside < whole


def test_a_recipe_goes_along_unless_it_must_not(desk):
    from artkit.metadata import embedded

    for name in ("a.pdf", "a.svg", "a.png", "a.tif"):
        export("art.svg", "-o", name, "--dpi", 20)
        assert embedded.of((desk / name).read_bytes())["recipe"].strip() == "[[steps]]"
    export("art.svg", "-o", "b.pdf", "--no-metadata")
    assert not embedded.of((desk / "b.pdf").read_bytes())


def test_the_same_again_is_the_same_bytes(desk):
    for name in ("a.pdf", "a.svg", "a.png"):
        export("art.svg", "-o", name, "--page", "A6", "--bleed", "2mm", "--crop-marks", "--dpi", 60)
        first = (desk / name).read_bytes()
        export("art.svg", "-o", name, "--page", "A6", "--bleed", "2mm", "--crop-marks", "--dpi", 60)
        assert (desk / name).read_bytes() == first


def test_pixels_fill_a_page_and_its_bleed(desk):
    told = export("photo.png", "-o", "a.pdf", "--page", "A6", "--fill", "--bleed", "3mm")
    assert told["art_mm"][0] >= 154 - 1e-3 and told["art_mm"][1] >= 111 - 1e-3
    with pikepdf.open(desk / "a.pdf") as pdf:
        image = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.F0).as_pil_image()
        assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(Pillow.open("photo.png")))


def test_what_only_pixels_show_is_in_a_pdf_and_said(desk):
    done = CliRunner().invoke(app, ["export", "clip.svg", "-o", "a.pdf", "--dpi", "96"])
    assert done.exit_code == 0 and "drawn as pixels: 1 x clip" in done.stderr
    with pikepdf.open(desk / "a.pdf") as pdf:
        image = pdf.pages[0].Resources.XObject.F0
        assert (int(image.Width), int(image.Height)) == (20, 20)


@pytest.mark.slow
def test_an_artwork_of_a_gallery_is_found_by_part_of_its_name(desk, photo_file):
    runner = CliRunner()
    done = runner.invoke(app, ["apply", "two-ink", str(photo_file), "--size", "64", "--gallery", "shelf", "--quiet"])
    assert done.exit_code == 0, done.output
    export("two-ink", "-o", "a.pdf", "--gallery", "shelf")
    assert (desk / "a.pdf").read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["art.svg", "-o", "a.ai"], "cannot be written as .ai; use .pdf"),
        (["art.svg", "-o", "a"], "without a suffix"),
        (["art.svg", "-o", "a.pdf", "--page", "A9"], "page: 'A9' is no sheet"),
        (["art.svg", "-o", "a.pdf", "--page", "0x50mm"], "not between 0 and"),
        (["art.svg", "-o", "a.pdf", "--page", "A6", "--margin", "60mm"], "leaves nothing"),
        (["art.svg", "-o", "a.pdf", "--fill"], "there is no page to fill"),
        (["art.svg", "-o", "a.pdf", "--landscape"], "there is no page to turn"),
        (["art.svg", "-o", "a.pdf", "--fill", "--page", "A6", "--margin", "3mm"], "fill: leaves no margin"),
        (["art.svg", "-o", "a.pdf", "--bleed", "-1mm"], "bleed: -1 mm is not between"),
        (["art.svg", "-o", "a.pdf", "--bleed", "3lb"], "bleed: '3lb' is no length"),
        (["art.svg", "-o", "a.pdf", "--bleed", "3mm", "--page", "A6", "--margin", "9mm"], "nothing to bleed"),
        (["pens.svg", "-o", "a.pdf", "--bleed", "3mm"], "drawing for pens"),
        (["photo.png", "-o", "a.pdf", "--bleed", "3mm"], "pixels end where they end"),
        (["art.svg", "-o", "a.pdf", "--page", "A4", "--tile", "A3"], "fits on one sheet of A3"),
        (["art.svg", "-o", "a.pdf", "--page", "A0", "--tile", "30x30mm"], "too small"),
        (["art.svg", "-o", "a.png", "--page", "A3", "--tile", "A4", "--dpi", "20"], "tile: is for .pdf"),
        (["art.svg", "-o", "a.pdf", "--units", "in"], "--units in: is for SVG"),
        (["art.svg", "-o", "a.pdf", "--paper", "blurple"], "--paper blurple: no such color"),
        (["art.svg", "-o", "a.jpg", "--paper", "transparent"], "JPEG has no transparency"),
        (["clip.svg", "-o", "a.svg"], "would need pixels (clip)"),
        (["photo.png", "-o", "a.svg"], "would need pixels"),
        (["none.svg", "-o", "a.pdf"], "none.svg"),
        (["thin.svg", "-o", "a.pdf", "--page", "A6"], "narrower than"),
        (["nothing", "-o", "a.pdf"], "there is no such file"),
        (["art.svg", "-o", "no/folder/a.pdf"], "there is no folder"),
    ],
)
def test_what_cannot_be_is_one_line(desk, arguments, words):
    (desk / "thin.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="900000"><path d="M0 0h5v9z"/></svg>'
    )
    done = CliRunner().invoke(app, ["export", *arguments])
    assert done.exit_code in (1, 2) and done.stderr.count("Error") == 1, done.output
    assert words in done.stderr.splitlines()[-1]
    assert not [path for path in desk.iterdir() if path.name.startswith("a.")]


def test_a_pdf_is_not_exported_again(desk):
    export("art.svg", "-o", "b.pdf")
    done = CliRunner().invoke(app, ["export", "b.pdf", "-o", "a.pdf"])
    assert done.exit_code == 1 and "is a PDF already" in done.stderr


def test_gradients_are_as_they_were_wherever_they_lie(desk):
    fill = Gradient((0, 0), (60, 40), (RED, BLUE), stops=(0.25, 0.75))
    save(Drawing(60, 40, [Layer([Shape([box(0, 0, 60, 40)], fill)])]), desk / "fade.svg")
    export("fade.svg", "-o", "f.pdf", "--page", "A0")
    with pikepdf.open(io.BytesIO((desk / "f.pdf").read_bytes())) as pdf:
        form = pdf.pages[0].Resources.XObject.F0
        shading = form.Resources.Pattern.P0.Shading
        unit = float(form.BBox[2]) / 60
        assert [float(value) / unit for value in shading.Coords] == pytest.approx([15, 10, 45, 30], abs=0.4)
        assert unit < 30  # a unit far below a pixel would make the pattern's matrix singular to poppler


def test_layouts_keep_art_in_the_middle():
    made = laid_out(60, 40, Asked("200x200mm", bleed=5))
    left, top, right, bottom = made.art
    assert (left + right, top + bottom) == pytest.approx((made.width, made.height))
    assert made.spills == (True, False, True, False)


@pytest.fixture
def inked(desk: FilePath) -> FilePath:
    """Three layers, each in one color, the second within the first, the third white."""
    layers = [
        Layer([Shape([box(0, 0, 60, 40)], "#ffcc00")], "1 - sun & sand"),
        Layer([Shape([box(15, 10, 45, 30)], "#0033aa")], "2 - Meer tief"),
        Layer([Shape([box(25, 15, 35, 25)], "#ffffff")], "3 - paper"),
    ]
    save(Drawing(60, 40, layers, background="#eeeeee"), desk / "inks.svg")
    return desk


def separations(path: FilePath) -> tuple[dict[str, list[float]], bytes]:
    """Names of the inks of a page's first form with their colors, and its content."""
    with pikepdf.open(path) as pdf:
        form = pdf.pages[0].Resources.XObject.F0
        spaces = form.Resources.ColorSpace
        found = {str(space[1])[1:]: [float(v) for v in space[3].C1] for space in spaces.values()}
        return found, form.read_bytes()


def test_each_color_is_an_ink_by_the_name_of_its_layer(inked):
    export("inks.svg", "-o", "a.pdf", "--inks")
    found, content = separations(inked / "a.pdf")
    assert sorted(found) == ["Meer tief", "sun & sand"]
    assert found["sun & sand"] == pytest.approx([1, 0.8, 0], abs=1e-3)
    assert content.count(b" scn") == 2 and content.count(b"1 1 1 rg") == 1  # white is no ink: it knocks out
    assert b"re f" not in content  # the sheet's color is the paper's


def test_only_inks_that_are_named_overprint(inked):
    export("inks.svg", "-o", "a.pdf", "--inks", "--overprint", "Meer tief")
    with pikepdf.open(inked / "a.pdf") as pdf:
        form = pdf.pages[0].Resources.XObject.F0
        states = {name: bool(state.op) for name, state in form.Resources.ExtGState.items()}
        names = [str(one.operands[0]) for one in pikepdf.parse_content_stream(form) if str(one.operator) == "gs"]
    assert [states[name] for name in names] == [True]


def test_marks_are_on_every_plate(inked):
    export("inks.svg", "-o", "a.pdf", "--inks", "--registration-marks")
    with pikepdf.open(inked / "a.pdf") as pdf:
        marks = pdf.pages[0].Resources.XObject.F1
        assert [str(space[1]) for space in marks.Resources.ColorSpace.values()] == ["/All"]
    export("inks.svg", "-o", "a.pdf", "--inks", "--page", "A3", "--tile", "A4")
    with pikepdf.open(inked / "a.pdf") as pdf:
        for page in pdf.pages:
            names = [
                str(space[1])
                for form in page.Resources.XObject.values()
                for space in form.Resources.ColorSpace.values()
            ]
            assert len(names) == 3 and names[-1] == "/All" and "/All" not in names[:-1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["inks.svg", "-o", "a.png", "--inks"], "inks: are for .pdf"),
        (["inks.svg", "-o", "a.pdf", "--overprint", "all"], "give --inks, too"),
        (
            ["inks.svg", "-o", "a.pdf", "--inks", "--overprint", "Meer"],
            "no ink is called 'Meer'; did you mean Meer tief?",
        ),
        (["inks.svg", "-o", "a.pdf", "--inks", "--paper", "red"], "is no ink"),
        (["clip.svg", "-o", "a.pdf", "--inks"], "pixels on this page"),
        (["fade.svg", "-o", "a.pdf", "--inks"], "there are gradients"),
        (["soft.svg", "-o", "a.pdf", "--inks"], "'mist' is soft"),
        (["many.svg", "-o", "a.pdf", "--inks"], "40 colors are too many"),
    ],
)
def test_what_is_no_ink_is_told_in_one_line(inked, arguments, words):
    fill = Gradient((0, 0), (60, 40), (RED, BLUE))
    save(Drawing(60, 40, [Layer([Shape([box(0, 0, 60, 40)], fill)])]), inked / "fade.svg")
    save(Drawing(60, 40, [Layer([Shape([box(0, 0, 60, 40)], RED)], "mist", blur=2)]), inked / "soft.svg")
    shapes = [Shape([box(k, 0, k + 1, 9)], f"#0000{k:02x}") for k in range(40)]
    save(Drawing(60, 40, [Layer(shapes)]), inked / "many.svg")
    done = CliRunner().invoke(app, ["export", *arguments])
    assert done.exit_code == 2 and done.stderr.count("Error") == 1, done.output
    assert words in done.stderr.splitlines()[-1]


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed: apt-get install ghostscript")
@pytest.mark.parametrize("overprint", [False, True])
def test_ghostscript_finds_these_plates_and_no_others(inked, overprint):
    export("inks.svg", "-o", "a.pdf", "--inks", *(["--overprint", "all"] if overprint else []))
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", "-r192", "-o", "plate.tif", "a.pdf"]
    subprocess.run(command, check=True, capture_output=True, cwd=inked, timeout=60)
    cover = {}
    for path in inked.glob("plate(*).tif"):
        with Pillow.open(path) as plate:
            cover[path.stem[6:-1]] = 100 * (1 - np.asarray(plate.convert("L")).mean() / 255)
    wanted = {"sun & sand": 100 - 100 / 24, "Meer tief": 25 - 100 / 24} if overprint else {}
    wanted = wanted or {"sun & sand": 75, "Meer tief": 25 - 100 / 24}
    assert cover == pytest.approx({**wanted, **dict.fromkeys(("Cyan", "Magenta", "Yellow", "Black"), 0)}, abs=0.1)
