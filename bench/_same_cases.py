"""What `bench.same_bytes` runs in each environment: presets, traces and plots of small pictures, hashed step by step.

As a program it takes a folder of pictures, the file for its answers, a share and the names of cases; see `answer`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench import _last_bit

PRESETS = sorted(path.stem for path in (Path(__file__).parent.parent / "presets").glob("*.toml"))
SMALL = {"page": "60x45mm", "margin": 3.0, "points": 300, "points_max": 300}
"""Parameters of pens and enlargements, so that a drawing takes a second."""
PLOTTED = ("flat", "line")


def picture_files(folder: Path) -> list[str]:
    """Names of the pictures that are there; those that begin with `preset-` are for the presets."""
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".png", ".jpg"))


def cases(folder: Path) -> dict[str, Callable[[], bytes]]:
    """Give what makes each artwork's bytes, by the name of the case."""
    found: dict[str, Callable[[], bytes]] = {}
    for file in picture_files(folder):
        kind, path = file.partition(".")[0], folder / file
        if kind.startswith("preset-"):
            for name in PRESETS if kind == "preset-photo" else _drawn():
                found[f"{name} {kind.removeprefix('preset-')}"] = lambda name=name, path=path: _preset(name, path)
        else:
            found[f"trace {kind}"] = lambda path=path: _traced(path)
        if kind in PLOTTED:
            found[f"plot {kind}"] = lambda path=path: _plotted(path)
    return found


def _drawn() -> list[str]:
    """Presets whose artworks are drawings."""
    from artkit.artwork.drawing import Drawing
    from artkit.recipe import Recipe

    return [name for name in PRESETS if issubclass(Recipe.find(name).gives, Drawing)]


def _preset(name: str, path: Path) -> bytes:
    from artkit import export
    from artkit.recipe import Recipe
    from artkit.run import prepare, run

    recipe = Recipe.find(name)
    values: dict[str, object] = {"resize.size": 160} if any(step.op == "resize" for step in recipe.steps) else {}
    for step in recipe.bound:
        if "page" in step.op.parameters:
            values |= {f"{step.op.name}.{key}": value for key, value in SMALL.items() if key in step.op.parameters}
    artwork = run(recipe.with_values(values).checked, prepare(path))
    return export.encode(artwork, export.suffix(artwork))


def _traced(path: Path) -> bytes:
    from artkit import export
    from artkit.ops.trace import trace
    from artkit.run import prepare

    return export.encode(trace(prepare(path)), ".svg")


def _plotted(path: Path) -> bytes:
    from artkit.export.plot import encode
    from artkit.pens.plotter import Plan, plotted
    from artkit.pens.strokes import from_svg

    _, after = plotted(from_svg(_traced(path), str(path)), Plan(page="60x45mm", margin=3.0))
    return encode(after, ".svg")


def digest(thing: Any) -> str:
    """Hash what a thing is made of: arrays, numbers, texts, and these in lists, mappings and data classes."""
    found = blake2b(digest_size=6)
    for part in _parts(thing, 0):
        found.update(part)
    return found.hexdigest()


def _parts(thing: Any, depth: int) -> Iterator[bytes]:
    if isinstance(thing, np.ndarray):
        yield f"{thing.dtype.str}{thing.shape}".encode()
        yield from (
            (thing.tolist().__repr__().encode(),) if thing.dtype == object else (np.ascontiguousarray(thing).tobytes(),)
        )
    elif isinstance(thing, (str, bytes, int, float, complex, bool, type(None), np.generic)):
        yield repr(thing.item() if isinstance(thing, np.generic) else thing).encode()
    elif depth > 8:
        return
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _parts(getattr(thing, field.name, None), depth + 1)
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _parts(key, depth + 1)
            yield from _parts(value, depth + 1)
    elif isinstance(thing, (set, frozenset)):
        yield from sorted(b"".join(_parts(part, depth + 1)) for part in thing)
    elif isinstance(thing, (list, tuple)):
        yield str(len(thing)).encode()
        for part in thing:
            yield from _parts(part, depth + 1)
    elif hasattr(thing, "__dict__") and type(thing).__module__.startswith("artkit"):
        yield from _parts(vars(thing), depth + 1)


def answer(folder: Path, share: str, names: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Give (step, digest) of each step of each case, the file last; a fault is a step, too.

    A share such as "1/3" has every third case alone, beginning with the second.
    """
    from artkit.registry.operation import Op

    steps: list[tuple[str, str]] = []
    whole = Op.__call__

    def noted(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = whole(self, *args, **kwargs)
        if type(result).__name__ in ("Image", "Labels", "Drawing"):
            steps.append((self.name, digest(result)))
        return result

    Op.__call__ = noted  # type: ignore[method-assign]
    found = {}
    first, every = map(int, share.split("/"))
    for name, make in islice(cases(folder).items(), first, None, every):
        if names and not any(wanted in (name, *name.split()) for wanted in names):
            continue
        steps.clear()
        try:
            steps.append(("file", digest(make())))
        except Exception as error:
            steps.append((f"{type(error).__name__}: {error}"[:90], ""))
        found[name] = list(steps)
    return found


def calls(folder: Path, name: str, out: Path) -> None:
    """Write a line for each call of a function of artkit's that returns: its name, and the digest of its result."""
    make = cases(folder)[name]
    make()  # what is read once is read now
    with out.open("w") as file:

        def watch(frame: Any, event: str, result: Any) -> None:
            module = frame.f_globals.get("__name__", "")
            if event == "return" and module.startswith("artkit."):
                file.write(f"{module}:{frame.f_code.co_qualname}:{frame.f_lineno} {digest(result)}\n")

        sys.setprofile(watch)
        try:
            make()
        finally:
            sys.setprofile(None)


def prepare_process() -> None:
    """Do what the environment asks for and no library has a variable for."""
    if os.environ.get("ARTKIT_SAME_LAST_BIT"):
        _last_bit.install()
    if threads := os.environ.get("ARTKIT_SAME_CV_THREADS"):
        import cv2

        cv2.setNumThreads(int(threads))


if __name__ == "__main__":
    prepare_process()
    if sys.argv[1] == "calls":
        calls(Path(sys.argv[2]), sys.argv[4], Path(sys.argv[3]))
    else:
        Path(sys.argv[2]).write_text(json.dumps(answer(Path(sys.argv[1]), sys.argv[3], sys.argv[4:])))
