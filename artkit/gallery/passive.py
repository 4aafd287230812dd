"""An SVG in, what could run or be fetched in it out: artkit writes none of it, and takes none of it from others."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from artkit import limits

_ACTIVE = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener", "a", "base"}
_OWN = re.compile(r"\s*(#|data:image/(png|jpeg|webp|gif)[;,])", re.I)
_FOREIGN = re.compile(r"@import|url\(\s*[\"']?\s*(?!#|data:image/|[\"'\s])", re.I)
_CHUNK = 1 << 20


def fault_of(chunks: Iterable[bytes], packed: bool = False) -> str:
    """Say what keeps an SVG, given piece by piece, from being a picture and nothing else; "" where nothing does."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _element
    parser.CharacterDataHandler = _styled
    parser.ProcessingInstructionHandler = _instruction
    try:
        for data in _unpacked(chunks) if packed else chunks:
            parser.Parse(data, False)
        parser.Parse(b"", True)
    except _ActiveError as error:
        return str(error)
    except (expat.ExpatError, ValueError, LookupError):
        return "is no sound XML"
    except (OSError, EOFError, zlib.error):
        return "is no sound gzip"
    return ""


class _ActiveError(Exception):
    """Says what was found."""


def _doctype(*_: Any) -> None:
    raise _ActiveError("has a document type")


def _element(name: str, attributes: Mapping[str, str]) -> None:
    local = name.rpartition(":")[2].lower()
    if local in _ACTIVE:
        raise _ActiveError(f"has an element <{local}>")
    for full, value in attributes.items():
        key = full.rpartition(":")[2].lower()
        if key.startswith("on"):
            raise _ActiveError(f"has an attribute {ascii(key[:20])[1:-1]}")
        if key in ("href", "src") and not _OWN.match(value):
            raise _ActiveError("refers to another file")
        if key == "attributename" and value.strip().lower().rpartition(":")[2].startswith(("href", "on")):
            raise _ActiveError("animates a reference")
        _styled(value)


def _styled(text: str) -> None:
    """Refuse a reference to elsewhere in a style, wherever that stands."""
    if _FOREIGN.search(text):
        raise _ActiveError("refers to another file")


def _instruction(target: str, data: str) -> None:
    if target.lower() == "xml-stylesheet":
        raise _ActiveError("names a style sheet")


def _unpacked(chunks: Iterable[bytes]) -> Iterable[bytes]:
    done = 0
    with gzip.GzipFile(fileobj=BytesIO(b"".join(chunks))) as file:
        while data := file.read(_CHUNK):
            done += len(data)
            limits.within("file", done, "an SVG in it unpacks to")
            yield data
