"""What can go wrong, in the user's words. Every error is one line: what, where, and what would work."""

from collections.abc import Iterable
from difflib import get_close_matches


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


class Cancelled(ArtkitError):
    """The run was cancelled before it finished; nothing was written. The command line exits with status 130."""

    exit_code = 130


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give '; did you mean X?' where a known name is close to `name`, else '; known: ...'.

    With more than a dozen known names and none close, the list is left out.
    """
    known = sorted(known)
    if close := get_close_matches(name, known, n=1, cutoff=0.6):
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(known)}" if 0 < len(known) <= 12 else ""
