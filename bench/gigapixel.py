"""`python -m bench gigapixel`: a map larger than memory, traced in tiles; its peak of memory, and whether areas add up.

The map has areas of six colors with smooth borders, thin lines across them, and letters, all antialiased.
`--side 4096 --whole` traces one as a whole, too, and compares both drawings byte for byte.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import struct
import subprocess
import sys
import time
import zlib
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

TILE = 256
COLORS = np.array(
    [(246, 240, 222), (198, 218, 160), (128, 178, 120), (236, 196, 120), (204, 128, 92), (150, 84, 84)], np.float32
)
WATER, INK = np.array((70, 120, 180), np.float32), np.array((30, 30, 40), np.float32)
LETTERS = "ABDGKMQRS2358&"


def waves(first: int, rows: int, side: int, length: float, phase: float) -> tuple[np.ndarray, np.ndarray]:
    """A smooth field of some rows, and how steep it is."""
    y, x = (np.arange(first, first + rows) / length)[:, None], (np.arange(side) / length)[None]
    value = np.zeros((rows, side), np.float32)
    down, across = value.copy(), value.copy()
    for k, (a, b) in enumerate([(6.28, 1.7), (2.3, 5.9), (4.1, 4.4)]):
        p, q = a * y + phase + k, b * x + 2 * phase - k
        s, c = (np.sin(p).astype(np.float32), np.cos(p).astype(np.float32))
        t, d = (np.sin(q).astype(np.float32), np.cos(q).astype(np.float32))
        value += s * t
        down += a * c * t
        across += b * s * d
    return value, np.hypot(down, across) / np.float32(length)


def strip(first: int, rows: int, side: int, length: float) -> np.ndarray:
    """Some rows of the map, (rows, side, 3)."""
    value, steep = waves(first, rows, side, length, 0.3)
    level = np.clip(1.1 * value + 2.5, 0, 4.999)
    below = np.rint(level)  # the border that is near
    cover = np.clip((1.1 * value + 2.5 - below) / np.maximum(1.1 * steep, 1e-9) + 0.5, 0, 1)[..., None]
    low = np.clip(below, 0, 5).astype(int)
    picture = COLORS[np.maximum(low - 1, 0)] * (1 - cover) + COLORS[low] * cover
    value, steep = waves(first, rows, side, 2.7 * length, 1.9)
    line = np.clip(1.6 - np.abs(value) / np.maximum(steep, 1e-9), 0, 1)[..., None]
    picture = picture * (1 - line) + WATER * line
    lettered(picture, first, side)
    return np.rint(picture).astype(np.uint8)


def lettered(picture: np.ndarray, first: int, side: int, grid: int = 640) -> None:
    """Write a letter into each square of a grid, in place."""
    for row in range(max(first // grid - 1, 0), (first + len(picture)) // grid + 1):
        for column in range(side // grid):
            number = (row * 7919 + column * 104729) % 1_000_003
            y, x = row * grid + number % (grid - 80), column * grid + number // 7 % (grid - 80)
            low, high = max(y, first), min(y + 64, first + len(picture))
            if low < high:
                cover = glyph(LETTERS[number % len(LETTERS)])[low - y : high - y]
                part = picture[low - first : high - first, x : x + 64]
                part[:] = part * (1 - cover) + INK * cover


GLYPHS: dict[str, np.ndarray] = {}


def glyph(letter: str) -> np.ndarray:
    if letter not in GLYPHS:
        sheet = np.zeros((64, 64), np.uint8)
        cv2.putText(sheet, letter, (8, 50), cv2.FONT_HERSHEY_COMPLEX, 1.7, 255, 3, cv2.LINE_AA)
        GLYPHS[letter] = (sheet / np.float32(255))[..., None]
    return GLYPHS[letter]


def write(path: Path, side: int, length: float, block: int = 4096) -> None:
    """Write the map as a tiled TIFF: of `block` pixels a side, beyond that mirrored again and again.

    Tiles that are alike stand in the file once: a gigapixel takes as long as a block.
    """
    part = strip(0, min(block, side), min(block, side), length)
    count, own = -(-side // TILE), len(part) // TILE
    offsets = np.zeros((count, count), np.uint32)
    sizes = offsets.copy()
    with path.open("wb") as file:
        file.write(b"II*\0\0\0\0\0")
        for flips in range(4):
            seen = part[:: -1 if flips & 1 else 1, :: -1 if flips & 2 else 1]
            for row, column in np.ndindex(own, own):
                tile = seen[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
                data = zlib.compress(tile.tobytes(), 1)
                here = np.ix_(
                    *(range(at + (flips >> k & 1) * own, count, 2 * own) for k, at in enumerate((row, column)))
                )
                offsets[here], sizes[here] = file.tell(), len(data)
                file.write(data + b"\0" * (len(data) % 2))
        tables = file.tell()
        file.write(offsets.tobytes() + sizes.tobytes() + struct.pack("<3H", 8, 8, 8) + b"\0\0")
        bits = tables + 2 * offsets.nbytes
        directory = file.tell()
        tags = [
            (256, 4, 1, side), (257, 4, 1, side), (258, 3, 3, bits), (259, 3, 1, 8), (262, 3, 1, 2), (277, 3, 1, 3),
            (322, 4, 1, TILE), (323, 4, 1, TILE), (324, 4, count**2, tables),
            (325, 4, count**2, tables + offsets.nbytes),
        ]  # fmt: skip
        file.write(struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4))
        file.seek(4)
        file.write(struct.pack("<I", directory))


def area(path: Path, side: int) -> tuple[Fraction, int]:
    """By how many pixels the areas of all shapes of an SVG miss that of the sheet, and how many rings there are.

    Coordinates are whole numbers, so that the sum is exact.
    """
    from artkit.export.read.curves import paths_of

    text = path.read_text("utf-8")
    steps = int(re.search(r'viewBox="0 0 (\d+)', text)[1]) // side
    total, count = 0, 0
    for data in re.finditer(r' d="([^"]*)"', text):
        for ring in paths_of([data[1]])[0][0]:
            total += ring_area(np.asarray(ring.points), ring.kinds)
            count += 1
    return Fraction(total, 20 * steps**2) - side**2, count


def ring_area(points: np.ndarray, kinds: np.ndarray | None) -> int:
    """Twenty times the signed area of a ring of lines and cubics: by Green, (x dy - y dx) / 2 along each of them."""
    whole = np.rint(points).astype(np.int64)
    assert np.abs(whole - points).max() < 1e-6, "a coordinate is no whole number"
    kinds = np.ones(len(points) - 1, np.uint8) if kinds is None else kinds
    end = np.cumsum(kinds.astype(int))
    begin = end - kinds
    cross = lambda a, b: a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]  # noqa: E731
    line, cubic = kinds == 1, kinds == 3
    total = 10 * int(cross(whole[begin[line]], whole[end[line]]).sum())
    a, b, c, d = (whole[begin[cubic] + k] for k in range(4))
    parts = 6 * cross(a, b), 3 * cross(a, c), cross(a, d), 3 * cross(b, c), 3 * cross(b, d), 6 * cross(c, d)
    return total + sum(int(part.sum()) for part in parts) + 10 * int(cross(whole[-1:], whole[:1])[0])


def traced(path: Path, out: Path, *more: str, memory: str | None = None) -> dict[str, float]:
    """Trace by the command line, in a process of its own; its seconds, and its peak of memory as the kernel tells it.

    The peak is that of all resident pages, those of mapped files included; nothing else is mapped than libraries.
    """
    start = time.perf_counter()
    words = ["trace", str(path), "--kind", "flat", "--colors", "256", "-o", str(out), *more]
    words += ["--memory", memory] if memory else ["--strokes", "never"]
    process = subprocess.Popen([sys.executable, "-m", "artkit", *words])
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"artkit {' '.join(words)}: failed")
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "cpu": round(used.ru_utime + used.ru_stime, 1),
        "peak": used.ru_maxrss * 1024,
        "bytes": out.stat().st_size,
    }


def main(arguments: list[str] | None = None) -> None:
    """Make the map, trace it, and tell what that took."""
    parser = argparse.ArgumentParser(prog="python -m bench gigapixel", description=__doc__)
    parser.add_argument("--side", type=int, default=32768, help="pixels of a side")
    parser.add_argument("--length", type=float, default=1500, help="pixels of a wave: less, more borders")
    parser.add_argument("--memory", default="4GB", help="what the trace is to keep to")
    parser.add_argument("--layers", default="cutout", help="as of trace")
    parser.add_argument("--whole", action="store_true", help="trace it as a whole, too, and compare")
    parser.add_argument("--keep", type=Path, help="a folder for the map and the drawing")
    given, _ = parser.parse_known_args(arguments)
    with TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        photo, out = folder / f"map-{given.side}.tif", folder / f"map-{given.side}.svg"
        if not photo.exists():
            write(photo, given.side, given.length)
        told: dict[str, object] = {"side": given.side, "file": photo.stat().st_size}
        told |= traced(photo, out, "--layers", given.layers, memory=given.memory)
        if given.layers == "cutout":
            off, rings = area(out, given.side)
            told |= {"rings": rings, "area off by": float(off)}
        if given.whole:
            whole = folder / f"whole-{given.side}.svg"
            told |= {"whole": traced(photo, whole, "--layers", given.layers)}
            told["same"] = drawn(out) == drawn(whole)
        print(json.dumps(told, indent=1))


def drawn(path: Path) -> str:
    """An SVG's text without its metadata."""
    text = path.read_text("utf-8")
    start, end = text.find("<metadata>"), text.find("</metadata>")
    return text[:start] + text[end:]


if __name__ == "__main__":
    main()
