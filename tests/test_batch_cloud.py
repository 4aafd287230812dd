"""A batch with photos and a gallery in S3, a server of which runs on loopback: the same bytes as on a disk."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import struct
import zlib
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from artkit.batch import Batch, Workers, run
from artkit.batch import cluster as clusters
from artkit.batch.work import work
from artkit.cli import app
from artkit.gallery import elsewhere, records
from artkit.gallery.record import RECORDS
from artkit.gallery.verify import verify
from artkit.recipe import find
from artkit.remote import store

boto3 = pytest.importorskip("boto3", reason="the S3 server is not installed: pip install 'artkit[cloud-test]'")
motos = pytest.importorskip("moto.server", reason="the S3 server is not installed: pip install 'artkit[cloud-test]'")
pytest.importorskip("s3fs", reason="s3fs is not installed: pip install 'artkit[cloud]'")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # of boto3 and its event loops

RECIPES = ("otsu-rgb", "channel-blur")
PHOTOS = "s3://photos/in/"


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """In place of that of all tests: the server listens on loopback, and nothing here names another host."""


def png(seed: int) -> bytes:
    file = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (16, 24, 3), dtype=np.uint8)
    Pillow.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """Give a PNG of a few bytes whose header promises ten gigapixels."""
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(b"")]
    parts = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


GIVEN = {"0.png": png(0), "1.png": bomb(), "2.png": b"", "deep/3.png": png(3), ".trash/4.png": png(4), "notes.md": b"x"}


@pytest.fixture(scope="module")
def s3():
    """A client of a server that has the buckets photos, with what is GIVEN, and art, which is empty."""
    server = motos.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    known = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in known.items():
            patch.setenv(name, value)
        client = boto3.client("s3")
        for bucket in ("photos", "art"):
            client.create_bucket(Bucket=bucket)
        for name, data in GIVEN.items():
            client.put_object(Bucket="photos", Key=f"in/{name}", Body=data)
        yield client
    server.stop()


@pytest.fixture
def anew():
    """Have drivers look at the environment again, before and after."""
    files = pytest.importorskip("s3fs").S3FileSystem
    files.clear_instance_cache()
    yield
    files.clear_instance_cache()


def keys(s3, folder: str) -> dict[str, bytes]:
    found = s3.list_objects_v2(Bucket="art", Prefix=f"{folder}/").get("Contents", [])
    return {
        each["Key"].removeprefix(f"{folder}/"): s3.get_object(Bucket="art", Key=each["Key"])["Body"].read()
        for each in found
    }


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def timeless(name: str, data: bytes) -> object:
    """Give a file of a gallery without its times: how long an artwork took, when it came, and after which."""
    if name.startswith(RECORDS):
        return json.loads(data) | {"seconds": 0}
    if name.startswith("data/") or name == "index.html":
        lines = re.split(rb'\n|"date":\d+|\d{4}-\d\d-\d\d \d\d:\d\d|<li|<article', data)
        return sorted(line for line in lines if not line.startswith(b'<meta property="og:image"'))  # the last one made
    return data


class Here:
    """An executor that is this process."""

    def submit(self, fn, /, *args):
        future: Future[object] = Future()
        future.set_result(fn(*args))
        return future


def batch(*words: str, status: int = 0):
    done = CliRunner().invoke(app, ["batch", *words], prog_name="artkit")
    assert done.exit_code == status, done.output
    return done


def make(gallery: object, photos: list[str], **options: object):
    plan = Batch([find(name) for name in RECIPES], gallery, **options)
    return run(plan.tasks(photos, 1), Here(), lambda *_: None, workers=1)


@pytest.fixture(scope="module")
def both(s3, tmp_path_factory):
    """What the command said of the same photos in S3 and on a disk, and the folder of the gallery there."""
    folder = tmp_path_factory.mktemp("disk")
    for name, data in GIVEN.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    far = batch(*RECIPES, "--photos", PHOTOS, "--gallery", "s3://art/out/", "-j", "2", status=1)
    near = batch(*RECIPES, "--photos", str(folder / "in"), "--gallery", str(folder / "out"), "-j", "2", status=1)
    return far, near, folder / "out"


def test_a_gallery_in_s3_has_the_bytes_of_one_on_a_disk(s3, both):
    _, _, folder = both
    far, near = keys(s3, "out"), on_disk(folder)
    near.pop("data/index.json")  # is of the folder's time
    assert far.keys() == near.keys() and len([name for name in far if name.startswith(RECORDS)]) == 4
    assert {name: timeless(name, data) for name, data in far.items()} == {
        name: timeless(name, data) for name, data in near.items()
    }
    assert s3.head_object(Bucket="art", Key="out/index.html")["ContentType"] == "text/html"


def test_what_fails_is_a_line_each_and_the_same_as_on_a_disk(both):
    far, near, folder = both
    lines = [
        sorted(line for line in done.stderr.replace(where, "").splitlines() if line.startswith("Error: "))
        for done, where in ((far, PHOTOS), (near, f"{folder.parent}/in/"))
    ]
    assert lines[0] == lines[1] and len(lines[0]) == 2
    assert "10,000 megapixels; the limit is 180" in lines[0][0] and "2.png: the file is empty" in lines[0][1]
    assert sorted(far.stdout.splitlines()) == [f"s3://art/out/{path.name}" for path in sorted(folder.glob("*.png"))]


def test_a_gallery_that_was_in_s3_is_one_here(s3, both, tmp_path):
    for name, data in keys(s3, "out").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert [finding.state for finding in verify(tmp_path)] == ["sound"] * 4
    assert records("s3://art/out")[0].sha256 == records(tmp_path)[0].sha256


def test_what_the_gallery_has_is_not_made_again_unless_it_must(s3, both):
    before = {each["Key"]: each["LastModified"] for each in s3.list_objects_v2(Bucket="art", Prefix="out/")["Contents"]}
    photos = [f"{PHOTOS}0.png", f"{PHOTOS}deep/3.png"]
    report = make("s3://art/out", photos)
    assert (report.made, report.skipped, report.failures) == (0, 4, [])
    assert make("s3://art/out", photos, force=True).made == 4
    after = {each["Key"]: each["LastModified"] for each in s3.list_objects_v2(Bucket="art", Prefix="out/")["Contents"]}
    assert after == before  # the same bytes are not written again
    s3.delete_object(Bucket="art", Key=f"out/{RECORDS}/{records('s3://art/out')[0].name}.json")
    assert make("s3://art/out", photos).made == 1 and len(records("s3://art/out")) == 4


def test_half_an_upload_leaves_no_record_and_the_next_run_ends_it(s3, monkeypatch):
    photos, real = [f"{PHOTOS}0.png"], store.write_all

    def half(gallery: str, files: dict[str, bytes]) -> None:
        real(gallery, dict(list(files.items())[:2]))
        raise store.ArtkitError(f"{gallery}: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(elsewhere.store, "write_all", half)
        report = make("s3://art/half", photos)
    assert [failure.reason for failure in report.failures] == ["s3://art/half: the disk is full"] * 2
    assert keys(s3, "half") and not [name for name in keys(s3, "half") if name.startswith(RECORDS)]
    assert records("s3://art/half") == [] and make("s3://art/half", photos).made == 2
    # what is made anew in another way has no record meanwhile
    name = f"{RECORDS}/{records('s3://art/half')[0].name}.json"
    other = json.loads(keys(s3, "half")[name]) | {"sha256": "0" * 64}
    s3.put_object(Bucket="art", Key=f"half/{name}", Body=json.dumps(other).encode())
    with monkeypatch.context() as patch:
        patch.setattr(elsewhere.store, "write_all", half)
        make("s3://art/half", photos, force=True)
    assert name not in keys(s3, "half")
    assert make("s3://art/half", photos).made == 1 and len(records("s3://art/half")) == 2


def work_and_die(task: object, flag: Path) -> object:
    """Do a task, and die once before the record is written, when all else is."""
    real = store.write

    def deadly(address: str, data: bytes) -> None:
        if not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        real(address, data)

    store.write = deadly
    try:
        return work(task)
    finally:
        store.write = real


@pytest.mark.skipif(os.name == "nt", reason="no signals")
def test_a_killed_worker_loses_nothing(s3, both, tmp_path):
    plan = Batch([find(name) for name in RECIPES], "s3://art/killed")
    task = next(plan.tasks([f"{PHOTOS}0.png"] * 9, 1))
    with Workers(1) as workers:
        outcome = workers.submit(work_and_die, task, tmp_path / "flag").result(120)
    assert (tmp_path / "flag").exists() and len(outcome.made) == 2
    sound = keys(s3, "out")
    assert all(timeless(name, data) == timeless(name, sound[name]) for name, data in keys(s3, "killed").items())
    assert len(records("s3://art/killed")) == 2


@pytest.mark.parametrize(
    ("words", "changed", "status", "why"),
    [
        (
            f"--photos {PHOTOS} --gallery s3://none/out",
            {},
            1,
            "s3://none/out: there is no such bucket; make",
        ),
        ("--photos s3://none/in/ --gallery s3://art/x", {}, 1, "s3://none/in/: there is no such bucket; make it first"),
        ("--photos s3://photos/none/ --gallery s3://art/x", {}, 2, "s3://photos/none/: no photo is there"),
        ("--photos s3://photos/none.png --gallery s3://art/x", {}, 1, "s3://photos/none.png: no such file; check"),
        (f"--photos {PHOTOS} --gallery s3://art/x", {"AWS_ACCESS_KEY_ID": ""}, 1, "there are no credentials"),
        (f"--photos {PHOTOS} --gallery s3://art/x", {"AWS_PROFILE": "lost"}, 1, "The config profile (lost) could not"),
        (f"--photos {PHOTOS} --gallery s3://art/x", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, 1, "does not answer"),
        (f"--photos {PHOTOS} --gallery s3://art/full", {}, 1, "s3://art/full: may not be written (Forbidden)"),
    ],
)
def test_what_cannot_be_is_one_line(s3, anew, words, changed, status, why, monkeypatch):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::art/full/*"}
    s3.put_bucket_policy(Bucket="art", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
        if not value:
            monkeypatch.delenv(name)
    done = batch("otsu-rgb", *words.split(), "-j", "1", status=status)
    lines = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1 and why in lines[0] and "Traceback" not in done.stderr
    assert not [name for name in keys(s3, "x") if name.startswith(RECORDS)]


def test_what_a_worker_of_a_cluster_does_not_see_is_told_by_it(s3, anew, monkeypatch):
    asked = (clusters._unseen, f"{PHOTOS}0.png"), (clusters._refused, "s3://art/out")
    assert [ask(place) for ask, place in asked] == [None, None]
    assert clusters._unseen(f"{PHOTOS}9.png") == "no such file; check the name and the bucket"
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    elsewhere.store._files(PHOTOS)[0].clear_instance_cache()
    assert all(ask(place).startswith("there are no credentials (") for ask, place in asked)


def test_artworks_that_are_refused_are_a_line_each_and_the_rest_done(s3, anew):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::art/part/*-otsu-*"}
    s3.put_bucket_policy(Bucket="art", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    report = make("s3://art/part", [f"{PHOTOS}0.png", f"{PHOTOS}deep/3.png"])
    assert report.made == 2 and {record.preset for record in records("s3://art/part")} == {"channel-blur"}
    assert [failure.reason for failure in report.failures] == [
        "s3://art/part: may not be written (Forbidden); check the credentials and what they allow"
    ] * 2
