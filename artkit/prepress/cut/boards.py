"""A drawing of flat colors in, the boards that it is cut from out: one for all inks, or one for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from artkit.artwork.drawing import Drawing, Gradient, Layer, Shape
from artkit.color.palette import name_of, parse
from artkit.errors import UsageError, did_you_mean
from artkit.pens.lines import Lines
from artkit.prepress.cut.bridges import CRUMB, bridged
from artkit.prepress.cut.crumbs import without_crumbs
from artkit.prepress.cut.job import Board, Cutting
from artkit.prepress.cut.outlines import borders, linestrings, polylines, rings
from artkit.prepress.merge import without_thin
from artkit.prepress.regions import Ink, Region, Sheet, meant, regions
from artkit.prepress.slivers import filled, without_slivers

MARGIN = 10.0
"""Millimetres of plate around a stencil and around sheets of a stack."""

PIN = 3.0
"""Millimetres of a pin's hole."""

COVER = 0.5
"""Millimetres that scored outlines lie under the edge of what is glued on them."""

BARE = 1e-3
"""Share of the sheet that counts as nothing left bare."""


def boards_of(drawing: Drawing, scale: float, how: Cutting) -> list[Board]:
    """Give the boards of a drawing, `scale` millimetres to a unit; a UsageError says what cannot be cut."""
    flat = flattened(drawing, everything=how.outline is not None)
    how = _named(how, flat)
    marked = {*map(_color, how.score), *map(_color, how.engrave)}
    whole = regions(flat, scale)
    _check_known(marked, whole, "score and engrave")
    sheet = without_crumbs(regions(_without(flat, marked), scale) if marked else whole)
    sheet = without_slivers(without_thin(sheet, how.least, _widened(sheet, how))[0], how.least)
    inks = [ink for ink in sheet.inks if ink.color != _ground(sheet, drawing, how)]
    if not inks:
        raise UsageError("there is nothing to cut: the drawing has no shape but the ground; --ground none cuts it, too")
    boards = _boards(inks, sheet, how)
    return [_marked(board, whole, how) for board in boards] if marked else boards


def _widened(sheet: Sheet, how: Cutting) -> list[str]:
    if "all" in how.widen:
        return [ink.color for ink in sheet.inks]
    chosen = {*map(_color, how.widen)}
    _check_known(chosen, sheet, "thicken")
    return sorted(chosen)


def _named(how: Cutting, drawing: Drawing) -> Cutting:
    """Put the drawing's colors in the place of words that stand for one."""
    painted = (color for shape in drawing.shapes for color in (shape.fill, shape.stroke) if isinstance(color, str))
    given = [*painted, *([drawing.background] if drawing.background else [])]
    colors = list(dict.fromkeys(map(_color, given)))
    ground = how.ground and meant(how.ground, colors)
    score, engrave = (tuple(meant(word, colors) for word in words) for words in (how.score, how.engrave))
    return replace(how, ground=ground, score=score, engrave=engrave)


def _boards(inks: Sequence[Ink], sheet: Sheet, how: Cutting) -> list[Board]:
    import shapely

    if how.outline is not None:
        around = shapely.buffer(shapely.union_all([ink.region for ink in inks]), how.outline, quad_segs=32)
        filled = shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(around))))
        return [Board("outline", inks[0].color, (filled,))]
    if how.bridges is not None:
        return list(_stencils(inks, sheet, how.bridges, how.least))
    if how.stack:
        return list(_stacked(inks, sheet))
    if how.common:
        return [Board("cut", inks[0].color, tuple(ink.region for ink in inks))]
    return [Board(ink.color, ink.color, (ink.region,)) for ink in inks]


def _stencils(inks: Sequence[Ink], sheet: Sheet, width: float, least: float) -> Iterator[Board]:
    """Give a plate for each ink, open where it is painted."""
    import shapely

    whole = shapely.box(-MARGIN, -MARGIN, sheet.width + MARGIN, sheet.height + MARGIN)
    for ink in inks:
        plate = bridged(shapely.difference(whole, ink.region), width)
        held = filled(plate.plate, whole, least) if plate.bridges else plate.plate
        name = "stencil" if len(inks) == 1 else f"stencil {ink.color}"
        yield Board(name, ink.color, (held,), bridges=len(plate.bridges), islands=plate.pieces - 1, weak=plate.weak)


def _stacked(inks: Sequence[Ink], sheet: Sheet) -> Iterator[Board]:
    """Give sheets from the bottom up: each has what is seen of it and all that lies on it, a margin, and pin holes."""
    import shapely

    outer = shapely.box(-MARGIN, -MARGIN, sheet.width + MARGIN, sheet.height + MARGIN)
    middle = MARGIN / 2
    corners = [(x, y) for x in (-middle, sheet.width + middle) for y in (-middle, sheet.height + middle)]
    pins = shapely.union_all(shapely.buffer(shapely.points(corners), PIN / 2, quad_segs=32))
    margin = shapely.difference(outer, shapely.box(0, 0, sheet.width, sheet.height))
    seen = [shapely.union_all([margin, *(ink.region for ink in inks[k:])]) if k else outer for k in range(len(inks))]
    for k, ink in enumerate(inks):
        parts = shapely.get_parts(seen[k])
        parts = parts[shapely.area(parts) > CRUMB]
        above = _loose(seen[k + 1]) if k + 1 < len(inks) else []
        covered = shapely.union_all([shapely.buffer(part, -COVER) for part in above])
        plate = shapely.difference(shapely.union_all(parts), pins)
        yield Board(f"sheet {k + 1}", ink.color, (plate,), rings(covered), islands=len(parts) - 1)


def _loose(region: Region) -> list[Region]:
    """Give the parts of a sheet that its margin does not hold."""
    import shapely

    parts = shapely.get_parts(region)
    left = shapely.bounds(parts)[:, 0]
    return [part for k, part in enumerate(parts) if k != int(left.argmin()) and part.area > CRUMB]


def _marked(board: Board, whole: Sheet, how: Cutting) -> Board:
    """Give a board with what is scored and engraved on its pieces."""
    import shapely

    pieces = shapely.union_all(list(board.pieces))
    scored = [ink.region for ink in whole.inks if ink.color in set(map(_color, how.score))]
    engraved = [ink.region for ink in whole.inks if ink.color in set(map(_color, how.engrave))]
    lines = board.score
    if scored:
        inside = shapely.buffer(pieces, -1e-3)
        found = shapely.intersection(shapely.union_all(linestrings(borders(scored))), inside)
        lines = Lines.joined([lines, polylines(shapely.line_merge(found))])
    area = shapely.intersection(shapely.union_all(engraved), pieces) if engraved else None
    return replace(board, score=lines, engraved=area)


def flattened(drawing: Drawing, *, everything: bool) -> Drawing:
    """Leave shadows out, which nobody cuts; for an outline around `everything`, also what colors there are."""
    layers = [replace(layer, shadow=None) for layer in drawing.layers]
    if everything:
        layers = [replace(layer, blur=0.0, shapes=list(map(_plain, layer.shapes))) for layer in layers]
    return drawing.replace(layers=layers)


def _plain(shape: Shape) -> Shape:
    fill = shape.fill.colors[0] if isinstance(shape.fill, Gradient) else shape.fill
    return shape._replace(fill=fill, opacity=1.0)


def _without(drawing: Drawing, colors: set[str]) -> Drawing:
    def kept(shape: Shape) -> Shape:
        fill = None if isinstance(shape.fill, str) and shape.fill in colors else shape.fill
        return shape._replace(fill=fill, stroke=None if shape.stroke in colors else shape.stroke)

    layers: list[Layer] = [replace(layer, shapes=list(map(kept, layer.shapes))) for layer in drawing.layers]
    return drawing.replace(layers=layers, background=None if drawing.background in colors else drawing.background)


def _ground(sheet: Sheet, drawing: Drawing, how: Cutting) -> str | None:
    """Give the color of what is not cut: the one named, the background or, if there must be one, that of the edge."""
    if how.ground == "none":
        return None
    if how.ground is not None:
        color = _color(how.ground)
        _check_known({color}, sheet, "ground")
        return color
    if how.stack:
        return None
    if drawing.background is not None:
        return _color(drawing.background)
    bare = 1 - sum(ink.area for ink in sheet.inks) / (sheet.width * sheet.height)
    plain = how.bridges is None and how.outline is None and not how.weed
    if plain or bare > BARE or len(sheet.inks) < 2:
        return None
    import shapely

    edge = shapely.boundary(shapely.box(0, 0, sheet.width, sheet.height))
    return max(sheet.inks, key=lambda ink: float(shapely.intersection(edge, ink.region).length)).color


def _color(text: str) -> str:
    return name_of(parse(text))


def _check_known(colors: set[str], sheet: Sheet, what: str) -> None:
    known = [ink.color for ink in sheet.inks]
    for color in sorted(colors):
        if color not in known:
            raise UsageError(f"{what}: no shape has the color {color}{did_you_mean(color, known)}")
