"""Run one kind of fuzzing: a module of this package that has a `main(count, seed, first)`, or makes a `case(rng)`.

Of the latter each case is a command line of artkit with its files: what breaks a promise is saved, and its seed told.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from fuzz._hunt import hunt


def kinds() -> list[str]:
    """Names of what can be fuzzed: the modules of this package, one for each kind of input."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("_"))


def main() -> int:
    """Fuzz what was asked for; the exit status is 1 where a law was broken, 2 for a kind that does not exist.

    Case k of a seed is always the same, whatever the count: `--first k --count 1` runs it alone.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("kind", choices=kinds())
    parser.add_argument("--count", type=int, default=1000, help="how many cases are run")
    parser.add_argument("--seed", type=int, default=0, help="what the cases are made from")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time, where cases have some of their own")
    parser.add_argument("--save", type=Path, default=Path("fuzz/found"), help="the folder for what is found")
    asked = parser.parse_args()
    module = import_module(f"fuzz.{asked.kind}")
    if hasattr(module, "case"):
        numbers = range(asked.first, asked.first + asked.count)
        broken: int = hunt(asked.kind, numbers, asked.seed, asked.jobs, asked.save)
    else:
        broken = module.main(asked.count, asked.seed, asked.first)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
