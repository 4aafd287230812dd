"""Small files that the writers made, kept beside the tests: whoever changes what is written sees what changed.

`pytest -n 0 --write-golden tests/test_golden.py` writes them anew; look at them, and at the difference, before you
commit them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path as File

import numpy as np
import pytest

import artkit
from artkit import Animation, Drawing, Image, Layer, Page, Path, Recipe, Shape, gallery
from artkit.artwork.animation import PaletteAnimation
from artkit.artwork.drawing import CUBIC, QUADRATIC, AnimatedDrawing, Gradient, Shadow
from artkit.export import encode
from artkit.ops.trace import trace

GOLDEN = File(__file__).parent / "golden"
METADATA = {"title": "Golden & small", "software": "artkit", "seed": "7", "recipe": "seed = 7\n"}


def path(*points: tuple[float, float], kinds: tuple[int, ...] | None = None, closed: bool = True) -> Path:
    return Path(np.array(points, np.float64), None if kinds is None else np.array(kinds, np.uint8), closed)


SQUARE = path((2, 2), (22, 2), (22, 22), (2, 22))
DROP = path((12, 4), (20, 10), (18, 18), (12, 20), (4, 20), (12, 4), kinds=(CUBIC, QUADRATIC))
WAVE = path((3, 12), (8, 4), (12, 12), (16, 20), (21, 12), kinds=(QUADRATIC, QUADRATIC), closed=False)
ZIGZAG = path((3.125, 3), (8, 20.0625), (13, 3), (18, 20), closed=False)


def painted() -> Drawing:
    """All kinds of fill, with a shadow, a blur and opacity."""
    ramp = Gradient((2, 2), (22, 2), ("#ff0000", "#ffffff", "#0044cc"), stops=(0.0, 0.25, 1.0))
    glow = Gradient((12, 12), (20, 12), ("#ffee88", "#220044"), radial=True)
    layers = [
        Layer([Shape([SQUARE], ramp)], "ramp", shadow=Shadow((1, 1.5), 0.75)),
        Layer([Shape([DROP, path((10, 10), (14, 10), (12, 14))], glow, opacity=0.5)], "glow", blur=0.4),
        Layer([Shape([WAVE], None, "#102030"), Shape([SQUARE], "#00ff00", "#000000", 0.25)], "both", 1.5),
    ]
    return Drawing(24, 24, layers, background="#f4e9d8", title="Golden & small")


def pens() -> Drawing:
    """Lines of two pens on a page in millimetres."""
    black = [Shape([ZIGZAG], None, "#000000"), Shape([WAVE], None, "#000000")]
    red = [Shape([path((4, 4), (20, 4), (12, 18))], None, "#cc0000")]
    return Drawing(24, 24, [Layer(black, "black", 0.3), Layer(red, "red", 0.5)], page=Page(60, 40, 1.5, (6, 2)))


def growing() -> AnimatedDrawing:
    drawing = pens()
    times = (np.array([[0.0, 0.5], [0.5, 1.0]]), np.array([[1.0, 1.5]]))
    return AnimatedDrawing(24, 24, drawing.layers, page=drawing.page, seconds=2.0, times=times)


def flag() -> Image:
    """A ring on two bands, of four flat colors, with hard edges."""
    y, x = np.mgrid[:24, :32] + 0.5
    away = np.hypot(x - 12, y - 12)
    pixels = np.where((y < 12)[..., None], [20, 60, 160], [240, 230, 210])
    pixels[(away < 8) & (away > 4)] = 200, 40, 40
    pixels[away <= 4] = 30, 30, 30
    return Image(pixels.astype(np.uint8))


def sliding() -> Animation:
    """The flag, and a square that goes over it."""

    def frame(i: int) -> Image:
        pixels = flag().pixels.copy()
        pixels[4 * i : 4 * i + 6, 20:26] = 250, 210, 60
        return Image(pixels)

    return Animation(4, frame, delay=0.1, loop=2)


def cycling() -> Animation:
    """The flag, its colors inverted in every other frame."""
    return PaletteAnimation.of(
        flag(), 2, lambda i, image: image.with_pixels(image.pixels ^ np.uint8(255 * i)), delay=0.5
    )


def plot(suffix: str) -> bytes:
    from artkit.export.plot import encode as encode_plot
    from artkit.pens.plotter import Plan, plotted
    from artkit.pens.strokes import from_drawing

    return encode_plot(plotted(from_drawing(pens(), 0.25), Plan(page="80x60mm", margin=5.0))[1], suffix)


def record(folder: File) -> bytes:
    """A record in the gallery, whichever versions made it."""
    recipe = Recipe.parse('title = "Golden"\nseed = 7\n[[steps]]\nop = "invert"\n', "golden.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artkit, "__version__", "1.2.3")
        origin = gallery.provenance(recipe.checked)
        made = gallery.add(
            folder, pens(), origin=origin, photo=flag(), photo_name="flag.png", photo_sha256="00ff", seconds=1.25
        )
    known = json.loads((folder / "records" / f"{made.name}.json").read_text())
    return (json.dumps(known | {"versions": {}}, indent=2, sort_keys=True) + "\n").encode()


FILES: dict[str, Callable[[File], bytes]] = {
    "painted.svg": lambda folder: encode(painted(), ".svg", metadata=METADATA),
    "pens.svg": lambda folder: encode(pens(), ".svg", metadata=METADATA),
    "growing.svg": lambda folder: encode(growing(), ".svg"),
    "flag.svg": lambda folder: encode(trace(flag(), kind="flat"), ".svg"),
    "sliding.gif": lambda folder: encode(sliding(), ".gif", metadata=METADATA),
    "cycling.gif": lambda folder: encode(cycling(), ".gif"),
    "pens.hpgl": lambda folder: plot(".hpgl"),
    "pens.gcode": lambda folder: plot(".gcode"),
    "plot.svg": lambda folder: plot(".svg"),
    "record.json": record,
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_what_was_written(name, tmp_path, request):
    made = FILES[name](tmp_path)
    assert made == FILES[name](tmp_path), "the same again gives the same bytes"
    if request.config.getoption("--write-golden"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_bytes(made)
    known = (GOLDEN / name).read_bytes()
    how = "pytest -n 0 --write-golden tests/test_golden.py writes it anew; look at the difference"
    if name.endswith(".gif"):
        assert made == known, f"{name} differs; {how}"
    else:
        assert made.decode().splitlines() == known.decode().splitlines(), f"{name} differs; {how}"


def test_there_is_no_golden_file_that_nothing_writes():
    assert {file.name for file in GOLDEN.iterdir()} == set(FILES)
