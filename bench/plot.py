"""Any SVG to a plotter's file, beside vpype 1.15: travel, strokes, CPU seconds of the whole process.

    python -m bench plot                       takes ten minutes, nearly all of it vpype's
    ARTKIT_BENCH=quick python -m bench plot    without the 100,000 lines; takes two minutes

vpype and its plug-in deduplicate come from PyPI into a virtual environment, in the folder that ARTKIT_BENCH_VENVS
names or in the temporary directory. Without them artkit is measured alone. All outputs are measured by artkit's
reader, in the order of the file, from the first line's start on: vpype does not count the way to it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from artkit.pens.lines import Lines, travel
from artkit.pens.read.document import read
from bench import _plot_cases as cases

QUICK = os.environ.get("ARTKIT_BENCH") == "quick"
PEER = ("vpype==1.15.0", "deduplicate")

SORT = ("linemerge", "linesort")
TWO_OPT = ("linemerge", "linesort", "--two-opt")
ONE_PASS = ("linemerge", "linesort", "--two-opt", "--passes", "1")

CASES: dict[str, tuple[Callable[[], str], dict[str, tuple[str, ...]]]] = {
    "10,000 mixed lines": (lambda: cases.svg(cases.mixed(10_000)), {"merge, sort": SORT, "two-opt": TWO_OPT}),
    "closed iso-lines": (lambda: cases.svg(cases.isolines()), {"merge, sort": SORT, "two-opt": TWO_OPT}),
    "touching squares": (
        lambda: cases.svg(cases.squares(), "polyline"),
        {"merge, sort": SORT, "dedupe, merge, sort": ("splitall", "deduplicate", *SORT)},
    ),
    "100,000 mixed lines": (
        lambda: cases.svg(cases.mixed(100_000)),
        {"merge, sort": SORT, "one two-opt pass": ONE_PASS},
    ),
}


def main() -> None:
    """Print a table: for each drawing, what each tool makes of it."""
    vpype = _vpype()
    print("| drawing | tool | CPU s | wall s | lines | drawn m | pen-up mm |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.svg", Path(folder) / "out.svg"
        for name, (make, peers) in CASES.items():
            if QUICK and name.startswith("100,000"):
                continue
            source.write_text(make())
            _print(name, "as it comes", None, source)
            ours = [sys.executable, "-m", "artkit", "plot", str(source), "-o", str(target), "--quiet"]
            _print(name, "artkit plot", _timed(ours), target)
            for label, commands in peers.items() if vpype else ():
                line = [str(vpype), "read", str(source), *commands, "write", str(target)]
                _print(name, f"vpype {label}", _timed(line), target)


def _vpype() -> Path | None:
    """Give vpype's command, installed where it is missing; None where it cannot be."""
    folder = Path(os.environ.get("ARTKIT_BENCH_VENVS", tempfile.gettempdir())) / "artkit-bench-vpype"
    command = folder / "bin" / "vpype"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        done = subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *PEER], check=False, capture_output=True)
        if done.returncode:
            print(f"{PEER[0]} cannot be installed: {done.stderr.decode().strip().splitlines()[-1]}; left out")
            return None
    return command


def _timed(line: list[str]) -> tuple[float, float]:
    """Run a command; give its CPU seconds and its wall seconds."""
    start = perf_counter()
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{line[0]} failed with {process.returncode}: {' '.join(line[:4])} ...")
    return used.ru_utime + used.ru_stime, perf_counter() - start


def _print(name: str, tool: str, seconds: tuple[float, float] | None, file: Path) -> None:
    lines: Lines = read(file.read_bytes()).lines
    times = f"{seconds[0]:.1f} | {seconds[1]:.1f}" if seconds else " | "
    way = travel(lines, None)
    print(f"| {name} | {tool} | {times} | {len(lines):,} | {lines.length / 1000:.1f} | {way:,.0f} |", flush=True)
