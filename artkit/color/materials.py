"""Lists of colored things, threads or bricks: text or a file in, code, name and color of each out.

Files are CSV with a code, a name and a color as hex digits in each line, in any order where the first line says which
is which, or any palette; a GIMP palette has names. The lists that come along are artkit's own, of no maker: they are
spread over the colors that such things come in.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from artkit.color.files import MOST, SUFFIXES, read
from artkit.color.palette import Palette, name_of, parse
from artkit.errors import UsageError


class Material(NamedTuple):
    """A thing of a color, '#rrggbb', its code and its name."""

    color: str
    code: str
    name: str

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


FILES = (".csv", *SUFFIXES)
_HEX = r"#?([0-9a-fA-F]{6})"
_HEADS = {"hex": 0, "color": 0, "colour": 0, "rgb": 0, "code": 1, "number": 1, "no": 1, "id": 1, "name": 2}


def material(text: str) -> Material:
    """Read '#rrggbb CODE NAME', or a color alone."""
    color, *rest = text.strip().split(maxsplit=2)
    code, name = [*rest, "", ""][:2]
    return Material(name_of(parse(color)), code, name)


def palette_of(materials: list[Material]) -> Palette:
    """Give their colors (K, 3)."""
    return np.array([parse(each.color) for each in materials], np.uint8).reshape(-1, 3)


def read_materials(path: str | Path) -> list[Material]:
    """Read a file of materials; a UsageError says what is wrong, and where."""
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in FILES:
        raise UsageError(f"{path}: no list of colors; artkit reads {', '.join(FILES)}")
    if suffix != ".csv":
        names = _names(path) if suffix == ".gpl" else {}
        found = [name_of(color) for color in read(path)]
        return [Material(color, str(number), names.get(color, "")) for number, color in enumerate(found, 1)]
    try:
        text = path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    found_ones = list(dict.fromkeys(_rows(text, str(path))))
    if not 1 <= len(found_ones) <= MOST:
        raise UsageError(f"{path}: {len(found_ones)} colors; a list has 1 to {MOST}")
    return found_ones


def _rows(text: str, where: str) -> list[Material]:
    """Read a table; columns are by its heads or, where it has none, code, name and the first that is a color."""
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1)
    ]
    rows = [(number, row) for number, row in rows if any(row)]
    heads = [_HEADS.get(cell.lower()) for cell in rows[0][1]] if rows else []
    if 0 in heads:
        rows = rows[1:]
    else:
        heads = []
    materials: list[Material] = []
    for number, row in rows:
        columns = heads or _guessed(row)
        cells = {column: cell for column, cell in zip(columns, row, strict=False) if column is not None}
        hexes = re.fullmatch(_HEX, cells.get(0, ""))
        if hexes is None:
            raise UsageError(f"{where}:{number}: {','.join(row)[:40]!r}: want a code, a name and a color as #rrggbb")
        code = re.sub(r"\s+", "-", cells.get(1, "")) or str(len(materials) + 1)
        materials.append(Material(f"#{hexes[1].lower()}", code, cells.get(2, "")))
    return materials


def _guessed(row: list[str]) -> list[int | None]:
    """Say what the cells of a row without heads are: the last that is a color, then a code, then a name.

    A code is the shortest of those that are left, as it is in lists whose names come first.
    """
    colors = [place for place, cell in enumerate(row) if re.fullmatch(_HEX, cell)]
    columns: list[int | None] = [None] * len(row)
    if not colors:
        return columns
    columns[colors[-1]] = 0
    rest = [place for place in range(len(row)) if place != colors[-1] and row[place]][:2]
    if len(rest) == 2:
        code = min(rest, key=lambda place: (len(row[place]), place))
        columns[code], columns[sum(rest) - code] = 1, 2
    elif rest:
        columns[rest[0]] = 2
    return columns


def _names(path: Path) -> dict[str, str]:
    """The names in a GIMP palette, by color."""
    names: dict[str, str] = {}
    for line in path.read_text("utf-8", errors="replace").splitlines():
        if found := re.match(r"\s*(\d+)\s+(\d+)\s+(\d+)\s+(.+)", line):
            red, green, blue = (min(int(found[i]), 255) for i in (1, 2, 3))
            names.setdefault(name_of((red, green, blue)), found[4].strip())
    return names


def listed(name: str) -> list[Material]:
    """Give a list that comes along, by its name."""
    return [
        Material(f"#{digits}", code, title.replace("-", " "))
        for digits, code, title in (line.split() for line in LISTS[name].splitlines() if line)
    ]


LISTS = {
    "threads": """
590a0b R1 Red-1
941617 R2 Red-2
cc2827 R3 Red-3
ef675c R4 Red-4
ffa59a R5 Red-5
ffd3cc R6 Red-6
643b36 R7 Soft-red-1
9b6d67 R8 Soft-red-2
cca29d R9 Soft-red-3
521700 C1 Coral-1
8a2c00 C2 Coral-2
bf4306 C3 Coral-3
e1754f C4 Coral-4
f6ad93 C5 Coral-5
ffd7c8 C6 Coral-6
603e33 C7 Soft-coral-1
957064 C8 Soft-coral-2
c7a69a C9 Soft-coral-3
4c2000 O1 Orange-1
7d3b00 O2 Orange-2
ae5600 O3 Orange-3
d97e2c O4 Orange-4
efb284 O5 Orange-5
fcdac1 O6 Orange-6
5d412c O7 Soft-orange-1
92735d O8 Soft-orange-2
c3a894 O9 Soft-orange-3
402900 G1 Gold-1
6c4800 G2 Gold-2
976700 G3 Gold-3
c48d15 G4 Gold-4
dfbb7f G5 Gold-5
f2debe G6 Gold-6
554529 G7 Soft-gold-1
89785a G8 Soft-gold-2
bbac92 G9 Soft-gold-3
352e00 Y1 Yellow-1
5b5100 Y2 Yellow-2
817300 Y3 Yellow-3
a99a1a Y4 Yellow-4
ccc380 Y5 Yellow-5
e7e3bf Y6 Yellow-6
4d4929 Y7 Soft-yellow-1
807c5b Y8 Soft-yellow-2
b3af93 Y9 Soft-yellow-3
273400 L1 Lime-1
465900 L2 Lime-2
647e00 L3 Lime-3
8aa630 L4 Lime-4
b7cb86 L5 Lime-5
dbe7c2 L6 Lime-6
434c2d L7 Soft-lime-1
757f5e L8 Soft-lime-2
a9b395 L9 Soft-lime-3
06390d N1 Green-1
0d611b N2 Green-2
1c882d N3 Green-3
5dae61 N4 Green-4
9dd09e N5 Green-5
ceeace N6 Green-6
374f38 N7 Soft-green-1
698269 N8 Soft-green-2
9fb59f N9 Soft-green-3
003732 T1 Teal-1
005f56 T2 Teal-2
00867a T3 Teal-3
49aba0 T4 Teal-4
95cec6 T5 Teal-5
cae9e4 T6 Teal-6
334e4a T7 Soft-teal-1
65817d T8 Soft-teal-2
9bb4b0 T9 Soft-teal-3
003446 S1 Sky-1
005a77 S2 Sky-2
007ea3 S3 Sky-3
45a5c8 S4 Sky-4
93cbe1 S5 Sky-5
c9e7f4 S6 Sky-6
324c56 S7 Soft-sky-1
647f8b S8 Soft-sky-2
9bb2bc S9 Soft-sky-3
0a2c5b B1 Blue-1
174d98 B2 Blue-2
276ed2 B3 Blue-3
5d98f0 B4 Blue-4
9bc3fd B5 Blue-5
cde3ff B6 Blue-6
364863 B7 Soft-blue-1
687c99 B8 Soft-blue-2
9eafc9 B9 Soft-blue-3
322157 V1 Violet-1
573b91 V2 Violet-2
7b57c8 V3 Violet-3
9f84e7 V4 Violet-4
c5b5f7 V5 Violet-5
e3dbff V6 Violet-6
494261 V7 Soft-violet-1
7c7596 V8 Soft-violet-2
afa9c7 V9 Soft-violet-3
461844 P1 Plum-1
772d72 P2 Plum-2
a644a0 P3 Plum-3
c975c2 P4 Plum-4
e4abde P5 Plum-5
f6d6f2 P6 Plum-6
573e55 P7 Soft-plum-1
8c7089 P8 Soft-plum-2
bea5bb P9 Soft-plum-3
511327 E1 Rose-1
882546 E2 Rose-2
bd3964 E3 Rose-3
e06e8c E4 Rose-4
f5a8b9 E5 Rose-5
ffd4dd E6 Rose-6
5f3c44 E7 Soft-rose-1
956e76 E8 Soft-rose-2
c7a3aa E9 Soft-rose-3
090909 W1 Black
222222 W2 Gray-2
3d3d3d W3 Gray-3
5b5b5b W4 Gray-4
7a7a7a W5 Gray-5
9b9b9b W6 Gray-6
bebebe W7 Gray-7
dedede W8 Gray-8
ffffff W9 White
422616 H1 Skin-1
653c22 H2 Skin-2
875635 H3 Skin-3
a57450 H4 Skin-4
c29370 H5 Skin-5
d7ae8e H6 Skin-6
e7cbb4 H7 Skin-7
f3e1d0 H8 Skin-8
""",
    "bricks": """
f4f4f2 1 White
c9ccc8 2 Light-gray
9a9d9b 3 Gray
63676a 4 Dark-gray
1d1f22 5 Black
b3141b 6 Red
701418 7 Dark-red
e8552d 8 Coral
ee8a1f 9 Orange
b5581b 10 Rust
f7c61b 11 Yellow
f5dd86 12 Pale-yellow
b9c93a 13 Lime
3f9a3c 14 Green
1d5132 15 Dark-green
a3bfa0 16 Sage
6c7a45 17 Olive
118c8f 18 Teal
8fd0d6 19 Aqua
5fa3d9 20 Sky-blue
1f5fb4 21 Blue
1a2f57 22 Navy
7d92a8 23 Steel-blue
8d74b4 24 Lavender
57307a 25 Purple
a8377f 26 Plum
e58cb0 27 Pink
f3cbd2 28 Pale-pink
5b3322 29 Brown
3a2419 30 Dark-brown
8f6446 31 Caramel
b5906a 32 Tan
ddc49a 33 Sand
eebf97 34 Peach
41454a 35 Charcoal
4c5b68 36 Slate
8a8578 37 Stone
43482f 38 Moss
2f4a52 39 Petrol
d9d2c2 40 Linen
""",
}
"""Color, code and name of each, by the name of the list."""
