"""What other programs make of artkit's GIFs: the same pixels, delays and loops; absent programs are skipped."""

from __future__ import annotations

import base64
import functools
import http.server
import io
import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageSequence

from artkit.artwork.animation import Animation, Indexing
from artkit.artwork.image import Image
from artkit.export import encode
from artkit.ops.animate import color_cycle


def animations(photo: Image) -> dict[str, Animation]:
    disk = np.hypot(*np.mgrid[-24:24, -36:36]) < 18
    hole = Image(photo.pixels, np.where(disk, np.uint8(0), np.uint8(255)))

    def moving(i: int) -> Image:
        pixels = photo.pixels.copy()
        pixels[10:20, 6 * i : 6 * i + 12] = 0
        return Image(pixels)

    return {
        "palette": color_cycle(photo, frames=5, delay=1 / 30),
        "lossy": Animation(4, color_cycle(photo, frames=4).frame, 0.07, 3, Indexing(lossy=6)),
        "holes": color_cycle(hole, frames=3, delay=0.1),
        "differences": Animation(6, moving, 0.05, 1),
        "holes, frame by frame": Animation(3, color_cycle(hole, frames=3).frame, 0.1),
        "long": Animation(2, lambda i: Image(np.random.default_rng(i).integers(0, 256, (200, 300, 3), np.uint8))),
    }


NAMES = ["palette", "lossy", "holes", "differences", "holes, frame by frame", "long"]


@pytest.fixture(params=NAMES)
def gif(request, photo, tmp_path) -> Path:
    path = tmp_path / "moving.gif"
    path.write_bytes(encode(animations(photo)[request.param], ".gif"))
    return path


def by_pillow(path: Path) -> tuple[list[np.ndarray], list[int], int | None]:
    """Frames as RGBA, delays in ms, and Netscape's number of repeats."""
    with Pillow.open(path) as file:
        frames, delays = [], []
        for frame in ImageSequence.Iterator(file):
            frames.append(np.asarray(frame.convert("RGBA")))
            delays.append(frame.info["duration"])
        return frames, delays, file.info.get("loop")


def seen(frames: list[np.ndarray]) -> list[np.ndarray]:
    """What can be seen: colors of what is transparent do not count."""
    return [np.where(frame[..., 3:] > 0, frame, 0) for frame in frames]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg")
def test_ffmpeg_shows_the_same_pixels(gif):
    frames, delays, _ = by_pillow(gif)
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(gif),
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgba",
        "-fps_mode",
        "passthrough",
        "-",
    ]
    done = subprocess.run(command, capture_output=True, check=False)
    if b"fps_mode" in done.stderr:  # before ffmpeg 5.1
        done = subprocess.run([*command[:-3], "-vsync", "passthrough", "-"], capture_output=True, check=True)
    assert done.returncode == 0 and not done.stderr
    shown = list(np.frombuffer(done.stdout, np.uint8).reshape(-1, *frames[0].shape))
    assert len(shown) == len(frames)
    assert all(np.array_equal(a, b) for a, b in zip(seen(shown), seen(frames), strict=True))
    probe = shutil.which("ffprobe")
    if probe:
        said = subprocess.run(
            [probe, "-v", "error", "-show_entries", "packet=duration_time", "-of", "csv=p=0", str(gif)],
            capture_output=True,
            check=True,
        ).stdout.split()
        assert [round(float(time) * 1000) for time in said] == delays


@pytest.mark.skipif(shutil.which("gifsicle") is None, reason="no gifsicle")
def test_gifsicle_shows_the_same_pixels_delays_and_loops(gif):
    """It takes everything apart and writes it anew; 256 colors in all are too few for it to show whole frames."""
    frames, delays, loop = by_pillow(gif)
    done = subprocess.run(["gifsicle", "-O1", str(gif)], capture_output=True, check=True)
    warned = [line for line in done.stderr.decode().splitlines() if "colors" not in line]  # of frames' own tables
    assert not warned
    with Pillow.open(io.BytesIO(done.stdout)) as file:
        shown = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(file)]
    assert len(shown) == len(frames)
    assert all(np.array_equal(a, b) for a, b in zip(seen(shown), seen(frames), strict=True))
    said = subprocess.run(["gifsicle", "--info", str(gif)], capture_output=True, check=True, text=True).stdout
    assert [round(float(time) * 1000) for time in re.findall(r"delay ([\d.]+)s", said)] == delays
    count = re.search(r"loop (forever|count (\d+))", said)
    assert (None if count is None else 0 if count[1] == "forever" else int(count[2])) == loop


PAGE = """<script type="module">
const data = await (await fetch("moving.gif")).arrayBuffer();
const decoder = new ImageDecoder({data, type: "image/gif"});
await decoder.tracks.ready; await decoder.completed;
const track = decoder.tracks.selectedTrack, frames = [];
for (let i = 0; i < track.frameCount; i++) {
  const {image} = await decoder.decode({frameIndex: i});
  const size = image.allocationSize({format: "RGBA"}), bytes = new Uint8Array(size);
  await image.copyTo(bytes, {format: "RGBA"});
  let text = ""; for (let k = 0; k < size; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
  frames.push([image.duration / 1000, btoa(text)]);
}
document.body.textContent = "@@" + JSON.stringify({loop: String(track.repetitionCount), frames}) + "@@";
</script>"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium")
@pytest.mark.slow
def test_chromium_shows_the_same_pixels_delays_and_loops(gif):
    (gif.parent / "page.html").write_text(PAGE)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(gif.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        command = [
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={gif.parent / 'home'}",
        ]
        address = f"http://127.0.0.1:{server.server_address[1]}/page.html"
        done = subprocess.run(
            [*command, "--virtual-time-budget=20000", "--dump-dom", address],
            capture_output=True,
            check=True,
            timeout=120,
        )
    finally:
        server.shutdown()
        server.server_close()
    said = re.search(rb"@@(\{.*\})@@", done.stdout)
    if said is None:
        pytest.skip("this Chromium has no ImageDecoder")
    told = json.loads(said[1])
    frames, delays, loop = by_pillow(gif)
    shown = [np.frombuffer(base64.b64decode(text), np.uint8).reshape(frames[0].shape) for _, text in told["frames"]]
    assert [round(time) for time, _ in told["frames"]] == delays
    assert told["loop"] == {0: "Infinity", None: "0"}.get(loop, str(loop))
    assert all(np.array_equal(a, b) for a, b in zip(seen(shown), seen(frames), strict=True))
