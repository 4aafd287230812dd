"""`artkit export --cut` and `--check`, EPS and DXF: sizes in every format, what other programs read, what cannot be."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.drawing import CUBIC, Drawing, Gradient, Layer, LineStyle, Page, Path, Shape
from artkit.cli import app
from artkit.errors import UsageError
from artkit.export import save
from artkit.export.eps import Laid, eps
from artkit.export.pdf.inks import Ink
from artkit.export.read import opened
from artkit.pens.styled import lines_of

RED, BLUE, WHITE = "#ff0000", "#0000ff", "#ffffff"


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float))


@pytest.fixture
def desk(tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch) -> FilePath:
    """A folder with art of 100 x 60 mm, an island in a hole, the same in pixels, one for pens, and a gradient."""
    shapes = [Shape([box(0, 0, 60, 60)], RED), Shape([box(60, 0, 100, 60)], BLUE)]
    page = Page(100, 60)
    save(Drawing(100, 60, [Layer(shapes)], page=page), tmp_path / "art.svg", metadata={"title": "Flag"})
    hole = [Shape([box(10, 10, 90, 50), box(20, 20, 40, 40)], BLUE)]
    save(Drawing(100, 60, [Layer(hole)], background=WHITE, page=page), tmp_path / "hole.svg")
    save(Drawing(96, 48, [Layer([Shape([box(0, 0, 48, 48)], RED)])]), tmp_path / "pixels.svg")
    line = Path(np.array([(5, 5), (50, 30)], float), closed=False)
    save(Drawing(100, 60, [Layer([Shape([line], None, RED)], "pen")], page=page), tmp_path / "pens.svg")
    faded = Shape([box(0, 0, 60, 60)], Gradient((0, 0), (60, 0), (RED, BLUE)))
    save(Drawing(100, 60, [Layer([faded])], page=page), tmp_path / "faded.svg")
    Pillow.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARTKIT_GALLERY", raising=False)
    return tmp_path


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(app, ["export", *map(str, arguments)])


def export(*arguments: Any) -> dict[str, Any]:
    done = run(*arguments, "--json", "--quiet")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def checked(*arguments: Any) -> tuple[int, dict[str, Any]]:
    done = run("--check", *arguments, "--json")
    assert done.stdout, done.output
    return done.exit_code, {row["name"]: row for row in json.loads(done.stdout)}


class TestSizes:
    @pytest.mark.parametrize(("units", "unit"), [("mm", 1), ("in", 25.4), ("px96", 25.4 / 96), ("px72", 25.4 / 72)])
    def test_the_square_is_20_mm_in_an_svg_of_any_unit(self, desk, units, unit):
        export("art.svg", "-o", "a.svg", "--cut", "--size-check", "--units", units)
        text = (desk / "a.svg").read_text()
        width = float(re.search(r'\swidth="([\d.]+)', text)[1]) * unit
        across = float(re.search(r'viewBox="0 0 ([\d.]+)', text)[1])
        square = next(
            layer for part in opened(text.encode()).parts for layer in part.layers if layer.name == "size-check"
        )
        drawn = opened(text.encode())
        sides = np.ptp(square.shapes[0].paths[0].points, axis=0) / drawn.parts[0].width * width
        assert sides == pytest.approx([20, 20], abs=0.005)
        if units.startswith("px"):  # whoever reads coordinates and no size finds the same
            assert across * unit == pytest.approx(width, abs=1e-3)

    def test_the_square_is_20_mm_in_a_dxf(self, desk):
        ezdxf = pytest.importorskip("ezdxf")
        export("art.svg", "-o", "a.dxf", "--cut", "--size-check")
        document = ezdxf.readfile(desk / "a.dxf")
        (square,) = document.modelspace().query('LWPOLYLINE[layer=="size-check"]')
        assert np.ptp(np.array(square.get_points("xy")), axis=0) == pytest.approx([20, 20], abs=0.005)
        assert document.units == ezdxf.units.MM

    @pytest.mark.parametrize("suffix", [".pdf", ".eps"])
    def test_the_square_is_20_mm_in_pdf_and_eps(self, desk, suffix):
        export("art.svg", "-o", f"a{suffix}", "--cut", "--size-check")
        if suffix == ".pdf":
            with pikepdf.open(desk / "a.pdf") as pdf:
                page = pdf.pages[0]
                scale = [float(v) for v in page.Contents.read_bytes().split(b" cm")[0].split()[-6:]]
                text = page.Resources.XObject.F0.read_bytes().decode()
        else:
            text = (desk / "a.eps").read_text()
            scale = [float(v) for v in re.search(r"\[([^\]]*)\]concat", text)[1].split()]
        points = re.findall(r"([\d.-]+) ([\d.-]+) [ml]\b", text)[:4]
        sides = np.ptp(np.array(points, float), axis=0) * np.abs([scale[0], scale[3]]) * 25.4 / 72
        assert sides == pytest.approx([20, 20], abs=0.005)

    def test_the_square_is_20_mm_in_pixels(self, desk):
        export("art.svg", "-o", "a.png", "--cut", "--size-check", "--dpi", 254)
        ink = np.asarray(Pillow.open(desk / "a.png").convert("L")) < 200
        rows = np.flatnonzero(ink[620:].any(1))
        assert rows[-1] - rows[0] == pytest.approx(200, abs=2)

    def test_cricut_reads_72_pixels_to_an_inch(self, desk):
        export("art.svg", "-o", "a.svg", "--cut", "--for", "cricut", "--size-check")
        assert f'width="{100 / 25.4 * 72:.4f}"' in (desk / "a.svg").read_text()
        status, rows = checked("a.svg", "--for", "cricut")
        assert status == 0 and rows["size check"]["value"] == pytest.approx(20, abs=0.002)
        status, rows = checked("a.svg", "--for", "lightburn")  # 96 pixels to an inch: wrong by 3/4
        assert status == 1 and rows["size check"]["value"] == pytest.approx(15, abs=0.01)


class TestCutting:
    def test_common_lines_are_the_default_and_told(self, desk):
        told = export("art.svg", "-o", "a.svg", "--cut")["cut"]
        assert told["cut_mm"] == pytest.approx(320 + 60)
        assert told["outlines_mm"] == pytest.approx(240 + 200)
        assert export("art.svg", "-o", "a.svg", "--cut", "--common-lines")["cut"]["cut_mm"] == told["cut_mm"]

    def test_kerf_is_seen_at_1200_dots_to_an_inch(self, desk):
        export("pixels.svg", "-o", "a.png", "--cut", "--kerf", "0.5mm", "--dpi", 1200, "--margin", "2mm")
        ink = np.asarray(Pillow.open(desk / "a.png").convert("L")) < 128
        columns = np.flatnonzero(ink[ink.shape[0] // 2])
        left = columns[columns < ink.shape[1] / 4].mean()
        right = columns[columns > left + 100].mean()
        assert (right - left) / 1200 * 25.4 == pytest.approx(12.7 + 0.5, abs=0.02)

    def test_a_stencil_has_bridges_and_says_so(self, desk):
        done = run("hole.svg", "-o", "a.svg", "--cut", "--bridges", "1.5mm")
        assert "1 islands, held by 2 bridges of 1.5 mm" in done.stderr
        status, rows = checked("a.svg", "--for", "lightburn")
        assert status == 0
        assert rows["smallest feature"]["value"] == pytest.approx(1.5, abs=0.03)

    def test_what_a_profile_would_not_take_is_told(self, desk):
        (desk / "mine.toml").write_text("least_feature = 2.0\nlargest = [100, 100]\n")
        done = run("hole.svg", "-o", "a.svg", "--cut", "--bridges", "1.5mm", "--for", "mine.toml")
        assert done.exit_code == 0
        assert "mine: size: 120.00 x 80.00 mm" in done.stderr and "mine: smallest feature: 1.4" in done.stderr

    def test_a_page_places_it(self, desk):
        told = export("art.svg", "-o", "a.svg", "--cut", "--page", "200x200mm", "--margin", "30mm", "--size-check")
        assert told["paper_mm"] == [200, 200]
        assert checked("a.svg")[1]["size"]["figure"].startswith("200.00 x 200.00 mm, cut 140.00")

    def test_versaworks_gets_the_art_and_a_separation_by_its_name(self, desk):
        export("art.svg", "-o", "a.pdf", "--cut", "--for", "versaworks", "--outline", "2mm")
        with pikepdf.open(desk / "a.pdf") as pdf:
            forms = pdf.pages[0].Resources.XObject
            spaces = [space for form in forms.values() for space in form.Resources.get("/ColorSpace", {}).values()]
            assert len(forms) == 2 and [str(space[1]) for space in spaces] == ["/CutContour"]
        export("art.svg", "-o", "a.eps", "--cut", "--for", "versaworks", "--outline", "2mm")
        assert "[/Separation(CutContour)/DeviceRGB" in (desk / "a.eps").read_text()

    def test_the_same_again_is_the_same_bytes(self, desk):
        for name in ("a.svg", "a.pdf", "a.eps", "a.dxf"):
            export("hole.svg", "-o", name, "--cut", "--bridges", "1mm", "--size-check")
            first = (desk / name).read_bytes()
            export("hole.svg", "-o", name, "--cut", "--bridges", "1mm", "--size-check")
            assert (desk / name).read_bytes() == first


class TestDxf:
    def test_it_audits_clean_and_reads_back_in_millimetres_closed(self, desk):
        ezdxf = pytest.importorskip("ezdxf")
        export("art.svg", "-o", "a.dxf")
        document = ezdxf.readfile(desk / "a.dxf")
        assert not document.audit().errors and document.dxfversion == "AC1024"
        lines = document.modelspace().query("LWPOLYLINE")
        assert len(lines) == 2 and all(line.closed for line in lines)
        assert {line.dxf.layer: document.layers.get(line.dxf.layer).rgb for line in lines} == {
            f"1 {RED}": (255, 0, 0),
            f"1 {BLUE}": (0, 0, 255),
        }
        points = np.concatenate([line.get_points("xy") for line in lines])
        assert np.ptp(points, axis=0) == pytest.approx([100, 60])
        status, rows = checked("a.dxf", "--for", "cnc")
        assert status == 1 and rows["double lines"]["value"] == pytest.approx(60)
        assert rows["size"]["figure"].startswith("100.00 x 60.00 mm")

    @pytest.mark.slow
    def test_it_is_the_same_in_another_process_on_another_day(self, desk):
        pytest.importorskip("ezdxf")
        script = "import sys; from artkit.__main__ import main; sys.exit(main())"
        found = []
        for seed in ("1", "2"):
            asked = [sys.executable, "-c", script, "export", "hole.svg", "-o", f"{seed}.dxf", "--quiet"]
            subprocess.run(asked, check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed})
            found.append((desk / f"{seed}.dxf").read_bytes())
        assert found[0] == found[1]

    def test_y_goes_up_and_curves_stay_close(self, desk):
        ezdxf = pytest.importorskip("ezdxf")
        bow = Path(np.array([(10, 50), (10, 0), (90, 0), (90, 50)], float), np.array([CUBIC], np.uint8))
        save(Drawing(100, 60, [Layer([Shape([bow], RED)])], page=Page(100, 60), grid=1000), desk / "bow.svg")
        export("bow.svg", "-o", "a.dxf")
        (line,) = ezdxf.readfile(desk / "a.dxf").modelspace()
        points = np.array(line.get_points("xy"))
        assert points[:, 1].min() == pytest.approx(10)
        assert points[:, 1].max() == pytest.approx(60 - 12.5, abs=0.005)

    def test_without_ezdxf_there_is_one_clear_line(self, desk, monkeypatch):
        monkeypatch.setitem(sys.modules, "ezdxf", None)
        done = run("art.svg", "-o", "a.dxf")
        assert done.exit_code == 1
        assert done.stderr.strip() == "Error: DXF needs ezdxf, which is not installed: pip install ezdxf"
        assert not (desk / "a.dxf").exists()


class TestEps:
    def test_ghostscript_draws_what_the_svg_shows(self, desk):
        if shutil.which("gs") is None:
            pytest.skip("needs Ghostscript")
        ring = Path(np.array([(20, 10), (20, 50), (80, 50), (80, 10)], float), np.array([CUBIC], np.uint8))
        shapes = [
            Shape([box(0, 0, 100, 60)], Gradient((0, 0), (100, 0), (RED, WHITE, BLUE), stops=(0.0, 0.3, 1.0))),
            Shape([box(5, 5, 45, 55)], Gradient((25, 30), (45, 30), (WHITE, RED), radial=True, ratio=1.5)),
            Shape([ring], "#00aa00", "#000000", line=LineStyle(2, "butt", "miter", (6, 3))),
        ]
        save(Drawing(100, 60, [Layer(shapes)], page=Page(100, 60)), desk / "rich.svg")
        export("rich.svg", "-o", "a.eps")
        export("rich.svg", "-o", "a.png", "--dpi", 144, "--paper", WHITE)
        asked = "gs -q -dSAFER -dBATCH -dNOPAUSE -dEPSCrop -dGraphicsAlphaBits=4 -sDEVICE=png16m -r144"
        subprocess.run([*asked.split(), "-sOutputFile=b.png", "a.eps"], cwd=desk, check=True, timeout=60)
        one, other = (np.asarray(Pillow.open(desk / name).convert("RGB"), float) for name in ("a.png", "b.png"))
        rows, columns = min(len(one), len(other)), min(one.shape[1], other.shape[1])
        gap = np.abs(one[:rows, :columns] - other[-rows:, :columns])
        assert gap.mean() < 3

    def test_what_it_cannot_hold_is_refused(self):
        sheet = Drawing(10, 10, page=Page(10, 10))

        def written(*shapes: Shape, **layer: Any) -> bytes:
            return eps([Laid(sheet.replace(layers=[Layer(shapes, **layer)]))], 10, 10)

        for shape in (
            Shape([box(0, 0, 9, 9)], RED, opacity=0.5),
            Shape([box(0, 0, 9, 9)], Gradient((0, 0), (9, 0), (RED, BLUE), opacities=(1.0, 0.5))),
        ):
            with pytest.raises(UsageError, match="EPS holds no opacity"):
                written(shape)
        with pytest.raises(UsageError, match="EPS holds nothing soft"):
            written(Shape([box(0, 0, 9, 9)], RED), blur=2.0)

    def test_lines_are_short_and_the_box_is_told(self):
        rainbow = Gradient((0, 0), (9, 0), tuple(f"#{k:02x}{255 - k:02x}80" for k in range(0, 256, 5)))
        sheet = Drawing(10, 10, [Layer([Shape([box(0, 0, 9, 9)], rainbow)])], page=Page(10, 10))
        text = eps([Laid(sheet, inks={RED: Ink("A (b)", RED)})], 10, 10, {"title": "Täst"}).decode("ascii")
        assert text.startswith(
            "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 29 29\n%%HiResBoundingBox: 0 0 28.3465 28.3465"
        )
        assert r"(A \(b\))" in text
        assert max(map(len, text.splitlines())) <= 255


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["art.svg", "-o", "a.svg", "--cut", "--kerf", "0.1mm", "--common-lines"], "one cut, and cannot be moved away"),
        (["art.svg", "-o", "a.svg", "--cut", "--kerf", "0mm"], "--kerf 0mm: a tool takes more than 0 mm away"),
        (["art.svg", "-o", "a.svg", "--cut", "--kerf", "thin"], "kerf: 'thin' is no length"),
        (["art.svg", "-o", "a.svg", "--cut", "--bridges", "0"], "bridges: 0 mm: they are more than 0"),
        (["art.svg", "-o", "a.svg", "--kerf", "0.1mm"], "--kerf: is for lines to cut; add --cut"),
        (["art.svg", "-o", "a.svg", "--cut", "--for", "cricket"], "there is no such profile; did you mean cricut?"),
        (["art.svg", "-o", "a.svg", "--cut", "--for", "mine.toml"], "--for mine.toml: there is no such file"),
        (["art.svg", "-o", "a.pdf", "--cut", "--for", "cricut"], "Cricut Design Space takes .svg, .dxf, not .pdf"),
        (["art.svg", "-o", "a.dxf", "--cut", "--for", "cnc", "--common-lines"], "CNC router asks for closed outlines"),
        (["art.svg", "-o", "a.pdf", "--cut", "--for", "versaworks", "--mirror"], "prints the art, too"),
        (["art.svg", "-o", "a.svg", "--cut", "--bleed", "3mm"], "--bleed: is for print, not for --cut"),
        (["art.svg", "-o", "a.svg", "--cut", "--crop-marks"], "are for print, not for --cut"),
        (["art.svg", "-o", "a.svg", "--cut", "--score", "blurple"], "--score blurple: no such color"),
        (["art.svg", "-o", "a.svg", "--cut", "--ground", "#123456"], "ground: no shape has the color #123456"),
        (["faded.svg", "-o", "a.svg", "--cut"], "has gradients"),
        (["faded.svg", "-o", "a.dxf"], "DXF holds no gradients"),
        (["pens.svg", "-o", "a.svg", "--cut"], "this is a drawing for pens"),
        (["photo.png", "-o", "a.svg", "--cut"], "pixels have no outlines"),
        (["photo.png", "-o", "a.eps"], "EPS holds no pixels"),
        (["art.svg", "--cut"], "-o FILE: name the file to write"),
        (["photo.png", "--check"], "is neither SVG nor DXF"),
        (["broken.dxf", "--check"], "cannot be read as DXF"),
    ],
)
def test_what_cannot_be_is_one_line(desk, arguments, words):
    (desk / "broken.dxf").write_bytes(b"no DXF\n")
    before = sorted(path.name for path in desk.iterdir())
    done = run(*arguments)
    assert done.exit_code in (1, 2) and words in done.stderr, done.output
    assert len(done.stderr.strip().splitlines()) == 1
    assert sorted(path.name for path in desk.iterdir()) == before


def test_a_report_is_a_table_and_a_file_from_stdin_is_read(desk):
    export("art.svg", "-o", "a.svg", "--cut")
    done = run("a.svg", "--check")
    assert done.exit_code == 0 and re.search(r"PASS +double lines +0\.00 mm", done.stdout)
    done = CliRunner().invoke(app, ["export", "-", "--check", "--json"], input=(desk / "a.svg").read_bytes())
    assert done.exit_code == 0 and io.StringIO(done.stdout).read(1) == "["


def test_lines_are_checked_before_they_are_written_for_a_program_that_takes_no_svg(desk):
    before = sorted(path.name for path in desk.iterdir())
    code, rows = checked("art.svg", "--cut", "--outline", "2mm", "--for", "versaworks")
    assert code == 0 and rows["lines"]["value"] == 1 and rows["open lines"]["passed"]
    (desk / "strict.toml").write_text('formats = [".eps"]\nlargest = [10, 10]\n')
    code, rows = checked("art.svg", "--cut", "--page", "20x20mm", "--for", "strict.toml")
    assert code == 1 and rows["size"]["passed"] is False
    (desk / "strict.toml").unlink()
    assert sorted(path.name for path in desk.iterdir()) == before


class TestCurves:
    def test_a_dxf_s_splines_are_the_drawing_s_curves(self, tmp_path):
        ezdxf = pytest.importorskip("ezdxf")
        from ezdxf.path import make_path

        from artkit.export.dxf import dxf

        points = np.array([(10, 10), (30, 10), (40, 30), (20, 40), (5, 30), (10, 20)], float)
        bent = Shape([Path(points, np.array([1, 2, 2], np.uint8))], "#ff0000")
        straight = Shape([Path(points[:3])], "#ff0000")
        page = Page(60, 50)
        made = dxf([Drawing(60, 50, [Layer([bent, straight], "a")], page=page)], 50, splines=True)
        (tmp_path / "a.dxf").write_bytes(made)
        document = ezdxf.readfile(tmp_path / "a.dxf")
        assert not document.audit().errors
        spline, polyline = document.modelspace()
        assert (spline.dxftype(), polyline.dxftype()) == ("SPLINE", "LWPOLYLINE")
        flat = np.array([(p.x, 50 - p.y) for p in make_path(spline).flattening(1e-3)])
        t = np.linspace(0, 1, 200)[:, None]
        curve = (1 - t) ** 2 * points[1] + 2 * t * (1 - t) * points[2] + t**2 * points[3]
        shapely = pytest.importorskip("shapely")
        assert shapely.distance(shapely.points(curve), shapely.linestrings(flat)).max() < 2e-3
        assert np.allclose(flat[0], points[0]) and np.allclose(flat[-1], points[0])

    def test_lines_to_cut_become_curves_within_two_hundredths_of_a_millimetre(self):
        shapely = pytest.importorskip("shapely")
        from artkit.prepress.cut.outlines import rings
        from artkit.prepress.cut.smooth import smoothed

        region = shapely.union_all([shapely.Point(20, 20).buffer(15, quad_segs=64), shapely.box(20, 0, 50, 20)])
        lines = rings(region.difference(shapely.Point(20, 20).buffer(0.8, quad_segs=32)))
        paths = smoothed(lines)
        assert len(paths) == len(lines) == 2
        again = [shapely.linearrings(line) for line in (lines[0], lines[1])]
        for path, line in zip(paths, again, strict=True):
            assert path.closed and len(path.kinds) < len(line.coords) / 2
            flat = lines_of([path], 1e-4)[0]
            assert shapely.hausdorff_distance(shapely.linestrings(flat), line, densify=0.01) < 0.02

    def test_a_line_that_turns_to_and_fro_is_curves_elsewhere(self):
        shapely = pytest.importorskip("shapely")
        from artkit.artwork.drawing import CUBIC
        from artkit.pens.lines import Lines
        from artkit.prepress.cut.smooth import smoothed

        t = np.linspace(0, np.pi, 120)
        arc = np.stack([20 * np.cos(t), 20 * np.sin(t)], axis=1)
        turn = np.linspace(0, 2 * np.pi, 14)
        loop = np.stack([-20 + 0.1 * (1 - np.cos(turn)), -1 - 0.1 * np.sin(turn)], axis=1)
        line = np.concatenate([arc, loop])
        (path,) = smoothed(Lines.of([line]))
        assert path.kinds is not None and (path.kinds == CUBIC).any()
        flat = shapely.linestrings(lines_of([path], 1e-4)[0])
        assert shapely.hausdorff_distance(flat, shapely.linestrings(line), densify=0.01) < 0.03


def photos() -> dict[str, Pillow.Image]:
    """Two unlike pictures: a part of a photo in other light, and soft noise of all sizes."""
    pagoda = Pillow.open(FilePath(__file__).parent.parent / "gallery/photos/pagoda.jpg").convert("RGB")
    width, height = pagoda.size
    part = pagoda.crop((width // 3, height // 4, 2 * width // 3, height)).point(lambda level: 255 - level // 2)
    rng, noise = np.random.default_rng(3), np.zeros((150, 200, 3))
    for cells in (3, 8, 16):
        small = Pillow.fromarray(rng.integers(0, 256, (cells, cells, 3), np.uint8))
        noise += np.asarray(small.resize((200, 150), Pillow.Resampling.BICUBIC), float) / 3
    return {"part": part, "noise": Pillow.fromarray(noise.astype(np.uint8))}


@pytest.mark.slow
@pytest.mark.parametrize("photo", ["part", "noise"])
@pytest.mark.parametrize(
    ("preset", "profile"),
    [("vinyl-layers", "cricut"), ("lasercut-layers", "lightburn"), ("stencil", "lightburn"), ("sticker", "versaworks")],
)
def test_what_presets_cut_is_fit_to_be_cut(tmp_path, preset, profile, photo):
    text = (FilePath(__file__).parent.parent / f"presets/{preset}.toml").read_text()
    recipe = tmp_path / "small.toml"
    recipe.write_text(re.sub(r"^size = \d{3,}$", "size = 320", text, count=1, flags=re.MULTILINE))
    photos()[photo].save(tmp_path / "photo.png")
    made = tmp_path / ("made.pdf" if preset == "sticker" else "made.dxf")
    done = CliRunner().invoke(app, ["apply", str(recipe), str(tmp_path / "photo.png"), "-o", str(made)])
    assert done.exit_code == 0, done.output
    assert f"{profile}:" not in done.stderr  # what it would not take is told
    if preset != "sticker":  # PDF is not read
        code, rows = checked(made, "--for", profile)
        assert code == 0, [row for row in rows.values() if row["passed"] is False]
