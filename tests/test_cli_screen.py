"""Progress and notes: on stderr, bars on a terminal only, nothing with --quiet; and the demo, which shows all of it."""

from __future__ import annotations

import io
import json
import re
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from artkit import recipe
from artkit.cli import app
from artkit.cli.demo import bundled_photo
from artkit.cli.frame import Screen, print_table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch) -> io.StringIO:
    # Not a fixture: pytest changes sys.stderr between the setup and the call of a test.
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    return stream


def use(quiet: bool) -> None:
    with Screen(quiet) as screen:
        bar = screen.bar("cat.jpg, poster [1]")
        bar(0, 2, "median")
        screen.say("a note [bold]as it is[/bold]")
        bar(2, 2, "")
        screen.fail("Error: this too")


def test_a_terminal_sees_a_bar_for_each_artwork_and_notes_as_they_are(monkeypatch):
    stderr = terminal(monkeypatch)
    use(quiet=False)
    assert "cat.jpg, poster [1]" in stderr.getvalue()
    assert "a note [bold]as it is[/bold]\n" in stderr.getvalue()
    assert "\x1b[" in stderr.getvalue()


def test_what_is_no_terminal_gets_lines_only(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    use(quiet=False)
    assert stream.getvalue() == "a note [bold]as it is[/bold]\nError: this too\n"


def test_quiet_hides_all_but_errors(monkeypatch):
    stderr = terminal(monkeypatch)
    use(quiet=True)
    assert stderr.getvalue() == "Error: this too\n"


def test_notes_of_ops_reach_the_user_and_quiet_hides_them(photo_file, monkeypatch):
    def run(recipe, image, *, progress, notes, **_others):
        notes("the picture has 3 colors only")
        return image

    monkeypatch.setattr(import_module("artkit.run"), "run", run)
    out = str(photo_file.with_name("out.png"))
    told = CliRunner().invoke(app, ["apply", "channels", str(photo_file), "-o", out])
    assert told.stderr == "hill.png, channels: the picture has 3 colors only\n"
    assert told.stdout == f"{out}\n"
    hushed = CliRunner().invoke(app, ["apply", "channels", str(photo_file), "-o", out, "--quiet"])
    assert (hushed.stderr, hushed.stdout) == ("", f"{out}\n")


def test_a_table_has_its_numbers_flush_right(capsys):
    print_table(("name", "count", "size"), [("a", 5, "9.0 kB"), ("long", 12345, "12.5 kB")])
    assert capsys.readouterr().out == "name   count     size\na          5   9.0 kB\nlong  12,345  12.5 kB\n"


def test_a_table_may_be_empty(capsys):
    print_table(("name", "count"), [])
    assert capsys.readouterr().out == "name  count\n"


def test_the_photo_of_the_demo_is_a_file_of_scikit_image():
    from artkit.artwork.photo import read

    image = read(bundled_photo())
    assert min(image.width, image.height) >= 300


@pytest.fixture
def small_photo(photo_file, monkeypatch) -> Path:
    """The demo at the size of a test."""
    monkeypatch.setattr("artkit.cli.demo.bundled_photo", lambda: photo_file)
    monkeypatch.chdir(photo_file.parent)
    return photo_file


@pytest.fixture
def few_presets(monkeypatch) -> None:
    """A few quick ones, beside the user's own."""
    shipped = {path.stem for path in (Path(__file__).parent.parent / "presets").glob("*.toml")}
    left_out = shipped - {"channels", "silhouette", "duotone", "two-ink", "hatch"}
    known = recipe.presets
    monkeypatch.setattr(recipe, "presets", lambda: {n: path for n, path in known().items() if n not in left_out})


@pytest.mark.slow
def test_the_demo_makes_its_presets_and_a_page_of_them(small_photo, few_presets):
    """`.ci/run` makes all."""
    result = CliRunner().invoke(app, ["demo"])
    assert result.exit_code == 0, result.output
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["file", "size", "seconds"]
    files = [row.split()[0] for row in rows]
    assert [re.sub(r"^gallery.hill-|-[0-9a-f]{6}\.\w+$", "", file) for file in files] == sorted(recipe.presets())
    assert all(Path(file).stat().st_size > 0 for file in files)
    page = Path("gallery/index.html")
    listed = "".join(path.read_text("utf-8") for path in (page, *Path("gallery/data").glob("*.js")))
    assert all(Path(file).name in listed for file in files)
    assert result.stderr.endswith(f"\nOpen the gallery in a browser: {page.resolve().as_uri()}\n")


@pytest.mark.slow
def test_the_demo_goes_elsewhere_and_tells_scripts(small_photo, few_presets):
    result = CliRunner().invoke(app, ["demo", "--gallery", "there", "--json", "--quiet", "-j", "1"])
    assert result.stderr == ""
    assert {record["preset"] for record in json.loads(result.stdout)} == set(recipe.presets())
    assert all(Path(record["file"]).parent == Path("there") for record in json.loads(result.stdout))


@pytest.mark.slow
def test_one_broken_preset_does_not_stop_the_demo(small_photo, few_presets, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "artkit" / "presets").mkdir(parents=True)
    (tmp_path / "artkit" / "presets" / "mine.toml").write_text('[[steps]]\nop = "kmens"\n')
    result = CliRunner().invoke(app, ["demo"])
    assert result.exit_code == 1
    assert re.search(r"^Error: mine: .*mine\.toml:2: .*did you mean kmeans\?\n", result.stderr, re.M)
    assert len(result.stdout.splitlines()) == len(recipe.presets())
