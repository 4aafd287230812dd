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
Two parameters are not the user's and are filled in by whoever runs the op: `rng: numpy.random.Generator`, an op's only
source of chance, and `note: Callable[[str], None]`, which takes a line worth telling the user.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from importlib import import_module, metadata
from types import UnionType
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, Union, get_args, get_origin

from artkit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel

P = ParamSpec("P")
R = TypeVar("R")

FAMILIES = ("animate", "color", "filter", "geometry", "lines", "paint", "segment", "trace")
ENTRY_POINTS = "artkit.ops"
SUPPLIED = frozenset({"rng", "note"})

_ops: dict[str, Op[Any, Any]] = {}
_broken: dict[str, str] = {}
_loaded = False


@dataclass(frozen=True)
class Parameter:
    """One keyword parameter of an op, as declared."""

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

    def __init__(self, function: Callable[P, R]) -> None:
        update_wrapper(self, function)
        self.function = function
        self.name = function.__name__.strip("_").replace("_", "-")
        self.family = function.__module__.rpartition(".")[2]
        if not (function.__doc__ or "").strip():
            raise TypeError(f"op {self.name} has no docstring; its first line is shown to users")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the op: as the function itself, after checking the parameters and converting the first argument."""
        supplied = {name: kwargs.pop(name) for name in SUPPLIED & kwargs.keys()}  # type: ignore[misc]
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
            p.name: Parameter(p.name, p.annotation, p.default, _description(p.annotation))
            for p in self._signature.parameters.values()
            if p.kind is p.KEYWORD_ONLY and p.name not in SUPPLIED
        }

    @cached_property
    def supplied(self) -> frozenset[str]:
        """Which of `rng` and `note` the op takes."""
        return SUPPLIED & self._signature.parameters.keys()

    @cached_property
    def accepts(self) -> tuple[type, ...]:
        """The types the op works on, the preferred one first."""
        first = next(iter(self._signature.parameters.values()))
        return _members(first.annotation)

    @cached_property
    def gives(self) -> type:
        """The type of its result."""
        return _members(self._signature.return_annotation)[0]

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return inspect.cleandoc(self.function.__doc__ or "").partition("\n")[0]

    @cached_property
    def model(self) -> type[BaseModel]:
        """A pydantic model of the parameters: checks and converts values, gives the JSON Schema."""
        from pydantic import ConfigDict, create_model

        fields: dict[str, Any] = {
            p.name: (p.annotation, ... if p.required else p.default) for p in self.parameters.values()
        }
        config = ConfigDict(extra="forbid", validate_default=True, allow_inf_nan=False, arbitrary_types_allowed=True)
        return create_model(self.name, __config__=config, **fields)

    def check(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give all parameters, checked and with defaults filled in; a UsageError names every fault."""
        from pydantic import ValidationError

        try:
            valid = self.model.model_validate(dict(values))
        except ValidationError as error:
            faults = [f"{self.name}: {fault}" for _, fault in self.faults(error)]
            raise UsageError("; ".join(faults)) from None
        return {name: getattr(valid, name) for name in self.parameters}

    def faults(self, error: Any) -> Iterator[tuple[str, str]]:
        """Give (parameter, line) for each fault in a pydantic ValidationError of this op's model."""
        for fault in error.errors(include_url=False):
            name = str(fault["loc"][0]) if fault["loc"] else ""
            if fault["type"] == "extra_forbidden":
                yield name, f"no parameter {name!r}{did_you_mean(name, self.parameters)}"
            elif fault["type"] == "missing":
                yield name, f"{name}: a value is needed"
            else:
                yield name, f"{name}: {_shown(fault['input'])}: {_reason(fault, self.parameters.get(name))}"

    def coerce(self, value: Any) -> Any:
        """Turn an array, a path or a Pillow image into the op's input type; leave artkit's own types alone."""
        from artkit.image import Image, Labels

        if isinstance(value, self.accepts):
            return value
        if Image in self.accepts and not type(value).__module__.startswith("artkit."):
            return Image.of(value)
        if Image in self.accepts and isinstance(value, Labels):
            return value.painted()
        wanted = " or ".join(kind.__name__ for kind in self.accepts)
        raise UsageError(f"{self.name} works on {wanted}, not on {type(value).__name__}")


def op(function: Callable[P, R]) -> Op[P, R]:
    """Register a function as an operation; see the module's text for its form."""
    made = Op(function)
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
    _load()
    if name not in _ops:
        raise UsageError(f"no op {name!r}{did_you_mean(name, _ops)}")
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
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        try:
            entry.load()
        except Exception as error:  # whatever a stranger's module raises must break nothing else
            _broken[entry.name] = f"{entry.value}: {type(error).__name__}: {error}"


def _members(annotation: Any) -> tuple[type, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _description(annotation: Any) -> str:
    found = (getattr(item, "description", None) for item in getattr(annotation, "__metadata__", ()))
    return next((text for text in found if text), "")


def _shown(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _reason(fault: Mapping[str, Any], parameter: Parameter | None) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "greater_than_equal":
            return f"too small; use {context['ge']} or more"
        case "greater_than":
            return f"too small; use more than {context['gt']}"
        case "less_than_equal":
            return f"too large; use {context['le']} or less"
        case "less_than":
            return f"too large; use less than {context['lt']}"
        case "literal_error":
            return f"not one of {context['expected']}" + _nearest_of(fault["input"], context["expected"])
        case "value_error":
            return str(context["error"])
        case "finite_number":
            return "not a finite number"
    return str(fault["msg"]).removeprefix("Input ").replace("Value error, ", "")


def _nearest_of(value: Any, expected: str) -> str:
    """Suggest the nearest of pydantic's quoted list of literals."""
    names = [part.strip(" '") for part in expected.replace(" or ", ",").split(",")]
    hint = did_you_mean(value, names) if isinstance(value, str) else ""
    return hint if hint.startswith("; did") else ""
