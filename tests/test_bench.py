"""The ledger reads what benchmarks print, and two revisions are compared by what they take and write."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from bench import _ledger, compare
from bench.compare import Run, Side

PRINTED = """
== raster: a benchmark
| op | Mpx | artkit, CPU s | library, CPU s | library | ratio | bytes |
| --- | ---: | ---: | ---: | --- | ---: | ---: |
| box 25 | 4 | 0.030 | 0.020 | OpenCV | 1.50 | 1.1 |
| ascii | 4 | 0.200 |  | | | 2 |

some words | with a bar
| shapes | dB | theirs | CPU s | theirs |
| --- | --- | --- | --- | --- |
| 50 | 20.1 | 20.0 | 1.5 | 3.0 |

| drawing | tool | CPU s | lines |
|---|---|---|---|
| rings | as it comes |  | 1,000 |
| rings | artkit plot | 2.0 | 900 |
| rings | vpype, sorted | 8.0 | 950 |

| | CPU s | kB |
|---|---:|---:|
| gifski Q90 | 4 | 1,000 |
| artkit | 1 | 900 |
| artkit, lossy 5 | 2 | 500 |
"""


def test_the_ledger_reads_tables_and_finds_the_peers_in_them():
    found = _ledger.tables(PRINTED)
    assert [len(table) for table in found] == [2, 1, 3, 3]
    assert list(found[1][0]) == ["shapes", "dB", "theirs", "CPU s", "theirs 2"]
    told = [ratio for table in found for ratio in _ledger.ratios("x", table)]
    assert [(each.case, each.measured, each.peer, each.times) for each in told] == [
        ("box 25 4", "CPU s", "OpenCV", 1.5),
        ("50", "CPU s", "peer", 0.5),
        ("rings", "CPU s", "vpype, sorted", 0.25),
        ("", "CPU s", "gifski Q90", 0.25),
        ("", "kB", "gifski Q90", 0.9),
    ]
    assert len(_ledger.tables("\n".join(_ledger.shown(told)))[0]) == 5


def test_every_benchmark_of_the_ledger_is_there():
    from bench.__main__ import benchmarks

    assert set(_ledger.BENCHES) <= set(benchmarks())


def test_a_ledger_is_kept_where_a_benchmark_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_ledger, "_run", lambda name: (1, "") if name == "plot" else (0, PRINTED))
    assert _ledger.run_all(["raster", "plot"], tmp_path / "l.json") == 1
    told = json.loads((tmp_path / "l.json").read_bytes())
    assert told["benches"]["plot"]["status"] == 1 and len(told["ratios"]) == 5 and told["ratios"][0]["times"] == 1.5
    assert "failed: plot" in capsys.readouterr().err


def test_ratios_of_pairs_have_a_spread_and_other_bytes_are_seen(tmp_path):
    a = Side("a", tmp_path, [Run(2.0, 4.0, 90.0), Run(1.0, 4.0, 100.0), Run(1.0, 2.0, 80.0)], b"same")
    b = Side("b", tmp_path, [Run(1.0, 4.0, 50.0), Run(1.0, 2.0, 60.0), Run(2.0, 2.0, 50.0)], b"same")
    told = compare.figures(a, b)
    line = compare.row("case", told)
    assert "1.000 (0.500 to 2.000)" in line and "| 100 | 60 | the same |" in line
    b.wrote = b"other"
    assert "OTHER: 4 and 5" in compare.row("case", compare.figures(a, b))
    b.fault = "Error: no such command"
    assert "b: Error: no such command" in compare.row("case", compare.figures(a, b))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-revision", "."], "no-such-revision: is no revision"),
        ([".", ".", "--only", "gifs"], "--only gifs: there is no such case; known: trace icon"),
        ([".", ".", "--pairs", "0"], "--pairs 0: takes 1 or more"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_line(words, told, capsys):
    assert compare.main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith(told) and said.count("\n") == 1


@pytest.mark.slow
def test_a_revision_writes_the_same_bytes_as_itself_and_leaves_nothing(tmp_path, capsys):
    if not shutil.which("git") or not (compare.ROOT / ".git").exists():
        pytest.skip("there is no repository here")
    trees = ["git", "-C", str(compare.ROOT), "worktree", "list"]
    before = subprocess.run(trees, check=True, capture_output=True).stdout
    words = ["HEAD", "HEAD", "--only", "trace icon", "--pairs", "1", "--json", str(tmp_path / "c.json")]
    assert compare.main(words) == 0
    assert "the same |" in capsys.readouterr().out
    case = json.loads((tmp_path / "c.json").read_bytes())["cases"]["trace icon"]
    assert case["bytes"]["same"] and case["cpu"]["ratio"] > 0 and case["memory"]["a"] > 20
    assert subprocess.run(trees, check=True, capture_output=True).stdout == before
