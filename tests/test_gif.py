"""Animations as GIF, WebP and APNG: every frame is there, at its time, as often as was asked."""

from __future__ import annotations

import base64
import io
import struct
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageFilter, ImageSequence

from artkit.artwork.animation import Animation, Indexing, PaletteAnimation
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import encode, frames
from artkit.export.gif import lzw
from artkit.export.gif.palette import painted, squares

FORMATS = [".gif", ".webp", ".png"]


def flat(*colors: tuple[int, int, int], **options: object) -> Animation:
    return Animation(len(colors), lambda i: Image(np.full((6, 9, 3), colors[i], np.uint8)), **options)


def played(data: bytes) -> list[np.ndarray]:
    with Pillow.open(io.BytesIO(data)) as file:
        return [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(file)]


def times(data: bytes) -> list[float]:
    with Pillow.open(io.BytesIO(data)) as file:
        return [frame.info["duration"] for frame in ImageSequence.Iterator(file) if frame.load() is not None]


def loops(data: bytes) -> int | None:
    with Pillow.open(io.BytesIO(data)) as file:
        return file.info.get("loop")


@pytest.mark.parametrize("ending", FORMATS)
def test_equal_frames_are_all_kept(ending):
    red, blue = (255, 0, 0), (0, 0, 255)
    data = encode(flat(red, red, red, blue, blue, red), ending)
    with Pillow.open(io.BytesIO(data)) as file:
        assert file.n_frames == 6
    colors = [frame[3, 4, :3].astype(int) for frame in played(data)]
    assert np.abs(np.array(colors) - [red, red, red, blue, blue, red]).max() <= 3


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("count", [1, 2, 7])
def test_frames_are_as_many_as_stated(ending, count):
    data = encode(Animation(count, lambda i: Image(np.full((4, 5, 3), i * 30, np.uint8))), ending)
    assert len(played(data)) == count


def test_a_gif_of_few_colors_is_exact():
    rng = np.random.default_rng(0)
    colors = rng.integers(0, 256, (256, 3), np.uint8)
    frames = [colors[rng.permutation(256).reshape(16, 16)] for _ in range(3)]
    data = encode(Animation(3, lambda i: Image(frames[i])), ".gif")
    assert np.array_equal([frame[..., :3] for frame in played(data)], frames)


def test_an_apng_is_exact_with_its_masks():
    rng = np.random.default_rng(0)
    frames = [Image.of(rng.integers(0, 256, (8, 9, 4), np.uint8)) for _ in range(3)]
    data = encode(Animation(3, lambda i: frames[i]), ".png")
    assert np.array_equal(played(data), [frame.rgba for frame in frames])


@pytest.mark.parametrize("ending", FORMATS)
def test_a_mask_that_turns_up_late_is_kept(ending):
    def frame(i: int) -> Image:
        pixels = np.full((4, 4, 3), 200, np.uint8)
        return Image(pixels, None if i == 0 else np.array([[0, 255] * 2, [255, 0] * 2] * 2, np.uint8))

    shown = played(encode(Animation(3, frame), ending))
    assert [frame[..., 3].min() for frame in shown] == [255, 0, 0]
    assert np.array_equal(shown[2][..., 3], frame(2).alpha)


def test_soft_edges_lie_on_the_matte_color():
    sheet = np.array([[[200, 0, 0, 255], [200, 0, 0, 102], [200, 0, 0, 1], [9, 9, 9, 0]]], np.uint8)
    wanted = [[[200, 0, 0, 255], [80, 0, 153, 255], [1, 0, 254, 255]]]
    color = PaletteAnimation.of(Image.of(sheet), 2, lambda i, image: image)
    for made in (Animation(2, lambda i: Image.of(sheet)), color):
        shown = played(encode(replace(made, indexing=Indexing(matte="blue")), ".gif"))
        assert shown[1][:, :3].tolist() == wanted and shown[1][0, 3, 3] == 0
    assert played(encode(color, ".gif"))[0][..., 3].tolist() == [[255, 0, 0, 0]]


def test_a_frame_of_a_gif_shows_nothing_of_the_one_before():
    holes = [np.array([[0, 255]], np.uint8), np.array([[255, 0]], np.uint8)]
    animation = Animation(2, lambda i: Image(np.full((1, 2, 3), 90, np.uint8), holes[i]))
    assert [frame[..., 3].tolist() for frame in played(encode(animation, ".gif"))] == [[[0, 255]], [[255, 0]]]


def test_a_photo_keeps_its_looks():
    y, x = np.mgrid[0:96, 0:128]
    photo = np.stack([x * 2, y * 2.6, 128 + 100 * np.sin(x / 9) * np.cos(y / 7)], axis=-1).astype(np.uint8)
    shown = played(encode(Animation(1, lambda i: Image(photo)), ".gif"))[0][..., :3]
    error = np.mean((shown.astype(float) - photo) ** 2)
    assert 10 * np.log10(255**2 / error) > 24  # no palette of 256 does better than 31 on these colors


@pytest.mark.slow
def test_smooth_fields_of_few_colors_are_dithered_and_nothing_else_is():
    y, x = np.mgrid[0:96, 0:128]
    smooth = np.stack([x * 1.4, y * 2, 255 - x - y], axis=-1).clip(0, 255).astype(np.uint8)
    noise = np.random.default_rng(0).integers(-12, 13, smooth.shape)
    grainy = (smooth + noise).clip(0, 255).astype(np.uint8)

    def blurred(pixels: np.ndarray) -> np.ndarray:
        return np.asarray(Pillow.fromarray(pixels).filter(ImageFilter.BoxBlur(4))).astype(float)

    def error(dither: bool | None, **settings: object) -> float:
        turn = PaletteAnimation.of if settings else Animation
        made = Indexing(64, dither=dither)
        if settings:
            data = encode(turn(Image(smooth), 2, lambda i, image: image, indexing=made), ".gif")
        else:
            data = encode(turn(2, lambda i: Image(np.roll(smooth, i)), indexing=made), ".gif")
        return float(np.mean((blurred(played(data)[0][..., :3]) - blurred(smooth)) ** 2))

    for way in ({}, {"palette": True}):
        assert error(None, **way) == error(True, **way) < 0.6 * error(False, **way)
    still = [
        encode(Animation(1, lambda i: Image(grainy), indexing=Indexing(dither=way)), ".gif") for way in (None, False)
    ]
    assert still[0] == still[1]


@given(st.integers(1, 60), st.floats(0.004, 3))
def test_the_total_time_is_right_and_no_frame_is_half_a_hundredth_late(count, delay):
    waits = frames.delays(Animation(count, lambda i: None, delay=delay), 0.01)
    starts = np.cumsum([0, *waits])
    assert np.abs(starts - np.arange(count + 1) * delay * 100).max() <= 0.5 + 1e-6
    assert len(waits) == count and min(waits) >= 0


def test_a_thirtieth_of_a_second_is_3_3_4_hundredths():
    animation = flat(*[(9, 9, 9)] * 30, delay=1 / 30)
    assert times(encode(animation, ".gif"))[:6] == [30, 40, 30, 30, 40, 30]
    assert sum(times(encode(animation, ".gif"))) == 1000
    assert sum(times(encode(animation, ".webp"))) == 1000
    assert sum(times(encode(animation, ".png"))) == pytest.approx(1000)


@pytest.mark.parametrize("ending", FORMATS)
def test_loop_0_is_for_ever(ending):
    assert loops(encode(flat((1, 1, 1), (2, 2, 2)), ending)) == 0


def test_a_count_of_loops_is_what_each_format_means_by_it():
    three, once = flat((1, 1, 1), (2, 2, 2), loop=3), flat((1, 1, 1), (2, 2, 2), loop=1)
    # A GIF counts the repeats after the first playing, and plays once where it does not say.
    assert (loops(encode(three, ".gif")), loops(encode(once, ".gif"))) == (2, None)
    assert (loops(encode(three, ".webp")), loops(encode(once, ".webp"))) == (3, 1)
    assert (loops(encode(three, ".png")), loops(encode(once, ".png"))) == (3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("ending", FORMATS)
def test_memory_does_not_grow_with_the_frames(ending):
    image = Image(np.zeros((256, 256, 3), np.uint8))  # compresses to next to nothing, so that memory is the frames'

    def peak(count: int) -> int:
        tracemalloc.start()
        encode(Animation(count, lambda i: image.with_pixels(image.pixels + np.uint8(i))), ending)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(2)
    assert peak(40) < peak(3) + 10 * 256 * 256 * 3


def test_frames_of_two_sizes_are_refused():
    animation = Animation(3, lambda i: Image(np.zeros((4, 4 + i // 2, 3), np.uint8)))
    for ending in FORMATS:
        with pytest.raises(UsageError, match="frame 3 is 5 x 4 pixels, the first is 4 x 4"):
            encode(animation, ending)


def test_a_delay_beyond_the_format_is_refused():
    for ending, seconds in {".gif": 700, ".png": 70_000, ".webp": 20_000}.items():
        with pytest.raises(UsageError, match="use a shorter one"):
            encode(flat((1, 1, 1), delay=seconds), ending)


def test_an_animation_in_one_frame_is_a_still_gif():
    with Pillow.open(io.BytesIO(encode(Image(np.zeros((2, 2, 3), np.uint8)), ".gif"))) as file:
        assert (file.n_frames, file.info.get("loop")) == (1, None)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 256), st.randoms(use_true_random=False))
@pytest.mark.slow
def test_the_image_data_are_those_of_the_indices(width, height, colors, random):
    indices = np.array([random.randrange(colors) for _ in range(width * height)], np.uint8).reshape(height, width)
    grey = np.arange(256, dtype=np.uint8).repeat(3)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + grey.tobytes()
    place = struct.pack("<BHHHHB", 0x2C, 0, 0, width, height, 0)
    with Pillow.open(io.BytesIO(head + place + lzw.encode(indices)[0] + b";")) as file:
        assert np.array_equal(np.asarray(file.convert("L")), indices)


@pytest.mark.parametrize("shape", [(1,), (700,), (3, 5), (40, 300)])
def test_indices_are_painted_and_distances_are_exact(shape):
    rng = np.random.default_rng(3)
    table, indices = rng.integers(0, 256, (200, 3), np.uint8), rng.integers(0, 200, shape, np.uint8)
    other = rng.integers(0, 256, (*shape, 3), np.uint8)
    assert (painted(table, indices) == table[indices]).all()
    assert (squares(table[indices], other) == ((table[indices] - other.astype(int)) ** 2).sum(axis=-1)).all()


def test_jupyter_plays_the_animation():
    animation = flat((1, 2, 3), (4, 5, 6))
    ((kind, data),) = animation._repr_mimebundle_().items()
    assert (kind, base64.b64decode(data)) == ("image/gif", encode(animation, ".gif"))


def test_what_follows_a_frame_that_was_written_again_is_compared_with_that_frame():
    """A frame with a key that is known is copied in the file: what it leaves on the screen has to be known, too."""
    still = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    moved = still.copy()
    moved[5:9, 5:9] = 255 - moved[5:9, 5:9]
    pictures = [still, moved, still, moved, still]
    animation = Animation(5, lambda i: Image(pictures[i]), key=lambda i: i % 2)
    shown = played(encode(animation, ".gif"))
    one = [np.abs(frame[..., :3].astype(int) - picture).mean() for frame, picture in zip(shown, pictures, strict=True)]
    assert max(one) < 12, one  # 256 colors for 600
    inside = [
        np.abs(frame[5:9, 5:9, :3].astype(int) - p[5:9, 5:9]).mean() for frame, p in zip(shown, pictures, strict=True)
    ]
    assert max(inside) < 12, inside
