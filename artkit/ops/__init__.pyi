"""Operations as functions. Written by `python docs/reference.py` from their declarations; edit those instead."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias

from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image as Pillow

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import AnimatedDrawing, Drawing, KitDrawing, TextDrawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels

_Picture: TypeAlias = Image | Labels | Pillow.Image | NDArray[Any] | str | PathLike[str] | bytes
"""An Image, or what `Image.of` makes one of: regions, a Pillow image, an array, a file's path or its bytes."""

def adaptive_threshold(
    image: _Picture,
    /,
    *,
    size: int = 51,
    offset: int = 8,
    weights: Literal["rec601", "rec709", "lightness"] = "rec601",
    whole: float = 0.0,
    focus: str = "off",
) -> Labels:
    """Divide the picture into black and white by the mean around each pixel: for uneven light."""

def ascii_(
    image: _Picture,
    /,
    *,
    columns: int = 160,
    ink: str = "#16161a",
    paper: str = "#ffffff",
    colors: int = 0,
    detail: float = 3.0,
) -> TextDrawing:
    """Draw the picture as the signs of ASCII, each chosen by the shape of what it stands for."""

def auto_levels(
    image: _Picture,
    /,
    *,
    clip: float = 0.5,
    of: Literal["gray", "channels"] = "gray",
    middle: float = 0.0,
) -> Image:
    """Spread the levels so that the darkest pixels are black and the lightest white."""

def bilateral(
    image: _Picture,
    /,
    *,
    size: int = 9,
    contrast: float = 60.0,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Smooth areas and keep edges: a mean in which pixels count by nearness, in place and in color."""

def blur(
    image: _Picture,
    /,
    *,
    window: Literal["uniform", "gaussian"] = "uniform",
    size: int = 9,
    sigma: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Blur the picture: each pixel becomes the mean of the window around it."""

def bricks(
    image: _Picture,
    /,
    *,
    studs: int = 64,
    colors: int = 24,
    palette: Sequence[str] = ("bricks",),
    merge: bool = True,
    view: Literal["picture", "plan"] = "picture",
    calm: float = 0.03,
    ground: str = "#f4f4f2",
    page: str = "A4",
    margin: float = 10.0,
    report: Callable[[str], None] | None = None,
) -> KitDrawing:
    """Draw the picture as plates with studs, in the colors that they come in."""

def brush(
    image: _Picture,
    /,
    *,
    width: float = 40.0,
    layers: int = 3,
    length: float = 5.0,
    detail: float = 0.5,
    variation: float = 0.3,
    bristles: float = 0.4,
    relief: float = 0.5,
    lean: float = 30.0,
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Paint the picture in strokes that follow its forms, broad ones first, finer ones where these fail."""

def brush_strokes(
    image: _Picture,
    /,
    *,
    width: float = 0.04,
    layers: int = 3,
    length: float = 5.0,
    detail: float = 0.5,
    variation: float = 0.3,
    lean: float = 30.0,
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture in strokes of a brush that follow its forms, each one curve of one color."""

def canny(
    image: _Picture,
    /,
    *,
    sigma: float = 1.4,
    high: float | None = None,
    low: float | None = None,
    width: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Find edges and draw them as white lines on black, all of one width (Canny 1986)."""

def carve(
    image: _Picture,
    /,
    *,
    width: float = 7.0,
    length: float = 80.0,
    shadows: float = 0.3,
    lights: float = 0.7,
    lean: float = 50.0,
    smooth: float = 16.0,
    focus: str = "auto",
    rng: Generator | int = 0,
) -> Labels:
    """Divide the picture into black and white by strokes of a gouge between shadows and lights."""

def centerline(
    image: _Picture,
    /,
    *,
    ink: Literal["dark", "light"] = "dark",
    threshold: float | None = None,
    smooth: float = 2.0,
    spurs: float = 1.5,
    specks: int = 12,
    paper: Literal["auto", "keep"] = "auto",
    shortest: float = 0.5,
    pen: str = "black",
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
) -> Drawing:
    """Draw the middle of inked strokes, for scanned drawings: one line where the hand drew one."""

def channel(
    image: _Picture,
    /,
    *,
    keep: Sequence[Literal["red", "green", "blue"]] = ("red",),
) -> Image:
    """Keep some of the color channels and make the others black."""

def channel_blur(
    image: _Picture,
    /,
    *,
    channel: Literal["red", "green", "blue"] = "red",
    size: int = 75,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Blur one color channel and leave the other two sharp."""

def channels(
    image: _Picture,
    /,
    *,
    shown: Literal["color", "gray"] = "color",
) -> Image:
    """Show the red, green and blue channel side by side, as one picture three times as wide."""

def circle_packing(
    image: _Picture,
    /,
    *,
    largest: float = 0.028,
    smallest: float = 0.0022,
    background: str = "#f5f3ee",
    focus: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as circles that do not overlap, small where there is much to see."""

def color_cycle(
    image: _Picture,
    /,
    *,
    frames: int = 20,
    axis: Literal["red", "green", "blue", "gray"] | Sequence[float] = "red",
    space: Literal["sigmoid", "linear", "oklch"] = "sigmoid",
    reverse: bool = False,
    delay: float = 0.08,
) -> Animation:
    """Turn all colors once around, in a loop without a seam: the first frame is the photo."""

def contour_lines(
    image: _Picture,
    /,
    *,
    levels: int = 14,
    balance: float = 0.6,
    smooth: float = 0.7,
    shortest: float = 4.0,
    focus: str = "auto",
    pen: str = "black",
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
) -> Drawing:
    """Draw lines of equal brightness for a pen, as a map draws lines of equal height."""

def contours(
    image: _Picture,
    /,
    *,
    levels: int = 12,
    balance: float = 0.5,
    smooth: float = 2.0,
    tolerance: float = 0.15,
    min_length: float = 16.0,
    width: float = 1.4,
    fade: float = 0.6,
    ink: str = "#16213a",
    paper: str = "#f8f4ea",
) -> Drawing:
    """Draw lines of equal brightness, as a map draws lines of equal height."""

def crayon(
    image: _Picture,
    /,
    *,
    width: float = 5.0,
    length: float = 70.0,
    where: Literal["dark", "light"] = "dark",
    softness: float = 0.3,
    grain: float = 0.25,
    lean: float = 50.0,
    smooth: float = 12.0,
    ink: str = "#1a1714",
    paper: str = "#f3eadb",
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Draw the picture in strokes that follow its forms: the darker it is, or the lighter, the more."""

def crop(
    image: _Picture,
    /,
    *,
    x: int = 0,
    y: int = 0,
    width: int | None = None,
    height: int | None = None,
) -> Image:
    """Cut out a rectangle."""

def cross_stitch(
    image: _Picture,
    /,
    *,
    stitches: int = 100,
    colors: int = 24,
    threads: Sequence[str] = ("threads",),
    count: int = 14,
    view: Literal["chart", "stitched"] = "chart",
    calm: float = 0.06,
    page: str = "A4",
    margin: float = 10.0,
    report: Callable[[str], None] | None = None,
) -> KitDrawing:
    """Draw the picture as a chart for cross-stitch, with a sign for each thread, and a key with counts."""

def crosshatch(
    image: _Picture,
    /,
    *,
    layers: int = 4,
    angle: float = 45.0,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Hatch the picture in several directions: the darker it is, the more of them cross."""

def cut_out(
    labels: Labels,
    /,
) -> Image:
    """Keep the picture where label 1 is, as `subject` and `select` give it; all else becomes transparent."""

def dither(
    image: _Picture,
    /,
    *,
    method: Literal["floyd-steinberg", "bayer", "blue-noise"] = "floyd-steinberg",
    palette: Sequence[str] = ("black", "white"),
    dot: int = 1,
    matrix: Literal[2, 4, 8, 16] = 8,
    space: Literal["linear", "srgb"] = "linear",
) -> Labels:
    """Show the picture in a few colors, as dots that the eye mixes."""

def draw(
    drawing: Drawing,
    /,
    *,
    seconds: float = 6.0,
    hold: float = 2.0,
    loop: int = 0,
    order: Literal["long", "layers", "top", "left", "middle"] = "long",
    pens: int = 12,
    width: float = 1.0,
    ink: str = "none",
    fps: float = 20.0,
) -> AnimatedDrawing:
    """Draw the drawing line by line, as an SVG that plays by itself, or as a GIF."""

def duotone(
    image: _Picture,
    /,
    *,
    dark: str = "#1c1259",
    light: str = "#ffe9c4",
    weights: Literal["rec601", "rec709", "lightness"] = "lightness",
    middle: str = "none",
) -> Image:
    """Print the picture in two colors, or three, and what lies between them."""

def emboss(
    image: _Picture,
    /,
    *,
    angle: float = 135.0,
    amount: float = 2.0,
    of: Literal["gray", "channels"] = "gray",
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Light the picture from the side, as a relief in which bright is high; what is level is middle gray."""

def flip(
    image: _Picture,
    /,
    *,
    direction: Literal["horizontal", "vertical"] = "horizontal",
) -> Image:
    """Swap the picture's sides."""

def flow(
    image: _Picture,
    /,
    *,
    along: Literal["edges", "slope"] = "edges",
    turn: float = 0.0,
    smooth: float = 2.5,
    angle: float = 30.0,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw streamlines that follow the forms in the picture, the closer together the darker it is."""

def gamma(
    image: _Picture,
    /,
    *,
    amount: float = 1.5,
) -> Image:
    """Lighten or darken the middle tones."""

def glitch(
    image: _Picture,
    /,
    *,
    shift: float = 0.016,
    slices: int = 14,
    slide: float = 0.12,
    rng: Generator | int = 0,
) -> Image:
    """Shift the color channels against each other, and slices of rows to the side, as a torn signal does."""

def gradient_map(
    image: _Picture,
    /,
    *,
    colors: Sequence[str] = ("#1b0c2e", "#c93756", "#fff3c4"),
    weights: Literal["rec601", "rec709", "lightness"] = "lightness",
) -> Image:
    """Give each lightness a color of a gradient, mixed in OKLab between the colors that are named."""

def grayscale(
    image: _Picture,
    /,
    *,
    weights: Literal["rec601", "rec709", "lightness"] = "rec601",
) -> Image:
    """Turn colors into grays of the same brightness; white stays white."""

def halftone(
    image: _Picture,
    /,
    *,
    inks: Literal["cmyk", "one"] = "cmyk",
    shape: Literal["dots", "lines"] = "dots",
    cell: float = 8.0,
    angle: float = 45.0,
    ink: str = "black",
    paper: str = "white",
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Print the picture as a newspaper does, in dots or lines of full ink that grow where it is darker."""

def halftone_dots(
    image: _Picture,
    /,
    *,
    spacing: float = 1.8,
    angle: float = 45.0,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture in a regular screen of dots, the larger the darker it is."""

def halftone_lines(
    image: _Picture,
    /,
    *,
    spacing: float = 1.6,
    angle: float = 20.0,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture in parallel lines that swell where it is darker, as a steel engraver does."""

def hatch(
    image: _Picture,
    /,
    *,
    angle: float = 45.0,
    form: float = 0.0,
    broken: bool = False,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Hatch the picture with parallel lines, the closer the darker it is."""

def hatch_fill(
    drawing: Drawing,
    /,
    *,
    angle: float = 45.0,
    turn: float = 35.0,
    layers: int = 1,
    pens: Sequence[str] = ("black",),
    tone: Literal["light", "normal", "full"] = "full",
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    report: Callable[[str], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Hatch the filled shapes of a drawing, cut exactly where they end or others cover them."""

def invert(
    image: _Picture,
    /,
) -> Image:
    """Turn every color into its opposite: white to black, red to cyan."""

def kaleidoscope(
    image: _Picture,
    /,
    *,
    mirrors: int = 6,
    angle: float = 0.0,
    turn: float = 0.0,
    x: float = 0.5,
    y: float = 0.5,
    zoom: float = 1.0,
    shape: Literal["frame", "square", "disk"] = "frame",
) -> Image:
    """Show a wedge of the picture in mirrors that meet in the middle."""

def kmeans(
    image: _Picture,
    /,
    *,
    colors: int = 8,
    palette: Sequence[str] = (),
    space: Literal["rgb", "oklab"] = "oklab",
    keep: Sequence[str] = (),
    focus: str = "off",
    rng: Generator | int = 0,
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide the picture into regions of similar color: the colors most noticed, or k-means of the pixels."""

def kuwahara(
    image: _Picture,
    /,
    *,
    size: int = 9,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Paint in flat dabs with crisp edges: each pixel becomes the mean of its window's calmest corner."""

def levels(
    image: _Picture,
    /,
    *,
    black: int = 0,
    white: int = 255,
    gamma: float = 1.0,
) -> Image:
    """Spread the levels between a black point and a white point over the whole range."""

def low_poly(
    image: _Picture,
    /,
    *,
    triangles: int = 1500,
    follow: float = 0.5,
    focus: str = "auto",
    report: Callable[[str], None] | None = None,
) -> Drawing:
    """Draw the picture as triangles with straight edges, each in the mean color of its pixels."""

def median(
    image: _Picture,
    /,
    *,
    size: int = 9,
    focus: str = "off",
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Replace each pixel by the median of the window around it: flat shapes with clean edges."""

def mirror(
    image: _Picture,
    /,
    *,
    keep: Literal["left", "right", "top", "bottom"] = "left",
) -> Image:
    """Reflect one half of the picture onto the other."""

def multi_otsu(
    image: _Picture,
    /,
    *,
    classes: int = 3,
    weights: Literal["rec601", "rec709", "lightness"] = "rec601",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide the picture into several grays at the levels that Otsu's method finds."""

def oil(
    image: _Picture,
    /,
    *,
    size: int = 9,
    shades: int = 16,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Paint in oil: each pixel becomes the mean of those around it that have the most common shade."""

def otsu(
    image: _Picture,
    /,
    *,
    weights: Literal["rec601", "rec709", "lightness"] = "rec601",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide the picture into black and white at the level that Otsu's method finds."""

def otsu_rgb(
    image: _Picture,
    /,
    *,
    classes: Literal["intersected", "eight"] = "intersected",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Divide each channel by Otsu's method, and put the three together."""

def outline(
    source: _Picture,
    /,
    *,
    shapes: int = 250,
    contrast: float = 12.0,
    weight: int = 1,
    border: bool = True,
    shortest: float = 1.0,
    focus: str = "auto",
    pen: str = "black",
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
) -> Drawing:
    """Draw the borders of regions, each border between two of them once."""

def overprint(
    labels: Labels,
    /,
    *,
    inks: Sequence[str] = ("#0078bf", "#ff48b0"),
    paper: str = "white",
) -> Labels:
    """Give the regions the colors of inks on each other: the darkest all of them, the lightest none."""

def pad(
    image: _Picture,
    /,
    *,
    margin: int = 0,
    left: int | None = None,
    top: int | None = None,
    right: int | None = None,
    bottom: int | None = None,
    fill: str = "white",
) -> Image:
    """Put a border around the picture."""

def paint(
    labels: Labels,
    /,
) -> Image:
    """Paint every region in its color: regions become a picture again."""

def paint_by_numbers(
    image: _Picture,
    /,
    *,
    colors: int = 20,
    smallest: float = 0.5,
    filled: bool = False,
    page: str = "A4",
    margin: float = 10.0,
    focus: str = "auto",
    report: Callable[[str], None] | None = None,
) -> Drawing:
    """Draw the picture as a sheet to paint by numbers, with a key of its colors at the foot."""

def palette_cycle(
    labels: Labels,
    /,
    *,
    palettes: int = 4,
    frames: int = 48,
    rest: float = 0.25,
    order: Literal["lightness", "chance"] = "lightness",
    delay: float = 0.06,
    rng: Generator | int = 0,
) -> Animation:
    """Let one random palette after the other flow over the regions, round and round, mixed in OKLab."""

def papercut(
    image: _Picture,
    /,
    *,
    sheets: int = 5,
    palette: Sequence[str] = (),
    top: Literal["dark", "light"] = "dark",
    detail: int = 600,
    reveal: float | None = None,
    least: float | None = None,
    frame: float = 0.0,
    shadow: Literal["soft", "flat", "none"] = "soft",
    focus: str = "auto",
) -> Drawing:
    """Cut the picture from sheets of paper that lie on each other, a layer for each."""

def parallax(
    image: _Picture,
    /,
    *,
    sway: float = 0.014,
    frames: int = 20,
    delay: float = 0.09,
    size: int = 440,
    focus: str = "auto",
    report: Callable[[str], None] | None = None,
) -> Animation:
    """Let the camera sway: the subject moves before what is behind it, the foreground a little."""

def pixel_sort(
    image: _Picture,
    /,
    *,
    low: int = 110,
    high: int = 255,
    toward: Literal["right", "left", "down", "up"] = "down",
) -> Image:
    """Sort the pixels of each run within a range of lightness, along rows or columns."""

def pixelate(
    image: _Picture,
    /,
    *,
    size: int = 16,
) -> Image:
    """Make square blocks of one color each, the mean of their pixels; the border may cut off the last."""

def posterize(
    image: _Picture,
    /,
    *,
    steps: int = 4,
) -> Image:
    """Leave a few evenly spaced levels in each channel, black and white among them."""

def primitives(
    image: _Picture,
    /,
    *,
    shapes: int = 200,
    kind: Literal["triangle", "rectangle", "ellipse", "circle", "mixed"] = "triangle",
    opacity: float = 0.5,
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as few translucent shapes, each put where it brings the picture closest."""

def quadtree(
    image: _Picture,
    /,
    *,
    cells: int = 2000,
    shape: Literal["rectangle", "ellipse"] = "rectangle",
    line: float = 0.0,
    ink: str = "#17161a",
    focus: str = "auto",
) -> Drawing:
    """Draw the picture as nearly square rectangles, divided in four where they are least like it."""

def recolor(
    labels: Labels,
    /,
    *,
    palette: Sequence[str] = ("random",),
    order: Literal["lightness", "chance"] = "lightness",
    mix: bool = False,
    rng: Generator | int = 0,
) -> Labels:
    """Give the regions other colors: random ones that differ well, named ones, or those of a palette."""

def resize(
    image: _Picture,
    /,
    *,
    size: int,
    enlarge: bool = False,
    filter: Literal["smooth", "nearest"] = "smooth",
    space: Literal["srgb", "linear"] = "srgb",
) -> Image:
    """Change the picture's size and keep its shape."""

def rotate(
    image: _Picture,
    /,
    *,
    turns: int | None = None,
    angle: float | None = None,
    corners: Literal["transparent", "cut"] = "transparent",
) -> Image:
    """Turn the picture by quarter turns, or by any angle."""

def rotate_color(
    image: _Picture,
    /,
    *,
    angle: float = 90.0,
    axis: Literal["red", "green", "blue", "gray"] | Sequence[float] = "red",
    space: Literal["sigmoid", "linear", "oklch"] = "sigmoid",
) -> Image:
    """Turn all colors about an axis of the color cube."""

def saturate(
    image: _Picture,
    /,
    *,
    amount: float = 1.5,
) -> Image:
    """Make colors more or less vivid, and keep their lightness and hue (OKLab)."""

def scribble(
    image: _Picture,
    /,
    *,
    spacing: float = 2.6,
    angle: float = 35.0,
    layers: int = 2,
    wander: float = 5.0,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Scribble the picture in long coils that wander over the paper, the denser the darker it is."""

def select(
    labels: Labels,
    /,
    *,
    by: Literal["subject", "largest", "index", "point", "color"] = "subject",
    index: int = 0,
    x: float = 0.5,
    y: float = 0.5,
    color: str = "white",
    piece: bool = False,
) -> Labels:
    """Keep one segment: it becomes label 1, in its color, and all else label 0, black."""

def sharpen(
    image: _Picture,
    /,
    *,
    amount: float = 1.0,
    sigma: float = 2.0,
    threshold: float = 0.0,
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Sharpen the picture by an unsharp mask: what a blur takes away is added."""

def sketch(
    image: _Picture,
    /,
    *,
    width: float = 1.5,
    detail: float = 20.0,
    share: float = 0.2,
    softness: float = 20.0,
    over: Literal["paper", "picture"] = "paper",
    ink: str = "black",
    paper: str = "white",
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Draw the picture in ink: lines along its edges, and its darkest parts filled."""

def sobel(
    image: _Picture,
    /,
    *,
    of: Literal["channels", "gray"] = "channels",
    scale: Literal["clip", "full", "auto"] = "clip",
    progress: Callable[[float], None] | None = None,
) -> Image:
    """Show how steep the picture is at each pixel: edges bright on black (Sobel's operator)."""

def solarize(
    image: _Picture,
    /,
    *,
    level: int = 128,
) -> Image:
    """Invert what is brighter than a level, as light does that falls into a darkroom."""

def spiral(
    image: _Picture,
    /,
    *,
    spacing: float = 2.4,
    shape: Literal["full", "round"] = "full",
    center_x: float = 0.5,
    center_y: float = 0.5,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as one spiral that swings wider and faster where it is darker."""

def stained_glass(
    image: _Picture,
    /,
    *,
    pieces: int = 500,
    lead: float | None = None,
    vivid: float = 1.6,
    variation: float = 1.0,
    focus: str = "auto",
    report: Callable[[str], None] | None = None,
    rng: Generator | int = 0,
) -> Drawing:
    """Draw the picture as stained glass: bright pieces large enough to cut, and leads between them."""

def stencil(
    drawing: Drawing,
    /,
    *,
    bridge: float = 8.0,
    least: float = 100.0,
) -> Drawing:
    """Make a stencil: the darkest color is open, all else one plate with the shortest bridges to islands."""

def sticker(
    drawing: Drawing,
    /,
    *,
    border: float = 16.0,
    color: str = "white",
) -> Drawing:
    """Put what is drawn on a smooth border around all of it, to be cut out."""

def stipple(
    image: _Picture,
    /,
    *,
    points: int = 20000,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture in dots, closer together and larger where it is darker."""

def string_art(
    image: _Picture,
    /,
    *,
    nails: int = 360,
    lines: int = 5000,
    thread: float = 0.15,
    board: float = 600.0,
    page: str = "A4",
    margin: float = 10.0,
    focus: str = "auto",
    report: Callable[[str], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> KitDrawing:
    """Draw the picture as one dark thread around nails on a circle, as it can be wound by hand."""

def subject(
    image: _Picture,
    /,
    *,
    focus: str = "auto",
    report: Callable[[str], None] | None = None,
) -> Labels:
    """Cut out the subject: label 1, in its mean color, and all else label 0, black."""

def superpixels(
    image: _Picture,
    /,
    *,
    count: int = 600,
    compactness: float = 12.0,
) -> Labels:
    """Divide the picture into small regions of even size that keep to its edges (SLIC)."""

def threshold(
    image: _Picture,
    /,
    *,
    level: int = 127,
    weights: Literal["rec601", "rec709", "lightness"] = "rec601",
) -> Labels:
    """Divide the picture into black and white at a level of gray."""

def trace(
    source: _Picture,
    /,
    *,
    kind: Literal["auto", "flat", "gradient", "line", "photo"] = "auto",
    colors: int | None = None,
    palette: Sequence[str] = (),
    keep: Sequence[str] = (),
    curves: Literal["spline", "polygon", "pixel"] = "spline",
    tolerance: float | None = None,
    corner: float = 28.0,
    layers: Literal["merged", "stacked", "cutout"] = "merged",
    overlap: float | Literal["auto", "all"] = "auto",
    group: Literal["none", "ink", "depth"] = "none",
    min_area: float | None = None,
    fills: Literal["auto", "gradient", "flat"] = "auto",
    detail: float = 0.5,
    shapes: int | None = None,
    bytes: str | None = None,
    psnr: float | None = None,
    levels: Sequence[int] = (),
    focus: str = "auto",
    paper: Literal["auto", "keep"] = "auto",
    strokes: Literal["auto", "always", "never"] = "auto",
    report: Callable[[str], None] | None = None,
    progress: Callable[[float], None] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Drawing:
    """Trace the picture, or regions of it, as filled shapes with holes."""

def tsp(
    image: _Picture,
    /,
    *,
    points: int = 50000,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.5,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    rng: Generator | int = 0,
    report: Callable[[str], None] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture in one closed line, a short tour through points that are denser where it is darker."""

def type_portrait(
    image: _Picture,
    /,
    *,
    text: str = "EVERYPICTURETELLSASTORY",
    columns: int = 150,
    ink: str = "#16161a",
    paper: str = "#ffffff",
    colors: int = 0,
    detail: float = 1.0,
) -> TextDrawing:
    """Draw the picture as a text of your own, whose letters are heavier where it is darker."""

def voronoi(
    image: _Picture,
    /,
    *,
    cells: int = 2500,
    line: float = 0.0,
    ink: str = "#17161a",
    focus: str = "auto",
    rng: Generator | int = 0,
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw the picture as cells around the middles of what they cover, small where there is much to see."""

def watercolor(
    image: _Picture,
    /,
    *,
    washes: int = 500,
    wander: float | None = None,
    edge: float | None = None,
    soft: float | None = None,
    vivid: float = 1.3,
    light: float = 0.3,
    paper: str = "#fcfaf5",
    margin: float = 0.0,
    focus: str = "auto",
    rng: Generator | int = 0,
) -> Drawing:
    """Paint the picture in washes of translucent color on paper, light and large ones first."""

def waves(
    image: _Picture,
    /,
    *,
    spacing: float = 2.4,
    angle: float = 0.0,
    pens: Sequence[str] = ("black",),
    pen_width: float = 0.3,
    page: str = "A4",
    margin: float = 10.0,
    detail: float = 1.0,
    tone: Literal["light", "normal", "full"] = "full",
    focus: str = "auto",
    progress: Callable[[float], None] | None = None,
) -> Drawing:
    """Draw one wavy line for each row: it swings wider and faster where the picture is darker."""

def zoom_loop(
    image: _Picture,
    /,
    *,
    zoom: float = 1.6,
    frames: int = 24,
    delay: float = 0.08,
    size: int = 440,
    focus: str = "auto",
) -> Animation:
    """Zoom into the picture for ever: as it grows, the picture as it was closes in around it."""
