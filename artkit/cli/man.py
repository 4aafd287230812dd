"""`artkit man [COMMAND...]`: manual pages made of the declarations, for `man`; one, or all of them into a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from artkit.cli.frame import PLAIN
from artkit.cli.options import Debug
from artkit.errors import UsageError, did_you_mean

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def man(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[COMMAND...]", help="A command, such as plot, or gallery show.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Write all pages into this folder, such as man/man1.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Print the manual page of a command, for `man -l -`, or write all of them."""
    from artkit.export import files

    root = context.find_root().command
    if to is None:
        typer.echo(page(("artkit", *(names or ())), _found(root, names or [])), nl=False)
        return
    if names:
        raise UsageError(f"--to {to}: takes all pages; leave out {' '.join(names)}")
    to.mkdir(parents=True, exist_ok=True)
    for path, each in _all(("artkit",), root):
        typer.echo(files.write(to / f"{'-'.join(path)}.1", page(path, each).encode()))


def page(path: tuple[str, ...], command: Any) -> str:
    """Give the manual page, in the macros of man(7), of a command that is called by these words."""
    from artkit import __version__

    if hasattr(command, "explain"):
        command.explain()
    name, text = "-".join(path), command.help or ""
    summary = text.strip().partition("\n")[0].rstrip(".")
    context = command.context_class(command, info_name=" ".join(path))
    arguments = [_told(each, context)[0] for each in command.params if each.param_type_name == "argument"]
    below = list(_below(command))
    usage = [" ".join(path), *(["COMMAND"] if below else []), *arguments, "[OPTIONS]"]
    lines = [
        f'.TH "{_roff(name.upper())}" "1" "" "artkit {__version__}" "artkit"',
        ".SH NAME",
        f"{_roff(name)} \\- {_roff(summary)}",
        ".SH SYNOPSIS",
        f".B {_roff(' '.join(usage))}",
    ]
    if more := text.strip().partition("\n")[2].strip():
        lines += [
            ".SH DESCRIPTION",
            *(line for part in more.split("\n\n") for line in (".PP", _roff(" ".join(part.split())))),
        ]
    for heading, kind in (("ARGUMENTS", "argument"), ("OPTIONS", "option")):
        own = [each for each in command.params if each.param_type_name == kind and not getattr(each, "hidden", False)]
        lines += [f".SH {heading}"] if own else []
        for each in own:
            name, text = _told(each, context)
            lines += [".TP", f".B {_roff(name)}", _roff(text)]
    if below:
        lines.append(".SH COMMANDS")
        for word, each in below:
            lines += [".TP", f".B {_roff(word)}", _roff((each.help or each.get_short_help_str(200)).partition("\n")[0])]
    lines += [".SH EXIT STATUS", "0 done, 1 failed at run time, 2 wrongly asked for, 130 interrupted."]
    return "\n".join(lines) + "\n"


def _found(root: Any, names: list[str]) -> Any:
    found = root
    for word in names:
        known = dict(_below(found))
        if word not in known:
            raise UsageError(f"{word}: no such command{did_you_mean(word, known)}")
        found = known[word]
    return found


def _all(path: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, each in _below(command):
        yield from _all((*path, name), each)


def _below(command: Any) -> Iterator[tuple[str, Any]]:
    """Give the commands below a command, built; presets are left to `artkit apply PRESET --help`."""
    for name, each in sorted(getattr(command, "commands", {}).items()):
        yield name, each.built() if hasattr(each, "built") else each


def _told(each: Any, context: Any) -> tuple[str, str]:
    """Give an option or an argument as a command line has it, and what it means, as the help has them."""
    name, text = each.get_help_record(context) or ("", "")
    if each.param_type_name == "argument":
        name = str(each.metavar or each.name.upper())
    return name, text


def _roff(text: str) -> str:
    """Escape what roff reads as its own: backslashes, hyphens of options, and dots and quotes at the beginning."""
    text = re.sub(r"\s+", " ", text).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in (".", "'") else text
