"""A parameter that has no effect is told: each changes something somewhere, and those that need others say so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

import artkit
from artkit import registry
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.cli import app
from artkit.errors import ArtkitError, Idle
from artkit.export import encode, save
from artkit.recipe import find, presets
from artkit.recipe.change import with_values
from artkit.recipe.idle import idle, idle_in_all
from artkit.registry import Op, Parameter

pytestmark = pytest.mark.usefixtures("short_tours")

OPS = registry.all_ops()
PAPER = {"page": "24x20mm", "margin": 1.0, "pen_width": 0.5}
SMALL = {"focus": "off", "seconds": 1.0, "frames": 3, "columns": 10}
SMALL |= {"triangles": 40, "pieces": 20, "washes": 20, "count": 12}
"""What is set of every op that has it, where it is not itself looked at; of those that draw on paper, PAPER, too."""

NEEDS: dict[str, dict[str, Any]] = {
    "trace.keep": {"colors": 3}, "kmeans.keep": {"colors": 3}, "pad.fill": {"margin": 2},
    "blur.sigma": {"window": "gaussian"},
    "rotate.corners": {"angle": 20.0}, "trace.fills": {"kind": "photo"}, "trace.detail": {"kind": "photo"},
    "trace.focus": {"kind": "photo"}, "primitives.kind": {"shapes": 9}, "primitives.opacity": {"shapes": 9},
    "primitives.focus": {"shapes": 9}, "canny.low": {"high": 40.0}, "recolor.palette": {"mix": True},
    "recolor.mix": {"palette": ["red", "blue"]}, "resize.filter": {"size": 15}, "resize.space": {"size": 15},
    "resize.enlarge": {"size": 60}, "select.piece": {"by": "index"},
    "stencil.bridge": {"least": 5}, "voronoi.ink": {"line": 1.0}, "quadtree.ink": {"line": 1.0},
}  # fmt: skip
"""What else is set, where a parameter has an effect beside it alone."""

WORDS: dict[str, list[Any]] = {
    "page": ["30x20mm"], "focus": ["5,5,4"], "bytes": ["600"], "pen": ["red"], "keep": [["#01ff02"], "right", "green"],
    "palette": [["#102030", "#e0e0c0"]], "colors": [["red", "white", "blue"], 2], "levels": [[3, 9], 3, 20],
    "inks": ["one", ["red", "blue"]], "fill": ["navy"], "axis": ["blue"], "margin": [3], "size": [9, 7],
}  # fmt: skip
"""Other values, by the parameter's name."""


def _photo() -> Image:
    y, x = np.mgrid[:20, :24]
    disk = (x - 11) ** 2 + (y - 10) ** 2 < 40
    pixels = np.dstack([10 * x % 256, 12 * y % 256, np.where(disk, 220, 40) + 2 * x]).astype(float)
    pixels += np.random.default_rng(3).normal(0, 12, pixels.shape)
    pixels[3:7, 15:22] = [210, 30, 30]
    return Image(pixels.clip(0, 255).astype(np.uint8))


def _flat() -> Image:
    pixels = np.full((40, 48, 3), 255, np.uint8)
    pixels[6:30, 6:24], pixels[12:34, 18:42] = [200, 30, 40], [20, 60, 160]
    pixels[2:4, 30:46], pixels[36:38, 4:16], pixels[20:24, 10:14] = 0, 0, [250, 220, 40]
    return Image(pixels)


def _ink() -> Image:
    """Black lines with a stub, and a ring, on white."""
    y, x = np.mgrid[:40, :48]
    black = (abs(y - 8) < 2) & (x > 3) & (x < 44) | (abs(x - 30) < 2) & (y > 5) & (y < 13)
    black |= abs(np.hypot(x - 24, y - 26) - 8) < 2.2
    return Image(np.where(black, 0, 255)[..., None].repeat(3, 2).astype(np.uint8))


PHOTO, FLAT, INK = _photo(), _flat(), _ink()


@cache
def _sources(kind: type) -> list[Any]:
    if kind is Image:
        return [PHOTO, FLAT, INK]
    labels = [OPS["kmeans"](picture, colors=5) for picture in (PHOTO, FLAT)]
    return labels if kind is Labels else [OPS["trace"](each) for each in (FLAT, labels[0], INK)]


def _others(op: Op[Any, Any], parameter: Parameter) -> Iterator[Any]:
    """Give other values of a parameter: named ones, choices, and numbers within its limits."""
    default = parameter.default
    yield from WORDS.get(parameter.name, ())
    schema = TypeAdapter(parameter.annotation).json_schema()
    for member in schema.get("anyOf", [schema]):
        yield from (each for each in member.get("enum", [member.get("const")]) if each not in (None, default))
        if member.get("type") == "boolean":
            yield not default
        elif member.get("type") in ("integer", "number"):
            low, high = member.get("minimum", member.get("exclusiveMinimum", 0)), member.get("maximum", 1e9)
            base = default if isinstance(default, (int, float)) else low
            found = [
                2 * base,
                base / 2,
                base + 1,
                base - 1,
                base + 0.3,
                4 * base,
                low,
                low + 5,
                low + 40,
                (low + high) / 2,
            ]
            whole = (lambda v: int(v) // 2 * 2 + 1) if "not" in member else int
            found = [whole(v) if member["type"] == "integer" else float(v) for v in found]
            yield from (v for v in dict.fromkeys(found) if low <= v <= min(high, 500) and v != default)
        elif member.get("type") == "string":
            yield from ("#3040d0", "red")
        elif member.get("type") == "array":
            yield from (["red", "blue"], [0.2, 0.5, 0.7])


def _bytes(artwork: Any) -> Any:
    if isinstance(artwork, Image):
        return artwork.pixels.shape, artwork.pixels.tobytes(), artwork.alpha is None or artwork.alpha.tobytes()
    if isinstance(artwork, Labels):
        return artwork.ids.tobytes(), artwork.palette.tobytes()
    return encode(artwork, ".svg" if isinstance(artwork, Drawing) else ".gif"), getattr(artwork, "fps", 0)


_PLAIN: dict[tuple[str, int, str], Any] = {}


def _plain(op: Op[Any, Any], source: Any, base: dict[str, Any]) -> Any:
    """What an op makes of a source with the values that many of its parameters are compared with."""
    key = op.name, id(source), repr(base)
    if key not in _PLAIN:
        try:
            _PLAIN[key] = _bytes(op(source, **base))
        except ArtkitError:
            _PLAIN[key] = None
    return _PLAIN[key]


def _changes(
    op: Op[Any, Any], parameter: Parameter, base: dict[str, Any], kinds: tuple[type, ...], most: int = 99
) -> bool:
    for source in (source for kind in kinds for source in _sources(kind)[:most]):
        before = _plain(op, source, base)
        for value in islice(_others(op, parameter), most):
            try:
                if _bytes(op(source, **base | {parameter.name: value})) != before:
                    return True
            except ArtkitError:
                continue
    return False


def _base(op: Op[Any, Any], parameter: Parameter) -> dict[str, Any]:
    small = SMALL | PAPER if "page" in op.parameters else SMALL
    base = {name: value for name, value in small.items() if name in op.parameters and name != parameter.name}
    for only in parameter.only:
        if only.values and not only.but:
            base[only.other] = only.values[0]
    return base | NEEDS.get(f"{op.name}.{parameter.name}", {})


STYLED = {"pens", "pen_width", "page", "margin", "detail", "tone", "focus"}
"""Parameters that all styles of pens share, which are looked at of one."""


QUICK = ("dither", "halftone", "kmeans", "rotate-color", "select")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in OPS if OPS[name].parameters],
)
def test_every_parameter_changes_something_somewhere(name):
    op = OPS[name]
    own = [
        p for n, p in op.parameters.items() if name == "hatch" or not (n in STYLED and op.parameters.keys() >= STYLED)
    ]
    kinds = {p.name: tuple(k for k in op.accepts if not p.only_pictures or k is Image) for p in own}
    idle = [p.name for p in own if not _changes(op, p, _base(op, p), kinds[p.name])]
    assert idle == (["paper"] if name == "trace" else []), "trace.paper: tests/test_ink_on_paper.py"


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    "name", [name for name, op in OPS.items() if any(p.only or p.only_pictures for p in op.parameters.values())]
)
@pytest.mark.slow
def test_what_is_said_to_have_no_effect_has_none(name):
    op = OPS[name]
    for parameter in op.parameters.values():
        base = _base(op, parameter)
        if parameter.only_pictures:
            assert not _changes(op, parameter, base, (Labels,), 2), parameter.name
        for only in parameter.only:
            other = op.parameters[only.other]
            unmet = [v for v in (other.default, *_others(op, other)) if not only.holds({only.other: v})]
            assert not _changes(op, parameter, base | {only.other: unmet[0]}, (op.accepts[-1],), 2), parameter.name


def test_no_preset_sets_what_has_no_effect():
    for name in presets():
        recipe = find(name)
        given = frozenset((i, key) for i, step in enumerate(recipe.data.steps) for key in step.values)
        assert list(idle(replace(recipe, given=given))) == [], name


@pytest.mark.parametrize("name", ["poster", "poster-a2", "sticker", "vinyl-layers", "comic"])
def test_flat_presets_take_a_palette_and_colors_to_keep(name):
    assert {"palette", "keep", "colors"} <= find(name).data.expose.keys()


def test_regions_are_traced_in_the_colors_that_are_asked_for():
    labels = OPS["kmeans"](FLAT, colors=5)
    trace = OPS["trace"]

    def colors(**how: Any) -> set[str]:
        return {shape.fill for layer in trace(labels, **how).layers for shape in layer.shapes if shape.fill}

    assert colors(palette=["red", "#000080", "white"]) == {"#ff0000", "#000080", "#ffffff"}
    assert len(colors(colors=3)) == 3


def test_what_was_set_in_vain_is_told_in_a_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save(FLAT, "flat.png")
    (tmp_path / "two.toml").write_text(
        "[[steps]]\nop = 'multi-otsu'\n[[steps]]\nop = 'trace'\n[expose]\ndetail = 'trace.detail'\n"
    )
    line = "apply two.toml flat.png -o a.svg --detail 0.9 --set 1.weights=rec709"
    told = CliRunner().invoke(app, line.split()).stderr.splitlines()
    assert told[0] == "trace.detail changes nothing here: it is for pictures, and step 1 (multi-otsu) gives regions"
    once = with_values(find("two.toml"), {"trace.corner": 40})
    assert list(idle(once)) == []
    stacked, merged = ({"trace.layers": name, "trace.overlap": 5.0} for name in ("stacked", "merged"))
    assert [list(idle_in_all([with_values(find("two.toml"), each) for each in some])) for some in (
        [stacked, merged], [merged, merged])] == [[], list(idle(with_values(find("two.toml"), merged)))]  # fmt: skip
    with pytest.warns(Idle, match=r"^trace\.detail changes nothing here: it is for pictures"):
        artkit.apply("two.toml", FLAT, detail=0.9)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sweep two.toml flat.png --vary detail=0.8,0.9", ["trace.detail"]),
        pytest.param(
            "batch two.toml three.toml --photos none.png --set trace.overlap=5",
            ["two: trace.overlap"],
            marks=pytest.mark.slow,
        ),
        ("plot flat.png --preset pen.toml --set rotate.corners=cut --page 30x30mm", ["rotate.corners"]),
    ],
)
def test_every_command_tells_it(tmp_path, monkeypatch, line, told):
    monkeypatch.chdir(tmp_path)
    save(FLAT, "flat.png")
    start = "[[steps]]\nop = 'multi-otsu'\n[[steps]]\nop = 'trace'\n"
    (tmp_path / "two.toml").write_text(f"{start}[expose]\ndetail = 'trace.detail'\n")
    (tmp_path / "pen.toml").write_text("[[steps]]\nop = 'rotate'\n[[steps]]\nop = 'centerline'\n")
    (tmp_path / "three.toml").write_text(f"{start}layers = 'stacked'\n")
    lines = CliRunner().invoke(app, line.split()).stderr
    assert [each.partition(" changes nothing")[0] for each in lines.splitlines() if " changes nothing" in each] == told
