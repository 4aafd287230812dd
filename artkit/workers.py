"""One picture on several cores: parts of the work in, what comes of them out, in their order, by a few threads.

numpy, scipy, OpenCV and zlib let other threads run while they work on an array, so that threads share out a picture
without copying it. What comes of a part depends on no other part, and whoever puts parts together takes them one after
the other: the bytes are the same with any number of threads.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING, Any, TypeVar

from artkit.errors import UsageError
from artkit.spans import unrecorded

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

VARIABLE = "ARTKIT_THREADS"
"""Environment variable that says how many threads work on one picture."""

MOST = 8
"""Threads, at the most, where nobody asks for more: what must be done in order takes longer than they save."""

PAYS = 1_500_000
"""Pixels from which threads make up for what they cost: below, Python's own lock takes more than they save."""

_here = local()


def cores() -> int:
    """Give the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads(environment: Mapping[str, str] | None = None) -> int:
    """Give the number of threads that work on one picture: as many as there are cores, or as `VARIABLE` says.

    A UsageError says what is no number.
    """
    text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if not text:
        return min(cores(), MOST)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= 256 and len(text) < 5):
        raise UsageError(f"{VARIABLE}={text[:40]}: is no number of threads; write 1 to 256")
    return int(text)


@contextmanager
def suited(pixels: int) -> Iterator[None]:
    """Work alone on a picture of fewer than `PAYS` pixels, unless `VARIABLE` asks for threads."""
    before = getattr(_here, "alone", False)
    _here.alone = before or (pixels < PAYS and not os.environ.get(VARIABLE))
    try:
        yield
    finally:
        _here.alone = before


def mapped(function: Callable[[T], R], parts: Iterable[T], *, ahead: int = 1, most: int | None = None) -> Iterator[R]:
    """Give what a function makes of each part, in their order, while the next ones are worked on by other threads.

    It must change nothing that another part's call reads. Parts are taken, and results kept, only so far `ahead` of
    what was asked for, beside one for each thread, and no more than `most` at a time. Within a part there are no more
    threads; an error comes where its result would.
    """
    count = threads()
    if count == 1 or most == 1 or getattr(_here, "alone", False):
        yield from map(function, parts)
        return
    full = count + ahead if most is None else min(count + ahead, most)
    items = iter(parts)
    waiting: deque[Future[R]] = deque()
    submit, call = _pool(count).submit, _prepared(function)

    def fill() -> None:
        while len(waiting) < full:
            try:
                item = next(items)
            except StopIteration:
                return
            waiting.append(submit(copy_context().run, call, item))

    try:
        fill()
        while waiting:
            found = waiting.popleft().result()
            fill()
            yield found
            del found  # while the next one is waited for
    finally:
        for late in waiting:
            late.cancel()


def beside(function: Callable[[], R]) -> Callable[[], R]:
    """Have another thread call a function; give what waits for its result, or calls it where no other can help."""
    count = threads()
    if count == 1 or getattr(_here, "alone", False):
        return function
    call = _prepared(lambda _: function())
    return _pool(count).submit(copy_context().run, call, None).result


def _prepared(function: Callable[[T], R]) -> Callable[[T], R]:
    """Give a function that may be called in another thread: what libraries keep for each thread is as it is in this."""
    vision: Any = sys.modules.get("cv2")  # loaded where it is used
    ipp = None if vision is None else vision.ipp.useIPP()

    def call(item: T) -> R:
        _here.alone = True
        if ipp is not None:
            vision.ipp.setUseIPP(ipp)
        with unrecorded():
            return function(item)

    return call


@lru_cache(maxsize=1)
def _pool(count: int) -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(count, thread_name_prefix="artkit")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads do not come along
