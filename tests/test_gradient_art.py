"""Drawings of gradients: seen as such, cut into cells, and each cell explained by as few gradients as will do."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.gallery.thumbnail import painted as thumbnail
from artkit.ops.pen.hatch import hatch_fill
from artkit.ops.trace import trace
from artkit.pens.styled import plot_of
from artkit.planar.map import planar_map
from artkit.render import rendered, rendered_alone
from artkit.tracer.closeness import is_faithful
from artkit.tracer.found import kind_of
from artkit.tracer.gradients.cells import found_cells
from artkit.tracer.gradients.coats import Coats, Paint, fill_of
from artkit.tracer.gradients.joins import joined
from artkit.tracer.gradients.painting import painted
from artkit.tracer.gradients.profiles import Profile, fitted
from artkit.tracer.gradients.regions import gradient_mixtures
from artkit.tracer.gradients.seeds import seeds
from artkit.tracer.gradients.ways import Way
from artkit.tracer.regions.edges import edge_offsets


def sheet(body: str, defs: str = "", side: int = 128) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f'<defs>{defs}</defs><rect width="{side}" height="{side}" fill="#fff"/>{body}</svg>'
    )


def drawn(svg: str, side: int = 128) -> Image:
    """Rasterise with exact coverage: the mean of blocks of 8 by 8."""
    fine = rendered_alone(svg, (8 * side, 8 * side))[..., :3].astype(np.float64)
    return Image(np.rint(fine.reshape(side, 8, side, 8, 3).mean((1, 3))).astype(np.uint8))


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(((a.astype(float) - b) ** 2).mean(), 1e-9)))


def closeness(svg: str, drawing: Drawing, side: int = 128) -> float:
    """PSNR at four times the size."""
    size = (4 * side, 4 * side)
    return psnr(rendered_alone(svg, size)[..., :3], rendered(drawing, size))


DEFS = (
    '<linearGradient id="l" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#f09433"/>'
    '<stop offset=".5" stop-color="#dc2743"/><stop offset="1" stop-color="#7a1fa2"/></linearGradient>'
    '<radialGradient id="r"><stop stop-color="#fff"/><stop offset="1" stop-color="#4090ff"/></radialGradient>'
    '<radialGradient id="s" gradientTransform="translate(.2 .3) rotate(30) scale(.9 .4)" cx="0" cy="0" r="1">'
    '<stop stop-color="#ffe080"/><stop offset="1" stop-color="#308050"/></radialGradient>'
    '<linearGradient id="m" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#dc2743"/>'
    '<stop offset="1" stop-color="#7a1fa2"/></linearGradient>'
    '<radialGradient id="v" cx=".7" cy=".3" r=".5"><stop stop-color="#fff" stop-opacity=".5"/>'
    '<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>'
)
ICON = sheet(
    '<rect x="4" y="4" width="120" height="120" rx="28" fill="url(#l)"/><circle cx="64" cy="58" r="31" fill="url(#r)"/>'
    '<rect x="20" y="98" width="88" height="12" rx="6" fill="#fff"/>',
    DEFS,
)
ELLIPSE = sheet('<path d="M20 20H108V70L64 110L20 70Z" fill="url(#s)"/>', DEFS)
SHINE = sheet(
    '<circle cx="64" cy="64" r="52" fill="url(#m)"/><circle cx="64" cy="64" r="52" fill="url(#v)"/>'
    '<path d="M40 60h48v10h-48z" fill="#203040"/>',
    DEFS,
)
SPLIT = sheet(
    '<rect x="10" y="30" width="108" height="70" fill="url(#l)"/><path d="M58 0h10v128h-10z" fill="#123"/>', DEFS
)


@pytest.mark.parametrize(
    ("svg", "most"), [(ICON, 5), (ELLIPSE, 3), (SHINE, 6), (SPLIT, 4)], ids=["icon", "ellipse", "shine", "split"]
)
@pytest.mark.slow
def test_a_drawing_of_gradients_comes_back_in_as_few_shapes(svg, most):
    told: list[str] = []
    drawing = trace(drawn(svg), report=told.append)
    assert told[-1].startswith("gradient")
    assert len(list(drawing.shapes)) + (drawing.background is not None) <= most + 1
    assert closeness(svg, drawing) > 37


def test_one_field_on_both_sides_of_what_lies_on_it_is_one_gradient():
    text = trace(drawn(SPLIT)).to_svg()
    assert text.count("<linearGradient") == 1
    assert 'gradientUnits="userSpaceOnUse"' in text


@pytest.mark.parametrize("layers", ["cutout", "stacked"])
@pytest.mark.sample(1)
def test_other_layers_have_the_same_gradients(layers):
    drawing = trace(drawn(ICON), layers=layers)
    assert sum(isinstance(shape.fill, Gradient) for shape in drawing.shapes) >= 2
    assert closeness(ICON, drawing) > 35


def test_edges_lie_at_their_sub_pixel_places_beside_gradients():
    svg = sheet('<rect x="20.3" y="30.6" width="70.45" height="60.2" fill="url(#l)"/>', DEFS)
    shape = next(shape for shape in trace(drawn(svg)).shapes if isinstance(shape.fill, Gradient))
    points = np.concatenate([path.points for path in shape.paths])
    np.testing.assert_allclose([*points.min(0), *points.max(0)], [20.3, 30.6, 90.75, 90.8], atol=0.08)


@pytest.mark.slow
def test_transparent_parts_stay_open():
    y, x = np.mgrid[:96, :96] + 0.5
    color = np.stack([40 + 2 * x, 200 - y, 90 + x], axis=-1)
    alpha = np.clip(40.5 - np.hypot(x - 48, y - 48), 0, 1) * 255
    stripe = np.abs(y - 50) < 6
    color[stripe] = (20, 30, 40)
    drawing = trace(Image(np.rint(color).astype(np.uint8), np.rint(alpha).astype(np.uint8)))
    assert any(isinstance(shape.fill, Gradient) for shape in drawing.shapes)
    assert drawing.background is None
    assert np.abs(rendered_alone(drawing)[..., 3] - alpha).mean() < 1


@pytest.mark.slow
def test_a_flat_rest_and_few_colors_or_a_budget_are_asked_for_as_of_photos():
    image = Image(np.ascontiguousarray(drawn(ICON).pixels[24:84, 24:84]))
    assert all(not isinstance(shape.fill, Gradient) for shape in trace(image, fills="flat").shapes)
    assert len({shape.fill for shape in trace(image, colors=5).shapes}) <= 5
    assert len(list(trace(image, shapes=40).shapes)) <= 40


# What is a drawing of gradients


def noisy(image: Image, levels: float) -> Image:
    noise = np.random.default_rng(0).normal(0, levels, image.pixels.shape)
    return Image(np.clip(np.rint(image.pixels + noise), 0, 255).astype(np.uint8))


def kind(image: Image) -> str:
    return kind_of(image, "auto", image.is_opaque, gradients=True)


@pytest.mark.slow
def test_gradients_are_told_from_flat_art_and_from_photos():
    flat = sheet('<circle cx="64" cy="64" r="50" fill="#c33"/><circle cx="64" cy="64" r="20" fill="#fd3"/>')
    assert kind(drawn(flat)) == "flat"
    assert all(kind(drawn(svg)) == "gradient" for svg in (ICON, ELLIPSE, SHINE, SPLIT))
    random = np.random.default_rng(1)
    clouds = sum(
        cv2.resize(random.normal(0, 2.0**k, (128 >> k, 128 >> k, 3)), (128, 128), interpolation=cv2.INTER_CUBIC)
        for k in range(6)
    )
    photo = Image(np.clip(128 + 2 * clouds, 0, 255).astype(np.uint8))
    assert kind(photo) == "photo"
    blurred = Image(cv2.GaussianBlur(photo.pixels, (0, 0), 4))
    assert kind(blurred) == "photo", "smooth, but without a crisp edge"
    assert kind(noisy(drawn(SHINE), 4)) != "gradient"


@pytest.mark.slow
def test_what_gradients_do_not_show_is_traced_as_it_was_before():
    image = drawn(SHINE)
    rough = image.pixels.astype(int)
    rough[70:120] += np.random.default_rng(0).integers(-90, 90, (50, 128, 1)) * (np.arange(128) % 9 < 2)[None, :, None]
    rough = Image(np.clip(rough, 0, 255).astype(np.uint8))
    assert psnr(rough.pixels, rendered(trace(rough))) > 24
    assert is_faithful(trace(image), image)
    assert not is_faithful(Drawing(128, 128, background="#ffffff"), image)


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 2), (1, 200), (7, 5)])
def test_tiny_pictures_are_traced_as_gradients_if_that_is_asked_for(size):
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)
    drawing = trace(Image(pixels), kind="gradient")
    assert (drawing.height, drawing.width) == size
    assert rendered(drawing).shape == pixels.shape


@pytest.mark.slow
def test_the_same_picture_gives_the_same_bytes():
    assert trace(drawn(SHINE)).to_svg() == trace(drawn(SHINE)).to_svg()


# Cells


def test_cells_are_what_edges_enclose_and_edges_mix_their_two_sides():
    mixed, _ = gradient_mixtures(drawn(ICON).pixels, None)
    owner = mixed.owner
    faces = planar_map(owner)
    assert len(faces.face_area) == 4
    areas = sorted(np.bincount(owner[owner >= 0]).tolist(), reverse=True)[:4]
    circle = np.pi * 31**2
    assert min(abs(area - circle) for area in areas) < 0.01 * circle
    offsets = edge_offsets(faces, mixed)
    inner = ~faces.has_outside[faces.arc_of]
    assert np.abs(offsets[inner]).mean() < 0.5


def test_a_soft_edge_is_no_border():
    x = np.arange(96.0)
    soft = 60 + 120 / (1 + np.exp(-(x - 48) / 3))
    pixels = np.repeat(np.tile(soft, (96, 1))[..., None], 3, axis=2)
    pixels[30:60, 20:70] = (200, 40, 40)
    assert len(np.unique(gradient_mixtures(np.rint(pixels).astype(np.uint8), None)[0].owner)) == 2


def test_cells_that_hang_together_where_their_colors_meet_are_two():
    y, x = np.mgrid[:120, :120] + 0.5
    ground = np.stack([90 + x, 200 - x, 150 + 0 * x], axis=-1)
    disc = np.stack([90 + 0 * x + 60, 200 - 60 + 0 * x, 150 + 0 * x], axis=-1)  # the ground's color at x = 60
    inside = np.clip(40.5 - np.hypot(x - 60, y - 60), 0, 1)[..., None]
    pixels = np.rint(ground * (1 - inside) + disc * inside).astype(np.uint8)
    mixed, fills = gradient_mixtures(pixels, None)
    assert mixed.owner[60, 30] != mixed.owner[60, 10]
    assert mixed.owner[60, 90] == mixed.owner[60, 30]
    assert mixed.owner[60, 110] == mixed.owner[60, 10]
    assert len(fills) == 2


def test_a_ball_of_strong_shade_is_one_cell():
    y, x = np.mgrid[:64, :64] + 0.5
    shade = 230 - 0.35 * ((x - 28) ** 2 + (y - 26) ** 2)
    inside = np.clip(14.5 - np.hypot(x - 32, y - 32), 0, 1)
    pixels = np.rint(np.repeat((30 * (1 - inside) + np.clip(shade, 40, 255) * inside)[..., None], 3, 2)).astype(
        np.uint8
    )
    assert len(np.unique(gradient_mixtures(pixels, None)[0].owner)) == 2


def test_seeds_are_cut_at_necks_and_numbered_all():
    calm = np.zeros((40, 80), bool)
    calm[4:36, 4:36] = calm[4:36, 44:76] = True
    calm[18:22, 36:44] = True
    calm[0:3, 60:63] = True
    label, count = seeds(calm)
    assert count == label.max() + 1 == 3
    assert label[20, 10] != label[20, 70]
    assert (label[:, 36:44][calm[:, 36:44] & (label[:, 36:44] >= 0)] < 3).all()


def test_what_is_cut_at_a_neck_without_an_edge_is_united():
    y, x = np.mgrid[:60, :120] + 0.5
    smooth = 60 + 0.004 * (x - 60) ** 2 * (1 + y / 60)
    pixels = np.rint(np.repeat(smooth[..., None], 3, 2)).astype(np.uint8)
    pixels[:24, 54:66] = pixels[36:, 54:66] = (250, 30, 30)
    cells = found_cells(pixels, None)
    left, right = int(cells.mixed.owner[30, 20]), int(cells.mixed.owner[30, 100])
    assert left != right
    owner = joined(cells.mixed, cells.step, cells.count)
    assert owner[left] == owner[right] != owner[cells.mixed.owner[10, 60]]


@pytest.mark.slow
def test_every_opaque_pixel_belongs_to_a_cell_and_no_other_does():
    image = noisy(drawn(ICON), 20)
    opaque = np.hypot(*(np.mgrid[:128, :128] - 64)) < 50
    mixed, fills = gradient_mixtures(image.pixels, opaque)
    assert ((mixed.owner >= 0) == opaque).all()
    assert mixed.owner.max() < len(fills)
    assert ((mixed.coverage >= 0.5) & (mixed.coverage <= 1)).all()


# Fills


PLACES = np.random.default_rng(3).uniform(0, 80, (2, 1500))


@pytest.mark.parametrize(
    "way",
    [Way((0.7,)), Way((30.0, 50.0, 0.0, 0.0)), Way((45.0, 30.0, 0.5, 0.8)), Way((-20.0, 100.0, 0.0, 0.0))],
    ids=["straight", "circles", "ellipses", "circles from outside"],
)
def test_a_field_along_any_way_is_one_coat(way):
    x, y = PLACES
    along = way.along(x, y)
    low, high = along.min(), along.max()
    truth = Profile(
        np.array([low, (low + high) / 2, high]), np.array([[30, 90, 200], [220, 100, 60], [250, 240, 90.0]])
    )
    found = painted(np.rint(truth.at(along)), x, y, 1500)
    assert len(found.coats) == 1
    assert np.sqrt(((found.at(x, y) - truth.at(along)) ** 2).mean()) < 1.5


def test_a_flat_cell_is_a_color():
    x, y = PLACES
    found = painted(np.tile([10.0, 20.0, 30.0], (1500, 1)), x, y, 1500)
    assert fill_of(found.coats[0], (40.0, 40.0)) == "#0a141e"
    assert len(found.coats) == 1


def test_as_few_stops_as_will_do():
    along = np.linspace(0, 100, 2000)
    straight = fitted(along, along[:, None], np.ones(2000), 100, 0, 255)
    assert len(straight.places) == 2
    bent = fitted(along, np.abs(along - 30)[:, None], np.ones(2000), 100, 0, 255)
    assert len(bent.places) == 3
    assert bent.places[1] == pytest.approx(30, abs=3)


def test_stops_stay_within_bounds():
    along = np.linspace(0, 10, 300)
    profile = fitted(along, (along * 40 - 50)[:, None], np.ones(300), 10, 0, 255)
    assert profile.values.min() >= 0 and profile.values.max() <= 255


@pytest.mark.parametrize("way", [Way((2.0,)), Way((50.0, 40.0, 0.4, 0.6)), Way((60.0, 30.0, 0.0, 0.0))])
@pytest.mark.parametrize("veil", [False, True])
def test_what_is_drawn_is_what_was_fitted(way, veil):
    y, x = (axis.ravel() + 0.5 for axis in np.mgrid[:80, :100])
    low, high = way.along(x, y).min(), way.along(x, y).max()
    ends = np.array([low + 0.1 * (high - low), high])
    ground = Paint(None, Profile(np.zeros(1), np.array([[30.0, 120.0, 200.0]])))
    if veil:
        coat = Paint(
            way, Profile(np.zeros(1), np.array([[255.0, 240.0, 10.0]])), Profile(ends, np.array([[0.8], [0.1]]))
        )
    else:
        coat = Paint(way, Profile(ends, np.array([[250.0, 10.0, 60.0], [20.0, 200.0, 90.0]])))
    ring = Path(np.array([[0, 0], [100, 0], [100, 80], [0, 80]], float))
    shapes = [Shape([ring], fill_of(paint, (50.0, 40.0))) for paint in (ground, coat)]
    seen = rendered(Drawing(100, 80, [Layer(shapes)])).reshape(-1, 3).astype(float)
    assert np.abs(seen - Coats((ground, coat)).at(x, y)).max() < 3


def test_gradients_of_opacity_are_thin_in_thumbnails_and_light_in_hatching():
    ring = Path(np.array([[0, 0], [100, 0], [100, 100], [0, 100]], float))
    veil = Gradient((0, 0), (100, 0), ("#000000", "#000000"), opacities=(0.0, 0.4))
    assert veil.opacity == pytest.approx(0.2)
    drawing = Drawing(100, 100, [Layer([Shape([ring], veil)])])
    assert thumbnail(drawing, 60).pixels.mean() == pytest.approx(255 * 0.8, abs=3)
    dense = Drawing(100, 100, [Layer([Shape([ring], Gradient((0, 0), (100, 0), ("#000000", "#000000")))])])
    lengths = [
        plot_of(hatch_fill(d, page="40x40mm", pen_width=1, layers=1), {}).layers[0].lines.length
        for d in (drawing, dense)
    ]
    assert lengths[0] < 0.6 * lengths[1]
