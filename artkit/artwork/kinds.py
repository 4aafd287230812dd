"""`Artwork`: any of the four types."""

from __future__ import annotations

from typing import TypeAlias

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels

Artwork: TypeAlias = Image | Labels | Drawing | Animation
