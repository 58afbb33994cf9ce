"""Say what works on this machine, what is missing and how to get it."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import ExitCode, tell
from qwvis_desktop.cli.version import program_version


class State(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    MISSING = "missing"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: ``missing`` for something optional that is not there, ``problem`` for what the program cannot do without.
        detail: a sentence.
        remedy: what to do; empty where nothing is to be done.
    """

    name: str
    state: State
    detail: str
    remedy: str = ""


EXTRAS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "ocr": ("reading text without a network", (("rapidocr", "rapidocr"), ("onnxruntime", "onnxruntime"))),
    "video": ("films", (("av", "av"),)),
    "pdf": ("PDF documents", (("pypdfium2", "pypdfium2"),)),
    "heic": ("HEIC pictures", (("pillow_heif", "pillow-heif"),)),
    "keyring": ("keeping keys in the system's keyring", (("keyring", "keyring"),)),
    "math": ("drawing formulas", (("ziamath", "ziamath"),)),
}
"""What each extra is for, and its modules with the packages that bring them."""

QT_LIBRARIES = "libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0"
"""Packages of Debian with what Qt needs of the system, also without a display."""

X11_LIBRARIES = "libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
"""Packages of Debian with what a window needs under X11."""

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis doctor``."""
    parser.add_argument("--provider", metavar="NAME", help="also try whether this service places boxes rightly")
    parser.add_argument("--model", metavar="ID", help="the model to try (default: the one in the settings)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def execute(arguments: Namespace) -> ExitCode:
    """Look at everything and print it; 1 where something is there that the program cannot do without.

    Raises:
        CommandError: the provider is unknown.
    """
    findings = [finding for look in _LOOKS for finding in look()]
    if arguments.provider:
        findings.append(_placement(arguments.provider, arguments.model))
    bad = any(finding.state is State.PROBLEM for finding in findings)
    if arguments.json:
        print_json({"ok": not bad, "checks": [dict(asdict(finding)) for finding in findings]})
    else:
        for finding in findings:
            tell(f"{finding.state:<8} {finding.name}: {finding.detail}")
            if finding.remedy:
                tell(f"{'':<8} {finding.remedy}")
    return ExitCode.ERROR if bad else ExitCode.DONE


def _program() -> Iterator[Finding]:
    yield Finding("QwVis", State.OK, program_version())
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", State.OK, f"{python}, {sys.executable}")


def qt_findings() -> Iterator[Finding]:
    """Look at Qt; one of its versions crashes with one of Python's."""
    try:
        found = version("PySide6-Essentials")
    except PackageNotFoundError:
        yield Finding("Qt", State.PROBLEM, "PySide6 is not installed.", "pip install qwvis-desktop")
        return
    numbers = tuple(int(part) for part in found.split(".")[:2])
    if numbers >= (6, 12) and sys.version_info < (3, 12):
        detail = f"PySide6 {found} crashes with Python 3.11: it loses references to None."
        yield Finding("Qt", State.PROBLEM, detail, 'pip install "PySide6-Essentials<6.12"')
        return
    try:
        import PySide6.QtGui  # noqa: F401  # loading it finds out whether the system's libraries are there
    except ImportError as error:
        yield Finding("Qt", State.PROBLEM, f"PySide6 {found} cannot be loaded: {error}", f"apt install {QT_LIBRARIES}")
        return
    yield Finding("Qt", State.OK, f"PySide6 {found}")


def _pictures() -> Iterator[Finding]:
    for module, package, purpose in (
        ("numpy", "numpy", "arithmetic on pictures"),
        ("PIL", "Pillow", "reading pictures"),
        ("httpx2", "httpx2", "speaking to services"),
    ):
        if find_spec(module) is None:
            yield Finding(package, State.PROBLEM, f"not installed: {purpose}.", f"pip install {package}")
        else:
            yield Finding(package, State.OK, version(package))
    yield _vips()


def _vips() -> Finding:
    try:
        import pyvips  # loading it finds out whether its library is there
    except (ImportError, OSError) as error:
        detail = f"not usable ({error}); pictures are read more slowly with Pillow."
        return Finding("libvips", State.MISSING, detail, "pip install pyvips pyvips-binary")
    return Finding("libvips", State.OK, ".".join(str(pyvips.version(part)) for part in range(3)))


def _extras() -> Iterator[Finding]:
    for extra, (purpose, modules) in EXTRAS.items():
        lacking = [package for module, package in modules if find_spec(module) is None]
        if lacking:
            detail = f"not installed ({', '.join(lacking)}): for {purpose}."
            yield Finding(extra, State.MISSING, detail, f'pip install "qwvis-desktop[{extra}]"')
        else:
            versions = ", ".join(f"{package} {version(package)}" for _, package in modules)
            yield Finding(extra, State.OK, f"{versions}: for {purpose}.")


def _display() -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    shown = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    if os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY") and find_library("xcb-cursor") is None:
        detail = "libxcb-cursor is not installed: Qt can show no window."
        yield Finding("display", State.PROBLEM, detail, f"apt install {X11_LIBRARIES}")
    elif shown:
        yield Finding("display", State.OK, shown)
    else:
        yield Finding("display", State.MISSING, "none: no window can be shown, all other commands work.")
    yield from _fonts()


def _fonts() -> Iterator[Finding]:
    """Ask fontconfig; where it is not installed nothing can be said."""
    import shutil
    import subprocess

    program = shutil.which("fc-list")
    if program is None:
        return
    for name, question, package in (
        ("fonts", ":", "fonts-dejavu-core"),
        ("Chinese fonts", ":lang=zh", "fonts-noto-cjk"),
    ):
        found = subprocess.run([program, question, "family"], capture_output=True, text=True, check=False).stdout
        families = sorted(set(found.splitlines()))
        if families:
            yield Finding(name, State.OK, f"{len(families)}, such as {families[0]}")
        else:
            yield Finding(name, State.MISSING, "none: such text is drawn as boxes.", f"apt install {package}")


def _network() -> Iterator[Finding]:
    """Name the proxy variables that are set, without what they hold: it may be a password."""
    names = [name for name in _PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    detail = f"set: {', '.join(names)}. Services on this machine are reached directly." if names else "none"
    yield Finding("proxy", State.OK, detail)


def _local_servers() -> Iterator[Finding]:
    """Look for model servers on this computer; that there is none is nothing bad."""
    from qwvis_desktop.core.providers.base import CancelToken
    from qwvis_desktop.core.providers.local_servers import PORTS, find_local_servers

    found = list(find_local_servers(CancelToken(), PORTS))
    for server in found:
        listed = ", ".join(server.models[:5]) + (", ..." if len(server.models) > 5 else "")
        yield Finding(server.dialect.title, State.OK, f"answers at {server.base_url} with {listed}")
    if not found:
        ports = ", ".join(map(str, PORTS))
        yield Finding("local servers", State.OK, f"no model server answers on this computer (ports {ports}).")


def _settings() -> Iterator[Finding]:
    from qwvis_desktop.core.settings import settings_path

    folder = settings_path().parent
    place = _nearest(folder)
    if os.access(place, os.W_OK):
        yield Finding("settings", State.OK, str(folder))
    else:
        detail = f"{folder} cannot be written to: settings will not be kept."
        yield Finding("settings", State.PROBLEM, detail, f"Give yourself the right to write to {place}.")


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path.cwd())


def _placement(provider: str, model: str | None) -> Finding:
    """Try whether a service places what it sees where it is (``core.self_test``).

    Raises:
        CommandError: there is no such service.
    """
    from qwvis_desktop.cli.placement import verdict_on
    from qwvis_desktop.cli.services import service_of

    service = service_of(provider=provider, base_url=None, model=model)
    verdict = verdict_on(service)
    space = verdict.suggested_space
    remedy = f"Have its numbers read as {space} (in the window: coordinates)." if space else ""
    name = f"{service.profile.name}, {service.model.id}"
    return Finding(name, State.OK if verdict.passed else State.PROBLEM, verdict.message, remedy)


_LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _program,
    qt_findings,
    _pictures,
    _extras,
    _display,
    _network,
    _local_servers,
    _settings,
)
