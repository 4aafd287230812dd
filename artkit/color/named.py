"""Palettes that have a name: colors as hex digits, from dark to light where they are a scale.

Some come from machines (Game Boy, CGA, PICO-8, Commodore 64, ZX Spectrum), from print shops (the inks of a Risograph,
the iron blue of a cyanotype), from science (viridis, magma and inferno of matplotlib; Okabe and Ito's eight, told apart
by color-blind eyes too); the others are made for photos.
"""

from __future__ import annotations

SETS = {
    "autumn": "2a1410 5b2318 8f3b1b c4601f e38e2f f0bd5e f8e6b4",
    "bauhaus": "1d1d1b 0b4ea2 d52b1e f2b705 f4ecd8",
    "candy": "3b1c59 7a2e8e c2439c f26b9b ff9fb0 ffc9c4 fff0ea",
    "cga": "000000 55ffff ff55ff ffffff",
    "commodore-64": "000000 4a4a4a 7b7b7b b2b2b2 ffffff 813338 c46c71 553800 8e5029 edf171 a9ff9f 56ac4d 75cec8 2e2c9b "
    "706deb 8e3c97",
    "cyanotype": "06172e 0d305c 1c5289 4a83b5 8db5d4 c9dfea f4f8f6",
    "forest": "10190f 22371d 3d5a2a 66803a 98a657 c9c98a efe9cc",
    "game-boy": "0f380f 306230 8bac0f 9bbc0f",
    "grays": "000000 333333 666666 999999 cccccc ffffff",
    "inferno": "000004 280b53 65156e 9f2a63 d44842 f57d15 fac127 fcffa4",
    "magma": "000004 221150 5f187f 982d80 d3436e f8765c febb81 fcfdbf",
    "neon": "0b0221 2d0a5e 7b1fa2 ff2a6d ff7edb 05d9e8 d1f7ff",
    "nord": "2e3440 3b4252 434c5e 4c566a 5e81ac 81a1c1 88c0d0 8fbcbb d8dee9 eceff4 bf616a d08770 ebcb8b a3be8c b48ead",
    "ocean": "04131f 0a2f4a 0f5470 197c8e 3ca6a6 7cc9bd bfe6d3 f2fbf1",
    "okabe-ito": "000000 0072b2 d55e00 009e73 cc79a7 e69f00 56b4e9 f0e442",
    "pico-8": "000000 1d2b53 7e2553 008751 ab5236 5f574f c2c3c7 fff1e8 ff004d ffa300 ffec27 00e436 29adff 83769c "
    "ff77a8 ffccaa",
    "primaries": "000000 ff0000 00ff00 0000ff 00ffff ff00ff ffff00 ffffff",
    "riso": "2b2b2f 3d5588 00838a f15060 ff48b0 ff6c2f ffe800 f7f3e8",
    "sepia": "1e130b 43291a 6f4a2f 9c7248 c7a072 e6cda5 f8efdc",
    "solarized": "002b36 073642 586e75 657b83 839496 93a1a1 eee8d5 fdf6e3 b58900 cb4b16 dc322f d33682 6c71c4 268bd2 "
    "2aa198 859900",
    "sunset": "1b0c2e 4a1148 8c1c5a c93756 ee6c4d f9a65a fdd87d fff3c4",
    "viridis": "440154 46327e 365c8d 277f8e 1fa187 4ac16d a0da39 fde725",
    "zx-spectrum": "000000 0000d7 d70000 d700d7 00d700 00d7d7 d7d700 d7d7d7",
}
"""Colors by the palette's name."""
