"""Runs cases of a kind, prints each kind of finding with its number, and saves what it needs to be seen again."""

from __future__ import annotations

import json
import shlex
from collections import defaultdict
from pathlib import Path
from time import perf_counter

from fuzz._pool import Finding, run
from fuzz._worker import made

SAVED = 3
"""How many of each finding are saved."""


def hunt(kind: str, numbers: range, seed: int, jobs: int, folder: Path) -> int:
    """Run these cases in so many processes; give the number of findings."""
    start = perf_counter()
    found: dict[str, list[Finding]] = defaultdict(list)
    codes: dict[int, int] = defaultdict(int)
    most_seconds, most_megabytes = 0.0, 0.0
    for case in run(kind, seed, numbers, jobs):
        codes[case.code] += 1
        if (done := sum(codes.values())) % 500 == 0:
            print(f"{done:,} cases, {perf_counter() - start:.0f} s", flush=True)
        most_seconds, most_megabytes = max(most_seconds, case.seconds), max(most_megabytes, case.megabytes)
        if case.broken:
            found[case.broken].append(case)
            if len(found[case.broken]) <= SAVED:
                print(f"{kind} {seed}/{case.number}: {case.broken}\n    {save(kind, seed, case, folder)}", flush=True)
    print(
        f"{kind}, seed {seed}: {sum(codes.values()):,} cases in {perf_counter() - start:.0f} s, "
        f"{sum(map(len, found.values()))} findings of {len(found)} kinds; status "
        + ", ".join(f"{code}: {count:,}" for code, count in sorted(codes.items()))
        + f"; at most {most_seconds:.1f} s and {most_megabytes:.0f} MB"
    )
    for name, cases in sorted(found.items(), key=lambda item: -len(item[1])):
        print(f"{len(cases):6} x {name}  ({', '.join(str(case.number) for case in cases[:8])})")
    return sum(map(len, found.values()))


def save(kind: str, seed: int, finding: Finding, folder: Path) -> Path:
    """Write a finding's files, its command line and what was said into a folder of its own."""
    case = made(kind, seed, finding.number)
    place = folder / f"{kind}-{seed}-{finding.number}"
    place.mkdir(parents=True, exist_ok=True)
    for name, data in case.files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    (place / "command.txt").write_text(f"artkit {shlex.join(case.arguments)}\n", "utf-8", "replace")
    (place / "finding.json").write_text(json.dumps(finding._asdict(), indent=2))
    if case.stdin:
        (place / "stdin").write_bytes(case.stdin)
    return place
