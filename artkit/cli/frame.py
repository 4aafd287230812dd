"""The frame around every command: errors become one line and a status, progress goes to stderr, tables to stdout."""

from __future__ import annotations

import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import perf_counter
from types import TracebackType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from artkit.cli.options import DEBUG, HUSHED, Quiet, clock
from artkit.cli.slips import WORDS, no_command, said
from artkit.cli.timings import spelled_out, timed
from artkit.cli.unset import spare_unset, spared
from artkit.errors import ArtkitError, Retired, UsageError, bounds, explained, number
from artkit.interrupts import give_way
from artkit.limits import LIMITS, limit


class Root(TyperGroup):
    """The whole command line: whatever a command raises ends here as one line on stderr and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take `help COMMAND` for `COMMAND --help`, and `version` for `--version`."""
        if args and not ctx.resilient_parsing:
            ctx.meta[WORDS] = args
            if args[0] in ("help", "version"):
                args = [*args[1:], f"--{args[0]}"]
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            raise _in_words(error) from None

    def get_params(self, ctx: Any) -> list[Any]:
        """Give its options."""
        return [spared(option) for option in super().get_params(ctx)]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Give the command; a UsageError tells of one that there is not, and what may have been meant."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise UsageError(no_command(args, self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            clock(limit("seconds"), LIMITS["seconds"].variable)
            with timed(ctx, tell), _old_names_told():
                return super().invoke(ctx)
        except (Exception, KeyboardInterrupt) as error:
            if _is_of_the_parser(error):
                raise _in_words(error) from None
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


@contextmanager
def _old_names_told() -> Iterator[None]:
    """Tell of each old name that was used, once, and when all is done: until then --quiet may not have been read."""
    told: dict[str, None] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("always", Retired)
        shown = warnings.showwarning

        def show(message: Any, category: Any, *rest: Any, **more: Any) -> None:
            if issubclass(category, Retired):
                told[str(message)] = None
            else:
                shown(message, category, *rest, **more)

        warnings.showwarning = show
        try:
            yield
        finally:
            for line in told:
                hint(line)


def _is_of_the_parser(error: BaseException) -> bool:
    # Usage errors of the parser print themselves. Their base class lives in click or in Typer's own copy of it,
    # depending on Typer's version; `format_message` is what all of them have.
    return isinstance(error, (typer.Exit, typer.Abort)) or hasattr(error, "format_message")


def _in_words(error: BaseException) -> BaseException:
    """Give a complaint of the parser as one line with its exit status; help and the end of a command stay."""
    if not hasattr(error, "ctx") or type(error).__name__ == "NoArgsIsHelpError":
        return error
    return typer.Exit(_end_with(UsageError(said(error))))


def _end_with(error: BaseException) -> int:
    """Tell the user what went wrong; give the exit status."""
    give_way()
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


class Late(TyperCommand):
    """A command that is listed by its name and summary, and built when it is run, completed or asked for its help."""

    def __init__(self, name: str, help: str, build: Callable[[], Any]) -> None:
        super().__init__(name, help=help)
        self.build = build

    def get_short_help_str(self, limit: int = 45) -> str:
        """The whole summary: a list has room for it on more than one line."""
        return self.help or ""

    def built(self) -> Any:
        """Build the command itself, with its options told in one way."""
        command = self.build()
        _in_one_way(command)
        _with_quiet(command)
        spare_unset(command)
        return command

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """Hand over to the command itself."""
        command = self.built()
        if args and not extra.get("resilient_parsing") and not {"-h", "--help"} & set(args):
            extra["default_map"] = _set(command, parent)
        return command.make_context(info_name, spelled_out(command, args), parent=parent, **extra)


def hint(line: str) -> None:
    """Tell something worth knowing, in a command that has no screen."""
    if not HUSHED.get():
        tell(visible(line))


def _with_quiet(command: Any) -> None:
    """Give --quiet to a command that has none, and to those below it: it can be written behind every one."""
    for each in getattr(command, "commands", {}).values():
        _with_quiet(each)
    if not any("--quiet" in option.opts for option in command.params):
        command.params.append(_quiet_option())


def _quiet_option() -> Any:
    """Give the option by way of Typer, whose own classes are built in other ways from version to version."""

    def quiet(quiet: Quiet = False) -> None:
        pass

    app = typer.Typer(**PLAIN)
    app.command()(quiet)
    option: Any = typer.main.get_command(app).params[0]
    option.expose_value, option.help = False, "No notes on stderr."
    return option


def _set(command: Any, parent: Any) -> dict[str, Any] | None:
    """Give what is set of the command's options, for where the command line has none."""
    from artkit.cli.settings import defaults

    path = parent.command_path.split() if parent is not None else []
    name = path[1] if len(path) > 1 else command.name
    options = {each.name: tuple(each.opts) for each in command.params if each.param_type_name == "option"}
    return dict(defaults(str(name), options)) or None


def _in_one_way(command: Any) -> None:
    """Have the options of a command, and of those below it, tell ranges and defaults as those of operations do."""
    for each in getattr(command, "commands", {}).values():
        _in_one_way(each)
    for option in command.params:
        limits = bounds(getattr(option, "min", None), getattr(option, "max", None))
        if not limits:
            continue
        text, _, default = (option.help or "").rstrip("]").partition("  [default: ")
        if not default and isinstance(option.default, (int, float)) and option.show_default:
            default = number(option.default)
        option.help = f"{text}  [{limits}{f'; default: {default}' if default else ''}]"
        option._get_number_range_help_str, option.show_default = (lambda: None), False


# Settings of each application below the first, which alone installs completion.
PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}


NAMED = 20
"""Characters of a name beside a bar for many things, which there is room for on 80 columns."""


class Screen:
    """What the user sees while artkit works: notes and, on a terminal, bars on stderr; results on stdout.

    Bars are taken off before a line of results is written, and when all is done.
    """

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bars: Any = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            label, told = (TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[told]}"))
            self._bars = Progress(
                label,
                BarColumn(bar_width=20),
                told,
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )

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
        give_way()
        line = visible(line)
        if self._bars is None:
            tell(line)
        else:
            self._bars.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def print(self, line: str) -> None:
        """Write a line of results to stdout."""
        alone = self._bars is None or not sys.stdout.isatty()
        if not alone:
            self._bars.stop()
        typer.echo(line)
        if not alone:
            self._bars.start()

    def bar(self, label: str) -> Callable[[float, int, str], None]:
        """Begin a bar; call what this gives with (steps done, all steps, name of the present step)."""
        if self._bars is None:
            return lambda done, steps, name: None
        task, start = self._bars.add_task(label, total=None, told=""), perf_counter()

        def move(done: float, steps: int, name: str) -> None:
            told = f"{brief(perf_counter() - start)} {name}".strip()
            self._bars.update(task, completed=done, total=steps, told=told, visible=done < steps)

        return move

    def overall(self, label: str) -> Callable[[float, int, str], None]:
        """Begin a bar for many things alike; call what this gives with (things done, all things, the present one)."""
        if self._bars is None:
            return lambda done, count, name: None
        task, start = self._bars.add_task(label, total=None, told=""), perf_counter()

        def move(done: float, count: int, name: str) -> None:
            pace = (perf_counter() - start) / max(done, 1e-9)
            name = name if len(name) <= NAMED else f"{name[: NAMED - 1]}…"
            told = (
                f"{done:.0f}/{count}, {60 / max(pace, 1e-9):.3g} a minute, {brief(pace * (count - done))} left, {name}"
            )
            self._bars.update(task, completed=done, total=count, told=told if done else name)

        return move


def brief(seconds: float) -> str:
    """Write a time in the two largest of its units: 1 h 49 min, 3 min 5 s, 12 s."""
    whole = round(seconds)
    for size, unit, smaller, part in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit} {rest} {part}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


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
