"""Help texts, kept as they look: a change shows in the diff. `python tests/test_cli_help.py` writes them anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from artkit.cli import app

FOLDER = Path(__file__).parent / "help"

# The recipe is one of the tests, so that work on a preset does not touch these; it exposes every kind of parameter.
EVERY_KIND = """\
title = "Every kind"
description = "An option of every kind."
seed = 3
[[steps]]
op = "resize"
size = 200
[[steps]]
op = "channel-blur"
[[steps]]
op = "rotate-color"
[[steps]]
op = "kmeans"
[[steps]]
op = "recolor"
[expose]
limit = "resize.size"
enlarge = "resize.enlarge"
channel = "channel-blur.channel"
window = "channel-blur.size"
angle = "rotate-color.angle"
palette = "recolor.palette"
"""

COMMANDS = {
    "artkit": "--help",
    "apply": "apply every-kind.toml --help",
    "gallery": "gallery --help",
    "presets": "presets --help",
}


def help_text(line: str) -> str:
    result = CliRunner().invoke(app, line.split(), prog_name="artkit", env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    assert result.exit_code == 0, result.output
    return "".join(f"{row.rstrip()}\n" for row in result.stdout.splitlines())


@pytest.mark.skipif(not typer.__version__.startswith("0.29."), reason="Typer's layout changes with its versions")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_help_text_looks_as_it_did(name, tmp_path, monkeypatch):
    (tmp_path / "every-kind.toml").write_text(EVERY_KIND)
    monkeypatch.chdir(tmp_path)
    assert help_text(COMMANDS[name]) == (FOLDER / f"{name}.txt").read_text("utf-8")


if __name__ == "__main__":
    import os
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("every-kind.toml").write_text(EVERY_KIND)
        for name, line in COMMANDS.items():
            (FOLDER / f"{name}.txt").write_text(help_text(line), "utf-8")
            sys.stderr.write(f"{FOLDER / name}.txt\n")
