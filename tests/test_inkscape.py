"""Files for print in Inkscape, where it is installed: inks are named layers, colors and sizes are what they are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from artkit.cli import app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("inkscape") is None, reason="Inkscape is not installed"),
]

ART = """<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">
<rect width="40" height="30" fill="#ffe08a"/><rect x="5" y="5" width="20" height="10" fill="#d62828"/>
<circle cx="28" cy="20" r="6" fill="#1d3557"/></svg>"""
COLORS = {"#ffe08a", "#d62828", "#1d3557"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inkscape")
    (folder / "art.svg").write_text(ART)
    plates = ["--plates", "layers", "--order", "#ffe08a:Sun,#d62828:Red,#1d3557:Night"]
    for name, options in {"a.svg": plates, "a.pdf": plates, "cut.svg": ["--cut", "--size-check"]}.items():
        done = CliRunner().invoke(app, ["export", f"{folder}/art.svg", "-o", f"{folder}/{name}", *options, "-q"])
        assert done.exit_code == 0, done.output
    return folder


def inkscape(*arguments: object) -> str:
    command = ["inkscape", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def test_inks_of_an_svg_are_layers_with_names(desk):
    inkscape(desk / "a.svg", "-o", desk / "again.svg")
    text = (desk / "again.svg").read_text()
    groups = re.findall(r"<g\b[^>]*>", text)
    layers = [group for group in groups if 'inkscape:groupmode="layer"' in group]
    assert [re.search(r'inkscape:label="([^"]*)"', layer)[1] for layer in layers] == ["Sun", "Red", "Night"]  # type: ignore[index]


def test_inks_of_a_pdf_have_their_colors(desk):
    """Version 1.2 takes color spaces that are called alike for the same, in whatever form they are."""
    inkscape(desk / "a.pdf", "-o", desk / "pdf.svg")
    text = (desk / "pdf.svg").read_text()
    assert set(re.findall(r"fill:(#[0-9a-f]{6})", text)) == COLORS


def test_the_square_is_20_mm(desk):
    rows = [row.split(",") for row in inkscape("--query-all", desk / "cut.svg").splitlines()]
    pixel = 25.4 / 96
    sizes = {name: (float(width) * pixel, float(height) * pixel) for name, _, _, width, height in rows}
    assert sizes["layer1"] == pytest.approx((20.1, 20.1), abs=0.005)  # with its line of 0.1 mm
