"""Types of parameters that several families of ops have."""

from __future__ import annotations

from typing import Annotated

from artkit.color.rotation import Axis, Vector
from artkit.registry.declared import AfterValidator, Field


def _odd(size: int) -> int:
    if size > 0 and size % 2 == 0:
        raise ValueError(f"{size} is even, and a window has a middle pixel; use {size - 1} or {size + 1}")
    return size


# After the range of a number, never before it: behind a validator pydantic writes no range into the schema.
ODD = AfterValidator(_odd)
"""An odd number; an even one is refused with the two next to it."""

ODD_SCHEMA = Field(json_schema_extra={"not": {"multipleOf": 2}})
"""The same for the recipe's JSON Schema."""


def _directed(axis: Axis | Vector) -> Axis | Vector:
    if not any(axis):
        raise ValueError("it has no direction; one of the three numbers must not be 0")
    return axis


Turn = Annotated[
    Axis | Vector,
    AfterValidator(_directed),
    Field(
        description="The axis of the turn: a channel, which stays as it is, gray, or any direction as three numbers, "
        "its shares of red, green and blue."
    ),
]
"""What colors turn about."""

FocusOn = Annotated[
    str,
    Field(
        description="Where detail goes first: auto is eyes, mouths, faces, and what stands out; off; X,Y,R in pixels, "
        "a disc; or the file of a mask, in which white counts."
    ),
]
"""What matters in a picture; `artkit.importance.focus.focus_of` reads it."""
