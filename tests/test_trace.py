"""The tracer's promises: any picture gives a valid drawing, colors and places are kept, nothing shows through."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from io import BytesIO
from itertools import product

import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow

from artkit.artwork.drawing import CUBIC
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import ArtkitError, UsageError
from artkit.ops.trace import trace

KINDS = ("auto", "flat", "gradient", "line", "photo")
CURVES = ("spline", "polygon", "pixel")
LAYERS = ("merged", "stacked", "cutout")


def render(svg, scale=1, background=None):
    """Pixels of an SVG's text, (H, W, 4), by resvg."""
    width = round(float(ET.fromstring(svg).get("width")) * scale)
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, background=background, skip_system_fonts=True))
    return np.asarray(Pillow.open(BytesIO(png)).convert("RGBA"))


def drawn(body, width, height, background="#ffffff"):
    """A picture of what an SVG's body shows."""
    rect = f'<rect width="100%" height="100%" fill="{background}"/>' if background else ""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
    pixels = render(f"{head}{rect}{body}</svg>")
    return Image(np.ascontiguousarray(pixels[..., :3]), None if background else np.ascontiguousarray(pixels[..., 3]))


def covered(inside, side=64, fine=32):
    """A black shape on white from a test of its points (x, y), antialiased exactly: resvg's own coverage is rough."""
    at = (np.arange(side * fine) + 0.5) / fine
    share = inside(at[None, :], at[:, None]).reshape(side, fine, side, fine).mean((1, 3))
    return Image(np.rint(255 * (1 - share))[..., None].repeat(3, 2).astype(np.uint8))


def fills(drawing):
    found = {shape.stroke if shape.fill is None else shape.fill for shape in drawing.shapes}
    return found | ({drawing.background} if drawing.background else set())


def outline(shape):
    """Points along the paths of a shape, a few for each segment."""
    found = []
    for path in shape.paths:
        at, i = path.points[0], 1
        for kind in path.kinds if path.kinds is not None else [1] * (len(path.points) - 1):
            t = np.linspace(0, 1, 9)[:, None]
            if kind == CUBIC:
                p, q, end = path.points[i : i + 3]
                found.append((1 - t) ** 3 * at + 3 * (1 - t) ** 2 * t * p + 3 * (1 - t) * t**2 * q + t**3 * end)
                i += 3
            else:
                end = path.points[i]
                found.append(at + t * (end - at))
                i += 1
            at = end
    return np.vstack(found)


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def hill(height=24, width=32):
    """Something like a photo: a soft disk on a gradient, with grain."""
    y, x = np.mgrid[:height, :width]
    disk = 1 / (1 + np.exp(np.hypot(x - width / 2, y - height / 2) - height / 3))
    pixels = np.stack([7 * x, 8 * y, 60 + 0 * x], 2) * (1 - disk[..., None]) + disk[..., None] * [200, 180, 40]
    return Image((pixels + noise(height, width) / 32).clip(0, 255).astype(np.uint8))


def every_color_once(side=8):
    x = np.arange(side * side)
    return np.stack([x, 255 - x, (x * 37) % 256], 1).reshape(side, side, 3).astype(np.uint8)


FLAT = """
    <path d="M3.3 5.1h30.4v22.7h-30.4z" fill="#cc2211"/><circle cx="40.6" cy="30.3" r="14.2" fill="#1144cc"/>
    <path d="M10 40.5 32.2 58.1 12.6 60.9z" fill="#22aa44"/><circle cx="40" cy="30" r="5.3" fill="#ffee00"/>
"""

HARD = {
    "pixel": noise(1, 1),
    "row": noise(1, 13),
    "column": noise(13, 1),
    "two rows": noise(2, 9),
    "one color": np.full((7, 9, 3), 77, np.uint8),
    "all different": every_color_once(),
    "noise": noise(12, 10),
    "checkers": np.where(np.indices((12, 12)).sum(0)[..., None] % 2, 255, 0).repeat(3, 2).astype(np.uint8),
    "hill": hill().pixels,
}


@pytest.mark.parametrize("kind", ["auto", "flat", "line", pytest.param("photo", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", HARD)
@pytest.mark.slow
def test_any_picture_gives_a_valid_drawing_of_its_size(name, kind):
    picture = HARD[name]
    ways = [("merged", None), ("merged", 0), ("merged", 50), ("cutout", 0), ("stacked", None)]
    for curves, (layers, tolerance) in product(CURVES, ways):
        colors = 6 if layers == "stacked" else None  # a layer for each color: hundreds take their time
        drawing = trace(Image(picture), kind=kind, colors=colors, curves=curves, layers=layers, tolerance=tolerance)
        svg = drawing.to_svg()
        assert render(svg).shape[:2] == picture.shape[:2]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers", LAYERS)
def test_a_transparent_picture_gives_an_empty_drawing(kind, layers):
    picture = Image(noise(9, 11), np.zeros((9, 11), np.uint8))
    drawing = trace(picture, kind=kind, layers=layers)
    assert not drawing.segments
    assert not render(drawing.to_svg())[..., 3].any()


@pytest.mark.parametrize("kind", KINDS)
def test_pixel_curves_give_every_pixel_back(kind):
    labels = np.arange(9 * 8).reshape(9, 8) % 5
    palette = np.array([[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]], np.uint8)
    large = palette[labels].repeat(4, 0).repeat(4, 1)
    for layers in LAYERS:
        svg = trace(Labels(labels.astype(np.int32).repeat(4, 0).repeat(4, 1), palette), curves="pixel", layers=layers)
        assert np.array_equal(render(svg.to_svg())[..., :3], large)
        svg = trace(Image(large), kind=kind if kind != "photo" else "flat", curves="pixel", layers=layers)
        assert np.array_equal(render(svg.to_svg())[..., :3], large)


@pytest.mark.parametrize("picture", [drawn(FLAT, 64, 64), hill()], ids=["flat", "photo"])
@pytest.mark.slow
def test_the_same_picture_gives_the_same_bytes(picture):
    for layers in LAYERS:
        assert trace(picture, layers=layers).to_svg() == trace(picture, layers=layers).to_svg()


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.sample(5)
def test_there_are_as_many_colors_as_asked_for(count, layers):
    assert len(fills(trace(drawn(FLAT, 64, 64), kind="flat", colors=count, layers=layers))) == min(count, 5)
    assert len(fills(trace(hill(), kind="photo", colors=count, layers=layers))) == count


@pytest.mark.parametrize("kind", KINDS)
def test_more_colors_than_there_are_do_no_harm(kind):
    drawing = trace(Image(np.repeat(HARD["checkers"], 4, 1)), kind=kind, colors=200)
    assert len(fills(drawing)) <= 2


@pytest.mark.parametrize("kind", ["flat", "photo"])
def test_only_colors_of_the_palette_are_used_in_its_order(kind):
    inks = ("#ffee00", "#cc2211", "#ffffff", "#000000", "#1144cc")
    drawing = trace(drawn(FLAT, 64, 64), kind=kind, palette=inks, layers="stacked")
    used = [layer.shapes[0].fill for layer in drawing.layers]
    assert set(used) >= {"#ffee00", "#cc2211", "#ffffff", "#1144cc"}
    assert used == [ink for ink in inks if ink in used]


@pytest.mark.parametrize("layers", LAYERS)
def test_transparent_parts_stay_transparent(layers):
    picture = drawn('<circle cx="24.3" cy="20.8" r="14.6" fill="#1144cc"/>', 48, 40, background=None)
    svg = trace(picture, layers=layers).to_svg()
    magenta, green = (render(svg, background=color)[..., :3].astype(int) for color in ("#ff00ff", "#00ff00"))
    opacity = 1 - np.abs(magenta - green).max(2) / 255
    y, x = np.mgrid[:40, :48] + 0.5
    distance = np.hypot(x - 24.3, y - 20.8) - 14.6
    assert (opacity[distance > 1.5] == 0).all()
    assert (opacity[distance < -1.5] == 1).all()
    assert (np.abs(magenta - [17, 68, 204])[distance < -1.5] <= 1).all()


@pytest.mark.parametrize("curves", CURVES)
@pytest.mark.parametrize(
    "name",
    ["flat", "hill", "checkers", *(pytest.param(name, marks=pytest.mark.slow) for name in ("noise", "all different"))],
)
@pytest.mark.slow
def test_no_background_shows_through_an_opaque_picture(name, curves):
    picture = drawn(FLAT, 64, 64) if name == "flat" else Image(HARD[name])
    for kind, scale in product(KINDS, (1, 3)):
        svg = trace(picture, kind=kind, curves=curves).to_svg()
        seen = [render(svg, scale, color)[..., :3].astype(int) for color in ("#ff00ff", "#00ff00")]
        assert np.abs(seen[0] - seen[1]).max() <= 2, kind


@pytest.mark.parametrize(("one", "two"), [("#cc2211", "#1144cc"), ("#000000", "#ffffff"), ("#ffee00", "#ff8800")])
def test_no_third_color_shows_at_a_border_between_two(one, two):
    body = f'<circle cx="20.4" cy="21.7" r="13.3" fill="{one}"/><path d="M38 3 61.5 57.2 33.7 50z" fill="{one}"/>'
    drawing = trace(drawn(body, 64, 64, two))
    assert fills(drawing) == {one, two}
    a, b = (np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], float) for color in (one, two))
    shown = render(drawing.to_svg(), 3)[..., :3].reshape(-1, 3) - b
    share = (shown @ (a - b)) / ((a - b) @ (a - b))
    assert np.abs(shown - share[:, None] * (a - b)).max() <= 1.5


@pytest.mark.parametrize("radius", [4.3, 9.7, 24.2])
@pytest.mark.parametrize("place", [(0.37, 0.81), (0.5, 0.5), (0.02, 0.66)])
@pytest.mark.parametrize("kind", ["flat", "line"])
def test_a_circle_comes_back_at_its_sub_pixel_place(radius, place, kind):
    x, y = 30 + place[0], 31 + place[1]
    drawing = trace(covered(lambda u, v: np.hypot(u - x, v - y) < radius), kind=kind)
    (shape,) = (shape for shape in drawing.shapes if shape.fill == "#000000")
    points = outline(shape)
    assert np.abs(np.hypot(*(points - (x, y)).T) - radius).max() < 0.05
    assert np.abs((points.max(0) + points.min(0)) / 2 - (x, y)).max() < 0.05
    assert sum(path.segments for path in shape.paths) == 4


@pytest.mark.parametrize("degrees", [0, 8, 17, 30, 43, 45])
def test_the_edges_and_corners_of_a_square_come_back_at_their_sub_pixel_places(degrees):
    center, half = np.array([31.3, 32.6]), 17.4
    turn = np.radians(degrees)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def inside(x, y):
        across, down = (axis[0] * (x - center[0]) + axis[1] * (y - center[1]) for axis in axes)
        return np.maximum(np.abs(across), np.abs(down)) < half

    drawing = trace(covered(inside))
    (shape,) = (shape for shape in drawing.shapes if shape.fill == "#000000")
    assert sum(path.segments for path in shape.paths) == 4
    points = outline(shape)
    off = np.abs(np.abs((points - center) @ axes.T).max(1) - half)
    assert np.median(off) < 0.05
    assert off.max() < 0.05
    for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        corner = center + half * (i * axes[0] + j * axes[1])
        assert np.linalg.norm(points - corner, axis=1).min() < 0.05


@pytest.mark.parametrize(
    ("ends", "width"),
    [
        *product(["6 10.5H58", "6.3 8.1 57.2 19.4", "8 6 40 58", "6 40C20 2 44 62 58 22"], [1, 1.5, 2, 3]),
    ],
)
@pytest.mark.parametrize("ground", ["#ffffff", "#ffee00"])
@pytest.mark.sample(8)
def test_thin_strokes_keep_their_width_and_color(width, ends, ground):
    body = f'<path d="M{ends}" stroke="#1144cc" stroke-width="{width}" fill="none"/>'
    picture = drawn(f'<rect x="44" y="44" width="16" height="16" fill="#1144cc"/>{body}', 64, 64, ground)
    drawing = trace(picture, kind="flat")
    assert fills(drawing) == {"#1144cc", ground}
    # The picture's own ink: renderers draw lines of one pixel paler than they are.
    shown = render(drawing.to_svg(), 4)
    ink = (255 - picture.pixels[:43, :, 0].astype(float)).sum() / (255 - 17)
    drawn_ink = (255 - shown[:172, :, 0].astype(float)).sum() / 16 / (255 - 17)
    assert drawn_ink == pytest.approx(ink, rel=0.13 if width == 1 else 0.08)  # slanted ends lose about half a pixel


def test_a_small_ring_with_one_sharp_corner_keeps_its_area():
    rows = ["0000011110000", "0001111111100", "0011111111110", "0111111111111", "1111111111111"]
    rows += ["1" * 14] * 13 + ["01111111111110"] * 2 + ["00111111111100", "00001111110000"]
    grid = np.array([[int(c) for c in row.ljust(14, "0")] for row in rows])
    picture = np.where(np.pad(grid, 6)[..., None], 0, 255).repeat(3, 2).astype(np.uint8)
    shown = render(trace(Image(picture), kind="line").to_svg(), 4)[..., 0]
    assert (shown < 128).sum() / 16 == pytest.approx(grid.sum(), rel=0.04)


@pytest.mark.parametrize(("thick", "slope"), [*product([1, 2, 3], [0, 0.2, 0.5, 1])])
def test_strokes_without_antialiasing_keep_their_width(thick, slope):
    y, x = np.mgrid[:48, :48]
    ink = (np.abs(y - np.floor(6 + slope * x) - (thick - 1) / 2) <= (thick - 1) / 2) & (x > 3) & (x < 40)
    drawing = trace(Image(np.where(ink[..., None], 0, 255).repeat(3, 2).astype(np.uint8)), kind="line")
    shown = render(drawing.to_svg(), 4)[..., 0]
    assert ((255 - shown.astype(float)).sum() / 255 / 16) == pytest.approx(ink.sum(), rel=0.1)


def test_a_bad_value_is_refused_in_one_line():
    for wrong in ({"colors": 0}, {"tolerance": -1}, {"layers": "glued"}, {"palette": ["nocolor"]}, {"kind": "cat"}):
        with pytest.raises(ArtkitError) as refused:
            trace(Image(noise(3, 3)), **wrong)
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("side", [96, 160, 256])
def test_flat_art_on_transparent_ground_is_taken_for_what_it_is(side):
    body = f'<g transform="scale({side / 64})">{FLAT}</g>'
    said = []
    drawing = trace(drawn(body, side, side, None), report=said.append)
    assert said[0].startswith("flat, 4 colors")
    assert fills(drawing) == {"#cc2211", "#1144cc", "#22aa44", "#ffee00"}


def test_colors_that_differ_little_are_flat_art_too():
    body = '<circle cx="32" cy="32" r="27" fill="#f4900c"/><path d="M12 20 40 34 36 46z" fill="#d57503"/>'
    said = []
    assert fills(trace(drawn(body, 64, 64, None), report=said.append)) == {"#f4900c", "#d57503"}
    assert said[0].startswith("flat")


def test_regions_of_flat_art_below_the_least_area_go_and_larger_ones_stay():
    body = '<circle cx="20" cy="20" r="11" fill="#cc2211"/><circle cx="46" cy="44" r="3" fill="#1144cc"/>'
    picture = drawn(body, 64, 64)
    assert fills(trace(picture, kind="flat")) == {"#cc2211", "#1144cc", "#ffffff"}
    assert fills(trace(picture, kind="flat", min_area=60)) == {"#cc2211", "#ffffff"}


@pytest.mark.parametrize("asked", [{"focus": "5,5,3"}, {"focus": "no-such-mask.png"}, {"shapes": 5}, {"psnr": 20.0}])
@pytest.mark.parametrize("mask", [None, 255, 90])
def test_what_photos_alone_have_is_refused_for_flat_art(asked, mask):
    y, x = np.mgrid[:40, :40]
    pixels = np.where(((x - 20) ** 2 + (y - 18) ** 2 < 150)[..., None], [200, 30, 30], [20, 60, 200]).astype(np.uint8)
    alpha = None if mask is None else np.full((40, 40), mask, np.uint8)
    for picture in (Image(pixels, alpha), Image(pixels.repeat(4, 0).repeat(4, 1))):
        with pytest.raises(UsageError, match=r"for photos|half opaque"):
            trace(picture, **asked)


def test_a_picture_of_nothing_is_told():
    told = []
    drawing = trace(Image(np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.uint8)), report=told.append)
    assert not list(drawing.shapes)
    assert told == ["transparent everywhere: there is nothing to draw"]
