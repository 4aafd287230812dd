"""Low poly, stained glass, watercolor and paper cut: what they promise, on a photo drawn here."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow
from scipy.ndimage import distance_transform_edt

from artkit.artwork.drawing import Drawing, Gradient, Layer
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.ops.styles import low_poly, papercut, stained_glass, watercolor
from artkit.planar.triangles import Mesh, conforming, delaunay, doubled_areas, has_edges, spans
from artkit.styles.low_poly.fit import flipped, moved
from artkit.styles.low_poly.measured import Measured
from artkit.styles.low_poly.settings import SETTINGS
from artkit.styles.papercut import Cut, levels
from artkit.styles.shapes import rounded
from artkit.styles.stained_glass import CALM, LARGEST, THIN, Glass, drawing, pieces, without_shades

OPS = {op.name: op for op in (low_poly, stained_glass, watercolor, papercut)}
FEW = {"low-poly": {"triangles": 60}, "stained-glass": {"pieces": 12}, "watercolor": {"washes": 30}, "papercut": {}}


def scene(height: int = 120, width: int = 160) -> Image:
    """A sky that fades, a sun, a dark hill and some grain."""
    y, x = np.mgrid[0:height, 0:width].astype(float) / height
    pixels = np.dstack([200 + 40 * y, 190 - 60 * y + 20 * x, 120 + 90 * y])
    pixels[np.hypot(x - 0.4, y - 0.35) < 0.16] = 250, 230, 90
    pixels[y > 0.66 + 0.12 * np.sin(5 * x)] = 40, 80, 50
    pixels += np.random.default_rng(3).normal(0, 3, pixels.shape)
    return Image(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def cut_out(image: Image) -> Image:
    """The picture with only a disc of it opaque."""
    y, x = np.mgrid[: image.height, : image.width]
    disc = np.hypot(x - image.width / 2, y - image.height / 2) < 0.4 * image.height
    return Image(image.pixels, disc.astype(np.uint8) * 255)


SCENE = scene()


def rendered(drawing: Drawing, background: str | None = None, zoom: int = 1) -> np.ndarray:
    """(H, W, 4) levels."""
    size = {"width": round(drawing.width * zoom), "height": round(drawing.height * zoom)}
    png = resvg_py.svg_to_bytes(svg_string=drawing.to_svg(), background=background, skip_system_fonts=True, **size)
    return np.asarray(Pillow.open(io.BytesIO(bytes(png))).convert("RGBA")).astype(int)


# All four


@pytest.mark.parametrize("name", OPS)
@pytest.mark.parametrize("zoom", [1, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.sample(1)
def test_no_background_shines_through(name, zoom):
    drawing = OPS[name](SCENE, **FEW[name])
    black, white = rendered(drawing, "#000000", zoom), rendered(drawing, "#ffffff", zoom)
    assert np.abs(black - white).max() <= 4, "of 255"


@pytest.mark.parametrize("name", OPS)
@pytest.mark.sample(1)
def test_the_same_seed_gives_the_same_bytes(name):
    one, two = (OPS[name](SCENE, **FEW[name], **chance(name, 5)).to_svg() for _ in range(2))
    assert one == two


@pytest.mark.parametrize("name", ["stained-glass", "watercolor"])
@pytest.mark.sample(1)
def test_another_seed_gives_another_drawing(name):
    one, two = (OPS[name](SCENE, **FEW[name], **chance(name, seed)).to_svg() for seed in (1, 2))
    assert one != two


def chance(name: str, seed: int) -> dict[str, np.random.Generator]:
    return {"rng": np.random.default_rng(seed)} if "rng" in OPS[name].injected else {}


@pytest.mark.parametrize("name", ["low-poly", "stained-glass", "papercut"])
@pytest.mark.sample(1)
def test_transparent_parts_stay_open_and_others_do_not(name):
    image = cut_out(SCENE)
    values = FEW[name] | ({"shadow": "none"} if name == "papercut" else {})
    alpha = rendered(OPS[name](image, **values))[..., 3]
    inside = image.alpha > 0
    deep, far = distance_transform_edt(inside) > 4, distance_transform_edt(~inside) > 5
    assert alpha[deep].min() > 250
    assert (alpha[far] == 0).all()


@pytest.mark.slow
def test_transparent_parts_of_a_watercolor_are_bare_paper():
    image = cut_out(SCENE)
    drawing = watercolor(image, washes=20, soft=0.0, wander=0.0)
    far = distance_transform_edt(image.alpha == 0) > 4
    assert drawing.background == "#fcfaf5"
    assert (rendered(drawing)[far][:, :3] == (0xFC, 0xFA, 0xF5)).all()


@pytest.mark.parametrize("name", OPS)
@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 9), (9, 1)])
@pytest.mark.sample(4)
def test_tiny_pictures(name, shape):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    for alpha in (None, np.full(shape, 255, np.uint8), np.zeros(shape, np.uint8)):
        drawing = OPS[name](Image(pixels, alpha))
        assert (drawing.width, drawing.height) == shape[::-1]
        assert rendered(drawing).shape[:2] == shape


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("low-poly", {"triangles": 1}, "triangles: 1 is too small; use 2 or more"),
        ("low-poly", {"follow": 2.0}, "follow: 2.0 is too large; use 1"),
        ("low-poly", {"focus": "3,4,0"}, "focus: 3,4,0: takes X,Y,R"),
        ("low-poly", {"focus": "no-such-mask.png"}, "no-such-mask.png"),
        ("stained-glass", {"lead": 0.0}, "lead: 0.0 is too small; use more than 0"),
        ("stained-glass", {"pieces": 0}, "pieces: 0 is too small"),
        ("watercolor", {"paper": "papyrus"}, "papyrus"),
        ("papercut", {"sheets": 1}, "sheets: 1 is too small; use 2 or more"),
        ("papercut", {"palette": ("ligth blue",)}, "no such color; did you mean lightblue?"),
        ("papercut", {"shadow": "hard"}, "shadow"),
    ],
)
def test_what_cannot_be_asked_for_gets_one_line(name, values, said):
    with pytest.raises(Exception) as caught:
        OPS[name](SCENE, **values)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert isinstance(caught.value, UsageError) or caught.value.exit_code == 1


# Triangles


@pytest.mark.parametrize("count", [2, 7, 60, 401])
@pytest.mark.parametrize("image", [SCENE, scene(41, 67)], ids=["scene", "odd sides"])
@pytest.mark.sample(3)
def test_low_poly_shapes_are_triangles_that_tile_the_picture(image, count):
    drawing = low_poly(image, triangles=count)
    shapes = drawing.layers[0].shapes
    assert count - 2 <= len(shapes) <= count
    for shape in shapes:
        (path,) = shape.paths
        assert path.points.shape == (3, 2) and path.kinds is None and path.closed
        assert shape.stroke == shape.fill
    points = np.concatenate([shape.paths[0].points for shape in shapes])
    triangles = np.arange(len(points)).reshape(-1, 3)
    area = doubled_areas(points, triangles) / 2
    assert (area > 0).all()
    assert area.sum() == pytest.approx(image.width * image.height)
    found = spans(points, triangles, image.height, image.width)
    times = np.zeros(image.width * image.height, int)
    for first, stop in zip(found.first, found.stop, strict=True):
        times[first:stop] += 1
    assert (times == 1).all(), "every pixel lies in one triangle"


def test_a_triangle_has_the_mean_color_of_its_pixels():
    for shape in low_poly(SCENE, triangles=40).layers[0].shapes:
        inside = within(shape.paths[0].points, SCENE.height, SCENE.width)
        if inside.any():
            color = np.array([int(shape.fill[i : i + 2], 16) for i in (1, 3, 5)])
            assert np.abs(SCENE.pixels[inside].mean(0) - color).max() < 1.5


def within(corners: np.ndarray, height: int, width: int) -> np.ndarray:
    """Which middles of pixels lie in a triangle: naively."""
    y, x = np.mgrid[:height, :width] + 0.5
    sides = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)
    ]
    return np.logical_and.reduce([side >= 0 for side in sides])


def test_edges_of_triangles_follow_borders():
    """Two flat halves with a slanted border: a few triangles are as good as the picture, but for its antialiasing."""
    y, x = np.mgrid[:100, :140] + 0.5
    image = Image(np.where((x + 0.3 * y < 80)[..., None], (220, 60, 40), (30, 50, 120)).astype(np.uint8))
    gap = np.abs(rendered(low_poly(image, triangles=30))[..., :3] - image.pixels).max(2)
    assert (gap > 60).mean() < 0.02


@pytest.mark.slow
def test_more_triangles_are_closer():
    errors = [
        np.square(rendered(low_poly(SCENE, triangles=n))[..., :3] - SCENE.pixels.astype(int)).mean()
        for n in (8, 60, 500)
    ]
    assert errors[0] > 1.5 * errors[1]
    assert errors[1] > 1.2 * errors[2]


@pytest.mark.slow
def test_focus_draws_triangles_to_it():
    image = Image(np.random.default_rng(0).integers(0, 256, (90, 120, 3), dtype=np.uint8))

    def close(focus: str) -> int:
        middles = [shape.paths[0].points.mean(0) for shape in low_poly(image, triangles=200, focus=focus).shapes]
        return int((np.linalg.norm(np.array(middles) - (30, 30), axis=1) < 22).sum())

    assert close("30,30,15") > 1.5 * close("")


def test_moving_points_only_ever_brings_triangles_closer():
    measured = Measured(SCENE.pixels, None, None, 0.0)
    rng = np.random.default_rng(0)
    corners = np.array([(0, 0), (160, 0), (0, 120), (160, 120)], float)
    points = np.vstack([corners, rng.uniform(5, 115, (60, 2))])
    start = Mesh(points, np.empty((0, 2), int), delaunay(points))
    end = moved(start, measured, 15.0, SETTINGS.step, SETTINGS)
    before, after = (measured.errors(m.points, m.triangles)[0].sum() for m in (start, end))
    assert after < 0.8 * before
    assert (doubled_areas(end.points, end.triangles) > 0).all()
    assert np.array_equal(end.points[:4], corners)


def test_a_conforming_triangulation_has_all_the_edges():
    rng = np.random.default_rng(4)
    for _ in range(5):
        points = np.unique(np.rint(rng.uniform(0, 100, (30, 2))), axis=0)
        hull = np.array([(-1.0, -1), (101, -1), (101, 101), (-1, 101)])
        points = np.vstack([points[np.argsort(points[:, 0])], hull])
        edges = np.array(list(pairwise(range(len(points) - 4))))  # a line from left to right does not cross itself
        edges = edges[points[edges[:, 0], 0] != points[edges[:, 1], 0]]
        assert not has_edges(delaunay(points), edges, len(points)).all(), "else it were no test"
        found = conforming(points, edges)
        lengths = np.linalg.norm(np.subtract(*found.points[found.edges.T]), axis=1)
        there = has_edges(found.triangles, found.edges, len(found.points))
        assert (there | (lengths < 2)).all()
        assert np.array_equal(found.points[: len(points)], points)
        total = np.linalg.norm(np.subtract(*points[edges.T]), axis=1).sum()
        assert lengths.sum() == pytest.approx(total)
        assert doubled_areas(found.points, found.triangles).sum() / 2 == pytest.approx(102**2)


# Glass


def leads(drawing: Drawing) -> list[Layer]:
    return [layer for layer in drawing.layers if layer.name not in ("ground", "glass")]


def test_every_lead_is_drawn_once():
    drawing = stained_glass(SCENE, pieces=40)
    drawn = [
        (layer.name, rounded_points(piece))
        for layer in leads(drawing)
        for shape in layer.shapes
        for path in shape.paths
        for piece in segments(path)
    ]
    names, lines = [name for name, _ in drawn], [line for _, line in drawn]
    both = lines + [line[::-1] for line in lines]
    assert len(set(both)) == 2 * len(lines), "no line twice, nor there and back"
    glass = next(layer for layer in drawing.layers if layer.name == "glass")
    outlines = [rounded_points(piece) for shape in glass.shapes for path in shape.paths for piece in segments(path)]
    assert set(outlines) <= set(both), "every edge of a piece lies under a lead"
    inner = [line for name, line in zip(names, lines, strict=True) if name != "frame"]
    assert inner and all(outlines.count(line) + outlines.count(line[::-1]) == 2 for line in inner)


def rounded_points(points: np.ndarray) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, np.rint(points * 1000).astype(int).tolist()))


def segments(path) -> list[np.ndarray]:
    """The segments of a path, each with its first point and its others."""
    kinds = path.kinds if path.kinds is not None else np.ones(len(path.points) - 1, int)
    ends = np.cumsum(kinds)
    return [path.points[end - kind : end + 1] for end, kind in zip(ends.tolist(), kinds.tolist(), strict=True)]


@pytest.mark.slow
def test_leads_are_as_wide_as_stated():
    width = {layer.name: layer.stroke_width for layer in stained_glass(SCENE, pieces=40, lead=3.0).layers}
    assert width["lead"] == 3 and width["thin lead"] == pytest.approx(3 * THIN) and width["frame"] == 6
    image = Image(
        np.where(np.arange(200)[None, :, None] < 100, (200, 40, 40), (40, 60, 200)).repeat(150, 0).astype(np.uint8)
    )
    row = rendered(stained_glass(image, pieces=2, lead=10.0, variation=0.0), zoom=4)[300]
    dark = row[:, :3].max(1) < 40
    runs = np.diff(np.flatnonzero(np.diff(np.concatenate([[0], dark, [0]]).astype(int))))[::2] / 4
    assert runs[0] == pytest.approx(10, abs=0.3), "the frame"
    assert runs[1] == pytest.approx(10 * THIN, abs=0.3), "the lead, within the one main region"


@pytest.mark.slow
def test_pieces_are_large_enough_to_cut_and_none_is_huge():
    from artkit.tracer.mosaic import Source

    noise = np.random.default_rng(2).integers(0, 256, (130, 170, 3), dtype=np.uint8)
    plain = np.full((130, 170, 3), 90, np.uint8)
    for pixels, largest in ((noise, 3), (scene(130, 170).pixels, LARGEST * CALM), (plain, LARGEST * CALM)):
        labels, main = pieces(Source(pixels, None, None, gradients=False), 40, 2.0)
        sizes = np.bincount(labels.ravel())
        assert len(main) == len(sizes)
        assert sizes.min() > 0.15 * labels.size / 40
        assert sizes.max() < largest * labels.size / 40
        assert 40 / 3 <= len(sizes) <= 90


def test_pieces_are_large_where_there_is_nothing_to_see():
    from artkit.tracer.mosaic import Source

    pixels = np.full((130, 170, 3), 90, np.uint8)
    pixels[:, :85] = np.random.default_rng(2).integers(0, 256, (130, 85, 3))
    labels, _ = pieces(Source(pixels, None, None, gradients=False), 60, 2.0)
    busy, calm = (len(np.unique(labels[:, half])) for half in (np.s_[:80], np.s_[90:]))
    assert calm < busy / 2


@pytest.mark.slow
def test_what_is_plain_is_cut_along_its_shades():
    """A sky that is lighter towards the horizon: cuts run across the change more than along it."""
    from artkit.tracer.mosaic import Source

    sky = np.linspace(110, 180, 160)[:, None, None].repeat(160, 1).repeat(3, 2).astype(np.uint8)
    labels, _ = pieces(Source(sky, None, None, gradients=False), 60, 2.0)
    level, upright = (int((np.diff(labels, axis=axis) != 0).sum()) for axis in (0, 1))
    assert level > 1.4 * upright


def test_shades_are_one_glass_and_steps_are_borders():
    """A ramp of 40 levels in 40 strips, and a step of 100 beside it."""
    ramp = np.repeat(np.arange(100, 140), 3)
    row = np.concatenate([ramp, np.full(60, 240)]).astype(np.uint8)
    labels = np.repeat((np.arange(180) // 3).astype(np.int32)[None], 50, axis=0)
    united, number = without_shades(labels, np.repeat(row[None, :, None], 3, axis=2).repeat(50, axis=0))
    assert number < 6 and (np.diff(united[:, 120:]) == 0).all()
    assert (united[:, 119] != united[:, 120]).all(), "a step stays"
    assert set(np.unique(united)) == set(range(number))
    assert ((without_shades(labels - 1, np.zeros((50, 180, 3), np.uint8))[0] < 0) == (labels == 0)).all()


@pytest.mark.slow
def test_faces_are_cut_into_fewer_pieces_and_vary_less():
    from artkit.tracer.mosaic import Source

    pixels = np.full((120, 160, 3), (30, 40, 110), np.uint8)
    pixels[30:90, 50:110] = 224, 172, 140
    source, close = Source(pixels, None, None, gradients=False), np.zeros((120, 160), np.float32)
    close[30:90, 50:110] = 0.3
    usual, face = pieces(source, 40, 2.0)[0], pieces(source, 40, 2.0, close)[0]
    assert len(np.unique(face[35:85, 55:105])) == 1 < len(np.unique(usual[35:85, 55:105]))

    plain, number = np.full((120, 160, 3), (224, 172, 140), np.uint8), np.arange(usual.max() + 1)

    def spread(close):
        glass = Glass(1.6, 1.0)
        drawn = drawing(usual, number, plain, (160, 120), 2.0, glass, np.random.default_rng(1), close)
        fills = [shape.fill.colors[0] for shape in drawn.layers[1].shapes]
        return np.std([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in fills], axis=0).mean()

    assert spread(np.full((120, 160), 0.3, np.float32)) < spread(None) / 2


@pytest.mark.slow
def test_glass_is_lightest_where_leads_are_farthest_and_brighter_than_the_photo():
    drawing = stained_glass(SCENE, pieces=30)
    for shape in drawing.layers[1].shapes:
        assert isinstance(shape.fill, Gradient) and shape.fill.radial
        first, last = (sum(int(color[i : i + 2], 16) for i in (1, 3, 5)) for color in shape.fill.colors)
        assert first > last
    calm = stained_glass(SCENE, pieces=30, variation=0.0, vivid=0.0)
    for shape in calm.layers[1].shapes:
        channels = [int(shape.fill.colors[0][i : i + 2], 16) for i in (1, 3, 5)]
        assert max(channels) - min(channels) <= 2, "no chroma is gray"


def test_rounding_takes_away_spikes_and_keeps_straight_borders():
    labels = np.zeros((60, 60), np.int32)
    labels[:, 30:] = 1
    labels[30, 20:30] = 1  # a spike
    straight = np.zeros((60, 60), np.int32)
    straight[:, 30:] = 1
    assert (rounded(labels, 2, 2.0) != straight).sum() <= 3 < (labels != straight).sum()
    assert np.array_equal(rounded(straight, 2, 2.0), straight)
    assert np.array_equal(rounded(np.where(labels == 1, np.int32(-1), labels), 1, 2.0) < 0, labels == 1), (
        "none stays none"
    )


# Washes


@pytest.mark.slow
def test_paint_only_darkens_and_the_lightest_parts_are_bare_paper():
    assert not list(watercolor(Image(np.full((30, 40, 3), 255, np.uint8)), paper="white").shapes)
    drawing = watercolor(SCENE, washes=60)
    assert [layer.name for layer in drawing.layers] == ["coat 1", "coat 2", "coat 3"]
    assert drawing.layers[0].blur > drawing.layers[1].blur > drawing.layers[2].blur == 0
    assert all(0 < shape.opacity < 1 for shape in drawing.shapes)
    below = None
    for number in range(4):
        now = rendered(drawing.replace(layers=drawing.layers[:number]))[..., :3].sum(2)
        assert below is None or (now <= below + 3).mean() > 0.97
        below = now


def test_washes_come_to_the_colors_that_were_mixed():
    """Without wandering, blur, edges or light, the coats add up to the picture."""
    flat = np.zeros((60, 90, 3), np.uint8)
    flat[:, :45], flat[:, 45:], flat[20:40, 30:60] = (240, 200, 170), (190, 150, 120), (110, 70, 60)
    drawing = watercolor(Image(flat), washes=3, wander=0.0, soft=0.0, edge=0.01, vivid=1.0, light=0.0, paper="white")
    gap = np.abs(rendered(drawing)[..., :3] - flat.astype(int)).max(2)
    assert np.median(gap) <= 12, "pools make it a little weaker here, a little stronger there"


@pytest.mark.slow
def test_washes_wander_as_far_as_stated():
    def reach(wander: float) -> float:
        one, two = (
            np.concatenate([path.points for shape in drawing.shapes for path in shape.paths])
            for drawing in (watercolor(SCENE, washes=40, wander=far, focus="off") for far in (1e-9, wander))
        )
        return float(np.sqrt(np.square(one - two).sum(1).mean()))

    assert reach(2.0) == pytest.approx(4 * reach(0.5), rel=0.05)


# Paper


@pytest.mark.parametrize("top", ["dark", "light"])
@pytest.mark.sample(1)
@pytest.mark.slow
def test_sheets_nest(top):
    drawing = papercut(SCENE, shadow="none", top=top)
    assert len(drawing.layers) == 5
    alphas = [rendered(drawing.replace(layers=[layer]), zoom=3)[..., 3] for layer in drawing.layers]
    assert (alphas[0] == 255).all(), "the backing is whole"
    for lower, upper in pairwise(alphas):
        assert (upper <= lower + 1).all()
        assert 0 < (upper > 0).mean() < (lower > 0).mean()


def test_every_sheet_shows_a_rim_beside_the_one_above():
    from artkit.tracer.mosaic import Source

    heights = levels(Source(SCENE.pixels, None, None, gradients=False).mosaic(60), Cut(5, 3.0, 2.0, 0.0, False))
    for number in range(1, 5):
        sheet, below = heights >= number, heights >= number - 1
        wide = np.pad(below, 5, mode="edge")
        deep = distance_transform_edt(wide)[5:-5, 5:-5] if not wide.all() else np.full(below.shape, np.inf)
        assert deep[sheet].min() > 3.0


@pytest.mark.slow
def test_dark_parts_lie_on_top_or_light_ones():
    dark, light = (
        rendered(papercut(SCENE, palette=("white", "black"), top=top, shadow="none")) for top in ("dark", "light")
    )
    hill, sun = (115, 80, 0), (42, 48, 0)
    assert dark[hill] == 0 and dark[sun] == 255
    assert light[hill] == 255 and light[sun] == 0


@pytest.mark.slow
def test_thin_bits_are_left_out():
    pixels = np.full((120, 160, 3), 230, np.uint8)
    pixels[20:60, 30:70] = 20
    pixels[90:92, :] = 20  # long, and so of some area
    image = Image(pixels)
    fine, coarse = (papercut(image, sheets=2, least=least, reveal=0.0, shadow="none", palette=("white", "black"))
                    for least in (1.0, 5.0))  # fmt: skip
    assert rendered(fine)[91, 80, 0] < 128 < rendered(coarse)[91, 80, 0]
    assert rendered(coarse)[40, 50, 0] == 0


@pytest.mark.slow
def test_shadows_are_soft_flat_or_none():
    soft, flat, none = (papercut(SCENE, shadow=kind) for kind in ("soft", "flat", "none"))
    assert "<filter" in soft.to_svg() and "opacity" in flat.to_svg() and "<filter" not in flat.to_svg()
    assert "<filter" not in none.to_svg() and "opacity" not in none.to_svg()
    assert content(soft) == content(none), "shadows leave the sheets as they are"
    assert len(flat.layers) == 2 * len(none.layers) - 1
    bright = rendered(none)[..., :3].sum()
    assert rendered(soft)[..., :3].sum() < bright and rendered(flat)[..., :3].sum() < bright


def content(drawing: Drawing) -> list[bytes]:
    return [path.points.tobytes() for shape in drawing.shapes for path in shape.paths]


@pytest.mark.slow
def test_a_frame_is_on_every_sheet():
    drawing = papercut(Image(np.full((100, 140, 3), 128, np.uint8)), frame=8.0, reveal=2.0, shadow="none")
    alpha = rendered(drawing.replace(layers=[drawing.layers[-1]]))[..., 3]
    assert (alpha[:7] == 255).all() and (alpha[:, -7:] == 255).all() and alpha[50, 70] == 0


@pytest.mark.slow
def test_paper_is_mixed_where_there_are_fewer_colors_than_sheets():
    drawing = papercut(SCENE, palette=("white", "black"), sheets=3, shadow="none")
    fills = [layer.shapes[0].fill for layer in drawing.layers]
    assert fills[0] == "#ffffff" and fills[-1] == "#000000" and 60 < int(fills[1][1:3], 16) < 180


def test_exchanging_edges_only_ever_brings_triangles_closer():
    measured = Measured(SCENE.pixels, None, None, 0.0)
    corners = np.array([(0, 0), (160, 0), (0, 120), (160, 120)], float)
    points = np.vstack([corners, np.random.default_rng(1).uniform(5, 115, (60, 2))])
    start = Mesh(points, np.empty((0, 2), int), delaunay(points))
    end = flipped(start, measured, (4 / SETTINGS.slim) ** 0.5, SETTINGS)
    before, after = (measured.errors(m.points, m.triangles)[0].sum() for m in (start, end))
    assert after < before
    assert len(end.triangles) == len(start.triangles) and np.array_equal(end.points, points)
    area = doubled_areas(points, end.triangles)
    assert (area > 0).all() and area.sum() / 2 == pytest.approx(160 * 120)


@pytest.mark.slow
def test_washes_leave_a_bare_margin():
    drawn = watercolor(scene(90, 130), margin=0.1, wander=0.0, soft=0.0, rng=np.random.default_rng(0))
    pixels = rendered(drawn)[..., :3].astype(int)
    bare = (abs(pixels - (252, 250, 245)).max(2) < 6).astype(float)
    assert bare[:2].mean() > 0.95 and bare[:, :2].mean() > 0.95
    assert bare[25:-25, 25:-25].mean() < bare[:2].mean() / 2
    whole = rendered(watercolor(scene(90, 130), wander=0.0, soft=0.0, rng=np.random.default_rng(0)))[..., :3]
    assert (abs(whole.astype(int) - (252, 250, 245)).max(2) < 6)[:2].mean() < 0.5
