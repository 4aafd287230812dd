"""What a drawing says in words and numbers, as plain text and as a table (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO
from typing import BinaryIO

from artkit.artwork.drawing import KitDrawing, TextDrawing
from artkit.artwork.formats import Note


def write_text(drawing: TextDrawing, file: BinaryIO, metadata: Mapping[str, str], note: Note) -> None:
    """Write the text of a drawing, UTF-8; what is known of its origin has no place in it."""
    file.write(drawing.text.encode())


def write_rows(drawing: KitDrawing, file: BinaryIO, metadata: Mapping[str, str], note: Note) -> None:
    """Write the table of a drawing as CSV, its heads first."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(drawing.rows)
    file.write(text.getvalue().encode())
