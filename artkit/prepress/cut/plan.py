"""Boards in, a job out: kerf, frame, weeding lines, the order of the works, and where everything lies on the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import acos, ceil, pi

import numpy as np

from artkit.artwork.drawing import Drawing, Layer, LineStyle, Page, Path, Shape
from artkit.errors import ArtkitError, UsageError
from artkit.pens.lines import Lines, travel
from artkit.pens.styled import paths_of
from artkit.prepress.cut.boards import boards_of
from artkit.prepress.cut.job import Board, Cutting, Job, Work
from artkit.prepress.cut.outlines import borders, in_order, rings
from artkit.prepress.cut.smooth import smoothed
from artkit.prepress.cut.vinyl import frame, weeding_lines
from artkit.prepress.profile import Profile
from artkit.prepress.regions import Region

SIDE = 20.0
"""Millimetres of the side of the square that shows whether a program keeps sizes."""

GAP = 5.0
"""Millimetres between boards side by side, and to the square."""

ROUND = 0.001
"""Millimetres that a corner of a kerf's outline strays from its arc at most."""


def cut(
    drawing: Drawing,
    scale: float,
    how: Cutting,
    profile: Profile,
    *,
    place: tuple[float, float] = (0.0, 0.0),
    page: tuple[float, float] | None = None,
) -> Job:
    """Give the works that cut a drawing, `scale` millimetres to a unit, its corner at `place` on the `page`.

    Without a page the sheet is as large as what is on it, the room that `place` leaves included. A UsageError says what
    cannot be cut, or does not lie on the page.
    """
    boards = boards_of(drawing, scale, how)
    size = drawing.width * scale, drawing.height * scale
    apart = len(boards) > 1 and (how.stack or how.bridges is not None or profile.colors == "operations")
    material = profile.colors == "materials" or (len(boards) > 1 and not apart)
    made = [list(_works(board, how, profile, material)) for board in boards]
    if not any(len(work.lines) for works in made for work in works):
        raise ArtkitError("there is nothing to cut: no piece is left; take a smaller kerf, or a larger page")
    if apart:  # the page is that of one of them
        made, page = list(_side_by_side(made)), None
    works = [work for works in made for work in works]
    if how.size_check:
        color = boards[0].color if material else profile.works["cut"]
        works.insert(0, Work("size-check", "cut", color, _square(works, place, page)))
    job = _placed(works, size, place, page)
    return replace(_mirrored(job) if how.mirror else job, facts=_facts(job, boards), notes=tuple(_notes(boards, how)))


def drawing_of(job: Job, profile: Profile, *, curves: bool = False) -> Drawing:
    """Give a drawing of the job in millimetres: a layer for each work, a shape for each line, in order.

    With `curves` lines are cubics where they bend, within two hundredths of a millimetre.
    """
    style = LineStyle(profile.line)
    layers = []
    for work in job.works:
        paths = smoothed(work.lines) if curves else paths_of(work.lines)
        shapes = [Shape([path], stroke=work.color, line=style) for path in paths]
        if work.engraved is not None:
            shapes = [*_areas(work.engraved, work.color), *shapes]
        layers.append(Layer(shapes, work.name, profile.line))
    page = Page(job.width, job.height)
    return Drawing(job.width, job.height, layers, page=page, grid=1000, facts=job.facts)


def _works(board: Board, how: Cutting, profile: Profile, material: bool) -> Iterator[Work]:
    """Give what is done on a board: marks first, then what is cut, from the inside out, and the frame last."""
    kept = [_grown(piece, how.kerf / 2) for piece in board.pieces]
    lines = borders(kept) if how.common else Lines.joined([Lines.of([]), *map(rings, kept)])
    color = board.color if material else profile.works["cut"]
    suffix = "" if board.name in ("cut", "outline") else f" {board.name}"
    if board.engraved is not None and not board.engraved.is_empty:
        yield Work(f"engrave{suffix}", "engrave", profile.works["engrave"], Lines.of([]), board.engraved)
    if len(board.score):
        yield Work(f"score{suffix}", "score", profile.works["score"], in_order(board.score))
    if how.weed:
        import shapely

        yield Work(
            f"weed{suffix}", "cut", color, in_order(weeding_lines(shapely.union_all(kept), frame(_bounds([lines]))))
        )
    yield Work(board.name if suffix else "cut", "cut", color, in_order(lines))
    if how.frame or how.weed:
        yield Work(f"frame{suffix}", "cut", color, rings(frame(_bounds([lines]))))


def _grown(piece: Region, radius: float) -> Region:
    """Give a piece and what the tool takes around it: outlines go outwards, those of holes inwards."""
    import shapely

    if not radius:
        return piece
    steps = ceil(pi / 4 / acos(1 - min(ROUND / radius, 0.5)))
    return shapely.buffer(piece, radius, quad_segs=max(steps, 4))


def _bounds(parts: Iterable[Lines]) -> tuple[float, float, float, float]:
    boxes = [lines.bounds for lines in parts if len(lines)]
    (left, top), (right, bottom) = np.min([low for low, _ in boxes], 0), np.max([high for _, high in boxes], 0)
    return float(left), float(top), float(right), float(bottom)


def _reach(works: Sequence[Work]) -> tuple[float, float, float, float]:
    return _bounds(work.lines for work in works)


def _side_by_side(made: list[list[Work]]) -> Iterator[list[Work]]:
    """Lay boards in rows, about as wide as high."""
    boxes = np.array([_reach(works) for works in made])
    across, down = boxes[:, 2:].max(0) - boxes[:, :2].min(0) + GAP
    columns = max(ceil((len(made) * down / across) ** 0.5), 1)
    for k, works in enumerate(made):
        row, column = divmod(k, columns)
        yield [_moved(work, (column * across, row * down)) for work in works]


def _moved(work: Work, offset: tuple[float, float]) -> Work:
    import shapely

    area = work.engraved
    if area is not None:
        area = shapely.transform(area, lambda points: points + offset)
    return work._replace(lines=work.lines.moved(1.0, offset), engraved=area)


def _square(works: Sequence[Work], place: tuple[float, float], page: tuple[float, float] | None) -> Lines:
    """Give the square for the size check: below everything, or on the first of its other sides that has room."""
    left, top, right, bottom = _reach(works)
    corners = [
        (left, bottom + GAP),
        (right + GAP, bottom - SIDE),
        (left, top - GAP - SIDE),
        (left - GAP - SIDE, bottom - SIDE),
    ]
    if page is not None:
        low, high = -np.array(place), np.array(page) - place
        corners = [corner for corner in corners if (corner >= low).all() and (np.add(corner, SIDE) <= high).all()]
    if not corners:
        raise UsageError(
            f"--size-check: the page has no room for a square of {SIDE:g} mm beside what is cut; use --margin "
            f"{SIDE + GAP:g}mm, or a larger page"
        )
    x, y = corners[0]
    return Lines.of([[(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE), (x, y)]])


def _placed(
    works: list[Work], size: tuple[float, float], place: tuple[float, float], page: tuple[float, float] | None
) -> Job:
    left, top, right, bottom = _reach(works)
    x, y = place
    if page is None:
        x, y = max(x, -left), max(y, -top)  # lines right on the sheet's edge stay whole
        width, height = max(size[0] + place[0], right) + x, max(size[1] + place[1], bottom) + y
    else:
        width, height = page
        if left + x < -1e-6 or top + y < -1e-6 or right + x > width + 1e-6 or bottom + y > height + 1e-6:
            raise UsageError(
                f"page: what is cut takes {right - left:.1f} x {bottom - top:.1f} mm and reaches beyond the page of "
                f"{width:g} x {height:g} mm; use a larger page, or a --margin for frames"
            )
    moved = tuple(_moved(work, (x, y)) for work in works)
    return Job(width, height, moved, (x, y))


def _mirrored(job: Job) -> Job:
    """Turn everything over, left to right: for film that is pressed on face down."""
    import shapely

    def turned(work: Work) -> Work:
        lines = Lines((work.lines.points - (job.width, 0)) * (-1, 1) + 0.0, work.lines.offsets)
        area = work.engraved
        if area is not None:
            area = shapely.transform(area, lambda points: (points - (job.width, 0)) * (-1, 1))
        return work._replace(lines=lines, engraved=area)

    return replace(job, works=tuple(map(turned, job.works)))


def _areas(region: Region, color: str) -> Iterator[Shape]:
    """Give a region as filled shapes, one for each part."""
    import shapely

    for part in shapely.get_parts(region):
        if shapely.get_dimensions(part) == 2:
            outlines = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part)]
            yield Shape([Path(points) for points in outlines], color)


def _facts(job: Job, boards: Sequence[Board]) -> dict[str, float]:
    import shapely

    lines = Lines.joined([Lines.of([]), *(work.lines for work in job.works if work.kind == "cut")])
    pieces = [piece for board in boards for piece in board.pieces]
    return {
        "boards": len(boards),
        "pieces": int(sum(len(shapely.get_parts(piece)) for piece in pieces)),
        "lines": len(lines),
        "cut_mm": round(lines.length, 2),
        "outlines_mm": round(float(sum(piece.length for piece in pieces)), 2),
        "travel_mm": round(travel(lines), 2),
        "bridges": sum(board.bridges for board in boards),
    }


def _notes(boards: Sequence[Board], how: Cutting) -> Iterator[str]:
    for board in boards:
        if how.bridges is not None:
            weak = f", of which {board.weak} end in parts that are thinner" * bool(board.weak)
            yield f"{board.name}: {board.islands} islands, held by {board.bridges} bridges of {how.bridges:g} mm{weak}"
        elif board.islands:
            yield f"{board.name}: {board.islands} islands are glued on; scored lines on the sheet below show where"
        if how.kerf:
            yield from _lost(board, how.kerf)


def _lost(board: Board, kerf: float) -> Iterator[str]:
    """Tell how many holes are too narrow for the tool, and how many pieces are too close to be parted by it."""
    import shapely

    parts = shapely.get_parts(shapely.union_all(list(board.pieces)))
    grown = shapely.get_parts(_grown(shapely.union_all(list(board.pieces)), kerf / 2))
    holes = int(shapely.get_num_interior_rings(parts).sum())
    alone = int(shapely.get_num_interior_rings(_grown(parts, kerf / 2)).sum()) if len(parts) else 0
    if alone < holes:
        yield f"{board.name}: {holes - alone} holes are narrower than the kerf of {kerf:g} mm and are left out"
    if len(grown) < len(parts):
        close = len(parts) - len(grown)
        yield f"{board.name}: {close} pieces are so close to others that a kerf of {kerf:g} mm joins them"
