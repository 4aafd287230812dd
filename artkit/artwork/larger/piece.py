"""A file that was made of a piece of another, read as every photo is."""

from __future__ import annotations

from collections.abc import Callable

from artkit.arrays import Pixels

ON_WHITE = "transparent parts are taken as they look on white"


def piece(data: bytes, report: Callable[[str], None], name: str) -> Pixels:
    """Read a file that was made of a piece of another."""
    from artkit.artwork.photo import read

    image = read(data, lambda _: None, name)
    if image.alpha is not None:
        report(ON_WHITE)
    return image.on_white().pixels
