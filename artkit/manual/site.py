"""Pages and pictures to a site that opens from a disk, by MkDocs with its theme Material."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from artkit.errors import ArtkitError, UsageError
from artkit.manual.pages import folder, sections, sheets_of_looks, staged, title
from artkit.manual.pictures import names, picture

Progress = Callable[[float, int, str], None]
"""Takes the number of pictures that are made, that of all, and the name of the last one."""


def _silent(done: float, count: int, name: str) -> None:
    pass


def build(target: Path, photo: Path, jobs: int = 1, progress: Progress = _silent) -> Path:
    """Build the site into a folder and give its first page's path; what lay there of an earlier one is replaced."""
    try:
        from mkdocs.commands.build import build as render
        from mkdocs.config import load_config
        from mkdocs.exceptions import MkDocsException
    except ModuleNotFoundError:
        raise UsageError("docs build: needs MkDocs, which is not installed: pip install mkdocs-material") from None
    if target.is_dir() and any(target.iterdir()) and not (target / "search").is_dir():
        raise UsageError(f"{target}: holds other files; name a folder that is empty, or that an earlier site is in")
    with tempfile.TemporaryDirectory() as place:
        pages = write(Path(place) / "pages", photo, jobs, progress)
        file = Path(place) / "mkdocs.yml"
        file.write_text(json.dumps(settings(pages, target)), "utf-8")  # JSON is YAML
        try:
            render(load_config(str(file)))
        except MkDocsException as error:
            raise ArtkitError(f"docs build: {error}") from None
    return target / "index.html"


def write(pages: Path, photo: Path, jobs: int = 1, progress: Progress = _silent) -> Path:
    """Write all that the site is built of into a folder: pages, pictures, the schema."""
    paths: dict[tuple[str, str], str] = {}
    for number, (kind, name, suffix, data) in enumerate(_pictures(photo, jobs), start=1):
        paths[kind, name] = f"pictures/{kind}/{name}{suffix}"
        file = pages / paths[kind, name]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        progress(number, len(names()), name)
    for name, text in staged(paths).items():
        (pages / name).write_text(text, "utf-8")
    shutil.copy(folder() / "recipe.schema.json", pages)
    for sheet in sheets_of_looks():
        (pages / "pictures" / "sheets").mkdir(parents=True, exist_ok=True)
        shutil.copy(sheet, pages / "pictures" / "sheets")
    return pages


def _pictures(photo: Path, jobs: int) -> Iterator[tuple[str, str, str, bytes]]:
    """Make all pictures, in as many processes."""
    made = partial(picture, photo=photo)
    if jobs < 2:
        for kind, name in names():
            yield kind, name, *made(kind, name)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for (kind, name), told in zip(names(), pool.map(made, *zip(*names(), strict=True)), strict=True):
            yield kind, name, *told


def settings(pages: Path, target: Path) -> dict[str, Any]:
    """Give the settings of MkDocs: no fonts or scripts from elsewhere, search that works from a disk."""
    texts = {path.stem: title(path.read_text("utf-8")) for path in pages.glob("*.md")}
    menu = [
        {heading: [{texts[name] or name: f"{name}.md"} for name in members]}
        for heading, members in sections(set(texts)).items()
    ]
    look = [
        {"media": "(prefers-color-scheme: light)", "scheme": "default"},
        {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
    ]
    return {
        "site_name": "artkit",
        "docs_dir": str(pages),
        "site_dir": str(target.resolve()),
        "use_directory_urls": False,
        "strict": True,
        "validation": {"links": {"anchors": "warn", "not_found": "warn", "unrecognized_links": "warn"}},
        "theme": {"name": "material", "font": False, "palette": look, "features": ["content.code.copy"]},
        "plugins": ["search", "offline"],
        "markdown_extensions": ["tables", "attr_list", "pymdownx.superfences", {"toc": {"permalink": True}}],
        "nav": menu,
    }
