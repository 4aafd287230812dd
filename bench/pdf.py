"""PDFs beside SVGs: how alike poppler and resvg show every preset's drawing, how large files are, how long they take.

Needs poppler's pdftocairo and pdftoppm. SSIM is of both pages at 150 dpi on white; `splash` is pdftoppm, which moves
thin strokes and rectangles to whole pixels, `cairo` is pdftocairo, which does not. `fine` is cairo's with both pages
rendered three times as large first, and `itself` is resvg's page with its own, three times as large: what is lost there
is resvg's own rounding of pixels. `again` is cairo's of the PDF that is made of the SVG, read back. The bar is 0.99 by
cairo, and 0.97 where there are blurs, shadows, or edges that are crisp by the pixel; what is below it has a star.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np

from artkit.artwork.drawing import Drawing, Layer, Shape
from artkit.artwork.drawing import Path as Line
from artkit.artwork.image import Image
from artkit.artwork.photo import read
from artkit.export import encode
from artkit.export.read import opened
from artkit.export.sheet import Asked, composed, laid_out, written
from artkit.recipe import Recipe
from artkit.recipe.listing import presets
from artkit.render import rendered, stretched
from artkit.run import prepare, run

PHOTO = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"
SIDE, DPI = 288, 150
SHARP, SOFT = 0.99, 0.97
PROGRAMS = {"cairo": "pdftocairo", "splash": "pdftoppm"}


def main() -> None:
    known = [name for name in presets() if Recipe.find(name).gives is Drawing]
    chosen = [word for word in sys.argv[1:] if word in known] or known
    print(
        f"{'preset':<16}{'shapes':>8}{'svg kB':>8}{'pdf kB':>8}{'CPU s':>7}"
        f"{'cairo':>8}{'splash':>8}{'fine':>8}{'itself':>8}{'again':>8}  notes"
    )
    for name in chosen:
        recipe = Recipe.find(name)
        image = prepare(read(PHOTO), size=SIDE, crop=None)
        drawing = run(recipe.checked, image)
        row(name, drawing)
    row("20,000 shapes", many())


def many() -> Drawing:
    """20,000 triangles in as many colors as there are."""
    rng = np.random.default_rng(1)
    corners = rng.uniform(0, 1000, (20_000, 1, 2)) + rng.uniform(-8, 8, (20_000, 3, 2))
    colors = rng.integers(0, 1 << 24, 20_000).tolist()
    shapes = [Shape([Line(ring)], f"#{color:06x}") for ring, color in zip(corners, colors, strict=True)]
    return Drawing(1000, 1000, [Layer(shapes)])


def row(name: str, drawing: Drawing) -> None:
    notes: list[str] = []
    start = process_time()
    pdf = encode(drawing, ".pdf", note=notes.append)
    took = process_time() - start
    assert pdf == encode(drawing, ".pdf"), f"{name}: other bytes the second time"
    check(pdf)
    shapes = sum(1 for _ in drawing.shapes)
    svg = len(drawing.to_svg())
    alike = [similarity(drawing, pdf, program) for program in PROGRAMS.values()]
    alike += [*fine(drawing, pdf), similarity(drawing, again(drawing))]
    said = f"{len(notes)} images" if notes else ""
    if alike[0] < (SOFT if notes else SHARP):
        said = f"* {said}"
    print(
        f"{name:<16}{shapes:>8}{svg / 1000:>8.0f}{len(pdf) / 1000:>8.0f}{took:>7.2f}"
        f"{''.join(f'{one:>8.4f}' for one in alike)}  {said}",
        flush=True,
    )


def check(pdf: bytes) -> None:
    """Raise unless qpdf finds nothing to say."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = opened.check_pdf_syntax()
    assert not found, found


def again(drawing: Drawing) -> bytes:
    """Give the PDF of the drawing's SVG, read back."""
    found = opened(drawing.to_svg().encode())
    paper = composed(found.parts, laid_out(found.width, found.height, Asked()))
    return written(paper, ".pdf", dpi=300)


def size_at(drawing: Drawing, dpi: float) -> tuple[int, int]:
    page = drawing.page
    inches = (page.width / 25.4, page.height / 25.4) if page else (drawing.width / 96, drawing.height / 96)
    return round(inches[0] * dpi), round(inches[1] * dpi)


def drawn(drawing: Drawing, size: tuple[int, int]) -> np.ndarray:
    """Give the drawing's SVG as resvg shows it, (H, W, 3)."""
    return rendered(stretched(drawing.to_svg(), size), size)


def ssim(one: np.ndarray, other: np.ndarray) -> float:
    from skimage.metrics import structural_similarity

    return float(structural_similarity(one, other, channel_axis=2))


def similarity(drawing: Drawing, pdf: bytes, program: str = "pdftocairo") -> float:
    """Give the SSIM of a page in poppler and of the drawing's SVG in resvg."""
    size = size_at(drawing, DPI)
    return ssim(drawn(drawing, size), shown(pdf, size, program))


def fine(drawing: Drawing, pdf: bytes) -> tuple[float, float]:
    """Give the SSIM of poppler and resvg, and of resvg and itself, where pages are made larger and reduced."""
    import cv2

    size = size_at(drawing, DPI)
    large = size[0] * 3, size[1] * 3
    theirs, ours = (
        cv2.resize(page, size, interpolation=cv2.INTER_AREA) for page in (drawn(drawing, large), shown(pdf, large))
    )
    return ssim(theirs, ours), ssim(theirs, drawn(drawing, size))


def shown(pdf: bytes, size: tuple[int, int], program: str = "pdftocairo", page: int = 1) -> np.ndarray:
    """Give a page as poppler shows it, (H, W, 3)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "a.pdf").write_bytes(pdf)
        scale = ["-scale-to-x", str(size[0]), "-scale-to-y", str(size[1])]
        command = [program, "-png", "-singlefile", "-f", str(page), *scale, str(path / "a.pdf"), str(path / "a")]
        subprocess.run(command, check=True, capture_output=True)
        return Image.of(path / "a.png").pixels


if __name__ == "__main__":
    main()
