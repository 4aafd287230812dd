"""Ops are found by looking: a module in the package of operations is all that there is to an op."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import artkit.ops
from artkit import registry
from artkit.errors import UsageError
from artkit.registry.discovery import family_of

OP = '''"""Weather: {about}."""

from artkit import Image, op


@op
def {name}(image: Image) -> Image:
    """Leave the picture as it is."""
    return image
'''


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[Path]:
    """A folder in which modules count as lying in `artkit/ops`, for a registry that knows artkit's own ops."""
    known = {name: op for name, op in registry.all_ops().items() if op.function.__module__.startswith("artkit.")}
    monkeypatch.setattr(artkit.ops, "__path__", [*artkit.ops.__path__, str(tmp_path)])
    for attribute, value in vars(registry.Registry(known)).items():
        monkeypatch.setattr(registry.REGISTRY, attribute, value)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("artkit.ops.weather")]:
        del sys.modules[name]


def test_a_module_that_lies_among_the_operations_brings_its_ops_and_its_heading(folder):
    (folder / "weather.py").write_text(OP.format(about="rain and snow", name="let_it_rain"))
    op = registry.find("let-it-rain")
    assert (op.family, registry.heading(op.family)) == ("weather", ("Weather", "rain and snow."))
    assert "let-it-rain" in registry.all_ops()


def test_modules_of_a_package_are_found_at_any_depth_and_are_one_family(folder):
    (folder / "weather" / "winter").mkdir(parents=True)
    (folder / "weather" / "__init__.py").write_text('"""Weather: all of it."""')
    (folder / "weather" / "winter" / "__init__.py").touch()
    (folder / "weather" / "wind.py").write_text(OP.format(about="wind", name="blow"))
    (folder / "weather" / "winter" / "snow.py").write_text(OP.format(about="snow", name="let_it_snow"))
    assert {registry.find(name).family for name in ("blow", "let-it-snow")} == {"weather"}
    assert registry.heading("weather") == ("Weather", "all of it.")


def test_families_are_those_of_the_modules_and_all_have_a_heading():
    families = {path.stem for path in Path(artkit.ops.__file__).parent.iterdir() if not path.name.startswith("__")}
    assert families == {op.family for op in registry.all_ops().values() if op.function.__module__.startswith("artkit.")}
    assert all(all(registry.heading(family)) for family in families)
    assert family_of("stars.ops") == "ops"


@pytest.mark.slow
def test_an_op_is_found_without_the_other_families():
    code = (
        "import sys; from artkit import registry; registry.find('trace'); registry.find('low-poly');"
        "print(*(name for name in sys.modules if name.startswith('artkit.ops.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"artkit.ops.trace", "artkit.ops.styles"} <= set(done.stdout.split())
    assert "artkit.ops.filter" not in done.stdout and "artkit.ops.pen" not in done.stdout


@pytest.mark.parametrize("name", ["no such op", "os.path", "", ".", "__init__", "ünknown"])
def test_a_name_that_is_no_op_is_refused_in_one_line(name):
    with pytest.raises(UsageError, match="no op "):
        registry.find(name)
