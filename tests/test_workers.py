"""Several threads work on one picture: what they make comes in order, and the bytes are those of one thread."""

from __future__ import annotations

import multiprocessing
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import artkit
from artkit import workers
from artkit.artwork.image import Image
from artkit.batch.slot import ONE_THREAD
from artkit.errors import UsageError
from artkit.ops.filter import bilateral, median
from artkit.ops.trace import trace
from artkit.planar import sight, spline
from artkit.raster import bands
from artkit.raster.opencv import without_ipp
from artkit.spans import recording, span
from artkit.tracer import closeness, halved, photos
from artkit.tracer.lines import ridges
from artkit.tracer.regions import masking, relax, seen, superpixels
from artkit.workers import VARIABLE, beside, cores, mapped, threads


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set how many threads work on a picture."""
    return lambda count: monkeypatch.setenv(VARIABLE, str(count))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_results_come_in_the_order_of_their_parts(several, count):
    several(count)
    late = threading.Event()

    def square(number: int) -> int:
        if count > 1 and number == 0:
            assert late.wait(10)  # the first part is done after the second one
        if number == 1:
            late.set()
        return number * number

    assert list(mapped(square, range(40))) == [number * number for number in range(40)]


def test_parts_are_worked_on_at_the_same_time_by_as_many_threads_as_are_asked_for(several):
    several(3)
    meeting = threading.Barrier(3)
    assert len({thread for thread, _ in mapped(lambda _: (threading.get_ident(), meeting.wait(10)), range(3))}) == 3


@pytest.mark.parametrize("count", [1, 2, 5])
def test_no_more_is_begun_than_is_asked_for_and_one_for_each_thread(several, count):
    several(count)
    taken: list[int] = []

    def parts():
        for number in range(100):
            taken.append(number)
            yield number

    results = mapped(lambda number: number, parts(), ahead=2)
    for number in range(10):
        assert next(results) == number
    assert len(taken) <= 10 + (count + 2 if count > 1 else 0)
    results.close()


@pytest.mark.parametrize("count", [1, 3])
def test_an_error_comes_where_its_result_would_and_nothing_more_is_taken(several, count):
    several(count)
    done = []

    def odd(number: int) -> int:
        if number == 5:
            raise ValueError("five")
        return number

    with pytest.raises(ValueError, match="five"):
        for found in mapped(odd, range(1000)):
            done.append(found)
    assert done == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("count", [1, 2])
def test_what_is_done_beside_gives_its_result_or_its_error(several, count):
    several(count)
    own, found = threading.get_ident(), beside(threading.get_ident)
    assert (found() == own) == (count == 1)
    with pytest.raises(ZeroDivisionError):
        beside(lambda: 1 // 0)()


def test_a_part_of_a_part_stays_in_its_thread(several):
    several(2)

    def inner(_: int) -> list[bool]:
        own = threading.get_ident()
        return [own == other for other in mapped(lambda _: threading.get_ident(), range(4))]

    assert list(mapped(inner, range(4))) == [[True] * 4] * 4


def test_threads_that_help_record_nothing_and_keep_what_is_set_for_the_thread(several):
    import cv2

    several(2)

    def look(_: int) -> tuple[bool, str]:
        with span("helping"):
            return bool(cv2.ipp.useIPP()), np.geterr()["divide"]

    with recording() as spans, without_ipp(), np.errstate(divide="ignore"):
        assert set(mapped(look, range(8))) == {(False, "ignore")}
    assert not spans


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_has_threads_of_its_own(several):
    several(2)
    assert list(mapped(abs, range(9))) == list(range(9))
    child = multiprocessing.get_context("fork").Process(target=lambda: list(mapped(abs, range(9))))
    child.start()
    child.join(20)
    code = child.exitcode
    child.kill()
    assert code == 0


def test_there_are_as_many_as_cores_or_as_the_variable_says():
    assert threads({}) == min(cores(), 8)
    assert threads({VARIABLE: " 3 "}) == 3
    assert "ARTKIT_THREADS" in ONE_THREAD  # processes of a batch are as many as there are cores


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "257", "9" * 99, "٣"])
def test_what_is_no_number_of_threads_is_refused_in_one_line(text):
    with pytest.raises(UsageError) as raised:
        threads({VARIABLE: text})
    assert str(raised.value).startswith(f"ARTKIT_THREADS={text[:40]}: is no number of threads; write 1 to 256")


def photo(height: int, width: int) -> Image:
    """Clouds with grain, an edge and a thin line: enough for all that looks at a photo."""
    chance = np.random.default_rng(5)
    y, x = np.mgrid[:height, :width]
    waves = [np.sin(x / a + y / b + k) * 50 for k, (a, b) in enumerate([(31, 47), (17, -29), (-41, 13)])]
    levels = 120 + np.stack(waves, axis=2) + chance.normal(0, 6, (height, width, 3))
    levels[(x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 4) ** 2] += (60, -40, 10)
    levels[np.abs(y - 0.3 * x - 20) < 0.8] = (250, 250, 240)
    return Image(np.clip(levels, 0, 255).astype(np.uint8))


@pytest.fixture
def many_parts(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Let all that works on parts have many of them of a small picture; names of the threads that worked on some."""
    for module, name, amount in (
        (superpixels, "BAND", 1 << 13), (masking, "BAND", 1 << 11), (seen, "BAND", 1 << 11), (relax, "AT_ONCE", 200),
        (spline, "GROUP", 500), (sight, "AT_ONCE", 100), (ridges, "BAND", 1 << 13), (closeness, "BAND", 1 << 12),
        (halved, "ROWS", 10), (bands, "WIDE", 1 << 12), (bands, "LONG", 1 << 12),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, amount)
    names: set[str] = set()
    move = relax._move

    def noted(*args: Any, **more: Any) -> None:
        names.add(threading.current_thread().name)
        move(*args, **more)

    monkeypatch.setattr(relax, "_move", noted)
    return names


@pytest.mark.parametrize("large", [False, True])
def test_a_traced_photo_has_the_same_bytes_with_any_number_of_threads(several, many_parts, monkeypatch, large):
    if large:  # borders are looked for at half the size, blocks are even from the start
        for module, name, amount in ((photos, "LARGE", 1 << 14), (photos, "ROOMY", 10), (superpixels, "LARGE", 1)):
            monkeypatch.setattr(module, name, amount)
    made = {}
    for count in (1, 2, 5):
        several(count)
        many_parts.clear()
        drawing = trace(photo(180, 260), kind="photo")
        made[count] = drawing.to_svg(), drawing.facts
        assert all(name.startswith("artkit") for name in many_parts) == (count > 1), many_parts
    assert made[1] == made[2] == made[5]


def test_a_small_photo_is_traced_by_one_thread_unless_more_are_asked_for(several, many_parts, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(workers, "cores", lambda: 3)
    trace(photo(90, 130), kind="photo")
    assert many_parts == {threading.current_thread().name}
    many_parts.clear()
    monkeypatch.setattr(workers, "PAYS", 90 * 130)
    trace(photo(90, 130), kind="photo")
    assert many_parts and all(name.startswith("artkit") for name in many_parts)


@pytest.mark.parametrize("blur", [lambda image: median(image, size=9), bilateral])
def test_a_filter_in_bands_has_the_same_pixels_with_any_number_of_threads(several, many_parts, blur):
    made = []
    for count in (1, 2, 5):
        several(count)
        made.append(blur(photo(150, 130)).pixels)
    assert (made[0] == made[1]).all() and (made[0] == made[2]).all()


def test_a_wrong_number_of_threads_ends_the_command_in_one_line(tmp_path: Path):
    image = tmp_path / "photo.png"
    artkit.save(photo(40, 50), image)
    done = subprocess.run(
        [sys.executable, "-m", "artkit", "trace", "--kind", "photo", str(image), "-o", str(tmp_path / "a.svg")],
        env=os.environ | {VARIABLE: "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].endswith("ARTKIT_THREADS=many: is no number of threads; write 1 to 256")


_HEAPS = """
import ctypes, threading
from artkit.__main__ import one_heap
if {wanted}: one_heap()
meeting = threading.Barrier(4)
def take():
    kept = [bytearray(9_000) for _ in range(50)]
    meeting.wait(10)
threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has its own ways")
def test_threads_of_the_command_share_one_heap():
    heaps = []
    for wanted in (True, False):
        text = _HEAPS.format(wanted=wanted)
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
        heaps.append(done.stdout.count("<heap nr="))
    assert heaps[0] == 1 < heaps[1]
