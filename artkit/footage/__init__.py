"""Moving pictures as they come (folders of frames, animated files, videos) in, their frames and delays out.

Frames are decoded one after the other and not kept: `Footage.frames` begins anew each time it is called.
"""

from artkit.footage.find import footage_of, is_moving
from artkit.footage.model import Footage
from artkit.footage.store import Store

__all__ = ["Footage", "Store", "footage_of", "is_moving"]
