"""The header `Range` of a request in, parts of a file out (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST = 16
"""Parts that are sent at once; who asks for more gets the whole file."""


class Part(NamedTuple):
    """Bytes of a file, from `start` up to and without `stop`."""

    start: int
    stop: int

    @property
    def bytes(self) -> int:
        """How many."""
        return self.stop - self.start

    def header(self, size: int) -> str:
        """The value of `Content-Range` for a file of that size."""
        return f"bytes {self.start}-{self.stop - 1}/{size}"


def parts(header: str, size: int) -> list[Part] | None:
    """Give the parts that are asked for and there, in the order asked for; [] where none of them is there.

    None stands for the whole file: where the header is none of bytes, asks for too many parts, or for more than all.
    """
    unit, equals, wanted = header.partition("=")
    if unit.strip().lower() != "bytes" or not equals or wanted.count(",") >= MOST:
        return None
    found = []
    for text in wanted.split(","):
        match = re.fullmatch(r"([0-9]{0,18})-([0-9]{0,18})", text.strip(" \t"))
        if not match or not (match[1] or match[2]) or (match[1] and match[2] and int(match[2]) < int(match[1])):
            return None
        start = int(match[1]) if match[1] else max(size - int(match[2]), 0)
        stop = min(int(match[2]) + 1, size) if match[1] and match[2] else size
        if start < stop:
            found.append(Part(start, stop))
    return None if sum(part.bytes for part in found) > size else found
