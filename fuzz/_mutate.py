"""Bytes and texts in, damaged ones out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Chance = np.random.Generator
T = TypeVar("T")

NUMBERS = (
    "0", "-0", "1", "-1", "0.5", "1e400", "-1e400", "1e308", "-1e308", "1e-400", "1e", "1e+", "e5", "--", "-", "+", ".",
    "..", "1..2", "1.2.3", "0x10", "1_000", "NaN", "nan", "inf", "-inf", "Infinity", "9" * 400, "0." + "9" * 400, "1e99999",
    "2147483648", "4294967296", "18446744073709551616", "-9223372036854775809", "1e18", "1e15", "123456789.123456789",
    "١٢٣", "１２", "Ⅷ", "²", "1 2", "1,2", "1;2", "", " ", "%", "100%", "1e400%", "-5px", "5em", "5ex", "5rem", "5vw", "1e3mm",
    "calc(1px)", "true", "null", "None", "#", "\u2212" + "5", "5\u00a0", "1e5e5", "+-5", "5-", "1E+05", ".e1", "1.e1",
)  # fmt: skip
"""What may stand where a number is wanted."""


def one(rng: Chance, choices: Sequence[T]) -> T:
    """Choose one."""
    return choices[int(rng.integers(len(choices)))]


def often(rng: Chance, share: float) -> bool:
    """Say yes in this share of cases."""
    return bool(rng.random() < share)


def bytes_of(rng: Chance, data: bytes, most: int = 6) -> bytes:
    """Change bytes, cut parts out, double them, move them, or cut the end off; now and then nothing."""
    data = bytearray(data)  # type: ignore[assignment]
    for _ in range(int(rng.integers(0, most + 1))):
        if not data:
            break
        at = int(rng.integers(len(data)))
        length = int(min(rng.geometric(0.05), len(data) - at))
        match int(rng.integers(9)):
            case 0 | 1:
                data[at] ^= 1 << int(rng.integers(8))  # type: ignore[index]
            case 2:
                data[at : at + length] = rng.bytes(length)  # type: ignore[index]
            case 3:
                del data[at : at + length]  # type: ignore[attr-defined]
            case 4:
                data[at:at] = data[at : at + length] * int(rng.integers(1, 4))  # type: ignore[index]
            case 5:
                del data[at:]  # type: ignore[attr-defined]
            case 6:
                data[at : at + 4] = one(rng, (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0"))  # type: ignore[index]
            case 7:
                data[at : at + 2] = int(rng.integers(65536)).to_bytes(2, one(rng, ("big", "little")))  # type: ignore[index]
            case 8:
                other = int(rng.integers(len(data)))
                data[other:other] = data[at : at + length]  # type: ignore[index]
    return bytes(data)


def text_of(rng: Chance, text: str, words: Sequence[str], most: int = 4) -> str:
    """Put other numbers in the place of numbers and other words in that of words; cut, double and move parts."""
    for _ in range(int(rng.integers(0, most + 1))):
        match int(rng.integers(8)):
            case 0 | 1 | 2:
                text = _swapped(rng, text, r"[-+]?\d[\d.]*(?:e-?\d+)?", NUMBERS)
            case 3 | 4:
                text = _swapped(rng, text, r"[A-Za-z][\w:-]*", words)
            case 5:
                at, to = sorted(rng.integers(len(text) + 1, size=2).tolist())
                text = text[:at] + text[to:] if to - at < 200 else text[:at] + text[at + 20 :]
            case 6:
                at = int(rng.integers(len(text) + 1))
                text = (
                    text[:at]
                    + one(rng, ("<", ">", "&", "\0", "\ufeff", "\u202e", '"', "'", "{", "}", "\U0001f600"))
                    + text[at:]
                )
            case 7:
                at, to = sorted(rng.integers(len(text) + 1, size=2).tolist())
                text = text[:to] + text[at:to][:2000] * int(rng.integers(1, 4)) + text[to:]
    return text


def _swapped(rng: Chance, text: str, pattern: str, words: Sequence[str]) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    place = one(rng, found)
    return text[: place.start()] + one(rng, words) + text[place.end() :]
