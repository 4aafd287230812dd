"""Pyramids of tiles in a gallery: of large pictures alone, whole, and with the artwork wherever it goes."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import galleries
import numpy as np
import pytest
from PIL import Image as Pillow

from artkit import export, gallery
from artkit.artwork.image import Image
from artkit.errors import ArtkitError
from artkit.export import files
from artkit.gallery import clean, layout, pack, pyramid, removal, unpack
from artkit.gallery.record import NoRecordError, read, to_json
from artkit.gallery.served import open_file, steps
from artkit.gallery.verify import verify
from artkit.recipe import Recipe

PAGES = Path(layout.__file__).with_name("page")
WIDTH, HEIGHT, SIDE = 75, 50, 16
SIZES = [(75, 50), (38, 25), (19, 13), (10, 7)]
COUNT = 5 * 4 + 3 * 2 + 2 * 1 + 1


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(pyramid, "LARGE", 64)
    monkeypatch.setattr(pyramid, "SIDE", SIDE)


def picture(alpha: bool = False, width: int = WIDTH, height: int = HEIGHT) -> Image:
    """Smooth colors, each place another."""
    y, x = np.mgrid[:height, :width]
    pixels = np.dstack([3 * x, 5 * y, 255 - 2 * x - y]).clip(0, 255).astype(np.uint8)
    return Image(pixels, (255 * (x > 20) * np.clip((y - 10) / 20, 0, 1)).astype(np.uint8) if alpha else None)


def add(folder: str | Path, image: Image | None = None, suffix: str = ".png") -> gallery.Record:
    origin = gallery.provenance(Recipe.parse(galleries.RECIPE, "soft.toml").checked)
    image = image or picture()
    return gallery.add(
        folder, image, origin=origin, photo=image, photo_name="a.cat.jpg", photo_sha256="ab" * 32, seconds=1,
        suffix=suffix,
    )  # fmt: skip


def halved(image: Image) -> Image:
    """The mean of light over 2 x 2 pixels, weighed by opacity, the last row and column going on."""
    alpha = np.full(image.pixels.shape[:2], 255, np.uint8) if image.alpha is None else image.alpha
    beyond = ((0, image.height % 2), (0, image.width % 2))
    levels = np.pad(image.pixels, (*beyond, (0, 0)), "edge") / 255
    share = np.pad(alpha, beyond, "edge")[..., None] / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4) * share
    light, share = (sum(a[i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4 for a in (light, share))
    light = light / np.maximum(share, 1e-9)
    levels = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return Image(np.rint(255 * levels).astype(np.uint8), np.rint(255 * share[..., 0]).astype(np.uint8))


def sheet(tiles: dict[str, bytes], level: int) -> np.ndarray:
    """A level put together: (H, W, 4)."""
    width, height = SIZES[level]
    made = np.zeros((height, width, 4), int)
    for name, data in tiles.items():
        if name.startswith(f"{level}/"):
            column, row = (int(part) for part in name[2:].removesuffix(".webp").split("-"))
            area = made[SIDE * row : SIDE * (row + 1), SIDE * column : SIDE * (column + 1)]
            area[:] = np.asarray(Pillow.open(io.BytesIO(data)).convert("RGBA")).reshape(area.shape)
    return made


@pytest.mark.parametrize("alpha", [False, True])
def test_tiles_make_up_the_picture_and_its_means_edges_included(alpha, monkeypatch):
    image = picture(alpha)
    tiles = pyramid.pyramid(image, SIDE)
    assert tiles == pyramid.pyramid(image, SIDE) and len(tiles) == COUNT
    assert list(tiles) == pyramid.names((WIDTH, HEIGHT, SIDE)) and pyramid.levels(WIDTH, HEIGHT, SIDE) == SIZES
    assert np.abs(sheet(tiles, 0) - image.rgba)[image.rgba[..., 3] > 0].mean() < 2.5
    monkeypatch.setattr("artkit.gallery.thumbnail.webp", lambda image, *_: export.encode(image, ".png"))
    exact = pyramid.pyramid(image, SIDE)
    for level in range(len(SIZES)):
        seen = sheet(exact, level)
        off = np.abs(seen - image.rgba)
        assert off[seen[..., 3] > 8].max(initial=0) <= bool(level) and off[..., 3].max() <= bool(level)
        image = halved(Image(seen[..., :3].astype(np.uint8), seen[..., 3].astype(np.uint8) if alpha else None))


def test_only_pictures_that_are_long_and_stand_still_have_tiles(tmp_path):
    assert pyramid.tiling(64, 64) == () and pyramid.tiling(1, 65) == (1, 65, SIDE)
    assert add(tmp_path / "small", picture(width=64)).look.tiles == ()
    assert not (tmp_path / "small" / "tiles").exists()
    assert add(tmp_path / "gif", suffix=".gif").tiles == []
    for suffix in (".jpg", ".tiff"):
        assert len(add(tmp_path / suffix, suffix=suffix).tiles) == COUNT


def test_tiles_go_where_the_artwork_goes(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    record = add(one)
    gallery.page(one)
    tiles = {name: data for name, data in galleries.contents(one).items() if name.startswith("tiles")}
    assert sorted(tiles) == sorted(record.tiles) and len(tiles) == COUNT
    assert read(one / "records" / f"{record.name}.json", one) == record
    assert f'"tiles":[{WIDTH},{HEIGHT},{SIDE}]' in (one / "data" / "00001.js").read_text()
    assert {found.state for found in verify(one)} == {"sound"} and clean.leftovers(one) == []
    assert add(one) == record
    (tmp_path / "room").mkdir()
    with (tmp_path / "all.zip").open("w+b") as file:
        pack.pack(one, [record.name], file, tmp_path / "room")
        assert unpack.unpack(file, "all.zip", two).new == [record.name]
    assert {name: data for name, data in galleries.contents(two).items() if name.startswith("tiles")} == tiles
    assert removal.remove(two, [record.name])[record.name][-2:] == [record.pyramid, record.look.photo]
    assert not [name for name in galleries.contents(two) if not name.startswith(("data", "index"))]
    assert list((two / "tiles").iterdir()) == []


def test_tiles_that_are_missing_or_too_many_are_told_and_cleaned(tmp_path):
    record = add(tmp_path)
    place = tmp_path / record.pyramid
    (place / "0" / "1-1.webp").unlink()
    (place / "2" / "9-9.webp").write_bytes(b"x")
    (place / "2" / "mine.txt").write_bytes(b"x")
    shutil.copytree(place, place.with_name("gone-soft-abcdef"))
    told = {(found.file.name, found.state): found.about for found in verify(tmp_path) if found.state != "sound"}
    assert told[record.name, "missing"].startswith(f"1 of {COUNT} tiles")
    assert told[record.name, "orphaned"].startswith("1 that") and ("gone-soft-abcdef", "orphaned") in told
    wanted = [place / "2" / "9-9.webp", place.with_name("gone-soft-abcdef")]
    assert sorted(wanted) == [found.path for found in clean.leftovers(tmp_path)]
    assert len(clean.clean(tmp_path)) == 2 and clean.leftovers(tmp_path) == []
    assert (place / "2" / "mine.txt").is_file() and not wanted[1].exists()
    add(tmp_path)  # brings back what is missing
    assert {found.state for found in verify(tmp_path)} == {"sound"}


@pytest.mark.parametrize("at", [0, COUNT - 1, COUNT, -1])
def test_what_fails_on_the_way_leaves_nothing(tmp_path, monkeypatch, at):
    real, count = Path.replace, 0

    def fails(self, target):
        if at < 0 and Path(target).parent.name == "records":
            raise OSError(28, "No space left on device")
        return real(self, target)

    def full(fd):
        nonlocal count
        count += 1
        if at >= 0 and count >= at + 9:  # the artwork, its thumbnails and scripts come first
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fails)
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(ArtkitError):
        add(tmp_path)
    assert galleries.contents(tmp_path) == {} and not list(tmp_path.glob("tiles/*"))


def test_what_is_under_tiles_is_served_and_nothing_beside_it(tmp_path):
    record = add(tmp_path)
    names = steps(f"/{record.tiles[0]}", "index.html")
    file = open_file(tmp_path, names or [], "index.html")
    assert file and file.read() == (tmp_path / record.tiles[0]).read_bytes()
    file.close()
    for odd in (f"/{record.pyramid}/0/x.webp", f"/{record.pyramid}/0-0.webp", f"/data/{record.name}/0/0-0.webp"):
        found = steps(odd, "index.html")
        assert not found or open_file(tmp_path, found, "index.html") is None


def test_a_record_of_odd_tiles_is_none(tmp_path):
    known = json.loads(to_json(add(tmp_path)))
    assert known["look"]["tiles"] == [WIDTH, HEIGHT, SIDE]
    for tiles in ([1 << 23, 1 << 23, 512], [75, 50, 0], [75, 50], [75, 50, 15], [75, -1, 16], ["75", 50, 16], 3):
        with pytest.raises(NoRecordError):
            read(json.dumps(known | {"look": known["look"] | {"tiles": tiles}}).encode(), tmp_path)
    del known["look"]["tiles"]  # as in records of earlier versions
    assert read(json.dumps(known).encode(), tmp_path).tiles == []


def test_a_gallery_in_a_store_has_the_tiles_of_one_on_a_disk(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    record = add(tmp_path)
    gallery.page(tmp_path)
    add("memory://tiled/gallery")
    gallery.refresh("memory://tiled/gallery")
    store = fsspec.filesystem("memory")
    for name in record.tiles:
        assert store.cat_file(f"/tiled/gallery/{name}") == (tmp_path / name).read_bytes()
    script = (PAGES / layout.TILED).read_text()
    assert script in store.cat_file("/tiled/gallery/index.html").decode()
    assert script in (tmp_path / "index.html").read_text()
