"""`python -m artkit` is the command `artkit`."""

from artkit.interrupts import listen


def main() -> None:
    """Run the command line, which from its first line on ends on Ctrl-C with a line and nothing half done."""
    listen()
    from artkit.cli import main as run

    run()


if __name__ == "__main__":
    main()
