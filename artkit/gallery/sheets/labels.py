"""Records in, what a sheet says of each out: in what it differs from the others, and the command that makes it."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from artkit.gallery.record import Record
from artkit.metadata.xmp import plain
from artkit.registry.toml import write_value


@dataclass(frozen=True)
class Label:
    """A cell's number, what is its own in words, its artwork's name, the command, and what of it is its own."""

    number: int
    own: str
    name: str
    command: str
    rest: str

    @property
    def digits(self) -> str:
        """The end of the name, by which it can be asked for."""
        return self.name[-6:]


@dataclass(frozen=True)
class Heading:
    """What a sheet says of all its cells: a title, what they have in common, and what their commands begin with."""

    title: str
    about: str
    command: str


def labels(
    records: Sequence[Record],
    differing: Sequence[Mapping[str, str]] | None = None,
    numbers: Sequence[int] | None = None,
) -> tuple[Heading, list[Label]]:
    """Give the heading and a label for each record.

    `differing` is what differs in each, where that is known, by name; else it is found from the records.
    """
    told = _differing(records) if differing is None else differing
    commands = [_words(record.command) for record in records]
    shared = _shared(commands)
    made = [
        Label(
            number,
            _line(", ".join(_said(name, value) for name, value in own.items())) or _line(record.title),
            record.name,
            _line(record.command),
            _line(shlex.join(words[shared:])),
        )
        for number, record, own, words in zip(
            numbers or range(1, len(records) + 1), records, told, commands, strict=True
        )
    ]
    return Heading(_title(records), _about(records, told), _line(shlex.join(commands[0][:shared]))), made


def _title(records: Sequence[Record]) -> str:
    titles = list(dict.fromkeys(record.title or record.preset for record in records))
    return _line(titles[0]) if len(titles) == 1 else _line(", ".join(titles[:3]) + (", …" if titles[3:] else ""))


def _about(records: Sequence[Record], told: Sequence[Mapping[str, str]]) -> str:
    """Say how many there are, of which photo, and what is varied."""
    photos = list(dict.fromkeys(record.photo for record in records))
    parts = [f"{len(records)} artwork{'s' * (len(records) != 1)}"]
    parts.append(photos[0] if len(photos) == 1 else f"{len(photos)} photos")
    for name in dict.fromkeys(name for own in told for name in own):
        values = list(dict.fromkeys(own[name] for own in told if name in own))
        if name not in ("photo", "preset") and len(values) > 1:
            values = sorted(values, key=_natural)
            parts.append(f"{name} {', '.join(map(_bare, values[:8]))}{', …' * (len(values) > 8)}")
    return _line("  ·  ".join(parts))


def ordered(records: Sequence[Record]) -> list[Record]:
    """Give the records by preset, photo and values of what differs: numbers as numbers."""
    told = _differing(records)
    keys = {record.name: [*map(_natural, own.values())] for record, own in zip(records, told, strict=True)}
    return sorted(records, key=lambda record: (record.preset, record.photo, keys[record.name], record.name))


def _natural(value: str) -> tuple[float, str]:
    try:
        return float(value), ""
    except ValueError:
        return inf, value


def _differing(records: Sequence[Record]) -> list[dict[str, str]]:
    """Give what is not the same in all records, by name; what one has as its preset has it is read off its recipe."""
    facts = [{"preset": record.preset, "photo": record.photo} | record.changes for record in records]
    names = dict.fromkeys(name for fact in facts for name in fact)
    for fact, record in zip(facts, records, strict=True):
        fact |= _as_the_preset_has(record, names.keys() - fact.keys())
    short = [name.rpartition(".")[2] for name in names]
    shown = {name: part if short.count(part) == 1 else name for name, part in zip(names, short, strict=True)}
    own = [name for name in names if len({fact.get(name) for fact in facts}) > 1]
    return [{shown[name]: fact[name] for name in own if name in fact} for fact in facts]


def _as_the_preset_has(record: Record, names: Collection[str]) -> dict[str, str]:
    """Give values of a record's recipe by STEP.PARAM, and its seed, as far as it has them."""
    found: dict[str, str] = {}
    if not names:
        return found
    try:
        recipe = tomllib.loads(record.recipe)
        steps = {str(step.get("id", step["op"])): step for step in recipe["steps"]}
        numbered = {str(number): step for number, step in enumerate(recipe["steps"], start=1)}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):  # somebody else wrote it
        return found
    for name in names:
        step, dot, parameter = name.rpartition(".")
        table = steps.get(step) or numbered.get(step) or {}
        if name == "seed":
            found[name] = str(record.seed)
        elif dot and parameter in table:
            found[name] = write_value(table[parameter])
    return found


def _said(name: str, value: str) -> str:
    return _bare(value) if name in ("preset", "photo") else f"{name}\xa0{_bare(value)}"  # lines break between them


def _bare(value: str) -> str:
    """Give a value without the quotes of TOML."""
    return value.replace('"', "") if value[:1] in ('"', "[") else value


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # a record that somebody else wrote
        return [command]


def _shared(commands: Sequence[list[str]]) -> int:
    """Give how many words all commands begin with; an option stays with its value."""
    count = 0
    while all(len(words) > count and words[count] == commands[0][count] for words in commands):
        count += 1
    alike = all(len(words) == count for words in commands)
    return count - (not alike and count > 0 and commands[0][count - 1].startswith("--"))


def _line(text: str) -> str:
    """Give a text in one line, without what XML cannot hold."""
    return plain(" ".join(text.split(" ")).translate({9: " ", 10: " ", 13: " "})).strip()
