"""Animations to MP4 (H.264) and WebM (VP9), by ffmpeg: that of the package imageio-ffmpeg, or the one on the PATH.

Videos have no loop of their own and no transparency here: what is transparent is white. Sides are even, so a last odd
row or column is repeated. They run at one pace: a frame that lasts longer than others is written several times.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from math import gcd
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile, gettempdir
from typing import BinaryIO

import numpy as np

from artkit.artwork import ffmpeg
from artkit.artwork.animation import Animation
from artkit.artwork.formats import Note
from artkit.errors import ArtkitError
from artkit.export import parts
from artkit.export.frames import check_sizes, delays
from artkit.interrupts import undoing

_LARGEST = 16_384

_CODECS = {
    ".mp4": ["-c:v", "libx264", "-preset", "medium", "-crf", "18", "-movflags", "+faststart"],
    ".webm": ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "28", "-row-mt", "1", "-deadline", "good", "-cpu-used", "3"],
}
"""Codecs with their measures of quality: what they lose is hard to see."""


def write_mp4(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the animation as MP4, played once: players loop it where they are told to."""
    _write(animation, file, ".mp4", metadata)


def write_webm(animation: Animation, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the animation as WebM, played once: players loop it where they are told to."""
    _write(animation, file, ".webm", metadata)


def _write(animation: Animation, file: BinaryIO, suffix: str, metadata: Mapping[str, str]) -> None:
    program = ffmpeg.program(suffix, "use .gif or .webp")
    rate, times = _paced(animation)
    place = Path(gettempdir())
    parts.clear(place)
    process: subprocess.Popen[bytes] | None = None

    def kill() -> None:
        if process is not None:
            process.kill()

    with parts.folder_part(place) as folder, TemporaryFile() as said, undoing(kill):
        path = folder / f"video{suffix}"
        try:
            for i, frame in enumerate(check_sizes(animation, "video", _LARGEST)):
                pixels = frame.on_white().pixels
                odd = pixels.shape[0] % 2, pixels.shape[1] % 2
                if any(odd):
                    pixels = np.pad(pixels, ((0, odd[0]), (0, odd[1]), (0, 0)), "edge")
                if process is None:
                    size = f"{pixels.shape[1]}x{pixels.shape[0]}"
                    command = [program, *_arguments(size, rate, suffix, metadata), str(path)]
                    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)
                assert process.stdin is not None
                data = np.ascontiguousarray(pixels).tobytes()
                for _ in range(times[i]):
                    process.stdin.write(data)
            assert process is not None and process.stdin is not None
            process.stdin.close()
            status = process.wait()
        except BrokenPipeError:  # it has given up, and its words say why
            status = process.wait() if process else 1
        finally:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
            if process is not None and process.stdin is not None:
                with suppress(BrokenPipeError):
                    process.stdin.close()
        if status or not path.exists():
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or [f"status {status}"]
            raise ArtkitError(f"{suffix}: ffmpeg failed ({lines[-1].strip()}); use .gif or .webp")
        with path.open("rb") as made:
            copyfileobj(made, file)


def _paced(animation: Animation) -> tuple[Fraction, list[int]]:
    """Give frames per second, and how often each frame is written at that pace so that it lasts as long as it should.

    Delays that have no common measure of a hundredth of a second or more are kept to a fiftieth.
    """
    if animation.delays is None:
        return 1 / Fraction(animation.delay).limit_denominator(100_000), [1] * animation.count
    tick = gcd(*delays(animation, 0.001))
    unit = tick / 1000 if tick >= 10 else 1 / 50
    return 1 / Fraction(unit).limit_denominator(1000), [max(times, 1) for times in delays(animation, unit)]


def _arguments(size: str, rate: Fraction, suffix: str, metadata: Mapping[str, str]) -> list[str]:
    words = {"title": metadata.get("title", ""), "comment": metadata.get("recipe", "")}
    tags = [part for key, text in words.items() if text for part in ("-metadata", f"{key}={_plain(text)}")]
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", str(rate), "-i", "pipe:0"]
    # Full-range RGB becomes the video range of Rec. 709, which is what players assume; accurate rounding is slower.
    color = [
        "-vf",
        "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+bicubic,format=yuv420p",
    ]
    marks = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "iec61966-2-1", "-color_range", "tv"]
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact"]
    quiet = ["-hide_banner", "-loglevel", "error", "-nostats", "-y"]
    return [*quiet, *source, *color, *_CODECS[suffix], *marks, *exact, *tags, "-an"]


def _plain(text: str) -> str:
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    return text if sys.platform != "win32" else text[:8000]  # Windows ends command lines at 32,767 characters
