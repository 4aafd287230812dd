"""`--profile`: a table of what took how long on stderr, and a file for the viewers of traces.

The file is in the Trace Event Format of Chrome, which Perfetto and chrome://tracing open: an event "X" for each span,
with its beginning `ts` and its length `dur` in microseconds since the process began.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Token
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.errors import UsageError
from artkit.interrupts import may_end

if TYPE_CHECKING:
    from artkit.spans import Recording, Span

NAMES = ("--profile", "--timings")
"""What the option is called; `export` knows the second alone, since its --profile is the printer's."""

_UNDER_WAY = "artkit.timings"


class _Begun:
    """A recording under way: its file or "", the command's context, when the process began, and when this did."""

    def __init__(self, file: str, context: Any) -> None:
        from artkit import spans

        self.file, self.context, self.ready = file, context, perf_counter()
        self.start, self.idle = self.ready - _age(), 0.0 if may_end() else spans.cpu_seconds()
        self.cpu = spans.cpu_seconds() - self.idle
        self.token: Token[Recording | None] = spans.begin()

    def end(self) -> list[Span]:
        """Give all spans: that of the whole command, that of its start, and those that were kept."""
        from artkit.spans import Span, cpu_seconds, end

        kept, process = end(self.token), os.getpid()
        whole = Span((), self.start, perf_counter() - self.start, cpu_seconds() - self.idle, process)
        return [whole, Span(("start",), self.start, self.ready - self.start, self.cpu, process), *kept]


def _age() -> float:
    """Seconds since this process began; 0 where artkit is only called, or no system tells."""
    if not may_end():
        return 0.0
    try:
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        return max(time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"), 0.0)
    except (OSError, ValueError, IndexError, AttributeError):
        return time.process_time()


def _begin(context: typer.Context, file: str | None) -> str | None:
    if file is None or context.resilient_parsing or _UNDER_WAY in context.meta:
        return file
    if file:
        from artkit.export.files import check_place

        if Path(file).suffix.lower() != ".json":
            raise UsageError(
                f"{NAMES[0]} {file}: what took how long goes into a .json file; without a name it is a table"
            )
        check_place(file)
    context.meta[_UNDER_WAY] = _Begun(file, context)
    return file


def _declared(name: str) -> Any:
    return typer.Option(
        name,
        metavar="[FILE.json]",
        callback=_begin,
        is_eager=True,
        show_default=False,
        help="Tell what took how long; FILE.json is for ui.perfetto.dev.",
    )


Timings = Annotated[str | None, _declared(NAMES[0])]
TimingsOnly = Annotated[str | None, _declared(NAMES[1])]


def spelled_out(command: Any, args: Sequence[str]) -> list[str]:
    """Give the words of a command with an empty text where its --profile is followed by no .json file."""
    own = [option.opts[0] for option in command.params if option.name == "timings"]
    found: list[str] = []
    for at, word in enumerate(args if own else ()):
        if word == "--":
            return [*found, *args[at:]]
        asked = word in (own[0], NAMES[1])
        found.append(own[0] if asked else word.replace(f"{NAMES[1]}=", f"{own[0]}=", 1))
        if asked and not (at + 1 < len(args) and args[at + 1].lower().endswith(".json")):
            found.append("")
    return found if own else list(args)


@contextmanager
def timed(context: Any, tell: Callable[[str], None]) -> Iterator[None]:
    """Tell, a line at a time, what took how long in the command that is run meanwhile, if it was asked to."""
    try:
        yield
    except typer.Exit:  # done, but for some of many
        _end(context, tell)
        raise
    except BaseException:
        _end(context)
        raise
    _end(context, tell)


def _end(context: Any, tell: Callable[[str], None] | None = None) -> None:
    begun: _Begun | None = context.meta.pop(_UNDER_WAY, None)
    spans = begun.end() if begun else []
    if begun is None or tell is None:
        return
    if begun.file:
        from artkit.export import files  # most commands begin none, and end sooner without it

        files.write(begun.file, trace_of(spans, begun.context.info_name))
    if not (begun.file and begun.context.params.get("quiet")):
        for line in table_of(spans):
            tell(line)


def table_of(spans: Sequence[Span]) -> list[str]:
    """Write spans as a table, the whole of the command first; those of other processes are added up below.

    The parts of the command and what is left of it, `rest`, add up to the `total`.
    """
    whole, *parts = spans
    own = [span for span in parts if span.process == whole.process]
    others = [span for span in parts if span.process != whole.process]
    top = [span for span in own if len(span.path) == 1]
    wall, cpu = whole.wall - sum(span.wall for span in top), whole.cpu - sum(span.cpu for span in top)
    rows = [
        *_rows(own, whole.wall),
        _row("rest", 1, wall, cpu, whole.wall),
        _row("total", 1, whole.wall, whole.cpu, whole.wall),
    ]
    if others:
        top = [span for span in others if len(span.path) == 1]
        wall, cpu = sum(span.wall for span in top), sum(span.cpu for span in top)
        count = len({span.process for span in others})
        named = f"in {count} other process{'' if count == 1 else 'es'}"
        rows += [_row(named, len(top), wall, cpu, wall), *_rows(others, wall, 1)]
    table = [("stage", "times", "wall s", "CPU s", "share"), *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in table]


def _rows(spans: Sequence[Span], whole: float, depth: int = 0) -> list[tuple[str, ...]]:
    """Add up spans of one name within the same ones; parts follow what they are parts of, in order of beginning."""
    sums: dict[tuple[str, ...], tuple[int, float, float]] = {}
    for span in sorted(spans, key=lambda span: (span.start, len(span.path))):
        times, wall, cpu = sums.get(span.path, (0, 0.0, 0.0))
        sums[span.path] = times + 1, wall + span.wall, cpu + span.cpu
    rank = {path: i for i, path in enumerate(sums)}
    order = sorted(sums, key=lambda path: [rank.get(path[: k + 1], -1) for k in range(len(path))])
    return [_row("  " * (depth + len(path) - 1) + path[-1], *sums[path], whole) for path in order]


def _row(name: str, times: int, wall: float, cpu: float, whole: float) -> tuple[str, ...]:
    return name, f"{times:,}", f"{wall:.3f}", f"{cpu:.3f}", f"{100 * wall / max(whole, 1e-9):.1f}%"


def trace_of(spans: Sequence[Span], command: str) -> bytes:
    """Write spans, the whole of the command first, as events of Chrome's trace format."""
    whole = spans[0]
    names = {span.process: "other process" for span in spans} | {whole.process: f"artkit {command}"}
    events: list[dict[str, Any]] = [
        {"name": "process_name", "ph": "M", "pid": process, "tid": process, "args": {"name": name}}
        for process, name in names.items()
    ]
    for span in sorted(spans, key=lambda span: (span.start, len(span.path))):
        events.append(
            {
                "name": span.path[-1] if span.path else f"artkit {command}",
                "ph": "X",
                "ts": _microseconds(span.start - whole.start),
                "dur": _microseconds(span.wall),
                "pid": span.process,
                "tid": span.process,
                "args": {"cpu_ms": round(1e3 * span.cpu, 3)},
            }
        )
    return json.dumps({"displayTimeUnit": "ms", "traceEvents": events}, ensure_ascii=False).encode()


def _microseconds(seconds: float) -> float:
    return round(1e6 * seconds, 3)
