"""The gallery's page: one HTML file that needs nothing from elsewhere and opens from a disk."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from artkit.gallery.record import Record

_STYLE = """
:root { color-scheme: dark }
body { margin: 0 auto; max-width: 1500px; padding: 2rem; background: #121214; color: #e8e6e3;
       font: 15px/1.5 system-ui, sans-serif }
header { display: flex; align-items: baseline; gap: 1rem; margin-bottom: 2rem }
h1 { font-weight: 300; font-size: 2rem; margin: 0 }
header p, .about { color: #98958f; margin: 0 }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 1.5rem; align-items: start }
article { background: #1c1c20; border-radius: 10px; overflow: hidden; transition: transform .15s }
article:hover { transform: translateY(-3px) }
article img { display: block; width: 100%; height: 240px; object-fit: contain; background: #0b0b0c }
article > div { padding: .8rem 1rem 1rem }
h2 { font-size: 1rem; font-weight: 600; margin: 0; overflow-wrap: anywhere }
.about { font-size: .85rem; overflow-wrap: anywhere }
details { margin-top: .5rem; font-size: .85rem }
summary { cursor: pointer; color: #98958f }
pre { overflow: auto; max-height: 18rem; background: #0b0b0c; padding: .7rem; border-radius: 6px }
a { color: inherit; text-decoration: none }
a:focus-visible, summary:focus-visible { outline: 2px solid #7aa2f7 }
"""


def html(records: Sequence[Record]) -> str:
    """Give the page's text: a card for each record, in the order given."""
    count = f"{len(records)} artwork{'' if len(records) == 1 else 's'}"
    cards = "\n".join(map(_card, records)) or "<p>No artworks yet.</p>"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>artkit gallery</title>
<style>{_STYLE}</style>
</head>
<body>
<header><h1>Gallery</h1><p>{count}</p></header>
<main>
{cards}
</main>
</body>
</html>
"""


def _card(record: Record) -> str:
    file = escape(quote(record.path.name))
    title = escape(record.title or record.name)
    form = record.path.suffix.lstrip(".").upper()
    about: tuple[str, ...] = (
        record.photo,
        record.preset,
        f"seed {record.seed}",
        form,
        _size(record.bytes),
        f"{record.seconds:.1f} s",
    )
    if "shapes" in record.measurements and "psnr" in record.measurements:
        about += (f"{record.measurements['shapes']:,.0f} shapes", f"{record.measurements['psnr']:.1f} dB")
    return (
        f'<article><a href="{file}"><img loading="lazy" src="{escape(quote(record.thumbnail))}" alt="{title}"></a>'
        f'<div><h2><a href="{file}">{title}</a></h2><p class="about">{escape(" · ".join(about))}</p>'
        f"<details><summary>Recipe</summary><pre>{escape(record.recipe)}</pre></details></div></article>"
    )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
