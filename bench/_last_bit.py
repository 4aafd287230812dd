"""Another processor within this one: exponentials, roots and angles end in another last bit at times.

Vector units, math libraries and versions differ in nothing else; what hangs on that bit will differ between processors.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

FUNCTIONS = [
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
    "arctan",
    "arctan2",
    "sinh",
    "cosh",
    "tanh",
    "cbrt",
    "hypot",
    "power",
    "float_power",
    "degrees",
    "radians",
    "deg2rad",
    "rad2deg",
]
OF_MATH = [
    "exp",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "atan2",
    "sinh",
    "cosh",
    "tanh",
    "cbrt",
    "hypot",
    "pow",
]


class _Other:
    """A ufunc whose results differ in the last bit for about half of its values; exact ones stay exact."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self.function(*args, **kwargs)
        other = changed(result)
        if isinstance(result, np.ndarray) and kwargs.get("out") is not None:
            result[...] = other
            return result
        return other

    def __getattr__(self, name: str) -> Any:
        return getattr(self.function, name)


def changed(result: Any) -> Any:
    """Change the last bit where the bits before it say so, and where the number is not a short one."""
    values = np.asarray(result)
    if values.dtype not in (np.float32, np.float64):
        return result
    whole, low, mix = (
        (np.uint32, 0x3FF, 0x9E3779B1) if values.dtype == np.float32 else (np.uint64, 0xFFFFF, 0x9E3779B97F4A7C15)
    )
    bits = np.array(values).view(whole) if values.ndim else np.array([values]).view(whole)
    with np.errstate(over="ignore"):
        chosen = ((bits >> whole(1)) * whole(mix)) >> whole(bits.itemsize * 8 - 1)
    chosen[(bits & whole(low)) == 0] = 0
    chosen[~np.isfinite(bits.view(values.dtype))] = 0
    other = (bits ^ chosen).view(values.dtype)
    return other if values.ndim else other[0]


def install() -> None:
    """Put them in the place of numpy's and Python's own."""
    for name in FUNCTIONS:
        setattr(np, name, _Other(getattr(np, name)))
    for name in OF_MATH:
        own = getattr(math, name)
        setattr(math, name, lambda *args, own=own: float(changed(np.float64(own(*args)))))
