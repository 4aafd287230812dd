"""Animations to GIF (GIF89a specification, CompuServe 1990): every frame kept, the time exact to a hundredth second.

A `PaletteAnimation` has its indices compressed once; each frame is a table of colors and a copy of them. Other
animations are indexed frame by frame; of a frame that resembles the one before, only what differs is written.
Pillow's own writer merges equal frames, so that an animation would not have the frames it says it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import BinaryIO

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.formats import Note
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export.frames import delays
from artkit.export.gif.blocks import LARGEST

SHORTEST = 0.02
"""Seconds. Browsers show a frame that is to last less for a tenth of a second."""


def write(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the GIF. Pixels less than half opaque become transparent.

    A few frames are in memory at a time. A delay below 0.02 s becomes that, and is noted.
    """
    if animation.delay < SHORTEST and note:
        note(
            f"GIF: {1 / animation.delay:g} frames per second: browsers slow down what is faster than 50, so it plays "
            "at 50; WebP, PNG and MP4 keep the pace"
        )
    waits = delays(replace(animation, delay=max(animation.delay, SHORTEST)), 0.01)
    if max(waits) > LARGEST:
        raise UsageError(f"a delay of {animation.delay:g} s: GIF ends at 655 s; use a shorter one")
    if isinstance(animation, PaletteAnimation):
        from artkit.export.gif.recolored import write_palettes

        write_palettes(animation, waits, file, metadata)
    else:
        from artkit.export.gif.stream import Frames

        Frames(animation, waits, file, metadata).write()
    file.write(b"\x3b")


def write_still(image: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write a picture as a GIF of one frame."""
    write(Animation(1, lambda _: image, loop=1), file, metadata, note)
