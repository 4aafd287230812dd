"""Colors that are to differ, and do not: moved apart by as little as it takes."""

from __future__ import annotations

import numpy as np

from artkit.color.palette import Palette


def apart(palette: Palette) -> Palette:
    """Move colors that rounding has made equal to the nearest free ones."""
    taken: set[tuple[int, ...]] = set()
    result = palette.copy()
    for i, color in enumerate(palette.astype(int)):
        reach = 0
        while (name := tuple(result[i].tolist())) in taken:
            reach += 1
            near = np.indices((2 * reach + 1,) * 3).reshape(3, -1).T - reach
            near = near[np.lexsort((*near.T, (near**2).sum(1)))] + color
            near = near[((near >= 0) & (near <= 255)).all(1)]
            free = [c for c in map(tuple, near.tolist()) if c not in taken]
            if free:
                result[i] = free[0]
        taken.add(name)
    return result
