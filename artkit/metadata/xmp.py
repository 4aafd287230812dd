"""XMP packets (ISO 16684-1): what is known of an artwork in, the bytes that any format can carry out, and back.

Known are, by key: "title", "description", "creator" (a line for each), "rights", "software", "source_type" (a name of
IPTC's) and "recipe". Dates are left out, so that the same artwork is the same bytes, and there is no padding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ARTKIT = "urn:artkit/"
"""Of the recipe. Adobe's toolkit writes a slash behind names of spaces that have none, and no `#`."""

_ARTKIT_0_1 = "urn:artkit"
"""In SVGs of version 0.1.0."""

SVG = "http://www.w3.org/2000/svg"

_DC = "http://purl.org/dc/elements/1.1/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

ENHANCED = "algorithmicallyEnhanced"
"""What fixed code makes of a photo: "Algorithmically-altered media: modification or correction by algorithm", where
"algorithmicMedia" is what code makes of nothing (IPTC NewsCodes, digital source type, as of 2024-09-17)."""

TRAINED = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
"""What trained models had a part in, and what is made of that has, too."""

SOURCE_TYPES = (
    ENHANCED, *TRAINED, "algorithmicMedia", "compositeCapture", "computationalCapture", "dataDrivenMedia",
    "digitalArt", "digitalCapture", "digitalCreation", "humanEdits", "minorHumanEdits", "negativeFilm",
    "positiveFilm", "print", "screenCapture", "virtualRecording", "composite",
)  # fmt: skip
"""Names of IPTC's digital source types; those that are retired stand in files."""

_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_TAIL = '<?xpacket end="r"?>'

# What XML 1.0 cannot hold, not even escaped (section 2.2); most texts are ASCII, and need no large pattern compiled.
_UNSPEAKABLE = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_CONTROLS = dict.fromkeys(set(range(32)) - {9, 10, 13})

LONGEST = 1 << 22
"""Characters that are read of all texts of a packet together; those of programs that keep a history are long."""


def packet(metadata: Mapping[str, str]) -> bytes:
    """Give a packet for files that hold bytes; nothing where nothing is known."""
    text = rdf(metadata)
    return f'{_HEAD}<x:xmpmeta xmlns:x="adobe:ns:meta/">{text}</x:xmpmeta>{_TAIL}'.encode() if text else b""


def rdf(metadata: Mapping[str, str]) -> str:
    """Give the packet's inside, which is all that XML needs."""
    known = {key: plain(text) for key, text in metadata.items()}
    known = {key: text for key, text in known.items() if text}
    spaces: dict[str, str] = {}
    attributes = "".join(_attributes(known, spaces))
    elements = "".join(_elements(known, spaces))
    if not (attributes or elements):
        return ""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    about = f'<rdf:Description rdf:about=""{declared}{attributes}>{elements}</rdf:Description>'
    return f'<rdf:RDF xmlns:rdf="{RDF}">{about}</rdf:RDF>'


def _attributes(known: Mapping[str, str], spaces: dict[str, str]) -> Iterator[str]:
    if tool := known.get("software"):
        spaces["xmp"] = _XMP
        yield f" xmp:CreatorTool={quoted(tool)}"
    if kind := known.get("source_type"):
        spaces["Iptc4xmpExt"] = _IPTC
        yield f" Iptc4xmpExt:DigitalSourceType={quoted(_SOURCE_TYPES + kind)}"


def _elements(known: Mapping[str, str], spaces: dict[str, str]) -> Iterator[str]:
    for key, form in (("title", "Alt"), ("description", "Alt"), ("creator", "Seq"), ("rights", "Alt")):
        if text := known.get(key):
            spaces["dc"] = _DC
            lines = text.splitlines() if form == "Seq" else [text]
            mark = ' xml:lang="x-default"' if form == "Alt" else ""
            items = "".join(f"<rdf:li{mark}>{escape(line, quote=False)}</rdf:li>" for line in lines)
            yield f"<dc:{key}><rdf:{form}>{items}</rdf:{form}></dc:{key}>"
    if recipe := known.get("recipe"):
        yield f'<recipe xmlns="{ARTKIT}">{escape(recipe, quote=False)}</recipe>'


def plain(text: str) -> str:
    """Give the text without what XML cannot hold."""
    return text.translate(_CONTROLS) if text.isascii() else re.sub(_UNSPEAKABLE, "", text)


def quoted(text: str) -> str:
    """Give the text as an attribute's value, line breaks kept."""
    text = escape(text).translate({9: "&#9;", 10: "&#10;", 13: "&#13;"})
    return f'"{text}"'


def read(data: bytes) -> dict[str, str]:
    """Give what a packet says, or an SVG, by key; nothing of what is no XML, or declares entities."""
    from xml.parsers import expat

    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    start = data.find(b"<")
    try:
        for at in range(max(start, 0), len(data), 1 << 16):
            parser.Parse(data[at : at + (1 << 16)], False)
    except (expat.ExpatError, ValueError, LookupError, _Done):
        pass  # what has been read until there stands
    return reader.found


class _Done(Exception):
    """There is no more to be read, or no more that should be."""


_KEYS = {
    f"{_DC} title": "title",
    f"{_DC} description": "description",
    f"{_DC} creator": "creator",
    f"{_DC} rights": "rights",
    f"{_XMP} CreatorTool": "software",
    f"{_IPTC} DigitalSourceType": "source_type",
    f"{ARTKIT} recipe": "recipe",
    f"{_ARTKIT_0_1} recipe": "recipe",
}
_OF_SVG = {f"{SVG} title": "title", f"{SVG} desc": "description"}
_DESCRIPTION, _ITEM = f"{RDF} Description", f"{RDF} li"


class _Reader:
    """Collects properties from elements as they begin and end; the first of each counts."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._key = ""
        self._items: list[str] = []
        self._text: list[str] = []
        self._read = 0

    def refuse(self, *declared: Any) -> None:
        self.found.clear()
        raise _Done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _DESCRIPTION:
            for name, value in attributes.items():
                self._keep(_KEYS.get(name, ""), value)
        elif not self._key:
            self._key = _KEYS.get(tag, "") or (_OF_SVG.get(tag, "") if len(self._path) == 1 else "")
            self._items = []
            if tag == f"{_ARTKIT_0_1} recipe":  # which has the program, too
                self._keep("software", attributes.get("software", ""))
            self._keep(self._key, attributes.get(f"{RDF} resource", ""))
        self._text = []
        self._path.append(tag)

    def text(self, text: str) -> None:
        if self._key:
            self._read += len(text)
            if self._read > LONGEST:
                raise _Done
            self._text.append(text)

    def end(self, tag: str) -> None:
        self._path.pop()
        if self._key and tag == _ITEM:
            self._items.append("".join(self._text))
        elif self._key and self._key in (_KEYS.get(tag), _OF_SVG.get(tag)):
            items = self._items if self._key == "creator" else self._items[:1]
            self._keep(self._key, "\n".join(items) if items else "".join(self._text))
            self._key = ""
        elif tag == f"{SVG} metadata" and "recipe" in self.found:
            raise _Done
        self._text = []

    def _keep(self, key: str, value: str) -> None:
        if key == "source_type":
            value = value.rstrip("/").rpartition("/")[2]
            value = value if value in SOURCE_TYPES else ""
        if key and value.strip():
            self.found.setdefault(key, value if key == "recipe" else value.strip())
