"""What the processes of a batch have loaded from the start: it is loaded once, and they are forked from there."""

import gc
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages

import artkit
from artkit.registry.discovery import all_ops

PARTS = frozenset(
    "artwork color export gallery grouping importance metadata ops pens planar raster recipe styles tracer".split()  # noqa: SIM905
)
"""Parts of artkit whose modules are all loaded."""

OTHERS = (
    "cv2", "PIL.Image", "numpy", "resvg_py", "scipy.ndimage", "scipy.sparse.csgraph", "scipy.spatial",
    "skimage.filters", "svgwrite",
)  # fmt: skip
"""What these load late, and nearly every artwork needs."""


def load() -> None:
    """Load all of it; what is not installed is left out."""
    own = [
        module.name
        for module in walk_packages(artkit.__path__, "artkit.")
        if module.name.split(".")[1] in PARTS and not module.name.endswith("__main__")
    ]
    for name in ("artkit.run", "artkit.render", "artkit.batch.work", *own, *OTHERS):
        with suppress(Exception):  # whoever needs it says what is wrong with it
            import_module(name)
    with suppress(Exception):
        all_ops()
    import cv2
    from PIL import Image as Pillow

    Pillow.init()
    cv2.setNumThreads(1)  # the processes are as many as there are cores


load()
gc.freeze()  # what is loaded is no garbage, and stays shared between processes
