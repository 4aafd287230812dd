"""Zips of galleries that were damaged, or made to do harm, into `import`: all or nothing, and no file elsewhere."""

from __future__ import annotations

import json
import zipfile
from functools import cache
from io import BytesIO

from fuzz._case import Case
from fuzz._mutate import Chance, bytes_of, often, one
from fuzz.records import FOLDER, altered, gallery, odd, swapped, torn

TOP = "artkit-gallery"
NAMES = (
    *("../evil", "/tmp/evil", "..", ".", "a/../../evil", "C:\\evil", "..\\evil", f"{TOP}/../evil", f"{TOP}/.artkit/x"),
    *("\udcff", "a\0b", "", "/", "x" * 300, f"{TOP}/records/../../evil.json", f"{TOP}/index.html", f"{TOP}/records/"),
    *(f"{TOP}/data/index.json", f"{TOP}/evil-soft-123456.html", "con", "a:b", "\u202egpj.exe", f"{TOP}/evil.svg"),
)
"""Names that an entry may have."""

MODES = (0o120777, 0o010644, 0o040755, 0o020644, 0o104755, 0, 0o100000, 0xFFFF)
TEXTS = (b"", b"/etc/passwd", b"<script>", b"{}", bytes(1 << 20), b"PK\3\4PK\1\2PK\5\6")
SCRIPTS = (
    b"<script/>",
    b"<a href='javascript:1'/>",
    b"<!DOCTYPE svg [<!ENTITY a 'aa'>]>",
    b"<g onload='1'>",
    b"<image href='//x'/>",
)


def case(rng: Chance) -> Case:
    """One zip, and the command that imports it: into a new gallery, or into one that has artworks."""
    data = zipped(rng) if often(rng, 0.7) else bytes_of(rng, sound())
    data = bytes_of(rng, data, 2) if often(rng, 0.3) else data
    files = {"a.zip": data, **(gallery() if often(rng, 0.3) else {})}
    arguments = ["gallery", "import", "a.zip", "--gallery", FOLDER]
    arguments += [word for word in ("--replace", "--dry-run", "--json", "-q") if often(rng, 0.2)]
    return Case(arguments, files, writes=(FOLDER,))


@cache
def sound() -> bytes:
    """The zip of a gallery."""
    return _written(dict(gallery()), zipfile.ZIP_DEFLATED)


def zipped(rng: Chance) -> bytes:
    """Make the zip of a gallery in which something is changed, missing, or too much."""
    files = dict(gallery())
    for name in sorted(files):
        if name.endswith(".json") and often(rng, 0.15):
            files[name] = one(rng, (altered, swapped, torn, odd))(rng, files[name])
        elif name.endswith(".svg") and often(rng, 0.2):
            files[name] = _with_sum(files, name, files[name].replace(b"</svg>", one(rng, SCRIPTS) + b"</svg>"))
        elif often(rng, 0.05):
            files[name] = bytes_of(rng, files[name])
        elif often(rng, 0.05):
            del files[name]
    kinds = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    data = _written(files, kinds[min(int(rng.geometric(0.5)), 3)])
    return with_entries(rng, data) if often(rng, 0.5) else data


def with_entries(rng: Chance, data: bytes) -> bytes:
    """Add entries with odd names, kinds and dates."""
    file = BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        for _ in range(int(rng.integers(1, 4))):
            info = zipfile.ZipInfo("name")
            info.filename = one(rng, NAMES).encode("utf-8", "replace").decode()
            info.external_attr, info.create_system = one(rng, MODES) << 16, one(rng, (0, 3, 19))
            info.extra = one(rng, (b"", b"\x55\x54\x05\0\1\xff\xff\xff\xff", b"\x0a\0\x20\0" + bytes(32), b"\1\0"))
            archive.writestr(info, one(rng, TEXTS))
    return file.getvalue()


def _with_sum(files: dict[str, bytes], name: str, data: bytes) -> bytes:
    """Make an artwork's record fit its new bytes, and give those."""
    from hashlib import sha256

    stem = name.rpartition("/")[2].removesuffix(".svg")
    path = f"{FOLDER}/records/{stem}.json"
    try:
        known = json.loads(files[path])
        files[path] = json.dumps(known | {"sha256": sha256(data).hexdigest(), "bytes": len(data)}).encode()
    except (KeyError, ValueError, TypeError, RecursionError):
        pass
    return data


def _written(files: dict[str, bytes], kind: int) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name.replace(FOLDER, TOP, 1))
            info.compress_type = kind
            archive.writestr(info, data)
    return file.getvalue()
