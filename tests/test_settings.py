"""Settings: `artkit.toml` here, above, and of the user; variables; and the command line, which comes first."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit.artwork.image import Image
from artkit.cli import app
from artkit.cli.settings import SETTINGS, defaults, values, variable
from artkit.export import save


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A project with a folder in it, where we are; a home without settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("platformdirs.user_config_path", lambda name, **_: tmp_path / "home" / name)
    for key in SETTINGS:
        monkeypatch.delenv(variable(key), raising=False)
    here = tmp_path / "project" / "photos"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    return tmp_path


def run(line: str, status: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, line.split())
    assert result.exit_code == status, result.output
    return result.stdout, result.stderr


def test_the_nearest_comes_first_then_the_users_and_a_variable_before_both(desk, monkeypatch):
    (desk / "home" / "artkit").mkdir(parents=True)
    (desk / "home" / "artkit" / "artkit.toml").write_text('page = "A5"\ncreator = "Ada"\n')
    (desk / "project" / "artkit.toml").write_text('page = "A3"\ngallery = "art"\nmargin = 12\n')
    monkeypatch.setenv("ARTKIT_JOBS", "3")
    assert {key: value.text for key, value in values().items()} == {
        "gallery": str(desk / "project" / "art"), "jobs": "3", "creator": "Ada", "page": "A3", "margin": "12",
    }  # fmt: skip
    told = json.loads(run("config --json")[0])
    assert told["page"] == {"text": "A3", "source": str(desk / "project" / "artkit.toml")} and told["pens"] is None
    assert run("config path")[0].splitlines() == [
        str(desk / "project" / "artkit.toml"),
        str(desk / "home" / "artkit" / "artkit.toml"),
    ]
    (desk / "project" / "photos" / "artkit.toml").write_text("")
    assert values()["page"].text == "A5"


def test_all_faults_are_told_each_with_its_line(desk):
    Path("artkit.toml").write_text('pagee = "A3"\npage = "A33"\njobs = 0\nmargin = "3 foo"\npens = ["blakc"]\n')
    lines = run("config", 2)[1].splitlines()
    assert [line.split(": ")[1].rpartition(":")[2] for line in lines] == ["1", "2", "3", "4", "5"]
    assert "did you mean page?" in lines[0]
    assert run("trace hill.png", 2)[1].splitlines() == lines
    assert run("trace --help")[0].startswith("Usage") and run("config path")[0]


@pytest.mark.parametrize("key", SETTINGS)
def test_every_setting_is_an_option_of_the_commands_that_it_names(key):
    from typer.main import get_command

    for name in SETTINGS[key].commands:
        command = get_command(app).commands[name].build()
        command = command.get_command(None, "hatch").build() if name in ("apply", "sweep") else command
        options = {name for each in command.params for name in each.opts}
        assert f"--{key.replace('_', '-')}" in options, name


def test_yes_and_no_are_said_in_files_and_variables(desk, monkeypatch):
    hill = np.zeros((20, 24, 3), np.uint8)
    hill[8:, 5:20] = 200
    save(Image(hill), "hill.png")
    Path("artkit.toml").write_text("quiet = true\nno_metadata = true\nno_photo = 1\n")
    assert run("config", 2)[1].endswith("no_photo: is true or false\n")
    Path("artkit.toml").write_text("quiet = true\nno_metadata = true\nno_photo = true\n")
    out, told = run("trace hill.png")
    assert told == "" and "<metadata" not in Path(out.strip()).read_text()
    assert not list((desk / "project" / "photos" / "gallery" / "photos").glob("*"))
    monkeypatch.setenv("ARTKIT_NO_METADATA", "no")
    monkeypatch.setenv("ARTKIT_QUIET", "off")
    out, told = run("trace hill.png --title {photo} -o a.svg")
    assert told and "<title>hill</title>" in Path("a.svg").read_text()
    run("plot a.svg --page 50x50mm --title {photo}-plot -o b.svg")
    assert "<title>a-plot</title>" in Path("b.svg").read_text()
    monkeypatch.setenv("ARTKIT_QUIET", "maybe")
    assert run("trace hill.png", 2)[1] == "Error: ARTKIT_QUIET=maybe: is true or false\n"


@pytest.mark.slow
def test_the_command_line_comes_first(desk):
    save(Image(np.arange(20 * 24 * 3, dtype=np.uint8).reshape(20, 24, 3)), "hill.png")
    run("config init")
    assert run("config init", 2)[1].startswith("Error: artkit.toml: is there already")
    text = Path("artkit.toml").read_text()
    Path("artkit.toml").write_text(
        text.replace("# page", "page").replace('"A3"', '"50x40mm"').replace("# gallery", "gallery")
    )
    made = Path(run("apply hatch hill.png -q --set hatch.margin=2")[0].strip())
    assert made.parent.name == "art" and 'width="50mm"' in made.read_text()
    run("apply hatch hill.png -q --set hatch.margin=2 --page 30x20mm -o a.svg")
    assert 'width="30mm"' in Path("a.svg").read_text()
    Path("artkit.toml").write_text('units = "px96"\npage = "60x50mm"\nmargin = "3mm"')
    run("export a.svg -o a.pdf -q")
    run("export a.svg -o b.svg -q")
    assert 'width="226.7717"' in Path("b.svg").read_text()
    assert dict(defaults("sweep", {"page": ("--page",)})) == {}
