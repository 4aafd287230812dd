"""`artkit export --plates`: named inks in order, as Ghostscript finds them; what cannot be printed is one line."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.drawing import Drawing, Gradient, Layer, Page, Path, Shape
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.export import save
from artkit.prepress.tones import shares

SUN, RED, NIGHT, SEA = "#ffe08a", "#d62828", "#1d3557", "#2a9d8f"
GHOSTSCRIPT = pytest.mark.skipif(
    shutil.which("gs") is None, reason="Ghostscript is not installed: apt-get install ghostscript"
)


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float))


@pytest.fixture
def desk(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> FilePath:
    """Sun over all 48 x 32 mm, night on the right, red over both; the same with a tint, with a gradient; a picture."""
    layers = [
        Layer([Shape([box(0, 0, 48, 32)], SUN)], "Sun"),
        Layer([Shape([box(24, 0, 48, 32)], NIGHT)], "Deep Night"),
        Layer([Shape([box(12, 8, 36, 24)], RED)], "Red"),
    ]
    page = Page(48, 32)
    save(Drawing(48, 32, layers, page=page), tmp_path / "art.svg", metadata={"recipe": "[[steps]]\n"})
    tint = Layer([Shape([box(0, 24, 24, 32)], SEA, opacity=0.4)], "Sea")
    save(Drawing(48, 32, [*layers, tint], page=page), tmp_path / "tint.svg")
    graded = Shape([box(0, 0, 9, 9)], Gradient((0, 0), (9, 9), (RED, SUN)))
    save(Drawing(48, 32, [*layers, Layer([graded], "sky")], page=page), tmp_path / "graded.svg")
    thin = Layer([Shape([box(5, 2, 5.1, 30)], RED)], "Red")
    save(Drawing(48, 32, [*layers[:2], thin], page=page), tmp_path / "thin.svg")
    save(Image(np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)), tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARTKIT_GALLERY", raising=False)
    return tmp_path


def export(*arguments: Any) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["export", *map(str, arguments), "--json", "--quiet"])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def covers(made: dict[str, Any]) -> dict[str, float]:
    return {plate["name"]: plate["coverage"] for plate in made["plates"]}


def test_plates_go_from_light_to_dark_and_their_coverage_adds_up(desk):
    made = export("art.svg", "-o", "a.pdf", "--plates", "pages")
    assert covers(made) == pytest.approx({"Sun": 37.5, "Red": 25, "Deep Night": 37.5}, abs=0.01)
    assert [*covers(made)] == ["Sun", "Red", "Deep Night"]
    with pikepdf.open(desk / "a.pdf") as pdf:
        assert len(pdf.pages) == 3
    data = (desk / "a.pdf").read_bytes()
    export("art.svg", "-o", "b.pdf", "--plates", "pages")
    assert data == (desk / "b.pdf").read_bytes()


def test_inks_are_ordered_and_called_as_asked(desk):
    made = export("art.svg", "-o", "a.svg", "--plates", "layers", "--order", "deep night:Ink,#d62828")
    assert [*covers(made)] == ["Ink", "Red", "Sun"]
    text = (desk / "a.svg").read_text()
    assert text.index("Ink") < text.index("Red") < text.index("Sun")


def test_the_cloth_is_no_ink(desk):
    made = export("art.svg", "-o", "a.pdf", "--plates", "pages", "--paper", SUN)
    assert covers(made) == pytest.approx({"Red": 25, "Deep Night": 37.5}, abs=0.01)


def test_a_trap_lies_beneath_the_darker_ink(desk):
    made = export("art.svg", "-o", "a.pdf", "--plates", "pages", "--trap", "0.5mm")
    area = 48 * 32 / 100
    # The sun meets red along 12 + 16 + 12 mm and the night along 8 + 8, and goes on round two corners of each.
    assert covers(made)["Deep Night"] == pytest.approx(37.5, abs=0.01)
    assert covers(made)["Red"] == pytest.approx(25 + (12 + 16 + 12) * 0.5 / area, abs=0.05)
    assert covers(made)["Sun"] == pytest.approx(37.5 + (12 + 16 + 12 + 8 + 8) * 0.5 / area, abs=0.05)
    assert made["trap"]["share"] == 1 and made["trap"]["deep"] > 0


def test_what_overprints_knocks_nothing_out(desk):
    made = export("art.svg", "-o", "a.pdf", "--plates", "layers", "--overprint", "Red")
    assert covers(made) == pytest.approx({"Sun": 50, "Red": 25, "Deep Night": 50}, abs=0.01)
    made = export("art.svg", "-o", "a.pdf", "--plates", "layers", "--overprint", "all")
    assert covers(made) == pytest.approx({"Sun": 100, "Red": 25, "Deep Night": 50}, abs=0.01)


def test_an_underbase_lies_beneath_light_inks_and_is_choked(desk):
    made = export("art.svg", "-o", "a.pdf", "--plates", "pages", "--underbase", "--choke", "1mm")
    assert next(iter(covers(made))) == "Underbase"
    whole = export("art.svg", "-o", "a.pdf", "--plates", "pages", "--underbase", "--choke", "0")
    assert covers(made)["Underbase"] < covers(whole)["Underbase"]


def test_tints_are_screened(desk):
    made = export(
        "tint.svg", "-o", "a.pdf", "--plates", "layers", "--halftone", "45lpi", "--halftone", "Sea: 30lpi line"
    )
    assert covers(made)["Sea"] == pytest.approx(0.4 * 12.5, abs=0.02)


def test_photos_and_gradients_are_screened_for_the_inks_that_are_named(desk):
    inks = ["--order", "#0078bf:Blue,#ff48b0:Pink", "--page", "30x20mm"]
    y, x = np.mgrid[:40, :60]
    photo = Image(np.stack([4 * x, 6 * y, 255 - 2 * x - y], axis=2).astype(np.uint8))
    save(photo, desk / "smooth.png")
    made = export("smooth.png", "-o", "a.pdf", "--plates", "layers", "--halftone", "60lpi", *inks)
    mean = 100 * shares(photo.pixels.reshape(-1, 3), ["#0078bf", "#ff48b0"], "#ffffff").mean(axis=1)
    assert covers(made) == pytest.approx(dict(zip(("Blue", "Pink"), mean, strict=True)), abs=0.5)
    made = export("graded.svg", "-o", "a.pdf", "--plates", "pages", "--halftone", "12lpi square")
    assert [*covers(made)] == ["Yellow", "Cyan", "Magenta", "Black"]


def test_gradients_of_opacity_are_tones_of_their_ink(desk):
    fading = Gradient((0, 0), (48, 0), (SEA, SEA), opacities=(0.0, 1.0))
    layers = [Layer([Shape([box(0, 0, 48, 16)], fading)], "Sea"), Layer([Shape([box(0, 16, 48, 32)], RED)], "Red")]
    save(Drawing(48, 32, layers, page=Page(48, 32)), desk / "fade.svg")
    made = export("fade.svg", "-o", "a.pdf", "--plates", "layers", "--halftone", "30lpi")
    assert covers(made) == pytest.approx({"Sea": 25, "Red": 50}, abs=0.1)


def test_thin_parts_are_told_and_gone(desk):
    made = export("thin.svg", "-o", "a.pdf", "--plates", "pages", "--min-feature", "0.5mm", "--thicken", "none")
    assert [*covers(made)] == ["Sun", "Deep Night"]
    made = export("thin.svg", "-o", "a.pdf", "--plates", "pages", "--min-feature", "0.5mm", "--thicken", "red")
    assert [(plate["thin_parts"], plate["widened"]) for plate in made["plates"]] == [(0, 0), (1, 1), (0, 0)]
    assert covers(made)["Red"] == pytest.approx(100 * 0.5 * 28 / (48 * 32), rel=0.05)


def test_a_folder_has_a_file_for_each_plate(desk):
    made = export("art.svg", "-o", "films/", "--plates", "films")
    assert sorted(path.name for path in (desk / "films").iterdir()) == ["1-Sun.pdf", "2-Red.pdf", "3-Deep-Night.pdf"]
    assert [*made["files"]] == ["films/1-Sun.pdf", "films/2-Red.pdf", "films/3-Deep-Night.pdf"]
    with pikepdf.open(desk / "films" / "1-Sun.pdf") as pdf:
        assert "Separation" not in str(pdf.pages[0].get("/Resources"))


def test_check_finds_faults_and_writes_nothing(desk):
    before = sorted(desk.iterdir())
    done = CliRunner().invoke(app, ["export", "thin.svg", "--plates", "pages", "--check"])
    assert (
        done.exit_code == 1 and "Red: has a feature of 0.05 mm" in done.output and "trap: there is none" in done.output
    )
    done = CliRunner().invoke(app, ["export", "art.svg", "--plates", "pages", "--check", "--trap", "0.2mm"])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(app, ["export", "thin.svg", "--plates", "pages", "--check", "--for", "screenprint"])
    assert "has a feature of 0.05 mm, and 0.3 mm is least" in done.output
    assert sorted(desk.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["art.svg", "-o", "a.pdf", "--trap", "1mm"], "--plates"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--trap", "9mm", "--overprint", "Rad"], "did you mean Red?"),
        (
            ["art.svg", "-o", "a.pdf", "--plates", "pages", "--order", "Sun,Red,Sun,Red,x"],
            "names 5 inks, and the art has 3",
        ),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--order", "Sun,Sun"], "twice"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--order", "Sun:Red"], "two inks are called 'Red'"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--order", "Sun:All"], "stands for all plates"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--inks"], "--inks another"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--order", "#123456"], "no ink is called '#123456'"),
        (["art.svg", "-o", "a.gif", "--plates", "pages"], "pages of a .pdf"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--choke", "1mm"], "--underbase"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--trap", "-1mm"], "trap: -1mm is not between"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--halftone", "45"], "halftone: '45' is no screen"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--halftone", "Rod: 45lpi"], "no ink is called 'Rod'"),
        (["art.svg", "-o", "a.pdf", "--plates", "pages", "--tile", "A6"], "tile"),
        (["thin.svg", "-o", "a.pdf", "--plates", "pages", "--trap", "0.4mm"], "wider than anything of Red"),
        (["tint.svg", "-o", "a.pdf", "--plates", "pages"], "'Sea': has translucent shapes"),
        (["graded.svg", "-o", "a.pdf", "--plates", "pages"], "'sky': has gradients"),
        (["photo.png", "-o", "a.pdf", "--plates", "pages"], "pixels on this page"),
        (["photo.png", "-o", "a.pdf", "--plates", "pages", "--halftone", "Red: 45lpi"], "no ink is called 'Red'"),
        (["photo.png", "-o", "a.pdf", "--plates", "pages", "--halftone", "Black: 45lpi"], "Yellow has no screen"),
        (["graded.svg", "-o", "a.pdf", "--plates", "pages", "--halftone", "45lpi", "--trap", "1mm"], "leave --trap"),
        (
            ["photo.png", "-o", "a.pdf", "--plates", "pages", "--halftone", "9lpi", "--order", "Sun"],
            "'Sun' is no color",
        ),
        (["art.svg"], "name the file to write"),
    ],
)
def test_what_cannot_be_is_one_line(desk, arguments, words):
    before = sorted(desk.iterdir())
    done = CliRunner().invoke(app, ["export", *arguments])
    assert done.exit_code == 2 and done.stderr.count("Error") == 1, done.output
    assert words in done.stderr.splitlines()[-1]
    assert sorted(desk.iterdir()) == before


def separations(path: FilePath, dpi: int = 254) -> dict[str, float]:
    """Coverage in percent of each plate that Ghostscript finds, the largest of all pages."""
    # Without adjustment: with it, Ghostscript fills each pixel that is touched.
    exact = "<< /Install { 0 0 .setfilladjust2 } >> setpagedevice"
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dNOSAFER", "-sDEVICE=tiffsep", f"-r{dpi}", "-o", "plate%d.tif"]
    command += ["-c", exact, "-f", path.name]
    subprocess.run(command, check=True, capture_output=True, cwd=path.parent, timeout=60)
    found: dict[str, float] = {}
    for file in path.parent.glob("plate*(*).tif"):
        with Pillow.open(file) as plate:
            name = file.stem.partition("(")[2][:-1]
            found[name] = max(found.get(name, 0), 100 * (1 - np.asarray(plate.convert("L")).mean() / 255))
    return found


@GHOSTSCRIPT
@pytest.mark.parametrize(
    "more", [["pages"], ["layers", "--trap", "0.5mm"], ["layers", "--overprint", "Red"], ["pages", "--underbase"]]
)
def test_ghostscript_finds_the_plates_as_they_are_told(desk, more):
    made = export("art.svg", "-o", "a.pdf", "--plates", *more)
    process = dict.fromkeys(("Cyan", "Magenta", "Yellow", "Black"), 0.0)
    assert separations(desk / "a.pdf") == pytest.approx({**covers(made), **process}, abs=0.1)


@GHOSTSCRIPT
def test_ghostscript_finds_tints_as_they_are_told(desk):
    made = export("tint.svg", "-o", "a.pdf", "--plates", "layers", "--halftone", "25lpi")
    assert separations(desk / "a.pdf", 508)["Sea"] == pytest.approx(covers(made)["Sea"], abs=0.1)


@GHOSTSCRIPT
def test_registration_marks_are_on_all_plates(desk):
    export("art.svg", "-o", "a.pdf", "--plates", "layers", "--registration-marks")
    assert min(separations(desk / "a.pdf").values()) > 0
