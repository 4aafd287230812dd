"""Fills in SVG: gradients, opacity, shadows and blur, rendered by resvg and compared with what numpy says."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow

from artkit.artwork.drawing import CUBIC, LINE, QUADRATIC, Drawing, Gradient, Layer, Page, Path, Shadow, Shape, bounds
from artkit.errors import UsageError
from artkit.gallery.thumbnail import painted


def pixels(drawing: Drawing, width: int, height: int) -> np.ndarray:
    """(height, width, 3) levels on white."""
    png = resvg_py.svg_to_bytes(
        svg_string=drawing.to_svg(), width=width, height=height, background="#ffffff", skip_system_fonts=True, dpi=96
    )
    return np.asarray(Pillow.open(io.BytesIO(bytes(png))).convert("RGB")).astype(float)


def rectangle(x: float, y: float, width: float, height: float) -> Path:
    return Path(np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], float))


def levels(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], float)


def wanted(gradient: Gradient, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The colors of a gradient at places, by definition."""
    start, end = np.array(gradient.start), np.array(gradient.end)
    way = end - start
    if gradient.radial:
        t = np.hypot(x - start[0], y - start[1]) / np.hypot(*way)
    else:
        t = ((x - start[0]) * way[0] + (y - start[1]) * way[1]) / (way @ way)
    one, other = (levels(color) for color in gradient.colors)
    return one + np.clip(t, 0, 1)[..., None] * (other - one)


GRADIENTS = {
    "to the right": Gradient((0, 0), (80, 0), ("#102030", "#f0c080")),
    "down": Gradient((0, 10), (0, 50), ("#ff0000", "#0000ff")),
    "slanted": Gradient((10, 5), (70, 45), ("#204060", "#e0d0b0")),
    "backwards": Gradient((75, 55), (12, 8), ("#101010", "#f0f0f0")),
    "short": Gradient((30, 30), (50, 22), ("#ffffff", "#000000")),
    "from far out": Gradient((-60, 90), (150, -40), ("#00ff00", "#ff00ff")),
    "radial": Gradient((40, 30), (75, 30), ("#fff0c0", "#302010"), radial=True),
    "radial, slanted and off the middle": Gradient((20, 15), (60, 45), ("#c02020", "#20c0c0"), radial=True),
}


@pytest.mark.parametrize("on_page", [False, True], ids=["in pixels", "on a page"])
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_have_the_colors_that_numpy_gives_them(name, on_page):
    gradient = GRADIENTS[name]
    shape = Shape([rectangle(5, 3, 70, 54)], gradient)
    page = Page(100, 90, 0.5, (12.0, 8.0)) if on_page else None
    drawing = Drawing(80, 60, [Layer([shape])], page=page)
    zoom = 10 if on_page else 5  # pixels to a unit: of a page those of a millimetre, half a unit
    found = pixels(drawing, 1000 if on_page else 400, 900 if on_page else 300)
    rows, columns = np.mgrid[: found.shape[0], : found.shape[1]] + 0.5
    x, y = (columns / zoom, rows / zoom) if not on_page else ((columns / zoom - 12) / 0.5, (rows / zoom - 8) / 0.5)
    inside = (x > 5.5) & (x < 74.5) & (y > 3.5) & (y < 56.5)
    gap = np.abs(found[inside] - wanted(gradient, x[inside], y[inside])).max(1)
    # Two decimals of the box, of the steepest of these gradients, make 15 levels.
    steep = np.abs(levels(gradient.colors[1]) - levels(gradient.colors[0])).max() / np.hypot(
        *np.subtract(gradient.end, gradient.start)
    )
    assert gap.max() <= 2 + 1.1 * steep
    assert np.median(gap) <= 1 + 0.4 * steep


def test_a_gradient_fits_the_box_of_curves_and_not_of_their_controls():
    bow = Path(np.array([(10, 40), (40, -20), (70, 40)], float), np.array([QUADRATIC], np.uint8))
    gradient = Gradient((10, 10), (10, 40), ("#000000", "#ffffff"))
    found = pixels(Drawing(80, 60, [Layer([Shape([bow], gradient)])]), 800, 600)
    for y in (15, 20, 30, 38):
        assert found[int(y * 10), 400, 0] == pytest.approx(255 * (y - 10) / 30, abs=6)


def many(count: int) -> Drawing:
    """Squares with a gradient each, no two alike."""
    shapes = []
    for k in range(count):
        x, y = 10.0 * (k % 20), 10.0 * (k // 20)
        colors = (f"#{k % 256:02x}{(k * 7) % 256:02x}20", f"#20{k // 3 % 256:02x}{(255 - k) % 256:02x}")
        shapes.append(Shape([rectangle(x, y, 9, 9)], Gradient((x, y), (x + 9, y), colors)))
    return Drawing(200, 10 * ((count + 19) // 20), [Layer(shapes[: count // 2]), Layer(shapes[count // 2 :])])


@pytest.mark.parametrize("count", [51, 52, 53, 52 + 52 * 52 + 5])
def test_every_gradient_has_a_name_of_its_own(count):
    text = many(count).to_svg()
    names = re.findall('<linearGradient id="([^"]*)"', text)
    used = re.findall(r'fill="url\(#([^)]*)\)"', text)
    assert len(names) == len(set(names)) == len(set(used)) <= count
    assert len(used) == count
    for name in set(used):
        assert text.index(f'id="{name}"') < text.index(f"(#{name})"), "defined before it is used"


def test_many_gradients_all_have_their_colors():
    drawing = many(120)
    found = pixels(drawing, 800, round(drawing.height * 4))
    for k, shape in enumerate(drawing.shapes):
        y, x = 10 * (k // 20) + 4, 10 * (k % 20) + 4.5
        middle = (levels(shape.fill.colors[0]) + levels(shape.fill.colors[1])) / 2
        assert np.abs(found[int(4 * y), int(4 * x)] - middle).max() <= 4


def test_equal_gradients_are_defined_once():
    gradient = Gradient((0, 0), (10, 0), ("#000000", "#ffffff"))
    moved = Gradient((20, 0), (30, 0), ("#000000", "#ffffff"))
    shapes = [Shape([rectangle(0, 0, 10, 10)], gradient), Shape([rectangle(20, 0, 10, 10)], moved)]
    text = Drawing(40, 10, [Layer(shapes)]).to_svg()
    assert text.count("<linearGradient") == 1 and text.count("url(#a)") == 2, "alike as parts of their boxes"


# Grid and coordinates


@pytest.mark.parametrize("grid", [1, 2, 4, 10, 100])
def test_coordinates_are_rounded_to_the_grid(grid):
    points = np.array([(0.1234, 0.987), (30.456, 2.2), (17.77, 25.31)])
    drawing = Drawing(40, 30, [Layer([Shape([Path(points)], "#ff0000")])], grid=grid)
    text = drawing.to_svg()
    box = [float(number) for number in re.search('viewBox="([^"]*)"', text).group(1).split()]
    unit = box[2] / 40
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", re.search(r' d="([^"]*)"', text).group(1))]
    at = np.cumsum(np.array(numbers[:6]).reshape(3, 2), axis=0) / unit
    assert at == pytest.approx(np.rint(points * grid) / grid)
    assert f'width="40" height="30" viewBox="0 0 {box[2]:g} {box[3]:g}"' in text


def test_a_coarse_drawing_says_no_more_than_it_needs():
    shape = Shape([rectangle(5, 10, 20, 15)], "#336699")
    fine, coarse = (Drawing(40, 30, [Layer([shape])], grid=grid).to_svg() for grid in (100, 1))
    assert len(fine) == len(coarse), "whole steps of five: both are written in the same numbers"
    assert np.array_equal(
        pixels(Drawing(40, 30, [Layer([shape])], grid=100), 80, 60), pixels(Drawing(40, 30, [Layer([shape])]), 80, 60)
    )


def naive_bounds(path: Path) -> tuple[np.ndarray, np.ndarray]:
    t = np.linspace(0, 1, 2001)[:, None]
    points, reached, k = path.points, [path.points[:1]], 0
    for kind in path.kinds if path.kinds is not None else np.ones(len(path.points) - 1, int):
        control = points[k : k + kind + 1]
        while len(control) > 1 and control.ndim == 2:
            control = control[:, None] * np.ones((1, len(t), 1))
        while len(control) > 1:
            control = control[:-1] * (1 - t) + control[1:] * t
        reached.append(control[0])
        k += int(kind)
    all_ = np.concatenate(reached)
    return all_.min(0), all_.max(0)


@pytest.mark.parametrize("seed", range(6))
def test_bounds_are_those_of_the_curve(seed):
    rng = np.random.default_rng(seed)
    kinds = rng.choice([LINE, QUADRATIC, CUBIC], 9).astype(np.uint8)
    path = Path(rng.uniform(-50, 50, (1 + int(kinds.sum()), 2)), kinds)
    low, high = bounds([path])
    wanted_low, wanted_high = naive_bounds(path)
    assert low == pytest.approx(wanted_low, abs=1e-3) and high == pytest.approx(wanted_high, abs=1e-3)
    both = bounds([path, rectangle(-60, 0, 5, 90)])
    assert both[0][0] == -60 and both[1][1] == 90


def test_bounds_of_straight_and_degenerate_curves():
    straight = Path(
        np.array([(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)], float), np.array([CUBIC, QUADRATIC], np.uint8)
    )
    low, high = bounds([straight])
    assert low.tolist() == [0, 0] and high.tolist() == [5, 5]


# Opacity


@pytest.mark.parametrize("opacity", [0.0, 0.25, 0.6, 1.0])
def test_a_shape_covers_as_much_as_its_opacity_says(opacity):
    lower, upper = "#3060c0", "#f08020"
    drawing = Drawing(
        30,
        20,
        [Layer([Shape([rectangle(0, 0, 30, 20)], lower), Shape([rectangle(5, 5, 20, 10)], upper, None, opacity)])],
    )
    found = pixels(drawing, 60, 40)
    assert found[20, 30] == pytest.approx(levels(lower) + opacity * (levels(upper) - levels(lower)), abs=1)
    assert found[2, 2] == pytest.approx(levels(lower), abs=1)


def test_a_translucent_stroke_shows_on_the_fill():
    shape = Shape([rectangle(10, 10, 20, 20)], "#000000", "#000000", 0.5)
    found = pixels(Drawing(40, 40, [Layer([shape], stroke_width=6.0)]), 400, 400)[..., 0]
    assert found[200, 200] == pytest.approx(128, abs=1), "the fill"
    assert found[200, 115] == pytest.approx(64, abs=1), "fill and stroke"
    assert found[200, 85] == pytest.approx(128, abs=1), "the stroke"


def test_what_all_shapes_have_in_common_is_said_once():
    shapes = [Shape([rectangle(10 * k, 0, 8, 8)], f"#{k}0ff00", None, 0.5) for k in range(4)]
    text = Drawing(40, 10, [Layer(shapes)]).to_svg()
    assert text.count("fill-opacity") == 1 and "stroke-opacity" not in text
    mixed = [shape._replace(opacity=0.2 * k + 0.2) for k, shape in enumerate(shapes)]
    assert Drawing(40, 10, [Layer(mixed)]).to_svg().count("fill-opacity") == 4
    solid = [shape._replace(opacity=1.0) for shape in shapes]
    assert "opacity" not in Drawing(40, 10, [Layer(solid)]).to_svg()


def test_overlapping_translucent_shapes_add_up():
    shapes = [
        Shape([rectangle(5, 5, 20, 20)], "#000000", None, 0.5),
        Shape([rectangle(15, 5, 20, 20)], "#000000", None, 0.5),
    ]
    found = pixels(Drawing(40, 30, [Layer(shapes)]), 400, 300)[..., 0]
    assert (found[150, 100], found[150, 200], found[150, 300]) == pytest.approx((128, 64, 128), abs=1)


@pytest.mark.parametrize("opacity", [-0.1, 1.5, float("nan")])
def test_an_opacity_that_is_none_is_refused(opacity):
    drawing = Drawing(10, 10, [Layer([Shape([rectangle(0, 0, 5, 5)], "#ff0000", None, opacity)])])
    with pytest.raises(UsageError, match="opacity") as caught:
        drawing.to_svg()
    assert "\n" not in str(caught.value)


# Shadows and blur


@pytest.mark.parametrize("on_page", [False, True], ids=["in pixels", "on a page"])
def test_a_shadow_lies_beside_its_layer_and_beneath_it(on_page):
    page = Page(60, 60, 0.5, (5.0, 5.0)) if on_page else None
    shadow = Shadow((12.0, 8.0), 0.01, "#203040", 0.5)
    drawing = Drawing(
        100, 100, [Layer([Shape([rectangle(20, 20, 40, 40)], "#ff0000")], "top", shadow=shadow)], page=page
    )
    found = pixels(drawing, 600, 600)

    def at(x: float, y: float) -> np.ndarray:
        return found[
            (round((y * 0.5 + 5) * 10), round((x * 0.5 + 5) * 10)) if on_page else (round(y * 6), round(x * 6))
        ]

    assert at(40, 40) == pytest.approx((255, 0, 0), abs=1)
    assert at(66, 50) == pytest.approx(255 + 0.5 * (levels("#203040") - 255), abs=2)
    assert at(50, 64) == pytest.approx(255 + 0.5 * (levels("#203040") - 255), abs=2)
    assert at(75, 50) == pytest.approx((255, 255, 255), abs=1) and at(15, 15) == pytest.approx((255, 255, 255), abs=1)


def test_a_shadow_fades_as_a_bell_does():
    shadow = Shadow((0.0, 0.0), 4.0, "#000000", 1.0)
    sheet = Path(np.array([(-40, -40), (50, -40), (50, 140), (-40, 140)], float))
    found = pixels(Drawing(100, 100, [Layer([Shape([sheet], "#ffffff")], shadow=shadow)]), 400, 400)[200, :, 0]
    from scipy.stats import norm

    for far in (2.0, 4.0, 8.0):
        assert found[round((50 + far) * 4)] == pytest.approx(255 * (1 - norm.sf(far / 4)), abs=6)


def test_a_blurred_layer_is_soft_and_others_are_not():
    layer = Layer([Shape([rectangle(30, -50, 200, 200)], "#000000")], blur=3.0)
    soft, sharp = (pixels(Drawing(80, 60, [one]), 320, 240)[120, :, 0] for one in (layer, Layer(layer.shapes)))
    assert ((sharp > 5) & (sharp < 250)).sum() <= 1
    assert ((soft > 5) & (soft < 250)).sum() > 30
    assert soft[119:121].mean() == pytest.approx(128, abs=3)


def test_equal_shadows_are_defined_once_and_blur_goes_with_them():
    shadow = Shadow((1.0, 2.0), 3.0)
    shape = [Shape([rectangle(5, 5, 9, 9)], "#ff0000")]
    layers = [
        Layer(shape, "a", shadow=shadow),
        Layer(shape, "b", shadow=shadow),
        Layer(shape, "c", shadow=shadow, blur=2.0),
    ]
    text = Drawing(30, 30, layers).to_svg()
    assert text.count("<filter") == 2 and text.count('filter="url(#f0)"') == 2 and text.count('filter="url(#f1)"') == 1
    assert "<filter" not in Drawing(30, 30, [Layer(shape)]).to_svg()
    assert "<filter" not in Drawing(30, 30, [Layer([], shadow=shadow)]).to_svg(), "what has no shapes casts none"


# Thumbnails


def test_thumbnails_show_opacity_and_shadows():
    glass = Shape([rectangle(10, 10, 60, 60)], "#000000", None, 0.5)
    seen = painted(Drawing(100, 100, [Layer([glass])], "#ffffff"), 100).pixels
    assert seen[40, 40] == pytest.approx(128, abs=2) and seen[90, 90] == pytest.approx(255, abs=1)
    sheet = Layer([Shape([rectangle(10, 10, 40, 40)], "#ff0000")], shadow=Shadow((20.0, 0.0), 0.0, "#000000", 0.5))
    seen = painted(Drawing(100, 100, [sheet], "#ffffff"), 100).pixels
    assert seen[30, 30].tolist() == [255, 0, 0] and seen[30, 60] == pytest.approx(128, abs=2)
    assert seen[30, 80] == pytest.approx(255, abs=1)
