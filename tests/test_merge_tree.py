"""The merge tree: levels nest, costs climb, and the last regions merge in exact order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import label as parts

from artkit.tracer.mosaic import Source
from artkit.tracer.regions.fields import error, label_moments
from artkit.tracer.regions.graph import Pricing, adjacency
from artkit.tracer.regions.labels import relabeled
from artkit.tracer.regions.superpixels import superpixels
from artkit.tracer.regions.tree import MergeTree, Merging, merge_tree
from artkit.tracer.regions.width import Widths


def picture(height: int = 40, width: int = 56, seed: int = 0) -> np.ndarray:
    """A disc and a ramp with grain, in any space."""
    y, x = np.mgrid[:height, :width].astype(float)
    pixels = np.dstack([2 * x, 3 * y, 40 + 0 * x])
    pixels[np.hypot(x - 20, y - 20) < 11] = 200, 60, 90
    return (pixels + np.random.default_rng(seed).normal(0, 6, pixels.shape)).astype(np.float32)


def own_pixels(height: int, width: int) -> np.ndarray:
    return np.arange(height * width, dtype=np.int32).reshape(height, width)


@pytest.fixture(scope="module", params=[{}, {"gradient": 2000.0}, {"thin": 0.05}, {"border": 20.0}], ids=str)
def tree(request: pytest.FixtureRequest) -> MergeTree:
    colors = picture()
    return merge_tree(own_pixels(*colors.shape[:2]), colors, None, **request.param)


@pytest.mark.sample(2)
def test_a_level_has_as_many_regions_as_are_asked_for(tree):
    for count in (1, 2, 3, 17, 400, 1500, 2240):
        labels = tree.cut(count)
        assert labels.dtype == np.int32
        assert np.array_equal(np.unique(labels), np.arange(count))
    assert tree.cut(5000).max() + 1 == tree.leaves.max() + 1, "no more than there are leaves"
    assert tree.fewest == 1 and tree.cut(0).max() == 0


def test_levels_nest(tree):
    for fine, coarse in pairwise((1800, 600, 90, 31, 8, 2)):
        inner, outer = tree.cut(fine), tree.cut(coarse)
        pairs = np.unique(np.stack([inner.ravel(), outer.ravel()]), axis=1)
        assert pairs.shape[1] == fine, "each fine region lies in one coarse one"


def test_regions_are_connected(tree):
    for count in (2, 20, 300):
        labels = tree.cut(count)
        assert all(parts(labels == k)[1] == 1 for k in range(count))


def test_owners_say_what_a_cut_shows(tree):
    for count in (1, 7, 120):
        owners = tree.owners(count)
        assert np.array_equal(relabeled(tree.leaves, owners), tree.cut(count))
        first = np.unique(owners, return_index=True)[1]
        assert (np.diff(first) > 0).all(), "numbered in the order of leaves"


def test_costs_climb(tree):
    assert len(tree.cost) == tree.leaves.max()
    assert (np.diff(tree.cost) >= 0).all() and tree.cost[0] >= 0
    merged = tree.turn < len(tree.cost)
    later = merged & merged[tree.into]
    assert (tree.turn[tree.into][later] > tree.turn[later]).all(), "what is taken in takes in no more"


def test_a_count_is_found_by_cost(tree):
    for cost in (0.0, float(np.median(tree.cost)), 1e12):
        assert tree.count_at(cost) == len(tree.into) - (tree.cost < cost).sum()


@pytest.mark.slow
def test_the_same_picture_gives_the_same_tree():
    colors = picture()
    one, two = (merge_tree(own_pixels(40, 56), colors, None, gradient=900.0, thin=0.1) for _ in range(2))
    for name in ("into", "turn", "cost"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()


def naive(leaves: np.ndarray, colors: np.ndarray, gradient: float, border: float) -> list[tuple[float, int, set, set]]:
    """Always unite the neighbors whose union costs the least, and say at what cost: the highest so far within both."""
    regions = {k: {k} for k in range(int(leaves.max()) + 1)}
    heights = dict.fromkeys(regions, 0.0)
    unions = []

    def fit(members: set) -> float:
        inside = np.where(np.isin(leaves, list(members)), 0, -1).astype(np.int32)
        return float(error(label_moments(inside, colors, None, 1), gradient)[0])

    while len(regions) > 1:
        labels = np.empty(leaves.shape, np.int32)
        for number, members in regions.items():
            labels[np.isin(leaves, list(members))] = number
        best = None
        for a, b, length in zip(*adjacency(labels, int(leaves.max()) + 1), strict=True):
            a, b = int(a), int(b)
            more = max(fit(regions[a] | regions[b]) - fit(regions[a]) - fit(regions[b]), 0)
            best = min(best or (np.inf, 0, 0), (more / (1 + length / border), a, b))
        cost, a, b = best
        heights[a] = max(heights[a], heights[b], cost)
        unions.append((heights[a], len(unions), set(regions[a]), set(regions[b])))
        regions[a] |= regions.pop(b)
    return sorted(unions, key=lambda union: union[:2])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("gradient", "border"), [(np.inf, 400.0), (np.inf, 3.0), (300.0, 400.0)])
@pytest.mark.sample(4)
def test_the_last_regions_merge_in_exact_order(seed, gradient, border):
    colors = np.random.default_rng(seed).normal(100, 40, (3, 5, 3)).astype(np.float32)
    leaves = own_pixels(3, 5)
    tree = merge_tree(leaves, colors, None, gradient=gradient, border=border)
    wanted = naive(leaves, colors, gradient, border)
    assert tree.cost == pytest.approx([union[0] for union in wanted], rel=1e-6, abs=1e-6)
    groups = {k: {k} for k in range(15)}
    for count, (_, _, one, other) in zip(range(14, 0, -1), wanted, strict=True):
        whole = groups[min(one)] | groups[min(other)]
        for k in whole:
            groups[k] = whole
        labels = tree.cut(count).ravel()
        assert {frozenset(np.flatnonzero(labels == k).tolist()) for k in range(count)} == {
            frozenset(group) for group in groups.values()
        }


def test_a_short_order_is_the_end_of_a_long_one():
    """Few regions to begin with and many: what is left at the end is the same, as only exact order decides there."""
    colors = picture(24, 30)
    tree = merge_tree(own_pixels(24, 30), colors)
    later = merge_tree(tree.cut(200), colors)
    for count in (2, 5, 40):
        assert np.array_equal(later.cut(count), tree.cut(count))


@pytest.mark.slow
def test_merging_stops_where_it_should():
    colors = picture()
    for least in (1, 5, 900):
        tree = merge_tree(own_pixels(40, 56), colors, least=least)
        assert tree.fewest == least
        assert tree.cut(1).max() + 1 == least
    stopped, all_ = (merge_tree(own_pixels(40, 56), colors, least=n) for n in (50, 1))
    assert np.array_equal(stopped.cut(50), all_.cut(50))


def test_separate_parts_stay_apart():
    leaves = own_pixels(6, 9)
    leaves[:, 4] = -1
    leaves = np.unique(leaves, return_inverse=True)[1].reshape(6, 9).astype(np.int32) - 1
    tree = merge_tree(leaves, picture(6, 9))
    assert tree.fewest == 2
    assert np.array_equal(np.unique(tree.cut(1)), [-1, 0, 1])
    assert (tree.cut(1)[:, 4] == -1).all()


def test_thin_regions_go_first():
    colors = np.zeros((30, 30, 3), np.float32)
    colors[:, 15:] = 30
    colors[14:16] = 200  # a strong line of two pixels, and a faint but broad difference
    leaves = np.unique(colors[..., 0].astype(int), return_inverse=True)[1].reshape(30, 30).astype(np.int32)
    leaves = parts(leaves == 0)[0] + 10 * parts(leaves == 1)[0] + 100 * parts(leaves == 2)[0]
    leaves = np.unique(leaves, return_inverse=True)[1].reshape(30, 30).astype(np.int32)
    plain, eager = (merge_tree(leaves, colors, thin=thin).cut(3) for thin in (1.0, 0.001))
    assert plain[15, 5] not in (plain[2, 5], plain[2, 25]), "the line costs the most"
    assert eager[15, 5] in (eager[2, 5], eager[2, 25], eager[28, 5], eager[28, 25])


def test_weights_make_pixels_count():
    colors = np.zeros((4, 40, 3), np.float32)
    colors[:, 10:20], colors[:, 30:] = 50, 60
    weight = np.ones((4, 40))
    weight[:, :20] = 20.0
    leaves = (np.arange(40) // 10).astype(np.int32)[None].repeat(4, 0)
    light, heavy = (merge_tree(leaves, colors, w).cut(3) for w in (None, weight))
    assert len(np.unique(light[0, :20])) == 1 or light[0, 15] == light[0, 25]
    assert heavy[0, 5] != heavy[0, 15], "where it counts twenty times nothing is merged first"


@pytest.mark.parametrize("count", [30, 300])
def test_superpixels_are_connected_and_about_as_many_as_wanted(count):
    colors = picture(60, 70)
    opaque = np.hypot(*np.mgrid[-30:30, -35:35]) < 28
    for mask in (None, opaque):
        labels = superpixels(colors, None, mask, count)
        found = int(labels.max()) + 1
        assert count <= found <= 1.2 * count
        assert np.array_equal(labels >= 0, np.ones_like(opaque) if mask is None else mask)
        assert all(parts(labels == k)[1] == 1 for k in range(found))


def test_superpixels_of_bands_are_put_together(monkeypatch):
    """A picture of several bands has borders where one of one band has them, not along the bands."""
    from artkit.tracer.regions import superpixels as module

    colors = picture(64, 50)
    whole = superpixels(colors, None, None, 32)
    monkeypatch.setattr(module, "BAND", 16 * 50)
    banded = superpixels(colors, None, None, 32)
    assert int(banded.max()) + 1 == pytest.approx(int(whole.max()) + 1, abs=5)
    across = (banded[15::16][:-1] != banded[16::16]).mean()
    elsewhere = (banded[7::16] != banded[8::16]).mean()
    assert across < elsewhere + 0.25


def test_neighbors_and_their_borders():
    labels = np.array([[0, 0, 1], [2, 0, 1], [2, 2, -1]], np.int32)
    a, b, length = adjacency(labels, 3)
    assert list(zip(a, b, length, strict=True)) == [(0, 1, 2), (0, 2, 3)]


def test_of_unions_that_add_the_same_error_the_one_with_more_border_goes_first():
    labels = np.zeros((20, 40), np.int32)
    labels[12, 5:21], labels[2:6, 2:6] = 1, 2  # sixteen pixels each, in a row and in a square
    for row, square in ((1, 2), (2, 1)):
        leaves = np.choose(labels, [0, row, square]).astype(np.int32)
        cut = merge_tree(leaves, np.where(labels > 0, 10, 0)[..., None].repeat(3, 2).astype(np.float32)).cut(2)
        assert cut[12, 6] == cut[0, 0] != cut[3, 3]


def test_400_pixels_of_border_halve_the_price_of_a_union():
    """The border decides between what looks alike; it does not eat what differs."""
    leaves = np.zeros((120, 120), np.int32)
    leaves[10:110, 10:110] = 1
    colors = np.where(leaves > 0, 10, 0)[..., None].repeat(3, 2).astype(np.float32)
    alone = merge_tree(leaves, colors, border=np.inf).cost[0]
    assert merge_tree(leaves, colors).cost[0] == pytest.approx(alone / 2)


def test_regions_cost_what_they_do_in_the_whole_tree(monkeypatch):
    """Rounds take the cheapest pairs that there are by then: a smooth part takes more rounds, and has cheaper ones."""
    monkeypatch.setattr("artkit.tracer.regions.tree.EXACT", 8)  # few and large rounds, as in a large picture
    monkeypatch.setattr("artkit.tracer.regions.tree.SOME", 0.5)
    rng = np.random.default_rng(5)
    smooth, blocks = rng.integers(126, 131, (60, 48, 3)), rng.integers(0, 256, (15, 8, 3)).repeat(4, 0).repeat(4, 1)
    pixels = np.concatenate([smooth, blocks], 1).astype(np.uint8)
    direct, whole = (Source(pixels, None, None, gradients=True) for _ in range(2))
    assert whole.tree(120).fewest == 1
    assert np.array_equal(direct.mosaic(120).labels, whole.mosaic(120).labels)


@pytest.mark.parametrize("thin", [1.0, 0.1])
def test_merging_that_goes_on_is_as_merging_that_was_to_go_so_far_at_first(thin):
    leaves, colors = own_pixels(40, 56), picture()
    moments = label_moments(leaves, colors, None, leaves.size)
    merging = Merging(leaves, moments, Pricing(900.0, 400.0, thin))
    first = merging.tree(300)
    kept = first.into.copy()
    later = merging.tree(20)
    for tree, least in ((first, 300), (later, 20)):
        alone = merge_tree(leaves, colors, None, gradient=900.0, border=400.0, thin=thin, least=least)
        assert np.array_equal(tree.into, alone.into) and np.array_equal(tree.turn, alone.turn)
        assert tree.cost.tobytes() == alone.cost.tobytes()
    assert np.array_equal(first.into, kept) and first.fewest == 300 and later.fewest == 20


@given(st.integers(0, 10_000))
def test_slivers_are_the_regions_without_a_block_of_three_by_three(seed):
    chance = np.random.default_rng(seed)
    labels = np.kron(chance.integers(-1, 30, (5, 6)), np.ones((2, 2), int)).astype(np.int32)
    labels[chance.random(labels.shape) < 0.1] = 30
    labels = (np.unique(np.append(-1, labels), return_inverse=True)[1][1:].reshape(labels.shape) - 1).astype(np.int32)
    widths = Widths(labels)
    while True:
        blocks = np.lib.stride_tricks.sliding_window_view(labels, (3, 3)).reshape(-1, 9)
        wide = {int(block[0]) for block in blocks if block[0] >= 0 and (block == block[0]).all()}
        count = int(labels.max(initial=-1)) + 1
        assert set(np.flatnonzero(~widths.narrow).tolist()) == wide
        if count < 2:
            break
        owner = np.arange(count)
        one, other = sorted(chance.choice(count, 2, replace=False).tolist())
        owner[other] = one
        if not wide & {one, other}:
            now = np.where(labels == other, one, labels)
            blocks = np.lib.stride_tricks.sliding_window_view(now, (3, 3)).reshape(-1, 9)
            assert widths.still_narrow(owner, one) == (blocks != one).any(1).all()
        number = np.unique(owner, return_inverse=True)[1]
        labels = np.where(labels < 0, -1, number[labels]).astype(np.int32)
        widths.merged(number, count - 1)
