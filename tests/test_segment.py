"""Ops that divide a picture into regions."""

import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.arrays import TRANSPARENT
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.gray import gray_of
from artkit.color.kmeans import cluster
from artkit.color.spaces import lightness, srgb_to_oklab
from artkit.errors import UsageError
from artkit.ops.segment import (
    adaptive_threshold,
    kmeans,
    multi_otsu,
    otsu,
    otsu_level,
    otsu_levels,
    otsu_rgb,
    select,
    threshold,
)


def noise(height: int = 40, width: int = 50, seed: int = 0) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def gray(values: list[list[int]]) -> Image:
    return Image(np.repeat(np.array(values, np.uint8)[..., None], 3, axis=2))


def grid(text: str) -> Labels:
    """Labels drawn as digits; a dot is transparent. Their colors climb from dark to light."""
    rows = [[TRANSPARENT if c == "." else int(c) for c in line] for line in text.split()]
    ids = np.array(rows, np.int32)
    count = int(ids.max()) + 1
    return Labels(ids, np.repeat(np.linspace(20, 250, count).astype(np.uint8)[:, None], 3, axis=1))


def half_transparent(image: Image) -> Image:
    alpha = np.full(image.pixels.shape[:2], 255, np.uint8)
    alpha[:, : image.width // 2] = 127
    return Image(image.pixels, alpha)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def histogram(*values: int) -> np.ndarray:
    return np.bincount(values, minlength=256)


# Otsu


@given(st.integers(0, 9999), st.integers(2, 256), st.integers(2, 60))
def test_otsus_level_is_scikit_images(seed, top, side):
    from skimage.filters import threshold_otsu

    values = np.random.default_rng(seed).integers(0, top, (side, side)) ** 2 // 255
    counts = np.bincount(values.ravel(), minlength=256)
    if np.count_nonzero(counts) < 2:
        return
    expected = threshold_otsu(values.astype(np.uint8))
    level = otsu_level(counts)
    # on a plateau scikit-image takes its first level, artkit the middle one: the same pixels are above
    assert ((values > level) == (values > expected)).all()
    if counts[expected + 1]:
        assert level == expected


def test_otsu_counts_every_pixel_of_a_photo_and_not_the_whole_grays_alone(photo):
    from skimage.filters import threshold_otsu

    levels = gray_of(photo.pixels)
    assert (otsu(photo).ids == (levels > threshold_otsu(levels))).all()


def test_the_upper_of_two_neighboring_grays_is_above_otsus_level():
    assert otsu_level(histogram(100, 101)) == 100
    assert otsu(gray([[100, 101]])).ids.tolist() == [[0, 1]]


def test_on_a_plateau_otsus_level_is_the_middle():
    assert otsu_level(histogram(0, 255)) == 127
    assert otsu_level(histogram(10, 10, 20)) == 14


def test_otsu_is_exact_with_as_many_pixels_as_a_photo_has():
    counts = np.zeros(256, np.int64)
    counts[[3, 250]] = 10**13, 10**13 + 1
    assert otsu_level(counts) == (3 + 249) // 2


@pytest.mark.parametrize(("level", "label"), [(0, 0), (90, 0), (127, 0), (128, 1), (255, 1)])
def test_a_constant_picture_is_all_black_or_all_white_and_says_so(level, label):
    lines = []
    labels = otsu(gray([[level] * 4] * 3), report=lines.append)
    assert (labels.ids == label).all()
    assert len(lines) == 1 and "single gray" in lines[0]
    assert otsu_level(histogram(7, 7)) is None


def test_a_picture_with_nan_is_refused_before_any_histogram():
    with pytest.raises(UsageError, match="without NaN"):
        otsu(np.array([[0.1, np.nan], [0.5, 0.7]]))


def test_otsu_of_three_channels_is_white_where_all_three_are_above():
    image = noise()
    above = [
        image.pixels[..., i] > otsu_level(np.bincount(image.pixels[..., i].ravel(), minlength=256)) for i in (0, 1, 2)
    ]
    assert (otsu_rgb(image).ids == np.logical_and.reduce(above)).all()
    eight = otsu_rgb(image, classes="eight")
    assert (eight.painted().pixels == np.dstack(above) * np.uint8(255)).all()
    assert (np.diff(lightness(eight.palette)) > 0).all()


def test_a_threshold_puts_above_it_what_is_lighter():
    assert threshold(gray([[0, 99, 100, 101, 255]]), level=100).ids.tolist() == [[0, 0, 0, 1, 1]]
    assert threshold(gray([[254, 255]]), level=255).ids.tolist() == [[0, 0]]


def variance(values: np.ndarray, cuts: tuple[int, ...]) -> float:
    """Within the classes that the levels divide."""
    classes = np.searchsorted(cuts, values)
    return sum(((values[classes == i] - values[classes == i].mean()) ** 2).sum() for i in np.unique(classes))


@given(st.integers(0, 9999), st.integers(2, 4))
@pytest.mark.slow
def test_several_levels_of_otsu_leave_the_least_variance_within_the_classes(seed, classes):
    values = np.random.default_rng(seed).integers(0, 14, 40) * 17
    counts = np.bincount(values, minlength=256)
    if np.count_nonzero(counts) < classes:
        return
    found = otsu_levels(counts, classes)
    best = min(variance(values, cuts) for cuts in combinations(np.unique(values)[:-1], classes - 1))
    assert variance(values, tuple(found)) == pytest.approx(best)
    assert len(found) == classes - 1 and (np.diff(found) > 0).all()


def test_several_levels_of_otsu_are_as_good_as_scikit_images_and_two_classes_are_otsus():
    from skimage.filters import threshold_multiotsu

    values = np.random.default_rng(5).integers(0, 256, (90, 90)) ** 2 // 255
    counts = np.bincount(values.ravel(), minlength=256)
    for classes in (2, 3, 4):
        ours, theirs = otsu_levels(counts, classes), threshold_multiotsu(values.astype(np.uint8), classes)
        best, known = variance(values, ours), variance(values, theirs)
        assert 0.999 * known <= best <= known * (1 + 1e-12)  # scikit-image sums in 32 bits
    assert otsu_levels(counts, 2).tolist() == [otsu_level(counts)]
    assert otsu_levels(histogram(0, 100, 255), 3).tolist() == [49, 177]


def test_grays_are_even_steps_and_as_many_as_there_are_levels():
    labels = multi_otsu(gray([[0, 10, 100, 110, 240, 250]]), classes=3)
    assert labels.ids.tolist() == [[0, 0, 1, 1, 2, 2]]
    assert labels.palette[:, 0].tolist() == [0, 128, 255]
    lines = []
    few = multi_otsu(gray([[7, 9, 7]]), classes=5, report=lines.append)
    assert few.ids.tolist() == [[0, 1, 0]]
    assert lines == ["multi-otsu: the picture has 2 grays, so there are 2 regions instead of 5"]
    assert multi_otsu(gray([[7, 7]])).ids.tolist() == [[0, 0]]


@pytest.mark.parametrize("size", [3, 5, 51])
@pytest.mark.parametrize("offset", [-20, 0, 8])
def test_an_adaptive_threshold_compares_with_the_mean_of_the_window_at_every_border(size, offset):
    image = gray(np.random.default_rng(size).integers(90, 130, (9, 13)).tolist())
    levels, radius = image.pixels[..., 0].astype(int), size // 2
    wide = np.pad(levels, radius, "reflect")
    for y in range(9):
        for x in range(13):
            white = (levels[y, x] + offset) * size**2 >= wide[y : y + size, x : x + size].sum()
            assert adaptive_threshold(image, size=size, offset=offset).ids[y, x] == white


def test_what_equals_its_surroundings_is_white():
    assert adaptive_threshold(gray([[80] * 5] * 4), offset=0).ids.all()


def test_an_adaptive_threshold_finds_ink_in_uneven_light():
    page = np.linspace(60, 250, 80).astype(int)[None].repeat(40, axis=0)
    ink = np.zeros((40, 80), bool)
    ink[10:30:5, 5:75] = True
    ids = adaptive_threshold(gray(np.where(ink, page // 2, page).tolist()), size=31).ids
    assert ((ids == 0) == ink)[:, 3:-3].mean() > 0.98


def test_smooth_parts_follow_the_level_of_the_whole_picture_and_uneven_ones_the_mean_around_them():
    """A night above a bright wall, both with faint grain, and a post in the night that is lit on one side."""
    picture = np.random.default_rng(3).integers(-3, 4, (90, 120)) + np.repeat([[30], [200]], [60, 30], axis=0)
    picture[20:50, 40:50] += 90
    alone = adaptive_threshold(gray(picture.tolist()), size=15, offset=0).ids
    both = adaptive_threshold(gray(picture.tolist()), size=15, offset=0, whole=12).ids
    night, wall = np.s_[5:15, 70:115], np.s_[75:85]
    assert 0.2 < alone[night].mean() < 0.8, "grain decides"
    assert not both[night].any() and both[wall].all()
    assert both[25:45, 41:49].mean() > 0.9


# k-means


def test_labels_run_from_dark_to_light_whatever_the_seed():
    image = noise()
    for seed in range(4):
        palette = kmeans(image, colors=5, rng=rng(seed)).palette
        assert (np.diff(lightness(palette)) > 0).all()


@pytest.mark.parametrize("space", ["rgb", "oklab"])
def test_the_same_seed_gives_the_same_labels(space):
    first, second = (kmeans(noise(), colors=6, space=space, rng=rng(3)) for _ in range(2))
    assert (first.ids == second.ids).all() and (first.palette == second.palette).all()


def test_centers_are_the_means_of_their_pixels_rounded_and_not_truncated():
    image = noise()
    labels = kmeans(image, colors=7, space="rgb", rng=rng())
    means = np.array([image.pixels[labels.ids == i].mean(axis=0) for i in range(7)])
    assert (labels.palette == np.rint(means)).all()


def test_centers_of_flat_art_are_its_colors():
    colors = np.array([[10, 20, 30], [200, 30, 40], [90, 210, 50], [250, 250, 250]], np.uint8)
    image = Image(colors[rng().integers(0, 4, (30, 30))])
    labels = kmeans(image, colors=4, rng=rng())
    assert (labels.painted().pixels == image.pixels).all()


@pytest.mark.parametrize("colors", [3, 8, 16])
@pytest.mark.sample(1)
@pytest.mark.slow
def test_the_inertia_is_within_one_percent_of_scikit_learns_on_all_pixels(photo, colors):
    from sklearn.cluster import KMeans

    points = photo.pixels.reshape(-1, 3).astype(float)
    best = KMeans(colors, n_init=4, random_state=0).fit(points).inertia_
    labels = kmeans(photo, colors=colors, space="rgb", rng=rng())
    assert ((points - labels.palette[labels.ids.ravel()]) ** 2).sum() <= 1.01 * best


@pytest.mark.slow
def test_many_distinct_colors_are_put_in_boxes_without_loss_worth_a_word():
    from sklearn.cluster import KMeans

    image = noise(200, 250, seed=5)  # 50,000 pixels of nearly as many colors
    colors = image.pixels.reshape(-1, 3)
    points = colors.astype(float)
    best = KMeans(6, n_init=4, random_state=0).fit(points).inertia_
    clusters, centers = cluster(colors, np.ones(len(points), np.int64), 6, rng())
    assert ((points - centers[clusters]) ** 2).sum() <= 1.01 * best
    assert centers == pytest.approx(np.array([points[clusters == i].mean(axis=0) for i in range(6)]), rel=0.02)


def test_every_pixel_is_with_its_nearest_center():
    image = noise()
    labels = kmeans(image, colors=6, space="oklab", rng=rng())
    far = np.linalg.norm(srgb_to_oklab(image.pixels)[:, :, None] - srgb_to_oklab(labels.palette), axis=3)
    own = np.take_along_axis(far, labels.ids[..., None], axis=2)[..., 0]
    assert (own <= far.min(axis=2) + 0.01).all()  # the palette is rounded, and centers moved in the last round


def test_more_clusters_than_colors_are_fewer_regions_and_a_line_that_says_so():
    lines = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labels = kmeans(gray([[0, 0, 90], [90, 255, 255]]), colors=8, rng=rng(), report=lines.append)
    assert labels.ids.tolist() == [[0, 0, 1], [1, 2, 2]]
    assert labels.palette[:, 0].tolist() == [0, 90, 255]
    assert lines == ["kmeans: the picture has 3 colors, so there are 3 regions instead of 8"]


def test_one_pixel_is_one_region():
    labels = kmeans(gray([[77]]), rng=rng())
    assert labels.ids.tolist() == [[0]] and labels.palette.tolist() == [[77, 77, 77]]


def test_no_note_is_given_where_as_many_colors_as_asked_are_there():
    lines = []
    assert len(kmeans(gray([[0, 255]]), colors=2, rng=rng(), report=lines.append).palette) == 2
    assert not lines


# Transparency and the source


MAKERS = [threshold, otsu, otsu_rgb, multi_otsu, kmeans]
EACH = pytest.mark.parametrize("make", MAKERS, ids=[make.name for make in MAKERS])


@EACH
def test_pixels_more_transparent_than_not_belong_to_no_region_and_have_no_say(make):
    image = noise()
    half = half_transparent(image)
    labels = make(half)
    left, right = labels.ids[:, : image.width // 2], labels.ids[:, image.width // 2 :]
    assert (left == TRANSPARENT).all() and (right >= 0).all()
    opaque = make(Image(np.ascontiguousarray(image.pixels[:, image.width // 2 :])))
    assert (opaque.ids == right).all() and (opaque.palette == labels.palette).all()
    assert labels.source is half


@EACH
def test_a_wholly_transparent_picture_has_no_region(make):
    image = Image(noise(4, 5).pixels, np.zeros((4, 5), np.uint8))
    assert (make(image).ids == TRANSPARENT).all()


# Select

RINGS = grid(
    """
    0000000000
    0000110000
    0001221000
    0001221000
    0000110003
    0000000033
    """
)


def chosen(labels: Labels) -> set[int]:
    """Which of the grid's labels became label 1."""
    picked = RINGS.ids[labels.ids == 1]
    assert not (set(picked.tolist()) & set(RINGS.ids[labels.ids == 0].tolist()))
    return set(picked.tolist())


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"by": "index", "index": 2}, 2),
        ({"by": "largest"}, 0),
        ({"by": "point", "x": 0.45, "y": 0.5}, 2),
        ({"by": "point", "x": 1, "y": 1}, 3),
        ({"by": "point", "x": 0, "y": 0}, 0),
        ({"by": "color", "color": "#fafafa"}, 3),
        ({"by": "color", "color": "black"}, 0),
    ],
)
def test_one_segment_is_chosen_by_index_size_point_or_color(how, expected):
    labels = select(RINGS, **how)
    assert chosen(labels) == {expected}
    assert labels.palette.tolist() == [[0, 0, 0], RINGS.palette[expected].tolist()]


def test_the_subject_is_in_the_middle_and_not_along_the_border():
    field = np.zeros((60, 80), np.int32)
    field[:, 55:] = 2  # large, at the border
    field[15:45, 20:55] = 1
    labels = Labels(field, np.array([[0, 0, 0], [99, 0, 0], [255, 255, 255]], np.uint8))
    assert (select(labels).ids == (field == 1)).all()


def test_the_subject_turns_with_the_picture():
    labels = kmeans(noise(31, 31), colors=4, rng=rng())
    turned = Labels(np.ascontiguousarray(np.rot90(labels.ids)), labels.palette)
    assert (select(turned).ids == np.rot90(select(labels).ids)).all()


def test_one_piece_of_a_segment_is_the_largest_or_the_one_at_the_point():
    labels = grid("11010\n11011\n00000\n01100")
    assert select(labels, by="index", index=1, piece=True).ids.tolist() == [
        [1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]
    assert select(labels, by="point", x=0.5, y=1, piece=True).ids[3].tolist() == [0, 1, 1, 0, 0]
    assert select(labels, by="point", x=0.5, y=1, piece=True).ids.sum() == 2


def test_what_is_transparent_stays_transparent():
    labels = grid("..1\n.01\n111")
    assert select(labels, by="index", index=0).ids.tolist() == [[-1, -1, 0], [-1, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize("by", ["subject", "largest", "index", "point", "color"])
def test_of_a_wholly_transparent_picture_nothing_is_selected(by):
    nothing = kmeans(Image(noise(4, 5).pixels, np.zeros((4, 5), np.uint8)))
    assert (select(nothing, by=by).ids == TRANSPARENT).all()
    assert len(select(nothing, by=by).palette) == 2


def test_a_central_segment_that_runs_along_the_border_is_not_the_subject():
    field = np.zeros((60, 80), np.int32)
    field[20:40] = 1  # a band through the middle, from border to border
    field[10:50, 25:45] = 2
    labels = Labels(field, np.array([[0, 0, 0], [99, 0, 0], [255, 255, 255]], np.uint8))
    assert (select(labels).ids == (field == 2)).all()
    field[:, :25] = field[:, 55:] = field[:6] = field[54:] = (
        1  # and with all of the border, more than half of the middle
    )
    assert (select(Labels(field, labels.palette)).ids == (field == 2)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: select(RINGS, by="index", index=4), "index: 4: there are 4 segments"),
        (lambda: select(grid("..\n.0"), by="point", x=0, y=0), "transparent at that point"),
        (lambda: select(RINGS, by="color", color="grean"), "did you mean green"),
        (lambda: select(RINGS, by="subjekt"), "did you mean subject"),
        (lambda: kmeans(noise(), colors=0), "colors: 0 is too small; use 1 or more"),
        (lambda: kmeans(noise(), colors=257), "colors: 257 is too large; use 256 or less"),
        (lambda: kmeans(noise(), space="lab"), "did you mean oklab"),
        (lambda: threshold(noise(), level=256), "level: 256 is too large"),
        (lambda: otsu_rgb(noise(), classes="nine"), "intersected"),
        (lambda: multi_otsu(noise(), classes=1), "classes: 1 is too small"),
        (lambda: adaptive_threshold(noise(), size=50), "50 is even"),
        (lambda: adaptive_threshold(noise(), offset=300), "offset: 300 is too large"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_colors_to_keep_are_in_the_palette_of_kmeans_and_ask_for_oklab():
    labels = kmeans(noise(), colors=5, keep=["#d62828"])
    assert [0xD6, 0x28, 0x28] in labels.palette.tolist() and len(labels.palette) == 5
    with pytest.raises(UsageError, match="space = oklab"):
        kmeans(noise(), colors=5, keep=["red"], space="rgb")
    with pytest.raises(UsageError, match="2 colors, and 1 in all; use colors = 2"):
        kmeans(noise(), colors=1, keep=["red", "blue"])
