"""Soft layers and shadows as filters (SVG 1.1, chapter 15)."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from artkit.artwork.drawing import Drawing, Layer, Shadow
from artkit.export.svg.grid import Grid
from artkit.export.svg.numbers import number, short
from artkit.export.svg.paint import color_value


class Filters:
    """Filters of a document, for soft layers and for shadows: each is defined just before the first layer that uses it.

    Made of the oldest primitives, as Inkscape before 1.3 knows no feDropShadow, and in sRGB, as everything else here.
    """

    def __init__(self, drawing: Drawing, grid: Grid, taken: Container[str] = ()) -> None:
        sheet, unit = (drawing.page, 1.0) if drawing.page else (drawing, grid.unit)
        self.unit = grid.unit
        self.room = f'width="{number(sheet.width * unit)}" height="{number(sheet.height * unit)}"'
        self.names: dict[str, str] = {}
        self._free = (name for number in count() if (name := f"f{number}") not in taken)

    def of(self, layer: Layer) -> tuple[str, str]:
        """Give the definition of a layer's filter, empty if it was given before, and the attribute that names it."""
        steps = ""
        if layer.blur:
            steps = f'<feGaussianBlur stdDeviation="{number(layer.blur * self.unit)}" result="a"/>'
        if layer.shadow is not None:
            steps += self._shadow(layer.shadow, "a" if layer.blur else "SourceGraphic")
        if not steps:
            return "", ""
        definition = ""
        if steps not in self.names:
            name = self.names[steps] = next(self._free)  # gradients have no digits in their names
            definition = (
                f'<filter id="{name}" filterUnits="userSpaceOnUse" x="0" y="0" {self.room}'
                f' color-interpolation-filters="sRGB">{steps}</filter>'
            )
        return definition, f' filter="url(#{self.names[steps]})"'

    def _shadow(self, shadow: Shadow, source: str) -> str:
        dx, dy, blur = (number(length * self.unit) for length in (*shadow.offset, shadow.blur))
        return (
            f'<feGaussianBlur in="{source if source == "a" else "SourceAlpha"}" stdDeviation="{blur}"/>'
            f'<feOffset dx="{dx}" dy="{dy}" result="b"/>'
            f'<feFlood flood-color={color_value(shadow.color)} flood-opacity="{short(shadow.opacity)}"/>'
            '<feComposite in2="b" operator="in"/>'
            f'<feMerge><feMergeNode/><feMergeNode in="{source}"/></feMerge>'
        )
