"""What an op's signature says: a parameter's type made strict, its default, its description; the members of a union."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from artkit.registry.declared import DECLARED


@dataclass(frozen=True)
class Only:
    """Declares when a parameter has an effect: where another of the op has one of the values.

    Without `values`: where the other is given at all, and is not 0. `but` turns it round: where the other has none of
    them.
    """

    other: str
    values: tuple[object, ...] = ()
    but: bool = False

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether it is so with these values, as TOML has them."""
        value = values.get(self.other)
        among = value in self.values if self.values else value not in (None, [], (), 0)
        return among is not self.but

    @property
    def words(self) -> str:
        """What it goes with, in words."""
        named = " or ".join(map(str, self.values))
        return f"it counts only {'without' if self.but else 'with'} {self.other}{f' = {named}' if named else ''}"


@dataclass(frozen=True)
class OnlyPictures:
    """Declares that a parameter has an effect on pictures alone, where the op takes regions, too."""


@dataclass(frozen=True)
class Parameter:
    """One keyword parameter of an op, with its type as it is `declared`."""

    name: str
    declared: Any
    default: Any
    description: str
    only: tuple[Only, ...] = ()
    only_pictures: bool = False

    @classmethod
    def of(cls, declared: inspect.Parameter) -> Parameter:
        """Read it off a function's signature."""
        annotation = declared.annotation
        said = getattr(annotation, "__metadata__", ())
        return cls(
            declared.name,
            annotation,
            declared.default,
            _description(annotation),
            tuple(item for item in said if isinstance(item, Only)),
            any(isinstance(item, OnlyPictures) for item in said),
        )

    @cached_property
    def annotation(self) -> Any:
        """Its type for pydantic, made strict: see `strict`."""
        return strict(self.declared)

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
        said = [item.made() if isinstance(item, DECLARED) else item for item in annotation.__metadata__]
        ordered = sorted(said, key=lambda item: isinstance(item, functions))
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
