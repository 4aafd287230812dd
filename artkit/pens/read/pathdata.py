"""SVG path data to lines, many paths at once (SVG 2, chapter 9).

Positions are sums of steps since the last absolute one, so relative commands take a running sum; that of a subpath
which begins relative to the one before takes a second one, over subpaths. Curves become lines last.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of
from artkit.artwork.bezier import on_curve, pieces_within
from artkit.errors import LimitError
from artkit.limits import refusal, written
from artkit.pens.lines import Lines
from artkit.pens.read.arcs import cubics_of
from artkit.pens.read.tokens import ARITY, LETTERS, legal, tokens, values

MOVE, LINE, QUADRATIC, CUBIC, ARC, CLOSE = range(6)


class Flattened(NamedTuple):
    """Lines, the path each comes from, and how many paths were not understood to their end."""

    lines: Lines
    path: Ints
    invalid: int


def flattened(texts: Sequence[str], matrices: Floats, tolerance: float, most: float = inf) -> Flattened:
    """Turn path data into polylines that stray `tolerance` at most, after applying `matrices` (P, 6) as in SVG.

    As SVG has it, a path with an error is drawn up to there. Subpaths of one point are left out unless they are
    closed or have a line, and are dots then. A LimitError tells of more than `most` points before they are made.
    """
    parts: list[tuple[Lines, Ints]] = []
    found, invalid = commands_of(texts)
    for commands, which in found:
        lines, path = _flat(commands, matrices if len(matrices) == 1 else matrices[which], tolerance, most)
        parts.append((lines, which[path]))
        most -= len(lines.points)
    if len(parts) == 1:
        return Flattened(*parts[0], invalid)
    path = np.concatenate([np.empty(0, np.int64), *(path for _, path in parts)])
    order = np.argsort(path, kind="stable")
    return Flattened(Lines.joined([lines for lines, _ in parts]).take(order), path[order], invalid)


def commands_of(texts: Sequence[str]) -> tuple[list[tuple[Commands, Ints]], int]:
    """Give the commands of path data, arcs as cubics, and how many paths were not understood to their end.

    Paths come in sets, each with the numbers of its paths: what the commands call path k is the text `which[k]`.
    """
    sound = [legal(text or "") for text in texts]
    tokens_ = _tokens_of([text for text, _ in sound])
    invalid = np.array([not whole for _, whole in sound], bool)
    found: list[tuple[Commands, Ints]] = []
    for which in _alike(tokens_):
        own = tokens_ if len(which) == len(texts) else _tokens_of([sound[number][0] for number in which.tolist()])
        commands, wrong = _commands(own)
        invalid[which[wrong]] = True
        if commands is not None:
            found.append((_without_arcs(commands) if (commands.kind == ARC).any() else commands, which))
    return found, int(invalid.sum())


class _Tokens(NamedTuple):
    """The bytes of so many `paths`, where their letters stand and which path each is of, their numbers and these's."""

    paths: int
    data: np.ndarray
    letters: Ints
    path: Ints
    starts: Ints
    values: Floats


def _tokens_of(texts: list[str]) -> _Tokens:
    data = np.frombuffer("\n".join(texts).encode("ascii"), np.uint8)
    starts, letters = tokens(data)
    begins = offsets_of(np.array([len(text) + 1 for text in texts], np.int64))
    path = np.searchsorted(begins, letters, side="right") - 1
    return _Tokens(len(texts), data, letters, path, starts, values(data, starts))


def _alike(given: _Tokens) -> list[Ints]:
    """Share paths out to sets whose numbers are of like size: sums of steps run through all paths of a set."""
    largest = np.zeros(given.paths)
    if len(given.letters) and len(given.starts):
        size = np.nan_to_num(np.abs(given.values))
        if size.max() > 1e6:
            np.maximum.at(largest, given.path[np.searchsorted(given.letters, given.starts) - 1], size)
    step = np.ceil(np.log10(np.maximum(largest, 1e6)) / 3)
    return [np.flatnonzero(step == one) for one in sorted(set(step.tolist()))]


class Commands(NamedTuple):
    """Commands with absolute places: `start`, controls and `end` (C, 2) each; `arc` (C, 5) radii, turn, flags."""

    kind: Ints
    path: Ints
    start: Floats
    first: Floats
    second: Floats
    end: Floats
    arc: Floats


def _commands(given: _Tokens) -> tuple[Commands | None, Ints]:
    """Give the commands, and the numbers of the paths with an error."""
    letters, path, values = given.letters, given.path, given.values
    if not len(letters):
        return None, np.empty(0, np.int64)
    code = np.zeros(256, np.int64)
    arity = np.zeros(256, np.int64)
    for number, letter in enumerate(LETTERS):
        for form in (letter, letter.lower()):
            code[ord(form)], arity[ord(form)] = number, ARITY[letter]
    letter_at = given.data[letters].astype(np.int64)
    relative = letter_at >= ord("a")
    command = np.searchsorted(letters, given.starts) - 1
    taken = np.bincount(command, minlength=len(letters))
    begin = offsets_of(taken)[:-1]
    takes = arity[letter_at]
    unread = np.flatnonzero(np.isnan(values))
    sound = taken.copy()  # numbers before the first that is none
    np.minimum.at(sound, command[unread], unread - begin[command[unread]])
    times = np.where(takes > 0, sound // np.maximum(takes, 1), 1)
    wrong = (times * takes != taken) | ((times == 0) & (takes > 0))
    if wrong.any():
        # Nothing of a path counts after its first error.
        first = np.full(given.paths, len(letters))
        np.minimum.at(first, path[wrong], np.flatnonzero(wrong))
        times = np.where(np.arange(len(letters)) > first[path], 0, times)
    which, place = counted(times)
    bad = np.unique(path[wrong])
    if not len(which):
        return None, bad
    op = code[letter_at[which]]
    op = np.where((op == 0) & (place > 0), 1, op)
    return _places(op, relative[which], path[which], values, begin[which] + place * takes[which]), bad


def _places(op: Ints, relative: Bools, path: Ints, values: Floats, at: Ints) -> Commands:  # noqa: PLR0915
    """Work out absolute places. `op` indexes `_LETTERS`, `at` says where in `values` a command's numbers begin."""
    heads = np.diff(path, prepend=-1) != 0
    relative = relative & ~heads  # the first move of a path is absolute however it is written
    loose = np.flatnonzero((op[1:] != 0) & (op[:-1] == 9) & ~heads[1:]) + 1
    if len(loose):  # after a close a line may go on from where the subpath began
        op, path, at = np.insert(op, loose, 0), np.insert(path, loose, path[loose]), np.insert(at, loose, -1)
        relative = np.insert(relative, loose, True)
    count = len(op)
    values = np.append(values, [0.0] * 8)
    at = np.where(at < 0, len(values) - 8, np.minimum(at, len(values) - 8))

    def two(shift: Ints | int) -> Floats:
        return np.column_stack([values[at + shift], values[at + shift + 1]])

    last = np.array([0, 0, 0, 0, 4, 2, 2, 0, 5, 0])[op]
    end = two(last)
    end[op == 3, 1] = values[at[op == 3]]
    end[op == 9] = 0
    move, close = op == 0, op == 9
    subpath = np.cumsum(move) - 1
    head = np.flatnonzero(move)
    tail = np.append(head[1:], count) - 1
    absolute = np.stack([~relative & (op != 3), ~relative & (op != 2)], axis=1)
    absolute[close] = False
    end[op == 3, 0] = 0
    end[op == 2, 1] = 0

    now = np.empty((count, 2))
    for axis in range(2):
        known = absolute[:, axis]
        step = np.where(known | move, 0.0, end[:, axis])
        total = np.cumsum(step)
        anchor = np.maximum.accumulate(np.where(known | move, np.arange(count), 0))
        since = total - total[anchor]
        fixed = known[anchor]
        value = np.where(fixed, end[anchor, axis], 0.0) + since  # else: from the subpath's start
        # Where subpaths start: absolute, or from where the one before ended.
        ended = close[tail]
        fixed_end = fixed[tail] & ~ended
        shift = np.where(ended, 0.0, value[tail])
        own = known[head]
        before_fixed = np.append(False, fixed_end[:-1])
        before = np.append(0.0, shift[:-1])
        sure = own | before_fixed
        leap = np.where(own, end[head, axis], end[head, axis] + before)
        sums = np.cumsum(np.where(sure, 0.0, leap))
        base = np.maximum.accumulate(np.where(sure, np.arange(len(head)), 0))
        start = leap[base] + sums - sums[base]
        now[:, axis] = np.where(fixed, value, value + start[subpath])
        now[close, axis] = start[subpath[close]]
    before = np.empty((count, 2))
    before[:1] = 0
    before[1:] = now[:-1]
    base = np.where(relative[:, None], before, 0.0)

    kind = np.array([MOVE, LINE, LINE, LINE, CUBIC, CUBIC, QUADRATIC, QUADRATIC, ARC, CLOSE])[op]
    first, second = np.zeros((count, 2)), np.zeros((count, 2))
    told = np.isin(op, (4, 6))
    first[told] = (two(0) + base)[told]
    second[op == 4] = (two(2) + base)[op == 4]
    smooth = np.flatnonzero(op == 5)
    second[smooth] = (two(0) + base)[smooth]
    follows = smooth[np.isin(op[smooth - 1], (4, 5))]
    first[smooth] = before[smooth]
    first[follows] = 2 * before[follows] - second[follows - 1]
    _mirror_runs(op, first, before)
    arc = np.zeros((count, 5))
    arcs = op == 8
    if arcs.any():
        arc[arcs] = np.column_stack([values[at[arcs] + k] for k in range(5)])
    return Commands(kind, path, before, first, second, now, arc)


def _mirror_runs(op: Ints, first: Floats, before: Floats) -> None:
    """Set the controls of smooth quadratics: c[j] = 2 b[j] - c[j - 1] along a run of them, where b is where they begin.

    That is c[j] = (-1)^j (c[0] + the sum of (-1)^i 2 b[i] over i = 1 to j), so that long runs take one running sum.
    """
    smooth = np.flatnonzero(op == 7)
    if not len(smooth):
        return
    heads = np.flatnonzero(np.append(True, np.diff(smooth) != 1))
    lengths = np.diff(np.append(heads, len(smooth)))
    run, place = counted(lengths)
    head = smooth[heads]
    mirrors = op[head - 1] == 6
    begin = np.where(mirrors[:, None], 2 * before[head] - first[head - 1], before[head])
    sign = np.where(place % 2, -1.0, 1.0)[:, None]
    sums = np.cumsum(sign * 2 * before[smooth], axis=0)
    first[smooth] = sign * (begin[run] + sums - sums[heads][run])


def _flat(commands: Commands, matrices: Floats, tolerance: float, most: float) -> tuple[Lines, Ints]:
    kind, path = commands.kind, commands.path
    start, first, second, end = (mapped(places, matrices, path) for places in commands[2:6])
    pieces = np.ones(len(kind), np.int64)
    cubic, quadratic = np.flatnonzero(kind == CUBIC), np.flatnonzero(kind == QUADRATIC)
    bend = np.maximum(np.hypot(*(start - 2 * first + second)[cubic].T), np.hypot(*(first - 2 * second + end)[cubic].T))
    pieces[cubic] = _pieces(pieces_within(bend, 3, tolerance))
    pieces[quadratic] = _pieces(pieces_within(np.hypot(*(start - 2 * first + end)[quadratic].T), 2, tolerance))
    if (count := int(pieces.sum())) > most:
        raise too_many(count)
    move = kind == MOVE
    head = np.maximum.accumulate(np.where(move, np.arange(len(kind)), 0))
    begin = offsets_of(pieces)
    points = np.repeat(end, pieces, axis=0)
    for curve, degree in ((cubic, 3), (quadratic, 2)):
        if not len(curve):
            continue
        counts = pieces[curve]
        own = np.repeat(curve, counts)
        step = counted(counts)[1] + 1
        t = (step / pieces[own])[:, None]
        controls = (start, first, second, end) if degree == 3 else (start, first, end)
        place = on_curve([points_of[own] for points_of in controls], t)
        row = begin[own] + step - 1
        inner = step < pieces[own]
        points[row[inner]] = place[inner]
    closing = np.flatnonzero(kind == CLOSE)
    points[begin[closing]] = end[head[closing]]  # exactly where the subpath began
    row_kind, row_head = np.repeat(kind, pieces), np.repeat(head, pieces)
    # A close that has no way to go draws nothing, except for a subpath that is a dot.
    still = np.zeros(len(points), bool)
    still[1:] = (row_kind[1:] == CLOSE) & (points[1:] == points[:-1]).all(axis=1) & (row_kind[:-1] != MOVE)
    points, row_head = points[~still], row_head[~still]
    heads = np.flatnonzero(np.diff(row_head, prepend=-1))
    counts = np.diff(np.append(heads, len(points)))
    drawn = counts > 1
    keep = np.repeat(drawn, counts)
    return Lines(points[keep], offsets_of(counts[drawn])), path[row_head[heads[drawn]]]


def too_many(count: float) -> LimitError:
    """Give the error that tells of so many points."""
    return refusal("points", f"its lines have {written(count, 'points')} or more")


def _pieces(asked: Floats) -> Ints:
    return np.clip(np.ceil(np.nan_to_num(asked, posinf=0)), 1, 10_000).astype(np.int64)


def mapped(places: Floats, matrices: Floats, path: Ints) -> Floats:
    """Apply the paths' matrices a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""
    if len(matrices) == 1 or (matrices == matrices[0]).all():
        a, b, c, d, e, f = matrices[0]
    else:
        a, b, c, d, e, f = matrices[path].T
    x, y = places.T
    return np.column_stack([a * x + c * y + e, b * x + d * y + f])


def _without_arcs(commands: Commands) -> Commands:
    """Turn arcs into cubics."""
    place = np.flatnonzero(commands.kind == ARC)
    cubics = cubics_of(commands.start[place], commands.end[place], commands.arc[place])
    pieces = np.ones(len(commands.kind), np.int64)
    pieces[place] = cubics.pieces
    row, _ = counted(pieces)
    kind, path = commands.kind[row], commands.path[row]
    start, first, second, end, arc = (column[row] for column in commands[2:])
    own = np.flatnonzero(kind == ARC)
    kind[own] = np.where(cubics.straight, LINE, CUBIC)
    start[own], first[own], second[own], end[own] = cubics.controls
    return Commands(kind, path, start, first, second, end, arc)


def commands_up_to_error(text: str) -> Commands | None:
    """Give the commands of one path up to its first error, arcs as they are; None where it draws nothing."""
    with np.errstate(all="ignore"):
        return _commands(_tokens_of([legal(text)[0]]))[0]


def places(text: str) -> tuple[list[int], Floats] | None:
    """Give the commands of a path, arcs as they are, and their absolute places (C, 11); None of what is no path."""
    sound, whole = legal(text)
    commands, wrong = _commands(_tokens_of([sound]))
    if commands is None or len(wrong) or not whole:
        return None
    return commands.kind.tolist(), np.hstack([commands.first, commands.second, commands.end, commands.arc])
