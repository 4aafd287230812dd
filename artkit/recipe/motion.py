"""What a recipe's `[animate]` says: which parameters change from frame to frame, how fast, and how frames are kept.

    [animate]
    frames = 36
    fps = 25
    vary = { "rotate-color.angle" = [0, 360], "blur.size" = [1, 75, 1] }

Each of `vary` gives the keyframes of a step's parameter: numbers that it goes through at an even pace. A cycle is
closed when every parameter ends where it began, or a whole number of turns from it (what goes from -360 to 360 is an
angle): its last frame is then one step before its first, so that it repeats without a seam and without a pause.
Otherwise the last frame has the last numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import cos, floor, pi
from typing import Annotated, Literal, NamedTuple

from artkit.artwork.animation import Animation, Indexing
from artkit.errors import UsageError
from artkit.registry import Op
from artkit.registry.colors import ColorName
from artkit.registry.declared import AfterValidator, Field
from artkit.tracer.budget import parse_bytes

Easing = Literal["linear", "ease-in", "ease-out", "ease-in-out"]

FRAMES = 36
"""Frames where neither their number nor the seconds are given."""

MOST_FRAMES = 10_000

FPS = 25.0


class Track(NamedTuple):
    """A parameter of step `step`, from 0, and its `keyframes`; numbers a `period` apart mean the same."""

    step: int
    name: str
    keyframes: tuple[float, ...]
    period: float | None = None

    @property
    def closed(self) -> bool:
        """Whether it ends where it begins."""
        difference = abs(self.keyframes[-1] - self.keyframes[0])
        return difference == 0 or (self.period is not None and difference % self.period == 0)


@dataclass(frozen=True)
class Motion:
    """Tracks of parameters over `count` frames of `delay` seconds each."""

    tracks: tuple[Track, ...]
    count: int
    delay: float
    easing: Easing = "linear"
    ping_pong: bool = False
    seamless: bool | None = None

    @property
    def closed(self) -> bool:
        """Whether the frame after the last one is the first."""
        if self.ping_pong:
            return True
        return all(track.closed for track in self.tracks) if self.seamless is None else self.seamless

    def at(self, i: int) -> list[tuple[Track, float]]:
        """Give each track with its number in frame i."""
        share = i / self.count if self.closed else i / max(self.count - 1, 1)
        return [(track, self._interpolated(track.keyframes, share)) for track in self.tracks]

    def _interpolated(self, keyframes: Sequence[float], share: float) -> float:
        if self.ping_pong:
            share = 1 - abs(1 - 2 * share)  # the way back has the numbers of the way there, to the last bit
        place = share * (len(keyframes) - 1)
        before = min(floor(place), len(keyframes) - 2)
        part = EASINGS[self.easing](place - before)
        return keyframes[before] + (keyframes[before + 1] - keyframes[before]) * part


EASINGS: dict[str, Callable[[float], float]] = {
    "linear": lambda t: t,
    "ease-in": lambda t: t * t,
    "ease-out": lambda t: t * (2 - t),
    "ease-in-out": lambda t: (1 - cos(pi * t)) / 2,
}
"""How the way from one number to the next is spent, each from 0 to 1."""


@dataclass(frozen=True)
class Settings:
    """What `[animate]` says, `vary` apart; `paced` tells whether it gives the pace of the frames."""

    count: int = FRAMES
    delay: float = 1 / FPS
    paced: bool = False
    loop: int = 0
    easing: Easing = "linear"
    ping_pong: bool = False
    seamless: bool | None = None
    indexing: Indexing = field(default_factory=Indexing)
    max_bytes: int | None = None

    def motion(self, tracks: Iterable[Track]) -> Motion:
        """Give the motion of these tracks."""
        return Motion(tuple(tracks), self.count, self.delay, self.easing, self.ping_pong, self.seamless)

    def applied(self, animation: Animation) -> Animation:
        """Give an animation that some step has made with what is set here of loop, pace and file."""
        return replace(
            animation,
            delay=self.delay if self.paced else animation.delay,
            loop=self.loop,
            indexing=self.indexing,
            max_bytes=self.max_bytes,
        )


OF_MOTION = frozenset({"frames", "seconds", "easing", "ping_pong", "seamless"})
"""Settings of parameters in motion: what a step has made an animation of has none."""

UNLIMITED = "none"
"""What stands for no limit, where a recipe has one."""


def _size(text: str) -> str:
    if text == UNLIMITED:
        return text
    try:
        packed = parse_bytes(text)[1]
    except UsageError as error:
        raise ValueError(str(error)) from None
    if packed:
        raise ValueError("animations are compressed already; leave out gzip")
    return text


Loop = Annotated[int | None, Field(ge=0, le=65535, description="How often it plays; 0, the usual, for ever.")]


def most_bytes(text: str | None) -> int | None:
    """Give a limit in bytes, None where there is none."""
    return None if text is None or text == UNLIMITED else parse_bytes(text)[0]


Dither = Annotated[
    bool | None,
    Field(
        description="Mix colors that a GIF lacks from dots, which stay in their places. If not given: only in smooth "
        "parts, which would show bands otherwise."
    ),
]
Lossy = Annotated[
    float,
    Field(ge=0, le=100, description="Levels that a GIF's pixels may be off for a smaller file; 5 hardly shows."),
]
Matte = Annotated[
    ColorName | None,
    Field(description="What a GIF's soft edges lie on, such as the page's color. If not given, edges are hard."),
]
Quality = Annotated[
    int,
    Field(ge=1, le=100, description="Quality of a WebP's frames; 100 is exact. Lines and flat colors always are."),
]
MostBytes = Annotated[
    Annotated[str, AfterValidator(_size)] | None,
    Field(
        description="The most that the file may take, such as 8MB: with pixels a few levels off, or less quality, then "
        "at a smaller size; none: no limit."
    ),
]


def animate(
    *,
    frames: Annotated[
        int | None, Field(ge=2, le=MOST_FRAMES, description="Number of frames, 36 where seconds are not given either.")
    ] = None,
    seconds: Annotated[
        float | None, Field(gt=0, le=3600, description="How long it lasts; frames are as many as that takes.")
    ] = None,
    fps: Annotated[
        float | None,
        Field(gt=0, le=240, description="Frames per second, 25 if not given. A GIF plays no more than 50."),
    ] = None,
    loop: Loop = None,
    easing: Annotated[
        Easing,
        Field(
            description="How a number changes on its way to the next: evenly, or slower at the beginning or the end."
        ),
    ] = "linear",
    ping_pong: Annotated[bool, Field(description="Play forwards, and then backwards.")] = False,
    seamless: Annotated[
        bool | None,
        Field(
            description="Leave out the last frame, as the first one follows it. If not given: if every number ends "
            "where it began, or a full turn later."
        ),
    ] = None,
    colors: Annotated[int, Field(ge=2, le=256, description="Colors of each frame of a GIF.")] = 256,
    palette: Annotated[
        Literal["auto", "one", "each"],
        Field(description="One table of colors for all frames of a GIF, or one for each; auto: one where it is exact."),
    ] = "auto",
    dither: Dither = None,
    lossy: Lossy = 0.0,
    quality: Quality = 90,
    matte: Matte = None,
    max_bytes: MostBytes = None,
) -> Settings:
    """Set in motion, and say how frames are kept."""
    if frames is not None and seconds is not None:
        raise UsageError(
            f"frames: {frames}: seconds, {seconds:g}, gives their number already; leave out one of the two"
        )
    rate = FPS if fps is None else fps
    count = frames or FRAMES if seconds is None else round(seconds * rate)
    if not 2 <= count <= MOST_FRAMES:
        fault = "one frame is no animation" if count < 2 else f"a recipe's animation ends at {MOST_FRAMES} frames"
        raise UsageError(f"seconds: {seconds:g} s of {rate:g} frames each: {fault}")
    # The time asked for is kept to the last bit where frames do not come out even.
    delay = seconds / count if seconds is not None else 1 / rate
    return Settings(
        count=count,
        delay=delay,
        paced=fps is not None or seconds is not None,
        loop=loop or 0,
        easing=easing,
        ping_pong=ping_pong,
        seamless=seamless,
        indexing=Indexing(colors, dither, lossy, palette, quality, matte),
        max_bytes=most_bytes(max_bytes),
    )


SETTINGS: Op[..., Settings] = Op(animate)
"""The declaration that `[animate]`, its schema and the command's options are read from; it is no step."""
