"""Pictures in time: `Animation`, whose frames are made when they are asked for, and `PaletteAnimation`.

The frames of a `PaletteAnimation` are one picture whose colors change: each frame is known by a table of colors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Mask
from artkit.artwork import formats
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.distinct import IndexedColors
from artkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

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
    """How frames become pictures of few colors, for the formats that need it (GIF).

    `lossy` is by how many levels, about, a pixel may go off its nearest color to make the file smaller (root of the
    mean square over channels, and over frames that share their indices; more in noisy pictures); 0 is exact. `palette`
    says whether frames share one table; "auto" decides by what the frames hold.
    """

    colors: int = 256
    dither: bool = False
    lossy: float = 0.0
    palette: Literal["auto", "one", "each"] = "auto"

    def __post_init__(self) -> None:
        if not 2 <= self.colors <= 256:
            raise UsageError(f"colors: a GIF has 2 to 256 colors, not {self.colors}")
        if not 0 <= self.lossy <= 100:  # NaN fails, too
            raise UsageError(f"lossy: {self.lossy:g} levels; use 0 (exact) to 100")


@dataclass(frozen=True, eq=False)
class Animation:
    """`count` frames of one size, made by `frame(i)`; `delay` seconds each; played `loop` times, 0 is for ever.

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

    def __post_init__(self) -> None:
        if self.count < 1:
            raise UsageError(f"an animation has at least 1 frame, not {self.count}")
        if not self.delay > 0:
            raise UsageError(f"a frame lasts more than 0 seconds, not {self.delay}")
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
    def size(self) -> tuple[int, int]:
        """Width and height of the frames, in pixels; the first one is made for it."""
        first = self.frame(0)
        return first.width, first.height

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write an animated GIF, WebP or PNG or, with imageio-ffmpeg, an MP4 or WebM, by the suffix of `path`."""
        return formats.save(self, path)

    def _settings(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(Animation) if each.name != "frame"}

    def _repr_html_(self) -> str:
        from base64 import b64encode

        return f'<img src="data:image/gif;base64,{b64encode(formats.encode(self, ".gif")).decode()}">'


@dataclass(frozen=True, eq=False)
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
