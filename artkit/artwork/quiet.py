"""Libraries that write to stderr by themselves, silenced: what they say is given back instead."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from artkit import interrupts

_one = RLock()


@contextmanager
def quiet() -> Iterator[list[str]]:
    """Catch what is written to the descriptor of stderr meanwhile; its lines are in the list that is given, afterwards.

    libtiff and libpng know no other place for their complaints. A signal that ends the process finds the true one.
    """
    said: list[str] = []
    with _one:  # two at once would give each other's file back as the true one
        try:
            true = os.dup(2)
        except OSError:  # there is no stderr
            yield said
            return
        if sys.stderr is not None:
            sys.stderr.flush()
        yield from _caught(true, said)


def _caught(true: int, said: list[str]) -> Iterator[list[str]]:
    try:
        with tempfile.TemporaryFile() as caught, interrupts.speaking_to(true):
            os.dup2(caught.fileno(), 2)
            try:
                yield said
            finally:
                os.dup2(true, 2)
                caught.seek(0)
                said += caught.read(4000).decode("utf-8", "replace").splitlines()
    finally:
        os.close(true)
