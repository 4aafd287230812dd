"""Where the time goes: parts of the work are spans, one within another, kept while someone is `recording`.

Without a recording a span costs a look at a variable. Threads have recordings of their own, and so none here; a process
that works for another one hands over its spans, whose times are of one clock (`perf_counter`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import wraps
from time import perf_counter, process_time
from types import TracebackType
from typing import NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Span(NamedTuple):
    """A part of the work: its name after those it is within, its beginning and its end, and CPU time, in seconds.

    CPU time is that of all threads, and of processes that were started within and have ended.
    """

    path: tuple[str, ...]
    start: float
    wall: float
    cpu: float
    process: int


class Recording:
    """Spans in the order in which they ended, and the names of those that are under way."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.under_way: list[str] = []


_now: ContextVar[Recording | None] = ContextVar("recording", default=None)


def begin() -> Token[Recording | None]:
    """Begin to keep spans, until `end` is given what this gives."""
    return _now.set(Recording())


def end(token: Token[Recording | None]) -> list[Span]:
    """Stop keeping spans; give those that were kept."""
    recorded = _now.get()
    _now.reset(token)
    return recorded.spans if recorded else []


@contextmanager
def recording(wanted: bool = True) -> Iterator[list[Span]]:
    """Keep spans meanwhile, if that is `wanted`, in the list that is given."""
    if not wanted:
        yield []
        return
    token = begin()
    recorded = _now.get()
    try:
        yield recorded.spans if recorded else []
    finally:
        end(token)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Keep no spans meanwhile: in threads that help, whose times lie beside those of the thread that is helped."""
    token = _now.set(None)
    try:
        yield
    finally:
        _now.reset(token)


def is_recording() -> bool:
    """Whether spans are kept."""
    return _now.get() is not None


def add(spans: tuple[Span, ...]) -> None:
    """Keep the spans of another process."""
    if (recorded := _now.get()) is not None:
        recorded.spans += spans


class span:
    """A part of the work by its name, as a `with` statement; what may be iterated over is none, as it would pause."""

    __slots__ = ("_at", "_name", "_recorded")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._recorded = _now.get()
        if self._recorded is not None:
            self._recorded.under_way.append(self._name)
            self._at = perf_counter(), cpu_seconds()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._recorded is None:
            return
        start, cpu = self._at
        path = tuple(self._recorded.under_way)
        self._recorded.under_way.pop()
        wall = perf_counter() - start
        self._recorded.spans.append(Span(path, start, wall, cpu_seconds() - cpu, os.getpid()))


def spanned(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make each call of a function a span of that name."""

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            if _now.get() is None:
                return function(*args, **kwargs)
            with span(name):
                return function(*args, **kwargs)

        return called

    return decorated


def cpu_seconds() -> float:
    """CPU seconds of this process and, where the system tells, of those that it started and that have ended."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:
        return process_time()
    children = getrusage(RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime
