"""The text of path data to numbers and letters, many paths at once, in time that grows with the text and no faster.

Bytes are told from each other by classes of neighbors. Only arcs are read one by one: their flags may be glued to what
follows. Numbers are what SVG calls so: ASCII digits, and finite.
"""

from __future__ import annotations

import re
import warnings

import numpy as np

from artkit.arrays import Floats, Ints

LETTERS = "MLHVCSQTAZ"
ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}

NUMBER = r"[+-]?+(?>[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?>[eE][+-]?+[0-9]++)?+"
"""A number, as a pattern that never goes back: each quantifier keeps what it took."""

FARTHEST = 1e15
"""Beyond it a number is none: sums of such would lose what is drawn elsewhere."""

_SEPARATOR, _DIGIT, _DOT, _SIGN, _EXPONENT, _LETTER, _WRONG = range(7)
CLASS = np.full(256, _WRONG, np.uint8)
CLASS[list(b" \t\r\n\f,")] = _SEPARATOR
CLASS[list(b"0123456789")] = _DIGIT
CLASS[ord(".")] = _DOT
CLASS[list(b"+-")] = _SIGN
CLASS[list(b"eE")] = _EXPONENT
CLASS[list(LETTERS.encode() + LETTERS.lower().encode())] = _LETTER

_BLANK = np.frombuffer(bytes(b if CLASS[b] in (_DIGIT, _DOT, _SIGN, _EXPONENT) else 32 for b in range(256)), np.uint8)

_LEGAL = re.compile(r"[\s,MLHVCSQTAZmlhvcsqtaz0-9.+\-eE]*+", re.ASCII)
_PLAIN = re.compile(r"\s*+[Mm][\s,MLHVCSQTZmlhvcsqtz0-9.+\-eE]*+", re.ASCII).fullmatch
_ARC = re.compile(r"([Aa])([^MLHVCSQTAZmlhvcsqtaz]*+)")
_GAP = r"[\s,]*+"
_FLAGS = re.compile(
    rf"{_GAP}({NUMBER}){_GAP}({NUMBER}){_GAP}({NUMBER}){_GAP}([01]){_GAP}([01]){_GAP}({NUMBER}){_GAP}({NUMBER}){_GAP}",
    re.ASCII,
)
_ERROR = " . "
"""A token that is no number, where the rest of a path is not understood."""


def numbers(text: bytes) -> Floats:
    """Read all numbers of a text without letters, whatever separates them: white space, commas, signs, points."""
    data = np.frombuffer(text, np.uint8)
    starts, _ = tokens(data)
    return values(data, starts)


def legal(text: str) -> tuple[str, bool]:
    """Give the part of path data up to its first illegal character, arcs' flags set apart; and whether that is all."""
    if _PLAIN(text):
        return text, True
    found = _LEGAL.match(text)
    assert found is not None
    cut = found[0]
    whole = len(cut) == len(text)
    if cut.lstrip(" \t\r\n\f")[:1] not in ("M", "m"):
        return "", not text.strip() or text.strip() == "none"
    return (_ARC.sub(_arcs, cut) if "A" in cut or "a" in cut else cut), whole


def _arcs(arc: re.Match[str]) -> str:
    """Write an arc's numbers apart, as far as they are understood."""
    text = arc[2]
    written, at = [arc[1]], 0
    while found := _FLAGS.match(text, at):
        written.append(" ".join(found.groups()))
        at = found.end()
    if text[at:].strip(" \t\r\n\f,"):
        written.append(_ERROR)
    return " ".join(written) + " "


def tokens(data: np.ndarray) -> tuple[Ints, Ints]:
    """Give where numbers start, and where letters stand."""
    kind = CLASS[data]
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


def values(data: np.ndarray, starts: Ints) -> Floats:
    """Read the numbers that start there; NaN is what is none, as a sign or an exponent alone, or is too large."""
    if not len(starts):
        return np.empty(0)
    spaced = _BLANK[data]
    glued = starts[(starts > 0) & (spaced[np.maximum(starts - 1, 0)] != 32)]
    whole = np.insert(spaced, glued, 32) if len(glued) else spaced
    found = _read(whole.tobytes().decode("ascii"))
    if found is None or len(found) != len(starts):
        text = spaced.tobytes().decode("ascii")
        ends = np.append(starts[1:], len(data)).tolist()
        found = np.array([_number(text[a:b].strip(" ")) for a, b in zip(starts.tolist(), ends, strict=True)])
    found[~(np.abs(found) <= FARTHEST)] = np.nan
    return found


def _read(text: str) -> Floats | None:
    """Read numbers with spaces between them in one go; None where anything else is among them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # until numpy 2.3 it is a warning, later an error
        try:
            return np.fromstring(text, sep=" ")
        except (ValueError, DeprecationWarning):
            return None


_is_number = re.compile(NUMBER).fullmatch


def _number(text: str) -> float:
    return float(text) if _is_number(text) else np.nan
