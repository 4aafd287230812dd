"""Animated PNG and WebP hold what changes: other programs see the frames that were given, and files are small."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageSequence

from artkit.artwork.animation import Animation, Indexing
from artkit.artwork.image import Image
from artkit.export import encode
from artkit.export.png import chunks

Frames = list[np.ndarray]
"""(H, W, 4) each."""

SEEDS = range(24)


def moving(seed: int) -> Frames:
    """Frames in which rectangles come, go, move and return, of few or many colors, opaque or with masks."""
    rng = np.random.default_rng(seed)
    height, width = (int(side) for side in rng.integers(1, 40, 2))
    many, masked = seed % 3 == 0, seed % 2 == 0
    count = int(rng.integers(2, 300))
    colors = rng.integers(0, 256, (count, 4), np.uint8)
    if not masked:
        colors[:, 3] = 255
    elif seed % 4 == 0:
        colors[:, 3] = np.where(rng.random(count) < 0.4, 0, 255)

    def some(rows: int, columns: int) -> np.ndarray:
        if not many:
            return colors[rng.integers(0, min(count, 1 << seed % 9), (rows, columns))]
        noise = rng.integers(0, 256, (rows, columns, 4), np.uint8)
        noise[..., 3] = colors[rng.integers(0, count, (rows, columns)), 3]
        return noise

    frames = [some(height, width)]
    for _ in range(int(rng.integers(3, 9))):
        frame = frames[rng.integers(0, len(frames))].copy() if rng.random() < 0.3 else frames[-1].copy()
        for _ in range(rng.integers(0, 3)):
            top, left = int(rng.integers(0, height)), int(rng.integers(0, width))
            part = frame[top : top + int(rng.integers(1, 12)), left : left + int(rng.integers(1, 12))]
            fresh = some(*part.shape[:2])
            np.copyto(
                part, 0 if masked and rng.random() < 0.4 else fresh, where=rng.random(part.shape[:2])[..., None] < 0.8
            )
        frames.append(frame)
    return frames


def animation(frames: Frames, **settings: object) -> Animation:
    return Animation(len(frames), lambda i: Image.of(frames[i]), **settings)


def by_pillow(data: bytes) -> tuple[Frames, list[float], int]:
    with Pillow.open(io.BytesIO(data)) as file:
        frames, delays = [], []
        for frame in ImageSequence.Iterator(file):
            frames.append(np.asarray(frame.convert("RGBA")))
            delays.append(frame.info["duration"])
        return frames, delays, file.info["loop"]


def seen(frames: Frames) -> np.ndarray:
    """What can be seen: colors of what is transparent do not count."""
    return np.array([np.where(frame[..., 3:] > 0, frame, 0) for frame in frames])


@pytest.mark.sample(12)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_changes_adds_up_to_the_frames_given(seed, tmp_path):
    frames = moving(seed)
    data = encode(animation(frames, delay=0.07, loop=3), ".png")
    shown, delays, loop = by_pillow(data)
    assert np.array_equal(shown, frames)
    assert (set(delays), loop) == ({70.0}, 3)
    if shutil.which("ffmpeg") and seed % 4 < 2:
        (tmp_path / "moving.apng").write_bytes(data)
        assert np.array_equal(by_ffmpeg(tmp_path / "moving.apng", frames[0].shape), frames)
    exact = encode(animation(frames, delay=0.07, loop=3, indexing=Indexing(quality=100)), ".webp")
    shown, delays, loop = by_pillow(exact)
    assert np.array_equal(seen(shown), seen(frames))
    assert (set(delays), loop) == ({70}, 3)
    shown, delays, loop = by_pillow(encode(animation(frames, delay=0.07, loop=3), ".webp"))
    assert np.array_equal(np.array(shown)[..., 3], np.array(frames)[..., 3])  # masks are exact at any quality
    assert (set(delays), loop) == ({70}, 3)


def by_ffmpeg(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    form = ["-f", "rawvideo", "-pix_fmt", "rgba"]
    command = ["ffmpeg", "-v", "error", "-i", str(path), *form, "-vsync", "passthrough", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, *shape)


def screen(i: int) -> np.ndarray:
    """A screen on which a square moves."""
    picture = Pillow.new("RGB", (300, 200), (250, 250, 250))
    draw = ImageDraw.Draw(picture)
    for y in range(10, 190, 12):
        draw.text((10, y), f"The quick brown fox {y}", fill=(30, 30, 40))
    draw.rectangle((200 + i * 3, 50, 220 + i * 3, 70), fill=(0, 120, 220))
    return np.asarray(picture)


def test_twenty_frames_of_a_screen_take_little_more_than_one():
    frames = [screen(i) for i in range(20)]
    for ending in (".png", ".webp"):
        data, one = encode(animation(frames), ending), encode(animation(frames[:1]), ending)
        assert np.array_equal(np.array(by_pillow(data)[0])[..., :3], frames)  # a WebP's too: such frames are exact
        assert len(data) < len(one) + 19 * 110


def test_frames_that_are_equal_by_their_keys_are_made_once_and_take_next_to_nothing():
    made = []

    def frame(i: int) -> Image:
        made.append(i)
        return Image(np.random.default_rng(i).integers(0, 256, (40, 40, 3), np.uint8))

    for ending, each in ((".png", 90), (".webp", 60)):
        one = encode(Animation(1, frame), ending)
        made.clear()
        data = encode(Animation(9, frame, key=lambda i: 0), ending)
        assert made == [0]
        assert len(data) < len(one) + 8 * each


def test_a_sprite_on_nothing_is_taken_away_and_drawn_anew():
    def frame(i: int) -> Image:
        sheet = np.zeros((60, 90, 4), np.uint8)
        sheet[20:30, 8 * i : 8 * i + 10] = np.random.default_rng(0).integers(0, 256, (10, 10, 4)) | [0, 0, 0, 255]
        return Image.of(sheet)

    places = [part for name, part in chunks(encode(Animation(8, frame), ".png")) if name == b"fcTL"]
    assert [int.from_bytes(part[4:8], "big") for part in places] == [90] + [10] * 7
    assert all(part[24] for part in places[:-1])


@pytest.mark.slow
def test_what_moves_over_what_stands_still_leaves_no_trail():
    """The error of lossy frames does not grow, and where a thing has been nothing is left of it."""
    y, x = np.mgrid[0:96, 0:128]
    ground = np.stack([x * 2, y * 2.6, 128 + 100 * np.sin(x / 9) * np.cos(y / 7)], axis=-1).astype(np.uint8)
    thing = np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8)

    def frame(i: int) -> Image:
        pixels = ground.copy()
        pixels[30:54, 5 * i : 5 * i + 24] = thing
        return Image(pixels)

    shown = [each[..., :3] for each in by_pillow(encode(Animation(20, frame), ".webp"))[0]]
    errors = [((a.astype(float) - frame(i).pixels) ** 2)[60:].mean() for i, a in enumerate(shown)]
    behind = [((a.astype(float) - ground) ** 2)[30:54, : 5 * i - 20].mean() for i, a in enumerate(shown) if i > 6]
    assert max(errors) < 1.1 * errors[0]
    assert max(behind) < 2.5 * errors[0]
