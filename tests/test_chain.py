"""Chains and components are what following links one by one gives."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.planar import chain
from artkit.planar.chain import FEW, chains, components


@st.composite
def links(draw):
    """The item before each item, -1 for none: some of a permutation's links."""
    order = draw(st.permutations(range(draw(st.integers(0, 40)))))
    kept = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
    return np.array([before if keep else -1 for before, keep in zip(order, kept, strict=True)], np.int64)


def followed(previous):
    following = {int(before): item for item, before in enumerate(previous) if before >= 0}
    open_ones, closed_ones, seen = [], [], set()

    def follow(item):
        chain = []
        while item is not None and item not in seen:
            seen.add(item)
            chain.append(item)
            item = following.get(item)
        return chain

    for item in np.flatnonzero(previous < 0).tolist():
        open_ones.append(follow(item))
    for item in range(len(previous)):
        if item not in seen:
            closed_ones.append(follow(item))
    return open_ones, closed_ones


@pytest.mark.parametrize("few", [0, FEW])  # in whole arrays, and one by one
@given(previous=links())
def test_chains_are_those_of_following_links_one_by_one(few, previous):
    before = previous.copy()
    with mock.patch.object(chain, "FEW", few):
        found = chains(previous)
    open_ones, closed_ones = followed(previous)
    parts = [found.items[low:high].tolist() for low, high in zip(found.offsets[:-1], found.offsets[1:], strict=True)]
    assert parts == open_ones + closed_ones
    assert found.closed.tolist() == [False] * len(open_ones) + [True] * len(closed_ones)
    np.testing.assert_array_equal(previous, before)


def test_one_long_chain_keeps_its_order_whatever_its_items_are_called():
    order = np.random.default_rng(1).permutation(50_000)
    previous = np.full(len(order), -1, np.int64)
    previous[order[1:]] = order[:-1]
    np.testing.assert_array_equal(chains(previous).items, order)


@given(st.data())
def test_components_are_those_of_joining_pair_by_pair(data):
    count = data.draw(st.integers(1, 30))
    pairs = data.draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=50))
    group = list(range(count))
    for a, b in pairs:
        low, high = sorted((group[a], group[b]))
        group = [low if g == high else g for g in group]
    first, second = (np.array(side, np.int64) for side in (zip(*pairs, strict=True) if pairs else ((), ())))
    assert components(count, first, second).tolist() == group
