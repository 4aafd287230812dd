"""`@op`: the one place where an operation's name, parameters, input and output type are declared.

An op is a plain function whose first argument is what it works on and whose keyword-only arguments are its parameters:

    @op
    def channel_blur(
        image: Image,
        *,
        channel: Annotated[Channel, Field(description="The channel to blur.")] = "red",
        size: Annotated[int, Field(ge=1, le=999, description="Window side in pixels, odd.")] = 75,
    ) -> Image:
        '''Blur one color channel and leave the other two sharp.'''

From that come the recipe's schema and errors, `artkit ops show`, the options of a preset's command and the reference.
Four parameters are not the user's and are filled in by whoever runs the op: `rng: numpy.random.Generator`, an op's
only source of chance, `note: Callable[[str], None]`, which takes a line worth telling the user,
`advance: Callable[[float], None]`, which takes the share of the work that is done, 0 to 1, and may stop it, and
`metadata: Mapping[str, str]`, what the artwork's file will say of itself, for those that keep to a number of bytes.

`@op(per_color=True)` declares that what becomes of a color depends on nothing but that color (of labels: on their
palette, and not on where they are). Such ops are what palette animations are made of.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from importlib import import_module
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Generic, ParamSpec, TypeVar, Union, get_args, get_origin, overload

from artkit.errors import UsageError, did_you_mean
from artkit.registry.toml import write_value

if TYPE_CHECKING:
    from pydantic import BaseModel

P = ParamSpec("P")
R = TypeVar("R")

FAMILIES = (
    "animate",
    "color",
    "dither",
    "filter",
    "frame",
    "halftone",
    "lines",
    "paint",
    "pen",
    "segment",
    "styles",
    "tone",
    "trace",
)
ENTRY_POINTS = "artkit.ops"
SUPPLIED = frozenset({"rng", "note", "advance", "metadata"})

_ops: dict[str, Op[Any, Any]] = {}
_broken: dict[str, str] = {}
_loaded = False


@dataclass(frozen=True)
class Parameter:
    """One keyword parameter of an op. `annotation` is as declared, made strict: see `Op.model`."""

    name: str
    annotation: Any
    default: Any
    description: str

    @property
    def required(self) -> bool:
        """Whether the op has no default for it."""
        return self.default is inspect.Parameter.empty


class Op(Generic[P, R]):
    """A registered operation. Call it like the function it wraps: parameters are checked, pictures are converted."""

    def __init__(self, function: Callable[P, R], per_color: bool = False) -> None:
        update_wrapper(self, function)
        self.function = function
        self.per_color = per_color
        self.name = function.__name__.strip("_").replace("_", "-")
        self.family = _family(function.__module__)
        if not (function.__doc__ or "").strip():
            raise TypeError(f"op {self.name} has no docstring; its first line is shown to users")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the op: as the function itself, after checking the parameters and converting the first argument."""
        supplied = {name: kwargs.pop(name) for name in SUPPLIED & kwargs.keys()}
        checked = self.check(kwargs)
        if "note" in self.supplied:
            supplied.setdefault("note", lambda line: None)
        return self.function(self.coerce(args[0]), *args[1:], **checked, **supplied)  # type: ignore[arg-type]

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.function, eval_str=True)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The user's parameters, in the order of their declaration."""
        return {
            p.name: Parameter(p.name, _strict(p.annotation), p.default, _description(p.annotation))
            for p in self._signature.parameters.values()
            if p.kind is p.KEYWORD_ONLY and p.name not in SUPPLIED
        }

    @cached_property
    def supplied(self) -> frozenset[str]:
        """Which of `rng`, `note` and `advance` the op takes."""
        return SUPPLIED & self._signature.parameters.keys()

    @cached_property
    def accepts(self) -> tuple[type, ...]:
        """The types the op works on, the preferred one first."""
        first = next(iter(self._signature.parameters.values()), None)
        if first is None:
            raise TypeError(f"op {self.name} works on nothing; its first argument is what it works on")
        return _members(first.annotation)

    @cached_property
    def gives(self) -> type:
        """The type of its result."""
        return _members(self._signature.return_annotation)[0]

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return inspect.cleandoc(self.function.__doc__ or "").partition("\n")[0]

    @property
    def details(self) -> str:
        """The docstring below its first line."""
        return inspect.cleandoc(self.function.__doc__ or "").partition("\n")[2].strip()

    @cached_property
    def model(self) -> type[BaseModel]:
        """A pydantic model of the parameters: checks and converts values, gives the JSON Schema.

        "9" and true are no numbers and 9.0 is no whole one, but 9 is a decimal, and a list may become a tuple.
        """
        from pydantic import ConfigDict, create_model

        fields: dict[str, Any] = {
            p.name: (p.annotation, ... if p.required else p.default) for p in self.parameters.values()
        }
        config = ConfigDict(extra="forbid", validate_default=True, allow_inf_nan=False, arbitrary_types_allowed=True)
        return create_model(self.name, __config__=config, **fields)

    def examine(self) -> None:
        """Raise a TypeError or NameError where the declaration makes no sense; annotations are read late otherwise."""
        from artkit.artwork.animation import Animation
        from artkit.artwork.drawing import Drawing
        from artkit.artwork.image import Image
        from artkit.artwork.labels import Labels

        for kind in (*self.accepts, self.gives):
            if not issubclass(kind, (Image, Labels, Drawing, Animation)):
                raise TypeError(f"op {self.name}: {kind!r} is not Image, Labels, Drawing or Animation")
        _ = self.parameters

    def check(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give all parameters, checked and with defaults filled in; a UsageError names every fault."""
        from pydantic import ValidationError

        try:
            valid = self.model.model_validate({name: _unboxed(value) for name, value in values.items()})
        except ValidationError as error:
            faults = [f"{self.name}: {fault}" for _, fault in self.faults(error)]
            raise UsageError("; ".join(faults)) from None
        return {name: getattr(valid, name) for name in self.parameters}

    def faults(self, error: Any) -> Iterator[tuple[str, str]]:
        """Give (parameter, line) for each parameter that a pydantic ValidationError of this op's model complains of."""
        by_name: dict[str, list[Any]] = {}
        for fault in error.errors(include_url=False):
            by_name.setdefault(str(fault["loc"][0]) if fault["loc"] else "", []).append(fault)
        for name, faults in by_name.items():
            if name not in self.parameters:
                hint = did_you_mean(name, self.parameters) if self.parameters else "; it takes none"
                yield name, f"no parameter {name!r}{hint}"
            elif faults[0]["type"] == "missing" and len(faults[0]["loc"]) == 1:
                yield name, f"{name}: a value is needed"
            else:
                yield name, f"{name}: {_complaint(faults)}"

    def coerce(self, value: Any) -> Any:
        """Turn an array, a path or a Pillow image into the op's input type; leave artkit's own types alone."""
        from artkit.artwork.image import Image
        from artkit.artwork.labels import Labels

        if isinstance(value, self.accepts):
            return value
        if Image in self.accepts and not type(value).__module__.startswith("artkit."):
            return Image.of(value)
        if Image in self.accepts and isinstance(value, Labels):
            return value.painted()
        wanted = " or ".join(kind.__name__ for kind in self.accepts)
        raise UsageError(f"{self.name} works on {wanted}, not on {type(value).__name__}")


def _family(module: str) -> str:
    """Give the family of a module's ops: its name, or that of the package in `artkit.ops` that it is a part of."""
    own = module.removeprefix(f"{ENTRY_POINTS}.")
    return own.partition(".")[0] if own != module else module.rpartition(".")[2]


@overload
def op(function: Callable[P, R]) -> Op[P, R]: ...
@overload
def op(*, per_color: bool) -> Callable[[Callable[P, R]], Op[P, R]]: ...
def op(function: Callable[P, R] | None = None, *, per_color: bool = False) -> Any:
    """Register a function as an operation; see the module's text for its form."""
    if function is None:
        return lambda function: _registered(function, per_color)
    return _registered(function, per_color)


def _registered(function: Callable[P, R], per_color: bool) -> Op[P, R]:
    made = Op(function, per_color)
    known = _ops.get(made.name)
    if known is not None and known.function.__module__ != function.__module__:
        raise TypeError(f"op {made.name} is declared in {known.function.__module__} already")
    _ops[made.name] = made
    return made


def all_ops() -> dict[str, Op[Any, Any]]:
    """Every op by name: artkit's own and those that other packages bring."""
    _load()
    return dict(sorted(_ops.items()))


def find(name: str) -> Op[Any, Any]:
    """Give the op of that name, or a UsageError that suggests the nearest one."""
    if name in FAMILIES and name not in _ops:
        import_module(f"artkit.ops.{name}")  # `artkit trace` starts without the other families
    if name not in _ops:
        _load()
    if name not in _ops:
        raise UsageError(f"no op {name!r}{did_you_mean(name, _ops) or '; `artkit ops` lists them'}")
    return _ops[name]


def broken() -> dict[str, str]:
    """Entry points of other packages that failed to import, each with its reason."""
    _load()
    return dict(_broken)


def _load() -> None:
    global _loaded  # noqa: PLW0603
    if _loaded:
        return
    _loaded = True
    for family in FAMILIES:
        import_module(f"artkit.ops.{family}")
    from importlib import metadata  # at the point of use: it brings the mail parser along

    for entry in metadata.entry_points(group=ENTRY_POINTS):
        known = set(_ops)
        try:
            entry.load()
            for name in _ops.keys() - known:
                _ops[name].examine()
        except (Exception, SystemExit) as error:  # whatever a stranger's module raises must break nothing else
            for name in _ops.keys() - known:
                del _ops[name]
            _broken[entry.name] = f"{entry.value}: {type(error).__name__}: {' '.join(str(error).split())}"


def _members(annotation: Any) -> tuple[type, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _strict(annotation: Any) -> Any:
    """Make the numbers, strings and truth values in an annotation strict, wherever they stand in it.

    pydantic's own strict mode would also refuse lists for tuples, and TOML has only lists. Limits are put before
    validators that are functions, whichever was declared first: after them they would be missing in the JSON Schema.
    """
    from pydantic import AfterValidator, BeforeValidator, PlainValidator, Strict, WrapValidator

    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation in (int, float, bool, str):
        return Annotated[annotation, Strict()]
    if origin is Annotated:
        functions = (AfterValidator, BeforeValidator, PlainValidator, WrapValidator)
        ordered = sorted(annotation.__metadata__, key=lambda item: isinstance(item, functions))
        return Annotated[_strict(inner[0]), *ordered]
    if origin in (Union, UnionType):
        return Union[tuple(map(_strict, inner))]  # noqa: UP007
    if origin in (tuple, list, dict, set, frozenset):
        return origin[tuple(map(_strict, inner))]
    return annotation


def _unboxed(value: Any) -> Any:
    """Turn a numpy number into Python's."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0 else value


def _description(annotation: Any) -> str:
    found = (getattr(item, "description", None) for item in getattr(annotation, "__metadata__", ()))
    return next((text for text in found if text), "")


def _shown(value: Any) -> str:
    """Write a value as TOML would, shortened."""
    text = "none" if value is None else write_value(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _complaint(faults: list[Any]) -> str:
    """Say in one phrase what is wrong with a parameter. For a union of types pydantic gives a fault for each member."""
    # Items that are wrong are not counted, and the list is called too short besides.
    deepest = max(len(fault["loc"]) for fault in faults)
    faults = [fault for fault in faults if fault["type"] != "too_short" or len(fault["loc"]) == deepest]
    if len(faults) > 1 and any(isinstance(part, str) for fault in faults for part in fault["loc"][1:]):
        # The member that was meant takes the value's type, and finds it out of range or one of its items wrong.
        other = {*_OF_TYPE, "literal_error", "enum"}
        meant = [fault for fault in faults if fault["type"] not in other or isinstance(fault["loc"][-1], int)]
        if not meant:
            faults = [fault for fault in faults if fault["type"] != "none_required"]
            kinds = dict.fromkeys(_OF_TYPE.get(fault["type"]) or _reason(fault) for fault in faults)
            return f"{_shown(faults[0]['input'])} {' and '.join(kinds).replace('and is not', 'and not')}"
        faults = meant[:1]
    return "; ".join(map(_phrase, faults))


def _phrase(fault: Mapping[str, Any]) -> str:
    place = "".join(f"item {part + 1}: " for part in fault["loc"][1:] if isinstance(part, int))
    if fault["type"] in ("value_error", "assertion_error"):  # in the words of the op's author
        text = str(fault["ctx"]["error"])
        named = str(fault["input"]) in text
        return f"{place}{text}" if named else f"{place}{_shown(fault['input'])}: {text}"
    return f"{place}{_shown(fault['input'])} {_reason(fault)}"


_OF_TYPE = {
    "bool_parsing": "is not true or false",
    "bool_type": "is not true or false",
    "dict_type": "is not a table",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "int_from_float": "is not a whole number",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "list_type": "is not a list",
    "none_required": "is not none",
    "string_type": "is not a string",
    "tuple_type": "is not a list",
}
_OF_RANGE = {
    "finite_number": "is not a finite number",
    "greater_than": "is too small; use more than {gt}",
    "greater_than_equal": "is too small; use {ge} or more",
    "less_than": "is too large; use less than {lt}",
    "less_than_equal": "is too large; use {le} or less",
    "missing": "is too short; it needs this item",
    "multiple_of": "is not a multiple of {multiple_of}",
    "string_pattern_mismatch": "does not match the pattern {pattern}",
    "string_too_long": "is too long; give {max_length} characters or fewer",
    "string_too_short": "is too short; give {min_length} characters or more",
    "too_long": "is too long; give {max_length} items or fewer",
    "too_short": "is too short; give {min_length} items or more",
}


def _reason(fault: Mapping[str, Any]) -> str:
    """Finish the sentence that starts with the value."""
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind in _OF_TYPE:
        return _OF_TYPE[kind] + _other_form(kind, value)
    if kind in _OF_RANGE:
        return _OF_RANGE[kind].format(**context)
    if kind in ("literal_error", "enum"):
        expected = context["expected"].replace("'", '"')
        one_of = "one of " if " or " in expected else ""
        return f"is not {one_of}{expected}{_nearest_of(value, expected)}"
    return f"is not valid: {str(fault['msg'])[:1].lower()}{str(fault['msg'])[1:]}"


def _other_form(kind: str, value: Any) -> str:
    """Say how to write the same value so that it has the right type."""
    if kind.startswith("int") and isinstance(value, float) and value.is_integer():
        return f"; use {int(value)}"
    if kind == "string_type" and isinstance(value, (int, float)):
        return f"; put it in quotes: {_shown(_shown(value))}"
    if kind in ("int_type", "float_type") and isinstance(value, str) and _is_number(value):
        return f"; leave out the quotes: {value}"
    if kind in ("list_type", "tuple_type"):
        return f"; put it in brackets: [{_shown(value)}]"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _nearest_of(value: Any, expected: str) -> str:
    """Suggest the nearest of pydantic's quoted list of literals."""
    names = [part.strip(' "') for part in expected.replace(" or ", ",").split(",")]
    hint = did_you_mean(value, names) if isinstance(value, str) else ""
    return hint if hint.startswith("; did") else ""
