"""Frames of unlike delays: every format keeps each of them, as Pillow reads it back."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import pytest

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import encode

DELAYS = (0.1, 0.5, 0.03, 0.25)


def frame(i: int) -> Image:
    return Image(np.full((5, 6, 3), 50 * i, np.uint8))


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_each_frame_has_its_own_delay(suffix):
    data = encode(Animation(4, frame, delay=0.22, delays=DELAYS, loop=3), suffix)
    with PIL.Image.open(io.BytesIO(data)) as made:
        found = []
        for i in range(made.n_frames):
            made.seek(i)
            made.load()
            found.append(made.info["duration"])
    assert found == pytest.approx([1000 * delay for delay in DELAYS], abs=0.5)


def test_a_delay_that_a_gif_cannot_have_is_the_shortest_it_can_and_the_others_stay():
    notes: list[str] = []
    data = encode(Animation(2, frame, delay=0.1, delays=(0.01, 0.19)), ".gif", note=notes.append)
    with PIL.Image.open(io.BytesIO(data)) as made:
        first = made.info["duration"]
        made.seek(1)
        assert (first, made.info["duration"]) == (20, 190)
    assert len(notes) == 1 and "100 frames per second" in notes[0]


def test_delays_are_one_for_each_frame_and_above_nothing():
    with pytest.raises(UsageError, match="3 for 4 frames"):
        Animation(4, frame, delays=(0.1, 0.1, 0.1))
    with pytest.raises(UsageError, match="more than 0 seconds"):
        Animation(2, frame, delays=(0.1, 0.0))
