"""Options that several commands have, each declared once; `Request` holds those of all that make artworks of photos."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Annotated, Literal

import typer

from artkit.cli import completion
from artkit.cli.timings import Timings
from artkit.errors import UsageError

DEBUG = "artkit.debug"

STREAM = "-"
"""Stands for stdin and stdout where a file is named."""


def _remember_debug(context: typer.Context, wanted: bool) -> bool:
    context.meta[DEBUG] = context.meta.get(DEBUG, False) or wanted  # one dictionary for all nested commands
    return wanted


Debug = Annotated[
    bool, typer.Option("--debug", callback=_remember_debug, is_eager=True, help="Show tracebacks of errors.")
]


def _begin_clock(seconds: float | None) -> float | None:
    clock(seconds, "--timeout")
    return seconds


def clock(seconds: float | None, raised: str) -> None:
    """End the process after so many seconds; one that only calls artkit is left alone. `raised` says how for later."""
    from artkit import interrupts

    if seconds is not None and seconds < inf and interrupts.may_end():
        interrupts.end_after(seconds, f"Error: took longer than {seconds:g} s; raise it with {raised}")


Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout", min=0.1, max=1e6, metavar="S", callback=_begin_clock, is_eager=True, show_default=False,
        help="End after so many seconds.  [default: never]",
    ),
]  # fmt: skip
HUSHED: ContextVar[bool] = ContextVar("hushed", default=False)
"""Whether the present command is to be quiet."""


def _hush(wanted: bool) -> bool:
    HUSHED.set(wanted)
    return wanted


Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=_hush, help="No progress and no notes on stderr.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]

Photos = Annotated[list[str], typer.Argument(metavar="PHOTO", help="Photo files; - reads one from stdin.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="STEP.PARAM=VALUE",
        autocompletion=completion.targets,
        help="Set any parameter of a step, named by its op, its number or its id. Can be repeated.",
    ),
]
Seed = Annotated[
    int | None, typer.Option(min=0, metavar="N", help="Another seed, another artwork.  [default: the recipe's]")
]
Size = Annotated[
    str | None,
    typer.Option(metavar="PX", help="Limit the photo's longer side first; none: as it is.  [default: the recipe's]"),
]
Crop = Annotated[
    str | None,
    typer.Option(
        metavar="X,Y,W,H",
        help="Cut this part out of the photo first, in pixels; none: all of it.  [default: the recipe's]",
    ),
]
Title = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help="Title of the artwork, which browsers show over an SVG; {photo} is the photo's name.  [default: none]",
    ),
]
Creator = Annotated[
    str | None, typer.Option(metavar="NAME", help="Who made it, for the metadata; the photo's creator is kept, too.")
]
Rights = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Whose it is, for the metadata; the photo's rights are kept, too.")
]
SourceType = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="IPTC's digital source type.  [default: algorithmicallyEnhanced]"),
]
Ids = Annotated[
    Literal["none", "color", "depth"] | None,
    typer.Option(
        help="Name all groups and shapes of an SVG, by color or by depth, for editors and for the web.  "
        "[default: the recipe's, or none]",
        show_default=False,
    ),
]
NoMetadata = Annotated[
    bool, typer.Option("--no-metadata", help="The file says nothing of itself: no title, no recipe, no maker.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, max=1024, metavar="N", help="Processes at work.  [default: one per core]"),
]
JobsOfSome = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", min=1, max=1024, metavar="N",
        help="Processes at work on several photos.  [default: one per core; 1 for less than four photos]",
    ),
]  # fmt: skip
Memory = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="Keep to this, such as 2GB: a larger picture is traced in tiles or made smaller.  [default: as it takes]",
    ),
]
NoPhoto = Annotated[bool, typer.Option("--no-photo", help="No copy of the photo comes into the gallery.")]
Output = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write this file; - writes to stdout.")
]
Gallery = Annotated[
    Path | None,
    typer.Option("--gallery", metavar="DIR", help="Add to this gallery.  [default: $ARTKIT_GALLERY or ./gallery]"),
]
InGallery = Annotated[
    Path | None, typer.Option("--gallery", metavar="DIR", help="The gallery.  [default: $ARTKIT_GALLERY or ./gallery]")
]


def gallery_folder(given: Path | None, *, elsewhere: bool = False) -> Path:
    """Give the gallery's folder: the one given, or the one that is set, or `gallery`.

    That may be the address of one in a store where the command can add to it `elsewhere`; a UsageError says so if not.
    """
    from artkit.cli.settings import values
    from artkit.remote.address import address_of, path_of

    folder = Path(path_of(str(given or (known["gallery"].text if "gallery" in (known := values()) else "gallery"))))
    if not elsewhere and (address := address_of(folder)):
        raise UsageError(
            f"--gallery {address}: only artkit batch adds to a gallery there; name a folder of this machine"
        )
    return folder


@dataclass(frozen=True)
class Request:
    """What `apply`, `trace` and `animate` are asked for beside their own options, in the order of their help."""

    photos: Photos
    set_: Set = None
    seed: Seed = None
    size: Size = None
    crop: Crop = None
    title: Title = None
    creator: Creator = None
    rights: Rights = None
    source_type: SourceType = None
    ids: Ids = None
    no_metadata: NoMetadata = False
    output: Output = None
    gallery: Gallery = None
    no_photo: NoPhoto = False
    jobs: JobsOfSome = None
    memory: Memory = None
    timeout: Timeout = None
    timings: Timings = None
    quiet: Quiet = False
    json: Json = False
    debug: Debug = False


def assignments(given: list[str] | None) -> dict[str, object]:
    """Read the `STEP.PARAM=VALUE` texts of `--set`."""
    values: dict[str, object] = {}
    for text in given or []:
        name, equals, value = text.partition("=")
        if not equals or "." not in name:
            way = "takes STEP.PARAM=VALUE, such as median.size=9; a preset's own options go without --set"
            raise UsageError(f"--set {text}: {way}")
        values[name] = value
    return values


def head(*, seed: int | None, size: str | None, crop: str | None, **texts: str | None) -> dict[str, object]:
    """Read what is to stand at the top of the recipe: what was given, by key."""
    given: dict[str, object] = {name: text for name, text in texts.items() if text is not None}
    if seed is not None:
        given["seed"] = seed
    if size is not None:
        given["size"] = _pixels(size)
    if crop is not None:
        given["crop"] = _box(crop)
    return given


def _pixels(size: str) -> int | None:
    if size == "none":
        return None
    if not size.isdecimal() or int(size) < 1:
        raise UsageError(f"--size {size}: takes a whole number of pixels, 1 or more, such as 1200, or none")
    return int(size)


def _box(crop: str) -> tuple[int, int, int, int] | None:
    """Read x, y, width and height in pixels."""
    if crop == "none":
        return None
    try:
        x, y, width, height = map(int, crop.split(","))
    except ValueError:
        raise UsageError(f"--crop {crop}: takes four whole numbers X,Y,W,H, such as 100,50,640,480") from None
    return x, y, width, height
