"""A PDF of ours in, the same as PDF/X-4 out (ISO 15930-7): colors of one printer, its profile, and what is to be said.

Screens' colors are not allowed where a printer's are meant, so all of them are converted: those of paths, of gradients'
ends, of inks where there is no such plate, and of pixels. Masks and plates themselves stay.
"""

from __future__ import annotations

import re
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from artkit.export.pdf.intent import Intent
from artkit.export.svg.numbers import short

if TYPE_CHECKING:
    import pikepdf

DATE = "2000-01-01T00:00:00Z"
"""PDF/X asks for dates, and the same artwork is the same bytes on every day."""

_RGB = re.compile(rb"(?<![\d.])([\d.]+) ([\d.]+) ([\d.]+) (rg|RG)(?=\s)")
_OPERATORS = {4: (b"k", b"K"), 3: (b"rg", b"RG"), 1: (b"g", b"G")}
_PDFX = (
    '<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
    'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdfxid:GTS_PDFXVersion="PDF/X-4" xmp:CreateDate="{date}" '
    'xmp:ModifyDate="{date}" xmp:MetadataDate="{date}" xmpMM:DocumentID="uuid:{digest}" xmpMM:VersionID="1" '
    'xmpMM:RenditionClass="default" pdf:Trapped="{trapped}"/>'
)


def conform(pdf: pikepdf.Pdf, intent: Intent, packet: bytes, title: str, trapped: bool) -> None:
    """Make a file of ours PDF/X-4; `packet` is its XMP, `trapped` whether colors lie beneath each other already."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    digest = sha256()
    for found in list(pdf.objects):
        if isinstance(found, pikepdf.Stream):
            _stream(found, intent)
            digest.update(found.read_raw_bytes())
        elif isinstance(found, Array):
            _separation(found, intent)
        elif isinstance(found, Dictionary):
            _group(found, intent)
            if "/Shading" in found and isinstance(found.Shading, Dictionary):
                _shading(found.Shading, intent)
    profile = pdf.make_indirect(pikepdf.Stream(pdf, intent.data, Dictionary(N=intent.channels)))
    told = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String("Custom"),
        OutputCondition=String(intent.name),
        Info=String(intent.name),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([told])
    for page in pdf.pages:
        if "/TrimBox" not in page.obj:
            page.obj.TrimBox = page.obj.MediaBox
    if "/OCProperties" in pdf.Root:
        pdf.Root.OCProperties.D.Name = String("Layers")
    pdf.docinfo["/Title"] = String(title)
    pdf.docinfo["/Trapped"] = Name("/True" if trapped else "/False")
    stamp = re.sub(r"[-:T]", "", DATE)
    for key in ("/CreationDate", "/ModDate"):
        pdf.docinfo[key] = String(f"D:{stamp}")
    said = _PDFX.format(date=DATE, digest=digest.hexdigest()[:32], trapped=trapped)
    kind = Dictionary(Type=Name.Metadata, Subtype=Name.XML)
    data = packet.replace(b"</rdf:RDF>", said.encode() + b"</rdf:RDF>")
    pdf.Root.Metadata = pdf.make_indirect(pikepdf.Stream(pdf, data, kind))


def _stream(found: Any, intent: Intent) -> None:
    kind = str(found.get("/Subtype", ""))
    if kind == "/Image":
        _image(found, intent)
    elif kind == "/Form" or "/Type" not in found:
        data = found.read_bytes()
        colors = sorted({match.groups()[:3] for match in _RGB.finditer(data)})
        if colors:
            known = dict(zip(colors, _operands(colors, intent), strict=True))
            data = _RGB.sub(lambda m: known[m.groups()[:3]] + b" " + _operator(m[4], intent), data)
            found.write(zlib.compress(data, 9), filter=_name("FlateDecode"))
    _group(found, intent)


def _name(text: str) -> Any:
    from pikepdf import Name

    return Name(f"/{text}")


def _operator(old: bytes, intent: Intent) -> bytes:
    return _OPERATORS[intent.channels][old == b"RG"]


def _operands(colors: list[Any], intent: Intent) -> list[bytes]:
    """Give the numbers of colors from 0 to 1, (N,) of three each, in the profile's colors."""
    levels = np.rint(np.array([[float(value) for value in color] for color in colors]) * 255).astype(np.uint8)
    made = intent.converted(levels[None])[0] / 255
    return [" ".join(short(float(value), 3) for value in row).encode() for row in made]


def _array(values: Any, intent: Intent) -> Any:
    from pikepdf import Array

    (made,) = _operands([[str(value) for value in values]], intent)
    return Array([float(value) for value in made.split()])


def _group(found: Any, intent: Intent) -> None:
    """Put a transparency group, which a dictionary may have, into the profile's colors."""
    group = found.get("/Group")
    if group is not None and group.get("/CS") == "/DeviceRGB":
        group.CS = _name(intent.space[1:])


def _separation(found: Any, intent: Intent) -> None:
    if len(found) == 4 and found[0] == "/Separation" and found[2] == "/DeviceRGB":
        found[2] = _name(intent.space[1:])
        _function(found[3], intent)


def _shading(found: Any, intent: Intent) -> None:
    if found.get("/ColorSpace") == "/DeviceRGB":
        found.ColorSpace = _name(intent.space[1:])
        _function(found.Function, intent)


def _function(found: Any, intent: Intent) -> None:
    for part in found.get("/Functions", []):
        _function(part, intent)
    for key in ("/C0", "/C1"):
        if key in found:
            found[key] = _array(found[key], intent)


def _image(found: Any, intent: Intent) -> None:
    """Put pixels, or the table of colors that they name, into the profile's colors."""
    import pikepdf
    from pikepdf import Array

    space = found.ColorSpace
    if isinstance(space, Array) and space[0] == "/Indexed" and space[1] == "/DeviceRGB":
        table = np.frombuffer(bytes(space[3]), np.uint8).reshape(1, -1, 3)
        lookup = pikepdf.String(intent.converted(table).tobytes())
        found.ColorSpace = Array([space[0], _name(intent.space[1:]), space[2], lookup])
    elif space == "/DeviceRGB":
        width, height = int(found.Width), int(found.Height)
        pixels = np.frombuffer(found.read_bytes(), np.uint8).reshape(height, width, 3)
        data = zlib.compress(intent.converted(pixels).tobytes(), 9)
        del found["/DecodeParms"]
        found.write(data, filter=_name("FlateDecode"))
        found.ColorSpace = _name(intent.space[1:])
