"""Files for cutters in, their outlines out: SVG as a program reads it, and DXF. Millimetres."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from artkit.artwork.drawing import Drawing, Page
from artkit.errors import ArtkitError, UsageError
from artkit.export.dxf import FLAT, Outline, ezdxf_or_error, outlines
from artkit.export.read import opened
from artkit.pens.strokes import is_svg
from artkit.prepress.profile import PIXELS, Profile


class CutFile(NamedTuple):
    """Outlines on a sheet; `left_out` counts, in words, what is none, `faults` are what ezdxf finds wrong."""

    outlines: list[Outline]
    size: tuple[float, float]
    left_out: dict[str, int]
    faults: int = 0


def read(data: bytes, name: str, profile: Profile) -> CutFile:
    """Read a file as the profile's program does; an ArtkitError says why it cannot be read."""
    if is_svg(name, data):
        return _svg(data, name, profile)
    if name.lower().endswith(".dxf"):
        return _dxf(data, name)
    raise UsageError(f"--check {name}: is neither SVG nor DXF; check the file that it was made of")


def _svg(data: bytes, name: str, profile: Profile) -> CutFile:
    found = opened(data, name)
    made: list[Outline] = []
    size = found.width, found.height
    for part in found.parts:
        if isinstance(part, Drawing):
            drawing = part
            if drawing.page is None:
                unit = PIXELS[profile.pixel]
                size = drawing.width * unit, drawing.height * unit
                drawing = drawing.replace(page=Page(*size, scale=unit))
            made += outlines(drawing, gradients=True)
    return CutFile(made, size, {**found.rendered, **found.left_out})


def _dxf(data: bytes, name: str) -> CutFile:
    ezdxf = ezdxf_or_error()
    from ezdxf import recover

    try:
        document, auditor = recover.read(io.BytesIO(data))
    except (OSError, ezdxf.DXFError) as error:
        raise ArtkitError(f"{name}: cannot be read as DXF: {error}") from None
    unit = ezdxf.units.conversion_factor(document.units or ezdxf.units.MM, ezdxf.units.MM)
    left_out: Counter[str] = Counter()
    made = list(_entities(document, unit, left_out))
    if not made:
        return CutFile([], (0.0, 0.0), dict(left_out), len(auditor.errors))
    low = [min(float(one.points[:, k].min()) for one in made) for k in (0, 1)]
    high = [max(float(one.points[:, k].max()) for one in made) for k in (0, 1)]
    return CutFile(made, (high[0] - low[0], high[1] - low[1]), dict(left_out), len(auditor.errors))


def _entities(document: Any, unit: float, left_out: Counter[str]) -> Iterator[Outline]:
    import numpy as np
    from ezdxf import colors
    from ezdxf.path import make_path

    for entity in document.modelspace():
        try:
            path = make_path(entity)
        except TypeError:
            left_out[entity.dxftype()] += 1
            continue
        points = np.array([(point.x, point.y) for point in path.flattening(FLAT / unit)]) * unit
        layer = document.layers.get(entity.dxf.layer) if entity.dxf.layer in document.layers else None
        rgb = entity.rgb or (layer.rgb if layer is not None else None) or colors.RGB(0, 0, 0)
        closed = len(points) > 2 and bool(np.abs(points[0] - points[-1]).max() < 1e-6)
        if len(points) > 1:
            color = "#" + "".join(f"{level:02x}" for level in rgb)
            yield Outline(entity.dxf.layer, color, points[:-1] if closed else points, closed)
