"""Systems of equations along chains: each node has two unknowns, and is tied to its neighbors alone.

They are solved for all chains together by cyclic reduction (Hockney 1965; Golub and Van Loan, "Matrix Computations",
4.8): every other node of each chain is eliminated, so that chains get half as long in each pass. It is made of sums and
products of whole arrays, so that its last bits are the same on every processor; a library's factorization is not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, rows_of


class _Pass(NamedTuple):
    """Eliminated nodes, the nodes before and after each, its inverted block, its ties to both, and its right side."""

    node: Ints
    before: Ints
    after: Ints
    inverse: Floats
    tie_before: Floats
    tie_after: Floats
    right: Floats


def solve_chains(block: Floats, tie: Floats, right: Floats, offsets: Ints, ring: Bools) -> Floats:
    """Solve the symmetric positive definite systems of chains of nodes: chain k is nodes `offsets[k]:offsets[k + 1]`.

    `block` (2, 2, N) is each node's own part of the matrix, `tie` (2, 2, N) its part in its own rows and the columns of
    the node after it: the next one or, for the last of a `ring` (K,), the first. `right` is (2, R, N), for R right
    sides; the solution is shaped like it.
    """
    block, tie, found = block.copy(), tie.copy(), right.copy()
    chain = rows_of(offsets)
    last = offsets[1:][np.diff(offsets) > 0] - 1
    tie[:, :, last[~ring[chain[last]]]] = 0.0
    nodes = np.arange(block.shape[2])
    passes: list[_Pass] = []
    while True:
        first = np.append(True, chain[1:] != chain[:-1])[: len(chain)]
        begin = np.flatnonzero(first)[np.cumsum(first) - 1] if len(chain) else nodes
        odd = np.flatnonzero((np.arange(len(nodes)) - begin) % 2 == 1)
        if not len(odd):
            break
        follows = np.append(~first[1:], False)[odd]
        next_ = np.where(follows, np.minimum(odd + 1, len(nodes) - 1), begin[odd])
        done = _eliminated(block, tie, found, nodes[odd], nodes[odd - 1], nodes[next_])
        passes.append(done)
        kept = np.ones(len(nodes), bool)
        kept[odd] = False
        nodes, chain = nodes[kept], chain[kept]
    found[:, :, nodes] = _times(_inverse(block[:, :, nodes]), found[:, :, nodes])
    for done in reversed(passes):
        rest = done.right - _times(_turned(done.tie_before), found[:, :, done.before])
        rest -= _times(done.tie_after, found[:, :, done.after])
        found[:, :, done.node] = _times(done.inverse, rest)
    return found


def _eliminated(block: Floats, tie: Floats, right: Floats, node: Ints, before: Ints, after: Ints) -> _Pass:
    """Eliminate nodes, no two of them neighbors: what they told of their neighbors goes into these, in place."""
    inverse = _inverse(block[:, :, node])
    done = _Pass(node, before, after, inverse, tie[:, :, before], tie[:, :, node], right[:, :, node])
    to_before = _times(done.tie_before, inverse)
    to_after = _times(_turned(done.tie_after), inverse)
    block[:, :, before] -= _times(to_before, _turned(done.tie_before))
    block[:, :, after] -= _times(to_after, done.tie_after)
    right[:, :, before] -= _times(to_before, done.right)
    right[:, :, after] -= _times(to_after, done.right)
    between = -_times(to_before, done.tie_after)
    alone = before == after  # what is left of a ring is one node, tied to itself
    block[:, :, before[alone]] += (between + _turned(between))[:, :, alone]
    between[:, :, alone] = 0.0
    tie[:, :, before] = between
    return done


def _times(a: Floats, b: Floats) -> Floats:
    """Products of matrices (2, 2, N) and (2, K, N)."""
    product: Floats = a[:, 0, None] * b[None, 0] + a[:, 1, None] * b[None, 1]
    return product


def _turned(a: Floats) -> Floats:
    """Transposes of matrices (2, 2, N)."""
    return a.transpose(1, 0, 2)


def _inverse(a: Floats) -> Floats:
    """Inverses of symmetric positive definite matrices (2, 2, N)."""
    determinant = a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]
    adjugate = np.stack([np.stack([a[1, 1], -a[0, 1]]), np.stack([-a[1, 0], a[0, 0]])])
    inverse: Floats = adjugate / determinant
    return inverse
