"""The tracer beside vtracer and potrace, on the corpus beside the repository: quality, seams, seconds, memory.

    python -m bench trace                       all pictures; takes a quarter of an hour
    ARTKIT_BENCH=quick python -m bench trace    a few of each; takes two minutes

The corpus and its judge are looked for in ../shared, beside the repository. vtracer comes from PyPI into two virtual
environments, in the folder that ARTKIT_BENCH_VENVS names or in the temporary directory. potrace and GNU time must be on
the PATH for what they do. What is missing is named, and left out.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from statistics import median
from typing import Any

from bench import _bilevel

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
QUICK = os.environ.get("ARTKIT_BENCH") == "quick"
VTRACERS = {"vtracer 0.6": "vtracer==0.6.15", "vtracer 1.0": "vtracer==1.0.0a4"}
TIMEOUT = 60 if QUICK else 240
PAIRS = 1 if QUICK else 3
"""How often a pair of tools is timed, in turn; the least of each counts."""

Row = dict[str, Any]


def main() -> None:
    """Print a table for each question; see the module's text."""
    judge = load_judge()
    if judge is None:
        print(f"no judge: {SHARED.name}/judge/judge.py is not there beside the repository; nothing to measure with")
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        corpora = prepared(judge, work)
        print_quality(judge, corpora, work)
        print_bilevel(judge)
        if shutil.which("time") is None:
            print("no GNU time on the PATH (apt-get install time): speed and memory left out")
        else:
            print_speed(judge, corpora, work)


def load_judge() -> Any:
    """Import the judge, None where it is missing."""
    file = SHARED / "judge" / "judge.py"
    if not file.exists():
        return None
    spec = spec_from_file_location("judge", file)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prepared(judge: Any, work: Path) -> dict[str, list[Path]]:
    """Give the pictures of each corpus, which the judge makes once in its own folder; quick: a few of each."""
    if not all((judge.CORPORA / name).is_dir() for name in ("flat", "photo", "large")):
        subprocess.run([sys.executable, str(SHARED / "judge" / "judge.py"), "prep"], check=True, cwd=work)
    limits = {"flat": 4, "photo": 2, "large": None} if QUICK else {"flat": None, "photo": None, "large": None}
    return {name: judge.corpus_files(name, limit) for name, limit in limits.items()}


def print_quality(judge: Any, corpora: dict[str, list[Path]], work: Path) -> None:
    """Flat art against the drawings it came from, photos against themselves, both with their seams."""
    columns = {
        "flat": ("psnr4", "ssim4", "segratio", "segs", "gz", "leak1", "leak3"),
        "photo": ("psnr", "ssim", "gmsd", "shapes", "segs", "gz", "leak1", "leak3"),
    }
    for corpus, keys in columns.items():
        print(f"\n{corpus}: medians over {len(corpora[corpus])} pictures\n")
        rows = []
        for tool, command in tools().items():
            scores, failed = [], 0
            for picture in corpora[corpus]:
                out = work / "out.svg"
                if run(command(picture, out), out) is None:
                    failed += 1
                    continue
                truth = picture.with_suffix(".svg")
                scores.append(judge.score(out, picture, truth if truth.exists() else None))
            cells = {key: median(score[key] for score in scores) for key in keys} if scores else {}
            worst = {key: max(score[key] for score in scores) for key in keys if "leak" in key} if scores else {}
            rows.append({"tool": tool, **(cells | worst), "failed": failed})
        print_table(rows, {**TITLES, "leak1": "worst leak 1x %", "leak3": "worst leak 3x %"})


TITLES = {
    "psnr4": "PSNR 4x",
    "ssim4": "SSIM 4x",
    "segratio": "segments / truth",
    "segs": "segments",
    "gz": "gzip bytes",
    "psnr": "PSNR",
    "ssim": "SSIM",
    "gmsd": "GMSD",
}


def print_bilevel(judge: Any) -> None:
    """Black-and-white drawings with artkit and potrace, at equal numbers of segments."""
    print(f"\nblack and white: at {_bilevel.SIDE} px, compared with the truth at {_bilevel.SCALE}x\n")
    if not _bilevel.available():
        print("no potrace on the PATH: left out")
        return

    def count(svg: str) -> int:
        with tempfile.NamedTemporaryFile("w", suffix=".svg") as file:
            file.write(svg)
            file.flush()
            return int(judge.svg_stats(file.name)["segs"])

    duels: dict[str, list[_bilevel.Duel]] = {case: [] for case in _bilevel.CASES}
    for sample in _bilevel.samples(SHARED / "corpus" / "flat", 4 if QUICK else None):
        ours = _bilevel.score(traced(sample.picture), sample.truth, count)
        duels[sample.case].append(_bilevel.duel(ours, *_bilevel.potrace_scores(sample, count)))
    print_table([{"case": case, **_bilevel.summary(fought)} for case, fought in duels.items() if fought])


def traced(picture: _bilevel.Gray) -> str:
    """Trace gray levels as line work, in this process."""
    import numpy as np

    from artkit.artwork.image import Image
    from artkit.ops.trace import trace

    return trace(Image(np.repeat(picture[..., None], 3, axis=2)), kind="line").to_svg()


def print_speed(judge: Any, corpora: dict[str, list[Path]], work: Path) -> None:
    """CPU seconds and memory of whole processes, tools in turn; vtracer as it comes."""
    print(f"\nspeed and memory: whole process, {PAIRS} run(s) each in turn, the fastest counts\n")
    known = tools("--colors", "16")
    rows = []
    for picture in [corpora["flat"][0], corpora["photo"][0], *sorted(corpora["large"], key=lambda p: p.stat().st_size)]:
        best: dict[str, Row] = {}
        for _ in range(PAIRS):
            for tool in ("artkit", "vtracer 0.6"):
                if tool in known and (tool not in best or "cpu" in best[tool]):
                    out = work / "out.svg"
                    found = timed(judge, known[tool](picture, out), out)
                    if "cpu" not in found or found["cpu"] < best.get(tool, found)["cpu"] or tool not in best:
                        best[tool] = found
        mega = pixels(picture) / 1e6
        ours, theirs = best["artkit"], best.get("vtracer 0.6", {})
        both = "cpu" in ours and "cpu" in theirs
        rows.append({
            "picture": picture.stem,
            "megapixels": mega,
            "artkit CPU s": ours.get("cpu", ours.get("error")),
            "vtracer CPU s": theirs.get("cpu", theirs.get("error", "-")),
            "ratio": ours["cpu"] / theirs["cpu"] if both else "-",
            "CPU s per megapixel": ours["cpu"] / mega if "cpu" in ours else "-",
            "artkit MB": ours.get("rss", "-"),
            "vtracer MB": theirs.get("rss", "-"),
            "artkit kB": ours.get("kB", "-"),
            "vtracer kB": theirs.get("kB", "-"),
        })  # fmt: skip
    print_table(rows)


def timed(judge: Any, command: Sequence[str], out: Path) -> Row:
    """CPU seconds, MB of memory and kB of the result, or the error in a few words."""
    try:
        found: Row = judge.run_one(shlex.join(command), "", out, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return {"error": f"stopped after {TIMEOUT} s"}
    except RuntimeError as error:
        return {"error": str(error)[-60:].replace("\n", " ").replace("|", "/")}
    return {**found, "kB": out.stat().st_size / 1024}


def pixels(picture: Path) -> int:
    """Number of pixels of a picture."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(picture) as image:
        return image.width * image.height


# ------------------------------------------------------------------ tools


def tools(*extra: str) -> dict[str, Callable[[Path, Path], list[str]]]:
    """Give the command lines of artkit and of the vtracers there are, from picture and output.

    All run as they come; artkit takes `extra` options.
    """

    def artkit(picture: Path, out: Path) -> list[str]:
        return [sys.executable, "-m", "artkit", "trace", str(picture), "-o", str(out), "--quiet", *extra]

    def vtracer(python: Path, wrapper: Path) -> Callable[[Path, Path], list[str]]:
        return lambda picture, out: [str(python), str(wrapper), str(picture), str(out)]

    known: dict[str, Callable[[Path, Path], list[str]]] = {"artkit": artkit}
    for tool, wrapper in (("vtracer 0.6", "vtracer0.py"), ("vtracer 1.0", "vtracer1.py")):
        python = environment(tool)
        if python is not None:
            known[tool] = vtracer(python, SHARED / "judge" / wrapper)
    return known


@cache
def environment(tool: str) -> Path | None:
    """Python of a virtual environment with that vtracer in it, made where it is missing; None where it cannot be."""
    home = Path(os.environ.get("ARTKIT_BENCH_VENVS") or Path(tempfile.gettempdir()) / "artkit-bench")
    folder = home / tool.replace(" ", "-")
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    with quietly(f"{tool} could not be installed: left out"):
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        if subprocess.run([str(python), "-c", "import vtracer"], check=False, capture_output=True).returncode:
            install = [str(python), "-m", "pip", "install", "--quiet", VTRACERS[tool]]
            subprocess.run(install, check=True, capture_output=True)
        return python
    return None


@contextmanager
def quietly(message: str) -> Iterator[None]:
    """Print a message instead of a failed command's traceback."""
    try:
        yield
    except (subprocess.CalledProcessError, OSError):
        print(message)


def run(command: Sequence[str], out: Path) -> Path | None:
    """Run a tool; None where it failed or took too long."""
    out.unlink(missing_ok=True)
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return None
    return out if done.returncode == 0 and out.exists() else None


# ------------------------------------------------------------------ tables


def print_table(rows: Sequence[Row], titles: dict[str, str] | None = None) -> None:
    """Print rows as markdown; columns come from all of them, in the order of their first appearance."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    titles = titles or {}
    print("| " + " | ".join(titles.get(key, key) for key in keys) + " |")
    print("|" + "---|" * len(keys))
    for row in rows:
        print("| " + " | ".join(shown(row.get(key, "-")) for key in keys) + " |", flush=True)


def shown(value: object) -> str:
    """Write a number with as many digits as it is worth."""
    if not isinstance(value, float):
        return str(value)
    if value == 0:
        return "0"
    return f"{value:.4f}" if abs(value) < 1 else f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
