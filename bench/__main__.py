"""Run benchmarks: every module of this package that has a `main()`, or those that are named; options are theirs."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import takewhile
from pathlib import Path


def benchmarks() -> dict[str, str]:
    """Names of the benchmarks and of their modules: files, and packages with a `__main__`-like `main`."""
    here = Path(__file__).parent
    names = [path.stem for path in here.glob("*.py")] + [path.parent.name for path in here.glob("*/__init__.py")]
    return {name: f"bench.{name}" for name in sorted(names) if not name.startswith("_")}


def main() -> int:
    """Run what was asked for; the exit status is 2 for a benchmark that does not exist."""
    known = benchmarks()
    wanted = [*takewhile(lambda word: not word.startswith("-"), sys.argv[1:])] or list(known)
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
