"""A gallery in which anything may lie: links, pipes, records that are none; and many that write into it at once."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from artkit import gallery
from artkit.artwork.image import Image
from artkit.errors import ArtkitError
from artkit.gallery import shards, staging
from artkit.gallery.record import NoRecordError, read
from artkit.gallery.verify import verify
from artkit.recipe import Recipe

RECIPE = 'title = "Soft"\nseed = 7\n\n[[steps]]\nop = "blur"\nsize = 9\n'


def add(folder: Path, seed: int = 7, **changes: Any) -> gallery.Record:
    photo = Image(np.full((30, 40, 3), 90, np.uint8))
    recipe = Recipe.parse(RECIPE.replace("seed = 7", f"seed = {seed}"), "soft.toml")
    options = {"photo_name": "my cat.jpg", "photo_sha256": "00ff", "seconds": 1.25} | changes
    return gallery.add(folder, photo, origin=gallery.provenance(recipe.checked), photo=photo, **options)


def files_of(folder: Path, record: gallery.Record) -> dict[str, Path]:
    return {
        "artwork": record.path,
        "record": folder / "records" / f"{record.name}.json",
        "thumbnail": folder / record.thumbnail,
        "page": folder / "index.html",
        "small thumbnail": folder / record.look.small,
        "photo": folder / record.look.photo,
        "details": folder / "details" / f"{record.name}.js",
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but what says when records were last changed; and artworks' dates are left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "index.json")
    return {str(p.relative_to(folder)): re.sub(rb'"date":[0-9]+', b"", p.read_bytes()) for p in files}


@pytest.mark.parametrize("kind", ["a link", "a hard link", "a dangling link", "a link to a folder", "a link loop"])
@pytest.mark.parametrize("which", ["artwork", "record", "thumbnail", "page", "small thumbnail", "photo", "details"])
def test_a_link_is_replaced_and_what_it_leads_to_is_left_alone(tmp_path, which, kind):
    folder, outside = tmp_path / "gallery", tmp_path / "outside"
    record = add(folder)
    gallery.page(folder)
    sound = contents(folder)
    path = files_of(folder, record)[which]
    path.unlink()
    outside.mkdir()
    (outside / "mine").write_bytes(b"mine")
    match kind:
        case "a link":
            path.symlink_to(outside / "mine")
        case "a hard link":
            path.hardlink_to(outside / "mine")
        case "a dangling link":
            path.symlink_to(outside / "nothing")
        case "a link to a folder":
            path.symlink_to(outside)
        case "a link loop":
            path.symlink_to(path.name)
    add(folder)
    gallery.page(folder)
    assert contents(folder) == sound and not any(p.is_symlink() for p in folder.rglob("*"))
    assert contents(outside) == {"mine": b"mine"}
    assert path.stat().st_nlink == 1 and path.stat().st_mode & 0o777 != 0o777


@pytest.mark.parametrize("which", ["records", "thumbnails", "photos", "details", "data", ".artkit"])
@pytest.mark.parametrize("where", ["elsewhere", "nowhere"])
def test_a_folder_of_a_gallery_that_is_a_link_is_refused(tmp_path, which, where):
    folder, outside = tmp_path / "gallery", tmp_path / "elsewhere"
    add(folder)
    shutil.rmtree(folder / which, ignore_errors=True)
    outside.mkdir()
    (outside / ".artkit-0123456789abcdef.part").mkdir()
    (folder / which).symlink_to(tmp_path / where)
    with pytest.raises(ArtkitError, match=rf"{which}: is a link, and a gallery keeps its files within") as caught:
        add(folder, 8)
    assert "\n" not in str(caught.value)
    assert [path.name for path in outside.iterdir()] == [".artkit-0123456789abcdef.part"]
    assert not (tmp_path / "nowhere").exists()


def test_a_gallery_may_itself_be_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "gallery").symlink_to(tmp_path / "disk")
    add(tmp_path / "gallery")
    assert gallery.page(tmp_path / "gallery").exists() and (tmp_path / "disk" / "index.html").is_file()


def test_an_artwork_that_is_a_link_is_not_shown(tmp_path):
    record, other = add(tmp_path / "g"), add(tmp_path / "g", 8)
    record.path.rename(tmp_path / "away.png")
    record.path.symlink_to(tmp_path / "away.png")
    said: list[str] = []
    assert gallery.records(tmp_path / "g", said.append) == [other]
    assert len(said) == 1 and "which is a link" in said[0]


DEEP = "[" * 100_000 + "]" * 100_000
ODD: dict[str, Any] = {
    "nothing": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "a number": b"17",
    "deep": DEEP.encode(),
    "deep within": b'{"file": ' + DEEP.encode() + b"}",
    "huge": {"recipe": "x" * (5 << 20)},
    "400 digits": {"bytes": int("9" * 400)},
    "5,000 digits": b'{"bytes": ' + b"9" * 5000 + b"}",
    "a seed of 400 digits": {"seed": int("9" * 400)},
    "seconds of 400 digits": {"seconds": int("9" * 400)},
    "negative": {"width": -1},
    "truth": {"bytes": True},
    "half a pair": {"title": "\ud800"},
    "half a pair in a key": {"versions": {"\ud800": "1"}},
    "half a pair in the recipe": {"recipe": "title = '\udfff'"},
    "not a number": {"seconds": float("nan")},
    "infinity": {"facts": {"psnr": float("inf")}},
    "a newer schema": {"schema": 2},
    "no schema of ours": {"schema": "one"},
    "another's file": {"file": "other.png"},
    "outside": {"file": "../outside.png"},
    "a thumbnail outside": {"thumbnail": "thumbnails/../../x.jpg"},
    "a thumbnail that is script": {"thumbnail": "javascript:alert(1)"},
}
WRONG = {
    "seconds": [None, "1", [], {}, True, -1.5, int("9" * 400)],
    "facts": [None, "1", [], {"psnr": "high"}, {"psnr": True}, {"psnr": int("9" * 400)}],
    "versions": [None, "1", [], {"numpy": 2}],
    "file": [None, 1, [], "", ".", "..", "a/b.png", ".png", "\n.png", "<script>", "-rf.png", "x" * 300],
    "thumbnail": [None, 1, [], "", "a.jpg", "thumbnails/", "thumbnails/..", "thumbnails/a/b.jpg", "/thumbnails/a.jpg"],
    **{key: [None, "1", [], {}, True, -1, 1.5, int("9" * 400)] for key in ("bytes", "width", "height", "seed")},
    **{key: [None, 1, [], {}, "g", "A", "a" * 65] for key in ("sha256", "photo_sha256")},
    **{key: [None, 1, [], {}, True, "\udfff"] for key in ("title", "preset", "recipe", "photo")},
}


@pytest.mark.parametrize("key", WRONG)
def test_a_value_that_is_none_of_its_field_is_refused_and_named(tmp_path, made, key):
    good = json.loads((made[0] / "records" / f"{made[1].name}.json").read_text("utf-8"))
    path = tmp_path / "record.json"
    path.write_text(json.dumps(good))
    assert read(path, made[0]) == made[1]
    for value in WRONG[key]:
        path.write_text(json.dumps(good | {key: value}))
        with pytest.raises(NoRecordError, match=f'has no "{key}" that is one'):
            read(path, made[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, gallery.Record]:
    folder = tmp_path_factory.mktemp("gallery")
    return folder, add(folder)


@pytest.mark.parametrize("name", ODD)
def test_a_record_that_is_none_is_left_out_and_told_in_a_line(tmp_path, made, name):
    shutil.copytree(made[0], tmp_path / "g")
    path = tmp_path / "g" / "records" / f"{made[1].name}.json"
    odd = ODD[name]
    path.write_bytes(odd if isinstance(odd, bytes) else json.dumps(json.loads(path.read_text("utf-8")) | odd).encode())
    other = add(tmp_path / "g", 8)
    said: list[str] = []
    page = gallery.page(tmp_path / "g", said.append).read_text("utf-8")
    assert other.path.name in page and made[1].path.name not in page and page.count("<script>") == 1
    assert len(said) == 1 and path.name in said[0] and "\n" not in said[0] and len(said[0]) < 400
    add(tmp_path / "g")  # makes it anew
    assert len(gallery.records(tmp_path / "g")) == 2


def test_a_huge_record_is_not_read(tmp_path):
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(NoRecordError, match="has more than 4 MB"):
        read(path, tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    record = add(tmp_path)
    records = tmp_path / "records"
    os.mkfifo(records / "a.json")
    (records / "b.json").symlink_to("b.json")
    (records / "c.json").symlink_to("/dev/zero")
    (records / "d.json").mkdir()
    (records / "e.json").symlink_to(records / f"{record.name}.json")
    said: list[str] = []
    assert gallery.records(tmp_path, said.append) == [record]
    assert len(said) == 1 and said[0].count("is no regular file") == 3 and said[0].endswith(" and 2 more")


def test_a_file_that_cannot_be_read_is_left_out(tmp_path, monkeypatch):
    record = add(tmp_path)

    def refuse(path: Any, *arguments: Any) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(NoRecordError, match="cannot be read: Permission denied"):
            read(tmp_path / "records" / f"{record.name}.json", tmp_path)


def test_the_same_again_writes_nothing(tmp_path):
    record = add(tmp_path)

    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_ino, path.stat().st_ctime_ns) for path in tmp_path.rglob("*")}

    before = state()
    assert add(tmp_path, seconds=99.0) == record
    assert state() == before


@pytest.mark.parametrize("which", ["artwork", "record", "thumbnail", "small thumbnail", "details"])
def test_what_was_lost_or_changed_is_written_again(tmp_path, which):
    record = add(tmp_path)
    sound = contents(tmp_path)
    for damage in (Path.unlink, lambda path: path.write_bytes(b"?")):
        damage(files_of(tmp_path, record)[which])
        add(tmp_path)
        assert contents(tmp_path) == sound


@pytest.mark.parametrize("step", ["artwork", "thumbnail", "record.json"])
@pytest.mark.parametrize("again", [False, True], ids=["new", "another was there"])
def test_names_that_cannot_be_given_are_taken_back(tmp_path, monkeypatch, step, again):
    if again:
        path = files_of(tmp_path, add(tmp_path))["artwork"]
        path.write_bytes(path.read_bytes() + b"made by another version of a library")
    before = contents(tmp_path)
    plain = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self.name == step and ".artkit" not in Path(target).parts:
            raise OSError(5, "Input/output error")
        return plain(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(ArtkitError, match="cannot be written"):
            add(tmp_path)
    assert contents(tmp_path) == before and not (tmp_path / ".artkit").exists()


def killed(folder: Path, at: str) -> None:
    """Add an artwork in this process, which is killed before the name of a staged file is given."""
    plain = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if self.name == at and ".artkit" not in Path(target).parts:
            os.kill(os.getpid(), 9)
        return plain(self, target)

    Path.replace = replace  # type: ignore[method-assign]
    add(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows kills in another way")
@pytest.mark.slow
def test_what_was_complete_when_it_was_killed_is_finished_by_the_next_and_what_was_not_is_removed(tmp_path):
    for at in ("artwork", "thumbnail", "record.json"):
        folder = tmp_path / at
        process = get_context("spawn").Process(target=killed, args=(folder, at))
        process.start()
        process.join(60)
        assert process.exitcode == -9 and gallery.records(folder) == []
        assert {finding.state for finding in verify(folder)} >= {"half written"}
        gallery.page(folder)
        assert len(gallery.records(folder)) == 1 and {finding.state for finding in verify(folder)} == {"sound"}
        named = ["data", "details", "index.html", "photos", "records", "thumbnails"]
        assert sorted(path.name for path in folder.iterdir() if path.suffix != ".png") == named


def test_what_is_under_way_in_another_process_is_left_alone(tmp_path):
    add(tmp_path)
    ready, go = threading.Event(), threading.Event()

    def other() -> None:
        with staging.staged(tmp_path) as place:
            (place / "artwork").write_bytes(b"half")
            ready.set()
            go.wait(30)
            assert (place / "artwork").read_bytes() == b"half"

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait(30)
    gallery.page(tmp_path)
    add(tmp_path, 8)
    assert len([*(tmp_path / ".artkit").iterdir()]) == 1
    go.set()
    thread.join()
    assert not (tmp_path / ".artkit").exists()


def test_a_hostile_folder_under_way_writes_nothing_elsewhere(tmp_path):
    folder = tmp_path / "gallery"
    record = add(folder)
    known = json.loads((folder / "records" / f"{record.name}.json").read_text("utf-8"))
    mine = {"index.html": b"mine", "notes.txt": b"mine"}
    for name, text in mine.items():
        (folder / name).write_bytes(text)
    hostile = [
        {"file": "../out.png"},
        {"file": "/tmp/out.png"},
        {"thumbnail": "thumbnails/../../out.jpg"},
        {"file": "index.html"},
        {"file": "notes.txt", "sha256": sha256(b"hostile").hexdigest()},
        {"file": record.path.name},
    ]
    for number, changes in enumerate(hostile):
        place = folder / ".artkit" / f".artkit-{number:016x}.part"
        place.mkdir(parents=True)
        for name in ("artwork", "thumbnail"):
            (place / name).write_bytes(b"hostile")
        (place / "record.json").write_text(json.dumps(known | changes))
        (place / "link").symlink_to(folder / "notes.txt")
    gallery.page(folder)
    assert not (folder / ".artkit").exists() and sorted(path.name for path in tmp_path.iterdir()) == ["gallery"]
    assert (folder / "notes.txt").read_bytes() == b"mine" and record.path.read_bytes() != b"hostile"


def busy(folder: Path, number: int, count: int) -> None:
    for seed in range(count):
        add(folder, 1000 * number + seed)
        add(folder, 10**6 + seed)  # the same as others
        (gallery.page if seed % 4 == number else gallery.refresh)(folder)


@pytest.mark.parametrize(("processes", "count"), [(3, 3), pytest.param(8, 12, marks=pytest.mark.slow)])
def test_many_processes_at_once_lose_nothing(tmp_path, processes, count):
    context = get_context("spawn")
    workers = [context.Process(target=busy, args=(tmp_path, number, count)) for number in range(processes)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(300)
        assert worker.exitcode == 0
    made = gallery.records(tmp_path)
    assert len(made) == (processes + 1) * count
    index = shards.load(tmp_path)
    listed = shards.newest(tmp_path, index, len(made) + 1)
    assert sorted(entry["id"] for entry in listed) == sorted(record.name for record in made)
    pages = [tmp_path / "index.html", *(tmp_path / "data").glob("*.html")]
    text = "".join(path.read_text("utf-8") for path in pages)
    assert all(record.path.name in text for record in made) and f">{len(made)} artworks<" in pages[0].read_text("utf-8")
    assert {finding.state for finding in verify(tmp_path)} == {"sound"} and not (tmp_path / ".artkit").exists()


NAMES = [
    "a\nb",
    " ",
    "-rf",
    "#?%20",
    "a\\b'\"",
    "über 🐱",
    "\u202egnp",
    "x" * 255,
    b"\xff\xfe".decode(errors="surrogateescape"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse such names")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_gallery_and_a_photo_of_any_name(tmp_path, name):
    folder = tmp_path / name
    record = add(folder, photo_name=name[:251] + ".jpg")
    assert add(folder, photo_name=name[:251] + ".jpg") == record == gallery.records(folder)[0]


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse such names")
@pytest.mark.parametrize(
    "name", [NAMES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[1:])], ids=ascii
)
@pytest.mark.slow
def test_the_command_takes_a_gallery_and_a_photo_of_any_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    Image(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "photo.png")
    shutil.copy(tmp_path / "photo.png", folder / "photo.png")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "artkit",
            "apply",
            "otsu-rgb",
            f"./{name}/photo.png",
            f"--gallery=./{name}",
        ],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(gallery.records(folder)) == 1


def test_names_of_many_bytes_fit(tmp_path):
    assert len(add(tmp_path, photo_name="猫" * 80 + ".jpg").path.name.encode()) < 200
    assert len(add(tmp_path, photo_name="𠀀" * 60 + ".jpg").path.name.encode()) < 200
