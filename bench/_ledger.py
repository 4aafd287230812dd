"""The ledger of speed: what all benchmarks beside peers have printed, as one JSON file and one table of ratios.

Benchmarks print tables in Markdown, and each runs in a process of its own. A table tells of a peer in one of three
ways: a column `ratio`, with the peer in the column `library`; a column `theirs` right after that of ours; or a row for
each tool, of which ours begins with `artkit`.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from time import perf_counter, strftime
from typing import Any, NamedTuple

BENCHES = (
    "startup",
    "trace",
    "photo",
    "raster",
    "styles",
    "primitives",
    "lineart",
    "plot",
    "gif",
    "pdf",
    "sweep",
    "batch",
)
"""Benchmarks that tell of speed."""

FILE = Path("bench.json")
PACKAGES = ("artkit", "numpy", "scipy", "opencv-python-headless", "scikit-image", "pillow", "resvg-py")
MEASURED = ("CPU s", "kB")
"""Columns that are compared where each tool has a row."""

Table = list[dict[str, str]]


class Ratio(NamedTuple):
    """Ours as a multiple of a peer's: the benchmark, the case, what was measured, the peer."""

    bench: str
    case: str
    measured: str
    peer: str
    ours: float
    theirs: float

    @property
    def times(self) -> float:
        return self.ours / self.theirs


def run_all(names: Sequence[str] = BENCHES, file: Path = FILE) -> int:
    """Run benchmarks, show what they print, and write the ledger; the exit status is 1 where one has failed."""
    found: dict[str, Any] = {}
    for name in names:
        print(f"== {name}", flush=True)
        start = perf_counter()
        status, text = _run(name)
        found[name] = {
            "status": status,
            "seconds": round(perf_counter() - start, 1),
            "tables": tables(text),
            "text": text,
        }
        file.write_text(
            json.dumps(_about() | {"benches": found}, indent=1)
        )  # what is done is kept, whatever ends the rest
        print(flush=True)
    every = [ratio for name in names for table in found[name]["tables"] for ratio in ratios(name, table)]
    told = [ratio._asdict() | {"times": round(ratio.times, 3)} for ratio in every]
    file.write_text(json.dumps(_about() | {"ratios": told, "benches": found}, indent=1))
    print("\n".join(shown(every)))
    print(f"\n{file}: {len(every)} ratios of {len(names)} benchmarks")
    failed = [name for name in names if found[name]["status"]]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str) -> tuple[int, str]:
    """Run a benchmark in a process of its own, and pass on what it prints."""
    lines = []
    with subprocess.Popen(
        [sys.executable, "-m", "bench", name], stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def _about() -> dict[str, Any]:
    git = subprocess.run(["git", "rev-parse", "HEAD"], check=False, capture_output=True, text=True)
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "revision": git.stdout.strip(),
        "when": strftime("%Y-%m-%dT%H:%M:%S"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "quick": os.environ.get("ARTKIT_BENCH") == "quick",
        "versions": versions,
    }


def tables(text: str) -> list[Table]:
    """Read the tables in Markdown out of a text: rows as cells by column; columns of one name get a number."""
    found: list[Table] = []
    columns: list[str] = []
    lines = text.splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=False):
        cells = _cells(line)
        if cells is None or not any(cells):
            columns = columns if cells else []
        elif not columns and _is_rule(after):
            columns = [
                f"{name} {cells[:i].count(name) + 1}" if name in cells[:i] else name for i, name in enumerate(cells)
            ]
            found.append([])
        elif columns and not _is_rule(line):
            found[-1].append(dict(zip(columns, cells, strict=False)))
    return found


def _cells(line: str) -> list[str] | None:
    line = line.strip()
    return [cell.strip() for cell in line[1:-1].split("|")] if line.startswith("|") and line.endswith("|") else None


def _is_rule(line: str) -> bool:
    return bool(re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line.strip()))


def ratios(bench: str, table: Table) -> Iterator[Ratio]:
    """Give what a table tells of peers."""
    if not table:
        return
    columns = list(table[0])
    if "ratio" in columns:
        yield from _of_ratios(bench, table, columns)
    elif any(name.startswith("theirs") for name in columns):
        for row in table:
            for own, other in pairwise(columns):
                if other.startswith("theirs") and own in ("CPU s", "kB"):
                    yield from _ratio(bench, row[columns[0]], own, "peer", row.get(own, ""), row.get(other, ""))
    else:
        yield from _of_tools(bench, table, columns)


def _of_ratios(bench: str, table: Table, columns: list[str]) -> Iterator[Ratio]:
    own = next(name for name in columns if name.startswith("artkit") and "CPU s" in name)
    other = next(name for name in columns if not name.startswith("artkit") and "CPU s" in name)
    for row in table:
        case = " ".join(row[name] for name in columns[: columns.index(own)])
        yield from _ratio(bench, case, "CPU s", row.get("library") or other.partition(" ")[0], row[own], row[other])


def _of_tools(bench: str, table: Table, columns: list[str]) -> Iterator[Ratio]:
    """Compare each tool with ours of the same case; the case is what stands before the column of tools, if anything."""
    ours: dict[str, dict[str, str]] = {}
    at = next((name for name in columns if any(row.get(name, "").startswith("artkit") for row in table)), None)
    if at is None:
        return
    before = columns[: columns.index(at)]
    for row in table:
        case = " ".join(row[name] for name in before)
        if row[at].startswith("artkit"):
            ours.setdefault(case, row)
    for row in table:
        case = " ".join(row[name] for name in before)
        if case in ours and not row[at].startswith("artkit"):
            for name in MEASURED:
                yield from _ratio(bench, case, name, row[at], ours[case].get(name, ""), row.get(name, ""))


def _ratio(bench: str, case: str, measured: str, peer: str, ours: str, theirs: str) -> Iterator[Ratio]:
    try:
        pair = float(ours.replace(",", "")), float(theirs.replace(",", ""))
    except ValueError:
        return
    if pair[1] > 0:
        yield Ratio(bench, case, measured, peer, *pair)


def shown(found: Sequence[Ratio]) -> list[str]:
    """Write ratios as a table in Markdown."""
    head = ["| bench | case | | artkit | peer | peer's | times |", "| --- | --- | --- | ---: | --- | ---: | ---: |"]
    return [
        *head,
        *(
            f"| {each.bench} | {each.case} | {each.measured} | {each.ours:g} | {each.peer} | {each.theirs:g} "
            f"| {each.times:.2f} |"
            for each in found
        ),
    ]
