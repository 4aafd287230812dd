"""Galleries for the tests of the page, made of small drawings, plots, pictures and animations, and a browser."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from artkit import gallery
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing, Layer, Page, Shape
from artkit.artwork.drawing import Path as Line
from artkit.artwork.image import Image
from artkit.gallery.origin import Provenance
from bench.gallery import chromium

HOSTILE = [
    "<script>window.hacked=1</script>",
    "\"><img src=x onerror='window.hacked=1'>",
    "'; window.hacked=1; //",
    "100% %3Cb%3E %s {{7*7}} {% raw %}",
    "two\nlines\tand\ra tab",
    "emoji 🐱‍👤🎨",
    "\u202egnp.tac \u200f עברית",
    "</script></style></template><script>window.hacked=1</script>",
    "\u2028artkit('x',1)\u2029",
    "x" * 255,
]


def square(x: float, y: float, side: float) -> Line:
    return Line(np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]]))


def drawing(i: int = 0) -> Drawing:
    """Three layers: all red, then a green square to the left, and a blue one to the right."""
    squares = ((square(0, 0, 90), "#ff0000", "red"), (square(10, 20, 20 + i % 5), "#00ff00", "green"))
    squares += ((square(60, 20, 20), "#0000ff", "blue"),)
    layers = [Layer([Shape([line], color)], name) for line, color, name in squares]
    return Drawing(90, 60, layers, facts={"shapes": 3.0 + i, "psnr": 20.0 + i})


def plot() -> Drawing:
    lines = [Line(np.array([[0, y], [80, y]], float), closed=False) for y in range(0, 50, 2)]
    return Drawing(80, 50, [Layer([Shape(lines, stroke="#000000")], "1 black", 0.3)], page=Page(100, 70, 1, (10, 10)))


def picture(i: int = 0, width: int = 90, height: int = 60) -> Image:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., i % 3] = np.linspace(60, 255, width).astype(np.uint8)
    return Image(pixels)


def animation() -> Animation:
    return Animation(4, lambda i: Image(np.full((60, 90, 3), 60 * i, np.uint8)), 0.1)


def add(folder: Path, artwork: Any, name: str, photo: str = "cat.jpg", title: str = "", **more: Any) -> gallery.Record:
    """Add an artwork said to be made of a photo by a preset called `name`."""
    op = {"Drawing": "trace", "Animation": "rotate-color"}.get(type(artwork).__name__, "blur")
    text = f'schema = 2\ntitle = "t"\nseed = {len(name)}\n\n[[steps]]\nop = "{op}"\n# {name} {photo!r} {more}\n'
    origin = Provenance(
        preset=name, title=title or name.capitalize(), description="", recipe=text, seed=3, software="artkit",
        changes=more.get("changes", {}), command=f"artkit apply {name} {photo!r}", python=f"artkit.apply({photo!r})",
    )  # fmt: skip
    image = Image(np.full((60, 90, 3), 255, np.uint8))
    return gallery.add(
        folder, artwork, origin=origin, photo=image, photo_name=photo, photo_sha256="ab" * 32, seconds=1.5
    )


def small(folder: Path) -> dict[str, gallery.Record]:
    """A gallery of one artwork of each kind, some more, and its page."""
    changes = {"kmeans.colors": "6", "recolor.palette": '"sunset"', "seed": "3"}
    made = {f"filler{i}": add(folder, picture(i), f"filler{i}", "dog.jpg") for i in range(6)}
    made["tall"] = add(folder, picture(1, 30, 90), "tall")
    made["animation"] = add(folder, animation(), "cycle")
    made["plot"] = add(folder, plot(), "waves")
    made["drawing"] = add(folder, drawing(), "poster", changes=changes)
    gallery.page(folder)
    return made


def hostile(folder: Path) -> list[gallery.Record]:
    """A gallery of records in which every text is hostile, some by their photo's name, all by what was put in."""
    made = [add(folder, drawing(i), "poster", f"{i} {name[:200]}.jpg") for i, name in enumerate(HOSTILE)]
    for record, name in zip(made, HOSTILE, strict=True):
        path = folder / "records" / f"{record.name}.json"
        known = json.loads(path.read_text("utf-8"))
        known |= dict.fromkeys(("title", "preset", "photo", "recipe", "command", "python"), name)
        path.write_text(json.dumps(known | {"changes": {name: name}}), "utf-8")
    gallery.page(folder)
    return made


@contextmanager
def browser() -> Iterator[Any]:
    """A browser without a window; where there is none the test is skipped, but not where CI has to have one."""
    path = chromium()
    if path is None:
        if os.environ.get("CI") != "true":
            pytest.skip("needs Chromium; apt-get install chromium, or another package of your system's")
        pytest.fail("CI=true, and there is no Chromium: apt-get install -y chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


def watched(page: Any, folder: Path) -> list[str]:
    """A list to which comes what a page should not do: errors, warnings, requests beyond the gallery's folder."""
    told: list[str] = []
    inside = (folder.as_uri() + "/", "blob:", "data:")
    page.on("console", lambda line: line.type in ("error", "warning") and told.append(line.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: request.url.startswith(inside) or told.append(request.url))
    page.on("requestfailed", lambda request: told.append(f"{request.url} {request.failure}"))
    return told
