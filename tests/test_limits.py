"""Limits: each is stated, holds, names itself and how it is raised; and nothing reaches for the network."""

from __future__ import annotations

import io
import os
import socket
import struct
import subprocess
import sys
import zlib
from math import inf
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.artwork.image import Image
from artkit.artwork.photo import read
from artkit.artwork.quiet import quiet
from artkit.cli import app
from artkit.cli.frame import visible
from artkit.cli.limits import _shown
from artkit.errors import LimitError, PhotoError, RecipeError, UsageError
from artkit.limits import LIMITS, limit, refusal, within
from artkit.run.library import apply

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def _no_limits_of_the_users_own(monkeypatch):
    for name in os.environ.keys() & {known.variable for known in LIMITS.values()} | {"ARTKIT_LIMITS"}:
        monkeypatch.delenv(name, raising=False)


def encoded(picture, kind="PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG of 8 x 8 pixels whose header says another size."""
    data = bytearray(encoded(Pillow.new("L", (8, 8))))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


_DOT = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0;"


def gif_of(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + _DOT


@pytest.mark.parametrize("name", LIMITS)
def test_a_variable_sets_its_limit_and_none_takes_it_away(name, monkeypatch):
    known = LIMITS[name]
    assert limit(name) == known.usual >= known.service
    monkeypatch.setenv("ARTKIT_LIMITS", "service")
    assert limit(name) == known.service < inf
    for text, value in (("7", 7), ("1.5k", 1500), ("2M", 2e6), ("3g", 3e9), ("none", inf)):
        monkeypatch.setenv(known.variable, text)
        assert limit(name) == value
    within(name, 1e30, "this is")


@pytest.mark.parametrize("text", ["0", "-5", "many", "1e9", "٥", "5 M", "9" * 99, "0x10", "nan", "inf"])
def test_what_is_no_limit_is_said(text, monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_PIXELS", text)
    with pytest.raises(UsageError, match=r"ARTKIT_MAX_PIXELS=.*: is no number above 0; write"):
        limit("pixels")
    monkeypatch.setenv("ARTKIT_LIMITS", text)
    with pytest.raises(UsageError, match="use usual or service"):
        limit("file")


def test_a_refusal_names_its_limit_what_helps_and_how_it_is_raised():
    with pytest.raises(LimitError) as error:
        within("pixels", 1e9, "it has", "scale it down")
    assert str(error.value) == (
        "it has 1,000 megapixels; the limit is 180 megapixels: scale it down, or raise it with ARTKIT_MAX_PIXELS=N"
    )
    assert error.value.limit == "pixels" and refusal("depth", "x").exit_code == 1


def test_the_documented_table_is_the_one_that_holds():
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    for known in LIMITS.values():
        usual, service = (_shown(amount, known.unit) for amount in (known.usual, known.service))
        assert f"| `{known.variable}` | {usual} | {service} | {known.of} |\n" in text


def test_the_command_shows_what_holds(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_FRAMES", "77")
    shown = CliRunner().invoke(app, ["limits"])
    assert shown.exit_code == 0 and "77 frames" in shown.stdout
    assert all(known.variable in shown.stdout for known in LIMITS.values())
    assert '"now": 77' in CliRunner().invoke(app, ["limits", "--json"]).stdout


def test_a_picture_is_refused_by_its_header(monkeypatch):
    with pytest.raises(PhotoError, match=r"60000 x 60000 pixels: 3,600 mega.* limit is 180 .*ARTKIT_MAX_PIXELS"):
        read(png_of(60000, 60000))
    monkeypatch.setenv("ARTKIT_MAX_PIXELS", "50")
    with pytest.raises(PhotoError, match="the limit is 50 pixels"):
        read(encoded(Pillow.new("RGB", (8, 8))))
    with pytest.raises(PhotoError, match="the limit is 50 pixels"):  # by tifffile, which Pillow leaves it to
        read(float_tiff())


def float_tiff() -> bytes:
    import imageio.v3 as imageio

    return bytes(imageio.imwrite("<bytes>", np.zeros((9, 9), np.float32), extension=".tiff"))


@pytest.mark.slow
def test_few_bytes_that_come_to_many_pixels_are_refused_unless_they_are_to_be_small():
    with pytest.raises(PhotoError, match=r"13000 x 13000 pixels: of \d+ bytes.*--size"):
        read(gif_of(13000, 13000))
    image = read(gif_of(13000, 13000), size=64)
    assert 128 <= max(image.width, image.height) < 200


def test_what_is_reduced_while_it_is_decoded_is_the_mean_of_squares(monkeypatch):
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (90, 130, 4), dtype=np.uint8)
    data = encoded(Pillow.fromarray(pixels))
    whole = read(data)
    monkeypatch.setattr("artkit.artwork.large.LARGE", 1000)
    monkeypatch.setattr("artkit.artwork.large.BAND", 130 * 12)
    small = read(data, size=13)
    assert (small.width, small.height) == (26, 18)
    alpha = whole.alpha[:5, :5].astype(float)
    wanted = (whole.pixels[:5, :5] * alpha[..., None]).sum((0, 1)) / alpha.sum()
    assert np.abs(small.pixels[0, 0] - wanted).max() <= 1.5
    assert abs(int(small.alpha[0, 0]) - alpha.mean()) <= 1
    assert (read(data, size=60).pixels == whole.pixels).all()  # no square fits


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_picture_lies_as_its_exif_says(orientation, monkeypatch):
    picture = Pillow.new("RGB", (80, 40))
    picture.paste((255, 0, 0), (0, 0, 40, 20))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    picture.save(file, "PNG", exif=exif)
    whole = read(file.getvalue())
    monkeypatch.setattr("artkit.artwork.large.LARGE", 1000)
    small = read(file.getvalue(), size=20)
    assert (small.height, small.width) == (whole.height // 2, whole.width // 2)
    assert (small.pixels == whole.pixels[::2, ::2]).all()


def test_memory_is_estimated_before_a_step_runs(monkeypatch):
    monkeypatch.setattr("artkit.run.steps.CERTAIN", 0)
    image = Image(np.zeros((100, 100, 3), np.uint8))
    assert apply("poster", image)
    monkeypatch.setenv("ARTKIT_MAX_MEMORY", "10k")
    with pytest.raises(
        LimitError, match=r"step \d+ \(.*\): 100 x 100 pixels take .* limit is 10 kB.*ARTKIT_MAX_MEMORY"
    ):
        apply("poster", image)
    monkeypatch.delenv("ARTKIT_MAX_MEMORY")
    monkeypatch.setattr("artkit.artwork.large.free_memory", lambda: 1000.0)
    with pytest.raises(LimitError, match="are free"):
        apply("poster", image)


def recipe(tmp_path: Path, *steps: str, more: str = "") -> Path:
    path = tmp_path / "r.toml"
    path.write_text("".join(f"[[steps]]\nop = {step}\n" for step in steps) + more)
    return path


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (['"resize"\nsize = 100000\nenlarge = true'], "makes 100000 x 100000 pixels, 10,000 megapixels"),
        (['"resize"\nsize = 6000\nenlarge = true', '"pad"\nmargin = 9000'], "makes 24000 x 24000"),
        (['"halftone-lines"\npage = "10000x10000mm"'], "lines of 0.3 mm on 9980 x 9980 mm may come to 166,0"),
        (['"resize"\nsize = 6000\nenlarge = true', '"rotate"\nangle = 40'], "makes 8453 x 8453"),
    ],
)
def test_steps_that_enlarge_without_end_are_refused_before(steps, told, tmp_path):
    with pytest.raises(LimitError, match=told) as error:
        apply(recipe(tmp_path, *steps), Image(np.zeros((8, 8, 3), np.uint8)))
    assert "raise it with ARTKIT_MAX_" in str(error.value)


def test_frames_steps_recipes_and_regions_are_bounded(tmp_path, monkeypatch):
    noise = Image(np.random.default_rng(1).integers(0, 256, (20, 20, 3), dtype=np.uint8))
    moving = recipe(tmp_path, '"blur"', more='[animate]\nframes = 50\nvary = { "blur.size" = [1, 9] }\n')
    monkeypatch.setenv("ARTKIT_MAX_FRAMES", "40")
    with pytest.raises(LimitError, match="50 frames; the limit is 40 frames"):
        apply(moving, noise)
    monkeypatch.setenv("ARTKIT_MAX_STEPS", "3")
    with pytest.raises(RecipeError, match="4 steps; the limit is 3 steps"):
        apply(recipe(tmp_path, *['"flip"'] * 4), noise)
    monkeypatch.setenv("ARTKIT_MAX_RECIPE", "100")
    with pytest.raises(LimitError, match="ARTKIT_MAX_RECIPE"):
        apply(recipe(tmp_path, '"flip"', more="#" * 100), noise)
    monkeypatch.setenv("ARTKIT_MAX_REGIONS", "9")
    with pytest.raises(LimitError, match="ARTKIT_MAX_REGIONS"):
        apply(recipe(tmp_path, '"trace"\nlayers = "stacked"\ncurves = "pixel"'), noise)


@pytest.mark.parametrize("text", ["[a" + ".a" * 3000 + "]", "a = " + "[" * 20000])
def test_what_is_nested_too_deeply_is_no_recipe(text, tmp_path):
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match="nested too deeply"):
        apply(path, Image(np.zeros((8, 8, 3), np.uint8)))


def test_a_stream_without_an_end_is_refused(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_FILE", "1M")
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero")
    with pytest.raises(LimitError, match="/dev/zero: is larger than 1 MB"):
        read("/dev/zero")


def test_libtiff_says_nothing_by_itself(capfd):
    file = io.BytesIO()
    Pillow.fromarray(np.arange(4800, dtype=np.uint8).reshape(40, 40, 3)).save(file, "TIFF", compression="tiff_lzw")
    data = bytearray(file.getvalue())
    for at in range(20, len(data), 40):
        data[at] ^= 0x55
        try:
            read(bytes(data))
        except PhotoError as error:
            assert "\n" not in str(error)
    assert capfd.readouterr().err == ""


def test_what_is_said_meanwhile_is_given_back(capfd):
    with quiet() as said:
        os.write(2, b"one\ntwo\n")
    os.write(2, b"three\n")
    assert said == ["one", "two"] and capfd.readouterr().err == "three\n"


def test_names_cannot_move_the_cursor():
    assert visible("a\x1b[2Jb\u202ec\r\nd") == r"a\x1b[2Jb\u202ec\r\nd"
    assert visible("Ärger, 猫, a b") == "Ärger, 猫, a b"
    assert len(visible("x" * 99999)) < 1100


@pytest.mark.slow
def test_a_command_ends_when_its_time_is_up(tmp_path):
    code = (
        "import time, artkit.cli, artkit.cli.demo as demo, artkit.cli.make\n"
        "artkit.cli.demo.read_photo = lambda *a, **k: time.sleep(60)\n"
        "artkit.cli.main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "demo"], capture_output=True, text=True, timeout=50, check=False, cwd=tmp_path,
        env={**os.environ, "ARTKIT_MAX_SECONDS": "0.5", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == "Error: took longer than 0.5 s; raise it with ARTKIT_MAX_SECONDS\n"


def test_the_guard_of_the_network_is_up():
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("127.0.0.1", 9))


@pytest.mark.slow
def test_nothing_reaches_for_the_network(photo_file, tmp_path, monkeypatch):
    svg = tmp_path / "a.svg"
    svg.write_text(
        '<!DOCTYPE svg SYSTEM "http://127.0.0.1/x.dtd"><svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><?xml-stylesheet href="http://127.0.0.1/a.css"?>'
        '<style>@import url(http://127.0.0.1/b.css);</style><image href="http://127.0.0.1/c.png"/>'
        '<use xlink:href="http://127.0.0.1/d.svg#e"/><path d="M1 1L8 8" stroke="url(http://127.0.0.1/f.svg#g)"/></svg>'
    )
    lines = [["apply", "poster", str(photo_file), "-o", "a1.svg"], ["plot", str(svg), "-o", "a2.svg"],
             ["apply", "poster", str(photo_file), "--gallery", "g"], ["presets"], ["ops"]]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for line in lines:
        result = CliRunner().invoke(app, line)
        assert result.exit_code == 0, result.output
