"""SVG files of any tool in, lines in millimetres out."""
