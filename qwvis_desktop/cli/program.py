"""The program: finds the command, loads only its module, and turns errors into sentences and exit codes."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

from qwvis_desktop.cli.output import CommandError, ExitCode, note

COMMANDS: dict[str, str] = {
    "open": "open the window, with files, folders or addresses (the default)",
    "run": "ask a model about pictures and save what it says",
    "parse": "read a reply that exists, and print what it places where",
    "draw": "draw a reply that exists on its picture",
    "prepare": "say what would be sent, without sending it",
    "history": "list the runs that were made; find, show, export, import or delete them",
    "export": "write a kept reply in another format",
    "costs": "say what runs cost, by day, model or document",
    "models": "say what is known of each model",
    "doctor": "say what works on this machine, what is missing and how to get it",
}
"""All commands by name; each is a module of this package with ``add_arguments`` and ``execute``."""

_DEFAULT = "open"


def run_program(words: Sequence[str]) -> int:
    """Do what ``words``, the arguments after the program's name, say; return the exit code."""
    try:
        return _run(list(words))
    except CommandError as error:
        note(f"qwvis: {error}")
        return error.code
    except KeyboardInterrupt:
        note("Stopped.")
        return ExitCode.STOPPED
    except BrokenPipeError:
        # The reader of a pipe went away (qwvis parse ... | head); nothing may be written to it at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.ERROR


def _run(words: list[str]) -> int:
    if words and words[0] in {"-h", "--help"}:
        _overview().print_help()
        return ExitCode.DONE
    if words == ["--version"]:
        from qwvis_desktop.cli.version import program_version

        print(f"qwvis {program_version()}")
        return ExitCode.DONE
    if words and _is_no_command(words[0]):
        raise CommandError(
            f'"{words[0]}" is no command, and there is no such file here.{_meant(words[0], COMMANDS)} '
            '"qwvis --help" lists the commands.',
            ExitCode.USAGE,
        )
    name = words.pop(0) if words and words[0] in COMMANDS else _DEFAULT
    command = import_module(f"qwvis_desktop.cli.{name}")
    parser = _Parser(prog=f"qwvis {name}", description=command.__doc__, allow_abbrev=False)
    command.add_arguments(parser)
    try:
        arguments = parser.parse_args(words)
    except SystemExit as end:
        # argparse ends the program itself, after --help (0) and wrong usage (2).
        return end.code if isinstance(end.code, int) else ExitCode.USAGE
    code: int = command.execute(arguments)
    return code


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in a sentence, and not all options before it."""

    def error(self, message: str) -> NoReturn:
        """End the program with a sentence."""
        wrong = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if wrong is not None:
            choices = re.findall(r"[^\s',]+", wrong[2])
            message = f'{message[: wrong.start()]}there is no "{wrong[1]}".{_meant(wrong[1], choices)}'
        note(f'{self.prog}: {message.rstrip(".")}. "{self.prog} --help" says more.')
        self.exit(ExitCode.USAGE)


def _is_no_command(word: str) -> bool:
    """Say whether a word looks like a command, and is neither one nor a file."""
    return bool(re.fullmatch(r"[a-z]+(-[a-z]+)*", word)) and word not in COMMANDS and not os.path.lexists(word)


def _meant(word: str, choices: Iterable[str]) -> str:
    """Ask whether one that is spelt much the same was meant; empty where there is none."""
    import difflib  # only where a word is misspelt

    close = difflib.get_close_matches(word, choices, 1)
    return f' Did you mean "{close[0]}"?' if close else ""


def _overview() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qwvis",
        description="QwVis: find and mark things in pictures with the Qwen vision models.",
        epilog="qwvis COMMAND --help says more. A key is never an argument: it comes from the keyring or from the "
        "environment variable DASHSCOPE_API_KEY.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="qwvis [FILE|FOLDER|URL ...]\n       qwvis COMMAND [ARGUMENTS]",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    group = parser.add_argument_group("commands")
    for name, text in COMMANDS.items():
        group.add_argument(name, nargs="?", help=text)
    return parser
