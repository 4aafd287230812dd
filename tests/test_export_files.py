"""Atomic writing: the new file in full, or the old one as it was and nothing beside it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from artkit.errors import ArtkitError
from artkit.export import files, parts


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_bytes_arrive_and_nothing_else_is_left(tmp_path):
    path = files.write(tmp_path / "a.svg", b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.svg"]


def test_an_old_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a.svg"
    path.write_bytes(b"old")
    path.chmod(0o640)
    files.write(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    files.write(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link.svg").symlink_to(tmp_path / "real" / "a.svg")
    files.write(tmp_path / "link.svg", b"new")
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real" / "a.svg").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    files.write(pipe, b"new")
    reader.join()
    assert got == [b"new"]
    assert pipe.is_fifo()


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path):
    assert files.write(tmp_path / ("x" * 255), b"new").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "cannot"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_when_the_system_refuses_the_old_file_stands_and_one_line_says_why(tmp_path, monkeypatch, step, code, reason):
    path = tmp_path / "a.svg"
    path.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), refuse)
    with pytest.raises(ArtkitError, match=reason) as caught:
        files.write(path, b"new")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.svg"]


def test_an_interrupt_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write(tmp_path / "a.svg", b"new")
    assert names(tmp_path) == []


def test_wrong_places_are_named(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for path, reason in {
        tmp_path / "nowhere" / "a.svg": "there is no folder .*nowhere",
        tmp_path / "file" / "a.svg": "is not a folder",
        tmp_path / "folder": "is a folder",
        tmp_path / ("x" * 300): "too long",
    }.items():
        with pytest.raises(ArtkitError, match=reason):
            files.write(path, b"new")
    assert names(tmp_path) == ["file", "folder"]
    assert names(tmp_path / "folder") == []


def left_by_a_process(folder: Path, then: str = "os.kill(os.getpid(), 9)") -> subprocess.Popen[bytes]:
    """A process that is in the middle of writing a file."""
    code = f"""
import os, sys, time
from pathlib import Path
from artkit.export import files
with files.writing(Path({os.fspath(folder)!r}) / "a.svg") as file:
    file.write(b"half")
    file.flush()
    print("begun", flush=True)
    {then}
"""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@pytest.mark.skipif(os.name == "nt", reason="Windows clears what is older than a day")
def test_what_a_killed_process_has_left_is_cleared_by_the_next_and_nothing_else(tmp_path):
    left_by_a_process(tmp_path).communicate()
    foreign = [".artkit-0123.part", ".artkit-0123456789abcdef.part.txt", "artkit-0123456789abcdef.part", ".artkit"]
    for name in foreign:
        (tmp_path / name).write_bytes(b"mine")
    (tmp_path / "outside").write_bytes(b"mine")
    (tmp_path / ".artkit-00000000000000aa.part").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / ".artkit-00000000000000bb.part")
    kept = {*foreign, "outside", ".artkit-00000000000000aa.part", ".artkit-00000000000000bb.part"}
    assert len(names(tmp_path)) == len(kept) + 1
    files.write(tmp_path / "b.svg", b"new")
    assert {*names(tmp_path)} == kept | {"b.svg"}


@pytest.mark.skipif(os.name == "nt", reason="Windows clears what is older than a day")
def test_what_another_process_has_under_way_is_left_alone(tmp_path):
    with left_by_a_process(tmp_path, "time.sleep(60)") as process:
        assert process.stdout and process.stdout.readline() == b"begun\n"
        before = names(tmp_path)
        files.write(tmp_path / "b.svg", b"new")
        assert names(tmp_path) == sorted([*before, "b.svg"]) and len(before) == 1
        process.kill()
    files.write(tmp_path / "b.svg", b"new")
    assert names(tmp_path) == ["b.svg"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_a_file_that_another_has_cleared_before_it_was_locked_is_made_again(tmp_path, monkeypatch):
    plain, taken = parts.hold, []

    def hold(descriptor: int, path: Path) -> bool:
        if not taken:
            taken.append(path)
            parts.clear(tmp_path)
        return plain(descriptor, path)

    monkeypatch.setattr(parts, "hold", hold)
    files.write(tmp_path / "a.svg", b"new")
    assert names(tmp_path) == ["a.svg"] and len(taken) == 1
    with parts.folder_part(tmp_path) as folder:
        taken.clear()
        with parts.folder_part(folder) as within:
            assert within.is_dir()
    assert names(tmp_path) == ["a.svg"]


def test_a_fresh_file_replaces_none(tmp_path, monkeypatch):
    files.write(tmp_path / "a.toml", b"first", fresh=True)
    (tmp_path / "link.toml").symlink_to("nowhere")
    for name in ("a.toml", "link.toml"):
        with pytest.raises(ArtkitError, match=r"toml: is there already; choose another name"):
            files.write(tmp_path / name, b"second", fresh=True, follow=False)
    monkeypatch.setattr(os.path, "lexists", lambda path: False)  # another process is faster
    with pytest.raises(ArtkitError, match="is there already"):
        files.write(tmp_path / "a.toml", b"second", fresh=True)
    assert (tmp_path / "a.toml").read_bytes() == b"first"
    assert names(tmp_path) == ["a.toml", "link.toml"]


def test_a_link_that_is_not_followed_is_replaced_by_a_file_like_any_new_one(tmp_path):
    (tmp_path / "real.svg").write_bytes(b"real")
    (tmp_path / "link.svg").symlink_to("real.svg")
    files.write(tmp_path / "link.svg", b"new", follow=False)
    files.write(tmp_path / "plain.svg", b"new")
    assert (tmp_path / "real.svg").read_bytes() == b"real"
    assert (tmp_path / "link.svg").lstat().st_mode == (tmp_path / "plain.svg").lstat().st_mode


def test_files_of_a_folder_are_there_all_or_none(tmp_path, monkeypatch):
    new = {"1.pdf": b"one", "2.pdf": b"two", "3.pdf": b"three"}
    files.write_all(tmp_path / "a" / "films", new)
    assert {path.name: path.read_bytes() for path in (tmp_path / "a" / "films").iterdir()} == new
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "1.pdf").write_bytes(b"old")
    (tmp_path / "old" / "2.pdf").mkdir()
    with pytest.raises(ArtkitError, match="is a folder"):
        files.write_all(tmp_path / "old", new)
    assert (tmp_path / "old" / "1.pdf").read_bytes() == b"old"
    assert names(tmp_path / "old") == ["1.pdf", "2.pdf"]
    with pytest.raises(ArtkitError, match="is not a folder"):
        files.write_all(tmp_path / "old" / "1.pdf", new)
    monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(ArtkitError, match="the disk is full"):
        files.write_all(tmp_path / "b" / "films", new)
    assert names(tmp_path) == ["a", "old"]
