"""Drawings: how close traces of them come to the drawings themselves, clean and damaged, beside plain enlargement.

    python -m bench drawings                       all pictures of all corpora; takes a few minutes
    ARTKIT_BENCH=quick python -m bench drawings    three pictures of each

Every picture is traced by default and rendered at four times its size, as the true drawing is. `segments` is a multiple
of the true drawing's. Columns with two figures have artkit's first, then those of bicubic enlargement of the picture.
The corpora and their judge are looked for in ../shared, beside the repository.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import cv2

from artkit.artwork.image import Image
from artkit.ops.trace import trace
from bench.trace import QUICK, SHARED, load_judge

CORPORA = (
    "jpeg90", "jpeg70", "jpeg40", "resaved", "webp60", "blurred", "grain", "crisp", "small", "soft", "line", "flat",
    "icon",
)  # fmt: skip
SCALE = 4


def main() -> None:
    """Print a row of medians for each corpus in Markdown."""
    judge = load_judge()
    if judge is None:
        print(f"no judge: {SHARED.name}/judge/judge.py is not there beside the repository; nothing to measure with")
        return
    if not all((judge.CORPORA / name).is_dir() for name in CORPORA):
        subprocess.run([sys.executable, str(SHARED / "judge" / "judge.py"), "prep"], check=True)
    print("| corpus | pictures | PSNR 4x | SSIM 4x | GMSD 4x | worst PSNR | segments | shapes, true | CPU s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name in CORPORA:
            files = judge.corpus_files(name, 3 if QUICK else None)
            rows = [row(judge, file, Path(folder)) for file in files]
            print(f"| {name} | {len(rows)} | {line(rows)} |", flush=True)


def row(judge: Any, file: Path, folder: Path) -> dict[str, float]:
    """Trace one picture and measure it."""
    image = Image.of(file)
    start = process_time()
    drawing = trace(image)
    seconds = process_time() - start
    out, truth = folder / f"{file.stem}.svg", file.with_suffix(".svg")
    out.write_text(drawing.to_svg())
    size = SCALE * image.width, SCALE * image.height
    true, drawn = judge.render(truth, *size), judge.render(out, *size)
    large = cv2.resize(judge.load(file), size, interpolation=cv2.INTER_CUBIC)
    ours, theirs = judge.svg_stats(out), judge.svg_stats(truth)
    found = {"seconds": seconds, "segments": ours["segs"] / max(1, theirs["segs"])}
    found |= {"shapes": ours["shapes"], "true": theirs["shapes"]}
    for measure in ("psnr", "ssim", "gmsd"):
        found[measure] = getattr(judge, measure)(drawn, true)
        found[f"{measure} enlarged"] = getattr(judge, measure)(large, true)
    return found


def line(rows: list[dict[str, float]]) -> str:
    """Put the medians of a corpus into the table's columns."""
    m = {key: median(row[key] for row in rows) for key in rows[0]}
    return (
        f"{m['psnr']:.2f}, {m['psnr enlarged']:.2f} | {m['ssim']:.4f}, {m['ssim enlarged']:.4f} "
        f"| {m['gmsd']:.3f}, {m['gmsd enlarged']:.3f} | {min(row['psnr'] for row in rows):.2f} | {m['segments']:.2f} "
        f"| {m['shapes']:.0f}, {m['true']:.0f} | {m['seconds']:.2f}"
    )
