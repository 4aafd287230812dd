"""Batches: photos a minute on one and two processes; memory of all; what is lost when processes are killed."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from threading import Event, Thread
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np
from PIL import Image as Pillow

from artkit.batch import Batch, Report, Workers, run
from artkit.batch.slot import memory_of
from artkit.gallery import records
from artkit.gallery.verify import verify
from artkit.recipe import find
from artkit.recipe.change import with_head

PHOTOS = Path(__file__).parent.parent / "gallery" / "photos"
SPEED = ("poster", "silhouette")
QUICK = os.environ.get("ARTKIT_BENCH") == "quick"
PAIRS, SPEED_PHOTOS = (1, 6) if QUICK else (3, 16)
CHEAP = ("otsu-rgb", "channel-blur", "silhouette")
COUNT, SIZE, KILLS = 200, (48, 32), 20
BARS = {"two processes to one": 1.8, "GB": 1.5, "artworks": COUNT * len(CHEAP)}


def cuts(folder: Path, count: int) -> list[str]:
    """Parts of a bundled photo, 400 pixels wide."""
    with Pillow.open(PHOTOS / "pagoda.jpg") as photo:
        wide, high = 400, 300
        places = [(7 * k % (photo.width - wide), 5 * k % (photo.height - high)) for k in range(count)]
        for k, (x, y) in enumerate(places):
            photo.crop((x, y, x + wide, y + high)).save(folder / f"{k:02}.png")
    return sorted(map(str, folder.glob("*.png")))


class Pace(NamedTuple):
    """What photos took: seconds on the wall, CPU seconds of each worker, and of the process that hands out tasks."""

    wall: float
    workers: list[float]
    head: float


def pace(photos: list[str], jobs: int, folder: Path) -> Pace:
    """Make artworks of photos after the processes have started, and measure it."""
    recipes = [with_head(find(name), size=400) for name in SPEED]
    with Workers(jobs) as workers:
        while len(set(workers.pids)) < jobs:
            for future in [workers.submit(len, "") for _ in range(4 * jobs)]:
                future.result()
        before = {pid: cpu_of(pid) for pid in workers.pids}
        start, own = perf_counter(), process_time()
        report = run(Batch(recipes, folder).tasks(photos, jobs), workers, lambda *_: None, workers=jobs)
        wall, own = perf_counter() - start, process_time() - own
        assert not report.failures
        return Pace(wall, [cpu_of(pid) - before.get(pid, 0.0) for pid in workers.pids], own)


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, as Linux tells them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def print_speed(photos: list[str], place: Path) -> None:
    """Compare two processes with one, in pairs; what else runs on the machine is left out of the second figure.

    By CPU time, each worker's own is its clock: what two of them take longer for each photo, and how unequally they are
    busy, counts; that others had the cores does not.
    """
    paces: dict[int, list[Pace]] = {1: [], 2: []}
    for pair in range(PAIRS):
        for jobs in (1, 2) if pair % 2 == 0 else (2, 1):
            paces[jobs].append(pace(photos, jobs, place / f"{jobs}-{pair}"))
    print(f"\n{len(photos)} photos x {SPEED}, {PAIRS} pair{'' if PAIRS == 1 else 's'}, medians\n")
    print("| processes | photos a minute | CPU s a photo | of the one that hands out | cores had |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for jobs, found in paces.items():
        cells = [[60 * len(photos) / each.wall for each in found], [sum(each.workers) / len(photos) for each in found]]
        cells += [[each.head / len(photos) for each in found], [sum(each.workers) / each.wall for each in found]]
        rate, cpu, head, cores = map(median, cells)
        print(f"| {jobs} | {rate:.1f} | {cpu:.3f} | {head:.4f} | {cores:.2f} |")
    both = list(zip(paces[1], paces[2], strict=True))
    walls = sorted(one.wall / two.wall for one, two in both)
    clocks = sorted(sum(one.workers) / max(two.workers) for one, two in both)
    for name, times in (("on the wall", walls), ("by CPU time", clocks)):
        print(f"two processes to one, {name}: {median(times):.2f} times ({times[0]:.2f} to {times[-1]:.2f})")


def killed(folder: Path) -> tuple[Report, int, float]:
    """A batch whose processes are killed at random moments: its report, the kills, and the most bytes of memory."""
    photos = []
    (folder / "photos").mkdir()
    for k in range(COUNT):
        pixels = np.random.default_rng(k).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
        photos.append(str(folder / "photos" / f"{k:03}.png"))
        Pillow.fromarray(pixels).save(photos[-1])
    chance, most, kills, done, ended = Random(7), 0.0, 0, 0, Event()

    def told(*_: object) -> None:
        nonlocal done
        done += 1

    with Workers(2) as workers:

        def disturb() -> None:
            nonlocal most, kills
            while not ended.wait(chance.uniform(0.05, 0.3)):
                pids = workers.pids
                most = max(most, sum(map(memory_of, [os.getpid(), *pids])))
                if pids and kills < KILLS and done >= kills * (COUNT - 20) / KILLS:
                    os.kill(chance.choice(pids), signal.SIGKILL)
                    kills += 1

        thread = Thread(target=disturb)
        thread.start()
        try:
            plan = Batch([find(name) for name in CHEAP], folder / "gallery")
            report = run(plan.tasks(photos, 2), workers, told, workers=2)
        finally:
            ended.set()
            thread.join()
    return report, kills, most


def main() -> None:
    """Print what was measured beside what is wanted; `--killed` or `--speed` for that part alone."""
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, bars: {BARS}")
    if "--speed" not in sys.argv:
        print_killed()
    if "--killed" not in sys.argv:
        with tempfile.TemporaryDirectory() as place:
            print_speed(cuts(Path(place), SPEED_PHOTOS), Path(place))


def print_killed() -> None:
    """Kill processes of a batch, and look for what is lost."""
    with tempfile.TemporaryDirectory() as place:
        start = perf_counter()
        report, kills, most = killed(Path(place))
        sound = [finding.state for finding in verify(Path(place) / "gallery")]
        made = len(records(Path(place) / "gallery"))
        print(
            f"{COUNT} photos x {len(CHEAP)} recipes, {kills} processes killed: {made} artworks,"
            f" {sound.count('sound')} sound, {len(report.failures)} failures, {len(report.quarantined)} left alone,"
            f" {most / 1e9:.2f} GB, {perf_counter() - start:.0f} s"
        )
