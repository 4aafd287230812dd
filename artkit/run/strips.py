"""A recipe of steps that look at each pixel and a few around it: run on strips, exactly as on the whole picture.

What a step decides of the picture as a whole, a level of Otsu's, is decided by the histogram of all strips before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Ints, Pixels
from artkit.artwork.image import Image
from artkit.artwork.settled import Open, deciding
from artkit.artwork.strips import Strips, Window
from artkit.recipe import Bound, Checked

Values = Mapping[str, Any]


class _Step(NamedTuple):
    """A step, how many pixels around each one it looks, and what it decided of the picture, Open for nothing."""

    bound: Bound
    reach: int
    decision: Any = Open

    def __call__(self, source: Any) -> Any:
        injected = {name: (lambda *_: None) for name in self.bound.op.injected}
        with deciding(self.decision):
            return self.bound.op(source, **self.bound.values, **injected)


def in_strips(recipe: Checked, picture: Strips, rows: int) -> Strips | str:
    """Give what a recipe makes of a picture, to be read in strips of about so many `rows`; else which step it is that
    needs the whole picture.
    """
    if recipe.motion or recipe.data.size is not None:
        return "motion and size need it as a whole"
    steps: list[_Step] = []
    for bound in recipe.steps:
        reach = _reach(bound)
        if reach is None:
            return f"{bound.op.name} needs it as a whole"
        deciding_of = _DECIDED.get(bound.op.name)
        decision = Open if deciding_of is None else deciding_of(_each(steps, picture, rows), bound.values)
        steps.append(_Step(bound, reach, decision))
    return Strips(
        picture.width, picture.height, lambda: (np.asarray(made.pixels) for made in _each(steps, picture, rows))
    )


def _each(steps: list[_Step], picture: Strips, rows: int) -> Iterator[Image]:
    """What the steps make of each strip."""
    for window in picture.windows(rows, sum(step.reach for step in steps)):
        yield Image(_made(steps, window))


def _made(steps: list[_Step], window: Window) -> Pixels:
    artwork: Any = Image(window.pixels)
    for step in steps:
        artwork = step(artwork)
    return np.ascontiguousarray(Image.of(artwork).pixels[window.core])


def _of(name: str, values: Values, bound: Bound) -> Any:
    return values.get(name, bound.op.parameters[name].default)


def _reach(bound: Bound) -> int | None:
    """How far around each pixel a step looks; None where it looks at all."""
    op = bound.op
    if "rng" in op.injected.values() or "metadata" in op.injected.values():
        return None
    if op.per_color or op.name in _DECIDED or op.name == "threshold":
        return 0
    known = _REACHES.get(op.name)
    return None if known is None else known(lambda name: _of(name, bound.values, bound))


def _bell(sigma: float) -> int:
    from artkit.raster.filters import gaussian_window

    return gaussian_window(sigma)[1] // 2


_REACHES: dict[str, Callable[[Callable[[str], Any]], int | None]] = {
    "blur": lambda of: of("size") // 2 if of("sigma") is None else _bell(of("sigma")),
    "channel-blur": lambda of: of("size") // 2,
    "median": lambda of: of("size") // 2 if of("focus") == "off" else None,
    "bilateral": lambda of: of("size") // 2,
    "sharpen": lambda of: _bell(of("sigma")),
    "sobel": lambda of: None if of("scale") == "auto" else 1,
    "emboss": lambda of: 1,
}
"""By operation: how far it looks, by its parameters."""


def _counts(strips: Iterator[Image], levels: Callable[[Pixels], Pixels]) -> Ints:
    from artkit.raster.histogram import histogram

    total = np.zeros(256, np.int64)
    for strip in strips:
        total += histogram(levels(strip.pixels), None)
    return total


def _gray(values: Values) -> Callable[[Pixels], Pixels]:
    from artkit.color.gray import gray_of

    return lambda pixels: gray_of(pixels, values.get("weights", "rec601"))


def _otsu(strips: Iterator[Image], values: Values) -> Any:
    from artkit.raster.histogram import otsu_level

    return otsu_level(_counts(strips, _gray(values)))


def _otsu_rgb(strips: Iterator[Image], values: Values) -> Any:
    from artkit.raster.histogram import histogram, otsu_level

    total = np.zeros((3, 256), np.int64)
    for strip in strips:
        total += [histogram(strip.pixels[..., i], None) for i in range(3)]
    return [otsu_level(counts) for counts in total]


def _multi_otsu(strips: Iterator[Image], values: Values) -> Any:
    from artkit.raster.histogram import otsu_levels

    counts = _counts(strips, _gray(values))
    return otsu_levels(counts, min(values.get("classes", 3), max(int(np.count_nonzero(counts)), 1)))


_DECIDED: dict[str, Callable[[Iterator[Image], Values], Any]] = {
    "otsu": _otsu,
    "otsu-rgb": _otsu_rgb,
    "multi-otsu": _multi_otsu,
}
"""By operation: what it decides of a picture as a whole."""
