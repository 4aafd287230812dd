"""Chain ops by hand: each is a function that takes a picture and gives a new one.

python examples/chain_ops.py [PHOTO [FOLDER]]
"""

import sys
from pathlib import Path

import numpy as np
from skimage import data

from artkit import Image
from artkit.ops.filter import median, sobel
from artkit.ops.lines import contours
from artkit.ops.paint import recolor
from artkit.ops.segment import kmeans

photo = Image.of(sys.argv[1] if len(sys.argv) > 1 else data.astronaut())
folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")

calm = median(photo, size=15)
sobel(calm).save(folder / "edges.png")

# Ops that draw lots take a generator of random numbers: seed it, and the lots are the same next time.
regions = kmeans(calm, colors=4, rng=np.random.default_rng(1))
poster = recolor(regions, palette="random", rng=np.random.default_rng(2))
poster.save(folder / "poster.png")

lines = contours(calm, levels=12)
print(f"{sum(1 for _ in lines.shapes)} lines in {lines.save(folder / 'lines.svg')}")

# Underneath, everything is numpy.
negative = photo.with_pixels(255 - photo.pixels)
negative.save(folder / "negative.jpg")
