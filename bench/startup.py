"""How long it takes until a command can do something, beside Python's own start."""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

RUNS = 11
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "import artkit": ("-c", "import artkit"),
    "artkit --help": ("-m", "artkit", "--help"),
    "artkit --version": ("-m", "artkit", "--version"),
    "artkit presets": ("-m", "artkit", "presets"),
    "artkit apply --help": ("-m", "artkit", "apply", "--help"),
    "artkit ops": ("-m", "artkit", "ops"),
}


def seconds(arguments: tuple[str, ...]) -> list[float]:
    """Wall time of each of RUNS runs, after one that warms the disk's cache."""
    times = []
    for _ in range(RUNS + 1):
        start = perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        times.append(perf_counter() - start)
    return times[1:]


def main() -> None:
    """Print the table, and whether the bar holds: `--help` in less than 3 bare starts plus 100 ms."""
    figures = {name: seconds(arguments) for name, arguments in COMMANDS.items()}
    print(f"{'':22}  median ms  fastest ms")
    for name, times in figures.items():
        print(f"{name:22}  {median(times) * 1000:9.0f}  {min(times) * 1000:10.0f}")
    bar = 3 * median(figures["python -c pass"]) + 0.1
    reached = median(figures["artkit --help"])
    print(f"bar: --help under {bar * 1000:.0f} ms: {'reached' if reached < bar else 'MISSED'}, {reached * 1000:.0f} ms")
