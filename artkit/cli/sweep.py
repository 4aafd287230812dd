"""`artkit sweep PRESET PHOTO... --vary STEP.PARAM=VALUES`: all combinations, each an artwork, on a contact sheet."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import mul
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.batch.making import Photo, to_gallery
from artkit.cli import completion, parameters
from artkit.cli.apply import Presets
from artkit.cli.frame import Screen, print_json, print_table, visible
from artkit.cli.make import about, check_stdin, read_photo, unheard, with_request
from artkit.cli.options import STREAM, Request, assignments, gallery_folder
from artkit.cli.sheet import CELL, CellWidth, Columns, Dark, PageSize, Title, style_of
from artkit.errors import ArtkitError, Cancelled, UsageError, explained

if TYPE_CHECKING:
    from artkit.gallery.sheets import Style
    from artkit.recipe import Checked
    from artkit.recipe.sweep import Sweep, Variant

LIMIT, MOST = 200, 100_000
"""Artworks of a sweep: where nobody raises it, and the most to which it can be raised."""

WIDEST = 8
"""Cells in a row of a sheet where nobody asks for more."""

PATIENCE = 10.0
"""Seconds after which the gallery lists what is made so far: a sweep that is interrupted leaves little unlisted."""

KEPT = 64_000_000
"""Pixels of photos that are kept from the first look at them; of more, some are read twice."""

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="STEP.PARAM=VALUES",
        autocompletion=completion.targets,
        help="Try these values of a parameter, or of an option of the preset: 3,5,8 is a list, 4:12:2 from 4 to 12 in "
        "steps of 2, 1:4 in steps of 1. A value with commas goes in brackets: [red,blue],[black,white]. What the "
        "recipe animates takes ways: 0:180,0:360. Can be repeated.",
    ),
]
Seeds = Annotated[
    str | None, typer.Option("--seeds", metavar="VALUES", help="Try these seeds, written alike: 1:4 or 3,5,8.")
]
SheetFile = Annotated[
    Path | None, typer.Option("--sheet", metavar="FILE", help="Write a contact sheet, as SVG, PNG or PDF.")
]
Limit = Annotated[
    int, typer.Option("--limit", min=1, max=MOST, metavar="N", help="Refuse to make more artworks than this.")
]


OWN = frozenset({"vary", "seeds", "limit", "sheet", "columns", "cell", "page", "title", "dark"})
"""Options of the command's own: a preset's of the same name are reached by --set and --vary STEP.PARAM alone."""


class _Sweeps(Presets):
    example = "artkit sweep PRESET PHOTO --vary STEP.PARAM=3,5,8"

    def build(self, name: str) -> Any:
        return _build(name)


def command() -> Any:
    """Build the command, without any of the presets."""
    return _Sweeps(
        name="sweep",
        no_args_is_help=True,
        subcommand_metavar="PRESET[,PRESET...] PHOTO... [OPTIONS]",
        epilog="PRESET is one of these or the path of a recipe; `artkit sweep PRESET --help` lists its options.",
        rich_markup_mode=None,
    )


@dataclass(frozen=True)
class _Cell:
    """An artwork to be made: its number from 1, the photo's path, the recipe, and in words what is its own."""

    number: int
    source: str
    variant: Variant
    differs: dict[str, str]

    @property
    def label(self) -> str:
        own = ", ".join(f"{name} {text}" for name, text in self.differs.items())
        return f"cell {self.number}" + (f" ({own})" if own else "")

    @property
    def reading(self) -> tuple[object, ...]:
        """What decides which picture is worked on."""
        data = self.variant.recipe.data
        return self.source, data.size, data.crop


def _build(names: str) -> Any:
    from artkit.recipe import find
    from artkit.recipe.change import motion_options, options, with_options, with_values
    from artkit.recipe.sweep import sweep as plan

    several = "," in names and not Path(names).exists()
    recipes = [find(name) for name in (names.split(",") if several else [names])]

    def sweep(
        request: Request,
        *,
        values: dict[str, object],
        vary: Vary = None,
        seeds: Seeds = None,
        limit: Limit = LIMIT,
        sheet: SheetFile = None,
        columns: Columns = None,
        cell: CellWidth = CELL,
        page: PageSize = None,
        title: Title = None,
        dark: Dark = False,
    ) -> None:
        style = style_of(columns, cell, page, title, dark)
        given = assignments(request.set_)
        changed = [with_request(with_values(with_options(each, values), given), request) for each in recipes]
        offered = {} if several else recipes[0].data.expose
        fixed = [*given, *(offered[option] for option in values if option in offered)]
        plans = [plan(each, vary or [], seeds, fixed) for each in changed]
        _refuse_nonsense(request, vary or [], seeds, sum(each.count for each in plans), limit)
        cells = _planned(plans, request.photos)
        if sheet:
            from artkit.gallery import sheets

            sheets.check(sheet, style, len(cells))
        style = style if columns else replace(style, columns=_columns(cells))
        _run(cells, request, lambda made, folder, say: _draw(cells, made, folder, sheet, style, say) if sheet else None)

    text = recipes[0].data
    about = f"{text.title}\n\n{text.description}" if text.description else text.title
    known = {} if several else options(recipes[0]) | motion_options(recipes[0])
    known = {name: parameter for name, parameter in known.items() if name not in OWN}
    summary = "Several presets, or one, with all combinations of values." if several else about
    return parameters.command(sweep, names, summary, known, without=("output", "jobs", "memory", "title"))


def _refuse_nonsense(request: Request, vary: Sequence[str], seeds: str | None, variants: int, limit: int) -> None:
    check_stdin(request.photos)
    if seeds is not None and request.seed is not None:
        raise UsageError("--seed sets one seed and --seeds tries several; give one of the two")
    count = variants * len(dict.fromkeys(request.photos))
    if count > limit:
        raise UsageError(
            f"{count:,} artworks come of that, over {limit:,}; vary less, or allow it with --limit {count}"
        )
    if count == 1 and (dotted := next((text for text in vary if re.search(r"\d\.\.\d", text)), "")):
        raise UsageError(f"--vary {dotted}: from one number to another is written with a colon: 4:8, or 4:8:2")
    if count == 1:
        raise UsageError("nothing varies; add --vary STEP.PARAM=3,5,8, --seeds 1:4, or more photos or presets")


def _planned(plans: Sequence[Sweep], photos: Sequence[str]) -> list[_Cell]:
    """Give all cells in the order of their numbers: presets, of each the photos, of each the variants."""
    photos = list(dict.fromkeys(photos))
    cells: list[_Cell] = []
    for plan in plans:
        made = plan.variants()
        preset = {"preset": plan.checked.data.name} if len(plans) > 1 else {}
        for source in photos:
            photo = {"photo": Path(source).name} if len(photos) > 1 else {}
            cells += [
                _Cell(number, source, variant, preset | photo | dict(variant.changes))
                for number, variant in enumerate(made, start=len(cells) + 1)
            ]
    return cells


def _columns(cells: Sequence[_Cell]) -> int | None:
    """Give how many cells make a row of a sheet where rows are to begin with what changes last.

    That is as many as the names that change first have values together; of such numbers the one that looks best.
    """
    from artkit.gallery.sheets.layout import pleasing

    names = list(dict.fromkeys(name for cell in cells for name in cell.differs))
    counts = [len({cell.differs.get(name) for cell in cells}) for name in reversed(names)]
    wanted = pleasing(len(cells))
    sizes = [size for size in accumulate(counts, mul) if 1 < size <= WIDEST and size < len(cells)]
    return min(sizes, key=lambda size: abs(size - wanted), default=None)


def _run(cells: Sequence[_Cell], request: Request, draw: Callable[..., None]) -> None:
    from artkit.interrupts import undoing

    folder = gallery_folder(request.gallery)
    made: dict[int, dict[str, Any]] = {}
    failed: list[int] = []

    def tell() -> None:
        done = [(cell, made[cell.number]) for cell in cells if cell.number in made]
        _print(done, request.json)

    screen = _Overall(len(cells), request.quiet)
    with screen:
        _warn_of_seeds(cells, screen)
        for line in _unheard(cells, request.ids):
            screen.say(line)
        try:
            with undoing(tell):
                _make_all(cells, request, folder, screen, made, failed)
                if made:
                    _list(folder, made, screen)
                    draw(made, folder, screen.say)
        except KeyboardInterrupt:
            tell()
            raise
    tell()
    if failed:
        screen.fail(f"{len(failed)} of {len(cells)} cells failed: {', '.join(map(str, sorted(failed)))}")
        raise typer.Exit(1)


def _make_all(
    cells: Sequence[_Cell],
    request: Request,
    folder: Path,
    screen: _Overall,
    made: dict[int, dict[str, Any]],
    failed: list[int],
) -> None:
    """Make every cell; those that begin alike on the same photo follow each other."""
    from artkit.artwork.remembered import Kept, remembering
    from artkit.recipe.shared import Shared, in_order

    photos, listed = _Photos(cells, screen.say), perf_counter()
    for group in photos.groups:
        photo = photos.read(group[0])
        order, numbers = in_order([cell.variant.recipe for cell in group])
        kept: Kept = {}
        shared = Shared(numbers)
        for cell in (group[i] for i in order):
            screen.at = len(made) + len(failed)
            try:
                with remembering(kept):
                    made[cell.number] = to_gallery(
                        cell.variant.recipe,
                        photo,
                        folder,
                        screen,
                        request.no_metadata,
                        shared=shared,
                        label=cell.label,
                        keep_photo=not request.no_photo,
                    )
                if perf_counter() > listed + PATIENCE:
                    _list(folder, made, screen)
                    listed = perf_counter()
            except (ArtkitError, OSError, MemoryError) as error:
                if isinstance(error, (Cancelled, BrokenPipeError)):
                    raise
                failed.append(cell.number)
                screen.fail(f"Error: {cell.label}: {explained(error)}")


def _warn_of_seeds(cells: Sequence[_Cell], screen: Screen) -> None:
    from artkit.recipe.sweep import SEED, uses_chance

    recipes = {cell.variant.recipe.data.name: cell.variant for cell in cells}
    for name, variant in recipes.items():
        if SEED in variant.changes and not uses_chance(variant.recipe):
            screen.say(f"{name}: no step of it uses chance; all seeds give the same picture")


def _unheard(cells: Sequence[_Cell], ids: str | None) -> Iterator[str]:
    """Say what is set or varied and has no effect in any artwork of a preset."""
    recipes: dict[str, list[Checked]] = {}
    for cell in cells:
        recipes.setdefault(cell.variant.recipe.data.name, []).append(cell.variant.recipe)
    for name, variants in recipes.items():
        start = f"{name}: " if len(recipes) > 1 else ""
        yield from (f"{start}{line}" for line in unheard(variants, ids))


class _Photos:
    """The pictures that cells work on: all were read once, before any work, and some are kept for it."""

    def __init__(self, cells: Sequence[_Cell], say: Callable[[str], None]) -> None:
        groups: dict[tuple[object, ...], list[_Cell]] = {}
        for cell in cells:
            groups.setdefault(cell.reading, []).append(cell)
        self.groups = list(groups.values())
        self._kept: dict[tuple[object, ...], Photo] = {}
        room = KEPT
        for group in self.groups:
            photo = self._read(group[0], say)
            room -= photo.image.width * photo.image.height
            if room >= 0 or photo.name == "stdin":
                self._kept[group[0].reading] = photo

    def read(self, cell: _Cell) -> Photo:
        """Give a cell's picture, and keep it no longer."""
        return self._kept.pop(cell.reading, None) or self._read(cell)

    def _read(self, cell: _Cell, say: Callable[[str], None] = lambda _: None) -> Photo:
        try:
            return read_photo(cell.source, cell.variant.recipe, say)
        except (ArtkitError, OSError, MemoryError) as error:
            if cell.source == STREAM or cell.source in str(error):
                raise
            raise type(error)(about(cell.source, explained(error))) from error


class _Overall(Screen):
    """One bar for all cells, of which `at` are done."""

    def __init__(self, cells: int, quiet: bool) -> None:
        super().__init__(quiet)
        self.at, self._cells = 0, cells
        self._bar: Callable[[float, int, str], None] | None = None

    def bar(self, label: str) -> Callable[[float, int, str], None]:
        """Show a cell's progress as a part of the whole."""
        self._bar = self._bar or super().bar(f"{self._cells} artworks")
        whole, at = self._bar, self.at
        return lambda done, steps, name: whole(at + done / max(steps, 1), self._cells, f"{label}: {name}")


def _list(folder: Path, made: dict[int, dict[str, Any]], screen: Screen) -> None:
    """Have the gallery list what is made so far."""
    from artkit.gallery import cells, refresh

    cells.write(folder, {number: Path(told["file"]).stem for number, told in made.items()})
    refresh(folder, screen.say)


def _draw(
    cells: Sequence[_Cell],
    made: dict[int, dict[str, Any]],
    folder: Path,
    sheet: Path,
    style: Style,
    say: Callable[[str], None],
) -> None:
    from artkit.gallery import find, sheets

    shown = [cell for cell in cells if cell.number in made]
    records = [find.record_of(Path(made[cell.number]["file"]).stem, folder) for cell in shown]
    numbers, differing = [cell.number for cell in shown], [cell.differs for cell in shown]
    sheets.save(records, sheet, style, differing=differing, numbers=numbers, note=say)
    say(f"{sheet}: the contact sheet")


def _print(done: Sequence[tuple[_Cell, dict[str, Any]]], json: bool) -> None:
    """List the cells that are made: number, name of the artwork, what is its own."""
    if json:
        print_json([_told(cell, told) for cell, told in done])
        return
    names = list(dict.fromkeys(name for cell, _ in done for name in cell.differs))
    rows = [
        (
            str(cell.number),
            Path(told["file"]).stem,
            *(visible(cell.differs.get(name, "")) for name in names),
        )
        for cell, told in done
    ]
    if rows:
        print_table(("cell", "artwork", *names), rows)
        sys.stdout.flush()


def _told(cell: _Cell, told: dict[str, Any]) -> dict[str, Any]:
    return {"cell": cell.number, "id": Path(told["file"]).stem, "changes": dict(cell.variant.changes)} | told
