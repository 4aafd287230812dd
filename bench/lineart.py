"""Line art for pens: tone against what was asked for, CPU seconds, lines and metres, for each style.

    python -m bench lineart                       every style on the photos of the corpus
    ARTKIT_BENCH=quick python -m bench lineart    on one of them

Tone is that of a gray ramp of eleven steps from white to black on A4, drawn by resvg at the pen's width: the largest
difference of a step's mean darkness from the one that the preset's tone asks for, and whether the steps rise
throughout. Seconds are those of the processor, all threads together, for a photo of 0.4 megapixels to a drawing; what
is imported on first use has been. Lines and metres are of the drawing before `artkit plot` sorts it. Photos are
looked for in ../shared/corpus, beside the repository; one is made up where they are missing.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "photo"
QUICK = os.environ.get("ARTKIT_BENCH") == "quick"
PHOTOS = ("kodim04", "kodim08", "kodim12", "kodim16", "kodim20", "kodim24")

TONES = (
    "hatch",
    "crosshatch",
    "waves",
    "spiral",
    "scribble",
    "stipple",
    "tsp",
    "flow",
    "halftone-dots",
    "halftone-lines",
    "hatch-fill",
)
LINES = ("outline", "contour-lines", "centerline")
"""Presets whose tone means something, and those that draw lines for their own sake."""

STEPS = 11


def main() -> None:
    """Print one table in Markdown, a row for each style."""
    from artkit.recipe import Recipe

    pictures = photos()
    print("| style | tone error | rises | CPU s, mean | CPU s, most | lines | points | metres | SVG, MB, most |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in (*TONES, *LINES):
        recipe = Recipe.find(name)
        error, rises = tone(recipe) if name in TONES else ("", "")
        rows = [measured(recipe, picture) for picture in pictures]
        seconds, lines, points, metres, size = (np.array(column) for column in zip(*rows, strict=True))
        cells = (
            name, error, rises, f"{seconds.mean():.1f}", f"{seconds.max():.1f}", f"{lines.mean():,.0f}",
            f"{points.mean():,.0f}", f"{metres.mean():.0f}", f"{size.max():.1f}",
        )  # fmt: skip
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


def photos() -> list[Any]:
    """Photos of the corpus, or one that is made up."""
    from artkit.artwork.image import Image
    from artkit.artwork.photo import read

    found = [read(CORPUS / f"{name}.png") for name in PHOTOS if (CORPUS / f"{name}.png").exists()]
    if not found:
        from bench.raster import synthetic

        found = [Image(synthetic(512, 768))]
    return found[:1] if QUICK else found


def measured(recipe: Any, picture: Any) -> tuple[float, int, int, float, float]:
    """CPU seconds, lines, points, metres, and megabytes of the SVG."""
    from artkit.run import run

    start = process_time()
    drawing = run(recipe.checked, picture)
    seconds = process_time() - start
    lengths, points = [], 0
    for shape in drawing.shapes:
        for path in shape.paths:
            line = np.vstack([path.points, path.points[:1]]) if path.closed else path.points
            lengths.append(float(np.hypot(*np.diff(line, axis=0).T).sum()))
            points += len(line)
    return seconds, len(lengths), points, sum(lengths) / 1000, len(drawing.to_svg()) / 1e6


def tone(recipe: Any) -> tuple[str, str]:
    """Largest error of a gray ramp's steps in darkness, 0 to 1, and whether they rise."""
    from artkit.artwork.image import Image
    from artkit.color.gray import gray_of
    from artkit.pens.separation import covering
    from artkit.render import rendered
    from artkit.run import run

    dark = np.linspace(0, 1, STEPS)
    levels = np.rint(255 * (1 - dark)).astype(np.uint8)
    ramp = Image.of(np.repeat(np.repeat(levels, 60)[None], 240, axis=0))
    if any(step.op == "kmeans" for step in recipe.steps):
        recipe = recipe.with_values({"kmeans.colors": STEPS})
    drawing = run(recipe.checked, ramp)
    size = round(10 * drawing.page.width), round(10 * drawing.page.height)
    gray = gray_of(rendered(drawing.to_svg(), size)).astype(float)
    x, y = drawing.page.offset
    part = gray[round(10 * y) : round(10 * (y + drawing.height)), round(10 * x) : round(10 * (x + drawing.width))]
    found = 1 - np.array([step.mean() for step in np.array_split(part, STEPS, axis=1)]) / 255
    laid = next(step.values["tone"] for step in recipe.bound if "tone" in step.values)
    asked = covering(dark.astype(np.float32), laid)
    return f"{np.abs(found - asked).max():.3f}", "yes" if (np.diff(found) > 0).all() else "no"
