"""A picture in; of any triangles, their colors, their squared errors and whether they are opaque out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.planar.triangles import Spans, spans


class Measured:
    """A picture's running sums, by which the colors of triangles and their errors are found without their pixels."""

    def __init__(
        self, pixels: NDArray[np.uint8], opaque: Bools | None, weight: NDArray[np.float32] | None, grain: float
    ) -> None:
        import cv2

        self.height, self.width = pixels.shape[:2]
        self.pixels, self.opaque = pixels, opaque
        self.opaque_weight = None if opaque is None else _running(opaque)
        heavy = np.ones(pixels.shape[:2]) if weight is None else weight
        heavy = (heavy if opaque is None else heavy * opaque).astype(np.float32)
        calm = cv2.GaussianBlur(pixels, (0, 0), grain) if grain > 0.5 else pixels
        self.picture, self.heavy = calm, heavy
        self.weight = _running(heavy)
        self.calm = [_running(calm[..., k] * heavy) for k in range(3)]
        self.square = _running(sum(calm[..., k].astype(np.float32) ** 2 for k in range(3)) * heavy)

    def errors(self, points: Floats, triangles: Ints) -> tuple[Floats, Bools, Floats]:
        """Squared error of each triangle in one color, whether most of it is opaque, and the color, (T, 3).

        Grain is left out.
        """
        found = spans(points, triangles, self.height, self.width)
        painted = self._painted(found, points, triangles)[1]
        weight = found.sums(self.weight, len(triangles))
        sums = np.stack([found.sums(one, len(triangles)) for one in self.calm])
        error = found.sums(self.square, len(triangles)) - (sums**2).sum(0) / np.maximum(weight, 1e-9)
        color = (sums / np.maximum(weight, 1e-9)).T
        x, y = points[triangles[weight <= 0]].mean(1).T
        color[weight <= 0] = self.picture[self._near(y, self.height), self._near(x, self.width)]
        return np.where(painted, np.maximum(error, 0), 0), painted, color

    def seen(self, places: Floats) -> tuple[Floats, Floats]:
        """Colors at places (..., 2), grain left out, and their weights."""
        at = self._near(places[..., 1], self.height), self._near(places[..., 0], self.width)
        return self.picture[at].astype(np.float64), self.heavy[at].astype(np.float64)

    def painted(self, points: Floats, triangles: Ints) -> tuple[Ints, NDArray[np.uint8]]:
        """Triangles that are mostly opaque, and the mean color of their pixels."""
        found = spans(points, triangles, self.height, self.width)
        pixels, painted = self._painted(found, points, triangles)
        mean = np.empty((len(triangles), 3))
        opaque = 1 if self.opaque is None else self.opaque
        for k in range(3):
            mean[:, k] = found.sums(_running(self.pixels[..., k] * opaque), len(triangles)) / np.maximum(pixels, 1)
        small = np.flatnonzero(pixels < 1)  # too small or too thin to hold the middle of a pixel
        x, y = points[triangles[small]].mean(1).T
        mean[small] = self.pixels[self._near(y, self.height), self._near(x, self.width)]
        return triangles[painted], np.rint(mean[painted]).astype(np.uint8)

    def _painted(self, found: Spans, points: Floats, triangles: Ints) -> tuple[Floats, Bools]:
        """Number of opaque pixels of each triangle, and whether that is most of them."""
        area = np.bincount(found.triangle, found.stop - found.first, len(triangles)).astype(np.float64)
        if self.opaque is None or self.opaque_weight is None:
            return area, np.ones(len(triangles), bool)
        pixels = found.sums(self.opaque_weight, len(triangles))
        painted = pixels * 2 > area
        none = np.flatnonzero(area == 0)
        x, y = points[triangles[none]].mean(1).T
        painted[none] = self.opaque[self._near(y, self.height), self._near(x, self.width)]
        return pixels, painted

    @staticmethod
    def _near(place: Floats, size: int) -> Ints:
        return np.clip(np.floor(place), 0, size - 1).astype(np.int64)


def _running(values: NDArray[np.generic]) -> Floats:
    total = np.zeros(values.size + 1)
    np.cumsum(values.ravel(), dtype=np.float64, out=total[1:])
    return total
