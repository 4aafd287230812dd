"""Every recipe in recipes/bad is refused with the message that stands beside it.

A line of the message that ends in "..." is compared up to there: the rest is the TOML parser's, whose words change from
one version of Python to the next.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from artkit.errors import RecipeError
from artkit.recipe import Recipe

FOLDER = Path(__file__).parent / "recipes" / "bad"
BAD = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_recipe_is_refused_with_the_message_beside_it(path, monkeypatch):
    monkeypatch.chdir(FOLDER)
    with pytest.raises(RecipeError) as caught:
        Recipe.read(path.name)
    expected = path.with_suffix(".txt").read_text("utf-8").splitlines()
    given = str(caught.value).splitlines()
    for line, want in zip(given, expected, strict=True):
        assert line == want or (want.endswith("...") and line.startswith(want.removesuffix("...")))
    assert caught.value.faults == given


def test_every_message_has_its_recipe():
    assert {path.stem for path in BAD} == {path.stem for path in FOLDER.glob("*.txt")}
    assert len(BAD) > 50
