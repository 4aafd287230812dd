"""What matters in a picture: faces and their parts, what stands out, what the user says, and the subject cut out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import artkit
from artkit.artwork.image import Image
from artkit.color.spaces import srgb_to_oklab
from artkit.errors import UsageError
from artkit.importance import finders, maps
from artkit.importance.backdrop import standing_of
from artkit.importance.cut import bins_of
from artkit.importance.faces import Face, find_faces
from artkit.importance.figure import Ground, edges_of, marks
from artkit.importance.focus import FOCUS, focus_of
from artkit.importance.maps import importance_of
from artkit.importance.subject import subject_of
from artkit.ops.segment import subject
from artkit.ops.styles import papercut, stained_glass
from artkit.ops.trace import trace
from artkit.render import rendered

EYES, MOUTH = ((82, 92), (138, 92)), (110, 152)


def portrait(lean: float = 0.0) -> Image:
    """A drawn face on a plain wall, 220 x 240 pixels, shaded and a little blurred; turned clockwise by degrees."""
    parts = [
        '<rect x="40" y="20" width="140" height="120" rx="66" fill="#4a3020"/>',
        '<ellipse cx="110" cy="115" rx="64" ry="85" fill="url(#s)"/>',
        '<ellipse cx="110" cy="124" rx="10" ry="8" fill="#b98468"/><circle cx="104" cy="127" r="3" fill="#5a2a20"/>'
        '<circle cx="116" cy="127" r="3" fill="#5a2a20"/><path d="M82 150 Q110 140 138 150 Q110 172 82 150Z" '
        'fill="#a8434c"/><path d="M82 151 Q110 158 138 151" stroke="#511a20" stroke-width="2.5" fill="none"/>',
    ]
    for x, y in EYES:
        parts.append(
            f'<ellipse cx="{x}" cy="{y}" rx="19" ry="11" fill="#8a5a46" opacity=".6"/>'
            f'<path d="M{x - 16} {y + 1} Q{x} {y - 12} {x + 16} {y + 1} Q{x} {y + 10} {x - 16} {y + 1}Z" '
            f'fill="#cdbbb0" stroke="#2a1510" stroke-width="2"/><circle cx="{x}" cy="{y}" r="7" fill="#3a2a20"/>'
            f'<path d="M{x - 19} {y - 15} Q{x} {y - 25} {x + 19} {y - 15}" stroke="#4a3020" stroke-width="5" '
            'fill="none"/>'
        )
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="240"><defs>'
        '<radialGradient id="s" cx=".4" cy=".35">'
        '<stop offset=".5" stop-color="#e2b091"/><stop offset="1" stop-color="#a87458"/></radialGradient>'
        '<filter id="b"><feGaussianBlur stdDeviation=".8"/></filter></defs>'
        '<rect width="220" height="240" fill="#8795a0"/>'
        f'<g filter="url(#b)" transform="rotate({lean} 110 115)">{"".join(parts)}</g></svg>'
    )
    noise = np.random.default_rng(3).normal(0, 2, (240, 220, 1))
    return Image(np.clip(rendered(text, (220, 240)) + noise, 0, 255).astype(np.uint8))


def thing() -> tuple[Image, np.ndarray]:
    """A red disc with a hole on a wall that darkens downwards, and where the disc is."""
    y, x = np.mgrid[:150, :200]
    far = np.hypot(x - 95, y - 80)
    inside = (far < 45) & (far > 14)
    pixels = np.dstack([150 - 0.3 * y, 160 - 0.3 * y, 165 - 0.3 * y])
    pixels[inside] = 190, 40, 30
    pixels += np.random.default_rng(2).normal(0, 3, pixels.shape)
    return Image(np.clip(pixels, 0, 255).astype(np.uint8)), inside


PORTRAIT = portrait()


@pytest.mark.parametrize("lean", [0, -15, 15])
def test_a_face_is_found_with_its_eyes_and_its_mouth(lean):
    angle = np.deg2rad(lean)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    (face,) = find_faces(portrait(lean).pixels)
    for found, true in zip((*face.eyes, face.mouth), (*EYES, MOUTH), strict=True):
        assert np.hypot(*(np.array(found) - (turn @ (np.array(true) - (110, 115)) + (110, 115)))) < 14
    assert abs(face.turn - lean) < 12


def test_a_face_is_found_where_it_is_in_a_mirror_too():
    (face,) = find_faces(np.ascontiguousarray(PORTRAIT.pixels[:, ::-1]))
    assert abs(220 - face.x - 110) < 12


def test_no_face_is_found_where_there_is_none():
    y, x = np.mgrid[:200, :300]
    rng = np.random.default_rng(0)
    checks = np.where((x // 20 + y // 20) % 2, 200, 60)
    for gray in (checks, rng.integers(0, 256, (200, 300)), x * 0.8, np.full((200, 300), 7)):
        assert not find_faces(np.repeat(np.asarray(gray, np.uint8)[..., None], 3, axis=2))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (5, 5), (24, 24)])
def test_tiny_pictures_have_a_map_too(size):
    image = Image(np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8))
    level = importance_of(image).level(size[1], size[0])
    assert level.shape == size and 0 <= level.min() <= level.max() <= 1
    assert subject_of(image, None) is None or min(size) >= 8


def test_eyes_matter_more_than_the_face_and_this_more_than_the_wall():
    level = importance_of(PORTRAIT).level(220, 240)
    eye, cheek, wall = level[92, 82], level[125, 75], level[225, 10]
    assert eye == 1 > cheek > 0.5 > wall


def test_what_stands_out_is_the_thing_and_not_the_wall():
    image, inside = thing()
    salience = importance_of(image).salience(200, 150)
    assert salience[inside].mean() > 3 * salience[~inside].mean()


def test_a_map_is_made_once_for_a_picture_and_few_are_kept(monkeypatch):
    made = []
    monkeypatch.setattr(maps, "_KNOWN", type(maps._KNOWN)())
    monkeypatch.setattr(maps, "salience", lambda pixels: made.append(1) or np.zeros((4, 4), np.float32))
    for _ in range(3):
        importance_of(Image(PORTRAIT.pixels.copy()))
    assert len(made) == 1
    for gray in range(20):
        importance_of(Image(np.full((30, 40, 3), gray, np.uint8)))
    assert len(maps._KNOWN) == maps.KEPT


def test_a_finder_of_another_package_takes_the_place_of_artkits(monkeypatch):
    face = Face(10, 12, 8, 0, ((8, 10), (12, 10)), (10, 15), 3)
    entry = type("Entry", (), {"name": "x", "value": "x:y", "load": lambda self: lambda pixels: [face]})()
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [entry])
    finders.finders.cache_clear()
    try:
        assert importance_of(Image(np.full((33, 44, 3), 9, np.uint8))).faces == (face,)
    finally:
        finders.finders.cache_clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2", "takes auto, off, X,Y,R"),
        ("3,4,0", "R above 0"),
        ("900,900,10", "outside the picture, which is 220 x 240"),
        ("nan,1,1", "no-such|X,Y,R"),
    ],
)
def test_a_focus_that_cannot_be_is_refused_in_one_line(text, message):
    with pytest.raises(UsageError, match=message) as error:
        focus_of(text, PORTRAIT)
    assert "\n" not in str(error.value)


def test_a_mask_of_another_size_is_refused(tmp_path):
    path = tmp_path / "mask.png"
    Image(np.zeros((10, 20, 3), np.uint8)).save(path)
    with pytest.raises(UsageError, match="20 x 10 pixels, the picture 220 x 240"):
        focus_of(str(path), PORTRAIT)


def test_a_disc_counts_as_much_as_eyes_do_and_off_is_nothing():
    focus = focus_of("60,70,20", PORTRAIT)
    assert focus is not None and focus_of("off", PORTRAIT) is None
    weight = focus.weight(220, 240)
    assert weight[70, 60] == pytest.approx(FOCUS) and weight[200, 200] == 1


@pytest.mark.slow
def test_photos_without_a_face_are_traced_as_if_nothing_mattered():
    image, _ = thing()
    one, other = (trace(image, kind="photo", shapes=40, focus=focus).to_svg() for focus in ("auto", "off"))
    assert one == other


@pytest.mark.slow
def test_eyes_and_mouth_are_closer_in_every_style_that_looks_for_them():
    def error(style, **values) -> float:
        seen = rendered(style(PORTRAIT, **values), (220, 240)).astype(float).mean(2)
        at = np.hypot(*(np.mgrid[:240, :220][::-1] - np.array(EYES[0])[:, None, None])) < 16
        return float(np.corrcoef(seen[at], PORTRAIT.pixels.mean(2)[at])[0, 1])

    for style, values in (
        (trace, {"kind": "photo", "shapes": 60}),
        (stained_glass, {"pieces": 120}),
        (papercut, {}),
    ):
        assert error(style, focus="auto", **values) > max(error(style, focus="off", **values), 0.5), style.name


def test_the_subject_is_cut_out_with_its_hole():
    image, inside = thing()
    found = subject(image).ids == 1
    assert (found & inside).sum() / (found | inside).sum() > 0.85
    assert not found[80, 95]


def overlap(found, inside):
    """Intersection over union."""
    return (found & inside).sum() / (found | inside).sum()


def scene(seed=0, size=(150, 200)):
    """A ground with leaves of two greens on it."""
    rng = np.random.default_rng(seed)
    coarse = rng.random((size[0] // 10, size[1] // 10)).repeat(10, 0).repeat(10, 1)
    return np.dstack([40 + 50 * coarse, 90 + 70 * coarse, 50 + 20 * coarse]), rng


@pytest.mark.parametrize("middle", [(100, 75), (62, 90), (140, 60)])
@pytest.mark.slow
def test_a_thing_of_two_colors_is_found_on_leaves_wherever_it_is(middle):
    picture, rng = scene()
    y, x = np.mgrid[:150, :200]
    inside = np.hypot(x - middle[0], (y - middle[1]) * 1.3) < 38
    picture[inside] = 225, 190, 40
    picture[inside & (x > middle[0] + 8)] = 200, 40, 30
    picture += rng.normal(0, 3, picture.shape)
    found = subject_of(Image(np.clip(picture, 0, 255).astype(np.uint8)), None)
    assert found is not None and overlap(found, inside) > 0.9


@pytest.mark.slow
def test_a_close_up_that_reaches_to_the_rim_is_found_by_what_is_sharp():
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:200, :280]
    inside = x - 0.25 * y < 170 + 8 * np.sin(y / 20)
    hair = cv2.GaussianBlur(rng.normal(0, 1, (200, 280)), (0, 0), 0.9)
    blobs = cv2.GaussianBlur(rng.normal(0, 1, (200, 280)), (0, 0), 9)
    fur = np.dstack([150 + 110 * hair, 115 + 100 * hair, 80 + 80 * hair]) + 300 * blobs[..., None]
    ground = np.dstack([150 + 900 * blobs, 140 + 900 * blobs, 140 + 900 * blobs])
    pixels = np.where(inside[..., None], fur, ground) + rng.normal(0, 1, (200, 280, 1))
    found = subject_of(Image(np.clip(pixels, 0, 255).astype(np.uint8)), None)
    assert found is not None and overlap(found, inside) > 0.85


@pytest.mark.slow
def test_many_things_are_no_one_subject():
    picture, rng = scene(3)
    y, x = np.mgrid[:150, :200]
    for column in range(6):
        for row in range(4):
            picture[np.hypot(x - 20 - 32 * column, y - 20 - 37 * row) < 9] = 220, 60, 40
    picture += rng.normal(0, 3, picture.shape)
    assert subject_of(Image(np.clip(picture, 0, 255).astype(np.uint8)), None) is None


@pytest.mark.slow
def test_in_a_mirror_the_subject_is_the_mirrored_one():
    image, inside = thing()
    found = subject_of(Image(np.ascontiguousarray(image.pixels[:, ::-1])), None)
    assert found is not None and overlap(found[:, ::-1], inside) > 0.85


def test_what_hangs_together_with_the_rim_is_backdrop():
    image, inside = thing()
    standing = standing_of(image.pixels, srgb_to_oklab(image.pixels))
    for values in standing:
        assert 0 <= values.min() <= values.max() <= 1
        assert (
            values[inside].mean() > 0.7 and values[~inside & (np.hypot(*np.mgrid[-80:70, -95:105]) > 50)].mean() < 0.2
        )


def test_the_mask_of_a_thing_is_marked_above_those_beside_it():
    image, inside = thing()
    lab = srgb_to_oklab(image.pixels)
    even = np.ones(inside.shape, np.float32)
    ground = Ground(lab, edges_of(lab), bins_of(lab.reshape(-1, 3)), (even,), even, even)
    others = [np.roll(inside, 25, 1), np.hypot(*np.mgrid[-80:70, -95:105]) < 25, ~inside]
    first, *rest = marks([inside, *others], ground)
    assert first > 2 * max(rest)


def test_what_takes_all_of_the_lower_rim_and_both_sides_is_a_ground():
    image, _ = thing()
    lab = srgb_to_oklab(image.pixels)
    even = np.ones(lab.shape[:2], np.float32)
    ground = Ground(lab, edges_of(lab), bins_of(lab.reshape(-1, 3)), (even,), even, even)
    sea = np.arange(150)[:, None].repeat(200, 1) > 100
    bay = sea & (np.arange(200) > 2)
    assert marks([sea], ground)[0] < 0.6 * marks([bay], ground)[0]


def test_a_picture_without_a_subject_says_so():
    notes: list[str] = []
    wall = Image(np.full((80, 90, 3), 120, np.uint8))
    assert not subject(wall, report=notes.append).ids.any()
    assert notes == ["subject: none was found; focus = X,Y,R says where it is"]
    assert isinstance(artkit.apply("silhouette", wall), artkit.Drawing)


@pytest.mark.slow
def test_the_same_picture_has_the_same_map_and_subject_again():
    image, _ = thing()
    first = subject_of(image, focus_of("auto", image))
    maps._KNOWN.clear()
    again = subject_of(image, focus_of("auto", image))
    assert first is not None and again is not None and (first == again).all()
