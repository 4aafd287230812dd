"""Lines and the tone they were to have in, what they really cover out, and lines that come closer to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.pens.draw import field
from artkit.pens.lines import Lines


def corrected(
    tone: field.Field,
    pen_width: float,
    style: Callable[[field.Field, float], Lines],
    *,
    passes: Sequence[float] = (1, 1),
    blur: float = 12.0,
    most: float = 1.0,
    finer: float = 1.0,
) -> Lines:
    """Draw in a style, measure what the lines cover, and draw again with what was too light asked for darker.

    For styles whose lines meet by chance, so that no table tells how much they cover. The style gets a field and a pen,
    which is so many times as wide as the real one as `passes` says: wider ones make quick drafts. `blur` is the size,
    in pen widths, of the neighborhood within which the tone is to be right; a style may be asked for a darkness up
    to `most`, and more by a factor `finer` where narrower lines cover less than those of the draft. The last pass is
    taken.
    """
    import cv2

    rows, columns = tone.darkness.shape

    def smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
        sigma = max(blur * pen_width * columns / tone.width, 0.5)
        found: NDArray[Any] = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        return np.asarray(found.reshape(rows, columns), np.float32)

    wanted = smooth(tone.darkness)
    asked = tone
    for number, width in enumerate(passes):
        lines = style(asked, pen_width * width)
        if number < len(passes) - 1:
            found = smooth(covered(lines, tone, pen_width * width))
            ratio = np.clip((wanted + 0.01) / (found + 0.01), 0.5, 2)
            asked = tone.changed(np.clip(asked.darkness * ratio * finer, 0, most))
    return lines


def trimmed(tone: field.Field, pen_width: float, lines: Lines, blur: float = 12.0) -> Lines:
    """Leave out parts of lines where they cover more than is asked for: of every so many lines one."""
    if not len(lines):
        return lines
    import cv2

    rows, columns = tone.darkness.shape
    sigma = max(blur * pen_width * columns / tone.width, 0.5)
    wanted, found = (
        cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT).reshape(rows, columns)
        for values in (tone.darkness, covered(lines, tone, pen_width))
    )
    surplus = np.clip((found - wanted - 0.01) / np.maximum(found, 0.05), 0, 0.5)
    share = tone.changed(surplus).at(lines.points[:, 0], lines.points[:, 1])
    # By the golden ratio, not by halves: streamlines come in turn on both sides of the first, and every second one
    # lies on the same side.
    keep = share <= (np.arange(len(lines)) * 0.6180339887498949 % 1)[lines.line_of]
    return field.long_enough(field.split(lines.points, keep, lines.offsets[1:-1]), 4 * pen_width)


def covered(lines: Lines, tone: field.Field, pen_width: float) -> NDArray[np.float32]:
    """Share of the paper that lines cover, (H, W) like the field's darkness."""
    import cv2

    rows, columns = tone.darkness.shape
    if not len(lines):
        return np.zeros((rows, columns), np.float32)
    # OpenCV draws lines of a nominal 4 pixels 5 wide, and of 2 pixels 3: near enough to the pen, and quick.
    across = next((px for px in (5, 3) if tone.width * tone.height * (px / pen_width) ** 2 < 64e6), 1)
    size = max(round(tone.width * across / pen_width), 1), max(round(tone.height * across / pen_width), 1)
    inked = np.zeros(size[::-1], np.uint8)
    places = np.rint((lines.points * [size[0] / tone.width, size[1] / tone.height] - 0.5) * 16).astype(np.int32)
    cv2.polylines(inked, np.split(places, lines.offsets[1:-1]), False, 255, max(across - 1, 1), cv2.LINE_8, 4)
    found = cv2.resize(inked, (columns, rows), interpolation=cv2.INTER_AREA).reshape(rows, columns)
    return np.asarray(found / np.float32(255), np.float32)
