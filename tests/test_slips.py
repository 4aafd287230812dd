"""Slips of the hand: each is understood, and answered by one line that says what would work."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.cli import app

SOFT = 'title = "Soft"\n[[steps]]\nop = "channel-blur"\nsize = 9\n[expose]\nwindow = "channel-blur.size"\n'
ART = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><path d="M1 1L30 30" stroke="black"/></svg>'


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder with what is mistaken for something else; nothing of it may change."""
    folder = tmp_path_factory.mktemp("desk")
    ramp = np.add.outer(np.arange(24), np.arange(32)).astype("uint8") * 4
    for name in ("hill.png", "hill.jpg", "my photo.png"):
        Pillow.fromarray(ramp).save(folder / name)
    (folder / "folder").mkdir()
    for name, text in {
        "soft.toml": SOFT,
        "typo.toml": SOFT.replace("size =", "sise ="),
        "torn.toml": "title = ",
        "art.svg": ART,
        "page.pdf": "%PDF-1.4\n",
        "notes.txt": "some notes\n",
        "empty.jpg": "",
    }.items():
        (folder / name).write_text(text)
    (folder / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    return folder


# What was typed, the status, and a part of the one line that answers it.
SLIPS = [
    ("apply hill.png poster -o a.svg", 2, "did you mean `artkit apply poster hill.png -o a.svg`?"),
    ("apply hill.png", 2, "hill.png: is a photo; the preset comes before it: artkit apply PRESET hill.png"),
    ("apply lost.png lost.jpg", 2, "is a photo; the preset comes before it"),
    ("sweep hill.png poster", 2, "did you mean `artkit sweep poster hill.png`?"),
    ("poster hill.png", 2, "did you mean `artkit apply poster hill.png`?"),
    ("soft.toml hill.png", 2, "did you mean `artkit apply soft.toml hill.png`?"),
    ("hill.png", 2, "artkit trace hill.png, or artkit apply PRESET hill.png"),
    ("hill.png poster", 2, "did you mean `artkit apply poster hill.png`?"),
    ("art.svg", 2, "artkit plot art.svg"),
    ("folder", 2, "artkit batch PRESET --photos folder"),
    ("https://example.org/a.jpg", 2, "is an address, and no command; name one first: artkit trace https"),
    ("trcae hill.png", 2, "did you mean trace?"),
    ("presets shwo poster", 2, "did you mean show?"),
    ("--seed 3 apply poster hill.png", 2, "--seed: options come after the command"),
    ("apply -o a.svg poster hill.png", 2, "-o: options come after the preset and the photo"),
    (
        "trace hill.png -o a.svg   all of it",
        2,
        "all: no such file; with -o name one photo, and put other words",
    ),
    ("trace hill.png --colors -o a.svg", 2, "--colors: needs a value after it; -o is the next option"),
    ("trace hill.png --shapes 12k -o a.svg", 2, 'Error: trace: shapes: "12k" is not a whole number'),
    (
        "apply poster hill.png --palette nosuch",
        2,
        "'nosuch': no such color or palette; use a CSS name, #rrggbb",
    ),
    ("apply poster hill.png -x 3", 2, "-x: artkit apply poster has no such option"),
    ("presets show nosuch", 2, "no preset 'nosuch'; artkit presets lists them all"),
    ("apply Postr hill.png", 2, "no preset 'Postr'; did you mean poster?"),
    ("apply soft hill.png", 2, "no preset 'soft'"),
    ("apply poster.toml hill.png", 2, "poster.toml: no such file; did you mean the preset poster?"),
    ("apply sotf.toml hill.png", 2, "no such file; did you mean soft.toml?"),
    ("apply typo.toml hill.png", 2, "typo.toml:4: step 1 (channel-blur): no parameter 'sise'; did you mean size?"),
    ("apply torn.toml hill.png", 2, "torn.toml:1: not TOML"),
    ("apply folder hill.png", 2, "folder: is a folder, and no preset; write: artkit apply PRESET PHOTO"),
    ("apply https://example.org/a.toml hill.png", 2, "is an address; save the recipe first"),
    ("plot https://example.org/a.svg -o a.svg", 1, "https://example.org/a.svg: is an address, and only files"),
    ("export https://example.org/a.svg -o a.pdf", 1, "https://example.org/a.svg: is an address, and only files"),
    ("apply soft.toml hil.png -o a.png", 1, "hil.png: no such file; did you mean hill.png?"),
    ("apply soft.toml my photo.png -o a.png", 2, "put quotes around it: 'my photo.png'"),
    ("plot my photo.png -o a.svg", 2, "put quotes around it: 'my photo.png'"),
    ("apply soft.toml art.svg -o a.png", 1, "art.svg: is an SVG, which is vector art already"),
    ("apply soft.toml page.pdf -o a.png", 1, "page.pdf: is a PDF; export a page of it as PNG first"),
    ("apply soft.toml phone.heic -o a.png", 1, "phone.heic: is HEIC; export it as JPEG first"),
    ("apply soft.toml notes.txt -o a.png", 1, "notes.txt: is text, and no picture; use JPEG"),
    ("apply soft.toml empty.jpg -o a.png", 1, "empty.jpg: the file is empty"),
    ("apply soft.toml '*.gif' -o a.gif", 1, "*.gif: no file has such a name; check the folder and the pattern"),
    ("plot folder -o a.svg", 1, "folder: is a folder; name a photo in it"),
    ("apply soft.toml", 2, "PHOTO is missing; write artkit apply soft.toml PHOTO; - reads it from stdin"),
    ("apply soft.toml - -o a.png", 1, "nothing comes in on stdin; pipe a photo"),
    ("batch poster", 2, "--photos is missing; write artkit batch ... --photos DIR|GLOB|LIST"),
    ("demo hill.png", 2, "the demo has a photo of its own; artkit demo --photo hill.png takes yours"),
    ("limits x", 2, "x: artkit limits takes no names"),
    ("apply poster hill.png --pens black", 2, "--pens belongs to `artkit plot`"),
    ("apply poster hill.png --page A4", 2, "--page belongs to `artkit export` and `artkit plot`"),
    ("plot art.svg --vivid 2", 2, "--vivid belongs to `artkit apply"),
    ("apply poster hill.png --tolerance 2", 2, "--set trace.tolerance=VALUE sets it"),
    ("apply poster hill.png --colours 4", 2, "did you mean --colors?"),
    ("apply poster hill.png -size 400", 2, "-size: is written with two hyphens, --size"),
    ("apply poster hill.png --colors", 2, "--colors: needs a value after it"),
    ("apply poster hill.png --json=yes", 2, "--json: takes no value; write --json alone"),
    ("apply poster hill.png --colors 4px", 2, '"4px" is not a whole number; write the number alone'),
    ("apply poster hill.png --specks 1,200", 2, '"1,200" is not a number; write it without commas: 1200'),
    ("trace hill.png --tolerance 0,5", 2, '"0,5" is not a number; write a point, not a comma: 0.5'),
    ("trace hill.png --tolerance -1", 2, "tolerance: -1 is too small; use 0 or more"),
    ("apply poster hill.png --seed x", 2, '--seed: "x" is not a whole number; use 0 or more'),
    ("apply poster hill.png --seed -1", 2, "--seed: -1 is too small; use 0 or more"),
    ("apply poster hill.png --size 0", 2, "--size 0: takes a whole number of pixels, 1 or more, such as 1200"),
    ("apply poster hill.png --timeout 5min", 2, '--timeout: "5min" is not a number'),
    ("apply soft.toml hill.png --crop 9,9,99,99 -o a.png", 2, "do not lie within a picture of 32 x 24"),
    ("apply poster hill.png --set trace.colors", 2, "takes STEP.PARAM=VALUE, such as median.size=9"),
    ("apply poster hill.png --set trce.colors=4", 2, "did you mean trace"),
    ("apply poster hill.png --set trace.colours=4", 2, "did you mean colors?"),
    ("plot art.svg --tone loud -o a.svg", 2, "--tone: 'loud' is not one of 'light', 'normal', 'full'"),
    ("plot art.svg --tolerance 11 -o a.svg", 2, "--tolerance: 11 is too large; use 10 or less"),
    ("plot art.svg --margin 10furlong -o a.svg", 2, "write it as 10mm, 1.5cm or 0.5in"),
    ("plot hill.png --preset poster -o a.svg", 2, "fills shapes, and a pen draws lines; try --preset contour-lines"),
    ("plot hill.png --preset oil-painting -o a.svg", 2, "and a pen draws lines; try contour-lines"),
    ("plot art.svg --preset contour-lines -o a.svg", 2, "--preset: is for photos, and art.svg is an SVG; leave it out"),
    ("apply soft.toml hill.png -o out", 2, "cannot be written without a suffix; use .png"),
    ("apply soft.toml hill.png -o out.xyz", 2, "cannot be written as .xyz; use .png"),
    ("apply soft.toml hill.png -o folder", 2, "is a folder; name a file in it, such as folder/hill.png"),
    ("apply soft.toml hill.png -o no/such/x.png", 1, "there is no folder no/such; make it first"),
    ("apply soft.toml hill.png -o hill.jpg/x.png", 1, "hill.jpg is not a folder"),
    ("apply soft.toml hill.png -o hill.png", 2, "is the file that is read, and would be lost; choose another name"),
    ("apply soft.toml hill.png --gallery notes.txt", 1, "notes.txt: is a file, not a folder"),
    ("plot art.svg -o no/such/x.svg", 1, "there is no folder no/such; make it first"),
    ("plot art.svg -o art.svg", 2, "is the file that is read, and would be lost"),
    ("apply poster '' -o a.svg", 2, "'': is an empty name where a photo should be"),
    ("trace hill.png out.svg", 2, "out.svg: is no photo; to write it put -o before it: -o out.svg"),
    ("apply poster hill.png --palette red;blue", 2, "'red;blue': no such color; put commas between colors"),
    ("apply poster hill.png --ids red", 2, "--ids: 'red' is not one of 'none', 'color', 'depth'"),
    ("sweep poster hill.png --vary colors=4..8", 2, "is written with a colon: 4:8, or 4:8:2"),
    ("plot art.svg --page A33 -o a.svg", 2, "did you mean A3?"),
    ("vectorize hill.png", 2, "vectorize: is no command; you may mean artkit trace"),
    ("config set page A4", 2, "write it into artkit.toml, which artkit config init begins"),
    ("--versoin", 2, "did you mean --version?"),
    ("export art.svg -o no/such/x.pdf", 1, "there is no folder no/such; make it first"),
    ("export art.svg -o art.svg", 2, "is the file that is read, and would be lost"),
]


@pytest.mark.parametrize(("typed", "status", "answer"), SLIPS, ids=[typed for typed, *_ in SLIPS])
def test_a_slip_is_answered_by_one_line_before_any_work(desk, monkeypatch, typed, status, answer):
    def work(*_, **__):
        raise AssertionError("the work was begun")

    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk / "config"))
    monkeypatch.chdir(desk)
    for place in ("artkit.run.run", "artkit.pens.plotter.plotted"):
        monkeypatch.setattr(place, work)
    before = sorted(desk.rglob("*"))
    result = CliRunner().invoke(app, shlex.split(typed), prog_name="artkit")
    assert (result.exit_code, result.stdout) == (status, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert answer in result.stderr
    assert sorted(desk.rglob("*")) == before


@pytest.mark.parametrize(
    "same",
    [
        ("-h", "--help"),
        ("help", "--help"),
        ("help presets", "presets --help"),
        ("apply -h", "apply --help"),
        ("help apply poster", "apply poster -h"),
        ("version", "-V"),
        ("-V", "--version"),
    ],
)
def test_help_and_version_are_had_as_people_ask_for_them(same):
    first, second = (CliRunner().invoke(app, line.split(), prog_name="artkit") for line in same)
    assert first.exit_code == 0
    assert first.stdout
    assert first.output == second.output


def test_help_texts_tell_ranges_and_defaults_as_operations_do():
    text = " ".join(CliRunner().invoke(app, ["help", "plot"], prog_name="artkit").stdout.split())
    assert "[0 to 10; default: 0.02]" in text
    assert "[0.1 to 1000000; default: never]" in text
    assert "x>=" not in text
    assert "<=x" not in text
