"""What stands still in footage stands still in what is made of it, pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask
from artkit.artwork.image import Image

if TYPE_CHECKING:
    from artkit.recipe import Checked

MARGIN = 0.02
"""How far around what moves the artwork is made anew, as a share of the longer side: about as far as styles reach."""

CAMERA = 0.5
"""Share of a frame from which on all of it is taken to move."""

SHARP = 3
"""How many times as much as the pixels around it, in the mean, a single pixel may waver."""

_WINDOW = 5


class Steady:
    """Holds pixels of the artwork until the footage changes there, by more than so many levels, since they were made.

    It is given the frames in their order. Where the artwork is not of the footage's shape all is new.
    """

    def __init__(self, levels: float) -> None:
        self.levels = levels
        self.source: NDArray[np.uint8] | None = None
        self.shown: Image | None = None

    def __call__(self, source: Image, made: Image) -> Image:
        """Give what is shown of what was made of a frame."""
        rgba = source.rgba
        before, shown = self.source, self.shown
        self.source, self.shown = rgba, made
        if before is None or shown is None or not _alike(source, made) or shown.pixels.shape != made.pixels.shape:
            return made
        moves = around(moving(before, rgba, self.levels))
        if moves.mean() > CAMERA:
            return made
        import cv2

        self.source = np.where(moves[..., None], rgba, before)
        size = made.width, made.height
        anew = cv2.resize(moves.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
        pixels = np.where(anew[..., None], made.pixels, shown.pixels)
        alpha: Mask | None = None
        if made.alpha is not None or shown.alpha is not None:
            alpha = np.where(anew, made.rgba[..., 3], shown.rgba[..., 3])
        self.shown = Image(pixels, alpha)
        return self.shown


def holds(recipe: Checked) -> bool:
    """Whether a recipe leaves things in their places, so that what stands still can be held."""
    return not recipe.motion and all(_in_place(step.op) for step in recipe.steps)


def moving(before: NDArray[np.uint8], now: NDArray[np.uint8], levels: float) -> NDArray[np.bool_]:
    """(H, W), where one picture differs from another by more than noise of so many levels."""
    import cv2

    apart = cv2.absdiff(before, now).max(axis=2)
    result: NDArray[np.bool_] = (cv2.blur(apart.astype(np.float32), (_WINDOW, _WINDOW)) > levels) | (
        apart > SHARP * levels
    )
    return result


def around(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Widen a mask by as much as styles reach."""
    import cv2

    reach = max(round(MARGIN * max(mask.shape)), 3)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.bool_)


def _in_place(op: Any) -> bool:
    own = str(op.function.__module__).startswith("artkit.")
    return own and op.family not in ("pen", "animate") and (op.family != "frame" or op.name == "resize")


def _alike(source: Image, made: Image) -> bool:
    """Whether one is the other at another size."""
    scale = made.width / source.width
    return abs(made.height - scale * source.height) <= max(scale, 1)
