"""Drawings in, what print shops and cutters make them from out: plates of inks, and lines to cut. Millimetres."""
