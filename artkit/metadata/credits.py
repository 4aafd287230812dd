"""The bytes of a photo in, what it says of its maker out: EXIF, IPTC-IIM and XMP, and never where it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from artkit.metadata import embedded, xmp

_ARTIST, _COPYRIGHT = 0x013B, 0x8298
_BY_LINE, _COPYRIGHT_NOTICE = (2, 80), (2, 116)

MOST, LONGEST = 20, 500
"""Makers that are carried over, and characters of each text: a stranger's file fills no artwork."""


@dataclass(frozen=True)
class Credits:
    """Who made a photo, a line each, whose it is, and its digital source type by IPTC's name; "" is not known."""

    creator: str = ""
    rights: str = ""
    source_type: str = ""


def credits_of(data: bytes) -> Credits:
    """Give what a photo's file says; XMP comes first, as the IPTC recommends, then EXIF, then IPTC-IIM."""
    said = embedded.of(data) if not embedded.is_xml(data) else {}
    creator, rights = said.get("creator", ""), said.get("rights", "")
    if not (creator and rights) and _has_tags(data):
        artist, copyright = _tagged(data)
        creator, rights = creator or artist, rights or copyright
    return Credits(bounded(creator, MOST), bounded(rights, 1), said.get("source_type", ""))


def bounded(text: str, lines: int) -> str:
    """Give the first lines of a text, none of them long, without what XML cannot hold."""
    kept = [" ".join(xmp.plain(line).split())[:LONGEST] for line in text.strip().splitlines()]
    kept = [line for line in kept if line]
    return "\n".join(kept[:lines]) if lines > 1 else " ".join(kept)[:LONGEST]


def _has_tags(data: bytes) -> bool:
    """Whether there is anything that Pillow would have to read: to load what does takes a small picture's time."""
    return data.startswith((b"II", b"MM")) or any(
        mark in data[:200_000] or mark in data[-200_000:]
        for mark in (b"Exif\0\0", b"eXIf", b"EXIF", b"Photoshop 3.0\0")
    )


def _tagged(data: bytes) -> tuple[str, str]:
    """Give artist and copyright of EXIF, and of IPTC-IIM where EXIF is silent."""
    exif = embedded.opened(data, lambda picture: picture.getexif()) or {}
    iptc = embedded.opened(data, _iptc) or {}
    artist, by_line = embedded.as_text(exif.get(_ARTIST)).replace(";", "\n"), embedded.as_text(iptc.get(_BY_LINE))
    rights, notice = embedded.as_text(exif.get(_COPYRIGHT)), embedded.as_text(iptc.get(_COPYRIGHT_NOTICE))
    return artist or by_line, rights or notice


def _iptc(picture: Any) -> Any:
    from PIL import IptcImagePlugin

    return IptcImagePlugin.getiptcinfo(picture)
