"""An artwork gives its recipe, which makes it again: `artkit recipe`, `verify` and `reproduce`, and `--no-metadata`."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner, Result

from artkit.artwork.image import Image
from artkit.cli import app
from artkit.export import encode
from artkit.gallery.likeness import apart
from artkit.gallery.reproduce import find, original, photo_of
from artkit.metadata import embedded, xmp
from artkit.recipe import Recipe
from artkit.recipe.write import dump

pytestmark = pytest.mark.usefixtures("short_tours")

SOFT = 'schema = 2\ntitle = "Soft"\nseed = 3\n\n[[steps]]\nop = "blur"\nsize = 5\n\n[expose]\nsoft = "blur.size"\n'
NAMES = sorted(path.stem for path in (Path(__file__).parent.parent / "presets").glob("*.toml"))


def artkit(line: str) -> Result:
    return CliRunner().invoke(app, shlex.split(line), prog_name="artkit")


def done(line: str) -> str:
    result = artkit(line)
    assert result.exit_code == 0, f"{line}\n{result.output}"
    return result.stdout


@pytest.fixture
def desk(photo_file, monkeypatch) -> Path:
    (photo_file.parent / "soft.toml").write_text(SOFT)
    monkeypatch.chdir(photo_file.parent)
    return photo_file.parent


# The law: what an artwork carries makes it again

SMALL = {"page": "40x30mm", "margin": "2", "points": "300", "frames": "3"}


def small(name: str) -> str:
    """Settings that make a preset quick."""
    recipe = Recipe.find(name)
    known = ((n, step.op.parameters) for n, step in enumerate(recipe.bound, 1))
    given = [
        f"--set {n}.{key}={value}"
        for n, has in known
        for key, value in SMALL.items()
        if key in has and (key != "margin" or "page" in has)
    ]
    given += [f"--set {n}.size=120" for n, step in enumerate(recipe.bound, 1) if step.op.name == "resize"]
    return " ".join([*given, *(["--set animate.frames=3"] if recipe.motion else [])])


def law(name: str, options: str = "", of_itself: bool = True) -> None:
    line = f"apply {name} hill.png {small(name)} {options} --json -q"
    made = Path(json.loads(done(f"{line} --gallery g"))[0]["file"])
    Path("r.toml").write_text(done(f"recipe {made}"))
    again = made.with_name(f"again{made.suffix}")
    done(f"apply r.toml hill.png -o {again} -q")
    assert again.read_bytes() == made.read_bytes()
    if of_itself:
        done(f"apply {made} hill.png -o {again} -q")
        assert again.read_bytes() == made.read_bytes()
    assert "the same bytes" in done(f"reproduce {made.stem} --gallery g -q")


@pytest.mark.parametrize("name", ["channel-blur", "two-ink", "poster", "hatch", "riso"])
@pytest.mark.sample(4)
@pytest.mark.slow
def test_the_recipe_that_comes_out_makes_the_artwork_again(desk, name):
    law(name)


@pytest.mark.parametrize(
    "options", ["--size 40", "--crop 5,4,50,40 --seed 9", "--size 30 --crop 5,4,50,40 --creator Ann --rights '© Ann'"]
)
@pytest.mark.sample(2)
@pytest.mark.slow
def test_size_crop_and_all_else_that_changes_the_bytes_is_in_the_recipe(desk, options):
    law("soft.toml", options)
    law("poster", options + " --colors 3")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_presets_artwork_gives_the_recipe_that_makes_it_again(desk, name):
    law(name, "--size 48", of_itself=False)


SOME = ("channel-blur", "charcoal", "hatch", "newsprint", "poster", "psychedelic", "stipple", "zoom-loop")
"""Presets of the demo: those that it makes smaller in one way or another, and some that it does not."""


@pytest.mark.slow
def test_artworks_of_the_demo_give_the_recipe_that_makes_them_again(tmp_path, monkeypatch):
    from artkit.cli.demo import bundled_photo

    monkeypatch.chdir(tmp_path)
    done(f"demo -q --jobs 1 --only {','.join(SOME)}")  # tours are short in this process alone
    records = sorted(Path("gallery/records").glob("*.json"))
    assert len(records) == len(SOME)
    for record in records:
        made = Path("gallery") / json.loads(record.read_text())["file"]
        Path("r.toml").write_text(done(f"recipe {made}"))
        done(f"apply r.toml {bundled_photo()} -o again{made.suffix} -q")
        assert Path(f"again{made.suffix}").read_bytes() == made.read_bytes(), made


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif", ".gif"])
def test_a_picture_of_any_format_makes_itself_again(desk, ending):
    done(f"apply soft.toml hill.png --size 50 -o a{ending} -q")
    done(f"apply a{ending} hill.png -o b{ending} -q")
    assert Path(f"a{ending}").read_bytes() == Path(f"b{ending}").read_bytes()
    assert "the same bytes" in done(f"reproduce a{ending} --photo hill.png -q")


def test_formats_without_metadata_have_their_recipe_in_the_gallerys_record(desk):
    from artkit.gallery import add, provenance
    from artkit.run.library import apply

    recipe = Recipe.read("soft.toml")
    picture = Image.of("hill.png")
    made = add(
        "g", apply(recipe, picture), origin=provenance(recipe.checked), photo=picture, photo_name="hill.png",
        photo_sha256="00", seconds=1.0, suffix=".bmp",
    )  # fmt: skip
    assert Recipe.read(made.path).dump() == recipe.dump()


def test_an_artworks_recipe_names_the_photos_digest_and_the_versions(desk):
    from hashlib import sha256

    import PIL

    import artkit as package

    done("apply soft.toml hill.png -o a.png -q")
    made = tomllib.loads(done("recipe a.png"))["made"]
    assert made["photo"] == sha256(Path("hill.png").read_bytes()).hexdigest()
    assert (made["artkit"], made["pillow"]) == (package.__version__, PIL.__version__)
    done("apply soft.toml hill.png -o a.gif -q")
    assert set(tomllib.loads(done("recipe a.gif"))["made"]) == {"photo", "artkit"}  # nobody else's encoder


def test_a_mask_is_named_with_its_digest(desk):
    from hashlib import sha256

    Pillow.fromarray(np.eye(48, 72, dtype=np.uint8) * 255).save("mask.png")
    done("apply low-poly hill.png --focus mask.png --set low-poly.triangles=20 -o a.svg -q")
    assert Recipe.read("a.svg").made["file mask.png"] == sha256(Path("mask.png").read_bytes()).hexdigest()


def test_a_recipe_as_short_as_it_means_the_same_is_carried_and_printed_in_full(drawn):
    done("trace block.png -o a.svg -q")
    carried = embedded.of(Path("a.svg").read_bytes())["recipe"]
    assert "curves" not in carried and 'curves = "spline"' in done("recipe a.svg")
    assert done("recipe a.svg --short") == carried
    assert json.loads(done("recipe a.svg --json"))["recipe"] == done("recipe a.svg")


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("apply poster hill.png", {}),
        (
            "apply poster hill.png --size 40 --colors 3 --set trace.keep='#ff0000,red' --crop 1,2,60,40",
            {"size": 40, "crop": [1, 2, 60, 40], "trace.colors": 3, "trace.keep": ["#ff0000", "red"]},
        ),
        ("apply hatch hill.png --set hatch.page=40x30mm --set hatch.margin=2 --seed 9",
         {"seed": 9, "hatch.page": "40x30mm", "hatch.margin": 2.0}),
        ("apply kaleidoscope hill.png --set saturate.amount=1.25", {"saturate.amount": 1.25}),
        ("apply riso hill.png --creator 'Ann \"A\" & Co'", {"creator": 'Ann "A" & Co'}),
        ("trace block.png --curves polygon --colors 3", {"trace.curves": "polygon", "trace.colors": 3}),
    ],
)  # fmt: skip
@pytest.mark.sample(4)
@pytest.mark.slow
def test_the_command_of_an_artwork_says_what_is_not_the_presets_and_makes_it_again(drawn, line, changes):
    ending = ".svg" if "poster" in line or "hatch" in line or "trace" in line else ".png"
    done(f"{line} -o a{ending} -q")
    told = json.loads(done(f"recipe a{ending} --json"))
    photo = line.split()[1 if line.startswith("trace") else 2]
    assert told["changes"] == changes
    command = told["command"].removeprefix("artkit ").replace("PHOTO", photo)
    done(f"{command} -o b{ending} -q")
    assert Path(f"b{ending}").read_bytes() == Path(f"a{ending}").read_bytes(), command
    import artkit as package

    again = eval(told["python"].replace("PHOTO", photo), {"artkit": package})
    shown = embedded.of(Path(f"a{ending}").read_bytes()) if "creator" in told["command"] else None
    assert shown is None or shown["creator"] == 'Ann "A" & Co'
    if ending == ".svg":
        bare = Path(f"a{ending}").read_text().partition("</metadata>")[2]
        assert encode(again, ending).decode().partition("\n")[2] == bare.partition("\n")[2]


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("apply poster 'hill it.png' --colors 3 --size 40", {"trace.colors": "3", "size": "40"}),
        ("trace block.png --curves polygon", {"trace.curves": '"polygon"'}),
        ("apply soft.toml hill.png", {}),
    ],
)
def test_a_record_has_the_command_and_the_call_that_make_its_artwork_again(drawn, line, changes):
    import artkit as package

    Path("hill it.png").write_bytes(Path("hill.png").read_bytes())
    made = Path(done(f"{line} --gallery g -q").strip())
    known = json.loads((Path("g/records") / f"{made.stem}.json").read_text())
    assert known["changes"] == changes
    command = known["command"].replace(made.name, str(made)).removeprefix("artkit ")
    done(f"{command} -o again{made.suffix} -q")
    assert Path(f"again{made.suffix}").read_bytes() == made.read_bytes(), command
    again = eval(known["python"].replace(made.name, str(made)), {"artkit": package})
    assert encode(again, made.suffix)[-200:] == made.read_bytes()[-200:]


@pytest.mark.slow
def test_an_artwork_made_of_an_artwork_is_called_as_the_preset_is(desk):
    done("apply two-ink hill.png -o art.svg -q")
    told = json.loads(done("apply art.svg hill.png --gallery g -q --json"))
    assert told[0]["preset"] == "two-ink" and Path(told[0]["file"]).name.startswith("hill-two-ink-")


def test_a_recipe_of_ones_own_is_applied_by_its_file(desk):
    done("apply soft.toml hill.png -o a.png -q")
    told = json.loads(done("recipe a.png --json"))
    assert (told["preset"], told["changes"], told["command"]) == ("", None, "artkit apply a.png PHOTO")


def test_the_metadata_of_an_icon_is_compact(drawn):
    done("trace block.png -o a.svg -q")
    done("trace block.png --no-metadata -o b.svg -q")
    assert Path("a.svg").stat().st_size - Path("b.svg").stat().st_size < 620


@pytest.mark.parametrize("name", NAMES)
def test_a_short_recipe_means_what_the_full_one_does(name):
    checked = Recipe.find(name).checked
    assert dump(Recipe.parse(dump(checked, short=True)).checked) == dump(checked)
    assert dump(Recipe.parse(dump(checked)).checked, short=True) == dump(checked, short=True)


def test_a_preset_is_made_of_an_artwork(desk, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(desk))
    done("apply soft.toml hill.png --size 50 --crop 1,1,60,40 --soft 7 -o a.png -q")
    path = Path(done("presets new mine --from a.png").strip())
    mine = Recipe.read(path)
    assert (mine.size, mine.crop, mine.made, mine.steps[0].values) == (50, None, {}, {"size": 7})
    assert "7" in done("apply mine --help")
    done("presets check a.png")


def test_a_frame_that_a_recipe_asks_for_can_be_refused(desk):
    done("apply soft.toml hill.png --size 20 --crop 0,0,40,30 -o a.png -q")
    done("apply a.png hill.png --size none --crop none -o b.png -q")
    with Pillow.open("b.png") as picture:
        assert picture.size == (72, 48)
    assert "size" not in tomllib.loads(done("recipe b.png"))


def test_python_takes_the_frame_of_a_recipe_too(desk):
    import artkit as package

    done("apply soft.toml hill.png --size 20 --crop 0,0,40,30 -o a.png -q")
    assert np.array_equal(package.apply("a.png", "hill.png").pixels, Image.of("a.png").pixels)
    assert package.apply("a.png", "hill.png", size=10).width == 10


# Metadata


@pytest.mark.parametrize("line", ["apply soft.toml hill.png -o a.png", "trace block.png -o a.svg",
                                  "animate hill.png --vary blur.size=1:9 --set animate.frames=2 -o a.gif",
                                  "plot hill.png --preset hatch --page 40x30mm -o a.svg"])  # fmt: skip
def test_every_writing_command_can_be_silent(drawn, line):
    drawn.unlink()
    done(f"{line} --no-metadata -q")
    (made,) = drawn.parent.glob("a.*")
    data = made.read_bytes()
    assert embedded.of(data) == {} and b"artkit" not in data and b"<title" not in data
    done(f"{line} -q")
    assert embedded.of(made.read_bytes())["source_type"] == xmp.ENHANCED


def test_an_artworks_title_is_the_one_that_was_given_never_its_presets(drawn):
    for line in ("apply soft.toml hill.png -o a.png", "trace block.png -o a.svg"):
        done(f"{line} -q")
        name = line.rpartition(" ")[2]
        assert "title" not in embedded.of(Path(name).read_bytes())
        done(f"{line} -q --title Logo&Co")
        assert embedded.of(Path(name).read_bytes())["title"] == "Logo&Co"
        assert done(f"reproduce {name} --photo {line.split()[-3]}").endswith("the same bytes\n")
    assert "<title>Logo&amp;Co</title>" in Path("a.svg").read_text()
    assert done("recipe a.svg --json").count("--title") == 1


def test_what_an_operation_says_of_its_drawing_is_silent_too(drawn, monkeypatch):
    from artkit import run

    made = run.run
    monkeypatch.setattr(
        run, "run", lambda *of, **how: made(*of, **how).replace(title="loud", metadata={"rights": "loud"})
    )
    done("trace block.png -o a.svg -q")
    assert Path("a.svg").read_text().count("loud") == 3  # in <title>, twice in the packet
    done("trace block.png --no-metadata -o a.svg -q")
    assert "loud" not in Path("a.svg").read_text()


def test_a_silent_artwork_of_a_gallery_is_made_again_by_its_record(desk):
    made = Path(done("apply soft.toml hill.png --no-metadata --gallery g -q").strip())
    assert embedded.of(made.read_bytes()) == {}
    assert "the same bytes" in done(f"reproduce {made} -q")


def marked(**options: object) -> None:
    with Pillow.open("hill.png") as picture:
        picture.convert("RGB").save("marked.jpg", **options)


@pytest.mark.slow
def test_a_photos_maker_is_carried_over_and_its_place_is_not(desk):
    exif = Pillow.Exif()
    exif[0x013B], exif[0x8298], exif[0x0132] = b"Ann <Other>", "© Ann".encode(), "2020:01:02 03:04:05"
    exif.get_ifd(0x8825)[29] = "2020:01:02"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    marked(exif=exif)
    for ending in (".png", ".jpg", ".webp", ".tif", ".gif"):
        done(f"apply soft.toml marked.jpg --creator Me -o a{ending} -q")
        data = Path(f"a{ending}").read_bytes()
        found = embedded.of(data)
        assert (found["creator"], found["rights"]) == ("Me\nAnn <Other>", "© Ann")
        assert b"GPS" not in data and b"2020" not in data
        with Pillow.open(f"a{ending}") as picture:
            assert 0x8825 not in picture.getexif()
    assert "the same bytes" in done("reproduce a.gif --photo marked.jpg -q")


def test_what_a_trained_model_had_a_part_in_keeps_saying_so(desk):
    marked(xmp=xmp.packet({"source_type": "trainedAlgorithmicMedia"}))
    done("apply soft.toml marked.jpg --source-type digitalCreation -o a.png -q")
    assert embedded.of(Path("a.png").read_bytes())["source_type"] == "trainedAlgorithmicMedia"
    done("apply soft.toml hill.png --source-type digitalCreation -o a.png -q")
    assert embedded.of(Path("a.png").read_bytes())["source_type"] == "digitalCreation"
    assert tomllib.loads(done("recipe a.png"))["source_type"] == "digitalCreation"


@pytest.mark.parametrize(
    ("option", "fault"),
    [
        ("--size 0", "--size 0: takes a whole number of pixels"),
        ("--size big", "--size big: takes a whole number"),
        ("--crop 1,2,3", "--crop 1,2,3: takes four whole numbers"),
        ("--crop 1,2,3,0", "crop: [1, 2, 3, 0] is no part of a photo"),
        ("--crop 0,0,999,9", "do not lie within"),
        ("--source-type magic", 'source_type: "magic" is no digital source type'),
        (f"--creator {'x' * 501}", "creator: 501 characters"),
    ],
)
def test_bad_frames_and_names_are_one_line(desk, option, fault):
    result = artkit(f"apply soft.toml hill.png {option} -o a.png -q")
    assert result.exit_code == 2 and fault in result.output and result.output.count("\n") == 1
    assert not Path("a.png").exists()


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("size = 0", "size: 0 is no size"),
        ("size = 2.5", "size: 2.5 is no size"),
        ("crop = [1, 2, 3]", "crop: [1, 2, 3] is no part"),
        ("crop = [-1, 2, 3, 4]", "crop: [-1, 2, 3, 4] is no part"),
        ("creator = 7", "creator: 7 is not a string"),
        ('source_type = "x"', 'source_type: "x" is no digital source type'),
        ("made = 3", "made: is written by artkit"),
        ("made = {a = 3}", "made: is written by artkit"),
    ],
)
def test_bad_heads_of_recipes_are_named(desk, head, fault):
    Path("x.toml").write_text(f"schema = 2\n{head}\n[[steps]]\nop = 'blur'\n")
    result = artkit("apply x.toml hill.png -q")
    assert result.exit_code == 2 and f"x.toml:2: {fault}" in result.output


# artkit recipe


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("hill.png", "hill.png: carries no recipe"),
        ("nothing.svg", "no preset 'nothing.svg'"),
        ("./nothing.svg", "no such file"),
        ("plain.svg", "plain.svg: carries no recipe"),
        ("bomb.svg", "bomb.svg: carries no recipe"),
        ("broken.svg", "not TOML"),
        ("unknown.svg", "no op 'nonsense'"),
    ],
)
def test_what_carries_no_recipe_is_refused_in_one_line(desk, file, fault):
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><metadata>{}</metadata></svg>'
    Path("plain.svg").write_text(svg.format(""))
    entity = '<!DOCTYPE svg [<!ENTITY a "xxxxx"><!ENTITY b "&a;&a;&a;">]>'
    Path("bomb.svg").write_text(entity + svg.format('<recipe xmlns="urn:artkit">&b;</recipe>'))
    Path("broken.svg").write_text(svg.format('<recipe xmlns="urn:artkit">title = </recipe>'))
    Path("unknown.svg").write_text(svg.format('<recipe xmlns="urn:artkit">[[steps]]\nop = "nonsense"</recipe>'))
    for command in ("recipe {}", "apply {} hill.png"):
        result = artkit(command.format(file))
        assert result.exit_code == 2 and fault in result.output, result.output
        assert result.output.startswith("Error: ") and result.output.count("\n") == 1


@pytest.mark.slow
def test_a_recipe_without_end_is_refused_wherever_it_stands(desk, monkeypatch):
    long = "schema = 2\n" + "# x\n" * 300_000 + '[[steps]]\nop = "blur"\n'
    Path("long.toml").write_text(long)
    Path("long.png").write_bytes(encode(Image.of("hill.png"), ".png", metadata={"recipe": long}))
    for name in ("long.toml", "long.png"):
        result = artkit(f"recipe {name}")
        assert result.exit_code and "ARTKIT_MAX_RECIPE" in result.output and result.output.count("\n") == 1
    monkeypatch.setenv("ARTKIT_MAX_RECIPE", "none")
    for name in ("long.toml", "long.png"):
        assert 'op = "blur"' in done(f"recipe {name}")


# artkit verify


@pytest.fixture
def gallery(desk) -> Path:
    for seed in (1, 2, 3):
        done(f"apply soft.toml hill.png --seed {seed} --gallery g -q")
    return desk / "g"


def states(*paths: object) -> list[tuple[str, str]]:
    result = artkit(f"verify {' '.join(map(str, paths))} --json")
    found = [(Path(each["file"]).name, each["state"]) for each in json.loads(result.stdout)]
    faulty = any(state != "sound" for _, state in found)
    assert result.exit_code == faulty
    return [each for each in found if each[1] != "sound"]


def test_a_gallery_as_it_was_written_is_sound(gallery):
    assert states(gallery) == []
    assert done(f"verify {gallery}") == "3 artworks, all sound\n"


def test_every_kind_of_fault_is_found_and_the_rest_is_sound(gallery):
    first, second, third = sorted(gallery.glob("*.png"))
    first.unlink()
    data = bytearray(second.read_bytes())
    data[-20] ^= 1
    second.write_bytes(data)
    record = gallery / "records" / f"{third.stem}.json"
    record.write_bytes(record.read_bytes()[:99])
    (gallery / "cat-poster-0a0a0a.svg").write_text("<svg/>")
    (gallery / "thumbnails" / "cat-poster-0a0a0a.jpg").write_text("x")
    (gallery / ".artkit-0123456789abcdef.part").write_text("x")
    (gallery / "notes.txt").write_text("a file of the user's")
    assert sorted(states(gallery)) == sorted([
        (first.name, "missing"), (second.name, "changed"), (record.name, "half written"),
        (".artkit-0123456789abcdef.part", "half written"), ("cat-poster-0a0a0a.svg", "orphaned"),
        ("cat-poster-0a0a0a.jpg", "orphaned"),
    ])  # fmt: skip
    result = artkit(f"verify {gallery}")
    assert result.exit_code == 1 and "0 of 6 sound" in result.output and "its record is there" in result.output


def test_what_is_under_way_is_no_fault_until_its_process_has_ended(gallery):
    from artkit.export import parts

    with parts.folder_part(gallery), parts.part(gallery / "thumbnails"):
        assert states(gallery) == []


def test_a_lost_thumbnail_and_another_length_are_found(gallery):
    first, second, _ = sorted(gallery.glob("*.png"))
    next((gallery / "thumbnails").glob(f"{first.stem}.*")).unlink()
    second.write_bytes(second.read_bytes() + b"x")
    assert [state for _, state in sorted(states(gallery))] == ["missing", "changed"] or len(states(gallery)) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "{" * 99, "[" * 100_000, '{"file": "../../x.png"}', "\0", '{"bytes": NaN}']
)
def test_an_odd_record_is_told_and_ends_nothing(gallery, text):
    (gallery / "records" / "odd.json").write_text(text)
    assert states(gallery) == [("odd.json", "half written")]


def test_a_link_instead_of_an_artwork_is_a_change(gallery, tmp_path):
    first = sorted(gallery.glob("*.png"))[0]
    moved = first.rename(tmp_path / "elsewhere.png")
    first.symlink_to(moved)
    assert states(gallery) == [(first.name, "changed")]


@pytest.mark.slow
def test_single_artworks_are_verified_by_their_record_or_their_recipe(gallery, desk):
    first, second, _ = sorted(gallery.glob("*.png"))
    done("apply soft.toml hill.png -o a.png -q")
    assert states(first, "a.png") == []
    second.write_bytes(b"")
    assert states(second, "hill.png") == [(second.name, "changed"), ("hill.png", "orphaned")]


def test_what_is_no_gallery_is_one_line(desk):
    for path, fault in ((".", "is no gallery"), ("nowhere", "no such file")):
        result = artkit(f"verify {path}")
        assert result.exit_code == 2 and fault in result.output and result.output.count("\n") == 1


# artkit reproduce


def altered(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def drawn(desk) -> Path:
    picture = np.full((40, 60, 3), 255, np.uint8)
    picture[10:30, 10:50] = 200, 30, 30
    y, x = np.mgrid[:40, :60]
    picture[(x - 30) ** 2 + (y - 20) ** 2 < 50] = 20, 40, 160
    Pillow.fromarray(picture).save("block.png")
    done("trace block.png -o block.svg -q")
    return Path("block.svg")


def test_the_same_geometry_in_other_bytes_is_told_with_what_differs(drawn):
    altered(drawn, 'artkit = "0.1.0"', 'artkit = "0.0.9"\nnumpy = "1.0"')
    text = drawn.read_text()
    start, x = re.search(r'd="m(\d+)', text).span(1), int(re.search(r'd="m(\d+)', text)[1])
    drawn.write_text(text[: start[0]] + str(x + 1) + text[start[1] :])
    result = artkit("reproduce block.svg --photo block.png -q")
    assert result.exit_code == 3
    assert "the same geometry, 0.0100 px apart at most, and other bytes" in result.stdout
    assert "artkit: 0.0.9 then, 0.1.0 now" in result.stdout and "numpy: 1.0 then" in result.stdout


def test_other_geometry_is_another_artwork(drawn):
    text = drawn.read_text()
    found = re.search(r'd="m(\d+)', text)
    drawn.write_text(text[: found.start(1)] + str(int(found[1]) + 50) + text[found.end(1) :])
    result = artkit("reproduce block.svg --photo block.png -q --json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) | {"apart": 0} == {
        "file": "block.svg", "photo": "block.png", "state": "different", "apart": 0, "versions": {},
    }  # fmt: skip
    assert json.loads(result.stdout)["apart"] == pytest.approx(0.5)
    altered(drawn, "</svg>", '<path d="m1 1h3v3z"/></svg>')
    result = artkit("reproduce block.svg --photo block.png -q")
    assert result.exit_code == 1 and "of other parts" in result.stdout


def test_the_same_pixels_in_other_bytes_are_told(desk):
    done("apply soft.toml hill.png -o a.png -q")
    data = Path("a.png").read_bytes()
    with Pillow.open("a.png") as picture:
        again = Image.of(np.asarray(picture))
    Path("a.png").write_bytes(encode(again, ".png", metadata=embedded.of(data) | {"title": "Another"}))
    result = artkit("reproduce a.png --photo hill.png -q")
    assert result.exit_code == 3 and "the same pixels, and other bytes" in result.stdout


def test_photos_are_found_by_name_and_digest_or_asked_for(gallery, desk):
    made = sorted(gallery.glob("*.png"))[0]
    assert "the same bytes" in done(f"reproduce {made.stem} --gallery g -q")
    Path("hill.png").rename("moved.png")
    result = artkit(f"reproduce {made.stem} --gallery g -q")
    assert result.exit_code == 2 and "hill.png is not here; name the one of digest" in result.output
    assert "the same bytes" in done(f"reproduce {made.stem} --gallery g --photo moved.png -q")
    Pillow.new("RGB", (9, 9)).save("hill.png")
    for line, fault in (("", "hill.png is another photo"), ("--photo hill.png", "--photo hill.png: is another photo")):
        result = artkit(f"reproduce {made.stem} --gallery g -q {line}")
        assert result.exit_code == 2 and fault in result.output and result.output.count("\n") == 1


def test_names_that_mean_no_artwork_or_several_are_one_line(gallery):
    for name, fault in (("hill", "3 artworks are called so: "), ("hell-saft", "did you mean hill-soft-")):
        result = artkit(f"reproduce {name} --gallery g")
        assert result.exit_code == 2 and fault in result.output and result.output.count("\n") == 1
    result = artkit("reproduce x --gallery nowhere")
    assert result.exit_code == 2 and "is no gallery" in result.output
    made = sorted(gallery.glob("*.png"))[0]
    assert find(made.stem[-6:], gallery) == made
    made.unlink()
    result = artkit(f"reproduce {made.stem} --gallery g")
    assert result.exit_code == 1 and "is missing" in result.output


def test_an_artwork_of_version_0_1_0_is_made_again_but_for_its_metadata(drawn):
    recipe = Recipe.read(drawn)
    body = drawn.read_text().partition("</metadata>")[2]
    head = drawn.read_text().partition("<metadata>")[0]
    text = dump(recipe.checked).replace("schema = 2", "").partition("[made]")[0]
    old = f'<recipe xmlns="urn:artkit" seed="0" software="artkit 0.1.0">{text}</recipe>'
    drawn.write_text(f"{head}<metadata>{old}</metadata>{body}")
    work = original(drawn)
    assert (work.sha256, work.silent) == ("", False)
    assert photo_of(work, "block.png", []) == Path("block.png")
    result = artkit("reproduce block.svg")
    assert result.exit_code == 2 and "does not say which photo" in result.output
    result = artkit("reproduce block.svg --photo block.png -q")
    assert result.exit_code == 3, result.output


def test_distances_are_told_in_pixels_whatever_the_units():
    def svg(size: str, box: str, path: str) -> bytes:
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{box}"><path d="{path}"/></svg>'.encode()

    pixels = ['width="10" height="10"', "0 0 1000 1000"]
    assert apart(svg(*pixels, "m100 100h50v50z"), svg(*pixels, "m100 100h50l0 51z"), ".svg") == pytest.approx(0.01)
    page = ['width="96mm" height="10mm"', "0 0 96 10"]
    assert apart(svg(*page, "M1 1L2 2"), svg(*page, "M1 1L2 2.1"), ".svg") == pytest.approx(0.1 * 96 / 25.4)
    assert apart(svg(*page, "M1 1L2 2"), svg(*page, "M1 1L2 2L3 3"), ".svg") is None
    assert apart(svg(*page, "M1 1L2 2"), b"<svg", ".svg") is None


def test_a_plot_names_what_was_asked_for_and_the_command_that_draws_it_again(desk):
    done("plot hill.png --preset hatch --page 40x30mm --keep-order -o a.svg -q")
    assert Recipe.read("a.svg").made["plot"] == "page 40x30mm, merge None, order False"
    result = artkit("reproduce a.svg --photo hill.png")
    assert result.exit_code == 2 and "artkit plot PHOTO --preset a.svg draws it again" in result.output
    done("plot hill.png --preset a.svg --page 40x30mm --keep-order -o b.svg -q")
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()


def test_the_photos_word_is_told_where_it_stays(desk):
    marked(xmp=xmp.packet({"source_type": "trainedAlgorithmicMedia"}))
    result = artkit("apply soft.toml marked.jpg --source-type digitalCreation -o a.png")
    assert "digitalCreation: the photo says trainedAlgorithmicMedia of itself, which stays" in result.stderr
