"""The SVG writer: what it writes, read back by another reader, is what was drawn, rounded to the grid."""

from __future__ import annotations

import gzip
import io
import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from artkit.artwork.drawing import CUBIC, LINE, Drawing, Layer, Page, Path, Shape
from artkit.errors import UsageError
from artkit.export import encode
from artkit.export.svg import svg
from artkit.metadata.xmp import ARTKIT, RDF

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"

Segment = tuple[float, ...]
"""A line is (x0, y0, x1, y1), a curve (x0, y0, cx0, cy0, cx1, cy1, x1, y1)."""


def drawing(*shapes: Shape, **options: object) -> Drawing:
    return Drawing(100, 80, (Layer(shapes),), **options)


def box(x: float, y: float, width: float, height: float, turn: int = 1) -> Path:
    ring = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    return Path(ring[::turn])


def parsed(data: str) -> list[list[Segment]]:
    """The segments of each subpath in absolute coordinates, by the grammar of SVG 1.1, 8.3."""
    tokens = re.findall(r"[a-zA-Z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", data)
    assert re.sub(r"[\s,]", "", data) == "".join(tokens)
    paths: list[list[Segment]] = []
    x = y = sx = sy = mx = my = 0.0
    command, i = "", 0

    def take(count: int) -> list[float]:
        nonlocal i
        i += count
        return [float(token) for token in tokens[i - count : i]]

    while i < len(tokens):
        if tokens[i].isalpha():
            command, i = tokens[i], i + 1
            if command == "z":
                if (x, y) != (sx, sy):
                    paths[-1].append((x, y, sx, sy))
                x, y, mx, my = sx, sy, sx, sy
                continue
        assert command in "mhvlcs" and command, "relative commands only"
        if command == "m":
            dx, dy = take(2)
            x, y = x + dx, y + dy
            sx, sy, mx, my = x, y, x, y
            paths.append([])
            command = "l"  # further pairs are lines
            continue
        if command in "hvl":
            dx, dy = (*take(1), 0) if command == "h" else (0, *take(1)) if command == "v" else take(2)
            paths[-1].append((x, y, x + dx, y + dy))
            x, y = x + dx, y + dy
            mx, my = x, y
        else:
            if command == "c":
                ax, ay = take(2)
            else:
                ax, ay = mx - x, my - y
            bx, by, dx, dy = take(4)
            paths[-1].append((x, y, x + ax, y + ay, x + bx, y + by, x + dx, y + dy))
            mx, my = 2 * (x + dx) - (x + bx), 2 * (y + dy) - (y + by)
            x, y = x + dx, y + dy
    return paths


def expected(path: Path, steps: float) -> list[Segment]:
    """The path's segments on the grid, by a loop over its points."""
    points = [(round(x * steps), round(y * steps)) for x, y in path.points.tolist()]
    kinds = [LINE] * (len(points) - 1) if path.kinds is None else path.kinds.tolist()
    segments, at = [], 0
    for kind in kinds:
        controls = points[at + 1 : at + kind]
        segments.append(sum((points[at], *controls, points[at + kind]), ()))
        at += kind
    if path.closed and points[at] != points[0]:
        segments.append((*points[at], *points[0]))
    return [lined(segment) for segment in segments if len(set(zip(segment[::2], segment[1::2], strict=True))) > 1]


def lined(segment: Segment) -> Segment:
    """A curve whose controls lie on its chord is that chord."""
    x0, y0, *controls, x1, y1 = segment
    dx, dy = x1 - x0, y1 - y0
    if max(abs(v - at) for at, v in zip((x0, y0) * 3, segment[2:], strict=False)) >= 1 << 30:
        return segment  # beyond what any renderer can tell apart
    inside = (dx or dy) and all(
        (cx - x0) * dy == (cy - y0) * dx and min(x0, x1) <= cx <= max(x0, x1) and min(y0, y1) <= cy <= max(y0, y1)
        for cx, cy in zip(controls[::2], controls[1::2], strict=True)
    )
    return (x0, y0, x1, y1) if inside else segment


def data_of(text: str) -> list[str]:
    return [element.get("d", "") for element in ElementTree.fromstring(text).iter(f"{SVG}path")]


@st.composite
def paths(draw, coordinates=None, closed=None):
    coordinates = coordinates if coordinates is not None else draw(
        st.sampled_from([
            st.integers(-3, 3).map(float),
            st.floats(-60, 60, width=32),
            st.floats(-3e8, 3e8),
            st.integers(-40, 40).map(lambda n: n / 200),  # halves of grid steps
        ])
    )  # fmt: skip
    point = st.tuples(coordinates, coordinates)
    curved = draw(st.booleans())
    kinds = draw(st.lists(st.sampled_from([LINE, CUBIC]), max_size=6)) if curved else None
    count = 1 + sum(kinds) if kinds is not None else draw(st.integers(1, 9))
    points = np.array(draw(st.lists(point, min_size=count, max_size=count))).reshape(-1, 2)
    if draw(st.booleans()):
        points[-1] = points[0]
    return Path(
        points, None if kinds is None else np.array(kinds, np.uint8), draw(st.booleans() if closed is None else closed)
    )


def grid_steps(text: str, width: float) -> float:
    return float(ElementTree.fromstring(text).get("viewBox").split()[2]) / width


@settings(max_examples=200)
@given(st.lists(st.lists(paths(), max_size=3), max_size=4), st.integers(0, 3))
@pytest.mark.slow
def test_what_is_written_is_what_was_drawn_rounded_to_the_grid(shapes, precision):
    made = drawing(*(Shape(rings, "#123456", "#abcdef") for rings in shapes), grid=10**precision)
    text = svg(made)
    steps = grid_steps(text, made.width)
    full = 10**precision
    # The grid may be coarser than the precision asks for only where that loses nothing.
    wanted = [
        [[tuple(v * steps / full for v in segment) for segment in expected(ring, full)] for ring in rings]
        for rings in shapes
        if rings
    ]
    got = [[[s for s in ring if s[:2] != s[2:]] for ring in parsed(data)] for data in data_of(text)]
    assert got == wanted


@given(st.lists(st.lists(paths(closed=st.just(True)), max_size=3), max_size=4))
@pytest.mark.slow
def test_filled_shapes_that_vanish_on_the_grid_are_left_out(shapes):
    text = svg(drawing(*(Shape(rings, "#123456") for rings in shapes), grid=1))
    wanted = [[ring for ring in (expected(ring, 1) for ring in rings) if ring] for rings in shapes]
    assert [parsed(data) for data in data_of(text)] == [rings for rings in wanted if rings]


@given(st.lists(paths(st.floats(-500, 500)), min_size=1, max_size=4), st.floats(0.05, 3), st.floats(-20, 20))
@pytest.mark.slow
def test_a_page_is_written_in_millimetres(lines, scale, offset):
    page = Page(210, 297, scale, (offset, 2 * offset))
    text = svg(drawing(Shape(lines, stroke="#000000"), page=page, background="#ffffff"))
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("210mm", "297mm", "0 0 210 297")
    assert "transform" not in text
    ends = [ring[-1][-2:] for ring in parsed(data_of(text)[0])]
    for line, end in zip(lines, ends, strict=True):
        last = line.points[0] if line.closed else line.points[-1]
        tolerance = max(0.0051 * scale, 0.00051)  # half a step of 0.01 units, or of 0.001 mm where that is coarser
        assert np.abs(last * scale + page.offset - end).max() <= tolerance


def naive(made: Drawing) -> str:
    """The same picture in absolute coordinates with one decimal more, every shape for itself."""
    parts = []
    for layer in made.layers:
        for shape in layer.shapes:
            data = ""
            for path in shape.paths:
                points, at = path.points.tolist(), 0
                data += f"M {points[0][0]:.3f} {points[0][1]:.3f} "
                for kind in [LINE] * (len(points) - 1) if path.kinds is None else path.kinds.tolist():
                    numbers = " ".join(f"{x:.3f} {y:.3f}" for x, y in points[at + 1 : at + 1 + kind])
                    data += f"{'L' if kind == LINE else 'C'} {numbers} "
                    at += kind
                data += "Z " if path.closed else ""
            parts.append(
                f'<path d="{data}" fill="{shape.fill or "none"}" fill-rule="evenodd" stroke="{shape.stroke or "none"}"'
                f' stroke-width="{layer.stroke_width}" stroke-linecap="round" stroke-linejoin="round"/>'
            )
    size = f'width="{made.width}" height="{made.height}"'
    sheet = f'<rect {size} fill="{made.background}"/>' if made.background else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{sheet}{"".join(parts)}</svg>'


def resvg(text: str) -> np.ndarray:
    import resvg_py

    return np.asarray(Pillow.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text, dpi=96)))).convert("RGBA"))


def cairo(text: str) -> np.ndarray:
    cairosvg = pytest.importorskip("cairosvg", exc_type=ImportError)
    return np.asarray(Pillow.open(io.BytesIO(cairosvg.svg2png(bytestring=text.encode()))).convert("RGBA"))


def zoo() -> Drawing:
    """Holes, islands, curves of every kind, shared paints, bare strokes, dots and a ring of the wrong turn."""
    rng = np.random.default_rng(5)
    island = Shape((box(5, 5, 40, 40), box(10, 10, 30, 30), box(20, 20, 10, 10)), "#cc2200")
    curves = []
    for color in ("#00aa00", "#00aa00", "#000000", "#0000ff"):
        corner = rng.uniform(30, 70, 2)
        points = corner + np.vstack([[0, 0], np.cumsum(rng.normal(0, 8, (12, 2)), 0)])
        points[4] = 2 * points[3] - points[2]  # a smooth joint, which s says without its first control
        curves.append(Shape((Path(points, np.array([3, 3, 1, 3, 1, 1], np.uint8)),), color))
    curves.append(Shape((Path(np.array([[60, 5], [60, 5], [75, 30], [90, 5.0]]), np.array([3], np.uint8)),), "#808"))
    lines = [
        Shape((Path(rng.uniform(5, 75, (5, 2)), None, closed),), None, color)
        for closed, color in [(False, "#ff00ff"), (True, "#ff00ff"), (False, "#00ffff")]
    ]
    dot = Shape((Path(np.array([[90.0, 70.0]]), None, False),), None, "#ff8800")
    both = Shape((box(60, 50, 20, 20, -1), box(65, 55, 5, 5)), "#ffff00", "#111111")
    layers = (Layer([island, *curves], "fills"), Layer([*lines, dot, both], "lines", stroke_width=2.5))
    return Drawing(100, 80, layers, background="#eeeedd")


@pytest.mark.parametrize("render", [resvg, cairo])
@pytest.mark.parametrize("page", [None, Page(100, 80)])
def test_renderers_see_what_the_naive_svg_shows(render, page):
    made = zoo()
    shown = render(svg(made.replace(page=page)))
    plain = render(naive(made))
    if page:  # 96 px to the inch
        plain = np.asarray(Pillow.fromarray(render(naive(made))).resize(shown.shape[1::-1], Pillow.Resampling.BILINEAR))
    difference = np.abs(shown.astype(int) - plain).mean()
    assert difference < (6 if page else 0.15)
    assert (shown[..., :3].reshape(-1, 3).max(axis=0) > 200).all()


def test_a_single_point_that_is_stroked_is_a_dot():
    dot = Shape((Path(np.array([[40.0, 40.0], [40.0, 40.0]]), None, False),), None, "#ff0000")
    made = Drawing(80, 80, (Layer([dot], stroke_width=20),), background="#ffffff")
    for render in (resvg, cairo):
        red = (render(svg(made))[..., 1] < 128).sum()
        assert abs(red - np.pi * 100) < 20


@given(st.text(), st.text(), st.text(), st.text())
def test_any_words_give_well_formed_xml_that_says_them(title, description, recipe, name):
    made = Drawing(9, 9, (Layer([Shape((box(1, 1, 3, 3),), "#fff")], name),), title=title)
    text = svg(made, metadata={"description": description, "recipe": recipe, "seed": "7", "software": "artkit"})
    root = ElementTree.fromstring(text.encode())

    def kept(words: str) -> str:
        return "".join(c for c in words if re.match("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", c))

    assert said(root.findtext(f"{SVG}title")) == said(kept(title))
    assert said(root.findtext(f"{SVG}desc")) == said(kept(description))
    about = root.find(f"{SVG}metadata/{{{RDF}}}RDF/{{{RDF}}}Description")
    assert said(about.findtext(f"{{{ARTKIT}}}recipe")) == said(kept(recipe))
    assert about.get("{http://ns.adobe.com/xap/1.0/}CreatorTool") == "artkit"


def said(words: str | None) -> str:
    return re.sub("\r\n?", "\n", words or "")  # what every XML reader does


def test_a_recipe_read_back_from_the_file_is_the_recipe():
    recipe = 'title = "a < b & \\"c\\""\nseed = 7\n\n[[steps]]\nop = "trace"\n'
    root = ElementTree.fromstring(svg(drawing(), metadata={"recipe": recipe}))
    assert root.findtext(f".//{{{ARTKIT}}}recipe") == recipe


def test_the_root_says_size_and_rule_once():
    made = drawing(Shape((Path(np.array([[0, 0], [10.25, 0], [3, 7.5]])),), "#112233"))
    root = ElementTree.fromstring(svg(made))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("100", "80", "0 0 400 320")
    assert root.get("fill-rule") == "evenodd"
    assert svg(made).count("fill-rule") == 1


def test_whole_pixels_need_no_decimals():
    made = drawing(Shape((box(1, 2, 30, 40),), "#112233"), grid=1000)
    assert ElementTree.fromstring(svg(made)).get("viewBox") == "0 0 100 80"
    assert data_of(svg(made)) == ["m1 2h30v40h-30z"]


def test_commands_take_no_byte_more_than_they_need():
    def line(*points: tuple[float, float], kinds: list[int] | None = None) -> str:
        path = Path(np.array(points, float), None if kinds is None else np.array(kinds, np.uint8), False)
        return data_of(svg(drawing(Shape((path,), None, "#000000"), grid=1)))[0]

    assert line((1, 2), (4, 6), (2, -3), (2, 0), (9, 0), (12, 0)) == "m1 2 3 4-2-9v3h7 3"
    assert line((0, 0), (1, 2), (3, 4), (9, 5), (15, 6), (11, 2), (9, 9), kinds=[3, 3]) == "m0 0c1 2 3 4 9 5s2-3 0 4"
    assert line((0, 0), (0, 0), (3, 4), (9, 5), kinds=[3]) == "m0 0s3 4 9 5"


def test_the_first_curve_of_a_path_mirrors_nothing_of_the_path_before():
    curve = np.array([(0, 0), (1, 5), (2, 5), (4, 0)], float)
    after = np.array([(9, 9), (11, 4), (12, 4), (13, 9)], float)  # starts out as the first curve ends
    rings = [Path(points, np.array([3], np.uint8), False) for points in (curve, after)]
    data = data_of(svg(drawing(Shape(rings, None, "#000000"), grid=1)))[0]
    assert parsed(data) == [expected(ring, 1) for ring in rings]
    assert "s" not in data


def test_shapes_of_one_paint_share_a_group_and_layers_share_their_pen():
    red, blue = (Shape((box(1, 1, 3, 3),), color) for color in ("#ff0000", "#0000ff"))
    root = ElementTree.fromstring(svg(drawing(red, red, blue)))
    assert [(group.get("fill"), len(group)) for group in root.iter(f"{SVG}g")] == [("#f00", 2)]
    assert [path.get("fill") for path in root.findall(f"{SVG}path")] == ["#00f"]

    lines = [Shape((box(n, n, 3, 3),), None, "#000000") for n in range(3)]
    made = Drawing(50, 50, (Layer(lines, "1 - black", 0.3), Layer((), "2 - red")), "#ffffff", Page(50, 50))
    layers = list(ElementTree.fromstring(svg(made)))[1:]
    assert [layer.get(f"{INKSCAPE}label") for layer in layers] == ["1 - black", "2 - red"]
    assert {layer.get(f"{INKSCAPE}groupmode") for layer in layers} == {"layer"}
    pen = [layers[0].get(key) for key in ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")]
    assert pen == ["none", "#000", "0.3", "round", "round"]
    assert {key for path in layers[0] for key in path.keys()} == {"d"}  # noqa: SIM118


def test_the_order_of_shapes_is_kept():
    colors = ["#111111", "#222222", "#111111", "#111111", "#333333"]
    text = svg(drawing(*(Shape((box(n, 0, 1, 1),), color) for n, color in enumerate(colors)), grid=1))
    assert data_of(text) == [f"m{n} 0h1v1h-1z" for n in range(5)]


def test_shared_points_stay_shared_far_from_where_a_path_starts():
    rng = np.random.default_rng(0)
    border = np.cumsum(rng.uniform(-1, 1, (5000, 2)), 0)
    left = Path(np.vstack([border, [[-200.0, 0]]]))
    right = Path(np.vstack([border[::-1], [[200.0, 0]]]))
    ends = [{segment[:2] for segment in parsed(data)[0]} for data in data_of(svg(drawing(
        Shape((left,), "#111111"), Shape((right,), "#222222"))))]  # fmt: skip
    assert len(ends[0] & ends[1]) >= len({tuple(p) for p in np.rint(border * 100).tolist()})


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_coordinates_without_a_place_are_refused(bad):
    with pytest.raises(UsageError, match="not finite"):
        svg(drawing(Shape((Path(np.array([[0, 0], [bad, 1.0]])),), "#123456")))


def test_kinds_that_do_not_fit_the_points_are_refused():
    with pytest.raises(UsageError, match="5 points, but its segments take 4"):
        svg(drawing(Shape((Path(np.zeros((5, 2)), np.array([3], np.uint8)),), "#123456")))
    with pytest.raises(UsageError, match="more than 0"):
        svg(Drawing(0, 5))


def test_an_empty_drawing_is_an_svg():
    root = ElementTree.fromstring(svg(Drawing(30, 20, (Layer(()), Layer([Shape(())])))))
    assert (root.get("width"), len(root)) == ("30", 0)


def test_svgz_holds_the_svg_and_no_time():
    made = zoo()
    data = encode(made, ".svgz")
    assert gzip.decompress(data).decode() == svg(made)
    assert data[4:8] == b"\0\0\0\0"


def test_jupyter_shows_the_svg():
    assert zoo()._repr_mimebundle_() == {"image/svg+xml": svg(zoo())}


def big(shapes: int, segments: int) -> Drawing:
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 2000, (shapes, 1, 2)) + np.cumsum(rng.normal(0, 3, (shapes, 3 * segments + 1, 2)), 1)
    kinds = np.full(segments, CUBIC, np.uint8)
    return Drawing(
        2000, 2000, (Layer([Shape((Path(ring, kinds),), f"#{i % 4096:06x}") for i, ring in enumerate(points)]),)
    )


def test_a_hundred_thousand_curves_take_a_moment():
    made = big(5_000, 20)
    start = time.process_time()
    text = svg(made)
    assert time.process_time() - start < 1.5  # a tenth of that when nothing else runs
    assert text.count("<path") == 5_000
    assert sum(len(ring) for data in data_of(text)[:50] for ring in parsed(data)) >= 50 * 20


def test_a_drawing_in_batches_is_the_drawing_in_one(monkeypatch):
    made = big(50, 20)
    whole = svg(made)
    monkeypatch.setattr("artkit.export.svg.pathdata.BATCH", 100)
    assert svg(made) == whole
