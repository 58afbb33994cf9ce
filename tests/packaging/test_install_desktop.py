"""The program in the menu of a Linux desktop, and projects that open from the file manager."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qwvis_desktop.core.store.project import SUFFIX

SCRIPT = Path(__file__).parents[2] / "packaging" / "install-desktop.sh"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have other menus")


def install(data: Path, programs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(data), "XDG_DATA_HOME": str(data), "PATH": f"{programs}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", SCRIPT, *words], capture_output=True, text=True, env=environment, timeout=30, check=False
    )


def test_it_is_put_in_and_taken_out(tmp_path: Path) -> None:
    programs = tmp_path / "my programs"
    programs.mkdir()
    program = programs / "qwvis"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    done = install(tmp_path / "data", programs)
    assert done.returncode == 0, done.stderr
    entry = configparser.RawConfigParser(strict=True)
    entry.read(tmp_path / "data" / "applications" / "qwvis.desktop", encoding="utf-8")
    assert entry["Desktop Entry"]["Exec"] == f'"{program}" open %F'
    assert "application/x-qwvis;" in entry["Desktop Entry"]["MimeType"]
    types = ElementTree.parse(tmp_path / "data" / "mime" / "packages" / "qwvis.xml")
    (pattern,) = types.iter("{http://www.freedesktop.org/standards/shared-mime-info}glob")
    assert pattern.get("pattern") == f"*{SUFFIX}"
    assert (tmp_path / "data" / "icons" / "hicolor" / "scalable" / "apps" / "qwvis.svg").exists()
    assert install(tmp_path / "data", programs, "--remove").returncode == 0
    assert [path for path in (tmp_path / "data").rglob("qwvis*") if path.is_file()] == []
