"""Histograms of levels, and the thresholds that Otsu's method finds in them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def histogram(gray: NDArray[np.uint8], inside: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """(256,) how many pixels have each level, those of an (H, W) mask alone where one is given."""
    values = gray if inside is None else gray[inside]
    total = np.zeros(256, np.int64)
    for start in range(0, values.shape[0], 256):  # few rows at a time: bincount wants 64-bit numbers
        total += np.bincount(values[start : start + 256].reshape(-1), minlength=256)
    return total


def otsu_level(histogram: NDArray[np.int64]) -> int | None:
    """Otsu's threshold of a histogram: values up to it are below, the others above. None when only one value occurs.

    It has the greatest variance between the two classes (Otsu 1979); of several in a row that are as good, as with
    two values alone, the middle one is taken.
    """
    counts = [int(count) for count in histogram]
    total, whole = sum(counts), sum(value * count for value, count in enumerate(counts))
    best, last, greatest = None, 0, Fraction(0)
    below = weight = 0
    for value, count in enumerate(counts):  # in whole numbers: with millions of pixels, floats would round ties away
        below, weight = below + count, weight + value * count
        if 0 < below < total:
            variance = Fraction((whole * below - total * weight) ** 2, below * (total - below))
            if best is None or variance > greatest:
                best, last, greatest = value, value, variance
            elif variance == greatest and last == value - 1:
                last = value
    return None if best is None else (best + last) // 2


def otsu_levels(counts: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """The `classes` - 1 levels (increasing) with the greatest variance between the classes that they divide.

    Values up to the first are in the first class, and so on. At least as many values must occur; of the levels between
    two values that occur, the middle one is taken. Found by dynamic programming over the values, which is exact.
    """
    values = np.flatnonzero(counts)
    if classes < 2:
        return np.zeros(0, np.int64)
    below = np.concatenate([[0], np.cumsum(counts[values])]).astype(np.float64)
    weight = np.concatenate([[0], np.cumsum(counts[values] * values)]).astype(np.float64)
    size = below[None, :] - below[:, None]
    # The part of the variance of a class of values i to j - 1, to be summed over the classes.
    part = np.where(size > 0, (weight[None, :] - weight[:, None]) ** 2 / np.maximum(size, 1), -np.inf)
    best, choices = part[0], []
    for _ in range(classes - 1):
        total = best[:, None] + part
        choices.append(np.argmax(total, axis=0))
        best = total.max(axis=0)
    cuts, end = [], len(values)
    for choice in reversed(choices):
        end = int(choice[end])
        cuts.append(end)
    first = np.array(cuts[::-1])
    middles: NDArray[np.int64] = (values[first - 1] + values[first] - 1) // 2
    return middles
