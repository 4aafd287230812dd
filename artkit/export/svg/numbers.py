"""Numbers as SVG has them: as short as they can be without saying anything else."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

SMALL = 9999
"""Whole numbers up to this size have their texts in a table: a file has millions of them."""


def number(value: float, decimals: int = 4) -> str:
    """Give a number with up to so many decimals, 1 or more, and no more than it needs."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def short(value: float, decimals: int = 2) -> str:
    """Give a number as `number` does, without the zero before the point and without a minus before a zero."""
    text = number(value, decimals)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else "0" if text == "-0" else text


def rounded(value: float) -> str:
    """Give the nearest whole number."""
    return f"{np.rint(value):.0f}"


def in_steps(steps: int, decimals: int) -> str:
    """Give a number of steps, of which 10 to the power of `decimals` make 1, as `short` gives numbers."""
    if not decimals or not steps:
        return str(steps)
    whole, part = divmod(abs(steps), 10**decimals)
    fraction = f".{part:0{decimals}d}".rstrip("0").rstrip(".")
    return f"{'-' if steps < 0 else ''}{whole or ''}{fraction}"


@cache
def table(decimals: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Give the text of every small number of steps, and how long each is.

    The text of n is row n + SMALL of (2 SMALL + 2, width) ASCII codes, 0 where nothing stands; the last row is empty.
    """
    texts = [in_steps(value, decimals) for value in range(-SMALL, SMALL + 1)] + [""]
    width = max(map(len, texts))
    return np.array(texts, f"S{width}").view(np.uint8).reshape(-1, width), np.array([len(text) for text in texts])
