"""`artkit batch RECIPE... --photos DIR`: every recipe on every photo, on all cores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit import spans
from artkit.cli import completion
from artkit.cli.frame import PLAIN, Screen, print_json
from artkit.cli.make import named, unheard
from artkit.cli.options import (
    Creator,
    Debug,
    Gallery,
    Ids,
    Jobs,
    Json,
    NoMetadata,
    NoPhoto,
    Quiet,
    Rights,
    Seed,
    Set,
    Size,
    Title,
    assignments,
    gallery_folder,
    head,
)
from artkit.cli.timings import Timings
from artkit.errors import UsageError
from artkit.limits import bytes_of
from artkit.remote.address import address_of, name_of, path_of
from artkit.workers import cores

if TYPE_CHECKING:
    from artkit.batch import Batch, Cluster, Report, Workers
    from artkit.batch.work import Outcome, Task
    from artkit.recipe import Checked

PATIENCE, FAR_PATIENCE = 10.0, 120.0
"""Seconds after which the gallery's page lists what is made so far; that of one in a store takes longer to make."""

WATCH, WATCH_SHARE = 2.0, 20
"""Seconds between two looks for new photos, or so many times what a look takes where that is more; a photo is taken
when it has not changed from one look to the next."""

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def batch(
    recipes: Annotated[
        list[str],
        typer.Argument(metavar="RECIPE...", help="Presets, or paths of recipes.", autocompletion=completion.presets),
    ],
    photos: Annotated[
        list[str],
        typer.Option(
            "--photos",
            metavar="DIR|GLOB|LIST",
            help="A folder with all that is in it, a pattern such as 'trip/**/*.jpg', a .txt with a path on each line, "
            "or a photo; or an address of one, such as s3://BUCKET/FOLDER/. Can be repeated.",
        ),
    ],
    set_: Set = None,
    seed: Seed = None,
    size: Size = None,
    title: Title = None,
    creator: Creator = None,
    rights: Rights = None,
    ids: Ids = None,
    jobs: Jobs = None,
    memory: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="All of them together keep to this, such as 2GB.  [default: what is free]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make anew what the gallery has.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on with photos that come in, until Ctrl-C.")] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="tcp://HOST:PORT", help="Have the workers of this Dask scheduler do it; local: start one."
        ),
    ] = None,
    gallery: Gallery = None,
    no_metadata: NoMetadata = False,
    no_photo: NoPhoto = False,
    timings: Timings = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make an artwork with every recipe from every photo, on all cores; exit 1 if any failed, with all others made."""
    from artkit.batch import Batch, Cluster, Workers, found, run
    from artkit.batch.cluster import LOCAL
    from artkit.gallery import check_room
    from artkit.interrupts import undoing

    if watch and json:
        raise UsageError("--json tells when all is done, and with --watch it never is; leave one of them out")
    if cluster and cluster != LOCAL and (jobs or memory):
        raise UsageError("--jobs and --memory are for this machine; `dask worker` says how many work for a scheduler")
    count, limit = jobs or cores(), _memory(memory)
    given = head(seed=seed, size=size, crop=None, caption=title, creator=creator, rights=rights)
    chosen, place = _chosen(recipes, assignments(set_), given, ids), gallery_folder(gallery, elsewhere=True)
    plan = Batch(chosen, place, force, no_metadata, not no_photo)
    told = _Told(plan, quiet, json)
    told.unheard(ids)
    photos = [address_of(source) or str(Path(path_of(source)).absolute()) for source in photos] if cluster else photos
    first = found(photos, told.odd, empty=watch, gallery=place)
    check_room(plan.gallery)
    told.more(len(first))
    with told, ExitStack() as stack:
        executor: Workers | Cluster
        if cluster:
            executor = stack.enter_context(Cluster(cluster, count))
            count = executor.count
            plan = _shared(plan, first, executor)
        else:
            executor = stack.enter_context(Workers(count, memory=limit))
            stack.enter_context(undoing(partial(_killed, executor, plan.gallery)))
        tasks = _watched(plan, photos, first, count, told) if watch else plan.tasks(first, count)
        report = run(tasks, executor, told, workers=count, need=plan.memory_of)
    told.end(report)
    if report.failures or told.blind:
        raise typer.Exit(1)


def _killed(workers: Workers, gallery: Path) -> None:
    """End all processes. Two that end at once may both leave the folder of what is under way to the other."""
    from artkit.gallery.staging import remove_staging

    workers.kill()
    if not address_of(gallery):
        remove_staging(gallery)


def _shared(plan: Batch, photos: Sequence[str], executor: Cluster) -> Batch:
    """Give the plan for other machines, which are to see the gallery and the photos at the same paths or addresses."""
    from artkit.export import parts

    if photos:
        here = address_of(photos[0]) or Path(photos[0]).parent
        executor.check_sees(str(here), "the photos")
    if address := address_of(plan.gallery):
        executor.check_takes(address)
        return plan
    plan = replace(plan, gallery=plan.gallery.absolute())
    with parts.part(plan.gallery) as (_, path):
        try:
            executor.check_sees(str(path), "the gallery")
        finally:
            path.unlink(missing_ok=True)
    return plan


def _chosen(
    names: Sequence[str], values: dict[str, object], given: dict[str, object], ids: str | None
) -> list[Checked]:
    """Give the recipes of these names; a parameter is set in those that have it, and in one at least."""
    from artkit.recipe import find
    from artkit.recipe.change import with_head, with_values

    made = []
    for name in dict.fromkeys(names):
        recipe = find(name)
        made.append(named(with_head(recipe, **given) if given else recipe, ids))
    return [with_values(recipe, values) for recipe in made]


def _memory(text: str | None) -> float:
    """Read --memory; without one, most of what is free."""
    if text is None:
        from artkit.artwork.large import free_memory

        return 0.9 * free_memory()
    return bytes_of(text, "--memory")


def _watched(
    plan: Batch, sources: Sequence[str], first: Sequence[str], count: int, told: _Told
) -> Iterator[Task | None]:
    """Give the tasks of the photos that are there, then those of each that comes in and has come to rest."""
    from artkit.batch import found

    seen = {photo: _stamp(photo) for photo in first}
    yield from plan.tasks(first, count)
    growing: dict[str, object] = {}
    while True:
        start = perf_counter()
        now = {photo: _stamp(photo) for photo in found(sources, empty=True, gallery=plan.gallery)}
        new = {photo: stamp for photo, stamp in now.items() if seen.get(photo) != stamp}
        ready = [photo for photo, stamp in new.items() if growing.get(photo) == stamp]
        growing = new
        seen |= {photo: new[photo] for photo in ready}
        told.more(len(ready))
        yield from plan.tasks(ready, count, all_new=True)
        rest = max(WATCH, WATCH_SHARE * (perf_counter() - start))
        while perf_counter() < start + rest:
            told.list_all()
            yield None


def _stamp(photo: str) -> object:
    if address_of(photo):
        return ""  # in a store a file is there when all of it is
    try:
        known = Path(photo).stat()
    except OSError:
        return None
    return known.st_size, known.st_mtime_ns


class _Told:
    """What the user sees of a batch: paths on stdout, notes and failures on stderr, one bar; the page is kept fresh."""

    def __init__(self, plan: Batch, quiet: bool, json: bool) -> None:
        self._plan, self._json, self._screen = plan, json, Screen(quiet)
        self._total = self._done = self._unlisted = 0
        self._made: list[dict[str, Any]] = []
        self._start = self._listed = perf_counter()
        self._bar: Any = None
        self.blind = False

    def __enter__(self) -> _Told:
        self._screen.__enter__()
        self._bar = self._screen.overall("artworks")
        self._bar(0, self._total, "")
        return self

    def __exit__(self, kind: Any, error: Any, at: Any) -> None:
        try:
            if kind is None:
                self._list()
        finally:
            self._screen.__exit__(kind, error, at)

    def odd(self, line: str) -> None:
        """Tell of a folder that cannot be looked into."""
        self.blind = True
        self._screen.fail(f"Error: {line}")

    def unheard(self, ids: str | None) -> None:
        """Tell what was set and has no effect."""
        for recipe in self._plan.recipes:
            start = f"{recipe.data.name}: " if len(self._plan.recipes) > 1 else ""
            for line in unheard([recipe], ids):
                self._screen.say(f"{start}{line}")

    def more(self, photos: int) -> None:
        """Take note of photos to come."""
        self._total += photos * len(self._plan.recipes)

    def __call__(self, task: Task, outcome: Outcome) -> None:
        spans.add(outcome.spans)
        if outcome.failures:
            from artkit.gallery import check_room

            check_room(self._plan.gallery)  # a full disk ends all
        for note in outcome.notes:
            self._screen.say(note)
        for failure in outcome.failures:
            preset = f", {failure.preset}" if failure.preset else ""
            self._screen.fail(f"Error: {failure.photo}{preset}: {failure.reason}")
        for made in outcome.made:
            if self._json:
                self._made.append(made)
            else:
                self._screen.print(made["file"])
        self._done += len(task.recipes)
        self._unlisted += len(outcome.made)
        self._bar(self._done, self._total, name_of(task.photo))
        if perf_counter() > self._listed + (FAR_PATIENCE if address_of(self._plan.gallery) else PATIENCE):
            self.list_all()

    def list_all(self) -> None:
        """List in the gallery's page what was made, if anything."""
        if self._unlisted:
            self._list()

    def _list(self) -> None:
        from artkit.gallery import refresh

        refresh(self._plan.gallery, self._screen.say)
        self._unlisted, self._listed = 0, perf_counter()

    def end(self, report: Report) -> None:
        """Tell what came of all."""
        there = self._total - report.made - report.failed
        seconds = perf_counter() - self._start
        if self._json:
            print_json(
                {
                    "made": self._made,
                    "failed": [failure._asdict() for failure in report.failures],
                    "quarantined": report.quarantined,
                }
            )
        made = f"{report.made} artwork{'' if report.made == 1 else 's'}"
        lines = [f"{made} in {seconds:.0f} s, {60 * report.made / max(seconds, 1e-3):.0f} a minute"]
        lines += [f"{there} were there already; --force makes them anew"] if there > 0 else []
        lines += [f"{report.failed} failed"] if report.failed else []
        for line in lines:
            self._screen.say(line)
        for photo in report.quarantined:
            self._screen.fail(f"{photo}: left alone: each process that worked on it died")
