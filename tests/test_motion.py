"""`[animate]`: parameters that change from frame to frame, what is refused, and the command that does it in passing."""

from __future__ import annotations

import io
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

import artkit
from artkit import export
from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.cli.animate import tracks
from artkit.errors import Cancelled, RecipeError, UsageError
from artkit.ops.color import rotate_color
from artkit.ops.filter import blur
from artkit.recipe import Recipe, Step
from artkit.recipe.motion import EASINGS, Motion, Track
from artkit.run import run


def recipe(animate: str, steps: str = '[[steps]]\nop = "rotate-color"\n') -> Recipe:
    return Recipe.parse(f"{steps}\n[animate]\n{animate}\n", "moving.toml")


def numbers(motion: Motion) -> list[float]:
    return [motion.at(i)[0][1] for i in range(motion.count)]


def test_a_full_turn_is_a_cycle_that_does_not_repeat_its_first_frame(photo):
    turn = run(recipe('frames = 8\nvary = { "rotate-color.angle" = [0, 360] }').checked, photo)
    assert isinstance(turn, PaletteAnimation) and len(turn) == 8
    for i, frame in enumerate(turn):
        assert np.array_equal(frame.pixels, rotate_color(photo, angle=45 * i).pixels)


def test_what_ends_elsewhere_has_its_last_number_in_the_last_frame():
    assert numbers(recipe('frames = 5\nvary = { "rotate-color.angle" = [0, 100] }').motion) == [0, 25, 50, 75, 100]
    assert numbers(recipe('frames = 4\nvary = { "rotate-color.angle" = [0, 100, 0] }').motion) == [0, 50, 100, 50]


def test_ping_pong_is_closed_and_its_way_back_shows_the_same_frames():
    motion = recipe(
        'frames = 8\nping_pong = true\neasing = "ease-in"\nvary = { "rotate-color.angle" = [0, 80] }'
    ).motion
    way = numbers(motion)
    assert motion.closed and max(way) == way[4] == 80 and way[1:4] == way[:4:-1]


def test_seamless_may_be_said():
    for said, last in (("true", 75), ("false", 100)):
        way = numbers(recipe(f'frames = 4\nseamless = {said}\nvary = {{ "rotate-color.angle" = [0, 100] }}').motion)
        assert way[-1] == pytest.approx(last)


def test_a_cycle_is_closed_only_where_all_of_it_is():
    steps = '[[steps]]\nop = "rotate-color"\n[[steps]]\nop = "blur"\n'
    both = 'vary = {{ "rotate-color.angle" = [0, 360], "blur.size" = [1, {}] }}'
    assert not recipe(both.format(9), steps).motion.closed
    assert recipe(both.format("9, 1"), steps).motion.closed


@pytest.mark.parametrize("name", EASINGS)
def test_easing_goes_from_0_to_1_without_turning_back(name):
    way = [EASINGS[name](t / 50) for t in range(51)]
    assert way[0] == 0 and way[-1] == pytest.approx(1) and all(a <= b for a, b in pairwise(way))


def test_whole_and_odd_parameters_take_the_nearest_number_that_they_may_have(photo):
    moving = run(recipe('frames = 9\nvary = { "blur.size" = [1, 9] }', '[[steps]]\nop = "blur"\n').checked, photo)
    assert not isinstance(moving, PaletteAnimation)
    sizes = [next(value for _, _, value in moving.key(i)) for i in range(9)]
    assert sizes[0] == 1 and sizes[-1] == 9 and all(size % 2 == 1 for size in sizes)
    assert all(abs(size - (1 + i)) <= 1 for i, size in enumerate(sizes))
    assert np.array_equal(moving.frame(8).pixels, blur(photo, size=9).pixels)


def test_steps_before_the_first_that_changes_run_once(photo, monkeypatch):
    from artkit.ops import filter as filters

    made = []
    original = filters.median.function

    def counted(image: Image, *, size: int = 9, focus: str = "off", progress: object = None) -> Image:
        made.append(1)
        return original(image, size=size, focus=focus)

    filters.median.injected, filters.median.parameters, filters.median.accepts, filters.median.gives  # noqa: B018 - read
    monkeypatch.setattr(filters.median, "function", counted)
    steps = '[[steps]]\nop = "median"\n[[steps]]\nop = "rotate-color"\n[[steps]]\nop = "invert"\n'
    moving = run(recipe('frames = 3\nvary = { "rotate-color.angle" = [0, 90] }', steps).checked, photo)
    assert isinstance(moving, PaletteAnimation)
    assert len({frame.pixels.tobytes() for frame in moving}) == 3
    assert len(made) == 1


def test_regions_that_are_recolored_are_a_palette_animation(photo):
    steps = '[[steps]]\nop = "kmeans"\ncolors = 5\n[[steps]]\nop = "recolor"\npalette = ["sunset"]\n'
    steps += '[[steps]]\nop = "paint"\n[[steps]]\nop = "saturate"\n'
    moving = run(recipe('frames = 4\nvary = { "saturate.amount" = [0, 2] }', steps).checked, photo)
    assert isinstance(moving, PaletteAnimation) and len(moving.base.colors) <= 5


def test_chance_is_the_same_in_every_frame(photo):
    steps = '[[steps]]\nop = "kmeans"\n[[steps]]\nop = "recolor"\n[[steps]]\nop = "rotate-color"\n'
    moving = run(recipe('frames = 2\nvary = { "kmeans.colors" = [4, 4] }', steps).checked, photo)
    assert np.array_equal(moving.frame(0).pixels, moving.frame(1).pixels)


def test_a_drawing_moves_too(photo):
    contours = '[[steps]]\nop = "contours"\n'
    moving = run(recipe('frames = 3\nvary = { "contours.levels" = [2, 6] }', contours).checked, photo)
    assert type(moving) is Animation
    inked = [int((frame.pixels.min(axis=2) < 200).sum()) for frame in moving]
    assert inked[0] < inked[2] and moving.frame(0).pixels.shape == photo.pixels.shape


def test_an_op_that_makes_an_animation_takes_loop_pace_and_indexing_from_the_table(photo):
    steps = '[[steps]]\nop = "color-cycle"\nframes = 4\n'
    moving = run(recipe("fps = 5\nloop = 3\nlossy = 2\n", steps).checked, photo)
    assert (moving.count, moving.delay, moving.loop, moving.indexing.lossy) == (4, 0.2, 3, 2)
    assert run(recipe("loop = 3", steps).checked, photo).delay == 0.08


def test_seconds_give_frames_and_are_kept_to_the_last_bit():
    motion = recipe('seconds = 1.99\nfps = 12\nvary = { "rotate-color.angle" = [0, 360] }').motion
    assert motion.count == 24 and motion.count * motion.delay == pytest.approx(1.99)


def test_the_table_comes_back_as_it_went_in():
    text = 'frames = 12\nfps = 7.5\neasing = "ease-in-out"\nvary = { "rotate-color.angle" = [0, 90.5, 360] }'
    moving = recipe(text)
    again = Recipe.parse(moving.dump())
    assert again.dump() == moving.dump() and again.motion == moving.motion


def test_options_of_an_animated_preset_reach_its_table():
    assert {"frames", "fps", "seconds", "loop", "lossy", "dither", "max_bytes"} <= set(
        Recipe.find("psychedelic").motion_options()
    )
    quick = Recipe.find("psychedelic").with_options({"seconds": 1, "fps": 10}).motion
    assert (quick.count, quick.delay) == (10, pytest.approx(0.1))
    few = Recipe.find("psychedelic").with_values({"animate.frames": "6", "animate.dither": "yes"})
    assert few.motion.count == 6 and few.settings.indexing.dither
    assert "frames" not in Recipe.find("palette-party").motion_options()
    assert Recipe.find("poster").motion_options() == {}


BAD = {
    'frames = 1\nvary = { "rotate-color.angle" = [0, 90] }': "animate: frames: 1 is too small; use 2 or more",
    'fps = 0\nvary = { "rotate-color.angle" = [0, 90] }': "animate: fps: 0 is too small; use more than 0",
    'seconds = 0.01\nvary = { "rotate-color.angle" = [0, 90] }': "one frame is no animation",
    'frames = 5\nseconds = 2\nvary = { "rotate-color.angle" = [0, 9] }': "leave out one of the two",
    'vary = { "rotate-color.axis" = [0, 9] }': "vary: rotate-color.axis: is no number",
    'vary = { "rotate-colour.angle" = [0, 9] }': "no step 'rotate-colour'; did you mean rotate-color?",
    'vary = { "rotate-color.angel" = [0, 9] }': "did you mean angle?",
    'vary = { "rotate-color.angle" = [0, 700] }': "700.0 is too large; use 360",
    'vary = { "rotate-color.angle" = [7] }': "give two numbers or more",
    'vary = { "rotate-color.angle" = ["0", 9] }': '"0" is no number',
    'vary = { "rotate-color.angle" = [0, nan] }': "nan is no number",
    'vary = { "rotate-color.angle" = [0, 9], "1.angle" = [0, 9] }': "rotate-color.angle is the same parameter",
    "vary = 5": "vary: 5 is not a table",
    "frames = 9": "nothing changes; write vary",
    'frame = 9\nvary = { "rotate-color.angle" = [0, 9] }': "no setting 'frame'; did you mean frames?",
    'easing = "bouncy"\nvary = { "rotate-color.angle" = [0, 9] }': "animate: easing",
    'max_bytes = "much"\nvary = { "rotate-color.angle" = [0, 9] }': "max_bytes: 'much' is no size",
}


@pytest.mark.parametrize(("text", "message"), BAD.items())
def test_a_bad_table_is_one_line_that_names_its_place(text, message):
    with pytest.raises(RecipeError) as caught:
        recipe(text)
    (line,) = str(caught.value).splitlines()
    assert message in line and line.startswith("moving.toml:")


def test_a_table_beside_an_animation_of_a_step_is_refused():
    steps = '[[steps]]\nop = "color-cycle"\n'
    for text in ('vary = { "color-cycle.frames" = [3, 9] }', "frames = 9"):
        with pytest.raises(RecipeError, match="color-cycle"):
            recipe(text, steps)


def test_an_option_may_not_have_the_name_of_one_of_the_animations():
    text = '[[steps]]\nop = "rotate-color"\n[animate]\nvary = { "1.angle" = [0, 9] }\n[expose]\nfps = "1.angle"\n'
    with pytest.raises(RecipeError, match="option of artkit itself"):
        Recipe.parse(text)


def test_frames_of_two_sizes_are_named(photo):
    moving = run(recipe('frames = 3\nvary = { "pad.margin" = [0, 9] }', '[[steps]]\nop = "pad"\n').checked, photo)
    with pytest.raises(UsageError, match="frame 2 is"):
        export.encode(moving, ".gif")


def test_a_run_can_be_cancelled_between_frames(photo):
    asked = []
    turn = recipe('frames = 4\nvary = { "rotate-color.angle" = [0, 90] }')
    moving = run(turn.checked, photo, cancelled=lambda: bool(asked))
    moving.frame(1)
    asked.append(1)
    with pytest.raises(Cancelled):
        moving.frame(2)
    with pytest.raises(Cancelled):
        export.encode(moving, ".gif")


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_memory_is_that_of_a_few_frames_however_many_are_written(tmp_path, ending):
    pixels = np.random.default_rng(0).integers(0, 256, (80, 90, 3), np.uint8)

    def peak(count: int) -> int:
        animation = Animation(count, lambda i: Image(np.roll(pixels, i, axis=1)))
        tracemalloc.start()
        animation.save(tmp_path / f"long{ending}")
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(2)
    few = peak(4)
    assert peak(40) < 1.1 * few + 40_000
    assert (tmp_path / f"long{ending}").stat().st_size > 10 * 80 * 90


def test_equal_frames_are_written_once_more_and_not_made_again():
    made = []
    frames = [np.random.default_rng(i).integers(0, 256, (30, 40, 3), np.uint8) for i in range(3)]

    def frame(i: int) -> Image:
        made.append(i)
        return Image(frames[(0, 1, 2, 1, 1)[i]])

    data = export.encode(Animation(5, frame, key=lambda i: (0, 1, 2, 1, 1)[i]), ".gif")
    assert made.count(3) == made.count(4) == 0
    with Pillow.open(io.BytesIO(data)) as file:
        assert file.n_frames == 5
        shown = []
        for i in range(5):
            file.seek(i)
            shown.append(np.asarray(file.convert("RGB")))
    assert np.array_equal(shown[1], shown[3]) and np.array_equal(shown[3], shown[4])
    assert not np.array_equal(shown[1], shown[2])


def test_differences_are_written_where_most_of_a_frame_stays():
    still = np.random.default_rng(0).integers(0, 250, (60, 80, 3), np.uint8)

    def frame(i: int) -> Image:
        pixels = still.copy()
        pixels[20:30, 5 * i : 5 * i + 10] = 255
        return Image(pixels)

    moving = Animation(6, frame)
    data = export.encode(moving, ".gif")
    assert len(data) < 2 * len(export.encode(Animation(1, frame), ".gif"))
    with Pillow.open(io.BytesIO(data)) as file:
        for i in range(6):
            file.seek(i)
            off = np.abs(np.asarray(file.convert("RGB")).astype(int) - frame(i).pixels)
            assert off.mean() < 16 and np.abs(off[20:30, 5 * i : 5 * i + 10]).max() <= 12


def test_more_than_50_frames_a_second_are_told_and_slowed_down(photo):
    said = []
    fast = run(recipe('frames = 4\nfps = 100\nvary = { "rotate-color.angle" = [0, 90] }').checked, photo)
    with Pillow.open(io.BytesIO(export.encode(fast, ".gif", note=said.append))) as file:
        assert file.info["duration"] == 20
    assert len(said) == 1 and "100 frames per second" in said[0] and "50" in said[0]
    export.encode(fast, ".png", note=said.append)
    assert len(said) == 1


# As many bytes as are wanted


@pytest.mark.sample(1)
@pytest.mark.slow
def test_a_limit_of_bytes_is_kept_closely_and_told(tmp_path):
    y, x = np.mgrid[:120, :160]
    noise = np.random.default_rng(0).normal(0, 12, (120, 160, 3))
    image = Image(np.clip(np.stack([x * 1.5, y * 2, 90 + x * 0 + y], -1) + noise, 0, 255).astype(np.uint8))
    turn = recipe('frames = 5\nvary = { "rotate-color.angle" = [0, 360] }')
    free = len(export.encode(run(turn.checked, image), ".gif"))
    for share, words in ((0.8, "lossy"), (0.1, "pixels instead of 160 x 120")):
        limit, said = int(share * free), []
        small = run(turn.with_values({"animate.max_bytes": str(limit)}).checked, image)
        data = export.encode(small, ".gif", note=said.append)
        assert 0.55 * limit < len(data) <= limit
        assert words in said[0] and f"{len(data):,} bytes" in said[0]
    said.clear()
    roomy = run(turn.with_values({"animate.max_bytes": "8MB"}).checked, image)
    assert len(export.encode(roomy, ".gif", note=said.append)) == free and not said


@pytest.mark.parametrize("ending", [".gif", ".webp", ".png"])
def test_a_limit_that_nothing_keeps_to_says_what_the_least_takes(photo, ending):
    turn = recipe('frames = 3\nmax_bytes = "100"\nvary = { "rotate-color.angle" = [0, 360] }')
    with pytest.raises(UsageError, match=r"max_bytes: 100 is too small: .* 3 frames take [\d,]+ bytes; use fewer"):
        export.encode(run(turn.checked, photo), ending)


def test_a_smaller_palette_animation_is_one_still():
    image = Image(np.random.default_rng(1).integers(0, 256, (40, 60, 4), np.uint8)[..., :3].copy())
    turn = run(recipe('frames = 3\nvary = { "rotate-color.angle" = [0, 90] }').checked, image)
    small = turn.scaled(30, 20)
    assert isinstance(small, PaletteAnimation) and small.size == (30, 20) and small.key is turn.key
    assert np.abs(small.frame(0).pixels.astype(int) - image.pixels.reshape(20, 2, 30, 2, 3).mean((1, 3))).max() <= 1


# The command


def command(line: str):
    return CliRunner().invoke(app, line.split(), prog_name="artkit")


@pytest.fixture
def desk(photo_file, monkeypatch):
    monkeypatch.chdir(photo_file.parent)
    return photo_file.parent


def frames_in(path) -> tuple[int, int, int | None]:
    with Pillow.open(path) as file:
        return file.n_frames, file.info.get("duration"), file.info.get("loop")


@pytest.mark.slow
def test_the_command_animates_an_op_or_a_preset(desk):
    line = "animate hill.png --vary rotate-color.angle=0:360 --frames 6 --fps 10 --loop 2 -o a.gif"
    assert command(line).stdout == "a.gif\n" and frames_in(desk / "a.gif") == (6, 100, 1)
    line = "animate hill.png --vary blur.size=1:9:1 --seconds 0.5 --fps 8 --size 40 -o b.png"
    assert command(line).exit_code == 0 and frames_in(desk / "b.png")[0] == 4
    line = "animate hill.png --preset channel-blur --vary channel-blur.size=1:15 --ping-pong --frames 4 -o c.webp"
    assert command(line).exit_code == 0 and frames_in(desk / "c.webp")[0] == 4
    line = "apply psychedelic hill.png --frames 5 --lossy 4 -o d.gif"
    assert command(line).exit_code == 0 and frames_in(desk / "d.gif")[0] == 5


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("animate hill.png -o a.gif", "nothing moves; add --vary STEP.PARAM=A:B"),
        ("animate hill.png --vary angle=1:2 -o a.gif", "takes STEP.PARAM=A:B"),
        ("animate hill.png --vary blur.size=1:x -o a.gif", "'1:x' is no way from number to number"),
        ("animate hill.png --vary blur.size=5 -o a.gif", "give two numbers or more"),
        ("animate hill.png --vary blurr.size=1:9 -o a.gif", "no op 'blurr'; did you mean blur?"),
        ("animate hill.png --vary blur.window=1:9 -o a.gif", "is no number"),
        ("animate hill.png --vary blur.size=1:9 --fps 0 -o a.gif", "fps: 0 is too small"),
        ("animate hill.png --vary blur.size=1:9 --frames 1 -o a.gif", "frames: 1 is too small"),
        ("animate hill.png --vary blur.size=1:9 --max-bytes 3x -o a.gif", "is no size"),
        ("animate hill.png --vary blur.size=1:9 -o a.svg", "an animation cannot be written as .svg"),
        ("animate hill.png --vary halftone.angel=0:9 -o a.gif", "did you mean angle?"),
        ("animate hill.png --vary blur.size=1:9 --vary blur.size=1:3 -o a.gif", "is given twice"),
    ],
)
def test_what_the_command_cannot_do_is_one_line(desk, line, message):
    result = command(line)
    assert result.exit_code == 2 and message in result.stderr and not list(desk.glob("a.*"))
    assert len(result.stderr.splitlines()) == 1 and result.stderr.startswith("Error: ")


def test_ways_are_read_from_text():
    assert tracks(["a.b=1:2.5:-3", "c.d = 0:1"]) == {"a.b": [1, 2.5, -3], "c.d": [0, 1]}


def test_python_says_the_same():
    image = np.zeros((4, 5, 3), np.uint8)
    moving = artkit.apply(
        Recipe(steps=(Step("blur"),), animate={"frames": 3, "vary": {"blur.size": (1, 5)}}), image, fps=50
    )
    assert isinstance(moving, Animation) and moving.delay == 0.02
    assert Track(0, "x", (0.0, 720.0), 360.0).closed and not Track(0, "x", (0.0, 90.0), 360.0).closed


def test_between_two_odd_numbers_the_nearer_one_is_taken():
    """2.4 is nearer to 3 than to 1, though 2, the whole number next to it, is nearer to neither."""
    moving = recipe('frames = 6\nvary = { "blur.size" = [1, 8.0] }', '[[steps]]\nop = "blur"\n')
    moving = run(moving.checked, Image(np.zeros((2, 2, 3), np.uint8)))
    assert [next(value for _, _, value in moving.key(i)) for i in range(6)] == [1, 3, 3, 5, 7, 7]


def test_values_that_are_good_alone_are_checked_together_when_they_are_set():
    """Not when it runs, minutes later: a second of two frames a second is an animation, half of it is one frame."""
    turn = Recipe.find("psychedelic")
    assert turn.with_options({"seconds": 1, "fps": 2}).motion.count == 2
    for change in ({"seconds": 0.5, "fps": 2}, {"fps": 2, "seconds": 0.5}):
        with pytest.raises(RecipeError, match="one frame is no animation"):
            turn.with_options(change)
    with pytest.raises(RecipeError, match="one frame is no animation"):
        turn.with_values({"animate.seconds": 0.5, "animate.fps": 2})


def test_a_limit_lowers_the_quality_of_a_webp_before_its_size_and_large_ones_are_tried_small_first(monkeypatch):
    from artkit.export import fit

    noise = np.random.default_rng(0).normal(0, 30, (140, 200, 3))
    y, x = np.mgrid[:140, :200]
    image = Image(np.clip(np.stack([x, y, 90 + x * 0 + y], -1) + noise, 0, 255).astype(np.uint8))
    turn = recipe('frames = 3\nvary = { "rotate-color.angle" = [0, 200] }')
    free, said = len(export.encode(run(turn.checked, image), ".webp")), []

    def limited(share: float) -> Animation:
        return run(turn.with_values({"animate.max_bytes": str(int(share * free))}).checked, image)

    data = export.encode(limited(0.75), ".webp", note=said.append)
    assert 0.5 * free < len(data) <= 0.75 * free and said[0].startswith("quality ") and "pixels" not in said[0]
    monkeypatch.setattr(fit, "_LARGE", 1)
    monkeypatch.setattr(fit, "_SMALL", 2000)
    data = export.encode(limited(0.1), ".webp", note=said.append)
    assert 0.05 * free < len(data) <= 0.1 * free and "pixels instead of 200 x 140" in said[-1]
    none = run(turn.with_values({"animate.max_bytes": "none"}).checked, image)
    assert none.max_bytes is None and len(export.encode(none, ".webp")) == free
