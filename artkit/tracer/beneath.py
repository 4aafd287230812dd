"""What lies beneath the things that cover it: values carried on from around them, and filled in."""

from __future__ import annotations

import numpy as np

from artkit.arrays import Bools, Floats

REACH = 4
"""How far values go on as they change where they are known, in pixels."""

WINDOW = 7
"""Side of the square in which it is measured how they change, in pixels."""


def carried(values: Floats, known: Bools) -> tuple[Floats, Bools]:
    """Carry what is `known` (H, W) of (H, W, C) values on by a few pixels, as it changes there; give the known.

    Nothing is carried below 0, or above the most that is known.
    """
    from scipy.ndimage import distance_transform_edt

    if known.all() or not known.any():
        return values, known
    far, (from_y, from_x) = distance_transform_edt(~known, return_indices=True)
    y, x = np.nonzero((far > 0) & (far <= REACH))
    fy, fx = from_y[y, x], from_x[y, x]
    by_y, by_x = (_change(values, known, axis)[fy, fx] for axis in (0, 1))
    moved = values[fy, fx] + by_y * (y - fy)[:, None] + by_x * (x - fx)[:, None]
    result, more = values.copy(), known.copy()
    result[y, x] = np.clip(moved, 0, values[known].max(0))
    more[y, x] = True
    return result, more


def _change(values: Floats, known: Bools, axis: int) -> Floats:
    """(H, W, C): how much values change from pixel to pixel along an axis, the mean of a window of what is known."""
    import cv2

    ahead, back = ((slice(None),) * axis + (part,) for part in (slice(1, None), slice(None, -1)))
    change, both = np.zeros_like(values), np.zeros(known.shape)
    both[ahead] = known[ahead] & known[back]
    change[ahead] = np.where(both[ahead][..., None] > 0, values[ahead] - values[back], 0)
    size = (WINDOW, WINDOW)
    total = np.asarray(cv2.boxFilter(change, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT))
    number = np.asarray(cv2.boxFilter(both, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT))
    return np.asarray(total.reshape(values.shape) / np.maximum(number, 1)[..., None])


def filled(values: Floats, known: Bools) -> Floats:
    """Fill in what is not `known` (H, W) of (H, W, C) values smoothly: means of what is known, from afar to close by.

    Each level halves the picture; what is unknown takes the value of the next one (push-pull, Gortler et al. 1996).
    """
    import cv2

    if known.all() or not known.any():
        return np.where(known[..., None], values, 0.0)
    weight = known.astype(np.float64)
    small = tuple(max((size + 1) // 2, 1) for size in weight.shape[::-1])
    reduced = cv2.resize(weight, small, interpolation=cv2.INTER_AREA)
    sums = cv2.resize(values * weight[..., None], small, interpolation=cv2.INTER_AREA).reshape(*reduced.shape, -1)
    means = sums / np.maximum(reduced, 1e-9)[..., None]
    if max(small) > 1:
        means = filled(means, reduced > 0)
    rough = cv2.resize(means, weight.shape[::-1], interpolation=cv2.INTER_LINEAR).reshape(values.shape)
    for _ in range(8):  # steps of Jacobi's method even out what the coarser level left
        around = cv2.blur(rough, (3, 3), borderType=cv2.BORDER_REPLICATE).reshape(values.shape)
        rough = np.where(known[..., None], values, around)
    return np.asarray(rough, np.float64)
