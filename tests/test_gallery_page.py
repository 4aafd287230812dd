"""The gallery's page as files: what it says, what it may load, and that one more artwork costs as much as the first."""

from __future__ import annotations

import builtins
import gzip
import io
import json
import os
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import browsing
import numpy as np
import pytest

from artkit import gallery
from artkit.artwork.drawing import Drawing, Layer, Shape
from artkit.artwork.drawing import Path as Line
from artkit.artwork.image import Image
from artkit.gallery import building, entries, layout, look, shards
from artkit.gallery.thumbnail import painted, thumbnails
from artkit.gallery.verify import verify

PAGES = Path(layout.__file__).parent / "page"


class Reader(HTMLParser):
    """The tags and attributes of a page, and the texts of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in self.inside:
            self.inside[self.cdata_elem][-1] += data


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, dict[str, gallery.Record]]:
    folder = tmp_path_factory.mktemp("gallery")
    records = {"picture": browsing.add(folder, browsing.picture(), "soft")}
    records["drawing"] = browsing.add(folder, browsing.drawing(), "poster")
    gallery.page(folder)
    return folder, records


def called(path: Path) -> tuple[object, object]:
    """What a script hands to `artkit`, which is all that it does."""
    text = path.read_text("ascii")
    assert text.startswith("artkit(") and text.endswith(");\n")
    first, second = json.loads(f"[{text[len('artkit(') : -len(');') - 1]}]")
    return first, second


def test_the_script_has_15_kb_at_most_as_it_is_written():
    sizes = {path.name: path.stat().st_size for path in PAGES.glob("*.js")}
    assert sizes.pop(layout.TILED) <= 4_000  # in pages of galleries with very large pictures alone
    assert sum(sizes.values()) <= 15_000
    assert sizes.keys() == set(layout.SCRIPTS)


def test_the_policy_admits_the_pages_own_script_and_style_and_nothing_from_elsewhere(made):
    for page in (made[0] / "index.html", *(made[0] / "data").glob("*.html")):
        read = Reader(page.read_text("utf-8"))
        (policy,) = [a["content"] for tag, a in read.tags if a.get("http-equiv") == "Content-Security-Policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        for tag in ("script", "style"):
            digests = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in read.inside[tag]]
            assert len(digests) == 1 and rules[f"{tag}-src"].split()[0] == digests[0]
        tiles = f"'sha256-{b64encode(sha256((PAGES / layout.TILED).read_bytes()).digest()).decode()}'"
        assert rules["script-src"].split()[1:] == [tiles, "'strict-dynamic'"] and rules["default-src"] == "'none'"
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy
        assert not [a for _, a in read.tags if any(name.startswith("on") or name == "style" for name in a)]


@pytest.mark.slow
def test_hostile_texts_are_texts_in_every_page_and_script(tmp_path):
    records = browsing.hostile(tmp_path)
    text = (tmp_path / "index.html").read_text("utf-8")
    read = Reader(text)
    assert [tag for tag, _ in read.tags].count("script") == 1 and "x" not in [a.get("src") for _, a in read.tags]
    assert len(gallery.records(tmp_path)) == len(records) == len(browsing.HOSTILE)
    for record, name in zip(records, browsing.HOSTILE, strict=True):
        key, told = called(tmp_path / "details" / f"{record.name}.js")
        assert key == record.name and isinstance(told, dict) and told["recipe"] == told["command"] == name
    number, listed = called(tmp_path / "data" / "00001.js")
    assert number == 1 and isinstance(listed, list) and len(listed) == len(records)
    assert {entry["id"] for entry in listed} == {record.name for record in records}
    assert {finding.state for finding in verify(tmp_path)} == {"sound"}


@pytest.mark.slow
def test_every_link_of_every_page_leads_to_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "SIZE", 3)
    monkeypatch.setattr(building, "SHOWN", 4)
    for i in range(8):
        browsing.add(tmp_path, browsing.picture(i), f"p{i}")
    gallery.page(tmp_path)
    pages = [tmp_path / "index.html", *sorted((tmp_path / "data").glob("*.html"))]
    assert len(pages) == 4
    seen = set()
    for page in pages:
        links = [a.get("href") or a.get("src") for _, a in Reader(page.read_text("utf-8")).tags]
        for link in filter(None, links):
            if not link.startswith(("#", "data:")):
                target = (page.parent / unquote(link)).resolve()
                assert target.is_file() and target.is_relative_to(tmp_path)
                seen.add(target.name)
    assert {record.path.name for record in gallery.records(tmp_path)} <= seen


def test_pages_and_data_are_the_same_made_anew_as_kept_up(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "SIZE", 3)
    monkeypatch.setattr(building, "SHOWN", 4)
    gallery.page(tmp_path)
    for i in range(8):
        record = browsing.add(tmp_path, browsing.picture(i), f"p{i}")
        os.utime(tmp_path / "records" / f"{record.name}.json", (i, i))  # they come within the same tick of a clock
        if i % 3 == 1:
            gallery.refresh(tmp_path)
    gallery.refresh(tmp_path)
    kept = {path: path.read_bytes() for path in (tmp_path, tmp_path / "data") for path in path.glob("*.[hj][ts]*[ml]")}
    listed = [entry["id"] for entry in shards.newest(tmp_path, shards.load(tmp_path), 9)]
    gallery.page(tmp_path)
    assert [entry["id"] for entry in shards.newest(tmp_path, shards.load(tmp_path), 9)] == listed
    assert {path: path.read_bytes() for path in kept} == kept


def operations(folder: Path, action: object) -> int:
    """How many files of a folder are opened or looked at by name while something is done."""
    count, plain = 0, {name: getattr(os, name) for name in ("open", "stat", "lstat", "scandir")}
    opened = io.open

    def concerns(path: object) -> bool:
        return isinstance(path, (str, os.PathLike)) and str(path).startswith(str(folder))

    def counted(operation):
        def run(path, *args, **named):
            nonlocal count
            count += concerns(path)
            return operation(path, *args, **named)

        return run

    with pytest.MonkeyPatch.context() as patch:
        for name, operation in plain.items():
            patch.setattr(os, name, counted(operation))
        patch.setattr(io, "open", counted(opened))
        patch.setattr(builtins, "open", counted(opened))
        action()
    return count


@pytest.mark.slow
def test_one_more_artwork_takes_as_many_operations_on_files_however_many_there_are(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "SIZE", 2)
    monkeypatch.setattr(building, "SHOWN", 2)
    gallery.page(tmp_path)

    def one_more(i: int) -> None:
        browsing.add(tmp_path, browsing.picture(i), f"p{i:03}")
        gallery.refresh(tmp_path)

    counts = [operations(tmp_path, lambda i=i: one_more(i)) for i in range(12)]
    assert counts[4:6] == counts[6:8] == counts[10:12] and min(counts) > 10
    assert len(gallery.records(tmp_path)) == 12 == shards.load(tmp_path).count


def test_what_others_change_among_the_records_is_noticed(tmp_path):
    records = [browsing.add(tmp_path, browsing.picture(i), f"p{i}") for i in range(3)]
    gallery.page(tmp_path)
    assert shards.load(tmp_path) is not None
    (tmp_path / "records" / f"{records[0].name}.json").unlink()
    assert shards.load(tmp_path) is None
    text = gallery.refresh(tmp_path).read_text("utf-8")
    assert records[0].name not in text and records[1].name in text and ">2 artworks<" in text


def test_a_record_that_cannot_be_read_just_now_is_on_the_page_of_the_next_who_adds(tmp_path, monkeypatch):
    record = browsing.add(tmp_path, browsing.picture(), "p")
    plain = os.open

    def broken(path, *args, **named):
        if str(path).endswith(".json") and "records" in str(path):
            raise OSError(5, "Input/output error")
        return plain(path, *args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", broken)
        assert record.name not in gallery.page(tmp_path).read_text("utf-8")
    assert record.name in gallery.refresh(tmp_path).read_text("utf-8")


@pytest.mark.parametrize(
    "hostile",
    [
        "alert(1)",
        "artkit(1,[\n{}\n]);\n",
        "artkit(1,[\n]);alert(1);artkit(1,[\n]);\n",
        'artkit(1,[\n{"id":"a","file":"b","title":"c","thumb":7,"w":1,"h":1}\n]);\n',
        'artkit(1,[\n{"id":"a","file":"b","title":"c","thumb":"d","w":0,"h":1}\n]);\n',
        "artkit(1,[\n" + "[" * 100_000 + "\n]);\n",
        "\xff",
    ],
)
def test_a_shard_that_is_none_is_made_anew(tmp_path, hostile):
    record = browsing.add(tmp_path, browsing.picture(), "p")
    gallery.page(tmp_path)
    sound = (tmp_path / "data" / "00001.js").read_bytes()
    (tmp_path / "data" / "00001.js").write_bytes(hostile.encode("latin-1"))
    assert "changed" in {finding.state for finding in verify(tmp_path)}
    assert record.name in gallery.refresh(tmp_path).read_text("utf-8")
    assert (tmp_path / "data" / "00001.js").read_bytes() == sound


@pytest.mark.parametrize("script", ["{}.js", "{}.drawing.js"])
def test_scripts_of_artworks_that_are_none_are_told_and_made_anew(tmp_path, script):
    record = browsing.add(tmp_path, browsing.drawing(), "p")
    gallery.page(tmp_path)
    path = tmp_path / "details" / script.format(record.name)
    sound = path.read_bytes()
    for damage in (lambda: path.write_bytes(b"alert(1)"), lambda: path.write_bytes(sound + b"alert(1)"), path.unlink):
        damage()
        assert {finding.state for finding in verify(tmp_path)} == {"sound", "changed" if path.exists() else "missing"}
        gallery.page(tmp_path)
        assert path.read_bytes() == sound


def test_verify_knows_every_file_and_leaves_no_orphan(tmp_path):
    record = browsing.add(tmp_path, browsing.drawing(), "p")
    gallery.page(tmp_path)
    assert [finding.state for finding in verify(tmp_path)] == ["sound"]
    for name in (record.look.small, record.look.photo):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
        assert [(each.file.name, each.state) for each in verify(tmp_path) if each.state != "sound"] == [
            (Path(name).name, "missing")
        ]
        (tmp_path / name).write_bytes(kept)
    stray = ["details/cat-p-0a0a0a.js", "details/cat-p-0a0a0a.drawing.js", "thumbnails/cat-p-0a0a0a.small.webp"]
    stray += ["photos/0011223344556677-0a0a0a.webp", "data/00007.js"]
    for name in stray:
        (tmp_path / name).write_text("x")
    assert sorted(str(e.file.relative_to(tmp_path)) for e in verify(tmp_path) if e.state == "orphaned") == sorted(stray)


def test_a_drawing_comes_whole_to_a_page_that_can_read_no_file(made):
    folder, records = made
    record = records["drawing"]
    name, packed = called(folder / "details" / f"{record.name}.drawing.js")
    assert name == record.name and gzip.decompress(b64decode(packed)) == record.path.read_bytes()


def test_without_its_photo_an_artwork_has_no_copy_of_it(tmp_path):
    image = browsing.picture()
    origin = browsing.Provenance("p", "P", "", "", 1, "artkit")
    how = {"origin": origin, "photo": image, "photo_name": "a.jpg", "photo_sha256": "ab" * 32, "seconds": 1}
    record = gallery.add(tmp_path, image, keep_photo=False, **how)
    assert not list((tmp_path / "photos").iterdir()) and record.look.photo == ""
    record = gallery.add(tmp_path, image, **how)
    assert [f"photos/{path.name}" for path in (tmp_path / "photos").iterdir()] == [record.look.photo]


def test_the_copy_of_a_photo_is_at_most_1600_pixels_long_and_says_nothing_of_itself(tmp_path):
    from PIL import Image as Pillow

    photo = Image(np.full((10, 2000, 3), 90, np.uint8))
    origin = browsing.Provenance("p", "P", "", "", 1, "artkit")
    record = gallery.add(
        tmp_path, browsing.picture(), origin=origin, photo=photo, photo_name="a", photo_sha256="", seconds=1
    )
    with Pillow.open(tmp_path / record.look.photo) as copy:
        assert copy.size == (1600, 8) and not copy.getexif() and "xmp" not in copy.info


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"kmeans.colors": "6", "recolor.palette": '"sunset"', "seed": "3"}, "colors 6, palette sunset, seed 3"),
        ({"blur.size": "3", "median.size": "9"}, "blur.size 3, median.size 9"),
        ({"trace.palette": '["#ff0000", "#00ff00"]', "crop": "none"}, "palette #ff0000 #00ff00, crop none"),
        ({"trace.min_area": "16.0"}, "min area 16.0"),
    ],
)
def test_what_differs_is_said_in_few_words(changes, told):
    assert entries.changes(changes) == told


@pytest.mark.parametrize(
    ("color", "hue"),
    [((220, 30, 30), "red"), ((240, 140, 20), "orange"), ((240, 220, 40), "yellow"), ((40, 160, 60), "green"),
     ((30, 190, 200), "cyan"), ((40, 70, 220), "blue"), ((140, 50, 200), "purple"), ((250, 120, 180), "pink"),
     ((10, 10, 10), "black"), ((128, 128, 128), "gray"), ((250, 250, 250), "white")],
)  # fmt: skip
def test_the_color_that_a_picture_has_most_of_has_a_name(color, hue):
    pixels = np.full((9, 9, 3), 250, np.uint8)
    pixels[:5] = color
    found, name = look.dominant(Image(pixels))
    assert name == hue and re.fullmatch("#[0-9a-f]{6}", found)
    assert max(abs(int(found[i : i + 2], 16) - color[i // 2]) for i in (1, 3, 5)) <= 40


@pytest.mark.parametrize("width", [0.3, 0.7, 1.0, 1.6, 3.0])
def test_fine_lines_have_the_tone_in_a_thumbnail_that_their_ink_has(width):
    """Light is averaged: lines of a quarter of the sheet leave three quarters of its light, however fine they are."""
    lines = [Line(np.array([[-9.0, y], [649.0, y + 60]]), closed=False) for y in np.arange(-70, 500, 4 * width)]
    drawing = Drawing(640, 427, [Layer([Shape(lines, stroke="#000000")], stroke_width=width * np.cos(0.0909))])
    levels = painted(drawing, 640).pixels[40:-40, 40:-40] / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4).mean()
    assert 1 - light == pytest.approx(0.25, abs=0.06)


def test_thumbnails_have_two_sizes_and_those_of_the_same_artwork_the_same_bytes():
    from PIL import Image as Pillow

    made = thumbnails(browsing.picture(0, 1000, 500))
    assert thumbnails(browsing.picture(0, 1000, 500))[:2] == made[:2]
    assert [Pillow.open(io.BytesIO(data)).size for data in made[:2]] == [(640, 320), (320, 160)]


def test_a_gallery_of_an_earlier_version_gets_all_that_the_page_needs(tmp_path):
    record = browsing.add(tmp_path, browsing.drawing(), "p")
    path = tmp_path / "records" / f"{record.name}.json"
    known = json.loads(path.read_text("utf-8"))
    del known["look"]
    path.write_text(json.dumps(known), "utf-8")
    for name in ("details", "data", "photos"):
        for each in (tmp_path / name).iterdir():
            each.unlink()
        (tmp_path / name).rmdir()
    (tmp_path / record.look.small).unlink()
    assert {finding.state for finding in verify(tmp_path)} == {"sound"}
    assert record.name in gallery.page(tmp_path).read_text("utf-8")
    (entry,) = shards.read(tmp_path, 1)
    assert (entry["w"], entry["h"], entry["kind"], entry["hue"]) == (640, 426, "drawing", "red")
    assert (tmp_path / "details" / f"{record.name}.drawing.js").is_file()
