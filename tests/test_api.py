"""`import artkit` is the whole library: what it has, what its artworks can do, and how little it loads."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import artkit
from artkit import registry
from artkit.errors import UsageError
from artkit.registry.controls import control_of, shown

FRAME = "".join(f"{'#' * 12 if row in (0, 11) else '#..........#'}\n" for row in range(12))


@pytest.fixture(scope="module")
def frame() -> artkit.Image:
    """A black frame around white, drawn in characters."""
    rows = [[0 if mark == "#" else 255 for mark in line] for line in FRAME.split()]
    return artkit.Image.of(np.array(rows, np.uint8).repeat(4, 0).repeat(4, 1))


@pytest.fixture(scope="module")
def artworks(frame) -> dict[str, artkit.Artwork]:
    """One of each type."""
    moving = artkit.Animation(3, lambda i: frame.with_pixels(frame.pixels // (i + 1)), delay=0.1)
    return {"Image": frame, "Labels": artkit.ops.otsu(frame), "Drawing": artkit.trace(frame), "Animation": moving}


def test_a_photo_comes_in_as_a_path_an_array_or_a_pillow_image_and_goes_out_as_a_file(frame, tmp_path):
    path = artkit.save(frame, tmp_path / "frame.png")
    calm = artkit.ops.median(frame, size=9)
    for source in (path, str(path), path.read_bytes(), frame.pixels, Pillow.open(path), np.asarray(frame) / 255):
        assert np.array_equal(artkit.ops.median(source, size=9), calm)
        assert np.array_equal(artkit.read(source), frame)
    for mode in ("1", "L", "P", "LA", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV"):
        assert np.array_equal(artkit.read(Pillow.fromarray(frame.pixels).convert("RGBA").convert(mode)), frame), mode
    assert artkit.read(path, size=24).width == 24


def test_trace_gives_a_drawing_and_apply_what_its_kind_says(frame):
    assert artkit.trace(frame).to_svg() == artkit.apply(artkit.Recipe.parse('[[steps]]\nop = "trace"'), frame).to_svg()
    otsu = artkit.Recipe.parse('[[steps]]\nop = "otsu"', "otsu.toml")
    made = artkit.apply(otsu, frame, kind=artkit.Labels)
    assert isinstance(made, artkit.Labels) and isinstance(made, artkit.Artwork)
    with pytest.raises(
        UsageError, match=r"^kind: otsu gives a Labels, not a Drawing; use kind=Labels, or leave it out$"
    ):
        artkit.apply(otsu, frame, kind=artkit.Drawing)


def test_an_option_that_is_called_kind_is_still_one(frame):
    given = {"shapes": 2, "kind": "circle"}
    shapes = artkit.apply("primitives", frame, **given).shapes
    assert {len(shape.paths[0].points) for shape in shapes} == {13}  # four cubic curves


@pytest.mark.parametrize("kind", ["Image", "Labels", "Drawing", "Animation"])
def test_every_artwork_is_bytes_and_a_picture_and_says_in_a_line_what_it_is(artworks, kind, tmp_path):
    artwork = artworks[kind]
    suffix = {"Drawing": ".svg", "Animation": ".gif"}.get(kind, ".png")
    assert artwork.to_bytes() == artwork.to_bytes(suffix) == artwork.save(tmp_path / f"x{suffix}").read_bytes()
    picture = artwork.to_image()
    assert (picture.width, picture.height) == (48, 48)
    assert np.abs(np.asarray(picture, int) - np.asarray(artworks["Image"], int)).max() <= (
        1 if kind == "Drawing" else 0
    )
    for width in (24, 96):
        assert (artwork.to_image(width).width, artwork.to_image(width).height) == (width, width)
    with pytest.raises(UsageError, match="width: 0 is no number of pixels"):
        artwork.to_image(0)
    assert re.fullmatch(rf"{kind}\([^\n]{{5,60}}\)", repr(artwork))


def test_artworks_say_their_sizes(artworks):
    assert repr(artworks["Image"]) == "Image(48 x 48)"
    assert repr(artworks["Labels"]) == "Labels(48 x 48, 2 colors)"
    assert repr(artworks["Animation"]) == "Animation(3 frames, 0.3 s)"
    drawing = artworks["Drawing"].replace(page=artkit.Page(210, 297))
    assert re.fullmatch(r"Drawing\(48 x 48 on 210 x 297 mm, 1 layer, \d shapes?\)", repr(drawing))
    (layer,) = drawing.layers
    assert len(repr(layer)) < 60 and len(repr(list(layer.shapes))) < 400
    assert repr(artkit.Path(np.zeros((4, 2)))) == "Path(3 segments, closed)"


def test_artworks_that_have_pixels_are_arrays(artworks):
    assert np.asarray(artworks["Image"]).shape == (48, 48, 3)
    assert np.array_equal(np.unique(np.asarray(artworks["Labels"])), [0, 1])
    frames = np.asarray(artworks["Animation"])
    assert frames.shape == (3, 48, 48, 3)
    assert np.array_equal(frames[1], np.asarray(artworks["Image"]) // 2)


@pytest.mark.parametrize("kind", ["Image", "Labels", "Drawing", "Animation"])
def test_notebooks_are_given_one_form_alone(artworks, kind):
    artwork = artworks[kind]
    ((form, data),) = artwork._repr_mimebundle_().items()
    assert form == {"Drawing": "image/svg+xml", "Animation": "image/gif"}.get(kind, "image/png")
    assert (data.encode() if kind == "Drawing" else base64.b64decode(data)) == artwork.to_bytes()
    assert artwork._repr_mimebundle_(include=["text/plain"]) == artwork._repr_mimebundle_(exclude=[form]) == {}
    others = ("_repr_html_", "_repr_svg_", "_repr_png_", "_repr_jpeg_")
    assert not any(hasattr(artwork, other) for other in others)


def test_ops_are_attributes_by_the_names_of_their_functions():
    for name, op in registry.all_ops().items():
        assert getattr(artkit.ops, name.replace("-", "_")) is op
    assert {"median", "trace", "low_poly"} <= set(dir(artkit.ops))
    with pytest.raises(AttributeError, match="no op 'mediam'; did you mean median"):
        artkit.ops.mediam  # noqa: B018
    with pytest.raises(AttributeError):
        artkit.ops.__wrapped__  # noqa: B018


@pytest.mark.slow
def test_a_family_that_has_an_op_of_its_name_is_that_op_however_it_is_first_loaded():
    code = """
import sys, artkit
{first}
assert artkit.ops.trace is artkit.trace and artkit.trace.name == "trace"
assert artkit.ops.filter.median is artkit.ops.median
from artkit.ops import dither, frame
assert dither.name == "dither" and frame.resize is artkit.ops.resize
from artkit.ops.dither import dither as same
assert same is dither
"""
    for first in ("from artkit.ops.trace import trace", "import artkit.ops.dither"):
        subprocess.run([sys.executable, "-c", code.format(first=first)], check=True, timeout=60)


def test_importing_loads_nothing_and_reading_little():
    code = """
import sys, artkit
first = set(sys.modules)
assert not {"numpy", "scipy", "PIL", "pydantic"} & first, first
artkit.presets()
assert not {"numpy", "scipy", "PIL", "pydantic", "cv2"} & set(sys.modules)
artkit.ops.median
assert "artkit.ops.pen" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_chance_is_a_seed_or_a_generator_and_the_same_when_it_is_left_out():
    noise = np.random.default_rng(5).integers(0, 256, (40, 40, 3), np.uint8)
    left_out, zero, one, generator = (
        np.asarray(artkit.ops.glitch(noise, **how))
        for how in ({}, {"rng": 0}, {"rng": 1}, {"rng": np.random.default_rng(1)})
    )
    assert np.array_equal(left_out, zero) and np.array_equal(one, generator)
    assert not np.array_equal(zero, one)


@pytest.mark.slow
def test_eight_threads_make_what_one_makes(frame):
    recipe = artkit.Recipe.parse('[[steps]]\nop = "kmeans"\n[[steps]]\nop = "recolor"\n[[steps]]\nop = "trace"')

    def work(seed: int) -> bytes:
        moved = frame.with_pixels(np.roll(frame.pixels, 2 * seed, axis=1))
        made = artkit.apply(recipe, moved, size=24, seed=seed).to_bytes()
        return made + artkit.ops.kmeans(moved.to_image(24), colors=3, rng=seed).to_bytes()

    alone = [work(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == alone


class _Widgets(types.ModuleType):
    """As much of ipywidgets as `explore` uses."""

    class Widget:
        def __init__(self, *children, **settings):
            self.__dict__.update(settings, children=children[0] if children else (), watchers=[])

        def observe(self, call, names):
            self.watchers.append(call)

        def set(self, value):
            self.value = value
            for call in self.watchers:
                call({"new": value})

    Checkbox = Dropdown = Text = IntSlider = FloatSlider = BoundedIntText = Output = VBox = Widget


def test_explore_shows_a_slider_for_each_option_and_the_artwork_they_make(frame, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", _Widgets("ipywidgets"))
    recipe = artkit.Recipe.parse('[[steps]]\nop = "posterize"\n[expose]\nlevels = "posterize.steps"')
    box = artkit.explore(frame, recipe)
    *controls, screen = box.children
    sliders = {each.description: each for each in controls}
    assert set(sliders) == {"levels", "seed"}
    sliders["levels"].set(3)
    (shown_now,) = screen.outputs
    assert shown_now["data"] == artkit.apply(recipe, frame, levels=3)._repr_mimebundle_()


def test_explore_says_in_a_line_what_it_needs(frame, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(UsageError, match=r"^explore: sliders need ipywidgets; install it by: pip install ipywidgets$"):
        artkit.explore(frame)


def test_controls_of_all_parameters_keep_to_what_these_take():
    kinds = set()
    for op in registry.all_ops().values():
        for parameter in op.parameters.values():
            if parameter.required:
                continue
            control = control_of(parameter)
            kinds.add(control.kind)
            if control.kind in ("whole", "number"):
                assert control.low <= control.default <= control.high
                ends = [type(control.default)(end) for end in (control.low, control.high)]
                op.check({parameter.name: ends[0]})
                op.check({parameter.name: ends[1]})
            elif control.kind == "choice":
                assert control.default in control.choices
    assert kinds == {"switch", "choice", "whole", "number", "text"}
    assert [shown(value) for value in (True, None, (1, 2.5), "a")] == ["yes", "none", "1,2.5", "a"]


def test_the_examples_need_no_more_than_what_is_public():
    for path in (Path(__file__).parent.parent / "examples").glob("*.py"):
        assert set(re.findall(r"^(?:from|import) (artkit[\w.]*)", path.read_text("utf-8"), re.M)) <= {"artkit"}


def test_the_code_of_the_python_page_works(frame, tmp_path, monkeypatch):
    text = (Path(__file__).parent.parent / "docs" / "python.md").read_text("utf-8")
    first, threads, waiting = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    for name in ("cat.jpg", "logo.png"):
        frame.save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    names: dict = {"paths": ["cat.jpg"]}
    exec(first + threads + waiting, names)
    assert names["poster"].to_bytes() == (tmp_path / "poster.svg").read_bytes()
    assert names["asyncio"].run(names["handle"]((tmp_path / "cat.jpg").read_bytes())).startswith(b"<svg")
    assert all(name in dir(artkit) for name in re.findall(r"^\| `(\w+)[`(]", text, re.M))


@pytest.mark.parametrize("photo", ["cat.jpg", Path("cat.jpg"), np.zeros((4, 4, 3), np.uint8)])
def test_a_photo_in_the_place_of_the_preset_is_said(photo):
    is_array = isinstance(photo, np.ndarray)
    way = r"comes first: artkit\.apply" if is_array else r"the preset comes before the photo: .*cat\.jpg"
    with pytest.raises(artkit.UsageError, match=way):
        artkit.apply(photo, "poster")
