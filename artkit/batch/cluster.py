"""An Executor on a cluster: processes of a Dask scheduler, on this machine or others, that have the same artkit."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from artkit.batch.workers import WorkerDiedError
from artkit.errors import ArtkitError, UsageError
from artkit.remote.address import address_of
from artkit.workers import VARIABLE

P = ParamSpec("P")
T = TypeVar("T")

LOCAL = "local"
"""Instead of a scheduler's address: one is started on this machine."""

PATIENCE = 5.0
"""Seconds in which a scheduler has to answer, and one of its workers has to be there."""

RETRIES = 2
"""Times that a task is tried again which a worker refuses: another one may have the right versions."""


class Cluster(Executor):
    """An Executor that has calls run by the workers of a Dask scheduler.

    `address` is the scheduler's, tcp://HOST:8786, or "local" for one that is started here with `jobs` processes. The
    scheduler tries a call again whose worker dies, and gives it up after a number of deaths that is its own
    `distributed.scheduler.allowed-failures`: then that is a WorkerDiedError. An ArtkitError says that nobody answers,
    that there are no workers, or that they have other versions than this process.
    """

    def __init__(self, address: str, jobs: int = 1) -> None:
        distributed = _distributed()
        self._ended = ExitStack()
        with _silent():
            self._client = _client(distributed, address, jobs, self._ended)
        try:
            self.count = self._workers()
            self._check_versions()
        except BaseException:
            self.shutdown()
            raise
        self._inner = self._client.get_executor(pure=False, retries=RETRIES)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a call run by one of the workers."""
        outer: Future[T] = Future()
        outer.set_running_or_notify_cancel()
        inner = self._inner.submit(_alike, known_here(), fn, args, kwargs)
        inner.add_done_callback(lambda done: _hand_on(done, outer))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, and end one that was started here; calls under way are given up."""
        with _silent():
            self._ended.close()

    def check_sees(self, place: str, what: str) -> None:
        """Raise an ArtkitError where a worker finds nothing at a path or an address, which is `what`."""
        way_out = "" if address_of(place) else "; put it on a disk that all machines share"
        self._check(partial(_unseen, place), f"{place}: the worker at", f"does not see {what}", way_out)

    def check_takes(self, gallery: str) -> None:
        """Raise an ArtkitError where a worker cannot write into a gallery in a store."""
        self._check(partial(_refused, gallery), f"{gallery}: the worker at", "cannot write there")

    def _check(self, asked: Callable[[], str | None], who: str, does: str, way_out: str = "") -> None:
        for worker, why in self._client.run(asked).items():
            if why is not None:
                raise ArtkitError(f"{who} {worker} {does}{f': {why}' if why else way_out}")

    def _workers(self) -> int:
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except Exception:
            where = self._client.scheduler.address
            raise ArtkitError(f"{where}: the scheduler has no workers; start some with `dask worker {where}`") from None
        return max(int(sum(self._client.nthreads().values())), 1)

    def _check_versions(self) -> None:
        try:
            known = {"the scheduler": self._client.run_on_scheduler(known_here)}
            known |= {f"the worker at {worker}": there for worker, there in self._client.run(known_here).items()}
        except Exception as error:
            why = " ".join(f"{type(error).__name__}: {error}".split())
            raise ArtkitError(
                f"the workers cannot run artkit ({why}); install the same artkit[cluster] there"
            ) from None
        for who, there in known.items():
            if there != known_here():
                raise ArtkitError(f"{who} {_difference(there)}")


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UsageError("--cluster needs Dask, which is not installed: pip install distributed") from None
    return distributed


def _client(distributed: Any, address: str, jobs: int, ended: ExitStack) -> Any:
    if address == LOCAL:
        cluster = distributed.LocalCluster(
            n_workers=jobs, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        )
        ended.callback(cluster.close)
        client = distributed.Client(cluster, set_as_default=False)
    else:
        try:
            client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except Exception as error:  # whatever it makes of an answer of something else, or of another Dask
            why = " ".join(str(error).split()) or type(error).__name__
            raise ArtkitError(f"--cluster {address}: no scheduler answers there ({why})") from None
    ended.callback(client.close)
    return client


@contextmanager
def _silent() -> Iterator[None]:
    """Have Dask tell nothing on stderr, from now on: errors come by themselves."""
    for name in ("distributed", *(name for name in logging.root.manager.loggerDict if name.startswith("distributed."))):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with warnings.catch_warnings(action="ignore"):
        yield


def _hand_on(done: Future[Any], outer: Future[Any]) -> None:
    if done.cancelled():
        outer.set_exception(
            ClusterGoneError("the cluster has given up; when it is there again, the same command goes on")
        )
    elif (error := done.exception()) is None:
        outer.set_result(done.result())
    elif type(error).__name__ == "KilledWorker":
        times = getattr(error, "allowed_failures", 0) + 1
        outer.set_exception(WorkerDiedError(f"its process died {times} times, on workers of the cluster"))
    else:
        outer.set_exception(error)


class ClusterGoneError(ArtkitError):
    """No task will be done any more."""


def _alike(known: dict[str, str], fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    """Call a function in a worker that has the same versions as who asks; one may come late to a cluster."""
    if known != known_here():
        raise ArtkitError(f"a worker {_difference(known_here(), known)}")
    _one_thread()
    return fn(*args, **kwargs)


@lru_cache
def _one_thread() -> None:
    import cv2

    cv2.setNumThreads(1)
    os.environ[VARIABLE] = "1"


@lru_cache
def known_here() -> dict[str, str]:
    """Give the versions that decide what an artwork's bytes are; of Python the first two numbers."""
    from artkit.gallery.origin import versions

    known = versions()
    return known | {"python": ".".join(known["python"].split(".")[:2])}


def _difference(there: dict[str, str], here: dict[str, str] | None = None) -> str:
    here = known_here() if here is None else here
    names = [name for name in here | there if here.get(name) != there.get(name)]
    told = ", ".join(f"{name} {there.get(name, 'nothing')} (here {here.get(name, 'nothing')})" for name in names)
    return f"has {told}; install the same on all machines, or the bytes may differ"


def _unseen(place: str) -> str | None:
    """Say why nothing is seen at a path or an address; None where there is something."""
    if not address_of(place):
        return None if Path(place).exists() else ""
    from artkit.artwork.source import head_of

    try:
        head_of(place, 1)
    except ArtkitError as error:
        return str(error).removeprefix(f"{place}: ")
    return None


def _refused(gallery: str) -> str | None:
    from artkit.gallery import check_room

    try:
        check_room(gallery)
    except ArtkitError as error:
        return str(error).removeprefix(f"{gallery}: ")
    return None
