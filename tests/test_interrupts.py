"""Signals end the command: with a line and a status, within a second wherever it is, and nothing half done is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.export import encode

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals for one process")

ENDS = {
    signal.SIGINT: (130, "Interrupted.\n"),
    signal.SIGTERM: (143, "Terminated.\n"),
    signal.SIGHUP: (129, "Hung up.\n"),
}

STUCK = {
    "a loop that passes over all exceptions": """
        while True:
            try:
                time.sleep(0.01)
            except BaseException:
                pass""",
    "a call into C that lets other threads run": "ctypes.CDLL(None).sleep(20)",
    "a long rendering": """
        from artkit.render import png
        disc = '<circle cx="1000" cy="1000" r="900" fill="url(#g)" opacity="0.5"/>'
        gradient = '<radialGradient id="g"><stop stop-color="red"/><stop offset="1"/></radialGradient>'
        root = '<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="2000">'
        png(root + gradient + 2000 * disc + '</svg>')""",
    "a callback of a library": """
        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        def compare(a, b):
            time.sleep(0.01)  # an exception in here is printed, and forgotten
            return 0
        numbers = (ctypes.c_int * 2000)()
        ctypes.CDLL(None).qsort(numbers, 2000, 4, compare)""",
}


def started(tmp_path: Path, body: str, ignored: tuple[int, ...] = ()) -> subprocess.Popen[str]:
    """A process in which `body` is a step of a recipe, that has said that it is there.

    A shell that started the tests in the background has them ignore Ctrl-C, and their children, too: ours do not.
    """
    (tmp_path / "stuck.py").write_text(
        "import ctypes, signal, time\n"
        f"for number in {[int(number) for number in ENDS]}:\n"
        f"    deaf = number in {[int(number) for number in ignored]}\n"
        "    signal.signal(number, signal.SIG_IGN if deaf else signal.SIG_DFL)\n"
        "from artkit.__main__ import main\n"
        "from artkit import Image, op\n"
        "@op\n"
        "def stick(image: Image) -> Image:\n"
        '    "Go on and on."\n'
        '    print("begun", flush=True)\n' + "".join(f"    {line}\n" for line in _lines(body)) + "    return image\n"
        "main()\n"
    )
    (tmp_path / "stick.toml").write_text('[[steps]]\nop = "stick"\n')
    Image(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "photo.png")
    process = subprocess.Popen(
        [sys.executable, "stuck.py", "apply", "stick.toml", "photo.png"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout and process.stdout.readline() == "begun\n"
    return process


SECONDS = 3.0
"""In which a process that is interrupted has ended: a few hundredths, unless the machine has much else to do."""


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def _lines(body: str) -> list[str]:
    lines = body.strip("\n").split("\n")
    return [line.removeprefix("        ") for line in lines]


@pytest.mark.parametrize("where", STUCK)
@pytest.mark.sample(2)
@pytest.mark.slow
def test_ctrl_c_ends_it_wherever_it_is(tmp_path, where):
    process = started(tmp_path, STUCK[where])
    before = sorted(tmp_path.iterdir())
    time.sleep(0.1)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (130, "", "Interrupted.\n")
    assert time.monotonic() - start < SECONDS
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("number", ENDS)
@pytest.mark.sample(2)
@pytest.mark.slow
def test_each_signal_has_its_line_and_its_status(tmp_path, number):
    process = started(tmp_path, "time.sleep(20)")
    process.send_signal(number)
    assert process.communicate(timeout=30)[1] == ENDS[number][1]
    assert process.returncode == ENDS[number][0]


@pytest.mark.slow
def test_what_it_was_started_to_ignore_it_ignores(tmp_path):
    process = started(tmp_path, "time.sleep(0.5)", ignored=(signal.SIGHUP, signal.SIGINT))
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 0


@pytest.mark.slow
def test_with_stderr_closed_the_line_goes_into_no_other_file(tmp_path):
    """The next file to be opened has stderr's number."""
    body = "import os; os.close(2); sys = __import__('sys'); sys.stderr = None; f = open('mine', 'w'); time.sleep(20)"
    process = started(tmp_path, body)
    wait_for(tmp_path / "mine")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    process.communicate()
    assert (tmp_path / "mine").read_text() == ""


@pytest.mark.slow
def test_a_change_of_several_files_ends_before_the_process(tmp_path):
    body = """
        from artkit.interrupts import uninterrupted
        import os
        with uninterrupted:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.2)
            open('second', 'w').close()
        open('third', 'w').close()"""
    process = started(tmp_path, body)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert (tmp_path / "second").exists() and not (tmp_path / "third").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_files_and_folders_under_way_are_removed(tmp_path, number):
    body = """
        from pathlib import Path
        from artkit.export import files, parts
        with files.writing(Path("art.svg")) as file, parts.folder_part(Path()) as folder:
            file.write(b"half")
            file.flush()
            (folder / "half").write_bytes(b"half")
            open("ready", "w").close()
            time.sleep(20)"""
    process = started(tmp_path, body)
    wait_for(tmp_path / "ready")
    assert len([*tmp_path.glob(".artkit-*.part")]) == 2
    process.send_signal(number)
    assert process.wait(timeout=30) == 128 + number
    process.communicate()
    assert not [*tmp_path.glob(".artkit*")] and not (tmp_path / "art.svg").exists()


@pytest.mark.slow
def test_a_change_of_files_that_does_not_end_is_not_waited_for(tmp_path):
    body = "from artkit.interrupts import uninterrupted\n        with uninterrupted: time.sleep(20)"
    process = started(tmp_path, body)
    time.sleep(0.1)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert time.monotonic() - start < SECONDS
    process.communicate()


@pytest.mark.slow
def test_what_is_under_way_is_undone_the_last_first(tmp_path):
    body = """
        from artkit.interrupts import undoing
        def undo(name):
            open('undone', 'a').write(name)  # in the other thread
        def fail():
            raise OSError('no')
        with undoing(lambda: undo('over')):
            pass
        with undoing(lambda: undo('first')), undoing(fail), undoing(lambda: undo('last ')):
            open('ready', 'w').close()
            time.sleep(20)"""
    process = started(tmp_path, body)
    wait_for(tmp_path / "ready")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert (tmp_path / "undone").read_text() == "last first"


@pytest.mark.slow
def test_what_fails_by_an_interruption_is_not_told_in_its_place(tmp_path):
    body = """
        import threading
        from artkit.interrupts import undoing
        killed = threading.Event()
        def kill():
            killed.set()  # as processes do whose end is not awaited
            time.sleep(0.5)
        with undoing(kill):
            open('ready', 'w').close()
            killed.wait()
            raise OSError('a worker is gone')"""
    process = started(tmp_path, body)
    wait_for(tmp_path / "ready")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1] == "Interrupted.\n"
    assert process.returncode == 130


def test_artkit_as_a_library_leaves_signals_alone():
    code = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
import artkit, artkit.cli, artkit.export.files, artkit.gallery.staging
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
assert signal.set_wakeup_fd(-1) == -1
"""
    subprocess.run([sys.executable, "-c", code], check=True)


BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""What is in a buffer when stdout fails is for Python to flush at its end."""


@pytest.mark.parametrize("line", ["--help", "--version", "presets", "apply --help", "ops"])
@pytest.mark.sample(2)
def test_stdout_that_is_closed_or_goes_away_is_no_fault(line):
    command = [sys.executable, "-m", "artkit", *line.split()]
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command], capture_output=True, env=BUFFERED, check=False
    )
    assert (closed.returncode, closed.stderr) == (0, b"")
    read, write = os.pipe()
    os.close(read)
    gone = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=BUFFERED, check=False)
    os.close(write)
    assert (gone.returncode, gone.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("line", ["--help", "--version", "presets", "apply --help", "ops --json", "trace - -o - -q"])
@pytest.mark.sample(2)
def test_stdout_on_a_full_disk_is_one_line(line):
    photo = encode(Image(np.zeros((8, 8, 3), np.uint8)), ".png")
    command = [sys.executable, "-m", "artkit", *line.split()]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, input=photo, stdout=full, stderr=subprocess.PIPE, env=BUFFERED, check=False)
    assert (done.returncode, done.stderr) == (1, b"Error: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.slow
def test_a_stderr_that_takes_nothing_does_not_stop_the_work(tmp_path):
    Image(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "photo.png")
    (tmp_path / "told.toml").write_text('[[steps]]\nop = "kmeans"\ncolors = 8\n[[steps]]\nop = "outline"\n')
    command = [sys.executable, "-m", "artkit", "apply", "told.toml"]
    noted = subprocess.run([*command, "photo.png", "-o", "a.svg"], cwd=tmp_path, capture_output=True, check=True)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*command, "photo.png", "-o", "b.svg"], cwd=tmp_path, stderr=full, check=False)
        failed = subprocess.run([*command, "none.png", "-o", "c.svg"], cwd=tmp_path, stderr=full, check=False)
        wrong = subprocess.run([*command, "photo.png", "-o", "c.xyz"], cwd=tmp_path, stderr=full, check=False)
    assert noted.stderr and (done.returncode, failed.returncode, wrong.returncode) == (0, 1, 2)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
