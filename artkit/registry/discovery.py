"""Which ops there are: those of every module in `artkit/ops`, found by looking, and those that other packages bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

from artkit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from artkit.registry.operation import Op

PACKAGE = "artkit.ops"
"""Each of its modules, and each package in it, is a family of ops."""

ENTRY_POINTS = "artkit.ops"
"""The group of entry points by which other packages name their modules of ops."""


def all_ops() -> dict[str, Op[Any, Any]]:
    """Every op by name: artkit's own and those that other packages bring."""
    REGISTRY.load()
    return dict(sorted(REGISTRY.ops.items()))


def find(name: str) -> Op[Any, Any]:
    """Give the op of that name, or a UsageError that suggests the nearest one."""
    ops = REGISTRY.ops
    if name not in ops:
        REGISTRY.load_declaring(name)  # `artkit trace` starts without the other families
    if name not in ops:
        REGISTRY.load()
    if name not in ops:
        raise UsageError(f"no op {name!r}{did_you_mean(name, ops) or '; `artkit ops` lists them'}")
    return ops[name]


def broken() -> dict[str, str]:
    """Entry points of other packages that failed to import, each with its reason."""
    REGISTRY.load()
    return dict(REGISTRY.broken)


def family_of(module: str) -> str:
    """Give the family of a module's ops: its name, or that of the package in `artkit.ops` that it is a part of."""
    own = module.removeprefix(f"{PACKAGE}.")
    return own.partition(".")[0] if own != module else module.rpartition(".")[2]


def heading(family: str) -> tuple[str, str]:
    """Give a family's heading and what it is about: its module's first line, before and after the colon."""
    text = (import_module(f"{PACKAGE}.{family}").__doc__ or family).partition("\n")[0]
    name, _, about = text.partition(": ")
    return name.rstrip("."), about


@dataclass
class Registry:
    """The ops that are known so far, by name, and why entry points are broken, by theirs."""

    ops: dict[str, Op[Any, Any]] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    loaded: bool = False
    """Whether all have been looked for."""

    def add(self, op: Op[Any, Any]) -> Op[Any, Any]:
        """Register an op and give it back; the name of one of another module is refused."""
        known = self.ops.get(op.name)
        if known is not None and known.function.__module__ != op.function.__module__:
            raise TypeError(f"op {op.name} is declared in {known.function.__module__} already")
        self.ops[op.name] = op
        return op

    def load_declaring(self, name: str) -> None:
        """Import artkit's own modules that have a function of an op's name, as their text tells."""
        declared = f"\ndef {name.replace('-', '_')}(".encode("utf-8", "replace")
        folder = Path(import_module(PACKAGE).__path__[0])
        for path in sorted(folder.rglob("*.py")):
            if declared in path.read_bytes():
                import_module(".".join((PACKAGE, *path.relative_to(folder).with_suffix("").parts)))

    def load(self) -> None:
        """Import all that may declare ops, once."""
        if self.loaded:
            return
        self.loaded = True
        for module in _modules():
            import_module(module)
        from importlib import metadata  # at the point of use: it brings the mail parser along

        for entry in metadata.entry_points(group=ENTRY_POINTS):
            known = set(self.ops)
            try:
                entry.load()
                for name in self.ops.keys() - known:
                    self.ops[name].examine()
            except (Exception, SystemExit) as error:  # whatever a stranger's module raises must break nothing else
                for name in self.ops.keys() - known:
                    del self.ops[name]
                self.broken[entry.name] = f"{entry.value}: {type(error).__name__}: {' '.join(str(error).split())}"


def _modules() -> Iterator[str]:
    """Names of the modules in artkit's package of ops, and in packages in it."""
    package = import_module(PACKAGE)
    return (found.name for found in walk_packages(package.__path__, f"{PACKAGE}."))


REGISTRY = Registry()
"""What `@op` adds to."""
