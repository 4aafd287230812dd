"""`artkit.Recipe`, the door for Python: what a recipe says, with all that can be done with it as methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

from artkit.recipe import change, files, write
from artkit.recipe.check import Bound, Checked, check
from artkit.recipe.model import RecipeData
from artkit.recipe.parse import parse

if TYPE_CHECKING:
    from artkit.recipe.motion import Motion, Settings
    from artkit.registry import Parameter


@dataclass(frozen=True)
class Recipe(RecipeData):
    """A recipe that is checked when something is asked for that only a sound one has; a RecipeError names every fault.

    Its fields are what its file says, see `RecipeData`; `name` is the file's.
    """

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Recipe:
        """Read and check a recipe file; a RecipeError names every fault."""
        return cls.of(files.read(path))

    @classmethod
    def parse(cls, text: str, where: str = "recipe.toml") -> Recipe:
        """Parse and check a recipe's text; `where` is the file's name for the messages."""
        return cls.of(check(*parse(text, where)))

    @classmethod
    def find(cls, name_or_path: str | PathLike[str]) -> Recipe:
        """Give the preset of that name or the recipe at that path; a UsageError suggests the nearest preset."""
        return cls.of(files.find(name_or_path))

    @classmethod
    def of(cls, checked: Checked) -> Recipe:
        """Give a checked recipe as one of these, which need not be checked again."""
        recipe = cls._of_data(checked.data)
        recipe.__dict__["checked"] = checked  # what the property below would find out anew
        return recipe

    @classmethod
    def _of_data(cls, data: RecipeData) -> Recipe:
        return cls(**{field.name: getattr(data, field.name) for field in fields(RecipeData)})

    @cached_property
    def checked(self) -> Checked:
        """The same recipe as one that can run."""
        return check(self)

    @property
    def bound(self) -> tuple[Bound, ...]:
        """The steps with their ops, all parameters and types."""
        return self.checked.steps

    @property
    def settings(self) -> Settings | None:
        """What the recipe says of its animation; None where it says nothing."""
        return self.checked.settings

    @property
    def motion(self) -> Motion | None:
        """Which parameters change from frame to frame; None where none does."""
        return self.checked.motion

    @property
    def gives(self) -> type:
        """The type of the artwork."""
        return self.checked.gives

    @property
    def full(self) -> Recipe:
        """The same recipe with every default filled in."""
        return self._of_data(write.full(self.checked))

    def options(self) -> dict[str, Parameter]:
        """The exposed parameters by option; their default is the recipe's value."""
        return change.options(self.checked)

    def motion_options(self) -> dict[str, Parameter]:
        """What can be set of the animation that the recipe makes, by option; none where it makes no animation."""
        return change.motion_options(self.checked)

    def with_options(self, options: Mapping[str, object]) -> Recipe:
        """Set exposed parameters by their option's name; `-` and `_` in a name are the same."""
        return self.of(change.with_options(self.checked, options))

    def with_values(self, values: Mapping[str, object]) -> Recipe:
        """Set parameters by STEP.PARAM, as in {"median.size": 9, "2.size": "9"}; text is converted to their type."""
        return self.of(change.with_values(self if values else self.checked, values))

    def dump(self) -> str:
        """Give canonical TOML, every parameter in full: the same recipe always gives the same text."""
        return write.dump(self.checked)
