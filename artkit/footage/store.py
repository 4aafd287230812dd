"""Pictures on disk: put there one by one, taken back in any order, so that memory holds none of long footage."""

from __future__ import annotations

import zlib
from tempfile import TemporaryFile
from typing import NamedTuple
from weakref import finalize

import numpy as np

from artkit.artwork.image import Image


class _Place(NamedTuple):
    start: int
    length: int
    shape: tuple[int, ...]


class Store:
    """Keeps pictures by number in a temporary file, which goes when nobody has the store any more."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as the store
        finalize(self, self._file.close)
        self._places: dict[int, _Place] = {}
        self._end = 0

    def __contains__(self, number: int) -> bool:
        return number in self._places

    def put(self, number: int, image: Image) -> None:
        """Keep a picture."""
        array = image.pixels if image.alpha is None else image.rgba
        data = zlib.compress(np.ascontiguousarray(array).tobytes(), 1)
        self._file.seek(self._end)
        self._file.write(data)
        self._places[number] = _Place(self._end, len(data), array.shape)
        self._end += len(data)

    def get(self, number: int) -> Image:
        """Give a picture that was kept."""
        place = self._places[number]
        self._file.seek(place.start)
        array = np.frombuffer(zlib.decompress(self._file.read(place.length)), np.uint8).reshape(place.shape)
        if place.shape[2] == 3:
            return Image(array)
        return Image(np.ascontiguousarray(array[..., :3]), np.ascontiguousarray(array[..., 3]))
