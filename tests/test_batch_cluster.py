"""A batch on a Dask scheduler: the same bytes, nothing lost when workers die, and clear words when it cannot be."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.batch import Batch, Cluster, run
from artkit.batch import cluster as clusters
from artkit.batch.workers import WorkerDiedError
from artkit.cli import app
from artkit.errors import ArtkitError
from artkit.gallery import records
from artkit.gallery.verify import verify
from artkit.recipe import find

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'artkit[cluster]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="no signals"),
    pytest.mark.filterwarnings("ignore"),  # of Dask and its event loops
]

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """In place of that of all tests: the scheduler listens on loopback, and nothing here names another host."""


def started(*arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory) -> Iterator[str]:
    """A scheduler and two workers, as processes on loopback; its address."""
    address = f"tcp://127.0.0.1:{free_port()}"
    port = address.rpartition(":")[2]
    place = str(tmp_path_factory.mktemp("dask"))
    processes = [
        started("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"),
        started(
            "dask_worker", address, "--host", "127.0.0.1", "--nworkers", "2", "--nthreads", "1", "--no-dashboard",
            "--local-directory", place,
        ),
    ]  # fmt: skip
    try:
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def cluster(scheduler) -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "PATIENCE", 90.0)  # workers are starting
        executor = Cluster(scheduler)
    with executor:
        executor._client.wait_for_workers(2, timeout=90)
        yield executor


def photos_in(folder: Path, count: int) -> list[str]:
    folder.mkdir()
    for k in range(count):
        pixels = np.random.default_rng(k).integers(0, 256, (16, 24, 3), dtype=np.uint8)
        Pillow.fromarray(pixels).save(folder / f"{k}.png")
    return sorted(map(str, folder.iterdir()))


def known(folder: Path) -> list[tuple[object, ...]]:
    return [(record.name, record.sha256, record.recipe, record.command) for record in records(folder)]


def mark_and_die(flag: Path, times: int) -> int:
    marks = len(list(flag.iterdir()))
    if marks < times:
        (flag / str(marks)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marks


def test_the_same_bytes_and_nothing_lost_when_a_worker_is_killed(cluster, tmp_path):
    photos = photos_in(tmp_path / "in", 4)
    recipes = [find("otsu-rgb"), find("channel-blur")]
    flag = tmp_path / "flag"
    flag.mkdir()
    death = cluster.submit(mark_and_die, flag, 1)
    report = run(Batch(recipes, tmp_path / "far").tasks(photos, 2), cluster, lambda *_: None, workers=cluster.count)
    assert death.result(120) == 1
    assert (report.failures, report.quarantined) == ([], [])
    assert all(finding.state == "sound" for finding in verify(tmp_path / "far"))

    class Here:
        def submit(self, fn, /, *args):
            from concurrent.futures import Future

            future: Future[object] = Future()
            future.set_result(fn(*args))
            return future

    run(Batch(recipes, tmp_path / "here").tasks(photos, 1), Here(), lambda *_: None, workers=1)
    assert known(tmp_path / "far") == known(tmp_path / "here") and len(known(tmp_path / "here")) == 8


def test_what_kills_every_worker_is_given_up(cluster, tmp_path):
    with pytest.raises(WorkerDiedError, match=r"died \d times"):
        cluster.submit(mark_and_die, tmp_path, 99).result(120)


def test_other_versions_are_told(cluster, monkeypatch):
    clusters.known_here.cache_clear()
    monkeypatch.setattr("artkit.__version__", "0.0.1")
    with pytest.raises(ArtkitError, match=r"^the scheduler has artkit \S+ \(here 0\.0\.1\); install the same"):
        cluster._check_versions()
    with pytest.raises(ArtkitError, match=r"^a worker has artkit \S+ \(here 0\.0\.1\)"):
        cluster.submit(len, "abc").result(60)
    clusters.known_here.cache_clear()


def test_the_command_uses_a_scheduler_and_says_when_there_is_none(cluster, scheduler, tmp_path):
    photos_in(tmp_path / "in", 2)
    arguments = ["batch", "otsu-rgb", "--photos", str(tmp_path / "in"), "--gallery", str(tmp_path / "g"), "--cluster"]
    done = CliRunner().invoke(app, [*arguments, scheduler])
    assert done.exit_code == 0, done.output
    assert len(records(tmp_path / "g")) == 2
    start = time.monotonic()
    nobody = CliRunner().invoke(app, [*arguments, f"tcp://127.0.0.1:{free_port()}", "--force"])
    assert nobody.exit_code == 1 and time.monotonic() < start + 30
    assert nobody.stderr.startswith("Error: --cluster tcp://127.0.0.1:") and len(nobody.stderr.splitlines()) == 1
