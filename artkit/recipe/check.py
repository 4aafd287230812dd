"""What a recipe says in, a recipe that can run out: ops found, parameters in full, types that fit, or every fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from artkit import registry
from artkit.errors import UsageError
from artkit.limits import limit, refusal
from artkit.recipe.address import locate
from artkit.recipe.choices import check_choices
from artkit.recipe.faults import Faults
from artkit.recipe.head import crop_of, family_of, seed_of, size_of, source_type_of, text_of
from artkit.recipe.model import RESERVED, RecipeData, Step
from artkit.recipe.on_paper import export_of
from artkit.recipe.tracks import animation_of, clip_of
from artkit.recipe.values import validate

if TYPE_CHECKING:
    from artkit.footage.clip import Clip
    from artkit.recipe.motion import Motion, Settings
    from artkit.registry import Op

MOTION_OPTIONS = frozenset({"frames", "seconds", "fps", "loop", "dither", "lossy", "quality", "matte", "max_bytes"})
"""Settings of the animation that are options of every preset that makes one."""

_OF_THE_TOP = ("title", "description", "family", "seed", "choose", "expose", "animate", "export", "footage")
"""Keys that may have slipped below a step."""

ID = re.compile(r"^[A-Za-z_][A-Za-z0-9_-]*$")
OPTION = re.compile(r"^[a-z][a-z0-9_-]*$")


@dataclass(frozen=True)
class Bound:
    """A checked step: its op, all parameters in full, the type it gives, and whether it runs frame by frame."""

    op: Op[Any, Any]
    values: dict[str, Any]
    gives: type
    lifted: bool


@dataclass(frozen=True)
class Checked:
    """A recipe without faults, bound to its ops; `check` makes it, and only what it made can run.

    `settings` are what it says of its animation, `motion` which parameters change in it, `clip` what is taken of a
    photo that moves; None where nothing is said. `given` are step and name of parameters that were set beside its text.
    """

    data: RecipeData
    steps: tuple[Bound, ...]
    settings: Settings | None
    motion: Motion | None
    clip: Clip | None = None
    given: frozenset[tuple[int, str]] = frozenset()

    @property
    def gives(self) -> type:
        """The type of the artwork."""
        from artkit.artwork.animation import Animation

        return Animation if self.motion else self.steps[-1].gives


def check(recipe: RecipeData, faults: Faults | None = None) -> Checked:
    """Check ops, parameters, types, ids, options and animation; a RecipeError names every fault.

    `faults` are those that were found when the recipe was read. Without them it was made in Python.
    """
    if faults is None:
        faults = Faults(recipe.name)
        seed_of(recipe.seed, faults)
        size_of(recipe.size, faults)
        crop_of(recipe.crop, faults)
        source_type_of(recipe.source_type, faults)
        family_of(recipe.family, faults)
        export_of(recipe.export, faults)
        for key in ("caption", "creator", "rights"):
            text_of(key, getattr(recipe, key), faults)
        if not recipe.steps:
            faults.add("no steps; a recipe has at least one")
    if len(recipe.steps) > limit("steps"):
        faults.add(str(refusal("steps", f"{len(recipe.steps):,} steps")), "steps")
        faults.raise_any()
    bound, givers = _bind(recipe.steps, faults)
    _check_ids(recipe.steps, faults)
    _check_options(recipe, faults)
    check_choices(recipe, faults)
    settings, tracks = animation_of(recipe, bound, givers, faults)
    clip = clip_of(recipe, faults)
    faults.raise_any()
    return Checked(recipe, tuple(bound), settings, settings.motion(tracks) if settings and tracks else None, clip)


def _bind(steps: Sequence[Step], faults: Faults) -> tuple[list[Bound], list[tuple[str, type]]]:
    """Give the steps whose op there is, bound to it, and what each is called and gives, for messages."""
    from artkit.artwork.image import Image

    bound: list[Bound] = []
    current: type | None = Image  # None after a step with an unknown op: anything may follow
    givers: list[tuple[str, type]] = []
    for index, step in enumerate(steps):
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
        bound.append(Bound(op, _parameters(op, step.values, index, faults), current, lifted))
    return bound, givers


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
    ops = registry.all_ops()
    bridges = [name for name, other in ops.items() if current in other.accepts and other.gives in op.accepts][:3]
    if bridges:
        return f"; put {' or '.join(filter(None, [', '.join(bridges[:-1]), bridges[-1]]))} before it"
    maker = next((name for name, gives in givers if gives is current), "")
    return f"; put it before {maker}" if maker else ""


def _parameters(op: Op[Any, Any], values: Mapping[str, object], index: int, faults: Faults) -> dict[str, Any]:
    """Give all parameters of a step in full, as TOML values, without those that are None."""
    checked, found = validate(op, values)
    for name, text in found:
        misplaced = name in _OF_THE_TOP and name not in op.parameters
        hint = f"{name} belongs at the top of the file, above the first [[steps]]"
        faults.add_step(index, op.name, hint if misplaced else text, name)
    return checked


def _check_ids(steps: Sequence[Step], faults: Faults) -> None:
    ops = {step.op for step in steps}
    seen: dict[str, int] = {}
    for index, step in enumerate(steps):
        if not step.id:
            continue
        if not ID.match(step.id):
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


def _check_options(recipe: RecipeData, faults: Faults) -> None:
    names: dict[str, tuple[str, str]] = {}
    targets: dict[tuple[int, str], str] = {}
    for option in recipe.choose:
        if text := _fault_of(option, "choose", recipe, names):
            faults.add(f"choose: {option} {text}", "choose", option)
    for option, target in recipe.expose.items():
        text = _fault_of(option, "expose", recipe, names)
        if not text:
            try:
                place = locate(target, recipe.steps)
            except UsageError as error:
                faults.add(f'expose: {option} = "{target}": {error}', "expose", option)
                continue
            if (twin := targets.setdefault(place, option)) == option:
                continue
            text = f"sets {target}, which {twin} sets already"
        faults.add(f"expose: {option} {text}", "expose", option)


def _fault_of(option: str, table: str, recipe: RecipeData, names: dict[str, tuple[str, str]]) -> str:
    """Say what is wrong with an option's name; `names` has those before it."""
    if not OPTION.match(option):
        return "is not an option's name; start with a small letter and use small letters, digits, - and _"
    if option in RESERVED or (recipe.animate is not None and plain_name(option) in MOTION_OPTIONS):
        return "is an option of artkit itself; use another name"
    if (twin := names.setdefault(plain_name(option), (table, option))) != (table, option):
        return f"is the same option as {twin[1]}{'' if twin[0] == table else f' in [{twin[0]}]'}; use another name"
    return ""


def plain_name(option: str) -> str:
    """Give an option's name as Python spells it; `-` and `_` are the same."""
    return option.replace("-", "_")
