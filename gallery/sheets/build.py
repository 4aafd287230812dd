"""Make the sheets of docs/looks.md: every preset, by family, on the same eight unlike photos.

    python gallery/sheets/build.py                   # all of them; a quarter of an hour on two cores
    python gallery/sheets/build.py poster comic      # these alone are made anew, the others taken from --cells

Presets are as `artkit demo` makes them: on postcards where pens draw, and what moves is 240 pixels long. The pagoda is
of gallery/photos, the other photos come with scikit-image (public domain or CC0).
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageChops, ImageDraw, ImageFont

import artkit
from artkit.cli.demo import recipe_of
from artkit.manual.pictures import own_presets
from artkit.recipe import FAMILIES
from artkit.recipe.change import with_options
from artkit.recipe.listing import listed
from artkit.run import still

FOLDER = Path(__file__).parent
PAGODA = FOLDER.parent / "photos" / "pagoda.jpg"
SIZE = 512
"""Longer side of the photos, in pixels."""
WIDTH = 600
"""Pixels that a drawing is rendered with, from left to right, before it is made smaller."""
CELL = 150
LABEL = 15
PHOTOS = {
    "architecture": "",
    "portrait": "astronaut.png",
    "animal": "chelsea.png",
    "still life": "coffee.png",
    "night": "rocket.jpg",
    "busy": "motorcycle_left.png",
    "gray": "camera.png",
    "flat contrast": "moon.png",
}

SHOWN_WITH: dict[str, dict[str, object]] = {
    **{key: {"page": "A5"} for key in ("contour-lines", "halftone-dots", "halftone-lines", "hatch-fill", "outline")},
    "paint-by-numbers": {"page": "A4", "filled": True},
    "string-art": {"page": "A4"},
}
"""Options with which a preset is shown, where a postcard is too small, or the page empty."""


def photo(name: str) -> Pillow.Image:
    """Give a photo at the size of the sheets."""
    import skimage.data

    file = PHOTOS[name]
    path = Path(skimage.data.__file__).parent / file if file else PAGODA
    picture = Pillow.open(path).convert("RGB")
    picture.thumbnail((SIZE, SIZE), Pillow.Resampling.LANCZOS)
    return picture


def cell(preset: str, name: str) -> Pillow.Image:
    """Give what a preset makes of a photo, as large as a cell; of what moves the frame in the middle."""
    recipe = with_options(recipe_of(preset), SHOWN_WITH.get(preset, {}))
    made: Any = artkit.apply(recipe, np.asarray(photo(name)))
    if isinstance(made, artkit.Animation):
        made = made.frame(made.count // 3)
    pixels = made.to_image(WIDTH) if isinstance(made, artkit.Drawing) else still(made)
    picture = Pillow.fromarray(pixels.pixels)
    if pixels.alpha is not None:
        ground = Pillow.new("RGB", picture.size, "white")
        ground.paste(picture, mask=Pillow.fromarray(pixels.alpha))
        picture = ground
    if isinstance(made, artkit.Drawing) and made.page:
        picture = _without_margin(picture)
    picture.thumbnail((CELL, CELL), Pillow.Resampling.LANCZOS)
    return picture


def _without_margin(picture: Pillow.Image) -> Pillow.Image:
    """Cut the blank paper off around a picture."""
    return picture.crop(ImageChops.invert(picture.convert("L")).getbbox())


def _to_file(job: tuple[str, str, Path]) -> str:
    preset, name, path = job
    path.parent.mkdir(parents=True, exist_ok=True)
    cell(preset, name).save(path)
    return preset


def sheet(names: list[str], cells: Path) -> Pillow.Image:
    """Put the cells of some presets on a sheet, a row each, with the photos above."""
    rows: list[tuple[str, list[Pillow.Image]]] = [("photo", [_small(name) for name in PHOTOS])]
    rows += [(name, [Pillow.open(cells / name / f"{each}.png").convert("RGB") for each in PHOTOS]) for name in names]
    made = Pillow.new("RGB", (len(PHOTOS) * (CELL + 6) + 6, len(rows) * (CELL + LABEL + 8) + 4), "white")
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(12)
    for row, (name, pictures) in enumerate(rows):
        top = row * (CELL + LABEL + 8) + 4
        if row:
            draw.text((6, top), name, fill="black", font=font)
        for column, picture in enumerate(pictures):
            left = column * (CELL + 6) + 6
            made.paste(picture, (left + (CELL - picture.width) // 2, top + LABEL + (CELL - picture.height) // 2))
            if not row:
                draw.text((left, top), list(PHOTOS)[column], fill="black", font=font)
    return made


def _small(name: str) -> Pillow.Image:
    picture = photo(name)
    picture.thumbnail((CELL, CELL), Pillow.Resampling.LANCZOS)
    return picture


def main() -> None:
    """Make the cells that are not there or are named, then all sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="presets to make anew")
    parser.add_argument("--cells", type=Path, default=Path("cells"), help="folder that keeps the single pictures")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    known = {name: listed(path)[2] for name, path in own_presets().items()}
    jobs = [(preset, name, given.cells / preset / f"{name}.png") for preset in known for name in PHOTOS]
    jobs = [(preset, name, path) for preset, name, path in jobs if preset in given.names or not path.exists()]
    with ProcessPoolExecutor(given.jobs) as pool:
        for count, preset in enumerate(pool.map(_to_file, jobs), 1):
            print(f"{count}/{len(jobs)} {preset}", file=sys.stderr)
    for family in FAMILIES:
        names = [name for name, own in known.items() if own == family]
        sheet(names, given.cells).save(FOLDER / f"{family.replace(' ', '-')}.webp", quality=60, method=6)


if __name__ == "__main__":
    main()
