"""Sums and means by label: what the pixels of a region, or the colors of a cluster, have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats


def sums_by_label(labels: NDArray[Any], planes: Any, count: int) -> Floats:
    """Give the sums (count, C) of values over each label, from 0 to `count` - 1.

    `labels` is (N,), none of them negative; `planes` are C arrays of N numbers each, such as the red, the green and the
    blue of N pixels.
    """
    return np.stack([np.bincount(labels, plane, count) for plane in planes], axis=1)


def means_by_label(
    labels: NDArray[Any], values: NDArray[Any], count: int, weights: NDArray[Any] | None = None, empty: Any = 0.0
) -> Floats:
    """Give the means (count, C) of (N, C) values over each label, weighted by (N,) weights where there are some.

    A label without a value, or without weight, gets `empty`: a number, or its row of a (count, C) array.
    """
    total = np.bincount(labels, weights, count)[:, None]
    sums = sums_by_label(labels, values.T if weights is None else (weights * axis for axis in values.T), count)
    return np.where(total > 0, sums / np.where(total > 0, total, 1), empty)
