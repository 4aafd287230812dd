"""Thin lines of photos, as masts, cables and railings are: found along their whole length, drawn as one stroke each."""
