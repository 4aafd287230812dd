"""What artkit promises to be sparing with, measured on six small pictures: bounds that may only get tighter.

`figures.toml` says what was measured; here it may be worse by a few per cent, as other versions of numpy or Pillow
round otherwise. `pytest -n 0 --write-golden tests/test_figures.py` writes down what has become better. Whoever has a
reason for something worse writes it in by hand, where a reviewer sees it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from artkit import Animation, Drawing, Image, Recipe, render
from artkit.export import encode
from artkit.ops.trace import trace
from artkit.recipe import Step
from artkit.run import run

KNOWN = Path(__file__).with_name("figures.toml")
FINER = 8
"""Samples along a side of a pixel: edges are antialiased."""


def sampled(side: int, color: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Image:
    """A picture of a function that gives colors (H, W, 3) at places from 0 to 1."""
    y, x = (np.mgrid[: side * FINER, : side * FINER] + 0.5) / (side * FINER)
    fine = color(x, y).reshape(side, FINER, side, FINER, 3)
    return Image(np.rint(fine.mean(axis=(1, 3))).clip(0, 255).astype(np.uint8))


def inks(index: np.ndarray, *colors: str) -> np.ndarray:
    return np.array([[int(color[i : i + 2], 16) for i in (0, 2, 4)] for color in colors], float)[index]


def logo(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A ring, a bar across it and a triangle, in three colors on white."""
    away = np.hypot(x - 0.42, y - 0.45)
    index = np.where((away < 0.33) & (away > 0.2), 1, 0)
    index[(np.abs(y - 0.45 - 0.4 * (x - 0.42)) < 0.06) & (x > 0.1) & (x < 0.9)] = 2
    index[(y > 0.72) & (y < 0.95) & (np.abs(x - 0.7) < (y - 0.7) * 0.6)] = 3
    return inks(index, "ffffff", "d0202a", "16213a", "f2b632")


def writing(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Strokes of ink of several widths: waves, a spiral and dots."""
    index = (np.abs(y - 0.2 - 0.08 * np.sin(20 * x)) < 0.015 + 0.02 * x).astype(int)
    away, turn = np.hypot(x - 0.35, y - 0.65), np.arctan2(y - 0.65, x - 0.35)
    index |= (away < 0.28) & (np.abs((away * 14 - turn / (2 * np.pi)) % 1 - 0.5) < 0.22)
    index |= np.hypot((x * 8) % 1 - 0.5, (y * 8) % 1 - 0.5) * ((x > 0.68) & (y > 0.4)) + (x <= 0.68) + (y <= 0.4) < 0.3
    return inks(index, "f8f4ea", "101820")


def chart(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A map of seven flat colors: each place has that of the nearest of 24 points."""
    spots = np.array([[(7 * k % 24 + 0.5) / 24, (11 * k * k % 23 + 0.5) / 23] for k in range(24)])
    near = np.hypot(x[..., None] - spots[:, 0], y[..., None] - spots[:, 1]).argmin(axis=2)
    return inks(near % 7, "264653", "2a9d8f", "e9c46a", "f4a261", "e76f51", "f1faee", "1d3557")


def evening(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A sky that fades, a sun with a glow, and two hills."""
    sky = np.stack([250 - 120 * y, 150 + 40 * x, 90 + 140 * y], axis=2)
    glow = np.exp(-((x - 0.7) ** 2 + (y - 0.3) ** 2) / 0.02)[..., None]
    sky = sky * (1 - glow) + glow * [255, 240, 190]
    sky[y > 0.68 + 0.08 * np.sin(7 * x)] = 70, 80, 110
    sky[y > 0.8 + 0.06 * np.cos(9 * x)] = 35, 40, 60
    return sky


def stones(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Something like a photo: lumps in light, with texture all over."""
    height = sum(np.sin(a * x + b * y + a * b) / a for a, b in ((9, 4), (5, 13), (17, -11), (23, 19), (31, -7)))
    light = np.gradient(height, axis=1) * 90 + 0.5
    texture = 0.06 * np.sin(210 * x + 5 * np.sin(60 * y)) * np.sin(190 * y + 4 * np.sin(70 * x))
    shade = np.clip(0.45 + light * 0.3 + 0.5 * height + texture, 0, 1)[..., None]
    return shade * [230, 205, 170] + (1 - shade) * [30, 40, 55]


def sprite(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pixel art: squares of five colors, the left half mirrored on the right."""
    column, row = np.minimum((x * 12).astype(int), 11 - (x * 12).astype(int)), (y * 12).astype(int)
    return inks((column * 5 + row * 7 + column * row) % 11 % 5, "1a1c2c", "b13e53", "ffcd75", "38b764", "f4f4f4")


PICTURES = {"logo": logo, "writing": writing, "chart": chart, "evening": evening, "stones": stones, "sprite": sprite}


@cache
def picture(name: str) -> Image:
    return sampled(96, PICTURES[name])


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / max(np.mean((one.astype(float) - other) ** 2), 1e-3)))


def leak(drawing: Drawing, zoom: int) -> int:
    """Pixels that let the background through: those that are not the same on magenta and on green."""
    size = drawing.width * zoom, drawing.height * zoom
    text = drawing.to_svg()
    shown = [np.frombuffer(render.png(text, size, color), np.uint8) for color in ("#ff00ff", "#00ff00")]
    import cv2

    magenta, green = (cv2.imdecode(png, cv2.IMREAD_COLOR) for png in shown)
    return int((cv2.absdiff(magenta, green).max(axis=2) > 2).sum())


@cache
def traced(name: str) -> dict[str, float]:
    drawing = trace(picture(name))
    return {
        "bytes": len(encode(drawing, ".svg")),
        "segments": drawing.segments,
        "psnr": round(psnr(render.rendered(drawing), picture(name).pixels), 2),
        "leak": leak(drawing, 1) + leak(drawing, 3),
    }


def plotted(name: str) -> dict[str, float]:
    """Strokes, and millimetres with the pen in the air, of a drawing in one pen on a card."""
    paper = {"page": "40x40mm", "margin": 2, "pen_width": 0.5}
    style, values = {
        "logo": ("halftone-dots", {"spacing": 3}),
        "writing": ("centerline", {}),
        "chart": ("outline", {}),
        "evening": ("hatch", {}),
        "stones": ("scribble", {"spacing": 4}),
        "sprite": ("waves", {}),
    }[name]
    drawing = run(Recipe(steps=(Step(style, paper | values),)).checked, picture(name))
    assert isinstance(drawing, Drawing) and drawing.page is not None
    lines = [path for shape in drawing.shapes for path in shape.paths]
    starts = np.array([path.points[0] for path in lines])
    ends = np.array([path.points[0 if path.closed else -1] for path in lines])
    travel = np.hypot(*(starts[1:] - ends[:-1]).T).sum() * drawing.page.scale
    return {"strokes": len(lines), "travel": round(float(travel), 1)}


def animated(name: str) -> dict[str, float]:
    """Bytes of a GIF: of one in which something moves, of a cycle of colors, or of a picture that grows soft."""
    source = picture(name)

    def moved(i: int) -> Image:
        pixels = source.pixels.copy()
        pixels[30:50, 10 * i : 10 * i + 20] = 255 - pixels[30:50, 10 * i : 10 * i + 20]
        return Image(pixels)

    def varied(target: str, *stops: float) -> Animation:
        recipe = Recipe(steps=(Step(target.partition(".")[0]),), animate={"frames": 6, "vary": {target: stops}})
        made = run(recipe.checked, source)
        assert isinstance(made, Animation)
        return made

    made = {
        "stones": lambda: varied("blur.size", 1, 11),
        "evening": lambda: varied("rotate-color.angle", 0, 360),
        "sprite": lambda: varied("rotate-color.angle", 0, 360),
    }.get(name, lambda: Animation(6, moved))()
    return {"bytes": len(encode(made, ".gif"))}


MEASURES: dict[str, Callable[[str], dict[str, float]]] = {"trace": traced, "plot": plotted, "gif": animated}
MORE_IS_BETTER = {"psnr"}
SLACK = {"bytes": 0.02, "segments": 0.02, "psnr": 0.005, "leak": 0.0, "strokes": 0.03, "travel": 0.05}
"""Share by which a figure may be worse than what is written down."""


def is_worse(figure: str, value: float, known: float, slack: float) -> bool:
    return value < known * (1 - slack) if figure in MORE_IS_BETTER else value > known * (1 + slack)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.sample(6)
def test_nothing_has_become_worse_than_it_was(name, measure, request):
    found = MEASURES[measure](name)
    known = tomllib.loads(KNOWN.read_text()) if KNOWN.exists() else {}
    if request.config.getoption("--write-golden"):
        write(known, f"{name}-{measure}", found)
        known = tomllib.loads(KNOWN.read_text())
    before = known[f"{name}-{measure}"]
    assert found.keys() == before.keys()
    worse = {key: (value, before[key]) for key, value in found.items() if is_worse(key, value, before[key], SLACK[key])}
    assert not worse, f"{name}, {measure}: (now, written down): {worse}"


def write(known: dict[str, dict[str, float]], section: str, found: dict[str, float]) -> None:
    """Write down what is better than what was there, or new."""
    before = known.get(section, {})
    best = {
        key: before[key] if is_worse(key, value, before.get(key, value), 0.0) else value for key, value in found.items()
    }
    known = dict(sorted((known | {section: best}).items()))
    parts = [f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in of.items()) for name, of in known.items()]
    KNOWN.write_text("# Figures that test_figures.py measured; see there.\n\n" + "\n".join(parts))


def test_seams_are_closed():
    """Between shapes that touch nothing shows through, at no zoom."""
    assert [traced(name)["leak"] for name in PICTURES] == [0] * len(PICTURES)


def test_a_bound_only_gets_tighter(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.KNOWN", tmp_path / "figures.toml")
    write({}, "a-trace", {"bytes": 100, "psnr": 30.0})
    write(tomllib.loads(KNOWN.read_text()), "a-trace", {"bytes": 90, "psnr": 29.0})
    write(tomllib.loads(KNOWN.read_text()), "a-trace", {"bytes": 95, "psnr": 30.5})
    assert tomllib.loads(KNOWN.read_text()) == {"a-trace": {"bytes": 90, "psnr": 30.5}}
    assert is_worse("bytes", 93, 90, 0.02) and not is_worse("bytes", 91, 90, 0.02)
    assert is_worse("psnr", 29, 30, 0.005) and not is_worse("psnr", 31, 30, 0.005)
