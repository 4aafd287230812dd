"""Command lines: every command with options by chance, sound and senseless, on files that are there or not."""

from __future__ import annotations

from functools import cache

from fuzz._case import Case
from fuzz._mutate import NUMBERS, Chance, often, one
from fuzz.recipes import picture

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='30mm' height='20mm' viewBox='0 0 30 20'><path d='M1 1L9 9H20' stroke='red'/></svg>"
TOML = b'title = "T"\n[[steps]]\nop = "blur"\nsize = 3\n[expose]\nwindow = "blur.size"\n'
WORDS = (
    "p.png", "a.svg", "r.toml", "missing.png", "-", ".", "/", "", " ", "--", "-o", "out.png", "out.svg", "out.gif", "out.xyz", "no/out.png", "a.svg/x",
    "A4", "30x20mm", "9x9", "red,blue", "cmyk", "0,0,2,2", "1,2,3", "blur.size=5", "blur.size", "1.size=9", "x.y=z", "=", "poster", "trace",
    "blur.size=1:9", "rotate-color.angle=0:360", "none", "auto", "yes", "no", "\u202e", "\x1b[31m", "a" * 3000, "日本", "0x10", "5mm", "-5", "1e999",
)  # fmt: skip


def case(rng: Chance) -> Case:
    """One command line, and the files that it may name."""
    command = one(rng, COMMANDS)
    arguments = list(one(rng, STARTS[command]))
    for _ in range(int(rng.integers(0, 5))):
        arguments += _option(rng, command)
    if often(rng, 0.1):
        arguments.insert(int(rng.integers(len(arguments) + 1)), one(rng, WORDS))
    if often(rng, 0.05):
        del arguments[int(rng.integers(len(arguments)))]
    files = {"p.png": picture(rng), "a.svg": SVG, "r.toml": TOML, "q.png": b"broken"}
    reports = (
        command in ("presets", "verify", "reproduce", "plot", "recipe") or len(arguments) < 2 or "q.png" in arguments
    )
    return Case(arguments, files, one(rng, (b"", SVG, files["p.png"])), reports=reports)


STARTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "apply": (
        ("apply", "r.toml", "p.png", "-o", "out.png"), ("apply", "r.toml", "p.png"), ("apply", "poster", "p.png", "-o", "out.svg"),
        ("apply", "r.toml", "p.png", "q.png", "missing.png"), ("apply",), ("apply", "poster"), ("apply", "postr", "p.png"), ("apply", "p.png", "p.png"),
    ),
    "trace": (("trace", "p.png", "-o", "out.svg"), ("trace", "p.png"), ("trace", "a.svg"), ("trace",)),
    "plot": (("plot", "a.svg"), ("plot", "a.svg", "-o", "out.svg"), ("plot", "-"), ("plot", "p.png", "--preset", "contour-lines"), ("plot", "a.svg", "--check")),
    "animate": (("animate", "p.png", "--vary", "blur.size=1:9:1", "--frames", "4"), ("animate", "p.png", "--preset", "r.toml"), ("animate",)),
    "presets": (("presets",), ("presets", "show", "r.toml"), ("presets", "check", "r.toml", "p.png"), ("presets", "new", "mine", "--from", "poster"), ("presets", "show")),
    "ops": (("ops",), ("ops", "show", "blur"), ("ops", "show", "blurr"), ("ops", "list")),
    "limits": (("limits",), ("limits", "--json")),
    "recipe": (("recipe", "a.svg"), ("recipe", "p.png"), ("recipe", "upgrade", "r.toml"), ("recipe",)),
    "verify": (("verify", "."), ("verify", "a.svg"), ("verify", "missing"), ("verify",)),
    "reproduce": (("reproduce", "a.svg"), ("reproduce", "missing"), ("reproduce", "p.png", "--photo", "p.png")),
}  # fmt: skip
COMMANDS = ("apply", "apply", "apply", "trace", "plot", "plot", "animate", *STARTS)


@cache
def known(command: str) -> tuple[str, ...]:
    """The options of a command, and whatever is an option of another."""
    from typer.testing import CliRunner

    from artkit.cli import app

    line = {"apply": ["apply", "poster"]}.get(command, [command])
    text = CliRunner().invoke(app, [*line, "--help"]).stdout
    return tuple(dict.fromkeys(word.strip(",/[]") for word in text.split() if word.startswith("--")))


SKIPPED = ("--install-completion", "--show-completion")


def _option(rng: Chance, command: str) -> list[str]:
    """Give an option, most with a value."""
    names = [name for name in known(command) if name not in SKIPPED] or ["--help"]
    name = (
        one(rng, names)
        if often(rng, 0.9)
        else one(rng, ("--size", "--what", "-q", "--seed", "-x", "--json", "--debug=1", "--=", "--no"))
    )
    if often(rng, 0.25):
        return [name]
    given = one(rng, WORDS) if often(rng, 0.5) else one(rng, (*NUMBERS, "1", "2", "3", "8", "12", "20"))
    given = given if "\0" not in given else "0"
    return [f"{name}={given}"] if often(rng, 0.3) else [name, given]
