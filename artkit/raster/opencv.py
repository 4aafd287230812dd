"""OpenCV without Intel's IPP, whose results differ between the processors that it has code for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_ipp() -> Iterator[None]:
    """Let OpenCV use its own code alone in this thread: it is the same on every x86 processor that has AVX2."""
    import cv2

    before = cv2.ipp.useIPP()
    cv2.ipp.setUseIPP(False)
    try:
        yield
    finally:
        cv2.ipp.setUseIPP(before)
