"""The bytes of an SVG in, its elements out; what could grow without end or read other files is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from artkit.errors import ArtkitError
from artkit.limits import limit, refusal, within, written

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
    within("file", len(data), f"{name}: is a file of")
    if data[:2] != b"\x1f\x8b":
        return data
    import gzip
    import io
    from zlib import error as Damaged

    most = limit("file")
    parts, size = [], 0
    try:
        with gzip.open(io.BytesIO(data)) as file:
            while part := file.read(1 << 20):
                parts.append(part)
                size += len(part)
                if size > most:
                    raise refusal("file", f"{name}: unpacks to more than {written(most, 'bytes')}")
    except (OSError, EOFError, Damaged) as error:
        raise ArtkitError(f"{name}: is compressed and damaged: {error}") from None
    return b"".join(parts)


def _tree(data: bytes, name: str) -> ElementTree.Element:
    if not data.strip():
        raise ArtkitError(f"{name}: is empty")
    _refuse_entities(data, name)
    # Each element and each entity begins with a sign of its own: none is made before they are counted.
    within("elements", data.count(b"<") - data.count(b"</"), f"{name}: has")
    within("file", len(data) + _ENTITY * data.count(b"&"), f"{name}: with all its entities may come to")
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ArtkitError(f"{name}: {_where(error)}") from None


_ENTITY = 256
"""Characters of an entity."""


class _Refused(Exception):
    pass


def _refuse_entities(data: bytes, name: str) -> None:
    """Refuse a document type that declares entities other than short plain texts: they could grow, or fetch files."""

    def declared(entity: str, parameter: bool, value: str | None, *place: Any) -> None:
        if value is None:
            raise _Refused(f"declares the external entity {entity!r}, which could read other files; refused")
        if parameter or any(sign in value for sign in "&%<") or len(value) > _ENTITY:
            raise _Refused(
                f"declares the entity {entity!r} by more than a short text, which could grow without end; refused"
            )

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = lambda tag, attributes: _stop()
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        raise ArtkitError(f"{name}: {refused}") from None
    except StopIteration:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
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


def is_for_all(said: Mapping[str, str]) -> bool:
    """Tell whether an element is for readers of English, and asks for nothing that browsers do not have."""
    languages = said.get("systemLanguage")
    if languages is not None and not any(one.strip().lower().split("-")[0] == "en" for one in languages.split(",")):
        return False
    return "requiredExtensions" not in said


def first_for_all(switch: ElementTree.Element, drawn: Set[str]) -> list[ElementTree.Element]:
    """Give the first child of a <switch> that is for all, of those whose tags are `drawn`."""
    return [child for child in switch if local(child.tag) in drawn and is_for_all(child.attrib)][:1]
