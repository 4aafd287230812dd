"""Addresses are read whole or refused in one line; what is written in a store is there whole or not at all."""

from __future__ import annotations

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.source import data_of
from artkit.batch import Batch, found
from artkit.batch.plan import BASE
from artkit.cli import app
from artkit.errors import ArtkitError, LimitError, UsageError
from artkit.recipe import find
from artkit.remote import store, web
from artkit.remote.address import address_of, name_of, path_of


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """In place of that of all tests: a server listens on loopback, and nothing here names another host."""


def png(seed: int = 0) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    Pillow.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


FILES = {
    "/a%20cat.png": png(),
    "/list.txt": b"# photos\na cat.png\nhttp://HOST/photo?id=3\n",
    "/rude.txt": b"/etc/passwd\n",
    "/large.png": bytes(5000),
    "/page": b"<!DOCTYPE html>",
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        moved = {"/there": "/a%20cat.png", "/disk": "file:///etc/passwd", "/round": "/round"}
        if self.path in moved:
            self.send_response(302)
            self.send_header("Location", moved[self.path])
            self.end_headers()
            return
        data = FILES["/a%20cat.png"] if self.path == "/photo?id=3" else FILES.get(self.path, b"")
        data = data.replace(b"HOST", f"127.0.0.1:{self.server.server_address[1]}".encode())
        self.send_response(200 if data else 404)
        self.send_header("Content-Length", str(len(data) + (self.path == "/page")))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("place", "address", "name"),
    [
        ("s3://bucket/in/cat 1#%20?.jpg", "s3://bucket/in/cat 1#%20?.jpg", "cat 1#%20?.jpg"),
        ("S3:/bucket/out", "s3://bucket/out", "out"),
        ("https://example.org/a%20cat.png?size=3#x", "https://example.org/a%20cat.png?size=3#x", "a cat.png"),
        ("https://example.org", "https://example.org", "example.org"),
        ("C:\\photos\\cat.jpg", "", None),
        ("photos/cat.jpg", "", "cat.jpg"),
        ("file:///tmp/a%20cat.jpg", "", "a cat.jpg"),
    ],
)
def test_an_address_is_told_from_a_path_and_survives_being_made_one(place, address, name):
    assert address_of(place) == address
    assert name is None or name_of(place) == name
    if address and "//" not in address.partition("://")[2]:
        assert address_of(Path(address)) == address


def test_a_file_address_is_a_path():
    assert path_of("file:///tmp/a%20cat.jpg") == path_of("file://localhost/tmp/a%20cat.jpg") == "/tmp/a cat.jpg"
    assert path_of("a%20cat.jpg") == "a%20cat.jpg"


def test_a_photo_of_the_web_gives_the_artwork_of_its_file(site, tmp_path):
    for name, place in (("here", tmp_path / "a cat.png"), ("there", f"{site}/there")):
        (tmp_path / "a cat.png").write_bytes(png())
        done = CliRunner().invoke(app, ["trace", str(place), "-o", str(tmp_path / f"{name}.svg")])
        assert done.exit_code == 0, done.output
    assert (tmp_path / "here.svg").read_bytes() == (tmp_path / "there.svg").read_bytes()


def test_a_list_of_the_web_names_what_is_beside_it_and_no_file_of_here(site):
    assert found([f"{site}/list.txt"]) == [f"{site}/a%20cat.png", f"{site}/photo?id=3"]
    assert [data_of(photo) for photo in found([f"{site}/list.txt"])] == [png()] * 2
    with pytest.raises(UsageError, match=r"rude\.txt: names /etc/passwd, and a list from elsewhere"):
        found([f"{site}/rude.txt"])


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/none.png", r"cannot be read \(the server answers 404 Not Found\); check the address"),
        ("/disk", r"cannot be read \(the server answers 302"),
        ("/round", r"cannot be read \(the server answers 302"),
        ("/page", r"cannot be read \(it ends 1 bytes too soon\)"),
        ("/large.png", "is larger than 4 kB; the limit is 4 kB"),
    ],
)
def test_what_the_web_does_not_give_is_one_line(site, path, why, monkeypatch, tmp_path):
    monkeypatch.setenv("ARTKIT_MAX_FILE", "4k")
    done = CliRunner().invoke(app, ["trace", f"{site}{path}", "-o", str(tmp_path / "a.svg")])
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1, done.output
    assert done.stderr.startswith(f"Error: {site}{path}: ")
    with pytest.raises(ArtkitError, match=why):
        web.read(f"{site}{path}")
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_not_there_is_one_line():
    with pytest.raises(ArtkitError, match=r"cannot be read \(.*refused\); check the address and the network"):
        web.read("http://127.0.0.1:1/cat.png")


@pytest.fixture
def memory():
    files = pytest.importorskip("fsspec", reason="fsspec is not installed").filesystem("memory")
    yield files
    files.store.clear()


def test_photos_are_found_in_a_store_hidden_ones_not(memory):
    for name in ("b.jpg", "a.png", "deep/c.webp", ".hidden/d.jpg", ".e.jpg", "notes.md", "list.txt"):
        memory.pipe_file(f"/in/{name}", b"deep/c.webp\n" if name == "list.txt" else b"x")
    assert found(["memory://in/"]) == [f"memory://in/{name}" for name in ("a.png", "b.jpg", "deep/c.webp")]
    assert found(["memory://in/**/*.[jw]*"]) == ["memory://in/b.jpg", "memory://in/deep/c.webp"]
    assert found(["memory://in/"], gallery="memory://in/deep") == ["memory://in/a.png", "memory://in/b.jpg"]
    assert found(["memory://in/list.txt"]) == ["memory://in/deep/c.webp"]
    assert found(["memory://in/gone.jpg"]) == ["memory://in/gone.jpg"]
    assert found(["memory://none/"], empty=True) == []
    with pytest.raises(UsageError, match="memory://none/: no photo is there"):
        found(["memory://none/"])


def test_a_file_in_a_store_is_there_whole_or_not_at_all(memory, monkeypatch):
    store.write("memory://out/a", b"before")

    def half(path: str, data: bytes) -> None:
        type(memory).pipe_file(memory, path, data[:2])
        raise OSError(28, "no room is left")

    monkeypatch.setattr(memory, "pipe_file", half)
    with pytest.raises(ArtkitError, match=r"^memory://out/a: cannot be written \(.*no room is left\)$"):
        store.write("memory://out/a", b"after")
    assert memory.find("/out") == ["/out/a"] and memory.cat_file("/out/a") == b"before"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(memory, monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_FILE", "4k")
    memory.pipe_file("/in/a.png", bytes(5000))
    monkeypatch.setattr(memory, "cat_file", None)
    with pytest.raises(LimitError, match=r"^memory://in/a\.png: is larger than 4 kB"):
        data_of("memory://in/a.png")


def test_memory_is_estimated_by_a_photos_first_bytes_unless_its_store_is_silent(memory, tmp_path, monkeypatch):
    batch = Batch([find("otsu-rgb")], tmp_path)
    (tmp_path / "a.png").write_bytes(png())
    memory.pipe_file("/in/a.png", png())
    assert batch.memory_of("memory://in/a.png") == batch.memory_of(str(tmp_path / "a.png")) > BASE
    assert batch.memory_of("memory://in/none.png") == BASE

    def silent(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(memory, "cat_file", silent)
    with pytest.raises(store.NoAnswerError, match=r"^memory://in/a\.png: the store does not answer"):
        batch.memory_of("memory://in/a.png")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("batch otsu-rgb --photos gs://b/in/", "gs://b/in/: gs:// needs a driver: pip install gcsfs"),
        ("batch otsu-rgb --photos x.png --gallery https://a.org/g", "https://a.org/g: nothing is written there; name"),
        ("batch otsu-rgb --photos nope://b/in/", "nope://b/in/: nothing reads nope://; use s3://, gs://, https:// or"),
        (
            "apply otsu-rgb x.png --gallery s3://b/out",
            "--gallery s3://b/out: only artkit batch adds to a gallery",
        ),
        ("gallery list --gallery s3://b/out", "--gallery s3://b/out: only artkit batch adds to a gallery"),
    ],
)
def test_what_cannot_be_is_one_line(words, why, memory, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.png").write_bytes(png())
    done = CliRunner().invoke(app, words.split(), prog_name="artkit")
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1, done.output
    assert why in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


@pytest.mark.slow
def test_a_store_without_fsspec_is_one_line(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    with pytest.raises(UsageError, match=r"^s3://b/a.png: s3:// needs a driver: pip install 'artkit\[cloud\]'$"):
        data_of("s3://b/a.png")
