"""What `focus` asks for: what matters by itself, a disc, the file of a mask, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.importance.maps import Importance, importance_of
from artkit.spans import spanned

FOCUS = 8.0
"""How many times as much errors in a disc or a mask count as others, and errors in eyes and mouths."""

CLOSE = 0.4
"""How much a place must matter, from 0 to 1, to stay recognizable."""

FACE = 2.5
"""How many times as much errors in faces count."""

SALIENT = 0.5
"""How much more errors count, in parts of one, in what stands out the most."""


@dataclass(frozen=True, eq=False)
class Focus:
    """How much each part of a picture matters: what it shows, or what the user says, (H, W) from 0 to 1."""

    image: Image
    said: NDArray[np.float32] | None

    @cached_property
    def _importance(self) -> Importance:
        return importance_of(self.image)

    @property
    def is_plain(self) -> bool:
        """Whether nothing matters more than the rest does: no one says so, and there are no faces."""
        return self.said is None and not self._importance.faces

    def level(self, width: int, height: int) -> NDArray[np.float32]:
        """How much each pixel of a copy of that size matters, (H, W) from 0 to 1: 0.35 stands out, 1 is an eye."""
        return self._importance.level(width, height) if self.said is None else _sized(self.said, width, height)

    def close(self, width: int, height: int) -> NDArray[np.float32]:
        """What has to stay recognizable, (H, W) from 0 to 1: eyes and mouths, a little of faces; or what is said."""
        if self.said is not None:
            return _sized(self.said, width, height)
        parts = self._importance.parts(width, height)
        np.maximum(parts, 0.3 * self._importance.face(width, height), out=parts)
        return parts

    def skin(self, width: int, height: int) -> NDArray[np.bool_] | None:
        """Where skin is seen, (H, W): the middles of faces without eyes and mouths; None where no face is."""
        if self.said is not None or not self._importance.faces:
            return None
        found = self._importance
        return np.asarray((found.face(width, height, 0.75) >= 1) & (found.parts(width, height) <= 0))

    def weight(self, width: int, height: int, *, salient: float = SALIENT, face: float = FACE) -> NDArray[np.float32]:
        """How much errors at each pixel count, (H, W): 1 where nothing is, `FOCUS` where all is.

        What stands out counts more by `salient`, in parts of one, and the rest less, so that the mean stays 1; faces
        count `face` times as much.
        """
        if self.said is not None:
            return 1 + (FOCUS - 1) * _sized(self.said, width, height)
        found = self._importance
        out: NDArray[np.float32] = 1 + np.float32(salient) * found.salience(width, height)
        out /= out.mean(dtype=np.float64)
        out *= 1 + np.float32(face - 1) * found.face(width, height)
        np.maximum(out, FOCUS * found.parts(width, height), out=out)
        return out


@spanned("focus")
def focus_of(text: str, image: Image) -> Focus | None:
    """Read what `focus` asks for: "auto", "X,Y,R", the file of a mask, in which white counts; None for "off"."""
    word = text.strip().lower()
    if word == "off":
        return None
    if word in ("", "auto"):
        return Focus(image, None)
    try:
        x, y, radius = (float(part) for part in text.replace(",", " ").split())
    except ValueError:
        if not any(letter.isalpha() for letter in text):
            raise _unread(text) from None
        return Focus(image, _mask(text, image))
    if not (radius > 0 and np.isfinite([x, y, radius]).all()):
        raise UsageError(f"focus: {text}: takes X,Y,R in pixels, R above 0, such as 320,200,80")
    rows, columns = np.ogrid[: image.height, : image.width]
    said = np.clip(2 - np.hypot(columns + 0.5 - x, rows + 0.5 - y) / radius, 0, 1).astype(np.float32)
    if not said.any():
        raise UsageError(
            f"focus: {text}: that disc lies outside the picture, which is {image.width} x {image.height} pixels"
        )
    return Focus(image, said)


def is_close(text: str, image: Image) -> NDArray[np.bool_] | None:
    """Which pixels (H, W) have to stay recognizable, by what `focus` asks for; None where none has."""
    focus = focus_of(text, image)
    if focus is None or focus.is_plain:
        return None
    return focus.close(image.width, image.height) >= CLOSE


def _mask(text: str, image: Image) -> NDArray[np.float32]:
    mask = Image.of(text)
    if (mask.width, mask.height) != (image.width, image.height):
        raise UsageError(
            f"focus: {text} is {mask.width} x {mask.height} pixels, the picture {image.width} x {image.height}"
        )
    return np.asarray(mask.pixels.mean(axis=2) / 255, np.float32)


def _unread(text: str) -> UsageError:
    return UsageError(f"focus: {text}: takes auto, off, X,Y,R in pixels, such as 320,200,80, or the file of a mask")


def _sized(said: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    import cv2

    if said.shape == (height, width):
        return said
    shrunk = cv2.resize(said, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.float32).reshape(height, width)
