"""Frames of footage by number: decoded in their order, and kept on disk where they are asked for in another one."""

from __future__ import annotations

from collections.abc import Callable, Generator

from artkit.artwork.image import Image
from artkit.footage.model import Footage
from artkit.footage.store import Store


class Reel:
    """Gives each frame by its number, as `prepared`.

    With `keep`, frames go to disk as they are decoded; else to go back is to decode anew from the first.
    """

    def __init__(self, footage: Footage, prepared: Callable[[Image], Image], *, keep: bool = False) -> None:
        self._footage, self._prepared = footage, prepared
        self._kept = Store() if keep else None
        self._frames: Generator[Image, None, None] | None = None
        self._next = 0
        self._last: tuple[int, Image] | None = None

    def frame(self, number: int) -> Image:
        """Give a frame."""
        if self._last is not None and self._last[0] == number:
            return self._last[1]
        if self._kept is not None and number in self._kept:
            return self._kept.get(number)
        if self._frames is None or number < self._next:
            self.close()
            self._frames, self._next = self._footage.frames(), 0
        for image in self._frames:
            self._next += 1
            if self._kept is not None or self._next > number:
                image = self._prepared(image)
                self._last = self._next - 1, image
                if self._kept is not None and self._next - 1 not in self._kept:
                    self._kept.put(self._next - 1, image)
            if self._next > number:
                return image
        raise IndexError(f"{self._footage.name}: has no frame {number + 1}")

    def close(self) -> None:
        """End what decodes."""
        if self._frames is not None:
            self._frames.close()
        self._frames = None
