"""A process that runs artkit's commands with a fault at the k-th operation on files, for `test_faults.py`.

    python faults.py FOLDER CASE KIND,KIND... [COUNT]

prints a line of JSON for each run, which says what broke a law: for every k or, with COUNT, for so many.

Each run is a fork of this process, which has loaded artkit, so that hundreds of them take seconds. In the fork what
opens, writes, names and removes files is counted where it has to do with the run's own folder; at the k-th operation
the fault comes: the process is killed, a signal arrives, the disk is full or broken once, or full from then on.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import re
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

KINDS = ("kill", "interrupt", "terminate", "full", "stays full", "broken")
SIGNALS = {"interrupt": (signal.SIGINT, "Interrupted.\n"), "terminate": (signal.SIGTERM, "Terminated.\n")}
CODES = {"full": errno.ENOSPC, "stays full": errno.ENOSPC, "broken": errno.EIO}
SECONDS = 3.0
"""In which a process that is interrupted has ended: a few hundredths, unless the machine has much else to do."""

SOFT = 'title = "Soft"\nseed = 7\n\n[[steps]]\nop = "blur"\nsize = 3\n'
CASES: dict[str, list[str]] = {
    "apply": ["apply", "soft.toml", "photo.png", "--gallery", "gallery", "--seed", "2", "-q"],
    "apply again": ["apply", "soft.toml", "photo.png", "--gallery", "gallery", "-q"],
    "apply anew": ["apply", "soft.toml", "photo.png", "--gallery", "other/deep", "-q"],
    "apply replaces": ["apply", "soft.toml", "photo.png", "--gallery", "changed", "-q"],
    "apply -o": ["apply", "soft.toml", "photo.png", "-o", "out.png", "-q"],
    "trace -o": ["trace", "photo.png", "-o", "out.svg", "-q"],
    "trace -o pipe": ["trace", "photo.png", "-o", "-", "-q"],
    "animate": ["animate", "photo.png", "--vary", "rotate-color.angle=0:90", "--frames", "2", "-o", "out.gif", "-q"],
    "plot": ["plot", "lines.svg", "-o", "out.svg", "--preview", "out.png", "-q"],
    "demo": ["demo", "--gallery", "gallery", "-q", "--jobs", "1"],
    "recipe upgrade": ["recipe", "upgrade", "soft.toml"],
    "presets new": ["presets", "new", "mine", "--from", "soft.toml"],
    "build": ["gallery", "build", "--gallery", "gallery", "-q"],
    "remove": ["gallery", "remove", "hard", "--gallery", "two", "-q"],
    "export": ["gallery", "export", "--all", "-o", "out.zip", "--gallery", "two", "-q"],
    "import": ["gallery", "import", "two.zip", "--gallery", "gallery", "-q"],
    "import anew": ["gallery", "import", "two.zip", "--gallery", "other/deep", "-q"],
    "import replaces": ["gallery", "import", "two.zip", "--gallery", "changed", "--replace", "-q"],
    "clean": ["gallery", "clean", "--gallery", "dirty", "-q"],
}
"""Every command that writes, and how it is called."""

BEFORE = {
    "apply hard": ["apply", "hard.toml", "photo.png", "--gallery", "two", "-q"],
    "export two": ["gallery", "export", "--all", "-o", "two.zip", "--gallery", "two", "-q"],
    "build two": ["gallery", "build", "--gallery", "two", "-q"],
}
"""What is run before, for what they work on."""


PAGES = re.compile(r"index\.html$|/data/")
"""Files that show all artworks: they may be as of any time between before and after."""


class Faulty:
    """Counts operations on files and makes the k-th one fail."""

    def __init__(self, root: Path, kind: str, k: int, fired: int) -> None:
        self.root, self.kind, self.left, self.fired = str(root), kind, k, fired

    def install(self) -> None:
        for name in (
            "open",
            "mkdir",
            "rmdir",
            "rename",
            "replace",
            "link",
            "unlink",
            "remove",
            "fsync",
            "chmod",
            "scandir",
        ):
            setattr(os, name, self.counted(getattr(os, name), name))
        builtins.open = io.open = self.opened(io.open)

    def counted(self, operation: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(*args: Any, **named: Any) -> Any:
            if isinstance(args[0], int) or self.concerns(args[0]):
                self.step(name in ("mkdir", "link") or (name == "open" and args[1] & os.O_CREAT > 0))
            return None if name == "fsync" else operation(*args, **named)  # no power is cut here

        return run

    def opened(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def run(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            if not isinstance(file, int) and not self.concerns(file):
                return operation(file, mode, *args, **named)
            self.step("x" in mode or "w" in mode)
            made = operation(file, mode, *args, **named)
            return Counted(made, self) if mode.strip("rbt") else made

        return run

    def concerns(self, path: Any) -> bool:
        return os.path.abspath(os.fspath(path)).startswith(self.root)  # noqa: PTH100

    def step(self, takes_room: bool) -> None:
        """An operation is about to be done."""
        self.left -= 1
        os.write(self.fired, b"." if self.left else b"!")
        if self.left > 0 or not self.kind or (self.left < 0 and not (self.kind == "stays full" and takes_room)):
            return
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.kind in SIGNALS:
            os.kill(os.getpid(), SIGNALS[self.kind][0])
            time.sleep(0.02)
        elif self.kind != "stays full" or takes_room:
            raise OSError(CODES[self.kind], os.strerror(CODES[self.kind]))


class Counted:
    """A file whose writes are operations."""

    def __init__(self, file: Any, faulty: Faulty) -> None:
        self.file, self.faulty = file, faulty

    def write(self, data: Any) -> Any:
        self.faulty.step(True)
        return self.file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __enter__(self) -> Counted:
        self.file.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self.file.__exit__(*error)


class End(NamedTuple):
    """How a run ended: its status as Popen has it, its stderr, seconds since the fault, operations, whether it came."""

    status: int
    said: str
    seconds: float
    steps: int
    came: bool


def fork(folder: Path, case: str, kind: str = "", k: int = 0) -> End:
    """Run a case in a folder, with a fault of a kind at its k-th operation on files."""
    fired, fire = os.pipe()
    said = folder.parent / "stderr"
    process = os.fork()
    if process == 0:
        code: Any = 99
        try:
            child(folder, case, kind, k, fire, said)
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(fire)
    told, start = b"", time.monotonic()
    while more := os.read(fired, 1 << 16):
        start = time.monotonic() if b"!" in more else start
        told += more
    os.close(fired)
    _, status = os.waitpid(process, 0)
    seconds = time.monotonic() - start
    return End(os.waitstatus_to_exitcode(status), said.read_text(), seconds, len(told), b"!" in told)


def child(folder: Path, case: str, kind: str, k: int, fire: int, said: Path) -> None:
    import artkit.batch.making
    import artkit.recipe
    from artkit.__main__ import main
    from artkit.gallery import pyramid
    from artkit.interrupts import listen

    os.chdir(folder)
    for number, path in ((1, os.devnull), (2, said)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ |= {"XDG_CONFIG_HOME": str(folder / "config"), "TMPDIR": str(folder / "tmp")}
    artkit.batch.making.perf_counter = lambda: 0.0  # type: ignore[attr-defined]
    pyramid.LARGE, pyramid.SIDE = 12, 8  # the photo has five tiles
    if case == "demo":
        few = {"one": folder / "soft.toml", "two": folder / "hard.toml"}
        artkit.recipe.presets = lambda: few  # type: ignore[assignment]
        artkit.recipe.find = lambda name, find=artkit.recipe.find: find(str(few.get(name, name)))  # type: ignore[misc]
        artkit.cli.demo.bundled_photo = lambda: folder / "photo.png"  # type: ignore[attr-defined]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # a shell may have started the tests with Ctrl-C ignored
    listen()
    Faulty(folder, kind, k if kind else -1, fire).install()
    sys.argv = ["artkit", *(CASES | BEFORE)[case]]
    main()


def prepare(folder: Path) -> None:
    """Make a folder as someone has it who has used artkit before."""
    from artkit import Image

    (folder / "tmp").mkdir(parents=True)
    (folder / "config").mkdir()
    (folder / "soft.toml").write_text(SOFT)
    (folder / "hard.toml").write_text(SOFT.replace("Soft", "Hard"))
    import numpy as np

    Image(np.random.default_rng(1).integers(0, 256, (12, 16, 3), np.uint8)).save(folder / "photo.png")
    (folder / "lines.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="50mm" viewBox="0 0 50 50">'
        '<path d="M5 5L40 40M10 5L45 40" stroke="black" fill="none"/></svg>'
    )
    for name in ("out.png", "out.svg", "out.gif", "out.zip"):
        (folder / name).write_bytes(b"earlier")
    assert fork(folder, "apply again")[:2] == (0, "")
    shutil.copytree(folder / "gallery", folder / "changed")
    shutil.copytree(folder / "gallery", folder / "two")
    for case in BEFORE:
        assert fork(folder, case)[:2] == (0, "")
    shutil.copytree(folder / "two", folder / "dirty")
    for name in ("thumbnails/gone-soft-123456.jpg", "photos/0123456789abcdef.webp"):
        (folder / "dirty" / name).parent.mkdir(exist_ok=True)
        (folder / "dirty" / name).write_bytes(b"left")
    for each in (folder / "changed").rglob("*.*"):  # the same artwork, as if another version of a library had made it
        if each.name != "index.html":
            data = each.read_bytes()
            each.write_bytes(data.replace(b'"numpy": "', b'"numpy": "0.') if each.suffix == ".json" else data + b" ")
    for record in (folder / "changed" / "records").iterdir():
        known = json.loads(record.read_text())
        made = (folder / "changed" / known["file"]).read_bytes()
        record.write_text(json.dumps(known | {"sha256": sha256(made).hexdigest(), "bytes": len(made)}))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, but for those in which Python tries whether it can write to `tmp`, and for times."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "tmp"]
    read = {str(path.relative_to(folder)): path.read_bytes() for path in found}
    return {name: re.sub(rb'("date":|"time": )[0-9]+', b"", data) for name, data in read.items()}


def complaints(root: Path, case: str, kind: str, k: int) -> tuple[list[str], bool]:
    """Run a case with a fault in a copy of the folder, then once more without; give the laws that broke, and whether
    the fault came at all."""
    before, after = contents(root / "before"), contents(root / "after")
    work = root / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(root / "before", work)
    status, said, seconds, _, came = fork(work, case, kind, k)
    lines = 3 if case == "demo" else 1  # one for each preset, and one for the page
    broken = [*unfit_end(kind, status, said, seconds, lines)] if came else []
    now = contents(work)
    for name, data in now.items():
        if name in before and data not in (before[name], after.get(name)) and not PAGES.search(name):
            broken.append(f"{name} is neither as it was nor as it should become")
    broken += [f"{name} is gone" for name in before.keys() & after if name not in now and not PAGES.search(name)]
    broken += unfit_galleries(work, whole=kind != "kill")
    status, said, *_ = fork(work, case)
    if "no such artwork" in said and kind in CODES:  # the first had done it, and a page told what it could not read
        status, said, *_ = fork(work, "build two")
    if any(words in said for words in ("there is such a preset", "is of schema", "no such artwork")):
        status, said = 0, ""  # the first had done it
    if (status, said) != (0, ""):
        broken.append(f"the next run ended with {status}: {said}")
    last = contents(work)
    broken += [
        f"{name} is not as after an undisturbed run" for name in last.keys() & after if last[name] != after[name]
    ]
    broken += [f"{name} is too much after the next run" for name in sorted(last.keys() - after.keys())]
    broken += [f"{name} is missing after the next run" for name in sorted(after.keys() - last.keys())]
    broken += unfit_galleries(work, whole=True)
    return broken, came


def unfit_end(kind: str, status: int, said: str, seconds: float, lines: int) -> list[str]:
    """Say what is wrong with how a run with a fault ended."""
    if kind == "kill":
        return [] if status == -signal.SIGKILL else [f"status {status}"]
    if kind in SIGNALS:
        number, line = SIGNALS[kind]
        wanted = (128 + number, line)
        found = [] if (status, said) == wanted else [f"ended with {status}: {said!r}"]
        return found + ([f"took {seconds:.1f} s"] if seconds > SECONDS else [])
    line = re.fullmatch(rf"(Error: [^\n]+\n){{1,{lines}}}", said) and "fault in" not in said
    good = (status == 0 and not said) or (status in (1, 2) and line)
    return [] if good else [f"ended with {status}: {said!r}"]


def unfit_galleries(work: Path, whole: bool) -> list[str]:
    """Say what is wrong with the galleries in a folder: cut-off pages and, where they have to be whole, what is left
    under way, records that are not of their artworks, artworks and thumbnails without records."""
    pages = [page for page in work.rglob("index.html") if not page.read_text().endswith("</html>\n")]
    broken = [f"{page}: is cut off" for page in pages]
    if not whole:
        return broken
    broken += [f"{path}: is left" for path in work.rglob(".artkit*")]
    for records in [path for path in work.rglob("records") if path.parent.name != "dirty"]:
        gallery, known = records.parent, [json.loads(path.read_text()) for path in records.iterdir()]
        sums = {path.name: sha256(path.read_bytes()).hexdigest() for path in gallery.glob("[!.]*.[!h]*")}
        if sums != {each["file"]: each["sha256"] for each in known}:
            broken.append(f"{gallery}: its artworks are {sorted(sums)}, its records of {known}")
        pictures = {f"{path.parent.name}/{path.name}" for path in gallery.glob("[tp]h*/*")}
        said = {path for each in known for path in (each["thumbnail"], each["look"]["small"], each["look"]["photo"])}
        if pictures != said:
            broken.append(f"{gallery}: has the pictures {sorted(pictures)}")
    return broken


def warm(root: Path, case: str) -> None:
    """Run a case in this process, so that its forks have loaded what it needs."""
    from typer.testing import CliRunner

    from artkit.cli import app

    shutil.copytree(root / "before", root / "warm", dirs_exist_ok=True)
    os.chdir(root / "warm")
    if case != "demo":
        CliRunner().invoke(app, CASES[case])


def main() -> None:
    root, case, kinds = Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3].split(",")
    import cv2

    import artkit.cli.demo
    import artkit.cli.plot  # noqa: F401

    cv2.setNumThreads(1)
    if not (root / "before").exists():
        prepare(root / "before")
    shutil.copytree(root / "before", root / "after")
    warm(root, case)
    end = fork(root / "after", case)
    assert (end.status, end.said) == (0, ""), end
    count = min(int(sys.argv[4]), end.steps) if len(sys.argv) > 4 else end.steps
    for kind in kinds:
        first = KINDS.index(kind) / len(KINDS)  # so that few of each kind are at different operations
        for k in sorted({1 + int((i + first) * end.steps / count) for i in range(count)}):
            broken, came = complaints(root, case, kind, k)
            line = {"case": case, "kind": kind, "k": k, "of": end.steps, "came": came, "broken": broken}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
    shutil.rmtree(root / "after")


if __name__ == "__main__":
    main()
