"""Black-and-white pictures with a known truth, and how close a tracing comes to it beside potrace.

Every drawing of a folder gives three pictures, (side, side) gray, and their truth at SCALE times the size:

- `pixels`: brightness below the middle is black, the rest white, pixel by pixel: no antialiasing;
- `ink`: the same black and white shapes, antialiased;
- `silhouette`: everything the drawing covers in black, antialiased.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

SIDE = 256
SCALE = 4
FINE = 16
"""Truth is rendered at this many times the size, thresholded, and averaged."""

CASES = ("pixels", "ink", "silhouette")
SWEEP = [
    ("-O", "0.05"),
    ("-O", "0.5"),
    ("-O", "1"),
    ("-O", "2"),
    ("-O", "0.2", "-t", "0"),
    ("-O", "0.2", "-a", "1.3334"),
    ("-O", "1", "-a", "0.8"),
]
"""Settings of potrace: tolerance of its curves, how round it goes, the size of the specks it drops."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture to trace and what it should look like, SCALE times as large."""

    name: str
    case: str
    picture: Gray
    truth: Gray


@dataclass(frozen=True)
class Score:
    """Segments of a tracing and its peak signal-to-noise ratio to the truth, in dB."""

    segments: int
    psnr: float


@dataclass(frozen=True)
class Duel:
    """One picture: our tracing, potrace's own, and the best of potrace with no more segments than ours."""

    ours: Score
    default: Score
    equal: Score | None


def samples(folder: Path, limit: int | None = None) -> Iterable[Sample]:
    """Make the pictures of every case, drawing after drawing."""
    for drawing in sorted(folder.glob("*.svg"))[:limit]:
        text = drawing.read_text("utf-8")
        small, fine = _render(text, SIDE), _render(text, SIDE * FINE // 2)
        black = np.where(_brightness(fine) < 128, 0, 255).astype(np.float32)
        covered = 255 - fine[..., 3].astype(np.float32)
        pixels = np.where(_brightness(small) < 128, 0, 255).astype(np.uint8)
        for case, picture, truth in (
            ("pixels", pixels, black),
            ("ink", _reduced(black, SIDE), black),
            ("silhouette", 255 - small[..., 3], covered),
        ):
            if 0 < (picture < 128).mean() < 1:
                yield Sample(drawing.stem, case, picture, _reduced(truth, SIDE * SCALE))


def score(svg: str, truth: Gray, count: Callable[[str], int]) -> Score:
    """Compare an SVG's text with the truth; `count` tells its segments."""
    drawn = _brightness(_render(svg, truth.shape[1]))
    error = np.mean((drawn - truth.astype(np.float32)) ** 2)
    return Score(count(svg), float(10 * np.log10(255**2 / max(error, 1e-3))))


def potrace(picture: Gray, settings: Iterable[str] = ()) -> str:
    """Trace with potrace and give the SVG's text."""
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "PPM")
    done = subprocess.run(
        ["potrace", "-s", *settings, "-o", "-", "-"], input=buffer.getvalue(), capture_output=True, check=True
    )
    return done.stdout.decode()


def potrace_scores(sample: Sample, count: Callable[[str], int]) -> tuple[Score, list[Score]]:
    """Score potrace as it comes, and over the SWEEP."""
    scores = [score(potrace(sample.picture, settings), sample.truth, count) for settings in [(), *SWEEP]]
    return scores[0], scores


def duel(ours: Score, default: Score, swept: list[Score]) -> Duel:
    """Set our tracing beside the best of potrace's that take no more segments; None where it always takes more."""
    fair = [other for other in swept if other.segments <= ours.segments]
    return Duel(ours, default, max(fair, key=lambda other: other.psnr, default=None))


def summary(duels: list[Duel]) -> dict[str, str]:
    """Medians over the pictures, and how often ours is closer at no more segments."""
    equal = [d for d in duels if d.equal is not None]
    gains = [d.ours.psnr - d.equal.psnr for d in equal if d.equal is not None]
    return {
        "pictures": str(len(duels)),
        "artkit dB": f"{median(d.ours.psnr for d in duels):.2f}",
        "segments": f"{median(d.ours.segments for d in duels):.0f}",
        "potrace dB": f"{median(d.default.psnr for d in duels):.2f}",
        "its segments": f"{median(d.default.segments for d in duels):.0f}",
        "gain at equal segments, dB": f"{median(gains):+.2f}" if gains else "-",
        "closer on": f"{sum(g > 0 for g in gains) + len(duels) - len(equal)} of {len(duels)}",
    }


def available() -> bool:
    """Whether potrace is there to compare with."""
    return shutil.which("potrace") is not None


def _render(svg: str, side: int) -> NDArray[np.uint8]:
    """(height, side, 4) pixels of an SVG, not multiplied by their alpha."""
    import resvg_py
    from PIL import Image

    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, dpi=96.0, skip_system_fonts=True))
    return np.asarray(Image.open(BytesIO(png)).convert("RGBA"))


def _brightness(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Rec. 709 brightness on white, 0..255."""
    alpha = pixels[..., 3].astype(np.float32) / 255
    gray = pixels[..., :3].astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return gray * alpha + 255 * (1 - alpha)


def _reduced(levels: NDArray[np.float32], side: int) -> Gray:
    """Average whole blocks of pixels."""
    times = levels.shape[1] // side
    height, width = levels.shape[0] // times, levels.shape[1] // times
    blocks = levels[: height * times, : width * times].reshape(height, times, width, times)
    return np.rint(blocks.mean((1, 3))).astype(np.uint8)
