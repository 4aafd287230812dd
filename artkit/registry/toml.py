"""What `tomllib` leaves out: the line on which each key of a recipe stands, one-line syntax errors, and writing.

The finder of lines is no parser. It runs on text that `tomllib` has accepted and only tells strings, comments and
brackets apart, to see where statements start.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Lines:
    """Line numbers from 1: of `keys` by their path from the top, and of each step's head and keys."""

    keys: dict[tuple[str, ...], int] = field(default_factory=dict)
    steps: list[dict[str, int]] = field(default_factory=list)

    def key(self, *path: str) -> int:
        """The line of a key, or of the nearest table around it, or 1."""
        return next((self.keys[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.keys), 1)

    def step(self, index: int, key: str = "") -> int:
        """The line of a key in step `index` from 0, or of the step's head, or 1."""
        if index >= len(self.steps):
            return self.key("steps")
        return self.steps[index].get(key, self.steps[index][""])


def lines_of(text: str) -> Lines:
    """Find the lines of all keys that messages about a recipe may point at."""
    lines = Lines()
    table: tuple[str, ...] = ()
    for line, head, inner in _statements(text):
        path = tuple(_unquoted(part) for part in _KEY.findall(head))
        if head.startswith("["):
            table = path
            if head.startswith("[[") and path == ("steps",):
                lines.steps.append({"": line})
        else:
            path = table + path
        if path[0] == "steps" and len(path) > 1 and lines.steps:
            lines.steps[-1].setdefault(path[1], line)
        elif path == ("steps",) and inner:  # steps = [{op = "median"}, ...]
            lines.steps.extend({"": start} for start in inner)
        for n in range(1, len(path) + 1):
            lines.keys.setdefault(path[:n], line)
    return lines


_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"""+ | \'\'\'.*?\'\'\'+ | "(?:\\.|[^"\\])*" | '[^']*'  # strings
    | \#[^\n]* | [\n=\[\]{}] | [^\s"'\#=\[\]{}]+''',
    re.S | re.X,
)
_KEY = re.compile(r""""(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+""")


def _statements(text: str) -> Iterator[tuple[int, str, list[int]]]:
    """Give each statement's line, its text up to the first '=', and the lines of the tables in a list of its own."""
    line, depth, start = 1, 0, 0
    head, in_head, inner = "", True, list[int]()
    for match in _TOKEN.finditer(text + "\n"):
        token = match[0]
        if token == "\n" and depth == 0:
            if start:
                yield start, head, inner
            start, head, in_head, inner = 0, "", True, []
        elif token == "=":
            in_head = False
        elif not token.startswith(("#", "\n")):
            start = start or line
            head += token if in_head else ""
            if token == "{" and depth == 1:
                inner.append(line)
            depth += (token in "[{") - (token in "]}")
        line += token.count("\n")


def _unquoted(key: str) -> str:
    if key.startswith("'"):
        return key[1:-1]
    if not key.startswith('"'):
        return key
    import tomllib

    return next(iter(tomllib.loads(f"{key} = 0")))


def syntax_fault(error: Exception, text: str) -> str:
    """Give 'LINE: what is wrong' for an error of `tomllib.loads(text)`."""
    if isinstance(error, RecursionError):
        return "1: not TOML: brackets or keys are nested too deeply"
    found = re.search(r" \(at line (\d+), column (\d+)\)| \(at end of document\)", str(error))
    reason = str(error)[: found.start()] if found else str(error)
    lines = text.splitlines() or [""]
    number = int(found[1]) if found and found[1] else len(lines)
    line = lines[min(number, len(lines)) - 1]
    if bare := re.match(r"""\s*([\w.-]+)\s*=\s*([^\s"'\[\]{}=0-9+-][^"'=]*?)\s*$""", line):
        return f'{number}: not TOML: text stands in quotes: {bare[1]} = "{bare[2]}"'
    place = f" (column {found[2]})" if found and found[2] else ""
    return f"{number}: not TOML: {reason[:1].lower()}{reason[1:]}{place}"


def write_key(key: str) -> str:
    """Write a key, quoted where TOML wants it."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _string(key)


def write_value(value: Any) -> str:
    """Write a value as TOML on one line; dates and what TOML lacks are shown as Python shows them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{write_key(key)} = {write_value(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(write_value, value))}]"
    return repr(value) if isinstance(value, (int, float)) else str(value)


def _string(text: str) -> str:
    # JSON's escapes are TOML's too, but TOML also wants DEL escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
