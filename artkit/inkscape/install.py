"""Writes the extension into Inkscape's folder of the user's own extensions."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from artkit.export import files
from artkit.inkscape.dialogs import SCRIPT, dialogs


def home() -> Path:
    """The folder of the user's own extensions, as Inkscape has it on this system."""
    if own := os.environ.get("INKSCAPE_PROFILE_DIR"):
        return Path(own) / "extensions"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/org.inkscape.Inkscape/config/inkscape/extensions"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData/Roaming")) / "inkscape/extensions"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "inkscape/extensions"


def install(folder: Path) -> list[Path]:
    """Write dialogs and script into a folder, in place of those of an earlier version; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = dialogs()
    texts[SCRIPT] = (Path(__file__).parent / "script.py").read_text("utf-8")
    texts["artkit_extension.json"] = json.dumps({"python": sys.executable}) + "\n"
    remove(folder)
    return [files.write(folder / name, text.encode()) for name, text in sorted(texts.items())]


def remove(folder: Path) -> list[Path]:
    """Take away what `install` has written; give the paths."""
    found = [*sorted(folder.glob("artkit_*.inx")), folder / SCRIPT, folder / "artkit_extension.json"]
    gone = [path for path in found if path.is_file()]
    for path in gone:
        path.unlink()
    return gone
