"""Palette animations: one index for all frames, compressed once, and a table of colors for each."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageSequence

from artkit.arrays import TRANSPARENT
from artkit.artwork.animation import Animation, Indexing, PaletteAnimation
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.distinct import recolored
from artkit.color.kmeans import lloyd
from artkit.color.nearest import nearest
from artkit.color.quantize import divided, exchanges, mixtures, opponent
from artkit.color.rotation import rotator
from artkit.export import encode
from artkit.export.gif import lzw, one_index
from artkit.export.gif import recolored as written
from artkit.export.gif.palette import SAMPLES, samples
from artkit.ops.animate import color_cycle, palette_cycle
from artkit.recipe import Recipe, retired
from artkit.registry import all_ops
from artkit.run import run
from artkit.tracer.closeness import psnr


def painting(width: int = 90, height: int = 60) -> Image:
    """Smooth, with thousands of colors."""
    y, x = np.mgrid[:height, :width]
    planes = 128 + 100 * np.sin(x / 17), 2.5 * x, 4 * y
    noise = np.random.default_rng(3).normal(0, 5, (height, width, 3))
    return Image(np.clip(np.stack(planes, axis=-1) + noise, 0, 255).astype(np.uint8))


def shown(data: bytes) -> list[np.ndarray]:
    with Pillow.open(io.BytesIO(data)) as file:
        return [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(file)]


def blocks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Read a GIF by its specification: each frame's table of colors and its image data."""
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    found = []
    while data[at] != 0x3B:
        frame, start = data[at] == 0x2C, at + 2
        if frame:
            flags = data[at + 9]
            start = at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        end = start + frame  # an image's data begin with the size of their codes
        while data[end]:
            end += data[end] + 1
        if frame:
            found.append((data[at + 10 : start], data[start : end + 1]))
        at = end + 1
    assert at == len(data) - 1
    return found


def held(animation: PaletteAnimation, **indexing: object) -> PaletteAnimation:
    return replace(animation, indexing=Indexing(**indexing))


def closeness(animation: Animation, data: bytes) -> float:
    return float(np.mean([psnr(a[..., :3], b.pixels) for a, b in zip(shown(data), animation, strict=True)]))


@pytest.mark.parametrize("indexing", [{}, {"lossy": 6}, {"dither": True}, {"colors": 20}])
def test_the_index_data_of_all_frames_are_the_same_bytes(indexing):
    data = encode(held(color_cycle(painting(), frames=7), **indexing), ".gif")
    found = blocks(data)
    assert len(found) == 7
    assert len({pixels for _, pixels in found}) == 1
    assert len({table for table, _ in found}) == 7


def test_frames_that_are_no_recoloring_do_not_share_their_data():
    frames = [painting(), Image(painting().pixels[::-1].copy())]
    assert len({pixels for _, pixels in blocks(encode(Animation(2, lambda i: frames[i]), ".gif"))}) == 2


@pytest.mark.slow
def test_frames_come_as_close_as_256_colors_for_all_of_them_allow():
    cycle = color_cycle(painting(), frames=8)
    assert closeness(cycle, encode(cycle, ".gif")) > 33
    each = Animation(8, cycle.frame, indexing=Indexing(palette="one"))
    assert closeness(cycle, encode(cycle, ".gif")) > closeness(cycle, encode(each, ".gif")) + 3


def test_few_colors_are_exact_whatever_becomes_of_them():
    rng = np.random.default_rng(1)
    image = Image(rng.integers(0, 256, (256, 3), np.uint8)[rng.integers(0, 256, (20, 30))])
    cycle = color_cycle(image, frames=5)
    assert all(np.array_equal(a[..., :3], b.pixels) for a, b in zip(shown(encode(cycle, ".gif")), cycle, strict=True))


def test_what_is_transparent_stays_so_in_every_frame():
    image = painting()
    hole = np.hypot(*np.mgrid[-30:30, -45:45]) < 20
    masked = Image(image.pixels, np.where(hole, np.uint8(0), np.uint8(255)))
    for indexing in ({}, {"lossy": 8}, {"dither": True}):
        for frame in shown(encode(held(color_cycle(masked, frames=3), **indexing), ".gif")):
            assert np.array_equal(frame[..., 3] == 0, hole)


def test_a_picture_without_an_opaque_pixel_is_an_animation_all_the_same():
    nothing = Image(np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.uint8))
    assert all((frame[..., 3] == 0).all() for frame in shown(encode(color_cycle(nothing, frames=3), ".gif")))


@pytest.mark.slow
def test_flicker_is_less_than_when_frames_are_indexed_one_by_one():
    cycle = color_cycle(painting(), frames=10)
    true = np.array([frame.pixels for frame in cycle], int)

    def flicker(animation: Animation) -> float:
        frames = np.array(shown(encode(animation, ".gif")), int)[..., :3]
        return float(np.abs(np.diff(frames, axis=0) - np.diff(true, axis=0)).mean())

    assert flicker(cycle) < 0.5 * flicker(Animation(10, cycle.frame))


@pytest.mark.slow
def test_lossy_is_smaller_and_no_pixel_of_a_flat_region_changes():
    cycle = color_cycle(painting(), frames=4)
    sizes = [len(encode(held(cycle, lossy=lossy), ".gif")) for lossy in (0, 3, 6, 12)]
    assert sizes == sorted(sizes, reverse=True) and sizes[3] < 0.8 * sizes[0]
    near = [closeness(cycle, encode(held(cycle, lossy=lossy), ".gif")) for lossy in (0, 3, 6)]
    assert near == sorted(near, reverse=True) and near[2] > near[0] - 6


def test_dithering_brings_means_closer_and_stands_still():
    image = Image(np.repeat(np.linspace(0, 255, 240).astype(np.uint8)[None, :, None], 3, axis=2).repeat(64, axis=0))
    still = PaletteAnimation.of(image, 3, lambda i, source: source)
    plain, dithered = (shown(encode(held(still, colors=6, dither=dither), ".gif")) for dither in (False, True))

    def off(frame: np.ndarray) -> float:
        wanted, means = (x[..., 0].reshape(4, 16, 15, 16).mean(axis=(1, 3)) for x in (image.pixels, frame))
        return float(np.abs(means - wanted)[:, 2:-2].max())  # beyond the last color there is nothing to mix with

    assert off(dithered[0]) < 0.5 * off(plain[0])
    assert all(np.array_equal(dithered[0], frame) for frame in dithered)


def test_labels_are_exact_and_their_palettes_flow_in_a_circle():
    ids = np.arange(48, dtype=np.int32).reshape(6, 8) % 5
    ids[0, 0] = TRANSPARENT
    labels = Labels(ids, np.array([[i * 50] * 3 for i in range(5)], np.uint8))
    party = palette_cycle(labels, palettes=3, frames=12, rest=0, rng=np.random.default_rng(4))
    frames = shown(encode(party, ".gif"))
    assert all(np.array_equal(a[ids >= 0, :3], b.pixels[ids >= 0]) for a, b in zip(frames, party, strict=True))
    assert all(frame[0, 0, 3] == 0 for frame in frames)
    steps = [
        np.abs(party.frame(i).pixels.astype(int) - party.frame((i + 1) % 12).pixels)[1:].max(axis=(0, 1)).max()
        for i in range(12)
    ]
    assert steps[-1] <= max(steps[:-1])


def test_more_labels_than_a_palette_holds_are_clustered():
    rng = np.random.default_rng(0)
    labels = Labels(rng.permutation(900).reshape(30, 30).astype(np.int32), rng.integers(0, 256, (900, 3), np.uint8))
    animation = PaletteAnimation.of(labels, 2, lambda i, source: source)
    assert isinstance(animation, PaletteAnimation)
    assert closeness(animation, encode(animation, ".gif")) > 22


def test_the_table_of_some_colors_is_that_part_of_the_table_of_all():
    cycle = color_cycle(painting(), frames=6, space="oklch")
    some = np.array([5, 900, 17])
    assert np.array_equal(cycle.table(3, some), cycle.table(3, slice(None))[some])
    frame = recolored(painting().pixels, rotator(180, "red", "oklch"))
    assert np.array_equal(cycle.frame(3).pixels, frame)


def test_many_colors_are_first_put_into_boxes(monkeypatch):
    cycle = color_cycle(painting(), frames=5)
    alone = closeness(cycle, encode(cycle, ".gif"))
    monkeypatch.setattr(one_index, "CLUSTERED", 2500)
    boxed = closeness(cycle, encode(cycle, ".gif"))
    assert alone - 1.5 < boxed < alone
    assert len({pixels for _, pixels in blocks(encode(held(cycle, lossy=5), ".gif"))}) == 1


@given(st.integers(1, 400))
def test_samples_are_frames_all_over_the_animation(count):
    found = samples(count)
    assert found == sorted(set(found)) and found[0] == 0 and found[-1] < count
    assert len(found) == min(count, SAMPLES)


# Clusters


def test_division_finds_clusters_that_are_far_apart():
    rng = np.random.default_rng(0)
    middles = rng.permutation(np.stack(np.meshgrid(*[[0.0, 100.0]] * 3), -1).reshape(-1, 3))
    points = (middles[:, None] + rng.normal(0, 1, (8, 40, 3))).reshape(-1, 3).astype(np.float32)
    centers = divided(points, np.ones(len(points)), 8)
    assert np.abs(centers[nearest(middles.astype(np.float32), centers)] - middles).max() < 1


def test_refining_never_raises_the_error_and_weights_count():
    rng = np.random.default_rng(1)
    points, weights = rng.normal(0, 10, (500, 4)).astype(np.float32), rng.integers(1, 9, 500).astype(float)
    centers = divided(points, weights, 12)

    def error(centers: np.ndarray) -> float:
        return float(weights @ ((points - centers[nearest(points, centers)]) ** 2).sum(axis=1))

    errors = [error(lloyd(points, weights, centers, rounds)) for rounds in range(5)]
    assert all(later <= earlier * (1 + 1e-6) for earlier, later in pairwise(errors))
    (one,) = lloyd(points, weights, centers[:1], 1)
    assert np.allclose(one, np.average(points, axis=0, weights=weights), atol=1e-4)


@given(st.integers(1, 700), st.integers(1, 40), st.integers(0, 99))
def test_the_nearest_center_is_the_nearest(count, kinds, seed):
    rng = np.random.default_rng(seed)
    points, centers = (rng.integers(0, 50, (n, 3)).astype(np.float32) for n in (count, kinds))
    gaps = ((points[:, None] - centers) ** 2).sum(axis=2)
    assert np.allclose(gaps[np.arange(count), nearest(points, centers)], gaps.min(axis=1), atol=1e-2)


def test_exchanges_cost_no_more_than_is_allowed():
    rng = np.random.default_rng(5)
    points, weights = rng.normal(0, 20, (3000, 3)).astype(np.float32), rng.integers(1, 5, 3000).astype(float)
    centers = divided(points, weights, 30)
    own = nearest(points, centers)
    cells, near = exchanges(points, weights, centers, own, 60.0)
    some = False
    for cell, others in enumerate(near):
        mine = cells == cell
        before = np.average(((points[mine] - centers[own[mine]]) ** 2).sum(axis=1), weights=weights[mine])
        costs = [
            np.average(((points[mine] - centers[other]) ** 2).sum(axis=1), weights=weights[mine]) for other in others
        ]
        assert costs == sorted(costs) and all(cost <= before + 60.01 for cost in costs)
        some = some or bool(costs)
    assert some


def test_a_mixture_comes_closer_than_its_nearer_color():
    points = np.array([[2.0, 0, 0], [5, 0, 0], [9, 0, 0]], np.float32)
    centers = np.array([[0, 0, 0], [10, 0, 0], [0, 50, 0]], np.float32)
    partner, share = mixtures(points, centers, nearest(points, centers), noise=0)
    assert partner.tolist()[1:] == [1, 0] or partner.tolist()[0] == 1
    assert np.allclose(share, [0.2, 0.5, 0.1])


def test_points_of_equal_grays_are_as_far_apart_as_their_levels_tell():
    a, b = opponent(np.array([[10, 10, 10], [20, 20, 20]], np.uint8))
    assert np.linalg.norm(a - b) == pytest.approx(15, rel=1e-3)


# LZW


def decoded(data: bytes, count: int) -> list[int]:
    """Read image data with the decoder of the specification's appendix F, written down naively."""
    bits, at, packed = data[0], 1, bytearray()
    while data[at]:
        packed += data[at + 1 : at + 1 + data[at]]
        at += data[at] + 1
    assert at == len(data) - 1
    stream, place = int.from_bytes(packed, "little"), 0
    clear, end = 1 << bits, (1 << bits) + 1
    table, width, before, out = {}, bits + 1, None, []
    while True:
        code = stream >> place & (1 << width) - 1
        place += width
        if code == clear:
            table, width, before = {i: [i] for i in range(clear)} | {clear: [], end: []}, bits + 1, None
            continue
        if code == end:
            assert len(out) == count and len(packed) == -(-place // 8)
            return out
        phrase = table[code] if code in table else [*table[before], table[before][0]]
        out += phrase
        if before is not None and len(table) < 4096:
            table[len(table)] = [*table[before], phrase[0]]
            if len(table) == 1 << width and width < 12:
                width += 1
        before = code


@given(st.integers(1, 256), st.integers(1, 3000), st.integers(0, 10**6), st.booleans())
def test_the_specification_reads_what_is_written(colors, count, seed, runs):
    rng = np.random.default_rng(seed)
    indices = rng.integers(0, colors, count).astype(np.uint8)
    if runs:
        indices = np.repeat(indices, rng.integers(1, 9, count))[:count]
    data, taken = lzw.encode(indices[None], colors)
    assert decoded(data, count) == indices.tolist() and taken is not None


def test_a_table_that_is_full_is_kept_and_then_cleared():
    indices = np.random.default_rng(0).integers(0, 256, (90, 200), np.uint8)  # twice as many codes as that takes
    assert decoded(lzw.encode(indices)[0], indices.size) == indices.reshape(-1).tolist()


@given(st.integers(2, 60), st.integers(1, 2000), st.integers(0, 10**6))
def test_lossy_data_hold_what_it_says_and_only_colors_that_may_stand(colors, count, seed):
    rng = np.random.default_rng(seed)
    indices = rng.integers(0, colors, count).astype(np.uint8)
    near = [[int(c) for c in rng.permutation(colors)[:3] if c != i] for i in range(colors)]
    data, taken = lzw.encode(indices[None], colors, near)
    assert decoded(data, count) == taken.reshape(-1).tolist()
    assert all(a == b or b in near[a] for a, b in zip(indices.tolist(), taken.reshape(-1).tolist(), strict=True))
    assert len(data) <= len(lzw.encode(indices[None], colors)[0]) * 1.1


def test_cells_say_what_may_stand_for_a_pixel_and_not_its_color():
    indices = np.random.default_rng(0).integers(0, 3, (1, 240), np.uint8)
    cells = np.zeros(indices.shape, np.uint16)
    cells[:, 120:] = 1
    _, taken = lzw.encode(indices, 3, [[], [0, 1, 2]], cells)
    assert np.array_equal(taken[:, :120], indices[:, :120])
    assert not np.array_equal(taken[:, 120:], indices[:, 120:])


# Operations that treat each color alone

ALONE = [op for op in all_ops().values() if op.per_color]


@pytest.mark.parametrize("op", ALONE, ids=[op.name for op in ALONE])
def test_an_op_that_says_it_treats_each_color_alone_does(op):
    image = painting(30, 20)
    order = np.random.default_rng(0).permutation(600)
    if Image in op.accepts:
        plain = op(image).pixels.reshape(-1, 3)
        shuffled = op(Image(image.pixels.reshape(-1, 3)[order][None, :150].copy())).pixels.reshape(-1, 3)
        assert np.array_equal(plain[order[:150]], shuffled)
        return
    palette = image.pixels[0, :5].copy()
    ids = (np.arange(600, dtype=np.int32) % 5).reshape(20, 30)
    injected = {"rng": np.random.default_rng(1)} if "rng" in op.injected else {}
    one = Image.of(op(Labels(ids, palette), **injected)).pixels.reshape(-1, 3)
    injected = {"rng": np.random.default_rng(1)} if "rng" in op.injected else {}
    other = Image.of(op(Labels(np.arange(5, dtype=np.int32)[None], palette), **injected)).pixels[0]
    assert np.array_equal(one, other[ids.reshape(-1)])


def test_ops_that_look_around_do_not_say_so():
    names = {op.name for op in ALONE}
    assert {"rotate-color", "levels", "recolor", "gradient-map"} <= names
    assert not names & {"blur", "auto-levels", "dither", "kmeans", "trace", "channels"}


def test_a_full_table_serves_for_some_time_before_it_is_cleared():
    """What was dear to learn pays: a table that is cleared as soon as it is full makes these data a quarter larger."""
    y, x = np.mgrid[:400, :400]
    indices = ((x + y // 3) % 61).astype(np.uint8)

    def cleared_at_once(pixels: bytes, bits: int) -> int:
        size, table, phrase, width = 0, {}, b"", bits + 1
        for pixel in pixels:
            longer = phrase + bytes([pixel])
            if len(longer) == 1 or longer in table:
                phrase = longer
                continue
            size += max(((1 << bits) + 1 + len(table)).bit_length(), width)
            if len(table) < 4096 - (1 << bits) - 2:
                table[longer] = True
            else:
                table = {}
            phrase = longer[-1:]
        return size // 8

    assert len(lzw.encode(indices, 64)[0]) < 0.85 * cleared_at_once(indices.tobytes(), 6)


@pytest.mark.slow
def test_what_changes_slowly_is_drawn_seldom_and_stays_close(monkeypatch):
    """Grays with a tinge of color beside strong colors: hues turn, and grays hardly change."""
    y, x = np.mgrid[0:64, 0:96]
    grays = (x + y)[..., None] + [36, 30, 26]
    strong = np.stack([x * 2, y * 4, 255 - x * 2], axis=-1)
    noise = np.random.default_rng(0).integers(-9, 10, (64, 96, 1))
    picture = Image((np.where((y % 32 < 20)[..., None], grays, strong) + noise).clip(0, 255).astype(np.uint8))
    given = {"animate.frames": 24, "animate.lossy": 5, "animate.max_bytes": None}
    turn = Recipe.read(retired()["hue-cycle"]).with_values(given)
    made = run(turn.checked, picture)

    def judged() -> tuple[int, float]:
        data = encode(made, ".gif")
        with Pillow.open(io.BytesIO(data)) as file:
            shown = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(file)]
        assert len(shown) == 24
        return len(data), max(np.mean((a.astype(float) - f.pixels) ** 2) for a, f in zip(shown, made, strict=True))

    seldom = judged()
    monkeypatch.setattr(written, "_HELD", 0.0)
    always = judged()
    assert seldom[0] < 0.85 * always[0]
    assert seldom[1] < always[1] + 0.25 * 25 * 1.3


def test_frames_at_rest_take_no_room():
    def change(i: int, image: Image) -> Image:
        return image.with_pixels(image.pixels ^ np.uint8(255 * (i >= 5)))

    picture = Image(np.random.default_rng(0).integers(0, 256, (50, 60, 3), np.uint8) // 64 * 64)
    data = encode(PaletteAnimation.of(picture, 10, change), ".gif")
    two = encode(PaletteAnimation.of(picture, 2, lambda i, image: change(9 * i, image)), ".gif")
    assert len(data) < len(two) + 8 * 40
    with Pillow.open(io.BytesIO(data)) as file:
        shown = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(file)]
    assert np.array_equal(shown, [picture.pixels] * 5 + [255 - picture.pixels] * 5)
