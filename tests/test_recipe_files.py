"""Recipe files: presets of artkit and of the user, found by name or path."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_ops import POSTER, tiny_ops

from artkit import recipe as recipes
from artkit.errors import UsageError
from artkit.recipe import Recipe


@pytest.fixture(autouse=True, scope="module")
def _only_tiny_ops():
    with tiny_ops():
        yield


@pytest.fixture
def mine(tmp_path, monkeypatch) -> Path:
    """The user's folder of presets."""
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.setattr("artkit.recipe.listing.user_presets", lambda: folder)
    return folder


def test_the_users_presets_come_before_artkits_own(mine):
    (mine / "my-poster.toml").write_text(POSTER, "utf-8")
    (mine / "a-poster.toml").write_text(POSTER, "utf-8")
    assert recipes.presets()["my-poster"] == mine / "my-poster.toml"
    assert list(recipes.presets()) == sorted(recipes.presets())
    assert Recipe.find("my-poster").title == "Poster"
    for name in list(recipes.presets()):
        (mine / f"{name}.toml").write_text(POSTER, "utf-8")
    assert {path.parent for path in recipes.presets().values()} == {mine}


def test_a_recipe_is_found_by_its_path(tmp_path, mine, monkeypatch):
    (tmp_path / "x.toml").write_text(POSTER, "utf-8")
    (tmp_path / "plain").write_text(POSTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    for path in (tmp_path / "x.toml", "x.toml", "./x.toml", "plain"):
        assert Recipe.find(path).title == "Poster"


def test_the_nearest_preset_is_suggested(mine):
    (mine / "my-poster.toml").write_text(POSTER, "utf-8")
    with pytest.raises(UsageError, match=r"^no preset 'my-postr'; did you mean my-poster\?$"):
        Recipe.find("my-postr")


def test_a_summary_is_read_without_checking_and_never_fails(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('title = "T"\ndescription = "D"\nsteps = 3', "utf-8")
    assert recipes.summary(path) == ("T", "D")
    path.write_text('title = "T', "utf-8")
    assert recipes.summary(path)[0] == "" and "x.toml:1: not TOML" in recipes.summary(path)[1]
    assert recipes.summary(tmp_path / "none.toml")[0] == ""
