"""Files that are either there in full or not there at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile, copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from artkit.errors import ArtkitError
from artkit.export import parts
from artkit.interrupts import uninterrupted


def write(path: str | os.PathLike[str], data: bytes, *, follow: bool = True, fresh: bool = False) -> Path:
    """Write `data` to `path` so that no reader ever sees half of it, and give the path; see `writing`."""
    with writing(path, follow=follow, fresh=fresh) as file:
        file.write(data)
    return Path(path)


def write_all(folder: str | os.PathLike[str], named: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, which is made if need be: all of them or, with an ArtkitError, none; give their paths.

    A new folder gets its name when all is in it; in one that is there each file is complete before the first has its
    name, and what it replaces comes back where a later one fails.
    """
    folder = Path(folder)
    made = [folder / name for name in named]
    top = next((each for each in (*reversed(folder.parents), folder) if not os.path.lexists(each)), None)
    try:
        parts.clear(folder if top is None else top.parent)
        with parts.folder_part(folder if top is None else top.parent) as place:
            new = place if top is None else place / folder.relative_to(top)
            new.mkdir(parents=True, exist_ok=True)
            for name, data in named.items():
                with (new / name).open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            with uninterrupted:
                if top is not None:
                    place.rename(top)
                else:
                    rename_all([(new / name, folder / name) for name in named], place)
        flush_folder(folder if top is None else top.parent)
    except OSError as error:
        raise ArtkitError(explain(Path(error.filename2 or folder / "a"), error)) from error
    return made


@contextmanager
def writing(path: str | os.PathLike[str], *, follow: bool = True, fresh: bool = False) -> Iterator[BinaryIO]:
    """Give a file, open to be read and written, that becomes `path` in one step when all is in it.

    The bytes go to a temporary file in the same folder and are flushed to the disk before it takes the name. When
    anything fails the old file stands as it was and nothing is left beside it; what a process that was killed has left
    in the folder is cleared. A device or a pipe gets everything at the end. A link is followed, or with `follow` False
    replaced by the file. With `fresh` no file that is there is replaced. Folders are not made. An ArtkitError says why
    the file could not be written.
    """
    path = Path(path)
    try:
        target = path.resolve() if follow and path.is_symlink() else path
        if follow and target.exists() and not target.is_file() and not target.is_dir():
            with TemporaryFile() as file:
                yield file
                file.seek(0)
                with target.open("wb") as sink:
                    copyfileobj(file, sink)
        else:
            with _replacing(target, fresh) as file:
                yield file
    except OSError as error:
        raise ArtkitError(explain(path, error)) from error


NO_EZDXF = "DXF needs ezdxf, which is not installed: pip install ezdxf"


def check_place(path: str | os.PathLike[str]) -> None:
    """Raise an ArtkitError where `path` cannot be written: before minutes of work, and not after them."""
    path = Path(path)
    if path.suffix.lower() == ".dxf" and find_spec("ezdxf") is None:
        raise ArtkitError(NO_EZDXF)
    try:
        target = path.resolve() if path.is_symlink() else path
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        if target.exists() and not target.is_file():
            return  # a device or a pipe
        folder = target.parent
        if not folder.is_dir():
            missing = errno.ENOTDIR if any(each.is_file() for each in (folder, *folder.parents)) else errno.ENOENT
            raise OSError(missing, os.strerror(missing))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise ArtkitError(explain(path, error)) from None


def explain(path: Path, error: OSError) -> str:
    """Say in one line why `path` could not be written and what would help."""
    folder = path.parent
    match error.errno:
        case errno.ENOENT if not folder.is_dir():  # some file systems say so of any new file
            return f"{path}: there is no folder {folder}; make it first, or name another"
        case errno.ENOTDIR:
            return f"{path}: {folder} is not a folder; name another place"
        case errno.EEXIST if not path.is_dir():
            return f"{path}: is there already; choose another name"
        case errno.EISDIR | errno.ENOTEMPTY | errno.EEXIST:
            return f"{path}: is a folder; name a file in it"
        case errno.EACCES | errno.EPERM:
            return f"{path}: no permission to write in {folder}; choose another folder"
        case errno.EROFS:
            return f"{path}: the disk is read-only; choose another folder"
        case errno.ENOSPC | errno.EDQUOT:
            return f"{path}: the disk is full; make room or choose another folder"
        case errno.ENAMETOOLONG:
            return f"{path}: the name is too long; choose a shorter one"
    return f"{path}: cannot be written ({error.strerror or error}); choose another place"


@contextmanager
def _replacing(target: Path, fresh: bool) -> Iterator[BinaryIO]:
    if target.is_dir() and not target.is_symlink():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if fresh and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "is there already")
    parts.clear(target.parent)
    with parts.part(target.parent) as (file, temporary):
        yield file
        file.flush()
        os.fsync(file.fileno())
        take_mode(temporary, target)
        if os.name == "nt":  # gives no open file another name
            file.close()
        _name(temporary, target, fresh)
    flush_folder(target.parent)


def take_mode(temporary: Path, target: Path) -> None:
    """Give a new file the permissions of the one that it is to replace, where there is one."""
    with suppress(FileNotFoundError):
        mode = target.lstat().st_mode
        if stat.S_ISREG(mode):
            temporary.chmod(stat.S_IMODE(mode))


def _name(temporary: Path, target: Path, fresh: bool) -> None:
    with uninterrupted:
        if not fresh:
            temporary.replace(target)
            return
        try:
            os.link(temporary, target)  # fails where another process was first, as no renaming does
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            temporary.rename(target)
        else:
            temporary.unlink()


def flush_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def rename_all(moves: Sequence[tuple[Path, Path]], place: Path) -> None:
    """Give files other names, all of them or, with an OSError, none; what is replaced is kept in `place` meanwhile."""
    done: list[tuple[Path, Path, Path | None]] = []
    try:
        for i, (source, target) in enumerate(moves):
            before = _kept(target, place / f"before-{i}")
            take_mode(source, target)
            source.replace(target)
            done.append((source, target, before))
    except OSError:
        for source, target, before in reversed(done):
            target.replace(source)
            if before:
                before.replace(target)
        raise


def _kept(target: Path, copy: Path) -> Path | None:
    """Keep a file that is about to be replaced, under another name; None where there is none."""
    if not os.path.lexists(target):
        return None
    try:
        os.link(target, copy, follow_symlinks=False)
    except OSError:  # a file system without links
        copyfile(target, copy, follow_symlinks=False)
    return copy
