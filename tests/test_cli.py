"""Every command of the command line: what it prints where, and the status it ends with."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw
from typer.testing import CliRunner

import artkit
from artkit.cli import app
from artkit.cli.frame import Late
from artkit.cli.parameters import is_flag, look
from artkit.errors import PhotoError, explained
from artkit.registry import all_ops

PAGODA = Path(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"

HEAVY = ["numpy", "scipy", "skimage", "sklearn", "imageio", "svgwrite", "cv2", "PIL", "rich", "pydantic"]

SOFT = """\
title = "Soft"
description = "One channel melts away."
[[steps]]
op = "channel-blur"
size = 9
[expose]
channel = "channel-blur.channel"
window = "channel-blur.size"
"""

BAD = """\
title = "Bad"
[[steps]]
op = "channel-blur"
sise = 9
[[steps]]
op = "kmens"
"""


@pytest.fixture
def desk(tmp_path: Path, photo_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a photo, a text, a sound and a bad recipe, and a home of its own for the user's presets."""
    (tmp_path / "text.png").write_text("not a picture")
    (tmp_path / "soft.toml").write_text(SOFT)
    (tmp_path / "bad.toml").write_text(BAD)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def picture(file) -> tuple[tuple[int, int], bytes]:
    """Size and pixels of a picture file."""
    with Pillow.open(file) as opened:
        return opened.size, opened.tobytes()


def artkit_command(line: str, **how):
    return CliRunner().invoke(app, line.split(), prog_name="artkit", **how)


# Command, status, what stdout and stderr must contain (regular expressions; "" is: nothing at all).
COMMANDS = [
    ("--version", 0, r"^artkit \d+\.\d+\.\d+\n$", ""),
    ("--help", 0, r"apply(.|\n)*demo(.|\n)*ops(.|\n)*presets(.|\n)*trace", ""),
    ("recipe soft.toml", 0, r"^schema = \d+\n(.|\n)*\n\[\[steps\]\]", ""),
    ("recipe poster --short", 0, r"op = \"trace\"", ""),
    ("config", 0, r"ARTKIT_PAGE=A3", ""),
    ("config path", 0, "", r"artkit.toml is not there"),
    ("config init", 0, r"^artkit.toml$", ""),
    ("limits", 0, r"ARTKIT_MAX_PIXELS", ""),
    ("machines", 0, r"axidraw", ""),
    ("batch soft.toml", 2, "", r"^Error: --photos is missing; "),
    ("batch soft.toml --photos hill.png --cluster tcp://h:1 -j 2", 2, "", r"^Error: --jobs and --memory are for this"),
    ("recipe hill.png", 2, "", r"^Error: hill\.png: carries no recipe"),
    ("recipe", 2, "", "Usage: artkit recipe"),
    ("recipe upgrade hill.png", 2, "", r"^Error: hill\.png: carries no recipe"),
    ("verify nowhere", 2, "", r"^Error: nowhere: no such file\n$"),
    ("verify hill.png", 1, r"hill\.png +orphaned", "0 of 1 sound"),
    ("reproduce nothing", 2, "", r"^Error: nothing: no such file, and gallery is no gallery"),
    ("gallery", 2, "", "Usage: artkit gallery"),
    ("gallery build", 2, "", r"^Error: gallery: is no gallery, there is no such folder; .*\n$"),
    ("gallery list", 2, "", r"^Error: gallery: is no gallery, there is no such folder; .*\n$"),
    ("gallery show x", 2, "", r"^Error: gallery: is no gallery, .*\n$"),
    ("gallery open", 2, "", r"^Error: gallery: is no gallery, .*\n$"),
    ("gallery serve", 2, "", r"^Error: gallery: is no gallery, .*\n$"),
    ("gallery export", 2, "", "-o is missing; write artkit gallery export"),
    ("gallery import", 2, "", "ZIP is missing; write artkit gallery import ZIP"),
    ("gallery import nowhere.zip", 2, "", r"^Error: nowhere.zip: no such file\n$"),
    ("gallery import hill.png", 1, "", r"^Error: hill.png: is no zip, or is damaged; .*\n$"),
    ("gallery clean", 2, "", r"^Error: gallery: is no gallery, .*\n$"),
    ("gallery remove", 2, "", r"^Error: no artworks are named; .*\n$"),
    ("", 2, "", "Usage: artkit"),
    ("aply", 2, "", r"^Error: aply: artkit has no such command; did you mean apply\?.*\n$"),
    ("apply --help", 0, r"poster .*\n(.|\n)*psychedelic", ""),
    ("apply postr hill.png", 2, "", r"^Error: no preset 'postr'; did you mean poster\?\n$"),
    ("apply nosuch.toml hill.png", 2, "", r"^Error: nosuch.toml: no such file; .*\n$"),
    (
        "apply bad.toml hill.png",
        2,
        "",
        r"^Error: bad.toml:4: .*sise.*did you mean size\?\nError: bad.toml:6: .*kmens.*\n$",
    ),
    ("apply -o a.png soft.toml hill.png", 2, "", r"^Error: -o: options come after the preset.*\n$"),
    ("apply soft.toml", 2, "", r"^Error: PHOTO is missing; .*\n$"),
    ("apply soft.toml --help", 0, r"--channel \[red\|green\|blue\](.|\n)*--window INTEGER(.|\n)*now|default: 9", ""),
    ("apply soft.toml hill.png -o a.png", 0, r"^a\.png\n$", ""),
    ("apply soft.toml hill.png", 0, r"^gallery.hill-soft-[0-9a-f]{6}\.png\n$", ""),
    ("apply soft.toml hill.png --gallery deep/er", 0, r"^deep.er.hill-soft-[0-9a-f]{6}\.png\n$", ""),
    ("apply soft.toml hill.png --channel blue --window 5 -o a.png", 0, r"^a\.png\n$", ""),
    ("apply soft.toml hill.png --window 8 -o a.png", 2, "", r"^Error: soft: window: 8 is even.*\n$"),
    ("apply soft.toml hill.png --window wide -o a.png", 2, "", r'^Error: soft: window: "wide".*\n$'),
    ("apply soft.toml hill.png --channel bleu -o a.png", 2, "", r"^Error: soft: channel: .*did you mean blue\?\n$"),
    ("apply soft.toml hill.png --set channel-blur.size=5 -o a.png", 0, r"^a\.png\n$", ""),
    ("apply soft.toml hill.png --set 1.size=5 --set 1.channel=blue -o a.png", 0, r"^a\.png\n$", ""),
    ("apply soft.toml hill.png --set size=5 -o a.png", 2, "", r"^Error: --set size=5: takes STEP.PARAM=VALUE.*\n$"),
    ("apply soft.toml hill.png --set 1.sise=5 -o a.png", 2, "", r"^Error: soft: .*did you mean size\?\n$"),
    ("apply soft.toml hill.png --wndow 5", 2, "", r"^Error: --wndow: .* did you mean --window\?.*\n$"),
    ("apply soft.toml hill.png --seed -1", 2, "", r"--seed"),
    ("apply soft.toml hill.png --size 0", 2, "", r"--size"),
    ("apply soft.toml hill.png --crop 1,2,3 -o a.png", 2, "", r"^Error: --crop 1,2,3: takes four whole numbers.*\n$"),
    ("apply soft.toml hill.png --crop 60,0,60,9 -o a.png", 2, "", r"^Error: .*72 x 48.*\n$"),
    ("apply soft.toml hill.png -o a.xyz", 2, "", r"^Error: .*a\.xyz.*\n$"),
    ("apply soft.toml hill.png -o a.png --gallery g", 2, "", r"^Error: .*one of the two\n$"),
    ("apply soft.toml hill.png hill.png -o a.png", 2, "", r"^Error: -o a.png: .*--gallery DIR.*\n$"),
    ("apply soft.toml hill.png -o - --json", 2, "", r"^Error: --json and -o - .*\n$"),
    ("apply soft.toml - -", 2, "", r"^Error: -: .*once\n$"),
    ("plot hill.png --preset contour-lines -o a.svg", 0, r"^pen +lines +points +drawn m(.|\n)*before(.|\n)*after", ""),
    ("plot hill.png -o a.svg", 2, "", r"^Error: hill\.png: is no SVG.*--preset.*\n$"),
    ("plot nosuch.svg", 1, "", r"^Error: nosuch\.svg: .*\n$"),
    ("export hill.png -o a.pdf", 0, r"^a\.pdf\n$", ""),
    ("export hill.png -o a.xyz", 2, "", r"^Error: -o a\.xyz: .*use \.pdf.*\n$"),
    ("apply soft.toml text.png -o a.png", 1, "", r"^Error: text\.png: .*\n$"),
    ("apply soft.toml hil.png -o a.png", 1, "", r"^Error: hil\.png: no such file; did you mean hill\.png\?\n$"),
    (
        "apply soft.toml text.png hill.png",
        1,
        r"^gallery.hill-soft-[0-9a-f]{6}\.png\n$",
        r"^Error: text\.png: .*\n1 of 2 ",
    ),
    ("apply soft.toml text.png hil.png --quiet", 1, "", r"^Error: text\.png: .*\nError: hil\.png: .*\n$"),
    ("presets", 0, r"poster .*\n(.|\n)*psychedelic", ""),
    ("presets list", 0, r"poster .*\n(.|\n)*psychedelic", ""),
    ("presets", 0, r"photo +vector .*\n(.|\n)*newsprint +print (.|\n)*tsp +pen (.|\n)*channels +article ", ""),
    ("presets --json", 0, r'"name": "poster"(.|\n)*"family": "vector"', ""),
    ("presets show soft.toml", 0, r"(?s)# soft\.toml\n# gives: Image\n# --channel .*channel-blur.*size = 9", ""),
    ("presets show soft.toml --json", 0, r'"sets": "channel-blur.size"', ""),
    ("presets show postr", 2, "", r"did you mean poster\?"),
    ("presets check soft.toml", 0, r"^soft\.toml: sound\n$", ""),
    ("presets check soft.toml bad.toml", 2, r"^soft\.toml: sound\nbad\.toml:4: .*\nbad\.toml:6: .*\n$", ""),
    ("presets check nosuch.toml", 2, r"^nosuch\.toml: .*\n$", ""),
    ("presets check bad.toml --json", 2, r'^{\n  "bad.toml": \[', ""),
    ("presets new mine --from soft.toml", 0, r"mine\.toml\n$", ""),
    ("presets new mine --from postr", 2, "", r"did you mean poster\?"),
    ("presets new poster --from soft.toml", 2, "", r"^Error: poster: there is such a preset.*\n$"),
    ("presets new ../mine --from soft.toml", 2, "", r"^Error: \.\./mine: a preset's name .*\n$"),
    ("presets new mine", 2, "", r"--from"),
    ("man plot", 0, r"^\.TH \"ARTKIT\\-PLOT\" \"1\"", ""),
    ("man plott", 2, "", r"^Error: plott: no such command; did you mean plot\?\n$"),
    ("man plot --to m", 2, "", r"^Error: --to m: takes all pages; leave out plot\n$"),
    ("presets path soft.toml", 0, r"^soft\.toml$", ""),
    ("presets share soft.toml", 0, r'op = "channel-blur"', ""),
    ("presets add soft.toml", 0, r"soft\.toml\n$", ""),
    ("presets edit poster", 2, "", r"^Error: poster: is not your own; .*\n$"),
    ("presets delete poster", 2, "", r"^Error: poster: is not your own; .*\n$"),
    ("ops", 0, r"channel-blur +filter +Image -> Image +Blur", ""),
    ("ops list --json", 0, r'"name": "kmeans"', ""),
    ("ops show kmeans", 0, r"^kmeans: Image -> Labels\n(.|\n)*colors +INTEGER  \d+ to \d+", ""),
    ("ops show kmeans --json", 0, r'"colors"', ""),
    ("ops show kmens", 2, "", r"^Error: no op 'kmens'; did you mean kmeans\?\n$"),
    ("trace --help", 0, r"--tolerance", ""),
    ("trace hill.png -o a.svg", 0, r"^a\.svg\n$", r"^(hill\.png, trace: .*\n)*$"),
    ("trace hill.png --colors 4 --curves polygon --quiet -o a.svg", 0, r"^a\.svg\n$", ""),
    ("trace hill.png --tolerance wide -o a.svg", 2, "", r"^Error: .*tolerance: .*\n$"),
    ("animate --help", 0, r"--vary STEP.PARAM=A:B(.|\n)*--size", ""),
    ("animate hill.png --vary rotate-color.angle=0:360 --frames 4 -o a.gif", 0, r"^a\.gif\n$", ""),
    ("animate hill.png -o a.gif", 2, "", r"^Error: nothing moves; add --vary STEP.PARAM=A:B.*\n$"),
    ("apply psychedelic hill.png --frames 4 --loop 1 -o a.gif", 0, r"^a\.gif\n$", ""),
    ("apply psychedelic hill.png --frames 1 -o a.gif", 2, "", r"^Error: psychedelic: frames: 1 is too small.*\n$"),
    ("trace hill.png -o a.gif", 2, "", r"^Error: .*\.svg.*\n$"),
    ("sweep --help", 0, r"poster .*\n(.|\n)*psychedelic", ""),
    ("sweep soft.toml --help", 0, r"--channel(.|\n)*--vary STEP\.PARAM=VALUES(.|\n)*4:12:2", ""),
    ("sweep soft.toml hill.png --vary 1.size=3,5", 0, r"^cell +artwork +1\.size\n +1 +hill-soft-[0-9a-f]{6} +3\n", ""),
    ("sweep --vary 1.size=3 soft.toml hill.png", 2, "", r"options come after .*: artkit sweep PRESET PHOTO --vary"),
    ("gallery contact-sheet -o s.svg", 2, "", r"^Error: gallery: is no gallery.*\n$"),
    ("pick nosuch", 2, "", r"^Error: gallery: is no gallery.*\n$"),
]


@pytest.mark.parametrize(("line", "status", "stdout", "stderr"), COMMANDS, ids=[line for line, *_ in COMMANDS])
def test_a_command_says_what_it_should_where_it_should(desk, line, status, stdout, stderr):
    result = artkit_command(line)
    for text, wanted in ((result.stdout, stdout), (result.stderr, stderr)):
        assert re.search(wanted, text) if wanted else text == "", (wanted, result.stdout, result.stderr)
    assert result.exit_code == status


def test_the_table_of_commands_names_every_command():
    from typer.main import get_command

    def names(group, path=()):
        for name, command in getattr(group, "commands", {}).items():
            yield " ".join((*path, name))
            yield from names(command.build() if isinstance(command, Late) else command, (*path, name))

    missing = {name for name in names(get_command(app)) if not any(line.startswith(name) for line, *_ in COMMANDS)}
    own = ("demo", "docs", "inkscape-extension")  # have tests of their own
    assert {name for name in missing if name.split()[0] not in own} == set()


def test_a_photo_comes_in_on_stdin_and_an_artwork_goes_out_on_stdout(desk):
    result = artkit_command("apply soft.toml - -o -", input=Path("hill.png").read_bytes())
    assert result.exit_code == 0
    assert picture(io.BytesIO(result.stdout_bytes))[0] == (72, 48)


def test_a_photo_from_stdin_has_a_name_in_the_gallery(desk):
    result = artkit_command("apply soft.toml -", input=Path("hill.png").read_bytes())
    assert re.search(r"gallery.stdin-soft-[0-9a-f]{6}\.png", result.stdout)


def test_size_and_crop_come_before_the_recipe(desk):
    assert artkit_command("apply soft.toml hill.png --crop 8,4,40,20 --size 10 -o a.png").exit_code == 0
    assert picture("a.png")[0] == (10, 5)


def test_options_reach_the_artwork(desk):
    lines = ["", "--window 3", "--channel blue", "--set 1.size=3", "--set 1.size=3 --window 5"]
    for i, line in enumerate(lines):
        assert artkit_command(f"apply soft.toml hill.png {line} -o {i}.png").exit_code == 0
    pixels = [picture(f"{i}.png") for i in range(len(lines))]
    assert pixels[1] == pixels[3] == pixels[4], "--set reaches what an option reaches, and comes last"
    assert len(set(pixels)) == 3


def test_json_tells_what_was_made(desk):
    (record,) = json.loads(artkit_command("apply soft.toml hill.png --seed 3 --json").stdout)
    assert record["bytes"] == Path(record["file"]).stat().st_size
    assert (record["photo"], record["preset"], record["seed"]) == ("hill.png", "soft", 3)


def test_the_gallery_has_a_page_and_the_same_artwork_only_once(desk):
    first, second = (artkit_command("apply soft.toml hill.png").stdout for _ in range(2))
    assert first == second
    assert Path("gallery/index.html").is_file()


def test_a_new_preset_works_at_once_and_is_never_overwritten(desk):
    path = Path(artkit_command("presets new mine --from soft.toml").stdout.strip())
    assert path.read_text() == SOFT
    path.write_text(SOFT.replace("size = 9", "size = 3"))
    assert artkit_command("presets new mine --from soft.toml").exit_code == 2
    assert "size = 3" in path.read_text()
    assert "mine" in artkit_command("presets").stdout
    assert artkit_command("apply mine hill.png -o a.png").exit_code == 0


def test_a_broken_preset_of_the_users_own_spoils_nothing_else(desk):
    folder = Path(artkit_command("presets new mine --from soft.toml").stdout.strip()).parent
    (folder / "broken.toml").write_text("title = ")
    for line in ("presets", "apply --help"):
        result = artkit_command(line)
        assert result.exit_code == 0
        assert "mine" in result.stdout
        assert "broken" in result.stdout


def test_what_presets_show_prints_is_the_recipe(desk):
    Path("copy.toml").write_text(artkit_command("presets show soft.toml").stdout)
    for recipe in ("soft", "copy"):
        artkit_command(f"apply {recipe}.toml hill.png -o {recipe}.png")
    assert picture("soft.png") == picture("copy.png")


def test_a_broken_plug_in_is_reported_and_breaks_nothing(desk, monkeypatch):
    monkeypatch.setattr("artkit.registry.broken", lambda: {"stars": "stars.ops: ImportError: no sky"})
    result = artkit_command("ops")
    assert result.exit_code == 0
    assert "kmeans" in result.stdout
    assert result.stderr == "Broken plug-in stars: stars.ops: ImportError: no sky\n"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
        (OSError(errno.ENOSPC, "No space left on device", "a.png"), 1, "Error: a.png: No space left on device\n"),
        (MemoryError(), 1, "Error: not enough memory; --size 2000 makes the picture smaller first\n"),
        (ValueError("odd"), 1, "Error: a fault in artkit: ValueError: odd; --debug shows where\n"),
        (PhotoError("a.jpg: torn"), 1, "Error: a.jpg: torn\n"),
    ],
)
def test_what_fails_ends_in_one_line_and_a_status(desk, monkeypatch, error, status, said):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(import_module("artkit.run"), "run", fail)
    result = artkit_command("apply soft.toml hill.png -o a.png")
    assert (result.exit_code, result.stderr, result.stdout) == (status, said, "")
    assert not Path("a.png").exists()
    debugged = artkit_command("apply soft.toml hill.png -o a.png --debug")
    assert debugged.exit_code == status
    assert debugged.stderr.startswith("Traceback")
    assert debugged.stderr.endswith(said)


def test_an_error_without_words_still_says_what_it_was():
    assert explained(OSError()) == "a fault in artkit: OSError: ; --debug shows where"


def test_shell_completion_offers_presets_options_and_choices(desk):
    def completed(line: str) -> str:
        environment = {"_ARTKIT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        return CliRunner().invoke(app, [], prog_name="artkit", env=environment).stdout

    assert "presets" in completed("artkit pre")
    assert "poster" in completed("artkit apply pos")
    assert "--window" in completed("artkit apply soft.toml --w")
    assert completed("artkit apply soft.toml --channel b").split() == ["blue"]


# What follows needs a process of its own.


def in_a_process(*arguments: str, **how) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "artkit", *arguments], capture_output=True, check=False, **how)


@pytest.mark.parametrize(
    "line", ["import artkit", "main()", "sys.argv.append('--help'); main()", "sys.argv.append('presets'); main()"]
)
def test_help_and_the_list_of_presets_load_nothing_heavy(line):
    code = f"""
import sys
from artkit.cli import main
sys.argv = ["artkit"]
try:
    {line}
except SystemExit:
    pass
print("LOADED", *(name for name in {HEAVY} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


LARGE = ["imageio", "numpy.ma", "rich", "scipy", "skimage", "sklearn", "svgwrite"]
"""Libraries that take as long to load as a small picture to be worked on."""

ALONE = ["artkit.batch.work", "artkit.gallery.folder", "asyncio", "concurrent.futures", "multiprocessing"]
"""What one photo, in a file of its own, does without."""

UNUSED = [
    *LARGE,
    *ALONE,
    "PIL.PdfImagePlugin",
    "PIL.ImageCms",
    "artkit.importance",
    "artkit.gallery.record",
    "artkit.ops.frame",
    "artkit.pens",
    "artkit.tracer.dotted",
    "artkit.tracer.glyphs",
    "artkit.tracer.photos",
    "artkit.tracer.screens",
    "artkit.tracer.soft",
    "artkit.tracer.vector",
    "email",
    "importlib.metadata",
    "numpy.random",
    "pydantic",
    "xml",
]


def loaded_by(command: str, names: Sequence[str], folder: Path) -> list[str]:
    """Those of the modules that a command loads in a process of its own."""
    code = f"""
import sys
from artkit.cli import main
sys.argv = {["artkit", *command.split()]}
try:
    main()
except SystemExit as end:
    assert not end.code
print("LOADED", *(name for name in {names} if name in sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.splitlines()[-1].split()[1:]


@pytest.mark.slow
def test_tracing_an_icon_loads_nothing_that_icons_do_without(tmp_path):
    icon = Pillow.new("RGB", (768, 768), "white")
    ImageDraw.Draw(icon).ellipse((80, 120, 600, 640), fill="#c81e3c", outline="#145ac8", width=48)
    icon.resize((256, 256), Pillow.Resampling.BOX).save(tmp_path / "icon.png")
    assert loaded_by("trace icon.png -o icon.svg -q", UNUSED, tmp_path) == []
    assert "<circle" in (tmp_path / "icon.svg").read_text()


@pytest.mark.slow
def test_a_poster_of_a_thumbnail_loads_none_of_the_large_libraries(tmp_path):
    with Pillow.open(PAGODA) as photo:  # in which faces are looked for, and the cascade is asked
        photo.thumbnail((160, 160))
        photo.convert("RGB").save(tmp_path / "small.png")
    assert (
        loaded_by("apply poster small.png -o small.svg -q", [*LARGE, *(set(ALONE) - {"concurrent.futures"})], tmp_path)
        == []
    )  # threads
    asked = loaded_by("apply poster small.png -o small.svg -q", ["artkit.importance.cascade", "xml.etree"], tmp_path)
    assert len(asked) == 2


def test_options_without_a_value_are_those_of_truth_values():
    parameters = [parameter for op in all_ops().values() for parameter in op.parameters.values()]
    flags = [parameter for parameter in parameters if is_flag(parameter.annotation)]
    assert flags
    assert flags == [parameter for parameter in parameters if look(parameter).kind == "YES|NO"]


def test_the_command_ends_with_the_status_of_what_it_did(desk):
    assert in_a_process("--version").stdout.decode().split() == ["artkit", artkit.__version__]
    failed = in_a_process("apply", "soft.toml", "text.png", cwd=desk)
    assert failed.returncode == 1
    assert failed.stderr.decode().count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way there")
@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_fault(desk):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "artkit", "ops", "--json"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.slow
def test_a_full_disk_is_one_line(desk):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "artkit", "apply", "soft.toml", "hill.png", "-o", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr.decode()) == (1, "Error: No space left on device\n")


@pytest.mark.parametrize("where", ["-o made.png", "--gallery made", "-o -"])
def test_an_artworks_provenance_and_measurements_are_asked_for_once(desk, monkeypatch, where):
    from artkit.gallery import folder, origin
    from artkit.recipe import write

    asked = []
    dump, measurements = write.dump, origin.measurements
    monkeypatch.setattr(write, "dump", lambda *of, **how: asked.append("recipe") or dump(*of, **how))
    for place in (folder, import_module("artkit.gallery")):
        monkeypatch.setattr(place, "measurements", lambda artwork: asked.append("measured") or measurements(artwork))
    assert artkit_command(f"apply soft.toml hill.png {where}").exit_code == 0
    assert sorted(asked) == ["measured", "recipe", "recipe"]  # in full for the record, short for the file
