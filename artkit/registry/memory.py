"""What a step takes of memory: bytes for each pixel of what it works on, so that one that cannot fit is not begun.

Measured on a picture of a megapixel, beyond what there was before, and rounded up.
"""

from __future__ import annotations

FAMILIES = {"filter": 12.0, "tone": 8.0, "color": 12.0, "frame": 12.0, "segment": 20.0, "dither": 24.0, "paint": 40.0}
"""Bytes of a pixel for operations that make pictures or labels, by family."""

TRACED = 150.0
"""Bytes of a pixel for what becomes a drawing."""

OTHER = 40.0


def bytes_per_pixel(name: str, family: str, gives: str) -> float:
    """Give what an operation is expected to take."""
    return OWN.get(name, TRACED if gives == "Drawing" else FAMILIES.get(family, OTHER))


OWN = {
    "duotone": 70.0,
    "gradient-map": 70.0,
    "kmeans": 70.0,
    "color-cycle": 70.0,
    "adaptive-threshold": 16.0,
}
"""Operations that take more, or less, than their family."""
