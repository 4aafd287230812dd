"""Signals that end the command line: Ctrl-C, `kill` and a closed terminal, heard by a thread of their own.

Python's own way, an exception in the main thread, comes only when the present call into C returns, and is lost where
Python cannot pass it on: in destructors, in callbacks. Here its handlers only take note. The byte that it writes to the
wakeup descriptor as the signal comes wakes a thread, which lets a change of files end (`uninterrupted`), undoes what is
under way (`undoing`), says one line and ends the process.

Only `listen` touches the process; a program that imports artkit keeps its own handlers. This module is the first that
the command loads, and loads little: until then Ctrl-C is Python's.
"""

import os
import signal
import sys
import time
from _thread import RLock, start_new_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SAID = {"SIGINT": "Interrupted.", "SIGTERM": "Terminated.", "SIGHUP": "Hung up."}
"""The line on stderr for each signal; the exit status is 128 and the signal's number."""

PATIENCE = 0.4
"""Seconds that a change of files may take to end; what it leaves behind later is for the next run to clear."""

_changing = RLock()
_under_way: "dict[undoing, Callable[[], None]]" = {}
_listening: list[int] = []
_heard: list[int] = []
_voices: list[int] = []
_own: list[bool] = []
_helping: list[bool] = []


class _Uninterrupted:
    """Lets no signal end the process meanwhile: from the first rename of several to the last, not for work."""

    def __enter__(self) -> None:
        _changing.acquire()

    def __exit__(self, *_: object) -> None:
        _changing.release()
        give_way()


uninterrupted = _Uninterrupted()


def give_way() -> None:
    """Stay here where a signal ends the process: it ends with no other status, and tells no fault by it."""
    while _heard:
        time.sleep(1)


class undoing:
    """Has a function called when a signal ends the process meanwhile: it is quick, and runs in another thread."""

    def __init__(self, undo: "Callable[[], None]") -> None:
        self._undo = undo

    def __enter__(self) -> None:
        _under_way[self] = self._undo

    def __exit__(self, *_: object) -> None:
        del _under_way[self]


class speaking_to:
    """Has the last line written to this descriptor, while that of stderr stands for something else."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __enter__(self) -> None:
        _voices.append(self._descriptor)

    def __exit__(self, *_: object) -> None:
        _voices.remove(self._descriptor)


def listen(*, helps: bool = False) -> None:
    """End the process from now on when one of the signals comes; those that it was started to ignore stay ignored.

    A process that only `helps` another one, which tells the user, says nothing.
    """
    _own.append(True)
    if helps:
        _helping.append(True)
    if os.name == "nt" or _listening:  # Windows tells of no signal but Ctrl-C, and that only as an exception
        return
    reader, writer = os.pipe()
    _listening.append(reader)
    os.set_blocking(writer, False)
    start_new_thread(_end, (reader,))
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for name in SAID:
        number = signal.Signals[name]
        if signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` and a shell's `&` ask for
            signal.signal(number, lambda number, _: _heard.append(number))


def listening() -> bool:
    """Whether signals end this process at once by the thread that has to be let run; one that helps may take longer."""
    return bool(_listening) and not _helping


def may_end() -> bool:
    """Whether `listen` was called: the process is a command line of its own, which may be ended."""
    return bool(_own)


def end_after(seconds: float, line: str) -> None:
    """End the process with this line and status 1 when so many seconds have passed, whatever it is doing then."""

    def wait() -> None:
        time.sleep(seconds)
        _stop(line, 1)

    start_new_thread(wait, ())


def _end(reader: int) -> None:
    number = os.read(reader, 1)[0]
    _stop(SAID[signal.Signals(number).name], 128 + number)


def _stop(line: str, status: int) -> None:
    _changing.acquire(timeout=PATIENCE)  # and never released: nothing changes any more
    for undo in reversed([*_under_way.values()]):
        try:  # noqa: SIM105 - nothing is imported here: the main thread may be importing it
            undo()
        except Exception:
            pass
    try:
        if sys.stderr is not None and not _helping:  # else its descriptor may be any file's
            os.write(_voices[-1] if _voices else sys.stderr.fileno(), _line(line))
    except (OSError, ValueError):
        pass
    os._exit(status)


def _line(line: str) -> bytes:
    visible = "\r\x1b[K\x1b[?25h" if sys.stderr.isatty() else ""  # a progress bar has hidden the cursor
    return f"{visible}{line}\n".encode()
