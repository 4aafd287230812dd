"""Rebuild the showcase: every preset on one of four photos, small enough to keep in the repository.

    python gallery/showcase/build.py
    python gallery/showcase/build.py poster comic      # these alone

The files beside this one are what it made; artkit gives the same bytes again, so that only real changes show in a diff.
"""

from __future__ import annotations

import sys
from pathlib import Path

import artkit
from artkit.cli.demo import bundled_photo
from artkit.export import encode, suffix
from artkit.recipe import presets
from artkit.run import prepare

FOLDER = Path(__file__).parent
BUDGET = 4_000_000
"""Bytes, for all files together: whoever clones the repository has to load them."""

SUFFIXES = (".svg", ".gif", ".png", ".jpg")

SHEET = "70x48mm"

SMALLER: dict[str, dict[str, object]] = {
    "channel-blur": {"values": {"resize.size": 280}, "window": 41},
    "channels": {"size": 200},
    "cyanotype": {"size": 200, "border": 10},
    "game-boy": {"values": {"resize.size": 480}, "dot": 3},
    "duotone": {"size": 240},
    "glitch": {"size": 150},
    "kaleidoscope": {"size": 200},
    "mezzotint": {"values": {"resize.size": 480}, "dot": 2},
    "breathing-blur": {"size": 130, "frames": 16, "fps": 10, "lossy": 7},
    "palette-party": {"size": 160, "values": {"palette-cycle.frames": 24, "palette-cycle.delay": 0.12}, "palettes": 3},
    "pixel-sort": {"size": 150},
    "psychedelic": {"size": 160, "frames": 12, "fps": 8, "lossy": 8},
    "parallax": {"side": 150, "values": {"parallax.frames": 10, "parallax.delay": 0.16}, "lossy": 9},
    "zoom-loop": {"side": 120, "values": {"zoom-loop.frames": 12, "zoom-loop.delay": 0.14}, "lossy": 9},
    "trace-draw": {"size": 220, "levels": 9},
    "riso": {"values": {"resize.size": 450}, "dot": 2},
    "sunset": {"size": 170},
    # These enlarge a small photo; here it stays small, and so do their strokes and dots.
    "blueprint": {"values": {"resize.size": 360}, "width": 0.7},
    "charcoal": {"values": {"resize.size": 320, "sharpen.sigma": 1.5}, "width": 1.6, "length": 20},
    "comic": {"values": {"resize.size": 360}, "width": 0.7},
    "engraving": {"values": {"resize.size": 440, "sketch.width": 1.0}, "cell": 6},
    "ink-drawing": {"values": {"resize.size": 330}, "width": 0.8},
    "newsprint": {"values": {"resize.size": 200}, "cell": 6},
    "oil-painting": {"values": {"resize.size": 260}, "brush": 9},
    "pixel-art": {"values": {"resize.size": 432}, "block": 4},
    "pop-dots": {"values": {"resize.size": 440, "sketch.width": 1.2}, "cell": 8},
    "low-poly": {"triangles": 800},
    "brush-strokes": {"brush": 0.1, "detail": 0.15, "focus": "off"},
    "quadtree": {"cells": 900},
    "voronoi": {"cells": 700},
    "circle-packing": {"largest": 0.04, "smallest": 0.008},
    "photo": {"bytes": "110k"},
    "stained-glass": {"pieces": 260},
    "watercolor": {"washes": 200},
    "linocut": {"values": {"resize.size": 560}, "width": 5.5},
    "two-ink": {"values": {"resize.size": 560}, "smooth": 5},
    "screenprint-3": {
        "values": {"resize.size": 520, "sharpen.sigma": 7.0, "blur.sigma": 1.3},
        "smooth": 5,
        "specks": 50,
    },
    "riso-2": {"values": {"resize.size": 520, "sharpen.sigma": 7.0, "blur.sigma": 1.0}, "smooth": 5, "specks": 30},
    "stencil": {"values": {"resize.size": 600, "blur.sigma": 1.8, "stencil.bridge": 4.5}, "smooth": 5, "specks": 60},
    "vinyl-layers": {"values": {"resize.size": 500, "blur.sigma": 1.0}, "smooth": 5, "specks": 60},
    "lasercut-layers": {"values": {"resize.size": 480, "papercut.reveal": 2.6}, "least": 4.5, "detail": 300},
    "sticker": {"values": {"resize.size": 450, "kuwahara.size": 5, "trace.min_area": 30}, "border": 9, "colors": 10},
    "poster-a2": {"values": {"resize.size": 520, "trace.min_area": 40}, "smooth": 5, "colors": 12, "detail": 0.4},
    "woodcut-plate": {"values": {"resize.size": 420}, "width": 6.0, "length": 140, "specks": 20},
    "median-sobel": {"values": {"resize.size": 260, "blur.sigma": 0.8}, "smooth": 7},
    "otsu-rgb": {"values": {"resize.size": 450, "sharpen.sigma": 10.0, "median.size": 3}},
    # Pens draw on a small sheet.
    "centerline": {"values": {"centerline.page": SHEET, "centerline.margin": 2}},
    "contour-lines": {"values": {"contour-lines.page": SHEET, "contour-lines.margin": 2}},
    "crosshatch": {"values": {"crosshatch.page": SHEET, "crosshatch.margin": 2}},
    "crosshatch-cmyk": {"values": {"crosshatch.page": SHEET, "crosshatch.margin": 2}},
    "flow": {"values": {"flow.page": SHEET, "flow.margin": 2}},
    "halftone-dots": {
        "spacing": 1.6,
        "values": {"halftone-dots.page": SHEET, "halftone-dots.margin": 2, "halftone-dots.pen_width": 0.4},
    },
    "halftone-lines": {"values": {"halftone-lines.page": SHEET, "halftone-lines.margin": 2}},
    "hatch": {"values": {"hatch.page": SHEET, "hatch.margin": 2}},
    "hatch-fill": {"values": {"resize.size": 500, "hatch-fill.page": SHEET, "hatch-fill.margin": 2}},
    "paint-by-numbers": {"colors": 12, "filled": True, "page": "90x70mm", "margin": 2},
    "outline": {"shapes": 120, "values": {"outline.page": SHEET, "outline.margin": 2}},
    "scribble": {"values": {"scribble.page": SHEET, "scribble.margin": 2, "scribble.pen_width": 0.45}},
    "spiral": {"spacing": 2.1, "values": {"spiral.page": SHEET, "spiral.margin": 2, "spiral.pen_width": 0.4}},
    "stipple": {"points": 1400, "values": {"stipple.page": SHEET, "stipple.margin": 2, "stipple.pen_width": 0.4}},
    "ascii": {"columns": 38},
    "bricks": {"studs": 18},
    "cross-stitch": {"stitches": 26, "colors": 9, "page": "80x66mm", "margin": 2},
    "type-portrait": {"columns": 32, "text": "ARTKIT"},
    "string-art": {"lines": 2200, "thread": 0.26, "page": "24x24mm", "margin": 0.5},
    "tsp": {"values": {"tsp.page": SHEET, "tsp.margin": 2}},
    "waves": {"spacing": 2.1, "values": {"waves.page": SHEET, "waves.margin": 2, "waves.pen_width": 0.4}},
}
"""What would take too much room at the photo's own size."""


PORTRAIT, LANDSCAPE, STILL_LIFE, CAT = "portrait", "landscape", "still-life", "cat"

SHOWN_ON: dict[str, str] = {
    **dict.fromkeys(
        (
            "stencil",
            "screenprint-3",
            "sticker",
            "poster",
            "comic",
            "papercut",
            "stipple",
            "silhouette",
            "primitives",
            "circle-packing",
            "halftone-dots",
            "duotone",
        ),
        PORTRAIT,
    ),
    **dict.fromkeys(
        ("poster-a2", "riso-2", "photo", "two-ink", "watercolor", "linocut", "flow", "sunset", "crosshatch"), LANDSCAPE
    ),
    **dict.fromkeys(
        ("woodcut-plate", "low-poly", "quadtree", "stained-glass", "pixel-art", "halftone-lines", "riso", "pop-dots"),
        STILL_LIFE,
    ),
}
"""The photo that a preset is shown on, where it is not the cat."""


def photos() -> dict[str, artkit.Image]:
    """What is shown, small; gallery/photos says by whom the photos are."""
    scikit_image = bundled_photo().parent
    files = {
        PORTRAIT: (scikit_image / "astronaut.png", 400),
        LANDSCAPE: (FOLDER.parent / "photos" / "pagoda.jpg", 480),
        STILL_LIFE: (scikit_image / "coffee.png", 450),
        CAT: (bundled_photo(), None),
    }
    return {name: prepare(path, size=size) for name, (path, size) in files.items()}


def main() -> None:
    """Make every artwork, drop those of presets that are gone, and print the sizes."""
    chosen = sys.argv[1:]
    shipped = Path(__file__).parent.parent.parent / "presets"
    seen = photos()
    made = {f"photo-{name}.jpg": encode(photo, ".jpg") for name, photo in seen.items()}
    for name, path in presets().items():
        if path.parent.resolve() == shipped.resolve() and (not chosen or name in chosen):
            artwork = artkit.apply(name, seen[SHOWN_ON.get(name, CAT)], **SMALLER.get(name, {}))
            made[name + suffix(artwork)] = encode(artwork, suffix(artwork))
            print(name, len(made[name + suffix(artwork)]), flush=True)
    kept = {old.name: old.stat().st_size for old in FOLDER.iterdir() if old.suffix in SUFFIXES} if chosen else {}
    total = sum({**kept, **{name: len(data) for name, data in made.items()}}.values())
    if total > BUDGET:
        sys.exit(f"{total:,} bytes are over the budget of {BUDGET:,}; make some smaller (SMALLER)")
    for old in FOLDER.iterdir():
        if old.suffix in SUFFIXES and old.name not in made and not chosen:
            old.unlink()
    for name, data in made.items():
        (FOLDER / name).write_bytes(data)
        print(f"{name:24}{len(data):>10,}")
    print(f"{'all':24}{total:>10,}")


if __name__ == "__main__":
    main()
