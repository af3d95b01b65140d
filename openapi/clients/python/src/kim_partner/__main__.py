"""`python -m kim_partner`, and the command `kim-partner`."""

import sys

from kim_partner.simulation.command import run


def main() -> None:
    """Run the command."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
