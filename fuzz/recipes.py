"""Recipes: presets whose text was changed, and steps put together by chance with parameters of every kind."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from fuzz._case import Case
from fuzz._mutate import NUMBERS, Chance, bytes_of, often, one, text_of

PRESETS = Path(__file__).parent.parent / "presets"
SUFFIX = {
    "Drawing": ("out.svg", "out.svg", "out.svgz"),
    "AnimatedDrawing": ("out.svg",),
    "Animation": ("out.gif", "out.webp", "out.apng"),
}
STILL = ("out.png", "out.png", "out.webp", "out.jpg", "out.bmp")


def case(rng: Chance) -> Case:
    """One recipe, and the picture that it is applied to."""
    make = one(rng, (chained,) * 6 + (changed,) * 5 + (altered, altered, torn, odd))
    text, output = make(rng)
    files = {"r.toml": text, "p.png": picture(rng)}
    if often(rng, 0.05):
        return Case(["presets", "check", "r.toml"], files, reports=True)
    arguments = ["apply", "r.toml", "p.png", "-o", output]
    arguments += ["--size", "16"] if often(rng, 0.1) else []
    return Case(arguments, files)


def picture(rng: Chance) -> bytes:
    """A small picture: a photo of sorts, flat art, one color, or nothing at all; some with holes."""
    from PIL import Image as Pillow

    width, height = (int(10 ** rng.uniform(0, 1.7)) for _ in range(2))
    y, x = np.mgrid[0:height, 0:width]
    kind = int(rng.integers(5))
    if kind == 0:
        pixels = rng.integers(0, 256, (height, width, 3))
    elif kind == 1:
        pixels = np.dstack([x * 5, y * 7, 128 + 60 * np.sin(x / 4) + 20 * rng.random((height, width))])
    elif kind == 2:
        pixels = np.zeros((height, width, 3)) + rng.integers(0, 256, 3)
    else:
        colors = rng.integers(0, 256, (4, 3))
        pixels = colors[(np.hypot(x - width / 2, y - height / 2) < min(width, height) / 3) * 1 + 2 * (x > width * 0.7)]
    made: Any = Pillow.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if often(rng, 0.3):
        made.putalpha(
            Pillow.fromarray((rng.random((height, width)) > 0.4).astype(np.uint8) * one(rng, (255, 128, 255)))
        )
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


@cache
def presets() -> dict[str, tuple[str, str]]:
    """The text of every preset, and what it makes."""
    from artkit.recipe import find

    return {
        path.stem: (path.read_text("utf-8"), find(path.stem).gives.__name__) for path in sorted(PRESETS.glob("*.toml"))
    }


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """The parameters of every operation, as JSON Schema."""
    from artkit import registry

    return {name: op.model.model_json_schema() for name, op in sorted(registry.all_ops().items())}


def output_of(rng: Chance, kind: str) -> str:
    """Choose what to write."""
    return one(rng, SUFFIX.get(kind, STILL))


def altered(rng: Chance) -> tuple[bytes, str]:
    """A preset with other numbers and words."""
    name = one(rng, list(presets()))
    text, kind = presets()[name]
    words = [
        *schemas(),
        "op",
        "steps",
        "seed",
        "expose",
        "animate",
        "vary",
        "frames",
        "fps",
        "id",
        "true",
        "false",
        "auto",
        "none",
    ]
    return text_of(rng, text, words).encode("utf-8", "replace"), output_of(rng, kind)


def changed(rng: Chance) -> tuple[bytes, str]:
    """A preset some of whose numbers are others of the same kind."""
    text, kind = presets()[one(rng, list(presets()))]
    found = list(re.finditer(r"(?m)(?<== )-?[0-9]+(?:\.[0-9]+)?$", text))
    for place in sorted(rng.permutation(len(found))[: int(rng.integers(1, 5))].tolist(), reverse=True):
        old = found[place]
        number = float(old[0]) * 10 ** rng.uniform(-1.5, 1.5) + one(rng, (0, 0, 1))
        number = min(number, 1000.0)  # a picture that is enlarged to 30 megapixels is slow, and no fault
        new = f"{number:.4f}" if "." in old[0] else str(round(number))
        text = text[: old.start()] + new + text[old.end() :]
    return text.encode(), output_of(rng, kind)


def torn(rng: Chance) -> tuple[bytes, str]:
    """A preset whose bytes were changed."""
    text, kind = presets()[one(rng, list(presets()))]
    return bytes_of(rng, text.encode()), output_of(rng, kind)


def chained(rng: Chance) -> tuple[bytes, str]:
    """Steps that fit each other, with parameters by chance."""
    from artkit import registry
    from artkit.artwork.image import Image
    from artkit.artwork.labels import Labels

    ops = registry.all_ops()
    kind: type = Image
    steps = []
    for _ in range(int(rng.integers(1, 5))):
        fits = [
            name for name, op in sorted(ops.items()) if kind in op.accepts or (kind is Labels and Image in op.accepts)
        ]
        if not fits:
            break
        name = one(rng, fits)
        steps.append(step(rng, name))
        kind = ops[name].gives
    head = f"seed = {rng.integers(1000)}\n" if often(rng, 0.5) else ""
    tail = ""
    if often(rng, 0.15) and kind is Image:
        tail = f'\n[animate]\nframes = {one(rng, (2, 3, 5, 2000, 9999))}\nvary = {{ "1.{one(rng, ("size", "angle", "amount"))}" = [1, {one(rng, NUMBERS[:8])}] }}\n'
        kind = type("Animation", (), {})
    return (head + "\n".join(steps) + tail).encode(), output_of(rng, kind.__name__)


def step(rng: Chance, name: str) -> str:
    """Write a step with some of its parameters set."""
    schema = schemas()[name]
    lines = [f'[[steps]]\nop = "{name}"']
    required = schema.get("required", [])
    paged = "page" in schema.get("properties", {})
    small = paged and often(rng, 0.9)
    lines += [f"page = {_written(one(rng, ('30x20mm', '9x14mm', '20x20mm')))}", "margin = 1.0"] if small else []
    for parameter, of in schema.get("properties", {}).items():
        if small and parameter in ("page", "margin"):
            continue
        if paged and not small and parameter == "pen_width":  # a fine pen takes minutes for A4, as it must
            continue
        if parameter in required or often(rng, 0.25):
            lines.append(f"{parameter} = {value(rng, parameter, of, schema.get('$defs', {}))}")
    return "\n".join(lines) + "\n"


def value(rng: Chance, name: str, schema: dict[str, Any], known: dict[str, Any]) -> str:
    """Write a value that a parameter may have, or now and then one that it may not."""
    if often(rng, 0.01):
        return one(
            rng,
            (
                "nan",
                "inf",
                "-1",
                "1e308",
                "99999999999999999999",
                "[]",
                "{}",
                '""',
                "true",
                "[[1]]",
                '"\\u0000"',
                "1979-05-27",
                "0",
            ),
        )
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    members = [m for m in schema.get("anyOf", [schema]) if m.get("type") != "null"]
    chosen = one(rng, members)
    if "$ref" in chosen:
        return value(rng, name, chosen, known)
    if "enum" in chosen or "const" in chosen:
        return _written(one(rng, chosen.get("enum", [chosen.get("const")])))
    match chosen.get("type"):
        case "boolean":
            return one(rng, ("true", "false"))
        case "integer" | "number":
            return _number(rng, chosen)
        case "array":
            items = chosen.get("prefixItems") or [chosen.get("items", {"type": "number"})] * int(rng.integers(1, 4))
            return f"[{', '.join(value(rng, name, item, known) for item in items)}]"
    return _written(one(rng, next((texts for part, texts in TEXTS.items() if part in name), TEXTS["color"])))


TEXTS = {
    "page": ("A4", "A6", "30x20mm", "9x9", "letter", "1x9000mm", "10000x10000mm"),
    "focus": ("auto", "off", "8,8,5", "0,0,9999", "p.png", "-5,1,1"),
    "bytes": ("4kB", "100B", "1MB", "2kB gzip", "1B"),
    "pens": ("cmyk", "black", "red", "#0044cc"),
    "fill": ("none", "edge", "mirror", "red"),
    "color": ("red", "#0af", "black", "white", "rebeccapurple", "none", "missing.gpl", "p.png"),
}
"""What texts may stand for parameters whose names hold these words."""


def _number(rng: Chance, schema: dict[str, Any]) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -100))
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1000))
    whole = schema.get("type") == "integer"
    match int(rng.integers(6)):
        case 0:
            found = float(low)
        case 1:
            found = float(high)
        case 2 | 3:
            found = float(rng.uniform(low, high))
        case _:
            found = float(low + (high - low) * 10 ** rng.uniform(-4, 0))
    if whole:
        return str(round(found) | 1 if schema.get("not") == {"multipleOf": 2} else round(found))
    return f"{found:.6g}" if "e" in f"{found:.6g}" or "." in f"{found:.6g}" else f"{found:.6g}.0"


def _written(text: Any) -> str:
    from artkit.registry.toml import write_value

    return write_value(text)


def odd(rng: Chance) -> tuple[bytes, str]:
    """What is no recipe, or one that is too much."""
    tiny = 'op = "flip"\n'
    text = one(rng, (
        "", "\ufeff", "[[steps]]", "[[steps]]\n" + tiny * 2, "[" * 5000, "a = " + "[" * 20000, "a" * 50000, "=" * 999, '"' * 999, "'''" * 999,
        ("[[steps]]\n" + tiny) * 150, ("[[steps]]\n" + tiny) * 5000, "steps = 3", "steps = [1, 2]", f"seed = {'9' * 5000}\n[[steps]]\n{tiny}",
        f'title = "{"x" * 100000}"\n[[steps]]\n{tiny}', "schema = 99", 'schema = "1"', "a.b.c.d = 1\n" * 3, "[a" + ".a" * 3000 + "]",
        f"[[steps]]\n{tiny}[expose]\n" + "".join(f'a{i} = "flip.direction"\n' for i in range(500)), "size = 0", "size = -5\ncrop = [1]",
        f"[[steps]]\n{tiny}id = \"{'a' * 9999}\"", 'op = "flip"', "\0", "\r\r\n", "[[steps]]\nop = 7", "[[steps]]\nop = \"\x1b[31m\"",
        '[[steps]]\nop = "resize"\nsize = 100000\nenlarge = true', '[[steps]]\nop = "pad"\nmargin = 20000',
        '[[steps]]\nop = "resize"\nsize = 9000\nenlarge = true\n[[steps]]\nop = "pad"\nmargin = 9000',
    ))  # fmt: skip
    return text.encode(), one(rng, STILL)
