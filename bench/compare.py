"""Two revisions side by side: CPU and wall seconds of whole commands, memory, and whether they write the same bytes.

    python -m bench compare main my-branch
    python -m bench compare HEAD~1 .              . is the folder as it is, with what is not committed
    python -m bench compare v1 v2 --only gif --only plot --pairs 9 --json figures.json

Each pair runs both, one right after the other, and the next pair the other way round, so that what else the machine
does is shared; CPU seconds are those of the process and of those it starts. A ratio is the median of the pairs' B/A,
with the least and the most in brackets. Memory is the most that any of the processes held. The first run of each, which
compiles, is compared by its bytes and not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PHOTO = ROOT / "gallery" / "photos" / "pagoda.jpg"
PAIRS = 5

CASES: dict[str, str] = {
    "trace icon": "trace {icon} -o {out}.svg",
    "trace photo": "trace {photo} -o {out}.svg",
    "poster": "apply poster {photo} --size 400 -o {out}.svg",
    "gif": "apply psychedelic {photo} --space oklch --size 300 -o {out}.gif",
    "plot": "plot {photo} --preset hatch --size 300 --page A5 -o {out}.svg",
    "export": "export {svg} --page A4 -o {out}.pdf",
}
"""Commands by name; `{out}` is what they write."""


class Run(NamedTuple):
    """What a command took: CPU and wall seconds, megabytes at most."""

    cpu: float
    wall: float
    memory: float


@dataclass
class Side:
    """A revision: its name, its folder, what its runs took, and what the first of them wrote, b"" where it failed."""

    name: str
    folder: Path
    runs: list[Run] = field(default_factory=list)
    wrote: bytes = b""
    fault: str = ""


def main(words: Sequence[str] | None = None) -> int:
    """Print a table in Markdown; the exit status is 2 where it cannot be measured as it was asked for."""
    given = _parser().parse_args(words)
    if unknown := [name for name in given.only or () if name not in CASES]:
        print(f"--only {unknown[0]}: there is no such case; known: {', '.join(CASES)}", file=sys.stderr)
        return 2
    if given.pairs < 1:
        print(f"--pairs {given.pairs}: takes 1 or more", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="artkit-compare-") as place:
        folders = []
        for number, revision in enumerate((given.a, given.b)):
            try:
                folders.append(checked_out(revision, Path(place, f"side-{number}")))
            except LookupError as error:
                print(error, file=sys.stderr)
                return 2
        inputs = _inputs(Path(place))
        found = {}
        print(_HEADER, flush=True)
        for name in given.only or CASES:
            sides = [Side(revision, folder) for revision, folder in zip((given.a, given.b), folders, strict=True)]
            measure(sides, CASES[name], inputs, given.pairs)
            found[name] = figures(*sides)
            print(row(name, found[name]), flush=True)
    if given.json:
        given.json.write_text(json.dumps({"a": given.a, "b": given.b, "pairs": given.pairs, "cases": found}, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench compare", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("a", help="a revision of this repository, or . for the folder as it is")
    parser.add_argument("b", help="another one, whose figures are divided by those of the first")
    parser.add_argument("--only", action="append", help=f"one of: {', '.join(CASES)}; can be repeated")
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"runs of each  [default: {PAIRS}]")
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    return parser


def checked_out(revision: str, folder: Path) -> Path:
    """Give the folder of a revision's files, which are put there; a LookupError tells of one that there is not."""
    if revision == ".":
        return ROOT
    git = ("git", "-C", str(ROOT))
    named = [*git, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"]
    known = subprocess.run(named, check=False, capture_output=True)
    if known.returncode:
        raise LookupError(f"{revision}: is no revision of this repository; `git log --oneline` lists some")
    folder.mkdir()
    # An archive, not `git worktree`: the repository knows nothing of it, and keeps nothing whatever ends us.
    packed = [*git, "archive", known.stdout.decode().strip(), "artkit", "presets"]
    archive = subprocess.run(packed, check=False, capture_output=True)
    if archive.returncode:
        raise LookupError(f"{revision}: {archive.stderr.decode().strip()}")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def measure(sides: Sequence[Side], command: str, inputs: dict[str, str], pairs: int) -> None:
    """Run a command of each side in pairs, after a first run that counts by what it writes."""
    for side in sides:
        _first(side, command, inputs)
    if not any(side.fault for side in sides):
        for pair in range(pairs):
            for side in sides if pair % 2 == 0 else reversed(sides):
                with TemporaryDirectory() as place:
                    side.runs.append(timed(_line(command, inputs, place), side.folder))


def _first(side: Side, command: str, inputs: dict[str, str]) -> None:
    with TemporaryDirectory() as place:
        line = _line(command, inputs, place)
        done = subprocess.run(line, check=False, cwd=place, env=_environment(side.folder), capture_output=True)
        if done.returncode:
            side.fault = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["failed"])[-1]
        else:
            side.wrote = b"".join(path.read_bytes() for path in sorted(Path(place).iterdir()))


def _line(command: str, inputs: dict[str, str], place: str) -> list[str]:
    words = [word.format(out=Path(place, "out"), **inputs) for word in command.split()]
    return [sys.executable, "-m", "artkit", *words, "--no-metadata", "--quiet"]


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(folder)}


def timed(line: Sequence[str], folder: Path) -> Run:
    """Run a command with the code in a folder; give what it took. Where no system tells, memory is 0."""
    start = perf_counter()
    with TemporaryDirectory() as place:
        process = subprocess.Popen(
            line, cwd=place, env=_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = perf_counter() - start
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit)


def figures(a: Side, b: Side) -> dict[str, object]:
    """Give what was measured of a case, for JSON."""
    told: dict[str, object] = {"fault": {side.name: side.fault for side in (a, b) if side.fault}}
    if told["fault"]:
        return told
    for name, of in (("cpu", _cpu), ("wall", _wall)):
        each = [of(two) / max(of(one), 1e-9) for one, two in zip(a.runs, b.runs, strict=True)]
        told[name] = {"a": [*map(of, a.runs)], "b": [*map(of, b.runs)], "ratio": median(each), "ratios": each}
    told["memory"] = {"a": max(run.memory for run in a.runs), "b": max(run.memory for run in b.runs)}
    told["bytes"] = {"a": len(a.wrote), "b": len(b.wrote), "same": a.wrote == b.wrote}
    return told


def _cpu(run: Run) -> float:
    return run.cpu


def _wall(run: Run) -> float:
    return run.wall


_HEADER = (
    "| command | A, CPU s | B, CPU s | B/A | A, wall s | B, wall s | B/A | A, MB | B, MB | bytes |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
)


def row(name: str, told: dict[str, Any]) -> str:
    """Write the figures of a case as a line of the table."""
    if told["fault"]:
        return f"| {name} | " + "; ".join(f"{side}: {why}" for side, why in told["fault"].items()) + " |"
    cells = [name]
    for kind in ("cpu", "wall"):
        each = told[kind]
        spread = f"{each['ratio']:.3f} ({min(each['ratios']):.3f} to {max(each['ratios']):.3f})"
        cells += [f"{median(each['a']):.2f}", f"{median(each['b']):.2f}", spread]
    cells += [f"{told['memory'][side]:.0f}" for side in "ab"]
    sizes = told["bytes"]
    cells.append("the same" if sizes["same"] else f"OTHER: {sizes['a']:,} and {sizes['b']:,}")
    return f"| {' | '.join(cells)} |"


def _inputs(folder: Path) -> dict[str, str]:
    """Give the files that commands work on, by name: the same for both sides."""
    icon = folder / "icon.png"
    icon.write_bytes(icon_png(64))
    return {"icon": str(icon), "photo": str(PHOTO), "svg": str(ROOT / "gallery" / "showcase" / "poster.svg")}


def icon_png(side: int) -> bytes:
    """Draw a disk on a square in three colors, as PNG; by itself, so that memory is that of the commands alone."""

    def color(x: float, y: float) -> tuple[int, int, int]:
        away = (x - side / 2) ** 2 + (y - side / 2) ** 2
        return (
            (214, 40, 40)
            if away < (0.2 * side) ** 2
            else (20, 60, 120)
            if away < (0.4 * side) ** 2
            else (247, 240, 220)
        )

    rows = (b"\0" + bytes(chain.from_iterable(color(x + 0.5, y + 0.5) for x in range(side))) for y in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )
