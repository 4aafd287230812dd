"""What is asked of a drawing of a photo; apart from `photos`, which other pictures do without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from artkit.grouping.inks import Group

Fills = Literal["auto", "gradient", "flat"]


@dataclass(frozen=True)
class Wanted:
    """What is asked of a drawing of a photo; see the parameters of `trace`."""

    fills: Fills = "auto"
    shapes: int | None = None
    bytes: tuple[int, bool] | None = None
    psnr: float | None = None
    detail: float = 0.5
    levels: tuple[int, ...] = ()
    colors: int | None = None
    tolerance: float | None = None
    min_area: float | None = None
    focus: str = "auto"
    keep: tuple[str, ...] = ()
    palette: tuple[str, ...] = ()
    layers: Literal["merged", "stacked", "cutout"] = "merged"
    group: Group = "none"
    strokes: bool = True

    @property
    def has_strokes(self) -> bool:
        """Whether thin lines may be strokes on top of what is drawn."""
        return self.strokes and not (self.is_flat or self.levels) and self.layers == "merged"

    @property
    def is_flat(self) -> bool:
        """Whether colors are few."""
        return bool(self.palette) or self.colors is not None or self.layers == "stacked"
