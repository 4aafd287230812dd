"""What Inkscape runs for artkit's dialogs, by its own Python: it knows inkex and nothing of artkit.

artkit itself runs in a process of its own, with the Python that `artkit_extension.json` beside this file names.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import inkex

HERE = Path(__file__).parent
PREFIX = "--p_"


class Artkit(inkex.EffectExtension):  # type: ignore[misc]
    """Trace the selected pictures, apply a preset to them, or plot what is selected."""

    def add_arguments(self, pars: Any) -> None:
        """Take what the dialogs hide; their other parameters are taken by `parse_arguments`."""
        for name in ("command", "preset", "suffix", "file"):
            pars.add_argument(f"--{name}", default="")
        pars.add_argument("--tab", default="")

    def parse_arguments(self, args: list[str]) -> None:
        """Take the parameters of any dialog, by their prefix."""
        pairs = [arg.removeprefix(PREFIX).partition("=") for arg in args if arg.startswith(PREFIX)]
        self.given = {name: value for name, _, value in pairs}
        super().parse_arguments([arg for arg in args if not arg.startswith(PREFIX)])

    def effect(self) -> None:
        """Do what was asked for."""
        with tempfile.TemporaryDirectory() as folder:
            if self.options.command == "plot":
                self._plot(Path(folder))
                return
            pictures = list(self.svg.selection.filter(inkex.Image).values())
            if not pictures:
                raise inkex.AbortExtension("Select a picture first, such as a photo that was imported.")
            for number, picture in enumerate(pictures):
                self._draw(picture, Path(folder) / str(number))

    def _draw(self, picture: Any, folder: Path) -> None:
        """Put what artkit makes of a picture above it."""
        folder.mkdir()
        source, made = folder / "picture", folder / f"made{self.options.suffix}"
        source.write_bytes(self._bytes_of(picture))
        what = ["apply", self.options.preset] if self.options.command == "apply" else ["trace"]
        run([*what, str(source), "-o", str(made), *self._asked()])
        drawn = self._drawing(made, picture) if made.suffix == ".svg" else self._pixels(made, picture)
        drawn.set("inkscape:label", f"artkit {self.options.preset or 'trace'}")
        picture.addnext(drawn)

    def _asked(self) -> list[str]:
        """Give the parameters of the dialog as options of artkit."""
        asked = []
        for name, value in self.given.items():
            option = name.replace("_", "-")
            if value in ("true", "false"):
                asked.append(f"--{option}" if value == "true" else f"--no-{option}")
            elif value:
                asked.append(f"--{option}={value}")
        return asked

    def _bytes_of(self, picture: Any) -> bytes:
        """Give the file of a picture, which lies in the document or beside it."""
        address = picture.get("xlink:href") or picture.get("href") or ""
        if address.startswith("data:"):
            head, _, data = address.partition(",")
            return base64.b64decode(data) if head.endswith("base64") else unquote(data).encode()
        path = Path(unquote(address.removeprefix("file://")))
        try:
            return (Path(self.svg_path() or ".") / path).read_bytes()
        except OSError as error:
            raise inkex.AbortExtension(f"{path}: cannot be read ({error.strerror})") from None

    def _drawing(self, made: Path, picture: Any) -> Any:
        """Give a drawing as a group that lies where the picture does, with names that the document does not have."""
        text = made.read_text("utf-8")
        taken = self.svg.get_ids()
        for name in re.findall(r'\sid="([^"]+)"', text):
            number = next(i for i in range(1, 1 << 20) if f"artkit{i}-{name}" not in taken)
            pattern = rf'(?<=\sid="){re.escape(name)}(?=")|(?<=#){re.escape(name)}(?=[")])'
            text = re.sub(pattern, f"artkit{number}-{name}", text)
        root = inkex.load_svg(text.encode()).getroot()
        box = root.get_viewbox()
        wide, high = (float(picture.get(side) or box[2 + i]) for i, side in enumerate(("width", "height")))
        scale = min(wide / box[2], high / box[3])
        left = float(picture.get("x") or 0) + (wide - scale * box[2]) / 2 - scale * box[0]
        top = float(picture.get("y") or 0) + (high - scale * box[3]) / 2 - scale * box[1]
        group = inkex.Group(*[child for child in root if child.TAG not in ("metadata", "title", "namedview")])
        place = inkex.Transform(f"translate({left},{top}) scale({scale})")
        group.transform = picture.transform @ place
        return group

    def _pixels(self, made: Path, picture: Any) -> Any:
        """Give pixels as a picture that lies where the other does."""
        drawn = deepcopy(picture)
        drawn.set("id", self.svg.get_unique_id("artkit"))
        drawn.set("xlink:href", "data:image/png;base64," + base64.b64encode(made.read_bytes()).decode())
        return drawn

    def _plot(self, folder: Path) -> None:
        """Write what is selected to the file for the plotter, and tell what artkit says of it."""
        source = folder / "selected.svg"
        source.write_bytes(self._selected())
        inkex.utils.debug(run(["plot", str(source), "-o", self.options.file, *self._asked()]))

    def _selected(self) -> bytes:
        """Give the document without what is not selected, or all of it where nothing is."""
        whole = deepcopy(self.document)
        chosen = set(self.svg.selection.ids)
        if chosen:
            for element in list(whole.getroot().iter()):
                family = (*element.iterancestors(), element, *element.iterdescendants())
                names = {each.get("id") for each in family if isinstance(each.tag, str)}
                if isinstance(element.tag, str) and element.TAG in SHAPES and not names & chosen:
                    element.getparent().remove(element)
        return bytes(whole.getroot().tostring())


SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use", "image", "g")
"""What is left out of a plot where it is not selected, nor in or around what is."""


def run(arguments: list[str]) -> str:
    """Run artkit and give what it prints; what it has to say of a fault is shown by Inkscape."""
    python = json.loads((HERE / "artkit_extension.json").read_text("utf-8"))["python"]
    command = [python, "-m", "artkit", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise inkex.AbortExtension(done.stderr.strip() or f"artkit ended with status {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    Artkit().run(sys.argv[1:])
