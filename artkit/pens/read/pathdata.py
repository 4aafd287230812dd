"""SVG path data to lines, many paths at once (SVG 2, chapter 9).

The text of all paths is one array of bytes: numbers are told from each other by the classes of neighboring bytes, and
read in one go. Positions are sums of steps since the last absolute one, so relative commands take a running sum; that
of a subpath which begins relative to the one before takes a second one, over subpaths. Curves become lines last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, counted, offsets_of
from artkit.artwork.bezier import on_curve, pieces_within
from artkit.pens.lines import Lines

_MOVE, _LINE, _QUADRATIC, _CUBIC, _ARC, _CLOSE = range(6)
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_LETTERS = "MLHVCSQTAZ"
_LEGAL = re.compile(r"[\s,MLHVCSQTAZmlhvcsqtaz0-9.+\-eE]*")
_FLAGS = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[\s,]*"
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[\s,]*([01])[\s,]*([01])[\s,]*"
    r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
)

PIECE = np.pi / 4
"""Arcs become cubics of at most this angle, which stray 4e-6 of the radius."""

_SEPARATOR, _DIGIT, _DOT, _SIGN, _EXPONENT, _LETTER, _WRONG = range(7)
_CLASS = np.full(256, _WRONG, np.uint8)
_CLASS[list(b" \t\r\n\f,")] = _SEPARATOR
_CLASS[list(b"0123456789")] = _DIGIT
_CLASS[ord(".")] = _DOT
_CLASS[list(b"+-")] = _SIGN
_CLASS[list(b"eE")] = _EXPONENT
_CLASS[list(_LETTERS.encode() + _LETTERS.lower().encode())] = _LETTER


class Flattened(NamedTuple):
    """Lines, the path each comes from, and how many paths were not understood to their end."""

    lines: Lines
    path: Ints
    invalid: int


def flattened(texts: Sequence[str], matrices: Floats, tolerance: float) -> Flattened:
    """Turn path data into polylines that stray `tolerance` at most, after applying `matrices` (P, 6) as in SVG.

    As SVG has it, a path with an error is drawn up to there. Subpaths of one point are left out unless they are
    closed or have a line, and are dots then.
    """
    texts = ["" if text is None else text for text in texts]
    commands, invalid = _commands(texts)
    if commands is None:
        return Flattened(Lines.of([]), np.empty(0, np.int64), invalid)
    lines, path = _flat(commands, matrices, tolerance)
    return Flattened(lines, path, invalid)


class _Commands(NamedTuple):
    """Commands with absolute places: `start`, controls and `end` (C, 2) each; `arc` (C, 5) radii, turn, flags."""

    kind: Ints
    path: Ints
    start: Floats
    first: Floats
    second: Floats
    end: Floats
    arc: Floats


def numbers(text: bytes) -> Floats:
    """Read all numbers of a text without letters, whatever separates them: white space, commas, signs, points."""
    data = np.frombuffer(text, np.uint8)
    starts, _ = _tokens(data, _CLASS[data])
    return _values(data, starts)


def _tokens(data: np.ndarray, kind: np.ndarray) -> tuple[Ints, Ints]:
    """Give where numbers start, and where letters stand."""
    before = np.empty_like(kind)
    before[:1] = _SEPARATOR
    before[1:] = kind[:-1]
    digit_or_dot = (kind == _DIGIT) | (kind == _DOT)
    start = digit_or_dot & ((before == _SEPARATOR) | (before == _LETTER) | (before == _WRONG))
    start |= (kind == _SIGN) & (before != _EXPONENT)
    # A number has one point, and none after its exponent.
    dots = np.flatnonzero(kind == _DOT)
    if len(dots):
        marks = np.flatnonzero(start)
        run = np.searchsorted(marks, dots, side="right") - 1
        second = np.zeros(len(dots), bool)
        second[1:] = run[1:] == run[:-1]
        exponents = np.flatnonzero(kind == _EXPONENT)
        if len(exponents):
            of = np.searchsorted(exponents, dots) - 1
            second |= (of >= 0) & (run >= 0) & (exponents[np.maximum(of, 0)] > marks[np.maximum(run, 0)])
        start[dots[second]] = True
    return np.flatnonzero(start), np.flatnonzero(kind == _LETTER)


def _values(data: np.ndarray, starts: Ints) -> Floats:
    """Read the numbers that start there; every other byte between them is white space, a comma or a letter."""
    if not len(starts):
        return np.empty(0)
    blank = np.frombuffer(
        bytes(b if _CLASS[b] in (_DIGIT, _DOT, _SIGN, _EXPONENT) else 32 for b in range(256)), np.uint8
    )
    spaced = blank[data]
    glued = starts[(starts > 0) & (spaced[np.maximum(starts - 1, 0)] != 32)]
    if len(glued):
        spaced = np.insert(spaced, glued, 32)
    values = np.fromstring(spaced.tobytes().decode("ascii"), sep=" ")
    if len(values) != len(starts):  # a sign or an exponent alone: slowly, as far as it goes
        ends = np.append(starts[1:], len(data))
        values = np.array([_number(data[a:b].tobytes()) for a, b in zip(starts, ends, strict=True)])
    return values


def _number(text: bytes) -> float:
    found = re.match(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", text)
    return float(found[0]) if found else np.nan


def _legal(text: str) -> tuple[str, bool]:
    """Give the part of path data up to its first illegal character, arcs' flags set apart; and whether that is all."""
    found = _LEGAL.match(text)
    assert found is not None
    cut = found[0]
    first = cut.lstrip(" \t\r\n\f")
    whole = len(cut) == len(text)
    if first[:1] not in ("M", "m"):
        return "", not text.strip() or text.strip() == "none"
    if "A" in cut or "a" in cut:
        cut = re.sub(
            r"([Aa])([^MLHVCSQTAZmlhvcsqtaz]*)",
            lambda arc: arc[1] + _FLAGS.sub(r" \1 \2 \3 \4 \5 \6 \7 ", arc[2]),
            cut,
        )
    return cut, whole


_PLAIN = re.compile(r"\s*[Mm][\s,MLHVCSQTZmlhvcsqtz0-9.+\-eE]*").fullmatch


def _commands(texts: list[str]) -> tuple[_Commands | None, int]:
    invalid = np.zeros(len(texts), bool)
    for index, text in enumerate(texts):
        if not _PLAIN(text):
            texts[index], whole = _legal(text)
            invalid[index] = not whole
    joined = "\n".join(texts).encode("ascii")
    data = np.frombuffer(joined, np.uint8)
    kind = _CLASS[data]
    starts, letters = _tokens(data, kind)
    if not len(letters):
        return None, int(invalid.sum())
    values = _values(data, starts)
    begins = offsets_of(np.array([len(text) + 1 for text in texts]))
    path = np.searchsorted(begins, letters, side="right") - 1

    code = np.zeros(256, np.int64)
    arity = np.zeros(256, np.int64)
    for number, letter in enumerate(_LETTERS):
        for form in (letter, letter.lower()):
            code[ord(form)], arity[ord(form)] = number, _NUMBERS[letter]
    written = data[letters].astype(np.int64)
    relative = written >= ord("a")
    command = np.searchsorted(letters, starts) - 1
    taken = np.bincount(command, minlength=len(letters))
    begin = offsets_of(taken)[:-1]
    takes = arity[written]
    times = np.where(takes > 0, taken // np.maximum(takes, 1), 1)
    wrong = (times * takes != taken) | ((times == 0) & (takes > 0))
    bad = np.bincount(command, ~np.isfinite(values), minlength=len(letters)) > 0
    wrong |= bad
    if wrong.any():
        # Nothing of a path counts after its first error.
        first = np.full(len(texts), len(letters))
        np.minimum.at(first, path[wrong], np.flatnonzero(wrong))
        invalid[path[wrong]] = True
        times = np.where(np.arange(len(letters)) > first[path], 0, np.where(bad, 0, times))
    which, place = counted(times)
    if not len(which):
        return None, int(invalid.sum())
    op = code[written[which]]
    op = np.where((op == 0) & (place > 0), 1, op)
    table = _places(op, relative[which], path[which], values, begin[which] + place * takes[which])
    return table, int(invalid.sum())


def _places(op: Ints, relative: Bools, path: Ints, values: Floats, at: Ints) -> _Commands:  # noqa: PLR0915
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

    kind = np.array([_MOVE, _LINE, _LINE, _LINE, _CUBIC, _CUBIC, _QUADRATIC, _QUADRATIC, _ARC, _CLOSE])[op]
    first, second = np.zeros((count, 2)), np.zeros((count, 2))
    told = np.isin(op, (4, 6))
    first[told] = (two(0) + base)[told]
    second[op == 4] = (two(2) + base)[op == 4]
    smooth = np.flatnonzero(op == 5)
    second[smooth] = (two(0) + base)[smooth]
    follows = smooth[np.isin(op[smooth - 1], (4, 5))]
    first[smooth] = before[smooth]
    first[follows] = 2 * before[follows] - second[follows - 1]
    todo = np.flatnonzero(op == 7)
    while len(todo):  # the control of each mirrors that of the one before: runs of them take turns
        waits = (op[todo - 1] == 7) & np.isin(todo - 1, todo)
        now_ = todo[~waits]
        mirror = np.isin(op[now_ - 1], (6, 7))
        first[now_] = np.where(mirror[:, None], 2 * before[now_] - first[now_ - 1], before[now_])
        todo = todo[waits]
    arc = np.zeros((count, 5))
    arcs = op == 8
    if arcs.any():
        arc[arcs] = np.column_stack([values[at[arcs] + k] for k in range(5)])
    return _Commands(kind, path, before, first, second, now, arc)


def _flat(commands: _Commands, matrices: Floats, tolerance: float) -> tuple[Lines, Ints]:
    commands = _without_arcs(commands) if (commands.kind == _ARC).any() else commands
    kind, path = commands.kind, commands.path
    start, first, second, end = (_mapped(places, matrices, path) for places in commands[2:6])
    pieces = np.ones(len(kind), np.int64)
    cubic, quadratic = np.flatnonzero(kind == _CUBIC), np.flatnonzero(kind == _QUADRATIC)
    bend = np.maximum(np.hypot(*(start - 2 * first + second)[cubic].T), np.hypot(*(first - 2 * second + end)[cubic].T))
    pieces[cubic] = _pieces(pieces_within(bend, 3, tolerance))
    pieces[quadratic] = _pieces(pieces_within(np.hypot(*(start - 2 * first + end)[quadratic].T), 2, tolerance))
    move = kind == _MOVE
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
    closing = np.flatnonzero(kind == _CLOSE)
    points[begin[closing]] = end[head[closing]]  # exactly where the subpath began
    row_kind, row_head = np.repeat(kind, pieces), np.repeat(head, pieces)
    # A close that has no way to go draws nothing, except for a subpath that is a dot.
    still = np.zeros(len(points), bool)
    still[1:] = (row_kind[1:] == _CLOSE) & (points[1:] == points[:-1]).all(axis=1) & (row_kind[:-1] != _MOVE)
    points, row_head = points[~still], row_head[~still]
    heads = np.flatnonzero(np.diff(row_head, prepend=-1))
    counts = np.diff(np.append(heads, len(points)))
    drawn = counts > 1
    keep = np.repeat(drawn, counts)
    return Lines(points[keep], offsets_of(counts[drawn])), path[row_head[heads[drawn]]]


def _pieces(asked: Floats) -> Ints:
    return np.clip(np.ceil(np.nan_to_num(asked, posinf=0)), 1, 10_000).astype(np.int64)


def _mapped(places: Floats, matrices: Floats, path: Ints) -> Floats:
    """Apply the paths' matrices a b c d e f: x' = a x + c y + e, y' = b x + d y + f."""
    if len(matrices) == 1 or (matrices == matrices[0]).all():
        a, b, c, d, e, f = matrices[0]
    else:
        a, b, c, d, e, f = matrices[path].T
    x, y = places.T
    return np.column_stack([a * x + c * y + e, b * x + d * y + f])


def _without_arcs(commands: _Commands) -> _Commands:
    """Turn arcs into cubics (SVG 2, appendix B.2, and Riskus 2006 for the cubics)."""
    which = np.flatnonzero(commands.kind == _ARC)
    p, q = commands.start[which], commands.end[which]
    rx, ry, turn, large, sweep = commands.arc[which].T
    rx, ry = np.abs(rx), np.abs(ry)
    flat = (rx == 0) | (ry == 0) | (p == q).all(axis=1)
    rx, ry = np.where(flat, 1.0, rx), np.where(flat, 1.0, ry)
    cos, sin = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    dx, dy = ((p - q) / 2).T
    x, y = cos * dx + sin * dy, -sin * dx + cos * dy
    grow = np.sqrt(np.maximum(1, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    square = (x / rx) ** 2 + (y / ry) ** 2
    factor = np.sqrt(np.maximum(0, 1 / np.maximum(square, 1e-300) - 1)) * np.where((large != 0) == (sweep != 0), -1, 1)
    cx_, cy_ = factor * rx * y / ry, -factor * ry * x / rx
    cx, cy = cos * cx_ - sin * cy_ + (p[:, 0] + q[:, 0]) / 2, sin * cx_ + cos * cy_ + (p[:, 1] + q[:, 1]) / 2
    begin = np.arctan2((y - cy_) / ry, (x - cx_) / rx)
    sweep_angle = np.arctan2((-y - cy_) / ry, (-x - cx_) / rx) - begin
    sweep_angle = np.where(sweep != 0, sweep_angle % (2 * np.pi), -(-sweep_angle % (2 * np.pi)))
    count = np.where(flat, 1, np.maximum(1, np.ceil(np.abs(sweep_angle) / PIECE - 1e-9))).astype(np.int64)

    pieces = np.ones(len(commands.kind), np.int64)
    pieces[which] = count
    row, _ = counted(pieces)
    kind, path = commands.kind[row], commands.path[row]
    start, first, second, end, arc = (column[row] for column in commands[2:])
    own, step = counted(count)
    place = np.flatnonzero(kind == _ARC)
    delta = (sweep_angle / count)[own]
    a = begin[own] + step * delta
    b = a + delta
    reach = 4 / 3 * np.tan(delta / 4)

    def around(x: Floats, y: Floats) -> Floats:
        x, y = rx[own] * x, ry[own] * y
        return np.column_stack([cos[own] * x - sin[own] * y + cx[own], sin[own] * x + cos[own] * y + cy[own]])

    kind[place] = np.where(flat[own], _LINE, _CUBIC)
    first[place] = around(np.cos(a) - reach * np.sin(a), np.sin(a) + reach * np.cos(a))
    second[place] = around(np.cos(b) + reach * np.sin(b), np.sin(b) - reach * np.cos(b))
    inner = step > 0
    start[place[inner]] = around(np.cos(a), np.sin(a))[inner]
    ends = step < count[own] - 1
    end[place[ends]] = around(np.cos(b), np.sin(b))[ends]
    return _Commands(kind, path, start, first, second, end, arc)


def places(text: str) -> tuple[list[int], Floats] | None:
    """Give the commands of a path, arcs as they are, and their absolute places (C, 11); None of what is no path."""
    commands, invalid = _commands([text])
    if commands is None or invalid:
        return None
    return commands.kind.tolist(), np.hstack([commands.first, commands.second, commands.end, commands.arc])
