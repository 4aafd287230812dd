"""--profile: the parts of a command and the rest are all of it, and the file is what viewers of traces open."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from artkit import spans
from artkit.artwork.image import Image
from artkit.cli import app
from artkit.cli.timings import spelled_out, table_of, trace_of
from artkit.export import save
from artkit.spans import Span, recording, span, spanned

OWN, OTHER = os.getpid(), os.getpid() + 1


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timings")
    pixels = np.random.default_rng(1).integers(0, 255, (24, 32, 3), np.uint8)
    save(Image(np.kron(pixels[:3, :4], np.ones((8, 8, 1), np.uint8))), folder / "a.png")
    return folder


@pytest.fixture(scope="module")
def ran(place):
    trace = place / "trace.json"
    result = CliRunner().invoke(
        app, ["trace", "--profile", str(trace), str(place / "a.png"), "-o", str(place / "a.svg")]
    )
    assert result.exit_code == 0, result.output
    return result, json.loads(trace.read_bytes())


def test_the_file_has_events_with_a_beginning_and_a_length_one_within_another(ran):
    events = [event for event in ran[1]["traceEvents"] if event["ph"] != "M"]
    assert {"start", "decode", "trace", "planar map", "write .svg"} <= {event["name"] for event in events}
    open_until: list[float] = []
    for event in events:  # in the order of their beginnings
        assert event["ph"] == "X" and event["dur"] >= 0 and event["pid"] == event["tid"] == OWN
        end = event["ts"] + event["dur"]
        while open_until and open_until[-1] <= event["ts"]:
            open_until.pop()
        assert not open_until or end <= open_until[-1] + 1  # a microsecond for what was rounded
        open_until.append(end)
    assert events[0]["name"] == "artkit trace" and events[0]["ts"] == 0


def test_the_parts_and_the_rest_add_up_to_the_total(ran):
    lines = [line for line in ran[0].stderr.splitlines() if "%" in line]
    rows = {line[: line.index("  ")]: float(line.split()[-3]) for line in lines if not line.startswith(" ")}
    assert next(iter(rows)) == "start" and list(rows)[-2:] == ["rest", "total"]
    assert sum(rows.values()) - rows["total"] == pytest.approx(rows["total"], abs=1e-3 * len(rows))
    assert all(seconds >= 0 for seconds in rows.values())


def test_without_the_option_nothing_is_kept_and_nothing_is_said(place):
    result = CliRunner().invoke(app, ["trace", str(place / "a.png"), "-o", str(place / "b.svg"), "-q"])
    assert result.exit_code == 0 and result.stderr == ""
    assert not spans.is_recording()
    assert (place / "b.svg").read_bytes() == CliRunner().invoke(
        app, ["trace", str(place / "a.png"), "-o", "-", "--profile", "-q"]
    ).stdout_bytes


def test_what_fails_tells_no_times_and_leaves_nothing_on(place):
    result = CliRunner().invoke(app, ["trace", str(place / "none.png"), "--profile", str(place / "n.json")])
    assert result.exit_code and "total" not in result.stderr and not (place / "n.json").exists()
    assert not spans.is_recording()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--profile=x.txt"], "x.txt"),
        (["--profile=no/such/x.json"], "no folder"),
        (["--timings=./no/y.json"], "no folder"),
    ],
)
def test_a_file_that_cannot_be_is_refused_before_the_work(place, args, told):
    result = CliRunner().invoke(app, ["trace", str(place / "a.png"), "-o", str(place / "c.svg"), *args])
    assert result.exit_code and told in result.stderr and result.stderr.count("\n") == 1
    assert not (place / "c.svg").exists()


def test_the_option_takes_a_json_file_and_no_other_word():
    from artkit.cli.export import command as export
    from artkit.cli.plot import command as plot

    assert spelled_out(plot(), ["--profile", "a.svg", "--fit"]) == ["--profile", "", "a.svg", "--fit"]
    assert spelled_out(plot(), ["a.svg", "--timings", "t.JSON"]) == ["a.svg", "--profile", "t.JSON"]
    assert spelled_out(plot(), ["--", "--profile"]) == ["--", "--profile"]
    assert spelled_out(export(), ["a.svg", "--profile", "b.icc", "--timings"]) == [
        "a.svg", "--profile", "b.icc", "--timings", "",
    ]  # fmt: skip


def test_spans_lie_within_each_other_and_errors_end_them():
    @spanned("inner")
    def inner(fails: bool) -> None:
        if fails:
            raise ValueError

    with recording() as kept:
        with span("outer"):
            inner(False)
        with pytest.raises(ValueError), span("outer"):
            inner(True)
        inner(False)
    paths = [("outer", "inner"), ("outer",), ("outer", "inner"), ("outer",), ("inner",)]
    assert [span.path for span in kept] == paths
    inner(False)
    assert len(kept) == 5


def test_rows_add_up_spans_of_one_name_and_those_of_other_processes_stand_apart():
    told = [
        Span((), 0.0, 10.0, 8.0, OWN),
        Span(("start",), 0.0, 1.0, 1.0, OWN),
        Span(("work", "part"), 2.0, 1.0, 1.0, OWN),
        Span(("work",), 2.0, 4.0, 3.0, OWN),
        Span(("work", "part"), 6.5, 1.5, 1.0, OWN),
        Span(("work",), 6.0, 3.0, 2.0, OWN),
        Span(("far",), 3.0, 5.0, 4.0, OTHER),
    ]
    rows = [line.split() for line in table_of(told)]
    assert rows[1:] == [
        ["start", "1", "1.000", "1.000", "10.0%"],
        ["work", "2", "7.000", "5.000", "70.0%"],
        ["part", "2", "2.500", "2.000", "25.0%"],
        ["rest", "1", "2.000", "2.000", "20.0%"],
        ["total", "1", "10.000", "8.000", "100.0%"],
        ["in", "1", "other", "process", "1", "5.000", "4.000", "100.0%"],
        ["far", "1", "5.000", "4.000", "100.0%"],
    ]
    events = json.loads(trace_of(told, "x"))["traceEvents"]
    assert {event["pid"] for event in events} == {OWN, OTHER}


def test_a_batch_has_the_times_of_its_processes_where_they_are_asked_for(place):
    from artkit.batch.work import Task, work

    recipe = ("plain", 'schema = 1\ntitle = "Plain"\n[[steps]]\nop = "trace"\n')
    task = Task(str(place / "a.png"), (recipe,), str(place / "gallery"), force=True)
    assert work(task).spans == ()
    outcome = work(replace(task, timed=True))
    assert {("decode",), ("trace",), ("add to the gallery",)} <= {span.path for span in outcome.spans}, outcome
