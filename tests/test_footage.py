"""Moving pictures in: frames, delays and loops of folders, GIF, WebP, PNG and videos; what is taken of them; faults."""

from __future__ import annotations

import subprocess

import numpy as np
import PIL.Image
import pytest

import artkit
from artkit.artwork import ffmpeg
from artkit.artwork.animation import Animation
from artkit.artwork.image import Image
from artkit.errors import LimitError, PhotoError, UsageError
from artkit.export import save
from artkit.footage import Store, footage_of, is_moving
from artkit.footage.clip import Clip
from artkit.footage.model import Footage

COUNT, WIDTH, HEIGHT = 6, 16, 12
needs_ffmpeg = pytest.mark.skipif(not ffmpeg.found(), reason="ffmpeg is not installed")


def frame(i: int, holes: bool = False) -> Image:
    pixels = np.full((HEIGHT, WIDTH, 3), (40, 90, 200), np.uint8)
    pixels[2:8, 2 * i : 2 * i + 4] = (250, 200, 20)
    alpha = np.full((HEIGHT, WIDTH), 255, np.uint8)
    alpha[9:] = 0
    return Image(pixels, alpha if holes else None)


def numbered(waits: tuple[float, ...] = (0.1,) * COUNT, timed: bool = True) -> Footage:
    return Footage("clip", "", waits, 0, lambda: (frame(i) for i in range(len(waits))), timed)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "frames"
    place.mkdir()
    for i in range(COUNT):
        save(frame(i), place / f"f{2 * i + 1}.png")  # f1, f3, ... f11
    (place / "notes.txt").write_text("no frame")
    return place


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_animated_files_keep_frames_delays_loops_and_holes(tmp_path, suffix):
    waits = (0.1, 0.25, 0.1, 0.5, 0.1, 0.2)
    made = Animation(COUNT, lambda i: frame(i, holes=True), 0.2, loop=3, delays=waits)
    found = artkit.read_frames(made.save(tmp_path / f"a{suffix}"))
    assert found.waits == pytest.approx(waits, abs=1e-3) and found.loop == 3
    lossy = 12 if suffix == ".webp" else 0
    for i, each in enumerate(found):
        there = each.is_opaque
        assert there is not None and np.array_equal(there, frame(i, holes=True).is_opaque)
        assert np.abs(each.pixels.astype(int) - frame(i).pixels)[there].mean() <= lossy


def test_frames_of_a_folder_and_of_a_glob_come_in_the_order_of_their_numbers(folder):
    for source in (folder, f"{folder}/f*.png"):
        found = artkit.read_frames(source, fps=10)
        assert found.waits == (0.1,) * COUNT
        assert all(np.array_equal(each.pixels, frame(i).pixels) for i, each in enumerate(found))
    same = footage_of(str(folder)).sha256  # by content: names do not matter
    (folder / "f1.png").rename(folder / "f0.png")
    assert footage_of(f"{folder}/*.png").sha256 == same


@needs_ffmpeg
@pytest.mark.sample(2)
@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".mkv", ".mov", ".avi"])
def test_videos_have_all_their_frames_at_their_pace(tmp_path, suffix):
    made = Animation(COUNT, frame, 0.1).save(tmp_path / "a.mp4")
    path = tmp_path / f"b{suffix}"
    if suffix != ".mp4":
        codec = ["-c:v", "mpeg4", "-q:v", "2"] if suffix == ".avi" else [] if suffix == ".webm" else ["-c", "copy"]
        subprocess.run([ffmpeg.found(), "-v", "error", "-i", made, *codec, path], check=True)
    found = artkit.read_frames(path if suffix != ".mp4" else made)
    assert found.waits == pytest.approx((0.1,) * COUNT)
    assert all(np.abs(each.pixels.astype(int) - frame(i).pixels).mean() < 12 for i, each in enumerate(found))
    assert np.abs(found.frame(1).pixels.astype(int) - frame(1).pixels).mean() < 12  # back again


@pytest.mark.parametrize(
    ("clip", "order", "waits"),
    [
        (Clip(), [0, 1, 2, 3, 4, 5], [0.1] * 6),
        (Clip(trim="2..4"), [1, 2, 3], [0.1] * 3),
        (Clip(trim="..0.25s"), [0, 1, 2], [0.1, 0.1, 0.05]),
        (Clip(trim="0.35s.."), [3, 4, 5], [0.05, 0.1, 0.1]),
        (Clip(every=4), [0, 4], [0.4, 0.2]),
        (Clip(fps=5), [0, 2, 4], [0.2] * 3),
        (Clip(trim="1..2", fps=20), [0, 0, 1, 1], [0.05] * 4),
        (Clip(trim="1..3", delay=(0.1, 0.2, 0.3), reverse=True, pause=1), [2, 1, 0], [0.3, 0.2, 1.1]),
        (Clip(trim="1..3", ping_pong=True), [0, 1, 2, 1], [0.1] * 4),
    ],
)
def test_what_is_taken_and_how_long_it_is_shown(clip, order, waits):
    takes = clip.takes(numbered())
    assert list(takes.order) == order and takes.waits == pytest.approx(waits)


@pytest.mark.parametrize(
    ("clip", "complaint"),
    [
        (Clip(trim="5..9"), "there are 6 frames"),
        (Clip(trim="2s.."), "there are 6 frames, 0.6 s of them"),
        (Clip(trim="1s..0.5s"), "ends before it begins"),
        (Clip(trim="1..2s..3"), "takes frames from 1 on"),
        (Clip(delay=(0.1, 0.2)), "2 delays for 6 frames"),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_line(clip, complaint):
    with pytest.raises(UsageError, match=complaint):
        clip.takes(numbered())


def test_frames_over_the_limit_are_refused(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_FRAMES", "5")
    with pytest.raises(LimitError, match="trim it"):
        Clip().takes(numbered())


def test_a_folder_without_frames_and_frames_of_unlike_sizes_are_told(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(PhotoError, match="the folder holds nothing"):
        artkit.read_frames(tmp_path / "empty")
    with pytest.raises(PhotoError, match="no file has such a name"):
        artkit.read_frames(f"{tmp_path}/x*.png")
    save(Image(frame(0).pixels[:5]), folder / "f2.png")
    with pytest.raises(PhotoError, match=r"f2\.png: 16 x 5 pixels, and f1\.png has 16 x 12"):
        list(artkit.read_frames(folder))
    with pytest.raises(PhotoError, match="is one picture"):
        artkit.read_frames(folder / "f1.png")


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_of_a_file_that_is_cut_short_the_frames_are_taken_that_can_be_read(tmp_path, suffix):
    rng = np.random.default_rng(3)
    noise = [Image(rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)) for _ in range(COUNT)]
    path = Animation(COUNT, noise.__getitem__, 0.1).save(tmp_path / f"a{suffix}")
    data = path.read_bytes()
    lines: list[str] = []
    path.write_bytes(data[: len(data) * 3 // 5])
    found = footage_of(path, lines.append)
    if found is None:  # too little for its decoder to see that it moves: what reads photos says the rest
        with pytest.raises(PhotoError, match="damaged or cut short"):
            Image.of(path)
        return
    assert 1 <= found.count < COUNT and len(list(found.frames())) == found.count
    assert len(lines) == 1 and f"the {found.count} frames that can be read are taken" in lines[0]


def test_without_ffmpeg_a_video_is_one_line(monkeypatch, tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    monkeypatch.setattr(ffmpeg, "found", lambda: "")
    with pytest.raises(UsageError, match=r"video needs ffmpeg: .* save its frames as PNG files into a folder"):
        artkit.read_frames(path)


@needs_ffmpeg
def test_a_video_that_holds_none_is_one_line(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(100))
    with pytest.raises(PhotoError, match=r"a\.mp4: ffmpeg cannot read it \(.+\)"):
        artkit.read_frames(path)
    sound = tmp_path / "b.mkv"
    command = [ffmpeg.found(), "-v", "error", "-f", "lavfi", "-i", "sine=d=0.1", "-c:a", "pcm_s16le", sound]
    subprocess.run(command, check=True)
    with pytest.raises(PhotoError, match="sound alone"):
        artkit.read_frames(sound)


def test_what_moves_is_told_from_what_does_not(tmp_path, folder):
    still = save(frame(0), tmp_path / "a.gif")
    with PIL.Image.new("RGB", (4, 4)) as page:
        page.save(tmp_path / "a.tif", save_all=True, append_images=[page])
    assert is_moving(str(folder)) and not is_moving(str(still)) and not is_moving(str(tmp_path / "none"))
    assert not is_moving(str(tmp_path / "a.tif"))  # pages are no frames


def test_a_store_gives_back_what_was_put_there():
    store = Store()
    for i in (3, 1):
        store.put(i, frame(i, holes=i == 1))
    assert 3 in store and 2 not in store
    assert np.array_equal(store.get(1).rgba, frame(1, holes=True).rgba) and store.get(3).alpha is None
