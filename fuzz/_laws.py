"""An outcome in, what it breaks out."""

from __future__ import annotations

import re

from fuzz._case import MEGABYTES, SECONDS, Case, Outcome

LONGEST = 1500
"""Characters of a line that a user reads."""


def broken(case: Case, outcome: Outcome) -> str:
    """Say which promise is broken and how, such that equal faults have equal words; nothing where all are kept."""
    if found := re.search(r"a fault in artkit: (.*)", outcome.stderr):
        return f"a fault in artkit: {_plain(found[1])}"
    for where, text in (("stderr", outcome.stderr), ("stdout", outcome.stdout), ("noise", outcome.noise)):
        if "Traceback (most recent call last)" in text and not _asks_for_tracebacks(case):
            return f"traceback on {where}: {_plain(text.strip().splitlines()[-1])}"
    if outcome.strays:
        return f"wrote {_plain(outcome.strays[0])}"
    if outcome.code not in (0, 1, 2):
        return f"exit status {outcome.code}"
    if said := outcome.noise.strip():
        return f"a library wrote to stderr: {_plain(said.splitlines()[0])}"
    if found := re.search(r"\w+Warning: .*", outcome.stderr):
        return f"a warning: {_plain(found[0])}"
    errors = [line for line in outcome.stderr.splitlines() if line.startswith("Error: ")]
    if outcome.code == 0 and errors:
        return f"status 0 after {_plain(errors[0])}"
    many = outcome.code == 1 and len(errors) > 1 and case.arguments[:1] in (["apply"], ["trace"], ["animate"])
    if many and len(set(errors)) == len(errors):
        errors = errors[:1]  # of several photos each that fails has its line
    if outcome.code and not case.reports and len(errors) != 1 and not _are_faults(errors):
        return f"status {outcome.code} with {len(errors)} lines of error"
    stderr = outcome.stderr
    for argument in sorted(case.arguments, key=len, reverse=True):
        stderr = stderr.replace(argument, "...") if len(argument) > 3 else stderr  # the parser repeats what was typed
    if longest := max((len(line) for line in stderr.splitlines()), default=0) // LONGEST:
        return f"a line of {longest * LONGEST} characters or more on stderr"
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", stderr.replace("\r\n", "\n")):
        return "control characters on stderr"
    if outcome.seconds > SECONDS:
        return f"over {SECONDS:g} s"
    if outcome.megabytes > MEGABYTES:
        return f"over {MEGABYTES} MB"
    return ""


def _asks_for_tracebacks(case: Case) -> bool:
    return any(argument.startswith("--debug") for argument in case.arguments)


def _are_faults(errors: list[str]) -> bool:
    """Whether these are faults of a recipe, which are told all at once, each with its line."""
    return len(errors) > 1 and all(re.match(r"Error: .*?:\d+: |Error: .*?: step \d+|Error: \S+:", e) for e in errors)


def _plain(text: str) -> str:
    """Leave out of a message what differs from case to case."""
    return re.sub(r"0x[0-9a-f]+|[-+]?\d[\d.,e+-]*", "#", re.sub(r"'[^']*'|\"[^\"]*\"", "'...'", text))[:160]
