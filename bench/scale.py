"""What a million photos take: core hours, memory, bytes and money, worked out from a few that are made here.

python -m bench.scale PHOTO... [--recipe NAME[:SIZE]]... [--per-hour 0.04] [--per-gb 0.023] [--gallery ADDRESS]

Each recipe has a process of its own, which does what a worker of a batch does: read, make, write, photo after photo;
its CPU time leaves out the imports and the first photo.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

from artkit.remote.address import address_of

MILLION = 1_000_000
FILES = 7
"""Files that are written for an artwork at most: itself, two thumbnails, two scripts, the photo's copy, the record."""


class Measured(NamedTuple):
    """Of an artwork in the mean: CPU and wall seconds, bytes of it and of all its files; bytes of memory at most."""

    cpu: float
    wall: float
    artwork: float
    written: float
    memory: float


def measured(photos: list[str], name: str, size: int | None, gallery: str, queue: multiprocessing.Queue) -> None:
    """Put what a recipe takes for the photos, the first of which warms up."""
    from artkit.batch import Batch
    from artkit.batch.loaded import load
    from artkit.batch.work import work
    from artkit.recipe import find
    from artkit.recipe.change import with_head

    load()
    recipe = find(name)
    recipe = with_head(recipe, size=size) if size else recipe
    times = []
    for task in Batch([recipe], gallery, force=True).tasks([photos[0], *photos], len(photos) + 1):
        before = process_time(), perf_counter()
        outcome = work(task)
        assert outcome.made, outcome.failures
        times.append((process_time() - before[0], perf_counter() - before[1], outcome.made[0]["bytes"]))
    cpu, wall, artwork = (sum(column) / len(photos) for column in zip(*times[1:], strict=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    queue.put(Measured(cpu, wall, artwork, _bytes_in(gallery) / len(set(photos)), memory))


def _bytes_in(gallery: str) -> float:
    if not address_of(gallery):
        return sum(
            path.stat().st_size for path in Path(gallery).rglob("*") if path.is_file() and path.parent.name != "data"
        )
    from artkit.remote import store

    return sum(entry.size for entry in store.listed(gallery, deep=True).values())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale")
    parser.add_argument("photos", nargs="*", default=[str(Path(__file__).parent.parent / "gallery/photos/pagoda.jpg")])
    parser.add_argument("--recipe", action="append", metavar="NAME[:SIZE]")
    parser.add_argument("--per-hour", type=float, default=0.04, help="Money for an hour of a vCPU.")
    parser.add_argument("--per-gb", type=float, default=0.023, help="Money for a GB in the store, for a month.")
    parser.add_argument("--per-request", type=float, default=5e-6, help="Money for a file that is written.")
    parser.add_argument("--gallery", help="Write there, as to s3://BUCKET/FOLDER, and not into a temporary folder.")
    given = parser.parse_args(sys.argv[1:] if sys.argv[0].endswith("scale.py") else [])
    print(f"{'recipe':20} CPU s  wall s  artwork kB  all kB  MB    million: core h     $    GB  $/month  $ to write")
    for text in given.recipe or ["photo", "poster", "hue-cycle"]:
        name, _, size = text.partition(":")
        with TemporaryDirectory() as folder:
            gallery = f"{given.gallery}/{name}-{size}" if given.gallery else folder
            queue: multiprocessing.Queue = multiprocessing.get_context("spawn").Queue()
            arguments = (given.photos, name, int(size) if size else None, gallery, queue)
            process = multiprocessing.get_context("spawn").Process(target=measured, args=arguments)
            process.start()
            one = queue.get()
            process.join()
        hours, gigabytes = one.cpu * MILLION / 3600, one.written * MILLION / 1e9
        print(
            f"{text:20} {one.cpu:5.2f}  {one.wall:6.2f}  {one.artwork / 1e3:10.0f}  {one.written / 1e3:6.0f}"
            f"  {one.memory / 1e6:4.0f}  {hours:15,.0f}  {hours * given.per_hour:4,.0f}  {gigabytes:4,.0f}"
            f"  {gigabytes * given.per_gb:7.2f}  {FILES * MILLION * given.per_request:10.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
