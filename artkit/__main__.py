"""`python -m artkit` is the command `artkit`."""

import atexit
import gc
import sys

from artkit.interrupts import listen

GARBAGE = 200_000
"""Objects between two searches for garbage in cycles: at Python's own number they take a tenth of a short command.

Of 50,000 objects of a command, some 400 are garbage; to look for them once takes 20 ms."""


def main() -> None:
    """Run the command line, which from its first line on ends on Ctrl-C with a line and nothing half done.

    Garbage is not looked for once more at the end, when all goes anyway: that takes a tenth, too.
    """
    one_heap()
    listen()
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)
    from artkit.cli import main as run

    run()


_M_ARENA_MAX = -8
"""Of mallopt(3): the most heaps of a process."""


def one_heap() -> None:
    """Have all threads take memory from one heap: with one for each, what is free in one is of no use to the others.

    Only glibc has several, and only before there is a second thread all go to the first one. Two threads trace a photo
    of 0.4 megapixels in 250 MB then, not in 350. `ctypes` itself would take 3 ms of each command to load.
    """
    if sys.platform.startswith("linux"):
        try:
            from _ctypes import call_function, dlopen, dlsym  # type: ignore[attr-defined, unused-ignore]

            itself = dlopen(None, 0)  # type: ignore[arg-type, unused-ignore]
            call_function(dlsym(itself, "mallopt"), (_M_ARENA_MAX, 1))
        except (ImportError, OSError, AttributeError):  # another C library, another Python: each thread has a heap
            pass


if __name__ == "__main__":
    main()
