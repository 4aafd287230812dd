"""Run one kind of fuzzing: a module of this package that has a `main(count, seed, first)`."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path


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
    asked = parser.parse_args()
    broken: int = import_module(f"fuzz.{asked.kind}").main(asked.count, asked.seed, asked.first)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
