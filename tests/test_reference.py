"""The generated pages: fresh, complete, and true to the declarations."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

import pydantic
import pytest
import reference
import stubs
from pydantic import Field
from tiny_ops import tiny_ops

from artkit import registry
from artkit.artwork.image import Image
from artkit.errors import RecipeError
from artkit.recipe import Recipe, presets
from artkit.registry import Op

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("name", ["reference.md", "recipe.schema.json"])
@pytest.mark.slow
def test_the_generated_pages_are_fresh(name):
    if name.endswith(".json") and tuple(map(int, pydantic.VERSION.split(".")[:2])) < (2, 11):
        pytest.skip("older versions of pydantic write the same schema in other words")
    written = (DOCS / name).read_text("utf-8") if (DOCS / name).exists() else ""
    fresh = written == reference.pages()[name]  # compared first: a diff of the pages says less than the way out
    assert fresh, f"docs/{name} is stale; write it anew with: python docs/reference.py"


def test_the_stub_that_tells_editors_of_the_ops_is_fresh():
    fresh = stubs.PLACE.read_text("utf-8") == stubs.text(stubs.own_ops())
    assert fresh, "artkit/ops/__init__.pyi is stale; write it anew with: python docs/reference.py"


@pytest.mark.slow
def test_the_page_has_every_op_and_parameter_of_artkit():
    text = reference.markdown()
    for name, op in registry.all_ops().items():
        section = text.split(f"\n### {name}\n")[1].split("\n#")[0]
        assert op.summary in section
        assert re.findall(r"^\| `(\w+)`", section, re.M) == list(op.parameters)


def test_ops_of_other_packages_are_left_out():
    with tiny_ops():
        assert "grain" not in reference.markdown()
        assert "grain" not in reference.pages()["recipe.schema.json"]


@pytest.mark.slow
def test_pages_are_written_to_a_folder(tmp_path):
    assert reference.write(tmp_path) == [tmp_path / "reference.md", tmp_path / "recipe.schema.json"]
    json.loads((tmp_path / "recipe.schema.json").read_text("utf-8"))


def _sample(
    image: Image,
    *,
    whole: Annotated[int, Field(ge=1, le=9, description="x")] = 1,
    least: Annotated[int, Field(ge=1, description="x")] = 1,
    above: Annotated[float, Field(gt=0, description="x")] = 1.5,
    between: Annotated[float, Field(gt=0, lt=1, description="x")] = 0.5,
    half: Annotated[float, Field(ge=0, lt=1, description="x")] = 0.5,
    most: Annotated[float, Field(le=5, description="x")] = 0.5,
    free: Annotated[float, Field(description="x")] = 0,
    switch: Annotated[bool, Field(description="x")] = True,
    choice: Annotated[Literal["a", "b"], Field(description="A | B")] = "b",
    text: Annotated[str, Field(description="x")] = 'say "x"',
    several: Annotated[tuple[str, ...], Field(min_length=1, description="x")] = ("a",),
    pair: Annotated[tuple[float, int], Field(description="x")] = (0.5, 1),
    some: Annotated[list[int], Field(min_length=2, max_length=3, description="x")] = [1, 2],  # noqa: B006
    maybe: Annotated[int | None, Field(ge=0, description="x")] = None,
    either: Annotated[int | Literal["auto"], Field(description="x")] = "auto",
    must: Annotated[int, Field(description="x")],
) -> Image:
    """Sample.

    More about it.
    """
    return image


@pytest.mark.parametrize(
    ("name", "words", "default"),
    [
        ("whole", "whole number, 1 to 9", "`1`"),
        ("least", "whole number, 1 or more", "`1`"),
        ("above", "number, above 0", "`1.5`"),
        ("between", "number, above 0, below 1", "`0.5`"),
        ("half", "number, 0 or more, below 1", "`0.5`"),
        ("most", "number, at most 5", "`0.5`"),
        ("free", "number", "`0`"),
        ("switch", "`true` or `false`", "`true`"),
        ("choice", '`"a"`, `"b"`', '`"b"`'),
        ("text", "string", '`"say \\"x\\""`'),
        ("several", "list of strings, 1 or more", '`["a"]`'),
        ("pair", "list of number, whole number", "`[0.5, 1]`"),
        ("some", "list of whole numbers, 2 to 3 of them", "`[1, 2]`"),
        ("maybe", "whole number, 0 or more", ""),
        ("either", 'whole number or `"auto"`', '`"auto"`'),
        ("must", "whole number", "needed"),
    ],
)
def test_values_are_said_in_words(name, words, default):
    op = Op(_sample)
    assert reference.values(op, op.parameters[name]) == words
    assert reference.default(op, op.parameters[name]) == default


def test_an_op_is_described_with_its_docstring_and_types():
    text = reference.describe(Op(_sample))
    assert text.startswith("### sample\n\nSample.\n\nImage → Image\n\nMore about it.\n\n| parameter")
    assert r"| A \| B |" in text


# The schema, by a naive reader of the few words of JSON Schema that it uses


def fits(value: object, schema: dict, defs: dict) -> bool:
    if "$ref" in schema:
        return fits(value, defs[schema["$ref"].rpartition("/")[2]], defs)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    kind = schema.get("type")
    if kind == "null" or (
        kind and (not isinstance(value, kinds[kind]) or (isinstance(value, bool) != (kind == "boolean")))
    ):
        return False
    number = value if isinstance(value, (int, float)) else None
    rules = [
        "const" not in schema or value == schema["const"],
        "enum" not in schema or value in schema["enum"],
        "not" not in schema or not fits(value, schema["not"], defs),
        "anyOf" not in schema or any(fits(value, one, defs) for one in schema["anyOf"]),
        "oneOf" not in schema or sum(fits(value, one, defs) for one in schema["oneOf"]) == 1,
        number is None or number >= schema.get("minimum", number),
        number is None or number <= schema.get("maximum", number),
        number is None or "multipleOf" not in schema or number % schema["multipleOf"] == 0,
    ]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties", {})
        rules += [key in value for key in schema.get("required", [])]
        rules += [
            fits(item, known.get(key, rest), defs) if key in known or rest is not False else False
            for key, item in value.items()
        ]
    if isinstance(value, list):
        rules += [len(value) >= schema.get("minItems", 0), len(value) <= schema.get("maxItems", len(value))]
        rules += [fits(item, schema.get("items", {}), defs) for item in value]
    return all(rules)


SCHEMA = json.loads(reference.pages()["recipe.schema.json"])


@pytest.mark.parametrize("path", presets().values(), ids=list(presets()))
def test_the_schema_accepts_every_preset_as_written_and_in_full(path):
    assert fits(tomllib.loads(path.read_text("utf-8")), SCHEMA, SCHEMA["$defs"])
    assert fits(tomllib.loads(Recipe.read(path).dump()), SCHEMA, SCHEMA["$defs"])


@pytest.mark.parametrize(
    "text",
    [
        'op = "mediam"',
        'op = "median"\nsise = 9',
        'op = "median"\nsize = "9"',
        'op = "median"\nsize = 8',
        'op = "median"\nsize = 0',
        'op = "median"\nsize = 9999',
        'op = "channel-blur"\nchannel = "rad"',
        "size = 9",
    ],
)
def test_the_schema_refuses_what_artkit_refuses(text):
    text = f"[[steps]]\n{text}\n"
    with pytest.raises(RecipeError):
        Recipe.parse(text)
    assert not fits(tomllib.loads(text), SCHEMA, SCHEMA["$defs"])


PAGE = (DOCS / "recipes.md").read_text("utf-8")
EXAMPLES = [block.split("```")[0] for block in PAGE.split("```toml\n")[1:] if "[[steps]]" in block.split("```")[0]]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_recipes_of_the_recipes_page_are_recipes(text):
    assert Recipe.parse(text, "recipes.md").options()


def test_what_the_recipes_page_sets_can_be_set():
    given = dict(pair.split("=") for pair in re.findall(r"--set (\S+=[^\s`]+)", PAGE))
    assert len(given) == 2
    changed = Recipe.parse(EXAMPLES[0]).with_values(given)
    assert changed != Recipe.parse(EXAMPLES[0])
