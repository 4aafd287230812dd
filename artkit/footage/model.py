"""`Footage`: a moving picture that can be read, as its file or folder says."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from artkit.artwork.image import Image
from artkit.metadata.credits import Credits

PACE = 25.0
"""Frames per second where nothing says how long they last."""

QUICK, USUAL = 0.02, 0.1
"""Seconds: what is to last less than the first is shown for the second by every browser, and so it is here."""


@dataclass(frozen=True, eq=False)
class Footage:
    """A moving picture: `waits` are the seconds of its frames, `loop` how often it plays, 0 for ever.

    `frames` begins to decode them, each time anew; all are of one size, or a PhotoError says which is not. `sha256` is
    the digest of the file, or of its frames' digests. Frames of a folder are not `timed`: nothing says how long they
    last.
    """

    name: str
    sha256: str
    waits: tuple[float, ...]
    loop: int
    frames: Callable[[], Generator[Image, None, None]]
    timed: bool = True
    credits: Credits = field(default_factory=Credits)

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self.waits)

    @property
    def first(self) -> Image:
        """The first frame."""
        frames = self.frames()
        try:
            return next(frames)
        finally:
            frames.close()


def shown_for(seconds: float) -> float:
    """Give how long a frame of an animated file is shown that is to last so long."""
    return seconds if seconds >= QUICK else USUAL
