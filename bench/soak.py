"""Many processes add to one gallery for long: does memory grow, do descriptors leak, is the gallery sound at the end?

    python -m bench soak --minutes 20 --processes 4

Each process makes artworks of a small photo with presets of several kinds and some seeds, again and again, into one
gallery: new ones, the same again, and those that were removed. Every sixteenth is made by a command in a process of its
own that is killed or interrupted at some time. At the end the gallery has to be sound, with nothing left under way.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from queue import Empty
from typing import NamedTuple

PRESETS = ("poster", "low-poly", "otsu-rgb", "median-sobel", "riso", "hatch", "outline", "channel-blur")
SEEDS = 10
"""Of each preset in each process: with a page of so many artworks, what a run takes stays the same."""

SIDE = 96
"""Pixels of the photo's longer side."""


class Sample(NamedTuple):
    """What a process takes after so many artworks."""

    process: int
    seconds: float
    made: int
    megabytes: float
    descriptors: int


def main() -> None:
    """Soak for as long as was asked, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench soak")
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--processes", type=int, default=2)
    asked, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        soak(Path(folder), 60 * asked.minutes, asked.processes)


def soak(folder: Path, seconds: float, processes: int) -> None:
    """Run the processes and tell how they fared."""
    photo = _photo(folder)
    context = multiprocessing.get_context("spawn")
    samples: multiprocessing.Queue[Sample] = context.Queue()
    workers = [
        context.Process(target=_work, args=(number, folder / "gallery", photo, seconds, samples))
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    found: list[Sample] = []
    while any(worker.is_alive() for worker in workers) or not samples.empty():
        try:
            found.append(samples.get(timeout=1))
        except Empty:
            continue
    print(f"{processes} processes, {seconds / 60:g} minutes, exit codes {[worker.exitcode for worker in workers]}")
    for number in range(processes):
        _tell([sample for sample in found if sample.process == number])
    _judge(folder / "gallery")


def _photo(folder: Path) -> Path:
    from artkit.cli.demo import bundled_photo
    from artkit.run import prepare

    return prepare(bundled_photo(), size=SIDE).save(folder / "photo.png")


def _work(number: int, gallery: Path, photo: Path, seconds: float, samples: multiprocessing.Queue[Sample]) -> None:
    from artkit.cli import app

    chance, start, made = random.Random(number), time.monotonic(), 0
    works: dict[tuple[str, int], Path] = {}
    while time.monotonic() - start < seconds:
        work = chance.choice(PRESETS), number * SEEDS + chance.randrange(SEEDS)
        arguments = ["apply", work[0], str(photo), "--gallery", str(gallery), "--seed", str(work[1]), "-q"]
        if made % 2 and work in works:
            _remove(works.pop(work))
        if made % 16 == 15:
            _disturbed(arguments, chance)
        with redirect_stdout(StringIO()) as told:
            assert not app(arguments, standalone_mode=False)
        works[work] = Path(told.getvalue().strip())
        made += 1
        if made % 5 == 1:
            gc.collect()
            samples.put(Sample(number, time.monotonic() - start, made, *_taken()))


def _remove(artwork: Path) -> None:
    """Remove an artwork as a person would, the record first: what has none is no artwork of the gallery's."""
    (artwork.parent / "records" / f"{artwork.stem}.json").unlink()
    for path in (artwork, *(artwork.parent / "thumbnails").glob(f"{artwork.stem}.*")):
        path.unlink()


def _disturbed(arguments: list[str], chance: random.Random) -> None:
    """Run a command in a process of its own, and end it at any time."""
    with subprocess.Popen(
        [sys.executable, "-m", "artkit", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(chance.uniform(0, 3))
        process.send_signal(chance.choice((signal.SIGKILL, signal.SIGINT, signal.SIGTERM)))


def _taken() -> tuple[float, int]:
    """Give this process's resident memory in MB and the number of its open descriptors; Linux tells both."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir("/proc/self/fd")) - 1  # noqa: PTH208


def _tell(samples: list[Sample]) -> None:
    """Print a process's figures in quarters of its time: they are to stay as they were after the first."""
    if not samples:
        print("  a process that made nothing")
        return
    end = samples[-1].seconds
    quarters = [[s for s in samples if k / 4 < s.seconds / end <= (k + 1) / 4] for k in range(4)]
    memory = "  ".join(f"{max(s.megabytes for s in part):6.1f}" if part else "     -" for part in quarters)
    descriptors = "  ".join(f"{max(s.descriptors for s in part):3}" if part else "  -" for part in quarters)
    made = samples[-1].made
    print(f"  process {samples[0].process}: {made:5} artworks; MB at most {memory}; descriptors {descriptors}")


def _judge(gallery: Path) -> None:
    """Print whether the gallery is sound: what `artkit verify` says, what is left under way, what the page lacks."""
    from artkit.gallery import page, records
    from artkit.gallery.verify import verify

    text = page(gallery).read_text("utf-8")
    known = records(gallery)
    faults = [finding for finding in verify(gallery) if finding.state != "sound"]
    left = sorted(str(path.relative_to(gallery)) for path in gallery.rglob(".artkit*"))
    unseen = [record.name for record in known if record.path.name not in text]
    print(f"  gallery: {len(known)} artworks, {len(faults)} faults, {len(left)} left, {len(unseen)} not on the page")
    for line in [*faults, *left, *unseen][:20]:
        print(f"    {line}")
