"""Apply presets to a photo, with other values than their own.

python examples/apply_preset.py [PHOTO [FOLDER]]
"""

import sys
from pathlib import Path

import artkit

PAGODA = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"
photo = sys.argv[1] if len(sys.argv) > 1 else PAGODA  # a path, bytes, an array or a Pillow image
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

# What a preset offers by name. A picture, a drawing and an animation all know how to save themselves.
artkit.apply("contour-lines", photo, size=400).save(folder / "contour-lines.svg")
artkit.apply("psychedelic", photo, size=300, frames=12).save(folder / "psychedelic.gif")

# With `kind` it is said what comes, and is checked before the work; editors then know what it can do.
poster = artkit.apply("poster", photo, kind=artkit.Drawing, size=200, colors=4)
print(f"{poster!r}: {poster.segments} segments, {len(poster.to_bytes('.svgz'))} bytes compressed")

# Every parameter of every step can be reached; the same seed gives the same bytes.
kmeans = artkit.apply("random-kmeans", photo, size=400, seed=3, values={"kmeans.colors": 5})
print(kmeans.save(folder / "kmeans.png"))
