"""Many photos and recipes: a plan of tasks, an Executor that runs them, and a report of what came of it.

A task is a photo and the recipes for it; it runs in a process that holds nothing of any other, and that process writes
the artworks. So `run` knows only the interface of `concurrent.futures.Executor`: processes of this machine by default
(`Workers`), those of a cluster (`Cluster`), or whatever else has a `submit`.
"""

from artkit.batch.cluster import Cluster
from artkit.batch.photos import found
from artkit.batch.plan import Batch
from artkit.batch.run import Report, run
from artkit.batch.workers import WorkerDiedError, Workers

__all__ = ["Batch", "Cluster", "Report", "WorkerDiedError", "Workers", "found", "run"]
