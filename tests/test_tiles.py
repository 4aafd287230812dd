"""Pictures larger than memory: read in strips as they are as a whole, and traced in tiles into the same bytes."""

import struct
import tracemalloc
import warnings
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

import artkit
from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape
from artkit.artwork.enlarged import enlarged
from artkit.artwork.image import Image
from artkit.artwork.larger import opened, png, tiff
from artkit.artwork.photo import read
from artkit.artwork.strips import Strips
from artkit.cli import app
from artkit.errors import ArtkitError, UsageError
from artkit.export import encode
from artkit.export.strips import write_png, write_tiff
from artkit.ops.trace import trace
from artkit.recipe import Recipe, Step
from artkit.run import run
from artkit.run.strips import in_strips
from artkit.tracer.assemble import Borders
from artkit.tracer.tiles.trace import NotInTiles, Wish, traced_in_tiles


def art(side=96, smooth=True):
    """A map of areas with smooth borders, thin lines and letters, most of them across several strips."""
    picture = np.full((side, side + 9, 3), (240, 236, 220), np.uint8)
    how = cv2.LINE_AA if smooth else cv2.LINE_8
    for k, color in enumerate([(40, 90, 160), (60, 140, 70), (200, 60, 50)]):
        cv2.circle(picture, (20 + 33 * k, 30 + 19 * k), 24 - 3 * k, color, -1, how)
        cv2.line(picture, (0, 11 + 37 * k), (side, 31 + 30 * k), color, 1 + k % 2, how)
        cv2.putText(picture, "Ag8", (8 + 30 * k, 40 + 22 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.7, color, 1, how)
    return picture


def tiled(pixels, rows, **wish):
    if curves := wish.pop("curves", ""):
        wish["borders"] = Borders(curves, 28.0, None)
    strips = Strips.of(pixels, 7)
    return traced_in_tiles(strips, Wish(**wish), rows=rows, report=lambda _: None, progress=lambda _: None)


def whole(pixels, **values):
    return trace(Image(pixels), **{"kind": "flat", "colors": 256, "strokes": "never"} | values)


def test_a_picture_in_tiles_gives_the_bytes_of_the_whole_one():
    assert encode(tiled(art(), 5, kind="flat"), ".svg") == encode(whole(art()), ".svg")


@pytest.mark.slow
@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize(
    "values", [{"layers": "cutout"}, {"colors": 3, "min_area": 30}, {"curves": "polygon"}, {"kind": "line"}], ids=str
)
def test_it_does_whatever_is_asked_for(values, smooth):
    pixels = art(smooth=smooth)
    if "kind" in values:  # grays under a little noise, which line work is cleaned of
        pixels = np.where(pixels[..., 1:2] < 200, 20, 230).astype(np.uint8).repeat(3, 2)
        pixels = pixels + np.random.default_rng(1).integers(0, 5, pixels.shape[:2]).astype(np.uint8)[..., None]
    expected = encode(whole(pixels, **values), ".svg")
    assert {encode(tiled(pixels, rows, **{"kind": "flat"} | values), ".svg") for rows in (5, 64)} == {expected}


@pytest.mark.slow
def test_areas_of_a_cut_out_picture_in_tiles_add_up():
    drawing = tiled(art(), 8, kind="flat", layers="cutout")
    total = sum(ring_area(path) for shape in drawing.shapes for path in shape.paths)
    assert total == pytest.approx(drawing.width * drawing.height, abs=1e-6)


def ring_area(path):
    """Green's theorem, along lines and cubics."""
    a, at = 0.0, 0
    points = np.vstack([path.points, path.points[:1]])
    for kind in [*path.kinds, 1]:
        p = points[at : at + kind + 1]
        weights = {(0, 1): 6, (0, 2): 3, (0, 3): 1, (1, 2): 3, (1, 3): 3, (2, 3): 6} if kind == 3 else {(0, 1): 10}
        a += sum(w * (p[i, 0] * p[j, 1] - p[i, 1] * p[j, 0]) for (i, j), w in weights.items()) / 20
        at += int(kind)
    return a


def test_photos_and_too_many_borders_are_not_for_tiles():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    with pytest.raises(NotInTiles, match="photos"):
        tiled(noise, 16)
    strips = Strips.of(art(), 7)
    with pytest.raises(NotInTiles, match="borders take about"):
        traced_in_tiles(strips, Wish("flat"), rows=8, most=1e4, report=lambda _: None, progress=lambda _: None)


FILES = {
    "rgb.png": lambda p, f: Pillow.fromarray(p).save(f, optimize=True),
    "gray.png": lambda p, f: Pillow.fromarray(p[..., 0]).save(f),
    "gray16.png": lambda p, f: Pillow.fromarray(p[..., 0].astype(np.uint16) * 256 + p[..., 1]).save(f),
    "four.png": lambda p, f: Pillow.fromarray(p).quantize(4).save(f, bits=2),
    "clear.png": lambda p, f: Pillow.fromarray(np.dstack([p, p[..., 1]])).save(f),
    "strips.tif": lambda p, f: Pillow.fromarray(p).save(f, compression="tiff_lzw", tiffinfo={278: 10}),
    "ink.tif": lambda p, f: Pillow.fromarray(p).convert("1").save(f, compression="group4"),
    "cmyk.tif": lambda p, f: Pillow.fromarray(p).convert("CMYK").save(f),
    "tiles.tif": lambda p, f: tiles(p, f, compression="zlib", predictor=True),
    "big.tif": lambda p, f: tiles(p, f, bigtiff=True),
    "deep.tif": lambda p, f: tiles(p.astype(np.uint16) * 257, f, byteorder=">"),
    "photo.jpg": lambda p, f: Pillow.fromarray(p).save(f),
}


def tiles(pixels, file, **how):
    pytest.importorskip("tifffile").imwrite(file, pixels, tile=(32, 48), photometric="rgb", **how)


@pytest.mark.sample(5)
@pytest.mark.parametrize("name", FILES)
def test_strips_have_the_pixels_of_the_picture(name, tmp_path, monkeypatch):
    monkeypatch.setattr(png, "PIECE", 3000)
    monkeypatch.setattr(tiff, "MOST", 1 << 16)
    FILES[name](art(), tmp_path / name)
    picture = opened(tmp_path / name, 1e9, lambda _: None)
    strips = list(picture.read())
    assert np.array_equal(np.concatenate(strips), read(tmp_path / name).on_white().pixels)
    assert len(strips) > 1 or name in ("photo.jpg", "four.png", "ink.tif")


def test_a_jpeg_that_does_not_fit_is_decoded_at_a_part_of_its_size(tmp_path):
    Pillow.fromarray(art()).save(tmp_path / "photo.jpg", quality=95)
    said = []
    picture = opened(tmp_path / "photo.jpg", 60_000, said.append)
    pixels = np.concatenate(list(picture.read()))
    assert pixels.shape == art().shape and "half of its size" in said[0]
    assert np.abs(pixels.astype(int) - art()).mean() < 12
    with pytest.raises(ArtkitError, match="tiled TIFF"):
        opened(tmp_path / "photo.jpg", 1_000, said.append)


@pytest.mark.parametrize("name", ["rgb.png", "tiles.tif", "strips.tif"])
def test_a_file_that_was_cut_short_says_so(name, tmp_path):
    FILES[name](art(), tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) * 2 // 3] if name != "strips.tif" else spoilt(data))
    with pytest.raises(ArtkitError, match=name) as told:
        list(opened(tmp_path / name, 1e9, lambda _: None).read())
    assert "\n" not in str(told.value) and "copy" in str(told.value)


def spoilt(tiff):
    """A TIFF whose middle is nothing."""
    at = struct.unpack("<I", tiff[4:8])[0]
    return tiff if at < 100 else tiff[:8] + bytes(at - 8) + tiff[at:]


def test_the_command_line_keeps_to_a_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("artkit.run.larger.BASE", 399e6)  # so that a small picture is a large one
    Pillow.fromarray(art()).save(tmp_path / "map.png")
    Pillow.effect_noise((160, 90), 60).save(tmp_path / "sand.png")

    def command(line, status=0):
        result = CliRunner().invoke(app, [word.replace("@", str(tmp_path)) for word in line.split()])
        assert result.exit_code == status, result.output
        return result.stderr

    monkeypatch.setenv("ARTKIT_MEMORY", "400MB")
    assert "flat, 4 colors" in command("trace @/map.png --kind flat -o @/map.svg")
    said = command("trace @/sand.png --shapes 2 -o @/sand.svg")
    assert "made of 80 x 45 of 160 x 90 pixels" in said
    assert 'width="160" height="90"' in (tmp_path / "sand.svg").read_text()
    (tmp_path / "night.toml").write_text('schema = 2\n[[steps]]\nop = "invert"\n')
    command("apply @/night.toml @/map.png -o @/night.png")
    command("apply @/night.toml @/map.png -o @/night.tif")
    for night in ("night.png", "night.tif"):
        assert np.array_equal(read(tmp_path / night).pixels, 255 - art())
    assert "too little" in command("trace @/map.png -o @/x.svg --memory 100MB", 2)
    assert "takes a size" in command("trace @/map.png -o @/x.svg --memory much", 2)


FLAT = 'kind = "flat"\ncolors = 256\nstrokes = "never"\n'


def test_python_keeps_to_a_memory_too(tmp_path, monkeypatch):
    monkeypatch.setattr("artkit.run.larger.BASE", 399e6)
    Pillow.fromarray(art()).save(tmp_path / "map.png")
    Pillow.effect_noise((160, 90), 60).save(tmp_path / "sand.png")
    steps = "".join(f'[[steps]]\nop = "{name}"\n' for name in ("grayscale", "invert", "trace"))
    (tmp_path / "map.toml").write_text("schema = 2\n" + steps + FLAT)
    (tmp_path / "paint.toml").write_text('schema = 2\n[[steps]]\nop = "glitch"\n[[steps]]\nop = "trace"\n')
    with pytest.warns(UserWarning, match="map.png: flat, 4 colors"):
        drawn = artkit.apply(tmp_path / "map.toml", tmp_path / "map.png", memory="400MB")
    assert drawn.to_svg() == artkit.apply(tmp_path / "map.toml", art()).to_svg()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        one, other = (artkit.apply(tmp_path / "paint.toml", tmp_path / "sand.png", memory=4e8, seed=k) for k in (1, 2))
    assert "sand.png: glitch needs it as a whole: made of 80 x 45 of 160 x 90 pixels" in str(said[0].message)
    assert said[0].filename == __file__
    assert (one.width, one.height) == (160, 90) and one.to_svg() != other.to_svg()
    for memory, fault in (("100MB", "memory 100 MB: is too little"), ("much", "memory much: takes a size")):
        with pytest.raises(UsageError, match=fault):
            artkit.apply("poster", tmp_path / "sand.png", memory=memory)


def test_a_drawing_at_twice_the_size_is_twice_as_large_in_all_it_has():
    fill = Gradient((1, 2), (3, 4), ("#000000", "#ffffff"))
    shape = Shape([Path(np.array([[0, 0], [4, 0], [4, 3]], float))], fill)
    twice = enlarged(Drawing(4, 3, [Layer([shape], stroke_width=2)]), 2, 8, 6)
    made = next(twice.shapes)
    assert made.fill.start == (2, 4) and made.paths[0].points.max() == 8
    assert twice.width == 8 and twice.layers[0].stroke_width == 4


STEPS = {
    "blur": {"size": 7},
    "channel-blur": {"size": 9},
    "median": {"size": 5},
    "sharpen": {"sigma": 1.0},
    "sobel": {},
    "emboss": {},
    "posterize": {},
    "rotate-color": {"angle": 40},
    "otsu": {},
    "otsu-rgb": {},
    "multi-otsu": {"classes": 4},
    "threshold": {},
}


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_on_strips_makes_what_it_makes_of_the_picture(name):
    recipe = Recipe(steps=(Step("blur", {"window": "gaussian", "sigma": 0.8}), Step(name, STEPS[name]))).checked
    pixels = art()
    made = in_strips(recipe, Strips.of(pixels, 7), 11)
    assert isinstance(made, Strips), made
    file = BytesIO()
    write_png(made, file, {})
    assert np.array_equal(read(file.getvalue()).pixels, Image.of(run(recipe, Image(pixels))).pixels)


def test_a_step_that_looks_at_all_of_a_picture_is_named():
    recipe = Recipe(steps=(Step("blur", {}), Step("auto-levels", {}))).checked
    assert in_strips(recipe, Strips.of(art(), 7), 11) == "auto-levels needs it as a whole"


@pytest.mark.parametrize("rows", [1, 5, 40, 4000])
@pytest.mark.parametrize("big", [False, True])
def test_strips_are_written_as_tiff(tmp_path, monkeypatch, rows, big):
    pixels = art()
    monkeypatch.setattr("artkit.export.strips.STRIP", rows * pixels[0].size)
    monkeypatch.setattr("artkit.export.strips.CLASSIC", 0 if big else 4e9)
    path = tmp_path / "map.tif"
    with path.open("wb") as file:
        write_tiff(Strips.of(pixels, 7), file, {"title": "A map", "recipe": "steps"})
    assert path.read_bytes()[2] == (43 if big else 42)
    assert np.array_equal(read(path).pixels, pixels)
    strips = opened(str(path), 1e9, lambda line: None)
    assert np.array_equal(np.concatenate(list(strips.read())), pixels)
    with Pillow.open(path) as tiff:
        assert b"A map" in tiff.tag_v2[700]
    again = BytesIO()
    write_tiff(Strips.of(pixels, 13), again, {"title": "A map", "recipe": "steps"})
    assert again.getvalue() == path.read_bytes()  # however the strips come


@pytest.mark.slow
def test_memory_does_not_grow_with_the_pixels():
    width, height = 6000, 1000

    def read():
        for top in range(0, height, 50):
            y, x = np.ogrid[top : top + 50, :width]
            inside = ((x - 600) ** 2 + (y - 500) ** 2 < 300**2)[..., None]
            yield np.where(inside, np.uint8(200), np.uint8(40)).repeat(3, 2)

    tracemalloc.start()
    try:
        drawing = traced_in_tiles(
            Strips(width, height, read), Wish("flat"), rows=10, report=lambda _: None, progress=lambda _: None
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(list(drawing.shapes)) == 1
    assert peak < 1.5 * width * height  # the pixels alone are three bytes each
