"""What a recipe's `[footage]` says of a moving picture that it is given: what is taken of it, and how it plays.

    [footage]
    trim = "1.5s..4s"
    ping_pong = true
    pause = 0.5

It counts where the photo is a moving picture, and nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Any

from artkit.artwork.animation import Indexing
from artkit.errors import UsageError
from artkit.footage.clip import STEADY, Clip, read_trim
from artkit.recipe.motion import MOST_FRAMES, Dither, Loop, Lossy, Matte, MostBytes, Quality, most_bytes
from artkit.registry import Op
from artkit.registry.declared import AfterValidator, BeforeValidator, Field


def _ends(text: str) -> str:
    read_trim(text)
    return text


def _numbers(value: Any) -> Any:
    """Read a text or one number as numbers; what is none is left for the check that follows."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, str):
        return value
    words = value.replace(",", " ").split()
    try:
        return [float(word) for word in words]
    except ValueError:
        return words


def clip(
    *,
    trim: Annotated[
        Annotated[str, AfterValidator(_ends)] | None,
        Field(description="Of a moving picture, the part that is taken: frames, 10..40, or seconds, 1.5s..4s."),
    ] = None,
    every: Annotated[
        int, Field(ge=1, le=MOST_FRAMES, description="Take only each N-th frame, and show it N times as long.")
    ] = 1,
    fps: Annotated[
        float | None, Field(gt=0, le=240, description="Frames per second that are taken, at the same speed.")
    ] = None,
    delay: Annotated[
        tuple[Annotated[float, Field(gt=0, le=655)], ...],
        BeforeValidator(_numbers),
        Field(description="Seconds that each frame is shown: one for all, or a list with one for each."),
    ] = (),
    pause: Annotated[float, Field(ge=0, le=600, description="Seconds that the last frame is shown longer.")] = 0.0,
    reverse: Annotated[bool, Field(description="Play from the end to the beginning.")] = False,
    ping_pong: Annotated[bool, Field(description="Play there, and the same way back.")] = False,
    loop: Loop = None,
    steady: Annotated[
        float,
        Field(
            ge=0,
            le=255,
            description="Levels by which a pixel may waver and still stand still, in the artwork as well; 0: none.",
        ),
    ] = STEADY,
    dither: Dither = None,
    lossy: Lossy = 0.0,
    quality: Quality = 90,
    matte: Matte = None,
    max_bytes: MostBytes = None,
) -> Clip:
    """Say what is taken of a moving picture, and how it plays."""
    if fps is not None and delay:
        raise UsageError("fps: delay says how long frames are shown already; leave out one of the two")
    asked = Indexing(dither=dither, lossy=lossy, quality=quality, matte=matte)
    indexing = asked if asked != Indexing() else None
    most = most_bytes(max_bytes)
    return Clip(trim, every, fps, delay, pause, reverse, ping_pong, loop, steady, indexing, most)


CLIP: Op[..., Clip] = Op(clip)
"""The declaration that `[footage]`, its schema and the commands' options are read from; it is no step."""
