"""Photos as mosaics: budgets, fills, levels and focus, and what is told of them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit import render
from artkit.artwork.drawing import Drawing, Gradient
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.errors import UsageError
from artkit.ops.trace import trace
from artkit.planar.map import planar_map
from artkit.planar.segments import Curves
from artkit.tracer import closeness as measure
from artkit.tracer import vector
from artkit.tracer.budget import parse_bytes
from artkit.tracer.photos import source_of
from artkit.tracer.regions.masking import masking_weights
from artkit.tracer.regions.width import is_core
from artkit.tracer.wanted import Wanted


def scene(height: int = 144, width: int = 192, seed: int = 3) -> Image:
    """A sky that fades, a ball with a highlight, blurred rocks and grass of fine texture."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    pixels = np.dstack([90 + y, 140 + 0.5 * y, 240 - 0.3 * x])
    rocks = cv2.GaussianBlur(random.normal(0, 1, (height, width)), (0, 0), 4)
    rocks = np.digitize(rocks / rocks.std(), [-0.7, 0, 0.7])
    below = y > 0.6 * height + 6 * np.sin(x / 17)
    pixels[below] = np.array([[70, 60, 50], [120, 100, 80], [160, 150, 130], [95, 120, 70]])[rocks[below]]
    grass = x > 0.7 * width
    pixels[grass & below] = [60, 110, 40] + 70 * random.normal(0, 0.5, (height, width, 1))[grass & below]
    far = np.hypot(x - 60, y - 50)
    ball = far < 34
    pixels[ball] = ([230, 70, 50] + np.maximum(0, 40 - 1.5 * far)[..., None])[ball]
    pixels = cv2.GaussianBlur(pixels, (0, 0), 0.7) + random.normal(0, 2, pixels.shape)
    return Image(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


SCENE = scene()


def save(pixels: np.ndarray, path: Path) -> None:
    Pillow.fromarray(pixels).save(path)


def drawn(**values) -> Drawing:
    return trace(SCENE, kind="photo", **values)


def count(drawing: Drawing) -> int:
    return sum(1 for _ in drawing.shapes) + (drawing.background is not None)


def rendered(text: str, background: str = "#ffffff", zoom: int = 1) -> np.ndarray:
    width = SCENE.width * zoom
    png = bytes(resvg_py.svg_to_bytes(svg_string=text, width=width, background=background, skip_system_fonts=True))
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)[..., ::-1].astype(int)


def said(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stderr


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scene") / "scene.png"
    save(SCENE.pixels, path)
    return path


@pytest.mark.parametrize("shapes", [1, 2, 7, 60, 300])
@pytest.mark.sample(1)
def test_shapes_are_as_many_as_asked_for(shapes):
    found = count(drawn(shapes=shapes))
    assert 0.97 * shapes <= found <= shapes


@pytest.mark.parametrize(("size", "limit"), [("6k", 6_000), ("20k", 20_000), ("5k-gzip", 5_000)])
@pytest.mark.slow
def test_files_are_as_large_as_asked_for(scene_file, tmp_path, size, limit):
    path = tmp_path / "drawing.svg"
    assert said("trace", scene_file, "-o", path, "--kind", "photo", "--bytes", size)[0] == 0
    data = path.read_bytes()
    found = len(gzip.compress(data, 9, mtime=0)) if "gzip" in size else len(data)
    assert 0.97 * limit <= found <= limit


@pytest.mark.sample(1)
@pytest.mark.slow
def test_a_preset_keeps_to_its_bytes_as_well(scene_file, tmp_path):
    recipe = tmp_path / "small.toml"
    recipe.write_text('title = "Small"\n[[steps]]\nop = "trace"\nkind = "photo"\nbytes = "9k"\n')
    path = tmp_path / "drawing.svg"
    assert said("apply", recipe, scene_file, "-o", path)[0] == 0
    assert 0.97 * 9_000 <= path.stat().st_size <= 9_000


@pytest.mark.parametrize("wanted", [22.0, pytest.param(25.0, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_a_psnr_is_reached_with_about_as_few_shapes_as_it_takes(wanted):
    drawing = drawn(psnr=wanted)
    assert drawing.facts["psnr"] >= wanted
    fewer = drawn(shapes=min(count(drawing) - 1, int(0.85 * count(drawing))))
    assert fewer.facts["psnr"] < wanted


def test_limits_come_before_the_psnr():
    notes: list[str] = []
    drawing = trace(SCENE, kind="photo", shapes=20, psnr=40, report=notes.append)
    assert count(drawing) <= 20
    assert any("40 dB cannot be had" in note for note in notes)


@pytest.mark.slow
def test_more_detail_is_never_fewer_shapes():
    counts = [count(drawn(detail=detail)) for detail in np.linspace(0, 1, 4)]
    assert counts == sorted(counts)
    assert counts[0] < counts[2] < counts[3]


@pytest.mark.slow
def test_what_is_told_is_what_is_so():
    notes: list[str] = []
    drawing = trace(SCENE, kind="photo", shapes=80, report=notes.append)
    text = drawing.to_svg()
    error = np.mean((rendered(text) - SCENE.pixels.astype(int)) ** 2)
    assert drawing.facts["psnr"] == pytest.approx(10 * np.log10(255**2 / error), abs=0.006)
    assert drawing.facts["shapes"] == count(drawing)
    assert drawing.facts["segments"] == drawing.segments
    assert f"PSNR {drawing.facts['psnr']:.2f} dB" in notes[-1]


@pytest.mark.slow
def test_the_gallery_and_json_keep_what_was_measured(scene_file, tmp_path):
    arguments = ["trace", str(scene_file), "--kind", "photo", "--shapes", "40"]
    told = json.loads(CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "a.svg"), "--json"]).stdout)
    assert CliRunner().invoke(app, [*arguments, "--gallery", str(tmp_path / "g")]).exit_code == 0
    (record,) = (tmp_path / "g" / "records").glob("*.json")
    assert json.loads(record.read_text())["facts"] == told[0]["facts"]
    assert told[0]["facts"]["shapes"] <= 40


@pytest.mark.parametrize(
    "colors", [1, pytest.param(5, marks=pytest.mark.slow), pytest.param(16, marks=pytest.mark.slow)]
)
def test_budgets_and_colors_together_give_exactly_so_many_inks(colors):
    drawing = drawn(shapes=90, colors=colors)
    assert len({shape.fill for shape in drawing.shapes}) == colors
    assert 0 < count(drawing) <= 90


@pytest.mark.slow
def test_fills_are_flat_where_they_are_asked_to_be_and_where_inks_are():
    for values in ({"fills": "flat"}, {"colors": 8}):
        assert "Gradient" not in drawn(shapes=60, **values).to_svg()
    assert "Gradient" in drawn(shapes=60).to_svg()


def test_a_fading_sky_is_one_shape():
    y, x = np.mgrid[0:96, 0:128]
    sky = np.dstack([60 + y + 0 * x, 120 + 0.7 * y, 250 - 0.5 * y])
    sky += np.random.default_rng(0).normal(0, 1, sky.shape)
    image = Image(np.clip(np.rint(sky), 0, 255).astype(np.uint8))
    drawing = trace(image, kind="photo")
    assert count(drawing) == 1
    assert drawing.facts["psnr"] > 40
    assert isinstance(next(iter(drawing.shapes)).fill, Gradient)


def test_what_fades_in_rings_is_one_radial_gradient():
    y, x = np.mgrid[0:96, 0:128].astype(np.float64)
    glow = 200 - 0.012 * ((x - 50) ** 2 + (y - 40) ** 2)
    pixels = np.dstack([glow, 0.8 * glow, 0.3 * glow]) + np.random.default_rng(0).normal(0, 1, (96, 128, 3))
    image = Image(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))
    drawing = trace(image, kind="photo", shapes=1)
    (shape,) = drawing.shapes
    assert isinstance(shape.fill, Gradient)
    assert shape.fill.radial
    assert np.hypot(*np.subtract(shape.fill.start, (50, 40))) < 3
    assert drawing.facts["psnr"] > 30


@pytest.mark.slow
def test_slivers_are_few():
    mosaic = source_of(SCENE, None, Wanted()).mosaic(150)
    wide = np.unique(mosaic.labels[is_core(mosaic.labels)])
    assert len(wide) >= 0.93 * mosaic.count


def segments(curves: Curves) -> set[bytes]:
    """Each segment, by the way it runs first from left to right."""
    parts = np.stack([curves.start, curves.first, curves.second, curves.end], axis=1)
    back = parts[:, ::-1]
    swap = (parts[:, 3] < parts[:, 0])[:, 0] | ((parts[:, 3, 0] == parts[:, 0, 0]) & (parts[:, 3, 1] < parts[:, 0, 1]))
    return {part.tobytes() for part in np.where(swap[:, None, None], back, parts)}


@pytest.mark.slow
def test_borders_of_levels_are_arcs_of_the_finest_ones():
    finest = vector.Followed.of(source_of(SCENE, None, Wanted()).mosaic(120, levels=True))
    arcs = vector.arc_curves(finest)
    for regions in (120, 60, 15):
        coarse = planar_map(finest.mosaic.level(regions).labels, finest.planar)
        joined = vector.joined_arcs(finest.planar, arcs, coarse)
        assert len(joined.start)
        assert segments(joined) <= segments(arcs)


@pytest.mark.slow
def test_levels_are_layers_of_as_many_shapes_as_asked_for():
    drawing = drawn(levels=(15, 60, 120))
    assert [len(layer.shapes) for layer in drawing.layers] == [15, 60, 120]
    assert drawing.to_svg().count("<g") >= 3


@pytest.mark.slow
def test_labels_of_levels_nest():
    finest = source_of(SCENE, None, Wanted()).mosaic(120, levels=True)
    fine, coarse = finest.labels, finest.level(30).labels
    pairs = np.unique(np.stack([fine.ravel(), coarse.ravel()]), axis=1)
    assert pairs.shape[1] == finest.count


@pytest.mark.slow
def test_detail_goes_where_the_focus_is():
    def error(focus: str) -> float:
        gap = rendered(drawn(shapes=60, focus=focus).to_svg()) - SCENE.pixels.astype(int)
        return float((gap[100:140, 150:190] ** 2).mean())

    assert error("170,120,20") < 0.8 * error("")


@pytest.mark.sample(1)
@pytest.mark.slow
def test_a_mask_is_a_focus_too(tmp_path):
    mask = np.zeros((*SCENE.pixels.shape[:2], 3), np.uint8)
    mask[100:140, 20:60] = 255
    path = tmp_path / "mask.png"
    save(mask, path)
    assert drawn(shapes=60, focus=str(path)).to_svg() != drawn(shapes=60).to_svg()


def test_errors_are_seen_least_in_texture_and_as_well_at_an_edge_as_on_even_ground():
    texture = np.random.default_rng(0).integers(60, 200, (40, 40))
    edge = np.where(np.arange(40) < 20, 60, 200) + np.zeros((40, 1), int)
    weight = masking_weights(np.repeat(np.hstack([edge, texture]).astype(np.uint8)[..., None], 3, axis=2))
    ground, border, busy = weight[15, 5], weight[15, 20], weight[10:30, 50:70].max()
    assert border == pytest.approx(ground, rel=0.05)
    assert busy < 0.5 * ground
    assert weight.mean() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("zoom", [1, pytest.param(3, marks=pytest.mark.slow)])
@pytest.mark.parametrize("values", [{}, pytest.param({"colors": 6}, marks=pytest.mark.slow), {"levels": (10, 100)}])
@pytest.mark.sample(1)
def test_no_background_shines_through(zoom, values):
    text = drawn(**({"shapes": 100} | values if "levels" not in values else values)).to_svg()
    assert np.array_equal(rendered(text, "#ffffff", zoom), rendered(text, "#000000", zoom))


@pytest.mark.slow
def test_transparent_parts_stay_open():
    y, x = np.mgrid[0 : SCENE.height, 0 : SCENE.width]
    alpha = np.where(np.hypot(x - 60, y - 50) < 30, 0, 255).astype(np.uint8)
    text = trace(Image(SCENE.pixels, alpha), kind="photo", shapes=80).to_svg()
    light, dark = rendered(text, "#ffffff"), rendered(text, "#000000")
    inside, outside = np.hypot(x - 60, y - 50) < 27, np.hypot(x - 60, y - 50) > 33
    assert (light[inside] == 255).all()
    assert (dark[inside] == 0).all()
    assert (light[outside] == dark[outside]).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 3), (5, 4)])
def test_tiny_photos(shape):
    image = Image(np.random.default_rng(1).integers(0, 256, (*shape, 3)).astype(np.uint8))
    for values in ({}, {"shapes": 3}, {"levels": (1, 3)}, {"bytes": "2k"}, {"psnr": 12.0}):
        assert count(trace(image, kind="photo", **values)) >= 1


@pytest.mark.slow
def test_closer_borders_are_closer_to_the_photo_and_take_more_bytes():
    loose, usual, close = (drawn(shapes=80, tolerance=tolerance) for tolerance in (3.0, None, 0.0))
    assert loose.facts["psnr"] < usual.facts["psnr"] < close.facts["psnr"]
    assert len(loose.to_svg()) < len(usual.to_svg()) < len(close.to_svg())


@pytest.mark.slow
def test_the_same_photo_gives_the_same_bytes():
    assert drawn(shapes=90).to_svg() == drawn(shapes=90).to_svg()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--bytes", "many"], "200k"),
        (["--bytes", "0"], "200k"),
        (["--bytes", "100"], "too small"),
        (["--shapes", "0"], "shapes"),
        (["--psnr", "-3"], "psnr"),
        (["--detail", "1.5"], "detail"),
        (["--levels", "4,x"], "levels"),
        (["--focus", "10,20"], "focus"),
        (["--focus", "10,20,-5"], "focus"),
        (["--fills", "gradient", "--colors", "4"], "fills"),
        (["--levels", "4,9", "--layers", "cutout"], "layers"),
        (["--levels", "4,9", "--palette", "red,blue"], "levels"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_line(scene_file, tmp_path, options, named):
    path = tmp_path / "none.svg"
    status, text = said("trace", scene_file, "-o", path, "--kind", "photo", *options)
    assert status == 2
    assert named in text
    assert len(text.strip().splitlines()) <= 2
    assert "Traceback" not in text
    assert not path.exists()


def test_flat_art_has_no_budget():
    flat = Image(np.repeat(np.repeat(np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8), 40, 0), 40, 1))
    with pytest.raises(UsageError, match="kind = photo"):
        trace(flat, shapes=10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("200k", (200_000, False)), ("1.5M", (1_500_000, False)), ("60k-gzip", (60_000, True)), ("900", (900, False))],
)
def test_sizes(text, expected):
    assert parse_bytes(text) == expected


def test_closeness_of_a_picture_to_itself_and_to_noise():
    same = measure.closeness(SCENE.pixels, SCENE.pixels)
    assert (same.psnr, same.ssim, same.gmsd) == (99.0, pytest.approx(1), pytest.approx(0))
    noisy = np.clip(SCENE.pixels + np.random.default_rng(0).normal(0, 10, SCENE.pixels.shape), 0, 255).astype(np.uint8)
    worse = measure.closeness(SCENE.pixels, noisy)
    assert worse.psnr == pytest.approx(28.3, abs=0.5)
    assert worse.ssim < 0.9
    assert worse.gmsd > 0.01


def test_ssim_is_that_of_scikit_image():
    from skimage.metrics import structural_similarity

    noisy = np.clip(SCENE.pixels + np.random.default_rng(0).normal(0, 10, SCENE.pixels.shape), 0, 255).astype(np.uint8)
    gray = [cv2.cvtColor(side, cv2.COLOR_RGB2GRAY) for side in (SCENE.pixels, noisy)]
    expected = structural_similarity(*gray, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
    assert measure.closeness(SCENE.pixels, noisy).ssim == pytest.approx(expected, abs=2e-3)


@pytest.mark.slow
def test_compressed_files_by_suffix(scene_file, tmp_path):
    path = tmp_path / "drawing.svgz"
    assert said("trace", scene_file, "-o", path, "--kind", "photo", "--shapes", "30")[0] == 0
    assert re.match(rb"<svg|<\?xml", gzip.decompress(path.read_bytes()))


def test_a_gradient_ends_where_its_colors_do():
    """Over the box of a disc a diagonal ramp from black to white would go on beyond both; cut off, it is too flat."""
    y, x = np.mgrid[:80, :80] + 0.5
    ramp = 127.5 + 127.5 * ((x - 40) + (y - 40)) / np.sqrt(2) / 30
    disc = np.hypot(x - 40, y - 40)
    pixels = np.where((disc < 30)[..., None], ramp[..., None], [30, 60, 200])
    image = Image(np.rint(pixels).clip(0, 255).astype(np.uint8))
    drawing = trace(image, kind="photo", shapes=2)
    assert any(isinstance(shape.fill, Gradient) for shape in drawing.shapes)
    off = np.abs(render.rendered(drawing).astype(float) - image.pixels)[disc < 27]
    assert off.mean() < 1 and off.max() <= 4
