"""Sweeps: all combinations, each the artwork that a command of its own makes, and faults told before any work."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import pytest
from typer.testing import CliRunner

import artkit
import artkit.registry
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.errors import ArtkitError, UsageError
from artkit.gallery import cells, find
from artkit.gallery.record import to_json
from artkit.recipe import Recipe
from artkit.recipe.shared import Asked, Shared, in_order
from artkit.recipe.sweep import Variant
from artkit.recipe.sweep import sweep as plan
from artkit.recipe.variations import count_of, items_of, texts_of

PRINT = """\
title = "Print"
seed = 7
[[steps]]
op = "median"
size = 3
[[steps]]
op = "kmeans"
colors = 4
[[steps]]
op = "recolor"
palette = ["random"]
[expose]
colors = "kmeans.colors"
inks = "recolor.palette"
"""

WHEEL = """\
title = "Wheel"
[[steps]]
op = "blur"
size = 3
[[steps]]
op = "rotate-color"
[animate]
frames = 3
vary = { "rotate-color.angle" = [0, 360] }
"""

TRACED = 'title = "Traced"\n[[steps]]\nop = "trace"\nkind = "photo"\n'


@pytest.fixture
def desk(photo_file, tmp_path, monkeypatch):
    """A folder with a photo and recipes, in which commands are run; the last one is made a preset by its place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "artkit" / "presets"
    folder.mkdir(parents=True)
    for name, text in (("print", PRINT), ("wheel", WHEEL), ("traced", TRACED)):
        (folder / f"{name}.toml").write_text(text)
    return tmp_path


def run(*words: str) -> object:
    return CliRunner().invoke(app, list(words), prog_name="artkit")


def sweep(*words: str) -> list[dict]:
    result = run("sweep", *words, "--json", "--quiet")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def variants(recipe: str, *vary: str, seeds: str | None = None) -> list[Variant]:
    return plan(Recipe.parse(recipe).checked, vary, seeds).variants()


def replace_op(monkeypatch: pytest.MonkeyPatch, name: str, before: Callable[..., None]) -> None:
    """Have something called with what an op gets, before each call of it."""
    op = artkit.registry.find(name)
    function = op.function

    @wraps(function)  # the op still reads its parameters off it
    def called(image: Image, **values: object) -> object:
        before(image, **values)
        return function(image, **values)

    monkeypatch.setattr(op, "function", called)


def made_alone(folder: Path, *words: str) -> tuple[str, bytes, dict]:
    result = run("apply", *words, "--gallery", str(folder), "--quiet")
    assert result.exit_code == 0, result.output
    path = Path(result.stdout.strip())
    record = json.loads((folder / "records" / f"{path.stem}.json").read_text())
    return path.name, path.read_bytes(), record


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3,5,8", ["3", "5", "8"]),
        ("4:12:2", ["4", "6", "8", "10", "12"]),
        ("4:13:4", ["4", "8", "12"]),
        ("1:4", ["1", "2", "3", "4"]),
        ("4:1", ["4", "3", "2", "1"]),
        ("9:1:-4", ["9", "5", "1"]),
        ("0:1:0.25", ["0", "0.25", "0.5", "0.75", "1"]),
        ("-1:1, 8,20:40:10", ["-1", "0", "1", "8", "20", "30", "40"]),
        ("0.1:0.4:0.1", ["0.1", "0.2", "0.3", "0.4"]),
        ("sunset,riso", ["sunset", "riso"]),
        ('[red,blue],["#fff", "#000"]', ["[red,blue]", '["#fff", "#000"]']),
        ('"a,b",c', ['"a,b"', "c"]),
        ("a[1,b]c", ["a[1", "b]c"]),
    ],
)
def test_lists_and_ranges_are_written_alike(text, values):
    items = items_of(text, "x")
    assert list(texts_of(items)) == values
    assert count_of(items) == len(values)


@pytest.mark.parametrize("text", ["", "3,,5", "3,", "4:12:0", "4:12:-2", "[red,blue", "'a"])
def test_lists_that_are_none_are_refused(text):
    with pytest.raises(UsageError, match=r"^where: "):
        items_of(text, "where")


def test_endless_ranges_are_counted_without_being_written_out():
    found = plan(Recipe.parse(PRINT).checked, ["colors=0:1000000000000:1", "median.size=3,5"], "1:4")
    assert found.count == 8 * 1000000000001


def test_all_combinations_come_in_the_order_of_what_is_varied():
    found = variants(PRINT, "colors=2,3", "median.size=3:7:4", seeds="1:2")
    assert [tuple(each.changes.values()) for each in found] == [
        (colors, size, seed) for colors in "23" for size in "37" for seed in "12"
    ]
    assert [each.recipe.steps[1].values["colors"] for each in found[::4]] == [2, 3]
    assert {each.recipe.data.seed for each in found} == {1, 2}


def test_a_value_that_is_given_twice_counts_once():
    assert len(variants(PRINT, "colors=3,1:4,3")) == 4


def test_numbers_of_a_parameter_that_takes_text_are_no_range():
    found = variants(TRACED, "trace.bytes=100k,20k")
    assert [each.recipe.steps[0].values["bytes"] for each in found] == ["100k", "20k"]
    with pytest.raises(UsageError, match="1:4"):
        variants(TRACED, "trace.bytes=1:4")


def test_what_is_animated_takes_ways():
    found = variants(WHEEL, "rotate-color.angle=0:180,0:90:0")
    assert [each.recipe.data.animate["vary"]["rotate-color.angle"] for each in found] == [[0, 180], [0, 90, 0]]
    with pytest.raises(UsageError, match="is animated by the recipe; 90 is no way"):
        variants(WHEEL, "rotate-color.angle=90")


@pytest.mark.parametrize(
    ("preset", "vary", "seeds", "others"),
    [
        ("print", ["median.size=3,5", "colors=2,3"], ["--seeds", "1:2"], []),
        ("print", ["inks=sunset,[red,random,random,#123456]"], ["--seeds", "3,5"], ["--size", "40"]),
        ("wheel", ["rotate-color.angle=0:180,0:360", "blur.size=3,5"], [], []),
        ("wheel", ["animate.fps=5,10"], [], ["--creator", "Ada"]),
        pytest.param("traced", ["trace.bytes=4k"], ["--seeds", "1:2"], [], marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_each_cell_is_what_a_command_of_its_own_makes(desk, preset, vary, seeds, others):
    words = [word for text in vary for word in ("--vary", text)]
    found = sweep(preset, "hill.png", *words, *seeds, *others, "--gallery", "g")
    for told in found:
        changes = dict(told["changes"])
        seed = ["--seed", changes.pop("seed")] if "seed" in changes else []
        places = {"colors": "kmeans.colors", "inks": "recolor.palette"}
        values = {places.get(name, name): text.strip("[]") for name, text in changes.items()}
        if "rotate-color.angle" in values:
            way = values.pop("rotate-color.angle").replace(":", ", ")
            values["animate.vary"] = f'{{"rotate-color.angle" = [{way}]}}'
        sets = [word for name, text in values.items() for word in ("--set", f"{name}={text}")]
        name, data, record = made_alone(desk / "h", preset, "hill.png", *sets, *seed, *others)
        assert told["file"] == f"g/{name}" and told["id"] == Path(name).stem
        assert Path("g", name).read_bytes() == data
        mine = json.loads(Path("g/records", f"{told['id']}.json").read_text())
        assert mine | {"seconds": 0} == record | {"seconds": 0}


VARIED = {
    "poster": ["colors=4,6", "vivid=1,1.35"],
    "two-ink": ["tints=3,4"],
    "papercut": ["top=dark,light"],
    "watercolor": ["light=0.3,0.38"],
    "low-poly": ["triangles=60,90"],
    "stained-glass": ["vivid=1,1.3", "pieces=20,30"],
    "silhouette": ["tolerance=0.5,1"],
    "photo": ["detail=0.3,0.5"],
}


@pytest.mark.slow
@pytest.mark.parametrize("preset", VARIED)
def test_what_presets_share_changes_no_byte(desk, preset):
    words = [word for text in VARIED[preset] for word in ("--vary", text)]
    for told in sweep(preset, "hill.png", *words, "--gallery", "g"):
        options = [word for name, text in told["changes"].items() for word in (f"--{name}", text)]
        name, data, record = made_alone(desk / "h", preset, "hill.png", *options)
        assert Path("g", name).read_bytes() == data
        mine = json.loads(Path("g/records", f"{told['id']}.json").read_text())
        assert mine | {"seconds": 0} == record | {"seconds": 0}


@pytest.mark.slow
def test_a_signal_ends_a_sweep_with_what_is_done_in_its_table(desk):
    line = [sys.executable, "-m", "artkit", "sweep", "print", "hill.png", "--vary", "colors=2:9", "--seeds", "1:20"]
    path = os.pathsep.join(filter(None, (str(Path(artkit.__file__).parent.parent), os.environ.get("PYTHONPATH", ""))))
    pipe = subprocess.PIPE
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell may have started the tests with Ctrl-C ignored
    process = subprocess.Popen(
        [*line, "--gallery", "g"], stdout=pipe, stderr=pipe, text=True, env=os.environ | {"PYTHONPATH": path}
    )
    signal.signal(signal.SIGINT, before)
    with process:
        for _ in range(2400):  # two minutes: a busy machine takes its time
            if len(list(Path("g").glob("records/*.json"))) > 2:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and stderr == "Interrupted.\n"
    rows = [row.split() for row in stdout.splitlines()[1:]]
    there = {path.stem for path in Path("g/records").iterdir()}
    assert rows and len(rows) < 160 and {row[1] for row in rows} <= there and len(there) - len(rows) <= 1


@pytest.mark.slow
def test_the_command_in_a_cells_record_makes_the_cell(desk):
    found = sweep("wheel", "hill.png", "--vary", "rotate-color.angle=0:90,0:180", "--gallery", "g")
    for told in found:
        record = find.record_of(told["id"], Path("g"))
        assert record.changes
        words = shlex.split(record.command)
        assert run(*words[1:], "--gallery", "again", "--quiet").exit_code == 0
        assert Path("again", record.path.name).read_bytes() == record.path.read_bytes()


@pytest.mark.slow
def test_steps_before_the_first_that_differs_are_run_once(desk, monkeypatch):
    calls = []
    for name in ("median", "kmeans", "recolor"):
        replace_op(monkeypatch, name, lambda image, _name=name, **values: calls.append(_name))
    sweep("print", "hill.png", "--vary", "inks=sunset,riso", "--vary", "colors=2,3", "--seeds", "1:3", "--gallery", "g")
    assert calls.count("median") == 1
    assert calls.count("kmeans") <= 6
    assert calls.count("recolor") == 12


def test_recipes_that_begin_alike_follow_each_other():
    found = [each.recipe for each in variants(PRINT, "inks=sunset,riso", "median.size=3,5")]
    order, numbers = in_order(found)
    assert order == [0, 2, 1, 3]
    assert numbers == {2}


def test_what_was_made_with_a_files_metadata_is_made_again():
    step = Recipe.parse(TRACED).checked.steps[0]
    shared, made = Shared({1}), []

    def make(asked: Asked) -> str:
        assert asked["title"]
        made.append(1)
        return "drawing"

    for _ in range(2):
        asked = Asked({"title": "a"})
        shared.made(1, step, 1, asked, lambda asked=asked: make(asked))
        shared.made(2, step, 1, Asked({}), lambda: made.append(2))
    assert made == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--vary", "medan.size=3,5"], r"--vary medan\.size: print: no step 'medan'; did you mean median\?"),
        (["--vary", "median.siz=3,5"], r"has no parameter 'siz'; did you mean size\?"),
        (["--vary", "color=3,5"], r"no option 'color'; did you mean colors\?"),
        (["--vary", "median.size=3,4"], r"--vary median\.size: 4 is even"),
        (["--vary", "colors=200:300:50"], r"--vary colors: 300 is too large"),
        (["--vary", "colors="], r"--vary colors: a value is missing"),
        (["--vary", "colors=3,,5"], r"--vary colors: a value is missing"),
        (["--vary", "colors"], r"--vary colors: takes STEP\.PARAM=VALUES"),
        (["--vary", "colors=3,5", "--vary", "2.colors=4"], r"--vary 2\.colors: the same is given by --vary colors"),
        (["--vary", "colors=3,5", "--set", "kmeans.colors=4"], r"--vary colors: the same is given by --set"),
        (["--vary", "colors=3,5", "--colors", "4"], r"--vary colors: the same is given by --set"),
        (["--vary", "colors=2:100", "--seeds", "1:50"], r"4,950 artworks come of that, over 200; .* --limit 4950"),
        (["--vary", "colors=2:5", "--limit", "3"], r"4 artworks come of that, over 3"),
        (["--vary", "colors=0:9000000000000"], r"over 200"),
        (["--seeds", "1,x"], r"--seeds: x is not a seed"),
        (["--seeds", ""], r"a value is missing"),
        (["--seeds", "1:3", "--seed", "2"], r"--seed sets one seed and --seeds"),
        (["--vary", "seed=1,2"], r"--seeds 1:4"),
        (["--vary", "animate.fsp=3,5"], r"\[animate\] has no setting 'fsp'; did you mean fps\?"),
        ([], r"nothing varies"),
        (["--vary", "colors=3"], r"nothing varies"),
    ],
)
def test_a_fault_is_one_line_before_any_work(desk, words, said):
    result = run("sweep", "print", "hill.png", *words, "--gallery", "g")
    assert result.exit_code == 2, result.output
    assert re.search(said, result.stderr) and result.stderr.count("\n") == 1, result.stderr
    assert not Path("g").exists()


def test_a_photo_that_cannot_be_read_is_told_before_any_work(desk):
    Path("text.png").write_text("no picture")
    result = run("sweep", "print", "hill.png", "text.png", "--gallery", "g")
    assert result.exit_code == 1
    assert re.fullmatch(r"Error: text\.png: .*\n", result.stderr)
    assert not Path("g").exists()


def test_a_combination_that_will_not_do_is_named(desk):
    result = run("sweep", "traced", "hill.png", "--vary", "trace.fills=flat,x", "--gallery", "g")
    assert result.exit_code == 2 and result.stderr.startswith("Error: --vary trace.fills: ")


def test_a_cell_that_fails_does_not_lose_the_others(desk, monkeypatch):
    def failing(image: Image, **values: object) -> None:
        if values["colors"] == 3:
            raise ArtkitError("out of ink")

    replace_op(monkeypatch, "kmeans", failing)
    result = run("sweep", "print", "hill.png", "--vary", "colors=2:4", "--gallery", "g")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["cell", "1", "3"]
    assert "Error: cell 2 (colors 3): step 2 (kmeans): out of ink" in result.stderr
    assert result.stderr.endswith("1 of 3 cells failed: 2\n")
    assert len(list(Path("g/records").iterdir())) == 2 and Path("g/index.html").exists()


def test_what_was_made_before_an_interrupt_stays_and_is_listed(desk, monkeypatch):
    def interrupted(image: Image, **values: object) -> None:
        if values["colors"] == 4:
            raise KeyboardInterrupt

    replace_op(monkeypatch, "kmeans", interrupted)
    result = run("sweep", "print", "hill.png", "--vary", "colors=2:5", "--gallery", "g")
    assert result.exit_code == 130
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["cell", "1", "2"]
    assert len(list(Path("g/records").iterdir())) == 2


def test_presets_and_photos_are_swept_alike(desk):
    Path("sea.png").write_bytes(Path("hill.png").read_bytes())
    found = sweep("print,wheel", "hill.png", "sea.png", "--gallery", "g")
    assert [(told["preset"], told["photo"]) for told in found] == [
        (preset, photo) for preset in ("print", "wheel") for photo in ("hill.png", "sea.png")
    ]
    assert [told["cell"] for told in found] == [1, 2, 3, 4]


def test_seeds_of_what_has_no_chance_are_told(desk):
    result = run("sweep", "traced", "hill.png", "--size", "24", "--seeds", "1:2", "--gallery", "g")
    assert "traced: no step of it uses chance; all seeds give the same picture" in result.stderr


def test_a_cell_becomes_a_preset_of_ones_own(desk):
    found = sweep("print", "hill.png", "--vary", "colors=2,3", "--gallery", "g")
    by_number = run("pick", "2", "--name", "mine", "--gallery", "g")
    assert by_number.exit_code == 0, by_number.output
    by_name = run("pick", found[1]["id"][-6:], "--gallery", "g")
    assert Path(by_name.stdout.strip()).stem == f"print-{found[1]['id'][-6:]}"
    for name in ("mine", Path(by_name.stdout.strip()).stem):
        assert Recipe.find(name).bound[1].values["colors"] == 3
    assert run("pick", "3", "--gallery", "g").stderr.endswith("the last sweep in g has cells 1 to 2\n")
    assert run("pick", "nosuch", "--gallery", "g").exit_code == 2
    assert run("pick", "2", "--name", "mine", "--gallery", "g").exit_code == 2


def test_odd_lists_of_cells_are_none(tmp_path):
    for text in ("", "[]", '{"cells": 3}', '{"cells": {"x": 1}}', "[" * 100_000):
        (tmp_path / cells.CELLS).write_text(text)
        assert cells.name_of("1", tmp_path) is None
    cells.write(tmp_path, {1: "a-b-c", 2: "é", 5: "x"})
    assert cells.name_of("2", tmp_path) == "é"
    with pytest.raises(UsageError, match="cells 1 to 2, 5"):
        cells.name_of("3", tmp_path)


def test_a_record_knows_nothing_of_the_sweep(desk):
    told = sweep("print", "hill.png", "--vary", "colors=2,3", "--gallery", "g")[0]
    assert b"sweep" not in to_json(find.record_of(told["id"], Path("g")))
