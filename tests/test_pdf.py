"""PDFs: what pikepdf finds in them is what the drawing says, and poppler shows what resvg shows of the SVG."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pikepdf
import pytest

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import (
    CUBIC,
    LINE,
    QUADRATIC,
    AnimatedDrawing,
    Drawing,
    Gradient,
    Layer,
    LineStyle,
    Page,
    Path,
    Shadow,
    Shape,
)
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import encode
from artkit.export.pdf import Placed, Sheet, document
from artkit.metadata import embedded
from artkit.render import rendered

BLACK, RED, BLUE = "#000000", "#ff0000", "#0000ff"


def ring(*corners: tuple[float, float]) -> Path:
    return Path(np.array(corners, float))


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return ring((left, top), (right, top), (right, bottom), (left, bottom))


def drawing(*shapes: Shape, size: tuple[int, int] = (64, 48), **settings: Any) -> Drawing:
    return Drawing(*size, [Layer(shapes)], **settings)


def opened(pdf: bytes) -> pikepdf.Pdf:
    """The file, once qpdf has found nothing to say about it."""
    file = pikepdf.open(io.BytesIO(pdf))
    check = getattr(file, "check_pdf_syntax", None) or file.check
    assert check() == []
    OPEN.append(file)
    return file


OPEN: list[pikepdf.Pdf] = []
"""Files whose objects are looked at: these live no longer than their file."""


@pytest.fixture(autouse=True)
def _closed():
    yield
    OPEN.clear()


def form_of(pdf: bytes) -> pikepdf.Object:
    return opened(pdf).pages[0].Resources.XObject.F0


def operators(form: pikepdf.Object) -> list[tuple[str, list[Any]]]:
    """Operators of a form's content, each with its operands."""
    return [(str(step.operator), list(step.operands)) for step in pikepdf.parse_content_stream(form)]


def drawn(pdf: bytes) -> str:
    return form_of(pdf).read_bytes().decode()


def test_a_page_is_as_large_as_css_has_it():
    page = opened(encode(drawing(Shape([box(1, 1, 9, 9)], RED), size=(96, 48)), ".pdf")).pages[0]
    assert [float(side) for side in page.MediaBox] == [0, 0, 72, 36]


def test_a_drawing_on_a_page_is_as_large_as_its_page():
    sheet = Page(210, 297, 2.0, (10, 20))
    pdf = encode(drawing(Shape([box(0, 0, 10, 10)], RED), page=sheet), ".pdf")
    found = opened(pdf).pages[0]
    assert np.allclose([float(side) for side in found.MediaBox], np.array([0, 0, 210, 297]) / 25.4 * 72, atol=1e-3)
    (corner,) = [operands for name, operands in operators(form_of(pdf)) if name == "m"]
    height = float(form_of(pdf).BBox[3])
    assert np.allclose(np.array([float(value) for value in corner]) / height * 297, (10, 20))


def test_points_are_whole_steps_where_the_picture_has_them():
    corners = [(1.25, 2.5), (60.01, 3.0), (30.0, 45.99)]
    form = form_of(encode(drawing(Shape([ring(*corners)], RED)), ".pdf"))
    step = 64 / float(form.BBox[2])
    found = [[float(v) for v in operands] for name, operands in operators(form) if name in "ml"]
    assert np.allclose(np.array(found) * step, corners, atol=1e-9)
    assert all(value == int(value) for point in found for value in point)


def test_curves_are_cubics_whatever_they_were():
    points = np.array([(0, 0), (10, 0), (10, 10), (10, 20), (4, 20), (4, 20), (0, 10), (2, 5), (0, 0)], float)
    path = Path(points, np.array([QUADRATIC, CUBIC, CUBIC], np.uint8))
    form = form_of(encode(drawing(Shape([path], RED), grid=1), ".pdf"))
    step = 64 / float(form.BBox[2])
    found = [(name, np.array([float(v) for v in values]) * step) for name, values in operators(form) if name in "cvy"]
    assert [name for name, _ in found] == ["c", "y", "c"]
    assert np.allclose(found[0][1], [20 / 3, 0, 10, 10 / 3, 10, 10])  # two thirds of the way to the quadratic's control
    assert np.allclose(found[1][1], [10, 20, 4, 20])
    assert np.allclose(found[2][1], [0, 10, 2, 5, 0, 0])
    lines = [float(v) * step for name, operands in operators(form) if name == "m" for v in operands]
    assert lines == [0, 0]


def test_fills_are_even_odd_and_colors_exact():
    text = drawn(encode(drawing(Shape([box(1, 1, 40, 40), box(5, 5, 9, 9)], "#807f01")), ".pdf"))
    assert "f*" in text and text.count("f*") == 1
    channels = [float(value) for value in re.search(r"(\S+) (\S+) (\S+) rg", text).groups()]
    assert np.rint(np.array(channels) * 255).tolist() == [128, 127, 1]


def test_a_ring_in_a_ring_is_a_hole_with_a_stroke_around_it_too():
    text = drawn(encode(drawing(Shape([box(1, 1, 40, 40), box(5, 5, 9, 9)], RED, BLUE, line=LineStyle(1))), ".pdf"))
    assert text.count("B*") == 1 and "f*" not in text


def test_numbers_say_no_more_than_they_need():
    shapes = Shape([ring((1.5, 2), (60, 0.25), (-0.5, 30.01))], linear()), Shape([box(10, 20, 30, 40)], RED)
    numbers = re.findall(r"^(\S+) (\S+) [ml]$", drawn(encode(drawing(*shapes), ".pdf")), re.MULTILINE)
    assert [tuple(pair) for pair in numbers[:4]] == [("1.5", "2"), ("60", ".25"), ("-.5", "30.01"), ("10", "20")]


def test_every_level_of_a_channel_is_told_from_its_neighbors():
    from artkit.export.pdf.shading import color_operands

    levels = [float(color_operands(f"#{n:02x}0000").split()[0]) for n in range(256)]
    assert np.rint(np.array(levels) * 255).tolist() == list(range(256))


def test_strokes_have_width_ends_corners_and_dashes():
    line = Path(np.array([(5, 5), (50, 5), (50, 40)], float), closed=False)
    style = LineStyle(2.5, "square", "miter", (3.0, 1.5))
    form = form_of(encode(drawing(Shape([line], None, BLUE, line=style)), ".pdf"))
    steps = float(form.BBox[2]) / 64
    said = dict(operators(form))
    assert float(said["w"][0]) == 2.5 * steps and int(said["J"][0]) == 2 and float(said["M"][0]) == 4
    assert [float(value) for value in said["d"][0]] == [3 * steps, 1.5 * steps]
    assert "S" in said and "h" not in said


def test_a_dot_is_a_line_without_length():
    dot = Path(np.array([(5, 5)], float), closed=False)
    steps = operators(form_of(encode(drawing(Shape([dot], None, BLUE)), ".pdf")))
    assert [name for name, _ in steps if name in "mlS"] == ["m", "l", "S"]


def test_a_translucent_fill_shows_beneath_its_translucent_stroke():
    pdf = encode(drawing(Shape([box(5, 5, 40, 40)], RED, BLUE, 0.5, LineStyle(4))), ".pdf")
    states = form_of(pdf).Resources.ExtGState
    assert [float(state.ca) for state in states.values()] == [0.5]
    names = [name for name, _ in operators(form_of(pdf))]
    assert "B*" not in names and names.index("f*") < names.index("S")


def linear(**settings: Any) -> Gradient:
    return Gradient((10, 5), (50, 35), (RED, "#00ff00", BLUE), **settings)


def shading_of(pdf: bytes) -> pikepdf.Object:
    return form_of(pdf).Resources.Pattern.P0.Shading


def test_stops_of_gradients_are_exact():
    fill = linear(stops=(0.2, 0.45, 0.9))
    pdf = encode(drawing(Shape([box(0, 0, 64, 48)], fill)), ".pdf")
    shading, steps = shading_of(pdf), float(form_of(pdf).BBox[2]) / 64
    start, end = np.array([10, 5.0]), np.array([50, 35.0])
    wanted = [*(start + 0.2 * (end - start)), *(start + 0.9 * (end - start))]
    assert np.allclose([float(value) / steps for value in shading.Coords], wanted, atol=0.01)
    assert float(shading.Function.Bounds[0]) == pytest.approx((0.45 - 0.2) / 0.7, abs=1e-5)
    assert list(shading.Extend) == [True, True]


def test_a_radial_gradient_starts_from_its_middle_and_may_be_an_ellipse():
    fill = Gradient((30, 20), (50, 20), (RED, BLUE), radial=True, ratio=0.5)
    pdf = encode(drawing(Shape([box(0, 0, 64, 48)], fill)), ".pdf")
    pattern, steps = form_of(pdf).Resources.Pattern.P0, float(form_of(pdf).BBox[2]) / 64
    assert int(pattern.Shading.ShadingType) == 3
    matrix = np.array([float(value) for value in pattern.Matrix]) / steps
    assert np.allclose(matrix, [20, 0, 0, 10, 30, 20])


def test_equal_gradients_are_there_once_and_stops_in_one_place_are_an_edge():
    fill = linear(stops=(0.0, 0.5, 0.5))
    pdf = encode(drawing(Shape([box(0, 0, 9, 9)], fill), Shape([box(9, 9, 20, 20)], fill)), ".pdf")
    assert len(form_of(pdf).Resources.Pattern) == 1
    assert len(shading_of(pdf).Function.get("/Functions", [0])) <= 2


def test_a_gradient_of_opacity_is_a_mask():
    fill = Gradient((0, 0), (64, 0), (RED, RED), opacities=(1.0, 0.0))
    pdf = encode(drawing(Shape([box(0, 0, 64, 48)], fill)), ".pdf")
    mask = form_of(pdf).Resources.ExtGState.G0.SMask
    assert str(mask.S) == "/Luminosity" and mask.G.Resources.Shading.S.ColorSpace == "/DeviceGray"


def test_layers_with_names_can_be_switched_off():
    shapes = [Shape([box(1, 1, 9, 9)], RED)]
    art = Drawing(20, 20, [Layer(shapes, "schwarz"), Layer(shapes, "grün"), Layer(shapes)])
    file = opened(encode(art, ".pdf"))
    assert [str(group.Name) for group in file.Root.OCProperties.OCGs] == ["schwarz", "grün"]
    assert "/OC /L1 BDC" in file.pages[0].Resources.XObject.F0.read_bytes().decode()


def test_soft_layers_are_images_and_that_is_said():
    told: list[str] = []
    shapes = [Shape([box(10, 10, 30, 30)], RED)]
    art = Drawing(64, 48, [Layer(shapes, "mist", blur=2.0), Layer(shapes, "card", shadow=Shadow((2, 2), 1.5))])
    form = form_of(encode(art, ".pdf", note=told.append))
    images = form.Resources.XObject
    assert len(images) == 2 and all("/SMask" in image for image in images.values())
    assert len(told) == 2 and "'mist'" in told[0] and "dpi" in told[0] and "shadow" in told[1]
    assert form.read_bytes().count(b"f*") == 1  # the card itself is a path; its shadow lies beneath
    assert form.read_bytes().rindex(b"Do") < form.read_bytes().index(b"f*")


@pytest.mark.parametrize("colors", [1, 2, 16, 200, 5000])
def test_pixels_come_out_as_they_went_in(colors):
    rng = np.random.default_rng(colors)
    palette = rng.integers(0, 256, (colors, 3), np.uint8)
    picture = Image(palette[rng.integers(0, colors, (33, 70))], rng.integers(0, 256, (33, 70), np.uint8))
    file = opened(encode(picture, ".pdf"))
    image = file.pages[0].Resources.XObject.F0
    pixels = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
    assert np.array_equal(np.asarray(pixels), picture.pixels)
    assert np.array_equal(np.asarray(pikepdf.PdfImage(image.SMask).as_pil_image().convert("L")), picture.alpha)
    assert float(file.pages[0].MediaBox[2]) == pytest.approx(70 * 0.75, abs=1e-4)


def test_the_same_again_is_the_same_bytes_and_says_no_date():
    art = drawing(Shape([box(1, 1, 9, 9)], linear()))
    one, other = (encode(art, ".pdf", metadata={"title": "x", "software": "artkit"}) for _ in range(2))
    assert one == other and b"Date" not in one
    assert one != encode(art.replace(width=65), ".pdf", metadata={"title": "x", "software": "artkit"})
    assert opened(one).trailer.ID[0] != opened(encode(art.replace(width=65), ".pdf")).trailer.ID[0]


def test_the_recipe_comes_back_out():
    recipe = 'schema = 2\n[[steps]]\nop = "trace"\n'
    pdf = encode(drawing(Shape([box(1, 1, 9, 9)], RED)), ".pdf", metadata={"recipe": recipe, "title": "Katze <3"})
    assert embedded.is_artwork(pdf)
    assert embedded.of(pdf) == {"recipe": recipe, "title": "Katze <3"}
    assert str(opened(pdf).docinfo["/Title"]) == "Katze <3"


def test_an_animation_is_refused_in_a_line_and_a_drawing_that_draws_itself_is_complete():
    frames = Animation(2, lambda i: Image(np.zeros((4, 4, 3), np.uint8)))
    with pytest.raises(UsageError, match=r"an animation cannot be written as \.pdf; use \.gif"):
        encode(frames, ".pdf")
    still = AnimatedDrawing(64, 48, [Layer([Shape([box(1, 1, 9, 9)], RED)])], times=(np.array([[0.0, 1.0]]),))
    assert b"f*" in form_of(encode(still, ".pdf")).read_bytes()


@pytest.mark.parametrize(
    ("art", "words"),
    [
        (Drawing(0, 5), "a PDF's page of 0 x"),
        (drawing(Shape([box(0, 0, np.nan, 4)], RED)), "not finite"),
        (drawing(Shape([box(0, 0, 1e12, 4)], RED)), "too large"),
        (drawing(Shape([box(0, 0, 1, 4)], RED, opacity=2)), "opacity 2"),
        (drawing(Shape([box(0, 0, 9, 4)], Gradient((0, 0), (1e300, 0), (RED, BLUE)))), "a gradient has places"),
        (Drawing(1e6, 5), "at most 5080 mm"),
    ],
)
def test_what_cannot_be_drawn_is_told(art, words):
    with pytest.raises(UsageError, match=words):
        encode(art, ".pdf")


def test_what_stands_on_many_pages_is_in_the_file_once():
    art = drawing(Shape([box(1, 1, 60, 40)], RED), background="#eeeeee")
    picture = Image(np.zeros((4, 4, 3), np.uint8))
    sheets = [Sheet(100, 80, (Placed(art, 10 * k, 5, 40, 30), Placed(picture, 0, 0, 5, 5))) for k in range(3)]
    file = opened(document(sheets, {"title": "three"}))
    assert len(file.pages) == 3
    assert len({page.Resources.XObject.F0.objgen for page in file.pages}) == 1
    content = file.pages[1].Contents.read_bytes().decode()
    x, y = (float(value) for value in re.search(r"(\S+) (\S+) cm /F0", content).groups())
    assert (x, y) == pytest.approx((10 / 25.4 * 72, 75 / 25.4 * 72), abs=1e-6)


needs_poppler = pytest.mark.skipif(
    shutil.which("pdftocairo") is None, reason="poppler is not installed: apt-get install poppler-utils"
)


def shown(pdf: bytes, size: tuple[int, int], folder: FilePath) -> np.ndarray:
    (folder / "a.pdf").write_bytes(pdf)
    scale = ["-scale-to-x", str(size[0]), "-scale-to-y", str(size[1])]
    command = ["pdftocairo", "-png", "-singlefile", *scale, str(folder / "a.pdf"), str(folder / "a")]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert not done.stderr
    return Image.of(folder / "a.png").pixels.astype(int)


@needs_poppler
@pytest.mark.parametrize("kind", ["flat", "linear", "radial", "ellipse", "veiled", "strokes", "shadow", "blur", "page"])
def test_poppler_shows_what_resvg_shows(kind, tmp_path):
    oval = Path(
        np.array([(32, 4), (60, 4), (60, 44), (32, 44), (4, 44), (4, 4), (32, 4)], float),
        np.array([CUBIC, CUBIC], np.uint8),
    )
    fills = {
        "linear": linear(stops=(0.1, 0.5, 0.8)),
        "radial": Gradient((30, 20), (55, 20), (RED, "#ffffff", BLUE), radial=True, stops=(0.2, 0.3, 1.0)),
        "ellipse": Gradient((30, 20), (50, 30), (RED, BLUE), radial=True, ratio=0.4),
        "veiled": Gradient((5, 5), (60, 20), (RED, BLUE), opacities=(0.1, 0.9)),
    }
    line = LineStyle(3, "round", "round") if kind == "strokes" else None
    shape = Shape([oval, box(20, 15, 30, 30)], fills.get(kind, RED), BLUE if line else None, 0.8, line)
    soft = {"shadow": {"shadow": Shadow((3, 2), 2.0)}, "blur": {"blur": 1.5}}.get(kind, {})
    page = Page(64 * 25.4 / 96, 48 * 25.4 / 96, 25.4 / 96) if kind == "page" else None
    art = Drawing(64, 48, [Layer([shape], **soft)], background="#ddffdd", page=page)
    off = np.abs(shown(encode(art, ".pdf"), (256, 192), tmp_path) - rendered(art, (256, 192)))
    assert off.mean() < 0.6 and np.quantile(off, 0.99) <= 24


@needs_poppler
def test_shapes_that_meet_over_a_hidden_overlap_leave_no_hair(tmp_path):
    left = Shape([box(0, 0, 34.3, 48)], "#808080")
    right = Shape([ring((32.3, 0), (64, 0), (64, 48), (30.1, 48))], "#808080")
    pixels = shown(encode(drawing(left, right), ".pdf"), (97, 73), tmp_path)
    assert np.abs(pixels[2:-2, 2:-2] - 128).max() <= 1


@needs_poppler
@pytest.mark.parametrize("size", [(210.0, 297.0), (123.4, 56.7)])
def test_poppler_measures_the_page(size, tmp_path):
    art = drawing(Shape([box(0, 0, 10, 10)], RED), page=Page(*size))
    (tmp_path / "a.pdf").write_bytes(encode(art, ".pdf"))
    told = subprocess.run(["pdfinfo", "-box", tmp_path / "a.pdf"], check=True, capture_output=True, text=True).stdout
    sides = [float(side) / 72 * 25.4 for side in re.search(r"MediaBox: +\S+ +\S+ +(\S+) +(\S+)", told).groups()]
    assert np.abs(np.array(sides) - size).max() < 0.1


def test_lines_for_pens_are_drawn_one_by_one():
    lines = [Path(np.array([(5, k), (50, k)], float), closed=False) for k in (5, 10, 15)]
    art = Drawing(64, 48, [Layer([Shape(lines, None, BLACK)], "pen", 0.3)], page=Page(64, 48))
    assert form_of(encode(art, ".pdf")).read_bytes().count(b"S\n") == 3
    assert form_of(encode(art.replace(page=None), ".pdf")).read_bytes().count(b"S\n") == 1


def test_lines_without_length_of_fills_are_left_out():
    path = Path(np.array([(5, 5), (5, 5), (9, 5), (9, 9), (5, 5)], float), np.array([LINE] * 4, np.uint8))
    text = drawn(encode(drawing(Shape([path], RED), Shape([ring((3, 3))], BLUE)), ".pdf"))
    assert text.count(" l\n") == 2 and text.count("f*") == 1
