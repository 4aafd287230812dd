"""Recipes keep their meaning: what schema 1 meant is said in today's words, and makes what it made."""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit import registry
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.errors import RecipeError
from artkit.export import encode
from artkit.recipe import Recipe, migrate
from artkit.recipe.migrate import MIGRATIONS, SCHEMA, migrated
from artkit.recipe.values import to_toml
from artkit.run.library import apply

FOLDER = Path(__file__).parent / "recipes"
PRESETS = Path(__file__).parent.parent / "presets"


def steps(text: str) -> list[dict[str, object]]:
    return migrated(tomllib.loads(text))["steps"]


def faults(text: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(text, "x.toml")
    return caught.value.faults


def test_kmeans_of_schema_1_is_in_rgb_unless_it_says_otherwise():
    assert steps('[[steps]]\nop = "kmeans"') == [{"op": "kmeans", "space": "rgb"}]
    assert steps('[[steps]]\nop = "kmeans"\nspace = "oklab"') == [{"op": "kmeans", "space": "oklab"}]
    assert steps('schema = 2\n[[steps]]\nop = "kmeans"') == [{"op": "kmeans"}]


def test_nothing_matters_more_than_the_rest_in_schema_1():
    assert steps('[[steps]]\nop = "low-poly"') == [{"op": "low-poly", "focus": "off"}]
    assert steps('schema = 2\n[[steps]]\nop = "low-poly"') == [{"op": "low-poly"}]
    assert steps('[[steps]]\nop = "trace"\nfocus = "auto"') == [{"op": "trace", "focus": "auto"}]


def test_no_gif_of_schema_1_is_dithered_by_itself():
    assert migrated({"animate": {"frames": 3}})["animate"] == {"frames": 3, "dither": False}
    assert migrated({"animate": {"dither": True}})["animate"] == {"dither": True}
    assert migrated({"schema": 2, "animate": {"frames": 3}})["animate"] == {"frames": 3}


def test_every_operation_that_a_migration_names_has_that_parameter():
    ops = registry.all_ops()
    assert all(ops[name].parameters["focus"].default == "auto" for name in migrate._GIVEN_FOCUS)
    others = {name for name, op in ops.items() if "focus" in op.parameters and op.parameters["focus"].default == "auto"}
    new = {
        "brush",
        "brush-strokes",
        "carve",
        "circle-packing",
        "crayon",
        "paint-by-numbers",
        "primitives",
        "quadtree",
        "string-art",
        "parallax",
        "subject",
        "voronoi",
        "zoom-loop",
    }
    assert others - migrate._GIVEN_FOCUS == new


def test_a_migration_leaves_the_document_that_it_was_given_and_what_has_no_form():
    document = {"steps": [{"op": "kmeans"}, 3, {"op": 7}], "expose": 4}
    assert migrated(document) == {
        "schema": SCHEMA,
        "steps": [{"op": "kmeans", "space": "rgb"}, 3, {"op": 7}],
        "expose": 4,
    }
    assert document["steps"][0] == {"op": "kmeans"}
    assert migrated({"steps": 3}) == {"schema": SCHEMA, "steps": 3}


@pytest.fixture
def renamed(monkeypatch):
    """A schema of tomorrow, in which the op `blur` calls its size a window."""

    def migration(document):
        for step in migrate.steps_of(document):
            if step.get("op") == "soften":
                step["op"] = "blur"
                step["size"] = step.pop("window", 9)

    monkeypatch.setattr(migrate, "MIGRATIONS", (*MIGRATIONS, migration))


def test_migrations_are_run_one_after_the_other_from_the_recipes_schema_on(renamed):
    assert steps('[[steps]]\nop = "soften"\nwindow = 5\n[[steps]]\nop = "kmeans"') == [
        {"op": "blur", "size": 5},
        {"op": "kmeans", "space": "rgb"},
    ]
    assert steps(f'schema = {SCHEMA}\n[[steps]]\nop = "soften"') == [{"op": "blur", "size": 9}]
    assert steps(f'schema = {SCHEMA + 1}\n[[steps]]\nop = "soften"') == [{"op": "soften"}]
    recipe = Recipe.parse('[[steps]]\nop = "soften"\nwindow = 5')
    assert recipe.steps[0].op == "blur" and recipe.bound[0].values["size"] == 5


@pytest.mark.parametrize("bad", ["0", "-1", '"2"', "1.0", "true", "[1]"])
def test_a_schema_that_is_none_is_refused_by_name(bad):
    (fault,) = faults(f'title = "x"\nschema = {bad}\n[[steps]]\nop = "blur"')
    assert fault == f"x.toml:2: schema: {bad} is no schema; use a whole number from 1 to {SCHEMA}"


def test_a_newer_schema_is_refused_before_anything_else_is_judged():
    (fault,) = faults(f'schema = {SCHEMA + 1}\nfuture = 1\n[[steps]]\nop = "unheard-of"')
    assert (
        fault == f"x.toml:1: schema: {SCHEMA + 1} is newer than what this artkit reads, which is 1 to {SCHEMA}; "
        "upgrade artkit"
    )


def test_an_unknown_key_is_named_with_the_schema():
    assert faults('schema = 2\nfuture = 1\n[[steps]]\nop = "blur"') == [
        "x.toml:2: no key 'future' in a recipe of schema 2"
    ]


def test_our_presets_are_of_todays_schema():
    assert all(tomllib.loads(path.read_text("utf-8"))["schema"] == SCHEMA for path in PRESETS.glob("*.toml"))


def test_defaults_are_those_of_the_schema(request):
    """Whoever changes a default or a name writes a migration; what is new is added to the file by --write-golden."""
    path = FOLDER / "defaults.json"
    now = {
        name: {key: to_toml(parameter.default) for key, parameter in op.parameters.items() if not parameter.required}
        for name, op in registry.all_ops().items()
        if op.function.__module__.startswith("artkit.")
    }
    if request.config.getoption("--write-golden"):
        path.write_text(json.dumps({"schema": SCHEMA, "ops": now}, indent=1, sort_keys=True) + "\n", "utf-8")
    kept = json.loads(path.read_text("utf-8"))
    assert kept["schema"] == SCHEMA, "a new schema: pytest -n 0 --write-golden tests/test_migrate.py keeps its defaults"
    for name, defaults in kept["ops"].items():
        assert name in now, f"{name} is gone or has another name: artkit/recipe/migrate.py has to know"
        for key, default in defaults.items():
            assert key in now[name], f"{name}.{key} is gone or has another name: artkit/recipe/migrate.py has to know"
            assert now[name][key] == default, f"{name}.{key}: another default: artkit/recipe/migrate.py has to know"


# What recipes of each schema make, and have made since


def shades() -> Image:
    """Rings and bands of many colors."""
    y, x = np.mgrid[0:40, 0:60]
    red, green = (x * 4) % 256, (y * 6) % 256
    blue = ((x - 30) ** 2 + (y - 20) ** 2) % 256
    return Image(np.dstack([red, green, blue]).astype(np.uint8))


def kept() -> list[Path]:
    return sorted((FOLDER / "schemas").glob("*.toml"))


@pytest.mark.parametrize("path", kept(), ids=lambda path: path.stem)
def test_a_recipe_makes_what_it_has_always_made(path, request):
    made = apply(path, shades())
    digest = sha256(encode(made, ".svg") if hasattr(made, "layers") else Image.of(made).pixels.tobytes()).hexdigest()
    beside = path.with_suffix(".sha256")
    if request.config.getoption("--write-golden"):
        beside.write_text(digest + "\n")
    assert digest == beside.read_text().strip()


@pytest.mark.slow
def test_a_drawing_of_schema_1_sees_nothing_that_matters_by_itself():
    def drawn(head: str, more: str = "") -> bytes:
        text = f'{head}[[steps]]\nop = "low-poly"\ntriangles = 60\n{more}'
        return encode(apply(Recipe.parse(text), shades()), ".svg")

    assert drawn("") == drawn("schema = 2\n", 'focus = "off"') != drawn("schema = 2\n")


def test_every_schema_has_recipes_that_are_kept():
    schemas = {tomllib.loads(path.read_text())["schema"] for path in kept() if "missing" not in path.stem}
    assert schemas == set(range(1, SCHEMA + 1))


# artkit recipe upgrade


def upgrade(path: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["recipe", "upgrade", str(path)])
    return result.exit_code, result.output


OLD = """\
#:schema ./recipe.schema.json
# my own

title = "x"   # a name

[[steps]]
op = "kmeans" # clusters
colors = 4

[[steps]]
op = 'trace'
"""


def test_an_upgraded_recipe_keeps_its_comments_and_its_meaning(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(OLD)
    before = Recipe.read(path)
    assert upgrade(path) == (0, f"{path}\n")
    after = path.read_text()
    assert after == OLD.replace('title = "x"', 'schema = 2\ntitle = "x"').replace(
        "# clusters\n", '# clusters\nspace = "rgb"\n'
    ).replace("op = 'trace'\n", "op = 'trace'\nfocus = \"off\"\n")
    assert Recipe.read(path) == before
    assert upgrade(path) == (0, f"{path}: is of schema 2 already\n") and path.read_text() == after


def test_windows_line_ends_stay(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(OLD.replace("\n", "\r\n").encode())
    before = Recipe.read(path)
    assert upgrade(path)[0] == 0
    data = path.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") and Recipe.read(path) == before


def test_what_is_written_in_an_odd_way_is_written_anew(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('steps = [{op = "kmeans"}, {op = "trace"}]  # short\ntitle = """\nx"""\n[expose]\nc = "1.colors"\n')
    before = Recipe.read(path)
    code, said = upgrade(path)
    assert code == 0 and "its comments could not be kept" in said
    assert Recipe.read(path) == before and tomllib.loads(path.read_text())["schema"] == SCHEMA


def test_changed_and_renamed_lines_are_mended_in_their_place(tmp_path, renamed):
    path = tmp_path / "x.toml"
    path.write_text('schema = 2\n[[steps]]\n# first\nop = "soften"\nwindow = 5\n\n# end\n')
    assert upgrade(path)[0] == 0
    assert path.read_text() == 'schema = 3\n[[steps]]\n# first\nop = "blur"\nsize = 5\n\n# end\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [("schema = 9\n[[steps]]\nop = 'blur'", "newer"), ("title = ", "not TOML"), ("[[steps]]\nop = 'blurr'", "no op")],
)
def test_a_faulty_recipe_is_not_touched(tmp_path, text, fault):
    path = tmp_path / "x.toml"
    path.write_text(text)
    code, said = upgrade(path)
    assert code == 2 and fault in said and path.read_text() == text


@pytest.mark.slow
def test_an_artwork_is_not_rewritten(tmp_path):
    path = tmp_path / "x.svg"
    path.write_bytes(encode(apply(Recipe.parse('[[steps]]\nop = "trace"'), shades()), ".svg", metadata={"recipe": OLD}))
    before = path.read_bytes()
    code, said = upgrade(path)
    assert code == 2 and "is an artwork" in said and path.read_bytes() == before
