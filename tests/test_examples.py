"""The examples run as they stand, and what they make can be opened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image as Pillow

EXAMPLES = Path(__file__).parent.parent / "examples"

MAKES = {
    "apply_preset.py": {"contour-lines.svg", "psychedelic.gif", "kmeans.png"},
    "chain_ops.py": {"edges.png", "poster.png", "lines.svg", "negative.jpg"},
    "own_op.py": {"dots.svg"},
}


def test_every_example_is_run():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(MAKES)


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    y, x = np.mgrid[0:90, 0:120]
    pixels = np.stack([x * 2, y * 2, 128 + 100 * np.sin(x / 9) * np.cos(y / 7)], axis=-1).astype(np.uint8)
    path = tmp_path_factory.mktemp("photo") / "photo.png"
    Pillow.fromarray(pixels).save(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("script", MAKES)
def test_an_example_makes_what_it_says(script, photo, tmp_path):
    command = [sys.executable, "-W", "error", str(EXAMPLES / script), str(photo), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    made = {path.name for path in tmp_path.iterdir()}
    assert made == MAKES[script]
    for path in tmp_path.iterdir():
        if path.suffix == ".svg":
            drawn = [element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()]
            assert sum(name in ("path", "circle", "ellipse") for name in drawn) > 3
        else:
            with Pillow.open(path) as picture:
                picture.load()
                assert getattr(picture, "n_frames", 1) == (12 if path.suffix == ".gif" else 1)


def test_the_dots_cover_as_much_as_the_picture_is_dark(monkeypatch):
    from artkit import Image, registry

    monkeypatch.setattr(registry.REGISTRY, "ops", dict(registry.REGISTRY.ops))  # no other test is to meet this op
    monkeypatch.syspath_prepend(str(EXAMPLES))
    from own_op import dots

    from artkit.gallery.thumbnail import painted

    drawing = dots(Image(np.full((120, 120, 3), 178, np.uint8)), spacing=10.0)
    shown = painted(drawing.replace(background="#ffffff"), 240).pixels[..., 0]
    ink = (255 - shown).mean() / (255 - 0x20)
    assert ink == pytest.approx(1 - 178 / 255, abs=0.04)
