"""Writes `artkit/ops/__init__.pyi`, which tells editors and type checkers of `artkit.ops.median` and all others.

    python docs/reference.py

writes it, too. Parameters are of the types that a caller may give: a list where the op has a tuple, text where it is
read as colors.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator

from artkit import registry
from artkit.registry import INJECTED, Op

PLACE = Path(__file__).parent.parent / "artkit" / "ops" / "__init__.pyi"

_HEAD = '''\
"""Operations as functions. Written by `python docs/reference.py` from their declarations; edit those instead."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias

from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image as Pillow

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import AnimatedDrawing, Drawing, KitDrawing, TextDrawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels

_Picture: TypeAlias = Image | Labels | Pillow.Image | NDArray[Any] | str | PathLike[str] | bytes
"""An Image, or what `Image.of` makes one of: regions, a Pillow image, an array, a file's path or its bytes."""
'''

_INJECTED = {
    "rng": "rng: Generator | int = 0",
    "report": "report: Callable[[str], None] | None = None",
    "progress": "progress: Callable[[float], None] | None = None",
    "metadata": "metadata: Mapping[str, str] | None = None",
}


def text(ops: Iterable[Op[Any, Any]]) -> str:
    """Give the stub's text."""
    return "\n".join([_HEAD, *map(_function, sorted(ops, key=lambda op: op.name))])


def _function(op: Op[Any, Any]) -> str:
    source = "_Picture" if any(kind.__name__ == "Image" for kind in op.accepts) else _joined(op.accepts)
    declared = inspect.signature(op.function, eval_str=True).parameters.values()
    first, *rest = declared
    lines = [f"{first.name}: {source}", "/"]
    own = [_parameter(each) for each in rest if each.name not in INJECTED]
    own += [_INJECTED[INJECTED[each.name]] for each in rest if each.name in INJECTED]
    lines += ["*", *own] if own else []
    listed = "".join(f"    {line},\n" for line in lines)
    return f'def {op.function.__name__}(\n{listed}) -> {op.gives.__name__}:\n    """{op.summary}"""\n'


def _parameter(declared: inspect.Parameter) -> str:
    default = "" if declared.default is declared.empty else f" = {_value(declared.default)}"
    return f"{declared.name}: {typed(declared.annotation)}{default}"


def typed(annotation: Any) -> str:
    """Write the type of what may be given for a parameter."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        own = typed(inner[0])
        read = any(isinstance(each, BeforeValidator) for each in inner[1:])
        return f"{own} | str" if read and " str" not in f" {own}".split("[", maxsplit=1)[0] else own
    if origin in (Union, UnionType):
        return " | ".join(dict.fromkeys(map(typed, inner)))
    if origin is Literal:
        return f"Literal[{', '.join(map(_value, inner))}]"
    if origin in (tuple, list):
        members = [typed(each) for each in inner if each is not Ellipsis]
        return f"Sequence[{' | '.join(dict.fromkeys(members))}]"
    if annotation is NoneType:
        return "None"
    return annotation.__name__ if annotation in (int, float, bool, str) else "Any"


def _value(value: object) -> str:
    """Write a value as Python, with double quotes."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))}{',' * (len(value) == 1)})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _joined(kinds: Iterable[type]) -> str:
    return " | ".join(kind.__name__ for kind in kinds)


def write(path: Path = PLACE) -> Path:
    """Write the stub and give its path."""
    path.write_text(text(own_ops()), encoding="utf-8", newline="\n")
    return path


def own_ops() -> list[Op[Any, Any]]:
    """Artkit's own ops."""
    return [op for op in registry.all_ops().values() if op.function.__module__.startswith("artkit.")]
