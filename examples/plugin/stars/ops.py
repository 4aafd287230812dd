"""Night: what the sky adds."""

from typing import Annotated

import numpy as np
from pydantic import Field

from artkit import Image, op


@op
def stars(
    image: Image,
    *,
    count: Annotated[int, Field(ge=0, le=100_000, description="Number of stars.")] = 200,
    rng: np.random.Generator,
) -> Image:
    """Put stars where the picture is dark."""
    darkness = (255.0 - image.pixels.mean(axis=2)).ravel() ** 3
    if not darkness.any():
        return image
    places = rng.choice(darkness.size, size=count, p=darkness / darkness.sum())
    pixels = image.pixels.copy()
    pixels.reshape(-1, 3)[places] = 255
    return image.with_pixels(pixels)
