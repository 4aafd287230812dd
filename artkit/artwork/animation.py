"""Pictures in time: `Animation`, whose frames are made when they are asked for, and `PaletteAnimation`.

The frames of a `PaletteAnimation` are one picture whose colors change: each frame is known by a table of colors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import accumulate
from math import inf
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Mask
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.shown import Shown
from artkit.color.distinct import IndexedColors
from artkit.errors import UsageError

Colors = NDArray[np.uint8]
"""(N, 3) sRGB."""

Change = Callable[[int, Image | Labels], Image | Labels]
"""Takes the number of a frame and a picture or regions; gives what becomes of them in that frame."""

MOST_LABELS = 8192
"""Regions whose colors change freely are kept as a palette up to this number."""

_COUNTED = 64
"""Labels whose shares of a pixel are worth counting when regions are made smaller."""


@dataclass(frozen=True)
class Indexing:
    """How frames become smaller: pictures of few colors for GIF, lossy ones for WebP.

    `dither` mixes colors that are not there, None in smooth fields alone. `lossy` is by how many levels, about, a pixel
    may go off its nearest color to make the file smaller (root of the mean square over channels, and over frames that
    share their indices; more in noisy pictures); 0 is exact. `palette` says whether frames share one table; "auto"
    decides by what the frames hold. `quality` is that of WebP's lossy frames, 1 to 99; with 100 no frame is lossy.
    `matte` is the color that shows through what is half transparent in a GIF, which knows no such thing.
    """

    colors: int = 256
    dither: bool | None = None
    lossy: float = 0.0
    palette: Literal["auto", "one", "each"] = "auto"
    quality: int = 90
    matte: str | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.colors <= 256:
            raise UsageError(f"colors: a GIF has 2 to 256 colors, not {self.colors}")
        if not 0 <= self.lossy <= 100:  # NaN fails, too
            raise UsageError(f"lossy: {self.lossy:g} levels; use 0 (exact) to 100")
        if not 1 <= self.quality <= 100:
            raise UsageError(f"quality: {self.quality}; use 1 to 99, or 100 for exact frames")


@dataclass(frozen=True, eq=False, repr=False)
class Animation(Shown):
    """`count` frames of one size, made by `frame(i)`; `delay` seconds each; played `loop` times, 0 is for ever.

    `delays` has the seconds of each frame where they are not all alike; `delay` is their mean then.
    `frame` must give the same Image for the same i; frames are asked for in any order and are not kept.
    Frames of which `key` gives the same (hashable) thing are equal, and need not be made twice; without it all differ.
    A file of the animation has no more than `max_bytes`: with fewer colors, then at a smaller size.
    """

    count: int
    frame: Callable[[int], Image]
    delay: float = 0.04
    loop: int = 0
    indexing: Indexing = field(default_factory=Indexing)
    key: Callable[[int], object] | None = None
    max_bytes: int | None = None
    delays: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise UsageError(f"an animation has at least 1 frame, not {self.count}")
        if self.delays is not None and len(self.delays) != self.count:
            raise UsageError(f"delays: {len(self.delays)} for {self.count} frames; give one for each")
        for delay in (self.delay, *(self.delays or ())):
            if not 0 < delay < inf:
                raise UsageError(f"a frame lasts more than 0 seconds, not {delay}")
        if self.loop < 0:
            raise UsageError(f"loop: {self.loop} is below 0; 0 plays for ever, 3 plays three times")

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Image]:
        return map(self.frame, range(self.count))

    def map(self, change: Callable[[Image], Image]) -> Animation:
        """Apply a change to every frame, when it is asked for."""
        return Animation(frame=lambda i: change(self.frame(i)), **self._settings())

    def before_each(self, call: Callable[[int], None]) -> Animation:
        """Have `call(i)` called before frame i is made; what it raises ends the making."""

        def frame(i: int) -> Image:
            call(i)
            return self.frame(i)

        return replace(self, frame=frame)

    def scaled(self, width: int, height: int) -> Animation:
        """Give the animation with frames reduced to that size."""
        return self.map(lambda image: Image.of(reduced(image, width, height)))

    @property
    def waits(self) -> tuple[float, ...]:
        """Seconds for which each frame is shown."""
        return self.delays or (self.delay,) * self.count

    @property
    def starts(self) -> list[float]:
        """Second at which each frame comes, and that at which the last one goes."""
        if self.delays is None:
            return [i * self.delay for i in range(self.count + 1)]
        return [0.0, *accumulate(self.delays)]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frames, in pixels; the first one is made for it."""
        first = self.frame(0)
        return first.width, first.height

    def to_image(self, width: int | None = None, frame: int = 0) -> Image:
        """Give one of its frames, at another width where one is given."""
        return self.frame(frame).to_image(width)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """(N, H, W, 3): all frames."""
        if copy is False:
            raise ValueError("the frames of an animation are made when they are asked for: copy=False cannot be")
        return np.array([image.pixels for image in self], dtype=dtype)

    def _settings(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(Animation) if each.name != "frame"}

    def _facts(self) -> str:
        return f"{self.count} frame{'s' * (self.count != 1)}, {self.starts[-1]:g} s"


@dataclass(frozen=True, eq=False, repr=False)
class PaletteAnimation(Animation):
    """An animation whose frames are one picture with other colors; made by `PaletteAnimation.of`.

    `base` is that picture by its distinct colors, (N, 3), or by its labels' palette; `alpha` its mask.
    """

    source: Image | Labels = None  # type: ignore[assignment]
    change: Change = None  # type: ignore[assignment]
    base: IndexedColors = None  # type: ignore[assignment]
    alpha: Mask | None = None

    @classmethod
    def of(cls, source: Image | Labels, count: int, change: Change, **settings: Any) -> Animation:
        """Animate a picture or regions by `change(i, stand_in)`, which treats each color alone.

        It is given pictures (1, n) of single colors, or labels with one pixel of each, and gives what becomes of them.
        Regions of many colors, or of none, become an ordinary animation.
        """
        if isinstance(source, Labels):
            if not 0 < len(source.palette) <= MOST_LABELS:
                return Animation(count, lambda i: Image.of(change(i, source)), **settings)
            inside = source.ids != TRANSPARENT
            alpha = None if inside.all() else np.where(inside, np.uint8(255), np.uint8(0))
            return cls._on(
                IndexedColors(source.palette, np.maximum(source.ids, 0)), alpha, source, count, change, **settings
            )
        return cls._on(IndexedColors.of(source.pixels), source.alpha, source, count, change, **settings)

    @classmethod
    def _on(
        cls,
        base: IndexedColors,
        alpha: Mask | None,
        source: Image | Labels,
        count: int,
        change: Change,
        **settings: Any,
    ) -> PaletteAnimation:
        def frame(i: int) -> Image:
            return Image(base.painted(made.table(i, slice(None))), alpha)

        made = cls(count, frame, source=source, change=change, base=base, alpha=alpha, **settings)
        return made

    def table(self, i: int, which: Any) -> Colors:
        """Give the colors (n, 3) that stand in frame i for `base.colors[which]`; `which` indexes an axis."""
        if isinstance(self.source, Labels):  # all colors together may matter
            stand_in = Labels(np.arange(len(self.base.colors), dtype=np.int32)[None], self.base.colors)
            colors: Colors = Image.of(self.change(i, stand_in)).pixels[0, which]
        else:
            colors = Image.of(self.change(i, Image(self.base.colors[which][None]))).pixels[0]
        return colors

    def recolored(self, change: Callable[[Image], Image]) -> Animation:
        """Apply to every frame a change that treats each color alone."""
        return self._changed(lambda i, source: change(Image.of(self.change(i, source))))

    def before_each(self, call: Callable[[int], None]) -> Animation:
        """Have `call(i)` called before colors of frame i are computed."""

        def change(i: int, source: Image | Labels) -> Image | Labels:
            call(i)
            return self.change(i, source)

        return self._changed(change)

    def scaled(self, width: int, height: int) -> Animation:
        """Give the animation of the picture reduced to that size."""
        return self.of(reduced(self.source, width, height), change=self.change, **self._settings())

    def _changed(self, change: Change) -> PaletteAnimation:
        return self._on(self.base, self.alpha, self.source, change=change, **self._settings())


def reduced(source: Image | Labels, width: int, height: int) -> Image | Labels:
    """Give a picture at a smaller size, each pixel the mean of the area it covers; labels by the largest share."""
    import cv2

    from artkit.raster.resize import resized

    if isinstance(source, Image):
        return Image(*resized(source.pixels, source.alpha, width, height))
    size = width, height
    if len(source.palette) > _COUNTED:
        return Labels(np.asarray(cv2.resize(source.ids, size, interpolation=cv2.INTER_NEAREST)), source.palette)
    best = np.full((height, width), TRANSPARENT, np.int32)
    most = np.zeros((height, width), np.float32)
    for label in range(TRANSPARENT, len(source.palette)):
        share = cv2.resize((source.ids == label).astype(np.float32), size, interpolation=cv2.INTER_AREA)
        larger = share > most
        best[larger], most[larger] = label, share[larger]
    return Labels(best, source.palette)
