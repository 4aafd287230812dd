"""Drawings for the plotter's benchmark, from a fixed seed, in mm on A3: mixed lines, iso-lines, touching squares."""

from __future__ import annotations

import numpy as np

PAGE = (420.0, 297.0)
MARGIN = 15.0


def mixed(count: int, seed: int = 7) -> list[np.ndarray]:
    """Fragments of hatching, blobs and scribbles, shuffled: 15 points a line in the mean. Blobs are closed."""
    rng = np.random.default_rng(seed)
    size = np.array(PAGE) - 2 * MARGIN
    lines = []
    scale = np.sqrt(10_000 / count)
    for _ in range(count):
        at = MARGIN + rng.random(2) * size
        kind = rng.random()
        if kind < 0.5:
            turn = rng.normal(0.6, 0.15)
            reach = scale * rng.uniform(1, 8)
            way = np.array([np.cos(turn), np.sin(turn)])
            line = at + np.linspace(0, reach, 5)[:, None] * way + rng.normal(0, 0.02, (5, 2))
        elif kind < 0.75:
            angle = np.linspace(0, 2 * np.pi, 25)
            radius = scale * rng.uniform(0.5, 2.5) * (1 + 0.2 * np.sin(3 * angle + rng.uniform(0, 6)))
            line = at + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
            line[-1] = line[0]
        else:
            steps = rng.normal(0, 0.35 * scale, (25, 2)) + rng.normal(0, 0.2 * scale, 2)
            line = at + np.cumsum(steps, axis=0)
        over = np.maximum(line.max(axis=0) - (np.array(PAGE) - MARGIN), 0) + np.minimum(line.min(axis=0) - MARGIN, 0)
        lines.append(line - over)
    return lines


def isolines(seed: int = 7, levels: int = 60) -> list[np.ndarray]:
    """Closed lines of equal height of smooth noise, shuffled."""
    from scipy.ndimage import gaussian_filter
    from skimage.measure import find_contours

    rng = np.random.default_rng(seed)
    height = gaussian_filter(rng.normal(size=(297, 420)), 9) + 0.5 * gaussian_filter(rng.normal(size=(297, 420)), 5)
    lines = []
    for level in np.quantile(height, (np.arange(levels) + 0.5) / levels):
        lines += [
            line[:, ::-1] for line in find_contours(height, level) if (line[0] == line[-1]).all() and len(line) > 12
        ]
    rng.shuffle(lines)
    return lines


def squares(columns: int = 120, rows: int = 84, side: float = 3.0) -> list[np.ndarray]:
    """Touching squares, row by row: every inner edge is drawn twice. The fewest strokes are columns + rows - 2."""
    ring = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], float)
    return [(ring + np.array([x, y])) * side + MARGIN for y in range(rows) for x in range(columns)]


def svg(lines: list[np.ndarray], form: str = "path") -> str:
    """Write the lines as another tool would: in pixels of 1/96 inch, each a path or a polyline."""
    width, height = PAGE
    scale = 96 / 25.4
    rows = []
    for line in lines:
        pairs = " ".join(f"{x:.3f},{y:.3f}" for x, y in (line * scale).tolist())
        rows.append(f'<path d="M{pairs}"/>' if form == "path" else f'<polyline points="{pairs}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width * scale:.4f} {height * scale:.4f}">'
        f'<g fill="none" stroke="#000">\n' + "\n".join(rows) + "\n</g></svg>\n"
    )
