"""Recipes on moving pictures: one seed and one mind for the shot, still parts that stand still, and files of it all."""

from __future__ import annotations

import json

import numpy as np
import PIL.Image
import pytest
from typer.testing import CliRunner

from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.export import save
from artkit.footage import Footage
from artkit.recipe import RecipeData, Step
from artkit.recipe.check import check
from artkit.run import run
from artkit.run.shot import Shot
from artkit.run.steady import Steady
from artkit.run.steps import still

COUNT, WIDTH, HEIGHT = 5, 48, 24


def frame(i: int) -> Image:
    """A still ground of soft noise, and something on it that moves and takes another color each time."""
    noise = np.random.default_rng(5).integers(60, 180, (HEIGHT, WIDTH, 3), np.uint8)
    noise[4:10, 6 * i + 2 : 6 * i + 8] = [(255, 0, 0), (0, 255, 0), (255, 255, 255), (0, 0, 0), (255, 255, 0)][i]
    return Image(noise)


def clip() -> Footage:
    return Footage("clip", "", (0.1,) * COUNT, 0, map_frames)


def map_frames():
    yield from map(frame, range(COUNT))


def shot(*steps: Step, **settings: object) -> Shot:
    recipe = check(RecipeData(steps=steps, **({"footage": settings} if settings else {})))
    return Shot(recipe, clip(), lambda image: image)


def flicker(frames: list[Image]) -> float:
    """Mean change, in levels, far from what moves."""
    apart = np.stack([each.pixels[16:].astype(int) for each in frames])
    return float(np.abs(np.diff(apart, axis=0)).mean())


STEPS = {
    "auto-levels": Step("auto-levels", {"clip": 2.0, "middle": 0.5}),
    "kmeans": Step("kmeans", {"colors": 4}),
    "kmeans rgb": Step("kmeans", {"colors": 4, "space": "rgb"}),
    "otsu": Step("otsu"),
    "otsu-rgb": Step("otsu-rgb", {"classes": "eight"}),
    "multi-otsu": Step("multi-otsu", {"classes": 4}),
    "sketch": Step("sketch", {"share": 0.3}),
    "sobel": Step("sobel", {"scale": "auto"}),
    "canny": Step("canny"),
}


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", STEPS)
def test_what_is_decided_of_a_picture_as_a_whole_is_decided_once_for_the_shot(name):
    recipe = check(RecipeData(steps=(STEPS[name],)))
    alone = [still(run(recipe, frame(i))) for i in range(COUNT)]
    together = [shot(STEPS[name], steady=0).frame(i) for i in range(COUNT)]
    assert flicker(together) <= 0.6
    if name in ("auto-levels", "kmeans", "kmeans rgb", "multi-otsu"):
        assert flicker(alone) > flicker(together)  # so that the test would see it


def test_later_steps_decide_by_what_earlier_ones_have_made_of_the_shot():
    steps = Step("auto-levels", {"clip": 5.0}), Step("kmeans", {"colors": 3})
    made = [shot(*steps, steady=0).frame(i) for i in range(COUNT)]
    colors = {tuple(color) for each in made for color in np.unique(each.pixels.reshape(-1, 3), axis=0)}
    assert len(colors) == 3


def test_a_frame_alone_is_what_it_is_among_the_others_in_any_order():
    steps = Step("auto-levels"), Step("kmeans", {"colors": 4})
    forward, back = shot(*steps), shot(*steps)
    ahead = [forward.frame(i) for i in range(COUNT)]
    behind = [back.frame(i) for i in reversed(range(COUNT))][::-1]
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(ahead, behind, strict=True))


def test_grain_stands_still_and_what_moves_is_made_anew():
    made = [shot(Step("crayon", {"width": 2, "length": 6})).frame(i) for i in range(COUNT)]
    assert flicker(made) == 0
    assert np.abs(made[0].pixels[4:10].astype(int) - made[1].pixels[4:10]).mean() > 5


def test_noise_is_held_and_slow_change_is_followed():
    steady = Steady(4.0)
    rng = np.random.default_rng(0)
    ground = np.full((40, 40, 3), 100, np.uint8)
    first = steady(Image(ground), Image(ground))
    noisy = Image(ground + rng.integers(0, 4, ground.shape, np.uint8))
    assert np.array_equal(steady(noisy, noisy).pixels, first.pixels)
    for level in range(0, 60, 3):  # each step is less than noise, all together are not
        dark = ground.copy()
        dark[:, :12] -= np.uint8(level)
        shown = steady(Image(dark), Image(dark))
        assert np.abs(shown.pixels.astype(int) - dark).max() <= 6


def test_parameters_go_their_way_over_the_clip_and_palettes_turn_with_it():
    recipe = check(
        RecipeData(
            steps=(Step("rotate-color"),), animate={"vary": {"rotate-color.angle": [0, 360]}}, footage={"trim": "1..4"}
        )
    )
    made = Shot(recipe, clip(), lambda image: image).animation
    assert made.count == 4 and made.waits == (0.1,) * 4
    assert np.array_equal(made.frame(0).pixels, frame(0).pixels)
    turned = run(check(RecipeData(steps=(Step("rotate-color", {"angle": 90}),))), frame(1))
    assert np.array_equal(made.frame(1).pixels, turned.pixels)
    turning = shot(Step("color-cycle", {"frames": 4, "delay": 0.2})).animation
    assert np.array_equal(turning.frame(1).pixels, frame(1).pixels)  # still the first color after 0.1 s
    assert not np.array_equal(turning.frame(2).pixels, frame(2).pixels)


def test_ping_pong_makes_no_frame_twice_and_a_pause_is_at_the_end():
    asked = []

    def prepared(image: Image) -> Image:
        asked.append(1)
        return image

    recipe = check(RecipeData(steps=(Step("invert"),), footage={"ping_pong": True, "pause": 1.0, "loop": 2}))
    made = Shot(recipe, clip(), prepared).animation
    pixels = [each.pixels for each in made]
    assert made.count == 8 and len(asked) == COUNT and made.loop == 2
    assert np.array_equal(pixels[1], pixels[7]) and made.waits[-1] == pytest.approx(1.1)


# The command line.


@pytest.fixture(scope="module")
def gif(tmp_path_factory):
    waits = (0.1, 0.2, 0.1, 0.3, 0.1)
    return Animation(COUNT, frame, 0.16, loop=2, delays=waits).save(tmp_path_factory.mktemp("clip") / "clip.gif")


@pytest.fixture(scope="module")
def flat(gif):
    """A recipe of one quick step."""
    (gif.parent / "flat.toml").write_text('[[steps]]\nop = "otsu-rgb"\nclasses = "eight"\n')
    return gif.parent / "flat.toml"


@pytest.fixture(scope="module")
def traced(gif):
    """A recipe that ends as a drawing."""
    (gif.parent / "traced.toml").write_text('[[steps]]\nop = "otsu"\n[[steps]]\nop = "trace"\n')
    return gif.parent / "traced.toml"


def artkit_(*words: object):
    return CliRunner().invoke(app, list(map(str, words)), prog_name="artkit")


def durations(path) -> list[int]:
    with PIL.Image.open(path) as made:
        found = []
        for i in range(getattr(made, "n_frames", 1)):
            made.seek(i)
            made.load()
            found.append(round(made.info.get("duration", 0)))
        return found


def test_the_suffix_decides_whether_all_frames_are_taken(gif, flat, tmp_path):
    assert artkit_("apply", flat, gif, "-o", tmp_path / "a.gif", "--trim", "2..4").exit_code == 0
    assert durations(tmp_path / "a.gif") == [200, 100, 300]
    one = artkit_("apply", flat, gif, "-o", tmp_path / "a.jpg")
    assert one.exit_code == 0 and "5 frames: the first one is taken" in one.output
    assert "-o a.gif, .webp, .png or .mp4 takes all" in one.output
    assert artkit_("animate", gif, "-o", tmp_path / "b.png", "--reverse", "--delay", "0.05").exit_code == 0
    assert durations(tmp_path / "b.png") == [50] * 5


def test_a_folder_of_frames_is_there_in_full_or_not_at_all(gif, traced, flat, tmp_path):
    made = artkit_("apply", traced, gif, "-o", f"{tmp_path}/frames/", "--every", "2")
    assert made.exit_code == 0, made.output
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == [f"frame-000{i}.svg" for i in (1, 2, 3)]
    again = artkit_("apply", traced, gif, "-o", f"{tmp_path}/frames/")
    assert again.exit_code == 2 and "is not empty" in again.output
    photo = save(frame(0), tmp_path / "photo.png")
    alone = artkit_("apply", traced, photo, "-o", f"{tmp_path}/more/")
    assert alone.exit_code == 2 and "is one picture" in alone.output
    for i in range(2):
        (tmp_path / "odd").mkdir(exist_ok=True)
        save(Image(frame(i).pixels[: 20 - i]), tmp_path / "odd" / f"{i}.png")
    for target in (f"{tmp_path}/odd-frames/", tmp_path / "odd.gif"):
        odd = artkit_("apply", flat, tmp_path / "odd", "-o", target)
        assert odd.exit_code == 1 and "frames are of one size" in odd.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frames", "odd", "photo.png"]


def test_options_for_clips_on_a_still_photo_are_left_out_and_told(gif, flat, tmp_path):
    photo = save(frame(0), tmp_path / "photo.png")
    plain = artkit_("apply", flat, photo, "-o", tmp_path / "a.png", "-q")
    told = artkit_("apply", flat, photo, "-o", tmp_path / "b.png", "--trim", "1..2")
    assert plain.exit_code == told.exit_code == 0 and "one picture: trim is for moving ones" in told.output
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    bad = artkit_("apply", flat, gif, "-o", tmp_path / "c.gif", "--trim", "7..9")
    assert bad.exit_code == 2 and "trim: 7..9: there are 5 frames" in bad.output and not (tmp_path / "c.gif").exists()


@pytest.mark.parametrize("source", ["gif", "folder"])
def test_what_was_made_of_a_clip_is_recorded_and_made_again(gif, flat, tmp_path, source):
    if source == "folder":
        source = tmp_path / "frames"
        source.mkdir()
        for i in range(3):
            save(frame(i), source / f"{i}.png")
    else:
        source = gif
    words = ("apply", flat, source, "--gallery", tmp_path / "gallery", "--ping-pong", "--pause", "0.5")
    assert artkit_(*words).exit_code == 0
    record = json.loads(next((tmp_path / "gallery" / "records").glob("*.json")).read_text())
    assert record["file"].endswith(".gif") and "ping_pong = true" in record["recipe"] and record["photo_sha256"]
    artwork = tmp_path / "gallery" / record["file"]
    again = artkit_("reproduce", artwork, "--photo", source)
    assert again.exit_code == 0 and "the same bytes" in again.output, again.output
    assert artkit_("verify", tmp_path / "gallery").exit_code == 0
    changed = tmp_path / "other.gif"
    Animation(2, frame, 0.1).save(changed)
    assert "is another photo" in artkit_("reproduce", artwork, "--photo", changed).output


@pytest.mark.slow
def test_the_tracer_alone_takes_clips_and_its_record_says_how(gif, tmp_path):
    made = artkit_("trace", gif, "--gallery", tmp_path, "--kind", "flat", "--colors", "3", "--every", "3", "--reverse")
    assert made.exit_code == 0, made.output
    record = json.loads(next((tmp_path / "records").glob("*.json")).read_text())
    assert record["command"] == "artkit trace clip.gif --kind flat --colors 3 --every 3 --reverse"
    assert durations(tmp_path / record["file"]) == [400, 400]
