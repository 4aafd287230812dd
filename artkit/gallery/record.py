"""What is known of an artwork, and the JSON file that keeps it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

RECORDS, THUMBNAILS = "records", "thumbnails"
"""Folders in a gallery's folder."""


@dataclass(frozen=True)
class Record:
    """What is known of one artwork: where it is, what it is, and all that is needed to make it again.

    `width` and `height` are pixels of the photo as it was worked on, `seconds` what the making took, `recipe` the
    recipe in full as TOML. `sha256` is the digest of the artwork's file, `photo_sha256` that of the photo's.
    `measurements` are what was measured of the artwork, such as the shapes and the PSNR of a traced photo; often there
    are none. Files call them "facts".
    """

    path: Path
    bytes: int
    sha256: str
    width: int
    height: int
    seconds: float
    title: str
    preset: str
    seed: int
    recipe: str
    photo: str
    photo_sha256: str
    thumbnail: str
    versions: dict[str, str]
    measurements: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem


def to_json(record: Record) -> bytes:
    """Give the text of a record's file."""
    known = asdict(record)
    known["file"] = known.pop("path").name
    known["facts"] = known.pop("measurements")
    return (json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def from_json(path: Path) -> Record | None:
    """Give the record in a file, None where it is none or its artwork is gone."""
    try:
        known: Any = json.loads(path.read_bytes())
        folder, file = path.parent.parent, known["file"]
        known["path"] = folder / file
        known["measurements"] = known.pop("facts", {})  # records of earlier versions have none
        record = Record(**{name: known[name] for name in (each.name for each in fields(Record))})
        sound = Path(file).name == file and Path(file).stem == path.stem and record.path.is_file()
        return record if sound and all(_is_sound(record)) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _is_sound(record: Record) -> Iterator[bool]:
    """Tell of each field whether the page can show it, whoever wrote the file."""
    yield from (isinstance(getattr(record, name), int) for name in ("bytes", "width", "height", "seed"))
    yield from (isinstance(getattr(record, name), str) for name in ("title", "preset", "recipe", "photo", "thumbnail"))
    yield isinstance(record.seconds, (int, float))
    yield isinstance(record.measurements, dict) and all(
        isinstance(value, (int, float)) for value in record.measurements.values()
    )
    yield re.fullmatch(rf"{THUMBNAILS}/[\w.-]+", record.thumbnail) is not None
