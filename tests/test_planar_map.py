"""The planar map of a label image: every crack once, every face ringed, whichever way the picture is turned."""

from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maps import LABELS, PICTURES, label_images

from artkit.planar.map import OUTSIDE, STEP_X, STEP_Y, find_faces, planar_map, twin

TURNS = [np.rot90, np.flipud, np.fliplr, np.transpose]


def cracks(planar):
    """{(corner, corner): (left face, right face, arc)}, each crack from the corner where it begins."""
    y, x = np.divmod(planar.corner.astype(int), planar.width + 1)
    dx, dy = STEP_X[planar.direction], STEP_Y[planar.direction]
    left, right = planar.left[planar.arc_of], planar.right[planar.arc_of]
    rows = zip(x, y, x + dx, y + dy, left, right, planar.arc_of, strict=True)
    return [((int(a), int(b)), (int(c), int(d)), int(p), int(q), int(k)) for a, b, c, d, p, q, k in rows]


def face_at(planar, x, y):
    inside = 0 <= x < planar.width and 0 <= y < planar.height
    return int(planar.faces[y, x]) if inside else OUTSIDE


@given(label_images())
def test_every_border_between_pixels_is_one_crack_of_one_arc(labels):
    planar = planar_map(labels)
    padded = np.pad(labels, 1, constant_values=OUTSIDE)
    borders = (padded[1:] != padded[:-1]).sum() + (padded[:, 1:] != padded[:, :-1]).sum()
    found = cracks(planar)
    assert len({frozenset((a, b)) for a, b, *_ in found}) == len(found) == borders == planar.offsets[-1]


@given(label_images())
def test_the_faces_left_and_right_of_a_crack_are_those_of_its_pixels(labels):
    planar = planar_map(labels)
    for (x, y), (x2, y2), left, right, _ in cracks(planar):
        dx, dy = x2 - x, y2 - y
        # The middle of the crack, half a pixel to the right as seen on screen: y points down.
        middle_x, middle_y = (x + x2) / 2, (y + y2) / 2
        assert right == face_at(planar, int(np.floor(middle_x - dy / 2)), int(np.floor(middle_y + dx / 2)))
        assert left == face_at(planar, int(np.floor(middle_x + dy / 2)), int(np.floor(middle_y - dx / 2)))
        labels_of = [OUTSIDE if face == OUTSIDE else planar.face_label[face] for face in (left, right)]
        assert labels_of[0] < labels_of[1]


@given(label_images())
def test_the_cracks_of_an_arc_follow_each_other(labels):
    planar = planar_map(labels)
    found = cracks(planar)
    for arc, (low, high) in enumerate(zip(planar.offsets[:-1], planar.offsets[1:], strict=True)):
        run = found[low:high]
        assert all(one[1] == other[0] for one, other in pairwise(run))
        assert run[0][0] == tuple(planar.corner_points(planar.start[arc : arc + 1])[0])
        assert run[-1][1] == tuple(planar.corner_points(planar.end[arc : arc + 1])[0])
        assert not planar.closed[arc] or run[-1][1] == run[0][0]


@given(label_images())
def test_arcs_end_where_three_borders_meet_and_only_there(labels):
    planar = planar_map(labels)
    degree, passed = {}, {}
    for a, b, *_ in cracks(planar):
        for corner in (a, b):
            degree[corner] = degree.get(corner, 0) + 1
    ends = [
        tuple(p) for side in (planar.start, planar.end) for p in planar.corner_points(side[~planar.closed]).tolist()
    ]
    for end in ends:
        passed[end] = passed.get(end, 0) + 1
    padded = np.pad(labels, 1, constant_values=OUTSIDE)
    for corner, number in degree.items():
        x, y = corner
        nw, ne, sw, se = padded[y : y + 2, x : x + 2].ravel().tolist()
        joined = number == 4 and (nw == se or ne == sw)
        assert passed.get(corner, 0) == (number if number > 2 and not joined else 0)


@given(label_images())
def test_every_face_has_one_outer_ring_and_its_rings_add_up_to_its_pixels(labels):
    planar = planar_map(labels)
    faces = len(planar.face_area)
    np.testing.assert_array_equal(np.bincount(planar.ring_face[planar.ring_area > 0], minlength=faces), 1)
    assert (planar.ring_area != 0).all()
    sums = np.bincount(planar.ring_face, weights=planar.ring_area, minlength=faces)
    np.testing.assert_array_equal(sums, planar.face_area)
    np.testing.assert_array_equal(sums, np.bincount(planar.faces[planar.faces >= 0], minlength=faces))


@given(label_images())
def test_rings_walk_every_side_of_every_arc_once_with_their_face_on_the_right(labels):
    planar = planar_map(labels)
    half = planar.ring_edges
    face = np.where(half % 2, planar.left[half // 2], planar.right[half // 2])
    sides = sum(int((side != OUTSIDE).sum()) for side in (planar.left, planar.right))
    assert len(set(half.tolist())) == len(half) == sides
    tail = np.where(half % 2, planar.end[half // 2], planar.start[half // 2])
    tip = np.where(half % 2, planar.start[half // 2], planar.end[half // 2])
    for ring, (low, high) in enumerate(zip(planar.ring_offsets[:-1], planar.ring_offsets[1:], strict=True)):
        assert (face[low:high] == planar.ring_face[ring]).all()
        np.testing.assert_array_equal(tip[low:high], np.roll(tail[low:high], -1))


@given(label_images(), st.sampled_from(TURNS))
def test_turning_the_picture_turns_the_map(labels, turned):
    def facts(planar):
        faces = sorted(zip(planar.face_label.tolist(), planar.face_area.tolist(), strict=True))
        arcs = sorted(np.diff(planar.offsets).tolist())
        return faces, arcs, sorted(planar.ring_area.tolist())

    one, other = planar_map(labels), planar_map(np.ascontiguousarray(turned(labels)))
    assert facts(one) == facts(other)
    number = {}
    for a, b in zip(turned(one.faces).ravel().tolist(), other.faces.ravel().tolist(), strict=True):
        assert number.setdefault(a, b) == b


@given(label_images())
def test_faces_are_those_of_filling_pixel_by_pixel(labels):
    joined = flood(labels)
    faces, label, area = find_faces(labels)
    number = {}
    for a, b in zip(joined.ravel().tolist(), faces.ravel().tolist(), strict=True):
        assert number.setdefault(a, b) == b
    assert len(set(number.values())) == len(number)
    np.testing.assert_array_equal(area, np.bincount(faces[faces >= 0], minlength=len(area)))
    np.testing.assert_array_equal(label[faces[faces >= 0]], labels[faces >= 0])


def flood(labels):
    """Faces as the rule says it: by sides, and by corners that join."""
    height, width = labels.shape
    padded = np.pad(labels, 1, constant_values=OUTSIDE)
    count = {int(label): int((labels == label).sum()) for label in np.unique(padded)}
    faces = np.full(labels.shape, OUTSIDE)
    for start in zip(*np.nonzero(labels != OUTSIDE), strict=True):
        if faces[start] != OUTSIDE:
            continue
        queue, faces[start] = [start], start[0] * width + start[1]
        while queue:
            y, x = queue.pop()
            for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
                v, u = y + dy, x + dx
                if not (0 <= v < height and 0 <= u < width) or labels[v, u] != labels[y, x] or faces[v, u] != OUTSIDE:
                    continue
                if dy and dx:
                    one, other = int(padded[y + 1, u + 1]), int(padded[v + 1, x + 1])
                    own = int(labels[y, x])
                    if own not in (one, other) and one == other and (count[one], one) < (count[own], own):
                        continue
                faces[v, u] = faces[start]
                queue.append((v, u))
    return faces


@pytest.mark.parametrize("name", PICTURES)
def test_drawn_pictures_have_the_faces_they_show(name):
    picture, expected = PICTURES[name]
    planar = planar_map(picture)
    shown = sorted(f"{LABELS[label]}{area}" for label, area in zip(planar.face_label, planar.face_area, strict=True))
    assert shown == sorted(expected.split())


@settings(max_examples=20)
@given(st.integers(1, 30), st.booleans(), st.randoms(use_true_random=False))
def test_a_strip_of_pixels_is_a_face_for_each_run(length, upright, random):
    row = np.array([[random.randrange(3) for _ in range(length)]], np.int32)
    runs = 1 + int((np.diff(row[0]) != 0).sum())
    planar = planar_map(row.T.copy() if upright else row)
    assert len(planar.face_area) == runs
    assert len(planar.left) == max(1, 3 * (runs - 1))  # each border, and the edge in pieces between their ends


@given(label_images())
def test_labels_beside_arcs_are_those_of_the_pixels_beside_their_cracks(ids):
    planar = planar_map(ids)
    padded = np.pad(ids, 1, constant_values=OUTSIDE)
    y, x = np.divmod(planar.corner, planar.width + 1)
    around = [(0, 1), (1, 1), (1, 0), (0, 0)]  # on the left of a crack; one step on is on its right
    left, right = (
        [padded[j + around[way][0], i + around[way][1]] for j, i, way in zip(y, x, turn, strict=True)]
        for turn in (planar.direction, (planar.direction + 1) % 4)
    )
    assert planar.label_left[planar.arc_of].tolist() == left
    assert planar.label_right[planar.arc_of].tolist() == right
    assert planar.has_outside[planar.arc_of].tolist() == [-1 in sides for sides in zip(left, right, strict=True)]


@given(label_images())
def test_a_half_edge_and_its_twin_have_the_two_faces_of_their_arc(ids):
    planar = planar_map(ids)
    ahead = 2 * np.arange(len(planar.left))
    assert planar.face_of(ahead).tolist() == planar.right.tolist() == planar.face_of(twin(ahead + 1)).tolist()
    assert planar.face_of(twin(ahead)).tolist() == planar.left.tolist()
    assert (
        planar.face_of(planar.ring_edges).tolist() == np.repeat(planar.ring_face, np.diff(planar.ring_offsets)).tolist()
    )


@pytest.mark.parametrize("seed", range(20))
def test_arcs_of_a_coarser_map_are_whole_arcs_of_the_finer_one(seed):
    """Where regions of a finer map touch at a corner, a coarser one must not change over from one arc to another."""
    random = np.random.default_rng(seed)
    labels, least = random.integers(-1, 4, (9, 9)).astype(np.int32), int(random.integers(0, 4))
    fine = planar_map(labels)
    coarse = planar_map(np.where(labels >= least, np.int32(0), np.int32(OUTSIDE)), fine)
    arc_at = {frozenset((a, b)): arc for a, b, _, _, arc in cracks(fine)}
    runs = [[] for _ in coarse.left]
    for a, b, _, _, arc in cracks(coarse):
        runs[arc].append(arc_at[frozenset((a, b))])
    count = np.diff(fine.offsets)
    for run in runs:
        parts = [(arc, len(list(group))) for arc, group in groupby(run)]
        if len(parts) > 1 and parts[0][0] == parts[-1][0]:
            parts[0] = (parts[0][0], parts[0][1] + parts.pop()[1])
        assert all(length == count[arc] for arc, length in parts)
