"""Which artworks a command is for: those named on the command line, and those listed in a file or on stdin."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from artkit.cli import completion
from artkit.errors import UsageError

Ids = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="ID...",
        autocompletion=completion.artworks,
        help="Artworks, each by any part of its name that no other has.",
    ),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="FILE", help="And those listed in this file, a line each; - reads stdin."),
]

_LARGEST = 16 << 20


def chosen(ids: list[str] | None, source: str | None, folder: Path) -> list[str]:
    """Give the names of the artworks; a UsageError where there are none."""
    from artkit.gallery.find import find_all

    wanted = [*(ids or []), *(_listed(source) if source is not None else [])]
    if not wanted:
        where = f"{source}: lists no artworks" if source is not None else "no artworks are named"
        raise UsageError(f"{where}; name some, by parts of their names: artkit gallery list shows them")
    return find_all(wanted, folder)


def _listed(source: str) -> list[str]:
    """Read a list of artworks, such as the page's favorites: a name in each line."""
    try:
        if source == "-":
            data = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UsageError(f"--from {source}: has more than {_LARGEST >> 20} MB, and is no list of artworks")
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError(f"--from {source}: is no text; it takes a name in each line") from None
    except OSError as error:
        raise UsageError(f"--from {source}: {error.strerror or error}") from None
    return [line.strip() for line in lines if line.strip()]
