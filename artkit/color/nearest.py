"""Which color of a few is nearest: points and centers in, the numbers of the nearest centers out.

Distances are Euclidean, in whatever space the points are. The nearest center has the greatest `center @ point` less
half its own square, for which one matrix product does for all; of centers equally near, the first is taken. Points and
centers are whole numbers there, 2^23 steps to the largest: sums of their products are exact, whatever the order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 256
"""Points compared with many centers at a time, so that the products stay in the processor's cache."""

_LONG = 1 << 12
"""Points compared with few centers, and made whole numbers, at a time: a loop over centers, or blocks, costs little."""

_FEW = 16
"""Centers up to which a loop over them is faster than numpy's argmax, which is slow along short axes."""


def nearest(points: NDArray[Any], centers: NDArray[Any]) -> NDArray[Any]:
    """Give the number (N,) of the nearest of (K, D) centers to each of (N, D) points of the same floating-point type.

    Numbers are uint8 where those are enough, which is what indexed pictures want, else intp.
    """
    chosen = np.empty(len(points), np.uint8 if len(centers) <= 256 else np.intp)
    if len(centers) <= _FEW:
        few = NearestColor(centers)
        for start in range(0, len(points), _LONG):
            chosen[start : start + _LONG] = few(points[start : start + _LONG].T)
        return chosen
    scale = _scale(centers)
    whole = _whole(centers, scale)
    axes = whole.shape[1]
    # Half of a center's square is one more product, by which the sums stay exact.
    across = np.vstack([whole.T, -(whole * whole).sum(axis=1) / 2])
    along = np.ones((min(len(points), _LONG), axes + 1))
    closeness = np.empty((_BLOCK, len(centers)))  # one for all: fresh memory takes longer than the sums
    for start in range(0, len(points), _LONG):
        part = points[start : start + _LONG]
        along[: len(part), :axes] = _whole(part, scale)
        for first in range(0, len(part), _BLOCK):
            rows = along[first : min(first + _BLOCK, len(part))]
            close = closeness[: len(rows)]
            np.matmul(rows, across, out=close)
            chosen[start + first : start + first + len(rows)] = close.argmax(axis=1)
    return chosen


class NearestColor:
    """The nearest of a few colors, prepared once and asked often: (K, D) centers, K at most 256."""

    def __init__(self, colors: NDArray[Any]) -> None:
        self.scale = _scale(colors)
        self.colors = _whole(colors, self.scale)
        self.halves = (self.colors * self.colors).sum(axis=1, keepdims=True) / 2

    def __call__(self, planes: NDArray[Any]) -> NDArray[np.uint8]:
        """Give the number (N,) of the nearest center to each column of (D, N)."""
        closeness = self.colors @ _whole(planes, self.scale)
        closeness -= self.halves
        best, chosen = closeness[0], np.zeros(planes.shape[1], np.uint8)
        for i in range(1, len(closeness)):
            np.copyto(chosen, i, where=closeness[i] > best)
            np.maximum(best, closeness[i], out=best)
        return chosen


def _scale(centers: NDArray[Any]) -> float:
    """The power of two that makes whole numbers of 23 bits of centers; points may lie eight times as far out."""
    _, exponent = np.frexp(np.abs(centers).max(initial=0.0))
    return float(np.ldexp(1.0, 23 - int(exponent)))


def _whole(values: NDArray[Any], scale: float) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.multiply(values, scale, dtype=np.float64)
    return np.rint(found, out=found)
