"""The gallery's page with many artworks: seconds until its first view, what it takes of memory, and how fast it finds.

    python -m bench gallery

Entries are written as shards, without artworks: all share a few thumbnails. Chromium has to be there.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from artkit.artwork.image import Image
from artkit.gallery import building, shards
from artkit.gallery.record import DATA, RECORDS, THUMBNAILS
from artkit.gallery.thumbnail import thumbnails

PRESETS = ("poster", "waves", "stipple", "riso", "psychedelic", "low-poly", "watercolor", "comic")
KINDS = ("drawing", "plot", "plot", "picture", "animation", "drawing", "drawing", "picture")
HUES = ("red", "orange", "green", "blue", "gray", "white")
SIZES = ((640, 427), (427, 640), (640, 640), (640, 360))
SEARCH = "poster colors 7"


def synthetic(folder: Path, count: int) -> Path:
    """Make a gallery of so many entries, and give its page."""
    for name in (RECORDS, THUMBNAILS, DATA):
        (folder / name).mkdir(parents=True)
    for i, (width, height) in enumerate(SIZES):
        noise = np.random.default_rng(i).integers(0, 256, (height // 16, width // 16, 3), np.uint8)
        made = thumbnails(Image(np.kron(noise, np.ones((16, 16, 1), np.uint8))))
        (folder / THUMBNAILS / f"{i}.webp").write_bytes(made.large)
        (folder / THUMBNAILS / f"{i}.small.webp").write_bytes(made.small)
    numbers = range(1, -(-count // shards.SIZE) + 1)
    for number in numbers:
        first = (number - 1) * shards.SIZE
        shards.write(folder, number, [_entry(i) for i in range(first, min(first + shards.SIZE, count))])
    return building.newest_anew(folder, shards.Index(count, len(numbers), 0, tuple(numbers)))


def _entry(i: int) -> dict[str, Any]:
    shape, preset = i % len(SIZES), i % len(PRESETS)
    name = f"holiday-{i // 40:04}-{PRESETS[preset]}-{i:06x}"
    suffix = {"picture": ".png", "animation": ".gif"}.get(KINDS[preset], ".svg")
    return {
        "id": name,
        "file": name + suffix,
        "title": PRESETS[preset].replace("-", " ").capitalize(),
        "preset": PRESETS[preset],
        "family": "trace",
        "kind": KINDS[preset],
        "photo": f"holiday-{i // 40:04}.jpg",
        "what": f"colors {i % 9 + 2}, palette sunset, seed {i}",
        "facts": "SVG · 48 kB · 312 shapes · 31.2 dB",
        "hue": HUES[i % len(HUES)],
        "color": "#a05a2c",
        "w": SIZES[shape][0],
        "h": SIZES[shape][1],
        "s": SIZES[shape][0] // 2,
        "thumb": f"{THUMBNAILS}/{shape}.webp",
        "small": f"{THUMBNAILS}/{shape}.small.webp",
        "bytes": 48_000 + i,
        "date": 1_700_000_000 + i * 60,
        "shapes": 300 + i % 50,
        "psnr": 25 + i % 70 / 10,
    }


def measured(page: Any, address: str) -> dict[str, float]:
    """Give seconds until the first view, milliseconds of a search, and megabytes of JavaScript's heap at each."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".card img")
    page.evaluate("document.querySelector('.card img').decode()")
    view = time.perf_counter() - start
    first = _heap(page)
    page.evaluate("everything()")
    search = page.evaluate(
        """async words => {
            const box = document.querySelector('[type=search]'), start = performance.now()
            box.value = words
            box.dispatchEvent(new Event('input', { bubbles: true }))
            await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
            return performance.now() - start
        }""",
        SEARCH,
    )
    return {"first view, s": view, "heap, MB": first, "search, ms": search, "heap with all, MB": _heap(page)}


def _heap(page: Any) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    told = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(told["JSHeapUsedSize"]) / 1e6


def chromium() -> str | None:
    """Give the path of a Chromium that is installed; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def main() -> None:
    """Measure galleries of some sizes."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        sys.exit("bench gallery: no Chromium is installed")
    with sync_playwright() as driver, TemporaryDirectory() as place:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for count in (50, 2_000, 20_000):
            folder = Path(place) / str(count)
            address = synthetic(folder, count).as_uri()
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            told = measured(page, address)
            print(f"{count:7,}", *(f"{name} {value:.2f}" for name, value in told.items()), sep="   ")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
