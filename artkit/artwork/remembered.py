"""Results of functions that are kept while many artworks are made alike: the same arguments give them again.

Only within `remembering`, so that one artwork alone takes no more memory. Arguments are known by their content, arrays
by a digest of their bytes, which takes a thousandth of what such functions do.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from functools import wraps
from hashlib import blake2b
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")

KEPT = 12
"""Results of each function that are kept: those that were asked for last."""

Kept: TypeAlias = "dict[str, OrderedDict[bytes, Any]]"
"""Results by function and digest of arguments; empty at first."""

_KNOWN: ContextVar[Kept | None] = ContextVar("known", default=None)


@contextmanager
def remembering(kept: Kept) -> Iterator[None]:
    """Keep results of functions that are `remembered` meanwhile, and give those that are kept."""
    token = _KNOWN.set(kept)
    try:
        yield
    finally:
        _KNOWN.reset(token)


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one whose results may be kept: it depends on its arguments alone, and changes none of them.

    Nobody may change what it gives.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _KNOWN.get()
        if known is None:
            return function(*args, **kwargs)
        digest = blake2b(digest_size=16)
        _add(digest, (args, sorted(kwargs.items())))
        mine, key = known.setdefault(name, OrderedDict()), digest.digest()
        if key not in mine:
            mine[key] = function(*args, **kwargs)
            if len(mine) > KEPT:
                mine.popitem(last=False)
        mine.move_to_end(key)
        result: R = mine[key]
        return result

    return called


def _add(digest: Any, value: Any) -> None:
    """Add a value to a digest, in a way that tells it from all others."""
    if isinstance(value, np.ndarray):
        digest.update(f"array {value.dtype.str} {value.shape};".encode())
        digest.update(np.ascontiguousarray(value).data.cast("B") if value.size else b"")
    elif isinstance(value, (list, tuple)):
        digest.update(f"{type(value).__name__} {len(value)};".encode())
        for each in value:
            _add(digest, each)
    elif is_dataclass(value):
        digest.update(f"{type(value).__qualname__};".encode())
        for field in fields(value):
            _add(digest, getattr(value, field.name))
    elif value is None or isinstance(value, (str, bool, int, float, np.generic)):
        text = repr(value).encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b;" % (len(text), text))
    else:
        raise TypeError(f"{type(value).__name__}: no function that is remembered takes such a thing")
