"""What files say of themselves: one packet in every format, read back; photos' makers carried over."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.export import encode
from artkit.metadata import embedded, xmp
from artkit.metadata.credits import LONGEST, MOST, Credits, credits_of

KNOWN = {
    "title": "Dots & <tags>",
    "description": "two\nlines",
    "recipe": 'schema = 2\ntitle = "a < b & \\"c\\""\n\n[[steps]]\nop = "blur"\n',
    "software": "artkit 1.2",
    "creator": "Ann\nBøb",
    "rights": "© Ann",
    "source_type": "algorithmicallyEnhanced",
}
PICTURE = Image(np.random.default_rng(0).integers(0, 255, (20, 30, 3)).astype(np.uint8))
FILM = Animation(3, lambda i: Image(np.roll(PICTURE.pixels, i, 0)), delay=0.1)
TRIANGLE = Drawing(9, 9, [Layer([Shape([Path(np.array([[1.0, 1], [5, 1], [5, 5]]))], "#f00")])])
ALL = [
    *((PICTURE, ending) for ending in (".png", ".jpg", ".webp", ".tif", ".gif")),
    *((FILM, ending) for ending in (".gif", ".webp", ".png")),
    *((TRIANGLE, ending) for ending in (".svg", ".svgz")),
]
IDS = [f"{type(artwork).__name__}{ending}" for artwork, ending in ALL]


@pytest.mark.parametrize(("artwork", "ending"), ALL, ids=IDS)
def test_every_format_carries_all_that_is_known_and_gives_it_back(artwork, ending):
    data = encode(artwork, ending, metadata=KNOWN)
    assert embedded.of(data) == KNOWN
    assert encode(artwork, ending, metadata=KNOWN) == data
    assert embedded.is_artwork(data)
    assert embedded.of(encode(artwork, ending)) == {}


@pytest.mark.parametrize(("artwork", "ending"), [case for case in ALL if case[0] is not TRIANGLE])
def test_the_packet_changes_no_pixel(artwork, ending):
    for plain, told in zip(
        frames(encode(artwork, ending)), frames(encode(artwork, ending, metadata=KNOWN)), strict=True
    ):
        assert np.array_equal(plain, told)


def frames(data: bytes) -> list[np.ndarray]:
    with Pillow.open(io.BytesIO(data)) as picture:
        count = getattr(picture, "n_frames", 1)
        shown = []
        for i in range(count):
            picture.seek(i)
            shown.append(np.asarray(picture.convert("RGB")))
    return shown


def test_the_packet_is_rdf_that_any_reader_of_xml_understands():
    root = ElementTree.fromstring(xmp.packet(KNOWN).decode().replace("\ufeff", ""))
    (about,) = root.iter(f"{{{xmp.RDF}}}Description")
    assert about.get("{http://ns.adobe.com/xap/1.0/}CreatorTool") == "artkit 1.2"
    assert (
        about.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
        == "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
    )
    dc = "{http://purl.org/dc/elements/1.1/}"
    items = [li.text for li in about.find(f"{dc}creator/{{{xmp.RDF}}}Seq")]
    assert items == ["Ann", "Bøb"]
    assert about.find(f"{dc}rights")[0][0].attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "x-default"}


def test_pillow_finds_the_packet_where_it_looks_for_one():
    for ending in (".webp", ".jpg"):
        with Pillow.open(io.BytesIO(encode(PICTURE, ending, metadata=KNOWN))) as picture:
            assert picture.info["xmp"] == xmp.packet(KNOWN)
    with Pillow.open(io.BytesIO(encode(PICTURE, ".tif", metadata=KNOWN))) as picture:
        assert picture.tag_v2[700] == xmp.packet(KNOWN)


@given(st.dictionaries(st.sampled_from(["title", "description", "creator", "rights", "software", "recipe"]), st.text()))
def test_any_words_come_back_but_for_what_xml_cannot_hold(metadata):
    found = xmp.read(xmp.packet(metadata))
    for key, text in metadata.items():
        kept = xmp.plain(text).replace("\r\n", "\n").replace("\r", "\n")
        if key == "recipe":
            assert found.get(key, "").strip() == kept.strip()
        elif key != "creator":
            assert [line.strip() for line in found.get(key, "").split()] == kept.split()


@given(st.binary())
def test_no_bytes_are_too_odd_to_be_read(data):
    for begin in (
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBP",
        b"II*\0",
        b"<svg>",
        b"\x1f\x8b",
    ):
        embedded.of(begin + data)
        credits_of(begin + data)


@pytest.mark.parametrize(("artwork", "ending"), ALL, ids=IDS)
def test_a_file_that_is_cut_short_anywhere_says_what_is_left_or_nothing(artwork, ending):
    data = encode(artwork, ending, metadata=KNOWN)
    for end in range(0, len(data), 41):
        found = embedded.of(data[:end])
        assert all(KNOWN[key].startswith(text[:1]) or key == "creator" for key, text in found.items())


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    text = f'{bomb}<rdf:RDF xmlns:rdf="{xmp.RDF}"><recipe xmlns="urn:artkit">&b;</recipe></rdf:RDF>'
    assert xmp.read(text.encode()) == {}
    outside = text.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/passwd"')
    assert xmp.read(outside.encode()) == {}


def test_a_text_without_end_is_not_read_to_its_end():
    text = f'<rdf:RDF xmlns:rdf="{xmp.RDF}"><recipe xmlns="urn:artkit">{"x" * (2 * xmp.LONGEST)}</recipe></rdf:RDF>'
    assert xmp.read(text.encode()) == {}
    png = encode(PICTURE, ".png")
    packed = zlib.compress(bytes(1 << 26))
    part = b"iTXt" + b"XML:com.adobe.xmp\0\1\0\0\0" + packed
    bomb = png[:33] + struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) + png[33:]
    tracemalloc.start()
    assert embedded.of(bomb) == {}
    assert tracemalloc.get_traced_memory()[1] < 40e6  # of 67
    tracemalloc.stop()


def test_a_recipe_too_long_for_a_segment_of_a_jpeg_is_left_out_and_the_rest_is_there():
    told: list[str] = []
    data = encode(PICTURE, ".jpg", metadata=KNOWN | {"recipe": "x" * 70_000}, note=told.append)
    assert told == ["JPEG: its recipe is too long to be carried; PNG, WebP and TIFF have room"]
    assert embedded.of(data) == {key: text for key, text in KNOWN.items() if key != "recipe"}
    assert frames(data)[0].shape == (20, 30, 3)


def old_files() -> list[bytes]:
    """What version 0.1.0 wrote."""
    recipe = 'title = "x"\n\n[[steps]]\nop = "blur"\n'
    picture, files = Pillow.fromarray(PICTURE.pixels), []
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Recipe", recipe)
    exif = Pillow.Exif()
    exif[0x010E] = f"# software: artkit 0.1.0\n{recipe}".encode()
    for kind, options in (
        ("PNG", {"pnginfo": info}),
        ("JPEG", {"comment": recipe.encode()}),
        ("GIF", {"comment": recipe.encode()}),
        ("WEBP", {"exif": exif}),
        ("TIFF", {"exif": exif}),
    ):
        file = io.BytesIO()
        picture.save(file, kind, **options)
        files.append(file.getvalue())
    carried = f'<recipe xmlns="urn:artkit" seed="7" software="artkit 0.1.0">{recipe}</recipe>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><metadata>{carried}</metadata></svg>'
    return [*files, svg.encode()]


def test_artworks_of_version_0_1_0_have_a_recipe_too():
    for data in old_files():
        assert 'op = "blur"' in embedded.of(data)["recipe"]


# Photos


def photo(kind: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(PICTURE.pixels).save(file, kind, **options)
    return file.getvalue()


def tags(artist: str = "Ann Other", owner: str = "© 2020 Ann") -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x013B], exif[0x8298], exif[0x0132] = artist.encode(), owner.encode(), "2020:01:02 03:04:05"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_artist_and_copyright_of_a_photo_are_read(kind):
    assert credits_of(photo(kind, exif=tags("Ann; Bob"))) == Credits("Ann\nBob", "© 2020 Ann")
    assert credits_of(photo(kind)) == Credits()


def test_what_xmp_says_comes_before_exif_and_iptc():
    said = xmp.packet({"creator": "Carl", "source_type": "trainedAlgorithmicMedia"})
    assert credits_of(photo("WEBP", exif=tags(), xmp=said)) == Credits("Carl", "© 2020 Ann", "trainedAlgorithmicMedia")


def test_iptc_of_old_photos_is_read():
    def dataset(number: int, text: bytes) -> bytes:
        return struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text

    records = dataset(80, "Ann Ö".encode("latin-1")) + dataset(116, b"Ann's")
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records + b"\0" * (len(records) % 2)
    segment = b"Photoshop 3.0\0" + resource
    jpeg = photo()
    data = jpeg[:20] + b"\xff\xed" + struct.pack(">H", 2 + len(segment)) + segment + jpeg[20:]
    assert credits_of(data) == Credits("Ann Ö", "Ann's")


def test_a_packet_that_other_programs_have_written_anew_still_has_the_recipe():
    """Adobe's toolkit, and exiv2 with it, make attributes of texts, and wants names of spaces to end in a slash."""
    assert xmp.ARTKIT.endswith("/")
    recipe = 'schema = 2\n\n[[steps]]\nop = "blur"\n'
    text = recipe.replace("\n", "&#xA;").replace('"', "&quot;")
    again = f'<r:RDF xmlns:r="{xmp.RDF}"><r:Description xmlns:_dflt_="{xmp.ARTKIT}" _dflt_:recipe="{text}"/></r:RDF>'
    assert xmp.read(again.encode()) == {"recipe": recipe}


@pytest.mark.parametrize("form", ["attribute", "resource", "element"])
def test_source_types_are_read_as_other_programs_write_them(form):
    uri = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    name, space = "e:DigitalSourceType", 'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    forms = {
        "attribute": f'<r:Description {space} {name}="{uri}"/>',
        "resource": f'<r:Description {space}><{name} r:resource="{uri}"/></r:Description>',
        "element": f"<r:Description {space}><{name}>{uri}</{name}></r:Description>",
    }
    text = f'<r:RDF xmlns:r="{xmp.RDF}">{forms[form]}</r:RDF>'
    assert xmp.read(text.encode()) == {"source_type": "trainedAlgorithmicMedia"}


def test_a_strangers_texts_are_bounded():
    found = credits_of(photo(exif=tags(";".join(f"maker {i} \x01" + "x" * 900 for i in range(50)), "y\n" * 5000)))
    assert len(found.creator.splitlines()) == MOST
    assert max(map(len, found.creator.splitlines())) <= LONGEST and len(found.rights) <= LONGEST
    assert "\x01" not in found.creator and "\n" not in found.rights
