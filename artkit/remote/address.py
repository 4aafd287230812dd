"""What an address is, which of them are of the web, and what a file is called that one leads to."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):([/\\]+)(.*)", re.IGNORECASE | re.DOTALL)
"""A scheme of two letters or more, since C:\\ is a drive; slashes as they are written, or as a path makes them."""

_LOCAL = ("file", "local")
_WEB = ("http", "https")


def address_of(place: str | os.PathLike[str]) -> str:
    """Give the address that a text, or the path made of one, stands for; "" where it is a path of this machine."""
    parts = _ADDRESS.fullmatch(os.fspath(place))
    if not parts or parts[1].lower() in _LOCAL:
        return ""
    rest = parts[3] if parts[2] == "//" else parts[3].replace("\\", "/")
    return f"{parts[1].lower()}://{rest}"


def scheme_of(address: str) -> str:
    """Give what stands before ://."""
    return address.partition("://")[0]


def is_web(address: str) -> bool:
    """Whether an address is of the web, where files are read and nothing is listed or written."""
    return scheme_of(address) in _WEB


def path_of(place: str) -> str:
    """Give the path that a file:// address stands for, and anything else as it is."""
    parts = _ADDRESS.fullmatch(place)
    if not parts or parts[1].lower() not in _LOCAL:
        return place
    from urllib.request import url2pathname

    return url2pathname(f"/{parts[3].removeprefix('localhost/')}")


def name_of(place: str) -> str:
    """Give the name of the file that a path or an address leads to: what an artwork is called after."""
    address = address_of(place)
    if not address:
        return Path(path_of(place)).name
    if not is_web(address):
        return address.rstrip("/").rpartition("/")[2]
    parts = urlsplit(address)
    return Path(unquote(parts.path)).name or parts.hostname or "photo"


def joined(folder: str, name: str) -> str:
    """Give the address of a file in a folder's."""
    return f"{folder.rstrip('/')}/{name}"
