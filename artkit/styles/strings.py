"""A picture as one thread around nails on a circle: light in, the order of the nails out.

Greedy, after Petros Vrellis' "A new way to knit" (2016); what a thread takes of the light is modeled as in Birsak,
Rist, Wonka and Musialski, "String Art: Towards Computational Fabrication of String Images" (Eurographics 2018). From
each nail the thread goes where it brings the light of the board closest to the picture's. Where threads cross they
cover each other: light is the product of what each leaves. Errors are kept for each pixel, and only those of pixels
that a thread has crossed change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.artwork.drawing import KitDrawing, Layer, Page, Path, Shape
from artkit.pens.layout import Sheet
from artkit.styles.digits import written

SIDE = 200
"""Pixels across the board in which light is compared: a thread is thinner, and an eye from afar sees no finer."""

NEAREST = 14
"""Nails to the circle, divided by those that the thread skips at the least: short threads would crowd at the rim."""

DARKEST, LIGHTEST = 0.05, 0.6
"""Light that is asked for where the picture is black, for crossing threads leave some, and where it is white.

Threads only take light, and each takes it all the way across: where white is to be bare board, a face is streaks. Below
that, what is light is where fewer threads go, and forms are told by both.
"""

LOCAL, NEAR = 0.7, 0.03
"""How much what differs from its surroundings is raised, and their standard deviation in widths of the board."""

CLIP = 0.01
"""Share of the picture that is as dark as can be, and as light."""

FACES = 2.5
"""How many times as much a part of the picture may count as others: more: white eyes, and no cheeks."""

STEPS = 1 << 20
"""What 1 is in whole numbers, whose sums are the same in any order."""

LABELS = 10
"""Every so many nails there is a number."""

INK = "#1b1b1b"


@dataclass(frozen=True, eq=False)
class Wound:
    """The nails that the thread goes around in turn (L + 1,), and where all nails are (N, 2), about 0 at radius 1."""

    order: NDArray[np.int64]
    nails: Floats

    @property
    def length(self) -> float:
        """Length of the thread on a board of radius 1."""
        return float(np.hypot(*np.diff(self.nails[self.order], axis=0).T).sum())


def nails_at(count: int) -> Floats:
    """Give places (N, 2) about 0 at radius 1, clockwise from the top."""
    angle = 2 * np.pi * np.arange(count) / count
    places: Floats = np.rint(np.column_stack([np.sin(angle), -np.cos(angle)]) * STEPS) / STEPS
    return places


def wanted_light(light: Floats) -> Floats:
    """Give the light (S, S), 0 to 1, that is asked for where the picture has `light`: as much contrast as there can be.

    Dark tones are lifted, and what differs from its surroundings is raised: from afar, a range of tones that is smaller
    than the photo's says the same by that. One without contrast in its inner circle stays as it is.
    """
    import cv2

    side = len(light)
    across = np.arange(side) + 0.5 - side / 2
    inner = light[across[:, None] ** 2 + across**2 < side * side / 4]
    low, high = np.quantile(inner, [CLIP, 1 - CLIP])
    if high - low < 1 / 255:
        return _in_steps(DARKEST + (1 - DARKEST) * light)
    root = np.sqrt(np.clip((light - low) / (high - low), 0, 1))
    tone = root * np.sqrt(root)  # to the power of 3/4, by roots, which are the same on every processor
    around = np.asarray(cv2.GaussianBlur(tone, (0, 0), NEAR * side, borderType=cv2.BORDER_REFLECT), np.float64)
    return _in_steps(DARKEST + (LIGHTEST - DARKEST) * np.clip(tone + LOCAL * (tone - around), 0, 1))


def _in_steps(light: Floats) -> Floats:
    steps: Floats = np.rint(light * 4096) / 4096
    return steps


def wound(
    wanted: Floats,
    count: int,
    most: int,
    width: float,
    weight: NDArray[np.floating] | None = None,
    advance: Callable[[float], None] = lambda share: None,
) -> Wound:
    """Wind a thread around `count` nails, `most` times from nail to nail, or until it brings the light no closer.

    `wanted` is the light of the board (S, S), whose inner circle counts, by `weight` (S, S); `width` is that of the
    thread as a share of the board's.
    """
    side = len(wanted)
    nails = nails_at(count)
    chords = _Chords(side, side / 2 + (side / 2 - 0.5) * nails)
    thread = width * side
    counts = np.ones(side * side) if weight is None else np.rint(np.minimum(weight, FACES).ravel() * 64) / 64
    asked, light = wanted.ravel(), np.ones(side * side)
    gain = _gain(light, asked, counts, thread)
    apart = np.abs(np.arange(count)[:, None] - np.arange(count))
    closed = np.minimum(apart, count - apart) < max(count // NEAREST, 1)
    order = [0]
    while len(order) <= most:
        here = order[-1]
        pixels = chords.pixels(here)
        # The root of the length is between what a thread gains in all, and on the mean of its length.
        score = np.where(closed[here], -np.inf, gain[pixels].sum(1) * chords.roots[here])
        there = int(score.argmax())
        if score[there] <= 0:
            break
        crossed = pixels[there]
        np.multiply.at(light, crossed, 1 - thread * chords.roots[here, there] ** 2 / side)
        gain[crossed] = _gain(light[crossed], asked[crossed], counts[crossed], thread)
        closed[here, there] = closed[there, here] = True
        order.append(there)
        if not len(order) % 100:
            advance(len(order) / most)
    return Wound(np.array(order), nails)


def _gain(light: Floats, asked: Floats, counts: Floats, thread: float) -> NDArray[np.int64]:
    """How much less the squared error of each pixel is with one thread more across it, for its width, in `STEPS`."""
    return np.rint(STEPS * counts * light * (2 * (light - asked) - thread * light)).astype(np.int64)


class _Chords:
    """Threads between any two of N nails: `side` pixels along each, and the roots (N, N) of their lengths in pixels."""

    def __init__(self, side: int, nails: Floats) -> None:
        self.side, self.nails = side, nails
        across = nails[:, None] - nails[None]
        self.roots = np.sqrt(np.sqrt((across * across).sum(2)))
        self._along = (np.arange(side) + 0.5) / side
        self._known: dict[int, NDArray[np.uint16]] = {}

    def pixels(self, nail: int) -> NDArray[np.uint16]:
        """Numbers (N, side) of the pixels along the threads from a nail to each."""
        if nail not in self._known:
            start = self.nails[nail]
            x, y = (start[k] + np.outer(self.nails[:, k] - start[k], self._along) for k in (0, 1))
            self._known[nail] = (y.astype(np.uint16) * np.uint16(self.side) + x.astype(np.uint16)).astype(np.uint16)
        return self._known[nail]


def drawing(made: Wound, sheet: Sheet, board: float, thread: float) -> KitDrawing:
    """Draw the thread on a sheet, with the nails and their numbers.

    `board` and `thread` are widths in millimetres as it is made; all of it is reduced to the sheet.
    """
    room = min(sheet.inside) / 2
    radius = room / 1.07
    middle = np.array([sheet.width, sheet.height]) / 2
    places = middle + radius * made.nails
    scale = 2 * radius / board
    tick = 0.012 * radius
    ticks = [np.stack([place, place + tick * nail]) for place, nail in zip(places, made.nails, strict=True)]
    height, reach = min(0.02 * radius, 2.0), radius + 0.6 * (room - radius)
    labels: list[Floats] = []
    for number in range(0, len(places), LABELS):
        x, y = (middle + reach * made.nails[number]).tolist()
        labels += written(number + 1, height, x, y)
    line = 0.004 * radius
    layers = [Layer([Shape([Path(points, closed=False) for points in ticks + labels], None, INK)], "nails", line)]
    if len(made.order) > 1:
        layers.append(Layer([Shape([Path(places[made.order], closed=False)], None, INK)], "thread", thread * scale))
    told = f"{len(made.order) - 1:,} threads, {made.length * board / 2000:,.0f} m"
    return KitDrawing(
        sheet.width, sheet.height, layers, page=Page(sheet.width, sheet.height),
        text=_text(made, board, thread, told), rows=_rows(made, board),
    )  # fmt: skip


def _text(made: Wound, board: float, thread: float, told: str) -> str:
    """How to make it, for people: the nails in turn, ten to a line."""
    count = len(made.nails)
    head = [
        f"{count} nails on a circle of {board / 10:g} cm, evenly, numbered clockwise from 1 at the top.",
        f"A thread of {thread:g} mm from nail to nail, starting at nail {made.order[0] + 1}: {told}.",
        "",
    ]
    numbers = (made.order + 1).tolist()
    wide = len(str(len(numbers)))
    lines = [
        f"{at:>{wide}}:" + "".join(f"{number:>5}" for number in numbers[at : at + 10])
        for at in range(0, len(numbers), 10)
    ]
    return "\n".join([*head, *lines, ""])


def _rows(made: Wound, board: float) -> tuple[tuple[str, ...], ...]:
    """The same for machines: each step's nail, and its place in millimetres from the board's upper left corner."""
    places = board / 2 * (1 + made.nails)
    body = [
        (str(step), str(nail + 1), f"{places[nail, 0]:.2f}", f"{places[nail, 1]:.2f}")
        for step, nail in enumerate(made.order.tolist())
    ]
    return (("step", "nail", "x_mm", "y_mm"), *body)
