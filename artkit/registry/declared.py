"""pydantic's `Field`, `AfterValidator` and `BeforeValidator`, made into them when values are checked.

pydantic takes as long to load as an icon to be traced, and defaults need no check. Operations of other packages may
declare their parameters with pydantic's own as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Field:
    """What is said of a value: its description, its limits, and whatever else pydantic's `Field` takes by name."""

    def __init__(self, **settings: Any) -> None:
        self.description = settings.get("description")
        self.settings = settings

    def made(self) -> Any:
        """Give pydantic's."""
        from pydantic import Field

        return Field(**self.settings)


class AfterValidator:
    """A function that gets a value after its type was checked, and gives the one that counts or raises a ValueError."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def made(self) -> Any:
        """Give pydantic's."""
        from pydantic import AfterValidator

        return AfterValidator(self.func)


class BeforeValidator:
    """A function that gets what was given before its type is checked, and gives what is to be checked."""

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self.func = func

    def made(self) -> Any:
        """Give pydantic's."""
        from pydantic import BeforeValidator

        return BeforeValidator(self.func)


DECLARED = (Field, AfterValidator, BeforeValidator)
