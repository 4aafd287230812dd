"""How long it takes until a command can do something, beside Python's own start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
RUNS = 11
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "import artkit": ("-c", "import artkit"),
    "artkit --help": ("-m", "artkit", "--help"),
    "artkit --version": ("-m", "artkit", "--version"),
    "artkit presets": ("-m", "artkit", "presets"),
    "artkit apply --help": ("-m", "artkit", "apply", "--help"),
    "artkit ops": ("-m", "artkit", "ops"),
    "artkit trace, an icon": ("-m", "artkit", "trace", "icon.png", "-o", "icon.svg", "-q"),
    "artkit apply poster, small": ("-m", "artkit", "apply", "poster", "small.png", "-o", "poster.svg", "-q"),
}


def pictures(folder: Path) -> None:
    """Draw an icon of 256 pixels, and a photo of 160, for the last two commands."""
    from PIL import Image, ImageDraw

    icon = Image.new("RGB", (1024, 1024), "white")
    draw = ImageDraw.Draw(icon)
    draw.rounded_rectangle((96, 160, 928, 864), 120, "#2a9d8f")
    draw.ellipse((300, 300, 724, 724), "#f4f1de")
    draw.polygon([(440, 400), (440, 624), (640, 512)], "#e76f51")
    icon.resize((256, 256), Image.Resampling.BOX).save(folder / "icon.png")
    photo = Image.open(ROOT / "gallery" / "photos" / "pagoda.jpg").convert("RGB")
    photo.thumbnail((160, 160))
    photo.save(folder / "small.png")


def seconds(arguments: tuple[str, ...], folder: Path) -> list[tuple[float, float]]:
    """Wall and CPU time of each of RUNS runs, after one that warms the disk's cache and compiles what was changed."""
    times = []
    # Where Python keeps no bytecode, as in many containers, half of the time would be its compiler's.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own.setdefault("PYTHONPYCACHEPREFIX", str(folder / "bytecode"))
    for _ in range(RUNS + 1):
        cpu, start = _cpu(), perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, cwd=folder, env=own)
        times.append((perf_counter() - start, _cpu() - cpu))
    return times[1:]


def _cpu() -> float:
    """CPU seconds of all processes that this one has started and seen end; 0 where the system tells none."""
    try:
        import resource
    except ImportError:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the table, and whether the bar holds: `--help` in less than 3 bare starts plus 100 ms."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures(folder)
        figures = {name: seconds(arguments, folder) for name, arguments in COMMANDS.items()}
    print(f"{'':26}  median ms  fastest ms  least CPU ms")
    for name, times in figures.items():
        wall, cpu = zip(*times, strict=True)
        print(f"{name:26}  {median(wall) * 1000:9.0f}  {min(wall) * 1000:10.0f}  {min(cpu) * 1000:12.0f}")
    bar = 3 * median(wall for wall, _ in figures["python -c pass"]) + 0.1
    reached = median(wall for wall, _ in figures["artkit --help"])
    print(f"bar: --help under {bar * 1000:.0f} ms: {'reached' if reached < bar else 'MISSED'}, {reached * 1000:.0f} ms")
