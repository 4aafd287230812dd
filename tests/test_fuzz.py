"""Hostile input ends in a work or in one clear line: a few cases of each kind; `python -m fuzz KIND` runs thousands."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from fuzz._case import Case, Outcome
from fuzz._laws import broken
from fuzz._worker import made, outcome_of

KINDS = ["export", "images", "options", "recipes", "records", "svgs", "zips"]
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_is_the_same_every_time(kind):
    assert made(kind, 7, 3) == made(kind, 7, 3) != made(kind, 8, 3)


def hunt(kind: str, count: int, seed: int, found: Path) -> str:
    """Run so many cases, all of which keep their promises, and give what is said of them."""
    run = subprocess.run(
        [sys.executable, "-m", "fuzz", kind, "--count", str(count), "--seed", str(seed), "--save", str(found)],
        cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sample(1)
def test_a_few_cases_keep_every_promise(kind, tmp_path):
    told = hunt(kind, 8, 1, tmp_path)
    assert "8 cases" in told and "0 findings" in told


FINE = Outcome(0, "", "", "", 1.0, 100.0)
CASE = Case(["plot", "a.svg"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"code": 1, "stderr": "Error: a.svg: is empty\n"}, ""),
        ({"code": 2, "stderr": "Usage: artkit\n\nError: No such option\n"}, ""),
        ({"code": 2, "stderr": "Error: a.toml:1: x\nError: a.toml:3: y\n"}, ""),
        ({"code": 1, "stderr": "Error: a fault in artkit: ValueError: 7; --debug shows where"}, "a fault in artkit"),
        ({"code": 1, "stderr": "Traceback (most recent call last):\n  File\nValueError: 7"}, "traceback on stderr"),
        ({"code": 1}, "status 1 with 0 lines"),
        ({"code": 1, "stderr": "Error: one thing\nError: another\n"}, "status 1 with 2 lines"),
        ({"code": -9}, "exit status -9"),
        ({"code": 0, "stderr": "Error: x\n"}, "status 0 after"),
        ({"noise": "libtiff: warning\n"}, "a library wrote"),
        ({"stderr": "x.py:3: RuntimeWarning: overflow\n"}, "a warning"),
        ({"stderr": "left out: \x1b[31m\n"}, "control characters"),
        ({"stderr": "x" * 5000}, "a line of"),
        ({"seconds": 11.0}, "over 10 s"),
        ({"megabytes": 1100.0}, "over 1000 MB"),
        ({"strays": ["../evil"]}, "wrote ../evil"),
    ],
)
def test_a_broken_promise_is_seen_and_a_kept_one_is_not(changes, told):
    found = broken(CASE, Outcome(**{**FINE.__dict__, **changes}))
    assert found.startswith(told) and bool(found) == bool(told)


def test_what_is_asked_of_a_report_may_end_without_an_error():
    assert not broken(Case(["plot", "a.svg", "--check"], reports=True), Outcome(1, "no  FAIL", "", "", 1.0, 100.0))


class _Broken:
    """An application that does what no command may."""

    def __init__(self, what: str) -> None:
        self.what = what

    def main(self, **given: object) -> None:
        if self.what == "noise":
            os.write(2, b"a library says\n")
        elif self.what == "memory":
            np.ones(1_200_000_000 // 8)
        elif self.what == "fault":
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("what", "told"), [("noise", "a library wrote"), ("fault", "traceback"), ("memory", "over 1000")]
)
@pytest.mark.sample(1)
def test_the_harness_sees_what_breaks(what, told, tmp_path, monkeypatch):
    import typer.testing

    if resource.getpagesize() and not Path("/proc/self/clear_refs").exists():
        pytest.skip("memory is measured by Linux alone")
    monkeypatch.setattr(typer.testing, "_get_command", lambda app: _Broken(what))
    with tempfile.TemporaryFile() as noise:
        before = os.dup(2)
        os.dup2(noise.fileno(), 2)
        try:
            outcome = outcome_of(CASE, tmp_path / "here", None, noise, alone=False)
        finally:
            os.dup2(before, 2)
            os.close(before)
    assert broken(CASE, outcome).startswith(told)
