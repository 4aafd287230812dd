"""The frame around every command: errors become one line and a status, progress goes to stderr, tables to stdout."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from artkit.cli.options import DEBUG, clock
from artkit.errors import ArtkitError
from artkit.limits import LIMITS, limit


class Root(TyperGroup):
    """The whole command line: whatever a command raises ends here as one line on stderr and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            clock(limit("seconds"), LIMITS["seconds"].variable)
            return super().invoke(ctx)
        except (Exception, KeyboardInterrupt) as error:
            if _is_of_the_parser(error):
                raise
            if ctx.meta.get(DEBUG):
                traceback.print_exception(error)
            raise typer.Exit(_end_with(error)) from None

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run it all; what fails before a command runs, as a help text for a full disk, ends alike."""
        try:
            return super().main(*args, **settings)
        except (Exception, KeyboardInterrupt) as error:
            if not settings.get("standalone_mode", True):
                raise
            sys.exit(_end_with(error))


def _is_of_the_parser(error: BaseException) -> bool:
    # Usage errors of the parser print themselves. Their base class lives in click or in Typer's own copy of it,
    # depending on Typer's version; `format_message` is what all of them have.
    return isinstance(error, (typer.Exit, typer.Abort)) or hasattr(error, "format_message")


def _end_with(error: BaseException) -> int:
    """Tell the user what went wrong; give the exit status."""
    if isinstance(error, OSError):
        _settle_stdout()
    if isinstance(error, BrokenPipeError):  # `artkit presets | head -1`: nobody reads any more
        return 1
    if isinstance(error, KeyboardInterrupt):
        tell("Interrupted.")
        return 130
    for line in explained(error).splitlines():
        tell(f"Error: {visible(line)}")
    return error.exit_code if isinstance(error, ArtkitError) else 1


def tell(line: str) -> None:
    """Write a line to stderr; one that is full or gone does not stop the work."""
    with suppress(OSError):
        typer.echo(line, err=True)


def _settle_stdout() -> None:
    """Give up what stdout cannot take: Python would flush it once more at its end, and complain."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_UNSEEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST = 1000
"""Characters of a line on stderr."""


def visible(line: str) -> str:
    """Write out what would move the cursor, turn the text or cannot be encoded; names of files may hold anything."""
    line = line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], line)


def explained(error: BaseException) -> str:
    """Say what went wrong, in the user's words."""
    if isinstance(error, ArtkitError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, MemoryError):
        return "not enough memory; --size 2000 makes the picture smaller first"
    return f"a fault in artkit: {type(error).__name__}: {error}; --debug shows where"


class Late(TyperCommand):
    """A command that is listed by its name and summary, and built when it is run, completed or asked for its help."""

    def __init__(self, name: str, help: str, build: Callable[[], Any]) -> None:
        super().__init__(name, help=help)
        self.build = build

    def get_short_help_str(self, limit: int = 45) -> str:
        """The whole summary: a list has room for it on more than one line."""
        return self.help or ""

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """Hand over to the command itself."""
        return self.build().make_context(info_name, args, parent=parent, **extra)


# Settings of each application below the first, which alone installs completion.
PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}


class Screen:
    """What the user sees on stderr while artkit works: notes and, on a terminal, a bar for each artwork."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bars: Any = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
            step = TextColumn("{task.fields[step]}", markup=False)
            self._bars = Progress(*columns, step, console=Console(stderr=True))

    def __enter__(self) -> Screen:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def say(self, line: str) -> None:
        """Tell something worth knowing."""
        if not self.quiet:
            self.fail(line)

    def fail(self, line: str) -> None:
        """Tell what went wrong; not even --quiet hides it."""
        line = visible(line)
        if self._bars is None:
            tell(line)
        else:
            self._bars.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def bar(self, label: str) -> Callable[[float, int, str], None]:
        """Begin a bar; call what this gives with (steps done, all steps, name of the present step)."""
        if self._bars is None:
            return lambda done, steps, name: None
        task = self._bars.add_task(label, total=None, step="")
        return lambda done, steps, name: self._bars.update(task, completed=done, total=steps, step=name)


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns to stdout; columns of numbers, with or without a unit, are flush right."""
    cells = [list(header), *([_cell(value) for value in row] for row in rows)]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [len(cells) > 1 and all(map(_is_number, column[1:])) for column in columns]
    for line in cells:
        padded = (
            text.rjust(width) if flush else text.ljust(width)
            for text, width, flush in zip(line, widths, right, strict=True)
        )
        typer.echo("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(text: str) -> bool:
    return text.partition(" ")[0].replace(",", "").replace(".", "").isdecimal()


def print_json(value: object) -> None:
    """Print a JSON document to stdout."""
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))
