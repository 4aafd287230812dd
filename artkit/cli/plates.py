"""`artkit export --plates`: its options, and what it prints of plates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from artkit.cli.frame import print_json, print_table
from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.export.sheet import Composed
    from artkit.prepress.plates import Asked
    from artkit.prepress.press import Pressed


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


Plates = Annotated[
    Literal["pages", "layers", "films"] | None,
    typer.Option(
        "--plates",
        help="Screen printing, a plate for each ink: pages in their separations, layers of one page, or black films.",
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
    str | None, _option("--min-feature", metavar="MM", help="Plates, cuts: what is thinner goes to the ink beside it.")
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
        help="Plates: translucent shapes as dots: 45lpi, '45lpi ellipse 75', 'Red: 30lpi line'.",
    ),
]
LEAST, LEAST_COVER, MOST_NODES = 0.25, 0.99, 100_000
"""What screens hold, in millimetres; the share of borders with their trap; and points of a plate that programs bear."""


@dataclass(frozen=True)
class Given:
    """The options of plates as they are given."""

    plates: Literal["pages", "layers", "films"] | None
    order: str | None
    trap: str | None
    least: str | None
    underbase: bool
    choke: str | None
    halftone: list[str] | None
    check: bool

    def refuse_without_plates(self) -> None:
        """Say which of the options need --plates."""
        given = {
            "order": self.order, "trap": self.trap, "min-feature": self.least, "underbase": self.underbase,
            "choke": self.choke, "halftone": self.halftone,
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
            underbase=self.underbase,
            choke=_length(self.choke or "0.2mm", "choke", 10) if self.underbase else 0.0,
            cloth=cloth or WHITE,
            screens=dict(screen(text) for text in self.halftone or ()),
        )


def _length(text: str | None, name: str, most: float) -> float:
    from artkit.pens.layout import millimetres

    if text is None:
        return 0.0
    value = millimetres(text, name)
    if not 0 <= value <= most:
        raise UsageError(f"{name}: {text} is not between 0 and {most:g} mm")
    return value


def make(
    paper: Composed, asked: Asked, given: Given, output: str | None, metadata: Mapping[str, str], json: bool
) -> None:
    """Separate what lies on the paper, write the plates where there is an output, and print what they are."""
    from artkit.prepress.press import check, files_of, pressed

    if output is not None:
        check(output)
    if paper.layout.tile is not None:
        raise UsageError("--tile: plates are printed in one piece; leave --tile out")
    made = pressed(paper, asked)
    assert given.plates is not None
    files = {} if output is None else files_of(made, output, given.plates, metadata)
    if output is not None:
        write(files, output)
    if not told(made, asked, {name: len(data) for name, data in files.items()}, json, given.check):
        raise typer.Exit(1)


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
                "overprints": plate.overprints,
            }
        )
    return rows


def faults(rows: list[dict[str, Any]], made: Pressed, asked: Asked) -> list[str]:
    """Give what could not be printed, a line each."""
    found = []
    for row in rows:
        for what, key in (("feature", "feature_mm"), ("gap", "gap_mm")):
            if row[key] is not None and row[key] < (asked.least or LEAST):
                found.append(
                    f"{row['name']}: has a {what} of {row[key]:g} mm, and {asked.least or LEAST:g} mm is least"
                )
        if row["nodes"] > MOST_NODES:
            found.append(f"{row['name']}: has {row['nodes']} nodes, and programs bear {MOST_NODES}")
    cover = made.plates.cover
    if cover is not None and cover.share < LEAST_COVER:
        found.append(f"trap: {100 * cover.share:.1f}% of borders have it, and {100 * LEAST_COVER:g}% is least")
    if cover is None and len(rows) > 1 and not all(row["overprints"] for row in rows[1:]):
        found.append("trap: there is none: where plates shift, cloth shows; give --trap 0.2mm")
    return found


def told(made: Pressed, asked: Asked, files: dict[str, int], json: bool, check: bool) -> bool:
    """Print the plates; tell whether all is well, as far as it was asked."""
    rows = report(made, asked.least, check)
    wrong = faults(rows, made, asked) if check else []
    cover = made.plates.cover
    if json:
        layout = made.paper.layout
        left, top, right, bottom = layout.trim
        told: dict[str, Any] = {
            "files": files,
            "paper_mm": [round(layout.width, 3), round(layout.height, 3)],
            "page_mm": [round(right - left, 3), round(bottom - top, 3)],
            "plates": rows,
            "trap": cover and {"share": round(cover.share, 5), "deep": cover.deep, "places": cover.places},
        }
        print_json(told | ({"faults": wrong} if check else {}))
        return not wrong
    header = ("no", "plate", "color", "covers %", "nodes", *(("was thin",) if asked.least else ()))
    print_table(
        (*header, "feature mm", "gap mm") if check else header,
        [
            (
                row["plate"],
                row["name"] + " (overprints)" * row["overprints"],
                row["color"],
                f"{row['coverage']:.2f}",
                row["nodes"],
                *((row["thin_parts"],) if asked.least else ()),
                *((_fine(row["feature_mm"]), _fine(row["gap_mm"])) if check else ()),
            )
            for row in rows
        ],
    )
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
    """Write the files; a folder is made where there is none."""
    from artkit.export import files as writer

    if output.endswith(("/", "\\")):
        folder = Path(output)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"-o {output}: {error.strerror}") from None
    for name, data in files.items():
        writer.write(name, data)
