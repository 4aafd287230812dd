"""A photo larger than memory and a recipe in, its artwork out: flat art is traced in tiles, all else is made smaller.

What a recipe takes is estimated by the bytes that its steps take for a pixel. What fits is left to `run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from math import ceil, sqrt
from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Pixels
from artkit.artwork.drawing import Drawing
from artkit.artwork.enlarged import enlarged
from artkit.artwork.image import Image
from artkit.artwork.large import DECODED
from artkit.artwork.strips import Strips, few_rows
from artkit.errors import UsageError
from artkit.limits import limit, written
from artkit.recipe import Checked
from artkit.run import Artwork, prepare, run
from artkit.run.steps import Progress
from artkit.run.strips import in_strips

PIXEL = 60
"""Bytes that a pixel of strips takes at most while it is worked on."""

BASE = 250e6
"""Bytes that a process takes before it has read anything, with all libraries loaded."""

LEAST = 400e6
"""Bytes below which no large picture can be worked on."""


class Larger(NamedTuple):
    """A picture that does not fit: its strips, the memory, in bytes, and the suffix of the file for the artwork."""

    picture: Strips
    memory: float
    suffix: str

    def made(
        self,
        recipe: Checked,
        *,
        seed: int | None = None,
        progress: Progress,
        notes: Callable[[str], None],
        metadata: Mapping[str, str],
    ) -> Artwork | Strips:
        """Make the artwork; `notes` is told what is done about the size."""
        if self.suffix in (".png", ".tif", ".tiff") and not issubclass(recipe.gives, Drawing):
            made = in_strips(recipe, self.picture, rows_of(self.picture.width, self.memory))
            if isinstance(made, Strips):
                return made
            return self._small(recipe, made, seed=seed, progress=progress, notes=notes, metadata=metadata)
        wish, why = _wish(recipe)
        picture: Strips | str = self.picture
        if wish is not None and recipe.steps[1:]:
            before = replace(recipe, steps=recipe.steps[:-1])
            picture = in_strips(before, self.picture, rows_of(self.picture.width, self.memory))
        if isinstance(picture, str):
            why = picture
        elif wish is not None:
            from artkit.tracer.tiles.trace import NotInTiles, traced_in_tiles

            try:
                return traced_in_tiles(
                    picture,
                    wish,
                    rows=rows_of(self.picture.width, self.memory),
                    most=self.memory - BASE,
                    report=notes,
                    progress=lambda share: progress(share, 1, "trace"),
                )
            except NotInTiles as error:
                why = str(error)
        return self._small(recipe, why, seed=seed, progress=progress, notes=notes, metadata=metadata)

    def _small(
        self,
        recipe: Checked,
        why: str,
        *,
        seed: int | None,
        progress: Progress,
        notes: Callable[[str], None],
        metadata: Mapping[str, str],
    ) -> Artwork:
        """Make the artwork of as many pixels as memory holds."""
        block = self.block(recipe)
        full, small = self.picture, self.reduced(block)
        sides = f"{small.width} x {small.height} of {full.width} x {full.height} pixels"
        notes(f"{why}: made of {sides}, as much as {written(self.memory, 'bytes')} hold")
        image = prepare(small, size=recipe.data.size)
        artwork = run(recipe, image, seed=seed, progress=progress, notes=notes, metadata=metadata)
        is_whole = isinstance(artwork, Drawing) and artwork.width == small.width
        return enlarged(artwork, block, full.width, full.height) if is_whole else artwork  # type: ignore[arg-type]

    def block(self, recipe: Checked) -> int:
        """The side of squares of which each is to become a pixel, so that the recipe's steps fit."""
        pixels = self.picture.width * self.picture.height
        return max(ceil(sqrt(pixels * _per_pixel(recipe) / (self.memory - BASE))), 1)

    def reduced(self, block: int) -> Image:
        """Give the picture with each square of `block` x `block` pixels as one, their mean."""
        from artkit.raster.resize import averaged

        rows = max(few_rows(self.picture.width) // block, 1) * block
        windows = self.picture.windows(rows)
        return Image(np.concatenate([averaged(window.pixels, None, block)[0] for window in windows]))


def larger(
    path: str, recipe: Checked, memory: float | None, suffix: str, report: Callable[[str], None]
) -> Larger | None:
    """Give the picture of a file as one that does not fit into `memory` bytes with a recipe; None where it does.

    A UsageError says where the memory is too little for any large picture.
    """
    from artkit.artwork.larger import opened, sides_of

    sides = None if memory is None else sides_of(path)
    if memory is None or sides is None:
        return None
    width, height = sides
    pixels, size = width * height, recipe.data.size
    worked = pixels if size is None else min(pixels, size * size)
    if BASE + max(DECODED * pixels, _per_pixel(recipe) * worked) <= memory and pixels <= limit("pixels"):
        return None
    if memory < LEAST:
        given, least = written(memory, "bytes"), written(LEAST, "bytes")
        raise UsageError(f"memory {given}: is too little for {path}; give {least} or more")
    picture = opened(path, memory - BASE, report)
    return Larger(picture if recipe.data.crop is None else _cropped(picture, recipe.data.crop, path), memory, suffix)


def rows_of(width: int, memory: float) -> int:
    """How many rows to look at together, so that these take a small part of the memory, in bytes."""
    return max(min(few_rows(width), int(memory / 8 / (PIXEL * width))), 8)


def _per_pixel(recipe: Checked) -> float:
    return max(DECODED, *(step.op.memory for step in recipe.steps))


def _cropped(picture: Strips, crop: tuple[int, int, int, int], path: str) -> Strips:
    x, y, width, height = crop
    if x < 0 or y < 0 or x + width > picture.width or y + height > picture.height or width < 1 or height < 1:
        raise UsageError(
            f"{path}: crop {x},{y},{width},{height} does not lie within {picture.width} x {picture.height} pixels"
        )

    def read() -> Iterator[Pixels]:
        for window in picture.windows(few_rows(picture.width)):
            low, high = max(y, window.top), min(y + height, window.bottom)
            if low < high:
                yield window.pixels[low - window.top : high - window.top, x : x + width]
            if window.bottom >= y + height:
                return

    return Strips(width, height, read)


_KEPT = frozenset(
    {
        "kind", "colors", "palette", "keep", "curves", "tolerance", "corner", "min_area", "layers", "strokes",
        "paper", "detail", "focus",
    }
)  # fmt: skip
"""Parameters of `trace` that tiles know, or that mean nothing to flat art."""


def _wish(recipe: Checked) -> tuple[Any, str]:
    """What to trace in tiles, None where the recipe is none for that; and why."""
    from artkit.tracer.assemble import Borders
    from artkit.tracer.tiles.trace import Wish

    steps = recipe.steps
    if steps[-1].op.name != "trace" or recipe.motion or recipe.data.size is not None:
        return None, "only trace works in tiles"
    if any(not issubclass(step.op.gives, Image) for step in steps[:-1]):
        return None, "regions are not traced in tiles"
    usual = {name: parameter.default for name, parameter in steps[-1].op.parameters.items()}
    values = usual | steps[-1].values
    for name in sorted(usual.keys() - _KEPT):
        if (values[name] or None) != (usual[name] or None):
            return None, f"{name} is not for pictures in tiles"
    if values["kind"] not in ("auto", "flat", "line") or values["layers"] == "stacked" or values["strokes"] == "always":
        return None, "photos, gradients, stacked layers and strokes are not traced in tiles"
    borders = Borders(values["curves"], values["corner"], values["tolerance"])
    names = ("kind", "colors", "palette", "keep", "min_area", "layers")
    return Wish(**{name: values[name] for name in names}, borders=borders), ""
