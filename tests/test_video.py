"""Animations as MP4 and WebM: frames, pace and colors as ffmpeg reads them back; one line where there is no ffmpeg."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from artkit.artwork import ffmpeg
from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.errors import ArtkitError, UsageError
from artkit.export import encode, video


def moving(count: int = 6, height: int = 47, width: int = 63) -> Animation:
    y, x = np.mgrid[:height, :width]
    return Animation(
        count, lambda i: Image(np.stack([x * 3, y * 4, np.full_like(x, 40 * i)], axis=-1).astype(np.uint8)), delay=0.1
    )


needs_ffmpeg = pytest.mark.skipif(not ffmpeg.found(), reason="ffmpeg is not installed")


@needs_ffmpeg
@pytest.mark.parametrize("ending", [".mp4", ".webm"])
def test_a_video_has_all_frames_in_their_colors(tmp_path, ending):
    program = ffmpeg.found()
    path = moving().save(tmp_path / f"moving{ending}")
    command = [program, "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, 48, 64, 3)  # sides are even
    assert len(frames) == 6
    for i, frame in enumerate(frames):
        assert np.abs(frame[:47, :63].astype(int) - moving().frame(i).pixels).mean() < 6
    said = subprocess.run([program, "-i", str(path)], capture_output=True, check=False).stderr.decode()
    assert "Duration: 00:00:00.6" in said and "10 fps" in said
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_without_ffmpeg_it_is_one_line_that_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        UsageError,
        match=r"\.mp4: video needs ffmpeg: install it, or pip install imageio-ffmpeg, .* use \.gif or \.webp",
    ):
        moving().save(tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_what_ffmpeg_complains_of_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(ffmpeg, "found", lambda: sys.executable)
    with pytest.raises(ArtkitError, match=r"\.webm: ffmpeg failed \(.+\); use \.gif or \.webp"):
        encode(moving(), ".webm")


@needs_ffmpeg
def test_an_error_of_a_frame_ends_ffmpeg_and_is_the_error(tmp_path):
    def frame(i: int) -> Image:
        if i == 2:
            raise ArtkitError("no third frame")
        return moving().frame(i)

    with pytest.raises(ArtkitError, match="no third frame"):
        Animation(5, frame).save(tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_frames_of_unlike_delays_are_written_as_often_as_they_last():
    rate, times = video._paced(Animation(3, moving().frame, delay=0.2, delays=(0.1, 0.4, 0.1)))
    assert (rate, times) == (10, [1, 4, 1])
    rate, times = video._paced(Animation(3, moving().frame, delay=0.1, delays=(0.033, 0.101, 0.166)))
    assert rate == 50 and sum(times) == 15
