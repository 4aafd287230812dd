"""Palette files: every kind gives its colors in their order, and what is no palette says so in one line."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from artkit.color.files import MOST, read
from artkit.errors import UsageError
from artkit.ops.trace import trace

RED, BLACK, BLUE = [255, 0, 0], [0, 0, 0], [0, 68, 204]


def swatches(*colors, blocks=None):
    """An .ase file of (name, model, values), in a group as Illustrator writes it."""

    def block(kind, body):
        return struct.pack(">HI", kind, len(body)) + body

    def text(name):
        return struct.pack(">H", len(name) + 1) + (name + "\0").encode("utf-16-be")

    made = [block(0xC001, text("inks"))]
    for name, model, values in colors:
        made.append(block(1, text(name) + model + struct.pack(f">{len(values)}f", *values) + struct.pack(">H", 2)))
    made.append(block(0xC002, b""))
    return b"ASEF" + struct.pack(">HHI", 1, 0, blocks or len(made)) + b"".join(made)


def saved(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


GOOD = {
    "plain.hex": "ff0000\n000000\n0044cc\n",
    "windows.hex": "\ufeffFF0000\r\n000000\r\n0044CC\r\n",
    "named.txt": "# inks of the press\nred\nBlack  # the key\n\n#04c\n",
    "paint-net.txt": "; paint.net Palette File\nFFFF0000\nFF000000\nFF0044CC\n",
    "noted.txt": "#ff0000 // warm\nrgb(0, 0, 0) ; dark\n#0044cc\n",
    "gimp.gpl": "GIMP Palette\nName: inks\nColumns: 3\n#\n255   0   0\tRed\n  0   0   0\n0 68 204 deep blue\n",
    "twice.gpl": "GIMP Palette\n255 0 0\n0 0 0\n255 0 0\n0 68 204\n",
    "swatches.ase": swatches(("a", b"RGB ", (1, 0, 0)), ("b", b"Gray", (0,)), ("c", b"RGB ", (0, 68 / 255, 0.8))),
    "table.act": bytes([255, 0, 0, 0, 0, 0, 0, 68, 204]) + bytes(759) + struct.pack(">HH", 3, 0xFFFF),
}


@pytest.mark.parametrize("name", GOOD)
def test_colors_come_in_the_order_of_the_file(tmp_path, name):
    assert read(saved(tmp_path, name, GOOD[name])).tolist() == [RED, BLACK, BLUE]


@pytest.mark.parametrize(
    ("model", "values", "color"),
    [
        (b"CMYK", (0, 0, 0, 0), (255, 255, 255)),
        (b"CMYK", (0, 1, 1, 0), (255, 0, 0)),
        (b"CMYK", (1, 1, 1, 0.5), (0, 0, 0)),
        (b"Gray", (0.5,), (128, 128, 128)),
        (b"LAB ", (1, 0, 0), (255, 255, 255)),
        (b"LAB ", (0, 0, 0), (0, 0, 0)),
        (b"LAB ", (0.5429, 80.81, 69.89), (255, 0, 0)),  # sRGB red in CIELAB under D50 (Lindbloom's calculator)
    ],
)
def test_swatches_of_every_model_become_srgb(tmp_path, model, values, color):
    found = read(saved(tmp_path, "a.ase", swatches(("ink", model, values))))[0]
    assert np.abs(found.astype(int) - color).max() <= 1


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("a.png", "", r"a\.png: no palette file; artkit reads \.gpl"),
        ("a.hex", "ff0000\n\nfoo\n", r"a\.hex:3: 'foo': no such color"),
        ("a.hex", "#12345\n", r"a\.hex:1: '#12345': no such color; write six hex digits"),
        ("a.txt", "# nothing\n", r"a\.txt: 0 colors; a palette has 1 to 256"),
        ("a.txt", "\n".join(f"{i:06x}" for i in range(MOST + 1)), r"257 colors"),
        ("a.txt", b"\x89PNG\0\0", r"a\.txt: not a text"),
        ("a.gpl", "255 0 0\n", r"a\.gpl: no GIMP palette"),
        ("a.gpl", "", r"a\.gpl: no GIMP palette"),
        ("a.gpl", "GIMP Palette\n255 0 256 x\n", r"a\.gpl:2: '255 0 256 x': want red"),
        ("a.gpl", "GIMP Palette\nred\n", r"a\.gpl:2: 'red': want red"),
        ("a.ase", "GIMP Palette\n", r"a\.ase: no Adobe swatches"),
        ("a.ase", GOOD["swatches.ase"][:60], r"a\.ase: cut short in block 3 of 5"),
        ("a.ase", swatches(("s", b"HSB ", (0, 0, 0))), r"a\.ase: swatch 's' is in 'HSB '; RGB"),
        ("a.ase", swatches(("s", b"RGB ", (0, float("nan"), 0))), r"a\.ase: swatch 's' has a value that is no number"),
        ("a.ase", swatches(("s", b"RGB ", (0, 0))), r"a\.ase: cut short"),
        ("a.act", b"\0" * 700, r"a\.act: 700 bytes; an Adobe color table has 768 or 772"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 80 else "data",
)
def test_what_is_no_palette_is_refused_in_one_line(tmp_path, name, data, complaint):
    with pytest.raises(UsageError, match=complaint) as refused:
        read(saved(tmp_path, name, data))
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.gpl: No such file"):
        read(tmp_path / "nowhere.gpl")


def test_every_cut_of_a_swatch_file_is_read_or_refused(tmp_path):
    whole = GOOD["swatches.ase"]
    for length in range(len(whole)):
        with pytest.raises(UsageError):
            read(saved(tmp_path, "cut.ase", whole[:length]))


def test_a_palette_is_given_by_names_by_a_file_or_by_both(tmp_path):
    inks = str(saved(tmp_path, "my inks, new.gpl", GOOD["gimp.gpl"]))
    check = trace.check
    assert check({"palette": inks})["palette"] == ("#ff0000", "#000000", "#0044cc")
    assert check({"palette": ["white", inks]})["palette"] == ("white", "#ff0000", "#000000", "#0044cc")
    assert check({"palette": "black, red,#0044cc"})["palette"] == ("black", "red", "#0044cc")
    with pytest.raises(UsageError, match="'redd': no such color; did you mean red"):
        check({"palette": "black,redd"})
    with pytest.raises(UsageError, match=r"lost\.ase: No such file"):
        check({"palette": "lost.ase"})


def test_a_palette_of_a_name_gives_its_colors_in_its_order():
    check = trace.check
    assert check({"palette": "game-boy"})["palette"] == ("#0f380f", "#306230", "#8bac0f", "#9bbc0f")
    assert check({"palette": "sunset, white"})["palette"][-1] == "white"
    with pytest.raises(UsageError, match="'sunst': no such color or palette; did you mean sunset"):
        check({"palette": "sunst"})
