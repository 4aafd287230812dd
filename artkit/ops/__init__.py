"""Operations: what a step of a recipe can be, one file per family.

Each is an attribute here, too, loaded when it is first used: `artkit.ops.median("cat.jpg", size=9)`. `__init__.pyi`,
which `python docs/reference.py` writes from the declarations, tells editors and type checkers of them.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from artkit.errors import UsageError


class _Operations(ModuleType):
    """The package, of which a family that has an op of its own name (`trace`, `dither`) is that op."""

    def __setattr__(self, name: str, value: object) -> None:
        own = getattr(value, name, None) if isinstance(value, ModuleType) else None
        super().__setattr__(name, value if own is None else own)


sys.modules[__name__].__class__ = _Operations


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if any((Path(folder, name)).is_dir() or Path(folder, f"{name}.py").is_file() for folder in __path__):
        import_module(f"{__name__}.{name}")
        return sys.modules[__name__].__dict__[name]
    from artkit.registry import find

    try:
        return find(name.replace("_", "-"))
    except UsageError as error:
        raise AttributeError(str(error)) from None


def __dir__() -> list[str]:
    from artkit.registry import all_ops

    return sorted(name.replace("-", "_") for name in all_ops())
