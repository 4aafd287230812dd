"""SVG files in, drawings out: artkit's own as they were, those of other tools as far as a drawing holds them.

Paths, basic shapes, groups, <use>, transforms, styles, gradients, strokes, named layers, and the soft layers and
shadows that artkit writes. What a drawing does not hold (pictures, clips, masks, filters, patterns, groups that are
translucent as one) stands alone between drawings, to be rendered; text is left out, as there are no fonts. Both are
counted, in words.
"""

from __future__ import annotations

from artkit.export.read.alone import Alone
from artkit.export.read.assemble import Opened, opened

__all__ = ["Alone", "Opened", "opened"]
