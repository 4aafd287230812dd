"""Ragged arrays: rows of unlike lengths in one array, against loops."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from artkit.arrays import counted, median, offsets_of, percentile, ranges, row_sums, rows_of, starts_of

LENGTHS = [[], [0], [3], [2, 0, 1], [0, 0, 4, 1, 0]]


@pytest.mark.parametrize("lengths", LENGTHS)
def test_offsets_tell_where_rows_begin_and_end(lengths):
    rows = [list(range(length)) for length in lengths]
    items = [item for row in rows for item in row]
    offsets = offsets_of(np.array(lengths, np.int64))
    assert [items[offsets[k] : offsets[k + 1]] for k in range(len(rows))] == rows
    assert offsets[-1] == len(items)
    assert starts_of(np.array(lengths, np.int64)).tolist() == offsets[:-1].tolist()


@pytest.mark.parametrize("lengths", LENGTHS)
def test_every_item_knows_its_row_and_its_place(lengths):
    pairs = [(row, place) for row, length in enumerate(lengths) for place in range(length)]
    row, place = counted(np.array(lengths, np.int64))
    assert list(zip(row.tolist(), place.tolist(), strict=True)) == pairs
    assert rows_of(offsets_of(np.array(lengths, np.int64))).tolist() == [row for row, _ in pairs]


@pytest.mark.parametrize("lengths", LENGTHS)
def test_ranges_count_on_from_their_starts(lengths):
    starts = 10 * np.arange(len(lengths))
    expected = [start + k for start, length in zip(starts.tolist(), lengths, strict=True) for k in range(length)]
    assert ranges(starts, np.array(lengths, np.int64)).tolist() == expected


@pytest.mark.parametrize("lengths", LENGTHS)
def test_an_empty_row_sums_to_nothing_and_others_to_their_items(lengths):
    items = np.random.default_rng(0).integers(1, 9, (sum(lengths), 2))
    offsets = offsets_of(np.array(lengths, np.int64))
    expected = [items[a:b].sum(axis=0).tolist() for a, b in pairwise(offsets)]
    assert row_sums(items, offsets).tolist() == expected


def test_truth_values_are_counted_as_ones():
    assert offsets_of(np.array([True, False, True])).tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.uint8, np.int16])
def test_medians_and_percentiles_are_those_of_numpy(kind):
    rng = np.random.default_rng(3)
    for count in [*rng.integers(1, 300, 60), 70_001]:
        values = (rng.normal(size=count) * 40 + 60).astype(kind)
        assert median(values) == np.median(values)
        for share in (2, 5, 20, 50, 95, 98):
            assert percentile(values, share) == pytest.approx(np.percentile(values, share), rel=1e-6, abs=1e-5)
