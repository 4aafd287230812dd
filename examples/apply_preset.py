"""Apply presets to a photo, with other values than their own.

python examples/apply_preset.py [PHOTO [FOLDER]]
"""

import sys
from pathlib import Path

from skimage import data

import artkit

photo = sys.argv[1] if len(sys.argv) > 1 else data.astronaut()  # a path, bytes, an array or a Pillow image
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

# What a preset offers by name. A picture, a drawing and an animation all know how to save themselves.
artkit.apply("contours", photo, size=400).save(folder / "contours.svg")
artkit.apply("psychedelic", photo, size=300, frames=12).save(folder / "psychedelic.gif")

# Every parameter of every step can be reached; the same seed gives the same bytes.
kmeans = artkit.apply("random-kmeans", photo, size=400, seed=3, values={"kmeans.colors": 5})
print(kmeans.save(folder / "kmeans.png"))
