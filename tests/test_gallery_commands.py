"""`artkit gallery`: artworks are found by parts of their names, listed, shown, opened and removed."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from galleries import RECIPE, add, contents
from typer.testing import CliRunner

from artkit import gallery
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.gallery import page, pending, provenance, refresh
from artkit.gallery.find import find, find_all
from artkit.gallery.verify import verify
from artkit.recipe import Recipe


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A folder with a gallery of three: two of a cat, one of a dog."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARTKIT_GALLERY", raising=False)
    add(tmp_path / "gallery", 90, "cat.jpg", "soft")
    add(tmp_path / "gallery", 120, "cat.jpg", "hard")
    add(tmp_path / "gallery", 150, "Hot dog.jpg", "soft")
    page(tmp_path / "gallery")
    return tmp_path


def command(line: list[str] | str, **how):
    words = line.split() if isinstance(line, str) else line
    return CliRunner().invoke(app, ["gallery", *words], prog_name="artkit", **how)


def names(line: str) -> list[str]:
    result = command(f"list --names {line}")
    assert result.exit_code == 0, result.output
    return result.stdout.split()


def refused(line: list[str] | str, *told: str, status: int = 2, **how) -> None:
    result = command(line, **how)
    assert result.exit_code == status and result.stdout == "", result.output
    assert result.stderr.startswith("Error: ") and result.stderr.count("\n") == 1
    assert all(text in result.stderr for text in told), result.stderr


def test_any_part_of_a_name_that_no_other_has_does(desk):
    folder = desk / "gallery"
    (dog,) = names("dog")
    for part in (dog, f"{dog}.png", f"gallery/{dog}.png", f"#{dog}", dog[-6:], "dog", "hot-DOG"):
        assert find(part, folder) == dog
    assert find_all(["dog", "hard", dog], folder) == [dog, *names("hard")]


def test_a_name_in_full_is_meant_even_where_it_is_part_of_another(desk):
    folder = desk / "gallery" / "records"
    (folder / "a-soft-123456.json").write_text("{}")
    (folder / "another-a-soft-123456.json").write_text("{}")
    assert find("a-soft-123456", desk / "gallery") == "a-soft-123456"


def test_a_part_of_several_names_all_of_them_and_one_of_none_the_nearest(desk):
    refused("show cat", *names("cat"), "2 artworks are called so")
    refused("show hot-dgo-soft", f"did you mean {names('dog')[0]}?")
    refused("remove dog dgo", "dgo: no such artwork")
    refused("show dog --gallery nowhere", "nowhere: is no gallery, there is no such folder")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", ["Hot-dog-soft", "cat-hard", "cat-soft"]),
        ("cat", ["cat-hard", "cat-soft"]),
        ("CAT hard", ["cat-hard"]),
        ("--preset soft", ["Hot-dog-soft", "cat-soft"]),
        ("--preset soft --preset hard --photo cat", ["cat-hard", "cat-soft"]),
        ("--photo DOG", ["Hot-dog-soft"]),
        ("--kind picture --reverse", ["cat-soft", "cat-hard", "Hot-dog-soft"]),
        ("--kind .PNG --sort date", ["cat-soft", "cat-hard", "Hot-dog-soft"]),
        ("--kind drawing", []),
        ("nothing", []),
    ],
)
def test_a_list_has_what_was_looked_for(desk, line, found):
    for i, part in enumerate(("cat-soft", "cat-hard", "dog")):
        (record,) = (desk / "gallery" / "records").glob(f"*{part}*")
        os.utime(record, (1000 + i, 1000 + i))
    assert [name.rpartition("-")[0] for name in names(line)] == found


def test_a_list_is_a_table_for_people_and_json_for_programs(desk):
    told = command("list --json dog").stdout
    (known,) = json.loads(told)
    assert known["file"].endswith(f"{known['name']}.png") and known["photo"] == "Hot dog.jpg"
    table = command("list").stdout.splitlines()
    assert len(table) == 4 and table[0].split()[0] == "artwork"
    refused("list --sort nmae", "--sort nmae: is none; did you mean name?")
    refused("list --kind sgv", "--kind sgv: is none; use drawing, plot, animation, picture")


def test_what_is_no_record_is_left_out_and_told(desk):
    (desk / "gallery" / "records" / "odd.json").write_text("{")
    result = command("list")
    assert result.exit_code == 0 and "left out odd.json (is no JSON)" in result.stderr
    refused("show odd", "odd.json: is no JSON", status=1)


def test_an_artwork_is_shown_with_all_that_makes_it_again(desk):
    known = json.loads(command("show dog --json").stdout)
    text = command("show dog").stdout
    for part in (known["name"], known["command"], known["python"], 'op = "blur"', "16 x 12 px"):
        assert part in text
    assert command("show dog --only recipe").stdout == known["recipe"]
    assert command("show dog --only command").stdout == known["command"] + "\n"


def test_what_a_record_says_cannot_move_the_cursor(desk):
    (record,) = (desk / "gallery" / "records").glob("*dog*")
    known = json.loads(record.read_text()) | {"title": "\x1b[2J\u202e", "command": "a\x1b[1mb", "photo": "\x07"}
    record.write_text(json.dumps(known))
    for line in ("show dog", "list", "show dog --only command"):
        assert not {"\x1b", "\u202e", "\x07"} & set(command(line).stdout), line


def test_the_environment_names_the_gallery(desk, monkeypatch):
    monkeypatch.setenv("ARTKIT_GALLERY", "other")
    refused("list", "other: is no gallery")
    assert len(names("--gallery gallery")) == 3
    monkeypatch.setenv("ARTKIT_GALLERY", "gallery")
    monkeypatch.chdir(desk)
    result = CliRunner().invoke(app, ["verify"])
    assert result.exit_code == 0 and result.stdout == "3 artworks, all sound\n"


def test_the_page_is_opened_at_an_artwork_and_made_anew_where_it_is_old(desk, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or False)
    (desk / "gallery" / "index.html").unlink()
    (dog,) = names("dog")
    result = command("open dog")
    assert opened == [result.stdout.strip()] == [(desk / "gallery" / "index.html").as_uri() + f"#{dog}"]
    assert "open the address yourself" in result.stderr
    assert dog in (desk / "gallery" / "index.html").read_text()
    command("open --print")
    assert len(opened) == 1


def test_what_is_removed_leaves_nothing_and_the_rest_as_it_was(desk):
    before = contents(desk / "gallery")
    (dog,) = names("dog")
    result = command("remove dog --dry-run")
    assert result.stdout == f"{dog}\n" and contents(desk / "gallery") == before
    assert command("remove dog").stdout == f"{dog}\n"
    after = contents(desk / "gallery")
    assert not [name for name in after if dog in name] and dog not in after["index.html"].decode()
    assert not [name for name, data in after.items() if dog.encode() in data]
    made = ("index.html", "data/")
    rest = {name: data for name, data in before.items() if dog not in name and not name.startswith(made)}
    gone = rest.keys() - after.keys()
    assert {name.partition("/")[0] for name in gone} == {"photos"} and len(gone) == 1  # of the dog
    assert all(after[name] == rest[name] for name in rest.keys() - gone)
    assert all(finding.state == "sound" for finding in verify(desk / "gallery"))


def test_a_list_of_names_comes_from_a_file_or_from_stdin(desk):
    Path("favorites.txt").write_text(f"\ufeff{names('dog')[0]}\r\n\n", "utf-8")
    assert command("remove --from favorites.txt --dry-run").stdout.split() == names("dog")
    assert command("remove hard --from - --dry-run", input="dog\n").stdout.split() == [*names("hard"), *names("dog")]
    refused("remove --from nowhere.txt", "--from nowhere.txt: No such file")
    refused("remove --from -", "lists no artworks", input="\n")
    refused("remove", "no artworks are named")
    Path("bad.txt").write_bytes(b"\xff\xfe\x00")
    refused("remove --from bad.txt", "is no text")


def test_a_removal_that_fails_leaves_all_as_it_was(desk, monkeypatch):
    before, replace = contents(desk / "gallery"), Path.replace

    def fails(self, target):
        if self.suffix == ".webp" and "hard" in self.name:
            raise PermissionError(13, "Permission denied", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    result = command("remove dog hard")
    assert result.exit_code == 1 and "no permission" in result.stderr
    assert contents(desk / "gallery") == before


def test_what_a_killed_removal_left_goes_with_the_next_one_that_writes(desk):
    script = (
        "import os, sys; from pathlib import Path; from artkit.gallery import removal, pending\n"
        "from artkit.gallery.find import find\n"
        "real = Path.replace\n"
        "def once(self, target):\n"
        "    real(self, target)\n"
        "    os._exit(9)\n"
        "Path.replace = once\n"
        "removal.remove(Path('gallery'), [find('dog', Path('gallery'))])\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False, cwd=desk)
    assert any(finding.state != "sound" for finding in verify(desk / "gallery"))
    page(desk / "gallery")
    assert not [name for name in contents(desk / "gallery") if "dog" in name]
    assert [finding.state for finding in verify(desk / "gallery")] == ["sound"] * 2


def test_a_record_of_a_newer_artkit_is_not_removed(desk):
    (record,) = (desk / "gallery" / "records").glob("*dog*")
    record.write_text(json.dumps(json.loads(record.read_text()) | {"schema": 99}))
    before = contents(desk / "gallery")
    refused("remove dog", "a newer artkit may read it", status=1)
    assert contents(desk / "gallery") == before


def test_a_record_cannot_have_another_artworks_thumbnail_removed(desk):
    (dog,), (cat, _) = names("dog"), names("cat")
    path = desk / "gallery" / "records" / f"{dog}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"thumbnail": f"thumbnails/{cat}.webp"}))
    assert command("remove dog").exit_code == 0
    assert (desk / "gallery" / "thumbnails" / f"{cat}.webp").is_file()


def test_a_photo_goes_with_the_last_artwork_made_of_it(desk):
    folder = desk / "gallery"
    first, second = (add(folder, 10, "cow.jpg", sha="ab" * 32, preset=preset) for preset in ("soft", "hard"))
    photo = folder / pending.photo_of(first, folder)
    assert photo.name.startswith("ab" * 8) and pending.photo_of(second, folder) == f"photos/{photo.name}"
    command(["remove", first.name])
    assert photo.is_file()
    command(["remove", second.name])
    assert not photo.exists()


def _adds(folder: Path, number: int) -> None:
    for i in range(50):
        add(folder, number * 30 + i % 30, f"photo {number} {i}.jpg")
        refresh(folder)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs forks")
def test_of_fifty_artworks_by_each_of_eight_processes_four_hundred_are_listed(desk):
    folder, context = desk / "many", multiprocessing.get_context("fork")
    processes = [context.Process(target=_adds, args=(folder, number)) for number in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    listed = command("list --names --gallery many").stdout.split()
    assert len(listed) == len(set(listed)) == 400
    assert {finding.state for finding in verify(folder)} == {"sound"}
    shown = "".join(path.read_text() for path in (folder / "data").glob("*.js"))
    assert all(name in shown for name in listed) and "400" in (folder / "index.html").read_text("utf-8")
    assert not (folder / ".artkit").exists()


def test_leftovers_are_told_and_removed_and_nothing_else(desk):
    folder = desk / "gallery"
    before = contents(folder)
    left = {
        "thumbnails/gone-soft-123456.webp": 3,
        "thumbnails/gone-soft-123456.small.webp": 3,
        "details/gone-soft-123456.js": 3,
        "photos/0123456789abcdef-123456.webp": 3,
        "data/00009.js": 3,
        ".artkit-0123456789abcdef.part": 3,
        "photos/.artkit-0123456789abcdef.part": 3,
        ".artkit/.artkit-0123456789abcdef.part/artwork": 3,
    }
    mine = {"mine.txt": b"a", "photos/mine.webp": b"a", "thumbnails/mine.jpg": b"a", "lost-soft-123456.png": b"a"}
    for name, data in {**dict.fromkeys(left, b"abc"), **mine}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    dirty = contents(folder)
    told = command("clean --dry-run")
    assert told.stderr == f"{len(left)} leftovers, {3 * len(left)} bytes; nothing was removed\n"
    assert contents(folder) == dirty
    assert command("clean").stderr == f"{len(left)} leftovers, {3 * len(left)} bytes removed\n"
    assert contents(folder) == before | mine
    assert command("clean").stderr == "nothing to clean\n"


def test_what_records_that_cannot_be_read_may_need_is_no_leftover(desk):
    folder = desk / "gallery"
    for path in (folder / "records").glob("*.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 99}))
    before = contents(folder)
    assert command("clean").stderr == "nothing to clean\n"
    assert contents(folder) == before


def test_a_page_in_a_place_that_cannot_be_written_is_one_line_and_nothing_is_lost(desk, monkeypatch):
    before = contents(desk / "gallery")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", "gallery")

    monkeypatch.setattr("artkit.export.parts.part", refuse)
    monkeypatch.setattr("artkit.export.parts.folder_part", refuse)
    refused("build", "no permission to write", status=1)
    refused("remove dog", "no permission to write", status=1)
    assert contents(desk / "gallery") == before
    assert len(names("")) == 3


def test_what_several_changes_make_of_the_page_is_as_it_is_made_anew(desk):
    image = Image(np.full((12, 16, 3), 200, np.uint8))
    origin = replace(provenance(Recipe.parse(RECIPE, "soft.toml").checked), changes={"seed": "3", "colors": "6"})
    gallery.add(desk / "gallery", image, origin=origin, photo=image, photo_name="a.jpg", photo_sha256="00", seconds=1.0)
    refresh(desk / "gallery")
    before = contents(desk / "gallery")
    assert {finding.state for finding in verify(desk / "gallery")} == {"sound"}
    page(desk / "gallery")
    made = {name: data for name, data in contents(desk / "gallery").items() if not name.startswith("data/")}
    assert {name: before[name] for name in made} == made
