"""What is installed is all there: from a wheel by way of the sdist, and from a checkout that is edited in place."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PRESETS = {path.stem for path in (ROOT / "presets").glob("*.toml")}


def run(*command: object, cwd: Path) -> str:
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "PIP_"))}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=bare, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def environment(folder: Path) -> Path:
    """A fresh environment that finds the libraries of this one, but not its artkit; gives its Python."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / scripts / "python"
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    # A path file in a folder that is itself on the path by a path file is not read: an editable artkit stays out.
    (Path(purelib) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def install(python: Path, *what: object, cwd: Path) -> None:
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--no-deps", "--no-build-isolation", "--no-index", *what, cwd=cwd)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the sdist and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def test_the_wheel_holds_the_package_and_its_presets_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"artkit/presets/{name}.toml" for name in PRESETS} <= names
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "artkit").rglob("*.toml")} <= names
    assert {"artkit/cli/__init__.py", "artkit/py.typed", "artkit/ops/__init__.pyi"} <= names
    pages = {f"artkit/docs/{path.name}" for path in (ROOT / "docs").iterdir() if path.suffix in (".md", ".json")}
    assert pages == {name for name in names if name.startswith("artkit/docs/")}
    texts = b"".join(path.read_bytes() for path in (ROOT / "artkit").rglob("*.py"))
    assert {f"artkit/docs/{name.decode()}" for name in re.findall(rb"docs/(\w[\w.-]*\.(?:md|json))", texts)} <= pages
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"artkit"}
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "artkit").rglob("*.py")}
    assert sources <= names


def test_the_sdist_holds_what_it_takes_to_build_and_to_test(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "tests/conftest.py", ".ci/run"} <= names
    assert {f"presets/{name}.toml" for name in PRESETS} <= names


@pytest.mark.parametrize("way", ["wheel", "editable"])
def test_an_installed_artkit_works_outside_the_checkout(built, tmp_path, photo_file, way):
    python = environment(tmp_path / "env")
    install(python, *(("--editable", ROOT) if way == "editable" else built.glob("*.whl")), cwd=tmp_path)
    home = Path(run(python, "-c", "import artkit; print(artkit.__file__)", cwd=tmp_path).strip())
    assert home.is_relative_to(ROOT if way == "editable" else tmp_path / "env")

    artkit = python.with_name("artkit")
    listed = {line.split()[0] for line in run(artkit, "presets", cwd=tmp_path).splitlines()}
    assert listed >= PRESETS
    assert '"$schema"' in run(artkit, "docs", "schema", cwd=tmp_path)
    assert run(artkit, "apply", "channels", photo_file, "-o", "out.png", cwd=tmp_path) == "out.png\n"
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
