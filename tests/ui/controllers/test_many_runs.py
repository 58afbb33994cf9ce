"""A result goes to the picture it was asked about, whatever is looked at, renamed or closed while it comes."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, ReplyChunk
from qwvis_desktop.core.store.journal import Journal
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.core.store.steps import recover
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import JobRunner

RUNS = 500

PICTURES = 8

AT_A_TIME = 4


class Named:
    """A service that names, in its reply, the picture it was asked about; it waits before the second half."""

    name = "names the picture"

    def __init__(self, label: str) -> None:
        self.label = label
        self.gate = threading.Event()

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        yield ReplyChunk(text=f'[{{"bbox_2d": [1, 2, 300, 400], "label": "{self.label}"}}')
        self.gate.wait(10.0)
        cancel.check()
        yield ReplyChunk(text=f', {{"bbox_2d": [5, 6, 700, 800], "label": "{self.label}"}}]')
        yield ReplyChunk(finish_reason="stop")


class Desk:
    """Pictures, runs and a journal, without a window."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.owner = QObject()
        self.jobs = JobRunner(self.owner)
        self.workspace = Workspace(self.owner)
        self.journal = Journal(folder / "journals", lambda sentence: None)
        self.recorder = Recorder(self.workspace, self.journal, Shelf(), ())
        self.inference = InferenceController(self.jobs, self.owner, keeper_of=self.recorder.keeper_of)
        self.inference.ended.connect(lambda active: self.ended.append(active))
        self.workspace.editor_closed.connect(self.inference.forget)
        self.ended: list[ActiveRun] = []
        self.waiting: list[Named] = []
        self.spec = bundled_registry().spec("qwen3-vl-plus")
        self.count = 0

    def open(self) -> str:
        """Open another picture, a file of its own."""
        self.count += 1
        path = self.folder / f"picture {self.count}.png"
        Image.new("RGB", (64, 48), "teal").save(path)
        key = str(path)
        document = Document(open_image(path))
        self.workspace.add([Entry(key, path.name, key)])
        self.workspace.set_editor(key, DocumentEditor(document))
        self.recorder.follow(key, OpenedPicture(document=document))
        return key

    def run(self, key: str, sent: bool) -> None:
        """Ask about a picture; ``sent`` prepares its file, which may be gone by then."""
        editor = self.workspace.editor_of(key)
        assert editor is not None
        provider = Named(key)
        self.waiting.append(provider)
        size = editor.document.size
        request = InferenceRequest(
            media=editor.document.media,
            task=TASKS["detect"],
            prompt="",
            model=self.spec,
            provider=provider,
            frame=None if sent else Frame.whole(size, size),
        )
        self.inference.start(editor, request)

    def let_on(self, chance: random.Random) -> None:
        """Let one of the services that wait go on, any one."""
        if self.waiting:
            self.waiting.pop(chance.randrange(len(self.waiting))).gate.set()


def shuffle(desk: Desk, chance: random.Random, seen: dict[str, DocumentEditor]) -> None:
    """Do what people do while they wait: look at another picture, rename, delete, open one."""
    keys = [entry.key for entry in desk.workspace.entries]
    key = chance.choice(keys)
    match chance.randrange(4):
        case 0:
            desk.workspace.show(key)
        case 1:
            entry = desk.workspace.entry(key)
            assert entry is not None
            assert entry.path is not None
            renamed = entry.path.with_name(f"renamed {entry.path.name}"[-60:])
            if entry.path.exists():
                entry.path.rename(renamed)
                desk.workspace.relocate(key, renamed)
        case 2 if len(keys) > PICTURES // 2:
            desk.workspace.close(key)
            seen.pop(key)
        case _ if len(keys) < PICTURES:
            new = desk.open()
            editor = desk.workspace.editor_of(new)
            assert editor is not None
            seen[new] = editor


def test_no_result_goes_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    desk, chance, seen = Desk(tmp_path), random.Random(7), {}
    for _ in range(PICTURES):
        key = desk.open()
        editor = desk.workspace.editor_of(key)
        assert editor is not None
        seen[key] = editor
    owners = dict.fromkeys(seen.values(), "")
    for number in range(RUNS):
        owners.update((editor, key) for key, editor in seen.items())
        free = [key for key, editor in seen.items() if not desk.inference.is_running(editor)]
        # Now and then a picture is asked about anew while a reply about it comes.
        desk.run(chance.choice(free if free and chance.random() < 0.9 else list(seen)), sent=number % 5 == 0)
        for _ in range(chance.randrange(3)):
            shuffle(desk, chance, seen)
        if len(desk.waiting) >= AT_A_TIME:
            ended = len(desk.ended)
            while desk.waiting and len(desk.ended) == ended:
                desk.let_on(chance)
                QCoreApplication.processEvents()
    while desk.waiting:
        desk.let_on(chance)
    qtbot.waitUntil(lambda: not any(desk.inference.is_running(editor) for editor in seen.values()))

    owners.update((editor, key) for key, editor in seen.items())
    given = 0
    for active in desk.ended:
        assert {annotation.label for annotation in active.run.as_read} <= {owners[active.editor]}
        given += len(active.run.as_read)
    assert given > RUNS // 2
    for key, editor in seen.items():
        assert {annotation.label for annotation in editor.document.annotations.values()} <= {key}
        assert all(f'"label": "{key}"' in run.reply for run in editor.document.runs.values() if run.reply)

    desk.journal.write_now()
    for key, record in recover(desk.journal.path).records.items():
        assert {each["label"] for each in record["annotations"]} <= {key}
        assert {each["id"] for each in record["runs"]} == seen[key].document.runs.keys()
    desk.recorder.close()
    assert desk.jobs.close()
    assert desk.journal.close()
    desk.owner.deleteLater()
