"""What every artwork can do: become a file, bytes or a picture, and show itself in a notebook."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Container
from typing import TYPE_CHECKING

from artkit.artwork import formats
from artkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from artkit.artwork.image import Image

_TYPES = {".svg": "image/svg+xml", ".gif": "image/gif", ".png": "image/png"}
"""MIME types of what notebooks show, by the usual suffix of an artwork."""


class Shown(ABC):
    """An artwork as its users see it; its types are `Image`, `Labels`, `Drawing` and `Animation`."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it to a file, in full or not at all; the suffix decides the format. Gives the path."""
        return formats.save(self, path)

    def to_bytes(self, suffix: str = "") -> bytes:
        """Give the bytes of the file that `save` would write under a suffix, as ".svg"; without one, the usual."""
        return formats.encode(self, suffix or formats.suffix(self))

    @abstractmethod
    def to_image(self, width: int | None = None) -> Image:
        """Give it as a picture, `width` pixels wide or, without that, as large as it is."""

    @abstractmethod
    def _facts(self) -> str:
        """What `repr` tells."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._facts()})"

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, str]:
        """Show it in a notebook, in one form: a drawing stays vectors, an animation moves, all else is pixels."""
        suffix = formats.suffix(self)
        kind = _TYPES.get(suffix, "image/png")
        if (include and kind not in include) or (exclude and kind in exclude):
            return {}
        data = formats.encode(self, suffix)
        return {kind: data.decode() if suffix == ".svg" else b64encode(data).decode()}


def sides_at(width: int | None, sides: tuple[float, float]) -> tuple[int, int]:
    """Give width and height in whole pixels of what is so wide and so high, at another width or as it is."""
    if width is not None and (not isinstance(width, int) or width < 1):
        raise UsageError(f"width: {width} is no number of pixels; use a whole number from 1 up")
    own_width, own_height = sides
    wide = round(own_width) if width is None else width
    return max(wide, 1), max(round(own_height * wide / own_width), 1)
