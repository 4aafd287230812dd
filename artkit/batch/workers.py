"""Processes under supervision behind one `submit`: one that dies takes nothing with it but the task that it was at.

`ProcessPoolExecutor` gives up all tasks when one of its processes dies. Here each process is served by a thread of its
own: it starts another one, and tries the task again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from artkit.batch.slot import DiedError, Slot, memory_of
from artkit.errors import ArtkitError

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 3
"""Times that a task is tried whose process dies."""

GROWN = 0.6
"""Share of its part of the memory that a process may keep between tasks; one that keeps more is replaced."""

LOOK = 0.2
"""Seconds between two looks at how much memory the processes have."""

LAST = 3.0
"""Seconds that processes have to end by themselves what they are at, before they are killed: hundredths are enough on a
machine that has little else to do, and one that is killed leaves what the next run has to clear."""


class WorkerDiedError(ArtkitError):
    """A task whose process died each time that it was tried."""


@dataclass(eq=False)
class _Item:
    """A call that waits for a process: `need` is the memory that it takes, about, inf where it is to run alone."""

    future: Future[Any]
    call: Callable[[], Any]
    need: float
    deaths: list[str] = field(default_factory=list)
    hopeless: bool = False


class Workers(Executor):
    """An Executor of `count` processes that together keep to `memory` bytes; calls must go through pickle.

    A call begins where its `need` fits beside those that run, or where none runs. When the processes together have more
    than `memory`, the largest is killed, and its call tried again alone. A call whose process dies `attempts` times
    raises a WorkerDiedError. As a context it waits for all calls, and ends all at once where an error leaves it.
    """

    def __init__(self, count: int, *, memory: float = float("inf"), attempts: int = ATTEMPTS) -> None:
        self.count, self.memory, self.attempts = count, memory, attempts
        self._waiting: deque[_Item] = deque()
        self._running: dict[Slot, _Item] = {}
        self._changed = Condition()
        self._closed = self._killed = False
        self._ended = Event()
        self._slots = [Slot(GROWN * memory / count) for _ in range(count)]
        self._serving = [Thread(target=self._serve, args=(slot,), daemon=True) for slot in self._slots]
        for thread in self._serving:
            thread.start()
        if memory < float("inf"):
            Thread(target=self._watch, daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a call run in one of the processes."""
        return self.submit_large(0.0, fn, *args, **kwargs)

    def submit_large(self, need: float, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a call run that takes so many bytes of memory, about."""
        with self._changed:
            if self._closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            item = _Item(Future(), partial(fn, *args, **kwargs), need)
            self._waiting.append(item)
            self._changed.notify_all()
        return item.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; end the processes when all are done, or those that run with `cancel_futures`."""
        with self._changed:
            self._closed = True
            if cancel_futures:
                while self._waiting:
                    _give_up(self._waiting.popleft())
            self._changed.notify_all()
        if wait:
            for thread in self._serving:
                thread.join()
            self._ended.set()

    def kill(self) -> None:
        """End all processes at once, whatever they are at, and what they have half done, in `LAST` seconds at most."""
        self._killed = True
        self.shutdown(wait=False, cancel_futures=True)
        for slot in self._slots:
            slot.close()
        until = time.monotonic() + LAST
        while self.pids and time.monotonic() < until:
            time.sleep(0.01)
        for slot in self._slots:
            slot.kill("")
        self._ended.set()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.kill()
        self.shutdown(wait=True)

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that are there now."""
        return [pid for slot in self._slots if (pid := slot.pid) is not None]

    def _serve(self, slot: Slot) -> None:
        while (item := self._taken(slot)) is not None:
            try:
                result = slot.run(item.call)
            except DiedError as death:
                self._died(item, str(death))
            except BaseException as error:
                item.future.set_exception(error)
            else:
                item.future.set_result(result)
            with self._changed:
                del self._running[slot]
                self._changed.notify_all()
            slot.renew()
        slot.end()

    def _taken(self, slot: Slot) -> _Item | None:
        """Wait for the next call that may run; None when there will be none."""
        with self._changed:
            while True:
                used = sum(item.need for item in self._running.values())
                if self._waiting and (not self._running or used + self._waiting[0].need <= self.memory):
                    item = self._waiting.popleft()
                    if item.deaths or item.future.set_running_or_notify_cancel():
                        self._running[slot] = item
                        return item
                elif self._closed and not self._waiting and not self._running:
                    self._changed.notify_all()
                    return None
                else:
                    self._changed.wait()

    def _died(self, item: _Item, how: str) -> None:
        item.deaths.append(how)
        with self._changed:
            if len(item.deaths) < self.attempts and not (item.hopeless or self._killed):
                self._waiting.appendleft(item)
                return
        _give_up(item)

    def _watch(self) -> None:
        """Kill the largest process when all together have more memory than they may."""
        while not self._ended.wait(LOOK):
            sizes = {slot: memory_of(slot.pid) for slot in self._slots}
            if sum(sizes.values()) <= self.memory:
                continue
            with self._changed:
                busy = {slot: size for slot, size in sizes.items() if size and slot in self._running}
                if not busy:
                    continue
                largest = max(busy, key=lambda slot: busy[slot])
                item = self._running[largest]
                if len(self._running) == 1:  # alone, it takes too much, and will again
                    item.hopeless = True
                item.need = float("inf")
                largest.kill(f"it took more than the {self.memory / 1e9:.2g} GB of --memory")


def _give_up(item: _Item) -> None:
    """Have those who wait for a call wait no more."""
    if not item.deaths and item.future.cancel():
        item.future.set_running_or_notify_cancel()
        return
    times = f"{len(item.deaths)} times" if len(item.deaths) > 1 else "once"
    item.future.set_exception(WorkerDiedError(f"its process died {times} ({item.deaths[-1]})"))
