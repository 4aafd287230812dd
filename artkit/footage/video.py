"""Videos to frames, by ffmpeg: at an even pace, the right way up, in square pixels, without sound.

A first pass counts the frames and tells the pace, a second one gives them through a pipe, one after the other.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Generator
from fractions import Fraction
from functools import partial
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from artkit.artwork import ffmpeg
from artkit.artwork.image import Image
from artkit.errors import PhotoError
from artkit.footage.model import Footage
from artkit.interrupts import undoing
from artkit.limits import limit, within

FASTEST = 60
"""Frames per second that are taken at most; some files say that they have thousands."""

MOST = 100_000
"""Frames that are counted at most, where there is no limit."""


def video(source: str | bytes, kind: str, name: str, report: Callable[[str], None] = lambda line: None) -> Footage:
    """Give a video's frames; `kind` is what ffmpeg calls its format. A PhotoError says why it cannot be read."""
    program = ffmpeg.program(name, "save its frames as PNG files into a folder, which is taken as well")
    if isinstance(source, bytes):
        raise PhotoError(f"{name}: a video cannot be read from a pipe; name its file")
    with Path(source).open("rb") as file:
        within("file", os.fstat(file.fileno()).st_size, f"{name}: has")
        digest = file_digest(file, "sha256").hexdigest()
    waits = _waits(program, source, kind, name, report)
    return Footage(name, digest, waits, 0, partial(_frames, program, source, kind, name, len(waits)))


def _reading(program: str, source: str, kind: str) -> list[str]:
    """Give the beginning of a command that decodes the first video of a file, and reads nothing but that file."""
    pace = f"fps=fps='min(source_fps,{FASTEST})'"
    square = "scale=w='max(1,round(iw*sar))':h=ih:flags=bicubic+accurate_rnd+full_chroma_int+bitexact,setsar=1"
    quiet = [program, "-hide_banner", "-loglevel", "error", "-nostats", "-nostdin"]
    only = ["-protocol_whitelist", "file", "-f", kind, "-i", f"file:{source}"]
    return [*quiet, *only, "-map", "0:V:0", "-an", "-sn", "-dn", "-vf", f"{pace},{square}"]


def _waits(program: str, source: str, kind: str, name: str, report: Callable[[str], None]) -> tuple[float, ...]:
    """Count the frames, and give the seconds of each."""
    most = int(min(limit("frames") * 50, MOST))
    command = [*_reading(program, source, kind), "-frames:v", str(most), "-f", "framecrc", "pipe:1"]
    unit, count = Fraction(1, 25), 0
    with TemporaryFile() as said, _running(command, said) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"#tb 0:"):
                unit = Fraction(line.partition(b":")[2].strip().decode())
            count += not line.startswith(b"#") and line.count(b",") >= 5
        status = process.wait()
        complaint = _last_line(said)
    if not count:
        raise PhotoError(f"{name}: {_reason(complaint, status)}")
    if status or complaint:
        report(f"{name}: damaged in places ({complaint or status}); the {count} frames that can be read are taken")
    return (float(unit),) * count


def _reason(complaint: str, status: int) -> str:
    if "matches no streams" in complaint or "to the map" in complaint:
        return "a file of sound alone; a video has frames"
    if not complaint and not status:
        return "a video without a frame; copy it again from where it came"
    return f"ffmpeg cannot read it ({complaint or status}); copy it again from where it came, or save it as MP4"


def _frames(program: str, source: str, kind: str, name: str, count: int) -> Generator[Image, None, None]:
    """Give `count` frames; the last one once more where there are fewer this time."""
    command = [*_reading(program, source, kind), "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "pipe:1"]
    frame = None
    with TemporaryFile() as said, _running(command, said) as process:
        assert process.stdout is not None
        for _ in range(count):
            frame = _next_ppm(process.stdout) or frame
            if frame is None:
                raise PhotoError(f"{name}: {_reason(_last_line(said), process.wait())}")
            yield frame


class _running:
    """Runs a program whose output is read; it is ended when nobody reads on, or when this process is ended."""

    def __init__(self, command: list[str], said: IO[bytes]) -> None:
        self.command, self.said = command, said

    def __enter__(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.said
        )
        self.undoing = undoing(self.process.kill)
        self.undoing.__enter__()
        return self.process

    def __exit__(self, *_: object) -> None:
        self.undoing.__exit__(None, None, None)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def _next_ppm(stream: IO[bytes]) -> Image | None:
    """Read one picture as ffmpeg writes PPM: three lines of text, then the pixels; None at the end."""
    if stream.readline().strip() != b"P6":
        return None
    width, height = map(int, stream.readline().split())
    stream.readline()
    data = stream.read(width * height * 3)
    if len(data) < width * height * 3:
        return None
    return Image(np.frombuffer(data, np.uint8).reshape(height, width, 3))


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(1 << 20).decode(errors="replace").strip().splitlines()
    return re.sub(r"^\[[^\]]*\] ", "", lines[-1].strip())[:150] if lines else ""
