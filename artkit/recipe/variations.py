"""What is to be varied, as text, in; lists of values out: `3,5,8` and `4:12:2` alike, in one grammar.

    3,5,8                   these values
    4:12:2                  from 4 to 12 in steps of 2, both included; 1:4 is in steps of 1
    1:3,8,20:40:10          both
    sunset,"#fff,#000"      a value with commas of its own is quoted, or in brackets: [red,blue],[black,white]

A number that the recipe's animation changes has ways as values, from number to number: 0:180,0:360.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from artkit.errors import UsageError

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_RANGE = re.compile(f"({_NUMBER}):({_NUMBER})(?::({_NUMBER}))?")
_CLOSING = {"[": "]", "{": "}", '"': '"', "'": "'"}


@dataclass(frozen=True)
class Range:
    """Numbers from `first` to `last`, both included, in steps of `step`, which leads from the one to the other."""

    first: Decimal
    last: Decimal
    step: Decimal

    @property
    def count(self) -> int:
        """How many they are."""
        return int((self.last - self.first) / self.step) + 1

    def __iter__(self) -> Iterator[str]:
        return (_plain(self.first + i * self.step) for i in range(self.count))


Items = Sequence["str | Range"]


def items_of(text: str, where: str, *, ranges: bool = True) -> Items:
    """Read a list of values; `where` is what to call it in a UsageError. Without `ranges`, 1:4 is a text as others."""
    found: list[str | Range] = []
    for item in _split(text, where):
        if not item:
            raise UsageError(f"{where}: a value is missing; write them with commas between: 3,5,8")
        numbers = _RANGE.fullmatch(item) if ranges else None
        found.append(_range(item, numbers, where) if numbers else item)
    return found


def count_of(items: Items) -> int:
    """Give how many values there are, without writing them out."""
    return sum(item.count if isinstance(item, Range) else 1 for item in items)


def texts_of(items: Items) -> Iterator[str]:
    """Give each value's text."""
    for item in items:
        if isinstance(item, Range):
            yield from item
        else:
            yield item


def way_of(text: str, where: str) -> list[float | int]:
    """Read the numbers that an animated parameter goes through."""
    try:
        numbers = [int(word) if re.fullmatch(r"[-+]?\d+", word) else float(word) for word in text.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) < 2:
        raise UsageError(f"{where}: is animated by the recipe; {text} is no way from number to number, such as 0:180")
    return numbers


def _range(item: str, numbers: re.Match[str], where: str) -> Range:
    first, last = Decimal(numbers[1]), Decimal(numbers[2])
    toward = Decimal(1 if last >= first else -1)
    step = Decimal(numbers[3]) if numbers[3] else toward
    if not step or (step > 0) != (toward > 0):
        way = "up" if toward > 0 else "down"
        raise UsageError(f"{where}: {item}: steps of {_plain(step)} do not lead {way} from {first} to {last}")
    return Range(first, last, step)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _split(text: str, where: str) -> Iterator[str]:
    """Give what stands between commas that are in no quotes and no brackets."""
    open_: list[str] = []
    start = 0
    for i, letter in enumerate(text):
        quoted = bool(open_) and open_[-1] in "\"'"
        if open_ and letter == open_[-1]:
            open_.pop()
        elif letter in _CLOSING and not quoted and (open_ or not text[start:i].strip()):
            open_.append(_CLOSING[letter])
        elif letter == "," and not open_:
            yield text[start:i].strip()
            start = i + 1
    if open_:
        raise UsageError(f"{where}: {open_[-1]} is missing at the end")
    yield text[start:].strip()
