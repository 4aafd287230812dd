"""Artworks to files. `save` and `encode` choose the writer by the suffix."""
