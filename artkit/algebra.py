"""Small matrices by array operations alone: what BLAS and LAPACK do, with the same last bit on every processor.

Their libraries take other code, and add in another order, for each kind of processor and number of threads. Where
numbers are compared later, that bit decides which of two equal things is taken. Here every product is rounded on its
own, and sums run in an order that depends on the shapes alone. Matrices may be stacked, (..., M, N), as for numpy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats

_FEW = 16
"""Lengths of the inner axis up to which products are added one after the other."""

_NARROW = 6
"""Matrices with fewer columns, and more rows, are multiplied column by column."""

_SWEEPS = 12
"""Rounds of Jacobi's rotations; they converge quadratically, and matrices of twenty rows take eight."""


def product(a: Any, b: Any) -> NDArray[Any]:
    """Give `a @ b` of vectors and (stacks of) matrices of numbers."""
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim == 2 and b.ndim == 1 and 0 < len(b) <= _FEW and a.shape[1] == len(b):
        return _along(a, b)
    rows, columns = (a[None] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)
    length = rows.shape[-1]
    if length != columns.shape[-2]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not match")
    if length <= _FEW or not rows.size or not columns.size:
        total = _by_terms(rows, columns)
    elif rows.shape[-2] <= columns.shape[-1]:
        turned = np.ascontiguousarray(np.swapaxes(columns, -1, -2))
        parts = [(rows[..., i, None, :] * turned).sum(-1) for i in range(rows.shape[-2])]
        total = np.stack(parts, axis=-2)
    else:
        parts = [(rows * columns[..., None, :, j]).sum(-1) for j in range(columns.shape[-1])]
        total = np.stack(parts, axis=-1)
    if a.ndim == 1:
        total = total[..., 0, :]
    return total[..., 0] if b.ndim == 1 else total


def _along(rows: NDArray[Any], vector: NDArray[Any]) -> NDArray[Any]:
    """Give `rows @ vector` for a short vector, the commonest case."""
    total: NDArray[Any] = rows[:, 0] * vector[0]
    for k in range(1, len(vector)):
        total += rows[:, k] * vector[k]
    return total


def _by_terms(rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    """Add outer products, one for each place of the inner axis."""
    if not rows.size or not columns.size:
        lead = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
        return np.zeros((*lead, rows.shape[-2], columns.shape[-1]), np.result_type(rows, columns))
    if columns.ndim == 2 and columns.shape[1] < _NARROW < rows.shape[-2]:
        flat = _column_by_column(rows.reshape(-1, rows.shape[-1]), columns)
        return flat.reshape(*rows.shape[:-1], columns.shape[1])
    total: NDArray[Any] = rows[..., :, 0, None] * columns[..., None, 0, :]
    for k in range(1, rows.shape[-1]):
        total += rows[..., :, k, None] * columns[..., None, k, :]
    return total


def _column_by_column(rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    """Add the same products in the same order, along the rows: colors are three numbers wide, and many."""
    total = np.empty((len(rows), columns.shape[1]), np.result_type(rows, columns))
    parts = [np.ascontiguousarray(rows[:, k]) for k in range(rows.shape[1])]
    for j in range(columns.shape[1]):
        column = parts[0] * columns[0, j]
        for k in range(1, len(parts)):
            column += parts[k] * columns[k, j]
        total[:, j] = column
    return total


def inner(a: Any, b: Any) -> float:
    """Give the sum of the products of two vectors, (N,) each."""
    return float(np.multiply(a, b).sum())


def norm(vector: Any) -> float:
    """Length of a vector, or root of the sum of all squares."""
    return float(np.sqrt(np.square(vector).sum()))


def solve(matrix: Any, right: Any) -> Floats:
    """Solve `matrix @ x = right` for x: `matrix` (..., N, N), `right` (..., N, K), or (N,) for one matrix.

    Gauss's elimination with the greatest pivot of each column, the first of equals. A singular matrix gives infinity or
    nan, not an error.
    """
    left = np.array(matrix, np.float64)
    found = np.array(right, np.float64)
    if vector := found.ndim == 1:
        found = found[:, None]
    lead = np.broadcast_shapes(left.shape[:-2], found.shape[:-2])
    both = np.concatenate(
        [np.broadcast_to(left, lead + left.shape[-2:]), np.broadcast_to(found, lead + found.shape[-2:])], axis=-1
    )
    solved = _eliminated(both.reshape(-1, *both.shape[-2:])).reshape(*lead, *found.shape[-2:])
    return solved[..., 0] if vector else solved


def _eliminated(both: Floats) -> Floats:
    """Solve stacked systems (S, N, N + K), whose right sides stand behind their matrices."""
    count = both.shape[1]
    every = np.arange(len(both))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for k in range(count):
            pivot = k + np.abs(both[:, k:, k]).argmax(1)
            if (pivot != k).any():
                both[every, k], both[every, pivot] = both[every, pivot], both[every, k]
            share = both[:, k + 1 :, k] / both[:, k, k, None]
            both[:, k + 1 :, k + 1 :] -= share[:, :, None] * both[:, k, None, k + 1 :]
        found = both[:, :, count:]
        for k in range(count - 1, -1, -1):
            found[:, k] /= both[:, k, k, None]
            found[:, :k] -= both[:, :k, k, None] * found[:, k, None]
    return found


def inverse(matrix: Any) -> Floats:
    """Invert (..., N, N) matrices."""
    matrix = np.asarray(matrix, np.float64)
    return solve(matrix, np.broadcast_to(np.eye(matrix.shape[-1]), matrix.shape))


def determinant2(matrix: Floats) -> float:
    """Determinant of a matrix (2, 2)."""
    return float(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0])


def eigen(matrix: Any) -> tuple[Floats, Floats]:
    """Eigenvalues (..., N), ascending, and eigenvectors (..., N, N), in columns, of symmetric matrices.

    Jacobi's rotations, in the order of rows (Golub and Van Loan, "Matrix Computations", 8.5). The greatest component of
    each vector, the first of equals, is positive.
    """
    square = np.array(matrix, np.float64)
    lead, count = square.shape[:-2], square.shape[-1]
    square = square.reshape(-1, count, count)
    vectors = np.broadcast_to(np.eye(count), square.shape).copy()
    size = np.square(square).sum((1, 2))
    for _ in range(_SWEEPS):
        off = np.square(square).sum((1, 2)) - np.square(np.einsum("sii->si", square)).sum(1)
        if (off <= 1e-30 * size).all():
            break
        for p in range(count - 1):
            for q in range(p + 1, count):
                _rotate(square, vectors, p, q)
    values = np.einsum("sii->si", square)
    order = np.argsort(values, axis=1, kind="stable")
    values = np.take_along_axis(values, order, 1)
    vectors = np.take_along_axis(vectors, order[:, None], 2)
    first = np.abs(vectors).argmax(1)
    vectors *= np.where(np.take_along_axis(vectors, first[:, None], 1) < 0, -1.0, 1.0)
    return values.reshape(*lead, count), vectors.reshape(*lead, count, count)


def _rotate(square: Floats, vectors: Floats, p: int, q: int) -> None:
    """Turn axes p and q, in place, so that they have nothing in common."""
    shared = square[:, p, q]
    gap = (square[:, q, q] - square[:, p, p]) / 2
    root = np.abs(gap) + np.sqrt(gap * gap + shared * shared)
    t = np.where(gap < 0, -shared, shared) / np.where(root > 0, root, 1)
    c = 1 / np.sqrt(1 + t * t)
    s = t * c
    for axes, axis in ((square, 2), (square, 1), (vectors, 2)):
        one, other = (axes[:, :, p], axes[:, :, q]) if axis == 2 else (axes[:, p], axes[:, q])
        turned = c[:, None] * one - s[:, None] * other
        other[:] = s[:, None] * one + c[:, None] * other
        one[:] = turned
    square[:, p, q] = square[:, q, p] = 0


def least_squares(matrix: Any, right: Any) -> Floats:
    """Give the x (K,) or (K, C) for which `matrix @ x`, of (N, K), is closest to `right`, (N,) or (N, C).

    By Gram's and Schmidt's orthogonal columns, made twice. A column that adds nothing to those before it counts 0.
    """
    columns = np.array(matrix, np.float64).T
    wanted = np.asarray(right, np.float64)
    wanted = wanted[:, None] if (vector := wanted.ndim == 1) else wanted
    count = len(columns)
    upper = np.zeros((count, count))
    free = np.zeros(count, bool)
    for k, column in enumerate(columns):
        before = norm(column)
        for _ in range(2):
            for j in range(k):
                share = float((columns[j] * column).sum())
                upper[j, k] += share
                column -= share * columns[j]
        length = norm(column)
        free[k] = length > 1e-12 * before
        upper[k, k] = length if free[k] else 1.0
        column[:] = column / length if free[k] else 0.0
    found: Floats = np.stack([(columns * each).sum(1) for each in np.ascontiguousarray(wanted.T)], axis=1)
    for k in range(count - 1, -1, -1):
        found[k] /= upper[k, k]
        found[:k] -= upper[:k, k, None] * found[k]
    return found[:, 0] if vector else found


def pseudo_inverse(matrix: Any) -> Floats:
    """Give the matrix (K, N) that turns values (N,) into the coefficients of columns (N, K) closest to them."""
    return least_squares(matrix, np.eye(len(matrix)))


def turned(degrees: Any) -> tuple[Any, Any]:
    """Give the cosine and the sine of an angle, the same on every processor."""
    turn = np.radians(degrees)
    return rounded(np.cos(turn), 40), rounded(np.sin(turn), 40)


def rounded(values: Any, bits: int = 26) -> Any:
    """Round to multiples of 2 ** -bits: exponentials, roots and angles end in other last bits on other processors."""
    scale = float(2**bits)
    return np.rint(np.multiply(values, scale)) / scale
