"""The documentation: links lead somewhere, and the site has a picture beside every preset and every operation."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit import registry
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.cli.demo import bundled_photo
from artkit.errors import UsageError
from artkit.manual import pages, pictures, site
from artkit.ops import trace
from artkit.recipe import FAMILIES, presets

ROOT = Path(__file__).parent.parent
OUTSIDE = ("README.md", "CONTRIBUTING.md", "gallery/photos/README.md", "examples/plugin/README.md")
FILES = [*sorted((ROOT / "docs").glob("*.md")), *(ROOT / name for name in OUTSIDE)]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    without_code = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    headings = re.findall(r"^#+ (.*?)\s*$", without_code, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> list[str]:
    """The links of a page that lead to no file, or to no heading of one."""
    text = re.sub(r"^(```.*?^```$|    .*$)|`[^`\n]*`", "", path.read_text("utf-8"), flags=re.S | re.M)
    broken = []
    for target in (a or b for a, b in LINK.findall(text)):
        place, _, anchor = target.partition("#")
        file = path.parent / place if place else path
        if "://" not in target and (
            not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8")))
        ):
            broken.append(target)
    return broken


def test_a_link_that_leads_nowhere_is_seen(tmp_path):
    (tmp_path / "a.md").write_text("# A page\n[x](b.md) [y](#a-page) [z](#no) [w](a.md#b) `[v](c.md)`\n    [u](d.md)\n")
    assert broken_links(tmp_path / "a.md") == ["b.md", "#no", "a.md#b"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(path):
    assert broken_links(path) == []


def test_commands_can_be_pasted_with_what_is_said_behind_them():
    pages = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.name != "index.md"]  # which has placeholders
    lines = [line for path in [ROOT / "README.md", *pages] for line in path.read_text("utf-8").splitlines()]
    commands = [line for line in lines if line.startswith("    artkit ")]
    assert len(commands) > 100
    assert [line for line in commands if re.search(r"^    artkit [^#\"']*\S {2,}[^#\s]", line)] == []


def test_every_page_is_in_the_menu_and_in_the_index():
    names = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert "More" not in pages.sections({*names, "presets"})
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    assert [name for name in sorted(names - {"index"}) if f"({name}.md)" not in index] == []


def test_the_sheets_of_looks_show_every_family_and_every_preset_has_a_mark():
    text = (ROOT / "docs" / "looks.md").read_text("utf-8")
    marks = re.findall(r"^\| `([a-z0-9-]+)` \| (\d(?:\.\d)?) \|", text, re.M)
    assert sorted(name for name, _ in marks) == sorted(path.stem for path in (ROOT / "presets").glob("*.toml"))
    assert all(1 <= float(mark) <= 5 for _, mark in marks)
    assert {path.stem for path in pages.sheets_of_looks()} == set(FAMILIES)


def test_what_is_pictured_is_all_that_there_is():
    known = {("presets", path.stem) for path in (ROOT / "presets").glob("*.toml")}
    known |= {("ops", n) for n, op in registry.all_ops().items() if op.function.__module__.startswith("artkit.")}
    assert set(pictures.names()) == known
    for name, given in pictures.EXAMPLES.items():
        registry.find(name).check(given)


def test_the_pages_of_the_site_have_the_pictures_and_no_links_out_of_it():
    paths = {(kind, name): f"pictures/{kind}/{name}.webp" for kind, name in pictures.names()}
    staged = site.staged(paths)
    sheets = {f"pictures/sheets/{path.name}" for path in pages.sheets_of_looks()}
    assert all(f"]({sheet})" in staged["looks.md"] for sheet in sheets)
    for (kind, _), path in paths.items():
        assert f"]({path})" in staged["presets.md" if kind == "presets" else "reference.md"]
    for name, path in presets().items():
        if path.parent == ROOT / "presets":
            assert f"\n### {name}\n\n![{name}]" in staged["presets.md"]
    for text in staged.values():
        for target in re.findall(r"\]\(([^)#\s]+)", re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)):
            known = {*staged, *paths.values(), *sheets, "recipe.schema.json"}
            assert "://" in target or target in known, target


@pytest.mark.parametrize(("kind", "name"), [("ops", "levels"), ("ops", "palette-cycle"), ("presets", "channels")])
def test_a_picture_shows_what_it_is_a_picture_of(kind, name):
    suffix, data = pictures.picture(kind, name, bundled_photo(), 60)
    assert (suffix, data[:4]) == ((".gif", b"GIF8") if name == "palette-cycle" else (".webp", b"RIFF"))
    assert Image.of(data).width == {"levels": 60, "palette-cycle": 36, "channels": 60}[name]
    assert pictures.picture(kind, name, bundled_photo(), 60) == (suffix, data)


def test_pages_are_listed_and_shown_in_a_terminal():
    def told(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["docs", *arguments], prog_name="artkit")
        assert result.exit_code == 0
        return result.stdout

    assert re.search(r"^plotter +How to plot$", told("list"), re.M)
    assert told("show", "glossary") == (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert told("schema") == (ROOT / "docs" / "recipe.schema.json").read_text("utf-8")
    missing = CliRunner().invoke(app, ["docs", "show", "plottr"], prog_name="artkit")
    assert (missing.exit_code, missing.stderr) == (
        2,
        "Error: no page 'plottr'; did you mean plotter?; `artkit docs list` has all\n",
    )


def test_a_site_is_not_built_over_files_of_others_nor_without_mkdocs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mkdocs", None)
    with pytest.raises(UsageError, match=r"^docs build: needs MkDocs, which is not installed: pip install"):
        site.build(tmp_path, bundled_photo())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_site_is_built_and_has_no_broken_link(tmp_path, monkeypatch):
    pytest.importorskip("material")
    monkeypatch.setattr(site, "picture", lambda kind, name, photo: (".webp", b"RIFF"))
    index = site.build(tmp_path / "site", bundled_photo())
    assert "The first ten minutes" in index.read_text("utf-8")
    assert (tmp_path / "site" / "presets.html").is_file()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").touch()
    with pytest.raises(UsageError, match="holds other files"):
        site.build(tmp_path / "other", bundled_photo())


COMMANDS = [
    line
    for name in ("tutorial", "cookbook")
    for line in re.findall(r"^ {4}artkit (.*)$", (ROOT / "docs" / f"{name}.md").read_text("utf-8"), re.M)
    if line.split()[0] not in ("demo", "gallery", "--version", "batch")  # a minute; a browser; told elsewhere
]


@pytest.mark.slow
def test_every_command_of_the_tutorial_and_the_cookbook_works(tmp_path, monkeypatch):
    y, x = np.mgrid[0:48, 0:72]
    Image(np.stack([x * 3, y * 5, 200 - x], axis=-1).astype(np.uint8)).save(tmp_path / "cat.jpg")
    flat = np.full((48, 72, 3), 255, np.uint8)
    flat[12:36, 20:50] = (213, 43, 30)
    Image(flat).save(tmp_path / "logo.png")
    trace(Image(flat)).save(tmp_path / "drawing.svg")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) > 20
    for line in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(line, comments=True), prog_name="artkit")
        assert result.exit_code == 0, f"{line}\n{result.output}"
