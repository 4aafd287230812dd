"""Filters in bands of rows: the same as on the whole picture, with a word on how far they are, and an end to Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.artwork.image import Image
from artkit.errors import Cancelled
from artkit.ops.filter import bilateral, blur, canny, channel_blur, emboss, median, sharpen
from artkit.ops.halftone import halftone
from artkit.ops.paint import kuwahara, oil, sketch
from artkit.raster.bands import in_bands, leg, mirrored, spans
from artkit.recipe import Recipe, Step
from artkit.run import run
from artkit.workers import VARIABLE

OPS = {
    "box": lambda image, **more: blur(image, size=15, **more),
    "gaussian": lambda image, **more: blur(image, window="gaussian", sigma=2.5, **more),
    "channel-blur": channel_blur,
    "median": lambda image, **more: median(image, size=15, **more),
    "bilateral": bilateral,
    "sharpen": sharpen,
    "canny": canny,
    "emboss": lambda image, **more: emboss(image, of="channels", **more),
    "oil": oil,
    "kuwahara": kuwahara,
    "halftone": halftone,
    "sketch": sketch,
}


def noise(height: int, width: int) -> Image:
    return Image(np.random.default_rng(4).integers(0, 256, (height, width, 3), dtype=np.uint8))


@given(st.integers(1, 12), st.integers(0, 40))
def test_borders_mirror_about_the_outermost_pixel_however_wide_the_margin(length, margin):
    expected = np.pad(np.arange(length), margin, mode="reflect")
    assert (mirrored(length, margin) == expected).all()


@given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 20), st.sampled_from([(), (2,)]), st.integers(1, 200))
def test_a_band_is_surrounded_by_the_picture_and_beyond_its_border_by_its_mirror_image(
    height, width, margin, channels, pixels
):
    levels = np.random.default_rng(height).integers(0, 256, (height, width, *channels), dtype=np.uint8)
    whole = np.pad(levels, ((margin, margin), (margin, margin), *((0, 0) for _ in channels)), mode="reflect")
    seen: list[np.ndarray] = []
    with patch.dict(os.environ, {VARIABLE: "1"}):  # so that bands are seen in their order
        result = in_bands(levels, lambda band: seen.append(band) or band, margin=margin, pixels=pixels)
    assert (result == levels).all()
    top = 0
    for band in seen:
        assert (band == whole[top : top + len(band)]).all()
        top += len(band) - 2 * margin
    assert top == height


@given(st.integers(1, 50), st.integers(0, 60))
def test_spans_cover_every_row_once_and_tell_how_far_they_are(height, step):
    told: list[float] = []
    rows = [row for top, bottom in spans(height, step, told.append) for row in range(top, bottom)]
    assert rows == list(range(height))
    assert told == sorted(told) and told[-1] == 1 and min(told) > 0


def test_a_part_of_the_work_tells_its_part_of_the_progress():
    told: list[float] = []
    part = leg(told.append, 0.2, 0.7)
    assert part
    part(0), part(0.5), part(1)
    assert told == pytest.approx([0.2, 0.45, 0.7])
    assert leg(None, 0, 1) is None


@pytest.mark.parametrize("name", OPS)
def test_a_filter_in_bands_is_that_of_the_whole_picture_bit_for_bit(name, monkeypatch):
    image = noise(211, 67)
    whole = OPS[name](image).pixels

    def in_small_bands(levels, change, *, margin=0, pixels=None, advance=None):
        return in_bands(levels, change, margin=margin, pixels=500, advance=advance)

    for module in ("filters", "edges", "painting", "sketch"):
        monkeypatch.setattr(f"artkit.raster.{module}.in_bands", in_small_bands)
    for module in ("halftone", "paint"):
        monkeypatch.setattr(import_module(f"artkit.ops.{module}"), "few_rows", lambda height, width: 7)
    monkeypatch.setattr("artkit.raster.filters._QUICK", 500)
    told: list[float] = []
    assert (OPS[name](image, progress=told.append).pixels == whole).all()
    assert len(told) > 1, "it was one band after all"


@pytest.mark.parametrize("name", OPS)
def test_an_op_tells_how_far_it_is_and_stops_when_it_is_told_to(name):
    told: list[float] = []
    OPS[name](noise(90, 40), progress=told.append)
    assert told == sorted(told) and 0 < told[0] <= told[-1] <= 1

    def stop(share: float) -> None:
        raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        OPS[name](noise(90, 40), progress=stop)


def test_a_run_tells_of_progress_within_a_step_and_is_cancelled_within_it():
    recipe = Recipe(steps=(Step("channel", {}), Step("median", {"size": 3})))
    image = noise(4000, 1600)  # two bands and more
    told: list[tuple[float, int, str]] = []
    run(recipe.checked, image, progress=lambda *args: told.append(args))
    assert told[:2] == [(0, 2, "channel"), (1, 2, "median")] and told[-1] == (2, 2, "")
    within = [done for done, _, name in told[2:-1] if name == "median"]
    assert len(within) > 2 and within == sorted(within) and 1 < within[0] < within[-1] == 2
    heard: list[float] = []
    with pytest.raises(Cancelled):
        run(recipe.checked, image, progress=lambda done, *_: heard.append(done), cancelled=lambda: len(heard) == 3)
    assert heard == [0, 1, within[0]]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("after", [0.0, 0.4])
@pytest.mark.slow
def test_ctrl_c_within_a_long_step_ends_with_130_and_leaves_no_file(after, tmp_path):
    """`artkit` says on its stdout that the step has begun: the test's own op, before the long one.

    Shells start what runs in the background with SIGINT ignored, and its children inherit that; ours listens.
    """
    (tmp_path / "signal_ops.py").write_text(
        "import signal\n"
        "from artkit import Image, op\n"
        "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        "from artkit.__main__ import main\n"
        "@op\n"
        "def tell(image: Image) -> Image:\n"
        '    "Say that the next step begins."\n'
        '    print("begun", flush=True)\n'
        "    return image\n"
        "main()\n"
    )
    steps = (
        '[[steps]]\nop = "tell"\n' + 40 * '[[steps]]\nop = "median"\nsize = 99\n'
    )  # many seconds, were it not stopped
    (tmp_path / "long.toml").write_text(steps)
    photo = noise(500, 4000).save(tmp_path / "photo.bmp")
    before = sorted(tmp_path.iterdir())
    process = subprocess.Popen(
        [sys.executable, "signal_ops.py", "apply", "long.toml", photo.name, "-o", "out.png"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout and process.stdout.readline() == "begun\n"
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, "", "Interrupted.\n")
    assert sorted(tmp_path.iterdir()) == before
