from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest
from cli.conftest import Qwvis

from qwvis_desktop.cli import parse, program
from qwvis_desktop.cli.output import CommandError, ExitCode


def test_help_lists_all_commands_without_loading_any(qwvis: Qwvis) -> None:
    ended = qwvis("--help")
    assert ended.code == 0
    assert all(name in ended.out for name in program.COMMANDS)


@pytest.mark.parametrize("name", program.COMMANDS)
def test_every_command_explains_itself(name: str, qwvis: Qwvis) -> None:
    ended = qwvis(name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"usage: qwvis {name}")


def test_version(qwvis: Qwvis) -> None:
    assert qwvis("--version").out.startswith("qwvis 0.")


def test_a_program_that_was_never_installed_has_no_version(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert qwvis("--version").out == "qwvis unknown\n"


def test_an_error_is_a_sentence_and_a_code(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: object) -> int:
        raise CommandError("It is broken.", ExitCode.PROVIDER_FAILED)

    monkeypatch.setattr(parse, "execute", fail)
    ended = qwvis("parse", "-")
    assert (ended.code, ended.out, ended.err) == (4, "", "qwvis: It is broken.\n")


def test_stopping_ends_with_130(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(parse, "execute", stop)
    ended = qwvis("parse", "-")
    assert (ended.code, ended.err) == (130, "Stopped.\n")


def test_a_reader_that_leaves_is_no_traceback() -> None:
    # The pipe is closed before anything is written to it; the list of models is longer than Python's buffer at exit.
    words = [sys.executable, "-m", "qwvis_desktop", "models", "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1
    assert errors == b""


def test_importing_the_program_costs_little() -> None:
    code = (
        "import sys, qwvis_desktop.__main__, qwvis_desktop.cli.program\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'numpy', 'PIL', 'qwvis_desktop.ui'))])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("exprot", "a.qwvis"), '"exprot" is no command, and there is no such file here. Did you mean "export"?'),
        (("banana",), '"banana" is no command, and there is no such file here. "qwvis --help" lists'),
        (("parse", "-", "--task", "detekt"), 'argument --task: there is no "detekt". Did you mean "detect"?'),
        (
            ("parse", "-", "--family", "llama"),
            'argument --family: there is no "llama". "qwvis parse --help" says more.',
        ),
        (("run",), "the following arguments are required: FILE, --task."),
    ],
)
def test_wrong_usage_is_one_sentence(words: tuple[str, ...], told: str, qwvis: Qwvis) -> None:
    ended = qwvis(*words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1
