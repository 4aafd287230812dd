"""Label images for the tests of planar maps: drawn ones, and random ones of every awkward kind."""

import numpy as np
from hypothesis import strategies as st

LABELS = "#.+o"
"""Characters of drawings by label; a blank is transparent."""


def grid(picture):
    """Labels of a drawing, its rows between bars."""
    rows = [line.strip().strip("|") for line in picture.strip().splitlines()]
    return np.array([[LABELS.find(cell) for cell in row] for row in rows], np.int32)


# Name: drawing, its faces as label and pixels.
PICTURES = {
    "one pixel": (grid("|#|"), "#1"),
    "nothing": (grid("|  |"), ""),
    "an island in a hole": (
        grid("""
            |.......|
            |.#####.|
            |.#...#.|
            |.#.+.#.|
            |.#...#.|
            |.#####.|
            |.......|"""),
        ".24 #16 .8 +1",
    ),
    "a thin diagonal on a wide ground": (
        grid("""
            |#...|
            |.#..|
            |..#.|
            |...#|"""),
        "#4 .6 .6",
    ),
    "a diagonal between two colors": (
        grid("""
            |#.|
            |+#|"""),
        "#2 .1 +1",
    ),
    "a checkerboard": (
        grid("""
            |#.#|
            |.#.|
            |#.#|"""),
        "#1 #1 #1 #1 #1 .4",
    ),
    "a cross of four": (
        grid("""
            |#.|
            |+o|"""),
        "#1 .1 +1 o1",
    ),
    "a frame around nothing": (
        grid("""
            |###|
            |# #|
            |###|"""),
        "#8",
    ),
    "two holes that touch": (
        grid("""
            |####|
            |#.##|
            |##.#|
            |####|"""),
        "#14 .2",
    ),
    "corners of the sheet": (
        grid("""
            |#..#|
            |....|
            |#..#|"""),
        "#1 #1 #1 #1 .8",
    ),
}


@st.composite
def label_images(draw, most=9):
    """Label images of up to `most` pixels a side: noise of few labels, enlarged noise, and boards; some transparent."""
    height, width = draw(st.integers(1, most)), draw(st.integers(1, most))
    kind = draw(st.sampled_from(["noise", "blocks", "board", "drawn"]))
    if kind == "drawn":
        return np.ascontiguousarray(
            np.rot90(PICTURES[draw(st.sampled_from(sorted(PICTURES)))][0], draw(st.integers(0, 3)))
        )
    lowest, highest = draw(st.sampled_from([(0, 1), (-1, 0), (-1, 2), (0, 3)]))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ids = random.integers(lowest, highest + 1, (height, width))
    if kind == "blocks":
        ids = np.kron(ids, np.ones((2, 3), int))[:most, :most]
    if kind == "board":
        rows, columns = np.indices((height, width))
        ids = np.where(random.random((height, width)) < 0.8, (rows + columns) % 2, ids)
    return np.ascontiguousarray(ids, np.int32)
