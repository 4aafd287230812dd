"""Raster operations beside the best library for each: CPU seconds and working memory at 0.4, 4 and 15 megapixels.

    python -m bench raster                        all rows; takes some minutes
    ARTKIT_BENCH=quick python -m bench raster     0.4 megapixels alone

Photos are looked for in ../shared/corpus, beside the repository; what is missing is made up. Rows come from the modules
in ROWS, each with a list CASES. Seconds are those of the processor, all threads together, the least of a few runs; what
is imported on first use has been. Memory is what the process needs at its peak beyond what it had, the result
included, for each pixel and channel, as Linux tells it. Tables over all colors take 64 MB whatever the picture's size,
which is much for a small one.
"""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench._raster_cases import Case

ROWS = ("bench._colors", "bench._filters")
"""Modules with lists of cases."""

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
QUICK = os.environ.get("ARTKIT_BENCH") == "quick"
PICTURES = {
    "0.4": ("photo/kodim08.png", 512, 768),
    "4": ("large/evening-4mp.jpg", 1600, 2560),
    "15": ("large/landing-15mp.jpg", 2880, 5120),
}
"""Megapixels: a photo of the corpus, and the size of the one that is made up where it is missing."""

ENOUGH = 3.0
"""CPU seconds after which a case is not run again."""

RUNS = 3


def main() -> None:
    """Print one table in Markdown, a row for each case and size."""
    cases = [case for name in ROWS for case in import_module(name).CASES]
    small = synthetic(64, 96)
    print("| op | Mpx | artkit, CPU s | library, CPU s | library | ratio | bytes per pixel and channel |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: |")
    for size, (name, height, width) in PICTURES.items():
        if QUICK and size != "0.4":
            continue
        pixels = picture(name, height, width)
        for case in cases:
            print(row(case, size, small, pixels), flush=True)


def row(case: Case, size: str, small: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> str:
    """Measure a case and give its line of the table."""
    case.ours(small)
    memory = peak(case.ours, pixels)
    ours = seconds(case.ours, pixels)
    theirs = None
    if case.theirs:
        case.theirs(small)
        theirs = seconds(case.theirs, pixels)
    cells = (
        case.name,
        size,
        f"{ours:.3f}",
        "" if theirs is None else f"{theirs:.3f}",
        case.library,
        "" if theirs is None else f"{ours / max(theirs, 1e-6):.2f}",
        "" if memory is None else f"{memory / pixels.size:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def seconds(function: Callable[[Any], Any], pixels: NDArray[np.uint8]) -> float:
    """CPU seconds of the fastest of RUNS runs, or of fewer where they take long."""
    times: list[float] = []
    while len(times) < RUNS and sum(times) < ENOUGH:
        start = process_time()
        function(pixels)
        times.append(process_time() - start)
    return min(times)


def peak(function: Callable[[Any], Any], pixels: NDArray[np.uint8]) -> int | None:
    """Bytes that the process holds at most while the function runs, beyond those before; None where no one tells."""
    try:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what earlier rows have freed goes back first
        before = resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
        result = function(pixels)
        after = resident("VmHWM")
        del result
    except (OSError, AttributeError):
        return None
    return after - before


def resident(line: str) -> int:
    """One figure, in bytes, of what Linux says of this process' memory."""
    for text in Path("/proc/self/status").read_text().splitlines():
        if text.startswith(line):
            return int(text.split()[1]) * 1024
    raise OSError(line)


def picture(name: str, height: int, width: int) -> NDArray[np.uint8]:
    """Give a photo of the corpus, or one that is made up."""
    from artkit.artwork.photo import read

    file = CORPUS / name
    return read(file).pixels if file.exists() else synthetic(height, width)


def synthetic(height: int, width: int) -> NDArray[np.uint8]:
    """Make a picture with slopes, edges, grain and as many colors as a photo has."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    planes = [127 + 90 * np.sin(x / (90 + 40 * i) + i) + 40 * np.sign(np.sin(y / (60 + 25 * i))) for i in range(3)]
    grain = np.random.default_rng(0).normal(0, 5, (height, width, 1)).astype(np.float32)
    return np.clip(np.stack(planes, axis=-1) + grain, 0, 255).astype(np.uint8)
