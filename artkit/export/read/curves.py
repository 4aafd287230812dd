"""Path data in, paths with their curves out, many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from artkit.arrays import Ints, offsets_of
from artkit.artwork.drawing import Path
from artkit.limits import within
from artkit.pens.read.lengths import Matrix
from artkit.pens.read.pathdata import CLOSE, CUBIC, LINE, MOVE, QUADRATIC, Commands, commands_of

_POINTS = np.zeros(6, np.int64)
_POINTS[[MOVE, LINE, QUADRATIC, CUBIC, CLOSE]] = 1, 1, 2, 3, 0


def paths_of(texts: Sequence[str]) -> tuple[list[list[Path]], int]:
    """Give the subpaths of each text, and how many texts were not understood to their end.

    Arcs are cubics. A subpath that goes nowhere is left out unless it is closed: it is a dot then.
    """
    paths: list[list[Path]] = [[] for _ in texts]
    found, invalid = commands_of(texts)
    for commands, which in found:
        _add(paths, commands, which)
    return paths, invalid


def _add(paths: list[list[Path]], commands: Commands, which: Ints) -> None:
    kind = commands.kind
    counts = _POINTS[kind]
    begin = offsets_of(counts)
    within("points", int(begin[-1]), "the paths of an SVG have")
    points = np.zeros((int(begin[-1]), 2))
    drawn = np.flatnonzero(kind != CLOSE)
    points[begin[drawn] + counts[drawn] - 1] = commands.end[drawn]
    bent = np.flatnonzero((kind == QUADRATIC) | (kind == CUBIC))
    points[begin[bent]] = commands.first[bent]
    cubic = np.flatnonzero(kind == CUBIC)
    points[begin[cubic] + 1] = commands.second[cubic]

    heads = np.flatnonzero(kind == MOVE)
    tails = np.append(heads[1:], len(kind))
    closed = np.add.reduceat(kind == CLOSE, heads) > 0
    curved = np.add.reduceat(np.isin(kind, (QUADRATIC, CUBIC)), heads) > 0
    kinds = kind.astype(np.uint8)
    rows = zip(
        which[commands.path[heads]].tolist(),
        heads.tolist(),
        (tails - np.where(closed, 1, 0)).tolist(),
        begin[heads].tolist(),
        begin[tails].tolist(),
        closed.tolist(),
        curved.tolist(),
        strict=True,
    )
    for path, head, tail, low, high, ring, bent_ in rows:
        if high - low > 1 or ring:
            own = points[low:high]
            paths[path].append(Path(own, kinds[head + 1 : tail] if bent_ else None, ring))


def moved(path: Path, matrix: Matrix) -> Path:
    """Give a path under a matrix."""
    a, b, c, d, e, f = matrix
    x, y = np.asarray(path.points).T
    return path._replace(points=np.column_stack([a * x + c * y + e, b * x + d * y + f]))
