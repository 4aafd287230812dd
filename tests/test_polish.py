"""Small antialiased drawings: the trace, painted, looks like the picture, and is close to the drawing it came from."""

import cv2
import numpy as np
import pytest

from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.render import rendered
from artkit.tracer.found import found_regions
from artkit.tracer.polish.curves import Curves
from artkit.tracer.polish.edges import Places
from artkit.tracer.polish.paint import FINE, painted
from artkit.tracer.polish.steps import polished

STAR = '<path fill="#c22" d="M{x} {y}l6.3 15.1 16.4.9-12.6 10.6 4 16-14.1-8.7-14 8.8 3.9-16-12.7-10.5 16.5-1z"/>'


def svg(body, side=64):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/>{body}</svg>'
    )


def shrunk(text, side=64, fine=8):
    large = rendered(text, (fine * side, fine * side))
    return cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)


def psnr(drawing, text, side=64):
    size = (4 * side, 4 * side)
    off = rendered(drawing, size).astype(float) - rendered(text, size)
    return 10 * np.log10(255**2 / max((off**2).mean(), 1e-9))


SCENES = {
    "a star": (STAR.format(x=31.7, y=9.3), 80),
    "stripes that end at an outline": (
        '<clipPath id="c"><ellipse cx="32.3" cy="31.6" rx="25.4" ry="21.7"/></clipPath><g clip-path="url(#c)">'
        + "".join(f'<rect y="{8.3 + 7.7 * k}" width="64" height="7.7" fill="{c}"/>' for k, c in
                  enumerate(["#d22", "#fb3", "#2a6", "#27c", "#829", "#222"]))
        + "</g>",
        35.2,
    ),
    "a face": (
        '<circle cx="32" cy="31.4" r="27.3" fill="#fc4"/><ellipse cx="21.6" cy="25" rx="3.3" ry="5" fill="#640"/>'
        '<ellipse cx="42.4" cy="25" rx="3.3" ry="5" fill="#640"/>'
        '<path fill="#640" d="M18 38.5c4 8.6 24 8.6 28 0 1-2 3 0 2.4 1.6'
        '-5 12.4-27.8 12.4-32.8 0-.6-1.6 1.4-3.6 2.4-1.6z"/>',
        47,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_a_small_drawing_comes_back_close_to_the_one_it_was_made_from(name):
    body, least = SCENES[name]
    drawing = trace(Image(shrunk(svg(body))))
    assert psnr(drawing, svg(body)) > least


def blob():
    points = np.array([[8.3, 20], [6, 4], [30, 2], [28.6, 14.2], [20, 12], [22, 29], [11.5, 27.1]])
    return Drawing(32, 32, [Layer([Shape([Path(points, np.array([3, 3], np.uint8))], "#204080")])], "#ffffff")


def painting_of(drawing):
    curves = Curves.of(drawing)
    sheet = np.full((FINE * 32, FINE * 32, 3), 255, np.float32)
    places = Places.of(curves, curves.points)
    return curves, painted(curves, curves.points, sheet, places.xy, curves.shape[places.segment])


def test_shapes_are_painted_as_a_renderer_paints_them():
    drawing = blob()
    _, painting = painting_of(drawing)
    ours = cv2.resize(painting.canvas, (32, 32), interpolation=cv2.INTER_AREA)
    theirs = cv2.resize(rendered(drawing, (1024, 1024)).astype(np.float32), (32, 32), interpolation=cv2.INTER_AREA)
    assert np.abs(ours - theirs).max() < 1.5


def test_places_on_a_hidden_edge_tell_nothing():
    square = np.array([[4, 4], [20, 4], [20, 20], [4, 20]], float)
    lower, upper = Shape([Path(square)], "#ff0000"), Shape([Path(1.25 * square + np.array([8, -3]))], "#0000ff")
    curves, painting = painting_of(Drawing(32, 32, [Layer([lower, upper])], "#ffffff"))
    places = Places.of(curves, curves.points)
    hidden = (curves.shape[places.segment] == 0) & (places.xy[:, 0] > 13.5)
    assert hidden.any() and not painting.through[hidden].any()
    beneath = (curves.shape[places.segment] == 1) & (places.xy[:, 0] < 13.5) & (abs(places.xy[:, 1] - 12) < 7)
    assert np.abs(painting.under[beneath] - [255, 0, 0]).max() < 1


@pytest.mark.parametrize("shift", [(0.3, -0.2), (-0.4, 0.35)])
def test_a_shape_that_stands_beside_its_place_moves_there(shift):
    true = blob()
    pixels = shrunk(true.to_svg(), 32)
    path = true.layers[0].shapes[0].paths[0]
    off = true.replace(layers=[Layer([Shape([path._replace(points=path.points + shift)], "#204080")])])
    found = polished(off, pixels).layers[0].shapes[0].paths[0]
    np.testing.assert_allclose(found.points[[0, 3]], path.points[[0, 3]], atol=0.06)
    assert psnr(polished(off, pixels), true.to_svg(), 32) > psnr(off, true.to_svg(), 32) + 10


def test_level_lines_stay_level_and_circles_round():
    rounded = '<rect x="7.3" y="9.6" width="45.2" height="41.7" rx="6.4" fill="#f70"/>'
    drawing = trace(Image(shrunk(svg(rounded + '<circle cx="30.2" cy="31.7" r="9.4" fill="#fe9"/>'))))
    assert "<circle" in drawing.to_svg()
    straight = []
    for path in drawing.layers[0].shapes[0].paths:
        at = 0
        for kind in path.kinds.tolist():
            if kind == 1:
                straight.append(np.abs(path.points[(at + 1) % len(path.points)] - path.points[at]).min())
            at += kind
    assert len(straight) >= 3 and max(straight) < 1e-6


def test_colors_that_differ_little_are_no_noise_in_a_small_picture():
    camera = (
        '<rect x="5.3" y="12.2" width="53" height="43" rx="4" fill="#5e35b1"/>'
        '<circle cx="32" cy="33" r="17.3" fill="#512da8"/><circle cx="32" cy="33" r="12.4" fill="#b388ff"/>'
        '<rect x="11" y="8.7" width="8" height="3.5" fill="#8465c1"/>'
        '<ellipse cx="15" cy="18" rx="3" ry="2" fill="#8465c1"/>'
    )
    regions = found_regions(Image(shrunk(svg(camera))), "auto", None, (), None)
    assert regions.damage is None
    assert {"#5e35b1", "#512da8", "#b388ff"} <= {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in regions.palette}


def test_the_same_small_picture_gives_the_same_bytes():
    picture = Image(shrunk(svg(SCENES["a face"][0])))
    assert trace(picture).to_svg() == trace(picture).to_svg()


def test_eyes_of_two_pixels_stay_though_no_pixel_has_their_color_alone():
    eyes = "".join(f'<circle cx="{x}" cy="24.2" r="0.95" fill="#662113"/>' for x in (24, 39))
    face = svg('<circle cx="31" cy="29" r="20" fill="#af7e57"/>' + eyes + '<path fill="#662113" d="M22 34h18v6h-18z"/>')
    drawing = trace(Image(shrunk(face)))
    seen = rendered(drawing, (256, 256))
    assert all(seen[97, 4 * x, 0] < 130 for x in (24, 39))
