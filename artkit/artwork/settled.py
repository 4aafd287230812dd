"""What an operation decides of a picture as a whole, decided once for a shot, so that nothing flickers.

An operation that is declared with `@op(settles=True)` asks for its decision (a palette, a level, a table) by
`settled(decide)`. That decides anew for each picture, unless a shot is under way: then a first run on some of its
frames, side by side, ends with the decision, which is given to all that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")


class Decided(BaseException):
    """Ends an operation that was run for its decision alone."""

    def __init__(self, decision: Any) -> None:
        self.decision = decision


class Open:
    """Stands for a decision that was not needed: each picture decides for itself."""


_DECIDING = object()
_now: ContextVar[Any] = ContextVar("settled", default=Open)


def settled(decide: Callable[[], T]) -> T:
    """Give a decision: the shot's, or else that of `decide`, which looks at the picture at hand."""
    known = _now.get()
    if known is _DECIDING:
        raise Decided(decide())
    decision: T = decide() if known is Open else known
    return decision


def in_shot(decide: Callable[[], T]) -> T | None:
    """Give the shot's decision, None where each picture decides for itself."""
    return None if _now.get() is Open else settled(decide)


def decision_of(run: Callable[[], object]) -> Any:
    """Give what an operation decides that is run by `run`, `Open` where it asks for no decision."""
    token = _now.set(_DECIDING)
    try:
        run()
    except Decided as ended:
        return ended.decision
    finally:
        _now.reset(token)
    return Open


@contextmanager
def deciding(decision: Any) -> Iterator[None]:
    """Have the operation that is run meanwhile take this decision."""
    token = _now.set(decision)
    try:
        yield
    finally:
        _now.reset(token)
