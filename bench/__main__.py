"""Run benchmarks: those that are named, with options of their own; or all that tell of speed, into a ledger.

python -m bench                     the ledger: bench.json, and a table of ratios beside the peers that are there
python -m bench --json FILE         the same into another file
python -m bench startup             one of them
python -m bench compare main .      two revisions, in pairs
"""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import takewhile
from pathlib import Path

from bench import _ledger, compare


def benchmarks() -> dict[str, str]:
    """Names of the benchmarks and of their modules: files, and packages with a `__main__`-like `main`."""
    here = Path(__file__).parent
    names = [path.stem for path in here.glob("*.py")] + [path.parent.name for path in here.glob("*/__init__.py")]
    return {name: f"bench.{name}" for name in sorted(names) if not name.startswith("_")}


def main() -> int:
    """Run what was asked for; the exit status is 2 for a benchmark that does not exist."""
    words = sys.argv[1:]
    if words[:1] == ["compare"]:
        return compare.main(words[1:])
    if not words or words[0] == "--json":
        if len(words) not in (0, 2):
            print("--json: takes one file, as in: python -m bench --json ledger.json", file=sys.stderr)
            return 2
        return _ledger.run_all(file=Path(words[1]) if words else _ledger.FILE)
    known = benchmarks()
    wanted = [*takewhile(lambda word: not word.startswith("-"), words)] or list(known)
    if unknown := [name for name in wanted if name not in known]:
        print(f"no benchmark {unknown[0]!r}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted:
        module = import_module(known[name])
        if hasattr(module, "main"):
            print(f"== {name}: {(module.__doc__ or '').partition(chr(10))[0]}")
            module.main()
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
