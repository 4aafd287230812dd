"""Many photos and recipes at once: all is made that can be, the same bytes as one by one."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from concurrent.futures import Executor, Future, wait
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.batch import Batch, WorkerDiedError, Workers, found, run
from artkit.batch.work import Outcome, Task
from artkit.cli import app
from artkit.errors import UsageError
from artkit.gallery import records
from artkit.gallery.verify import verify
from artkit.recipe import find


def painted(path: Path, seed: int, size: tuple[int, int] = (24, 16)) -> Path:
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    Pillow.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)).save(path)
    return path


@pytest.fixture
def run_cli():
    def run_(*arguments: str, status: int = 0):
        done = CliRunner().invoke(app, arguments, prog_name="artkit")
        assert done.exit_code == status, done.output
        return done

    return run_


@pytest.fixture(scope="module")
def workers():
    with Workers(2) as executor:
        yield executor


@pytest.fixture(scope="module")
def made(tmp_path_factory, workers):
    """A batch of three photos, one of which is none, and two recipes; its report and what was told."""
    folder = tmp_path_factory.mktemp("batch")
    photos = [str(painted(folder / "photos" / f"{k}.png", k)) for k in range(2)]
    photos.insert(1, str(folder / "photos" / "broken.png"))
    Path(photos[1]).write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    batch = Batch([find("otsu-rgb"), find("channel-blur")], folder / "gallery")
    told = []
    report = run(batch.tasks(photos, 2), workers, lambda task, outcome: told.append((task, outcome)), workers=2)
    return batch, photos, report, told


@pytest.mark.slow
def test_all_is_made_but_what_cannot_be_and_that_is_told(made):
    batch, photos, report, told = made
    assert (report.made, report.skipped, report.quarantined) == (4, 0, [])
    assert [(failure.photo, failure.preset) for failure in report.failures] == [(photos[1], "")]
    assert "copy the photo again" in report.failures[0].reason
    assert {task.photo for task, _ in told} == set(photos)
    assert all(finding.state == "sound" for finding in verify(batch.gallery))


def test_artworks_are_those_of_apply(made, tmp_path, run_cli):
    batch, photos, _, _ = made
    run_cli("apply", "channel-blur", photos[0], "--gallery", str(tmp_path))
    [alone] = records(tmp_path)
    same = next(record for record in records(batch.gallery) if record.name == alone.name)
    assert (same.sha256, same.recipe, same.command, same.changes) == (
        alone.sha256, alone.recipe, alone.command, alone.changes
    )  # fmt: skip


@pytest.mark.slow
def test_apply_and_demo_do_the_same_in_several_processes(made, tmp_path, run_cli):
    _, photos, _, _ = made
    arguments = ("apply", "channel-blur", *photos[:3], "--seed", "4", "--set", "channel-blur.size=9", "--json")
    [(one, one_told), (two, two_told)] = [
        (folder, run_cli(*arguments, "-j", jobs, "--gallery", str(folder), status=1))
        for jobs, folder in (("1", tmp_path / "1"), ("2", tmp_path / "2"))
    ]
    known = [
        [(record.name, record.sha256, record.recipe, record.command, record.changes) for record in records(folder)]
        for folder in (one, two)
    ]
    assert known[0] == known[1] and len(known[0]) == 2
    assert one_told.stderr == two_told.stderr and "broken.png" in one_told.stderr
    names = [[Path(told["file"]).name for told in json.loads(each.stdout)] for each in (one_told, two_told)]
    assert names[0] == names[1]


@pytest.mark.slow
def test_what_the_gallery_has_is_not_made_again_unless_it_must(made, workers):
    batch, photos, _, _ = made
    good = [photo for photo in photos if "broken" not in photo]
    assert list(batch.tasks(good, 2)) == []
    (batch.gallery / "records" / f"{records(batch.gallery)[0].name}.json").unlink()
    assert [len(task.recipes) for task in batch.tasks(good, 2)] == [1]
    again = Batch(batch.recipes, batch.gallery, force=True)
    report = run(again.tasks(good, 2), workers, lambda *_: None, workers=2)
    assert (report.made, len(records(batch.gallery))) == (4, 4)


def test_recipes_of_few_photos_are_shared_out(tmp_path):
    names = ["otsu-rgb", "channel-blur", "pixel-art", "poster", "waves"]
    batch = Batch([find(name) for name in names], tmp_path)
    tasks = list(batch.tasks(["a.jpg"], 1))
    assert len(tasks) == 3
    assert sorted(name for task in tasks for name, _ in task.recipes) == sorted(names)
    assert len(list(batch.tasks(["a.jpg"] * 50, 2))) == 50


def die(flag: Path, times: int) -> int:
    """Die by a signal so many times, each of which leaves a mark in a folder; then give the number of marks."""
    marks = len(list(flag.iterdir()))
    if marks < times:
        (flag / str(marks)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return marks


def fill(size: int) -> int:
    """Take so many bytes of memory for a while."""
    data = np.ones(size, np.uint8)
    time.sleep(1.5)
    return int(data[:: 1 << 20].sum())


def fail(text: str) -> None:
    raise UsageError(text)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_process_that_dies_takes_nothing_with_it(workers, tmp_path):
    twice, always = tmp_path / "twice", tmp_path / "always"
    twice.mkdir()
    always.mkdir()
    futures = [workers.submit(die, twice, 2), workers.submit(die, always, 99)]
    others = [workers.submit(len, "abc") for _ in range(5)]
    assert [future.result(60) for future in others] == [3] * 5
    assert futures[0].result(60) == 2
    with pytest.raises(WorkerDiedError, match=r"died 3 times \(by SIGKILL\)"):
        futures[1].result(60)
    assert len(list(always.iterdir())) == 3
    with pytest.raises(UsageError, match="own words"):
        workers.submit(fail, "own words").result(60)


def lambda_of(_: str) -> object:
    return lambda: None


def leave(status: int) -> None:
    raise SystemExit(status)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_what_a_process_gives_that_cannot_be_given_is_an_error_of_its_call_alone(workers):
    before = set(workers.pids)
    for call, given, why in ((lambda_of, "a", "lambda"), (leave, 3, "SystemExit: 3")):
        with pytest.raises(Exception, match=why):
            workers.submit(call, given).result(60)
    with pytest.raises(Exception, match="lambda"):
        workers.submit(lambda: None).result(60)
    assert before <= set(workers.pids)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_process_that_dies_between_calls_is_no_fault_of_the_next(tmp_path):
    with Workers(1, attempts=1) as executor:
        for _ in range(3):
            assert executor.submit(len, "abc").result(60) == 3
            os.kill(executor.pids[0], signal.SIGKILL)
            while executor.pids:
                time.sleep(0.01)


def rest(flag: Path) -> None:
    flag.touch()
    time.sleep(60)


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_an_error_ends_all_at_once_and_nobody_waits_for_what_will_not_come(tmp_path):
    with pytest.raises(KeyboardInterrupt), Workers(1) as executor:
        running = executor.submit(rest, tmp_path / "runs")
        waiting = [executor.submit(rest, tmp_path / "waits") for _ in range(3)]
        while not (tmp_path / "runs").exists():
            time.sleep(0.01)
        before = time.monotonic()
        raise KeyboardInterrupt
    assert time.monotonic() < before + 20
    assert executor.pids == []
    assert not (tmp_path / "waits").exists()
    assert isinstance(running.exception(1), WorkerDiedError)
    assert wait(waiting, 1).not_done == set()
    assert all(future.cancelled() for future in waiting)


class Deadly(Executor):
    """An executor in which recipes of some names, or all of some photos, end their process; the others are skipped."""

    def __init__(self, *deadly: str) -> None:
        self.deadly, self.tasks = deadly, []

    def submit(self, fn, /, *args, **kwargs):
        future: Future[Outcome] = Future()
        [task] = args
        self.tasks.append(task)
        if {task.photo, *(name for name, _ in task.recipes)} & set(self.deadly):
            future.set_exception(WorkerDiedError("its process died 3 times"))
        else:
            future.set_result(Outcome((), (), (), len(task.recipes)))
        return future


def test_a_recipe_that_ends_its_process_takes_no_other_with_it():
    tasks = [Task(photo, (("a", ""), ("b", ""), ("c", "")), "") for photo in ("1", "2")]
    report = run(tasks, Deadly("b"), lambda *_: None, workers=1)
    assert (report.skipped, report.failed, sorted(report.quarantined)) == (4, 2, ["1", "2"])
    assert sorted(failure[:2] for failure in report.failures) == [("1", "b"), ("2", "b")]
    executor = Deadly("1")
    report = run(tasks, executor, lambda *_: None, workers=1)
    assert (report.skipped, report.failed, report.quarantined) == (3, 3, ["1"])
    assert sorted(failure.preset for failure in report.failures) == ["a", "b", "c"]
    assert len([task for task in executor.tasks if task.photo == "1"]) <= 4


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system tells no process's memory")
@pytest.mark.parametrize("others", [False, True])
def test_who_ends_processes_clears_the_empty_folder_that_two_leave_to_each_other(others, tmp_path):
    from artkit.cli.batch import _killed

    (tmp_path / ".artkit").mkdir()
    if others:  # another command has something under way
        (tmp_path / ".artkit" / "theirs").mkdir()
    with Workers(2) as workers:
        _killed(workers, tmp_path)
    assert (tmp_path / ".artkit").exists() == others


def test_memory_is_kept_to():
    with Workers(2, memory=700e6) as executor:
        small = [executor.submit(fill, 100 << 20) for _ in range(2)]
        large = executor.submit(fill, 900 << 20)
        assert [future.result(60) for future in small] == [100, 100]
        with pytest.raises(WorkerDiedError, match=r"died (once|twice|2 times) \(it took more than the 0.7 GB"):
            large.result(60)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_workers_killed_at_random_lose_nothing(tmp_path):
    """Every so often the system kills a process: all artworks are there in the end, and all are sound."""
    photos = [str(painted(tmp_path / "photos" / f"{k:02}.png", k)) for k in range(20)]
    batch = Batch([find("otsu-rgb"), find("channel-blur")], tmp_path / "gallery")
    rng = np.random.default_rng(5)
    killed = 0
    with Workers(2, attempts=10) as executor:

        def told(*_: object) -> None:
            nonlocal killed
            if rng.random() < 0.35 and executor.pids:
                os.kill(executor.pids[int(rng.integers(len(executor.pids)))], signal.SIGKILL)
                killed += 1

        report = run(batch.tasks(photos, 2), executor, told, workers=2)
    assert killed >= 4
    assert (report.failures, report.quarantined) == ([], [])
    assert len(records(batch.gallery)) == 40
    assert all(finding.state == "sound" for finding in verify(batch.gallery))


def test_photos_are_found_in_folders_patterns_and_lists(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("b/2.JPG", "b/1.png", "b/c/3.webp", "b/.hidden/4.png", "b/notes.md", "5.png"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    Path("b/list.txt").write_text("# the best\n1.png\n\n../5.png\n")
    inside = ["b/1.png", "b/2.JPG", "b/c/3.webp"]
    assert found(["b"]) == inside
    assert found(["b/**/*.webp"]) == ["b/c/3.webp"]
    assert found(["*/[0-9].*"]) == ["b/1.png", "b/2.JPG"]
    assert found(["b/list.txt"]) == ["b/../5.png", "b/1.png"]
    assert found(["5.png", "b", "5.png"]) == ["5.png", *inside]
    assert found(["b", "5.png"], gallery=Path("b/c")) == ["b/1.png", "b/2.JPG", "5.png"]
    assert found(["b/c", "b/c/3.webp"], gallery="b") == ["b/c/3.webp"]
    assert found(["b/**/*.webp"], gallery="b/") == ["b/c/3.webp"]
    Path("empty").mkdir()
    for source, why in (("x*.png", "fits this pattern"), ("empty", "in this folder")):
        with pytest.raises(UsageError, match=f"^{source[0]}.*: no photo .*{why}"):
            found([source])


@pytest.mark.slow
def test_the_command_makes_lists_and_goes_on(tmp_path, run_cli):
    for k in range(2):
        painted(tmp_path / "in" / f"{k}.png", k)
    Path(tmp_path / "in" / "z.png").write_bytes(b"no picture")
    arguments = ("batch", "otsu-rgb", "--photos", str(tmp_path / "in"), "--gallery", str(tmp_path / "g"), "-j", "2")
    first = run_cli(*arguments, status=1)
    assert len(first.stdout.splitlines()) == 2
    assert "z.png: " in first.stderr and "1 failed" in first.stderr and "2 artworks" in first.stderr
    assert (tmp_path / "g" / "index.html").is_file()
    second = run_cli(*arguments, "--json", status=1)
    told = json.loads(second.stdout)
    assert (told["made"], len(told["failed"])) == ([], 1)
    assert "2 were there already" in second.stderr


def test_a_folder_that_cannot_be_read_is_told_and_the_rest_done(tmp_path, monkeypatch):
    for name in ("1.png", "open/2.png", "shut/3.png"):
        painted(tmp_path / name, 1)
    scandir = os.scandir

    def refusing(path):
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    odd: list[str] = []
    assert [Path(photo).name for photo in found([str(tmp_path)], odd.append)] == ["1.png", "2.png"]
    assert [line.removeprefix(str(tmp_path)) for line in odd] == [
        "/shut: the folder cannot be read (Permission denied); its photos are left out"
    ]


def test_a_gallery_that_takes_nothing_is_one_line_before_any_work(tmp_path, run_cli, monkeypatch):
    painted(tmp_path / "in" / "1.png", 1)
    arguments = ("batch", "otsu-rgb", "--photos", str(tmp_path / "in"), "--gallery", str(tmp_path / "g"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("artkit.export.files.os.fsync", full)
    monkeypatch.setattr("artkit.batch.Workers", None)
    done = run_cli(*arguments, status=1)
    assert re.fullmatch(r"Error: .*: the disk is full; make room or choose another folder\n", done.stderr)
    assert list((tmp_path / "g").rglob("*.part")) == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("otsu-rgb", "--photos", "nowhere-at-all*"), "no photo fits this pattern"),
        (("otsu-rgb", "--photos", ".", "--memory", "lots"), "--memory lots: takes a size"),
        (("oxu-rgb", "--photos", "."), "did you mean otsu-rgb"),
    ],
)
def test_what_cannot_be_is_one_line(arguments, why, run_cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    painted(tmp_path / "a.png", 1)
    assert why in run_cli("batch", *arguments, status=2).stderr
