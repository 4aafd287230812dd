"""Palettes, and the ops that give regions their colors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.artwork.labels import Labels
from artkit.color.chance import DISTANCE, GAP, closest, closest_seen, random_palette
from artkit.color.palette import by_lightness, name_of, parse
from artkit.color.spaces import lightness, srgb_to_oklab
from artkit.errors import UsageError
from artkit.ops.paint import paint, recolor

WHITE, BLACK = [255, 255, 255], [0, 0, 0]


def labels(*colors: list[int]) -> Labels:
    ids = np.arange(2 * len(colors), dtype=np.int32).reshape(2, -1) % len(colors)
    return Labels(ids, np.array(colors, np.uint8))


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


# Random palettes


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 12, 16, 24, 32])
def test_no_two_colors_of_a_random_palette_are_closer_than_60_units(count):
    for seed in range(25):
        palette = random_palette(count, rng(seed))
        assert palette.shape == (count, 3)
        assert closest(palette) >= DISTANCE == 60


@pytest.mark.parametrize("count", range(2, 9))
def test_up_to_eight_random_colors_are_a_tenth_apart_in_oklab(count):
    for seed in range(60):
        assert closest_seen(random_palette(count, rng(seed))) >= GAP == 0.1


def test_random_colors_keep_away_from_those_that_are_taken():
    taken = np.array([BLACK, WHITE, [255, 0, 0]], np.uint8)
    for seed in range(100):
        palette = random_palette(4, rng(seed), taken=taken)
        assert closest(np.vstack([palette, taken])) >= DISTANCE


def test_the_colors_of_a_large_palette_are_still_all_different():
    for count in (64, 128, 256):
        assert len(np.unique(random_palette(count, rng(1)), axis=0)) == count


def test_random_palettes_run_from_dark_to_light_and_are_colorful():
    chroma = []
    for seed in range(60):
        palette = random_palette(6, rng(seed))
        assert (np.diff(lightness(palette)) >= 0).all()
        assert lightness(palette)[0] < 0.4 and lightness(palette)[-1] > 0.8
        chroma.append(np.linalg.norm(srgb_to_oklab(palette)[:, 1:], axis=1).mean())
    assert np.mean(chroma) > 0.08


def test_a_single_random_color_stands_out_on_black():
    assert (
        min(lightness(random_palette(1, rng(seed), taken=np.array([BLACK], np.uint8)))[0] for seed in range(60)) > 0.5
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@pytest.mark.slow
def test_the_same_seed_gives_the_same_palette(seed, count):
    assert (random_palette(count, rng(seed)) == random_palette(count, rng(seed))).all()


@pytest.mark.parametrize("count", [5, 20])
def test_other_seeds_give_other_palettes(count):
    assert len({random_palette(count, rng(seed)).tobytes() for seed in range(30)}) == 30
    assert len({tuple(color) for seed in range(30) for color in random_palette(count, rng(seed)).tolist()}) > 15 * count


def test_no_colors_is_an_empty_palette():
    assert random_palette(0, rng(0)).shape == (0, 3)


# Colors by name


@pytest.mark.parametrize(
    ("text", "rgb"),
    [
        ("red", [255, 0, 0]),
        ("RebeccaPurple", [102, 51, 153]),
        ("#f80", [255, 136, 0]),
        ("#FF8800", [255, 136, 0]),
        ("rgb(1, 2, 3)", [1, 2, 3]),
        ("hsl(120, 100%, 50%)", [0, 255, 0]),
    ],
)
def test_colors_are_read_as_css_writes_them(text, rgb):
    assert parse(text).tolist() == rgb


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_color_written_as_hex_is_read_back(rgb):
    assert parse(name_of(rgb)).tolist() == list(rgb)


def test_order_of_lightness_is_one_even_among_equals():
    colors = np.array([WHITE, BLACK, [0, 0, 255], [0, 255, 0], BLACK], np.uint8)
    assert colors[by_lightness(colors)].tolist() == [BLACK, BLACK, [0, 0, 255], [0, 255, 0], WHITE]


# Ops


def test_painting_gives_every_pixel_the_color_of_its_region():
    regions = labels(BLACK, [9, 8, 7], WHITE)
    assert (paint(regions).pixels == regions.palette[regions.ids]).all()


def test_named_colors_go_to_the_regions_from_dark_to_light():
    regions = labels(WHITE, BLACK, [128, 128, 128])
    painted = recolor(regions, palette=["navy", "tomato", "#fafafa"])
    assert painted.palette.tolist() == [[250, 250, 250], [0, 0, 128], [255, 99, 71]]
    assert (painted.ids == regions.ids).all()
    assert (recolor(regions, palette="navy, tomato #fafafa").palette == painted.palette).all()


def test_chance_fills_the_places_that_are_called_random_and_keeps_clear_of_the_rest():
    for seed in range(20):
        palette = recolor(labels(BLACK, [90] * 3, WHITE), palette=["black", "random", "random"], rng=rng(seed)).palette
        assert palette[0].tolist() == BLACK
        assert closest(palette) >= DISTANCE


def test_random_colors_keep_the_order_of_lightness_unless_shuffled():
    regions = labels(*([40 * i] * 3 for i in range(7)))
    orders = set()
    for seed in range(10):
        kept = recolor(regions, rng=rng(seed)).palette
        shuffled = recolor(regions, order="chance", rng=rng(seed)).palette
        assert (np.diff(lightness(kept)) >= 0).all()
        assert sorted(map(tuple, kept.tolist())) == sorted(map(tuple, shuffled.tolist()))
        orders.add(tuple(by_lightness(shuffled)))
    assert len(orders) > 5


def test_regions_keep_their_source_and_their_holes():
    regions = labels(BLACK, WHITE)
    ids = regions.ids.copy()
    ids[0, 0] = -1
    source = paint(regions)
    recolored = recolor(Labels(ids, regions.palette, source), rng=rng(0))
    assert recolored.source is source
    assert recolored.ids[0, 0] == -1


@pytest.mark.parametrize(
    ("palette", "message"),
    [
        (["red", "blue"], 'palette: 2 colors for 3 regions; name 3, add mix = true, or use "random"'),
        (["red", "bleu", "green"], 'palette: item 2: "bleu": no such color or palette; did you mean blue?'),
        (["red", "#12345", "green"], "write six hex digits"),
        ([], "palette"),
        ([7], "palette: item 1: 7 is not a string"),
    ],
)
def test_bad_palettes_are_one_line_that_says_what_would_work(palette, message):
    with pytest.raises(UsageError) as caught:
        recolor(labels(BLACK, [90] * 3, WHITE), palette=palette)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_color_far_from_any_name_is_told_how_colors_are_written():
    with pytest.raises(UsageError, match="use a CSS name or #rrggbb"):
        parse("zzzzqqq")
