"""`artkit.explore`: a preset's options as sliders in a notebook, with the artwork beneath them."""

from __future__ import annotations

from os import PathLike
from typing import Any

from artkit.errors import ArtkitError, UsageError, explained
from artkit.recipe import Checked, Recipe, find
from artkit.recipe.change import options
from artkit.registry.controls import Control, control_of
from artkit.run import read
from artkit.run.library import apply

SIZE = 320
"""Pixels of the longer side, so that it follows the hand."""


def explore(photo: Any, preset: str | PathLike[str] | Recipe | Checked = "poster", *, size: int = SIZE) -> Any:
    """Show a preset on a photo with a slider, a menu or a field for each of its options; needs ipywidgets.

    What they stand at is what `artkit.apply(preset, photo, ...)` takes as options, for the artwork at full size.
    """
    try:
        import ipywidgets as widgets
    except ModuleNotFoundError:
        raise UsageError("explore: sliders need ipywidgets; install it by: pip install ipywidgets") from None
    if isinstance(preset, Recipe):
        preset = preset.checked
    checked = preset if isinstance(preset, Checked) else find(preset)
    image = read(photo, size=size)
    sliders = {name: _widget(widgets, name, control_of(each)) for name, each in options(checked).items()}
    sliders["seed"] = widgets.BoundedIntText(value=checked.data.seed, min=0, max=2**31, description="seed")
    began = {name: slider.value for name, slider in sliders.items()}
    screen = widgets.Output()

    def draw(_: object = None) -> None:
        asked = {name: slider.value for name, slider in sliders.items() if slider.value != began[name]}
        try:
            shown = apply(checked, image, **asked)._repr_mimebundle_()
        except ArtkitError as error:
            shown = {"text/plain": f"Error: {explained(error)}"}
        screen.outputs = ({"output_type": "display_data", "data": shown, "metadata": {}},)

    for slider in sliders.values():
        slider.observe(draw, names="value")
    draw()
    return widgets.VBox([*sliders.values(), screen])


def _widget(widgets: Any, name: str, control: Control) -> Any:
    label = {"description": name, "style": {"description_width": "initial"}, "continuous_update": False}
    match control.kind:
        case "switch":
            return widgets.Checkbox(value=control.default, description=name)
        case "choice":
            return widgets.Dropdown(options=control.choices, value=control.default, description=name)
        case "text":
            return widgets.Text(value=control.default, **label)
    slider = widgets.IntSlider if control.kind == "whole" else widgets.FloatSlider
    return slider(value=control.default, min=control.low, max=control.high, step=control.step, **label)
