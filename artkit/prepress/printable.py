"""Plates and a printer's profile in, what of them it does not print out, a line each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from artkit.color.palette import parse
from artkit.color.spaces import srgb_to_oklab
from artkit.prepress.mixing import overlaps
from artkit.prepress.press import Pressed
from artkit.prepress.profile import Profile

SHARE = 1e-4
"""Of the page on which too much ink counts for nothing."""


def unfit(made: Pressed, profile: Profile) -> Iterator[str]:
    """Tell inks, their number, coverage, marks and size that a printer does not print."""
    plates, layout = made.plates.plates, made.paper.layout
    left, top, right, bottom = layout.trim
    size = right - left, bottom - top
    if profile.largest is not None and (
        min(size) > min(profile.largest) + 0.01 or max(size) > max(profile.largest) + 0.01
    ):
        yield (
            f"page: {size[0]:g} x {size[1]:g} mm, and {profile.largest[0]:g} x {profile.largest[1]:g} mm are the most; "
            "give a smaller --page"
        )
    if profile.most_colors is not None and len(plates) > profile.most_colors:
        yield f"inks: {len(plates)}, and {profile.most_colors} are the most"
    if profile.marks and len(plates) > 1 and not layout.asked.register_marks:
        yield "marks: there are none to lay plates on each other by; give --registration-marks"
    if profile.most_coverage is not None:
        most = int(profile.most_coverage // 100)
        heavy = [each for each in overlaps(made.plates) if len(each.names) > most]
        if sum(each.area for each in heavy) > SHARE * size[0] * size[1]:
            inks = max((each.names for each in heavy), key=len)
            yield f"coverage: {100 * len(inks)}% of {' + '.join(inks)}, and {profile.most_coverage:g}% is the most"
        if made.plates.dense > profile.most_coverage / 100:
            yield (
                f"coverage: {100 * made.plates.dense:.0f}% where it is darkest, and {profile.most_coverage:g}% is the "
                "most; name fewer inks, as in --order '#0078bf:Blue,#ff48b0:Pink'"
            )
    for plate in plates:
        if profile.spots and plate.color not in profile.spots:
            yield f"{plate.name}: {plate.color} is none of its inks; {_nearest(plate.color, profile)} is nearest"


def _nearest(color: str, profile: Profile) -> str:
    colors = list(profile.spots)
    lab = srgb_to_oklab(np.array([parse(each) for each in colors], np.uint8))
    far = np.linalg.norm(lab - srgb_to_oklab(np.array(parse(color), np.uint8)), axis=-1)
    found = colors[int(np.argmin(far))]
    return f"{profile.spots[found]} ({found})"
