"""Filters as artkit writes them, back to a layer's blur and shadow (see `export.svg.filters`)."""

from __future__ import annotations

from typing import NamedTuple
from xml.etree import ElementTree

from artkit.artwork.drawing import Shadow
from artkit.export.read.paints import color_of, opacity_of
from artkit.pens.read.elements import local
from artkit.pens.read.lengths import BadNumber, length

_CAST = ["feGaussianBlur", "feOffset", "feFlood", "feComposite", "feMerge"]


class Soft(NamedTuple):
    """How soft a layer is, and what it casts, in user units."""

    blur: float = 0.0
    shadow: Shadow | None = None

    def scaled(self, unit: float) -> Soft:
        """Give the same in other units."""
        shadow = self.shadow
        if shadow is not None:
            offset = shadow.offset[0] * unit, shadow.offset[1] * unit
            shadow = shadow._replace(offset=offset, blur=shadow.blur * unit)
        return Soft(self.blur * unit, shadow)


def soft_of(element: ElementTree.Element) -> Soft | None:
    """Give what a filter does where it is one of artkit's, else None."""
    if element.get("filterUnits") != "userSpaceOnUse" or element.get("color-interpolation-filters") != "sRGB":
        return None
    if element.get("x") != "0" or element.get("y") != "0":
        return None
    steps = list(element)
    tags = [local(step.tag) for step in steps]
    blur = 0.0
    try:
        if tags and tags[0] == "feGaussianBlur" and steps[0].get("result") == "a" and not steps[0].get("in"):
            blur = length(steps[0].get("stdDeviation"))
            steps, tags = steps[1:], tags[1:]
        if not tags:
            return Soft(blur) if blur else None
        if tags != _CAST or steps[0].get("in") != ("a" if blur else "SourceAlpha"):
            return None
        color = color_of(steps[2].get("flood-color", "#000000"))
        offset = length(steps[1].get("dx")), length(steps[1].get("dy"))
        wide = length(steps[0].get("stdDeviation"))
    except BadNumber:
        return None
    return Soft(blur, Shadow(offset, wide, color[0], opacity_of(steps[2].get("flood-opacity")))) if color else None
