"""Drawings of gradients: a picture in, its smooth cells, the fills that explain them and their borders out."""
