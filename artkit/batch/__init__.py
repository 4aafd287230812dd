"""Many photos and recipes: a plan of tasks, an Executor that runs them, and a report of what came of it.

A task is a photo and the recipes for it; it runs in a process that holds nothing of any other, and that process writes
the artworks. So `run` knows only the interface of `concurrent.futures.Executor`: processes of this machine by default
(`Workers`), those of a cluster (`Cluster`), or whatever else has a `submit`.
"""

TYPE_CHECKING = False  # as in `typing`, which need not be loaded for this
if TYPE_CHECKING:
    from typing import Any

    from artkit.batch.cluster import Cluster
    from artkit.batch.photos import found
    from artkit.batch.plan import Batch
    from artkit.batch.running import Report, run
    from artkit.batch.workers import WorkerDiedError, Workers

# Names are looked up when used (PEP 562): `artkit.batch.making`, with which one photo is made, needs no processes.
_HOMES = {
    "Batch": "plan",
    "Cluster": "cluster",
    "Report": "running",
    "WorkerDiedError": "workers",
    "Workers": "workers",
    "found": "photos",
    "run": "running",
}

__all__ = ["Batch", "Cluster", "Report", "WorkerDiedError", "Workers", "found", "run"]


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'artkit.batch' has no attribute {name!r}")
    return getattr(import_module(f"artkit.batch.{_HOMES[name]}"), name)
