"""Traces in named groups: the same pixels, each element in one group, and as few groups as there can be."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

import artkit
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.grouping.footprints import Footprints
from artkit.grouping.inks import grouped
from artkit.grouping.runs import fewest_runs
from artkit.ops.trace import trace
from artkit.render import rendered_alone

INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
SVG = "{http://www.w3.org/2000/svg}"


def of_svg(body: str, width: int = 120, height: int = 90) -> Image:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{body}</svg>'
    pixels = rendered_alone(text, (width, height))
    return Image(pixels[..., :3], None if (pixels[..., 3] == 255).all() else pixels[..., 3])


SHEET = '<rect width="120" height="90" fill="#fff8e0"/>'
FLAT = of_svg(
    f'{SHEET}<circle cx="35" cy="40" r="26" fill="#d62828"/><circle cx="35" cy="40" r="15" fill="#fff8e0"/>'
    '<circle cx="35" cy="40" r="7" fill="#d62828"/><path d="M70 10h40v30h-40z" fill="#1d3557"/>'
    '<path d="M80 18h20v14h-20z" fill="#d62828"/>'
    '<path d="M66 74Q90 40 112 76" fill="none" stroke="#1d3557" stroke-width="4"/>'
)
GRADIENTS = of_svg(
    '<defs><linearGradient id="a"><stop stop-color="#fc6"/><stop offset="1" stop-color="#a20"/></linearGradient>'
    '<radialGradient id="b"><stop stop-color="#eef"/><stop offset="1" stop-color="#24a"/></radialGradient></defs>'
    f'{SHEET}<rect x="8" y="8" width="60" height="70" rx="9" fill="url(#a)"/><circle cx="80" cy="45" r="30" '
    'fill="url(#b)"/><circle cx="80" cy="45" r="9" fill="#d62828"/>'
)
SHADOWED = of_svg(
    '<defs><filter id="f"><feGaussianBlur stdDeviation="4"/></filter></defs><rect x="26" y="24" width="70" height="50" '
    'filter="url(#f)" opacity=".6"/><rect x="20" y="16" width="70" height="50" fill="#2a9d8f"/><circle cx="55" cy="41" '
    'r="14" fill="#e9c46a"/>'
)
CODE = Image(np.repeat(np.random.default_rng(1).integers(0, 2, (40, 40, 1)) * 255, 3, axis=2).astype(np.uint8))


def photo(seed: int = 0) -> Image:
    """Disks on a ramp, with texture and noise over all."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:90, :120]
    picture = np.dstack([60 + x * 1.2, 120 + y * 0.8, 200 - x + y * 0.3])
    for _ in range(9):
        middle, radius = rng.uniform(0, (90, 120)), rng.uniform(5, 18)
        picture[np.hypot(y - middle[0], x - middle[1]) < radius] = rng.integers(0, 256, 3)
    picture += 9 * np.sin(x / 3)[..., None] * np.cos(y / 5)[..., None] + rng.normal(0, 5, picture.shape)
    return Image(np.clip(picture, 0, 255).round().astype(np.uint8))


def regions() -> Labels:
    gray = photo().pixels.mean(axis=2)
    palette = np.array([[20, 30, 60], [120, 90, 60], [240, 230, 220]], np.uint8)
    return Labels(np.digitize(gray, [90, 150]).astype(np.int32), palette)


KINDS = {
    "flat": (FLAT, {}),
    "outlines": (FLAT, {"strokes": "never"}),
    "straight": (FLAT, {"curves": "polygon"}),
    "cutout": (FLAT, {"layers": "cutout"}),
    "stacked": (FLAT, {"layers": "stacked"}),
    "gradients": (GRADIENTS, {}),
    "shadow": (SHADOWED, {}),
    "code": (CODE, {}),
    "photo": (photo(), {"kind": "photo", "shapes": 90}),
    "photo, cutout": (photo(), {"kind": "photo", "shapes": 60, "layers": "cutout"}),
    "photo, inks": (photo(), {"kind": "photo", "colors": 6}),
    "photo, stacked": (photo(), {"kind": "photo", "colors": 5, "layers": "stacked"}),
    "regions": (regions(), {"min_area": 5}),
}


@cache
def traced(kind, **values) -> Drawing:
    source, asked = KINDS[kind]
    return trace(source, **asked, **values)


def groups_of(drawing):
    """Id and label of each Inkscape layer, after a check that each element that draws is in just one."""
    root = ElementTree.fromstring(drawing.to_svg())
    drawn, found = [], []

    def walk(element, layers):
        if element.get(f"{INKSCAPE}groupmode") == "layer":
            found.append((element.get("id"), element.get(f"{INKSCAPE}label")))
            layers += 1
        if element.tag.removeprefix(SVG) in ("path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "use"):
            drawn.append(layers)
        for child in element:
            walk(child, layers)

    walk(root, 0)
    assert set(drawn) == {1}
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[A-Za-z][\w.-]*", name) for name in ids)
    return found


@pytest.mark.parametrize("group", ["ink", "depth"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(8)
@pytest.mark.slow
def test_groups_change_no_pixel_and_hold_each_element_once(kind, group):
    plain, drawing = traced(kind), traced(kind, group=group)
    for size in ((120, 90), (240, 180), (60, 45), (171, 128)):
        np.testing.assert_array_equal(rendered_alone(drawing, size), rendered_alone(plain, size))
    found = groups_of(drawing)
    assert len(found) == len(drawing.layers) and len({label for _, label in found}) == len(found)
    assert all(name.startswith(f"{group}-") for name, _ in found)


@pytest.mark.parametrize("kind", ["flat", "outlines", "straight", "cutout", "code", "regions"])
def test_an_ink_group_has_one_color_and_names_it(kind):
    for layer in traced(kind, group="ink").layers:
        (color,) = {shape.fill or shape.stroke for shape in layer.shapes}
        assert layer.name.endswith(f" - {color}")


def test_shapes_of_one_ink_that_nothing_parts_are_one_group():
    drawing = trace(FLAT, strokes="never", group="ink")
    colors = [layer.name.split(" - ")[1] for layer in drawing.layers]
    # The blue lies beneath a red; the red ring holds a disc of the sheet's color, and this a red one.
    assert colors == ["#fff8e0", "#1d3557", "#d62828", "#fff8e0", "#d62828"]


def test_few_gradients_count_by_their_mean_and_many_colors_by_what_they_are_called():
    names = [layer.name.split(" - ")[1] for layer in traced("gradients", group="ink").layers]
    assert all(re.fullmatch("#[0-9a-f]{6}", name) for name in names) and len(names) == 4
    called = {layer.name.split(" - ")[1] for layer in traced("photo", group="ink").layers}
    assert called <= {"black", "gray", "white", "brown", "red", "orange", "yellow", "green", "teal", "blue", "purple",
                      "pink"}  # fmt: skip
    assert len(called) > 3


def test_depth_is_how_many_shapes_a_shape_lies_within():
    rings = "".join(
        f'<circle cx="60" cy="45" r="{radius}" fill="{fill}"/>'
        for radius, fill in ((40, "#1d3557"), (31, "#d62828"), (22, "#fff8e0"), (12, "#1d3557"))
    )
    drawing = trace(of_svg(SHEET + rings), strokes="never", group="depth")
    assert [(layer.id, layer.name, len(layer.shapes)) for layer in drawing.layers] == [
        (f"depth-{k}", f"depth {k}", 1) for k in range(1, 6)
    ]


def test_things_side_by_side_are_of_one_depth():
    drawing = traced("outlines", group="depth")
    assert [len(layer.shapes) for layer in drawing.layers] == [1, 3, 2, 1]


def test_drawings_are_not_grouped_by_themselves():
    for kind in ("flat", "photo", "gradients"):
        assert "inkscape" not in traced(kind).to_svg()


@pytest.mark.slow
def test_a_size_counts_groups_too():
    drawing = trace(photo(), kind="photo", bytes="9k", group="ink")
    assert len(drawing.to_svg()) <= 9000 and len(drawing.layers) > 3
    assert drawing.facts["shapes"] == sum(1 for _ in drawing.shapes)


def test_the_same_picture_gives_the_same_groups():
    source, asked = KINDS["photo"]
    assert trace(source, **asked, group="ink").to_svg() == traced("photo", group="ink").to_svg()


def test_levels_are_groups_of_their_own():
    with pytest.raises(UsageError, match="levels are groups of their own"):
        trace(photo(), kind="photo", levels="8,16", group="ink")


def test_presets_take_groups():
    drawing = artkit.apply("poster", FLAT, group="depth")
    assert [layer.id for layer in drawing.layers][:2] == ["depth-1", "depth-2"]


def test_nothing_is_in_no_group():
    assert not trace(Image(np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.uint8)), group="ink").layers


def shortest(color, pairs):
    """The least number of runs, by trying every order."""
    beneath = {k: {a for a, b in pairs if b == k} for k in range(len(color))}
    states, runs = {(frozenset(), -1)}, 0
    while True:
        reached = set(states)
        while states:  # what goes on in the run that is open costs nothing
            states = {(done | {k}, last) for done, last in states for k in range(len(color))
                      if k not in done and beneath[k] <= done and color[k] == last} - reached  # fmt: skip
            reached |= states
        if any(len(done) == len(color) for done, _ in reached):
            return runs
        states = {(done, kind) for done, _ in reached for kind in set(color)}
        runs += 1


def test_runs_keep_the_order_and_there_are_no_fewer():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        count = int(rng.integers(1, 8))
        color = rng.integers(0, 3, count)
        pairs = [(a, b) for a in range(count) for b in range(a + 1, count) if rng.random() < 0.3]
        lower, upper = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
        runs = fewest_runs(color, lower, upper)
        order = [thing for run in runs for thing in run]
        assert sorted(order) == list(range(count))
        assert all(order.index(a) < order.index(b) for a, b in pairs)
        assert all(len({int(color[thing]) for thing in run}) == 1 for run in runs)
        assert len(runs) == shortest(color.tolist(), pairs)
        assert all(color[a[0]] != color[b[0]] for a, b in pairwise(runs))


def test_footprints_hold_every_pixel_that_is_painted():
    rng = np.random.default_rng(4)
    for _ in range(20):
        points = rng.uniform(-5, 45, (int(rng.integers(3, 8)), 2))
        style = {"fill": "#000000"} if rng.random() < 0.5 else {"stroke": "#000000"}
        shape = Shape([Path(points, None, rng.random() < 0.5 or "fill" in style)], **style)
        drawing = Drawing(40, 30, [Layer([shape], stroke_width=3)])
        (sole,) = grouped(drawing, "depth").layers[0].shapes
        prints = Footprints.of([sole], 40, 30)
        seen = np.flatnonzero(rendered_alone(drawing, (40, 30))[..., 3].ravel())
        assert np.isin(seen, prints.pixels).all()
