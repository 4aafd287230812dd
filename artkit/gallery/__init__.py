"""The folder of artworks: each with a record of how it was made and a thumbnail, and a page that shows them all.

    gallery/cat-poster-1a2b3c.svg               the artwork
    gallery/records/cat-poster-1a2b3c.json      its record: recipe, seed, photo, versions, size, time
    gallery/thumbnails/cat-poster-1a2b3c.jpg
    gallery/index.html                          the page, made anew from the records

The six digits are a digest of the photo as it was worked on (so its size and crop count), of the recipe with its seed
and of artkit's version: the same again has the same name, and whatever has another name is never touched.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from hashlib import file_digest, sha256
from importlib import metadata as installed
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import artkit
from artkit.errors import ArtkitError

if TYPE_CHECKING:
    from artkit.artwork.image import Image
    from artkit.export import Artwork
    from artkit.recipe import Recipe

RECORDS, THUMBNAILS, PAGE = "records", "thumbnails", "index.html"

_PACKAGES = ("numpy", "scipy", "scikit-learn", "scikit-image", "opencv-python-headless", "pillow", "imageio")


@dataclass(frozen=True)
class Record:
    """What is known of one artwork: where it is, what it is, and all that is needed to make it again.

    `width` and `height` are pixels of the photo as it was worked on, `seconds` what the making took, `recipe` the
    recipe in full as TOML. `sha256` is the digest of the artwork's file, `photo_sha256` that of the photo's. `facts`
    are what was measured of the artwork, such as the shapes and the PSNR of a traced photo; often there are none.
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
    facts: dict[str, float] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return self.path.stem


def add(
    folder: str | os.PathLike[str],
    artwork: Artwork,
    *,
    recipe: Recipe,
    photo: Image,
    photo_name: str,
    photo_sha256: str,
    seconds: float,
    suffix: str | None = None,
    note: Callable[[str], None] | None = None,
) -> Record:
    """Write the artwork, its thumbnail and its record into the folder, which is made if need be, and give the record.

    `photo` is the picture that the recipe ran on, `photo_sha256` the digest of the file it came from. The page is not
    touched: call `page` when all artworks are there. `note` takes what is worth telling. An ArtkitError says why
    something could not be written.
    """
    from artkit import export
    from artkit.export import files
    from artkit.gallery.thumbnail import thumbnail

    folder = Path(folder)
    text = recipe.dump()
    stem = "-".join(
        (_plain(Path(photo_name).stem, "photo"), _plain(recipe.name, "recipe"), _digest(photo, photo_sha256, text))
    )
    ending = suffix or export.suffix(artwork)
    with TemporaryFile() as scratch:
        export.write(artwork, scratch, ending, metadata=provenance(recipe), note=note)
        small, small_ending = thumbnail(artwork)
        for each in (folder, folder / RECORDS, folder / THUMBNAILS):  # not before all is made that may fail
            _make(each)
        with files.writing(folder / (stem + ending)) as file:
            size = scratch.tell()
            scratch.seek(0)
            copyfileobj(scratch, file)
        scratch.seek(0)
        digest = file_digest(scratch, "sha256").hexdigest()
    record = Record(
        path=folder / (stem + ending),
        bytes=size,
        sha256=digest,
        width=photo.width,
        height=photo.height,
        seconds=round(seconds, 3),
        title=recipe.title or recipe.name,
        preset=recipe.name,
        seed=recipe.seed,
        recipe=text,
        photo=Path(photo_name).name,
        photo_sha256=photo_sha256,
        thumbnail=f"{THUMBNAILS}/{stem}{small_ending}",
        versions=_versions(),
        facts=facts(artwork),
    )
    files.write(folder / record.thumbnail, small)
    files.write(folder / RECORDS / f"{stem}.json", _to_json(record))  # last: what has a record is there in full
    return record


def page(folder: str | os.PathLike[str]) -> Path:
    """Make the folder's page from the records in it, and give its path.

    When another process adds an artwork meanwhile, the page is made again, so that the last one written shows all.
    """
    from artkit.export import files
    from artkit.gallery.layout import html

    folder = Path(folder)
    _make(folder)
    while True:
        before = _stamp(folder)
        path = files.write(folder / PAGE, html(records(folder)).encode())
        if _stamp(folder) == before:
            return path


def records(folder: str | os.PathLike[str]) -> list[Record]:
    """Give the records of the artworks that are there, by name; files that are broken or no records are passed over."""
    found = (_from_json(path) for path in sorted((Path(folder) / RECORDS).glob("*.json")))
    return [record for record in found if record is not None]


def facts(artwork: Artwork) -> dict[str, float]:
    """Give what was measured of an artwork when it was made."""
    return dict(getattr(artwork, "facts", {}))


def provenance(recipe: Recipe) -> dict[str, str]:
    """Give what an artwork's file says about itself; see `artkit.export`."""
    return {
        "title": recipe.title,
        "description": recipe.description,
        "recipe": recipe.dump(),
        "seed": str(recipe.seed),
        "software": f"artkit {artkit.__version__}",
    }


def _plain(name: str, otherwise: str) -> str:
    """Give a name that is safe in every file system and in a shell."""
    return re.sub(r"[^\w.]+", "-", name)[:60].strip("-.") or otherwise


def _digest(photo: Image, photo_sha256: str, recipe: str) -> str:
    digest = sha256(f"{artkit.__version__}\n{photo_sha256}\n{photo.width} {photo.height}\n{recipe}\n".encode())
    digest.update(photo.pixels.tobytes())
    if photo.alpha is not None:
        digest.update(photo.alpha.tobytes())
    return digest.hexdigest()[:6]


def _versions() -> dict[str, str]:
    found = {"artkit": artkit.__version__, "python": ".".join(map(str, sys.version_info[:3]))}
    for package in _PACKAGES:
        try:
            found[package] = installed.version(package)
        except installed.PackageNotFoundError:  # OpenCV comes under several names
            continue
    return found


def _make(folder: Path) -> None:
    from artkit.export import files

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise ArtkitError(f"{folder}: is a file, not a folder; name another place for the gallery") from None
    except OSError as error:
        raise ArtkitError(files.explain(folder, error)) from error


def _stamp(folder: Path) -> list[tuple[str, int]]:
    return sorted((path.name, path.stat().st_mtime_ns) for path in (folder / RECORDS).glob("*.json"))


def _to_json(record: Record) -> bytes:
    known = asdict(record)
    known["file"] = known.pop("path").name
    return (json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def _from_json(path: Path) -> Record | None:
    """Give the record in a file, None where it is none or its artwork is gone."""
    try:
        known: Any = json.loads(path.read_bytes())
        folder, file = path.parent.parent, known["file"]
        known["path"] = folder / file
        known.setdefault("facts", {})  # records of earlier versions have none
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
    yield isinstance(record.facts, dict) and all(isinstance(value, (int, float)) for value in record.facts.values())
    yield re.fullmatch(rf"{THUMBNAILS}/[\w.-]+", record.thumbnail) is not None
