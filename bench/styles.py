"""Styles: CPU seconds, shapes and bytes at 0.4, 4 and 15 megapixels; and how close triangles come to photos.

    python -m bench styles

The second table has the mean PSNR over the photos of the corpus, rendered by resvg, of `low-poly` and of what programs
for such pictures commonly do with as many triangles: points drawn by chance where the picture has edges, Delaunay's
triangulation of them, and the mean color for each triangle.
"""

from __future__ import annotations

import gzip
from time import process_time

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.color.palette import name_of
from artkit.planar.triangles import delaunay
from artkit.registry import find
from artkit.render import rendered
from artkit.styles.low_poly import STROKE
from artkit.styles.low_poly.measured import Measured
from artkit.tracer.closeness import psnr
from bench.raster import CORPUS, PICTURES, QUICK, picture

STYLES = ("low-poly", "stained-glass", "watercolor", "papercut")
COUNTS = (500, 1000, 2000, 5000)


def main() -> None:
    """Print both tables in Markdown."""
    print("| op | Mpx | CPU s | shapes | bytes, gzip |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for size, (name, height, width) in PICTURES.items():
        if QUICK and size != "0.4":
            continue
        image = Image(picture(name, height, width))
        for style in STYLES:
            print(f"| {style} | {size} | {row(style, image)} |", flush=True)
    photos = [Image.of(path) for path in sorted((CORPUS / "photo").glob("*.png"))]
    photos = photos[: 1 if QUICK else None] or [Image(picture("", 512, 768))]
    print("\n| triangles | low-poly, dB | points by chance, dB | CPU s of low-poly |")
    print("| ---: | ---: | ---: | ---: |")
    for count in COUNTS:
        start = process_time()
        ours = [find("low-poly")(photo, triangles=count) for photo in photos]
        seconds = (process_time() - start) / len(photos)
        theirs = [by_chance(photo, count) for photo in photos]
        close, other = (
            np.mean([closeness(d, p) for d, p in zip(each, photos, strict=True)]) for each in (ours, theirs)
        )
        print(f"| {count} | {close:.2f} | {other:.2f} | {seconds:.2f} |", flush=True)


def row(style: str, image: Image) -> str:
    """CPU seconds of a style with its defaults, its shapes and bytes."""
    start = process_time()
    drawing = find(style)(image)
    seconds = process_time() - start
    size = len(gzip.compress(drawing.to_svg().encode(), 9, mtime=0))
    return f"{seconds:.2f} | {sum(1 for _ in drawing.shapes)} | {size}"


def closeness(drawing: Drawing, image: Image) -> float:
    """PSNR of a drawing in dB."""
    return psnr(rendered(drawing, (image.width, image.height)), image.pixels)


def by_chance(image: Image, count: int) -> Drawing:
    """Triangulate points that are drawn where the picture has edges."""
    import cv2

    width, height = image.width, image.height
    gray = cv2.GaussianBlur(cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY), (0, 0), 2).astype(np.float32)
    edge = np.hypot(cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)).astype(np.float64)
    share = (edge + 0.25 * edge.mean()).ravel()
    rng = np.random.default_rng(0)
    some = rng.choice(edge.size, count // 2 - 1 - 12, replace=False, p=share / share.sum())
    inner = np.column_stack([some % width, some // width]) + 0.5
    points = np.vstack([inner, rim(width, height, 6)])
    measured = Measured(image.pixels, None, None, 0.0)
    triangles, color = measured.painted(points, delaunay(points))
    shapes = [
        Shape([Path(corners)], name, name) for corners, name in zip(points[triangles], map(name_of, color), strict=True)
    ]
    return Drawing(width, height, [Layer(shapes, stroke_width=STROKE)])


def rim(width: int, height: int, parts: int) -> NDArray[np.float64]:
    """Points along the picture's edge, `parts` to a side."""
    t = np.arange(parts) / parts
    sides = [(t, 0 * t), (0 * t + 1, t), (1 - t, 0 * t + 1), (0 * t, 1 - t)]
    return np.concatenate([np.column_stack(side) for side in sides]) * (width, height)


if __name__ == "__main__":
    main()
