"""``python -m qwvis_desktop``, which is the same as ``qwvis``."""

from __future__ import annotations

import sys


def main() -> int:
    """Do what the command line says and return the exit code."""
    from qwvis_desktop.cli.program import run_program

    return run_program(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
