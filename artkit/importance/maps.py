"""The map of what matters in a picture, made once and kept: what stands out, faces, and in them eyes and mouths."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.importance.faces import AREA, Face, reduced
from artkit.importance.finders import finders
from artkit.importance.salience import salience

KEPT = 8
"""Maps that are kept: of the pictures that were looked at last."""

STANDS_OUT, FACE, PART = 0.35, 0.6, 1.0
"""How much what stands out the most, a face, and an eye or a mouth matter."""

EYE, MOUTH = (0.17, 0.115), (0.23, 0.13)
"""Half axes of the ellipses around an eye and a mouth, as shares of the face's width."""


@dataclass(frozen=True, eq=False)
class Importance:
    """What matters in a picture of `width` x `height` pixels.

    `standing_out` is from 0 to 1, in a small copy; places and sizes of `faces` are in the picture's pixels.
    """

    width: int
    height: int
    standing_out: NDArray[np.float32]
    faces: tuple[Face, ...]

    def level(self, width: int, height: int) -> NDArray[np.float32]:
        """How much each pixel of a copy of that size matters, (H, W) from 0 to 1."""
        out: NDArray[np.float32] = STANDS_OUT * self.salience(width, height)
        np.maximum(out, FACE * self.face(width, height), out=out)
        np.maximum(out, PART * self.parts(width, height), out=out)
        return out

    def salience(self, width: int, height: int) -> NDArray[np.float32]:
        """How much stands out, (H, W) from 0 to 1; faces are no part of that."""
        import cv2

        found = cv2.resize(self.standing_out, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(found, np.float32).reshape(height, width)

    def face(self, width: int, height: int, size: float = 1.0) -> NDArray[np.float32]:
        """Where faces are, (H, W): 1 inside, falling to 0 outside; `size` times as large as they are."""
        found = np.zeros((height, width), np.float32)
        for face in self.faces:
            across = size * face.width
            self._ellipse(found, (face.x, face.y), 0.52 * across, 0.72 * across, face.turn, 0.3)
        return found

    def parts(self, width: int, height: int) -> NDArray[np.float32]:
        """Where eyes and mouths are, (H, W): 1 inside, falling to 0 outside."""
        found = np.zeros((height, width), np.float32)
        for face in self.faces:
            for place, (across, down) in ((face.eyes[0], EYE), (face.eyes[1], EYE), (face.mouth, MOUTH)):
                self._ellipse(found, place, across * face.width, down * face.width, face.turn, 0.6)
        return found

    def _ellipse(
        self,
        found: NDArray[np.float32],
        place: tuple[float, float],
        across: float,
        down: float,
        turn: float,
        soft: float,
    ) -> None:
        """Raise values in an ellipse to 1, and from there on to 0 at 1 + `soft` times its half axes."""
        height, width = found.shape
        sx, sy = width / self.width, height / self.height
        reach = (1 + soft) * max(across, down)
        (x, y) = place
        rows = slice(max(int((y - reach) * sy), 0), max(int((y + reach) * sy) + 2, 0))
        columns = slice(max(int((x - reach) * sx), 0), max(int((x + reach) * sx) + 2, 0))
        part = found[rows, columns]
        dy, dx = np.mgrid[: part.shape[0], : part.shape[1]].astype(np.float32)
        dx, dy = (dx + columns.start + 0.5) / sx - x, (dy + rows.start + 0.5) / sy - y
        c, s = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
        far = np.hypot((c * dx + s * dy) / across, (c * dy - s * dx) / down)
        np.maximum(part, np.clip((1 + soft - far) / soft, 0, 1), out=part)


_KNOWN: OrderedDict[bytes, Importance] = OrderedDict()
_LOCK = Lock()


def importance_of(image: Image) -> Importance:
    """Find what matters in a picture, or look it up where that has been found before."""
    key = _key(image)
    with _LOCK:
        if key in _KNOWN:
            _KNOWN.move_to_end(key)
            return _KNOWN[key]
    found = _found(image)
    with _LOCK:
        _KNOWN[key] = found
        while len(_KNOWN) > KEPT:
            _KNOWN.popitem(last=False)
    return found


def _key(image: Image) -> bytes:
    """What tells a picture from all others: a digest of its bytes and its shape."""
    digest = blake2b(repr(image.pixels.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image.pixels).data)
    if image.alpha is not None:
        digest.update(np.ascontiguousarray(image.alpha).data)
    return digest.digest()


def _found(image: Image) -> Importance:
    seen = image.on_white().pixels
    small, _ = reduced(seen, AREA)
    standing_out = salience(small)
    if image.is_opaque is not None:
        import cv2

        opaque = cv2.resize(image.is_opaque.astype(np.float32), standing_out.shape[::-1], interpolation=cv2.INTER_AREA)
        standing_out = standing_out * np.asarray(opaque, np.float32)
    faces = tuple(face for finder in finders() for face in finder(seen))
    return Importance(image.width, image.height, standing_out, faces)
