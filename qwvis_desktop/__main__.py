"""``python -m qwvis_desktop``, which is the same as ``qwvis``."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Do what the command line says and return the exit code."""
    from qwvis_desktop.core.profiles import KEY_VARIABLES
    from qwvis_desktop.core.providers.redaction import keep_keys_out

    def secrets() -> list[str]:
        return [os.environ[name] for name in KEY_VARIABLES if os.environ.get(name)]

    keep_keys_out(secrets)
    from qwvis_desktop.cli.program import run_program

    return run_program(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
