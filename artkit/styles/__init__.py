"""Mosaics drawn as other things than photos: triangles, stained glass, washes of color, sheets of cut paper."""
