"""A recipe's `[export]` is what `artkit export` does with its artworks, as long as nobody asks for something else."""

from __future__ import annotations

import json
import re
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pikepdf
import pytest
from typer.testing import CliRunner

from artkit.artwork.image import Image
from artkit.cli import app
from artkit.cli.export import defaults
from artkit.errors import RecipeError
from artkit.export import save
from artkit.recipe import Recipe, presets
from artkit.recipe.on_paper import KINDS, taken

PRINT = """schema = 2
seed = 1
[[steps]]
op = "threshold"
[[steps]]
op = "trace"
[export]
page = "100x80mm"
margin = "10mm"
plates = "pages"
trap = "0mm"
paper = "lightest"
registration_marks = true
"""


def artkit(*arguments: Any, status: int = 0) -> str:
    done = CliRunner().invoke(app, [*map(str, arguments), "--quiet"])
    assert done.exit_code == status, done.output
    return done.output


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> FilePath:
    """A folder with a recipe, a picture of a black disc, and what the recipe makes of it."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "print.toml").write_text(PRINT)
    y, x = np.mgrid[:40, :50]
    disc = np.where((np.hypot(x - 25, y - 20) < 12)[..., None], 0, 255) * np.ones(3)
    save(Image(disc.astype(np.uint8)), folder / "photo.png")
    artkit("apply", folder / "print.toml", folder / "photo.png", "-o", folder / "art.svg")
    return folder


def test_an_artwork_goes_on_paper_as_its_recipe_says(desk):
    told = json.loads(artkit("export", desk / "art.svg", "-o", desk / "plates.pdf", "--json"))
    assert [plate["color"] for plate in told["plates"]] == ["#000000"]
    assert told["page_mm"] == [100, 80] and told["paper_mm"] == [118, 98]
    artkit("apply", desk / "print.toml", desk / "photo.png", "-o", desk / "applied.pdf")
    with pikepdf.open(desk / "plates.pdf") as one, pikepdf.open(desk / "applied.pdf") as other:
        assert [page.Contents.read_bytes() for page in one.pages] == [
            page.Contents.read_bytes() for page in other.pages
        ]
        assert "Separation" in str(one.pages[0].Resources.XObject["/F0"].Resources.ColorSpace.as_dict())


def test_what_goes_on_paper_as_it_is_is_not_checked_as_lines_to_cut(desk):
    (desk / "page.toml").write_text(PRINT.replace('plates = "pages"\ntrap = "0mm"\n', ""))
    artkit("apply", desk / "page.toml", desk / "photo.png", "-o", desk / "page.svg")
    assert "without lines to cut" in artkit("export", desk / "page.svg", "--check", status=2)


@pytest.mark.parametrize(
    ("options", "key", "paper"),
    [
        (["--page", "A6"], "plates", [166, 123]),  # A6 lies, with marks around it
        (["--no-recipe"], "file", [13.229, 10.583]),
        (["--cut"], "cut", [100, 80]),  # of a recipe's plates only the page is left
        (["--inks", "--page", "A6", "--margin", "0mm"], "file", [166, 123]),
    ],
)
def test_what_is_asked_for_counts_more_than_the_recipe(desk, options, key, paper):
    told = json.loads(artkit("export", desk / "art.svg", "-o", desk / "out.pdf", "--json", *options))
    assert key in told and np.allclose(told["paper_mm"], paper, atol=0.01)


def test_a_format_that_holds_no_plates_takes_the_page_alone():
    table = {"page": "A3", "plates": "pages", "trap": "0.3mm", "for": "riso"}
    assert taken(table, ".eps") == {"page": "A3"}
    assert taken(table, ".pdf") == {"page": "A3", "plates": "pages", "trap": "0.3mm", "for_": "riso"}
    assert taken(table, ".pdf", "cut") == {"page": "A3"}


def test_settings_are_options_of_the_command():
    assert {name.removesuffix("_") for name in defaults()} >= KINDS.keys()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("trap = 3", "export: trap: 3 is not a length"),
        ('trap = "3 ells"', "is not a length"),
        ('pages = "A3"', "no setting 'pages'; did you mean page?"),
        ("fill = 1", "is not true or false"),
        ("cut = true", "plates and cut make different things"),
        ('for = "../mine.toml"', "is not the name of a profile"),
    ],
)
def test_a_bad_setting_is_a_fault_with_its_line(line, words):
    text = PRINT.replace('trap = "0mm"', line)
    with pytest.raises(RecipeError, match=re.escape(words)) as caught:
        Recipe.parse(text, "print.toml")
    assert "print.toml:11" in str(caught.value)


def test_the_table_is_written_as_it_was_read():
    recipe = Recipe.parse(PRINT)
    assert Recipe.parse(recipe.dump()).export == recipe.export == Recipe.parse(recipe.full.dump()).export


def test_a_woodcut_has_no_tips_of_cuts_that_do_not_print(tmp_path):
    photo = FilePath(__file__).parent.parent / "gallery" / "photos" / "pagoda.jpg"
    artkit("apply", "woodcut-plate", photo, "--set", "resize.size=420", "-o", tmp_path / "block.svg")
    small = ("export", tmp_path / "block.svg", "--check", "--page", "A6")  # 0.3 mm to a pixel, as of the preset on A4
    artkit(*small)
    assert "has a feature of" in artkit(*small, "--min-feature", "0mm", status=1)


def test_presets_for_print_say_how_they_go_on_paper():
    named = [
        "screenprint-3",
        "stencil",
        "vinyl-layers",
        "lasercut-layers",
        "riso-2",
        "poster-a2",
        "woodcut-plate",
        "sticker",
    ]
    assert all(Recipe.find(presets()[name]).export for name in named)
