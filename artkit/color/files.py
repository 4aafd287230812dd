"""Palettes in files: the inks, vinyls and pens a user has, in the order they are listed.

Read are GIMP palettes (.gpl), Adobe swatches (.ase), Adobe color tables (.act) and plain lists (.hex, .txt): a color
on each line, as a CSS name or as hex digits with or without #; what follows a semicolon, `//` or a # at the start of a
line or after a space is a comment.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.color.cmyk import cmyk_to_srgb
from artkit.color.palette import Palette, parse
from artkit.color.spaces import linear_to_srgb
from artkit.errors import UsageError

SUFFIXES = (".gpl", ".ase", ".act", ".hex", ".txt")
MOST = 256
"""The most colors a palette may have."""


def is_file_name(text: str) -> bool:
    """Whether a text that stands where colors are given means a file: by its suffix."""
    return text.lower().endswith(SUFFIXES)


def read(path: str | Path) -> Palette:
    """Read a palette file: (K, 3) uint8, each color once, in the order of the file.

    What is no palette, or holds no color or more than MOST of them, is a UsageError that says where.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{path}: no palette file; artkit reads {', '.join(SUFFIXES)}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    readers = {".gpl": _gimp, ".ase": _swatches, ".act": _table}
    colors = list(dict.fromkeys(readers.get(suffix, _list)(data, str(path))))
    if not 1 <= len(colors) <= MOST:
        raise UsageError(f"{path}: {len(colors)} colors; a palette has 1 to {MOST}")
    return np.array(colors, np.uint8)


Color = tuple[int, int, int]


def _lines(data: bytes, where: str) -> Iterator[tuple[str, str]]:
    """Lines that are not empty, each with the place to name in an error."""
    if b"\0" in data:
        raise UsageError(f"{where}: not a text; is it a palette of another kind?")
    text = data.decode("utf-8-sig", errors="replace")
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield f"{where}:{number}", line.strip()


def _list(data: bytes, where: str) -> Iterator[Color]:
    for place, line in _lines(data, where):
        text = re.split(r";|//|(?<=\s)#(?![0-9a-fA-F]{3,8}\b)", line)[0].strip()
        if text.startswith("#") and not re.match(r"#[0-9a-fA-F]{3,8}(\s|$)", text):
            continue  # a comment
        if not text:
            continue
        if re.fullmatch(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}", text):
            text = f"#{text}"
        elif alpha_first := re.fullmatch(r"[0-9a-fA-F]{2}([0-9a-fA-F]{6})", text):  # paint.net writes AARRGGBB
            text = f"#{alpha_first[1]}"
        try:
            yield _triple(parse(text))
        except UsageError as error:
            raise UsageError(f"{place}: {text[:40]!r}: {error}") from None


def _gimp(data: bytes, where: str) -> Iterator[Color]:
    lines = _lines(data, where)
    if next(lines, ("", ""))[1] != "GIMP Palette":
        raise UsageError(f"{where}: no GIMP palette; its first line must be `GIMP Palette`")
    for place, line in lines:
        if line.startswith("#") or re.match(r"(Name|Columns|Channels)\s*:", line):
            continue
        found = re.match(r"(\d+)\s+(\d+)\s+(\d+)(\s|$)", line)
        if found is None or max(levels := tuple(int(found[i]) for i in (1, 2, 3))) > 255:
            raise UsageError(f"{place}: {line[:40]!r}: want red, green and blue from 0 to 255, then a name")
        yield _triple(levels)


def _table(data: bytes, where: str) -> Iterator[Color]:
    """Adobe color table: 256 triples, and maybe how many of them count."""
    if len(data) not in (768, 772):
        raise UsageError(f"{where}: {len(data)} bytes; an Adobe color table has 768 or 772")
    count = int.from_bytes(data[768:770], "big") if len(data) == 772 else 256
    for i in range(min(count or 256, 256)):
        yield _triple(data[3 * i : 3 * i + 3])


def _swatches(data: bytes, where: str) -> Iterator[Color]:
    """Adobe Swatch Exchange: blocks of type, length and body; bodies of colors hold a name, a model and its values."""
    if data[:4] != b"ASEF" or len(data) < 12:
        raise UsageError(f"{where}: no Adobe swatches; they start with ASEF")
    at, blocks = 12, int.from_bytes(data[8:12], "big")
    for number in range(1, blocks + 1):
        try:
            kind, length = struct.unpack_from(">HI", data, at)
            body = data[at + 6 : at + 6 + length]
            if len(body) < length:
                raise struct.error
            at += 6 + length
            if kind == 1:
                yield _swatch(body, where)
        except struct.error:
            raise UsageError(f"{where}: cut short in block {number} of {blocks}; export it again") from None


def _swatch(body: bytes, where: str) -> Color:
    (letters,) = struct.unpack_from(">H", body)
    name = body[2 : 2 + 2 * letters].decode("utf-16-be", errors="replace").rstrip("\0")
    (model,) = struct.unpack_from(">4s", body, 2 + 2 * letters)
    channels = {b"RGB ": 3, b"Gray": 1, b"GRAY": 1, b"CMYK": 4, b"LAB ": 3}.get(model)
    if channels is None:
        raise UsageError(
            f"{where}: swatch {name!r} is in {model.decode('latin-1')!r}; RGB, Gray, CMYK and LAB are read"
        )
    values = np.array(struct.unpack_from(f">{channels}f", body, 6 + 2 * letters))
    if not np.isfinite(values).all():
        raise UsageError(f"{where}: swatch {name!r} has a value that is no number; export it again")
    if model == b"CMYK":
        values = cmyk_to_srgb(values)
    elif model == b"LAB ":
        values = _from_lab(values)
    return _triple(np.rint(255 * np.clip(np.broadcast_to(values, 3), 0, 1)))


def _from_lab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """SRGB, 0 to 1, of CIELAB under D50, with lightness from 0 to 1 as the format has it."""
    y = (100 * lab[0] + 16) / 116
    f = np.array([y + lab[1] / 500, y, y - lab[2] / 200])
    xyz = np.array([0.96422, 1, 0.82521]) * np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    # From XYZ under D50 to linear sRGB, Bradford adaptation included (Lindbloom, brucelindbloom.com).
    matrix = np.array([
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ])  # fmt: skip
    return linear_to_srgb(np.clip(product(matrix, xyz), 0, 1))


def _triple(levels: Iterable[int] | NDArray[Any]) -> Color:
    red, green, blue = (int(level) for level in levels)
    return red, green, blue
