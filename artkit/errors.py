"""What can go wrong, in the user's words. Every error is one line: what, where, and what would work."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class ArtkitError(Exception):
    """Something failed while running: an unreadable photo, a full disk. The command line exits with status 1."""

    exit_code = 1


class UsageError(ArtkitError):
    """Something was asked for that cannot be: an unknown preset, a value out of range. Exits with status 2."""

    exit_code = 2


class RecipeError(UsageError):
    """A recipe with faults; `faults` holds every one of them, a line each."""

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))


class PhotoError(ArtkitError):
    """A file that cannot be read as a picture."""


class LimitError(ArtkitError):
    """More than a limit allows; `limit` is its name in the table of `artkit.limits`. Nothing of it was begun."""

    def __init__(self, message: str, limit: str = "") -> None:
        self.limit = limit
        super().__init__(message)


class Retired(FutureWarning):
    """Something was asked for by an old name, which does still; the command line tells of it in a line on stderr."""


class Idle(UserWarning):
    """A value was set that changes nothing; the command line tells of it in a line on stderr."""


class Cancelled(ArtkitError):
    """The run was cancelled before it finished; nothing was written. The command line exits with status 130."""

    exit_code = 130


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give '; did you mean X?' where a known name is close to `name`, else '; known: ...'.

    With more than a dozen known names and none close, the list is left out.
    """
    known = sorted(known)
    if close := nearest(name, known):
        return f"; did you mean {close}?"
    return f"; known: {', '.join(known)}" if 0 < len(known) <= 12 else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Give the known name that is closest to `name`, capital letters aside; "" where none is close."""
    plain: dict[str, str] = {}
    for each in known:
        plain.setdefault(each.casefold(), each)
    close = get_close_matches(name.casefold(), sorted(plain), n=1, cutoff=0.6)
    return plain[close[0]] if close else ""


def bounds(low: float | None, high: float | None) -> str:
    """Write the range of a number, as help texts and messages do: 0 to 10, 1 or more, 5 or less; "" for any."""
    if low is not None and high is not None:
        return f"{number(low)} to {number(high)}"
    return f"{number(low)} or more" if low is not None else f"{number(high)} or less" if high is not None else ""


def number(value: Any) -> str:
    """Write a number without zeros that say nothing: 0 for 0.0, 1000000000 for 1e9."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def explained(error: BaseException) -> str:
    """Say what went wrong, in the user's words."""
    if isinstance(error, ArtkitError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, MemoryError):
        return "not enough memory; --size 2000 makes the picture smaller first"
    return f"a fault in artkit: {type(error).__name__}: {error}; --debug shows where"
