"""Artworks to files: `save` and `encode` choose the writer by the suffix.

`metadata` says where an artwork comes from, in any of the keys "title", "description", "recipe" (a recipe's text),
"seed" and "software"; each format keeps it where its readers look. Equal artworks and metadata give equal bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.artwork.animation import Animation
    from artkit.artwork.drawing import AnimatedDrawing, Drawing
    from artkit.artwork.image import Image
    from artkit.artwork.labels import Labels

Artwork: TypeAlias = "Image | Labels | Drawing | Animation"
Note: TypeAlias = Callable[[str], None]

SUFFIXES: dict[str, tuple[str, ...]] = {
    "AnimatedDrawing": (".svg", ".svgz", ".gif", ".webp", ".png", ".apng", ".mp4", ".webm"),
    "Drawing": (".svg", ".svgz"),
    "Animation": (".gif", ".webp", ".png", ".apng", ".mp4", ".webm"),
    "Image": (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif"),
    "Labels": (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif"),
}
"""What each kind of artwork can be written as; the first is the usual one."""


def save(
    artwork: Artwork,
    path: str | os.PathLike[str],
    *,
    metadata: Mapping[str, str] | None = None,
    note: Note | None = None,
) -> Path:
    """Write the artwork, in the format that the suffix of `path` names, in full or not at all; give the path.

    `note` takes what is worth telling of what the format demanded, a line at a time.

    A suffix that does not fit the artwork is a UsageError that names those that do; a full disk, a missing folder and
    the like are ArtkitErrors.
    """
    from artkit.export import files

    path = Path(path)
    check(artwork, path)
    with files.writing(path) as file:
        write(artwork, file, path.suffix, metadata=metadata, note=note)
    return path


def encode(
    artwork: Artwork, suffix: str, *, metadata: Mapping[str, str] | None = None, note: Note | None = None
) -> bytes:
    """Give the bytes of the file that `save` would write under a name that ends in `suffix` (".svg", ".gif", ...)."""
    from io import BytesIO

    file = BytesIO()
    write(artwork, file, suffix, metadata=metadata, note=note)
    return file.getvalue()


def write(
    artwork: Artwork,
    file: BinaryIO,
    suffix: str,
    *,
    metadata: Mapping[str, str] | None = None,
    note: Note | None = None,
) -> None:
    """Write the artwork to a file that is open to be read and written, in the format that `suffix` names.

    An animation's frames are written as they are made: the memory that takes does not grow with their number.
    """
    from artkit.artwork.animation import Animation
    from artkit.artwork.drawing import AnimatedDrawing, Drawing
    from artkit.artwork.image import Image

    check(artwork, suffix)
    suffix = _ending(suffix)
    metadata = metadata or {}
    if isinstance(artwork, AnimatedDrawing) and suffix not in SUFFIXES["Drawing"]:
        _animation(_filmed(artwork), suffix, file, metadata, note)
    elif isinstance(artwork, Drawing):
        file.write(_vector(artwork, suffix, metadata))
    elif isinstance(artwork, Animation):
        _animation(artwork, suffix, file, metadata, note)
    elif suffix == ".gif":
        still = Image.of(artwork)
        _animation(Animation(1, lambda _: still, loop=1), suffix, file, metadata, note)
    else:
        from artkit.export import raster

        file.write(raster.encode(Image.of(artwork), suffix, metadata))


def check(artwork: Artwork | type, path: str | os.PathLike[str]) -> None:
    """Raise a UsageError unless an artwork, or every artwork of a type, can be written under that name or suffix."""
    known = SUFFIXES[_kind(artwork)]
    if _ending(path) not in known:
        form = f"as {_ending(path)}" if _ending(path) else "without a suffix"
        kind = {"Animation": "an animation", "Drawing": "a drawing", "AnimatedDrawing": "a drawing"}.get(
            _kind(artwork), "a picture"
        )
        raise UsageError(f"{os.fspath(path)}: {kind} cannot be written {form}; use {', '.join(known)}")


def suffix(artwork: Artwork | type) -> str:
    """Give the usual suffix of an artwork or of a type of artworks: .svg, .gif or .png."""
    return SUFFIXES[_kind(artwork)][0]


def _kind(artwork: Artwork | type) -> str:
    cls = artwork if isinstance(artwork, type) else type(artwork)
    for base in cls.__mro__:
        if base.__name__ in SUFFIXES:
            return base.__name__
    raise UsageError(f"a {cls.__name__} is no artwork; artworks are {', '.join(SUFFIXES)}")


def _ending(path: str | os.PathLike[str]) -> str:
    """Give the suffix of a path, or of a suffix alone."""
    name = os.fspath(path)
    return (name if name.startswith(".") and name.count(".") == 1 else Path(name).suffix).lower()


def _vector(drawing: Drawing, suffix: str, metadata: Mapping[str, str]) -> bytes:
    from artkit.export.svg import svg

    data = svg(drawing, metadata=metadata).encode()
    if suffix == ".svgz":
        import gzip

        return gzip.compress(data, 9, mtime=0)  # without the time, equal drawings make equal files
    return data


def _filmed(drawing: AnimatedDrawing) -> Animation:
    """Give the frames of a drawing that is drawn."""
    from artkit.artwork.animation import Animation, Indexing
    from artkit.artwork.image import Image
    from artkit.render import rendered, size_of

    size = size_of(drawing)
    count = max(round(drawing.seconds * drawing.fps), 2)
    done = max((float(times.max(initial=0)) for times in drawing.times), default=0.0)

    def second(i: int) -> float:
        return min(i * drawing.seconds / count, done)

    def frame(i: int) -> Image:
        return Image(rendered(drawing.at(second(i)), size))

    # What has been drawn stays, so all frames share a table, and what does not change is left out.
    return Animation(count, frame, drawing.seconds / count, drawing.loop, Indexing(palette="one"), second)


def _animation(
    animation: Animation, suffix: str, file: BinaryIO, metadata: Mapping[str, str], note: Note | None
) -> None:
    from artkit.export import apng, gif, video, webp

    def write(candidate: Animation, sink: BinaryIO) -> None:
        match suffix:
            case ".gif":
                gif.write(candidate, sink, metadata)
            case ".webp":
                webp.write(candidate, sink, metadata)
            case ".mp4" | ".webm":
                video.write(candidate, sink, suffix, metadata)
            case _:
                apng.write(candidate, sink, metadata)

    if suffix == ".gif" and animation.delay < gif.SHORTEST and note:
        note(
            f"GIF: {1 / animation.delay:g} frames per second: browsers slow down what is faster than 50, so it plays "
            "at 50; WebP, PNG and MP4 keep the pace"
        )
    if animation.max_bytes is None:
        write(animation, file)
    else:
        from artkit.export.fit import write_within

        write_within(animation, file, write, suffix == ".gif", note)
