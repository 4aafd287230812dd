"""Strokes along the form of things: what chalk, a gouge and a brush leave."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.ops.strokes import brush, carve, crayon
from artkit.raster.courses import courses, equalized, flow_of, scattered, stroke_mask


def plain(level: int, height: int = 120, width: int = 160) -> Image:
    return Image(np.full((height, width, 3), level, np.uint8))


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def stripes(across: bool) -> np.ndarray:
    gray = np.broadcast_to((128 + 100 * np.sin(np.arange(160) / 4)).astype(np.uint8), (160, 160))
    return np.ascontiguousarray(gray if across else gray.T)


@pytest.mark.parametrize("where", ["dark", "light"])
@pytest.mark.parametrize("softness", [0.0, 0.5, 1.0])
def test_white_is_paper_and_black_is_ink(where, softness):
    first, last = (0, 255) if where == "dark" else (255, 0)
    for level, share in ((first, 0), (last, 255)):
        made = crayon(plain(level), where=where, softness=softness, ink="black", paper="white", rng=rng()).pixels
        assert (made == share).all()


@pytest.mark.parametrize("level", [40, 100, 180])
def test_strokes_cover_as_much_as_the_picture_is_dark(level):
    image = plain(level, 240, 320)
    gray = crayon(image, softness=0, ink="white", paper="black", rng=rng()).pixels.mean() / 255
    from artkit.color.gray import gray_of

    assert gray == pytest.approx(1 - gray_of(image.pixels, "lightness")[0, 0] / 255, abs=0.06)


@pytest.mark.parametrize("across", [True, False])
def test_strokes_run_along_edges(across):
    gray = stripes(across)
    flow = flow_of(gray, 6, 45)
    assert np.abs(flow.y if across else flow.x).min() > 0.97
    mask = stroke_mask(gray, flow, 3, 30, rng()).astype(float)
    along, beside = (np.abs(np.diff(mask, axis=axis)).mean() for axis in ((0, 1) if across else (1, 0)))
    assert along < 0.5 * beside


@pytest.mark.parametrize("lean", [0, 30, 90, -45])
def test_where_nothing_leads_strokes_lean(lean):
    flow = flow_of(np.full((50, 60), 90, np.uint8), 5, lean)
    wanted = np.array([np.cos(np.deg2rad(lean)), -np.sin(np.deg2rad(lean))])  # y goes down
    assert np.abs(flow.x * wanted[0] + flow.y * wanted[1]).min() > 0.999


def test_a_way_is_as_long_as_asked_and_ends_at_another_color():
    gray = np.full((100, 100), 50, np.uint8)
    gray[:, 50:] = 200
    flow = flow_of(gray, 3, 0)
    starts = scattered(100, 100, 10, rng())
    free = courses(flow, starts, np.full(len(starts), 24.0))
    assert np.linalg.norm(np.diff(free, axis=1), axis=2).sum(1) == pytest.approx(24.0)
    pixels = np.repeat(gray[..., None], 3, axis=2)
    held = courses(flow, starts, np.full(len(starts), 60.0), pixels, 40)
    side = np.clip(held[..., 0], 0, 99) >= 50
    assert (side == side[:, :1]).all()


def test_all_thresholds_are_as_frequent():
    mask = equalized(np.random.default_rng(0).binomial(255, 0.4, (400, 400)).astype(np.uint8))
    assert np.abs(np.sort(mask.ravel()) - np.linspace(0, 255, mask.size)).max() < 8


def test_shadows_stay_whole_lights_are_cut_away_and_between_there_is_both():
    black, between, white = (carve(plain(level), rng=rng()).ids for level in (30, 120, 240))
    assert (black == 0).all() and (white == 1).all()
    assert 0.1 < between.mean() < 0.9


def test_a_range_turned_over_is_refused():
    with pytest.raises(UsageError, match=r"carve: shadows: 0\.8 is above lights, 0\.2"):
        carve(plain(9), shadows=0.8, lights=0.2)


def test_transparent_parts_are_not_carved():
    alpha = np.full((120, 160), 255, np.uint8)
    alpha[:40] = 0
    ids = carve(Image(plain(100).pixels, alpha), rng=rng()).ids
    assert (ids[:40] == -1).all() and (ids[40:] >= 0).all()


def test_flat_paint_of_one_color_is_that_color():
    made = brush(plain(140), variation=0, bristles=0, relief=0, rng=rng()).pixels
    assert (made == 140).all()


def test_paint_keeps_to_its_side_of_an_edge_and_to_the_mean_of_the_picture():
    pixels = plain(60, 160, 200).pixels.copy()
    pixels[:, 100:] = (220, 190, 120)
    made = brush(Image(pixels), width=24, rng=rng()).pixels.astype(float)
    for part in (np.s_[:, :80], np.s_[:, 120:]):
        assert made[part].mean((0, 1)) == pytest.approx(pixels[part].mean((0, 1)), abs=8)


def test_finer_brushes_come_closer():
    noise = np.random.default_rng(1).integers(0, 255, (12, 16, 3)).astype(np.uint8)
    image = Image(np.kron(noise, np.ones((10, 10, 1), np.uint8)))
    gaps = [
        np.abs(brush(image, width=40, layers=n, rng=rng()).pixels - image.pixels.astype(int)).mean() for n in (1, 3)
    ]
    assert gaps[1] < 0.7 * gaps[0]


def test_where_it_matters_strokes_are_finer(tmp_path):
    image = plain(128, 200, 200)
    runs = []
    for focus in ("off", "100,100,100"):
        made = crayon(image, softness=0, grain=0, lean=0, width=6, focus=focus, rng=rng()).pixels[80:120, 80:120, 0]
        runs.append((np.diff(made.astype(int), axis=0) != 0).sum())
    assert runs[1] > 1.5 * runs[0]
