"""Animated GIFs beside gifski, ffmpeg, gifsicle and Pillow: seconds, bytes, PSNR, SSIM and flicker of every frame.

    python -m bench gif                       all photos; takes half an hour
    ARTKIT_BENCH=quick python -m bench gif    two photos, and nothing large
    python -m bench gif --whole               whole processes alone, start-up included, and WebP beside other encoders

Photos come from the folder that ARTKIT_BENCH_PHOTOS names, or from ../shared/corpus beside the repository. The others
are looked for on the PATH (apt-get install ffmpeg gifsicle; npm's package gifski has its program inside). What is
missing is named, and left out. CPU seconds are those of all threads; artkit's begin with the photo's file, after a warm
start; the others' begin with the true frames as PNG and include their start, which is short. Flicker is the mean over
pixels and frames of |change shown - true change|, in levels, the step from the last frame to the first included.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.recipe import Recipe
from artkit.run import prepare, run
from artkit.tracer.closeness import closeness

QUICK = os.environ.get("ARTKIT_BENCH") == "quick"
SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
TURNS = {
    "sigmoid": "red in the sigmoid-stretched space (psychedelic)",
    "oklch": "hue in OKLCh (with --space oklch)",
}
RUNS = int(os.environ.get("ARTKIT_BENCH_RUNS", "1"))
"""How often each is timed, in turn; the least counts."""

Frames = list[NDArray[np.uint8]]
Row = dict[str, float]

# What is timed runs in a process of its own: it warms up on a tiny picture, tells its memory, works, and tells again.
CHILD = """
import json, re, sys, time
import numpy as np
from dataclasses import replace
from artkit.export import encode
from artkit.artwork.image import Image
from artkit.recipe import Recipe
from artkit.run import prepare, run
name, values, photo, size, out = json.loads(sys.argv[1])
recipe = Recipe.find(name).with_values(values)
tiny = Image(np.random.default_rng(0).integers(0, 256, (24, 24, 3), np.uint8))
encode(run(recipe.with_values({"animate.frames": 2}).checked, tiny), ".gif")
def peak():  # not ru_maxrss, which starts with the size of the process that started this one
    return int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024
before = peak()
start = time.process_time()
run(recipe.checked, prepare(photo, size=size)).save(out)
seconds = time.process_time() - start
print(json.dumps([seconds, peak() - before]))
"""


def main() -> None:
    """Print the tables."""
    found = photos()
    if not found:
        print("no photos: set ARTKIT_BENCH_PHOTOS to a folder of them; nothing to measure with")
        return
    for tool in ("gifski", "ffmpeg", "gifsicle"):
        if shutil.which(tool) is None:
            print(f"no {tool} on the PATH: left out")
    print_whole(found)
    print_webp(found[0])
    if "--whole" in sys.argv:
        return
    for space in TURNS:
        print_palette(found, space)
    print_frames(found)
    if not QUICK:
        print_large(found)


def photos() -> list[Path]:
    """The photos, two where the bench is to be quick."""
    folder = Path(os.environ.get("ARTKIT_BENCH_PHOTOS", SHARED / "photo"))
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
    return found[:2] if QUICK else found


WHOLE = ("psychedelic", "breathing-blur")


def print_whole(found: Sequence[Path]) -> None:
    """Whole commands, start-up included, beside gifski on the true frames: the least, the median and the most."""
    if not shutil.which("gifski"):
        return
    print(f"\nwhole processes beside gifski at quality 90, {len(found)} photos: median (least to most)\n")
    print("| preset | CPU time, of gifski's | bytes, of gifski's | PSNR beside gifski's |")
    print("| --- | ---: | ---: | ---: |")
    for preset in WHOLE:
        cells: list[list[float]] = [[], [], []]
        for photo in found:
            with tempfile.TemporaryDirectory() as folder:
                work = Path(folder)
                true, fps = true_frames(preset, photo)
                paths = written((Image(pixels) for pixels in true), work)
                ours, theirs = work / "ours.gif", work / "theirs.gif"
                rows = [shelled(whole(preset, photo, ours), ours), shelled(gifski(paths, fps, theirs), theirs)]
                close = [judged(out, true)["psnr"] for out in (ours, theirs)]
            own, other = ((*row, psnr) for row, psnr in zip(rows, close, strict=True))
            for cell, value in zip(cells, (own[0] / other[0], own[1] / other[1], own[2] - other[2]), strict=True):
                cell.append(value)
        told = [f"{median(cell):.2f} ({min(cell):.2f} to {max(cell):.2f})" for cell in cells[:2]]
        print(f"| {preset} | {told[0]} | {told[1]} | {median(cells[2]):+.1f} ({min(cells[2]):+.1f} to "
              f"{max(cells[2]):+.1f}) dB |", flush=True)  # fmt: skip


def true_frames(preset: str, photo: Path) -> tuple[Frames, float]:
    """The true frames of a preset, and how many are shown in a second."""
    made = run(Recipe.find(preset).checked, prepare(photo))
    assert isinstance(made, Animation)
    return frames_of(made), 1 / made.delay


def whole(preset: str, photo: Path, out: Path) -> list[str]:
    """The command that makes an animation of a photo."""
    return [sys.executable, "-m", "artkit", "apply", preset, str(photo), "--max-bytes", "none", "-o", str(out), "-q"]


def print_webp(photo: Path) -> None:
    """WebP of a preset's frames: ours, and what libwebp's programs make of the same frames, or of our GIF."""
    print(f"\nWebP of breathing-blur, {photo.name}; PSNR of all frames to the true ones\n")
    print("| tool | CPU s | kB | PSNR |")
    print("| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        true, fps = true_frames("breathing-blur", photo)
        paths = [str(path) for path in written((Image(pixels) for pixels in true), work)]
        ours, out = str(work / "ours.gif"), work / "out.webp"
        subprocess.run(whole("breathing-blur", photo, Path(ours)), check=True, capture_output=True)
        pictures = ["-d", f"{1000 / fps:.0f}", *paths]
        lines = {
            "artkit, start-up included": whole("breathing-blur", photo, out),
            "img2webp -lossy -q 90": ["img2webp", "-lossy", "-q", "90", *pictures, "-o", str(out)],
            "gif2webp of our GIF": ["gif2webp", "-quiet", ours, "-o", str(out)],
            "gif2webp -lossy -q 90 of our GIF": ["gif2webp", "-quiet", "-lossy", "-q", "90", ours, "-o", str(out)],
        }
        for name, line in lines.items():
            if shutil.which(line[0]):
                seconds, size = shelled(line, out)
                print(f"| {name} | {seconds:.2f} | {size:,.0f} | {judged(out, true)['psnr']:.2f} |", flush=True)


def print_palette(found: Sequence[Path], space: str) -> None:
    """Twenty frames of a turn of all colors."""
    values = {"rotate-color.space": space, "animate.frames": 20, "animate.fps": 12.5}
    ours = {"artkit": {}, "artkit, lossy 5": {"animate.lossy": 5}, "artkit, dithered": {"animate.dither": True}}
    rows: dict[str, list[Row]] = {}
    for photo in found:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            true = frames_of(run(Recipe.find("psychedelic").with_values(values).checked, prepare(photo)))
            for name, row in measured(true, 12.5, work):
                rows.setdefault(name, []).append(row)
            for name, own in ours.items():
                row = timed("psychedelic", values | own, photo, None, work / "ours.gif")
                rows.setdefault(name, []).append(row | judged(work / "ours.gif", true))
    print_table(f"20 frames, {TURNS[space]}, mean of {len(found)} photos", rows)


def print_frames(found: Sequence[Path]) -> None:
    """The preset breathing-blur: every frame another picture."""
    rows: dict[str, list[Row]] = {}
    for photo in found[:4]:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            true = frames_of(run(Recipe.find("breathing-blur").checked, prepare(photo)))
            for name, row in measured(true, 25, work):
                rows.setdefault(name, []).append(row)
            for name, own in {"artkit": {}, "artkit, exact": {"animate.lossy": 0}}.items():
                row = timed("breathing-blur", own, photo, None, work / "ours.gif")
                rows.setdefault(name, []).append(row | judged(work / "ours.gif", true))
    print_table(f"breathing-blur, 36 frames, mean of {len(found[:4])} photos", rows)


def print_large(found: Sequence[Path]) -> None:
    """Two megapixels: 60 frames beside gifski, and the memory that 600 take."""
    large = next(iter(sorted((found[0].parent.parent / "large").glob("*"))), found[0])
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        big = work / "photo.png"
        image = prepare(large)
        scale = (2_000_000 / (image.width * image.height)) ** 0.5
        from artkit.ops.frame import resize

        resize(image, size=round(max(image.width, image.height) * scale), enlarge=True).save(big)
        rows: dict[str, list[Row]] = {}
        values = {"animate.frames": 60}
        frames = run(Recipe.find("psychedelic").with_values(values).checked, prepare(big))
        for lossy in (0, 5):
            row = timed("psychedelic", values | {"animate.lossy": lossy}, big, None, work / "ours.gif")
            rows[f"artkit, lossy {lossy}"] = [row | judged(work / "ours.gif", list(frames_of(frames)), every=10)]
        if shutil.which("gifski"):
            paths = written(frames, work)
            whole = ["-W", str(frames.size[0]), "-H", str(frames.size[1])]  # by itself it makes large frames smaller
            seconds, size = shelled(gifski(paths, 25, work / "gifski.gif") + whole, work / "gifski.gif")
            rows["gifski Q90"] = [
                {"cpu": seconds, "kB": size} | judged(work / "gifski.gif", list(frames_of(frames)), every=10)
            ]
        print_table("60 frames of 2 megapixels", rows)
        for preset, more in (("psychedelic", {}), ("breathing-blur", {"blur.window": "uniform"})):
            for count in (60, 600):
                row = timed(preset, {"animate.frames": count, "animate.lossy": 0} | more, big, None, work / "long.gif")
                print(
                    f"{preset}, {count} frames of 2 megapixels: {row['MB']:.0f} MB of memory beyond start-up, "
                    f"{row['cpu']:.1f} s, {row['kB'] / 1000:.0f} MB of file"
                )
                (work / "long.gif").unlink()


def frames_of(animation: Any) -> Frames:
    """The true frames."""
    assert isinstance(animation, Animation)
    return [frame.pixels for frame in animation]


def timed(preset: str, values: dict[str, Any], photo: Path, size: int | None, out: Path) -> Row:
    """Run artkit in a process of its own: CPU seconds and memory beyond a warm start, size of the file."""
    asked = json.dumps([preset, values, str(photo), size, str(out)])
    best: Row = {}
    for _ in range(RUNS):
        said = subprocess.run(
            [sys.executable, "-c", CHILD, asked],
            check=True,
            capture_output=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # as the command line has it
        ).stdout
        seconds, memory = json.loads(said)
        if not best or seconds < best["cpu"]:
            best = {"cpu": seconds, "kB": out.stat().st_size / 1000, "MB": memory}
    return best


def measured(true: Frames, fps: float, work: Path) -> Iterator[tuple[str, Row]]:
    """Measure every other tool that is there on the true frames."""
    paths = written((Image(pixels) for pixels in true), work)
    pattern, rate = str(work / "%03d.png"), str(fps)
    both = "split[a][b];[a]palettegen[p];[b][p]paletteuse"
    ffmpeg = ["ffmpeg", "-y", "-v", "error", "-framerate", rate, "-i", pattern, "-vf"]
    tools: dict[str, tuple[str, Callable[[Path], list[str]]]] = {
        "gifski Q90": ("gifski", lambda out: gifski(paths, fps, out)),
        "ffmpeg palettegen": ("ffmpeg", lambda out: [*ffmpeg, both, str(out)]),
        "ffmpeg, undithered": ("ffmpeg", lambda out: [*ffmpeg, both + "=dither=none", str(out)]),
        "Pillow": (sys.executable, lambda out: [sys.executable, "-c", PILLOW, str(out), rate, *map(str, paths)]),
        "gifsicle -O3 --lossy of ffmpeg's": (
            "gifsicle",
            lambda out: ["gifsicle", "-O3", "--lossy=80", str(work / "ffmpeg palettegen.gif"), "-o", str(out)],
        ),
    }
    for name, (program, command) in tools.items():
        out = work / f"{name}.gif"
        if shutil.which(program) and (program != "gifsicle" or shutil.which("ffmpeg")):
            seconds, size = shelled(command(out), out)
            yield name, {"cpu": seconds, "kB": size} | judged(out, true)


PILLOW = """
import sys
from PIL import Image
out, rate, *paths = sys.argv[1:]
frames = [Image.open(path) for path in paths]
frames[0].save(out, save_all=True, append_images=frames[1:], duration=1000 / float(rate), loop=0)
"""


def gifski(paths: Sequence[Path], fps: float, out: Path) -> list[str]:
    return ["gifski", "-q", "-Q", "90", "-r", f"{fps:g}", "-o", str(out), *map(str, paths)]


def written(frames: Any, work: Path) -> list[Path]:
    from PIL import Image as Pillow

    paths = []
    for i, frame in enumerate(frames):
        paths.append(work / f"{i:03}.png")
        Pillow.fromarray(frame.pixels).save(paths[-1], compress_level=1)
    return paths


def shelled(command: list[str], out: Path) -> tuple[float, float]:
    """CPU seconds of a command, the least of some runs, and the kilobytes it wrote."""
    best = float("inf")
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best, out.stat().st_size / 1000


def judged(path: Path, true: Frames, every: int = 1) -> Row:
    """PSNR and SSIM of every frame to the true one, and the flicker. Frames that a tool has merged are shown longer."""
    shown = list(played(path, len(true)))
    count = len(true)
    chosen = range(0, count, every)
    close = [closeness(shown[i], true[i]) for i in chosen]
    flicker = [
        np.abs((shown[(i + 1) % count].astype(int) - shown[i]) - (true[(i + 1) % count].astype(int) - true[i])).mean()
        for i in chosen
    ]
    return {"psnr": mean(c.psnr for c in close), "ssim": mean(c.ssim for c in close), "flicker": float(mean(flicker))}


def played(path: Path, count: int) -> Iterator[NDArray[np.uint8]]:
    """Give what is shown at the middle of each of `count` even shares of the time."""
    from PIL import Image as Pillow
    from PIL import ImageSequence

    with Pillow.open(path) as file:
        lasting = []
        for frame in ImageSequence.Iterator(file):
            frame.load()  # of a WebP, how long a frame lasts is known afterwards
            lasting.append(frame.info["duration"])
        ends = np.cumsum(lasting)
        if len(lasting) == count:
            places = list(range(count))
        else:
            places = [int(np.searchsorted(ends, (i + 0.5) * ends[-1] / count)) for i in range(count)]
        for place in places:
            file.seek(place)
            yield np.asarray(file.convert("RGB"))


def print_table(title: str, rows: dict[str, list[Row]]) -> None:
    print(f"\n{title}:\n\n| | CPU s | kB | PSNR | SSIM | flicker |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, measured in rows.items():
        means = {key: mean(row[key] for row in measured) for key in ("cpu", "kB", "psnr", "ssim", "flicker")}
        print(
            f"| {name} | {means['cpu']:.2f} | {means['kB']:,.0f} | {means['psnr']:.2f} | {means['ssim']:.4f} "
            f"| {means['flicker']:.2f} |"
        )
    if "gifski Q90" in rows:
        peer = rows["gifski Q90"]
        for name, own in rows.items():
            if name.startswith("artkit"):
                pairs = list(zip(own, peer, strict=True))
                print(
                    f"{name} beside gifski, the worst photo: "
                    f"{max(a['cpu'] / b['cpu'] for a, b in pairs):.3f} of its CPU time, "
                    f"{max(a['kB'] / b['kB'] for a, b in pairs):.3f} of its bytes, "
                    f"{min(a['psnr'] - b['psnr'] for a, b in pairs):+.2f} dB, "
                    f"{max(a['flicker'] / b['flicker'] for a, b in pairs):.3f} of its flicker; "
                    f"most CPU {max(a['cpu'] for a in own):.2f} s"
                )
        for key in ("MB",):
            said = [f"{name} {max(row[key] for row in own):.0f} MB" for name, own in rows.items() if key in own[0]]
            print(f"memory beyond start-up: {', '.join(said)}")
