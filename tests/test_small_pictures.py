"""Pictures of a few pixels, strips, files of several pictures: each comes out right, or says so in one line."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.image import Image
from artkit.artwork.photo import read
from artkit.cli import app
from artkit.ops.trace import trace
from artkit.render import rendered_alone

COLORS = np.array([(255, 0, 0), (0, 160, 60), (20, 20, 200), (255, 255, 255), (0, 0, 0), (10, 20, 30)], np.uint8)


def is_right(image: Image, **how: str) -> bool:
    """Whether every pixel of the trace has the picture's color, and what is transparent stays so."""
    seen = rendered_alone(trace(image, **how), (image.width, image.height))
    there = image.rgba[..., 3] > 0
    return bool((seen[there] == image.rgba[there]).all() and not seen[~there, 3].any())


@pytest.mark.parametrize("height", [1, 2, 3])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_pictures_of_a_few_pixels_are_traced_pixel_by_pixel(width: int, height: int) -> None:
    chance = np.random.default_rng(width + 10 * height)
    for _ in range(8):
        pixels = COLORS[chance.integers(0, 6, (height, width))]
        mask = chance.choice([0, 255], (height, width)).astype(np.uint8)
        assert is_right(Image(pixels))
        assert is_right(Image(pixels, mask))
        assert is_right(Image(chance.integers(0, 256, (height, width, 3), dtype=np.uint8)))


@pytest.mark.parametrize("kind", ["flat", "line", "photo"])
def test_two_by_two_pixels_are_four_colors_whatever_they_are_taken_for(kind: str) -> None:
    assert is_right(Image(COLORS[:4].reshape(2, 2, 3)), kind=kind)


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1), (2, 3000), (3000, 2)])
@pytest.mark.slow
def test_strips_are_traced_as_they_are(size: tuple[int, int]) -> None:
    width, height = size
    y, x = np.mgrid[:height, :width]
    ramp = np.rint((x + y) * 255 / (width + height)).astype(np.uint8)
    assert is_right(Image(COLORS[(x + y) // 17 % 6]))
    assert is_right(Image(np.dstack([ramp, 255 - ramp, ramp])))
    assert is_right(Image(np.full((height, width, 3), (12, 200, 99), np.uint8)))
    assert is_right(Image(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)))
    assert is_right(Image(COLORS[(x + y) // 17 % 6], np.zeros((height, width), np.uint8)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.sample(4)
def test_noise_of_cells_that_touch_at_corners_shows_every_cell(seed: int, step: int) -> None:
    chance = np.random.default_rng(seed)
    number = chance.integers(0, 4, (24, 24)).repeat(step, 0).repeat(step, 1)
    assert is_right(Image(COLORS[number]))
    assert is_right(Image(COLORS[number], np.where(number == 3, 0, 255).astype(np.uint8)))


def frames(form: str, count: int) -> bytes:
    file = io.BytesIO()
    first, *others = (Pillow.fromarray(np.full((6, 9, 3), color, np.uint8)) for color in COLORS[:count])
    first.save(file, form, save_all=True, append_images=others, **({"lossless": True} if form == "WEBP" else {}))
    return file.getvalue()


@pytest.mark.parametrize(
    ("form", "what"), [("GIF", "frames"), ("PNG", "frames"), ("WEBP", "frames"), ("TIFF", "pages")]
)
def test_of_several_pictures_the_first_is_taken_and_that_is_said(form: str, what: str) -> None:
    said: list[str] = []
    image = read(frames(form, 3), said.append)
    assert said == [f"3 {what}: the first one is taken, 9 x 6"]
    assert (image.pixels == COLORS[0]).all()
    read(frames(form, 1), said.append)
    assert len(said) == 1


def icon(sizes: list[int]) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(np.full((64, 64, 3), COLORS[0], np.uint8)).save(
        file, "ICO", sizes=[(side, side) for side in sizes]
    )
    return file.getvalue()


def test_of_an_icon_the_largest_picture_is_taken_and_that_is_said() -> None:
    said: list[str] = []
    image = read(icon([16, 48, 32]), said.append)
    assert (image.width, image.height) == (48, 48)
    assert said == ["an icon of 3 pictures: the largest is taken, 48 x 48"]
    read(icon([16]), said.append)
    assert len(said) == 1


def test_the_command_says_it_on_stderr_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "favicon.ico"
    path.write_bytes(icon([16, 32]))
    done = CliRunner().invoke(app, ["trace", str(path), "-o", str(tmp_path / "out.svg")])
    assert done.exit_code == 0
    assert [line for line in done.stderr.splitlines() if "largest" in line] == [
        "favicon.ico: an icon of 2 pictures: the largest is taken, 32 x 32"
    ]
