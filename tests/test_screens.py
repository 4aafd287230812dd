"""Screens, dithers and textures: dots come back as circles, what cannot be told apart as tones, and never too much."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from artkit import render
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.ops.trace import trace
from artkit.tracer.closeness import psnr
from artkit.tracer.dotted import CIRCLE
from artkit.tracer.lattice import lattice_of
from artkit.tracer.screens import screened
from artkit.tracer.texture import most_regions, most_shapes, tones

FINE = 6
PAPER, INK, LINE = (255, 244, 220), (210, 20, 110), (0, 0, 0)


def comic(width: int = 220, height: int = 160, angle: float = 30.0, pitch: float = 6.5) -> np.ndarray:
    """A screen whose dots grow to the right, and a white card with a black frame on it; exact coverage."""
    y, x = (np.mgrid[: height * FINE, : width * FINE] + 0.5) / FINE
    turn = np.radians(angle)
    u, v = (x * np.cos(turn) + y * np.sin(turn)) / pitch, (y * np.cos(turn) - x * np.sin(turn)) / pitch
    far = np.hypot(u - np.rint(u), v - np.rint(v)) * pitch
    picture = np.where((far < 1 + 1.6 * x / width)[..., None], INK, PAPER).astype(float)
    for inset, color in ((0, LINE), (5, (255, 255, 255))):
        inside = (abs(x - 0.5 * width) < 0.25 * width - inset) & (abs(y - 0.5 * height) < 0.3 * height - inset)
        picture[inside] = color
    return np.rint(picture.reshape(height, FINE, width, FINE, 3).mean((1, 3))).astype(np.uint8)


def as_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Pillow.fromarray(picture).save(file, "JPEG", quality=quality)
    return np.asarray(Pillow.open(file).convert("RGB"))


@pytest.mark.parametrize("seed", range(4))
def test_a_lattice_is_found_among_points_that_are_off_and_others_that_are_not_of_it(seed: int) -> None:
    chance = np.random.default_rng(seed)
    steps = np.array([[7.0, 1.5], [-2.0, 6.0]]) + chance.normal(0, 0.5, (2, 2))
    number = np.stack(np.meshgrid(np.arange(20), np.arange(20)), -1).reshape(-1, 2)
    points = 30 + number[chance.random(400) < 0.8] @ steps
    noisy = np.concatenate([points + chance.normal(0, 0.2, points.shape), chance.uniform(0, 150, (40, 2))])
    found = lattice_of(noisy)
    assert found is not None
    lattice, on = found
    assert on[: len(points)].mean() > 0.97
    assert lattice.cell == pytest.approx(abs(np.linalg.det(steps)), rel=0.01)
    assert np.abs(lattice.places(lattice.nearest(points)) - points).max() < 0.3


def test_scattered_points_are_no_lattice() -> None:
    assert lattice_of(np.random.default_rng(0).uniform(0, 200, (500, 2))) is None
    assert lattice_of(np.zeros((0, 2))) is None


@pytest.mark.parametrize("quality", [None, 75])
def test_dots_come_back_where_and_as_large_as_they_were(quality: int | None) -> None:
    picture = comic()
    found = screened(picture if quality is None else as_jpeg(picture, quality))
    assert found is not None
    (dots,) = found.dots
    wanted = 1 + 1.6 * dots.center[:, 0] / 220
    whole = ~dots.cut & (np.abs(dots.center - (110, 80)) < (105, 75)).all(1)
    assert whole.sum() > 350
    assert np.median(np.abs(dots.radius - wanted)[whole]) < (0.06 if quality is None else 0.15)
    assert np.abs(dots.ink - INK).max() < (3 if quality is None else 32)
    assert np.abs(dots.ground - PAPER).max() < (3 if quality is None else 12)


@pytest.mark.parametrize("quality", [None, 75])
@pytest.mark.sample(1)
@pytest.mark.slow
def test_a_comic_is_circles_and_a_few_shapes(quality: int | None) -> None:
    picture = comic()
    notes: list[str] = []
    drawing = trace(Image(picture if quality is None else as_jpeg(picture, quality)), report=notes.append)
    text = drawing.to_svg()
    assert "dots, drawn as circles" in notes[-1]
    assert len(text) < 45_000
    assert sum(1 for _ in drawing.shapes) - text.count("<circle") < 60
    assert psnr(render.rendered(text, (880, 640)), _grown()) > 19


def _grown() -> np.ndarray:
    """The picture at four times the size, dots and frame too."""
    y, x = (np.mgrid[: 640 * 2, : 880 * 2] + 0.5) / 8
    turn = np.radians(30)
    u, v = (x * np.cos(turn) + y * np.sin(turn)) / 6.5, (y * np.cos(turn) - x * np.sin(turn)) / 6.5
    far = np.hypot(u - np.rint(u), v - np.rint(v)) * 6.5
    picture = np.where((far < 1 + 1.6 * x / 220)[..., None], INK, PAPER).astype(float)
    for inset, color in ((0, LINE), (5, (255, 255, 255))):
        picture[(abs(x - 110) < 55 - inset) & (abs(y - 80) < 48 - inset)] = color
    return np.rint(picture.reshape(640, 2, 880, 2, 3).mean((1, 3))).astype(np.uint8)


def test_a_circle_is_round() -> None:
    from artkit.planar.ellipses import KAPPA

    t = np.linspace(0, 1, 9)[:, None]
    for k in range(0, 12, 3):
        a, b, c, d = CIRCLE[k : k + 4]
        points = a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3
        assert np.abs(np.hypot(*points.T) - 1).max() < 3e-4
    assert pytest.approx(0.5523, abs=1e-4) == KAPPA


def dithered(side: int = 200) -> np.ndarray:
    """A ramp in black and white, each pixel by chance, as JPEG."""
    ramp = np.linspace(0.1, 0.9, side)[None].repeat(side, 0)
    dots = np.random.default_rng(0).random((side, side)) < ramp
    return as_jpeg(np.where(dots, 255, 0).astype(np.uint8)[..., None].repeat(3, 2), 85)


@pytest.mark.slow
def test_a_dither_is_traced_as_its_tones() -> None:
    notes: list[str] = []
    drawing = trace(Image(dithered()), report=notes.append)
    assert any("tones" in note for note in notes)
    assert sum(1 for _ in drawing.shapes) <= most_shapes(200 * 200, 0.5)
    columns = render.rendered(drawing).mean((0, 2))
    assert np.abs(columns - np.linspace(25.5, 229.5, 200)).mean() < 12


def test_what_has_few_edges_is_no_dither() -> None:
    assert tones(comic(pitch=30.0)) is None


@pytest.mark.slow
def test_texture_is_not_drawn_thread_by_thread() -> None:
    chance = np.random.default_rng(3)
    cloth = np.clip(chance.normal(128, 20, (160, 160, 3)), 0, 255).astype(np.uint8)
    notes: list[str] = []
    drawing = trace(Image(cloth), report=notes.append)
    assert any(note.startswith("texture:") for note in notes)
    assert sum(1 for _ in drawing.shapes) <= most_shapes(160 * 160, 0.5)
    assert len(drawing.to_svg()) < 250_000


def test_more_regions_than_are_sensible_stop_with_advice() -> None:
    chance = np.random.default_rng(4)
    noise = Image(chance.integers(0, 256, (128, 128, 3), dtype=np.uint8))
    for kind in ("line", "flat"):
        with pytest.raises(UsageError, match=f"kind = {kind} finds .* regions here, .*; leave kind out") as caught:
            trace(noise, kind=kind)
        assert "\n" not in str(caught.value)


def test_what_is_sensible_grows_with_the_picture_and_never_falls() -> None:
    areas = np.unique(np.logspace(0, 8, 200).astype(int))
    for most in (most_regions, lambda area: most_shapes(area, 0.5)):
        assert (np.diff([most(int(area)) for area in areas]) >= 0).all()
    assert most_shapes(393216, 0.5) > 3309  # what a detailed photo of this size asks for
    assert most_shapes(10_000, 1.0) > 50 * most_shapes(10_000, 0.5)


def test_a_code_of_two_colors_is_one_path_and_exact() -> None:
    code = np.random.default_rng(5).integers(0, 2, (96, 96)).repeat(3, 0).repeat(3, 1)
    pixels = np.where(code[..., None] == 1, (250, 240, 230), (10, 20, 60)).astype(np.uint8)
    drawing = trace(Image(pixels))
    assert sum(1 for _ in drawing.shapes) == 1
    assert (render.rendered(drawing) == pixels).all()
    enlarged = render.rendered(drawing, (576, 576))
    assert (enlarged == pixels.repeat(2, 0).repeat(2, 1)).all()


def test_bold_stripes_are_no_screen() -> None:
    """A small photo of house fronts swings over half of its pixels, and is drawn as it is."""
    stripes = np.where(np.arange(140) // 7 % 2, 240, 15).astype(np.uint8)
    assert tones(np.repeat(np.tile(stripes, (90, 1))[..., None], 3, axis=2)) is None
