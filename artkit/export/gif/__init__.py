"""Animations to GIF (GIF89a specification, CompuServe 1990): every frame kept, the time exact to a hundredth second.

A `PaletteAnimation` has its indices compressed once; each frame is a table of colors and a copy of them. Other
animations are indexed frame by frame; of a frame that resembles the one before, only what differs is written.
Pillow's own writer merges equal frames, so that an animation would not have the frames it says it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

import numpy as np

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.formats import Note
from artkit.artwork.image import Image
from artkit.color.palette import parse
from artkit.errors import UsageError
from artkit.export.frames import delays
from artkit.export.gif.blocks import LARGEST

SHORTEST = 0.02
"""Seconds. Browsers show a frame that is to last less for a tenth of a second."""


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the GIF. Pixels less than half opaque become transparent or, with a matte color, are laid on that.

    A few frames are in memory at a time. A delay below 0.02 s becomes that, and is noted.
    """
    shortest = min(animation.waits)
    if shortest < SHORTEST and note:
        note(
            f"GIF: {1 / shortest:g} frames per second: browsers slow down what is faster than 50, so it plays "
            "at 50; WebP, PNG and MP4 keep the pace"
        )
    waits = delays(animation, 0.01, SHORTEST)
    if max(waits) > LARGEST:
        raise UsageError(f"a delay of {max(animation.waits):g} s: GIF ends at 655 s; use a shorter one")
    if animation.indexing.matte is not None:
        animation = _on_matte(animation, animation.indexing.matte)
    if isinstance(animation, PaletteAnimation):
        from artkit.export.gif.recolored import write_palettes

        write_palettes(animation, waits, file, metadata)
    else:
        from artkit.export.gif.stream import Frames

        Frames(animation, waits, file, metadata).write()
    file.write(b"\x3b")


def _on_matte(animation: Animation, matte: str) -> Animation:
    """Give an animation whose pixels are opaque, on that color where they were not quite, or wholly transparent."""
    if isinstance(animation, PaletteAnimation) and animation.alpha is None:
        return animation
    color = np.array(parse(matte), np.uint32)

    def laid(frame: Image) -> Image:
        if frame.alpha is None:
            return frame
        alpha = frame.alpha[..., None].astype(np.uint32)
        pixels = (frame.pixels * alpha + color * (255 - alpha) + 127) // 255
        return Image(pixels.astype(np.uint8), np.where(frame.alpha > 0, np.uint8(255), np.uint8(0)))

    return animation.map(laid)


def write_still(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write a picture as a GIF of one frame."""
    write(Animation(1, lambda _: image, loop=1), file, metadata, note)
