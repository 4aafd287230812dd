"""What a step takes of memory: bytes for each pixel of what it works on, so that one that cannot fit is not begun."""

from __future__ import annotations

FAMILIES = {"filter": 24.0, "tone": 16.0, "color": 16.0, "frame": 12.0, "segment": 40.0, "dither": 24.0, "paint": 60.0}
"""Bytes of a pixel for operations that make pictures or labels, by family."""

TRACED = 150.0
"""Bytes of a pixel for what becomes a drawing."""

OTHER = 40.0


def bytes_per_pixel(name: str, family: str, gives: str) -> float:
    """Give what an operation is expected to take."""
    return OWN.get(name, TRACED if gives == "Drawing" else FAMILIES.get(family, OTHER))


OWN: dict[str, float] = {}
"""Operations that take more, or less, than their family."""
