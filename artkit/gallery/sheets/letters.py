"""Letters as outlines, for machines without fonts: any text in, its width and its paths out.

The outlines are those of Aileron, see `letters.txt`, which has what English needs. Letters with marks are put together
from a letter and a mark; any other character is a box with the digits of its code, which tells it from all others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from artkit.artwork.drawing import LINE, QUADRATIC, Path, Points

EM = 1000.0
"""Units of the outlines to an em."""

_INSTEAD = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ı": "i", "–": "-", "—": "-", "−": "-", "×": "x", "•": "·", "\t": " ", "\n": " ", "\r": " ",
}  # fmt: skip
_MARKS = {
    "\u0300": ("`", 1.0, 1), "\u0301": ("´", 1.0, 1), "\u0302": ("^", 0.55, 1), "\u0303": ("~", 0.6, 1),
    "\u0304": ("-", 0.9, 1), "\u0306": ("~", 0.5, 1), "\u0307": (".", 0.9, 1), "\u0308": ("..", 0.75, 1),
    "\u030a": ("°", 0.8, 1), "\u030b": ("´´", 0.7, 1), "\u030c": ("^", 0.55, -1), "\u0327": (",", 0.8, 0),
    "\u0328": (",", 0.8, 0),
}  # fmt: skip
"""Of combining marks: what they are drawn with, its size, and whether it stands above (1), upside down (-1), below."""

_BOX, _BOX_HEIGHT, _THIN = 640.0, 900.0, 45.0
"""Width, height and thickness of line of the box of a character that there is no letter for."""

_SILENT = re.compile(
    "[\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]"
)
"""What takes no room by itself."""


class Letter(NamedTuple):
    """Closed paths, y up from the line that letters stand on, and the advance to the next letter; all in units."""

    advance: float
    paths: tuple[Path, ...]


def width_of(text: str, size: float) -> float:
    """Give the width of a text whose em is `size`."""
    return sum(letter.advance for letter in _letters(text)) * size / EM


def outlines(text: str, size: float, x: float, y: float) -> list[Path]:
    """Give the paths of a text that begins at x, on a line at y, y down."""
    scale = size / EM
    found, at = [], x
    for letter in _letters(text):
        found += [_moved(path, scale, -scale, at, y) for path in letter.paths]
        at += letter.advance * scale
    return found


def fitted(text: str, size: float, room: float) -> str:
    """Give the text, or as much of it as there is room for, and an ellipsis."""
    if width_of(text, size) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(text[:middle] + "…", size) <= room else (low, middle - 1)
    return text[:low].rstrip() + "…" if low else ""


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Break a text at its spaces into lines that there is room for; words that are too long are broken anywhere."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line, size) > room and len(line) > 1:
            part = max(len(fitted(line, size, room)) - 1, 1)
            lines.append(line[:part])
            line = line[part:]
    return [*lines, line] if line else lines


def _letters(text: str) -> Iterator[Letter]:
    for character in unicodedata.normalize("NFC", text):
        yield from _drawn(character)


@cache
def _drawn(character: str) -> tuple[Letter, ...]:
    known = _known()
    if character in known:
        return (known[character],)
    if character in _INSTEAD:
        return tuple(known[each] for each in _INSTEAD[character])
    if _SILENT.match(character):
        return ()
    base, *marks = list(unicodedata.normalize("NFD", character))
    if base in known and marks and all(mark in _MARKS for mark in marks):
        return (_marked(known[base], marks),)
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(each in known for each in plain):
        return tuple(known[each] for each in plain)
    return (_boxed(f"{ord(character):04X}"),)


@cache
def _known() -> dict[str, Letter]:
    text = files(__package__).joinpath("letters.txt").read_text("utf-8")
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            code, advance, *outline = line.split(" ", 2)
            found[chr(int(code, 16))] = Letter(float(advance), _paths(outline[0] if outline else ""))
    found["\xa0"] = found[" "]
    return found


_PATH = re.compile(r"([MLHVQZ])([^MLHVQZ]*)")


def _paths(outline: str) -> tuple[Path, ...]:
    """Read path data of the absolute commands M, L, H, V, Q and Z."""
    found: list[Path] = []
    points: list[tuple[float, float]] = []
    kinds: list[int] = []
    for command, numbers in _PATH.findall(outline):
        given = [float(number) for number in re.findall(r"-?\d+", numbers)]
        if command == "Z":
            found.append(Path(np.array(points), np.array(kinds, np.uint8)))
            points, kinds = [], []
        elif command in "HV":
            x, y = points[-1]
            points += [(each, y) if command == "H" else (x, each) for each in given]
            kinds += [LINE] * len(given)
        else:
            points += zip(given[::2], given[1::2], strict=True)
            kinds += {"M": [], "L": [LINE], "Q": [QUADRATIC]}[command] * (len(given) // (4 if command == "Q" else 2))
            kinds += [LINE] * (len(given) // 2 - 1) if command == "M" else []
    return tuple(found)


def _marked(letter: Letter, marks: Sequence[str]) -> Letter:
    paths = list(letter.paths)
    top = max((path.points[:, 1].max() for path in letter.paths), default=0.0)
    for mark in marks:
        text, size, side = _MARKS[mark]
        parts = outlines(text, size * EM, 0, 0)
        points = np.concatenate([path.points for path in parts])
        low, high = points.min(axis=0), points.max(axis=0)  # y down
        turn = 1.0 if side < 0 else -1.0
        x = letter.advance / 2 - (low[0] + high[0]) / 2
        y = (top + 70 - low[1] if side < 0 else top + 70 + high[1]) if side else low[1] - 60
        paths += [_moved(path, 1.0, turn, x, y) for path in parts]
        top += high[1] - low[1] + 70 if side else 0
    return Letter(letter.advance, tuple(paths))


def _boxed(code: str) -> Letter:
    columns = (len(code) + 1) // 2
    size = 380.0 if columns == 2 else 290.0
    paths = [
        _rectangle(60, -100, _BOX, _BOX_HEIGHT),
        _rectangle(60 + _THIN, -100 + _THIN, _BOX - 2 * _THIN, _BOX_HEIGHT - 2 * _THIN),
    ]
    for row, digits in enumerate((code[:columns], code[columns:])):
        x = 60 + (_BOX - width_of(digits, size)) / 2
        paths += [_moved(path, 1.0, -1.0, 0, 0) for path in outlines(digits, size, x, -(410 - 400 * row))]
    return Letter(_BOX + 120, tuple(paths))


def _rectangle(x: float, y: float, width: float, height: float) -> Path:
    return Path(np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]]))


def _moved(path: Path, sx: float, sy: float, x: float, y: float) -> Path:
    points: Points = path.points * (sx, sy) + (x, y)
    return Path(points, path.kinds)
