"""`python -m artkit` is the command `artkit`."""

from artkit.cli import main

main()
