"""What an op's signature says: a parameter's type made strict, its default, its description; the members of a union."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin


@dataclass(frozen=True)
class Parameter:
    """One keyword parameter of an op. `annotation` is as declared, made strict: see `strict`."""

    name: str
    annotation: Any
    default: Any
    description: str

    @classmethod
    def of(cls, declared: inspect.Parameter) -> Parameter:
        """Read it off a function's signature."""
        annotation = declared.annotation
        return cls(declared.name, strict(annotation), declared.default, _description(annotation))

    @property
    def required(self) -> bool:
        """Whether the op has no default for it."""
        return self.default is inspect.Parameter.empty


def strict(annotation: Any) -> Any:
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
        return Annotated[strict(inner[0]), *ordered]
    if origin in (Union, UnionType):
        return Union[tuple(map(strict, inner))]  # noqa: UP007
    if origin in (tuple, list, dict, set, frozenset):
        return origin[tuple(map(strict, inner))]
    return annotation


def _description(annotation: Any) -> str:
    found = (getattr(item, "description", None) for item in getattr(annotation, "__metadata__", ()))
    return next((text for text in found if text), "")


def members(annotation: Any) -> tuple[type, ...]:
    """Give the types that an annotation names, one or the members of a union."""
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
