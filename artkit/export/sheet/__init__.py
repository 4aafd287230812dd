"""Artworks on sheets of paper: what is asked of a page in, where everything lies on it, and files of any kind, out.

Millimetres from the upper left corner of the paper, y down, as everywhere on pages.
"""

from __future__ import annotations

from artkit.export.sheet.compose import Composed, Item, composed
from artkit.export.sheet.layout import Asked, Layout, laid_out
from artkit.export.sheet.write import SUFFIXES, check_suffix, written

__all__ = ["SUFFIXES", "Asked", "Composed", "Item", "Layout", "check_suffix", "composed", "laid_out", "written"]
