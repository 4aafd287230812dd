"""`artkit gallery export` and `import`: the same bytes elsewhere, and of a hostile zip nothing at all."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from galleries import add, contents
from typer.testing import CliRunner

from artkit.cli import app
from artkit.gallery import page
from artkit.gallery.dates import dated, time_of
from artkit.gallery.passive import fault_of
from artkit.gallery.verify import verify

ROOT = Path(__file__).parent.parent
TOP = "artkit-gallery/"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A folder with a gallery of two artworks, which have records of another time, and its zip."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARTKIT_GALLERY", raising=False)
    for i, shade in enumerate((90, 120)):
        record = add(tmp_path / "gallery", shade, f"cat {shade}.jpg")
        time = 1_600_000_000_123_456_700 + i * 1000
        os.utime(tmp_path / "gallery" / "records" / f"{record.name}.json", ns=(time, time))
    page(tmp_path / "gallery")
    assert command("export --all -o all.zip").stdout == "all.zip\n"
    return tmp_path


def command(line: list[str] | str, **how):
    words = line.split() if isinstance(line, str) else line
    return CliRunner().invoke(app, ["gallery", *words], prog_name="artkit", **how)


def refused(line: str, told: str, status: int = 1) -> None:
    result = command(line)
    assert result.exit_code == status and result.stdout == "", result.output
    assert re.fullmatch(rf"Error: [^\n]*{told}[^\n]*\n", result.stderr), result.stderr


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(files: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def artworks(folder: Path) -> dict[str, bytes]:
    """What a gallery keeps of its artworks: all but the page and what it loads."""
    made = ("index.html", "data/", "details/")
    return {name: data for name, data in contents(folder).items() if not name.startswith(made)}


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "records").iterdir()}


def test_export_and_import_into_another_gallery_give_the_same_bytes_and_records(desk):
    result = command("import all.zip --gallery other")
    assert result.exit_code == 0 and result.stderr == "2 new\n" and len(result.stdout.split()) == 2
    assert artworks(desk / "other") == artworks(desk / "gallery")
    assert times(desk / "other") == times(desk / "gallery")
    assert {finding.state for finding in verify(desk / "other")} == {"sound"}
    before = contents(desk / "other")
    assert command("import all.zip --gallery other").stderr == "2 there already\n"
    assert contents(desk / "other") == before


def test_the_same_artworks_give_the_same_zip_wherever_and_whenever(desk, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    import time

    time.tzset()
    command("import all.zip --gallery other")
    command("export --all -o elsewhere.zip --gallery other")
    monkeypatch.delenv("TZ")
    time.tzset()
    assert Path("elsewhere.zip").read_bytes() == Path("all.zip").read_bytes()


def test_a_zip_is_a_gallery_when_it_is_unpacked(desk):
    with zipfile.ZipFile("all.zip") as archive:
        archive.extractall("unpacked")
    folder = desk / "unpacked" / TOP
    known = artworks(folder)
    assert known == artworks(desk / "gallery")
    text = (folder / "index.html").read_text("utf-8")
    assert all(Path(name).name in text for name in known if name.startswith("cat-"))
    assert not list(desk.rglob(".artkit*"))


def test_some_artworks_go_through_a_pipe(desk):
    one = command("export cat-90 -o -").stdout_bytes
    assert len([name for name in files_of(one) if "/records/" in name]) == 1
    result = command("import - --gallery other --json", input=one)
    assert result.exit_code == 0 and len(json.loads(result.stdout)["new"]) == 1
    assert command("import all.zip --gallery other --dry-run").stderr == "1 new, 1 there already; nothing was written\n"
    assert command("import all.zip --gallery other").stderr == "1 new, 1 there already\n"


def test_what_cannot_be_exported_is_told(desk):
    refused("export -o a.zip", "no artworks are named; name some", 2)
    refused("export cat --all -o a.zip", "--all takes all artworks", 2)
    refused("export cat -o a.zip", "2 artworks are called so", 2)
    refused("export --all -o no/a.zip", "there is no folder no")
    (artwork,) = (desk / "gallery").glob("cat-90*")
    artwork.write_bytes(artwork.read_bytes() + b" ")
    refused("export --all -o a.zip", "was changed since its record was written")
    artwork.unlink()
    refused("export cat-90 -o a.zip", "is missing: only its record is there")
    assert not Path("a.zip").exists() and not list(desk.glob(".artkit*"))


def test_other_bytes_of_the_same_name_are_refused_or_replaced(desk):
    command("import all.zip --gallery other")
    files = files_of(Path("all.zip").read_bytes())
    (path,) = [name for name in files if "cat-90" in name and name.endswith(".png")]
    record = f"{TOP}records/{Path(path).stem}.json"
    changed = files[path] + b" "
    from hashlib import sha256

    known = json.loads(files[record]) | {"sha256": sha256(changed).hexdigest(), "bytes": len(changed)}
    Path("new.zip").write_bytes(zipped(files | {path: changed, record: json.dumps(known).encode()}))
    before = contents(desk / "other")
    refused("import new.zip --gallery other", f"{Path(path).stem}: there are such artworks in other with other bytes")
    assert contents(desk / "other") == before
    assert command("import new.zip --gallery other --replace").stderr == "1 replaced, 1 there already\n"
    assert (desk / "other" / Path(path).name).read_bytes() == changed
    assert {finding.state for finding in verify(desk / "other")} == {"sound"}


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr, info.create_system = mode << 16, 3
    return info


def with_entry(data: bytes, name: str, content: bytes = b"x", mode: int = 0o100644) -> bytes:
    file = BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(entry(name, mode), content)
    return file.getvalue()


def changed(data: bytes, pattern: str, to: bytes | None) -> bytes:
    """The zip with other content, or none, in the one file whose name is found by the pattern."""
    files = files_of(data)
    (name,) = [name for name in files if re.search(pattern, name)]
    return zipped({key: to if key == name else value for key, value in files.items() if key != name or to is not None})


def record_with(data: bytes, **values: object) -> bytes:
    text = next(text for name, text in files_of(data).items() if "/records/cat-90" in name)
    return changed(data, "/records/cat-90", json.dumps(json.loads(text) | values).encode())


def encrypted(data: bytes) -> bytes:
    at = data.index(b"PK\1\2")
    return data[: at + 8] + b"\1\0" + data[at + 10 :]


def renamed(data: bytes) -> bytes:
    """The zip with an artwork called index.html, by its record as well."""
    files = files_of(data)
    record = next(name for name in files if "/records/cat-90" in name)
    known = json.loads(files[record])
    files[f"{TOP}evil-soft-123456.html"] = files.pop(f"{TOP}{known['file']}")
    files[f"{TOP}records/evil-soft-123456.json"] = json.dumps(known | {"file": "evil-soft-123456.html"}).encode()
    del files[record]
    return zipped(files)


HOSTILE = {
    "a path that leads out": (lambda z: with_entry(z, "../evil.txt"), "'../evil.txt' leads out of the folder"),
    "one that does within": (lambda z: with_entry(z, f"{TOP}a/../../b"), "leads out of the folder"),
    "an absolute path": (lambda z: with_entry(z, "/tmp/evil"), "'/tmp/evil' leads out of the folder"),
    "a path of Windows": (lambda z: with_entry(z, "C:\\evil"), "is no name for a file"),
    "a link": (lambda z: with_entry(z, f"{TOP}link", b"/etc/passwd", 0o120777), "link' is a link"),
    "a pipe": (lambda z: with_entry(z, f"{TOP}pipe", b"", 0o010644), "pipe' is no plain file"),
    "a file twice": (lambda z: with_entry(z, f"{TOP}INDEX.html"), "is in it twice"),
    "an encrypted one": (encrypted, "is encrypted"),
    "a text": (lambda z: b"no zip", "is no zip, or is damaged"),
    "nothing": (lambda z: b"", "is no zip, or is damaged"),
    "half of it": (lambda z: z[: len(z) // 2], "is no zip, or is damaged"),
    "no records": (lambda z: zipped({"a.txt": b"a"}), "holds no records of artworks"),
    "two galleries": (lambda z: with_entry(z, "b/records/x.json", b"{}"), "holds several galleries"),
    "a missing artwork": (lambda z: changed(z, "cat-90.*png$", None), r"cat-90.*\.png is missing in it"),
    "a missing thumbnail": (lambda z: changed(z, "thumbnails/cat-90[^/.]*[.]webp$", None), "is missing in it"),
    "another artwork": (lambda z: changed(z, "cat-90.*png$", b"x"), "is not what its record says"),
    "a thumbnail that is none": (lambda z: changed(z, "thumbnails/cat-90[^/.]*[.]webp$", b"<svg/>"), "is no picture"),
    "a record that is none": (lambda z: changed(z, "records/cat-90", b"{"), "records/cat-90.*json is no JSON"),
    "a large record": (lambda z: changed(z, "records/cat-90", b" " * (5 << 20)), "has more than 4 MB"),
    "a newer record": (lambda z: record_with(z, schema=99), "a newer artkit may read it"),
    "a record of another": (lambda z: record_with(z, file="other-soft-123456.png"), "has another name"),
    "a page as an artwork": (renamed, "is no name that artkit gives"),
    "another's thumbnail": (lambda z: record_with(z, thumbnail="thumbnails/dog-soft-123456.jpg"), "of another artwork"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_of_a_zip_with_a_fault_nothing_is_written(desk, case):
    make, told = HOSTILE[case]
    Path("bad.zip").write_bytes(make(Path("all.zip").read_bytes()))
    before = contents(desk)
    refused("import bad.zip --gallery other", told)
    assert contents(desk) == before and not Path("other").exists()


def test_damage_anywhere_in_an_artwork_is_found(desk):
    data = bytearray(Path("all.zip").read_bytes())
    at = data.index(b"\x89PNG")
    data[at + 40] ^= 1
    Path("bad.zip").write_bytes(data)
    refused("import bad.zip --gallery other", "is damaged in it")
    assert not Path("other").exists()


def test_a_zip_that_unpacks_without_end_is_refused_before_it_is_unpacked(desk, monkeypatch):
    Path("bomb.zip").write_bytes(
        with_entry(zipped(files_of(Path("all.zip").read_bytes()) | {f"{TOP}a": bytes(1 << 24)}), "b")
    )
    refused("import bomb.zip --gallery other", r"unpacks to [\d,]+ times its size, as no gallery does")
    monkeypatch.setenv("ARTKIT_MAX_ARCHIVE", "1k")
    refused("import all.zip --gallery other", "all.zip: unpacks to .* the limit is 1 kB.*ARTKIT_MAX_ARCHIVE=N")
    monkeypatch.setenv("ARTKIT_MAX_MEMBERS", "3")
    refused("import all.zip --gallery other", "all.zip: has .* files; the limit is 3 files")
    assert not Path("other").exists()


def test_a_directory_that_says_it_is_short_is_counted_all_the_same(desk, monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_MEMBERS", "100")
    data = bytearray(zipped({f"{i}": b"" for i in range(2000)}))
    data[-14:-10] = struct.pack("<HH", 1, 1)
    Path("many.zip").write_bytes(data)
    refused("import many.zip --gallery other", "many.zip: has .* the limit is 100 files")


def test_what_a_zip_holds_beside_is_left_out(desk):
    files = files_of(Path("all.zip").read_bytes())
    more = {
        "__MACOSX/x": b"a",
        f"{TOP}notes.txt": b"a",
        f"{TOP}data/evil.js": b"alert(1)",
        f"{TOP}index.html": b"<script>",
    }
    Path("more.zip").write_bytes(zipped({name.removeprefix(TOP): data for name, data in (files | more).items()}))
    assert command("import more.zip --gallery other").exit_code == 0
    assert artworks(desk / "other") == artworks(desk / "gallery")
    assert b"alert" not in b"".join(contents(desk / "other").values())


def test_a_gallery_is_not_written_through_links(desk):
    (desk / "away").mkdir()
    (desk / "other").mkdir()
    (desk / "other" / "records").symlink_to(desk / "away")
    refused("import all.zip --gallery other", "is a link, and a gallery keeps its files within")
    assert not list((desk / "away").iterdir())


def test_a_record_of_a_newer_artkit_and_a_file_of_ones_own_are_not_replaced(desk):
    command("import all.zip --gallery other")
    record = next((desk / "other" / "records").glob("cat-90*"))
    record.write_text(json.dumps(json.loads(record.read_text()) | {"schema": 99}))
    refused("import all.zip --gallery other --replace", "a newer artkit may read it; nothing was imported")
    record.unlink()
    refused("import all.zip --gallery other --replace", "is there already and has no record; nothing was imported")


def test_an_import_that_fails_leaves_all_as_it_was(desk, monkeypatch):
    add(desk / "other", 33, "dog.jpg")
    page(desk / "other")
    before, replace = contents(desk / "other"), Path.replace

    def fails(self, target):
        if target.parent.name == "records" and "120" in target.name:
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    refused("import all.zip --gallery other", "the disk is full")
    assert contents(desk / "other") == before


@pytest.mark.parametrize("k", [1, 3, 5])
def test_what_a_killed_import_left_is_ended_by_the_next_one_that_writes(desk, k):
    script = (
        "import os, sys; from pathlib import Path; from artkit.gallery.unpack import unpack\n"
        "real = Path.replace; left = [int(sys.argv[1])]\n"
        "def some(self, target):\n"
        "    real(self, target)\n"
        "    if self.name.isdecimal():\n"
        "        left[0] -= 1\n"
        "        if not left[0]: os._exit(9)\n"
        "Path.replace = some\n"
        "unpack(open('all.zip', 'rb'), 'all.zip', Path('other'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(k)], check=False, cwd=desk)
    assert done.returncode == 9
    page(desk / "other")
    assert artworks(desk / "other") == artworks(desk / "gallery") and times(desk / "other") == times(desk / "gallery")


def test_times_are_kept_as_exactly_as_a_zip_can():
    for time in (1_600_000_000_123_456_700, 10**18, 0, 315_532_800 * 10**9):
        assert time_of(dated("a", time)) == time
    info = dated("a", 1_600_000_001_500_000_000)
    info.extra = info.extra[:9]
    assert time_of(info) == 1_600_000_001 * 10**9
    info.extra = b"\x55\x54\xff\xff\1"
    assert abs(time_of(info) - 1_600_000_001 * 10**9) < 15 * 3600 * 10**9


def svg(inner: str, attributes: str = "") -> list[bytes]:
    return [f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inner}</svg>'.encode()]


ACTIVE = {
    "<script>1</script>": "has an element <script>",
    '<x:script xmlns:x="http://www.w3.org/2000/svg"/>': "has an element <script>",
    '<rect onload="x"/>': "has an attribute onload",
    "<foreignObject/>": "has an element <foreignobject>",
    '<image href="http://example.org/a.png"/>': "refers to another file",
    '<use xmlns:xlink="x" xlink:href="b.svg#a"/>': "refers to another file",
    '<image href="data:image/svg+xml,x"/>': "refers to another file",
    "<style>@import 'a.css';</style>": "refers to another file",
    '<rect fill="url( //example.org)"/>': "refers to another file",
    '<a href="#b"/>': "has an element <a>",
    '<set attributeName="xlink:href"/>': "animates a reference",
    "<g>": "is no sound XML",
    "<![CDATA[</svg>": "is no sound XML",
}


@pytest.mark.parametrize("inner", ACTIVE)
def test_an_svg_that_could_run_or_fetch_something_is_told(inner):
    assert fault_of(svg(inner)) == ACTIVE[inner]


def test_entities_and_other_encodings_hide_nothing():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
    assert fault_of([bomb]) == "has a document type"
    assert fault_of([svg("<script/>")[0].decode().encode("utf-16")]) == "has an element <script>"
    assert fault_of([b'<?xml-stylesheet href="a.css"?><svg/>']) == "names a style sheet"
    assert fault_of([b"\x1f\x8b broken"], packed=True) == "is no sound gzip"


def test_what_artkit_draws_is_taken():
    drawings = sorted((ROOT / "gallery" / "showcase").glob("*.svg"))
    assert len(drawings) > 10
    for path in drawings:
        assert fault_of([path.read_bytes()]) == "", path.name
    assert fault_of(svg('<use href="#a"/><rect fill="url(#b)"/><style>a{fill:url("#b")}</style>')) == ""
