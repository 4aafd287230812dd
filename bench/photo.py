"""Photos traced to budgets, beside all vtracer settings on record: closeness, bytes, slivers, layering, speed, memory.

    python -m bench photo                       8 photos and 2 large pictures; takes about ten minutes
    ARTKIT_BENCH=quick python -m bench photo    2 photos at two budgets; takes a minute

The corpus and its judge, with vtracer's results on the same photos, are looked for in ../shared, beside the repository.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np

from bench.trace import QUICK, SHARED, load_judge, pixels, prepared, print_table, timed

SHAPES = (256, 1024) if QUICK else (128, 256, 512, 1024, 2048, 4096)
BUDGETS = (("--bytes", "60k"), ("--bytes", "60k-gzip"), ("--shapes", "700"))

Row = dict[str, Any]


def main() -> None:
    """Print a table for each question; see the module's text."""
    judge = load_judge()
    if judge is None:
        print(f"no judge: {SHARED.name}/judge/judge.py is not there beside the repository; nothing to measure with")
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        corpora = prepared(judge, work)
        print_sweep(judge, corpora["photo"], work)
        print_budgets(corpora["photo"], work)
        print_layering(judge, corpora["photo"], work)
        print_speed(judge, [corpora["photo"][0], *corpora["large"]], work)


def command(picture: Path, out: Path, *options: str) -> list[str]:
    """Give the command line that traces a picture as a photo."""
    return [
        sys.executable,
        "-m",
        "artkit",
        "trace",
        str(picture),
        "-o",
        str(out),
        "--kind",
        "photo",
        "--quiet",
        *options,
    ]


def print_sweep(judge: Any, photos: list[Path], work: Path) -> None:
    """Means at each budget of shapes; then gzip bytes at equal quality against the best of all vtracer settings."""
    print(f"\nbudgets of shapes: means over {len(photos)} photos\n")
    scores: dict[str, list[Row]] = {photo.stem: [] for photo in photos}
    rows = []
    for shapes in SHAPES:
        found, narrow, cpu = [], [], []
        for photo in photos:
            out = work / "out.svg"
            run = timed(judge, command(photo, out, "--shapes", str(shapes)), out)
            score = judge.score(out, photo, None)
            found.append(score)
            scores[photo.stem].append(score)
            narrow.append(slivers(photo, shapes))
            cpu.append(run["cpu"])
        row: Row = {"shapes": f"{mean(s['shapes'] for s in found):.0f}"}
        row |= {name: float(mean(s[key] for s in found)) for key, name in COLUMNS.items()}
        row |= {"worst leak 1x and 3x %": max(max(s["leak1"], s["leak3"]) for s in found)}
        row |= {"slivers %": 100 * mean(narrow), "most slivers %": 100 * max(narrow), "CPU s": median(cpu)}
        rows.append(row)
    print_table(rows)
    print("\ngzip bytes at equal quality, as a share of the least that any vtracer setting takes\n")
    print_table(list(at_equal_quality(judge, scores)))


COLUMNS = {"psnr": "PSNR", "ssim": "SSIM", "gmsd": "GMSD", "segs": "segments", "gz": "gzip bytes"}


def at_equal_quality(judge: Any, scores: dict[str, list[Row]]) -> list[Row]:
    """Compare with the results of vtracer that the judge has, photo by photo (Bjontegaard's mean over the range)."""
    theirs: dict[str, list[Row]] = {}
    for file in sorted((SHARED / "judge" / "baseline").glob("vt*.photo.json")):
        for row in json.loads(file.read_text())["rows"]:
            if "error" not in row:
                theirs.setdefault(row["image"], []).append(row)
    measures = {
        "PSNR": lambda row: row["psnr"],
        "SSIM": lambda row: -10 * np.log10(max(1e-9, 1 - row["ssim"])),
        "GMSD": lambda row: -np.log(max(1e-9, row["gmsd"])),
    }
    rows = []
    for name, measure in measures.items():
        shares = []
        for image in sorted(set(theirs) & set(scores)):
            sides = ([(row["gz"], measure(row)) for row in side[image]] for side in (theirs, scores))
            if (share := judge.bd_ratio(*sides)) is not None:
                shares.append(share)
        if shares:
            smaller = f"{sum(share < 1 for share in shares)} of {len(shares)}"
            rows.append({"at equal": name, "median": median(shares), "most": max(shares), "smaller on": smaller})
    return rows


def slivers(photo: Path, shapes: int) -> float:
    """Share of the regions that are nowhere three pixels wide."""
    from artkit.artwork.image import Image
    from artkit.tracer.photos import source_of
    from artkit.tracer.regions.width import is_core
    from artkit.tracer.wanted import Wanted

    mosaic = source_of(Image.of(photo), None, Wanted()).mosaic(shapes)
    return 1 - len(np.unique(mosaic.labels[is_core(mosaic.labels)])) / mosaic.count


def print_budgets(photos: list[Path], work: Path) -> None:
    """How much of a budget is used, at least and at most, over all photos."""
    print("\nbudgets: share that is used\n")
    rows = []
    for option, value in BUDGETS:
        shares = []
        for photo in photos:
            out = work / "out.svg"
            told = json.loads(run(command(photo, out, option, value, "--json")))[0]
            size = len(gzip.compress(out.read_bytes(), 9, mtime=0)) if "gzip" in value else out.stat().st_size
            shares.append(told["facts"]["shapes"] / int(value) if option == "--shapes" else size / 60_000)
        rows.append({"budget": f"{option} {value}", "least": min(shares), "most": max(shares)})
    print_table(rows)


def run(arguments: list[str]) -> str:
    """Run a command and give what it prints."""
    import subprocess

    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def print_layering(judge: Any, photos: list[Path], work: Path) -> None:
    """Ways to keep the background from shining through, on the same regions: how close, how large, how tight."""
    print(f"\nlayering at 1,024 shapes: means over {len(photos)} photos\n")
    ways = ("cutout", "underlay of strokes", "stacked over strokes", "stacked", "stacked, flat fills")
    scores: dict[str, list[Row]] = {way: [] for way in ways}
    for photo in photos:
        for way, text in layered(photo, 1024).items():
            out = work / "out.svg"
            out.write_text(text)
            scores[way].append(judge.score(out, photo, None))
    rows = []
    for way, found in scores.items():
        row: Row = {"layering": way} | {name: float(mean(s[key] for s in found)) for key, name in COLUMNS.items()}
        rows.append(row | {"worst leak 1x and 3x %": max(max(s["leak1"], s["leak3"]) for s in found)})
    print_table(rows)


def layered(photo: Path, shapes: int) -> dict[str, str]:
    """Draw the same regions in all ways."""
    from artkit.artwork.drawing import Drawing, Layer, Path, Shape
    from artkit.artwork.image import Image
    from artkit.color.palette import name_of
    from artkit.planar.map import OUTSIDE
    from artkit.planar.outlines import cut_out, packed
    from artkit.tracer import vector
    from artkit.tracer.photos import source_of
    from artkit.tracer.wanted import Wanted

    image = Image.of(photo)
    mosaic = source_of(image, None, Wanted()).mosaic(shapes)
    followed = vector.Followed.of(mosaic)
    planar, arcs = followed.planar, vector.arc_curves(followed)
    merged = vector.drawing(followed)
    color = mosaic.fields.color[planar.face_label]
    controls, keep, kinds = packed(arcs)
    strokes = []
    for arc, (low, high) in enumerate(zip(arcs.offsets[:-1], arcs.offsets[1:], strict=True)):
        sides = [face for face in (planar.left[arc], planar.right[arc]) if face != OUTSIDE]
        points = np.concatenate([arcs.start[low : low + 1], controls[low:high][keep[low:high]]])
        shade = np.clip(np.rint(color[sides].mean(axis=0)), 0, 255).astype(int)
        strokes.append(Shape([Path(points, kinds[low:high], bool(planar.closed[arc]))], None, name_of(shade)))
    under = Layer(strokes, stroke_width=1.0)
    exact: dict[int, list[Path]] = {}
    for outline in cut_out(planar, arcs):
        exact.setdefault(outline.face, []).append(Path(outline.points, outline.kinds))
    partition = Layer([
        Shape(paths, vector._fill(mosaic.fields, int(planar.face_label[face]), paths)) for face, paths in exact.items()
    ])  # fmt: skip
    flat = source_of(image, None, Wanted(fills="flat")).mosaic(shapes)
    size = (planar.width, planar.height)
    drawings = {
        "cutout": Drawing(*size, [partition], grid=vector.GRID),
        "underlay of strokes": Drawing(*size, [under, partition], grid=vector.GRID),
        "stacked over strokes": merged.replace(layers=[under, *merged.layers]),
        "stacked": merged,
        "stacked, flat fills": vector.drawing(vector.Followed.of(flat)),
    }
    return {way: drawing.to_svg() for way, drawing in drawings.items()}


def print_speed(judge: Any, pictures: list[Path], work: Path) -> None:
    """CPU seconds and memory of whole processes."""
    print("\nspeed and memory: whole process\n")
    rows = []
    for picture in pictures[: 1 if QUICK else None]:
        for options in (("--shapes", "1024"), ()):
            out = work / "out.svg"
            found = timed(judge, command(picture, out, *options), out)
            rows.append({
                "megapixels": round(pixels(picture) / 1e6, 1),
                "options": " ".join(options) or "none",
                "CPU s": found.get("cpu", found.get("error")),
                "MB": found.get("rss", "-"),
                "kB": found.get("kB", "-"),
            })  # fmt: skip
    print_table(rows)
