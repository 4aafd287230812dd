"""What lies on the paper to EPS and DXF, which hold drawings and no pixels."""

from __future__ import annotations

from collections.abc import Mapping

from artkit.artwork.drawing import Drawing
from artkit.errors import UsageError
from artkit.export.read import Alone
from artkit.export.sheet.compose import Composed, on_paper


def outlined(paper: Composed, suffix: str, metadata: Mapping[str, str], *, splines: bool = False) -> bytes:
    """Give the bytes of a file; with `splines` a DXF's curves are these. A UsageError says what no format holds."""
    layout = paper.layout
    for item in paper.items:
        if not isinstance(item.art, Drawing):
            what = item.art.whats[0] if isinstance(item.art, Alone) else "picture of pixels"
            raise UsageError(f"{suffix[1:].upper()} holds no pixels, and this has them ({what}); use .pdf or .png")
    drawings = [on_paper(item, layout.width, layout.height) for item in paper.items]
    if suffix == ".eps":
        from artkit.export.eps import Laid, eps

        laid = [Laid(drawing, item.clip, item.inks or {}) for drawing, item in zip(drawings, paper.items, strict=True)]
        return eps(laid, layout.width, layout.height, metadata)
    if layout.cuts:
        raise UsageError("a DXF does not cut art off at the edge of a page; use .pdf, or --fit")
    from artkit.export.dxf import dxf

    return dxf(drawings, layout.height, splines=splines)
