"""The gallery folder: the same again is the same file, nothing else is touched, and nothing is lost."""

from __future__ import annotations

import json
import re
import threading
import time
import tomllib
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image as Pillow

import artkit
from artkit import gallery
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing, Layer, Page, Shape
from artkit.artwork.drawing import Path as Line
from artkit.artwork.image import Image
from artkit.errors import ArtkitError
from artkit.gallery.thumbnail import SIDE, painted
from artkit.recipe import Recipe

RECIPE = 'title = "Soft <dots> & \\"more\\""\nseed = 7\n\n[[steps]]\nop = "blur"\nsize = 9\n'


def recipe(seed: int = 7, where: str = "soft.toml") -> Recipe:
    return Recipe.parse(RECIPE.replace("seed = 7", f"seed = {seed}"), where)


def picture(shade: int = 90, width: int = 40) -> Image:
    return Image(np.full((30, width, 3), shade, np.uint8))


def ring(x: float, y: float, side: float) -> Line:
    return Line(np.array([[x, y], [x + side, y], [x + side, y + side], [x, y + side]]))


def target() -> Drawing:
    shape = Shape((ring(10, 10, 60), ring(20, 20, 40), ring(30, 30, 20)), "#ff0000")
    return Drawing(100, 80, (Layer([shape]),), background="#000000")


def add(folder: Path, artwork: object = None, photo: Image | None = None, **changes: object) -> gallery.Record:
    photo = photo or picture()
    origin = gallery.provenance(changes.pop("recipe", recipe()).checked)
    options = {"origin": origin, "photo_name": "my cat.jpg", "photo_sha256": "00ff", "seconds": 1.25} | changes
    return gallery.add(folder, photo if artwork is None else artwork, photo=photo, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for key, value in attrs if key in ("href", "src") and value]
        self.links += [each.split()[0] for key, value in attrs if key == "srcset" for each in (value or "").split(",")]


def test_names_say_photo_and_preset_and_end_in_six_hex_digits(tmp_path):
    record = add(tmp_path)
    assert re.fullmatch(r"my-cat-soft-[0-9a-f]{6}\.png", record.path.name)
    assert sorted(contents(tmp_path)) == sorted([
        record.path.name, f"records/{record.name}.json", f"thumbnails/{record.name}.webp",
        f"thumbnails/{record.name}.small.webp", f"details/{record.name}.js", record.look.photo,
    ])  # fmt: skip
    assert re.fullmatch(r"photos/00ff-[0-9a-f]{6}\.webp", record.look.photo)


@pytest.mark.parametrize(
    ("artwork", "suffix"),
    [(picture(), ".png"), (target(), ".svg"), (Animation(2, picture), ".gif")],
    ids=["Image", "Drawing", "Animation"],
)
def test_every_artwork_has_its_file_its_record_and_its_thumbnail(tmp_path, artwork, suffix):
    record = add(tmp_path, artwork)
    assert record.path.suffix == suffix
    data = record.path.read_bytes()
    assert (record.bytes, record.sha256) == (len(data), sha256(data).hexdigest())
    assert gallery.records(tmp_path) == [record]
    with Pillow.open(tmp_path / record.thumbnail) as small:
        assert max(small.size) <= SIDE


def test_the_same_again_has_the_same_name_and_the_same_bytes(tmp_path):
    first = add(tmp_path, target())
    before = contents(tmp_path)
    assert add(tmp_path, target()) == first
    assert contents(tmp_path) == before


def test_photo_pixels_recipe_seed_and_version_each_make_another_name(tmp_path, monkeypatch):
    made = [
        add(tmp_path),
        add(tmp_path, photo=picture(91)),
        add(tmp_path, photo=picture(width=41)),
        add(tmp_path, photo_sha256="00fe"),
        add(tmp_path, recipe=recipe(seed=8)),
    ]
    monkeypatch.setattr(artkit, "__version__", "99")
    made.append(add(tmp_path))
    assert len({record.path for record in made}) == len(made) == len(gallery.records(tmp_path))


def test_the_record_can_make_the_artwork_again(tmp_path):
    record = add(tmp_path)
    known = json.loads((tmp_path / "records" / f"{record.name}.json").read_text("utf-8"))
    assert Recipe.parse(known["recipe"]).dump() == recipe().dump()
    assert tomllib.loads(known["recipe"])["seed"] == known["seed"] == 7
    assert (known["photo"], known["photo_sha256"]) == ("my cat.jpg", "00ff")
    assert (known["width"], known["height"], known["seconds"]) == (40, 30, 1.25)
    assert known["versions"]["artkit"] == artkit.__version__ and known["versions"]["numpy"] == np.__version__


def test_the_artwork_itself_says_where_it_comes_from(tmp_path):
    for made in (add(tmp_path, target()), add(tmp_path)):
        again = Recipe.read(made.path)
        assert replace(again, made={}).dump() == replace(recipe(), name=again.name).dump()
        assert again.made == {"artkit": artkit.__version__}


@pytest.mark.parametrize("name", ["../../etc/passwd", "a<b>&\"c'.jpg", "über cat.png", "…", "", "-rf.jpg", "x" * 300])
def test_any_photo_name_becomes_a_plain_file_in_the_folder(tmp_path, name):
    folder = tmp_path / "gallery"
    record = add(folder, photo_name=name)
    assert record.path.parent == folder and record.path.is_file()
    assert re.fullmatch(r"[\w][\w.-]*", record.path.name)
    gallery.page(folder)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["gallery"]


def test_the_page_shows_every_artwork_and_every_link_leads_somewhere(tmp_path):
    made = [add(tmp_path, artwork, photo_name=f"{n} <i>&'.jpg") for n, artwork in enumerate([picture(), target()])]
    text = gallery.page(tmp_path).read_text("utf-8")
    links = Links(text).links
    shown = {record.path.name for record in made} | {record.thumbnail for record in made}
    assert shown | {record.look.small for record in made} == set(map(unquote, links)) - {"data:,", "#~"}
    assert all((tmp_path / unquote(link)).is_file() for link in links if link not in ("data:,", "#~"))
    assert "<dots>" not in text and "<i>&" not in text and "Soft &lt;dots&gt; &amp; " in text
    assert "http:" not in text and "https:" not in text


def test_the_page_of_the_same_records_is_the_same_page(tmp_path):
    add(tmp_path)
    assert gallery.page(tmp_path).read_bytes() == gallery.page(tmp_path).read_bytes()


def test_an_empty_folder_has_a_page_too(tmp_path):
    assert "No artworks yet" in gallery.page(tmp_path / "new").read_text("utf-8")


def test_foreign_and_broken_files_are_passed_over_and_left_alone(tmp_path):
    record = add(tmp_path)
    good = json.loads((tmp_path / "records" / f"{record.name}.json").read_text("utf-8"))
    strange = {
        "a.json": "{",
        "b.json": "[1, 2]",
        "c.json": json.dumps({"file": 7}),
        "d.json": json.dumps(good | {"file": "../outside.png"}),
        "e.json": json.dumps(good | {"file": "gone.png"}),
        "f.json": "\0\xff",
        f"{record.name}.txt": "notes",
        "g.json": json.dumps(good),  # another name than its artwork's
    }
    for name, text in strange.items():
        (tmp_path / "records" / name).write_text(text, "latin-1")
    (tmp_path / "notes.html").write_text("mine")
    (tmp_path / "records" / "folder.json").mkdir()
    before = contents(tmp_path)
    assert gallery.records(tmp_path) == [record]
    gallery.page(tmp_path)
    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before


def test_a_record_that_someone_edited_cannot_break_the_page(tmp_path):
    record = add(tmp_path)
    path = tmp_path / "records" / f"{record.name}.json"
    good = json.loads(path.read_text("utf-8"))
    for key, value in [("bytes", "many"), ("seconds", None), ("thumbnail", "javascript:alert(1)"), ("title", 3)]:
        path.write_text(json.dumps(good | {key: value}))
        assert gallery.records(tmp_path) == []
    path.write_text(json.dumps(good | {"title": "</h2><script>hostile"}))
    text = gallery.page(tmp_path).read_text("utf-8")
    assert "<script>hostile" not in text and "&lt;script&gt;hostile" in text


def test_an_artwork_that_was_deleted_leaves_the_page(tmp_path):
    record, other = add(tmp_path), add(tmp_path, recipe=recipe(8))
    record.path.unlink()
    assert gallery.records(tmp_path) == [other]


def test_the_page_that_is_written_last_shows_all(tmp_path, monkeypatch):
    """Who makes the page lets nobody add an artwork, or make the page, until it is there."""
    from artkit.gallery import layout

    add(tmp_path)
    others: list[threading.Thread] = []
    plain = layout.html

    def other() -> None:
        add(tmp_path, recipe=recipe(8))
        gallery.refresh(tmp_path)

    def slow(*given: object) -> str:
        if not others:
            others.append(threading.Thread(target=other))
            others[0].start()
            time.sleep(0.2)  # the other would be done by now
        return plain(*given)

    monkeypatch.setattr(layout, "html", slow)
    gallery.page(tmp_path)
    others[0].join()
    text = (tmp_path / "index.html").read_text("utf-8")
    assert all(f'id="{record.name}"' in text for record in gallery.records(tmp_path))
    assert len(gallery.records(tmp_path)) == 2


def test_a_place_that_cannot_be_a_gallery_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ArtkitError, match="is a file, not a folder"):
        add(tmp_path / "file")
    with pytest.raises(ArtkitError, match="not a folder"):
        add(tmp_path / "file" / "deeper")


def test_a_thumbnail_of_an_animation_is_not_its_first_frame(tmp_path):
    record = add(tmp_path, Animation(6, lambda i: picture(20 * i)))
    with Pillow.open(tmp_path / record.thumbnail) as small:
        assert small.getpixel((5, 5))[0] == pytest.approx(40, abs=3)


def test_a_thumbnail_paints_holes_and_islands():
    image = painted(target(), 100)
    assert (image.width, image.height) == (100, 80)
    red = image.pixels[40, [5, 15, 25, 40, 55, 65, 90], 0] > 128
    assert red.tolist() == [False, True, False, True, False, True, False]


def test_a_thumbnail_follows_curves_strokes_and_the_page():
    k = 0.5522847
    circle = Line(
        20 * np.array([[1, 0], [1, k], [k, 1], [0, 1], [-k, 1], [-1, k], [-1, 0], [-1, -k], [-k, -1], [0, -1], [k, -1],
                       [1, -k], [1, 0]]), np.full(4, 3, np.uint8))  # fmt: skip
    filled = Drawing(1, 1, (Layer([Shape((circle,), "#000")]),), page=Page(100, 100, 1.0, (50, 50)))
    dark = 1 - painted(filled, 200).pixels[..., 0] / 255
    assert dark.sum() / 4 == pytest.approx(np.pi * 400, rel=0.06)  # three lines for a quarter circle
    assert abs(np.argwhere(dark > 0.5).mean(axis=0) - 100).max() < 1.5
    bare = Drawing(1, 1, (Layer([Shape((circle,), None, "#000")], stroke_width=4),), page=filled.page)
    assert (1 - painted(bare, 200).pixels[..., 0] / 255).sum() / 4 == pytest.approx(2 * np.pi * 20 * 4, rel=0.15)


def test_a_thumbnail_survives_far_coordinates_and_no_shapes():
    far = Drawing(10, 1, (Layer([Shape((ring(-1e12, -1e12, 1e13), Line(np.zeros((0, 2)))), "#0000ff"), Shape(())]),))
    image = painted(far, 50)
    assert (image.width, image.height) == (50, 5)


def test_a_record_is_the_last_that_comes_into_the_folder(tmp_path, monkeypatch):
    """Who finds a record finds its artwork and its thumbnail, whenever the power went out."""
    came = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, target: came.append(Path(target)) or replace(self, target))
    record = add(tmp_path)
    came = [path for path in came if ".artkit" not in path.parts]
    assert sorted(came) == sorted(tmp_path / name for name in (*record.files, record.look.photo))
    assert came[0] == record.path and came[-1] == tmp_path / "records" / f"{record.name}.json"


def test_an_artwork_that_could_not_be_written_has_no_record(tmp_path):
    record = add(tmp_path)
    for file in (record.path, tmp_path / "records" / f"{record.name}.json"):
        file.unlink()
    record.path.mkdir()  # in the way
    with pytest.raises(ArtkitError):
        add(tmp_path)
    assert not list((tmp_path / "records").iterdir()) and gallery.records(tmp_path) == []


def test_a_shadow_far_larger_than_its_drawing_takes_no_time():
    from time import process_time

    from artkit.artwork.drawing import Shadow

    square = Line(np.array([[0.1, 0.1], [0.6, 0.1], [0.6, 0.6], [0.1, 0.6]]))
    for blur in (1.0, 1e3, 1e9):
        start = process_time()
        painted(Drawing(1, 1, [Layer([Shape([square], "#ff0000")], shadow=Shadow(offset=(0.1, 0.1), blur=blur))]), SIDE)
        assert process_time() - start < 1


@pytest.mark.parametrize("blur", [3.0, 12.0, 40.0, 100.0])
def test_wide_blurs_are_close_to_what_they_stand_for(blur):
    import cv2

    from artkit.gallery.thumbnail import _blurred

    mask = np.zeros((300, 420), np.uint8)
    mask[80:190, 100:260] = 255
    exact = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), blur)
    assert np.abs(_blurred(mask, blur) - exact).max() <= 4
