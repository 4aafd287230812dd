"""The extension of Inkscape: dialogs that its schema takes, a script that puts what artkit makes where it belongs."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit.artwork.image import Image
from artkit.cli import app
from artkit.inkscape.dialogs import SCRIPT, SPACE, dialogs
from artkit.inkscape.install import home, install, remove
from artkit.recipe import find, presets

ROOT = Path(__file__).parent.parent
OWN = Path("/usr/share/inkscape/extensions")
SVG = "{http://www.w3.org/2000/svg}"
LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"


@pytest.fixture
def texts() -> dict[str, str]:
    return dialogs()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("extensions")
    install(folder)
    return folder


def parameters(text: str) -> dict[str, str]:
    """The parameters of a dialog, with what they stand at."""
    found = ElementTree.fromstring(text).iter(f"{{{SPACE}}}param")
    return {p.get("name", ""): p[0].get("value", "") if len(p) else p.text or "" for p in found}


def test_every_preset_that_does_not_move_has_a_dialog_with_its_options(texts):
    still = {name for name in presets() if "Anim" not in find(name).gives.__name__}
    assert len(texts) == len(still) + 2
    for name in still:
        shown = parameters(texts[f"artkit_preset_{name.replace('-', '_')}.inx"])
        data = find(name).data
        chosen = {target for choices in data.choose.values() for each in choices.values() for target in each}
        free = (option for option, target in data.expose.items() if target not in chosen)
        options = {f"p_{option.replace('-', '_')}" for option in (*data.choose, *free)}
        assert {"command", "preset", "suffix", "p_seed", *options} == set(shown)
        assert (shown["command"], shown["preset"]) == ("apply", name)
    ids = [ElementTree.fromstring(text).findtext(f"{{{SPACE}}}id") for text in texts.values()]
    assert len(set(ids)) == len(ids)


@pytest.mark.skipif(not (OWN / "inkscape.extension.rng").is_file(), reason="Inkscape's schema is not there")
def test_inkscapes_own_schema_takes_every_dialog(texts):
    etree = pytest.importorskip("lxml.etree")
    schema = etree.RelaxNG(etree.parse(str(OWN / "inkscape.extension.rng")))
    for name, text in texts.items():
        assert schema.validate(etree.fromstring(text.encode())), (name, schema.error_log.last_error)


@pytest.mark.slow
def test_it_is_installed_over_an_earlier_one_and_taken_away(tmp_path, monkeypatch):
    monkeypatch.setenv("INKSCAPE_PROFILE_DIR", str(tmp_path))
    assert home() == tmp_path / "extensions"
    home().mkdir()
    for name in ("artkit_preset_gone.inx", "mine.inx"):
        (home() / name).touch()
    made = CliRunner().invoke(app, ["inkscape-extension", "install"], prog_name="artkit")
    assert (made.exit_code, made.stdout) == (0, f"{home()}\n")
    assert not (home() / "artkit_preset_gone.inx").exists()
    assert json.loads((home() / "artkit_extension.json").read_text()) == {"python": sys.executable}
    gone = CliRunner().invoke(app, ["inkscape-extension", "remove"], prog_name="artkit")
    assert gone.exit_code == 0 and len(gone.stdout.splitlines()) == len(dialogs()) + 2
    assert [path.name for path in home().iterdir()] == ["mine.inx"]
    assert remove(home()) == []


def inkex_python() -> tuple[str, str] | None:
    """A Python that has inkex, from PyPI or of Inkscape, and where it is found."""
    for python, place in ((sys.executable, ""), ("/usr/bin/python3", str(OWN))):
        environment = {**os.environ, "PYTHONPATH": place}
        done = subprocess.run([python, "-c", "import inkex"], env=environment, capture_output=True, check=False)
        if done.returncode == 0:
            return python, place
    return None


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory):
    """Give a function that runs the script on a document as Inkscape does, and gives the document that it makes."""
    place = inkex_python() if Path("/usr/bin/python3").exists() else None
    if place is None:
        pytest.skip("inkex is not there")
    starter = tmp_path_factory.mktemp("bin") / "python"
    starter.write_text(
        f'#!/bin/sh\nPYTHONPATH="{os.pathsep.join([str(ROOT), *sys.path])}" exec "{sys.executable}" "$@"\n'
    )
    starter.chmod(0o755)
    (folder / "artkit_extension.json").write_text(json.dumps({"python": str(starter)}))

    def run(dialog: str, document: Path, *chosen: str, **changed: str) -> tuple[ElementTree.Element | None, str]:
        given = parameters((folder / f"artkit_{dialog}.inx").read_text("utf-8")) | changed
        options = [f"--{name}={value}" for name, value in given.items()] + [f"--id={each}" for each in chosen]
        done = subprocess.run(
            [place[0], str(folder / SCRIPT), *options, str(document)],
            env={**os.environ, "PYTHONPATH": place[1]},
            capture_output=True,
            check=False,
            timeout=120,
        )
        return (ElementTree.fromstring(done.stdout) if done.stdout else None), done.stderr.decode()

    return run


@pytest.fixture
def document(tmp_path) -> Path:
    """A sheet with a picture of a black square, 20 units wide at 30, 10, and two other shapes."""
    pixels = np.full((40, 40, 3), 255, np.uint8)
    pixels[10:30, 10:30] = (200, 30, 60)
    data = base64.b64encode(Image(pixels).to_bytes()).decode()
    (tmp_path / "doc.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="60" '
        'viewBox="0 0 100 60"><image id="photo" x="30" y="10" width="20" height="20" '
        f'xlink:href="data:image/png;base64,{data}"/>'
        '<g id="both"><rect id="one" x="5" y="40" width="10" height="10" fill="none" stroke="black"/>'
        '<rect id="two" x="60" y="40" width="10" height="10" fill="none" stroke="black"/></g></svg>'
    )
    return tmp_path / "doc.svg"


@pytest.mark.slow
def test_a_tracing_lies_where_the_picture_does_and_has_names_of_its_own(run, document, tmp_path):
    from artkit.render import rendered

    made, said = run("trace", document, "photo")
    assert made is not None, said
    (group,) = [each for each in made.iter(f"{SVG}g") if each.get(LABEL) == "artkit trace"]
    names = [each.get("id") for each in made.iter() if each.get("id")]
    assert len(set(names)) == len(names)
    for picture in list(made.iter(f"{SVG}image")):
        made.remove(picture)
    pixels = rendered(ElementTree.tostring(made, "unicode"), (100, 60)).astype(int)
    assert np.abs(pixels[17:23, 37:43] - (200, 30, 60)).max() <= 3, "the square, in the middle of the picture"
    assert pixels[11, 31].min() > 250 and len(group) > 0


@pytest.mark.slow
def test_a_preset_of_pixels_comes_as_a_picture_and_what_is_no_picture_is_told(run, document):
    made, said = run("preset_channels", document, "photo")
    assert made is not None, said
    labels = [each.get(LABEL) for each in made.iter(f"{SVG}image")]
    assert labels == [None, "artkit channels"]
    _, said = run("trace", document, "one")
    assert "Select a picture first" in said


@pytest.mark.slow
def test_a_plot_has_what_is_selected_alone(run, document, tmp_path):
    for chosen in ("one", "both"):
        _, said = run("plot", document, chosen, file=str(tmp_path / f"{chosen}.svg"))
        assert "Traceback" not in said and "lines" in said
    _, said = run("plot", document, "one", file=str(tmp_path / "no" / "plot.svg"))
    assert "there is no folder" in said
    assert (tmp_path / "one.svg").stat().st_size < (tmp_path / "both.svg").stat().st_size
