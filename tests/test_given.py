"""Palettes as parameters: names, files and photos become plain colors."""

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageColor

from artkit.artwork.labels import Labels
from artkit.color.chance import closest
from artkit.color.named import SETS
from artkit.color.palette import by_lightness, colors_of
from artkit.color.spaces import lightness
from artkit.errors import UsageError
from artkit.ops.dither import dither
from artkit.ops.paint import recolor
from artkit.recipe import Recipe
from artkit.registry.colors import OF_A_PHOTO


def given(palette: object) -> tuple[str, ...]:
    """Check a palette as an op does."""
    return dither.check({"palette": palette})["palette"]


@pytest.mark.parametrize("name", SETS)
def test_a_named_palette_has_colors_that_differ_and_a_name_that_is_no_color(name):
    colors = colors_of(given(name))
    assert 4 <= len(colors) <= 32
    assert closest(colors) > 10
    assert (by_lightness(colors) == np.arange(len(colors))).all()
    assert name not in ImageColor.colormap and name != "random"


def test_there_are_a_dozen_palettes_and_more():
    assert len(SETS) >= 12


def test_names_of_palettes_and_colors_may_be_mixed():
    assert given(["white", "game-boy", "#abc"]) == ("white", "#0f380f", "#306230", "#8bac0f", "#9bbc0f", "#abc")
    assert given("white game-boy") == given(["white", "game-boy"])


def test_a_palette_file_gives_its_colors_from_dark_to_light(tmp_path):
    file = tmp_path / "my inks.hex"
    file.write_text("ffffff\n102030\nff0000\n")
    assert given(str(file)) == ("#102030", "#ff0000", "#ffffff")
    assert given(["black", str(file)]) == ("black", "#102030", "#ff0000", "#ffffff")


def test_a_photo_gives_the_colors_it_is_made_of(photo, tmp_path):
    file = tmp_path / "other photo.png"
    Pillow.fromarray(photo.pixels).save(file)
    colors = colors_of(given(str(file)))
    assert len(colors) == OF_A_PHOTO
    assert (np.diff(lightness(colors)) >= 0).all()
    far = np.linalg.norm(photo.pixels[:, :, None].astype(float) - colors, axis=3).min(axis=2)
    assert far.mean() < 15
    flat = tmp_path / "flat.png"
    Pillow.new("RGB", (4, 4), "#123456").save(flat)
    assert given(str(flat)) == ("#123456",)


def test_the_recipe_of_an_artwork_stands_alone(tmp_path):
    file = tmp_path / "inks.hex"
    file.write_text("102030\nffffff\n")
    recipe = Recipe.parse(f'[[steps]]\nop = "dither"\npalette = ["{file.as_posix()}"]\n')
    values = recipe.bound[0].values
    assert values["palette"] == ["#102030", "#ffffff"]


@pytest.mark.parametrize(
    ("palette", "message"),
    [
        ("ocaen", "no such color or palette; did you mean ocean?"),
        ("tael", "did you mean teal?"),
        ("#12345", "write six hex digits"),
        (["commodore-64"] * 17, "272 colors; give 256 or fewer"),
        ("nothing.ase", "nothing.ase: No such file"),
    ],
)
def test_what_is_neither_color_nor_palette_is_told_what_would_be(palette, message):
    with pytest.raises(UsageError, match=message) as caught:
        given(palette)
    assert "\n" not in str(caught.value)
    assert "too short" not in str(caught.value), "a wrong item is there all the same"


def test_a_transparent_photo_has_no_colors_to_take(tmp_path):
    file = tmp_path / "nothing.png"
    Pillow.new("RGBA", (4, 4), (9, 9, 9, 0)).save(file)
    with pytest.raises(UsageError, match="transparent throughout"):
        given(str(file))


# What recolor makes of them


def grays(count: int) -> Labels:
    levels = np.linspace(0, 255, count).astype(np.uint8)
    return Labels(np.arange(count, dtype=np.int32)[None], np.repeat(levels[:, None], 3, axis=1))


def test_the_darkest_region_gets_the_darkest_color():
    regions = Labels(np.array([[0, 1, 2]], np.int32), np.array([[255] * 3, [0] * 3, [99] * 3], np.uint8))
    assert recolor(regions, palette="cga magenta").painted().pixels.tolist()[0][1] == [0, 0, 0]
    assert recolor(grays(4), palette="game-boy").palette.tolist()[0] == [0x0F, 0x38, 0x0F]


def test_of_more_colors_than_regions_some_are_left_out_evenly():
    colors = [f"#{i:02x}0000" for i in range(9)]
    for count, kept in {2: [0, 8], 3: [0, 4, 8], 5: [0, 2, 4, 6, 8], 9: list(range(9))}.items():
        assert recolor(grays(count), palette=colors).palette[:, 0].tolist() == kept


def test_fewer_colors_are_filled_up_with_mixtures_where_asked():
    mixed = recolor(grays(5), palette=["black", "red", "white"], mix=True).palette
    assert mixed[[0, 2, 4]].tolist() == [[0, 0, 0], [255, 0, 0], [255, 255, 255]]
    assert len(np.unique(mixed, axis=0)) == 5


@pytest.mark.parametrize(
    ("palette", "message"),
    [
        ("game-boy", '4 colors for 5 regions; name 5, add mix = true, or use "random"'),
        ("red", '1 colors for 5 regions; name 5 or use "random"'),
        (["random", "red"], '2 colors for 5 regions; name 5 or use "random"'),
    ],
)
def test_too_few_colors_are_told_how_many_are_wanted(palette, message):
    with pytest.raises(UsageError, match=message):
        recolor(grays(5), palette=palette)
