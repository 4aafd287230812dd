"""From declared parameters to command options: the one place where an op's Parameter meets the command line.

An option shows what the declaration says (type, choices, range, default, help) and takes text; what the text means, and
whether it will do, is decided where every recipe's values are checked, so that all doors give the same answers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperOption

from artkit.cli import completion
from artkit.cli.frame import PLAIN
from artkit.cli.options import Request
from artkit.errors import UsageError, bounds, number
from artkit.registry.controls import shown

if TYPE_CHECKING:
    from artkit.registry import Parameter


class Look(NamedTuple):
    """How a parameter shows itself: the name of its type, its choices (none: free), its limits in words."""

    kind: str
    choices: tuple[str, ...]
    limits: str


def command(
    function: Callable[..., None],
    name: str,
    summary: str,
    options: Mapping[str, Parameter],
    without: Collection[str] = (),
) -> Any:
    """Make a command of `function(request, *, values, ...)`: options of `values`, then its own, then the request's.

    `values` gets what was given of `options`, by name: text, or a bool. `without` names fields of `Request` that are no
    options of this command.
    """
    own = inspect.signature(function, eval_str=True).parameters
    asked = inspect.signature(Request, eval_str=True).parameters
    photos, *shared = (p.replace(kind=p.KEYWORD_ONLY) for p in asked.values() if p.name not in without)
    special = [p for p in own.values() if p.name not in ("request", "values")]
    if clash := {p.name for p in (photos, *special, *shared)} & options.keys():
        raise UsageError(f"{name}: --{_spelled(min(clash))} is an option of every preset; give it another name")
    # Python has words that an option may have for a name and a parameter may not, such as `from`.
    places = {option: f"{option.replace('-', '_')}_" for option in options}
    added = [_option(places[option], option, parameter) for option, parameter in options.items()]
    signature = inspect.Signature([photos, *added, *special, *shared])  # what the command works on comes first

    known: set[str] = set()

    def run(**given: Any) -> None:
        values = {option: given.pop(place) for option, place in places.items()}
        for option, value in values.items():
            if isinstance(value, str) and value in known:
                raise UsageError(f"--{_spelled(option)}: needs a value after it; {value} is the next option")
        request = Request(**{field: given.pop(field) for field in asked if field in given})
        function(request, values={option: value for option, value in values.items() if value is not None}, **given)

    run.__signature__ = signature  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    app = typer.Typer(**PLAIN)
    app.command(name, help=summary, cls=Explained)(run)
    made = typer.main.get_command(app)
    assert isinstance(made, Explained)
    known.update(name for each in made.params for name in (*each.opts, *each.secondary_opts) if name.startswith("-"))
    made.explained = {places[option]: parameter for option, parameter in options.items()}
    return made


class Explained(TyperCommand):
    """A command whose options are told when its help is asked for: to read the declarations takes longer than to parse.

    `explained` are the declarations, by the names of the options that stand for them.
    """

    explained: Mapping[str, Parameter]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, every option with its type, its limits and its default."""
        self.explain()
        super().format_help(ctx, formatter)

    def explain(self) -> None:
        """Tell the options."""
        for option in self.params:
            if isinstance(option, TyperOption) and option.name in self.explained:
                parameter = self.explained[option.name]
                looks = look(parameter)
                option.metavar = None if is_flag(parameter.declared) else looks.kind
                option.help = _help(parameter, looks)


def look(parameter: Parameter) -> Look:
    """Read the type, the choices and the limits off a declaration."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(parameter.annotation).json_schema()
    members = [m for m in schema.get("anyOf", [schema]) if m.get("type") != "null"]
    choices = tuple(str(choice) for m in members for choice in m.get("enum", [m["const"]] if "const" in m else []))
    kinds = [_kind(m) for m in members if "enum" not in m and "const" not in m]
    named = [f"[{'|'.join(choices)}]"] if choices and len(choices) <= 8 else ["NAME"] if choices else []
    return Look("|".join(dict.fromkeys(named + kinds)), choices, "; ".join(filter(None, map(_limits, members))))


def _option(place: str, name: str, parameter: Parameter) -> inspect.Parameter:
    flag = is_flag(parameter.declared)
    declaration = typer.Option(
        f"--{_spelled(name)}" + (f"/--no-{_spelled(name)}" if flag else ""),
        show_default=False,
        autocompletion=None if flag else _completing(parameter),
    )
    annotation: Any = Annotated[bool | None, declaration] if flag else Annotated[str | None, declaration]
    return inspect.Parameter(place, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


def is_flag(annotation: Any) -> bool:
    """Whether a parameter takes nothing but yes and no, and so is an option without a value."""
    if get_origin(annotation) is Annotated:
        return is_flag(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return all(is_flag(member) for member in get_args(annotation) if member is not NoneType)
    return annotation is bool


def _help(parameter: Parameter, looks: Look) -> str:
    """Say what a parameter is, with its choices where they are many, its limits and its default."""
    facts = [", ".join(looks.choices)] if len(looks.choices) > 8 else []
    facts += [looks.limits] if looks.limits else []
    if parameter.required:
        facts.append("required")
    elif shown(parameter.default) not in ("", "none"):
        facts.append(f"default: {shown(parameter.default)}")
    return parameter.description + (f"  [{'; '.join(facts)}]" if facts else "")


def _completing(parameter: Parameter) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        if " palette: " in parameter.description:
            return completion.palettes(incomplete)
        return [choice for choice in look(parameter).choices if choice.startswith(incomplete)]

    return complete


def _spelled(name: str) -> str:
    return name.replace("_", "-")


def _kind(schema: Mapping[str, Any]) -> str:
    match schema.get("type"):
        case "boolean":
            return "YES|NO"
        case "integer":
            return "INTEGER"
        case "number":
            return "NUMBER"
        case "array":
            inner = schema.get("items", (schema.get("prefixItems") or [{}])[0])
            return f"{_kind(inner)},..."
    return "TEXT"


def _limits(schema: Mapping[str, Any]) -> str:
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    words = [f"more than {number(over)}"] if over is not None else []
    words += [bounds(schema.get("minimum"), schema.get("maximum"))]
    words += [f"less than {number(under)}"] if under is not None else []
    if schema.get("not") == {"multipleOf": 2}:
        words.append("odd")
    return ", ".join(filter(None, words))
