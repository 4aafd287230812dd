"""Sweeps of 24 artworks beside 24 commands of their own: CPU time of whole processes, and whether bytes are the same.

    python -m bench sweep                                # a choice of presets, on a bundled photo at 400 pixels
    python -m bench sweep --photo cat.jpg --size 800
    python -m bench sweep --preset poster "--vary=colors=4:15:2 vivid=1,1.2,1.35,1.5"

Of the 24 commands only some are run, every sixth by itself; the others are taken to last as long as these on average.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

PHOTO = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"

CASES: dict[str, str] = {
    "poster": "colors=4:14:2 vivid=1,1.2,1.35,1.5",
    "two-ink": "smooth=3:13:2 tints=3,4 inks=[black,white],[#1d1a4b,#e4475b,#ffe8c2]",
    "comic": "colors=8:28:4 ink=0.1,0.13,0.16,0.2",
    "linocut": "width=5,7,9 shadows=0.2,0.3 lights=0.6,0.7 inks=[#16233f,#f6eedd],[black,white]",
    "riso": "dot=1:4 tones=[#22347f,#ff4f8b,#f8f3e6],[#22347f,#ffd23f,white],[black,white] method=blue-noise,bayer",
    "silhouette": "tolerance=0.5:3:0.5 inks=[black,white],[red,white],[#123456,white],[black,gold]",
    "papercut": "sheets=4,5,6 detail=400,600 top=dark,light shadow=soft,none",
    "watercolor": "washes=300,500 edge=0.1:0.3:0.1 wander=0.5:2:0.5",
    "low-poly": "triangles=400:1400:200 vivid=1:1.6:0.2",
    "stained-glass": "pieces=300,500,700 vivid=1,1.1,1.2,1.3 lead=1,1.5",
    "flow": "pen-width=0.3,0.5 smooth=2:12:2 turn=0,90",
}
"""Of each preset what is varied, in 24 combinations."""

EACH = 6


class Figures(NamedTuple):
    """CPU seconds of a sweep, of a sheet of it, and of single commands; and whether all bytes are the same."""

    cells: int
    sweep: float
    sheet: float
    single: float
    same: bool


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--photo", type=Path, default=PHOTO)
    parser.add_argument("--size", default="400")
    parser.add_argument("--preset", action="append", help="of this preset alone; can be repeated")
    parser.add_argument("--vary", help="what is varied in it, with spaces between")
    parser.add_argument("--every", type=int, default=EACH, help="of so many single commands one is run")
    given = parser.parse_args(sys.argv[1:] if sys.argv[0].endswith("sweep.py") else sys.argv[2:])
    print(f"{given.photo.name}, {given.size} pixels; CPU seconds\n")
    print(f"{'':14} cells     singly   sweep  share  sheet, PNG  same bytes")
    for preset in given.preset or CASES:
        found = measured(preset, given.vary or CASES[preset], given.photo.resolve(), given.size, given.every)
        print(
            f"{preset:14} {found.cells:5} {found.single:10.1f} {found.sweep:7.1f} {found.sweep / found.single:6.0%}"
            f" {found.sheet:11.1f}  {'yes' if found.same else 'NO'}",
            flush=True,
        )


def measured(preset: str, vary: str, photo: Path, size: str, every: int) -> Figures:
    """Run a sweep, make a sheet of it, and run some of its commands."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        words = [
            "sweep",
            preset,
            str(photo),
            "--size",
            size,
            *(f"--vary={each}" for each in vary.split()),
            "--json",
            "-q",
        ]
        before = cpu()
        made = json.loads(artkit(folder, *words, "--gallery", "g"))
        sweep = cpu() - before
        artkit(folder, "gallery", "contact-sheet", "--gallery", "g", "-o", "sheet.png", "-q")
        sheet = cpu() - before - sweep
        some, same = made[every // 2 :: every], True
        before = cpu()
        for cell in some:
            record = json.loads((folder / "g" / "records" / f"{cell['id']}.json").read_text())
            command = [str(photo) if word == photo.name else word for word in shlex.split(record["command"])[1:]]
            artkit(folder, *command, "--gallery", "i", "-q")
            name = Path(cell["file"]).name
            alone = folder / "i" / name
            same &= alone.is_file() and alone.read_bytes() == (folder / "g" / name).read_bytes()
        single = (cpu() - before) / len(some) * len(made)
    return Figures(len(made), sweep, sheet, single, same)


def artkit(folder: Path, *words: str) -> str:
    """Run a command in a folder and give its stdout."""
    path = {"PYTHONPATH": os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH", ""))))}
    made = subprocess.run(
        [sys.executable, "-m", "artkit", *words],
        cwd=folder,
        env=os.environ | path,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SystemExit(f"artkit {shlex.join(words)}: {made.stderr}")
    return made.stdout


def cpu() -> float:
    """CPU seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
