"""Camera: photos seen by a camera that moves, round and round without a seam."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats
from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.importance.focus import Focus, focus_of
from artkit.ops import frame as geometry
from artkit.registry import op
from artkit.registry.declared import Field
from artkit.registry.parameters import FocusOn

Frames = Annotated[int, Field(ge=2, le=360, description="Frames of a round.")]
Delay = Annotated[float, Field(ge=0.02, le=10, description="Seconds that each frame is shown.")]
Side = Annotated[int, Field(ge=16, le=4096, description="Pixels of a frame's longer side, at most.")]

FADE = 0.45
"""Share of a round in which the picture gives way to itself as it was at the beginning, from the rim inwards."""

RING = 0.35
"""Width of the ring in which one gives way to the other, as a share of the way to the farthest corner."""

FLAT = 0.35
"""How far the foreground moves at the lower edge, as a share of what the subject does; the upper edge stays."""

UPRIGHT = 0.35
"""How far a camera that sways moves up and down, as a share of how far it moves aside."""

RAMP = 0.07
"""How far around the subject the picture is stretched, as a share of the longer side: nothing is torn, and nothing that
the photo does not show has to be made up."""


@op
def zoom_loop(
    image: Image,
    *,
    zoom: Annotated[float, Field(ge=1.05, le=8, description="How many times larger all becomes in a round.")] = 1.6,
    frames: Frames = 24,
    delay: Delay = 0.08,
    size: Side = 440,
    focus: FocusOn = "auto",
) -> Animation:
    """Zoom into the picture for ever: as it grows, the picture as it was closes in around it.

    The pace is even, and the last frame leads to the first. What stands out stays where it is. Transparent parts are
    white.
    """
    from artkit.raster import camera

    frame = camera.frame_size(image.width, image.height, size)
    source = geometry.resize(image.on_white(), size=max(frame) * camera.FINER).pixels
    seen = focus_of(focus, image)
    middle = (0.5, 0.5) if seen is None else _middle(seen)
    away = _distances(frame, middle)

    def made(i: int) -> Image:
        share = i / frames
        pixels = camera.zoomed(source, zoom ** (share + FADE), middle, frame)
        fade = (share - (1 - FADE)) / FADE
        if fade > 0:
            again = camera.zoomed(source, zoom ** (share + FADE - 1), middle, frame)
            begun = np.clip((fade * (1 + RING) - 1 + away) / RING, 0, 1)[..., None]
            pixels = camera.mixed(pixels, again, begun * begun * (3 - 2 * begun))
        return Image(pixels)

    return Animation(frames, made, delay=delay)


def _distances(size: tuple[int, int], middle: tuple[float, float]) -> Floats:
    """How far each pixel (H, W) is from the middle, in parts of the way to the farthest corner."""
    y, x = np.mgrid[: size[1], : size[0]] + 0.5
    away = np.hypot(x - middle[0] * size[0], y - middle[1] * size[1])
    return np.asarray(away / max(float(away.max()), 1e-9), np.float64)


def _middle(seen: Focus) -> tuple[float, float]:
    """The middle of what counts most, in shares of width and height; in 16ths, so that it is alike everywhere."""
    weight = seen.weight(64, 64).astype(np.float64)
    weight = np.maximum(weight - weight.mean(), 0) ** 2
    total = weight.sum()
    if not total > 0:
        return 0.5, 0.5
    places = (np.arange(64) + 0.5) / 64
    across, down = float((weight.sum(0) * places).sum() / total), float((weight.sum(1) * places).sum() / total)
    return round(across * 16) / 16, round(down * 16) / 16


@op
def parallax(
    image: Image,
    *,
    sway: Annotated[
        float, Field(gt=0, le=0.1, description="How far the subject moves to each side, as a share of the longer side.")
    ] = 0.014,
    frames: Frames = 20,
    delay: Delay = 0.09,
    size: Side = 440,
    focus: FocusOn = "auto",
    report: Callable[[str], None] | None = None,
) -> Animation:
    """Let the camera sway: the subject moves before what is behind it, the foreground a little.

    Around the subject the picture is stretched. Without a subject the foreground moves alone, and a line says
    so. Transparent parts are white.
    """
    from artkit.importance.subject import subject_of
    from artkit.raster import camera

    frame = camera.frame_size(image.width, image.height, size)
    source = geometry.resize(image.on_white(), size=max(frame) * camera.FINER)
    seen = focus_of(focus, image)
    subject = None if seen is None else subject_of(image, seen)
    if subject is None and seen is not None and report:
        report("parallax: no subject was found, so that the foreground moves alone; focus = X,Y,R says where it is")
    depth = _depth(subject, source.width, source.height, sway)
    free = 2.1 * sway * max(frame)  # so that no edge of the picture comes into sight
    zoom = 1 + max(free / frame[0], UPRIGHT * free / frame[1])

    def made(i: int) -> Image:
        turn = 2 * pi * i / frames
        by = sway * sin(turn), sway * UPRIGHT * cos(turn)
        return Image(camera.shifted(source.pixels, by, depth, zoom, frame))

    return Animation(frames, made, delay=delay)


def _depth(subject: Bools | None, width: int, height: int, sway: float) -> NDArray[np.float32]:
    """How near each pixel is, (H, W): 1 for the subject, falling off around it, and the foreground a little."""
    import cv2

    down = np.linspace(0, 1, height)[:, None]
    near = np.broadcast_to(FLAT * down * down, (height, width))
    if subject is not None and subject.any():
        side = max(width, height)
        inside = cv2.resize(subject.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        off = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).astype(np.float64)
        part = np.clip(1 - (off / side - sway) / RAMP, 0, 1)
        near = near + (1 - near) * part * part * (3 - 2 * part)
    return np.asarray(near, np.float32)
