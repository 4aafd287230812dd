"""What is kept of functions: only where it is asked for, by all of the arguments, and not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from artkit.artwork.remembered import KEPT, Kept, remembered, remembering


@dataclass(frozen=True)
class Part:
    values: np.ndarray
    name: str = ""


class Pair(NamedTuple):
    one: object
    other: object


@pytest.fixture
def counted():
    """A function and the list of what it was called with."""
    calls: list[object] = []

    @remembered
    def function(value: object, *, more: object = None) -> int:
        calls.append((value, more))
        return len(calls)

    return function, calls


def test_nothing_is_kept_where_nobody_asks_for_it(counted):
    function, calls = counted
    assert (function(1), function(1)) == (1, 2)
    kept: Kept = {}
    with remembering(kept):
        assert (function(1), function(1)) == (3, 3)
    assert function(1) == 4 and len(calls) == 4
    with remembering(kept):
        assert function(1) == 3


def test_arguments_are_told_apart_by_all_that_they_hold(counted):
    function, calls = counted
    zeros = np.zeros((2, 3))
    values = [
        None, 0, 0.0, False, "", "0", (), [], ((),), (0, 0), ("a", "bc"), ("ab", "c"), zeros, zeros.T.copy(), zeros + 1,
        zeros.astype(np.float32), zeros.astype(np.int64), np.zeros((3, 2)), np.zeros(6), np.zeros(0), -zeros,
        Part(zeros), Part(zeros + 1), Part(zeros, "b"), Pair(1, 2), (1, 2), [1, 2], np.float32(1), np.float64(1),
    ]  # fmt: skip
    distinct = len(values) - 1  # (3, 2) zeros are there twice
    with remembering({}):
        for value in values:
            function(value)
            function(value, more=1)
    assert len(calls) == 2 * distinct


def test_an_array_is_known_by_its_content(counted):
    function, calls = counted
    base = np.arange(12).reshape(3, 4)
    with remembering({}):
        assert function(base[:, ::2]) == function(base[:, ::2].copy())
        base[0, 0] = 99
        function(base[:, ::2])
    assert len(calls) == 2


def test_what_was_not_asked_for_lately_is_forgotten(counted):
    function, calls = counted
    kept: Kept = {}
    with remembering(kept):
        for value in range(KEPT):
            function(value)
        function(0)
        function(KEPT)
        assert len(next(iter(kept.values()))) == KEPT and len(calls) == KEPT + 1
        function(0)
        assert len(calls) == KEPT + 1
        function(1)
        assert len(calls) == KEPT + 2


def test_what_has_no_content_is_refused(counted):
    with remembering({}), pytest.raises(TypeError, match="no function that is remembered"):
        counted[0](object())


def test_a_failure_is_not_kept():
    @remembered
    def failing(value: int) -> int:
        raise ValueError(str(value))

    with remembering(kept := {}):
        for _ in range(2):
            with pytest.raises(ValueError, match="3"):
                failing(3)
    assert not any(kept.values())
