"""The ops' declarations in, the JSON Schema of recipe files out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from artkit import registry
from artkit.metadata.xmp import ENHANCED, SOURCE_TYPES
from artkit.recipe.check import ID, OPTION
from artkit.recipe.migrate import SCHEMA
from artkit.recipe.model import FAMILIES, MAX_SEED, RESERVED
from artkit.recipe.on_paper import schema as export_schema

if TYPE_CHECKING:
    from artkit.registry import Op


def schema(keep: Callable[[Op[Any, Any]], bool] = lambda op: True) -> dict[str, Any]:
    """The JSON Schema of recipe files, from the declarations of the ops that `keep` accepts."""
    from pydantic.json_schema import models_json_schema

    from artkit.recipe.clip import CLIP
    from artkit.recipe.motion import SETTINGS

    ops = {name: op for name, op in registry.all_ops().items() if keep(op)}
    models: list[Any] = [(op.model, "validation") for op in (*ops.values(), SETTINGS, CLIP)]
    _, made = models_json_schema(models, ref_template="#/$defs/{model}")
    defs = made.get("$defs", {})
    animate = defs.pop(SETTINGS.name)
    animate["description"] = SETTINGS.summary
    animate["properties"]["vary"] = {
        "type": "object",
        "description": "The numbers that each STEP.PARAM goes through while the animation plays: two or more.",
        "additionalProperties": {"type": "array", "minItems": 2, "items": {"type": "number"}},
        "propertyNames": {"pattern": r"^[^.]+\.[^.]+$"},
    }
    footage = defs.pop(CLIP.name)
    footage["description"] = CLIP.summary
    step_id = {"type": "string", "pattern": ID.pattern, "description": "A name to address this step by."}
    for name, op in ops.items():
        own = {"op": {"const": name, "description": op.summary}, "id": step_id}
        defs[name]["properties"] = own | defs[name].get("properties", {})
        defs[name]["required"] = ["op", *defs[name].get("required", [])]
        defs[name]["description"] = op.summary
    text = {"type": "string", "default": ""}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "artkit recipe",
        "type": "object",
        "additionalProperties": False,
        "required": ["steps"],
        "properties": {
            "schema": {
                "type": "integer",
                "minimum": 1,
                "maximum": SCHEMA,
                "default": 1,
                "description": f"Whose defaults and names the recipe means; today's is {SCHEMA}.",
            },
            "title": text | {"description": "A few words that name the artwork."},
            "description": text | {"description": "What it does to a photo, in a sentence."},
            "family": {
                "enum": ["", *FAMILIES],
                "default": "",
                "description": "The family of looks by which presets are listed.",
            },
            "seed": {
                "type": "integer",
                "minimum": 0,
                "maximum": MAX_SEED,
                "default": 0,
                "description": "The source of all chance: same seed, same artwork.",
            },
            "size": {
                "type": "integer",
                "minimum": 1,
                "description": "The most pixels of the photo's longer side; it is made smaller first.",
            },
            "crop": {
                "type": "array",
                "prefixItems": [{"type": "integer", "minimum": n} for n in (0, 0, 1, 1)],
                "items": False,
                "minItems": 4,
                "description": "x, y, width and height, in pixels, of the part of the photo that is used.",
            },
            "caption": text | {"description": "The artwork's title, for its metadata; browsers show an SVG's."},
            "creator": text
            | {"description": "Who made the artwork, for its metadata; the photo's creator is named after that."},
            "rights": text
            | {"description": "Whose the artwork is, for its metadata; the photo's rights are named after that."},
            "source_type": {
                "enum": ["", *SOURCE_TYPES],
                "default": "",
                "description": f"IPTC's digital source type, for the metadata; {ENHANCED} if not given.",
            },
            "made": {
                "type": "object",
                "description": "Written by artkit into an artwork's recipe: the photo's digest, versions.",
                "additionalProperties": {"type": "string"},
            },
            "steps": {
                "type": "array",
                "minItems": 1,
                "description": "What is done to the photo, in order.",
                "items": {
                    "type": "object",
                    "required": ["op"],
                    "properties": {"op": {"enum": list(ops), "description": "The operation."}},
                    "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ops],
                },
            },
            "choose": {
                "type": "object",
                "description": "Options of the preset's command that set several STEP.PARAMs at once, by choice.",
                "propertyNames": {"pattern": OPTION.pattern, "not": {"enum": sorted(RESERVED)}},
                "additionalProperties": {
                    "type": "object",
                    "minProperties": 2,
                    "additionalProperties": {"type": "object", "propertyNames": {"pattern": r"^[^.]+\.[^.]+$"}},
                },
            },
            "expose": {
                "type": "object",
                "description": "Options of the preset's command, each the STEP.PARAM that it sets.",
                "propertyNames": {"pattern": OPTION.pattern, "not": {"enum": sorted(RESERVED)}},
                "additionalProperties": {"type": "string", "pattern": r"^[^.]+\.[^.]+$"},
            },
            "animate": animate,
            "export": export_schema(),
            "footage": footage,
        },
        "$defs": dict(sorted(defs.items())),
    }
