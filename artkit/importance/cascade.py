"""Square pictures in, how often each looks like a face out, by a trained cascade of local binary patterns.

The method is Viola and Jones' (2001) with the features of Liao et al. (2007); the table is scikit-image's. Its own
reader gives the same numbers (see the tests) and takes a quarter of a second to load, most of it for SciPy; and its
sizes of windows are powers in single precision, which differ between processors.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

SIDE = 64
"""Side of the pictures."""

STEP, LARGEST = 1.12, 52
"""From one size of windows to the next, and the size that none reaches."""

ALIKE = 0.99
"""Windows that overlap by more, of the smaller one, count once."""

_AROUND = [0, 1, 2, 5, 8, 7, 6, 3]
"""The blocks around the middle one of 3 x 3, from the highest bit to the lowest."""


DENSE = 2
"""Stages that are asked of all windows, size by size; the others are asked of those that are left."""


class Stump(NamedTuple):
    """A feature at each size: its left, top, width and height of a block (4, sizes); what its codes are worth (256,).

    `corners` are the places of the 16 corners of its blocks (16, sizes), from the window's own.
    """

    blocks: NDArray[np.intp]
    corners: NDArray[np.intp]
    worth: NDArray[np.float32]


class Cascade(NamedTuple):
    """Stages of stumps, with what a stage asks for; the sides of the windows at each size, and the steps between."""

    stages: list[tuple[list[Stump], np.float32]]
    sides: list[int]
    steps: list[int]


def hits(pictures: NDArray[np.uint8]) -> list[int]:
    """Count in each of some gray pictures (N, 64, 64) the windows in which the cascade sees a face."""
    cascade = _cascade()
    sums = np.zeros((len(pictures), SIDE + 1, SIDE + 1), np.float32)
    sums[:, 1:, 1:] = pictures.cumsum(axis=1, dtype=np.float64).cumsum(axis=2) / 255
    size, number, row, column = _first(sums, cascade)
    flat, at = sums.ravel(), (number * (SIDE + 1) + row) * (SIDE + 1) + column
    left = np.arange(len(at))
    for stumps, least in cascade.stages[DENSE:]:
        points = np.zeros(len(left), np.float32)
        for stump in stumps:
            corners = flat[stump.corners[:, size[left]] + at[left]].reshape(4, 4, -1)
            blocks = corners[1:, 1:] + corners[:-1, :-1] - corners[:-1, 1:] - corners[1:, :-1]
            light = (blocks >= blocks[1, 1]).reshape(9, -1)[_AROUND]
            points += stump.worth[np.packbits(light, axis=0)[0]]
        left = left[points >= least]
        if not len(left):
            break
    found = np.stack((row, column, np.array(cascade.sides)[size]), axis=1)[left]
    return [_groups(found[number[left] == i].tolist()) for i in range(len(pictures))]


def _first(sums: NDArray[np.float32], cascade: Cascade) -> tuple[NDArray[np.intp], ...]:
    """Give the windows that pass the first stages: their size, picture, row and column."""
    found: list[tuple[NDArray[np.intp], ...]] = []
    for size, (side, step) in enumerate(zip(cascade.sides, cascade.steps, strict=True)):
        count = -(-(SIDE - side) // step)
        points = np.zeros((len(sums), count, count), np.float32)
        light = np.empty((8, *points.shape), np.bool_)
        passed: Any = True
        for stumps, least in cascade.stages[:DENSE]:
            points[:] = 0
            for stump in stumps:
                x, y, width, height = stump.blocks[:, size].tolist()
                blocks = (
                    sums[:, height:, width:] + sums[:, :-height, :-width] - sums[:, :-height, width:]
                    - sums[:, height:, :-width]
                )  # fmt: skip
                shifted = [
                    blocks[:, top : top + step * count : step, start : start + step * count : step]
                    for top in range(y, y + 3 * height, height)
                    for start in range(x, x + 3 * width, width)
                ]
                for bit, around in zip(light, _AROUND, strict=True):
                    np.greater_equal(shifted[around], shifted[4], out=bit)
                points += stump.worth[np.packbits(light, axis=0)[0]]
            passed = passed & (points >= least)
        number, row, column = np.nonzero(passed)
        found.append((np.full(len(number), size), number, row * step, column * step))
    return tuple(np.concatenate(each) for each in zip(*found, strict=True))


def _groups(windows: list[tuple[int, int, int]]) -> int:
    """Count windows (row, column, side) that are not alike; each joins the mean of those it is most alike to."""
    groups: list[list[int]] = []
    for row, column, side in windows:
        best, most = None, ALIKE
        for group in groups:
            y, x, other = (total // group[3] for total in group[:3])
            high = min(row + side, y + other) - max(row, y)
            wide = min(column + side, x + other) - max(column, x)
            shared = max(high, 0) * max(wide, 0) / min(side, other) ** 2
            if shared > most:
                best, most = group, shared
        if best is None:
            groups.append([row, column, side, 1])
        else:
            best[:] = [best[0] + row, best[1] + column, best[2] + side, best[3] + 1]
    return len(groups)


@cache
def _cascade() -> Cascade:
    from xml.etree import ElementTree

    package = find_spec("skimage")
    assert package and package.submodule_search_locations
    root = ElementTree.parse(Path(package.submodule_search_locations[0]) / "data/lbpcascade_frontalface_opencv.xml")
    least = int(_text(root.find(".//height")))
    scales = [1.0]
    while least * scales[-1] * STEP < LARGEST:
        scales.append(scales[-1] * STEP)
    scale = np.array(scales).astype(np.float32)
    rects = [[int(number) for number in _text(rect).split()] for rect in root.iterfind(".//features/_/rect")]
    stages = []
    for stage in root.iterfind(".//stages/_"):
        stumps = [_stump(each, rects, scale) for each in stage.iterfind("weakClassifiers/_")]
        asked = np.float32(_text(stage.find("stageThreshold"))) - np.float32(1e-5)
        stages.append((stumps, asked))
    return Cascade(stages, (least * scale).astype(int).tolist(), [round(each) for each in scales])


def _stump(element: Any, rects: list[list[int]], scale: NDArray[np.float32]) -> Stump:
    _, _, feature, *bits = (int(word) for word in _text(element.find("internalNodes")).split())
    blocks = np.array([(np.float32(number) * scale).astype(int) for number in rects[feature]])
    x, y, width, height = blocks
    rows, columns = y + np.arange(4)[:, None] * height, x + np.arange(4)[:, None] * width
    corners = (rows[:, None] * (SIDE + 1) + columns[None]).reshape(16, -1)
    dark, light = (np.float32(word) for word in _text(element.find("leafValues")).split())
    table, code = np.array([word & 0xFFFFFFFF for word in bits], np.uint32), np.arange(256)
    worth = np.where(table[code >> 5] >> (code & 31).astype(np.uint32) & 1, dark, light)
    return Stump(blocks, corners, worth.astype(np.float32))


def _text(element: Any) -> str:
    return str(element.text)
