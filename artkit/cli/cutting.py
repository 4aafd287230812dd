"""What `artkit export` does for cutters: its options, the lines to cut, and the report on a file."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli.frame import print_json, print_table
from artkit.errors import ArtkitError, UsageError
from artkit.spans import spanned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from artkit.export.sheet import Asked, Composed
    from artkit.prepress.cut import Cutting
    from artkit.prepress.preflight import Row
    from artkit.prepress.profile import Profile


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


Cut = Annotated[bool, typer.Option("--cut", help="Write lines to cut: each border once, inner before outer.")]
CommonLines = Annotated[
    bool,
    typer.Option(
        "--common-lines", help="All pieces from one sheet; a border of two pieces is cut once. This is the default."
    ),
]
Kerf = Annotated[
    str | None,
    _option("--kerf", metavar="MM", help="Width that the tool takes away: each ink from a sheet of its own."),
]
Bridges = Annotated[
    str | None, _option("--bridges", metavar="MM", help="A stencil, its islands held by bridges so wide.")
]
Stack = Annotated[bool, typer.Option("--stack", help="Sheets that lie on each other, with pin holes.")]
Outline = Annotated[
    str | None, _option("--outline", metavar="MM", help="One line around everything, so far out: a sticker.")
]
Weed = Annotated[bool, typer.Option("--weed", help="Weeding lines and a frame, for vinyl.")]
Frame = Annotated[bool, typer.Option("--frame", help="A frame around what is cut.")]
Score = Annotated[str | None, _option("--score", metavar="COLORS", help="Outlines of these are scored, not cut.")]
Engrave = Annotated[str | None, _option("--engrave", metavar="COLORS", help="These are engraved, not cut.")]
Ground = Annotated[
    str | None,
    _option("--ground", metavar="COLOR", help="What is not cut, none, lightest or darkest.  [default: the background]"),
]
Mirror = Annotated[bool, typer.Option("--mirror", help="Left to right: for transfer film.")]
SizeCheck = Annotated[bool, typer.Option("--size-check", help="A square of 20 mm, to measure what comes out.")]
Curves = Annotated[
    bool, typer.Option("--curves", help="Cut lines as curves, and those of a DXF as splines.  [default: polylines]")
]
For = Annotated[
    str | None,
    _option(
        "--for",
        metavar="PROFILE",
        help="cricut, silhouette, lightburn, glowforge, versaworks, cnc, screenprint, riso, or a TOML file.",
    ),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check",
        help="Only ask whether a file is fit to be cut or, with --cut or --plates, what would be; exit 1 if it is not.",
    ),
]


@dataclass(frozen=True)
class Given:
    """The options as they were given."""

    common_lines: bool
    kerf: str | None
    bridges: str | None
    stack: bool
    outline: str | None
    min_feature: str | None
    thicken: str | None
    weed: bool
    frame: bool
    score: str | None
    engrave: str | None
    ground: str | None
    mirror: bool
    size_check: bool

    def checked(self, cut: bool, profile: Profile) -> Cutting | None:
        """Give what is asked for; None without --cut. A UsageError says what does not go together."""
        from artkit.cli.plates import thickened
        from artkit.pens.layout import millimetres
        from artkit.prepress.cut import Cutting

        if not cut:
            for name, value in vars(self).items():
                if value:
                    raise UsageError(f"--{name.replace('_', '-')}: is for lines to cut; add --cut")
            return None
        if self.common_lines and self.kerf is not None:
            raise UsageError(
                "--kerf and --common-lines: a border that two pieces share is one cut, and cannot be moved away from "
                "both; give one of them"
            )
        if self.common_lines and profile.closed:
            raise UsageError(f"--common-lines: {profile.title} asks for closed outlines; leave it out")
        kerf = 0.0 if self.kerf is None else millimetres(self.kerf, "kerf")
        if self.kerf is not None and kerf <= 0:
            raise UsageError(
                f"--kerf {self.kerf}: a tool takes more than 0 mm away; without --kerf lines are where borders are"
            )
        return Cutting(
            common=self.common_lines or not (kerf or profile.closed or profile.colors == "materials"),
            kerf=kerf,
            bridges=None if self.bridges is None else millimetres(self.bridges, "bridges"),
            stack=self.stack,
            outline=None if self.outline is None else millimetres(self.outline, "outline"),
            least=0.0 if self.min_feature is None else millimetres(self.min_feature, "min-feature"),
            widen=tuple(thickened(self.thicken, self.min_feature) or ()),
            weed=self.weed,
            frame=self.frame,
            score=_colors(self.score, "score"),
            engrave=_colors(self.engrave, "engrave"),
            ground=self.ground and _color(self.ground, "ground"),
            mirror=self.mirror,
            size_check=self.size_check,
        )


def _colors(text: str | None, what: str) -> tuple[str, ...]:
    from artkit.color.palette import split_colors

    return () if text is None else tuple(_color(one, what) for one in split_colors(text))


def _color(text: str, what: str) -> str:
    from artkit.color.palette import name_of, parse
    from artkit.prepress.regions import EXTREMES

    if (what == "ground" and text == "none") or text in EXTREMES:
        return text
    try:
        return name_of(parse(text))
    except UsageError as error:
        raise UsageError(f"--{what} {text}: {error}") from None


def check_format(suffix: str, profile: Profile) -> None:
    """Raise a UsageError where the profile's program does not read the format."""
    if suffix not in profile.formats:
        raise UsageError(f"--for {profile.name}: {profile.title} takes {', '.join(profile.formats)}, not {suffix}")


@spanned("lines to cut")
def composed_cut(
    parts: Sequence[Any],
    size: tuple[float, float],
    asked: Asked,
    how: Cutting,
    profile: Profile,
    say: Callable[[str], None],
    *,
    curves: bool = False,
) -> tuple[Composed, dict[str, float]]:
    """Give the paper with the lines to cut, below them the art where the profile prints it, and what was measured."""
    from artkit.export.pdf.inks import Ink
    from artkit.export.sheet import Asked as Page
    from artkit.export.sheet import Composed, Item, Layout, laid_out
    from artkit.prepress.cut import cut, drawing_of

    drawing = _only_drawing(parts, asked)
    layout = laid_out(*size, asked)
    scale = (layout.art[2] - layout.art[0]) / drawing.width
    page = None if asked.page is None else (layout.width, layout.height)
    job = cut(drawing, scale, how, profile, place=layout.art[:2], page=page)
    made = drawing_of(job, profile, curves=curves)
    for line in (*job.notes, *_unfit(made, (job.width, job.height), profile)):
        say(line)
    whole = (0.0, 0.0, job.width, job.height)
    inks = {color: Ink(name, color, overprints=True) for color, name in profile.spots.items()}
    items = [Item(made, whole, inks=inks or None)]
    if profile.art:
        if how.mirror:
            raise UsageError(f"--mirror: {profile.title} prints the art, too, which is not turned over; leave it out")
        x, y = job.place
        printed = drawing.replace(layers=[replace(layer, shadow=None) for layer in drawing.layers])
        items.insert(0, Item(printed, (x, y, x + layout.art[2] - layout.art[0], y + layout.art[3] - layout.art[1])))
    return Composed(Layout(job.width, job.height, whole, whole, whole, Page()), tuple(items)), job.facts


def _unfit(made: Any, size: tuple[float, float], profile: Profile) -> Iterator[str]:
    """Tell what of the lines the profile's program, where one is named, would not take."""
    from artkit.export.dxf import outlines
    from artkit.prepress.preflight import preflight

    if profile.name:
        for row in preflight(list(outlines(made)), size, profile):
            if row.passed is False:
                yield f"{profile.name}: {row.name}: {row.figure}"


def _only_drawing(parts: Sequence[Any], asked: Asked) -> Any:
    """Give the drawing that is cut; a UsageError says what cannot be."""
    from artkit.artwork.drawing import Drawing
    from artkit.export.read import Alone
    from artkit.pens.styled import is_for_pens

    for name, value in (("fill", asked.fill), ("bleed", asked.bleed), ("tile", asked.tile)):
        if value:
            raise UsageError(f"--{name}: is for print, not for --cut; leave it out")
    if asked.crop_marks or asked.register_marks:
        raise UsageError("--crop-marks and --registration-marks: are for print, not for --cut; leave them out")
    strange = next((part for part in parts if not isinstance(part, Drawing)), None)
    if strange is not None:
        what = strange.whats[0] if isinstance(strange, Alone) else "picture of pixels"
        raise UsageError(
            f"--cut: pixels have no outlines ({what}); trace the picture first: artkit trace, artkit apply"
        )
    drawing = parts[0]
    if is_for_pens(drawing):
        raise UsageError("--cut: this is a drawing for pens: lines that enclose nothing; artkit plot prepares it")
    return drawing


def check_file(source: str, name: str | None, json: bool) -> None:
    """Print the report on a file; exit 1 where something in it is not fit to be cut."""
    from artkit.artwork.photo import bytes_of
    from artkit.prepress.cutfile import read
    from artkit.prepress.preflight import Row, preflight
    from artkit.prepress.profile import profile_of

    profile = profile_of(name)
    if profile.prints:
        raise UsageError(f"--for {profile.name}: prints plates; check them with --plates pages")
    data = sys.stdin.buffer.read() if source == "-" else bytes_of(Path(source))
    found = read(data, source, profile)
    rows = preflight(found.outlines, found.size, profile)
    suffix = Path(source).suffix.lower()
    if suffix:
        rows.insert(0, Row("format", suffix in profile.formats, f"{suffix} of {', '.join(profile.formats)}", suffix))
    left = ", ".join(f"{count} x {what}" for what, count in found.left_out.items())
    rows.append(Row("not cut", not left, left or "nothing", left))
    rows.append(Row("faults of the file", not found.faults, f"{found.faults}", found.faults))
    if not _told(rows, json):
        raise typer.Exit(1)


def check_lines(made: Composed, profile: Profile) -> Callable[[bool], bool]:
    """Give what prints the report on lines to cut before they are written, and tells whether all is well."""
    from artkit.export.dxf import outlines
    from artkit.prepress.preflight import preflight

    size = made.layout.width, made.layout.height
    lines: Any = made.items[-1].art  # below them is what is printed
    rows = preflight(list(outlines(lines)), size, profile)
    return lambda json: _told(rows, json)


def _told(rows: Sequence[Row], json: bool) -> bool:
    if json:
        print_json([{"name": row.name, "passed": row.passed, "figure": row.figure, "value": row.value} for row in rows])
    else:
        words = {True: "PASS", False: "FAIL", None: ""}
        print_table(("", "asked", "found"), [(words[row.passed], row.name, row.figure) for row in rows])
    return all(row.passed is not False for row in rows)


def missing_output() -> ArtkitError:
    """Say that there is no file to write."""
    return UsageError("-o FILE: name the file to write, as poster.pdf; or --check a file")
