"""Pictures as few translucent shapes: sums judge as pixels do, and every shape brings the picture closer."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.registry.discovery import find
from artkit.render import rendered
from artkit.styles import primitives as engine

RNG = np.random.default_rng


@pytest.mark.parametrize("kind", engine.KINDS)
def test_spans_and_sums_judge_as_pixels_do(kind):
    """The oracle: the middles of pixels that lie in the shape, each blended on its own."""
    height, width, opacity = 19, 23, 0.4
    rng = RNG(2)
    target, canvas = rng.uniform(0, 255, (2, height, width, 3))
    weight = rng.uniform(0.5, 2, (height, width))
    sums = engine._Sums.of(target, canvas, weight, opacity)
    numbers = engine._random(kind, 40, sums, rng)
    spans = engine._spans(kind, numbers, height)
    change, color = sums.judged(*spans)
    y, x = np.mgrid[0:height, 0:width] + 0.5
    for k, (n, *_) in enumerate(zip(numbers, strict=True)):
        if kind in ("triangle", "rectangle"):
            corners = engine._corners(kind, n[None])[0]
            side = [
                (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
                for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)
            ]
            inside = np.all(np.array(side) > 0, axis=0) | np.all(np.array(side) < 0, axis=0)
        else:
            along = np.cos(n[4]) * (x - n[0]) + np.sin(n[4]) * (y - n[1])
            across = np.cos(n[4]) * (y - n[1]) - np.sin(n[4]) * (x - n[0])
            inside = (along / n[2]) ** 2 + (across / n[3]) ** 2 < 1
        if not inside.any():
            continue
        blended = canvas[inside] + opacity * (color[:, k] - canvas[inside])
        errors = [((target[inside] - now) ** 2 * weight[inside][:, None]).sum() for now in (blended, canvas[inside])]
        assert change[k] == pytest.approx(errors[0] - errors[1])
        for step in (-3, 3):  # no other color is better
            other = canvas[inside] + opacity * (np.clip(color[:, k] + step, 0, 255) - canvas[inside])
            assert ((target[inside] - other) ** 2 * weight[inside][:, None]).sum() >= errors[0] - 1e-6


@pytest.fixture(scope="module")
def made(photo):
    return {count: find("primitives")(photo, shapes=count, focus="off", rng=RNG(1)) for count in (1, 6, 24)}


def test_more_shapes_are_closer(made, photo):
    errors = [((rendered(made[n], (72, 48)).astype(float) - photo.pixels) ** 2).mean() for n in (1, 6, 24)]
    assert errors[0] > 1.5 * errors[1] > 2 * errors[2]
    assert [sum(1 for _ in made[n].shapes) for n in (1, 6, 24)] == [1, 6, 24]


def test_colors_together_are_no_worse_than_one_by_one(made, photo, monkeypatch):
    monkeypatch.setattr(engine, "_solved", _one_by_one)
    alone = find("primitives")(photo, shapes=24, focus="off", rng=RNG(1))
    errors = [((rendered(drawing, (72, 48)).astype(float) - photo.pixels) ** 2).mean() for drawing in (made[24], alone)]
    assert errors[0] < errors[1]


def _one_by_one(target, weight, ground, inside, opacity):
    canvas, colors = np.broadcast_to(ground, target.shape).reshape(-1, 3).copy(), []
    for own in inside:
        u = target.reshape(-1, 3)[own] - (1 - opacity) * canvas[own]
        heavy = weight.ravel()[own][:, None]
        color = np.rint(np.clip((u * heavy).sum(0) / (opacity * heavy.sum()), 0, 255))
        canvas[own] += opacity * (color - canvas[own])
        colors.append(color)
    return np.array(colors)


def test_the_same_seed_draws_the_same_and_shapes_are_what_was_asked_for(photo):
    for kind, points in (("triangle", {3}), ("rectangle", {4}), ("ellipse", {13}), ("circle", {13})):
        drawing = find("primitives")(photo, shapes=3, kind=kind, rng=RNG(4))
        assert {len(path.points) for shape in drawing.shapes for path in shape.paths} == points
        assert drawing.to_svg() == find("primitives")(photo, shapes=3, kind=kind, rng=RNG(4)).to_svg()
    other = find("primitives")(photo, shapes=3, kind="circle", rng=RNG(5))
    assert other.to_svg() != drawing.to_svg()


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (200, 1)])
def test_flat_and_tiny_pictures_are_drawn(size):
    flat = Image(np.full((*size, 3), 90, np.uint8))
    drawing = find("primitives")(flat, shapes=5, rng=RNG(1))
    assert (rendered(drawing, size[::-1]) == 90).all()
