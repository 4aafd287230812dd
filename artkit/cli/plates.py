"""`artkit export --plates`: its options, and what it prints of plates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from artkit.cli.frame import print_json, print_table
from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.export.pdf.intent import Intent
    from artkit.export.sheet import Composed
    from artkit.prepress.plates import Asked
    from artkit.prepress.press import Pressed
    from artkit.prepress.profile import Profile


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


Plates = Annotated[
    Literal["pages", "layers", "films", "bitmaps"] | None,
    typer.Option(
        "--plates",
        help="A plate for each ink: pages in their separations, layers of one page, black films, or bitmaps of dots.",
        show_default=False,
    ),
]
Order = Annotated[
    str | None,
    _option("--order", metavar="INK[:NAME],...", help="Plates: which are printed first.  [default: light ones]"),
]
Trap = Annotated[
    str | None, _option("--trap", metavar="MM", help="Plates: how far inks go on beneath those printed on them.")
]
MinFeature = Annotated[
    str | None,
    _option("--min-feature", metavar="MM", help="Plates, cuts: what is thinner goes to the ink beside it, or grows."),
]
Thicken = Annotated[
    str | None,
    _option(
        "--thicken",
        metavar="INK,...",
        help="Inks whose thin parts grow to --min-feature; all, none.  [default: on plates, dark lines]",
    ),
]
Underbase = Annotated[
    bool, typer.Option("--underbase", help="Plates: white beneath light inks, for dark cloth; see --paper.")
]
Choke = Annotated[
    str | None, _option("--choke", metavar="MM", help="How much smaller the underbase is.  [default: 0.2mm]")
]
Halftone = Annotated[
    list[str] | None,
    _option(
        "--halftone",
        metavar="SCREEN",
        help="Plates: tints, gradients and photos as dots: 45lpi, '45lpi square 75', 'Red: 30lpi line'.",
    ),
]
LEAST, LEAST_COVER, MOST_NODES = 0.25, 0.99, 1_000_000
"""What screens hold, in millimetres; the share of borders with their trap; and points of a plate that programs bear."""


PROOF, BITMAP = 150.0, 600.0
"""Pixels to an inch of a picture of the print, and of plates of dots, where nothing is said."""


class How(NamedTuple):
    """What else there is to plates: who prints, in whose colors, how many pixels to an inch, and whom to tell."""

    profile: Profile
    intent: Intent | None
    dpi: float | None
    say: Callable[[str], None]


@dataclass(frozen=True)
class Given:
    """The options of plates as they are given."""

    plates: Literal["pages", "layers", "films", "bitmaps"] | None
    order: str | None
    trap: str | None
    least: str | None
    thicken: str | None
    underbase: bool
    choke: str | None
    halftone: list[str] | None
    check: bool

    def refuse_without_plates(self) -> None:
        """Say which of the options need --plates."""
        given = {
            "order": self.order, "trap": self.trap, "min-feature": self.least, "thicken": self.thicken,
            "underbase": self.underbase, "choke": self.choke, "halftone": self.halftone,
        }  # fmt: skip
        for name, value in given.items():
            if value:
                raise UsageError(f"--{name}: is of plates; give --plates pages, too")

    def asked(self, overprint: str | None, cloth: str | None) -> Asked:
        """Give what is asked of plates. A UsageError says what cannot be."""
        from artkit.prepress.halftone import screen
        from artkit.prepress.plates import WHITE
        from artkit.prepress.plates import Asked as Plates_

        if self.choke is not None and not self.underbase:
            raise UsageError(f"--choke {self.choke}: is of the underbase; give --underbase, too")
        order = [word.strip().rpartition(":") for word in (self.order or "").split(",") if word.strip()]
        return Plates_(
            order=[(first.strip(), last.strip()) if colon else (last, "") for first, colon, last in order],
            overprint=[word.strip() for word in (overprint or "").split(",") if word.strip()],
            trap=_length(self.trap, "trap", 10),
            least=_length(self.least, "min-feature", 20),
            widen=thickened(self.thicken, self.least),
            underbase=self.underbase,
            choke=_length(self.choke or "0.2mm", "choke", 10) if self.underbase else 0.0,
            cloth=cloth or WHITE,
            screens=dict(screen(text) for text in self.halftone or ()),
        )


def thickened(text: str | None, least: str | None) -> list[str] | None:
    """Give the inks whose thin parts grow, as they are named; None where nothing is said."""
    if text is None:
        return None
    if least is None:
        raise UsageError(f"--thicken {text}: to what width? give --min-feature 0.5mm, too")
    words = [word.strip() for word in text.split(",") if word.strip()]
    return [] if words == ["none"] else words


def _length(text: str | None, name: str, most: float) -> float:
    from artkit.pens.layout import millimetres

    if text is None:
        return 0.0
    value = millimetres(text, name)
    if not 0 <= value <= most:
        raise UsageError(f"{name}: {text} is not between 0 and {most:g} mm")
    return value


def make(
    paper: Composed, asked: Asked, given: Given, output: str | None, metadata: Mapping[str, str], how: How
) -> Callable[[bool], bool]:
    """Separate what lies on the paper, write the plates where there is an output, and give what prints them."""
    from artkit.export.raster import encode
    from artkit.export.sheet.write import KINDS
    from artkit.prepress.press import PROOFS, check, files_of, pressed
    from artkit.prepress.printable import unfit
    from artkit.prepress.proof import bitmaps, proof

    if output is not None:
        check(output)
    if paper.layout.tile is not None:
        raise UsageError("--tile: plates are printed in one piece; leave --tile out")
    made = pressed(paper, asked, how.profile.spots if how.profile.prints else None)
    for line in made.notes:
        how.say(line)
    wrong = [f"{how.profile.name}: {line}" for line in unfit(made, how.profile)] if how.profile.prints else []
    assert given.plates is not None
    files = {}
    if output is not None and check(output) in PROOFS:
        data = encode(proof(made, how.dpi or PROOF, asked.cloth), KINDS[check(output)], metadata, dpi=how.dpi or PROOF)
        files = {output: data}
    elif output is not None and given.plates == "bitmaps":
        files = bitmaps(made, output, how.dpi or BITMAP)
    elif output is not None:
        files = files_of(made, output, given.plates, metadata, intent=how.intent)
    if output is not None:
        write(files, output)
        for line in wrong:
            how.say(line)
    sizes = {name: len(data) for name, data in files.items()}
    return lambda json: told(made, asked, sizes, json, given.check, wrong, how.profile.least_feature)


def report(made: Pressed, least: float, fine: bool) -> list[dict[str, Any]]:
    """Give a row for each plate: its coverage, its size in nodes and, with `fine`, how fine it is in millimetres."""
    import shapely

    from artkit.prepress.features import finest

    thin = {each.color: each for each in made.plates.thin}
    width, height = made.plates.width, made.plates.height
    sheet = shapely.box(0, 0, width, height)
    rows = []
    for number, plate in enumerate(made.plates.plates, start=1):
        gone = thin.get(plate.color)
        rows.append(
            {
                "plate": number,
                "name": plate.name,
                "color": plate.color,
                "coverage": round(100 * made.coverage(plate), 3),
                **({"feature_mm": finest(plate.art), "gap_mm": finest(sheet - plate.art)} if fine else {}),
                "nodes": int(shapely.get_num_coordinates(plate.region)),
                "thin_parts": gone.parts if gone and least else 0,
                "widened": gone.widened if gone and least else 0,
                "overprints": plate.overprints,
            }
        )
    return rows


def mixes_of(made: Pressed) -> list[dict[str, Any]]:
    """Give which inks print on each other, what color that is, and on what percent of the page."""
    from artkit.prepress.mixing import overlaps

    if not any(plate.overprints for plate in made.plates.plates):
        return []
    left, top, right, bottom = made.paper.layout.trim
    page = (right - left) * (bottom - top)
    found = [(each, round(100 * each.area / page, 3)) for each in overlaps(made.plates)]
    return [{"inks": list(each.names), "color": each.color, "coverage": share} for each, share in found if share]


def faults(rows: list[dict[str, Any]], made: Pressed, least: float) -> list[str]:
    """Give what could not be printed, a line each."""
    found = []
    for row in rows:
        for what, key in (("feature", "feature_mm"), ("gap", "gap_mm")):
            if row[key] is not None and row[key] < least:
                found.append(f"{row['name']}: has a {what} of {row[key]:g} mm, and {least:g} mm is least")
        if row["nodes"] > MOST_NODES:
            found.append(f"{row['name']}: has {row['nodes']} nodes, and programs bear {MOST_NODES}")
    cover = made.plates.cover
    if cover is not None and cover.share < LEAST_COVER:
        found.append(f"trap: {100 * cover.share:.1f}% of borders have it, and {100 * LEAST_COVER:g}% is least")
    if cover is None and len(rows) > 1 and not all(row["overprints"] for row in rows[1:]):
        found.append("trap: there is none: where plates shift, cloth shows; give --trap 0.2mm")
    return found


def told(
    made: Pressed,
    asked: Asked,
    files: dict[str, int],
    json: bool,
    check: bool,
    unfit: Sequence[str] = (),
    least: float | None = None,
) -> bool:
    """Print the plates; tell whether all is well, as far as it was asked."""
    rows = report(made, asked.least, check)
    wrong = [*faults(rows, made, least or asked.least or LEAST), *unfit] if check else []
    cover = made.plates.cover
    mixes = mixes_of(made)
    if json:
        layout = made.paper.layout
        left, top, right, bottom = layout.trim
        told: dict[str, Any] = {
            "files": files,
            "paper_mm": [round(layout.width, 3), round(layout.height, 3)],
            "page_mm": [round(right - left, 3), round(bottom - top, 3)],
            "plates": rows,
            "mixes": mixes,
            "trap": cover and {"share": round(cover.share, 5), "deep": cover.deep, "places": cover.places},
        }
        print_json(told | ({"faults": wrong} if check else {}))
        return not wrong
    header = ("no", "plate", "color", "covers %", "nodes", *(("was thin", "grew") if asked.least else ()))
    print_table(
        (*header, "feature mm", "gap mm") if check else header,
        [
            (
                row["plate"],
                row["name"] + " (overprints)" * row["overprints"],
                row["color"],
                f"{row['coverage']:.2f}",
                row["nodes"],
                *((row["thin_parts"], row["widened"]) if asked.least else ()),
                *((_fine(row["feature_mm"]), _fine(row["gap_mm"])) if check else ()),
            )
            for row in rows
        ],
    )
    for mix in mixes:
        typer.echo(f"mix: {' + '.join(mix['inks'])} gives {mix['color']} on {mix['coverage']:.2f}%")
    if cover is not None:
        typer.echo(f"trap: {100 * cover.share:.1f}% of {cover.deep} places on borders that are deep enough")
    for line in wrong:
        typer.echo(f"fault: {line}")
    for name in files:
        typer.echo(name)
    return not wrong


def _fine(value: float | None) -> str:
    return "wide" if value is None else f"{value:g}"


def write(files: dict[str, bytes], output: str) -> None:
    """Write the files, all or none; a folder is made where there is none."""
    from artkit.export import files as writer

    if output.endswith(("/", "\\")):
        writer.write_all(output, {Path(name).name: data for name, data in files.items()})
        return
    for name, data in files.items():
        writer.write(name, data)
