"""SVGs that are wrong on purpose: what is no number is left out and counted, and nothing grows faster than the file."""

from __future__ import annotations

import gzip
from time import process_time

import numpy as np
import pytest

from artkit.errors import ArtkitError, LimitError
from artkit.pens.read.check import check
from artkit.pens.read.document import read
from artkit.pens.read.lengths import transform
from artkit.pens.read.pathdata import flattened
from artkit.pens.read.sheets import Sheet, without_comments
from artkit.pens.read.tokens import numbers

PAGE = 'width="100mm" height="60mm" viewBox="0 0 100 60"'
BAD = [
    "1e400",
    "-1e400",
    "9" * 400,
    "--",
    "-",
    "1e",
    "0x10",
    "NaN",
    "inf",
    "1_000",
    "١٢",
    "²",
    "1e5e5",
    "5;",
    "#",
    "calc(1px)",
]
SOUND = '<path d="M1 1L9 9" stroke="red"/>'
IDENTITY = np.array([[1.0, 0, 0, 1, 0, 0]])


def document(body: str, head: str = PAGE) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{body}</svg>'.encode()


@pytest.mark.parametrize("number", BAD)
@pytest.mark.parametrize(
    "body",
    [
        '<circle cx="5" cy="5" r="{}"/>',
        '<rect x="{}" y="1" width="5" height="5"/>',
        '<line x1="{}" x2="5"/>',
        '<polyline points="{} 1 2 3"/>',
        '<path d="M{} 1L2 3"/>',
        '<path d="M1 1A{} 5 0 0 1 9 9"/>',
        '<svg width="{}" height="5"><path d="M1 1L2 2"/></svg>',
    ],
)
def test_an_element_with_a_number_that_is_none_is_left_out_and_counted(body, number):
    source = read(document(body.format(number) + SOUND))
    assert [source.lines[i].tolist() for i in range(len(source.lines))][-1] == [[1, 1], [9, 9]]
    assert len(source.lines) == 1 or "A" in body  # of a path what stands before the error is drawn
    assert sum(source.left_out.values()) == 1


@pytest.mark.parametrize("number", BAD)
@pytest.mark.parametrize(
    "name", ["stroke-width", "stroke-dasharray", "opacity", "transform", "style", "viewBox", "class"]
)
def test_no_attribute_is_a_fault(name, number):
    value = {"transform": f"translate({number})", "style": f"stroke-width:{number};opacity:{number}"}.get(name, number)
    data = document(f'<g {name}="{value}">{SOUND}</g>')
    read(data)
    assert len(check(data)) == 25
    head = f'width="{number}" height="{number}" viewBox="0 0 {number} {number}" stroke-width="{number}"'
    assert len(check(document(SOUND, head))) == 25


def test_a_path_of_huge_numbers_does_not_move_the_others():
    far = "M0 0l1e14 3e13"
    found = flattened([far, "M0.1 0.1l0.1 0.1", far, "m0.3 0.3l0.1 0.1"], IDENTITY, 0.01).lines
    assert np.allclose(found[1], [[0.1, 0.1], [0.2, 0.2]], atol=1e-12)
    assert np.allclose(found[3], [[0.3, 0.3], [0.4, 0.4]], atol=1e-12)


def test_arcs_from_beyond_all_numbers_are_left_out():
    source = read(document('<path d="M0 1e308A5 7 20 0 1 40 40"/><path d="M0 1e15A5 7 20 0 1 40 40"/>' + SOUND))
    assert len(source.lines) == 1 and sum(source.left_out.values()) == 2


def test_numbers_before_an_error_are_drawn():
    (line,) = (flattened(["M1 2 3 4 5 6 7 1e999 8 9"], IDENTITY, 0.01).lines[0],)
    assert line.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert flattened(["M0 0A5 5 0 2 1 9 9"], IDENTITY, 0.01).invalid == 1  # flags are 0 or 1


def test_what_is_no_number_is_nan():
    assert np.isnan(numbers(b"1 - 2 1e 3 +")).tolist() == [False, True, False, True, False, True]


def test_a_run_of_smooth_curves_is_what_a_loop_finds():
    rng = np.random.default_rng(3)
    ends = rng.uniform(-9, 9, (40, 2)).round(2)
    control, at = np.array([1.0, 5.0]), np.array([3.0, 3.0])
    text = "M0 0Q1 5 3 3" + "".join(f"T{x} {y}" for x, y in ends)
    explicit = "M0 0Q1 5 3 3"
    for end in ends:
        control = 2 * at - control
        explicit += f"Q{control[0]!r} {control[1]!r} {end[0]} {end[1]}"
        at = end
    explicit = explicit.replace("np.float64(", "").replace(")", "")
    found, wanted = (flattened([one], IDENTITY, 0.01).lines[0] for one in (text, explicit))
    assert found.shape == wanted.shape and np.abs(found - wanted).max() < 1e-9


@pytest.mark.parametrize(
    "build",
    [
        lambda n: document(f"<style>{'a ' * n}</style>{SOUND}"),
        lambda n: document(f"<style>{'/*' * n}</style>{SOUND}"),
        lambda n: document(f"<style>{'path{' * n}</style>{SOUND}"),
        lambda n: document(f"<style>{'@media print{' * n}</style>{SOUND}"),
        lambda n: document(f'<path transform="{"a" * n}" d="M0 0L9 9"/>'),
        lambda n: document(f'<path transform="{"rotate(" * n}" d="M0 0L9 9"/>'),
        lambda n: document(f'<path transform="{"rotate(1)" * n}" d="M0 0L9 9"/>'),
        lambda n: document(f'<path transform="scale({"1" * n})" d="M0 0L9 9"/>'),
        lambda n: document(f'<path d="M0 0Q1 1 2 2{"t1 0" * n}"/>'),
        lambda n: document(f'<path d="M0 0A{"1" * n}"/>'),
        lambda n: document(f'<path d="M0 0{"a1 1 0 01" * n}"/>'),
        lambda n: document(f'<path d="M0 0{"1e" * n}"/>'),
        lambda n: document(f'<circle r="{"1" * n}x"/>{SOUND}'),
        lambda n: document(f'<g style="{"a:b;" * n}">{SOUND}</g>'),
        lambda n: document(f'<path class="{"c d " * n}" d="M1 1L9 9"/><style>.c.d{{fill:none}}</style>'),
        lambda n: document(f'<path id="{"1mm" * n}" d="M1 1L9 9"/>'),
        lambda n: document(f'<g id="{"1" * n}">{SOUND}</g>'),
        lambda n: document(f'<path stroke="{"rgb(" * n}" d="M1 1L9 9"/>'),
    ],
)  # fmt: skip
@pytest.mark.sample(6)
def test_time_grows_with_the_file_and_no_faster(build):
    took = []
    for n in (20_000, 80_000):
        data = build(n)
        start = process_time()
        read(data)
        took.append(process_time() - start)
    assert took[1] < 1.0 or took[1] < 8 * took[0]


def test_references_and_curves_are_bounded_by_points(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_POINTS", "10k")
    many = f'<g id="a"><path stroke="red" d="M0 0{"h1 " * 500}"/></g>' + '<use href="#a"/>' * 50
    for body in (many, '<path d="M0 0C1e5 0 0 1e5 1e5 1e5C-1e5 0 0 -1e5 0 0"/>' * 9):
        with pytest.raises(LimitError, match=r"^bad.svg: .*; the limit is 10,000 points: .*ARTKIT_MAX_POINTS"):
            read(document(body), "bad.svg")
    monkeypatch.setenv("ARTKIT_MAX_POINTS", "none")
    assert len(read(document(many)).lines) == 51


@pytest.mark.parametrize(
    ("name", "most", "body"),
    [
        ("FILE", "900", SOUND + " " * 1000),
        ("ELEMENTS", "50", SOUND * 60),
        ("DEPTH", "9", "<g>" * 12 + SOUND + "</g>" * 12),
        ("REFERENCES", "40", f'<g id="a">{SOUND}</g>' + '<use href="#a"/>' * 30),
    ],
)
def test_each_refusal_names_its_limit_and_how_it_is_raised(name, most, body, monkeypatch):
    monkeypatch.setenv(f"ARTKIT_MAX_{name}", most)
    with pytest.raises(LimitError, match=rf"the limit is {most} .*raise it with ARTKIT_MAX_{name}=N") as error:
        read(document(body))
    assert error.value.limit == name.lower() and "\n" not in str(error.value)
    monkeypatch.setenv(f"ARTKIT_MAX_{name}", "9k")
    assert len(read(document(body)).lines)


def test_what_unpacks_to_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_FILE", "1M")
    with pytest.raises(LimitError, match="unpacks to more than 1 MB"):
        read(gzip.compress(document(SOUND + " " * 50_000_000)))


@pytest.mark.parametrize(
    "data",
    [
        b" " * 120_000 + b'<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "x">]><svg>&a;</svg>',
        b"<!--" + b" " * 120_000 + b'--><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        b'<!DOCTYPE svg [<!ENTITY a "<g/><g/>">]><svg>&a;</svg>',
        b'<?xml version="1.0" encoding="shift_jis"?><svg/>',
        b'<?xml version="1.0" encoding="nonsense"?><svg/>',
        "<!DOCTYPE svg [<!ENTITY a '&b;'>]><svg>&a;</svg>".encode("utf-16"),
        b"<svg>" * 100_000,
        b"\0" * 100,
        b"\x1f\x8b" + b"\0" * 50,
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\x07" * 20,
    ],
    ids=range(10),
)
def test_hostile_files_end_in_one_line(data):
    with pytest.raises(ArtkitError) as error:
        read(data, "bad.svg")
    assert str(error.value).startswith("bad.svg: ") and "\n" not in str(error.value) and len(str(error.value)) < 300


def test_entities_of_many_references_are_counted_first(monkeypatch):
    monkeypatch.setenv("ARTKIT_MAX_FILE", "100k")
    text = f'<!DOCTYPE svg [<!ENTITY a "{"x" * 250}">]><svg>{"&a;" * 1000}</svg>'
    with pytest.raises(LimitError, match="with all its entities"):
        read(text.encode())


def test_rules_count_by_how_specific_they_are_then_by_order():
    rules = (
        ".b{stroke:#0000ff} .a{stroke:#ff0000} path.c,#x{stroke:#00ff00} .c{stroke:#111111}"
        "@media print{path{stroke:#222222!important}} .d{stroke:#333333!important} g path{stroke:red}"
    )
    shapes = [
        ('class="b a"', "#ff0000"), ('class="a b"', "#ff0000"), ('class="c"', "#00ff00"), ('id="x"', "#00ff00"),
        ('class="d" style="stroke:#444444"', "#333333"), ('class="a" style="stroke:#444444"', "#444444"),
    ]  # fmt: skip
    body = "".join(f'<path {look} d="M1 {i}L9 {i}"/>' for i, (look, _) in enumerate(shapes))
    source = read(document(f"<style>{rules}</style>{body}"))
    colors = [source.groups[group].color for group in source.group]
    assert colors == [color for _, color in shapes]
    assert source.left_out == {}


def test_comments_and_blocks_without_an_end_are_left_out():
    assert without_comments("a/*b*/c/*d") == "a c "
    sheet = Sheet("a{b} @media screen{c{d}} @font-face{e{f}} g{h", {})
    assert [block[:2] for block in sheet.blocks()] == [("a", "b"), ("c", "d")]


def test_a_transform_counts_up_to_its_first_error():
    assert transform("translate(1,2) scale(2)") == ((2, 0, 0, 2, 1, 2), True)
    assert transform("translate(1,2) rotate(1e400)") == ((1, 0, 0, 1, 1, 2), False)
    assert transform("translate(1,2) what(3) scale(2)") == ((1, 0, 0, 1, 1, 2), False)


def test_percentages_are_shares_of_what_is_around():
    source = read(document('<line x1="10%" y1="50%" x2="90%" y2="50%" stroke="red"/>'
                           '<svg x="50" width="50%" height="50%">'
                           '<rect width="100%" height="100%"/></svg>'))  # fmt: skip
    assert source.lines[0].tolist() == [[10, 30], [90, 30]]
    assert (source.lines[1].min(0).tolist(), source.lines[1].max(0).tolist()) == ([50, 0], [100, 30])


def test_a_symbol_is_as_large_as_its_reference_says():
    symbol = '<symbol id="s" viewBox="0 0 10 10"><path stroke="red" d="M0 0L10 10"/></symbol>'
    source = read(document(f'{symbol}<use href="#s" x="5" y="5" width="20" height="20"/>'))
    assert source.lines[0].tolist() == [[5, 5], [25, 25]]


@pytest.mark.parametrize("kind", ["star", "pile", "dots"])
@pytest.mark.sample(1)
@pytest.mark.slow
def test_a_crowd_of_ends_in_one_place_takes_no_time(kind):
    rng = np.random.default_rng(1)
    lines = rng.uniform(1, 59, (6000, 4)).round(2)
    lines[:, :2] = {"star": 30, "pile": lines[0, :2], "dots": lines[:, 2:]}[kind]
    lines[:, 2:] = lines[0, 2:] if kind == "pile" else lines[:, 2:]
    d = "".join(f"M{a} {b}L{c} {d}" for a, b, c, d in lines.tolist())
    start = process_time()
    check(document(f'<path d="{d}" stroke="red"/>'))
    assert process_time() - start < 5
