"""Recipes: ordered steps with typed parameters, read from TOML, checked as a whole, written back in canonical TOML.

    title = "Screen-print poster"
    seed  = 7
    [[steps]]
    op = "median"
    size = 9
    [[steps]]
    op = "kmeans"
    colors = 6
    [expose]
    colors = "kmeans.colors"

`Recipe.read` and `Recipe.parse` name every fault of a file at once, one line each: file and line, step, parameter, the
bad value and a way out. Values are taken as TOML writes them: "9" is not a number, nor is 9.0 a whole one, but 9 does
where a parameter takes decimals. Values given as text (`--set`) are converted by the parameter's type instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from math import isfinite
from os import PathLike, fspath, sep
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artkit.errors import RecipeError, UsageError, did_you_mean
from artkit.registry.toml import Lines, lines_of, syntax_fault, write_key, write_value

if TYPE_CHECKING:
    from artkit.recipe.motion import Course, Motion, Settings
    from artkit.registry import Op, Parameter

KEYS = ("title", "description", "seed", "steps", "expose", "animate")
"""What may stand at the top of a recipe."""

RESERVED = frozenset(
    "crop debug gallery help json output photo preset quiet seed set size values version".split()  # noqa: SIM905
)
"""Names that `artkit apply` and `artkit.apply` use themselves, so that no recipe can expose a parameter under them."""

MAX_SEED = 2**63 - 1
"""The largest whole number that TOML promises to keep."""


@dataclass(frozen=True)
class Step:
    """One op with the parameters that the recipe gives; the op's defaults are not filled in."""

    op: str
    values: dict[str, object] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True)
class Bound:
    """A checked step: its op, all parameters in full, the type it gives, and whether it runs frame by frame."""

    op: Op[Any, Any]
    values: dict[str, Any]
    gives: type
    lifted: bool


@dataclass(frozen=True)
class Recipe:
    """Steps from a photo to an artwork. `expose` names the parameters that become options of the preset's command.

    A STEP is addressed by its number from 1, by its `id`, or by its op's name where the op is used once.
    `animate` is the table of that name: what `artkit.ops.motion.animate` takes and, under "vary", STEP.PARAMs with the
    numbers that each goes through.
    """

    title: str = ""
    description: str = ""
    seed: int = 0
    steps: tuple[Step, ...] = ()
    expose: dict[str, str] = field(default_factory=dict)
    name: str = "recipe"
    animate: dict[str, object] | None = None

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Recipe:
        """Read and check a recipe file; a RecipeError names every fault."""
        return cls.parse(_text(path), where=fspath(path))

    @classmethod
    def parse(cls, text: str, where: str = "recipe.toml") -> Recipe:
        """Parse and check a recipe's text; `where` is the file's name for the messages."""
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecipeError(f"{where}:{syntax_fault(error, text)}") from None
        faults = _Faults(where, lines_of(text))
        recipe = _shape(data, Path(where).stem, faults)
        _bind(recipe, faults)
        faults.raise_any()
        return recipe

    @classmethod
    def find(cls, name_or_path: str | PathLike[str]) -> Recipe:
        """Give the preset of that name or the recipe at that path; a UsageError suggests the nearest preset."""
        wanted = fspath(name_or_path)
        known = presets()
        if wanted in known:
            return cls.read(known[wanted])
        if wanted.endswith(".toml") or sep in wanted or "/" in wanted or Path(wanted).is_file():
            return cls.read(wanted)
        raise UsageError(f"no preset {wanted!r}{did_you_mean(wanted, known)}")

    @cached_property
    def bound(self) -> tuple[Bound, ...]:
        """The steps, checked: ops, full parameters, types. A RecipeError names every fault."""
        faults = _Faults(self.name, None)
        bound, _ = _bind(self, faults)
        faults.raise_any()
        return tuple(bound)

    @cached_property
    def settings(self) -> Settings | None:
        """What the recipe says of its animation, checked; None where it says nothing."""
        _ = self.bound
        return _settings(self, _Faults(self.name, None))

    @cached_property
    def motion(self) -> Motion | None:
        """Which parameters change from frame to frame, checked; None where none does."""
        settings = self.settings
        courses = _bind(self, _Faults(self.name, None))[1]
        return settings.motion(courses) if settings and courses else None

    @property
    def gives(self) -> type:
        """The type of the artwork."""
        from artkit.artwork.animation import Animation

        return Animation if self.motion else self.bound[-1].gives

    @property
    def full(self) -> Recipe:
        """The same recipe with every default filled in."""
        steps = (replace(step, values=bound.values) for step, bound in zip(self.steps, self.bound, strict=True))
        return replace(self, steps=tuple(steps))

    def options(self) -> dict[str, Parameter]:
        """The exposed parameters by option; their default is the recipe's value."""
        found: dict[str, Parameter] = {}
        for option, target in self.expose.items():
            index, name = _locate(target, self.steps)
            bound = self.bound[index]
            found[option] = replace(bound.op.parameters[name], name=option, default=bound.values.get(name))
        return found

    def motion_options(self) -> dict[str, Parameter]:
        """What can be set of the animation that the recipe makes, by option; none where it makes no animation."""
        from artkit.artwork.animation import Animation
        from artkit.recipe.motion import SETTINGS

        if self.gives is not Animation:
            return {}
        given = self.animate or {}
        names = MOTION_OPTIONS if self.motion else MOTION_OPTIONS - {"frames", "seconds"}
        return {
            name: replace(parameter, default=given.get(name, parameter.default))
            for name, parameter in SETTINGS.parameters.items()
            if name in names
        }

    def with_options(self, options: Mapping[str, object]) -> Recipe:
        """Set exposed parameters by their option's name; `-` and `_` in a name are the same."""
        known = {_plain_name(option): (option, target) for option, target in self.expose.items()}
        known |= {option: (option, f"{ANIMATE}.{option}") for option in self.motion_options()}
        faults = _Faults(self.name, None)
        values: list[tuple[str, str, object]] = []
        for name, value in options.items():
            if _plain_name(name) in known:
                option, target = known[_plain_name(name)]
                values.append((option, target, value))
            else:
                hint = did_you_mean(name, known) if known else "; the recipe exposes none"
                faults.add(f"no option {name!r}{hint}")
        return self._changed(values, faults)

    def with_values(self, values: Mapping[str, object]) -> Recipe:
        """Set parameters by STEP.PARAM, as in {"median.size": 9, "2.size": "9"}; text is converted to their type."""
        return self._changed([("", target, value) for target, value in values.items()], _Faults(self.name, None))

    def _changed(self, changes: Iterable[tuple[str, str, object]], faults: _Faults) -> Recipe:
        """Set targets to values. A change with an option's name is reported under it, else under its step."""
        from artkit import registry

        steps = list(self.steps)
        animate = self.animate
        for option, target, given in changes:
            if target.startswith(f"{ANIMATE}."):
                animate = _animated(animate or {}, option, target, given, faults)
                continue
            try:
                index, name = _locate(target, steps)
                op = registry.find(steps[index].op)
            except UsageError as error:
                faults.add(f"{target}: {error}")
                continue
            place = "" if option else f"step {index + 1} ({op.name}): "
            value, complaint = _convert(op, name, given)
            if complaint:
                faults.add(place + (option + complaint.removeprefix(name) if option else complaint))
            elif value is None:  # TOML has no null: a parameter that is not given is None
                steps[index] = replace(
                    steps[index], values={key: old for key, old in steps[index].values.items() if key != name}
                )
            else:
                steps[index] = replace(steps[index], values=steps[index].values | {name: value})
        faults.raise_any()
        changed = replace(self, steps=tuple(steps), animate=animate)
        _ = changed.bound  # parameters that are good alone may not be good together
        return changed

    def dump(self) -> str:
        """Give canonical TOML, every parameter in full: the same recipe always gives the same text.

        Parameters that are None are left out, since TOML has no null; their default is None.
        """
        blocks = [[f"{key} = {write_value(getattr(self, key))}" for key in ("title", "description", "seed")]]
        for step in self.full.steps:
            head = {"op": step.op} | ({"id": step.id} if step.id else {})
            blocks.append(
                ["[[steps]]", *(f"{write_key(k)} = {write_value(v)}" for k, v in (head | step.values).items())]
            )
        if self.animate is not None:
            blocks.append(
                ["[animate]", *(f"{write_key(k)} = {write_value(v)}" for k, v in self._animate_full().items())]
            )
        if self.expose:
            blocks.append(["[expose]", *(f"{write_key(k)} = {write_value(v)}" for k, v in self.expose.items())])
        return "\n\n".join("\n".join(block) for block in blocks) + "\n"

    def _animate_full(self) -> dict[str, Any]:
        from artkit.recipe.motion import SETTINGS

        given = dict(self.animate or {})
        vary: Any = given.pop("vary", None)
        full, _ = _validate(SETTINGS, given)
        return full | ({"vary": {target: _plain(stops) for target, stops in vary.items()}} if vary else {})


def presets() -> dict[str, Path]:
    """Every preset by name: artkit's own, and the user's, which come first where names are equal."""
    here = Path(__file__).parent.parent
    shipped = here / "presets"  # in an installed wheel; in a checkout they lie beside the package
    folders = (shipped if shipped.is_dir() else here.parent / "presets", user_presets())
    found = {path.stem: path for folder in folders for path in folder.glob("*.toml")}
    return dict(sorted(found.items()))


def user_presets() -> Path:
    """The folder of the user's own presets; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("artkit", appauthor=False) / "presets"


def summary(path: str | PathLike[str]) -> tuple[str, str]:
    """Give title and description of a recipe file, quickly: nothing else in it is checked.

    A file that cannot be read has no title, and its fault as description, so that one bad file does not spoil a list.
    """
    try:
        data = tomllib.loads(text := _text(path))
    except UsageError as error:
        return "", str(error)
    except (ValueError, RecursionError) as error:
        return "", f"{fspath(path)}:{syntax_fault(error, text)}"
    return str(data.get("title", "")), str(data.get("description", ""))


def schema(keep: Callable[[Op[Any, Any]], bool] = lambda op: True) -> dict[str, Any]:
    """The JSON Schema of recipe files, from the declarations of the ops that `keep` accepts."""
    from pydantic.json_schema import models_json_schema

    from artkit import registry
    from artkit.recipe.motion import SETTINGS

    ops = {name: op for name, op in registry.all_ops().items() if keep(op)}
    models: list[Any] = [(op.model, "validation") for op in (*ops.values(), SETTINGS)]
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
    step_id = {"type": "string", "pattern": _ID.pattern, "description": "A name to address this step by."}
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
            "title": text | {"description": "A few words that name the artwork."},
            "description": text | {"description": "What it does to a photo, in a sentence."},
            "seed": {
                "type": "integer",
                "minimum": 0,
                "maximum": MAX_SEED,
                "default": 0,
                "description": "The source of all chance: same seed, same artwork.",
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
            "expose": {
                "type": "object",
                "description": "Options of the preset's command, each the STEP.PARAM that it sets.",
                "propertyNames": {"pattern": _OPTION.pattern, "not": {"enum": sorted(RESERVED)}},
                "additionalProperties": {"type": "string", "pattern": r"^[^.]+\.[^.]+$"},
            },
            "animate": animate,
        },
        "$defs": dict(sorted(defs.items())),
    }


ANIMATE = "animate"
"""Stands for the step in STEP.PARAM where a setting of the animation is meant, as in `--set animate.fps=12`."""

MOTION_OPTIONS = frozenset({"frames", "seconds", "fps", "loop", "dither", "lossy", "max_bytes"})
"""Settings of the animation that are options of every preset that makes one."""

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_WHOLE = "use a whole number from 0 up, below 2**63"
_ID = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")
_OPTION = re.compile(r"^[a-z][a-z0-9_-]*$")


class _Faults:
    """Collects faults with their lines; without lines (a recipe made in Python) only the recipe is named."""

    def __init__(self, where: str, lines: Lines | None) -> None:
        self.where = where
        self.lines = lines
        self.found: list[tuple[int, str]] = []

    def add(self, text: str, *keys: str) -> None:
        """Note a fault at a key of the top (or `expose`) table."""
        self.found.append((self.lines.key(*keys) if self.lines else 0, text))

    def add_step(self, index: int, op: str, text: str, key: str = "") -> None:
        """Note a fault in step `index` from 0, at one of its keys or at its head."""
        place = f"step {index + 1} ({op})" if op else f"step {index + 1}"
        self.found.append((self.lines.step(index, key) if self.lines else 0, f"{place}: {text}"))

    def raise_any(self) -> None:
        """Raise what was found, in the order of the lines."""
        if self.found:
            ordered = sorted(self.found, key=lambda fault: fault[0])
            raise RecipeError(
                f"{self.where}:{line}: {text}" if line else f"{self.where}: {text}" for line, text in ordered
            )


def _text(path: str | PathLike[str]) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RecipeError(f"{fspath(path)}:{line}: byte {error.object[error.start]:#04x} is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{fspath(path)}: {error.strerror or error}") from None


def _shape(data: Mapping[str, Any], name: str, faults: _Faults) -> Recipe:
    """Turn parsed TOML into a Recipe, noting what has the wrong form; ops and parameters are not looked at."""
    for key in data.keys() - set(KEYS):
        faults.add(f"no key {key!r} in a recipe{did_you_mean(key, KEYS)}", key)
    for key in ("title", "description"):
        if not isinstance(data.get(key, ""), str):
            faults.add(f"{key}: {write_value(data[key])} is not a string; put it in quotes", key)
    return Recipe(
        title=str(data.get("title", "")),
        description=str(data.get("description", "")),
        seed=_seed(data.get("seed", 0), faults),
        steps=tuple(_steps(data, faults)),
        expose=_expose(data.get("expose", {}), faults),
        name=name,
        animate=_animate(data.get("animate"), faults),
    )


def _seed(seed: Any, faults: _Faults) -> int:
    if type(seed) is not int or not 0 <= seed <= MAX_SEED:
        faults.add(f"seed: {write_value(seed)} is not a seed; {_WHOLE}", "seed")
        return 0
    return seed


def _steps(data: Mapping[str, Any], faults: _Faults) -> Iterator[Step]:
    steps = data.get("steps", [])
    if not isinstance(steps, list):
        faults.add("steps: write [[steps]], in two brackets, above each step", "steps")
        return
    if not steps and not any("steps" in did_you_mean(key, KEYS) for key in data.keys() - set(KEYS)):
        faults.add('no steps; a recipe has at least one: [[steps]] and below it op = "..."', "steps")
    for index, step in enumerate(steps):
        if not isinstance(step, dict):
            faults.add_step(index, "", f'{write_value(step)} is not a step; write [[steps]] and below it op = "..."')
            yield Step("")
            continue
        values = dict(step)
        op, own_id = values.pop("op", None), values.pop("id", "")
        if not isinstance(op, str):
            text = "no op" if op is None else f"op: {write_value(op)} is not a string"
            faults.add_step(index, "", f'{text}; write op = "..." with the name of an operation', "op")
            op = ""
        if not isinstance(own_id, str):
            faults.add_step(index, op, f"id: {write_value(own_id)} is not a string; put it in quotes", "id")
            own_id = ""
        yield Step(op, values, own_id)


def _expose(expose: Any, faults: _Faults) -> dict[str, str]:
    if not isinstance(expose, dict):
        faults.add(
            f'expose: {write_value(expose)} is not a table; write [expose] and below it OPTION = "STEP.PARAM"', "expose"
        )
        return {}
    for option, target in expose.items():
        if not isinstance(target, str):
            faults.add(f'expose: {option} = {write_value(target)}: not "STEP.PARAM"', "expose", option)
    return {option: target for option, target in expose.items() if isinstance(target, str)}


def _animate(animate: Any, faults: _Faults) -> dict[str, object] | None:
    if animate is None or isinstance(animate, dict):
        return animate
    faults.add(
        f"animate: {write_value(animate)} is not a table; write [animate] and below it vary = {{ ... }}", "animate"
    )
    return None


def _bind(recipe: Recipe, faults: _Faults) -> tuple[list[Bound], list[Course]]:
    """Check ops, parameters, types, ids, options and motion. All is complete only where no fault was noted."""
    from artkit import registry

    bound: list[Bound] = []
    current: type | None = _image()  # None after a step with an unknown op: anything may follow
    givers: list[tuple[str, type]] = []  # each step and the type it gives
    if not recipe.steps and faults.lines is None:
        faults.add("no steps; a recipe has at least one")
    if faults.lines is None:
        _seed(recipe.seed, faults)
    for index, step in enumerate(recipe.steps):
        try:
            op = registry.find(step.op)
        except UsageError as error:
            if step.op:
                faults.add_step(index, "", str(error), "op")
            current = None
            continue
        lifted, mismatch = _fit(op, current, givers)
        if mismatch:
            faults.add_step(index, op.name, mismatch, "op")
        current = current if lifted and current is not None else op.gives
        givers.append((f"step {index + 1} ({op.name})", current))
        bound.append(Bound(op, _checked(op, step.values, index, faults), current, lifted))
    _check_ids(recipe.steps, faults)
    _check_expose(recipe, faults)
    return bound, _courses(recipe, bound, givers, faults)


def _image() -> type:
    from artkit.artwork.image import Image

    return Image


def _fit(op: Op[Any, Any], current: type | None, givers: Sequence[tuple[str, type]]) -> tuple[bool, str]:
    """Say whether an op is applied frame by frame to what it gets, and why it does not fit, if it does not."""
    from artkit.artwork.animation import Animation
    from artkit.artwork.image import Image
    from artkit.artwork.labels import Labels

    if current is None or issubclass(current, op.accepts) or (current is Labels and Image in op.accepts):
        return False, ""
    if current is Animation and Image in op.accepts and op.gives is Image:
        return True, ""
    wanted = " or ".join(kind.__name__ for kind in op.accepts)
    source = f"{givers[-1][0]} gives {current.__name__}" if givers else "a recipe starts with the photo, an Image"
    return False, f"works on {wanted}, but {source}{_way_out(op, current, givers)}"


def _way_out(op: Op[Any, Any], current: type, givers: Sequence[tuple[str, type]]) -> str:
    """Name ops that bridge the two types, or the step before which the op might stand."""
    from artkit import registry

    ops = registry.all_ops()
    bridges = [name for name, other in ops.items() if current in other.accepts and other.gives in op.accepts][:3]
    if bridges:
        return f"; put {' or '.join(filter(None, [', '.join(bridges[:-1]), bridges[-1]]))} before it"
    maker = next((name for name, gives in givers if gives is current), "")
    return f"; put it before {maker}" if maker else ""


def _checked(op: Op[Any, Any], values: Mapping[str, object], index: int, faults: _Faults) -> dict[str, Any]:
    """Give all parameters of a step in full, as TOML values, without those that are None."""
    checked, found = _validate(op, values)
    for name, text in found:
        misplaced = name in KEYS and name not in op.parameters and name != "steps"
        hint = f"{name} belongs at the top of the file, above the first [[steps]]"
        faults.add_step(index, op.name, hint if misplaced else text, name)
    return checked


def _validate(op: Op[Any, Any], values: Mapping[str, object]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Check values; give them in full as TOML values, or the faults as (parameter, line)."""
    from pydantic import ValidationError

    plain: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in values.items():
        try:
            plain[name] = _plain(value)
        except TypeError as error:
            faults[name] = f"{name}: {error}"
    try:
        valid = op.model.model_validate(plain)
    except ValidationError as error:
        return {}, list((dict(op.faults(error)) | faults).items())
    full = valid.model_dump(mode="json")
    return {name: full[name] for name in op.parameters if full[name] is not None}, list(faults.items())


def _plain(value: object) -> Any:
    """Turn what Python has (tuples, numpy numbers and arrays, paths, enums) into what TOML has."""
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, (bytes, bytearray)):
        return [_plain(item) for item in value]
    if isinstance(value, PathLike):
        return fspath(value)
    raise TypeError(f"{value} is a {type(value).__name__}; use a number, a string, true, false or a list")


def _convert(op: Op[Any, Any], name: str, given: object) -> tuple[Any, str]:
    """Check one value; text is read as what the parameter's type takes. Gives (value, "") or (None, complaint)."""
    complaints: list[tuple[bool, str]] = []
    for value in _readings(given) if isinstance(given, str) else [given]:
        checked, faults = _validate(op, {name: value})
        mine = [text for parameter, text in faults if parameter in (name, "")]
        if not mine:
            return checked.get(name, _plain(value)), ""
        complaints.append((" is not a" in mine[0], mine[0]))  # of the wrong type: some other reading says more
    return None, min(complaints, key=lambda complaint: complaint[0])[1]


def _readings(text: str) -> Iterator[Any]:
    """What a text may mean: a TOML value, nothing, a list without brackets, itself, or yes or no, in this order."""
    text = text.strip()
    lowered = text.lower()
    try:
        table = tomllib.loads(f"value = {text}")
        if len(table) == 1:  # a text of several lines may be several statements
            yield table["value"]
    except (ValueError, RecursionError):
        pass
    if lowered == "none":
        yield None
    if "," in text:
        yield [next(_readings(item)) for item in text.split(",")]
        yield [item.strip() for item in text.split(",")]
    yield text
    if lowered in _WORDS:
        yield _WORDS[lowered]


def _check_ids(steps: Sequence[Step], faults: _Faults) -> None:
    ops = {step.op for step in steps}
    seen: dict[str, int] = {}
    for index, step in enumerate(steps):
        if not step.id:
            continue
        if not _ID.match(step.id):
            faults.add_step(
                index,
                step.op,
                f'id: "{step.id}" is not a name; start with a letter and use letters, digits, - and _',
                "id",
            )
        elif step.id in ops:
            faults.add_step(index, step.op, f'id: "{step.id}" is the name of an op in this recipe; use another', "id")
        elif step.id in seen:
            faults.add_step(index, step.op, f'id: "{step.id}" is the id of step {seen[step.id] + 1} already', "id")
        seen.setdefault(step.id, index)


def _check_expose(recipe: Recipe, faults: _Faults) -> None:
    names: dict[str, str] = {}
    targets: dict[tuple[int, str], str] = {}
    for option, target in recipe.expose.items():
        if not _OPTION.match(option):
            text = "is not an option's name; start with a small letter and use small letters, digits, - and _"
        elif option in RESERVED or (recipe.animate is not None and _plain_name(option) in MOTION_OPTIONS):
            text = "is an option of artkit itself; use another name"
        elif (twin := names.setdefault(_plain_name(option), option)) != option:
            text = f"is the same option as {twin}; use another name"
        else:
            try:
                place = _locate(target, recipe.steps)
            except UsageError as error:
                faults.add(f'expose: {option} = "{target}": {error}', "expose", option)
                continue
            if (twin := targets.setdefault(place, option)) == option:
                continue
            text = f"sets {target}, which {twin} sets already"
        faults.add(f"expose: {option} {text}", "expose", option)


def _animated(
    animate: dict[str, object], option: str, target: str, given: object, faults: _Faults
) -> dict[str, object]:
    """Give the table with one setting changed; frames and seconds replace each other."""
    from artkit.recipe.motion import SETTINGS

    name = target.removeprefix(f"{ANIMATE}.").replace("-", "_")
    if name not in SETTINGS.parameters:
        faults.add(f"{target}: [animate] has no setting {name!r}{did_you_mean(name, SETTINGS.parameters)}")
        return animate
    value, complaint = _convert(SETTINGS, name, given)
    if complaint:
        faults.add(option + complaint.removeprefix(name) if option else f"{ANIMATE}: {complaint}")
        return animate
    twin = {"frames": "seconds", "seconds": "frames"}.get(name)
    kept = {key: old for key, old in animate.items() if key not in (name, twin)}
    return kept if value is None else kept | {name: value}


def _settings(recipe: Recipe, faults: _Faults) -> Settings | None:
    """Check what `[animate]` says, `vary` apart."""
    if recipe.animate is None:
        return None
    from artkit.recipe.motion import SETTINGS

    given = {key: value for key, value in recipe.animate.items() if key != "vary"}
    full, found = _validate(SETTINGS, given)
    for name, text in found:
        if text.startswith("no parameter"):
            text = f"no setting {name!r}{did_you_mean(name, [*SETTINGS.parameters, 'vary'])}"
        faults.add(f"animate: {text}", "animate", name)
    if found:
        return None
    try:
        return SETTINGS.function(**SETTINGS.check(full))
    except UsageError as error:
        faults.add(f"animate: {error}", "animate")
        return None


def _courses(
    recipe: Recipe, bound: Sequence[Bound], givers: Sequence[tuple[str, type]], faults: _Faults
) -> list[Course]:
    """Check which parameters change from frame to frame, and give their courses."""
    from artkit.artwork.animation import Animation

    if recipe.animate is None:
        return []
    before = len(faults.found)
    _settings(recipe, faults)
    vary = recipe.animate.get("vary", {})
    if not isinstance(vary, Mapping):
        faults.add(
            f'animate: vary: {write_value(vary)} is not a table; write vary = {{ "STEP.PARAM" = [0, 1] }}',
            "animate",
            "vary",
        )
        return []
    moving = next((name for name, gives in givers if gives is Animation), "")
    if not vary and not moving and len(bound) == len(recipe.steps):
        faults.add(f'animate: nothing changes; write vary = {{ "{_example(recipe.steps)}" = [FROM, TO] }}', "animate")
    if not vary and moving:
        for name in sorted({"frames", "seconds", "easing", "ping_pong", "seamless"} & recipe.animate.keys()):
            faults.add(f"animate: {name}: the frames are those of {moving}; set them there", "animate", name)
    if vary and moving:
        faults.add(f"animate: vary: {moving} makes an animation already; leave out one of the two", "animate", "vary")
    if len(bound) != len(recipe.steps) or len(faults.found) > before:
        return []
    places: dict[tuple[int, str], str] = {}
    courses = []
    for target, stops in vary.items():
        try:
            course = _course(target, stops, recipe.steps, bound)
            if (twin := places.setdefault((course.step, course.name), target)) != target:
                raise UsageError(f"{twin} is the same parameter; name it once")
            courses.append(course)
        except UsageError as error:
            faults.add(f"animate: vary: {target}: {error}", "animate", "vary", target)
    return courses


def _course(target: str, stops: Any, steps: Sequence[Step], bound: Sequence[Bound]) -> Course:
    """Check one entry of `vary`; a UsageError says what is wrong with it."""
    from artkit.recipe.motion import Course

    index, name = _locate(target, steps)
    op = bound[index].op
    kinds = _number_kinds(op, name)
    if not kinds:
        numeric = [other for other in op.parameters if _number_kinds(op, other)]
        raise UsageError(f"is no number, and only numbers have steps between them{did_you_mean(name, numeric)}")
    if isinstance(stops, str) or not isinstance(stops, Sequence) or len(stops) < 2:
        raise UsageError(f"{write_value(stops)} is no way to go; give two numbers or more: [FROM, TO]")
    numbers = []
    for stop in stops:
        if isinstance(stop, bool) or not isinstance(stop, (int, float)) or not isfinite(stop):
            raise UsageError(f"{write_value(stop)} is no number")
        value_at(bound[index], name, float(stop))
        numbers.append(float(stop))
    schema = op.model.model_json_schema()["properties"][name]
    limits = [(part.get("minimum"), part.get("maximum")) for part in schema.get("anyOf", [schema])]
    return Course(index, name, tuple(numbers), 360.0 if (-360, 360) in limits else None)


def _number_kinds(op: Op[Any, Any], name: str) -> set[str]:
    """Give {"integer"}, {"number"}, both or neither: what of numbers a parameter takes."""
    schema = op.model.model_json_schema()["properties"][name]
    return {part.get("type") for part in schema.get("anyOf", [schema])} & {"integer", "number"}


def value_at(step: Bound, name: str, number: float) -> float | int:
    """Give the value of a step's parameter that is nearest to a number: whole, odd, or whatever it must be."""
    if "number" in _number_kinds(step.op, name):
        tries: list[float | int] = [number]
    else:
        whole = round(number)
        tries = sorted((whole + i for i in (0, -1, 1)), key=lambda value: abs(value - number))
    complaint = ""
    for value in tries:
        _, faults = _validate(step.op, step.values | {name: value})
        if not faults:
            return value
        complaint = complaint or faults[0][1].removeprefix(f"{name}: ")
    raise UsageError(complaint)


def _plain_name(option: str) -> str:
    return option.replace("-", "_")


def _locate(target: str, steps: Sequence[Step]) -> tuple[int, str]:
    """Give the index from 0 and the parameter that STEP.PARAM means; a UsageError says how to address a step."""
    from artkit import registry

    name, dot, parameter = target.rpartition(".")
    if not (name and dot and parameter):
        raise UsageError(f"not STEP.PARAM, as in {_example(steps)}")
    index = _step_index(name, parameter, steps)
    try:
        parameters = registry.find(steps[index].op).parameters
    except UsageError:  # an unknown op is a fault of its own
        return index, parameter
    if parameter not in parameters:
        step = f"step {index + 1} ({steps[index].op})"
        raise UsageError(f"{step} has no parameter {parameter!r}{did_you_mean(parameter, parameters)}")
    return index, parameter


def _step_index(name: str, parameter: str, steps: Sequence[Step]) -> int:
    if name.isdecimal():
        if 1 <= int(name) <= len(steps):
            return int(name) - 1
        raise UsageError(f"no step {name}; the recipe has {len(steps)} step{'s' * (len(steps) != 1)}")
    by_id = [index for index, step in enumerate(steps) if step.id == name]
    by_op = [index for index, step in enumerate(steps) if step.op == name]
    if len(by_id) == 1 or (not by_id and len(by_op) == 1):
        return (by_id or by_op)[0]
    if len(by_op) > 1:
        numbers = " and ".join(str(index + 1) for index in by_op)
        raise UsageError(f"{name!r} is the op of steps {numbers}; write {by_op[0] + 1}.{parameter}, or give it an id")
    known = {step.id for step in steps if step.id} | {step.op for step in steps if step.op}
    raise UsageError(f"no step {name!r}{did_you_mean(name, known)}")


def _example(steps: Sequence[Step]) -> str:
    from artkit import registry

    for index, step in enumerate(steps):
        parameters = registry.all_ops()[step.op].parameters if step.op in registry.all_ops() else {}
        if parameters:
            once = sum(other.op == step.op for other in steps) == 1
            return f"{step.op if once else index + 1}.{next(iter(parameters))}"
    return "1.size"
