"""The bytes of a photo, wherever it is: a file of this machine, of the web, or in an object store."""

from __future__ import annotations

from pathlib import Path

from artkit.artwork.photo import bytes_of
from artkit.remote.address import address_of, is_web, path_of


def data_of(source: str) -> bytes:
    """Read a photo by its path or its address; an ArtkitError says why that cannot be done, and what would work."""
    address = address_of(source)
    if not address:
        return bytes_of(Path(path_of(source)))
    if is_web(address):
        from artkit.remote import web

        return web.read(address)
    from artkit.remote import store

    return store.read(address)


def head_of(source: str, most: int) -> bytes:
    """Read the first bytes of a photo by its address."""
    from artkit.remote import store, web

    address = address_of(source)
    return web.read(address, most, whole=False) if is_web(address) else store.head(address, most)
