"""A record in, out the scripts by which the page knows its artwork: an entry of a shard, its details, its drawing.

Each script calls one function, `artkit`, with JSON in ASCII: nothing in it can be anything but data.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from artkit.gallery.look import Look, dominant, family_by, kind_by
from artkit.gallery.record import NoRecordError, opened

if TYPE_CHECKING:
    from artkit.gallery.record import Record

Entry = dict[str, Any]
"""What a card shows and what artworks are found by; of a fixed set of keys (KEYS), those that hold something."""

_LONGEST = 300
"""Characters of a text in an entry; details hold it in full."""

_LARGEST_THUMBNAIL = 16 << 20
"""Bytes of a thumbnail that is read; one has a few hundred thousand at most."""

MEASURED = ("shapes", "psnr", "minutes")
"""Measurements that entries have, for cards and for sorting."""

KEYS: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("id", "file", "title", "preset", "family", "kind", "photo", "what", "facts", "hue", "color"), str),
    **dict.fromkeys(("thumb", "small", "copy"), str),
    **dict.fromkeys(("w", "h", "s", "bytes", "date", *MEASURED), (int, float)),
    "place": list,
    "tiles": list,
}
"""Keys of an entry and what they hold; `w` and `h` are pixels of the thumbnail, `s` is the small one's width, `date` is
in seconds."""


def entry_of(record: Record, date: int) -> Entry:
    """Give the entry of an artwork that came into the gallery at `date`, in seconds since 1970."""
    look = record.look
    if not look.kind:
        look = _look_by(record)
    entry: Entry = {
        "id": record.name,
        "file": record.path.name,
        "title": record.title.strip() or record.preset or record.name,
        "preset": record.preset,
        "family": look.family,
        "kind": look.kind,
        "photo": record.photo,
        "what": changes(record.changes),
        "hue": look.hue,
        "color": look.color,
        "w": max(look.width, 1),
        "h": max(look.height, 1),
        "s": small_width(look.width, look.height) if look.small else 0,
        "thumb": record.thumbnail,
        "small": look.small,
        "copy": look.photo,
        "place": [f"{100 * part:g}%" for part in look.place],
        "tiles": list(look.tiles),
        "facts": facts(record),
        "bytes": record.bytes,
        "date": date,
        **{name: record.measurements[name] for name in MEASURED if name in record.measurements},
    }
    return {key: value[:_LONGEST] if isinstance(value, str) else value for key, value in entry.items() if value}


def _look_by(record: Record) -> Look:
    """Give the look of an artwork whose record, of an earlier version, has none: by its thumbnail and its recipe."""
    import numpy as np

    from artkit.artwork.image import Image
    from artkit.artwork.photo import read
    from artkit.errors import ArtkitError

    try:
        with opened(record.path.parent / record.thumbnail) as file:
            image = read(file.read(_LARGEST_THUMBNAIL))
    except (ArtkitError, NoRecordError, OSError, ValueError):
        image = Image(np.full((2, 3, 3), 128, np.uint8))
    color, hue = dominant(image)
    return Look(kind_by(record.path.suffix), family_by(record.recipe), image.width, image.height, color, hue)


def small_width(width: int, height: int) -> int:
    """Give the width of the smaller of two thumbnails by the size of the larger one."""
    from artkit.gallery.thumbnail import SMALL_SIDE

    return max(round(width * min(SMALL_SIDE / max(width, height, 1), 1)), 1)


def facts(record: Record) -> str:
    """Say in a line what an artwork is: its form, its size, and what was measured of it."""
    known, about = record.measurements, [record.path.suffix[1:].upper(), size(record.bytes)]
    if "shapes" in known:
        about.append(f"{known['shapes']:,.0f} shapes")
    if "psnr" in known:
        about.append(f"{known['psnr']:.1f} dB")
    if "minutes" in known:
        about.append(f"{known['minutes']:,.0f} min to plot")
    return " · ".join(about)


def size(count: float) -> str:
    """Give a number of bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def changes(changed: Mapping[str, str]) -> str:
    """Say what is not as the preset has it: 'colors 6, palette sunset, seed 3'."""
    short = [name.rpartition(".")[2] for name in changed]
    return ", ".join(
        f"{(last if short.count(last) == 1 else name).replace('_', ' ')} {_plain(value)}"
        for last, (name, value) in zip(short, changed.items(), strict=True)
    )


def _plain(value: str) -> str:
    """Give a value in TOML as one says it: texts without quotes, lists without brackets."""
    try:
        read = json.loads(value)  # the texts and lists that recipes are written with are JSON, too
    except (ValueError, RecursionError):
        return value
    if isinstance(read, list) and all(isinstance(each, (str, int, float)) for each in read):
        return " ".join(map(str, read)) or "none"
    return read if isinstance(read, str) else value


def is_entry(value: object) -> bool:
    """Whether a value, read from a shard, is an entry."""
    return (
        isinstance(value, dict)
        and {"id", "file", "title", "thumb", "w", "h"} <= value.keys()
        and all(isinstance(each, KEYS.get(key, ())) and not isinstance(each, bool) for key, each in value.items())
        and value["w"] > 0
        and value["h"] > 0
    )


def details(record: Record) -> bytes:
    """Give the script of what the large view tells of an artwork."""
    known = {"recipe": record.recipe, "command": record.command, "python": record.python, "facts": _told(record)}
    return called(record.name, known)


_NAMED = {"shapes": "Shapes", "segments": "Segments", "psnr": "PSNR, dB", "ssim": "SSIM", "gmsd": "GMSD",
          "gzip_bytes": "Bytes, packed", "minutes": "Minutes to plot",
          "metres": "Metres drawn", "pens": "Pens"}  # fmt: skip
"""Measurements by their names on the page; others have their own there."""


def _told(record: Record) -> list[tuple[str, str]]:
    """Give what there is to say of an artwork, as pairs of a name and a text."""
    told = [
        ("File", f"{record.path.name}, {size(record.bytes)}"),
        ("Preset", record.preset),
        ("Photo", f"{record.photo}, {record.width} × {record.height} px"),
        ("Seed", str(record.seed)),
        *((name, _plain(value)) for name, value in record.changes.items() if name != "seed"),
        *((_NAMED.get(name, name), f"{value:,.7g}") for name, value in record.measurements.items()),
        ("Made with", f"artkit {record.versions.get('artkit', '')}"),
    ]
    return [(name, text) for name, text in told if text]


def drawing(name: str, svg: bytes) -> bytes:
    """Give the script that holds an artwork's SVG, packed: a page opened from a disk can read no other file."""
    packed = svg if svg[:2] == b"\x1f\x8b" else gzip.compress(svg, 6, mtime=0)
    return called(name, b64encode(packed).decode())


def drawing_of(record: Record) -> bytes:
    """Give the script that holds the SVG in an artwork's file."""
    with opened(record.path) as file:
        return drawing(record.name, file.read())


def called(first: str | int, second: object, breaks: str = "") -> bytes:
    """Give a script that calls `artkit` with two values."""
    return f"artkit({json.dumps(first)},{breaks}{json.dumps(second, separators=(',', ':'))});\n".encode()
