"""Ops that other packages bring by the entry-point group `artkit.ops`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from artkit import registry
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.recipe import Recipe
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
