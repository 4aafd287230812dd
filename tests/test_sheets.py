"""Contact sheets: all that is asked for is there once, in proportion and legible, whatever its name is."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

import numpy as np
import pikepdf
import pytest
from typer.testing import CliRunner

from artkit import gallery
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing, Gradient, Layer, Shape
from artkit.artwork.drawing import Path as Line
from artkit.artwork.image import Image
from artkit.artwork.photo import read as read_picture
from artkit.cli import app
from artkit.errors import ArtkitError, UsageError
from artkit.gallery import sheets
from artkit.gallery.record import to_json
from artkit.gallery.sheets.labels import Heading, Label, labels, ordered
from artkit.gallery.sheets.layout import GAP, MARGIN, Page, Style, pages
from artkit.gallery.sheets.letters import fitted, outlines, width_of, wrapped
from artkit.gallery.sheets.picture import Picture
from artkit.recipe import Recipe
from artkit.render import rendered

HOSTILE = "<script>alert('%s')</script> \"q\" & \u202eevil\n\x07 \u05d0\u05d1 \U0001f600 \ud800 " + "n" * 255


def flat(shade: int = 90, width: int = 40, height: int = 30) -> Image:
    return Image(np.full((height, width, 3), shade, np.uint8))


def drawing(color: str = "#ff0000") -> Drawing:
    square = Line(np.array([[10.0, 10], [70, 10], [70, 50], [10, 50]]))
    fade = Gradient((10, 10), (70, 50), (color, "#0000ff"))
    return Drawing(80, 60, (Layer([Shape((square,), fade)]),), background="#ffee00")


def add(folder: Path, artwork: object, seed: int = 1, photo: str = "cat.jpg") -> gallery.Record:
    recipe = Recipe.parse(f'title = "Soft"\nseed = {seed}\n[[steps]]\nop = "blur"\nsize = 9\n', "soft.toml")
    return gallery.add(
        folder,
        artwork,
        origin=gallery.provenance(recipe.checked, photo_name=photo),
        photo=flat(),
        photo_name=photo,
        photo_sha256="00ff",
        seconds=1.0,
    )


@pytest.fixture
def folder(tmp_path):
    """A gallery of two drawings, a picture and an animation of three frames: red, green and blue."""
    colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    frames = [Image(np.broadcast_to(np.array(color, np.uint8), (30, 40, 3)).copy()) for color in colors]
    for seed, artwork in enumerate((drawing(), drawing("#00ff00"), flat(), Animation(3, frames.__getitem__)), start=1):
        add(tmp_path / "g", artwork, seed)
    return tmp_path / "g"


def run(*words: object) -> object:
    return CliRunner().invoke(app, list(map(str, words)), prog_name="artkit")


def made(count: int, own: str = "colors 6", command: str = "artkit apply poster cat.jpg --colors 6") -> list[Label]:
    return [Label(i, own, f"cat-poster-{i:06x}", command, "--colors 6") for i in range(1, count + 1)]


HEADING = Heading("Poster", "4 artworks", "artkit apply poster cat.jpg")


# Letters


def test_each_letter_of_english_is_drawn_by_outlines_of_its_own():
    drawn = {c: repr([path.points.tolist() for path in outlines(c, 10, 0, 0)]) for c in map(chr, range(33, 127))}
    assert len(set(drawn.values())) == 94
    assert width_of("a b", 10) == pytest.approx(width_of("a", 10) + width_of(" ", 10) + width_of("b", 10))


@pytest.mark.parametrize(
    "text", ["é", "Ångström", "ß", "\u4e2d", "\U0001f600", "\u05d0", "ﬃ", "½", "\x07", "\ud800", ""]
)
def test_any_text_can_be_drawn(text):
    paths = outlines(text, 20, 5, 40)
    assert bool(paths) == (text not in ("", "\x07"))
    for path in paths:
        assert np.isfinite(path.points).all()
        assert path.points[:, 0].min() >= 4 and path.points[:, 0].max() <= 6 + width_of(text, 20)
        assert path.points[:, 1].min() >= 40 - 24 and path.points[:, 1].max() <= 46


def test_characters_without_a_letter_are_told_apart():
    texts = {repr([path.points.tolist() for path in outlines(c, 10, 0, 0)]) for c in "\u4e2d\u4e2e\u05d0\U0001f600"}
    assert len(texts) == 4


def test_marks_stand_above_their_letter():
    plain, marked = outlines("E", 100, 0, 100), outlines("É", 100, 0, 100)
    assert len(marked) == len(plain) + 1
    assert marked[-1].points[:, 1].max() < min(path.points[:, 1].min() for path in plain)


@pytest.mark.parametrize("room", [0, 5, 20, 60, 1000])
def test_texts_keep_to_their_room(room):
    text = "artkit apply poster cat.jpg --set trace.min_area=" + "9" * 30
    assert width_of(fitted(text, 10, room), 10) <= room
    assert fitted(text, 10, 1e9) == text
    lines = wrapped(text, 10, max(room, 10))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, 10) <= max(room, 10) for line in lines)


# Layout


@pytest.mark.parametrize("seed", range(12))
def test_cells_keep_their_proportions_and_do_not_touch(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 30))
    aspects = [1.5] * count if seed % 3 == 0 else np.exp(rng.normal(0, 0.6, count)).tolist()
    page = (600.0, 800.0) if seed % 2 else None
    style = Style(columns=[None, 1, 4, 7][seed % 4], page=page)
    found = pages(HEADING, made(count, "colors 6, palette sunset " * (seed % 3 + 1)), aspects, style)
    assert [cell.place for each in found for cell in each.cells] == list(range(count))
    for each in found:
        assert page is None or (each.width, each.height) == page
        for cell in each.cells:
            assert cell.width / cell.height == pytest.approx(aspects[cell.place])
            assert cell.x >= MARGIN - 0.01 and cell.x + cell.width <= each.width - MARGIN + 0.01
            assert cell.y >= MARGIN and cell.y + cell.height <= each.height - MARGIN / 2
        for one, other in combinations(each.cells, 2):
            apart = max(abs(one.x - other.x) - (one if one.x < other.x else other).width,
                        abs(one.y - other.y) - (one if one.y < other.y else other).height)  # fmt: skip
            assert apart >= GAP - 0.01
        for text in each.texts:
            left = text.x - width_of(text.text, text.size) * (text.anchor == "end")
            assert left >= MARGIN - 0.01 and left + width_of(text.text, text.size) <= each.width - MARGIN + 0.01
            assert 0 < text.y <= each.height


def test_pictures_of_one_proportion_stand_in_columns():
    (page,) = pages(HEADING, made(7), [1.5] * 7, Style(columns=3))
    assert len({round(cell.x, 6) for cell in page.cells}) == 3
    assert len({(round(cell.width, 6), round(cell.height, 6)) for cell in page.cells}) == 1


def test_a_command_that_is_cut_stands_in_full_below():
    long = "--colors 6 --set " + "x" * 200
    label = Label(1, "colors 6", "cat-poster-000001", f"artkit apply poster cat.jpg {long}", long)
    texts = "".join(text.text for page in pages(HEADING, [label], [1.5], Style()) for text in page.texts)
    assert "Commands" in texts and "x" * 200 in texts
    assert "Commands" not in "".join(text.text for text in pages(HEADING, made(2), [1.5] * 2, Style())[0].texts)


# Labels


def test_labels_say_what_differs_and_headings_what_does_not(folder):
    base = gallery.records(folder)[0]
    commands = ["artkit apply poster cat.jpg --colors 6", "artkit apply poster cat.jpg --colors 8 --seed 2"]
    changes = [{"trace.colors": "6"}, {"trace.colors": "8", "seed": "2"}]
    records = [
        replace(base, title="Poster", preset="poster", seed=1, command=command, changes=change)
        for command, change in zip(commands, changes, strict=True)
    ]
    heading, told = labels(records)
    assert [label.own for label in told] == ["colors\xa06, seed\xa01", "colors\xa08, seed\xa02"]
    assert heading.title == "Poster" and heading.command == "artkit apply poster cat.jpg"
    assert [label.rest for label in told] == ["--colors 6", "--colors 8 --seed 2"]
    assert "colors 6, 8" in heading.about and heading.about.startswith("2 artworks")


def test_what_is_as_the_preset_has_it_is_said_where_others_differ(folder):
    base = gallery.records(folder)[0]
    recipe = 'seed = 3\n[[steps]]\nop = "median"\nsize = 9\n[[steps]]\nop = "recolor"\npalette = ["red", "blue"]\n'
    records = [
        replace(base, recipe=recipe, changes={}),
        replace(base, recipe=recipe, changes={"median.size": "10", "recolor.palette": '"sunset"'}),
        replace(base, recipe="no [[ toml", changes={}),
    ]
    own = [label.own for label in labels(records)[1]]
    assert own[:2] == ["size\xa09, palette\xa0[red, blue]", "size\xa010, palette\xa0sunset"]
    assert [record.changes for record in ordered(records)][:2] == [{}, records[1].changes]


def test_parameters_of_one_name_keep_their_steps(folder):
    base = gallery.records(folder)[0]
    records = [replace(base, changes={"first.size": "3", "second.size": size}) for size in ("5", "7")]
    assert [label.own for label in labels(records)[1]] == ["second.size\xa05", "second.size\xa07"]


# Files


def test_a_sheet_in_svg_holds_each_drawing_as_vectors_with_ids_of_its_own(folder, tmp_path):
    records = gallery.records(folder)
    text = sheets.save(records, tmp_path / "s.svg").read_text()
    root = ElementTree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)
    ns = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{ns}g/{ns}svg")) == 2 and len(root.findall(f"{ns}g/{ns}image")) == 2
    for number, record in enumerate(records, start=1):
        assert f"<title>{number}: {record.command}</title>" in text
        assert f'artwork="{record.name}"' in text
    assert {str(i) for i in range(1, 5)} <= {element.text for element in root.iter(f"{ns}text")}
    assert sheets.save(records, tmp_path / "t.svg").read_text() == text


def test_a_nested_drawing_looks_as_it_does_alone(folder, tmp_path):
    records = [record for record in gallery.records(folder) if record.path.suffix == ".svg"]
    text = sheets.save(records, tmp_path / "s.svg").read_text()
    width, height = (round(float(side)) for side in re.findall(r'(?:width|height)="([\d.]+)"', text)[:2])
    whole = rendered(text, (width, height)).astype(int)
    for found in re.finditer(r'<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', text):
        x, y, w, h = map(float, found.groups())
        part = whole[round(y) : round(y + h), round(x) : round(x + w)]
        number = int(re.findall(r'<g id="cell(\d+)">', text[: found.start()])[-1])
        alone = rendered(records[number - 1].path.read_text(), part.shape[1::-1]).astype(int)
        assert abs(part[4:-4, 4:-4] - alone[: part.shape[0], : part.shape[1]][4:-4, 4:-4]).mean() < 2


@pytest.mark.slow
def test_a_sheet_in_png_shows_pictures_and_middle_frames(folder, tmp_path):
    records = gallery.records(folder)
    path = sheets.save(records, tmp_path / "s.png", Style(columns=4, cell=60))
    pixels = read_picture(path).pixels
    colors = {tuple(color) for color in pixels.reshape(-1, 3)[::7].tolist()}
    assert {(0, 255, 0), (90, 90, 90), (255, 238, 0), (255, 255, 255)} <= colors
    assert (255, 0, 0) not in colors  # the first frame
    assert path.read_bytes() == sheets.save(records, tmp_path / "t.png", Style(columns=4, cell=60)).read_bytes()


def images_in(path: Path) -> int:
    with pikepdf.open(path) as file:
        streams = [each for each in file.objects if isinstance(each, pikepdf.Stream)]
        return sum(each.get("/Subtype") == "/Image" for each in streams)


def test_a_sheet_in_pdf_has_vectors_inside_and_text_to_search(folder, tmp_path):
    records = [record for record in gallery.records(folder) if record.path.suffix == ".svg"]
    path = sheets.save(records, tmp_path / "s.pdf")
    assert images_in(path) == 0
    assert images_in(sheets.save(gallery.records(folder), tmp_path / "all.pdf")) == 2
    assert path.read_bytes() == sheets.save(records, tmp_path / "t.pdf").read_bytes()
    with pikepdf.open(path) as file:
        assert len(file.pages) == 1 and str(file.docinfo["/Title"]) == "Soft"
        shown = file.pages[0].Contents
        text = b"".join(part.read_bytes() for part in (shown if isinstance(shown, pikepdf.Array) else [shown]))
    assert b"3 Tr" in text and b"(Soft) Tj" in text and records[0].name[-6:].encode() in text


@pytest.mark.skipif(which("pdftocairo") is None, reason="poppler's pdftocairo is not installed")
@pytest.mark.slow
def test_a_sheet_in_pdf_looks_as_in_png(folder, tmp_path):
    records = gallery.records(folder)
    path, style = sheets.save(records, tmp_path / "s.pdf", Style(columns=2)), Style(columns=2)
    line = ["pdftocairo", "-png", "-r", "192", "-singlefile", str(path), str(tmp_path / "page")]
    subprocess.run(line, check=True, timeout=60)
    seen = read_picture(tmp_path / "page.png").pixels.astype(int)
    wanted = read_picture(sheets.save(records, tmp_path / "s.png", style)).pixels.astype(int)
    height, width = (min(one, other) for one, other in zip(seen.shape[:2], wanted.shape[:2], strict=True))
    assert abs(height - wanted.shape[0]) <= 2 and abs(width - wanted.shape[1]) <= 2
    assert abs(seen[:height, :width] - wanted[:height, :width]).mean() < 2


def test_pages_of_a_pdf_are_of_the_size_that_is_asked_for(folder, tmp_path):
    line = f"gallery contact-sheet --gallery {folder} -o {tmp_path / 's.pdf'} --page A5-landscape --columns 1"
    result = run(*line.split())
    assert result.exit_code == 0, result.output
    with pikepdf.open(tmp_path / "s.pdf") as file:
        assert len(file.pages) == 4
        for page in file.pages:
            assert [round(float(side) / 72 * 25.4) for side in page.MediaBox[2:]] == [210, 148]


@pytest.mark.slow
def test_names_of_any_kind_are_shown_as_text(folder, tmp_path):
    records = [replace(record, photo=HOSTILE, title=HOSTILE, command=HOSTILE) for record in gallery.records(folder)]
    text = sheets.save(records, tmp_path / "s.svg").read_text()
    root = ElementTree.fromstring(text)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    sheets.save(records, tmp_path / "s.png")
    sheets.save(records, tmp_path / "s.pdf")


def test_a_drawing_that_would_reach_beyond_itself_is_a_picture_of_its_own(folder, tmp_path):
    record = next(record for record in gallery.records(folder) if record.path.suffix == ".svg")
    opening = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    record.path.write_text(f"{opening}<style>*{{fill:red}}</style><script>x</script></svg>")
    text = sheets.save([record], tmp_path / "s.svg").read_text()
    assert "data:image/svg+xml" in text and "<style" not in text and "<script" not in text
    record.path.write_text(f'{opening}<image href="/etc/passwd" onload="x()"/></svg>')
    text = sheets.save([record], tmp_path / "t.svg").read_text()
    assert "passwd" not in text and "onload" not in text


def test_a_drawing_that_draws_itself_stands_complete(folder, tmp_path):
    from artkit.artwork.drawing import AnimatedDrawing

    line = Shape((Line(np.array([[5.0, 5], [70, 50]]), closed=False),), None, "#000000")
    record = add(tmp_path / "g2", AnimatedDrawing(80, 60, (Layer([line]),), times=(np.array([[0.0, 8.0]]),)))
    assert "<animate" in record.path.read_text()
    text = sheets.save([record], tmp_path / "s.svg").read_text()
    assert "<animate" not in text and "<set" not in text and "<path" in text


def test_a_broken_artwork_is_shown_by_its_thumbnail_or_left_out_and_told(folder, tmp_path):
    records = gallery.records(folder)
    for record in records[:2]:
        record.path.write_bytes(b"nothing")
    (folder / records[1].thumbnail).unlink()
    said: list[str] = []
    text = sheets.save(records, tmp_path / "s.svg", note=said.append).read_text()
    assert [int(number) for number in re.findall(r'<g id="cell(\d+)">', text)] == [1, 3, 4]
    assert len(said) == 1 and said[0].endswith("left out")
    assert isinstance(Picture.of(records[0]).content, Image)
    with pytest.raises(ArtkitError, match="nothing to show"):
        sheets.save([records[1]], tmp_path / "t.svg")
    assert not (tmp_path / "t.svg").exists()


def test_a_sheet_that_is_too_large_for_pixels_is_refused():
    from artkit.gallery.sheets.pixels import png

    with pytest.raises(UsageError, match="too large"):
        png(Page(20_000, 30_000, "#ffffff", "#000000"), HEADING, [], [])


# The command line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "s.doc"], r"s\.doc: a contact sheet is an SVG, a PNG or a PDF; name it s\.svg"),
        (["-o", "none/s.svg"], r"there is no folder none"),
        (["-o", "s.svg", "--page", "A4"], r"only a PDF has pages"),
        (["-o", "s.pdf", "--page", "A44"], r"--page A44: is no size of paper; did you mean A4\?"),
        (["-o", "s.pdf", "--page", "1x1mm"], r"use 60 to 5000 mm"),
        (["nosuch", "-o", "s.svg"], r"nosuch: no such artwork"),
        (["soft", "-o", "s.svg"], r"soft: 4 artworks are called so"),
    ],
)
def test_a_fault_is_one_line_before_any_work(folder, monkeypatch, words, said):
    monkeypatch.chdir(folder.parent)
    result = run("gallery", "contact-sheet", *words, "--gallery", "g")
    assert result.exit_code == 2, result.output
    assert re.search(said, result.stderr) and result.stderr.count("\n") == 1
    assert not list(folder.parent.glob("s.*"))


def test_the_command_shows_all_artworks_or_those_that_are_named(folder, tmp_path):
    names = [record.name for record in gallery.records(folder)]
    for asked, count in (([], 4), ([names[2][-6:], names[0]], 2)):
        result = run("gallery", "contact-sheet", *asked, "-o", tmp_path / "s.svg", "--gallery", folder, "--dark")
        assert (result.exit_code, result.stdout.strip()) == (0, str(tmp_path / "s.svg")), result.output
        text = (tmp_path / "s.svg").read_text()
        assert text.count("<g id=") == count
    assert re.findall(r'artwork="([^"]+)"', text) == [names[2], names[0]]


def test_a_sweep_has_its_sheet(photo_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "soft.toml").write_text('title = "Soft"\n[[steps]]\nop = "blur"\n')
    line = "sweep soft.toml hill.png --vary blur.size=3:7:2 --gallery g --sheet s.svg --title Three"
    result = run(*line.split())
    assert result.exit_code == 0, result.output
    text = Path("s.svg").read_text()
    assert [int(number) for number in re.findall(r'<g id="cell(\d+)">', text)] == [1, 2, 3]
    assert "blur.size 3, 5, 7" in text and ">Three<" in text
    assert all(record.name in text for record in gallery.records(Path("g")))
    bad = run(*line.replace("s.svg", "s.gif").split())
    assert bad.exit_code == 2 and "s.gif: a contact sheet is" in bad.stderr


@pytest.mark.slow
def test_artworks_that_are_too_much_to_be_kept_are_read_again(folder, tmp_path, monkeypatch):
    records = gallery.records(folder)
    wanted = [sheets.save(records, tmp_path / f"s{suffix}").read_bytes() for suffix in sheets.FORMATS]
    monkeypatch.setattr(sheets, "KEPT", 0)
    assert [sheets.save(records, tmp_path / f"t{suffix}").read_bytes() for suffix in sheets.FORMATS] == wanted


def test_more_artworks_than_a_sheet_is_good_for_are_refused(folder, monkeypatch):
    monkeypatch.setattr(sheets, "MOST", 3)
    result = run("gallery", "contact-sheet", "--gallery", folder, "-o", folder / "s.svg")
    assert result.exit_code == 2 and "4 artworks are more than a sheet is good for, 3" in result.stderr


def test_records_say_nothing_of_sheets(folder, tmp_path):
    before = [to_json(record) for record in gallery.records(folder)]
    sheets.save(gallery.records(folder), tmp_path / "s.svg")
    assert [to_json(record) for record in gallery.records(folder)] == before
