"""Ops that set a picture in motion."""

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.ops import animate
from artkit.ops.animate import color_cycle
from artkit.ops.color import rotate_color


@pytest.mark.parametrize("space", ["sigmoid", "linear", "oklch"])
def test_the_first_frame_is_the_photo(photo, space):
    assert (color_cycle(photo, space=space).frame(0).pixels == photo.pixels).all()


def test_frames_are_even_steps_of_one_full_turn_that_does_not_repeat_its_first(photo):
    cycle = color_cycle(photo, frames=8, axis="gray")
    assert len(cycle) == 8
    for i, frame in enumerate(cycle):
        assert (frame.pixels == rotate_color(photo, angle=45 * i, axis="gray").pixels).all()
    assert len({frame.pixels.tobytes() for frame in cycle}) == 8


def test_the_loop_has_no_seam(photo):
    """The step from the last frame to the first is no larger than the others."""
    frames = [frame.pixels.astype(int) for frame in color_cycle(photo, frames=24)]
    steps = [np.abs(a - b).mean() for a, b in zip(frames, frames[1:] + frames[:1], strict=True)]
    assert steps[-1] <= max(steps[:-1])


def test_turning_the_other_way_shows_the_same_frames_in_reverse(photo):
    there, back = color_cycle(photo, frames=6), color_cycle(photo, frames=6, reverse=True)
    for i in range(6):
        assert np.abs(there.frame(i).pixels.astype(int) - back.frame(-i % 6).pixels).max() <= 1


def test_frames_are_made_when_asked_for_and_the_same_each_time(photo, monkeypatch):
    made = []
    original = animate.rotator
    monkeypatch.setattr(animate, "rotator", lambda *values: made.append(values) or original(*values))
    cycle = color_cycle(photo, frames=12)
    assert not made
    assert (cycle.frame(7).pixels == cycle.frame(7).pixels).all()
    assert len(made) == 2


def test_every_frame_keeps_the_mask():
    image = Image.of(np.random.default_rng(0).integers(0, 256, (6, 7, 4), dtype=np.uint8))
    assert all((frame.alpha == image.alpha).all() for frame in color_cycle(image, frames=3))


def test_white_never_turns_black_at_the_start():
    white = Image(np.full((2, 2, 3), 255, np.uint8))
    assert (color_cycle(white).frame(0).pixels == 255).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"frames": 1}, "frames: 1 is too small; use 2 or more"),
        ({"delay": 0}, "delay: 0"),
        ({"delay": float("nan")}, "delay: nan is not a finite number"),
        ({"axis": "rde"}, "did you mean red"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(photo, values, message):
    with pytest.raises(UsageError) as caught:
        color_cycle(photo, **values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
