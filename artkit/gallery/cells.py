"""The numbers of the last sweep's cells, kept in the gallery that holds them, so that a cell can be asked for by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from artkit.errors import UsageError
from artkit.gallery.record import NoRecordError, opened

CELLS = "sweep.json"
"""The file in a gallery."""

_LARGEST = 64 << 20


def write(folder: Path, names: Mapping[int, str]) -> Path:
    """Keep the name of each cell's artwork by the cell's number."""
    from artkit.export import files

    known = {"cells": {str(number): name for number, name in sorted(names.items())}}
    text = json.dumps(known, indent=2, ensure_ascii=False) + "\n"
    return files.write(folder / CELLS, text.encode("utf-8", "replace"), follow=False)


def name_of(number: str, folder: Path) -> str | None:
    """Give the name of the artwork in a cell of the last sweep; None where no number is given or no sweep was made.

    A UsageError says that the sweep has no such cell.
    """
    if not (number.isascii() and number.isdecimal() and (folder / CELLS).is_file()):
        return None
    cells = _read(folder / CELLS)
    if number.lstrip("0") in cells:
        return cells[number.lstrip("0")]
    if len(number) < 6 and cells:  # six digits may be the end of a name
        raise UsageError(f"{number}: the last sweep in {folder} has cells {', '.join(_spans(sorted(map(int, cells))))}")
    return None


def _read(path: Path) -> dict[str, str]:
    try:
        with opened(path) as file:
            known = json.loads(file.read(_LARGEST))["cells"]
        return {str(int(number)): str(name) for number, name in known.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, NoRecordError):
        return {}


def _spans(numbers: list[int]) -> list[str]:
    """Write numbers in rising order as 1 to 4, 6."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [str(first) if first == last else f"{first} to {last}" for first, last in spans]
