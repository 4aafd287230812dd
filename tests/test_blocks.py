"""Systems along chains: the same solution as the whole matrix has, for open chains and rings of any length."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.planar.blocks import solve_chains


def system(sizes, ring, seed):
    """Chains of nodes that are tied at random: the whole matrix, and its blocks, ties, right sides and offsets."""
    rng = np.random.default_rng(seed)
    offsets = np.cumsum([0, *sizes])
    count = int(offsets[-1])
    whole = np.eye(2 * count) * 0.1
    block = np.repeat(np.eye(2)[:, :, None] * 0.1, count, axis=2)
    tie = np.zeros((2, 2, count))
    for first, size, around in zip(offsets[:-1], sizes, ring, strict=True):
        for k in range(size if around else size - 1):
            a, b = first + k, first + (k + 1) % size
            terms = rng.normal(size=(6, 4))
            normal = terms.T @ terms
            rows = [2 * a, 2 * a + 1, 2 * b, 2 * b + 1]
            whole[np.ix_(rows, rows)] += normal
            block[:, :, a] += normal[:2, :2]
            block[:, :, b] += normal[2:, 2:]
            tie[:, :, a] += normal[:2, 2:]
    return whole, block, tie, rng.normal(size=(2, 3, count)), offsets


@pytest.mark.parametrize("ring", [False, True])
@pytest.mark.parametrize("sizes", [[2], [3], [4], [7], [8], [2, 5, 3, 2], [16, 2, 33]])
def test_chains_are_solved_as_the_whole_matrix_is(sizes, ring):
    whole, block, tie, right, offsets = system(sizes, [ring] * len(sizes), seed=len(sizes))
    found = solve_chains(block, tie, right, offsets, np.array([ring] * len(sizes)))
    expected = np.linalg.solve(whole, right.transpose(2, 0, 1).reshape(-1, 3))
    assert found.transpose(2, 0, 1).reshape(-1, 3) == pytest.approx(expected, abs=1e-9)


def test_open_chains_single_nodes_and_rings_do_not_feel_each_other():
    sizes, ring = [1, 4, 1, 3, 6], [False, True, False, False, True]
    whole, block, tie, right, offsets = system(sizes, ring, seed=3)
    found = solve_chains(block, tie, right, offsets, np.array(ring))
    expected = np.linalg.solve(whole, right.transpose(2, 0, 1).reshape(-1, 3))
    assert found.transpose(2, 0, 1).reshape(-1, 3) == pytest.approx(expected, abs=1e-9)


def test_what_is_given_stays_and_no_nodes_have_no_solution():
    _, block, tie, right, offsets = system([5], [True], seed=1)
    copies = block.copy(), tie.copy(), right.copy()
    solve_chains(block, tie, right, offsets, np.array([True]))
    assert all(np.array_equal(a, b) for a, b in zip((block, tie, right), copies, strict=True))
    none = solve_chains(np.zeros((2, 2, 0)), np.zeros((2, 2, 0)), np.zeros((2, 2, 0)), np.array([0]), np.zeros(0, bool))
    assert none.shape == (2, 2, 0)
