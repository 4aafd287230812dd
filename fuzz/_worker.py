"""A process that runs cases one after the other: numbers of cases on stdin, outcomes as lines of JSON on stdout.

Most run within this process, so that thousands of them take minutes; a case in `OWN` gets a process of its own, as
users start artkit. What libraries write to the descriptor of stderr, past Python's, is caught as well.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from fuzz._case import Case, Outcome
from fuzz._laws import broken

OWN = 250
"""Every case of this many has a process of its own."""

ROOM = 4 << 30
"""Bytes of addresses beyond those of the libraries; beyond them Python raises MemoryError before the machine swaps."""


def made(kind: str, seed: int, number: int) -> Case:
    """Make case `number` of a kind."""
    case: Case = import_module(f"fuzz.{kind}").case(np.random.default_rng([seed, number]))
    return case


def work(kind: str, seed: int) -> None:
    """Run the cases whose numbers come on stdin."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    noise = tempfile.TemporaryFile()
    os.dup2(noise.fileno(), 2)
    app = _prepared()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        for line in sys.stdin:
            number = int(line)
            case = made(kind, seed, number)
            place = Path(folder) / "here"
            outcome = outcome_of(case, place, app, noise, alone=number % OWN == OWN - 1)
            told = broken(case, outcome)
            outcome.stdout, outcome.stderr = outcome.stdout[:2000], outcome.stderr[:4000]
            answers.write(json.dumps({"number": number, "broken": told, **asdict(outcome)}) + "\n")
            answers.flush()


def _prepared() -> Any:
    """Load artkit, and bound the addresses of this process."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import cv2
    import skimage.filters  # noqa: F401

    import artkit.registry
    from artkit.cli import app
    from artkit.pens.prepare import order

    cv2.setNumThreads(1)
    artkit.registry.all_ops()
    order.FEW = 0  # the best order of few lines takes a second each time, and changes no line
    gc.collect()
    gc.freeze()
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, now + ROOM))
    return app


def outcome_of(case: Case, place: Path, app: Any, noise: Any, alone: bool) -> Outcome:
    """Run one case in a fresh folder."""
    import shutil

    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, data in case.files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    before = Path.cwd()
    os.chdir(place)
    try:
        outcome = _alone(case) if alone else _within(case, app, noise)
    finally:
        os.chdir(before)
    outcome.strays = _strays(case, place)
    return outcome


def _strays(case: Case, place: Path) -> list[str]:
    """Give what is beside the folder of a case, or in it, and may not be."""
    if case.writes is None:
        return []
    known = {name.partition("/")[0] for name in (*case.files, *case.writes)}
    beside = [path.name for path in place.parent.iterdir() if path.name not in (place.name, "config")]
    return sorted([*(f"../{name}" for name in beside), *({path.name for path in place.iterdir()} - known)])


def _within(case: Case, app: Any, noise: Any) -> Outcome:
    from typer.testing import CliRunner

    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory is measured anew
    noise.seek(0)
    noise.truncate()
    start = process_time()
    result = CliRunner().invoke(app, case.arguments, input=case.stdin, prog_name="artkit")
    seconds = process_time() - start
    stderr = result.stderr
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        stderr += f"\nTraceback (most recent call last):\n{type(result.exception).__name__}: {result.exception}"
    noise.seek(0)
    said = noise.read().decode("utf-8", "replace")
    return Outcome(result.exit_code, result.stdout, stderr, said, seconds, _peak())


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


def _alone(case: Case) -> Outcome:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "artkit", *case.arguments]
    root = str(Path(__file__).parent.parent)
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=errors, env={**os.environ, "PYTHONPATH": root}
        )
        process.communicate(case.stdin)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        output.seek(0)
        errors.seek(0)
        stdout, stderr = (stream.read().decode("utf-8", "replace") for stream in (output, errors))
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Outcome(process.returncode, stdout, stderr, "", seconds, 0.0)


if __name__ == "__main__":
    work(sys.argv[1], int(sys.argv[2]))
