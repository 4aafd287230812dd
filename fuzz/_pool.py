"""A kind, a seed and how many in, findings out: workers run the cases, and one that takes too long is stopped."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from fuzz._case import SECONDS

ROOT = Path(__file__).parent.parent

PATIENCE = 12.0
"""Seconds of a wall clock for each second of processor time that a case may take: others may use the machine."""


class Finding(NamedTuple):
    """Case `number`, which promise it breaks ("" for none), and what it said."""

    number: int
    broken: str
    code: int
    seconds: float
    megabytes: float
    stderr: str


def run(kind: str, seed: int, numbers: range, jobs: int = 1) -> Iterator[Finding]:
    """Run these cases in `jobs` processes, and give each as it is done."""
    waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    for number in numbers:
        waiting.put(number)
    for _ in range(jobs):
        waiting.put(None)
    done: queue.SimpleQueue[Finding | None] = queue.SimpleQueue()
    for _ in range(jobs):
        threading.Thread(target=_feed, args=(kind, seed, waiting, done), daemon=True).start()
    left = jobs
    while left:
        found = done.get()
        if found is None:
            left -= 1
        else:
            yield found


def _feed(kind: str, seed: int, waiting: Any, done: Any) -> None:
    worker = None
    while (number := waiting.get()) is not None:
        worker = worker or _Worker(kind, seed)
        found = worker.asked(number)
        if worker.process.poll() is not None or found.broken.startswith("over"):
            worker.end()
            worker = None
        done.put(found)
    if worker:
        worker.end()
    done.put(None)


class _Worker:
    def __init__(self, kind: str, seed: int) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fuzz._worker", kind, str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
        )

    def asked(self, number: int) -> Finding:
        """Have a case run; where it takes too long or the process dies, say so instead."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        stopped: list[str] = []
        finished = threading.Event()
        watch = threading.Thread(target=self._watch, args=(finished, stopped), daemon=True)
        watch.start()
        line = self.process.stdout.readline()
        finished.set()
        watch.join()
        if line:
            told = json.loads(line)
            return Finding(*(told[name] for name in Finding._fields))
        code = self.process.wait()
        return Finding(number, stopped[0] if stopped else f"the process died with {code}", code, 0.0, 0.0, "")

    def _watch(self, finished: threading.Event, stopped: list[str]) -> None:
        start, used = monotonic(), self._used()
        while not finished.wait(0.25):
            hung = monotonic() - start > SECONDS * PATIENCE
            if hung or self._used() - used > SECONDS * 1.5:
                stopped.append(f"hung, or over {SECONDS * 1.5:g} s")
                self.process.kill()
                return

    def _used(self) -> float:
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        for _ in range(20):
            if self.process.poll() is not None:
                return
            sleep(0.05)
        self.process.kill()
        self.process.wait()
