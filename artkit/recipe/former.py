"""Presets that went into others: each is found by its old name, makes what it made, and says what it is now."""

from __future__ import annotations

NOW = {
    "chalkboard": "charcoal --medium chalk",
    "contours": "contour-lines",
    "gouache": "oil-painting --paint gouache",
    "hue-cycle": "psychedelic --space oklch",
}
"""What does the same or nearly so, by the old name; `presets/retired` holds the recipes."""
