"""Presets of one's own: where they lie, edited, shared, added, deleted; the demo of some on a photo of one's own."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit.artwork.image import Image
from artkit.cli import app
from artkit.export import save
from artkit.recipe import Recipe, find, presets
from artkit.recipe.check import check

MINE = """\
schema = 2
[[steps]]
op = "multi-otsu"
classes = 2
[[steps]]
op = "recolor"
palette = ["night.hex"]  # mine
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a palette and a recipe that names it, and an empty folder of presets."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda name, **_: tmp_path / "home" / name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "night.hex").write_text("102030\ne0e0c0\n")
    (tmp_path / "mine.toml").write_text(MINE)
    return tmp_path


def run(line: str, status: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == status, result.output
    return result.stdout, result.stderr


def test_what_is_shared_stands_alone(desk, monkeypatch):
    path = Path(run("presets add mine.toml")[0].strip())
    assert path == presets()["mine"] and path.read_text() == MINE and run("presets path mine")[0].strip() == str(path)
    text = run("presets share mine")[0]
    assert '"#102030"' in text and "night" not in text
    assert run("presets share mine -o night-mine.toml")[0] == "night-mine.toml\n"
    (desk / "night.hex").unlink()
    run("presets add night-mine.toml")
    assert find("night-mine").steps[1].values["palette"] == ["#102030", "#e0e0c0"]
    assert "choose another name" in run("presets add night-mine.toml", 2)[1]
    run("presets add night-mine.toml --name other")
    assert len(run("presets delete other night-mine --dry-run")[0].splitlines()) == 2 and "other" in presets()
    run("presets delete other night-mine")
    assert not {"other", "night-mine"} & presets().keys()


def test_what_an_editor_leaves_is_checked(desk, monkeypatch):
    run("presets new soft --from mine.toml")
    script = desk / "editor.py"
    change = "p.write_text(p.read_text().replace('classes = 2', 'classes = 99'))"
    script.write_text(f"import pathlib, sys; p = pathlib.Path(sys.argv[1]); {change}")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    assert "99 is too large" in run("presets edit soft", 2)[1]
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert run("presets edit soft", 2)[1].startswith("Error: EDITOR=/no/such/editor: cannot be started")


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_what_is_not_ones_own_stays(desk, verb):
    assert "is not your own; `artkit presets new my-poster --from poster`" in run(f"presets {verb} poster", 2)[1]
    assert "did you mean poster?" in run(f"presets {verb} postr", 2)[1]
    assert find("poster")


def test_a_recipe_out_of_an_artwork_is_called_as_the_preset_that_it_is_nearest_to(desk):
    run("presets new bold --from poster")
    path = presets()["bold"]
    path.write_text(path.read_text().replace("colors = 10", "colors = 4"))
    for name in ("bold", "poster"):
        recipe = replace(find(name).data, made={"artkit": "1"}, name="recipe")
        (desk / "art.toml").write_text(Recipe.of(check(recipe)).dump())
        assert find("art.toml").data.name == name


@pytest.mark.slow
def test_every_command_can_be_quiet(desk):
    save(Image(np.zeros((4, 4, 3), np.uint8)), "black.png")
    run("apply game-boy black.png -q")
    for line in ("presets", "ops show trace", "config", "machines", "gallery list"):
        assert run(f"{line} -q")[1] == ""


@pytest.mark.slow
def test_the_demo_takes_ones_own_photo_and_some_presets(desk):
    save(Image(np.arange(30 * 40 * 3, dtype=np.uint8).reshape(30, 40, 3)), "mine.png")
    table = run("demo --photo mine.png --only game-boy,otsu-rgb --jobs 1 -q")[0]
    assert "gallery/mine-game-boy" in table and "gallery/mine-otsu-rgb" in table and len(table.splitlines()) == 3
    assert "did you mean poster?" in run("demo --only postr", 2)[1]
    assert run("demo --photo nothing.png", 1)[1].startswith("Error: nothing.png: no such file")
