"""Times of modification in zips: the field that all have counts two seconds in some place's time, so two more are kept.

Both are in UTC: Info-ZIP's "extended timestamp" (0x5455) in seconds, which `unzip` restores, and that of NTFS (0x000a)
in tenths of microseconds, which keeps the order of artworks that were made one after the other.
"""

from __future__ import annotations

import struct
import time
from zipfile import ZipInfo

_UNIX, _NTFS = 0x5455, 0x000A
_EPOCH = 11_644_473_600 * 10**7
"""1970 in NTFS's count, which begins in 1601."""

_FIRST, _LAST = 315_532_800, 4_354_819_198
"""1980 and 2107 in seconds: beyond, a zip has no dates."""


def dated(name: str, nanoseconds: int) -> ZipInfo:
    """Give an entry of a zip with that name and time of modification, in nanoseconds since 1970."""
    seconds = min(max(nanoseconds // 10**9, _FIRST), _LAST)
    info = ZipInfo(name, time.gmtime(seconds)[:6])
    unix = struct.pack("<HHBi", _UNIX, 5, 1, min(seconds, 2**31 - 1))
    ticks = nanoseconds // 100 + _EPOCH
    info.extra = unix + struct.pack("<HHIHHQQQ", _NTFS, 32, 0, 1, 24, ticks, ticks, ticks)
    return info


def time_of(info: ZipInfo) -> int:
    """Give the time of modification of an entry as exactly as it says, in nanoseconds since 1970."""
    found: dict[int, bytes] = {}
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        found.setdefault(kind, extra[4 : 4 + length])
        extra = extra[4 + length :]
    ntfs, unix = found.get(_NTFS, b""), found.get(_UNIX, b"")
    if len(ntfs) >= 32 and ntfs[4:8] == b"\1\0\x18\0":
        return max((int.from_bytes(ntfs[8:16], "little") - _EPOCH) * 100, 0)
    if len(unix) >= 5 and unix[0] & 1:
        return max(int.from_bytes(unix[1:5], "little", signed=True), 0) * 10**9
    try:
        return int(time.mktime((*info.date_time, 0, 0, -1))) * 10**9
    except (ValueError, OverflowError):
        return 0
