"""Who finds faces: artkit's own finder, or a better one that another package brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from artkit.errors import UsageError
from artkit.importance.faces import Face, find_faces

ENTRY_POINTS = "artkit.face_finders"
"""The group of entry points by which other packages name their finders; where there is one, artkit's own rests."""

Finder: TypeAlias = Callable[[NDArray[np.uint8]], Iterable[Face]]
"""Takes a picture (H, W, 3) of sRGB, and gives its faces."""


@cache
def finders() -> tuple[Finder, ...]:
    """Those that other packages bring, in the order of their names; artkit's own if there are none."""
    from importlib import metadata

    found: list[Finder] = []
    for entry in sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name):
        try:
            found.append(entry.load())
        except Exception as error:  # whatever a stranger's module raises
            raise UsageError(f"{ENTRY_POINTS}: {entry.name}: {entry.value}: {error}; uninstall its package") from None
    return tuple(found) or (find_faces,)
