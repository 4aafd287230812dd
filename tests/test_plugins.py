"""Ops, presets and palettes that other packages bring by the entry-point groups `artkit.ops` and `artkit.presets`."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit import packages, registry
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.errors import UsageError
from artkit.recipe import Recipe, presets
from artkit.run import run

GOOD = '''
from typing import Annotated
from pydantic import Field
from artkit import Image, op

@op
def stranger_fade(
    image: Image, *, by: Annotated[int, Field(ge=0, le=255, description="Levels.")] = 10
) -> Image:
    """Make everything darker."""
    return image.with_pixels(image.pixels - image.pixels.clip(0, by))
'''


@pytest.fixture
def install(tmp_path, monkeypatch) -> Callable[..., None]:
    """Give a function that puts a distribution with modules and entry points on the path."""

    def install(modules: dict[str, str], entries: dict[str, str]) -> None:
        made = tmp_path / "stranger-1.0.dist-info"
        made.mkdir()
        (made / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n", "utf-8")
        lines = "".join(f"{name} = {value}\n" for name, value in entries.items())
        (made / "entry_points.txt").write_text(f"[{registry.ENTRY_POINTS}]\n{lines}", "utf-8")
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text, "utf-8")
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.syspath_prepend(str(tmp_path))

    own = {name: op for name, op in registry.all_ops().items() if op.function.__module__.startswith("artkit.")}
    monkeypatch.setattr(registry.REGISTRY, "ops", dict(own))
    monkeypatch.setattr(registry.REGISTRY, "broken", {})
    monkeypatch.setattr(registry.REGISTRY, "loaded", False)
    return install


def test_an_op_of_another_package_is_an_op_like_any_other(install):
    install({"stranger_good": GOOD}, {"good": "stranger_good"})
    recipe = Recipe.parse('[[steps]]\nop = "stranger-fade"\nby = 3\n')
    made = run(recipe.checked, Image(np.full((2, 2, 3), 10, np.uint8)))
    assert isinstance(made, Image) and (made.pixels == 7).all()
    assert registry.broken() == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("x = 1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def f(:", "SyntaxError"),
        ("from artkit import op\n@op\ndef silent(image): return image", "TypeError: op silent has no docstring"),
        (
            'from artkit import op\n@op\ndef median(image):\n    "Mine."',
            "TypeError: op median is declared in artkit.ops",
        ),
    ],
)
def test_one_that_fails_to_load_is_reported_and_breaks_nothing_else(install, text, reason):
    install({"stranger_bad": text, "stranger_good": GOOD}, {"bad": "stranger_bad", "good": "stranger_good"})
    assert list(registry.broken()) == ["bad"]
    assert registry.broken()["bad"].startswith(f"stranger_bad: {reason}")
    assert "\n" not in registry.broken()["bad"]
    assert {"median", "stranger-fade"} <= registry.all_ops().keys()
    assert registry.find("median").function.__module__ == "artkit.ops.filter"


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        ("image: Picture) -> Picture", "NameError: name 'Picture' is not defined"),
        ("image: Image, *, size: Number = 3) -> Image", "NameError: name 'Number' is not defined"),
        ("image: Image) -> str", "TypeError: op vague: <class 'str'> is not Image, Labels, Drawing or Animation"),
        ("image) -> Image", "TypeError: op vague: <class 'inspect._empty'> is not Image"),
        (") -> Image", "TypeError: op vague works on nothing"),
    ],
)
def test_one_whose_annotations_mean_nothing_is_reported_although_they_are_read_late(install, signature, reason):
    text = (
        f'from __future__ import annotations\nfrom artkit import Image, op\n@op\ndef vague({signature}:\n    "Vague."'
    )
    install({"stranger_bad": text}, {"bad": "stranger_bad"})
    assert registry.broken()["bad"].startswith(f"stranger_bad: {reason}")
    with pytest.raises(UsageError, match="no op 'vague'"):
        registry.find("vague")


def test_one_that_fails_half_way_leaves_none_of_its_ops(install):
    install({"stranger_bad": GOOD + "\nraise RuntimeError('late\\nand long')"}, {"bad": "stranger_bad"})
    assert registry.broken()["bad"] == "stranger_bad: RuntimeError: late and long"
    assert "stranger-fade" not in registry.all_ops()


def test_a_missing_module_is_reported(install):
    install({}, {"gone": "stranger_gone"})
    assert "ModuleNotFoundError" in registry.broken()["gone"]


def test_the_example_of_the_recipes_page_works(install):
    page = (Path(__file__).parent.parent / "docs" / "recipes.md").read_text("utf-8")
    code = next(block.split("```")[0] for block in page.split("```python\n")[1:] if "@op" in block)
    install({"stranger_doc": code}, {"doc": "stranger_doc"})
    gray = Image(np.full((30, 30, 3), 128, np.uint8))
    made = run(Recipe.parse('seed = 2\n[[steps]]\nop = "grain"\namount = 5\n').checked, gray)
    assert registry.broken() == {}
    assert isinstance(made, Image) and 3 < made.pixels.std() < 7


PLUGIN = Path(__file__).parent.parent / "examples" / "plugin"


@pytest.fixture
def package(install, tmp_path, monkeypatch) -> Callable[..., Path]:
    """Give a function that puts a package with presets on the path, by an entry point of `artkit.presets`."""
    for known in (packages.bundles, packages.palette_files):
        known.cache_clear()

    def package(files: dict[str, str], value: str = "stranger_kit.presets") -> Path:
        folder = tmp_path / "stranger_kit" / "presets"
        folder.mkdir(parents=True)
        (tmp_path / "stranger_kit" / "__init__.py").touch()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        install({}, {})
        entries = tmp_path / "stranger-1.0.dist-info" / "entry_points.txt"
        entries.write_text(f"[artkit.presets]\nkit = {value}\n", "utf-8")
        return folder

    yield package
    for known in (packages.bundles, packages.palette_files):
        known.cache_clear()


RECIPE = '[[steps]]\nop = "gradient-map"\ncolors = ["stranger-dusk"]\n'
GIMP = "GIMP Palette\n# dusk\n10 20 30 night\n240 230 220 light\n"


def test_presets_and_palettes_of_another_package_are_like_any_others(package):
    folder = package(
        {"stranger-night.toml": RECIPE, "stranger-dusk.gpl": GIMP, "notes.txt": "red", "poster.toml": RECIPE}
    )
    assert presets()["stranger-night"] == folder / "stranger-night.toml"
    assert presets()["poster"].parent != folder, "artkit's own counts"
    gray = Image(np.arange(0, 256, 51, dtype=np.uint8).reshape(2, 3, 1).repeat(3, 2))
    made = run(Recipe.find("stranger-night").checked, gray).pixels
    assert made[0, 0].tolist() == [10, 20, 30] and made[1, 2].tolist() == [240, 230, 220]
    assert "#0a141e" in Recipe.find("stranger-night").dump(), "the recipe of an artwork stands alone"
    traced = registry.find("trace").check({"palette": "stranger-dusk"})
    assert traced["palette"] == ("#0a141e", "#f0e6dc")
    with pytest.raises(UsageError, match="did you mean stranger-dusk"):
        registry.find("gradient-map").check({"colors": ["stranger-dusc"]})
    assert "notes" not in packages.palette_files() and packages.broken() == {}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("no_such_package.presets", "no_such_package.presets: ModuleNotFoundError: No module named 'no_such_package'"),
        ("stranger_kit.gone", "stranger_kit.gone: no package in a folder; name the one in which the recipes lie"),
        ("json.decoder", "json.decoder: no package in a folder; name the one in which the recipes lie"),
    ],
)
def test_a_package_of_presets_that_is_not_there_is_told_and_breaks_nothing(package, value, reason):
    package({}, value)
    assert packages.broken() == {"kit": reason}
    assert "poster" in presets()
    shown = CliRunner().invoke(app, ["presets"], prog_name="artkit")
    assert shown.exit_code == 0 and f"Broken plug-in kit: {reason}\n" in shown.stderr


@pytest.mark.slow
def test_the_template_of_a_package_works_when_it_is_installed(tmp_path):
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps", "--no-index")
    copied = shutil.copytree(PLUGIN, tmp_path / "plugin")
    subprocess.run([*pip, "--no-build-isolation", "--target", tmp_path / "site", copied], check=True, timeout=120)
    Image(np.full((40, 60, 3), 60, np.uint8)).save(tmp_path / "cat.jpg")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), *sys.path])}
    lines = re.findall(r"^ {4}artkit (.*)$", (PLUGIN / "README.md").read_text("utf-8"), re.M)
    assert len(lines) == 3
    for line in lines:
        command = [sys.executable, "-m", "artkit", *shlex.split(line)]
        subprocess.run(command, check=True, cwd=tmp_path, env=environment, capture_output=True, timeout=120)
    night, dusk = Image.of(tmp_path / "night.png"), Image.of(tmp_path / "dusk.png")
    assert 100 < (night.pixels.min(axis=2) == 255).sum() <= 200
    assert len(np.unique(dusk.pixels.reshape(-1, 3), axis=0)) > 1
