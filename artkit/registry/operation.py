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
only source of chance, `report: Callable[[str], None]`, which takes a line worth telling the user,
`progress: Callable[[float], None]`, which takes the share of the work that is done, 0 to 1, and may stop it, and
`metadata: Mapping[str, str]`, what the artwork's file will say of itself, for those that keep to a number of bytes.

`@op(per_color=True)` declares that what becomes of a color depends on nothing but that color (of labels: on their
palette, and not on where they are). Such ops are what palette animations are made of. `@op(settles=True)` declares that
it decides something of a picture as a whole, by `artkit.artwork.settled`: in a shot that is done once for all frames.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, update_wrapper
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from artkit.errors import UsageError
from artkit.registry.annotations import Parameter, members
from artkit.registry.complaints import complaints
from artkit.registry.discovery import REGISTRY, family_of

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

P = ParamSpec("P")
R = TypeVar("R")

INJECTED = {
    "rng": "rng",
    "report": "report",
    "progress": "progress",
    "metadata": "metadata",
    "note": "report",
    "advance": "progress",
}
"""Names of parameters that are not the user's, each with what is filled in. Two have an earlier name beside theirs."""


@overload
def op(function: Callable[P, R]) -> Op[P, R]: ...
@overload
def op(*, per_color: bool = False, settles: bool = False) -> Callable[[Callable[P, R]], Op[P, R]]: ...
def op(function: Callable[P, R] | None = None, *, per_color: bool = False, settles: bool = False) -> Any:
    """Register a function as an operation; see the module's text for its form."""
    if function is None:
        return lambda function: REGISTRY.add(Op(function, per_color, settles))
    return REGISTRY.add(Op(function, per_color, settles))


class Op(Generic[P, R]):
    """A registered operation. Call it like the function it wraps: parameters are checked, pictures are converted."""

    def __init__(self, function: Callable[P, R], per_color: bool = False, settles: bool = False) -> None:
        update_wrapper(self, function)
        self.function = function
        self.per_color = per_color
        self.settles = settles
        self.name = function.__name__.strip("_").replace("_", "-")
        self.family = family_of(function.__module__)
        if not (function.__doc__ or "").strip():
            raise TypeError(f"op {self.name} has no docstring; its first line is shown to users")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the op: as the function itself, after checking the parameters and converting the first argument.

        Where it draws lots, `rng` may also be a seed, and is 0 when it is left out.
        """
        injected: dict[str, Any] = {self._own_name(name): kwargs.pop(name) for name in INJECTED.keys() & kwargs.keys()}
        if "rng" in self.injected:
            from numpy.random import default_rng

            injected["rng"] = default_rng(injected.get("rng", 0))
        from artkit.raster.opencv import without_ipp

        checked = self.check(kwargs)
        if reporter := next((name for name, meaning in self.injected.items() if meaning == "report"), ""):
            injected.setdefault(reporter, lambda line: None)
        with without_ipp():
            return self.function(self.coerce(args[0]), *args[1:], **checked, **injected)  # type: ignore[arg-type]

    def _own_name(self, name: str) -> str:
        """Give the op's own name for what is injected under this name or an earlier one."""
        meaning = INJECTED[name]
        return next((own for own, its_meaning in self.injected.items() if its_meaning == meaning), name)

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.function, eval_str=True)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The user's parameters, in the order of their declaration."""
        return {
            p.name: Parameter.of(p)
            for p in self._signature.parameters.values()
            if p.kind is p.KEYWORD_ONLY and p.name not in INJECTED
        }

    @cached_property
    def injected(self) -> dict[str, str]:
        """The parameters that whoever runs the op fills in, by the name that the op has for them; see INJECTED."""
        return {name: meaning for name, meaning in INJECTED.items() if name in self._signature.parameters}

    @cached_property
    def accepts(self) -> tuple[type, ...]:
        """The types the op works on, the preferred one first."""
        first = next(iter(self._signature.parameters.values()), None)
        if first is None:
            raise TypeError(f"op {self.name} works on nothing; its first argument is what it works on")
        return members(first.annotation)

    @cached_property
    def gives(self) -> type:
        """The type of its result."""
        return members(self._signature.return_annotation)[0]

    @cached_property
    def memory(self) -> float:
        """Bytes that it is expected to take for each pixel of what it works on."""
        from artkit.registry.memory import bytes_per_pixel

        return bytes_per_pixel(self.name, self.family, self.gives.__name__)

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

    @cached_property
    def usual(self) -> dict[str, Any]:
        """The defaults of all parameters, of an op of artkit's own, whose defaults are known to be valid; else none.

        They spare the model, which takes longer to be made than an icon to be traced.
        """
        own = self.function.__module__.startswith("artkit.") and not any(p.required for p in self.parameters.values())
        return {p.name: p.default for p in self.parameters.values()} if own else {}

    def check(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give all parameters, checked and with defaults filled in; a UsageError names every fault."""
        if self.usual and all(
            name in self.usual and _is_same(value, self.usual[name]) for name, value in values.items()
        ):
            return dict(self.usual)
        from pydantic import ValidationError

        try:
            valid = self.model.model_validate({name: _unboxed(value) for name, value in values.items()})
        except ValidationError as error:
            faults = [f"{self.name}: {fault}" for _, fault in self.faults(error)]
            raise UsageError("; ".join(faults)) from None
        return {name: getattr(valid, name) for name in self.parameters}

    def faults(self, error: ValidationError) -> Iterator[tuple[str, str]]:
        """Give (parameter, line) for each parameter that a ValidationError of this op's model complains of."""
        return complaints(error, self.parameters)

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


def _is_same(value: Any, default: Any) -> bool:
    """Whether a value is a default, as Python has it or as TOML does."""
    if isinstance(value, list):
        return not value and default == ()
    return type(value) is type(default) and bool(value == default)


def _unboxed(value: Any) -> Any:
    """Turn a numpy number into Python's."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0 else value
