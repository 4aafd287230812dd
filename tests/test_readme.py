"""What the README and the contributors' page show is true: every command and every piece of code runs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def desk(photo, tmp_path, monkeypatch) -> Path:
    """A folder with the pictures that the README talks of."""
    for name in ("cat.jpg", "dog.jpg", "logo.png"):
        Pillow.fromarray(photo.pixels).save(tmp_path / name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_gives_the_two_commands_of_a_newcomer():
    assert re.search(r"^ {4}pip install \. && artkit demo( +#.*)?$", README, re.M)
    assert re.search(r'^ {4}pip install -e "\.\[test\]" && pytest( +#.*)?$', README, re.M)


@pytest.mark.slow
def test_every_command_of_the_readme_works(desk):
    lines = re.findall(r"^ {4}(artkit .*)$", README, re.M)
    assert len(lines) > 5
    for line in lines:
        result = CliRunner().invoke(app, shlex.split(line, comments=True)[1:], prog_name="artkit")
        assert result.exit_code == 0, f"{line}\n{result.output}"


@pytest.mark.slow
def test_the_code_of_the_readme_works(desk):
    (code,) = re.findall(r"^```python\n(.*?)^```", README, re.M | re.S)
    exec(code, {})
    assert {"poster.svg", "cat.gif"} <= {path.name for path in desk.iterdir()}


def test_the_operations_of_the_contributors_page_work(photo):
    from artkit.artwork.drawing import Drawing
    from artkit.registry import REGISTRY

    bleach, stripes = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M | re.S)
    header = (
        "import numpy as np\nfrom typing import Annotated\nfrom pydantic import Field\nfrom artkit import Image, op\n"
    )
    style_header = (
        "import numpy as np\nfrom artkit import op\nfrom artkit.ops.pen.parameters import style\n"
        "from artkit.ops.pen.waves import Lines, Pitch, StylePen, Tone\n"
        "def striped(tone, spacing, angle):\n"
        "    return Lines.of([np.array([[0.0, y], [tone.width, y]]) for y in np.arange(1, tone.height, spacing)])\n"
    )
    names: dict = {"__name__": "example"}
    try:
        exec(header + bleach, names)
        assert names["bleach"](photo, share=0.5).pixels.min() >= 127
        exec(style_header + stripes, names)
        drawing = names["stripes"](photo, page="A6")
        assert isinstance(drawing, Drawing) and sum(len(shape.paths) for shape in drawing.shapes) > 5
    finally:
        for name in ("bleach", "stripes"):
            REGISTRY.ops.pop(name, None)  # other tests look at all registered operations


PAGES = ("index", "recipes", "raster", "styles", "animation", "plotter", "line-art", "tracer", "python")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{name}.md" for name in PAGES)])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'(?:src|href)="([^"#]+)"', text)
    assert targets or page == "CONTRIBUTING.md"
    missing = [t for t in targets if "://" not in t and not (ROOT / page).parent.joinpath(t).exists()]
    assert not missing


def test_the_showcase_has_every_preset_and_stays_small():
    pictures = [path for path in (ROOT / "gallery" / "showcase").iterdir() if path.suffix not in (".py", ".pyc")]
    made = {path.stem for path in pictures if path.suffix != ".jpg"}
    assert {path.stem for path in (ROOT / "presets").glob("*.toml")} <= made
    assert sum(path.stat().st_size for path in pictures if path.is_file()) < 4_000_000
