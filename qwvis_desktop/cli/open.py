"""Open the window, with files, folders or addresses."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis open``."""
    parser.add_argument("paths", metavar="FILE|FOLDER|URL", nargs="*", help="what to open")
    # For packaging/run.sh: a sample with the offline engine chosen; and the same without a display.
    parser.add_argument("--demo", action="store_true", help=SUPPRESS)
    parser.add_argument("--off-screen", action="store_true", help=SUPPRESS)


def execute(arguments: Namespace) -> int:
    """Open the window; return when it is closed."""
    from qwvis_desktop import app

    if arguments.demo or arguments.off_screen:
        return app.main(arguments.paths, demo=arguments.demo, off_screen=arguments.off_screen)
    return app.main(arguments.paths)
