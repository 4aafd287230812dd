"""Small SVGs of one feature each, on a page of 40 x 30 mm, for the tests of what a plot reads.

A feature that resvg draws stands alone; for others a plain drawing of the same stands beside it.
"""

# ruff: noqa: E501
from __future__ import annotations

ARROW = '<path d="M0 0L6 3L0 6"/>'
ELL = '<path d="M0 0h8v5"/>'
SQUARE = '<rect x="5" y="5" width="10" height="10"/>'
NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
INK = 'fill="none" stroke="#000" stroke-width=".1"'
HEAD = f'<svg {NS} width="40mm" height="30mm" viewBox="0 0 40 30" {INK}>'


def whole(body: str) -> str:
    """Give the SVG of a feature."""
    return body if body.startswith("<svg xmlns") else f"{HEAD}{body}</svg>"


def marker(attributes: str, inside: str = ARROW, line: str = '<path d="M5 5L20 8L15 20"/>', which: str = "end") -> str:
    """A line with markers."""
    return (
        f'<marker id="m" markerWidth="6" markerHeight="6" {attributes}>{inside}</marker>'
        f'<g stroke-width=".1" marker-{which}="url(#m)">{line}</g>'
    )


WIDE = 'markerUnits="userSpaceOnUse" overflow="visible"'

FEATURES: dict[str, str] = {
    "line in percent": '<line x1="10%" y1="10%" x2="90%" y2="50%"/>',
    "rect in percent": '<rect x="10%" y="10%" width="50%" height="50%"/>',
    "circle in percent": '<circle cx="50%" cy="50%" r="20%"/>',
    "ellipse in percent": '<ellipse cx="50%" cy="50%" rx="30%" ry="40%"/>',
    "rounded rect": '<rect x="5" y="5" width="20" height="10" rx="3"/><rect x="5" y="20" width="20" height="8" ry="30%"/>',
    "nested svg in percent": f'<svg x="50%" y="10%" width="40%" height="50%">{ELL}'
    '<circle cx="50%" cy="50%" r="4"/></svg>',
    "nested svg with a view box": '<svg x="5" y="5" width="30" height="20" viewBox="10 10 20 20" stroke-width=".05">'
    '<circle cx="20" cy="20" r="9"/></svg>',
    "nested svg that slices": '<svg x="5" y="5" width="30" height="10" viewBox="0 0 20 20" stroke-width=".05" '
    'preserveAspectRatio="xMidYMin slice"><circle cx="10" cy="10" r="9"/></svg>',
    "nested svg that stretches": '<svg x="5" y="5" width="24" height="10" viewBox="0 0 20 20" stroke-width=".05" '
    'preserveAspectRatio="none"><path d="M1 1L19 19M1 10h18"/></svg>',
    "nested svg that overflows": '<svg x="5" y="5" width="10" height="10"><path d="M2 2L30 20"/></svg>',
    "nested svg that may overflow": '<svg x="5" y="5" width="10" height="10" overflow="visible"><path d="M2 2L30 20"/></svg>',
    "symbol under a sized use": '<symbol id="s" viewBox="-10 -10 20 20" stroke-width=".05"><circle r="9"/></symbol>'
    '<use href="#s" x="2" y="2" width="16" height="12"/><use xlink:href="#s" x="20" y="5" width="12" height="20"/>',
    "symbol without a size": '<symbol id="s" viewBox="0 0 80 60" stroke-width=".2"><path d="M5 5L70 50"/></symbol>'
    '<use href="#s"/>',
    "symbol without a view box": f'<symbol id="s">{ELL}</symbol><use href="#s" x="5" y="7"/>',
    "use of a nested svg": '<defs><svg id="s" width="10" height="10" viewBox="0 0 20 20" stroke-width=".1">'
    '<path d="M1 1L19 19"/></svg></defs><use href="#s" x="3" y="3"/><use href="#s" x="15" y="3" width="20" height="20"/>',
    "use of a use": f'<defs><g id="a">{ELL}</g><use id="b" href="#a" x="3" y="4"/></defs>'
    '<use href="#b" transform="rotate(20)" x="5"/>',
    "use hands down": '<defs><path id="a" stroke="inherit" d="M0 0h9v9"/></defs><g stroke="none">'
    '<use href="#a" x="9" y="9" stroke="#000"/><use href="#a" x="2" y="2"/></g>',
    "transforms": f'<g transform="translate(20,10) rotate(30) skewX(20)">{ELL}</g>'
    f'<g transform="matrix(.9 .2 -.3 1 5 5) rotate(10 4 4)">{SQUARE}</g>',
    "hidden and shown again": f'<g visibility="hidden">{SQUARE}<path visibility="visible" d="M2 2h9"/></g>'
    f'<g display="none"><path display="inline" d="M2 9h9"/></g>',
    "units": "".join(
        f'<path d="M0 {n + 1}h1"/><line x1="0" y1="{n + 1}" x2="{length}" y2="{n + 1}" />'
        for n, length in enumerate(["5", "20px", ".2in", "12pt", "2pc", "1.5em", "10mm", "1cm"])
    ),
    "styles": f'<style>.a{{stroke:none}} .b{{stroke:#000}} path.k , line{{stroke:none}}</style><path class="b a" d="M2 2h9"/>'
    f'<path class="k" d="M2 5h9"/><line class="b" x1="2" y1="9" x2="9" y2="9"/>{ELL}',
    "colors that do not show": '<path d="M2 2h9" stroke="none"/><path d="M2 4h9" stroke="#000" stroke-opacity="0"/>'
    '<g opacity="0"><path d="M2 6h9"/></g><path d="M2 8h9" stroke="rgba(0,0,0,0)"/><path d="M2 10h9" stroke="transparent"/>'
    '<path d="M2 12h9" stroke-width="0"/><path d="M2 14h9" stroke="rgba(0,0,0,.9)"/>',
    "color handed down": '<g color="#000" stroke="currentColor"><path d="M2 2h9"/><path color="transparent" d="M2 5h9"/></g>',
    "path commands": '<path d="M2 2l3 3h4v-2q3 3 6 0t6 0c1 2 3 2 4 0s3-2 4 0a3 2 20 1 0 4 6zm2 9L9 20H20V12z"/>',
    "path with an error": '<path d="M2 2L9 9L20 x 9 5"/>' + ELL,
    "poly": '<polyline points="2,2 9 5,12,2"/><polygon points="20 2 30 5 25 12"/>',
    "dots": '<path d="M5 5h0M9 9h0" stroke-linecap="round" stroke-width=".3"/><path d="M15 15h0"/>' + ELL,
    "clip": '<clipPath id="c"><circle cx="15" cy="10" r="6"/></clipPath><g clip-path="url(#c)"><path d="M2 2L30 20"/></g>',
    "dashes": '<path stroke-dasharray="3 2" d="M2 2h20"/><path stroke-dasharray="5%" d="M2 5h20"/>',
    "markers at all vertices": marker(
        f'refX="3" refY="3" orient="auto" {WIDE}', which="mid", line='<path d="M3 3L12 5l3 9l9-3"/>'
    )
    + '<g marker-start="url(#m)" marker-end="url(#m)"><polyline points="20 20 30 22 35 18"/></g>',
    "marker that starts the other way": marker(f'refX="6" refY="3" orient="auto-start-reverse" {WIDE}', which="start"),
    "marker on curves": marker(
        f'refX="3" refY="3" orient="auto" {WIDE}',
        which="mid",
        line='<path d="M5 15c3-12 8-12 10 0s8 9 9 0q3-5 9 3"/>',
    ),
    "marker with a view box": marker(
        'markerUnits="userSpaceOnUse" refX="10" refY="10" viewBox="0 0 20 20"',
        '<circle cx="10" cy="10" r="8" stroke-width=".3"/>',
    ),
    "marker that is cut": marker('markerUnits="userSpaceOnUse" refX="3" refY="3"', '<path d="M-5 3h20"/>'),
    "fills are outlined": '<g stroke="none"><path fill="#000" fill-opacity="0" d="M2 2h9v9z"/></g>' + ELL,
    "view box of another shape": f'<svg {NS} width="40mm" height="30mm" viewBox="5 5 20 20" fill="none" stroke="#000" '
    'stroke-width=".07"><circle cx="15" cy="15" r="9"/><line x1="0" y1="5" x2="100%" y2="100%"/></svg>',
    "view box that slices": f'<svg {NS} width="40mm" height="30mm" viewBox="0 0 20 20" fill="none" stroke="#000" '
    'preserveAspectRatio="xMaxYMax slice" stroke-width=".05"><circle cx="10" cy="10" r="9"/></svg>',
    "anchors and descriptions": f'<a href="x"><title>t</title><desc>d</desc>{ELL}</a><defs>{SQUARE}</defs>',
    "other namespaces": f'<g xmlns:x="urn:x"><x:path d="M2 2h9"/><x:g>{SQUARE}</x:g>{ELL}</g>',
    "mask of a shape": '<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="40" height="30">'
    '<rect x="5" y="5" width="10" height="10" fill="#fff" stroke="none"/></mask><g mask="url(#m)"><path d="M0 8h30"/></g>',
}
"""What resvg draws as well."""

PAIRS: dict[str, tuple[str, str]] = {
    "dashes that are not scaled": (
        '<g transform="scale(3 2)"><path vector-effect="non-scaling-stroke" stroke-dasharray="12 8" d="M1 1H12V9"/></g>',
        '<path stroke-dasharray="3.175 2.116667" d="M3 2H36V18"/>',
    ),
    "switch by language": (
        f'<switch><g systemLanguage="de">{SQUARE}</g><g systemLanguage="fr,en">{ELL}</g>{SQUARE}</switch>',
        ELL,
    ),
    "important": (
        "<style>path{stroke:none!important} #x{stroke:#000!important}</style>"
        '<path id="x" d="M2 2h9"/><path style="stroke:#000" d="M2 5h9"/>',
        '<path d="M2 2h9"/>',
    ),
    "marker on a closed path": (
        marker(f'refX="3" refY="3" orient="auto" {WIDE}', line='<path d="M8 8h15v12z"/>'),
        f'<path d="M8 8h15v12z"/><g transform="translate(8 8) rotate(-70.67) translate(-3 -3)">{ARROW}</g>',
    ),
    "marker at an arc": (
        marker(f'refX="3" refY="3" orient="auto" {WIDE}', line='<path d="M10 10a5 5 0 1 1 5 5"/>', which="end"),
        f'<path d="M10 10a5 5 0 1 1 5 5"/><g transform="translate(15 15) rotate(180) translate(-3 -3)">{ARROW}</g>',
    ),
    "marker of the stroke's width": (
        '<marker id="m" markerWidth="60" markerHeight="60" refX="3" refY="3" orient="45" viewBox="0 0 6 6">'
        '<path stroke-width=".1" d="M1 1L5 5"/></marker><path marker-end="url(#m)" d="M5 5L20 10"/>',
        '<path d="M5 5L20 10"/><path transform="translate(20 10) rotate(45) translate(-3 -3)" d="M1 1L5 5"/>',
    ),
    "transform-origin of an attribute": (
        '<rect x="10" y="5" width="10" height="10" transform="rotate(45)" transform-origin="15 10"/>',
        '<rect x="10" y="5" width="10" height="10" transform="rotate(45 15 10)"/>',
    ),
    "transform-origin of a style": (
        '<rect x="10" y="5" width="10" height="10" style="transform:rotate(.125turn);transform-origin:15px 10px"/>',
        '<rect x="10" y="5" width="10" height="10" transform="rotate(45 15 10)"/>',
    ),
    "transform-origin in percent": (
        f'<g style="transform:rotate(30deg);transform-origin:50% 50%">{ELL}</g>',
        f'<g transform="rotate(30 20 15)">{ELL}</g>',
    ),
    "transform about its own box": (
        '<rect x="10" y="5" width="10" height="10" style="transform-box:fill-box;transform-origin:center;'
        'transform:rotate(20deg)"/><g style="transform-box:fill-box;transform-origin:100% 0;transform:rotate(90deg)">'
        '<path transform="translate(20 10)" d="M0 0h5v9"/></g>',
        '<rect x="10" y="5" width="10" height="10" transform="rotate(20 15 10)"/>'
        '<path transform="rotate(90 25 10) translate(20 10)" d="M0 0h5v9"/>',
    ),
    "transforms of CSS": (
        f'<g style="transform:translate(10px,5px) scale(120%) skew(10deg,.1rad) rotateZ(10grad)">{ELL}</g>'
        f'<g style="translate:20px 50%;rotate:20deg;scale:1 -1">{ELL}</g>',
        f'<g transform="translate(10 5) scale(1.2) matrix(1 .10033467 .17632698 1 0 0) rotate(9)">{ELL}</g>'
        f'<g transform="translate(20 15) rotate(20) scale(1 -1)">{ELL}</g>',
    ),
    "transforms that are none": (
        f'<g style="transform:translate(10,5)">{ELL}</g><g transform="translate(0 9)" style="transform:none">{ELL}</g>',
        ELL,
    ),
    "a style's transform before an attribute's": (
        f'<g transform="translate(9 9)" style="transform:translate(3px,2px)">{ELL}</g>',
        f'<g transform="translate(3 2)">{ELL}</g>',
    ),
    "media queries": (
        "<style>@media print{.a{stroke:none}} @media screen and (prefers-color-scheme:dark){.a{stroke:none}}"
        ".b{stroke:none} @media screen, print{.b{stroke:#000}} @supports (display:grid){.c{stroke:none}}</style>"
        '<path class="a" d="M2 2h9"/><path class="b" d="M2 5h9"/><path class="c" d="M2 8h9"/>'
        '<style media="print">path{stroke:none}</style>',
        '<path d="M2 2h9"/><path d="M2 5h9"/>',
    ),
    "selectors": (
        "<style>g > .a, svg path[data-x='1'], .s ~ path, .s + line, path:nth-child(2n+5), g:not(.n) .q{stroke:none}"
        "path:hover{stroke:none} :root{fill:none} #i.j{stroke:none}</style>"
        '<g class="n"><path class="a" d="M2 2h9"/><path d="M2 4h9"/><path class="q" d="M2 6h9"/></g>'
        '<path data-x="1" d="M2 8h9"/><path data-x="2" d="M2 10h9"/><path d="M2 12h9"/><path id="i" d="M2 14h9"/>'
        '<g><path class="q" d="M2 16h9"/></g><path class="s" d="M2 18h9"/>',
        '<path d="M2 4h9M2 6h9M2 10h9M2 14h9M2 18h9"/>',
    ),
    "specificity and order": (
        "<style>path.a{stroke:#000} .a{stroke:none} .b.c{stroke:none} .c{stroke:#000} *{stroke-width:.1}"
        "@layer x{#l{stroke:none}} .l{stroke:#000}</style>"
        '<path class="a" d="M2 2h9"/><path class="c b" d="M2 5h9"/><path class="l" id="l" d="M2 8h9" stroke-width="3"/>',
        '<path d="M2 2h9M2 8h9"/>',
    ),
    "custom properties": (
        "<style>:root{--ink:#000;--no:none} .a{stroke:var(--no)} .b{stroke:var(--what, var(--ink))}</style>"
        '<path class="a" d="M2 2h9"/><path class="b" stroke="none" d="M2 5h9"/>'
        '<g style="--ink:none"><path style="stroke:var(--ink)" d="M2 8h9"/></g>',
        '<path d="M2 5h9"/>',
    ),
    "geometry of a style": (
        '<style>circle{r:4px;cx:10px} rect{width:8px;height:20%} path{d:path("M20 20h9v5")}</style>'
        '<circle cy="8" r="1"/><rect x="20" y="2" width="1" height="1"/><path/><circle cy="20" cx="5" style="r:3"/>',
        '<circle cx="10" cy="8" r="4"/><rect x="20" y="2" width="8" height="6"/><path d="M20 20h9v5"/>'
        '<circle cx="10" cy="20" r="3"/>',
    ),
    "values that are none": (
        '<g stroke="#000"><path stroke="#12345" d="M2 2h9"/><path style="stroke:nonsense" d="M2 5h9"/>'
        '<path style="stroke:#000;stroke:rgb(1" d="M2 8h9"/><path stroke-width="-3" d="M2 11h9"/></g>',
        '<path d="M2 2h9M2 5h9M2 8h9M2 11h9"/>',
    ),
    "colors of today": (
        "".join(
            f'<path stroke="{color}" d="M2 {n + 2}h9"/>'
            for n, color in enumerate(
                [
                    "rgb(0 0 0)",
                    "rgb(0 0 0 / 90%)",
                    "hsl(240, 100%, 10%)",
                    "hsl(240deg 100% 10% / 1)",
                    "hwb(0 0% 100%)",
                    "#000f",
                    "rgb(0% 0% 0%)",
                    "lab(5% 0 0)",
                    "oklch(10% 0 0)",
                    "color(srgb 0 0 0)",
                    "BLACK",
                    "rebeccapurple",
                ]
            )
        )
        + '<path stroke="#0000" d="M2 20h9"/><path stroke="rgb(0 0 0 / 0%)" d="M2 22h9"/><path stroke="hsla(0,0%,0%,0)" d="M2 24h9"/>',
        "".join(f'<path d="M2 {n + 2}h9"/>' for n in range(12)),
    ),
    "lengths that follow the font": (
        '<g font-size="5"><line x2="2em" y1="2" y2="2"/><g style="font-size:2em"><line x2="2em" y1="5" y2="5"/>'
        '<line x2="1rem" y1="8" y2="8"/></g></g>',
        '<path d="M0 2h10M0 5h20M0 8h16"/>',
    ),
    "switch of a picture program": (
        f'<switch><foreignObject requiredExtensions="http://ns.adobe.com/x/" width="9" height="9"/><g>{ELL}</g>{SQUARE}</switch>',
        ELL,
    ),
    "ellipse with one radius": ('<ellipse cx="20" cy="15" rx="9"/>', '<circle cx="20" cy="15" r="9"/>'),
    "size of a use": (
        '<symbol id="s" viewBox="0 0 10 10" width="8" height="8" stroke-width=".1"><path d="M1 1L9 9"/></symbol>'
        '<use href="#s"/><use href="#s" x="10" width="20"/>',
        '<path d="M.8 .8L7.2 7.2"/><path d="M16.8 .8L23.2 7.2"/>',
    ),
    "quarters of millimetres": ('<line x2="40Q" y1="5" y2="5"/>', f'<line x2="{10 * 96 / 25.4}" y1="5" y2="5"/>'),
    "markers by the paint of the line": (
        marker(
            f'refX="3" refY="3" {WIDE}',
            '<path stroke="context-stroke" d="M0 0h6"/><path stroke="context-fill" d="M0 5h6"/>',
            '<path stroke="#000" fill="none" d="M5 5h20"/>',
        ),
        '<path d="M5 5h20M22 2h6"/>',
    ),
    "filled shapes": (
        '<g stroke="none" fill="#000"><path d="M5 5h9v9"/></g>'
        '<path stroke="none" fill="#fff" d="M20 5h9v9z"/><line x1="2" y1="20" x2="20" y2="22" stroke="none" fill="#000"/>',
        '<path d="M5 5h9v9z"/>',
    ),
    "white page": (
        '<g stroke="none" fill="#fff"><path d="M0 30H40V0H0z"/><polygon points="5 5 30 5 30 20 5 20"/></g>' + ELL,
        ELL,
    ),
    "dark page": (
        '<rect width="100%" height="100%" fill="#123" stroke="none"/><path fill="#123" stroke="none" d="M5 5h9v9z"/>'
        '<path stroke="#fff" d="M2 2h9"/>',
        '<path d="M2 2h9"/>',
    ),
    "reference to a missing paint": (
        '<path stroke="url(#no)" d="M2 2h9"/><path stroke="url(#no) #000" d="M2 5h9"/>',
        '<path d="M2 5h9"/>',
    ),
    "use by the paint of its own": (
        '<defs><path id="a" stroke="context-stroke" d="M2 2h9"/></defs><use href="#a" x="2" y="3"/>',
        '<path d="M4 5h9"/>',
    ),
    "symbol that is moved": (
        '<symbol id="s" x="5" y="5" viewBox="0 0 10 10" width="10" height="10"><circle cx="5" cy="5" r="4"/></symbol>'
        '<use href="#s"/>',
        '<circle cx="10" cy="10" r="4"/>',
    ),
    "attributes with errors": (
        f'<g transform="translate(9 9) what(3)">{ELL}</g><polyline points="2 20 9 25 L 12 4"/><svg viewBox="0 0 0 9">{SQUARE}</svg>',
        ELL,
    ),
    "markers at a turn": (
        marker(f'orient="auto" {WIDE}', line='<path d="M15 5h10h-5"/>', which="mid")
        + '<path marker-mid="url(#m)" d="M5 15h9h0v9"/>',
        f'<path d="M15 5h10h-5M5 15h9v9"/><g transform="translate(25 5) rotate(-90)">{ARROW}</g>'
        f'<g transform="translate(14 15)">{ARROW}</g><g transform="translate(14 15) rotate(45)">{ARROW}</g>',
    ),
    "a page that is turned": (
        f'<svg {NS} width="40mm" height="30mm" viewBox="0 0 40 30" {INK} style="transform:rotate(180deg)">{SQUARE}</svg>',
        '<rect x="25" y="15" width="10" height="10"/>',
    ),
}
"""What resvg draws otherwise than browsers, or does not know, and the same in plain terms."""
