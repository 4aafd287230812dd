"""The pages, as Markdown: those of the documentation, with pictures, and links that stay within the site."""

from __future__ import annotations

import re
from pathlib import Path

from artkit.errors import UsageError, did_you_mean
from artkit.manual.pictures import own_presets, said
from artkit.recipe import find
from artkit.recipe.change import options
from artkit.recipe.listing import listed
from artkit.recipe.model import FAMILIES
from artkit.registry.controls import shown

HERE = Path(__file__).parent.parent

SECTIONS = {
    "Start": ("index", "tutorial", "cookbook", "troubleshooting"),
    "Make": ("presets", "looks", "recipes", "animation", "styles", "batch", "sweeps", "gallery"),
    "On paper": ("print", "plotter", "line-art", "layers", "cutting", "inkscape"),
    "Look up": ("reference", "python", "glossary", "security", "settings"),
    "How it works": ("tracer", "raster", "importance", "reproducible", "scale", "article"),
}
"""The pages in the order of the site's menu; what is not named here comes last."""

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def folder() -> Path:
    """The folder of the pages: in the package where it was installed, beside it in a checkout."""
    installed = HERE / "docs"
    return installed if installed.is_dir() else HERE.parent / "docs"


def pages() -> dict[str, str]:
    """Give the text of every page that lies in the folder, by its name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(folder().glob("*.md"))}


def page(name: str) -> str:
    """Give the text of one page; a UsageError suggests the nearest one."""
    found = pages()
    if name not in found:
        raise UsageError(f"no page {name!r}{did_you_mean(name, found)}; `artkit docs list` has all")
    return found[name]


def title(text: str) -> str:
    """Give a page's heading."""
    return next((line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")), "")


def staged(pictures: dict[tuple[str, str], str]) -> dict[str, str]:
    """Give all pages of the site by their file's name; `pictures` has the paths of pictures of ("ops", name)."""
    texts = pages()
    texts["reference"] = _pictured(texts["reference"], pictures)
    texts["presets"] = preset_page(pictures)
    outside = _outside()
    texts |= {name.lower(): path.read_text("utf-8") for name, path in outside.items()}
    return {f"{name}.md": _linked(text, outside) for name, text in texts.items()}


def sheets_of_looks() -> list[Path]:
    """The pictures of docs/looks.md, which lie in a checkout alone."""
    return sorted((folder().parent / "gallery" / "sheets").glob("*.webp"))


def sections(names: set[str]) -> dict[str, list[str]]:
    """Give the pages of each section of the menu; those of no section are in "More"."""
    listed = {heading: [name for name in members if name in names] for heading, members in SECTIONS.items()}
    rest = sorted(names - {name for members in listed.values() for name in members})
    return listed | ({"More": rest} if rest else {})


def preset_page(pictures: dict[tuple[str, str], str]) -> str:
    """Write the page of all presets: by family, each with its picture, what it makes and its options."""
    parts = ["# Presets", _INTRODUCTION.strip()]
    by_family: dict[str, list[str]] = {family: [] for family in (*FAMILIES, "")}
    for name, path in own_presets().items():
        by_family[listed(path)[2]].append(name)
    for family, about in {**FAMILIES, "": "all others"}.items():
        if by_family[family]:
            heading = (family or "others").capitalize()
            parts += [f"## {heading}", f"{about[:1].upper()}{about[1:]}."]
            parts += [_preset(name, pictures.get(("presets", name), "")) for name in by_family[family]]
    return "\n\n".join(parts) + "\n"


def _preset(name: str, picture: str) -> str:
    checked = find(name)
    lines = [f"### {name}", *([f"![{name}]({picture})"] if picture else [])]
    lines += [checked.data.description or checked.data.title, f"    artkit apply {name} PHOTO"]
    offered = options(checked)
    if offered:
        rows = ["| option | default | what it is |", "| --- | --- | --- |"]
        rows += [
            f"| `--{option.replace('_', '-')}` | {_cell(shown(each.default))} | {_cell(each.description)} |"
            for option, each in offered.items()
        ]
        lines.append("\n".join(rows))
    return "\n\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


_INTRODUCTION = """
Each picture is made of the photo of `artkit demo` by the preset as it is. Options are given after the photo, as in
`artkit apply poster cat.jpg --colors 6`; every other parameter of a step by `--set STEP.PARAM=VALUE`.
"""


def _pictured(text: str, pictures: dict[tuple[str, str], str]) -> str:
    """Put the picture of each operation under its summary in the reference."""

    def with_picture(found: re.Match[str]) -> str:
        picture = pictures.get(("ops", found[1]))
        if picture is None:
            return found[0]
        given = said(found[1])
        return f"{found[0]}\n![{found[1]}]({picture})\n" + (f"\n(With {given}.)\n" if given else "")

    return re.sub(r"^### (\S+)\n\n.*\n", with_picture, text, flags=re.M)


def _outside() -> dict[str, Path]:
    """Pages that lie beside the folder in a checkout."""
    beside = folder().parent
    found = {name: beside / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")}
    return {name: path for name, path in found.items() if path.is_file() and folder() != HERE / "docs"}


def _linked(text: str, outside: dict[str, Path]) -> str:
    """Let links lead to pages of the site; what is not on it is named without a link."""
    sheets = {f"../gallery/sheets/{file.name}": f"pictures/sheets/{file.name}" for file in sheets_of_looks()}
    places = {f"{'../' * up}{name}.md": f"{name.lower()}.md" for name in outside for up in (0, 1)}

    def link(found: re.Match[str]) -> str:
        mark, words, target = found.groups()
        place, sign, anchor = target.partition("#")
        if "://" in target or not place or target.startswith("pictures/"):
            return found[0]
        if place in sheets:
            return f"{mark}[{words}]({sheets[place]})"
        place = places.get(place, place.removeprefix("docs/"))
        if (folder() / place).is_file() or place in places.values() or place == "presets.md":
            return f"{mark}[{words}]({place}{sign}{anchor})"
        return "" if mark else words

    return _LINK.sub(link, re.sub(r"<table>.*?</table>\n", "", text, flags=re.S))
