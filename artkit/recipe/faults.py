"""All that is wrong with a recipe, each fault with its line, raised as one error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from artkit.errors import RecipeError

if TYPE_CHECKING:
    from artkit.registry.toml import Lines


class Faults:
    """Collects faults with their lines; without lines (a recipe made in Python) only the recipe is named."""

    def __init__(self, where: str, lines: Lines | None = None) -> None:
        self.where = where
        self.lines = lines
        self.found: list[tuple[int, str]] = []

    def add(self, text: str, *keys: str) -> None:
        """Note a fault at a key of the top (or `expose`) table."""
        self.found.append((self.lines.key(*keys) if self.lines else 0, text))

    def add_step(self, index: int, op: str, text: str, key: str = "") -> None:
        """Note a fault in step `index` from 0, at one of its keys or at its head."""
        place = f"step {index + 1} ({op})" if op else f"step {index + 1}"
        self.found.append((self.lines.step(index, key) if self.lines else 0, f"{place}: {text}"))

    def raise_any(self) -> None:
        """Raise what was found, in the order of the lines."""
        if self.found:
            ordered = sorted(self.found, key=lambda fault: fault[0])
            raise RecipeError(
                f"{self.where}:{line}: {text}" if line else f"{self.where}: {text}" for line, text in ordered
            )
