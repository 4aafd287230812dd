"""Label maps of every awkward kind, traced in every way: what is drawn is what the labels say."""

from __future__ import annotations

import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from artkit import Drawing, Labels, registry
from artkit.color.palette import name_of
from artkit.render import rendered_alone
from fuzz._rings import STEPS, colors_at_centers, crossings, doubled_area, ring_of, tangled

Ids = NDArray[np.int32]


class Case(NamedTuple):
    """A label map, its kind and colors, and the options it is traced with."""

    kind: str
    labels: Labels
    options: dict[str, Any]


def noise(random: Generator, height: int, width: int, count: int) -> Ids:
    """Every pixel by chance."""
    return random.integers(0, count, (height, width)).astype(np.int32)


def blobs(random: Generator, height: int, width: int, count: int) -> Ids:
    """Noise that has been averaged, in steps."""
    field = random.normal(size=(height, width))
    for _ in range(int(random.integers(1, 5))):
        field = sum(np.roll(field, shift, (0, 1)) for shift in ((0, 0), (0, 1), (1, 0), (1, 1))) / 4
    rank = np.argsort(np.argsort(field, axis=None)).reshape(field.shape)
    return (rank * count // field.size).astype(np.int32)


def rings(random: Generator, height: int, width: int, count: int) -> Ids:
    """Rings around a place, round, square or diamond."""
    y, x = np.indices((height, width))
    y, x = np.abs(y - random.integers(0, height)), np.abs(x - random.integers(0, width))
    far = [np.hypot(y, x), np.maximum(y, x), y + x][int(random.integers(3))]
    return ((far // random.integers(1, 4)) % count).astype(np.int32)


def boards(random: Generator, height: int, width: int, count: int) -> Ids:
    """Checkerboards of squares of one to three pixels, with faults."""
    y, x = np.indices((height, width)) // int(random.integers(1, 4))
    return np.where(random.random(y.shape) < random.choice([0.0, 0.1]), noise(random, height, width, count),
                    (y + x) % count).astype(np.int32)  # fmt: skip


def diagonals(random: Generator, height: int, width: int, count: int) -> Ids:
    """Diagonals of one pixel, falling and rising, on a ground."""
    y, x = np.indices((height, width))
    ids = np.zeros((height, width), np.int32)
    for _ in range(int(random.integers(1, 6))):
        at = int(random.integers(-height, width + height))
        ids[(x - y == at) if random.random() < 0.5 else (x + y == at)] = random.integers(0, count)
    return ids


def corners(random: Generator, height: int, width: int, count: int) -> Ids:
    """Rectangles that meet at corners."""
    ids = np.zeros((height, width), np.int32)
    y, x = (int(random.integers(0, size + 1)) for size in (height, width))
    for _ in range(int(random.integers(1, 8))):
        h, w = (int(step) for step in random.integers(1, 6, 2))
        up, left = random.random(2) < 0.5
        ids[max(y - h * up, 0) : max(y + h * (not up), 0), max(x - w * left, 0) : max(x + w * (not left), 0)] = (
            random.integers(0, count)
        )
        y, x = y + (h if random.random() < 0.5 else -h), x + (w if random.random() < 0.5 else -w)
    return ids


def islands(random: Generator, height: int, width: int, count: int) -> Ids:
    """Single pixels on a ground."""
    ids = np.zeros((height, width), np.int32)
    some = random.random(ids.shape) < random.choice([0.05, 0.2, 0.4])
    ids[some] = random.integers(0, count, int(some.sum()))
    return ids


def stripes(random: Generator, height: int, width: int, count: int) -> Ids:
    """Stripes of one to four pixels, straight or wavy."""
    y, x = np.indices((height, width))
    if random.random() < 0.5:
        y, x = x, y
    wave = np.rint(random.choice([0, 1, 3]) * np.sin(x / random.integers(1, 6))).astype(int)
    return (((y + wave) // random.integers(1, 5)) % count).astype(np.int32)


def enlarged(random: Generator, height: int, width: int, count: int) -> Ids:
    """Noise in blocks."""
    small = noise(random, height, width, count)
    return np.kron(small, np.ones((int(random.integers(1, 4)), int(random.integers(1, 4))), np.int32))[:height, :width]


GENERATORS: list[Callable[[Generator, int, int, int], Ids]] = [
    noise, blobs, rings, boards, diagonals, corners, islands, stripes, enlarged,
]  # fmt: skip


def case_of(seed: int, number: int) -> Case:
    """Make case `number` of a seed."""
    random = np.random.default_rng((seed, number))
    longest = int(random.choice([4, 8, 16, 40], p=[0.3, 0.4, 0.2, 0.1]))
    height, width = (int(size) for size in random.integers(1, longest + 1, 2))
    count = int(random.integers(1, 9))
    make = GENERATORS[int(random.integers(len(GENERATORS)))]
    ids = np.ascontiguousarray(make(random, height, width, count))
    see_through = random.choice(["none", "label", "noise"], p=[0.5, 0.3, 0.2])
    if see_through == "label":
        ids[ids == random.integers(count)] = -1
    elif see_through == "noise":
        ids[random.random(ids.shape) < random.choice([0.05, 0.3, 0.7])] = -1
    palette = np.unique(random.integers(0, 256, (count + 8, 3)), axis=0)[:count].astype(np.uint8)
    kind = f"{make.__name__}{'' if see_through == 'none' else ' on nothing'}"
    return Case(kind, Labels(ids, random.permutation(palette)), _options(random))


def _options(random: Generator) -> dict[str, Any]:
    options: dict[str, Any] = {
        "curves": str(random.choice(["pixel", "polygon", "spline"])),
        "layers": str(random.choice(["merged", "stacked", "cutout"])),
    }
    if random.random() < 0.7:
        options["tolerance"] = float(random.choice([0.0, 0.05, 0.3, 0.5, 1.0, 2.0, 5.0, 100.0]))
    if random.random() < 0.2:
        options["corner"] = float(random.choice([5.0, 60.0, 120.0, 175.0]))
    if random.random() < 0.15:
        options["min_area"] = float(random.choice([0.0, 1.0, 2.0, 4.0, 20.0, 1e9]))
    if random.random() < 0.2:
        options["strokes"] = str(random.choice(["never", "always"]))
    return options


def faults(made: Case) -> Iterator[str]:
    """Trace a case, and name the laws that its drawing breaks."""
    trace = registry.find("trace")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = trace(made.labels, **made.options)
        again = trace(made.labels, **made.options)
    text = drawing.to_svg()
    if text != again.to_svg():
        yield "other bytes the second time"
    wanted = _wanted(made)
    if made.options["curves"] == "pixel":
        yield from _not_exact(drawing, wanted, made.labels.palette)
    yield from _bad_rings(drawing, made.options["curves"] != "spline")
    yield from _wrong_centers(drawing, wanted, made)
    if made.options["layers"] == "merged" and made.options["curves"] == "polygon":
        yield from _not_cut_out(drawing, made)
    if made.options["layers"] == "cutout":
        yield from _uneven(drawing, wanted, made)


def _not_cut_out(drawing: Drawing, made: Case) -> Iterator[str]:
    """Pixels that, at and around their centers, show other colors than shapes cut out along the same borders."""
    cut = registry.find("trace")(made.labels, **{**made.options, "layers": "cutout"})
    names = [name_of(color) for color in made.labels.palette]
    shifts = ((0.0, 0.0), (0.04, 0.07), (-0.07, 0.04), (0.02, -0.08))
    differs = [colors_at_centers(drawing, names, shift) != colors_at_centers(cut, names, shift) for shift in shifts]
    if (wrong := np.logical_and.reduce(differs)).any():
        yield f"merged shows other colors than cutout: {int(wrong.sum())}"


def _wanted(made: Case) -> Ids:
    """Give the labels that are to be seen."""
    least = made.options.get("min_area")
    if not least:
        return made.labels.ids
    from artkit.tracer.regions.faces import without_small

    return without_small(made.labels.ids, made.labels.palette, least)


def _not_exact(drawing: Drawing, ids: Ids, palette: NDArray[np.uint8]) -> Iterator[str]:
    seen = rendered_alone(drawing, (ids.shape[1], ids.shape[0]))
    there = ids >= 0
    colored = np.vstack([palette, np.zeros((1, 3), np.uint8)])[ids]
    wrong = there & ((seen[..., :3] != colored).any(axis=2) | (seen[..., 3] != 255)) | ~there & (seen[..., 3] != 0)
    if wrong.any():
        yield f"pixels are not those of the labels: {int(wrong.sum())}"


HAIR = 0.01
"""Square pixels of loops of a ring of curves that count for nothing: each of the tracer's is less than half of it."""


def _bad_rings(drawing: Drawing, straight: bool) -> Iterator[str]:
    high = np.rint(np.array([drawing.width, drawing.height]) * STEPS)
    slack = 0 if straight else STEPS / 50
    for shape in drawing.shapes:
        for path in shape.paths if shape.fill else ():
            ring = ring_of(path, drawing.grid)
            if len(ring) < 3 or doubled_area(ring) == 0:
                yield "a ring has no area"
                continue
            away = max(float((-ring.min(axis=0)).max()), float((ring.max(axis=0) - high).max())) - slack
            if away > 0:
                yield f"a ring leaves the sheet: {away / STEPS:.2f} px"
            if tangled(ring) > (0 if straight else HAIR) or (straight and len(crossings(ring))):
                yield f"a ring crosses itself: {tangled(ring):.4f}"


SHIFT = 0.5
"""How far from the cracks borders may be taken to run, in pixels, before any tolerance."""


def _wrong_centers(drawing: Drawing, ids: Ids, made: Case) -> Iterator[str]:
    """Centers of pixels that are farther than the tolerance from every border and have not their label's color."""
    if any(shape.stroke for shape in drawing.shapes):
        return
    within = made.options.get("tolerance", 0.6) + SHIFT if made.options["curves"] != "pixel" else 0.0
    far = _distance_to_border(ids) > within + 0.02
    names = [name_of(color) for color in made.labels.palette]
    seen = colors_at_centers(drawing, names)
    wrong = far & (seen != ids)
    if wrong.any():
        yield f"centers far from every border have a wrong color: {int(wrong.sum())}"


def _distance_to_border(ids: Ids) -> NDArray[np.float64]:
    """Give how far the center of each pixel is from the nearest pixel of another label, or from the sheet's edge."""
    height, width = ids.shape
    padded = np.pad(ids, 1, constant_values=-1)
    y, x = np.indices(padded.shape)
    found = np.empty(ids.shape)
    for row in range(height):
        for column in range(width):
            other = padded != ids[row, column]
            dy = np.maximum(np.abs(y[other] - row - 1) - 0.5, 0)
            dx = np.maximum(np.abs(x[other] - column - 1) - 0.5, 0)
            found[row, column] = np.sqrt((dx * dx + dy * dy).min(initial=np.inf))
    return found


def _uneven(drawing: Drawing, ids: Ids, made: Case) -> Iterator[str]:
    """Cut-out shapes of a picture without holes that do not add up to the sheet."""
    if (ids < 0).any() or made.options["curves"] == "spline":
        return
    total = sum(doubled_area(ring_of(path, drawing.grid)) for shape in drawing.shapes for path in shape.paths)
    if total != 2 * ids.size * STEPS**2:
        yield f"areas do not add up to the sheet: {total / 2 / STEPS**2 - ids.size:.4f}"


SLOW = 10.0
"""CPU seconds that no case may take."""


def main(count: int, seed: int, first: int = 0) -> int:
    """Run `count` cases; print each that breaks a law, and how often each law was broken. Gives how many cases did."""
    broken: Counter[str] = Counter()
    bad = 0
    start = time.monotonic()
    for number in range(first, first + count):
        made = case_of(seed, number)
        begun = time.process_time()
        try:
            found = list(faults(made))
        except Exception as error:
            found = [f"{type(error).__name__}: {error}; {traceback.extract_tb(error.__traceback__)[-1]}"]
        if (taken := time.process_time() - begun) > SLOW:
            found.append(f"too slow: {taken:.1f} s")
        if found:
            bad += 1
            laws = sorted({fault.partition(":")[0] for fault in found})
            broken.update(laws)
            broken.update(f"{law} ({made.options['curves']} {made.options['layers']})" for law in laws)
            height, width = made.labels.ids.shape
            print(f"{seed} {number}: {width} x {height} {made.kind} {made.options}: {found[0]}, {len(found)} in all")
    for law, times in sorted(broken.items()):
        print(f"{times:6} {law}")
    print(f"{count} label maps, {bad} broke a law, in {time.monotonic() - start:.0f} s")
    return bad
