"""A photo as a mosaic: as many regions as are asked for, where they show the most, each with a fill that pays.

Pixels are merged to superpixels, these along the merge tree; borders are relaxed at about twice the number of regions
that is wanted and again just above it, and the rest merges in exact order, slivers first. What a pixel of border and a
gradient must save is measured against what one more region saves, so that all three are worth their place alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.remembered import remembered
from artkit.planar.map import find_faces
from artkit.spans import span
from artkit.tracer.regions.fields import Fields, error, fields, label_moments, with_rings
from artkit.tracer.regions.graph import Pricing
from artkit.tracer.regions.labels import gathered, relabeled
from artkit.tracer.regions.masking import masking_weights
from artkit.tracer.regions.relax import relaxed
from artkit.tracer.regions.seen import Colors, Seen, seen
from artkit.tracer.regions.superpixels import superpixels
from artkit.tracer.regions.tree import BORDER, EXACT, MergeTree, Merging, merge_tree
from artkit.tracer.regions.width import is_core

ROOM = (3.0, 4.0, 6.0)
"""Regions that borders are first relaxed at, as multiples of those that are wanted, until enough are no slivers; more:
finer borders to choose from, and slower."""

WIDE = 1.3
"""Regions that must not be slivers then, as a multiple of those that are wanted; more: the next `ROOM` sooner."""

FEW = 0.03
"""Share of slivers among the regions at the end that is let pass; less: merging is looked at to its end, slower."""

SPARE = 1.15
"""Regions that borders are relaxed at for the last time, as a multiple of those that are wanted; more: what is left
over merges after that, across borders that were relaxed for others."""

BORDER_SHARE = 1 / 130
"""What a pixel of border must save, as a share of what a region must: about what it takes in a file;
more: smoother borders."""

GRADIENT_SHARE = 0.2
"""What a gradient must save, as a share of what a region must: about what it takes in a file; more: fewer gradients."""

BELOW = 8
"""Merging goes on to this part of the regions that are wanted: what they cost is known only where it has gone on in all
of the picture. It is in no order from place to place, since smooth ones take more rounds."""

COARSEST = 100
"""Pixels of a superpixel on the average, at the most; more: faster, and coarser borders in mosaics of few regions."""

THIN = 0.04
"""Share of its cost at which a region that is nowhere three pixels wide merges; more: more slivers stay."""


@dataclass(frozen=True, eq=False)
class Mosaic:
    """Regions of a photo (H, W), numbered from 0 on, -1 where it is transparent, in `colors` (H, W, 3) that are seen.

    `gradient` is the squared error that a gradient must save, inf for none at all; `tree` tells how they merge further.
    """

    labels: NDArray[np.int32]
    pixels: NDArray[np.uint8]
    gradient: float
    tree: MergeTree | None = None

    @property
    def count(self) -> int:
        """Number of regions."""
        return int(self.labels.max(initial=-1)) + 1

    @cached_property
    def fields(self) -> Fields:
        """The fill of each region, in levels of red, green and blue."""
        moments = label_moments(self.labels, self.pixels, None, self.count)
        return with_rings(fields(moments, self.gradient), self.labels, self.pixels, self.gradient)

    def level(self, count: int) -> Mosaic:
        """Give the mosaic of fewer regions whose borders are among those of this one."""
        assert self.tree is not None
        return Mosaic(self.tree.cut(count), self.pixels, self.gradient)

    def merged(self, labels: NDArray[np.int32]) -> Mosaic:
        """Give the mosaic of coarser labels, whose equal neighbors become one region."""
        return replace(self, labels=np.ascontiguousarray(find_faces(labels)[0]), tree=None)


class Source:
    """A photo, ready to be cut into mosaics: superpixels are found once, however many are tried.

    Errors count by how much they are seen, and by `weight` (H, W) where there is one.
    """

    def __init__(
        self, pixels: NDArray[np.uint8], opaque: Bools | None, weight: NDArray[np.float32] | None, *, gradients: bool
    ) -> None:
        masking = masking_weights(pixels)
        self.pixels, self.opaque, self.weight = pixels, opaque, masking if weight is None else masking * weight
        self.gradients = gradients
        self.area = int(opaque.sum()) if opaque is not None else pixels.shape[0] * pixels.shape[1]
        self.grid, self.scale, self.within = self.area, 1, 0.0
        self.is_sparse = False
        self.forget()

    @cached_property
    def seen(self) -> NDArray[np.float32]:
        """Colors (H, W, 3) that errors are counted in."""
        return seen(self.pixels)

    @property
    def colors(self) -> Colors:
        """The same, made where they are asked for if few of them are."""
        return Seen(self.pixels) if self.is_sparse else self.seen

    def forget(self) -> None:
        """Forget what was found."""
        self._leaves: NDArray[np.int32] | None = None
        self._trees: dict[tuple[float, int], MergeTree] = {}
        self._moments = np.zeros((0, 0))
        self._rest = 0.0

    def done(self) -> None:
        """Let go of all that mosaics are cut from."""
        self.forget()
        self.weight = np.zeros((0, 0), np.float32)
        self.__dict__.pop("seen", None)

    def leaves(self, count: int) -> NDArray[np.int32]:
        """Superpixels that are fine enough for so many regions."""
        wanted = int(min(max(16 * count, 20_000, self.grid // COARSEST), max(self.grid // 3, 1)))
        if self._leaves is None or int(self._leaves.max(initial=-1)) + 1 < min(8 * count, self.grid // 3):
            self._leaves = superpixels(self.seen, self.weight, self.opaque, wanted)
            self._trees.clear()
            number = int(self._leaves.max(initial=-1)) + 1
            self._moments = label_moments(self._leaves, self.seen, self.weight, number)
            self._rest = float(error(self._moments, np.inf).sum()) + self.within
        return self._leaves

    def gradient(self, count: int) -> float:
        """Squared error that a gradient must save in a mosaic of so many regions; see `GRADIENT_SHARE`."""
        if not self.gradients:
            return np.inf
        leaves = self.leaves(count)
        number = int(leaves.max(initial=-1)) + 1
        return GRADIENT_SHARE * _cost_of_next(self._rest, number, count)

    def count_at(self, cost: float) -> int:
        """Number of regions, about, that each save `cost` of squared error; see `_cost_of_next`."""
        self.leaves(1)
        number = int(self._leaves.max(initial=-1)) + 1 if self._leaves is not None else 0
        found = (0.33 * self._rest / cost) ** (1 / 1.4) * number ** (0.4 / 1.4)
        return int(min(max(found, 1), max(self.area // 64, 1)))

    def tree(self, count: int, least: int = 1) -> MergeTree:
        """The merge tree that serves for about so many regions, down to `least` of them or fewer."""
        gradient = self.gradient(count)
        for (known, known_least), tree in self._trees.items():
            if (known == gradient or 0.5 < known / gradient < 2) and known_least <= least:
                return tree
        leaves = self.leaves(count)
        tree = merge_tree(
            leaves,
            self.seen,
            self.weight,
            gradient=gradient,
            border=BORDER / self.scale,
            least=least,
            moments=self._moments,
        )
        self._trees[gradient, least] = tree
        return tree

    def mosaic(self, count: int, *, levels: bool = False, final: bool = False) -> Mosaic:
        """Cut into `count` regions, or as many as there are; with `levels` its tree leads on to fewer of them.

        After a `final` one no other can be cut: all that they are cut from is let go of.
        """
        tree = self.tree(count, least=max(count // BELOW, 1))
        gradient = self.gradient(count)
        count = max(min(count, len(tree.into)), tree.fewest, 1)
        price = BORDER_SHARE * _cost_at(tree, count)
        part = Part(tree.leaves, self._moments).grouped(_roomy(tree, count))
        part = self._relaxed(part, gradient, price / 2)
        spare = int(np.ceil(SPARE * count))
        last, part = self.last(self._grouped(part, gradient, spare))
        part = last._relaxed(part, gradient, price)
        part = last._grouped(part, gradient, count)
        further = last._merged(part, gradient, 1) if levels else None
        if final:
            self.done()
        return Mosaic(part.labels, last.pixels, gradient, further)

    def last(self, part: Part) -> tuple[Source, Part]:
        """Give what looks at borders for the last time, and regions as it sees them: this photo, as it is."""
        return self, part

    def draft(self, count: int) -> Mosaic:
        """Cut into `count` regions along the tree alone, for those who go on with them: in a third of the time."""
        tree = self.tree(count)
        gradient = self.gradient(count)
        count = max(min(count, len(tree.into)), tree.fewest, 1)
        price = BORDER_SHARE * _cost_at(tree, count)
        part = self._relaxed(Part(tree.leaves, self._moments).grouped(tree.owners(count)), gradient, price)
        return Mosaic(part.labels, self.pixels, gradient)

    def _relaxed(self, part: Part, gradient: float, price: float) -> Part:
        labels, moments = _relaxed(part.labels, self.colors, self.weight, gradient, price * self.scale, part.moments)
        return Part(labels, moments)

    def _grouped(self, part: Part, gradient: float, count: int) -> Part:
        """Unite regions until `count` are left; where that leaves many slivers the order is looked for to the end."""
        labels, moments = _united(part.labels, part.moments, gradient, BORDER / self.scale, count)
        return Part(labels, moments)

    def _merged(self, part: Part, gradient: float, least: int) -> MergeTree:
        return merge_tree(
            part.labels,
            self.colors,
            self.weight,
            gradient=gradient,
            border=BORDER / self.scale,
            thin=THIN,
            least=least,
            moments=part.moments,
        )


@dataclass(frozen=True, eq=False)
class Part:
    """Regions of a photo (H, W) and their moments: what pixels add up to is summed once and then handed on."""

    labels: NDArray[np.int32]
    moments: Floats

    def grouped(self, number: Ints) -> Part:
        """Unite regions that get the same number."""
        return Part(relabeled(self.labels, number), gathered(self.moments, number))


@remembered
def _relaxed(
    labels: NDArray[np.int32],
    seen: Colors,
    weight: NDArray[np.float32],
    gradient: float,
    price: float,
    moments: Floats,
) -> tuple[NDArray[np.int32], Floats]:
    """Give regions with relaxed borders, and their moments."""
    known = moments.copy()
    return relaxed(labels, seen, weight, gradient=gradient, price=price, rounds=3, known=known), known


@remembered
def _united(
    labels: NDArray[np.int32], moments: Floats, gradient: float, border: float, count: int
) -> tuple[NDArray[np.int32], Floats]:
    """Give `count` regions, and their moments: see `Source._grouped`."""
    pricing = Pricing(gradient, border, THIN)
    part, first = Part(labels, moments), max(count // BELOW, 1)
    for least in (first, 1):
        with span("merge tree"):
            if least == first or first > EXACT:
                merging = Merging(labels, moments, pricing)
            found = part.grouped(merging.tree(least).owners(count))
        if np.unique(found.labels[is_core(found.labels)]).size >= (1 - FEW) * count:
            break
    return found.labels, found.moments


def _roomy(tree: MergeTree, count: int) -> Ints:
    """Number a tree's leaves by several times as many regions as are wanted, of which enough are not slivers."""
    for room in ROOM:
        owners = tree.owners(int(room * count))
        labels = relabeled(tree.leaves, owners)
        if room == ROOM[-1] or np.unique(labels[is_core(labels)]).size >= WIDE * count:
            break
    return owners


def _cost_at(tree: MergeTree, count: int) -> float:
    """What the union costs that leaves `count` regions, less one."""
    return float(tree.cost[max(len(tree.into) - count - 1, 0)]) if len(tree.cost) else 0.0


def _cost_of_next(rest: float, number: int, count: int) -> float:
    """Squared error that one more region than `count` saves, about, if `number` regions leave `rest`.

    On photos the error falls with the number of regions to the power of -0.4.
    """
    return float(0.33 * rest * (number / max(count, 1)) ** 0.4 / max(count, 1))
