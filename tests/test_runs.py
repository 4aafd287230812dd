"""A label image in runs: the same planar map, and the same curves, as of its pixels."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from maps import label_images

from artkit.planar.map import PlanarMap, find_faces, planar_map
from artkit.planar.runs import LabelRuns, faces_of, map_of_runs
from artkit.tracer.regions.faces import runs_without_small, without_small


def runs_of(labels, rows=2):
    return LabelRuns.of((labels[top : top + rows] for top in range(0, len(labels), rows)), labels.shape[1])


@given(label_images())
def test_the_map_of_runs_is_that_of_the_pixels(labels):
    runs = runs_of(labels)
    assert np.array_equal(runs.rows(0, len(labels)), labels)
    planar, found = planar_map(labels), map_of_runs(runs)
    for name in {each.name for each in fields(PlanarMap)} - {"faces"}:
        assert np.array_equal(getattr(found, name), getattr(planar, name)), name
    assert np.array_equal(found.face_runs.rows(0, len(labels)), planar.faces)
    faces, label, area = faces_of(runs)
    told = find_faces(labels)
    assert np.array_equal(runs.relabeled(faces).rows(0, len(labels)), told[0])
    assert np.array_equal(label, told[1]) and np.array_equal(area, told[2])


@given(label_images(), st.sampled_from([2, 5, 20]))
def test_small_regions_go_where_those_of_the_pixels_go(labels, least):
    palette = np.random.default_rng(3).integers(0, 256, (labels.max() + 1, 3)).astype(np.uint8)
    if len(palette):
        found = runs_without_small(runs_of(labels), palette, least).rows(0, len(labels))
        assert np.array_equal(found, without_small(labels, palette, least))
