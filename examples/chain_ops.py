"""Chain ops by hand: each is a function that takes a picture and gives a new one.

python examples/chain_ops.py [PHOTO [FOLDER]]
"""

import sys
from pathlib import Path

import numpy as np

import artkit
from artkit import ops

PAGODA = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"
photo = artkit.read(sys.argv[1] if len(sys.argv) > 1 else PAGODA)
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

# An op takes an Image, or what one can be made of: a file's path, an array, a Pillow image.
calm = ops.median(photo, size=15)
ops.sobel(calm).save(folder / "edges.png")

# Where chance plays a part, the same `rng`, a seed or a numpy Generator, gives the same picture.
regions = ops.kmeans(calm, colors=4, rng=1)
poster = ops.recolor(regions, palette="random", rng=np.random.default_rng(2))
poster.save(folder / "poster.png")

lines = ops.contours(calm, levels=12)
print(lines, "in", lines.save(folder / "lines.svg"))

# Underneath, everything is numpy.
negative = photo.with_pixels(255 - photo.pixels)
negative.save(folder / "negative.jpg")
print(f"regions by number: {np.unique(np.asarray(regions))}")
