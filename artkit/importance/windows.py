"""Square windows that look like a face: histograms of oriented gradients, weighed by one table (Dalal and Triggs 2005).

Windows are 24 pixels wide, in cells of 3 x 3 pixels; smaller and larger faces are found in enlarged and reduced copies.
The table is that of a linear support vector machine, mirrored onto itself. It was fitted to 75 of the 100 faces of
scikit-image's `lfw_subset`, moved and turned a little, against crops of photos without faces.
"""

from __future__ import annotations

from base64 import b85decode

import numpy as np
from numpy.typing import NDArray

SIDE = 24
"""Pixels a side of a window."""

CELL = 3
"""Pixels a side of a cell."""

TURNS = 8
"""Directions of gradients that are told apart."""

FAINT = 2.0
"""Gradient, in levels of gray to a pixel, that does not count beside what is around it."""

_TABLE = (
    "P2%giK;-tXU>DcRBk<1pM-kP;w8jb75CY@b;?DoE;@RT@5V8Nxw8YgBN7o6)Bg@wpVEWGRK)UPVO|SOkEBNl->I(t_3p3T`&N=)N$3p?V$}b"
    "5Ptq%0x*GlX@*WdIGtv>8Z%Dn+Y#})}M&gRuK3ljV}>fY}7D*^%w@a6>y`{W44>L3O%0~ikm2>t#*2NgLPAt>fVJtN>UJw)axAu`}22SEP)2"
    "pKsQ126_4>IM%O`w9i-@Wlw^3fUg#+{YI6`4ur9*!iyi9{wjO)$`~A6Eg`W6$0n}6($KY6aMD{)hQ?b9s=m|*d8$z`Twr@+~*$I3iTGp4!~6"
    "X<HZvk1OL$B`#ZcX1LmsM^Gx*%7#HmO8dW_U8vE=Q7#uxS^VX{70}J&``{B_411-Ee<NZ{?4jdE3>CzwT7u)>W3gWH;90#@t1mM{E-Qnx^=r"
    "bKd<@G2F<wG4a=nE+I-TK(z1o!LV90IQ53JA6b7waF=>Dv6;>;@hE?-EGr?i|cQ`whijx8db6<?rPW(l$Il=<^8+=s!F*(hCXm<uT>qw-4p-"
    "`$Ehd?q0<W@BJMH?CMAo8{ZPe8rmI!Lod)pI|-yo0|2z$8Pm2z-NN9i{Pj#K{Hox>-6~A=8Qru114OpdJ4MhhLrJ6w8pRUd8-X3#"
)
WEIGHTS: NDArray[np.float32] = (
    np.frombuffer(b85decode(_TABLE), np.int8).reshape(SIDE // CELL, SIDE // CELL, TURNS) * np.float32(0.0030668466)
).astype(np.float32)
"""Weight of each cell and direction, (8, 8, 8)."""

BIAS = -1.8436
"""What is added to a window's sum: 0 lies half way between the faces that the table was fitted to and all else."""


def looks(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each window of a gray picture (H, W) looks like a face; about 1 is a face, -1 is none.

    Value (r, c) is that of the window that begins `CELL` times as many pixels from the top and from the left.
    """
    import cv2

    cells = _histograms(gray)[CELL // 2 :: CELL, CELL // 2 :: CELL]
    side = SIDE // CELL
    rows, columns = cells.shape[0] - side + 1, cells.shape[1] - side + 1
    if rows < 1 or columns < 1:
        return np.zeros((0, 0), np.float32)
    total = np.full(cells.shape[:2], BIAS, np.float32)
    for turn in range(TURNS):
        plane, weights = np.ascontiguousarray(cells[..., turn]), np.ascontiguousarray(WEIGHTS[..., turn])
        total += cv2.filter2D(plane, cv2.CV_32F, weights, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    return total[:rows, :columns]


def _histograms(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gradients around each pixel by direction, (H, W, TURNS), against the strength of all of them nearby."""
    import cv2

    across, down = (cv2.Sobel(gray, cv2.CV_32F, *way, ksize=1) for way in ((1, 0), (0, 1)))
    strength, angle = cv2.cartToPolar(across, down)
    turn = np.asarray(angle, np.float32) * np.float32(TURNS / (2 * np.pi))
    found = np.empty((*gray.shape, TURNS), np.float32)
    for number in range(TURNS):
        away = np.abs((turn - number + TURNS / 2) % TURNS - TURNS / 2)
        found[..., number] = np.asarray(strength) * np.maximum(1 - away, 0)
    found = np.asarray(cv2.GaussianBlur(found, (0, 0), CELL * 0.5))
    around = cv2.GaussianBlur((found * found).sum(2), (0, 0), CELL * 2.0)
    result: NDArray[np.float32] = np.sqrt(found / (np.sqrt(np.asarray(around))[..., None] + FAINT))
    return result
