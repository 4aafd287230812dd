"""A command line and the files it needs, made by chance, and what must hold whatever is read.

artkit ends within ten seconds of processor time and a gigabyte with status 0, or with 1 or 2 and one clear line; there
is no traceback, no "fault in artkit", and nothing that a library says by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SECONDS = 10.0
"""Processor time that a case may take."""

MEGABYTES = 1000
"""Memory that a case may take, the libraries of artkit included."""


@dataclass(frozen=True)
class Case:
    """A command line without `artkit`, and the files, by their names, that lie where it runs.

    `reports` says that the command may end with 1 or 2 after a report on stdout, as those that check something do.
    `writes`, where it is given, are the names that may be there afterwards beside the files.
    """

    arguments: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""
    reports: bool = False
    writes: tuple[str, ...] | None = None


@dataclass
class Outcome:
    """How a case ended: status, what was said where, processor seconds and megabytes at most, files where none may be."""

    code: int
    stdout: str
    stderr: str
    noise: str
    seconds: float
    megabytes: float
    strays: list[str] = field(default_factory=list)
