"""A labelled sheet of looks: a row for each preset, a column for each photo.

    python gallery/sheet.py sheet.png --presets poster,two-ink cat.jpg dog.jpg
    python gallery/sheet.py sheet.png --presets comic --cell 900 cat.jpg       # to look at closely

All presets are shown where none are named, and the bundled photo where no photo is. Animations show their first frame.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import artkit
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.cli.demo import bundled_photo
from artkit.raster.resize import resized
from artkit.recipe import presets
from artkit.render import rendered, size_of

LABEL = 24
"""Height of a line of text, in pixels."""

GAP = 6
"""Pixels between cells."""


def main() -> None:
    """Make the sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sheet", type=Path, help="file to write, such as sheet.png")
    parser.add_argument("photos", type=Path, nargs="*", help="files of photos")
    parser.add_argument("--presets", default=",".join(sorted(presets())), help="names, or recipe files, with commas")
    parser.add_argument("--cell", type=int, default=320, help="longer side of a cell in pixels")
    arguments = parser.parse_intermixed_args()
    photos = [Image.of(path) for path in arguments.photos or [bundled_photo()]]
    rows = [row("photo", photos, arguments.cell)]
    for name in arguments.presets.split(","):
        print(name, flush=True)
        rows.append(row(Path(name).stem, [artkit.apply(name, photo) for photo in photos], arguments.cell))
    cv2.imwrite(str(arguments.sheet), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


def row(name: str, artworks: list[Any], cell: int) -> NDArray[np.uint8]:
    """A name above artworks side by side: (H, W, 3)."""
    pictures = [shown(artwork, cell) for artwork in artworks]
    height, width = max(each.shape[0] for each in pictures), cell + GAP
    sheet = np.full((LABEL + height + GAP, width * len(pictures), 3), 255, np.uint8)
    for i, picture in enumerate(pictures):
        sheet[LABEL : LABEL + picture.shape[0], i * width : i * width + picture.shape[1]] = picture
        cv2.putText(sheet, name, (i * width, LABEL - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return sheet


def shown(artwork: Any, cell: int) -> NDArray[np.uint8]:
    """The artwork on white, its longer side as long as a cell's: (H, W, 3). What has pixels is not enlarged."""
    if isinstance(artwork, Drawing):
        width, height = scaled(*size_of(artwork), cell)
        return rendered(artwork, (width, height))
    image = Image.of(artwork.frame(0) if isinstance(artwork, Animation) else artwork)
    width, height = scaled(image.width, image.height, min(cell, max(image.width, image.height)))
    pixels, alpha = resized(image.pixels, image.alpha, width, height)
    share = 1.0 if alpha is None else alpha[..., None] / 255
    return np.rint(pixels * share + 255 * (1 - share)).astype(np.uint8)


def scaled(width: int, height: int, longer: int) -> tuple[int, int]:
    """Width and height whose longer one is as long as is stated."""
    scale = longer / max(width, height)
    return max(round(width * scale), 1), max(round(height * scale), 1)


if __name__ == "__main__":
    main()
