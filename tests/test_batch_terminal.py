"""A batch on a terminal: one bar that leaves no trace; after Ctrl-C nothing is half done, and nobody is left."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from artkit.gallery import records
from artkit.gallery.verify import verify

pty = pytest.importorskip("pty", reason="no terminals")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

ROOT = Path(__file__).parent.parent


def screen(text: str, columns: int) -> list[str]:
    """The lines that a terminal shows after all of a text; it knows what rich and artkit write, and nothing else."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[?\d;]*[A-Za-z]|\r|\n|[^\x1b\r\n]", text):
        if part == "\r":
            column = 0
        elif part == "\n":
            row += 1
            column = 0
        elif part.startswith("\x1b["):
            count, kind = part[2:-1], part[-1]
            assert kind in "AKmhl" and (kind != "K" or count in ("", "2")), repr(part)
            if kind == "A":
                row -= int(count or 1)
                assert row >= 0
            elif kind == "K":
                lines[row] = lines[row][:column] if count == "" else ""
        else:
            if column == columns:
                row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
            lines[row] = lines[row].ljust(column)[:column] + part + lines[row][column + 1 :]
            column += 1
        lines += [""] * (row + 1 - len(lines))
    return [line.rstrip() for line in lines]


class Terminal:
    """A command that runs on a terminal of so many columns."""

    def __init__(self, columns: int, *arguments: str) -> None:
        import struct

        self.text, self.columns = "", columns
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP)}
        for number in signals:  # a shell that started the tests in the background has them ignore it
            signal.signal(number, signal.SIG_DFL)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LEADS, *arguments],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": ""},
        )  # fmt: skip
        for number, handler in signals.items():
            signal.signal(number, handler)
        os.close(slave)

    def read(self, until: str = "\0", seconds: float = 120) -> str:
        """Read until the command ends, or has written what fits a pattern."""
        import select

        end = time.monotonic() + seconds
        while not re.search(until, self.text):
            assert time.monotonic() < end, self.text
            if select.select([self._master], [], [], 0.2)[0]:
                try:
                    data = os.read(self._master, 65536)
                except OSError:
                    break
                if not data:
                    break
                self.text += data.decode()
        return self.text

    def press(self, keys: bytes) -> None:
        os.write(self._master, keys)


_LEADS = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv[0] = "artkit"
from artkit.__main__ import main
main()
"""


def painted(folder: Path, count: int) -> Path:
    folder.mkdir()
    for k in range(count):
        pixels = np.random.default_rng(k).integers(0, 256, (16, 24, 3), dtype=np.uint8)
        Pillow.fromarray(pixels).save(folder / f"a photo with a name that is long enough for two lines {k}.png")
    return folder


def children(pid: int) -> set[int]:
    """The processes that descend from one, as far as the system tells."""
    found, waiting = set(), [pid]
    while waiting:
        for tasks in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            new = {int(word) for word in tasks.read_text().split()} - found
            found |= new
            waiting += new
    return found


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 40])
def test_a_bar_leaves_no_trace(columns, tmp_path):
    photos = painted(tmp_path / "in", 6)
    (photos / "bad.png").write_bytes(b"no picture")
    terminal = Terminal(
        columns, "batch", "otsu-rgb", "--photos", str(photos), "--gallery", str(tmp_path / "g"), "-j", "1"
    )
    text = terminal.read()
    assert terminal.process.wait(20) == 1
    assert "a minute" in text and "\x1b[?25h" in text
    shown = "".join(line.ljust(columns) for line in screen(text, columns))
    for record in records(tmp_path / "g"):
        assert record.path.name in shown
    assert "━" not in shown and " left, " not in shown, shown


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system tells no process's children")
def test_ctrl_c_leaves_nothing_half_done_and_nobody(tmp_path):
    photos, gallery = painted(tmp_path / "in", 60), tmp_path / "g"
    terminal = Terminal(80, "batch", "otsu-rgb", "waves", "--photos", str(photos), "--gallery", str(gallery), "-j", "2")
    terminal.read(r"\.(svg|png)\r")
    ours = children(terminal.process.pid)
    assert len(ours) >= 3
    terminal.press(b"\x03")
    text = terminal.read(seconds=20)
    assert terminal.process.wait(10) == 130, text[-2000:]
    assert "Interrupted." in text and "Traceback" not in text
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in ours):
        assert time.monotonic() < until, ours
        time.sleep(0.05)
    assert not (gallery / ".artkit").exists()
    made = records(gallery)
    assert 1 <= len(made) < 120
    assert all(finding.state == "sound" for finding in verify(gallery))
    assert {path.stem for path in gallery.iterdir() if path.suffix in (".svg", ".png")} == {each.name for each in made}
