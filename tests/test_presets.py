"""Every preset, by existing: it makes a valid artwork of any photo, and the same one again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow

from artkit import export
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.recipe import FAMILIES, Recipe, presets, summary
from artkit.run import run

pytestmark = pytest.mark.usefixtures("short_tours")

NAMES = sorted(path.stem for path in (Path(__file__).parent.parent / "presets").glob("*.toml"))


def preset(name: str) -> Recipe:
    """The preset, without enlarging a picture of a few pixels to the size of a print; plots are small."""
    recipe = Recipe.find(name)
    values: dict[str, object] = {"resize.size": 200} if any(step.op == "resize" for step in recipe.steps) else {}
    small = {"page": "40x30mm", "margin": 2.0, "points": 400, "nails": 40, "lines": 60}
    values |= {
        f"{step.op.name}.{name}": value
        for step in recipe.bound
        if "page" in step.op.parameters
        for name, value in small.items()
        if name in step.op.parameters
    }
    return recipe.with_values(values)


def bytes_of(artwork) -> bytes:
    return export.encode(artwork, export.suffix(artwork))


def check(artwork) -> bytes:
    """Read the artwork's file with other programs: it decodes, and has the artwork's size and frames. Give the file."""
    data = written = bytes_of(artwork)
    if isinstance(artwork, Drawing):
        root = ElementTree.fromstring(data)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        data = bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), dpi=96))
        # A drawing on a page is as large as the page, 96 pixels to the inch.
        page = artwork.page
        size = (artwork.width, artwork.height) if page is None else (page.width / 25.4 * 96, page.height / 25.4 * 96)
        size = round(size[0]), round(size[1])
    elif isinstance(artwork, Animation):
        size = artwork.frame(0).width, artwork.frame(0).height
    else:
        size = artwork.width, artwork.height
    with Pillow.open(io.BytesIO(data)) as picture:
        assert picture.size == size
        if isinstance(artwork, Animation):
            assert picture.n_frames == artwork.count
            for index in range(picture.n_frames):
                picture.seek(index)
                picture.load()
        else:
            picture.load()
    return written


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.sample(7)
def test_a_preset_makes_a_valid_artwork(name, photo):
    recipe = preset(name)
    made = run(recipe.checked, photo)
    assert isinstance(made, recipe.gives)
    check(made)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_introduces_itself(name):
    title, description = summary(presets()[name])
    assert title
    assert description.endswith(".")
    recipe = Recipe.find(name)
    assert recipe.family in FAMILIES
    assert Recipe.parse(recipe.dump()).dump() == recipe.dump(), "what an artwork carries is a recipe"
    assert 1 <= len(recipe.options()) <= 8, "a few options, not none and not all"
    assert all(parameter.description for parameter in recipe.options().values())


def odd_photos() -> dict[str, Image]:
    ramp = np.linspace(0, 255, 40 * 30).astype(np.uint8).reshape(30, 40)
    noise = np.random.default_rng(5).integers(0, 256, (24, 32, 3), np.uint8)
    disc = np.hypot(*np.mgrid[-15:15, -20:20]) < 12
    return {
        "one pixel": Image(np.full((1, 1, 3), 200, np.uint8)),
        "one color": Image(np.full((20, 30, 3), 90, np.uint8)),
        "one row": Image.of(ramp[:1]),
        "one column": Image.of(ramp[:, :1]),
        "a gray ramp": Image.of(ramp),
        "noise": Image(noise),
        "black and white": Image.of(disc),
        "a cut-out": Image(np.dstack([ramp] * 3), disc.astype(np.uint8) * 255),
        "nothing opaque": Image(np.zeros((12, 16, 3), np.uint8), np.zeros((12, 16), np.uint8)),
    }


def on_odd_photos() -> list[Any]:
    """Each preset with every other photo, in turn; all but one for a preset are for those who have time."""
    odd = list(odd_photos())
    return [
        pytest.param(name, photo, marks=[] if (i + j) % len(odd) == 0 else [pytest.mark.slow])
        for i, name in enumerate(NAMES)
        for j, photo in enumerate(odd)
        if (i + j) % len(odd) % 2 == 0
    ]


@pytest.mark.parametrize(("name", "photo_name"), on_odd_photos())
def test_a_preset_works_on_any_photo(name, photo_name):
    check(run(preset(name).checked, odd_photos()[photo_name]))
