"""A place for a process, and the process in it: it runs one call at a time, and when it dies another follows."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from pathlib import Path
from tempfile import gettempdir
from threading import Lock
from typing import Any

from artkit.errors import ArtkitError
from artkit.interrupts import listen

TASKS = 500
"""Tasks after which a process is replaced in any case."""

STARTS = 5
"""Processes that are started for a call of which each has died before it was asked."""

GRACE = 5.0
"""Seconds in which a process that was let go, or has closed its end, has to be gone."""

LONGEST_PATH = 60
"""Characters of the folder of temporary files, beyond which the server's socket in it has too long a name (108 bytes on
Linux, 104 on macOS)."""

PRELOADED = ["artkit.batch.loaded"]
"""What a server of processes loads once for all of them, where the system can fork."""

ONE_THREAD = (
    "ARTKIT_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM",
)  # fmt: skip

_starting = Lock()


class DiedError(Exception):
    """The process at the other end is gone; the text says how."""


class Slot:
    """A place for a process. `kept` are the bytes that one may keep from call to call.

    One thread runs calls; any other may ask for `pid`, `kill` and `close`.
    """

    def __init__(self, kept: float) -> None:
        self._kept = kept
        self._context = _context()
        self._process: Any = None
        self._connection: Connection[Any, Any] | None = None
        self._changing = Lock()
        self._closed = False
        self._done = 0
        self._reason = ""

    @property
    def pid(self) -> int | None:
        """The number of the process, None where there is none."""
        process = self._process
        return process.pid if process is not None and self._ended(process) is None else None

    def run(self, call: Any) -> Any:
        """Have the process run a call; a DiedError where it does not outlive it."""
        for _ in range(STARTS):
            if self.pid is None:
                self._start()
            assert self._connection is not None
            try:
                self._connection.send(call)
            except OSError:  # it was dead already: that is not for the call to answer
                self._drop()
                continue
            return self._answer()
        raise DiedError("before it was asked")

    def renew(self) -> None:
        """Let a process go that has grown, or has done much."""
        if self._done >= TASKS or memory_of(self.pid) > self._kept:
            self.end()

    def end(self) -> None:
        """Let the process go."""
        if self._connection is not None:
            self._connection.close()
        self._drop()

    def kill(self, reason: str) -> None:
        """Kill the process, for a reason that is told."""
        self._reason = reason
        self._signal("kill")

    def close(self) -> None:
        """Start no process any more, and have the one that is there end what it is at, with nothing half done."""
        with self._changing:
            self._closed = True
        self._signal("terminate")

    def _signal(self, how: str) -> None:
        process = self._process
        if process is not None:
            with suppress(Exception):  # it is gone already
                getattr(process, how)()

    def _answer(self) -> Any:
        assert self._connection is not None
        try:
            good, result = self._connection.recv()
        except (EOFError, OSError):
            code = self._drop()
            raise DiedError(self._reason or _ending(code)) from None
        self._done += 1
        if not good:
            raise result
        return result

    def _start(self) -> None:
        self._drop()
        connection, other = self._context.Pipe()
        try:
            with _starting, _one_thread():  # the environment is the whole process's
                process = self._context.Process(target=live, args=(other, dict(os.environ)), daemon=True)
                process.start()
        except BaseException:
            connection.close()
            raise
        finally:
            other.close()
        with self._changing:
            self._process, self._connection, self._done, self._reason = process, connection, 0, ""
            closed = self._closed
        if closed:
            self._signal("terminate")

    def _drop(self) -> int | None:
        """Be without the process, which ends when its connection does; give its exit status."""
        process, connection = self._process, self._connection
        if connection is not None:
            connection.close()
        code = None
        if process is not None:
            wait([process.sentinel], GRACE)
            if self._ended(process) is None:
                self._signal("kill")
                wait([process.sentinel], GRACE)
            code = self._ended(process)
        self._process = self._connection = None
        return code

    def _ended(self, process: Any) -> int | None:
        """Give the exit status of a process, None while it lives. Two threads that ask at once would get half each."""
        with self._changing:
            status: int | None = process.exitcode
        return status


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have processes that start meanwhile use one thread in libraries of matrices and pictures."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _context() -> Any:
    """A way to start processes that hold nothing of this one: by a server that has loaded all, where there is fork."""
    if "forkserver" not in multiprocessing.get_all_start_methods() or len(gettempdir()) > LONGEST_PATH:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def live(connection: Connection[Any, Any], environment: Mapping[str, str]) -> None:
    """What a process does: calls that come in, until the other end is closed.

    Its server may be older than some of the environment's variables: it is given them. Ctrl-C is for the other end
    alone; another signal that ends it has it leave nothing half done.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environment)
    listen(helps=True)
    while True:
        try:
            call = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = True, call()
        except BaseException as error:
            answer = False, _portable(error)
        try:
            _send(connection, answer)
        except OSError:
            return


def _send(connection: Connection[Any, Any], answer: tuple[bool, Any]) -> None:
    try:
        connection.send(answer)
    except OSError:
        raise
    except Exception as error:  # what came of the call does not go through pickle
        connection.send((False, _portable(error)))


def _portable(error: BaseException) -> Exception:
    """Give an error that goes through pickle, and ends no more than its call."""
    import pickle

    if isinstance(error, Exception):
        with suppress(Exception):
            if type(pickle.loads(pickle.dumps(error))) is type(error):
                return error
    return ArtkitError(f"{type(error).__name__}: {error}")


def _ending(code: int | None) -> str:
    if code is None:
        return "for no reason that is known"
    with suppress(ValueError):
        return f"by {signal.Signals(-code if code < 0 else code - 128).name}"
    return f"with status {code}"


def memory_of(pid: int | None) -> float:
    """Bytes of memory that are a process's own, its part of what it shares included; 0 where the system tells none."""
    if not sys.platform.startswith("linux") or pid is None:
        return 0.0
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        return float(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024)
    except (OSError, StopIteration, ValueError):
        return 0.0
