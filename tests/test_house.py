"""The rules of the house: budgets, names, the mirror of tests and program, and that the net of conftest.py catches."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "qwvis_desktop"
TESTS = ROOT / "tests"

MODULE_LINES, CLASS_LINES, FUNCTION_LINES = 400, 250, 60

FORBIDDEN_MODULES = frozenset({"utils", "util", "common", "helpers", "helper", "misc"})
FORBIDDEN_CLASS_ENDS = ("Manager", "Helper", "Handler", "Util", "Utils", "Wrapper")

SMALL_MODULE_LINES = 30
"""Modules of no more lines than this are tested through those that use them."""

TESTED_THROUGH = {
    "start.py": "test_app.py",
    "cli/prepare_output.py": "cli/test_prepare.py",
    "wiring.py": "test_app.py",
    # The window before and after what is behind it has come.
    "front.py": "test_completion.py",
    "ui/panels/docks.py": "ui/test_main_window.py",
    "ui/panels/first_panels.py": "ui/test_main_window.py",
    # The reader is one thing in many small parts: what counts is the same result for every cut of the reply.
    "core/replies/*": "core/replies/test_parser.py",
    # One table in a module for each menu.
    "ui/action_table/*": "ui/action_table/test_table.py",
    # Two codecs with one contract.
    "core/media/pillow_codec.py": "core/media/test_raster.py",
    "core/media/vips_codec.py": "core/media/test_raster.py",
    "core/media/pixels.py": "core/media/test_raster.py",
    "core/media/probe.py": "core/media/test_image.py",
    "core/media/film_frame.py": "core/media/test_film.py",
    "core/media/stream_frames.py": "core/media/test_film.py",
    "cli/film_prepare.py": "cli/test_film_run.py",
    # One request from end to end.
    "core/inference_request.py": "core/test_inference.py",
    "core/preparing.py": "core/test_inference.py",
    # What is loaded when it is first wanted, and would be one with the controller else.
    "core/imported.py": "core/test_label_sets.py",
    "ui/controllers/export_work.py": "ui/controllers/test_export_controller.py",
    "ui/controllers/import_work.py": "ui/controllers/test_import_controller.py",
    "ui/edit_commands.py": "ui/test_editor.py",
    # The services on offer are part of the settings.
    "core/profiles.py": "core/test_settings.py",
    # The error tree and the causes behind it are tested by what the service did.
    "core/providers/base.py": "core/providers/test_failures.py",
    "core/providers/refusals.py": "core/providers/test_failures.py",
    "core/providers/completion.py": "core/providers/test_openai_compatible.py",
    "core/providers/exchange.py": "core/providers/test_openai_compatible.py",
    "core/providers/dashscope_messages.py": "core/providers/test_dashscope.py",
    "core/providers/dashscope_reply.py": "core/providers/test_dashscope.py",
    "core/providers/uploading.py": "core/providers/test_upload.py",
    "core/providers/body.py": "core/providers/test_chat_messages.py",
    # The history is one thing in three parts: its file, its rows, and what is asked of it.
    "core/store/history_file.py": "core/store/test_history.py",
    "core/store/history_rows.py": "core/store/test_history.py",
    # A panel that is nothing without what fills it.
    "ui/panels/history.py": "ui/controllers/keeping/test_history_panel_controller.py",
    "ui/panels/history_model.py": "ui/controllers/keeping/test_history_panel_controller.py",
    "ui/panels/dialogs/preference_pages.py": "ui/panels/dialogs/test_preferences_dialog.py",
    "core/network.py": "core/test_settings.py",
    # Parts of the canvas that show only together.
    "ui/canvas/display.py": "ui/canvas/test_view.py",
    "ui/canvas/edited_document.py": "ui/canvas/test_selected_layer.py",
    "ui/canvas/painting/selected_marks.py": "ui/canvas/test_selected_layer.py",
    "ui/canvas/interaction.py": "ui/canvas/test_view.py",
    "ui/canvas/overlays.py": "ui/canvas/test_view.py",
    "ui/canvas/shown_document.py": "ui/canvas/test_view.py",
    "ui/canvas/surface.py": "ui/canvas/test_view.py",
    "ui/canvas/editing/tools.py": "ui/canvas/test_view.py",
    "ui/canvas/tooltip.py": "ui/canvas/test_view.py",
    "ui/canvas/painting/painters.py": "ui/canvas/painting/test_render.py",
    "ui/canvas/painting/pointer_aids.py": "ui/controllers/test_view_controller.py",
    "ui/canvas/painting/composition.py": "ui/canvas/painting/test_layers.py",
    "ui/canvas/painting/marks.py": "ui/canvas/painting/test_layers.py",
    "ui/canvas/painting/style.py": "ui/canvas/painting/test_layers.py",
    # Editing shows only through the canvas that has all its parts.
    "ui/canvas/editing/space_editing.py": "ui/canvas/editing/test_cuboid_tools.py",
    "ui/canvas/editing/plane_tools.py": "ui/canvas/editing/test_plane_editing.py",
    "ui/canvas/editing/live_edit.py": "ui/canvas/editing/test_plane_editing.py",
    "ui/controllers/editing/editing_set.py": "test_app_editing.py",
    "ui/controllers/editing/edit_controller.py": "test_app_editing.py",
    "ui/controllers/editing/clip_controller.py": "test_app_editing.py",
    # What keeps work safe shows only together, in the window.
    "core/store/opening.py": "ui/controllers/keeping/test_project_controller.py",
    "ui/controllers/keeping/save_controller.py": "ui/controllers/keeping/test_project_controller.py",
    "ui/controllers/keeping/saver.py": "ui/controllers/keeping/test_project_controller.py",
    "ui/controllers/keeping/unsaved.py": "ui/controllers/keeping/test_project_controller.py",
    "ui/controllers/keeping/keeping_set.py": "ui/controllers/keeping/test_project_controller.py",
    "ui/panels/filmstrip_rows.py": "ui/panels/test_filmstrip.py",
    # What the two views of space have in common.
    "ui/panels/space/space_view.py": "ui/panels/space/test_plan_view.py",
    "ui/controllers/asking/run_words.py": "ui/controllers/asking/test_run_controller.py",
    "ui/controllers/editing/review_controller.py": "test_app_editing.py",
    "ui/controllers/command_controller.py": "test_app_editing.py",
    "ui/panels/panel_set.py": "ui/test_main_window.py",
    # What runs wait for is seen in the run bar.
    "ui/controllers/asking/run_waits.py": "ui/controllers/asking/test_run_controller.py",
    "ui/controllers/asking/request_maker.py": "ui/controllers/asking/test_run_controller.py",
    # A look at what is sent, through its action.
    "ui/panels/dialogs/sent_dialog.py": "ui/controllers/asking/test_sent_controller.py",
    # Pages of documents, as they are opened, and through the window.
    "core/media/pdf_codec.py": "core/media/test_pdf.py",
    "core/media/tiff.py": "core/media/test_pages.py",
    "ui/panels/dialogs/page_dialogs.py": "ui/controllers/pages/test_page_controller.py",
    "ui/panels/replies/page_links.py": "ui/controllers/pages/test_link_controller.py",
    "ui/controllers/pages/page_set.py": "ui/controllers/pages/test_page_controller.py",
    "ui/controllers/pages/series_words.py": "ui/controllers/pages/test_series_controller.py",
    "ui/controllers/pages/reading_default.py": "ui/controllers/pages/test_series_controller.py",
    "ui/panels/asking/series_bar.py": "ui/controllers/pages/test_series_controller.py",
    # A part of the prompt panel.
    "ui/panels/asking/run_buttons.py": "ui/panels/asking/test_prompt.py",
    # Parts of the camera panel.
    "ui/panels/space/camera_words.py": "ui/panels/space/test_camera.py",
    "ui/panels/number_field.py": "ui/panels/space/test_camera.py",
    # Films are played, and events changed, in the real window only.
    "ui/controllers/film/film_playback.py": "ui/controllers/film/test_film_controller.py",
    "ui/controllers/film/film_set.py": "ui/controllers/film/test_film_controller.py",
    "ui/canvas/painting/film_render.py": "core/test_export_film.py",
    # A timeline shows only with all its parts.
    "ui/panels/film/timeline_layout.py": "ui/panels/film/test_timeline_surface.py",
    "ui/panels/film/timeline_painter.py": "ui/panels/film/test_timeline_surface.py",
    "ui/panels/film/timeline_view.py": "ui/panels/film/test_timeline_surface.py",
    "ui/panels/film/timeline_gestures.py": "ui/panels/film/test_timeline_surface.py",
    "cli/drawing.py": "cli/test_draw.py",
    # What is done with texts shows only together, in the window.
    "ui/canvas/painting/text_marks.py": "ui/canvas/painting/test_text_painter.py",
    "ui/panels/text/text_model.py": "ui/panels/text/test_text_panel.py",
    "ui/controllers/text/text_controller.py": "test_app_texts.py",
    "ui/controllers/text/text_set.py": "test_app_texts.py",
    "ui/controllers/text/find_controller.py": "test_app_texts.py",
    "ui/panels/text/find_bar.py": "test_app_texts.py",
    "ui/controllers/text/correction_controller.py": "test_app_correcting.py",
    "ui/panels/text/correction_bar.py": "test_app_correcting.py",
    "ui/controllers/text/piece_controller.py": "test_app_correcting.py",
    "ui/controllers/text/reread_controller.py": "test_app_rereading.py",
    "ui/canvas/editing/text_editing.py": "test_app_texts.py",
}
"""Modules (or all of a folder) that have no test file of their own name, the one that tests them, and why."""

TEST = re.compile(r"^( *)def (test_\w+)\(.*\n(?:(?:\1 +.*|\1\).*|\s*)\n)*", re.MULTILINE)
"""A test with all its lines."""

CHECK = re.compile(r"\bassert|\b(?:raises|warns|fail)\(|\.wait(?:Until|Signals?|Exposed)\(|\b(?:wait_for|check)\w*\(")
"""What checks something; functions that check for tests are named so that it can be seen."""

MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:home|Users|root|work|mnt|media|farm)/\w")
"""A path that is there on one machine only."""


def modules() -> list[Path]:
    return sorted(PROGRAM.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def statements(path: Path) -> tuple[ast.AST, ...]:
    """Return all statements of a module, inner ones too; their expressions are a million, and seldom wanted."""
    found: list[ast.AST] = [*parsed(path).body]
    for statement in found:
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            found += getattr(statement, part, ())
    return tuple(found)


@pytest.fixture(scope="module", autouse=True)
def forget() -> Iterator[None]:
    """Let go of the parsed modules afterwards: so many objects would slow the garbage collector down."""
    yield
    statements.cache_clear()
    parsed.cache_clear()


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def every(kind: type[ast.stmt] | tuple[type[ast.stmt], ...]) -> Iterator[tuple[str, ast.AST]]:
    """Give each statement of these kinds in the program, with where it is."""
    for path in modules():
        for node in statements(path):
            if isinstance(node, kind):
                yield f"{name_of(path)}:{getattr(node, 'lineno', 1)}", node


def names_in(expression: ast.expr) -> set[str]:
    """Return the names and attributes in an expression; to write it out as text takes a hundred times as long."""
    parts = list(ast.walk(expression))
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    return names | {part.attr for part in parts if isinstance(part, ast.Attribute)}


def listed(findings: Iterable[str]) -> str:
    return "\n" + "\n".join(findings)


def lines_of(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def text_files() -> list[Path]:
    """Return the project's files that are text and written by hand."""
    folders = ("qwvis_desktop", "tests", "packaging", "resources", ".ci")
    kinds = {".py", ".sh", ".toml", ".json", ".ts", ".qss", ".svg", ""}
    inner = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in kinds)
    return sorted(path for path in (*ROOT.glob("*.md"), *ROOT.glob("*.toml"), *inner) if path.is_file())


class TestBudgets:
    def test_modules(self) -> None:
        lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
        long = [f"{name}: {length}" for name, length in lengths.items() if length > MODULE_LINES]
        assert not long, listed(long)

    def test_classes(self) -> None:
        long = [
            f"{place} {node.name}: {lines_of(node)}"
            for place, node in every(ast.ClassDef)
            if isinstance(node, ast.ClassDef) and lines_of(node) > CLASS_LINES
        ]
        assert not long, listed(long)

    def test_functions(self) -> None:
        long = [
            f"{place} {node.name}: {lines_of(node)}"
            for place, node in every((ast.FunctionDef, ast.AsyncFunctionDef))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > FUNCTION_LINES
        ]
        assert not long, listed(long)

    def test_there_is_a_program_to_measure(self) -> None:
        assert len(modules()) > 20


class TestNames:
    def test_modules_say_what_they_hold(self) -> None:
        assert [name_of(path) for path in modules() if path.stem in FORBIDDEN_MODULES] == []
        assert [name_of(path) for path in PROGRAM.rglob("*") if path.is_dir() and path.name in FORBIDDEN_MODULES] == []

    def test_classes_say_what_they_are(self) -> None:
        vague = [
            f"{place} {node.name}"
            for place, node in every(ast.ClassDef)
            if isinstance(node, ast.ClassDef) and node.name.endswith(FORBIDDEN_CLASS_ENDS)
        ]
        assert not vague, listed(vague)

    def test_no_path_of_one_machine(self) -> None:
        here = Path(__file__)
        found = [
            f"{name_of(path)}:{number}"
            for path in text_files()
            if path != here
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
            if MACHINE_PATH.search(line)
        ]
        assert not found, listed(found)

    @pytest.mark.parametrize("line", ['open("/' + 'home/ann/a.png")', "cd /" + "root/x", "see /" + "Users/ann/x"])
    def test_a_path_of_one_machine_is_seen(self, line: str) -> None:
        assert MACHINE_PATH.search(line)

    @pytest.mark.parametrize("line", ["https://a.org/home/x", "$HOME/work/x", "/usr/share/fonts", "a/home/b"])
    def test_other_paths_are_left_alone(self, line: str) -> None:
        assert not MACHINE_PATH.search(line)


class TestImports:
    def test_an_init_file_holds_its_docstring_only(self) -> None:
        for path in PROGRAM.rglob("__init__.py"):
            tree = parsed(path)
            assert ast.get_docstring(tree), name_of(path)
            assert len(tree.body) == 1, name_of(path)

    def test_no_cycle_is_dodged(self) -> None:
        """Imports for the type checker alone are for libraries that would be slow to load, not for our own modules."""
        dodged = [
            f"{place} {ast.unparse(imported)}"
            for place, node in every(ast.If)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in names_in(node.test)
            for imported in node.body
            if "qwvis_desktop" in ast.unparse(imported)
        ]
        assert not dodged, listed(dodged)

    def test_what_others_keep_is_made_by_qt(self) -> None:
        # What lies on the clipboard may outlive Python: see ui/mime.py.
        made = [
            f"{name_of(path)}:{node.lineno}"
            for path in modules()
            if "QMimeData(" in path.read_text(encoding="utf-8")
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("QMimeData")
        ]
        assert not made, listed(made)

    def test_tests_are_no_packages(self) -> None:
        assert [name_of(path) for path in TESTS.rglob("__init__.py")] == []


def checking_nothing(text: str) -> list[str]:
    return [found[2] for found in TEST.finditer(text) if not CHECK.search(found[0])]


class TestChecks:
    def test_each_test_checks_something(self) -> None:
        tests = [path for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
        idle = [f"{name_of(path)} {name}" for path in tests for name in checking_nothing(path.read_text("utf-8"))]
        assert not idle, listed(idle)

    def test_one_that_checks_nothing_is_seen(self) -> None:
        text = (
            "def test_a(\n    a: int,\n) -> None:\n    work(a)\n\n\n"
            "class TestB:\n    def test_c(self) -> None:\n        work(1)\n\n    def test_d(self) -> None:\n"
            "        if 1:\n\n            assert work(2)\n\n\ndef test_e() -> None:\n    work(3)\n"
        )
        assert checking_nothing(text) == ["test_a", "test_c", "test_e"]


class TestMirror:
    def test_each_module_has_its_test(self) -> None:
        forgotten = [
            name
            for path in modules()
            if path.name not in ("__init__.py", "__main__.py")
            and len(path.read_text(encoding="utf-8").splitlines()) > SMALL_MODULE_LINES
            and not (TESTS / path.relative_to(PROGRAM)).with_name(f"test_{path.name}").exists()
            and not {name := path.relative_to(PROGRAM).as_posix(), f"{Path(name).parent}/*"} & TESTED_THROUGH.keys()
        ]
        assert not forgotten, listed(forgotten)

    @pytest.mark.parametrize("name", TESTED_THROUGH)
    def test_each_exception_is_still_one(self, name: str) -> None:
        module = PROGRAM / name.removesuffix("*")
        assert module.exists()
        assert (TESTS / TESTED_THROUGH[name]).exists()
        assert not (TESTS / name).with_name(f"test_{module.name}").exists()


LEAKS = """
import socket, threading
import pytest
from PySide6.QtCore import QMimeData, QThreadPool, QTimer, qInfo, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

kept = []
go_on = threading.Event()

def test_nothing(qtbot, tmp_path):
    qtbot.addWidget(QWidget())
    (tmp_path / "a").write_text("a")
    threading.Thread(target=print).start()
    qInfo("all is well")

def test_window(qapp):
    kept.append(QWidget(windowTitle="forgotten window"))

def test_thread():
    threading.Thread(target=go_on.wait, name="forgotten thread").start()

def test_pool(qapp):
    QThreadPool.globalInstance().start(go_on.wait)

def test_end_of_threads():
    go_on.set()
    assert QThreadPool.globalInstance().waitForDone(5000)

def test_file(tmp_path):
    kept.append((tmp_path / "forgotten").open("w"))

def test_dropped_file(tmp_path):
    (tmp_path / "dropped").open("w").write("a")

def test_message(qapp):
    qWarning("a bad sign")

@pytest.fixture
def says_goodbye():
    yield
    qWarning("too late")

def test_late_message(says_goodbye):
    pass

def test_clipboard(qapp):
    QGuiApplication.clipboard().setMimeData(QMimeData())

def test_text_on_clipboard(qapp):
    QGuiApplication.clipboard().setText("a")

def test_connection():
    with pytest.raises(OSError, match="loopback"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_name():
    with pytest.raises(OSError, match="loopback"):
        socket.getaddrinfo("example.invalid", 80)

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()

def test_failure():
    kept.append(QWidget())
    raise RuntimeError("the reason")

def test_file_dialog(qapp):
    QFileDialog.getOpenFileName()

def test_message_box(qapp):
    QMessageBox.question(None, "a", "b")

class Dialog(QDialog):
    pass

@pytest.fixture
def no_patience(request, monkeypatch):
    conftest = next(one for one in request.config.pluginmanager.get_plugins() if hasattr(one, "ANSWER_SECONDS"))
    monkeypatch.setattr(conftest, "ANSWER_SECONDS", 0.01)

def test_dialog(qapp, no_patience):
    Dialog(windowTitle="forgotten dialog").exec()

def test_box(qtbot, no_patience):
    with qtbot.captureExceptions() as raised:
        QTimer.singleShot(0, QMessageBox(windowTitle="forgotten box").exec)
        qtbot.waitUntil(lambda: bool(raised))
    raise raised[0][1]

def test_answered_dialog(qapp):
    dialog = Dialog()
    QTimer.singleShot(0, dialog.accept)
    assert dialog.exec() == 1

def test_patched_dialog(qapp, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("a", ""))
    monkeypatch.setattr(Dialog, "exec", lambda dialog: 2)
    assert QFileDialog.getOpenFileName() == ("a", "")
    assert Dialog().exec() == 2

def test_after_all():
    pass
"""

CAUGHT = {
    "test_window": "forgotten window",
    "test_thread": "forgotten thread",
    "test_pool": "global thread pool",
    "test_file": "forgotten is still open",
    "test_dropped_file": "ResourceWarning",
    "test_message": "a bad sign",
    "test_late_message": "too late",
    "test_clipboard": "was made in Python",
    "test_connection": "192.0.2.1",
    "test_name": "example.invalid",
    "test_file_dialog": "QFileDialog.getOpenFileName would wait",
    "test_message_box": "QMessageBox.question would wait",
    "test_dialog": "the Dialog 'forgotten dialog' waited",
    "test_box": "the QMessageBox 'forgotten box' waited",
    "test_failure": "the reason",
}
"""What the report must say of each of these; of the others it must say nothing."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Run tests that leave something behind under the real net; return what was found wrong with each."""
    folder = tmp_path_factory.mktemp("leaks")
    (folder / "conftest.py").write_bytes((TESTS / "conftest.py").read_bytes())
    (folder / "test_leaks.py").write_text(LEAKS, encoding="utf-8")
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    ended = subprocess.run(
        [*pytest_here, "--junitxml", str(folder / "report.xml"), str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout + ended.stderr
    cases = ElementTree.parse(folder / "report.xml").iter("testcase")
    found: dict[str, list[str]] = {}
    for case in cases:
        faults = [f"{fault.get('message')} {fault.text}" for fault in case if fault.tag in ("failure", "error")]
        found.setdefault(case.attrib["name"], []).extend(faults)
    return found


class TestNet:
    @pytest.mark.parametrize("name", CAUGHT)
    def test_it_catches(self, report: dict[str, list[str]], name: str) -> None:
        assert len(report[name]) == 1
        assert CAUGHT[name] in report[name][0]

    def test_it_lets_the_others_pass(self, report: dict[str, list[str]]) -> None:
        assert {name: faults for name, faults in report.items() if name not in CAUGHT and faults} == {}
        assert {
            "test_nothing",
            "test_loopback",
            "test_end_of_threads",
            "test_text_on_clipboard",
            "test_answered_dialog",
            "test_patched_dialog",
            "test_after_all",
        } < report.keys()

    def test_no_test_sees_the_users_own(self, home: Path) -> None:
        assert os.environ["QWVIS_HOME"] == str(home)
        assert not home.exists()
        assert "DASHSCOPE_API_KEY" not in os.environ
        assert os.environ["PYTHON_KEYRING_BACKEND"] == "keyring.backends.null.Keyring"
