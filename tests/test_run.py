"""Running recipes: chance, lifting, progress, cancellation, and what is done to the photo before."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_ops import tiny_ops

from artkit import registry
from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import ArtkitError, Cancelled, RecipeError, UsageError
from artkit.recipe import RESERVED, Recipe, Step
from artkit.run import prepare, run
from artkit.run.library import apply


@pytest.fixture(autouse=True, scope="module")
def _only_tiny_ops():
    with tiny_ops():
        yield


PHOTO = Image(np.random.default_rng(5).integers(0, 256, (6, 9, 3), np.uint8))


def recipe(names: str, **rest: object) -> Recipe:
    return Recipe(steps=tuple(map(Step, names.split())), **rest)


def pixels(artwork: object) -> np.ndarray:
    assert isinstance(artwork, Image)
    return artwork.pixels


# Chance


def test_the_same_seed_gives_the_same_artwork_and_another_another():
    def made(seed: int | None) -> np.ndarray:
        return pixels(run(recipe("grain", seed=3).checked, PHOTO, seed=seed))

    assert np.array_equal(made(None), made(3))
    assert np.array_equal(made(4), made(4))
    assert not np.array_equal(made(3), made(4))


def test_each_step_draws_from_its_own_source():
    def drawn(names: str, step: int) -> np.ndarray:
        rng = np.random.default_rng([3, step])
        return rng.uniform(0, 8.0, PHOTO.pixels.shape[:2]).astype(np.uint8)

    assert np.array_equal(pixels(run(recipe("grain", seed=3).checked, PHOTO))[..., 0], drawn("grain", 1))
    assert np.array_equal(pixels(run(recipe("grain grain", seed=3).checked, PHOTO))[..., 0], drawn("grain grain", 2))


def test_a_negative_seed_is_refused():
    with pytest.raises(UsageError, match="seed: -1"):
        run(recipe("grain").checked, PHOTO, seed=-1)


# Types


def test_nothing_runs_when_a_later_step_does_not_fit():
    ran: list[str] = []
    with pytest.raises(RecipeError, match="step 3"):
        run(recipe("grain rim grain").checked, PHOTO, progress=lambda done, of, name: ran.append(name))
    assert ran == []


def test_labels_are_painted_where_a_picture_is_wanted():
    artwork = run(recipe("split spin").checked, PHOTO)
    assert isinstance(artwork, Animation)
    labels = run(recipe("split").checked, PHOTO)
    assert isinstance(labels, Labels)
    assert np.array_equal(artwork.frame(0).pixels, labels.painted().pixels)


def test_an_image_op_after_an_animation_changes_every_frame_and_its_grain_stands_still():
    plain, grainy = run(recipe("spin").checked, PHOTO), run(recipe("spin grain").checked, PHOTO)
    assert isinstance(plain, Animation) and isinstance(grainy, Animation)
    assert len(grainy) == len(plain) == 3
    for before, after in zip(plain, grainy, strict=True):
        assert np.array_equal(before.pixels[..., 1:], after.pixels[..., 1:])
        assert np.array_equal(after.pixels[..., 0], grainy.frame(0).pixels[..., 0])


def test_frames_are_made_when_they_are_asked_for_and_the_same_in_any_order():
    artwork = run(recipe("spin grain grain").checked, PHOTO)
    assert isinstance(artwork, Animation)
    backwards = [artwork.frame(i).pixels for i in (2, 1, 0)]
    assert all(np.array_equal(a, b.pixels) for a, b in zip(reversed(backwards), artwork, strict=True))


def test_an_error_names_its_step_once():
    made = recipe("split ink").with_values({"ink.only": 7})
    with pytest.raises(UsageError) as caught:
        run(made.checked, PHOTO)
    assert str(caught.value) == "step 2 (ink): only: 7 is no label; use 0 to 3"


def test_a_lack_of_memory_is_told_with_the_size_and_the_way_out(monkeypatch):
    def exhausted(image: Image) -> Image:
        """Ask for too much."""
        return image.with_pixels(np.empty((1 << 40, 1 << 20, 3), np.uint8))

    monkeypatch.setitem(registry.REGISTRY.ops, "exhausted", registry.Op(exhausted))
    with pytest.raises(ArtkitError) as caught:
        run(recipe("grain exhausted").checked, PHOTO)
    text = "step 2 (exhausted): not enough memory for 9 x 6 pixels; use a smaller size or crop"
    assert (str(caught.value), type(caught.value)) == (text, ArtkitError)


def test_notes_are_told_once():
    told: list[str] = []
    run(recipe("split grain split").checked, PHOTO, notes=told.append)
    assert told == ["columns"]
    run(recipe("split").checked, PHOTO)


# Progress and cancellation


def test_progress_tells_each_step_that_starts_and_the_end():
    told: list[tuple[int, int, str]] = []
    run(recipe("split ink rim").checked, PHOTO, progress=lambda *args: told.append(args))
    assert told == [(0, 3, "split"), (1, 3, "ink"), (2, 3, "rim"), (3, 3, "")]


@pytest.mark.parametrize("after", range(4))
def test_a_run_is_cancelled_between_steps(after):
    started: list[str] = []
    with pytest.raises(Cancelled):
        run(
            recipe("split ink rim").checked,
            PHOTO,
            progress=lambda done, of, name: started.append(name),
            cancelled=lambda: len(started) == after,
        )
    assert started == ["split", "ink", "rim"][:after]


@pytest.mark.parametrize("names", ["spin", "spin grain"])
def test_a_run_is_cancelled_between_frames(names):
    stop = False
    artwork = run(recipe(names).checked, PHOTO, cancelled=lambda: stop)
    assert isinstance(artwork, Animation)
    frames = iter(artwork)
    next(frames)
    stop = True
    with pytest.raises(Cancelled):
        next(frames)


# Preparing


def test_a_crop_is_the_photos_pixels():
    assert np.array_equal(prepare(PHOTO, crop=(2, 1, 4, 3)).pixels, PHOTO.pixels[1:4, 2:6])
    assert prepare(PHOTO, crop=(0, 0, 9, 6)).pixels.shape == PHOTO.pixels.shape


@pytest.mark.parametrize(
    ("crop", "complaint"),
    [
        ((-1, 0, 3, 3), "crop: x: -1 is too small; use 0 or more"),
        ((0, 0, 0, 1), "crop: width: 0 is too small; use 1 or more"),
        ((0, 0, 10, 1), "crop: 10 x 1 pixels at 0, 0 do not lie within a picture of 9 x 6"),
        ((0, 4, 1, 3), "crop: 1 x 3 pixels at 0, 4 do not lie within a picture of 9 x 6"),
        ((9, 0, 1, 1), "crop: 1 x 1 pixels at 9, 0 do not lie within a picture of 9 x 6"),
    ],
)
def test_a_crop_outside_the_photo_is_refused(crop, complaint):
    with pytest.raises(UsageError) as caught:
        prepare(PHOTO, crop=crop)
    assert str(caught.value).startswith(complaint)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 50))
def test_size_limits_the_longer_side_keeps_the_shape_and_never_enlarges(width, height, size):
    image = prepare(np.zeros((height, width, 3), np.uint8), size=size)
    longer = min(size, max(width, height))
    assert max(image.width, image.height) == longer
    scale = longer / max(width, height)
    assert abs(image.width - width * scale) <= 1 and abs(image.height - height * scale) <= 1


def test_a_crop_comes_before_the_size():
    assert prepare(PHOTO, crop=(0, 0, 4, 2), size=4).pixels.shape == (2, 4, 3)


def test_reducing_averages_areas():
    image = Image(np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8))
    blocks = image.pixels.reshape(3, 2, 4, 2, 3).mean(axis=(1, 3))
    assert np.abs(prepare(image, size=4).pixels - blocks).max() <= 0.5


def test_transparent_pixels_do_not_bleed_into_the_others():
    pixels = np.full((2, 4, 3), 255, np.uint8)  # white where it cannot be seen
    pixels[:, ::2] = 10, 20, 30
    alpha = np.tile(np.array([255, 0], np.uint8), (2, 2))
    small = prepare(Image(pixels, alpha), size=2)
    assert small.alpha is not None
    assert np.array_equal(small.pixels, np.full((1, 2, 3), (10, 20, 30)))
    assert np.array_equal(small.alpha, [[128, 128]])


@pytest.mark.parametrize("size", [0, -5])
def test_a_size_below_one_pixel_is_refused(size):
    with pytest.raises(UsageError, match=f"size: {size} is too small"):
        prepare(PHOTO, size=size)


# The door


def test_apply_takes_a_preset_options_and_values(tmp_path):
    path = tmp_path / "columns.toml"
    path.write_text('[[steps]]\nop = "split"\n[[steps]]\nop = "ink"\n[expose]\ncolors = "split.colors"\n', "utf-8")
    for preset in (str(path), Recipe.read(path)):
        artwork = apply(preset, PHOTO, colors=3, values={"ink.palette": "sunset"}, size=6, crop=(0, 0, 8, 4), seed=1)
        assert isinstance(artwork, Labels)
        assert len(artwork.palette) == 3 and artwork.ids.shape == (3, 6)
    with pytest.raises(RecipeError, match="no option 'colours'; did you mean colors"):
        apply(path, PHOTO, colours=3)


def test_no_recipe_can_expose_what_apply_takes_itself():
    own = set(inspect.signature(apply).parameters) - {"options"}
    assert own <= RESERVED
