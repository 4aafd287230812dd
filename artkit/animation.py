"""Pictures in time: `Animation`, whose frames are made when they are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from artkit.errors import UsageError
from artkit.image import Image

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, eq=False)
class Animation:
    """`count` frames of one size, made by `frame(i)`; `delay` seconds each; played `loop` times, 0 is for ever.

    `frame` must give the same Image for the same i; frames are asked for in any order and are not kept.
    """

    count: int
    frame: Callable[[int], Image]
    delay: float = 0.04
    loop: int = 0

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
        return Animation(self.count, lambda i: change(self.frame(i)), self.delay, self.loop)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write an animated GIF, WebP or PNG, by the suffix of `path`."""
        from artkit.export import save

        return save(self, path)

    def _repr_html_(self) -> str:
        from base64 import b64encode

        from artkit.export import encode

        return f'<img src="data:image/gif;base64,{b64encode(encode(self, ".gif")).decode()}">'
