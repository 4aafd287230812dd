"""A plot's lines are where a renderer shows lines: none missing, none added, none more than 0.1 mm off."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from browsing import browser
from plot_features import FEATURES, HEAD, PAIRS, whole

from artkit.pens.lines import Lines
from artkit.pens.read.document import read
from artkit.render import rendered

SCALE = 16
"""Pixels of a millimetre."""

FARTHEST = 0.1
"""Millimetres that lines may be off, beyond half the width of a stroke."""

FILLED = {"filled shapes", "dark page"}
"""Where a browser shows more than lines."""

ALL = {**{name: (body, body) for name, body in FEATURES.items()}, **PAIRS}


def plain(lines: Lines) -> str:
    """Lines as an SVG that needs no reading."""
    places = (" ".join(f"{x:.4f},{y:.4f}" for x, y in line) for line in lines)
    return f'{HEAD}<g stroke-linecap="round">' + "".join(f'<path d="M{each}"/>' for each in places) + "</g></svg>"


def inked(text: str) -> np.ndarray:
    """How much ink a picture of an SVG has: (H, W), 0 to 255."""
    return 255 - rendered(
        text.replace('width="40mm" height="30mm"', 'width="640" height="480"', 1), (40 * SCALE, 30 * SCALE)
    ).min(axis=2)


def off(ink: np.ndarray, other: np.ndarray, scale: float = SCALE) -> float:
    """How far, in millimetres, the farthest pixel that has ink for sure is from any of the other's ink."""
    sure, some = ink > 120, other > 12
    if not sure.any():
        return 0.0
    return float(cv2.distanceTransform(np.uint8(~some), cv2.DIST_L2, 5)[sure].max()) / scale if some.any() else np.inf


@pytest.mark.parametrize("name", ALL)
@pytest.mark.sample(24)
def test_lines_are_where_a_renderer_shows_them(name):
    body, same = ALL[name]
    ours, truth = inked(plain(read(whole(body).encode()).lines)), inked(whole(same))
    assert (truth > 120).any()
    assert off(truth, ours) <= FARTHEST, "a line is missing"
    assert off(ours, truth) <= FARTHEST, "a line is there that should not be"


@pytest.mark.browser
@pytest.mark.slow
def test_lines_are_where_a_browser_shows_them(tmp_path):
    wrong = {}
    with browser() as opened:
        page = opened.new_page(viewport={"width": 152, "height": 114}, device_scale_factor=4)
        for name, (body, _) in ALL.items():
            pictures = []
            for kind, text in (("theirs", whole(body)), ("ours", plain(read(whole(body).encode()).lines))):
                file = tmp_path / f"{kind}.svg"
                file.write_text(text, "utf-8")
                page.goto(file.as_uri())
                shot = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
                pictures.append(255 - shot.min(axis=2))
            theirs, ours = pictures
            scale = 4 * 96 / 25.4
            away = off(theirs, ours, scale), off(ours, theirs, scale)
            if name not in FILLED and max(away) > FARTHEST + 1 / scale:
                wrong[name] = away
    assert wrong == {}
