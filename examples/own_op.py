"""Write an op and a recipe that uses it: newspaper dots, as large as the picture is dark.

python examples/own_op.py [PHOTO [FOLDER]]

In a package of yours, an entry point makes the op known to recipes and to the command line everywhere:

    [project.entry-points."artkit.ops"]
    dots = "your_package.your_module"
"""

import sys
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from artkit import Drawing, Image, Layer, Recipe, Shape, apply, op
from artkit import Path as Line

PAGODA = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"

RECIPE = """
title = "Newspaper dots"
description = "Dots on a slanted grid, as large as the picture is dark."

[[steps]]
op = "grayscale"

[[steps]]
op = "dots"
spacing = 6.0

[expose]
spacing = "dots.spacing"
"""

# A circle in four cubic curves; k puts their controls where the error is least (0.03% of the radius).
k = 0.5523
CIRCLE = np.array(
    [(1, 0), (1, k), (k, 1), (0, 1), (-k, 1), (-1, k), (-1, 0), (-1, -k), (-k, -1), (0, -1), (k, -1), (1, -k), (1, 0)]
)
FOUR_CURVES = np.full(4, 3, np.uint8)


@op
def dots(
    image: Image,
    *,
    spacing: Annotated[float, Field(ge=2, le=100, description="From dot to dot, in pixels.")] = 8,
    angle: Annotated[float, Field(ge=0, le=90, description="Slant of the grid, in degrees.")] = 45,
) -> Drawing:
    """Draw dots on a slanted grid, as large as the picture is dark."""
    reach = np.arange(-np.hypot(image.width, image.height), np.hypot(image.width, image.height), spacing)
    u, v = (axis.ravel() for axis in np.meshgrid(reach, reach))
    turn = np.deg2rad(angle)
    x, y = u * np.cos(turn) - v * np.sin(turn), u * np.sin(turn) + v * np.cos(turn)
    inside = (x >= 0) & (x < image.width) & (y >= 0) & (y < image.height)
    x, y = x[inside], y[inside]
    dark = 1 - image.pixels[y.astype(int), x.astype(int)].mean(axis=1) / 255
    radius = spacing * np.sqrt(dark / np.pi)  # so that the dot covers as much of its cell as the picture is dark
    circles = [Line(CIRCLE * r + (cx, cy), FOUR_CURVES) for cx, cy, r in zip(x, y, radius, strict=True)]
    shapes = [Shape((circle,), "#202040") for circle in circles]
    return Drawing(image.width, image.height, (Layer(shapes),), background="#f6f1e4")


if __name__ == "__main__":
    photo = sys.argv[1] if len(sys.argv) > 1 else PAGODA
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")
    recipe = Recipe.parse(RECIPE, "dots.toml")
    print(apply(recipe, photo, size=400, spacing=5).save(folder / "dots.svg"))
