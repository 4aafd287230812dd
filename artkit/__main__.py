"""`python -m artkit` is the command `artkit`."""

import atexit
import gc

from artkit.interrupts import listen

GARBAGE = 200_000
"""Objects between two searches for garbage in cycles: at Python's own number they take a tenth of a short command.

Of 50,000 objects of a command, some 400 are garbage; to look for them once takes 20 ms."""


def main() -> None:
    """Run the command line, which from its first line on ends on Ctrl-C with a line and nothing half done.

    Garbage is not looked for once more at the end, when all goes anyway: that takes a tenth, too.
    """
    listen()
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)
    from artkit.cli import main as run

    run()


if __name__ == "__main__":
    main()
