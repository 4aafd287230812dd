"""A drawing in, what a cutter does out: lines in order, on a sheet in millimetres; see `cut`."""

from __future__ import annotations

from artkit.prepress.cut.job import Board, Cutting, Job, Work
from artkit.prepress.cut.plan import cut, drawing_of

__all__ = ["Board", "Cutting", "Job", "Work", "cut", "drawing_of"]
