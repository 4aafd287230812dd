"""Animation: pictures, regions and drawings in motion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Annotated, Literal

import numpy as np

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.drawing import AnimatedDrawing, Drawing, Gradient, Layer, Shape, Times, boxes, length
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.chance import random_palette
from artkit.color.distinct import recolored
from artkit.color.palette import by_lightness, name_of, parse
from artkit.color.rotation import Space, rotator
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from artkit.registry import Only, op
from artkit.registry.colors import ColorOrNone
from artkit.registry.declared import Field
from artkit.registry.parameters import Turn


@op
def color_cycle(
    image: Image,
    *,
    frames: Annotated[int, Field(ge=2, le=360, description="Frames of the full turn.")] = 20,
    axis: Annotated[Turn, Only("space", ("sigmoid", "linear"))] = "red",
    space: Annotated[Space, Field(description="Where colors turn; see rotate-color.")] = "sigmoid",
    reverse: Annotated[bool, Field(description="Turn the other way round.")] = False,
    delay: Annotated[float, Field(ge=0.02, le=10, description="Seconds that each frame is shown.")] = 0.08,
) -> Animation:
    """Turn all colors once around, in a loop without a seam: the first frame is the photo."""
    step = -360 / frames if reverse else 360 / frames

    def turned(i: int, source: Image | Labels) -> Image:
        source = Image.of(source)
        return source if i == 0 else source.with_pixels(recolored(source.pixels, rotator(i * step, axis, space)))

    return PaletteAnimation.of(image, frames, turned, delay=delay)


@op
def palette_cycle(
    labels: Labels,
    *,
    palettes: Annotated[int, Field(ge=2, le=36, description="Random palettes that flow into one another.")] = 4,
    frames: Annotated[int, Field(ge=2, le=360, description="Frames of the whole round.")] = 48,
    rest: Annotated[
        float, Field(ge=0, le=0.9, description="Share of the time for which each palette stands still.")
    ] = 0.25,
    order: Annotated[
        Literal["lightness", "chance"],
        Field(description="The darkest color for the darkest region and so on, or shuffled anew in each palette."),
    ] = "lightness",
    delay: Annotated[float, Field(ge=0.02, le=10, description="Seconds that each frame is shown.")] = 0.06,
    rng: np.random.Generator | None = None,
) -> Animation:
    """Let one random palette after the other flow over the regions, round and round, mixed in OKLab."""
    rng = rng or np.random.default_rng(0)
    count = len(labels.palette)
    rank = np.empty(count, np.intp)
    rank[by_lightness(labels.palette)] = np.arange(count)
    drawn = [random_palette(count, rng) for _ in range(palettes)]
    stops = srgb_to_oklab(np.stack([rng.permutation(colors) if order == "chance" else colors for colors in drawn]))

    def painted(i: int, source: Image | Labels) -> Labels:
        place = i * palettes / frames
        before = int(place)
        part = np.clip((place - before - rest) / (1 - rest), 0, 1)
        mixed = stops[before] + (stops[(before + 1) % palettes] - stops[before]) * (part * part * (3 - 2 * part))
        assert isinstance(source, Labels)
        return Labels(source.ids, oklab_to_srgb(mixed)[rank])

    return PaletteAnimation.of(labels, frames, painted, delay=delay)


@op
def draw(
    drawing: Drawing,
    *,
    seconds: Annotated[float, Field(gt=0, le=600, description="How long the drawing takes.")] = 6.0,
    hold: Annotated[float, Field(ge=0, le=600, description="Seconds for which it stands there complete.")] = 2.0,
    loop: Annotated[int, Field(ge=0, le=65535, description="How often it is drawn; 0 for ever.")] = 0,
    order: Annotated[
        Literal["long", "layers", "top", "left", "middle"],
        Field(description="Which lines come first: long ones, those of the lowest layer, or by where they are."),
    ] = "long",
    pens: Annotated[int, Field(ge=1, le=1000, description="How many lines are drawn at a time, about.")] = 12,
    width: Annotated[
        float, Field(gt=0, le=100, description="Width of the outlines that filled shapes are drawn with, in pixels.")
    ] = 1.0,
    ink: Annotated[ColorOrNone, Field(description='Color of those outlines; "none": that of the fill.')] = "none",
    fps: Annotated[
        float, Field(gt=0, le=50, description="Frames per second, for the formats that have frames.")
    ] = 20.0,
) -> AnimatedDrawing:
    """Draw the drawing line by line, as an SVG that plays by itself, or as a GIF.

    Lines grow at an even pace. Filled shapes are outlined first, and filled as soon as their outline is there; with an
    ink, the outlines stay on top.
    """
    shapes = [(layer, shape) for layer in drawing.layers for shape in layer.shapes]
    starts = _starts([shape for _, shape in shapes], order, seconds, pens)
    fade = min(FADE, seconds)
    tables, traces, traced = [], [], []
    at = 0
    for layer in drawing.layers:
        own = starts[at : at + len(layer.shapes)]
        at += len(layer.shapes)
        filled = np.array([shape.fill is not None for shape in layer.shapes], np.bool_)
        tables.append(np.where(filled[:, None], own[:, 1:] + [0, fade], own))
        lines = [Shape(shape.paths, stroke=_line_color(shape, ink)) for shape in layer.shapes if shape.fill is not None]
        if lines:
            traced.append(Layer(lines, f"{layer.name} outlines".strip(), width))
            traces.append(own[filled])
    above = ink != "none"
    kept = {each.name: getattr(drawing, each.name) for each in fields(Drawing)}
    kept["layers"] = [*drawing.layers, *traced] if above else [*traced, *drawing.layers]
    times = (*tables, *traces) if above else (*traces, *tables)
    return AnimatedDrawing(**kept, seconds=seconds + hold, times=times, loop=loop, fps=fps)


FADE = 0.5
"""Seconds in which a fill appears."""


def _starts(shapes: Sequence[Shape], order: str, seconds: float, pens: int) -> Times:
    """Give each shape's time: at one pace, as many lines at once as there are pens, and the last done in time."""
    lengths = np.array([sum(map(length, shape.paths)) for shape in shapes], np.float64)
    if order == "long":
        ranks = -lengths
    elif order == "layers":
        ranks = np.arange(len(shapes), dtype=np.float64)
    else:
        corners, opposite = boxes([shape.paths for shape in shapes])
        middles = (corners + opposite) / 2
        away = np.hypot(*(middles - middles.mean(axis=0)).T) if len(shapes) else np.zeros(0)
        ranks = {"top": corners[:, 1], "left": corners[:, 0], "middle": away}[order]
    queue = np.argsort(ranks, kind="stable")
    begin = np.empty(len(shapes))
    # Each line waits for a pen's share of what comes before it; the longest may not be begun too late.
    begin[queue] = np.concatenate([[0], np.cumsum(lengths[queue])[:-1]]) / pens if len(shapes) else []
    end = begin + lengths
    scale = seconds / max(float(end.max(initial=0)), 1e-9)
    return np.stack([begin * scale, end * scale], axis=1)


def _line_color(shape: Shape, ink: str) -> str:
    if ink != "none":
        return name_of(parse(ink))
    if isinstance(shape.fill, Gradient):
        return name_of(oklab_to_srgb(srgb_to_oklab(shape.fill.levels).mean(axis=0)))
    return shape.fill or "#000000"
