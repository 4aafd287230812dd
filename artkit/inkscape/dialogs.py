"""Dialogs of Inkscape (.inx files), one for each of: tracing, plotting, and every preset that does not move.

Parameters are those of the declarations: a switch, a menu, a number or a text for each. They reach the script as
`--p_NAME=VALUE`; what is hidden tells it which command of artkit to run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from artkit.artwork.animation import Animation
from artkit.artwork.drawing import AnimatedDrawing, Drawing
from artkit.recipe import Checked, find, presets
from artkit.recipe.change import options
from artkit.registry import Parameter
from artkit.registry import find as op_of
from artkit.registry.controls import control_of

SCRIPT = "artkit_extension.py"
SPACE = "http://www.inkscape.org/namespace/inkscape/extension"


def dialogs() -> dict[str, str]:
    """Give the text of every dialog by its file's name."""
    made = {"artkit_trace.inx": trace(), "artkit_plot.inx": plot()}
    for name in presets():
        recipe = find(name)
        if not issubclass(recipe.gives, (Animation, AnimatedDrawing)):
            made[f"artkit_preset_{name.replace('-', '_')}.inx"] = preset(name, recipe)
    return made


def trace() -> str:
    """Give the dialog that traces the selected picture."""
    shown = [_parameter(parameter) for parameter in op_of("trace").parameters.values()]
    hidden = {"command": "trace", "suffix": ".svg"}
    return _dialog("trace", "Trace the picture", hidden, shown, "Select a picture first. It stays beneath its tracing.")


def preset(name: str, recipe: Checked) -> str:
    """Give the dialog that applies a preset to the selected picture."""
    hidden = {"command": "apply", "preset": name, "suffix": ".svg" if issubclass(recipe.gives, Drawing) else ".png"}
    chosen = {target for choices in recipe.data.choose.values() for each in choices.values() for target in each}
    shown = [
        _parameter(parameter)
        for option, parameter in options(recipe).items()
        if recipe.data.expose.get(option) not in chosen  # a dialog gives all that it has, and it would undo the choice
    ]
    shown.append(_field("seed", "int", "Seed of all chance.", str(recipe.data.seed), 'min="0" max="2147483647"'))
    return _dialog(f"preset.{name}", recipe.data.title or name, hidden, shown, recipe.data.description, "Presets")


def plot() -> str:
    """Give the dialog that writes what is selected for a pen plotter."""
    from artkit.pens.machine import MACHINES

    machines = ["", *MACHINES.known()]
    shown = [
        '<param name="file" type="path" mode="file_new" filetypes="svg,hpgl,plt,gcode,pdf" gui-text="File">'
        "plot.svg</param>",
        _field("page", "string", "Paper, such as A4 or 300x200mm; nothing: as the drawing is.", ""),
        _menu("machine", "The plotter.", machines),
        _field("hatch", "string", "Fill areas with lines this far apart, such as 1mm,45; nothing: outlines alone.", ""),
    ]
    about = "Writes what is selected, or all of it, to a file. The lines are merged, sorted and put into layers by pen."
    return _dialog("plot", "Plot the selection", {"command": "plot"}, shown, about)


def _dialog(
    name: str, title: str, hidden: Mapping[str, str], shown: Iterable[str], about: str, menu: str | None = None
) -> str:
    kept = (f'<param name="{key}" type="string" gui-hidden="true">{escape(hidden[key])}</param>' for key in hidden)
    within = (
        f'<submenu name="artkit"><submenu name={quoteattr(menu)}/></submenu>' if menu else '<submenu name="artkit"/>'
    )
    return (
        "\n  ".join(
            [
                f'<?xml version="1.0" encoding="UTF-8"?>\n<inkscape-extension xmlns="{SPACE}">',
                f"<name>{escape(title)}</name>",
                f"<id>org.artkit.{name}</id>",
                f"<label>{escape(about)}</label>",
                *kept,
                *shown,
                f"<effect><object-type>all</object-type><effects-menu>{within}</effects-menu></effect>",
                f'<script><command location="inx" interpreter="python">{SCRIPT}</command></script>',
            ]
        )
        + "\n</inkscape-extension>\n"
    )


def _parameter(parameter: Parameter) -> str:
    control, name, about = control_of(parameter), parameter.name.replace("-", "_"), parameter.description
    match control.kind:
        case "switch":
            return _field(name, "bool", about, "true" if control.default else "false")
        case "choice":
            return _menu(name, about, sorted(control.choices, key=lambda choice: choice != control.default))
        case "whole":
            limits = f'min="{control.low:.0f}" max="{control.high:.0f}"'
            return _field(name, "int", about, str(control.default), limits)
        case "number":
            limits = f'min="{control.low:g}" max="{control.high:g}" precision="3"'
            return _field(name, "float", about, f"{control.default:g}", limits)
    return _field(name, "string", about, control.default)


def _field(name: str, kind: str, about: str, value: str, limits: str = "") -> str:
    words = f"gui-text={quoteattr(_label(name))} gui-description={quoteattr(about)}"
    return f'<param name="p_{name}" type="{kind}" {limits} {words}>{escape(value)}</param>'.replace("  ", " ")


def _menu(name: str, about: str, choices: Iterable[str]) -> str:
    """Give a menu; the first choice is the one that it stands at."""
    listed = "".join(f"<option value={quoteattr(choice)}>{escape(choice or 'none')}</option>" for choice in choices)
    words = f"gui-text={quoteattr(_label(name))} gui-description={quoteattr(about)}"
    return f'<param name="p_{name}" type="optiongroup" appearance="combo" {words}>{listed}</param>'


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()
