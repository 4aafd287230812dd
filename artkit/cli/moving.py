"""Photos that move: whether all of their frames are taken, and the folder that frames may be written to."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artkit.errors import ArtkitError, UsageError

if TYPE_CHECKING:
    from artkit.recipe import Checked
    from artkit.run.shot import Shot


def is_folder(output: str | None) -> bool:
    """Whether frames are to be written into a folder: its name ends as one's, or it is there."""
    return bool(output) and (str(output).endswith(("/", os.sep)) or Path(str(output)).is_dir())


def takes_all(output: str | None) -> bool:
    """Whether what is written can hold all frames of a photo that moves; a gallery and stdin take a GIF."""
    from artkit.artwork import formats

    return output is None or output == "-" or is_folder(output) or formats.takes_all(output)


def check_output(recipe: Checked, source: str, output: str) -> None:
    """Raise an ArtkitError where that cannot be written: now, and not after minutes of work."""
    from artkit.export import check, suffix
    from artkit.export.files import check_place
    from artkit.footage import is_moving

    refuse_itself(source, output)

    if takes_all(output) and source != "-" and is_moving(source):
        target = Path(output)
        if is_folder(output) and target.is_dir() and any(target.iterdir()):
            raise UsageError(f"{output}: is not empty; name a new folder for the frames")
    elif is_folder(output) and not Path(output).is_dir():
        raise UsageError(f"{output}: a folder is for the frames of a moving picture, and {source} is one picture")
    elif Path(output).is_dir():
        named = Path(output) / f"{Path(source).stem if source != '-' else 'art'}{suffix(recipe.gives)}"
        raise UsageError(f"{output}: is a folder; name a file in it, such as {named}, or give --gallery {output}")
    else:
        check(recipe.gives, output)
    check_place(Path(output) / "a" if Path(output).is_dir() else os.path.normpath(output))


def check_gallery(folder: Path) -> None:
    """Raise an ArtkitError where a gallery cannot be written: now, and not after minutes of work."""
    from artkit.export.files import check_place

    if folder.exists() and not folder.is_dir():
        raise ArtkitError(f"{folder}: is a file, not a folder; name another place for the gallery")
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    check_place(there / "a")


def refuse_itself(source: str, output: str | os.PathLike[str]) -> None:
    """Raise a UsageError where the file that is read would be written over."""
    try:
        same = Path(source).samefile(output)
    except (OSError, ValueError):
        return
    if same and Path(source).is_file():
        raise UsageError(f"-o {os.fspath(output)}: is the file that is read, and would be lost; choose another name")


def without_clip(recipe: Checked, say: Callable[[str], None]) -> Checked:
    """Give the recipe for a photo that does not move; say where more was asked for."""
    if recipe.data.footage is None:
        return recipe
    from artkit.recipe.motion import SETTINGS

    alone = sorted(recipe.data.footage.keys() - SETTINGS.parameters.keys())
    if alone:
        say(f"one picture: {', '.join(alone)} {'is' if len(alone) == 1 else 'are'} for moving ones, and left out")
    return replace(recipe, data=replace(recipe.data, footage=None), clip=None)


def way_to_all(output: str | None) -> str:
    """Say how all frames are had where one is taken."""
    stem = Path(output).stem if output else "NAME"
    return f"-o {stem}.gif, .webp, .png or .mp4 takes all, -o {stem}/ each as a file of its own"


def write_frames(
    shot: Shot,
    folder: str,
    metadata: Mapping[str, str],
    tell: Callable[[float, int, str], None],
    note: Callable[[str], None],
) -> tuple[Path, int]:
    """Write each frame as a file of its own into a new folder, all or none; give the folder and the bytes.

    Drawings become SVGs, everything else PNGs.
    """
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.image import Image
    from artkit.export import files, parts, save

    target, count = Path(os.path.normpath(folder)), len(shot.takes.order)
    try:
        parts.clear(target.parent)
        with parts.folder_part(target.parent) as place:
            made = place / "frames"
            made.mkdir()
            size, digits = 0, max(len(str(count)), 4)
            for i, artwork in enumerate(shot.artworks()):
                tell(i, count, f"frame {i + 1} of {count}")
                own: Any = artwork if isinstance(artwork, Drawing) else Image.of(artwork)
                name = f"frame-{i + 1:0{digits}}{'.svg' if isinstance(artwork, Drawing) else '.png'}"
                size += save(own, made / name, metadata=metadata, note=note).stat().st_size
            if target.is_dir():
                target.rmdir()  # it is empty, or this fails
            made.rename(target)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise ArtkitError(f"{folder}: is there already; name a new folder for the frames") from error
        raise ArtkitError(files.explain(target, error)) from error
    return target, size
