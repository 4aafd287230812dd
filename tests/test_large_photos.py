"""What is done otherwise in large photos, on small ones: about as close, and the same where it is but in parts."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.planar import sight, spline
from artkit.render import rendered
from artkit.tracer import closeness, photos
from artkit.tracer.halved import Halved
from artkit.tracer.lines import find, ridges
from artkit.tracer.mosaic import Part, Source
from artkit.tracer.regions import fields, superpixels
from artkit.tracer.regions.seen import seen
from artkit.tracer.trace import silent
from artkit.tracer.wanted import Wanted


@pytest.fixture(scope="module")
def scene() -> Image:
    """A sky, a hill with texture, discs, and lines."""
    y, x = np.mgrid[0:150, 0:201]
    hill = y > 90 + 12 * np.sin(x / 17)
    grain = np.random.default_rng(5).integers(0, 60, x.shape)
    pixels = np.stack([90 + y, 120 + y // 2, 230 - x // 3], axis=2)
    pixels[hill] = np.stack([40 + grain, 70 + grain // 2, 30 + grain // 3], axis=2)[hill]
    pixels[(x - 60) ** 2 + (y - 40) ** 2 < 300] = 250, 220, 90
    pixels[(np.abs(x - 140) < 1) & (y < 84)] = 20, 20, 25
    return Image(pixels.astype(np.uint8))


def lost(labels: np.ndarray, pixels: np.ndarray) -> float:
    """Mean squared error of regions in their mean colors."""
    flat, error = labels.ravel(), 0.0
    for channel in pixels.reshape(-1, 3).T.astype(float):
        mean = np.bincount(flat, channel) / np.bincount(flat)
        error += ((channel - mean[flat]) ** 2).mean()
    return error


def test_superpixels_that_start_from_even_blocks_are_about_as_close(scene, monkeypatch):
    from scipy.ndimage import label

    colors = seen(scene.pixels)
    plain = superpixels.superpixels(colors, None, None, 300)
    monkeypatch.setattr(superpixels, "LARGE", 0)
    blocks = superpixels.superpixels(colors, None, None, 300)
    assert not np.array_equal(plain, blocks)
    assert blocks.max() == plain.max() == 299
    assert lost(blocks, colors) < 1.4 * lost(plain, colors), "grain of single pixels is the worst case"
    assert all(label(blocks == k)[1] == 1 for k in range(0, 300, 7))
    few = superpixels.superpixels(colors, None, None, 2000)  # too many for blocks
    monkeypatch.setattr(superpixels, "LARGE", 1 << 20)
    assert np.array_equal(few, superpixels.superpixels(colors, None, None, 2000))


@pytest.mark.slow
def test_what_a_drawing_looks_like_is_known_from_its_parts(scene, monkeypatch):
    monkeypatch.setattr(photos, "LARGE", 0)
    monkeypatch.setattr(find, "SPARSE", 0)
    told: list[str] = []
    drawing = photos.draw(scene, None, Wanted(), told.append, silent, {}, lambda _: None)
    assert any(shape.line for shape in drawing.shapes), "a stroke lies on top"
    true = closeness.closeness(rendered(drawing), scene.pixels)
    assert drawing.facts["psnr"] == pytest.approx(true.psnr, abs=0.03)
    assert drawing.facts["ssim"] == pytest.approx(true.ssim, abs=0.001)


def test_ridges_are_the_same_in_bands_and_as_a_whole(scene, monkeypatch):
    gray = scene.pixels.mean(axis=2, dtype=np.float32)
    whole = ridges.ridges(gray)
    monkeypatch.setattr(ridges, "BAND", 1)
    bands = ridges.ridges(gray)
    assert len(whole.pixel) > 100
    for one, other in zip(whole, bands, strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-9)
    assert np.array_equal(whole.place, bands.place)


def test_similarity_is_the_same_in_bands_and_as_a_whole(scene, monkeypatch):
    other = np.roll(scene.pixels, 1, axis=1)
    whole = closeness.closeness(scene.pixels, other)
    monkeypatch.setattr(closeness, "BAND", 1)
    assert closeness.closeness(scene.pixels, other) == pytest.approx(whole, abs=1e-9)


def test_splines_do_not_depend_on_the_groups_they_are_fitted_in(monkeypatch):
    turn = np.linspace(0, 40, 900)
    points = np.column_stack([turn * 9, (3 + turn % 5) * 8 * np.sin(turn * 3)])
    offsets = np.array([0, 140, 400, 640, 900])
    closed, hard = np.array([False, True, False, True]), np.zeros(900, bool)
    hard[[200, 330, 500]] = True
    arguments = points, offsets, closed, np.full(900, 0.5), hard, 0.25
    whole = spline.fit_splines(*arguments)
    monkeypatch.setattr(spline, "GROUP", 100)
    parts = spline.fit_splines(*arguments)
    for name in ("start", "first", "second", "end", "line", "offsets"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_grain_in_a_large_photo_makes_no_tree_of_many_leaves(scene, monkeypatch):
    monkeypatch.setattr(photos, "LARGE", 0)
    monkeypatch.setattr(photos, "LARGE_SHAPES", 50)
    asked: list[int] = []
    source = Source(scene.pixels, None, None, gradients=True)
    monkeypatch.setattr(source, "tree", lambda count: asked.append(count) or Source.tree(source, count))
    photos._by_detail(source, 0.5, 10_000)
    assert asked == [50]


def test_few_regions_are_found_at_half_the_size_and_bordered_at_the_whole_one(scene):
    whole = Source(scene.pixels, None, None, gradients=True)
    half = Halved(whole)
    for count in (5, 12):
        one, other = whole.mosaic(count), half.mosaic(count)
        assert other.labels.shape == one.labels.shape == scene.pixels.shape[:2]
        assert other.count == one.count == count
        assert lost(other.labels, scene.pixels) < 1.1 * lost(one.labels, scene.pixels)


def test_moments_at_half_the_size_are_those_of_the_whole(scene):
    pixels = np.ascontiguousarray(scene.pixels[:, :200])
    half = Halved(Source(pixels, None, None, gradients=True))
    labels = (np.arange(75 * 100, dtype=np.int32) // 30).reshape(75, 100)
    part = Part(labels, fields.label_moments(labels, half.seen, half.weight, 250))
    last, found = half.last(part)
    exact = fields.label_moments(found.labels, last.seen, last.weight, 250)
    assert np.array_equal(found.labels, labels.repeat(2, 0).repeat(2, 1))
    for k in (0, 6, 7, 8):
        assert found.moments[k] == pytest.approx(exact[k], rel=1e-5, abs=1e-2)
    for k in (1, 2, 3, 5, 9, 14):
        assert found.moments[k] == pytest.approx(exact[k], rel=0.01, abs=0.01 * np.abs(exact[k]).max())
    assert exact[15].sum() == pytest.approx(found.moments[15].sum() + half.within, rel=1e-6)


def test_paths_stay_hidden_alike_looked_along_in_parts_and_at_once(monkeypatch):
    rng = np.random.default_rng(6)
    above = np.full((40, 50), 30, np.int32)
    above[10:14, 20:24] = 3
    own, ends = rng.integers(0, 33, 60), rng.uniform(2, 38, (2, 60, 2))
    exempt = rng.random((2, 60)) < 0.5
    straight = sight._Straight(above, own, *ends, *exempt, margin=0.5, near=1.0)
    whole = [straight.stay_hidden(np.arange(60), spacing) for spacing in (0.5, 4.0)]
    assert 5 < whole[0].sum() < 55
    monkeypatch.setattr(sight, "AT_ONCE", 7)
    parts = [straight.stay_hidden(np.arange(60), spacing) for spacing in (0.5, 4.0)]
    assert np.array_equal(whole, parts)
