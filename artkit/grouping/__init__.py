"""Drawings in, the same drawings in named groups out: by color or by depth, with ids for editors and for the web.

No pixel changes: shapes change places only where nothing that they paint is shared.
"""
