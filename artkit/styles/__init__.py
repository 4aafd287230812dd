"""A mosaic in, a drawing of something else than a photo out: triangles, stained glass, washes of color, cut paper."""
