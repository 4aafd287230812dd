"""String art: one thread, from nail to nail, whose light is like the picture's, and a list to wind it by."""

from __future__ import annotations

import csv
import io

import cv2
import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color.spaces import LIGHT
from artkit.export import encode
from artkit.raster.threads import left_by
from artkit.registry.discovery import find
from artkit.render import png
from artkit.styles import strings


def moon(side: int = 120) -> Image:
    """A light disc with a shadow on dark."""
    y, x = np.mgrid[:side, :side] / side
    level = np.where(np.hypot(x - 0.5, y - 0.45) < 0.28, 245 - 130 * x, 60 + 40 * y)
    return Image(np.dstack([level] * 3).astype(np.uint8))


@pytest.fixture(scope="module")
def kit():
    return find("string-art")(moon(), nails=120, lines=2000, thread=0.5, page="60x60mm", margin=2, focus="off")


def thread_of(kit) -> np.ndarray:
    (shape,) = next(layer.shapes for layer in kit.layers if layer.name == "thread")
    (path,) = shape.paths
    return path.points


def rows_of(kit) -> list[list[str]]:
    return list(csv.reader(io.StringIO(encode(kit, ".csv").decode(), newline="")))


def test_the_light_of_the_thread_at_its_width_is_like_that_of_the_photo(kit):
    """Rendered so large that the thread is two pixels wide, seen in 50 pixels across the board."""
    alone = kit.replace(layers=[layer for layer in kit.layers if layer.name == "thread"])
    size = 1200, 1200
    data = np.frombuffer(png(alone.to_svg(), size, "#ffffff"), np.uint8)
    light = LIGHT[cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)]
    radius = np.hypot(*(thread_of(kit) - 30).T).max()
    low, high = round(20 * (30 - radius)), round(20 * (30 + radius))
    seen = cv2.resize(light[low:high, low:high], (50, 50), interpolation=cv2.INTER_AREA)
    photo = cv2.resize(LIGHT[moon(200).pixels[..., 0]], (50, 50), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:50, :50] + 0.5
    inside = np.hypot(x - 25, y - 25) < 24
    assert np.corrcoef(seen[inside], photo[inside])[0, 1] > 0.9


def test_what_stands_free_on_a_light_ground_is_told():
    """Eyes and a mouth as of a face: asked for a white board around them, threads have no way to them but streaks."""
    y, x = np.mgrid[:100, :100] / 100
    eyes = np.minimum(np.hypot(x - 0.35, y - 0.4), np.hypot(x - 0.65, y - 0.4)) < 0.08
    light = np.where(eyes | ((abs(y - 0.7) < 0.04) & (abs(x - 0.5) < 0.15)), 0.05, 0.85)
    made = strings.wound(strings.wanted_light(light), 240, 8000, 0.0005)
    ends = 50 + 50 * made.nails[made.order]
    left = left_by(np.hstack([ends[:-1], ends[1:]]), 0.05, (100, 100))
    seen, photo = (cv2.resize(each, (50, 50), interpolation=cv2.INTER_AREA) for each in (left, light))
    inside = np.hypot(*(np.mgrid[:50, :50] - 24.5)) < 24
    assert np.corrcoef(seen[inside], photo[inside])[0, 1] > 0.85  # 0.77 where white is bare board


def test_a_picture_without_contrast_is_asked_for_as_it_is():
    for level in (0.0, 0.4, 1.0):
        asked = strings.wanted_light(np.full((40, 40), level))
        assert np.abs(asked - (strings.DARKEST + (1 - strings.DARKEST) * level)).max() < 1e-3


def test_what_differs_from_its_surroundings_is_raised_and_the_range_is_kept():
    y, x = np.mgrid[:200, :200] / 200
    ramp = x + 0.05 * (np.hypot(x - 0.5, y - 0.5) < 0.03)
    asked = strings.wanted_light(ramp)
    assert asked.min() >= strings.DARKEST - 1e-3 and asked.max() <= strings.LIGHTEST + 1e-3
    slope = (strings.LIGHTEST - strings.DARKEST) * 0.75 * 0.5**-0.25
    assert asked[100, 100] - asked[130, 100] > 1.3 * slope * 0.05


def test_the_table_the_text_and_the_drawing_are_one_thread(kit):
    head, *rows = rows_of(kit)
    assert head == ["step", "nail", "x_mm", "y_mm"]
    points = thread_of(kit)
    assert [int(row[0]) for row in rows] == list(range(len(points)))
    places = np.array([[float(row[2]), float(row[3])] for row in rows])
    radius = np.hypot(*(points - 30).T).max()
    assert np.allclose((points - 30) / radius * 300 + 300, places, atol=0.02)
    text = encode(kit, ".txt").decode()
    listed = [int(word) for line in text.splitlines()[3:] for word in line.partition(":")[2].split()]
    assert listed == [int(row[1]) for row in rows]
    assert listed[0] == 1 and set(listed) <= set(range(1, 121))
    metres = np.hypot(*np.diff(places, axis=0).T).sum() / 1000
    assert f"{len(rows) - 1:,} threads, {metres:,.0f} m" in text


def test_no_thread_is_wound_twice_or_along_the_rim(kit):
    few = strings.wound(np.zeros((40, 40)), 15, 500, 0.001).order
    for nails, count in ((np.array([int(row[1]) - 1 for row in rows_of(kit)[1:]]), 120), (few, 15)):
        pairs = [frozenset(pair) for pair in zip(nails[:-1].tolist(), nails[1:].tolist(), strict=True)]
        assert len(set(pairs)) == len(pairs) > 50
        apart = np.abs(np.diff(nails))
        assert np.minimum(apart, count - apart).min() >= count // strings.NEAREST


def test_each_thread_brings_the_light_closer_and_the_next_would_not():
    """The error of what was wound falls with every thread, as a sum over all pixels says."""
    y, x = np.mgrid[:40, :40] / 40
    wanted = 0.2 + 0.8 * np.hypot(x - 0.4, y - 0.5).clip(0, 1)
    made = strings.wound(wanted, 40, 10_000, 0.004)
    chords = strings._Chords(40, 20 + 19.5 * made.nails)
    light = np.ones(1600)
    errors = [float(((light - wanted.ravel()) ** 2).sum())]
    for here, there in zip(made.order[:-1], made.order[1:], strict=True):
        np.multiply.at(light, chords.pixels(here)[there], 1 - 0.16 * chords.roots[here, there] ** 2 / 40)
        errors.append(float(((light - wanted.ravel()) ** 2).sum()))
    assert 50 < len(errors) < 1000
    assert np.diff(errors).max() < 0.01 and errors[-1] < 0.2 * errors[0]


def test_a_white_picture_takes_no_thread_and_a_black_one_takes_all():
    white, black = (Image(np.full((30, 50, 3), level, np.uint8)) for level in (255, 0))
    values = {"nails": 30, "lines": 60, "thread": 1.0, "page": "60x60mm", "margin": 2}
    bare = find("string-art")(white, **values)
    assert [layer.name for layer in bare.layers] == ["nails"] and len(bare.rows) == 2
    assert len(find("string-art")(black, **values).rows) == 62


def test_what_matters_is_in_the_square():
    """Of a wide picture the square is taken where the focus is."""
    pixels = np.full((40, 200, 3), 255, np.uint8)
    pixels[8:32, 168:192] = 0
    values = {"nails": 60, "lines": 200, "thread": 1.5, "page": "60x60mm", "margin": 2}
    assert len(find("string-art")(Image(pixels), focus="off", **values).rows) == 2
    assert len(find("string-art")(Image(pixels), focus="180,20,12", **values).rows) > 20
