"""Read a reply that exists, and print what it says and where it places it, in pixels of the upright original."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import ExitCode, tell
from qwvis_desktop.cli.reply_options import SENTENCES, Reading, add_reply_options, read_reply, summary


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis parse``."""
    add_reply_options(parser)


def execute(arguments: Namespace) -> ExitCode:
    """Read the reply and print it.

    Raises:
        CommandError: it cannot be read, or an option is missing.
    """
    reading = read_reply(arguments)
    if arguments.json:
        print_json(reading.to_json())
    else:
        tell_reading(reading)
    return reading.exit_code


def tell_reading(reading: Reading) -> None:
    """Print a reply for people."""
    parsed = reading.parsed
    if parsed.text is not None:
        tell(parsed.text)
    for annotation in parsed.annotations:
        tell(summary(annotation))
    if parsed.text is None or parsed.issues:
        tell(f"{SENTENCES[parsed.status]} ({parsed.status}, {len(parsed.annotations)} placed)")
    for issue in parsed.issues:
        tell(f"  characters {issue.span[0]} to {issue.span[1]}: {issue.message} ({issue.code})")
