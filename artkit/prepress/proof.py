"""Plates in, pixels out: what the print will look like, and each plate as black dots at a stated resolution."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np

from artkit.arrays import Floats, Mask
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.color.palette import parse
from artkit.errors import UsageError
from artkit.limits import within
from artkit.prepress.press import Pressed, drawing_of, each_alone
from artkit.render import rendered_alone, stretched


def proof(made: Pressed, dpi: float, cloth: str) -> Image:
    """Give the print as it will look on a cloth or a paper: inks that overprint let through what they lie on."""
    width, height = _size(made, dpi)
    ground = np.array(parse(cloth), np.float64) / 255
    seen: Floats = np.ones((height, width, 3)) * ground
    for plate in made.plates.plates:
        ink = np.array(parse(plate.color), np.float64) / 255
        share = _covered(drawing_of(plate, made), (width, height))[..., None] / 255
        seen = seen * (1 - share) + (seen * ink if plate.overprints else ink) * share
    return Image(np.rint(seen * 255).astype(np.uint8))


def bitmaps(made: Pressed, folder: str, dpi: float) -> dict[str, bytes]:
    """Give a picture of black and white for each plate, by the name of its file in a folder."""
    if not folder.endswith(("/", "\\")):
        raise UsageError(f"-o {folder}: bitmaps are a file for each plate; name a folder, as in -o plates/")
    return {f"{start}.tif": bitmap(alone, dpi) for start, alone in each_alone(made, folder)}


def bitmap(made: Pressed, dpi: float) -> bytes:
    """Give the only plate of a print as a TIFF of black and white (ITU-T T.6), marks included."""
    from PIL import Image as Pillow

    (plate,) = made.plates.plates
    size = _size(made, dpi)
    marks = [item.art for item in made.paper.items if item.marks and isinstance(item.art, Drawing)]
    cover = _covered(drawing_of(plate, made), size)
    for drawing in marks:
        cover = np.maximum(cover, _covered(drawing, size))
    file = io.BytesIO()
    picture = Pillow.fromarray(np.where(cover >= 128, 0, 255).astype(np.uint8)).convert("1", dither=Pillow.Dither.NONE)
    picture.save(file, "TIFF", compression="group4", dpi=(dpi, dpi), description=plate.name)
    return file.getvalue()


def _size(made: Pressed, dpi: float) -> tuple[int, int]:
    layout = made.paper.layout
    width, height = (max(round(side / 25.4 * dpi), 1) for side in (layout.width, layout.height))
    within("grown", width * height, f"a plate of {width} x {height} pixels at {dpi:g} dpi comes to")
    return width, height


def _covered(drawing: Drawing, size: tuple[int, int]) -> Mask:
    """How much of each pixel (H, W) a drawing covers, from 0 to 255."""
    alone = replace(drawing, background=None)
    return np.asarray(rendered_alone(stretched(alone.to_svg(), size), size)[..., 3], np.uint8)
