"""What is known of an artwork, and the JSON file that keeps it.

Anyone may have put anything where records are. Only regular files of a limited size are read, and what is in them is
taken as it is meant or not at all.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import Any

from artkit.gallery import pyramid
from artkit.gallery.look import KINDS, Look

RECORDS, THUMBNAILS, PHOTOS, DETAILS, DATA = "records", "thumbnails", "photos", "details", "data"
"""Folders in a gallery's folder: the last two hold what the page loads, of single artworks and of many."""

TILES = "tiles"
"""The folder for pyramids of tiles, a folder each; it is there where an artwork is large enough to have one."""

STAGING = ".artkit"
"""The folder for what is under way, there only while something is."""

SCHEMA = 1
"""Of records; those of a later one are for a later artkit."""

LARGEST = 4 << 20
"""Bytes of a record's file; a recipe has thousands."""


@dataclass(frozen=True)
class Record:
    """What is known of one artwork: where it is, what it is, and all that is needed to make it again.

    `width` and `height` are pixels of the photo as it was worked on, `seconds` what the making took, `recipe` the
    recipe in full as TOML. `changes` are the STEP.PARAMs and the like that are not as the preset has them, as TOML;
    `command` and `python` make the artwork again. `sha256` is the digest of the artwork's file, `photo_sha256` that of
    the photo's. `measurements` are what was measured of the artwork, such as the shapes and the PSNR of a traced photo;
    often there are none. Files call them "facts". `look` is what the page shows of it, nothing in those of earlier
    versions.
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
    changes: dict[str, str] = field(default_factory=dict)
    command: str = ""
    python: str = ""
    measurements: dict[str, float] = field(default_factory=dict)
    look: Look = field(default_factory=Look)

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem

    @property
    def files(self) -> list[str]:
        """Names in the gallery's folder that belong to this artwork alone, the record last, whether they are there."""
        small = [self.look.small] if self.look.small else []
        drawing = [f"{DETAILS}/{self.name}.drawing.js"] if self.is_svg else []
        details = f"{DETAILS}/{self.name}.js"
        return [self.path.name, self.thumbnail, *small, details, *drawing, f"{RECORDS}/{self.name}.json"]

    @property
    def pyramid(self) -> str:
        """The path in the gallery's folder of the folder for tiles, "" where the artwork has none."""
        return f"{TILES}/{self.name}" if self.look.tiles else ""

    @property
    def tiles(self) -> list[str]:
        """Paths of tiles in the gallery's folder."""
        return [f"{self.pyramid}/{name}" for name in pyramid.names(self.look.tiles)]

    @property
    def is_svg(self) -> bool:
        """Whether the artwork's file is an SVG."""
        return self.path.suffix.lower() in (".svg", ".svgz")


UNREADABLE = "cannot be read"
"""How a NoRecordError begins that may be another time's: of a disk or of permissions."""


class NoRecordError(ValueError):
    """Says in a few words why a file is no record."""


def to_json(record: Record) -> bytes:
    """Give the text of a record's file."""
    known = asdict(record)
    known["file"] = known.pop("path").name
    known["facts"] = known.pop("measurements")
    known["schema"] = SCHEMA
    if not record.look.tiles:
        del known["look"]["tiles"]
    return (json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def read(path: Path | bytes, folder: Path) -> Record:
    """Give the record in a file, or in its bytes, of a gallery in a folder; a NoRecordError where it holds none."""
    known = document(path)
    own = ("path", "measurements", "look")
    values = {each.name: known[each.name] for each in fields(Record) if each.name not in own}
    seen = {each.name: known["look"][each.name] for each in fields(Look) if each.name in known["look"]}
    look = Look(**seen | {name: tuple(seen.get(name, ())) for name in ("place", "tiles")})
    return Record(path=folder / known["file"], measurements=known["facts"], look=look, **values)


def document(path: Path | bytes) -> dict[str, Any]:
    """Give all that a record's file says, with what artkit writes sound; a NoRecordError where it is no record."""
    try:
        return _checked(json.loads(path if isinstance(path, bytes) else _bytes_of(path)))
    except NoRecordError:
        raise
    except OSError as error:
        raise NoRecordError(f"{UNREADABLE}: {error.strerror or error}") from None
    except RecursionError:
        raise NoRecordError("is nested too deeply") from None
    except ValueError:  # of the text's coding, of JSON, of whole numbers with thousands of digits
        raise NoRecordError("is no JSON") from None


def _bytes_of(path: Path) -> bytes:
    with opened(path) as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise NoRecordError(f"has more than {LARGEST >> 20} MB")
    return data


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a regular file."""
    with opened(path) as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file; a NoRecordError where it is none: a pipe is not waited for, a link not followed."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise NoRecordError("is no regular file")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NoRecordError("is no regular file")
        yield file


def _checked(known: Any) -> dict[str, Any]:
    if not isinstance(known, dict) or "file" not in known:
        raise NoRecordError("is no record of an artwork")
    if known.get("schema", SCHEMA) != SCHEMA:
        raise NoRecordError(f"has a schema that is not {SCHEMA}; a newer artkit may read it")
    for name, otherwise in (("facts", {}), ("changes", {}), ("command", ""), ("python", ""), ("look", {})):
        known.setdefault(name, otherwise)  # records of earlier versions have none
    for name, is_sound in _SOUND.items():
        if not is_sound(known.get(name)):
            raise NoRecordError(f'has no "{name}" that is one')
    return known


def _is_text(value: object) -> bool:
    """Whether a value is text that can be written; a half of a pair of UTF-16 cannot."""
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63


def _is_seed(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 256


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _is_duration(value: object) -> bool:
    return isinstance(value, (int, float)) and _is_number(value) and value >= 0


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{0,64}", value) is not None


def _is_file(value: object) -> bool:
    """Whether a value is the plain name of a file, not hidden, with no folder in it."""
    return _is_text(value) and re.fullmatch(r"\w[\w.-]{0,250}", str(value)) is not None


def _is_in(folder: str) -> Callable[[object], bool]:
    """Give what tells whether a value is the path of a file in a folder of the gallery."""
    return lambda value: (
        _is_text(value) and str(value).startswith(f"{folder}/") and _is_file(str(value).partition("/")[2])
    )


def _is_look(value: object) -> bool:
    return isinstance(value, dict) and all(_LOOKS[name](value[name]) for name in value.keys() & _LOOKS.keys())


def _maps(is_sound: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(_is_text(k) and is_sound(v) for k, v in value.items())


def _matches(pattern: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_place(value: object) -> bool:
    return isinstance(value, list) and len(value) in (0, 4) and all(map(_is_number, value))


def _is_tiles(value: object) -> bool:
    sound = isinstance(value, list) and len(value) in (0, 3) and all(map(_is_count, value))
    return sound and (not value or pyramid.is_tiling(value))  # type: ignore[arg-type]


_LOOKS: Mapping[str, Callable[[object], bool]] = {
    "kind": _matches("|".join(("", *KINDS))),
    "family": _matches("[a-z_]{0,60}"),
    "width": _is_count,
    "height": _is_count,
    "color": _matches("(#[0-9a-f]{6})?"),
    "hue": _matches("[a-z]{0,20}"),
    "small": lambda value: value == "" or _is_in(THUMBNAILS)(value),
    "photo": lambda value: value == "" or _is_in(PHOTOS)(value),
    "place": _is_place,
    "tiles": _is_tiles,
}
"""Of each field of a look, whether a value is one."""

_SOUND: Mapping[str, Callable[[object], bool]] = {
    "file": _is_file,
    "bytes": _is_count,
    "sha256": _is_digest,
    "width": _is_count,
    "height": _is_count,
    "seconds": _is_duration,
    "title": _is_text,
    "preset": _is_text,
    "seed": _is_seed,
    "recipe": _is_text,
    "photo": _is_text,
    "photo_sha256": _is_digest,
    "thumbnail": _is_in(THUMBNAILS),
    "versions": _maps(_is_text),
    "changes": _maps(_is_text),
    "command": _is_text,
    "python": _is_text,
    "facts": _maps(_is_number),
    "look": _is_look,
}
"""Of each field, whether what a file says is what the page and the commands can take, whoever wrote it."""
