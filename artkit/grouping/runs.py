"""Colored things with an order between some of them in, the fewest runs of one color that keep that order out.

To find the fewest for sure takes exponential time (shortest common supersequences are a case of it). A beam search
keeps the sequences that may become the shortest, by a bound that none of them can fall below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from artkit.arrays import Ints

EFFORT = 40_000
"""Things that are looked at for each step; more: fewer runs, and slower."""

WIDEST = 64
"""Sequences that are kept at the most; more: fewer runs, and slower."""


@dataclass(frozen=True, eq=False)
class _Order:
    """What comes `after` each thing at once, its color, and how many runs the longest chain from there on takes."""

    color: list[int]
    after: list[list[int]]
    chain: list[int]


@dataclass(frozen=True, eq=False)
class _Begun:
    """A sequence of runs that is begun: how many things stand before each, those that may be next, what is left."""

    waits: list[int]
    ready: dict[int, list[int]]
    left: list[int]
    runs: tuple[int, ...]
    bound: int


def fewest_runs(
    color: Ints, lower: Ints, upper: Ints, *, most: int | None = None, widest: int = WIDEST
) -> list[list[int]]:
    """Order things of colors (N,) in runs of one color each; of each pair (E,) the lower is the smaller number.

    Gives the things of each run, lower ones first; nothing where there would be more than `most` runs.
    `widest` is how many sequences are kept.
    """
    if not len(color):
        return []
    order, waits = _order(color, lower, upper)
    kinds = max(order.color) + 1
    ready: dict[int, list[int]] = {}
    for thing in np.flatnonzero(waits == 0).tolist():
        ready.setdefault(order.color[thing], []).append(thing)
    beam = [_Begun(waits.tolist(), ready, np.bincount(color, minlength=kinds).tolist(), (), 0)]
    width = int(np.clip(EFFORT // len(color), 2, widest))
    if most is not None and max(order.chain) > most:
        return []
    while all(begun.ready for begun in beam):
        best: dict[tuple[tuple[int, ...], ...], _Begun] = {}
        for begun in beam:
            for kind in sorted(begun.ready):
                longer = _with_run(begun, kind, order)
                best.setdefault((tuple(longer.waits), tuple(longer.left)), longer)
        beam = sorted(best.values(), key=lambda begun: (begun.bound, sum(begun.left), begun.runs))[:width]
        if most is not None and len(beam[0].runs) + beam[0].bound > most:
            return []
    (done, *_) = [begun for begun in beam if not begun.ready]
    return _things(done.runs, order, waits.tolist())


def _order(color: Ints, lower: Ints, upper: Ints) -> tuple[_Order, Ints]:
    """The order, and how many things stand before each."""
    count = len(color)
    colors = color.tolist()
    after: list[list[int]] = [[] for _ in range(count)]
    for a, b in zip(lower.tolist(), upper.tolist(), strict=True):
        after[a].append(b)
    chain = [1] * count
    for thing in range(count - 1, -1, -1):
        for above in after[thing]:
            chain[thing] = max(chain[thing], chain[above] + (colors[above] != colors[thing]))
    return _Order(colors, after, chain), np.bincount(upper, minlength=count)


def _with_run(begun: _Begun, kind: int, order: _Order) -> _Begun:
    """Add a run of all things of a color that may be next, and of those of it that may be then."""
    waits, left = begun.waits.copy(), begun.left.copy()
    ready = {other: things for other, things in begun.ready.items() if other != kind}
    run = _run(waits, begun.ready[kind], kind, order)
    left[kind] -= len(run)
    for other, things in _opened(run, waits, kind, order).items():
        ready[other] = ready.get(other, []) + things
    chains = max((order.chain[thing] for things in ready.values() for thing in things), default=0)
    bound = max(chains, sum(1 for number in left if number))
    return _Begun(waits, ready, left, (*begun.runs, kind), bound)


def _run(waits: list[int], ready: Sequence[int], kind: int, order: _Order) -> list[int]:
    """Take the things of a color that may be next, one after the other; those above each wait for one less."""
    taken = list(ready)
    for thing in taken:
        for above in order.after[thing]:
            waits[above] -= 1
            if waits[above] == 0 and order.color[above] == kind:
                taken.append(above)
    return taken


def _opened(run: Sequence[int], waits: Sequence[int], kind: int, order: _Order) -> dict[int, list[int]]:
    """The things of other colors, by color, that may be next now that a run is taken."""
    found: dict[int, list[int]] = {}
    for above in dict.fromkeys(above for thing in run for above in order.after[thing]):
        if waits[above] == 0 and order.color[above] != kind:
            found.setdefault(order.color[above], []).append(above)
    return found


def _things(runs: Sequence[int], order: _Order, waits: list[int]) -> list[list[int]]:
    """The things of each run of a sequence."""
    ready: dict[int, list[int]] = {}
    for thing in [thing for thing, number in enumerate(waits) if number == 0]:
        ready.setdefault(order.color[thing], []).append(thing)
    found = []
    for kind in runs:
        run = _run(waits, ready.pop(kind), kind, order)
        for other, things in _opened(run, waits, kind, order).items():
            ready[other] = ready.get(other, []) + things
        found.append(sorted(run))
    return found
