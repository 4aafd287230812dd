"""Few translucent shapes, beside Michael Fogleman's `primitive`: PSNR, CPU seconds of whole processes, bytes.

    python -m bench primitives [--program PATH]

`primitive` is looked for on the PATH (npm's package sqip-plugin-primitive has the program inside). Both begin with the
file of a photo and end with an SVG; PSNR is of what resvg makes of that, at the photo's size.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from artkit.artwork.image import Image
from artkit.render import rendered, stretched
from artkit.tracer.closeness import psnr
from bench.raster import CORPUS, QUICK

COUNTS = (50, 100, 200)
KINDS = {"triangle": "1", "mixed": "0"}


def main() -> None:
    """Print the table in Markdown: means over the photos of the corpus, and the least difference of any photo."""
    parser = argparse.ArgumentParser(prog="python -m bench primitives")
    parser.add_argument("--program", default=shutil.which("primitive"), help="fogleman's program")
    program = parser.parse_known_args(sys.argv[2:])[0].program
    photos = sorted((CORPUS / "photo").glob("*.png"))[: 1 if QUICK else None]
    print("| shapes | dB | theirs | least difference | CPU s | theirs | kB | theirs |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with TemporaryDirectory() as folder:
        for kind, mode in KINDS.items():
            for count in COUNTS:
                own, other = Path(folder, "own.svg"), Path(folder, "other.svg")
                ours, theirs = [], []
                for photo in photos:
                    options = ("--shapes", str(count), "--kind", kind, "--focus", "off", "--quiet", "--no-metadata")
                    command = ("-m", "artkit", "apply", "primitives", str(photo), *options, "-o", str(own))
                    ours.append(measured((sys.executable, *command), own, photo))
                    if program:
                        made = (program, "-i", str(photo), "-n", str(count), "-m", mode, "-o", str(other))
                        theirs.append(measured(made, other, photo))
                print(f"| {count} {kind} | {row(np.array(ours), np.array(theirs))} |", flush=True)


def measured(command: Sequence[str], file: Path, photo: Path) -> tuple[float, float, float]:
    """PSNR, CPU seconds and kB of what a command makes of a photo."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    image = Image.of(photo)
    size = image.width, image.height
    text = re.sub(
        r'<svg ([^>]*)width="(\d+)" height="(\d+)">',
        r'<svg \1width="\2" height="\3" viewBox="0 0 \2 \3">',
        file.read_text(),
    )
    close = psnr(rendered(stretched(text, size), size), image.pixels)
    return close, seconds, file.stat().st_size / 1000


def row(ours: np.ndarray, theirs: np.ndarray) -> str:
    """Cells of the table."""
    mean = ours.mean(0)
    if not len(theirs):
        return f"{mean[0]:.2f} | | | {mean[1]:.1f} | | {mean[2]:.1f} | "
    other, least = theirs.mean(0), (ours - theirs)[:, 0].min()
    return (
        f"{mean[0]:.2f} | {other[0]:.2f} | {least:+.2f} | {mean[1]:.1f} | {other[1]:.1f} | {mean[2]:.1f} | "
        f"{other[2]:.1f}"
    )
