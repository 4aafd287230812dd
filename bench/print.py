"""Plates of a poster: how long regions, traps and least features take, and how near they come to what is asked.

`python -m bench.print [SIDE ...]`: the poster of the bundled photo at so many pixels, on 300 mm. `off` is the sum of
all inks' areas less the sheet's, in square millimetres; `cover` the share of places on borders whose trap is right
within 0.02 mm where the darker ink is deep enough; `thin` the most that an opening takes away of any ink, in percent.
With Ghostscript `gs` is the largest difference, in percent, of a plate's coverage from the report.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np

from artkit.artwork.drawing import Drawing
from artkit.artwork.photo import read
from artkit.export.sheet import Asked, composed, laid_out
from artkit.prepress import plates, press
from artkit.prepress.features import thin_share
from artkit.prepress.merge import without_thin
from artkit.prepress.regions import Sheet, regions
from artkit.prepress.trap import cover_of, trapped
from artkit.recipe import Recipe
from artkit.run import prepare, run

PHOTO = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"
LONGER = 300.0


def main() -> None:
    for side in [int(word) for word in sys.argv[1:] if word.isdigit()] or [400]:
        drawing = poster(side)
        scale = LONGER / max(drawing.width, drawing.height)
        start = process_time()
        sheet = regions(drawing, scale)
        print(f"{side} px, {sum(1 for _ in drawing.shapes)} shapes, {len(sheet.inks)} inks")
        print(f"  regions       {process_time() - start:6.2f} CPU s   off {off(sheet):.1e} mm2")
        sheet = by_lightness(sheet)
        for distance in (0.1, 0.2, 0.5):
            start = process_time()
            spread = trapped(sheet, distance)
            took = process_time() - start
            cover = cover_of(sheet, spread, distance)
            print(f"  trap {distance:<8}{took:7.2f} CPU s   cover {cover.share:.2%} of {cover.deep} places")
        for least in (0.5, 1.0):
            start = process_time()
            made, _ = without_thin(sheet, least)
            took = process_time() - start
            thin = max(thin_share(ink.region, least) for ink in made.inks)
            print(f"  least {least:<8}{took:6.2f} CPU s   thin {thin:.3%}   off {off(made):.1e} mm2")
        ghostscript(drawing)


def poster(side: int) -> Drawing:
    drawing = run(Recipe.find("poster").checked, prepare(read(PHOTO), size=side, crop=None))
    assert isinstance(drawing, Drawing)
    return drawing


def off(sheet: Sheet) -> float:
    return sum(ink.area for ink in sheet.inks) - sheet.width * sheet.height


def by_lightness(sheet: Sheet) -> Sheet:
    from artkit.color.palette import parse
    from artkit.color.spaces import lightness

    lights = lightness(np.array([parse(ink.color) for ink in sheet.inks], np.uint8).reshape(-1, 3))
    return Sheet(sheet.width, sheet.height, tuple(sheet.inks[k] for k in np.argsort(-lights, kind="stable")))


def ghostscript(drawing: Drawing) -> None:
    from PIL import Image

    if shutil.which("gs") is None:
        print("  gs            is not installed")
        return
    Image.MAX_IMAGE_PIXELS = None
    size = (LONGER, LONGER * drawing.height / drawing.width)
    start = process_time()
    made = press.pressed(composed([drawing], laid_out(*size, Asked())), plates.Asked(trap=0.2, least=0.5))
    files = press.files_of(made, "plates.pdf", "layers", {})
    took = process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "plates.pdf").write_bytes(files["plates.pdf"])
        # Without adjustment: with it, Ghostscript fills each pixel that is touched.
        exact = "<< /Install { 0 0 .setfilladjust2 } >> setpagedevice"
        command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dNOSAFER", "-sDEVICE=tiffsep", "-r300", "-o", "plate.tif"]
        command += ["-c", exact, "-f", "plates.pdf"]
        subprocess.run(command, check=True, cwd=folder, capture_output=True)
        found = {}
        for path in Path(folder).glob("plate(*).tif"):
            with Image.open(path) as plate:
                found[path.stem[6:-1]] = 100 * (1 - np.asarray(plate.convert("L")).mean() / 255)
    told = {plate.name: 100 * made.coverage(plate) for plate in made.plates.plates}
    wrong = max(abs(found.get(name, 0) - told.get(name, 0)) for name in {*found, *told})
    print(f"  all, as a PDF {took:6.2f} CPU s   gs {wrong:.3f}, {len(files['plates.pdf']) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
