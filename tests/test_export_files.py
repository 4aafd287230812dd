"""Atomic writing: the new file in full, or the old one as it was and nothing beside it."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from artkit.errors import ArtkitError
from artkit.export import files


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
