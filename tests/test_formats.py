"""Formats: the table of writers is sound, and other packages add to it by the entry-point group `artkit.formats`."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

from artkit.artwork import formats
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing, Layer, Page, Path, Shape
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.export import check, encode, suffixes

COUNTER = '''
from collections.abc import Callable, Mapping
from typing import BinaryIO
from artkit import Drawing

def write(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Callable[[str], None]) -> None:
    """Write the number of shapes."""
    note("shapes only")
    file.write(f"{metadata.get('title', '')}{sum(1 for _ in drawing.shapes)}".encode())

def write_size(picture: "Image | Labels", file, metadata, note):
    file.write(f"{picture.width}x{picture.height} {type(picture).__name__}".encode())

from artkit import Image, Labels
'''

RING = Path(np.array([[1, 1], [9, 1], [9, 9]], float))
DRAWING = Drawing(10, 10, [Layer([Shape([RING], "#ff0000"), Shape([RING], None, "#000000")], "pen", 0.5)])
PICTURE = Image(np.zeros((2, 3, 3), np.uint8))


@pytest.fixture
def install(tmp_path, monkeypatch) -> Callable[..., None]:
    """Give a function that puts a distribution with a module and entry points on the path."""

    def forget() -> None:
        formats._entries.cache_clear()
        formats._plugin.cache_clear()

    def install(text: str, entries: dict[str, str]) -> None:
        made = tmp_path / "stranger-1.0.dist-info"
        made.mkdir()
        (made / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n", "utf-8")
        lines = "".join(f"{name} = {value}\n" for name, value in entries.items())
        (made / "entry_points.txt").write_text(f"[{formats.ENTRY_POINTS}]\n{lines}", "utf-8")
        (tmp_path / "stranger_format.py").write_text(text, "utf-8")
        monkeypatch.delitem(sys.modules, "stranger_format", raising=False)
        monkeypatch.syspath_prepend(str(tmp_path))
        forget()

    yield install
    forget()


@pytest.mark.parametrize(
    "name",
    sorted(
        {*(name for row in formats.WRITERS.values() for name in row.values()), *(n for _, n in formats.TURNED.values())}
    ),
)
def test_every_name_in_the_table_is_a_function(name):
    assert callable(formats.named(name))


def test_a_format_of_another_package_is_a_format_like_any_other(install, tmp_path):
    install(COUNTER, {".count": "stranger_format:write", "size": "stranger_format:write_size"})
    told: list[str] = []
    assert encode(DRAWING, ".count", metadata={"title": "Two: "}, note=told.append) == b"Two: 2"
    assert told == ["shapes only"]
    assert DRAWING.save(tmp_path / "drawing.Count").read_bytes() == b"2"
    assert suffixes(DRAWING)[:4] == (".svg", ".svgz", ".pdf", ".eps") and suffixes(DRAWING)[-1] == ".count"
    check(Drawing, "a.count")
    assert formats.broken() == {}


def test_a_writer_takes_the_types_that_its_first_parameter_says(install):
    install(COUNTER, {".count": "stranger_format:write", "size": "stranger_format:write_size"})
    labels = Labels(np.zeros((2, 3), np.int32), np.zeros((1, 3), np.uint8))
    assert encode(PICTURE, ".size") == b"3x2 Image" and encode(labels, ".size") == b"3x2 Labels"
    with pytest.raises(UsageError, match=r"a drawing cannot be written as \.size; use \.svg, .*, \.tiff, \.count$"):
        encode(DRAWING, ".size")
    with pytest.raises(UsageError, match=r"an animation cannot be written as \.count; use \.gif"):
        encode(Animation(1, lambda i: PICTURE), ".count")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def other(): ...", "AttributeError: module 'stranger_format' has no attribute 'write'"),
        ("def write(number: int, file, metadata, note): ...", "TypeError: its first parameter is no artwork but"),
        ("def write(): ...", "StopIteration"),
    ],
)
def test_one_that_is_broken_explains_itself_and_breaks_nothing_else(install, text, reason):
    install(text, {".count": "stranger_format:write"})
    assert formats.broken()[".count"].startswith(f"stranger_format:write: {reason}")
    with pytest.raises(UsageError, match=r"^art\.count: what writes \.count is broken: stranger_format:write: .*mend"):
        check(DRAWING, "art.count")
    assert suffixes(DRAWING) == tuple(formats.WRITERS["Drawing"]) and encode(DRAWING, ".svg")


def test_what_artkit_writes_itself_no_other_package_replaces(install):
    install(COUNTER, {".svg": "stranger_format:write"})
    assert encode(DRAWING, ".svg").startswith(b"<svg")


@pytest.mark.parametrize(
    "drawing",
    [
        DRAWING,
        DRAWING.replace(page=Page(50, 50, 2.0, (5, 5))),
        Drawing(10, 10, [Layer([Shape([RING._replace(closed=False)], None, "#000000")], "pen")], page=Page(20, 20)),
    ],
    ids=["in pixels", "on a page", "for a pen"],
)
def test_what_is_saved_is_what_the_text_says(drawing, tmp_path):
    text = drawing.to_svg()
    assert drawing.save(tmp_path / "x.svg").read_bytes() == text.encode() == drawing.to_bytes(".svg")
