"""Profiles in TOML, of machines and programs: a name or a path in, a checked dataclass out, or every fault at its line.

The fields of a frozen dataclass are the keys of a kind of profile, `key` says what they take. Some come along, in a
folder of a package, and the user's own lie in the folder of that name in his configuration, or anywhere by their path.
`like = "NAME"` begins with all that another profile says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, field, fields, is_dataclass
from functools import cache
from importlib.resources import files
from os import sep
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints

from artkit.errors import UsageError, did_you_mean
from artkit.registry.annotations import strict
from artkit.registry.complaints import complaints
from artkit.registry.toml import Lines, lines_of, syntax_fault, write_value

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")

Complaints = Iterator[tuple[tuple[str, ...], str]]
"""Faults: the path of a key from the top, and what is wrong, in words."""

LIKE = "like"


def key(default: Any = MISSING, about: str = "", **bounds: Any) -> Any:
    """Declare a key: its default, what it stands for, and its bounds as pydantic's `Field` calls them."""
    made = {"default_factory": default} if callable(default) else {"default": default}
    return field(**made, metadata={"description": about, **bounds})


class Profiles(Generic[T]):
    """All profiles of a kind: `what` it is called, the `option` that names one, the `package` with its `folder`.

    `check` gives what is wrong with a profile although each of its keys is right, `command` lists the profiles. A field
    `name` is no key.
    """

    def __init__(
        self,
        kind: type[T],
        what: str,
        option: str,
        package: str,
        folder: str,
        check: Callable[[T], Complaints] = lambda profile: iter(()),
        command: str = "",
    ) -> None:
        self.kind, self.what, self.option, self.command = kind, what, option, command
        self.package, self.folder, self.check = package, folder, check

    def known(self) -> dict[str, Traversable]:
        """Give every profile by name: those that come along, and the user's, which come first where names are equal."""
        folders: list[Traversable] = [files(self.package) / self.folder, self.users]
        found = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
        by_name = {path.name.removesuffix(".toml"): path for path in found if path.name.endswith(".toml")}
        return dict(sorted(by_name.items()))

    @property
    def users(self) -> Path:
        """The folder of the user's own; it need not exist."""
        from platformdirs import user_config_path

        return user_config_path("artkit", appauthor=False) / self.folder

    def find(self, wanted: str) -> T:
        """Give a profile by its name or its path; a UsageError names the nearest, or all that is wrong in the file."""
        return self._made(self._table(wanted, f"{self.option} {wanted}", ()), wanted)

    def read(self, text: str, where: str) -> T:
        """Give the profile that a text holds; `where` is its file."""
        return self._made(self._checked(text, where, (where,)), where)

    def text(self, wanted: str, asked: str = "") -> str:
        """Give the text of a profile's file."""
        from artkit.limits import limit, refusal, written

        asked = asked or f"{self.option} {wanted}"
        path: Traversable = Path(wanted)
        if not is_path(wanted):
            known = self.known()
            if wanted not in known:
                hint = did_you_mean(wanted, known) or (f"; {self.command} lists them" if self.command else "")
                own = f"for a TOML file of your own give its path, or put it into {self.users}"
                raise UsageError(
                    f"{asked}: there is no such {self.what}{hint}{'' if hint.endswith('?') else ';'} {own}"
                )
            path = known[wanted]
        most = limit("recipe")
        try:
            with path.open("rb") as file:
                data = file.read(int(min(most, 1e12)) + 1)
        except FileNotFoundError:
            raise UsageError(f"{asked}: there is no such file") from None
        except OSError as error:
            raise UsageError(f"{asked}: cannot be read: {error.strerror or error}") from None
        if len(data) > most:
            raise refusal("recipe", f"{asked}: is larger than {written(most, 'bytes')}")
        try:
            return bytes(data).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(f"{asked}: is no UTF-8 text") from None

    def _table(self, wanted: str, asked: str, within: tuple[str, ...]) -> dict[str, Any]:
        where = wanted if is_path(wanted) else f"{wanted}.toml"
        return self._checked(self.text(wanted, asked), where, (*within, wanted))

    def _checked(self, text: str, where: str, within: tuple[str, ...]) -> dict[str, Any]:
        """Give what a profile says, with what it is like: tables without faults. A UsageError names all faults."""
        import tomllib

        try:
            return self._faultless(tomllib.loads(text), lines_of(text), where, within)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{where}:{syntax_fault(error, text)}") from None

    def _faultless(self, table: dict[str, Any], lines: Lines, where: str, within: tuple[str, ...]) -> dict[str, Any]:
        faults: list[tuple[tuple[str, ...], str]] = []
        like = table.pop(LIKE, None)
        if isinstance(like, str) and is_path(like) and is_path(where):
            like = str(Path(where).parent / like)
        if like is not None and not isinstance(like, str):
            faults.append(((LIKE,), f"{LIKE}: {write_value(like)} is not the name of a {self.what}"))
        elif like in within:
            faults.append(((LIKE,), f"{LIKE}: {like} is like this one; one of them has to stand by itself"))
        elif like is not None:
            table = merged(self._table(like, f"{where}:{lines.key(LIKE)}: {LIKE}", within), table)
        values = checked(self.kind, table, (), faults)
        if not faults:
            faults += self.check(self.kind(**values))
        self._raise(faults, where, lines)
        return table

    def _made(self, table: dict[str, Any], where: str) -> T:
        name = Path(where).name.removesuffix(".toml")
        names = {each.name for each in fields(self.kind)}  # type: ignore[arg-type]
        return self.kind(**({"name": name} if "name" in names else {}), **checked(self.kind, table, (), []))

    @staticmethod
    def _raise(faults: list[tuple[tuple[str, ...], str]], where: str, lines: Lines) -> None:
        if faults:
            ordered = sorted((lines.key(*path), text) for path, text in faults)
            raise UsageError("\n".join(f"{where}:{line}: {text}" for line, text in ordered))


def is_path(wanted: str) -> bool:
    """Tell whether a profile is asked for by the path of its file."""
    return wanted.endswith(".toml") or sep in wanted or "/" in wanted


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Give what both say; the own value counts, and tables are put together."""
    both = base.keys() & own.keys()
    tables = {
        key: merged(base[key], own[key]) for key in both if isinstance(base[key], dict) and isinstance(own[key], dict)
    }
    return {**base, **own, **tables}


def checked(
    kind: type, values: Mapping[str, Any], path: tuple[str, ...], faults: list[tuple[tuple[str, ...], str]]
) -> dict[str, Any]:
    """Give the values that are right, as the dataclass has them; what is wrong is added to the faults."""
    from pydantic import ValidationError

    hints = get_type_hints(kind, include_extras=True)
    names = [each.name for each in fields(kind) if each.name != "name"]
    inner = {name: item for name in names if (item := _item(hints[name])) is not None}
    made: dict[str, Any] = {}
    for name in inner.keys() & values.keys():
        made[name] = _tables(inner[name], values[name], (*path, name), faults)
    plain = {name: value for name, value in values.items() if name not in inner}
    try:
        valid = _model(kind).model_validate(plain)
    except ValidationError as error:
        start = "".join(f"{part}: " for part in path)
        for name, text in complaints(error, names, "key"):
            faults.append(((*path, name), f"{start}{text}"))
        return made
    return made | {name: getattr(valid, name) for name in plain}


def _item(hint: Any) -> type | None:
    """Give the dataclass in `Mapping[str, Paper]`, which stands for tables by name."""
    item = (get_args(hint) or (None,))[-1]
    return item if isinstance(item, type) and is_dataclass(item) else None


def _tables(item: type, tables: Any, path: tuple[str, ...], faults: list[Any]) -> dict[str, Any]:
    made = {}
    if not isinstance(tables, dict):
        faults.append((path, f"{path[-1]}: {write_value(tables)} is not a table; write [{'.'.join(path)}.NAME]"))
        return {}
    for name, table in tables.items():
        before = len(faults)
        if not isinstance(table, dict):
            place = (*path, name)
            faults.append((place, f"{path[-1]}: {name} is not a table; write [{'.'.join(place)}]"))
            continue
        values = checked(item, table, (*path, name), faults)
        if len(faults) == before:
            made[name] = item(**values)
    return made


@cache
def _model(kind: type) -> Any:
    """Give a pydantic model of the keys that are no tables: lists are tuples, and "9" and true are no numbers."""
    from pydantic import ConfigDict, Field, create_model

    hints = get_type_hints(kind, include_extras=True)
    made: dict[str, Any] = {}
    for each in fields(kind):
        if each.name != "name" and _item(hints[each.name]) is None:
            given = each.default is not MISSING or each.default_factory is not MISSING
            default: Any = None if given else ...
            made[each.name] = (strict(hints[each.name]), Field(default, **each.metadata))
    return create_model(kind.__name__, __config__=ConfigDict(extra="forbid", allow_inf_nan=False), **made)
