"""Manual pages and what shells complete: both read off the declarations."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from artkit.cli import COMMANDS, app


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    """All manual pages by name."""
    folder = tmp_path_factory.mktemp("man")
    result = CliRunner().invoke(app, ["man", "--to", str(folder)], prog_name="artkit")
    assert result.exit_code == 0, result.output
    return {Path(line).stem: Path(line).read_text() for line in result.stdout.splitlines()}


def test_every_command_has_a_page(pages):
    assert {"artkit", "artkit-gallery-show", *(f"artkit-{name}" for name in COMMANDS)} <= pages.keys()
    for name, text in pages.items():
        assert text.startswith(f'.TH "{name.upper()}"'.replace("-", "\\-")), name
        assert not re.search(r"^\.(?!TH|SH|TP|PP|B )", text, re.M), "text that roff would take for a request"


def test_a_page_has_what_the_help_has(pages):
    assert ".B \\-\\-overlap" in pages["artkit-trace"] and "a 400th of the longer side" in pages["artkit-trace"]
    assert ".B ID..." in pages["artkit-gallery-remove"] and ".B delete" in pages["artkit-presets"]


@pytest.mark.skipif(not shutil.which("groff"), reason="groff reads the pages")
def test_groff_finds_nothing_to_complain_of(pages):
    told = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"],
        input="".join(pages.values()),
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 0 and told.stderr == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("artkit apply post", ["poster", "poster-a2"]),
        ("artkit apply poster x.jpg --palette red,suns", ["red,sunset"]),
        ("artkit apply poster x.jpg --set trace.min", ["trace.min_area="]),
        ("artkit animate x.jpg --preset poster --vary satu", ["saturate.amount="]),
        ("artkit trace x.jpg --layers st", ["stacked"]),
        ("artkit plot x.svg --machine axidraw-v", ["axidraw-v3"]),
        ("artkit presets show hat", ["hatch", "hatch-fill"]),
        ("artkit ops show kalei", ["kaleidoscope"]),
        ("artkit reproduce hill", ["hill-one", "hill-two"]),
        ("artkit gallery show hill-t", ["hill-two"]),
    ],
)
def test_shells_complete(line, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gallery" / "records").mkdir(parents=True)
    for name in ("hill-one", "hill-two"):
        (tmp_path / "gallery" / "records" / f"{name}.json").touch()
    asked = {"_ARTKIT_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line}
    result = CliRunner().invoke(app, [], prog_name="artkit", env=asked)
    found = re.findall(r'"([^"]*)"', result.stdout)
    assert [word for word in found if word in words] == words, result.output
