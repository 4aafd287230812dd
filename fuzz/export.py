"""Drawings by chance for `artkit export`: on paper, as plates and under the knife, with options sound and senseless."""

from __future__ import annotations

from collections.abc import Callable

from fuzz._case import Case
from fuzz._mutate import NUMBERS, Chance, often, one
from fuzz.svgs import HEAD as PLAIN_HEAD

HEAD = PLAIN_HEAD + 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
COLORS = ("#ffe08a", "#d62828", "#1d3557", "#ffffff", "#000", "red", "none")
LENGTHS = ("0", "0.1mm", "0.2mm", "0.5mm", "1mm", "1.5mm", "3mm", "10mm", "0.1in")
ODD = ("40mm", "-1mm", "3lb", "", "0", "A99", "0x0mm", "1x1mm", "nobody", "\u202e", *NUMBERS)
SUFFIXES = (".pdf", ".svg", ".svgz", ".eps", ".dxf", ".png", ".jpg", ".tif")
PAGES = ("A6", "A5", "60x40mm", "2x3in", "letter")

PAGE: dict[str, Callable[[Chance], str | None]] = {
    "--page": lambda rng: one(rng, PAGES),
    "--landscape": lambda rng: None,
    "--fill": lambda rng: None,
    "--margin": lambda rng: one(rng, LENGTHS),
    "--bleed": lambda rng: one(rng, LENGTHS),
    "--crop-marks": lambda rng: None,
    "--registration-marks": lambda rng: None,
    "--tile": lambda rng: one(rng, PAGES),
    "--paper": lambda rng: one(rng, (*COLORS[:-1], "transparent")),
    "--dpi": lambda rng: one(rng, ("30", "72", "150")),
    "--units": lambda rng: one(rng, ("mm", "in", "px96", "px72")),
    "--inks": lambda rng: None,
    "--overprint": lambda rng: one(rng, ("all", *COLORS)),
    "--no-metadata": lambda rng: None,
    "--json": lambda rng: None,
}
PLATES: dict[str, Callable[[Chance], str | None]] = {
    "--plates": lambda rng: one(rng, ("pages", "layers", "films")),
    "--order": lambda rng: one(rng, (*COLORS[:-1], "red:Red", "#000:Night,#d62828", "x:All")),
    "--trap": lambda rng: one(rng, LENGTHS),
    "--min-feature": lambda rng: one(rng, LENGTHS),
    "--thicken": lambda rng: one(rng, ("all", "none", *COLORS)),
    "--underbase": lambda rng: None,
    "--choke": lambda rng: one(rng, LENGTHS),
    "--halftone": lambda rng: one(rng, ("20lpi", "20lpi line 30", "red: 25lpi")),
    "--check": lambda rng: None,
}
CUT: dict[str, Callable[[Chance], str | None]] = {
    "--cut": lambda rng: None,
    "--common-lines": lambda rng: None,
    "--kerf": lambda rng: one(rng, LENGTHS),
    "--bridges": lambda rng: one(rng, LENGTHS),
    "--stack": lambda rng: None,
    "--outline": lambda rng: one(rng, LENGTHS),
    "--weed": lambda rng: None,
    "--frame": lambda rng: None,
    "--score": lambda rng: one(rng, COLORS),
    "--engrave": lambda rng: one(rng, COLORS),
    "--ground": lambda rng: one(rng, (*COLORS, "none")),
    "--mirror": lambda rng: None,
    "--size-check": lambda rng: None,
    "--curves": lambda rng: None,
    "--for": lambda rng: one(rng, ("cricut", "silhouette", "lightburn", "glowforge", "versaworks", "cnc")),
    "--min-feature": lambda rng: one(rng, LENGTHS),
    "--check": lambda rng: None,
}


def case(rng: Chance) -> Case:
    """A drawing, and a command line that exports it."""
    options = one(rng, (PAGE, PAGE, PLATES, PLATES, CUT, CUT))
    arguments = ["export", "a.svg"]
    if often(rng, 0.95):
        folder = options is PLATES and often(rng, 0.3)
        arguments += ["-o", one(rng, ("films/", "a/b/")) if folder else f"out{one(rng, _suffixes(rng, options))}"]
    if options is not PAGE and often(rng, 0.95):
        arguments += _option(rng, next(iter(options)), options)
    for _ in range(int(rng.integers(0, 4))):
        known = options if often(rng, 0.85) else PAGE
        arguments += _option(rng, one(rng, list(known)), known)
    writes = (*(f"out{suffix}" for suffix in (*SUFFIXES, ".xyz", "")), "films", "a")
    return Case(arguments, {"a.svg": drawing(rng).encode()}, reports="--check" in arguments, writes=writes)


def _suffixes(rng: Chance, options: dict[str, Callable[[Chance], str | None]]) -> tuple[str, ...]:
    if often(rng, 0.05):
        return (*SUFFIXES, ".xyz", "")
    if options is PLATES:
        return (".pdf", ".svg", ".svgz")
    return (".svg", ".dxf", ".eps", ".pdf") if options is CUT else SUFFIXES


def _option(rng: Chance, name: str, known: dict[str, Callable[[Chance], str | None]]) -> list[str]:
    value = known[name](rng)
    if value is None:
        return [name]
    if often(rng, 0.08):
        value = one(rng, ODD)
    return [f"{name}={value}"]


def drawing(rng: Chance) -> str:
    """An SVG of some shapes that lie over each other, on the edge and beyond it, now and then with something odd."""
    width, height = one(rng, ((60, 40), (40, 60), (30, 30), (0.5, 9), (1, 1)))
    unit = one(rng, ("", "mm", "in"))
    shapes = "".join(_shape(rng, width, height) for _ in range(int(rng.integers(0, 14))))
    if often(rng, 0.3):
        shapes = f'<rect width="{width}" height="{height}" fill="{one(rng, COLORS)}"/>{shapes}'
    return f'{HEAD}width="{width}{unit}" height="{height}{unit}" viewBox="0 0 {width} {height}">{shapes}</svg>'


def _shape(rng: Chance, width: float, height: float) -> str:
    def number(most: float) -> str:
        where = one(rng, (0, most, most / 2)) if often(rng, 0.2) else rng.uniform(-0.1, 1.1) * most
        return f"{where:.{int(rng.integers(0, 5))}f}"

    def place() -> str:
        return f"{number(width)} {number(height)}"

    fill, stroke = one(rng, COLORS), one(rng, COLORS)
    look = f'fill="{fill}"' if often(rng, 0.7) else f'fill="none" stroke="{stroke}" stroke-width="{number(3)}"'
    if often(rng, 0.05):
        look += one(rng, (' opacity=".5"', ' fill-rule="evenodd"', ' filter="url(#x)"', ' stroke-dasharray="2 1"'))
    match int(rng.integers(5)):
        case 0:
            sides = f'width="{number(width)}" height="{number(height)}"'
            return f'<rect x="{number(width)}" y="{number(height)}" {sides} {look}/>'
        case 1:
            return f'<circle cx="{number(width)}" cy="{number(height)}" r="{number(9)}" {look}/>'
        case 2:
            return f'<path d="M{place()}C{place()} {place()} {place()}{one(rng, ("", "Z"))}" {look}/>'
        case 3:
            return f'<g inkscape:label="Ink {fill}"><path d="M{place()}L{place()} {place()} {place()}Z" {look}/></g>'
        case _:
            return f'<path d="M{place()}{"".join(f"L{place()}" for _ in range(int(rng.integers(1, 9))))}Z" {look}/>'
