"""What tests share: a small photo full of color, its file, and chance that is the same on every run."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from artkit.artwork.image import Image

settings.register_profile(
    "artkit", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
settings.load_profile("artkit")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-golden", action="store_true", help="write tests/golden anew, and tighten tests/figures.toml"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow the cases of sampled tests but for as many as stated, which are spread evenly."""
    cases: dict[tuple[str, int], list[pytest.Item]] = {}
    for item in items:
        if mark := item.get_closest_marker("sample"):
            cases.setdefault((item.nodeid.partition("[")[0], mark.args[0]), []).append(item)
    for (_, count), found in cases.items():
        kept = {number * len(found) // count for number in range(count)}
        for number, item in enumerate(found):
            if number not in kept:
                item.add_marker(pytest.mark.slow)


def _refuse(*_: object, **__: object) -> None:
    raise AssertionError("artkit reached for the network")


_connect = socket.socket.connect


def _connect_within(self: socket.socket, address: object) -> None:
    if self.family != getattr(socket, "AF_UNIX", None):  # by which processes of this machine are started
        _refuse()
    _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _connect_within)
    for name in ("connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, _refuse)
    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, _refuse)


@pytest.fixture(autouse=True)
def _no_presets_of_the_users_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-config"))


@pytest.fixture(scope="session")
def photo() -> Image:
    """A sky that darkens to the right, a sun, a hill and some grain: 72 x 48 pixels."""
    y, x = np.mgrid[0:48, 0:72].astype(float)
    red, green, blue = 90 + 1.5 * y, 150 - 0.5 * x, 250 - 2 * x
    sun = (x - 50) ** 2 + (y - 14) ** 2 < 81
    hill = y > 34 + 8 * np.sin(x / 11)
    pixels = np.dstack([red, green, blue])
    pixels[sun] = 250, 210, 60
    pixels[hill] = 40, 110, 50
    pixels += np.random.default_rng(1).normal(0, 4, pixels.shape)
    return Image(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


@pytest.fixture
def photo_file(photo: Image, tmp_path: Path) -> Path:
    """The photo as a PNG."""
    from PIL import Image as Pillow

    path = tmp_path / "hill.png"
    Pillow.fromarray(photo.pixels).save(path)
    return path


@pytest.fixture(scope="module")
def short_tours() -> Iterator[None]:
    """Do not look for the best order of few lines, which takes a second each time and changes no line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("artkit.pens.prepare.order.FEW", 0)
        yield
