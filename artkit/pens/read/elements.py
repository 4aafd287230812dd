"""The bytes of an SVG in, its elements out; what could grow without end or read other files is refused."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from artkit.errors import ArtkitError

LARGEST = 1 << 30
"""Bytes of a file, once decompressed."""

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"


def parsed(data: bytes, name: str = "SVG") -> ElementTree.Element:
    """Give the root of an SVG's elements; what could grow without end or read other files is refused."""
    root = _tree(_decompressed(data, name), name)
    if root.tag not in (f"{SVG}svg", "svg"):
        raise ArtkitError(f"{name}: is XML but no SVG: its root is <{local(root.tag)}>")
    return root


def _decompressed(data: bytes, name: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    import gzip
    import io

    try:
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise ArtkitError(f"{name}: is compressed and damaged: {error}") from None
    if len(data) > LARGEST:
        raise ArtkitError(f"{name}: is larger than {LARGEST >> 20} MB once decompressed; refused")
    return data


def _tree(data: bytes, name: str) -> ElementTree.Element:
    if not data.strip():
        raise ArtkitError(f"{name}: is empty")
    if (b"<!" in data and re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data[:100_000], re.I)) or data[:2] in (
        b"\xfe\xff",
        b"\xff\xfe",
    ):
        _refuse_entities(data, name)
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ArtkitError(f"{name}: {_where(error)}") from None


class _Refused(Exception):
    pass


def _refuse_entities(data: bytes, name: str) -> None:
    """Refuse a document type that declares entities other than short plain texts: they could grow, or fetch files."""

    def declared(entity: str, parameter: bool, value: str | None, *place: Any) -> None:
        if value is None:
            raise _Refused(f"declares the external entity {entity!r}, which could read other files; refused")
        if parameter or "&" in value or "%" in value or len(value) > 256:
            raise _Refused(f"declares the entity {entity!r} by way of others, which could grow without end; refused")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = lambda tag, attributes: _stop()
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        raise ArtkitError(f"{name}: {refused}") from None
    except StopIteration:
        return
    except expat.ExpatError as error:
        raise ArtkitError(f"{name}: {_where(error)}") from None


def _stop() -> None:
    raise StopIteration


def _where(error: Any) -> str:
    line, column = getattr(error, "position", None) or (getattr(error, "lineno", 0), getattr(error, "offset", 0))
    reason = re.sub(r": line \d+, column \d+$", "", str(error))
    return f"line {line}: is no well-formed XML: {reason} (column {column + 1})" if line else f"is no XML: {reason}"


def local(tag: Any) -> str:
    """Give the name of an element without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
