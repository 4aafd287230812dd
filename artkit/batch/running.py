"""Runs a plan: as many tasks at a time as keep the workers busy, and a report of what came of them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from time import sleep
from typing import TypeAlias

from artkit.batch.cluster import ClusterGoneError
from artkit.batch.work import Failure, Outcome, Task, work
from artkit.batch.workers import WorkerDiedError, Workers
from artkit.errors import explained

Told: TypeAlias = Callable[[Task, Outcome], None]
"""Takes a task that is done, and what came of it."""

IN_FLIGHT = 2
"""Tasks that are handed to the executor at a time, for each worker: one to work on, and one to go on with."""

SAME = 1000
"""Failures among which that of a photo is looked for, whose recipes may be several tasks."""

PAUSE = 1.0
"""Seconds until a plan that has nothing more for now is asked again."""

DEADLY = 2
"""Recipes of a photo whose processes died, one by one, after which the others are not tried."""


@dataclass
class Report:
    """What came of a batch: how many artworks were made, were there already, and failed, and why these did.

    A photo is in `quarantined` when each process that worked on it died: it is best left alone.
    """

    made: int = 0
    skipped: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)


def run(
    tasks: Iterable[Task | None],
    executor: Executor,
    told: Told,
    *,
    workers: int,
    need: Callable[[str], float] | None = None,
) -> Report:
    """Run the tasks in an executor of so many `workers`; `told` hears of each that is done, in this thread.

    A plan may give None: it has nothing more for now, and will be asked again. `need` tells the memory that the work on
    a photo takes, for executors that ask. When each process died that was at a photo, its recipes are tried one by one,
    so that only those fail that are too much.
    """
    return _Run(executor, told, need).all(iter(tasks), IN_FLIGHT * workers)


class _Run:
    """A batch under way."""

    def __init__(self, executor: Executor, told: Told, need: Callable[[str], float] | None) -> None:
        self._executor, self._told, self._need = executor, told, need
        self._report = Report()
        self._pending: dict[Future[Outcome], Task] = {}
        self._single: deque[Task] = deque()
        self._deaths: Counter[str] = Counter()

    def all(self, plan: Iterable[Task | None], most: int) -> Report:
        goes_on, tasks = True, iter(plan)
        while goes_on or self._pending or self._single:
            idle = False
            while (goes_on or self._single) and not idle and len(self._pending) < most:
                try:
                    task = self._single.popleft() if self._single else next(tasks)
                except StopIteration:
                    goes_on = False
                    continue
                idle = task is None
                if task is not None:
                    self._submit(task)
            if not self._pending:
                sleep(PAUSE if idle else 0)
                continue
            done, _ = wait(self._pending, PAUSE if idle else None, FIRST_COMPLETED)
            for future in done:
                self._note(self._pending.pop(future), future)
        return self._report

    def _submit(self, task: Task) -> None:
        if isinstance(self._executor, Workers) and self._need:
            future = self._executor.submit_large(self._need(task.photo), work, task)
        else:
            future = self._executor.submit(work, task)
        self._pending[future] = task

    def _note(self, task: Task, future: Future[Outcome]) -> None:
        try:
            outcome = future.result()
        except WorkerDiedError as error:
            if len(task.recipes) > 1:
                self._single += (replace(task, recipes=(recipe,)) for recipe in task.recipes)
                return
            outcome = self._quarantine(task, str(error))
        except ClusterGoneError:
            raise
        except Exception as error:
            outcome = Outcome((), (), (Failure(task.photo, "", explained(error)),), 0)
        self._tell(task, outcome)

    def _quarantine(self, task: Task, why: str) -> Outcome:
        photo, report = task.photo, self._report
        if photo not in report.quarantined:
            report.quarantined.append(photo)
        self._deaths[photo] += 1
        if self._deaths[photo] >= DEADLY:
            left = [single for single in self._single if single.photo == photo]
            self._single = deque(single for single in self._single if single.photo != photo)
            for single in left:
                reason = "was not tried: processes that worked on this photo died"
                self._tell(single, Outcome((), (), (Failure(photo, single.recipes[0][0], reason),), 0))
        return Outcome((), (), (Failure(photo, task.recipes[0][0], why),), 0)

    def _tell(self, task: Task, outcome: Outcome) -> None:
        report = self._report
        known = {failure for failure in outcome.failures if failure in report.failures[-SAME:]}  # recipes shared out
        outcome = outcome._replace(failures=tuple(failure for failure in outcome.failures if failure not in known))
        report.made += len(outcome.made)
        report.skipped += outcome.skipped
        report.failed += len(task.recipes) - len(outcome.made) - outcome.skipped
        report.failures += outcome.failures
        self._told(task, outcome)
