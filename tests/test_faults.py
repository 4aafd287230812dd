"""Every command that writes, killed, interrupted and refused at each of its operations on files; see `faults.py`.

Earlier works stay as they were. What is there is there in full. The command ends with the right status and one line,
interrupted within a second. The next run leaves the folder as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults import CASES, KINDS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs forks")


SLOW = ("demo", "plot", "trace -o", "trace -o pipe")
"""Cases that render, in a process of their own."""


def runs(folder: Path, case: str, kinds: str, *count: str) -> list[dict[str, object]]:
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    script = Path(__file__).with_name("faults.py")
    done = subprocess.run(
        [sys.executable, script, folder, case, kinds, *count],
        capture_output=True,
        text=True,
        env=os.environ | one_thread,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def faulty(found: list[dict[str, object]]) -> list[dict[str, object]]:
    assert found
    return [run for run in found if run["broken"] or not run["came"]]


@pytest.mark.parametrize("case", ["apply", "apply replaces", "presets new"])
@pytest.mark.sample(1)
def test_a_fault_at_some_operations_breaks_nothing(tmp_path, case):
    assert not faulty(runs(tmp_path, case, ",".join(KINDS), "1"))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_fault_at_a_few_operations_of_each_kind_breaks_nothing(tmp_path, case):
    """All of them, more than 2,000 runs, are for `python tests/faults.py FOLDER CASE KINDS`."""
    assert not faulty(runs(tmp_path, case, ",".join(KINDS), "2" if case in SLOW else "4"))
