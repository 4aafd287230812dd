"""`--profile`: PDF/X-4 in a printer's colors, none of a screen's left, and what is no printer's profile is one line."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from itertools import product
from pathlib import Path as FilePath

import numpy as np
import pikepdf
import pytest
from typer.testing import CliRunner

from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shadow, Shape
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.export import save
from artkit.export.pdf.intent import intent_of


def table(inputs: int, corners: list[tuple[int, ...]]) -> bytes:
    """A lut16Type (ICC.1:2001, 6.5.8) with two grid points on each axis and straight curves."""
    ramp = struct.pack(">2H", 0, 65535)
    one = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    outputs = len(corners[0])
    grid = b"".join(struct.pack(f">{outputs}H", *corner) for corner in corners)
    head = b"mft2" + bytes(4) + bytes([inputs, outputs, 2, 0]) + one + struct.pack(">2H", 2, 2)
    return head + ramp * inputs + grid + ramp * outputs


def profile(kind: bytes = b"prtr", space: bytes = b"CMYK", version: int = 2) -> bytes:
    """A profile of a printer that has black ink alone: the darker, the more of it."""
    to_lab = [(int(0xFF00 * (1 - k) * (1 - 0.2 * c)), 0x8000, 0x8000) for c, _, _, k in product((0, 1), repeat=4)]
    to_ink = [(0, 0, 0, 0 if light else 65535) for light, _, _ in product((0, 1), repeat=3)]
    name = b"A test's printer\0"
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061),
        b"A2B0": table(4, to_lab),
        b"B2A0": table(3, to_ink),
    }
    listed, body = b"", b""
    start = 132 + 12 * len(tags)
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        listed += tag + struct.pack(">2I", start + len(body), len(data))
        body += data
    head = b"test" + bytes([version, 0x20, 0, 0]) + kind + space + b"Lab " + bytes(12) + b"acsp" + bytes(28)
    head += struct.pack(">3i", 63190, 65536, 54061)
    head = struct.pack(">I", start + len(body)) + head + bytes(124 - len(head))
    return head + struct.pack(">I", len(tags)) + listed + body


def box(left: float, top: float, right: float, bottom: float) -> Path:
    return Path(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> FilePath:
    """A folder with the profile, and PDF/X-4 of paths, gradients, strokes, a shadow, inks and pixels."""
    desk = tmp_path_factory.mktemp("x4")
    (desk / "printer.icc").write_bytes(profile())
    ramp = Gradient((0, 0), (60, 0), ("#000000", "#ff0000", "#ffffff"), opacities=(1.0, 0.5, 1.0))
    shapes = [Shape([box(0, 0, 60, 20)], ramp), Shape([box(5, 25, 25, 35)], "#000000", "#808080")]
    shadow = Layer([Shape([box(30, 24, 50, 36)], "#0044cc")], "soft", shadow=Shadow((1, 1), 2.0))
    save(Drawing(60, 40, [Layer(shapes, "hard"), shadow], "#fff8ee"), desk / "art.svg", metadata={"title": "A & B"})
    flat = [Shape([box(0, 0, 30, 40)], "#ff0000"), Shape([box(30, 0, 60, 40)], "#0000ff")]
    save(Drawing(60, 40, [Layer(flat)]), desk / "flat.svg")
    rng = np.random.default_rng(1)
    save(Image(rng.integers(0, 256, (20, 30, 3), np.uint8)), desk / "many.png")
    save(Image(rng.integers(0, 2, (20, 30, 3), np.uint8) * 255), desk / "few.png")
    for name, options in {"art": ["--bleed", "3mm"], "flat": ["--inks"], "many": [], "few": []}.items():
        source = desk / (name + (".svg" if name in ("art", "flat") else ".png"))
        for copy in ("", "-again"):
            run("export", source, "-o", desk / f"{name}{copy}.pdf", "--profile", desk / "printer.icc", *options)
    return desk


def run(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, [*map(str, arguments), "--quiet"])
    assert done.exit_code == status, done.output
    return done.output


@pytest.mark.parametrize("name", ["art", "flat", "many", "few"])
def test_a_file_says_that_it_is_pdf_x_4_and_holds_no_color_of_a_screen(made, name):
    path = made / f"{name}.pdf"
    assert path.read_bytes() == (made / f"{name}-again.pdf").read_bytes()
    with pikepdf.open(path) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX" and str(intent.OutputCondition) == "A test's printer"
        assert intent.DestOutputProfile.N == 4 and intent.DestOutputProfile.read_bytes() == profile()
        assert pdf.docinfo.Trapped == "/False" and {"/Title", "/CreationDate", "/ModDate"} <= pdf.docinfo.keys()
        xmp = pdf.Root.Metadata.read_bytes()
        for told in (b'GTS_PDFXVersion="PDF/X-4"', b'pdf:Trapped="False"', b"xmp:CreateDate", b"xmpMM:DocumentID"):
            assert told in xmp
        assert all("/TrimBox" in page.obj for page in pdf.pages) and pdf.pdf_version == "1.6"
        for found in pdf.objects:
            stream = isinstance(found, pikepdf.Stream)
            assert "DeviceRGB" not in repr(dict(found.items()) if stream else found)
            if stream and found.get("/Subtype") == "/Form":
                assert not re.search(rb"[\d.] (rg|RG)\s", found.read_bytes())
    if shutil.which("qpdf"):
        subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)


def test_colors_are_those_of_the_printer(made):
    with pikepdf.open(made / "art.pdf") as pdf:
        texts = [found.read_bytes() for found in pdf.objects if isinstance(found, pikepdf.Stream)]
        assert any(b"0 0 0 1 k" in text for text in texts)  # black is all of the one ink that there is
    with pikepdf.open(made / "many.pdf") as pdf:
        (image,) = (found for found in pdf.objects if isinstance(found, pikepdf.Stream) and "/Width" in found)
        pixels = np.frombuffer(image.read_bytes(), np.uint8).reshape(20, 30, 4)
        assert not pixels[..., :3].any() and pixels[..., 3].std() > 20


def test_white_stays_bare():
    converted = intent_of(profile(), "a.icc").converted(np.array([[[255] * 3, [0] * 3]], np.uint8))
    assert converted.tolist() == [[[0, 0, 0, 0], [0, 0, 0, 255]]]


@pytest.mark.parametrize(
    ("data", "output", "words"),
    [
        (b"not a profile" * 20, "x.pdf", "is no ICC profile, or is cut off"),
        (profile()[:400], "x.pdf", "is no ICC profile, or is cut off"),
        (profile(kind=b"mntr"), "x.pdf", "is of a monitor; PDF/X-4 takes the profile of a printer or a press"),
        (profile(space=b"Lab "), "x.pdf", "is for Lab colors; PDF/X-4 takes CMYK, RGB or gray"),
        (profile(version=5), "x.pdf", "is of version 5 of ICC"),
        (profile().replace(b"B2A0", b"B2A9"), "x.pdf", "cannot be used for printing"),
        (profile(), "x.svg", "is for .pdf, which says how it is to be printed"),
        (profile(), "x.png", "is for .pdf, which says how it is to be printed"),
    ],
)
def test_what_is_no_output_intent_is_one_line(made, tmp_path, data, output, words):
    (tmp_path / "p.icc").write_bytes(data)
    told = run("export", made / "flat.svg", "-o", tmp_path / output, "--profile", tmp_path / "p.icc", status=2)
    assert words in told and told.count("\n") == 1 and not (tmp_path / output).exists()
