"""Sizes of memory, as `--memory` and its setting take them."""

from __future__ import annotations

import re

from artkit.errors import UsageError

_UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


def bytes_of(text: str) -> float:
    """Read a size such as 2GB, 1500M or 800000000."""
    parts = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?)\s*([kmgt]?)i?b?", text.strip().lower())
    if not parts or float(parts[1]) == 0:
        raise UsageError(f"--memory {text}: takes a size such as 2GB or 800MB")
    return float(parts[1]) * _UNITS[parts[2]]
