"""The cascade that finds faces gives what scikit-image gives, whose own reader of the same table takes long to load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from skimage.data import lbp_frontal_face_cascade_filename, lfw_subset
from skimage.feature import Cascade

from artkit.importance.cascade import SIDE, _groups, hits

PHOTOS = sorted((Path(__file__).parent.parent / "gallery" / "photos").glob("*.jpg"))


def oracle(picture: np.ndarray) -> int:
    """Count with scikit-image."""
    found = Cascade(lbp_frontal_face_cascade_filename()).detect_multi_scale(
        img=np.repeat(picture[..., None], 3, axis=2), scale_factor=1.12, step_ratio=1, min_size=(24, 24),
        max_size=(52, 52), min_neighbor_number=1, intersection_score_threshold=0.99,
    )  # fmt: skip
    return len(found)


def faces() -> np.ndarray:
    """Faces of 25 pixels, grown to three sizes, on gray."""
    made = []
    for face in lfw_subset()[:12]:
        for side in (40, 52, 64):
            picture, edge = np.full((SIDE, SIDE), 128, np.uint8), (SIDE - side) // 2
            grown = Pillow.fromarray(np.rint(face * 255).astype(np.uint8)).resize((side, side))
            picture[edge : edge + side, edge : edge + side] = grown
            made.append(picture)
    return np.stack(made)


def parts() -> np.ndarray:
    """Parts of photos, of several sizes."""
    rng, made = np.random.default_rng(5), []
    for path in PHOTOS:
        with Pillow.open(path) as photo:
            for side in rng.integers(40, min(photo.size), 8):
                x, y = (int(rng.integers(0, most - side + 1)) for most in photo.size)
                made.append(np.asarray(photo.convert("L").resize((SIDE, SIDE), box=(x, y, x + side, y + side))))
    return np.stack(made)


@pytest.mark.parametrize("pictures", [faces, parts])
def test_what_is_seen_is_what_scikit_image_sees(pictures):
    made = pictures()
    expected = [oracle(picture) for picture in made]
    assert hits(made) == expected
    assert [hits(picture[None])[0] for picture in made[:4]] == expected[:4]


def test_faces_are_seen_and_noise_is_not():
    noise = np.random.default_rng(1).integers(0, 256, (4, SIDE, SIDE), np.uint8)
    assert np.mean(np.array(hits(faces())) > 0) > 0.8
    assert hits(noise) == [0, 0, 0, 0]


def test_windows_that_lie_within_each_other_count_once():
    assert _groups([]) == 0
    assert _groups([(0, 0, 40), (5, 5, 24), (30, 30, 24)]) == 2
    assert _groups([(0, 0, 30), (0, 1, 30)]) == 2
