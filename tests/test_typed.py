"""Pictures as text: signs chosen by shape, text by weight, and what a plain file of them shows."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from artkit.artwork.bezier import flattened
from artkit.artwork.image import Image
from artkit.cli.demo import bundled_photo
from artkit.errors import UsageError
from artkit.export import encode
from artkit.registry.discovery import find
from artkit.styles import letters, typed


def ramp(width: int = 120, height: int = 60) -> Image:
    return Image.of(np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1)))


def printed(text: str, columns: int) -> np.ndarray:
    """A text in a bitmap font of 6 x 11 pixels, seen so small that a sign is one pixel wide and two high."""
    import cv2

    font = ImageFont.load_default_imagefont()
    lines = text.splitlines()
    sheet = Pillow.new("L", (6 * columns, 12 * len(lines)), 255)
    draw = ImageDraw.Draw(sheet)
    for row, line in enumerate(lines):
        draw.text((0, 12 * row), line, font=font, fill=0)
    return cv2.resize(np.array(sheet), (columns, 2 * len(lines)), interpolation=cv2.INTER_AREA)


@pytest.mark.slow
def test_the_text_in_another_font_is_like_the_photo():
    import cv2
    from skimage.metrics import structural_similarity

    import artkit

    photo = Image.of(bundled_photo())
    text = encode(artkit.apply("ascii", photo), ".txt").decode()
    seen = printed(text, 160)
    gray = cv2.resize(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY), seen.shape[::-1], interpolation=cv2.INTER_AREA)
    assert structural_similarity(seen, gray, data_range=255) >= 0.5


def test_the_file_and_the_drawing_say_the_same():
    drawing = find("ascii")(ramp(), columns=24)
    lines = encode(drawing, ".txt").decode().splitlines()
    assert len(lines) == 6 and max(map(len, lines)) <= 24
    assert set("".join(lines)) <= set(letters.known())
    paths = [path for shape in drawing.shapes for path in shape.paths]
    assert len(paths) == sum(len(letters.sign(letter).paths) for line in lines for letter in line)
    ends = np.vstack([path.points for path in paths])
    assert (ends >= 0).all() and (ends <= [drawing.width, drawing.height]).all()


def test_shapes_are_followed():
    """Signs of their own ink are themselves, one by one: nothing is nearer."""
    ink = typed._inks(typed.SIGN) / (typed.FULL * typed.fullest())
    for letter, boxes in zip(letters.known(), ink, strict=True):
        assert typed.signs_for(boxes) == [letter]


def test_ink_is_kept_on_the_whole():
    """Of an even gray the mean ink of all signs is what was wanted."""
    inks = dict(zip(letters.known(), typed._inks(typed.SIGN).mean((1, 2)), strict=True))
    for gray in (0.15, 0.4, 0.77):
        lines = typed.signs_for(np.full((12 * typed.DOWN, 24 * typed.ACROSS), gray))
        mean = np.mean([inks[letter] for line in lines for letter in line])
        assert mean == pytest.approx(gray * typed.FULL * typed.fullest(), rel=0.03)


def test_black_is_as_dark_as_signs_can_be():
    """Drawn and rendered, a black picture has ink on nearly half of the paper."""
    drawing = find("ascii")(Image(np.zeros((60, 60, 3), np.uint8)), columns=20, ink="black")
    assert drawing.to_image(800).pixels.mean() < 0.56 * 255


def test_a_light_ink_on_dark_paper_is_the_negative():
    plain = find("ascii")(ramp(), columns=20)
    turned = Image(255 - ramp().pixels)
    assert find("ascii")(turned, columns=20, ink="white", paper="black").text == plain.text


def test_letters_are_heavier_where_it_is_darker_and_in_order():
    drawing = find("type-portrait")(ramp(), text="Ab é", columns=30, detail=0)
    flat = "".join(encode(drawing, ".txt").decode().split())
    assert flat == ("Abe" * len(flat))[: len(flat)]
    means = [(shape.line.width, np.mean([path.points[0, 0] for path in shape.paths])) for shape in drawing.shapes]
    widths, places = np.array(sorted(means)).T
    assert len(widths) > 10 and (np.diff(places) < 0).all()


def test_signs_have_colors_of_the_photo():
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, :20, 0], pixels[:, 20:, 2] = 200, 150
    drawing = find("type-portrait")(Image(pixels), columns=10, colors=2)
    assert {shape.stroke for shape in drawing.shapes} == {"#c80000", "#000096"}


@pytest.mark.parametrize("text", ["", "  \t", "写真"])
def test_a_text_without_letters_is_refused(text):
    with pytest.raises(UsageError, match=r"type-portrait: text: .*(letter|short)") as caught:
        find("type-portrait")(ramp(), text=text)
    assert "\n" not in str(caught.value)


def test_every_sign_lies_in_its_box_and_no_two_are_alike():
    seen = set()
    for letter in letters.known():
        for path in letters.sign(letter).paths:
            kinds = path.kinds
            points = path.points if kinds is None else flattened(path.points, kinds, np.full(len(kinds), 8))
            assert (points >= 0).all() and (points <= [letters.ADVANCE, letters.LINE]).all(), letter
        seen.add(b"".join(path.points.tobytes() for path in letters.sign(letter).paths))
    assert letters.known() == "".join(map(chr, range(32, 127))) and len(seen) == 95
