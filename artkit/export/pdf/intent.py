"""A printer's ICC profile in, what a PDF needs of it out: name, channels, and colors in them (ICC.1:2010, 7)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from artkit.arrays import Pixels
from artkit.errors import UsageError

SPACES = {b"CMYK": ("CMYK", 4), b"RGB ": ("RGB", 3), b"GRAY": ("L", 1)}
"""Colors that an output intent may have: Pillow's name of their pixels, and the number of channels."""

CLASSES = {b"scnr": "a scanner", b"mntr": "a monitor", b"link": "a link of two devices", b"spac": "a color space",
           b"abst": "an effect", b"nmcl": "named colors"}  # fmt: skip
LARGEST = 64 << 20
"""Bytes; profiles of presses have one to three million."""


@dataclass(frozen=True, eq=False)
class Intent:
    """How something will be printed: the profile's bytes, its name, the mode of its pixels, and its channels."""

    data: bytes
    name: str
    mode: str
    channels: int

    @property
    def space(self) -> str:
        """The PDF's name of its colors."""
        return {4: "/DeviceCMYK", 3: "/DeviceRGB", 1: "/DeviceGray"}[self.channels]

    def converted(self, pixels: Pixels) -> Pixels:
        """Give sRGB pixels (H, W, 3) in the profile's colors, (H, W, channels), all ink as 255.

        Relative colorimetric, with the black points matched: white stays bare.
        """
        from PIL import Image
        from PIL.ImageCms import applyTransform

        made = applyTransform(Image.fromarray(np.ascontiguousarray(pixels)), self._transform)
        assert made is not None
        return np.asarray(made, np.uint8).reshape(*pixels.shape[:2], self.channels)

    @cached_property
    def _transform(self) -> Any:
        from PIL import ImageCms

        profile = ImageCms.getOpenProfile(io.BytesIO(self.data))
        return ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            profile,
            "RGB",
            self.mode,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOCACHE,
        )


def intent_of(data: bytes, where: str) -> Intent:
    """Read a profile; a UsageError says in a line why it cannot be an output intent of PDF/X-4."""
    if len(data) < 132 or data[36:40] != b"acsp" or int.from_bytes(data[:4], "big") > len(data):
        raise UsageError(f"--profile {where}: is no ICC profile, or is cut off; printers give theirs out as .icc files")
    if len(data) > LARGEST:
        raise UsageError(f"--profile {where}: is larger than {LARGEST >> 20} MB; profiles of presses have 1 to 3")
    kind, space = data[12:16], data[16:20]
    if kind != b"prtr":
        what = CLASSES.get(kind, "something else")
        raise UsageError(f"--profile {where}: is of {what}; PDF/X-4 takes the profile of a printer or a press")
    if space not in SPACES:
        shown = space.decode("ascii", "replace").strip()
        raise UsageError(f"--profile {where}: is for {shown} colors; PDF/X-4 takes CMYK, RGB or gray")
    if data[8] > 4:
        raise UsageError(f"--profile {where}: is of version {data[8]} of ICC, and PDF/X-4 takes 2 to 4")
    from PIL import ImageCms

    mode, channels = SPACES[space]
    try:
        profile = ImageCms.getOpenProfile(io.BytesIO(data))
        name = ImageCms.getProfileDescription(profile).strip()
        made = Intent(data, name or where, mode, channels)
        made.converted(np.zeros((1, 1, 3), np.uint8))
    except (OSError, ImageCms.PyCMSError) as error:
        raise UsageError(f"--profile {where}: cannot be used for printing: {error}") from None
    return made
