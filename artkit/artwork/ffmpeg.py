"""ffmpeg, which reads and writes videos: where its program is, and which version."""

from __future__ import annotations

import subprocess
from functools import cache
from shutil import which

from artkit.errors import UsageError


def program(what: str, way_out: str) -> str:
    """Give the path of ffmpeg's program: that of the package imageio-ffmpeg or, where it is not there, of the PATH.

    A UsageError names `what` needs it, and says how to get it, or the `way_out` without.
    """
    path = found()
    if not path:
        raise UsageError(
            f"{what}: video needs ffmpeg: install it, or pip install imageio-ffmpeg, or artkit's extra `video`; "
            f"or {way_out}"
        )
    return path


def version() -> str:
    """Give the version of the program that is there, such as 5.1.6; nothing where there is none."""
    path = found()
    return _version(path) if path else ""


def found() -> str:
    """Give the path of the program, nothing where there is none."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return which("ffmpeg") or ""


@cache
def _version(path: str) -> str:
    try:
        said = subprocess.run(
            [path, "-version"], capture_output=True, timeout=20, stdin=subprocess.DEVNULL, check=False
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    words = said.decode(errors="replace").split()
    return words[2] if words[:2] == ["ffmpeg", "version"] else ""
