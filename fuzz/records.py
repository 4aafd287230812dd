"""Galleries some of whose records, and artworks, were changed: what reads or adds to them skips what is odd and tells."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from fuzz._case import Case
from fuzz._mutate import NUMBERS, Chance, bytes_of, often, one, text_of

FOLDER = "g"
RECIPE = b'title = "Gray"\n[[steps]]\nop = "grayscale"\n'
WORDS = (
    *("records", "..", "/", "file", "thumbnail", "sha256", "schema", "facts", "versions", "null", "true", "index.html"),
    *("<script>", "\\ud800", "\\u0000", "\\u202e", ".artkit", "thumbnails/x.jpg", "a" * 300),
)


def case(rng: Chance) -> Case:
    """One gallery, and a command that reads all of it or adds to it."""
    files = {name: data for name, data in gallery().items() if often(rng, 0.97)}
    for name in sorted(files):
        if name.endswith(".json") and often(rng, 0.6):
            files[name] = one(rng, (altered, swapped, torn, odd))(rng, files[name])
        elif often(rng, 0.1):
            files[name] = bytes_of(rng, files[name])
    if often(rng, 0.2):
        name = one(rng, ("x", "a b", "-", "index", "\U0001f600", "x" * 200))
        files[f"{FOLDER}/records/{name}.json"] = odd(rng, b"")
    files |= {"r.toml": RECIPE, "p.png": picture()}
    works = sorted(Path(name).name for name in gallery() if name.endswith((".png", ".svg")) and name.count("/") == 1)
    reproduce = ["reproduce", one(rng, works), "--gallery", FOLDER, "--photo", "p.png"]
    command = one(rng, (*COMMANDS, reproduce))
    return Case(command, files, reports=command[0] in ("verify", "reproduce"))


COMMANDS = (
    ["verify", FOLDER],
    ["verify", FOLDER, "--json"],
    ["apply", "r.toml", "p.png", "--gallery", FOLDER],
    ["gallery", "build", "--gallery", FOLDER],
    ["gallery", "list", "--gallery", FOLDER],
    ["gallery", "show", "gray", "--gallery", FOLDER],
    ["gallery", "remove", "median", "--gallery", FOLDER],
    ["gallery", "export", "--all", "-o", "out.zip", "--gallery", FOLDER],
    ["gallery", "clean", "--gallery", FOLDER],
)


@cache
def gallery() -> dict[str, bytes]:
    """The files of a gallery of three artworks, by their paths."""
    from typer.testing import CliRunner

    from artkit.cli import app

    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "p.png").write_bytes(picture())
        for number, op in enumerate(("grayscale", "median", "trace")):
            recipe = place / f"r{number}.toml"
            recipe.write_text(f'title = "{op}"\n[[steps]]\nop = "{op}"\n')
            command = ["apply", str(recipe), str(place / "p.png"), "--gallery", str(place / FOLDER)]
            assert CliRunner().invoke(app, command).exit_code == 0
        found = sorted(path for path in (place / FOLDER).rglob("*") if path.is_file())
        return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}


@cache
def picture() -> bytes:
    """A small picture: a disc on a slope."""
    from io import BytesIO

    from PIL import Image as Pillow

    y, x = np.mgrid[:16, :20]
    pixels = np.dstack([12 * x, 10 * y, np.where(np.hypot(x - 9, y - 8) < 5, 250, 20)]).astype(np.uint8)
    file = BytesIO()
    Pillow.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def altered(rng: Chance, data: bytes) -> bytes:
    """Give a record with other numbers and words."""
    return text_of(rng, data.decode(), WORDS).encode("utf-8", "replace")


def torn(rng: Chance, data: bytes) -> bytes:
    """Give a record whose bytes were changed."""
    return bytes_of(rng, data)


def swapped(rng: Chance, data: bytes) -> bytes:
    """Give a record some of whose values are of another kind, or gone."""
    known: dict[str, Any] = json.loads(data)
    for _ in range(int(rng.integers(1, 4))):
        name = one(rng, sorted(known))
        values: tuple[Any, ...] = (
            None,
            True,
            -1,
            1 << 70,
            1e308,
            [],
            {},
            [[[]]],
            "",
            "x" * 5000,
            "\0",
            one(rng, WORDS),
        )
        known[name] = one(rng, values)
        if often(rng, 0.2):
            del known[name]
            known = known or {"file": "x.svg"}
    return json.dumps(known).encode()


def odd(rng: Chance, _data: bytes) -> bytes:
    """Give what is no record, or one that is too much."""
    number = one(rng, NUMBERS)
    texts = (
        *(
            "",
            "{}",
            "[]",
            "null",
            '"',
            "\ufeff{}",
            "{" * 9,
            '{"file": ' * 3000,
            "[" * 100_000,
            f'{{"seed": {"9" * 5000}}}',
        ),
        *(
            f'{{"file": "x.svg", "bytes": {number}}}',
            '{"file": "../x.svg"}',
            '{"file": "\\ud800"}',
            '{"schema": 99, "file": "x.svg"}',
        ),
        *('{"file": "' + "x" * 100_000 + '"}', " " * 300_000, "\0" * 100),
    )
    return one(rng, texts).encode("utf-8", "replace")
