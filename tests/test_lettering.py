"""Text and thin lines of screenshots, gray or with a coverage for each channel: readable, whole and straight."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from artkit import render
from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.tracer.assemble import Borders
from artkit.tracer.closeness import psnr
from artkit.tracer.inset import insets
from artkit.tracer.lettering import lettering
from artkit.tracer.regions.ground import even_ground
from artkit.tracer.regions.sharpen import FINE, STEEP, sharpened
from artkit.tracer.regions.thin import thin_ink

PAPER, INK = (250, 250, 246), (30, 34, 40)
LINES = ("Open a new report", "boded age 1068 good", "quick brown foxes")
WIDTH, HEIGHT, LARGE = 176, 64, 12
USUAL = Borders("spline", 28.0, None)


def written(size: float = 12) -> np.ndarray:
    """Coverage of three lines of text, `LARGE` times as large."""
    font = ImageFont.load_default(size * LARGE)
    sheet = Pillow.new("L", (WIDTH * LARGE, HEIGHT * LARGE))
    for i, line in enumerate(LINES):
        ImageDraw.Draw(sheet).text((10 * LARGE, (6 + 18 * i) * LARGE), line, font=font, fill=255)
    return np.asarray(sheet, np.float64) / 255


def shrunk(cover: np.ndarray, across: int, down: int) -> np.ndarray:
    height, width = cover.shape
    return cover.reshape(height // down, down, width // across, across).mean((1, 3))


def painted(cover: np.ndarray, paper=PAPER, ink=INK) -> np.ndarray:
    """Pixels of a coverage (H, W), or of one for each channel (H, W, 3)."""
    cover = cover[..., None] if cover.ndim == 2 else cover
    return np.rint(np.array(paper) + cover * np.subtract(ink, paper)).astype(np.uint8)


def gray(cover: np.ndarray, **colors) -> np.ndarray:
    return painted(shrunk(cover, LARGE, LARGE), **colors)


def cleartype(cover: np.ndarray, order: int = 1, **colors) -> np.ndarray:
    """Thirds of pixels, filtered as Windows does; red to the left, or with order -1 to the right."""
    thirds = shrunk(cover, LARGE // 3, LARGE)
    thirds = cv2.filter2D(thirds, -1, np.array([[1, 2, 3, 2, 1]]) / 9, borderType=cv2.BORDER_CONSTANT)
    return painted(thirds.reshape(thirds.shape[0], -1, 3)[..., ::order], **colors)


def drawn(pixels: np.ndarray) -> np.ndarray:
    """Gray levels of the picture's trace, four times as large."""
    drawing = trace(Image(pixels))
    return render.rendered(drawing, (4 * pixels.shape[1], 4 * pixels.shape[0]))


def enlarged(pixels: np.ndarray) -> np.ndarray:
    return cv2.resize(pixels, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)


def parts(picture: np.ndarray, paper=PAPER, ink=INK) -> tuple[int, int]:
    """Number of connected parts of the ink, and of holes in it and the paper around."""
    middle = (np.sum(paper) + np.sum(ink)) / 2
    dark = picture.sum(2) < middle if np.sum(ink) < np.sum(paper) else picture.sum(2) > middle
    count = [
        cv2.connectedComponents(mask.astype(np.uint8), connectivity=c)[0] - 1 for mask, c in ((dark, 8), (~dark, 4))
    ]
    return count[0], count[1]


WAYS = {"gray": gray, "ClearType": cleartype, "blue first": lambda cover, **colors: cleartype(cover, -1, **colors)}
COLORS = {
    "dark": {},
    "light": {"paper": (36, 41, 47), "ink": (236, 239, 244)},
    "blue": {"paper": (255, 255, 255), "ink": (9, 105, 218)},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("colors", COLORS)
@pytest.mark.slow
def test_text_is_closer_to_what_was_written_than_the_picture_enlarged(way, colors):
    cover, kind = written(), COLORS[colors]
    truth = painted(shrunk(cover, LARGE // 4, LARGE // 4), **kind)
    pixels = WAYS[way](cover, **kind)
    assert psnr(drawn(pixels), truth) > psnr(enlarged(pixels), truth) + 3


@pytest.mark.parametrize("way", WAYS)
def test_letters_are_whole_and_their_holes_open(way):
    cover = written(13)
    truth = painted(shrunk(cover, LARGE // 4, LARGE // 4))
    assert np.abs(np.subtract(parts(drawn(WAYS[way](cover))), parts(truth))).max() <= 1


@pytest.mark.parametrize("way", WAYS)
def test_there_is_as_much_ink_as_was_written(way):
    cover = written(10)
    ink = (np.array(PAPER) - drawn(WAYS[way](cover)).astype(float)).mean() / np.subtract(PAPER, INK).mean()
    assert abs(ink / cover.mean() - 1) < 0.05


@pytest.mark.parametrize("way", ["ClearType", "blue first"])
def test_colored_fringes_are_no_colors(way):
    drawing = trace(Image(WAYS[way](written())))
    for shape in drawing.shapes:
        color = np.array([int(shape.fill[i : i + 2], 16) for i in (1, 3, 5)])
        assert np.ptp(color) < 24, shape.fill
    assert len(drawing.layers[-1].shapes) < 60


@pytest.mark.parametrize(("way", "order"), [("gray", 0), ("ClearType", 1), ("blue first", -1)])
def test_the_order_of_stripes_is_told(way, order):
    pixels = WAYS[way](written())
    found = thin_ink(pixels, even_ground(pixels))
    assert found.order == order


@pytest.mark.parametrize("width", [0.6, 1.0, 1.5])
@pytest.mark.parametrize("start", [20.0, 20.25, 20.5])
def test_a_thin_line_keeps_its_width_and_is_straight(width, start):
    cover = np.zeros((HEIGHT * LARGE, WIDTH * LARGE))
    cover[10 * LARGE : 54 * LARGE, round(start * LARGE) : round((start + width) * LARGE)] = 1
    cover[:, 100 * LARGE : 101 * LARGE] = 1  # a line that is as dark as its ink
    picture = drawn(gray(cover))[4 * 14 : 4 * 50, 4 * 12 : 4 * 32].astype(float)
    covered = (PAPER[0] - picture[..., 0]) / (PAPER[0] - INK[0])
    across = covered.sum(1) / 4
    middle = (covered * (np.arange(covered.shape[1]) + 0.5)).sum(1) / covered.sum(1) / 4 + 12
    assert abs(across.mean() - width) < 0.12
    assert np.ptp(across) < 0.05
    assert np.ptp(middle) < 0.05
    free = max(1 - width, 0) / 2  # where in its pixel a thinner line is, one pixel does not tell
    assert abs(middle.mean() - start - width / 2) < 0.08 + free


@pytest.mark.slow
def test_a_frame_of_one_pixel_stays_whole():
    pixels = gray(written())
    pixels[4, 4:-4] = pixels[-5, 4:-4] = pixels[4:-4, 4] = pixels[4:-4, -5] = (200, 90, 90)
    picture = drawn(pixels)
    box = picture[4 * 4 : -4 * 4, 4 * 4 : -4 * 4]
    for side in (box[1:3, 8:-8], box[-3:-1, 8:-8], box[8:-8, 1:3], box[8:-8, -3:-1]):
        assert np.abs(side.astype(int) - (200, 90, 90)).max() < 12
    inner = picture[4 * 5 + 2 : -4 * 5 - 2, 4 * 5 + 2 : 4 * 8]
    assert np.abs(inner.astype(int) - PAPER).max() < 6


def charted() -> np.ndarray:
    """A map, `LARGE` times as large: two lands, a slanted gray border of one pixel, and a name across it."""
    cover = written()
    land = np.array([(242, 239, 233), (253, 243, 199)], float)
    y, x = (np.mgrid[: HEIGHT * LARGE, : WIDTH * LARGE] + 0.5) / LARGE
    side = (y - 0.37 * x - 3) / np.hypot(1, 0.37)
    picture = land[(side > 0).astype(int)]
    picture[np.abs(side) < 0.5] = (130, 130, 130)
    return picture + cover[..., None] * (np.array(INK) - picture)


@pytest.mark.slow
def test_a_border_between_two_lands_is_whole_beneath_the_names_across_it():
    large = charted()
    pixels = np.rint(large.reshape(HEIGHT, LARGE, WIDTH, LARGE, 3).mean((1, 3))).astype(np.uint8)
    step = LARGE // 4
    truth = np.rint(large.reshape(4 * HEIGHT, step, 4 * WIDTH, step, 3).mean((1, 3))).astype(np.uint8)
    picture = drawn(pixels)
    assert psnr(picture, truth) > psnr(enlarged(pixels), truth) + 2
    x = np.arange(4 * 1, 4 * 130)
    y = (4 * (0.37 * (x + 0.5) / 4 + 3)).astype(int)
    columns = np.stack([picture[y + dy, x].astype(int) for dy in (-1, 0, 1)])
    assert (columns.max(2).min(0) < 175).mean() > 0.85  # no dashes: gaps at names alone


@pytest.mark.slow
def test_a_photo_among_text_is_traced_as_one_and_the_rest_as_what_it_is():
    y, x = np.mgrid[:48, :60]
    rng = np.random.default_rng(2)
    noise = cv2.GaussianBlur(rng.normal(0, 90, (48, 60, 3)), (0, 0), 1.5)
    photo = np.clip(np.dstack([90 + 2 * x, 60 + 2 * y, 160 - x]) + noise, 0, 250).astype(np.uint8)
    pixels = np.pad(gray(written()), ((0, 70), (0, 0), (0, 0)), mode="edge")
    pixels[74:122, 30:90] = photo
    lines = []
    drawing = trace(Image(pixels), report=lines.append)
    picture = render.rendered(drawing, (4 * WIDTH, 4 * len(pixels)))
    assert lines[0] == "a screenshot with a photo"
    assert [layer.name for layer in drawing.layers][-2:] == ["text", "photo"]
    around = np.ones(picture.shape[:2], bool)
    around[4 * 74 : 4 * 122, 4 * 30 : 4 * 90] = False
    around[: 4 * HEIGHT] = False
    assert (picture[around] == PAPER).all()  # its border is the pixels' own
    inside = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)[74:122, 30:90]
    assert psnr(inside, photo) > 20


def test_a_flat_drawing_in_noise_is_no_photo_on_a_screen():
    pixels = np.full((96, 120, 3), 255, np.uint8)
    noise = np.random.default_rng(3).normal(0, 3, (50, 60, 3))
    pixels[20:70, 30:90] = np.clip(
        np.where(np.mgrid[:50, :60][0][..., None] < 25, (60, 90, 200), (190, 60, 40)) + noise, 0, 255
    )
    assert insets(pixels, even_ground(pixels)) == []


def test_letters_that_look_alike_are_drawn_alike():
    cover = np.zeros((HEIGHT * LARGE, WIDTH * LARGE))
    letter = written()[6 * LARGE : 22 * LARGE, 10 * LARGE : 20 * LARGE]
    for y, x in ((3, 5), (24, 60), (40, 120), (24, 150)):
        cover[y * LARGE : (y + 16) * LARGE, x * LARGE : (x + 10) * LARGE] = letter
    shapes = trace(Image(gray(cover))).layers[-1].shapes
    looks = [(shape.paths[0].points - shape.paths[0].points[0]).round(6).tolist() for shape in shapes]
    assert len(looks) == 4 * len([look for n, look in enumerate(looks) if look not in looks[:n]])


@pytest.mark.slow
def test_a_large_frame_is_where_it_is():
    pixels = gray(written())
    pixels = np.pad(pixels, ((60, 200), (40, 300), (0, 0)), mode="edge")
    pixels[20, 9:-5] = pixels[-7, 9:-5] = pixels[20:-6, 9] = pixels[20:-6, -6] = (120, 20, 90)
    picture = drawn(pixels)
    frame = np.abs(picture.astype(int) - (120, 20, 90)).max(2) < 12
    y, x = np.nonzero(frame)
    assert (y.min(), x.min(), y.max(), x.max()) == (80, 36, 4 * (len(pixels) - 6) - 1, 4 * (pixels.shape[1] - 5) - 1)
    assert abs(frame.sum() - 16 * (np.abs(pixels.astype(int) - (120, 20, 90)).max(2) < 12).sum()) < 100


def test_what_the_ink_covers_is_what_the_pixels_say():
    cover = shrunk(written(), LARGE, LARGE).astype(np.float32)
    ink = np.clip(STEEP * sharpened(cover) + 0.5, 0, 1)
    assert np.sqrt(((shrunk(ink, FINE, FINE) - cover) ** 2).mean()) < 0.03
    assert np.abs(ink - 0.5).mean() > 0.47  # ink or paper, hardly anything between


@pytest.mark.slow
def test_text_is_told_and_lies_above():
    lines = []
    drawing = trace(Image(cleartype(written())), report=lines.append)
    assert "ClearType text folded" in lines[0]
    assert drawing.layers[-1].name == "text"
    assert trace(Image(gray(written()))).to_svg() == trace(Image(gray(written()))).to_svg()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (4, 4), (5, 5), (6, 40)])
def test_small_pictures_hold_no_text(shape):
    pixels = np.full((*shape, 3), 255, np.uint8)
    pixels[0, 0] = 0
    assert lettering(Image(pixels), USUAL, even_ground(pixels)) is None


def test_drawings_and_noise_hold_no_text():
    y, x = np.mgrid[:96, :96]
    disc = np.hypot(x - 48, y - 48)
    cover = np.clip(30 - disc + 0.5, 0, 1)
    assert lettering(Image(painted(cover)), USUAL, even_ground(painted(cover))) is None
    noise = np.random.default_rng(0).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    assert lettering(Image(noise), USUAL, even_ground(noise)) is None
