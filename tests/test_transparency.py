"""Transparency is a channel: what one can see through stays so, soft shadows stay soft, and nothing vanishes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from artkit.artwork.drawing import Gradient
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.ops.trace import trace
from artkit.render import png, rendered_alone
from artkit.tracer.beneath import carried
from artkit.tracer.fades import Box
from artkit.tracer.slices import clipped

BACKGROUNDS = ("#ffffff", "#000000", "#ff00ff")


def sheet(body: str, width: int = 160, height: int = 120) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )


def drawn(svg: str) -> Image:
    """Rasterise with exact coverage: the mean of blocks of 8 by 8, colors multiplied by their alpha."""
    side = 8
    width, height = (int(svg.split(f'{name}="')[1].split('"', maxsplit=1)[0]) for name in ("width", "height"))
    fine = rendered_alone(svg, (side * width, side * height)).astype(np.float64)
    fine[..., :3] *= fine[..., 3:] / 255
    mean = fine.reshape(height, side, width, side, 4).mean((1, 3))
    color = mean[..., :3] / np.maximum(mean[..., 3:], 1e-9) * 255
    return Image(np.rint(np.clip(color, 0, 255)).astype(np.uint8), np.rint(mean[..., 3]).astype(np.uint8))


def shown(svg: str, background: str, size: tuple[int, int]) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(png(svg, size, background), np.uint8), cv2.IMREAD_COLOR).astype(np.float64)


def closeness(svg: str) -> list[float]:
    """PSNR at four times the size of a drawing's trace against the drawing, on three backgrounds."""
    image = drawn(svg)
    traced = trace(image).to_svg()
    size = (4 * image.width, 4 * image.height)
    gaps = [((shown(svg, ground, size) - shown(traced, ground, size)) ** 2).mean() for ground in BACKGROUNDS]
    return [10 * np.log10(255**2 / max(gap, 1e-9)) for gap in gaps]


GLASS = sheet(
    '<circle cx="60" cy="60" r="44" fill="#118ab2" opacity=".4"/>'
    '<rect x="70" y="40" width="70" height="50" fill="#ef476f" opacity=".7"/>'
    '<rect x="20" y="80" width="60" height="30" fill="#ffd166"/>'
)
BLUR = '<filter id="f" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="5"/></filter>'
SHADOW = sheet(
    f'<defs>{BLUR}</defs><rect x="36" y="34" width="90" height="60" rx="12" opacity=".5" filter="url(#f)"/>'
    '<rect x="30" y="24" width="90" height="60" rx="12" fill="#3a86ff"/>'
)
GLOW = sheet(
    '<defs><radialGradient id="g"><stop offset="0" stop-color="#fc0" stop-opacity=".9"/>'
    '<stop offset="1" stop-color="#f00" stop-opacity="0"/></radialGradient></defs>'
    '<circle cx="80" cy="60" r="56" fill="url(#g)"/><path d="M80 30 L110 85 L50 85 Z" fill="#1d3557"/>'
)


@pytest.mark.parametrize("svg", [GLASS, SHADOW, GLOW], ids=["glass", "shadow", "glow"])
@pytest.mark.slow
def test_a_trace_looks_like_its_picture_on_every_background(svg):
    assert min(closeness(svg)) > 35


def test_even_areas_keep_their_opacity_as_shapes_of_one():
    shapes = list(trace(drawn(GLASS)).shapes)
    assert len(shapes) <= 8
    assert {round(shape.opacity, 1) for shape in shapes} >= {0.4, 0.7, 1.0}


@pytest.mark.slow
def test_what_is_faint_everywhere_does_not_vanish():
    faint = sheet('<path d="M60 10 L110 110 L10 110 Z" fill="#0a0" opacity=".3"/>')
    assert min(closeness(faint)) > 40
    [shape] = trace(drawn(faint)).shapes
    assert shape.opacity == pytest.approx(0.3, abs=0.01)


def test_a_picture_that_only_fades_is_one_gradient_of_opacity():
    ramp = Image(
        np.full((40, 120, 3), 30, np.uint8), np.tile(np.linspace(255, 0, 120).round().astype(np.uint8), (40, 1))
    )
    drawing = trace(ramp)
    [shape] = drawing.shapes
    assert isinstance(shape.fill, Gradient)
    assert np.abs(rendered_alone(drawing)[..., 3].astype(int) - ramp.alpha).max() <= 2


def gradients(svg: str) -> list[Gradient]:
    return [shape.fill for shape in trace(drawn(svg)).shapes if isinstance(shape.fill, Gradient)]


def blurred(body: str, by: float = 5) -> str:
    wide = BLUR.replace('"5"', f'"{by}"')
    return sheet(f"<defs>{wide}</defs>{body}")


BLOB = blurred('<circle cx="80" cy="60" r="25" fill="#204060" opacity=".6" filter="url(#f)"/>')
FADE = sheet(
    '<defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="#118ab2"/>'
    '<stop offset="1" stop-color="#118ab2" stop-opacity="0"/></linearGradient></defs>'
    '<rect x="20" y="15" width="120" height="90" rx="12" fill="url(#g)"/>'
)
CARD = blurred('<rect x="30" y="30" width="100" height="60" rx="9" opacity=".6" filter="url(#f)"/>')
TURNED = blurred(
    '<g transform="rotate(25 80 60)"><rect x="44" y="40" width="80" height="46" rx="8" opacity=".5" filter="url(#f)"/>'
    '<rect x="40" y="35" width="80" height="46" rx="8" fill="#ffd166"/></g>'
)
STAR = "M80 8 L92 44 L130 44 L100 66 L111 102 L80 80 L49 102 L60 66 L30 44 L68 44Z"
STARS = blurred(
    f'<path d="{STAR}" transform="translate(4 6)" opacity=".5" filter="url(#f)"/><path d="{STAR}" fill="#ffb703"/>', 4
)


@pytest.mark.parametrize("svg", [GLOW, BLOB, FADE], ids=["glow", "blob", "fade in a box"])
@pytest.mark.slow
def test_a_soft_part_of_one_field_is_one_gradient(svg):
    [gradient] = gradients(svg)
    assert max(gradient.opacities) > 0.5
    assert min(gradient.opacities) == 0
    assert min(closeness(svg)) > 45


@pytest.mark.parametrize("svg", [CARD, TURNED, SHADOW], ids=["alone", "turned", "under a card"])
@pytest.mark.slow
def test_the_blurred_shadow_of_a_card_is_nine_slices_at_the_most(svg):
    drawing = trace(drawn(svg))
    assert [layer.crisp for layer in drawing.layers] in ([True], [True, False])
    assert len(drawing.layers[0].shapes) <= 9
    assert min(closeness(svg)) > 44


@pytest.mark.parametrize("scale", [1.37, 3.3])
@pytest.mark.slow
def test_slices_meet_without_hairs_at_any_size(scale):
    size = (round(160 * scale), round(120 * scale))
    traced, true = (rendered_alone(svg, size)[..., 3].astype(int) for svg in (trace(drawn(CARD)).to_svg(), CARD))
    assert np.abs(traced - true).max() <= 8


@pytest.mark.slow
def test_the_shadow_of_any_other_shape_is_nested_and_reaches_beneath_the_shape():
    drawing = trace(drawn(STARS))
    assert drawing.segments < 800
    assert min(closeness(STARS)) > 44


@pytest.mark.slow
def test_soft_parts_that_lie_apart_are_drawn_each_in_its_way():
    both = blurred(
        '<rect x="10" y="30" width="50" height="50" rx="8" opacity=".5" filter="url(#f)"/>'
        '<circle cx="120" cy="60" r="18" fill="#a00" opacity=".7" filter="url(#f)"/>'
    )
    slices, others = trace(drawn(both)).layers
    assert len(slices.shapes) <= 9
    assert len(others.shapes) == 1
    assert min(closeness(both)) > 42


def test_a_box_tells_how_far_places_are_from_it():
    rng = np.random.default_rng(0)
    box = Box((5.0, -2.0, 4.0, 1.5, 0.6))
    edge = np.linspace(-1, 1, 401)
    u, v = (part.ravel() for part in np.meshgrid(4.0 * edge, 1.5 * edge))
    inside = np.column_stack([u * np.cos(0.6) - v * np.sin(0.6) + 5, u * np.sin(0.6) + v * np.cos(0.6) - 2])
    places = rng.uniform(-15, 15, (50, 2))
    nearest = [np.linalg.norm(inside - place, axis=1).min() for place in places]
    np.testing.assert_allclose(box.along(*places.T), nearest, atol=0.03)


def test_what_changes_evenly_is_carried_on_evenly():
    y, x = np.mgrid[:30, :40].astype(float)
    plane = np.stack([x + 2 * y, 100 - x], axis=-1)
    known = np.ones((30, 40), bool)
    known[10:16, 12:17] = False
    found, told = carried(np.where(known[..., None], plane, 0.0), known)
    assert told.all()
    np.testing.assert_allclose(found, plane, atol=1e-9)


def test_a_ring_is_clipped_to_the_sheet():
    ring = np.array([[-5.0, 5], [5, -5], [15, 5], [5, 15]])
    kept = clipped(ring, 10, 10)
    x, y = kept.T
    assert kept.min() >= 0
    assert kept.max() <= 10
    assert (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2 == pytest.approx(100)
    assert len(clipped(ring + 40, 10, 10)) < 3


@pytest.mark.slow
def test_an_edge_over_a_shadow_lies_where_it_lies_without_one():
    card = '<rect x="30.4" y="24.7" width="90" height="60" fill="#3a86ff"/>'
    bare = sheet(card)
    over = sheet(f'<defs>{BLUR}</defs><rect x="36" y="34" width="90" height="60" opacity=".5" filter="url(#f)"/>{card}')
    corners = []
    for svg in (bare, over):
        top = list(trace(drawn(svg)).shapes)[-1]
        points = np.concatenate([path.points for path in top.paths])
        corners.append(np.concatenate([points.min(0), points.max(0)]))
    np.testing.assert_allclose(corners[1], corners[0], atol=0.06)


def test_masks_with_mere_antialiasing_are_traced_as_they_were():
    mask = sheet('<circle cx="80" cy="60" r="40" fill="#e63946"/>')
    drawing = trace(drawn(mask))
    assert [shape.opacity for shape in drawing.shapes] == [1.0]
    assert [layer.name for layer in drawing.layers] == [""]


@pytest.mark.parametrize("asked", [{"colors": 3}, {"palette": ("red", "white")}, {"kind": "line"}, {"kind": "photo"}])
def test_faint_pictures_are_not_traced_in_ways_that_know_no_opacity(asked):
    y, x = np.mgrid[:40, :40]
    pixels = np.where(((x - 20) ** 2 + (y - 18) ** 2 < 150)[..., None], [200, 30, 30], [20, 60, 200]).astype(np.uint8)
    with pytest.raises(UsageError, match="more than half opaque"):
        trace(Image(pixels, np.full((40, 40), 90, np.uint8)), **asked)
