"""Whether every preset, traces and plots give the same bytes on other processors, with other threads and versions.

    python -m bench.same_bytes                           all cases in all environments that this machine has
    python -m bench.same_bytes poster crosshatch         some cases
    python -m bench.same_bytes --only blas-haswell ...   some environments
    python -m bench.same_bytes --python DIR/bin/python   the interpreter of another virtual environment as well
    python -m bench.same_bytes --calls "poster photo" --only simd-avx2     the first calls whose results differ

Other processors are this one with less of it: OpenBLAS, numpy and OpenCV take the code for what they find, and
variables tell them what not to find. What differs is told with the first step that does; the exit status is 1 then.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
AVX512 = "X86_V4 AVX512_ICL AVX512_SPR AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL"
AVX2 = f"{AVX512} X86_V3 AVX2 FMA3"
Answer = dict[str, list[list[str]]]
"""For each case (step, digest), the file last."""

THREADS = ("ARTKIT_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "ARTKIT_SAME_CV_THREADS")
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "plain": {},
    "threads-1": dict.fromkeys(THREADS, "1"),
    "threads-2": dict.fromkeys(THREADS, "2"),
    "blas-haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "blas-zen": {"OPENBLAS_CORETYPE": "Zen"},
    "blas-prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    "simd-avx2": {"NPY_DISABLE_CPU_FEATURES": AVX512, "OPENCV_CPU_DISABLE": "AVX512-SKX", "OPENCV_IPP": "avx2"},
    "simd-sse": {"NPY_DISABLE_CPU_FEATURES": AVX2},
    "libm-sse": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-FMA4,-AVX"},
    "last-bit": {"ARTKIT_SAME_LAST_BIT": "1"},
}
"""Variables of each environment; `last-bit` is any other processor: its exponentials and angles end in other bits."""

ASKED_FOR = {
    "opencv-sse": {"OPENCV_CPU_DISABLE": "AVX512-SKX,AVX2,FMA3,AVX,FP16,SSE4.2,SSE4.1"},
}
"""Environments in which some files do differ, as docs/reproducible.md says: they run only if they are asked for."""

OF_VERSIONS = {
    "brush-strokes": "OpenCV 5 draws wide lines otherwise than OpenCV 4",
    "contour-lines": "OpenCV 5 blurs otherwise than OpenCV 4, in the map of what stands out",
    "outline": "OpenCV 5 blurs otherwise than OpenCV 4, in the map of what stands out",
    "parallax": "OpenCV 5 moves pictures otherwise than OpenCV 4",
    "zoom-loop": "OpenCV 5 moves pictures otherwise than OpenCV 4",
    "kaleidoscope": "OpenCV 5 turns pictures otherwise than OpenCV 4",
    "papercut": "OpenCV 5 blurs otherwise than OpenCV 4, in the map of what stands out",
    "linocut": "OpenCV 5 blurs otherwise than OpenCV 4, in the map of what stands out",
    "stained-glass": "OpenCV 5 blurs otherwise than OpenCV 4, in the map of what stands out",
}
"""Presets whose pictures hang on the versions of other packages, and why."""


def main() -> int:
    """Compare, print a table of what differs; the exit status is 1 if anything does."""
    asked = _arguments()
    names = dict.fromkeys(["plain", *(asked.only or ENVIRONMENTS)])
    runs = {name: (sys.executable, (ENVIRONMENTS | ASKED_FOR)[name]) for name in names}
    for python in asked.python:
        runs[f"python {Path(python).parent.parent.name}"] = (python, {})
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "pictures"
        pictures.mkdir()
        draw_pictures(pictures)
        if asked.calls:
            return _first_calls(asked.calls, runs, Path(folder))
        with ThreadPoolExecutor(asked.jobs) as pool:
            shares = ["0/1", *(f"{number % asked.one_in}/{asked.one_in}" for number in range(len(runs) - 1))]
            works = {
                name: pool.submit(_answer, name, *run, Path(folder), [share, *asked.cases])
                for (name, run), share in zip(runs.items(), shares, strict=True)
            }
        return _told({name: work.result() for name, work in works.items()})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.same_bytes", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", nargs="*", help="presets, pictures, or a whole name such as 'poster photo'")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*ENVIRONMENTS, *ASKED_FOR],
        help="an environment to compare; plain alone: none",
    )
    parser.add_argument("--python", action="append", default=[], help="an interpreter of another virtual environment")
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="every Nth case, others in each environment")
    parser.add_argument("--jobs", type=int, default=1, help="environments at a time")
    parser.add_argument("--calls", help="a case whose first differing calls are wanted")
    return parser.parse_args()


def draw_pictures(folder: Path) -> None:
    """Write the pictures: here once, because how they come about must not differ between the environments."""
    from PIL import Image as Pillow
    from PIL import ImageFilter

    photo = Pillow.open(ROOT / "gallery" / "showcase" / "photo-cat.jpg").convert("RGB").resize((128, 86))
    photo.save(folder / "preset-photo.png")
    photo.save(folder / "photo.png")
    photo.save(folder / "photo-jpeg.jpg", quality=85)
    flat, lines, fade = (_rendered(body) for body in (FLAT, LINES, FADES))
    flat.save(folder / "preset-drawing.png")
    flat.save(folder / "flat.png")
    lines.save(folder / "line.png")
    fade.save(folder / "gradient.png")
    flat.save(folder / "jpeg70.jpg", quality=70)
    flat.resize((48, 36), Pillow.Resampling.BOX).save(folder / "small.png")
    flat.resize((64, 48)).resize((128, 96), Pillow.Resampling.BICUBIC).save(folder / "soft.png")
    lines.filter(ImageFilter.GaussianBlur(0.8)).save(folder / "paper.jpg", quality=80)


def _rendered(body: str) -> object:
    import resvg_py
    from PIL import Image as Pillow

    sheet = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="128" height="96"><rect width="128" height="96" fill="#fff"/>'
    )
    text = f"{sheet}{body}</svg>"
    return Pillow.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text)))).convert("RGB")


FLAT = (
    '<circle cx="40" cy="42" r="27" fill="#d62828"/><path d="M20 80 L64 20 L112 78 Z" fill="#003049"/>'
    '<path d="M70 60 C80 30 110 30 118 62 S90 90 70 60 Z" fill="#fcbf49"/><rect x="10" y="70" width="50" height="14" '
    'rx="5" fill="#2a9d8f" transform="rotate(-8 30 76)"/><ellipse cx="94" cy="22" rx="20" ry="11" fill="#8338ec"/>'
    '<path d="M8 8 h16 v16 h-16 Z M12 12 v8 h8 v-8 Z" fill="#222" fill-rule="evenodd"/>'
)
LINES = (
    '<g fill="none" stroke="#111" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><path d="M14 80 '
    'L40 20 L66 80 M24 58 H56"/><circle cx="92" cy="46" r="22"/><path d="M76 84 C84 70 100 96 116 78"/>'
    '<path d="M92 46 L104 34 M92 46 V30"/></g>'
)
FADES = (
    '<defs><linearGradient id="a" x2="0.4" y2="1"><stop stop-color="#4cc9f0"/><stop offset="1" stop-color="#3a0ca3"/>'
    '</linearGradient><radialGradient id="b"><stop stop-color="#fff3b0"/><stop offset="1" stop-color="#e09f3e"/>'
    '</radialGradient></defs><rect x="8" y="8" width="112" height="80" rx="18" fill="url(#a)"/>'
    '<circle cx="52" cy="48" r="26" fill="url(#b)"/><path d="M80 74 L98 24 L112 74 Z" fill="#9e2a2b"/>'
)


def _worker(python: str, variables: dict[str, str], *arguments: str) -> None:
    clean = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("ARTKIT_THREADS", "OPENBLAS", "OMP", "NPY", "OPENCV"))
    }
    environment = (
        clean | variables | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": os.devnull, "PYTHONWARNINGS": "ignore"}
    )
    done = subprocess.run(
        [python, "-m", "bench._same_cases", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{python}: {done.stderr[-2000:]}")


def _answer(name: str, python: str, variables: dict[str, str], folder: Path, cases: list[str]) -> Answer:
    file = folder / f"{name.replace('/', '-')}.json"
    start = perf_counter()
    _worker(python, variables, str(folder / "pictures"), str(file), *cases)
    found: Answer = json.loads(file.read_text())
    seconds = perf_counter() - start
    print(f"{name}: {len(found)} cases in {seconds:.0f} s, {_versions(python)}", file=sys.stderr, flush=True)
    return found


def _versions(python: str) -> str:
    code = (
        "import sys, numpy, scipy, cv2, skimage, PIL; print(f'Python {sys.version.split()[0]}, "
        "numpy {numpy.__version__}, "
        "scipy {scipy.__version__}, OpenCV {cv2.__version__}, scikit-image {skimage.__version__}, "
        "Pillow {PIL.__version__}')"
    )
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _told(answers: dict[str, Answer]) -> int:
    plain = answers.pop("plain")
    worst = 0
    for case, steps in plain.items():
        if not steps[-1][1]:
            print(f"{case}: {steps[-1][0]}")
            worst = 1
        different = {}
        for name, answer in answers.items():
            if answer.get(case, steps) != steps:
                pairs = zip(steps, answer[case], strict=False)
                different[name] = next((f"{a[0]} ({b[0]})" if a[0] != b[0] else a[0] for a, b in pairs if a != b), "?")
                if answer[case][-1] == steps[-1]:
                    different[name] = f"[{different[name]}, the file is the same]"
                elif name.startswith("python") and answer[case][-1][1] and case.split()[0] in OF_VERSIONS:
                    different[name] = f"[{OF_VERSIONS[case.split()[0]]}]"
        if different:
            print(f"{case}: " + "; ".join(f"{name}: {step}" for name, step in different.items()))
            worst = max(worst, int(not all(step.startswith("[") for step in different.values())))
    print(
        f"{len(plain)} cases, {len(answers) + 1} environments: "
        + ("not all are the same" if worst else "the same bytes")
    )
    return worst


def _first_calls(case: str, runs: dict[str, tuple[str, dict[str, str]]], folder: Path) -> int:
    logs = {}
    for name, (python, variables) in runs.items():
        _worker(python, variables, "calls", str(folder / "pictures"), str(folder / "calls"), case)
        logs[name] = (folder / "calls").read_text().splitlines()
    plain = logs.pop("plain")
    for name, log in logs.items():
        print(f"{name}: {len(plain)} and {len(log)} calls; the first that differ:")
        seen: set[str] = set()
        for a, b in zip(plain, log, strict=False):
            if a != b:
                if a.split()[0] not in seen:
                    print(f"  {a}   {b if a.split()[0] != b.split()[0] else ''}")
                seen.add(a.split()[0])
                if len(seen) > 12 or a.split()[0] != b.split()[0]:
                    break
    return 0


if __name__ == "__main__":
    sys.exit(main())
