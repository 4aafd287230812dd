"""What the pixels of flat art are made of, without an array of them: runs of labels, and mixed pixels one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints
from artkit.planar.runs import LabelRuns
from artkit.tracer.regions.flat import Mixtures


@dataclass(frozen=True, eq=False)
class Mixed:
    """Flat pixels as runs, -1 where a pixel is mixed; of these `pixel` (M,) in reading order, its color `value` (M, 3),
    its `owner`, that of the rest, `other`, and the owner's `coverage`. `palette` is (K, 3); see `flat.Mixtures`.
    """

    flat: LabelRuns
    pixel: Ints
    value: NDArray[np.uint8]
    owner: NDArray[np.int32]
    other: NDArray[np.int32]
    coverage: NDArray[np.float32]
    palette: Floats

    def window(self, top: int, bottom: int) -> tuple[Mixtures, slice]:
        """Give some rows as arrays, and which of the mixed pixels are in them."""
        width = self.flat.width
        owner = self.flat.rows(top, bottom)
        other, coverage = owner.copy(), np.ones(owner.shape, np.float32)
        some = slice(*np.searchsorted(self.pixel, [top * width, bottom * width]).tolist())
        place = self.pixel[some] - top * width
        owner.ravel()[place], other.ravel()[place] = self.owner[some], self.other[some]
        coverage.ravel()[place] = self.coverage[some]
        return Mixtures(owner, other, coverage, self.palette), some

    def windows(self, rows: int, margin: int) -> Iterator[tuple[int, Mixtures, slice]]:
        """Give windows of so many rows and `margin` more on either side: the first row, all, its own mixed pixels."""
        width, height = self.flat.width, self.flat.height
        for top, bottom in self.flat.bands(rows):
            low, high = max(top - margin, 0), min(bottom + margin, height)
            own = slice(*np.searchsorted(self.pixel, [top * width, bottom * width]).tolist())
            yield low, self.window(low, high)[0], own

    def labels(self, rows: int) -> LabelRuns:
        """The owners of all pixels, in runs."""
        strips = (self.window(top, bottom)[0].owner for top, bottom in self.flat.bands(rows))
        return LabelRuns.of(strips, self.flat.width)

    def place(self, some: slice | Ints, first: int) -> tuple[Ints, Ints]:
        """Row, from row `first` on, and column of mixed pixels."""
        y, x = np.divmod(self.pixel[some], self.flat.width)
        return y - first, x

    def given(self, labels: LabelRuns) -> Mixed:
        """Give all pixels the owners that `labels` tell; where these are others, no pixel is a mixture any more."""
        owner = labels.at(self.pixel)
        kept = owner == self.owner
        flat = np.where(self.flat.labels < 0, np.int32(-1), labels.at(self.flat.starts))
        return replace(
            self,
            flat=self.flat.relabeled(flat),
            owner=owner,
            other=np.where(kept, self.other, owner),
            coverage=np.where(kept, self.coverage, np.float32(1)),
        )

    def recolored(self, target: NDArray[np.integer], palette: Floats) -> Mixed:
        """Give each label its new number, and the colors of these."""
        again = np.append(target, -1).astype(np.int32)
        owner, other = again[self.owner], again[self.other]
        coverage = np.where(owner == other, np.float32(1), self.coverage)
        flat = self.flat.relabeled(again[self.flat.labels])
        return replace(self, flat=flat, owner=owner, other=other, coverage=coverage, palette=palette)
