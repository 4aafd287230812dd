"""Halftones: the screen against its definition, and as much ink as the picture is dark."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.artwork.image import Image
from artkit.color.palette import parse
from artkit.errors import UsageError
from artkit.ops.halftone import INK_ANGLES, halftone


def flat(color: tuple[int, int, int], height: int = 120, width: int = 120) -> Image:
    return Image(np.full((height, width, 3), color, np.uint8))


def naive_screen(side: int, cell: float, angle: float, shape: str, darkness: float) -> np.ndarray:
    """(side, side) share of each pixel that is inked, counted at 9 x 9 points in it."""
    fine = 9
    y, x = (np.mgrid[: side * fine, : side * fine] + 0.5) / fine
    turn = np.radians(angle)

    def screen(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        along = np.cos(2 * np.pi * x)
        return along if shape == "lines" else (along + np.cos(2 * np.pi * y)) / 2

    here = screen((x * np.cos(turn) - y * np.sin(turn)) / cell, (x * np.sin(turn) + y * np.cos(turn)) / cell)
    height = np.quantile(screen(*((np.mgrid[:400, :400] + 0.5) / 400)), 1 - darkness)
    return (here > height).reshape(side, fine, side, fine).mean(axis=(1, 3))


@pytest.mark.parametrize("shape", ["dots", "lines"])
@pytest.mark.parametrize("angle", [0, 45, 17, -75])
@pytest.mark.parametrize("level", [40, 128, 200])
def test_what_is_inked_is_what_lies_above_the_right_height_of_the_screen(shape, angle, level):
    found = halftone(flat((level,) * 3, 60, 60), inks="one", shape=shape, cell=10, angle=angle).pixels[..., 0]
    expected = naive_screen(60, 10, angle, shape, (255 - level) / 255)
    difference = np.abs((255 - found) / 255 - expected)
    assert difference.mean() < 0.02
    assert (difference < 0.35).mean() > 0.99, "and where dots just touch, no more than a few pixels are off"


@pytest.mark.parametrize("cell", [6, 9.5, 16])
@pytest.mark.parametrize("shape", ["dots", "lines"])
@pytest.mark.parametrize("level", [0, 20, 90, 128, 170, 240, 255])
def test_the_inked_area_is_as_large_as_the_picture_is_dark(level, shape, cell):
    printed = halftone(flat((level,) * 3), inks="one", shape=shape, cell=cell, angle=33).pixels
    assert printed.mean() == pytest.approx(level, abs=2)


@given(st.tuples(*[st.integers(0, 255)] * 3))
@pytest.mark.slow
def test_four_inks_look_from_afar_as_the_color_did(color):
    printed = halftone(flat(color), cell=10).pixels
    assert np.abs(printed.mean(axis=(0, 1)) - color).max() < 10


@pytest.mark.parametrize("color", [(200, 120, 60), (128, 128, 128), (30, 60, 40)])
def test_four_inks_are_printed_one_over_the_other_and_black_makes_up_for_the_square_of_the_dark(color):
    black = (1 - max(color) / 255) ** 2
    inks = [1 - level / 255 / (1 - black) for level in color]
    screens = [
        naive_screen(90, 15, 45 + turn, "dots", ink) for turn, ink in zip(INK_ANGLES, [*inks, black], strict=True)
    ]
    expected = np.dstack([255 * (1 - screen) * (1 - screens[3]) for screen in screens[:3]])
    assert np.abs(halftone(flat(color, 90, 90), cell=15).pixels - expected).mean() < 5


@pytest.mark.parametrize("name", ["red", "lime", "blue", "cyan", "magenta", "yellow", "black", "white"])
def test_colors_that_full_inks_make_are_printed_solid(name):
    image = flat(parse(name))
    assert (halftone(image).pixels == image.pixels).all()


def test_a_large_print_has_no_grays_but_at_the_rims():
    printed = halftone(flat((180, 120, 60), 200, 200), cell=50).pixels
    assert (np.isin(printed, (0, 255))).mean() > 0.85


def test_a_print_has_no_more_colors_than_a_palette_holds():
    pixels = np.random.default_rng(3).integers(0, 256, (90, 120, 3), np.uint8)
    for inks in ("cmyk", "one"):
        printed = halftone(Image(pixels), inks=inks, cell=5.0, ink="#1d2b4f", paper="#f7f2e6").pixels
        assert 16 <= len(np.unique(printed.reshape(-1, 3), axis=0)) <= 256


def test_each_ink_has_its_own_screen():
    for i, turn in enumerate(INK_ANGLES[:3]):
        color = [255, 255, 255]
        color[i] = 100
        one = halftone(flat((100,) * 3), inks="one", angle=20 + turn, cell=12).pixels[..., 0]
        printed = halftone(flat(tuple(color)), angle=20, cell=12).pixels
        assert np.abs(printed[..., i].astype(int) - one).max() <= 255 * (1 / 3 + 1 / 15) / 2
        assert (np.delete(printed, i, axis=2) == 255).all()


def test_black_stands_in_for_the_others_in_the_shadows_and_little_in_the_lights():
    def black(level: int) -> float:
        return float((halftone(flat((level,) * 3), cell=30).pixels < 128).all(axis=2).mean())

    assert black(20) > 0.75
    assert black(235) < 0.02


def test_lines_run_along_the_angle():
    upright = halftone(flat((128,) * 3), inks="one", shape="lines", angle=0).pixels[..., 0]
    assert (upright == upright[:1]).all() and upright.std() > 50
    level = halftone(flat((128,) * 3), inks="one", shape="lines", angle=90).pixels[..., 0]
    assert (level == upright.T).all()


def test_the_one_ink_and_the_paper_have_the_colors_asked_for():
    grays = np.clip(np.linspace(-40, 295, 200), 0, 255).astype(np.uint8)
    ramp = Image(np.tile(grays[:, None], (80, 1, 3)))
    printed = halftone(ramp, inks="one", ink="navy", paper="#ffeedd", cell=12).pixels
    assert (printed[:, 0] == parse("navy")).all() and (printed[:, -1] == parse("#ffeedd")).all()
    assert ((printed >= parse("navy")) | (printed <= parse("#ffeedd"))).all()
    colored = halftone(flat((255, 255, 255)), paper="#ffeedd").pixels
    assert (colored == parse("#ffeedd")).all()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"cell": 1}, "cell: 1 is too small; use 2 or more"),
        ({"cell": float("inf")}, "cell: inf is not a finite number"),
        ({"shape": "dot"}, "did you mean dots"),
        ({"ink": "blak"}, 'ink: "blak"'),
        ({"paper": "nonsense"}, 'paper: "nonsense"'),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(values, message):
    with pytest.raises(UsageError) as caught:
        halftone(flat((1, 2, 3), 5, 5), **values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_mask_and_the_photo_are_kept():
    image = Image.of(np.random.default_rng(0).integers(0, 256, (9, 9, 4), dtype=np.uint8))
    before = image.pixels.copy()
    assert (halftone(image).alpha == image.alpha).all()
    assert (image.pixels == before).all()
