"""core.resources: where the files that come with the program are found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qwvis_desktop.core import resources
from qwvis_desktop.core.resources import resource


def test_found_in_this_checkout() -> None:
    assert resource("models.toml").is_file()


def test_missing() -> None:
    with pytest.raises(FileNotFoundError, match=r"'no/such\.file' is missing from this installation"):
        resource("no/such.file")


def test_a_wheel_carries_them_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "qwvis_desktop"
    inside = package / "resource_files" / "a.txt"
    inside.parent.mkdir(parents=True)
    inside.touch()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resource("a.txt") == inside


def test_a_frozen_program_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = tmp_path / "resources" / "models.toml"
    frozen.parent.mkdir()
    frozen.touch()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("models.toml") == frozen
