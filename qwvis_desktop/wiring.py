"""Sets of controllers, made of the parts of the program that each of them needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.core.samples import Sample
from qwvis_desktop.core.settings import home
from qwvis_desktop.core.store.history_rows import KeptRun
from qwvis_desktop.core.store.self_tests import SelfTests
from qwvis_desktop.front import Front
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.asking_set import AskingSet
from qwvis_desktop.ui.controllers.asking.cost_controller import CostController
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.asking.provider_source import ProviderSource
from qwvis_desktop.ui.controllers.asking.self_test_controller import SelfTestController
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.editing.editing_set import EditingSet
from qwvis_desktop.ui.controllers.evidence_controller import EvidenceController
from qwvis_desktop.ui.controllers.film.film_set import FilmSet
from qwvis_desktop.ui.controllers.keeping.history_controller import HistoryController
from qwvis_desktop.ui.controllers.keeping.keeping_set import Keeping
from qwvis_desktop.ui.controllers.keeping.lost_controller import LostController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.pages.page_set import PageSet
from qwvis_desktop.ui.controllers.reading.reading_set import ReadingSet
from qwvis_desktop.ui.controllers.view_controller import ViewController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.images import PictureLoader
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.main_window import MainWindow
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question, ask
from qwvis_desktop.ui.panels.panel_set import Panels


class Parts(Protocol):
    """The parts of the program that sets are made of."""

    front: Front
    window: MainWindow
    canvas: CanvasView
    panels: Panels
    actions: Actions
    workspace: Workspace
    services: ServiceController
    source: ProviderSource
    inference: InferenceController
    costs: CostController
    evidence: EvidenceController
    history: HistoryController
    media: MediaController
    asking: AskingSet
    keeping: Keeping
    editing: EditingSet
    loader: PictureLoader
    jobs: JobRunner
    samples: dict[str, Sample]
    registry: ModelRegistry


def view(program: Parts) -> ViewController:
    """Make what answers the switches of the view menu."""
    return ViewController(
        window=program.window,
        canvas=program.canvas,
        panels=program.front.panels,
        actions=program.actions,
        services=program.services,
        look=program.front.look,
    )


def paging(program: Parts, answer: Callable[[Question], Answer] | None) -> PageSet:
    """Make what handles documents with pages, and asks about several pictures; ``answer`` as for ``keeping``."""
    return PageSet(
        program.window,
        program.panels,
        program.workspace,
        actions=program.actions,
        media=program.media,
        asking=program.asking,
        inference=program.inference,
        shelf=program.keeping.shelf,
        jobs=program.jobs,
        ask=answer or partial(ask, parent=program.window),
    )


def evidence(program: Parts) -> EvidenceController:
    """Make what says why boxes stand where they stand."""
    return EvidenceController(
        panel=program.panels.evidence,
        reply=program.panels.reply,
        canvas=program.canvas,
        workspace=program.workspace,
        jobs=program.jobs,
        registry=program.registry,
        actions=program.actions,
    )


def self_test(program: Parts) -> SelfTestController:
    """Make what tests how a service and a model place what they see."""
    return SelfTestController(
        window=program.window,
        canvas=program.canvas,
        prompt=program.panels.prompt,
        services=program.services,
        source=program.source,
        evidence=program.evidence,
        jobs=program.jobs,
        kept=SelfTests(home("data") / "self-tests.json"),
        costs=program.costs,
    )


def reading(program: Parts) -> ReadingSet:
    """Make what shows a page as it is read."""
    return ReadingSet(
        window=program.window,
        show_page=partial(program.window.show_reading, "document"),
        show_fields=partial(program.window.show_reading, "fields"),
        registry=program.registry,
        canvas=program.canvas,
        panels=program.panels,
        workspace=program.workspace,
        inference=program.inference,
        jobs=program.jobs,
        picture=program.loader.full,
    )


def films(program: Parts) -> FilmSet:
    """Make what plays films and changes what happens in them."""
    return FilmSet(
        window=program.window,
        canvas=program.canvas,
        panels=program.panels,
        actions=program.actions,
        workspace=program.workspace,
        media=program.media,
        inference=program.inference,
        jobs=program.jobs,
        show_timeline=program.window.show_timeline,
        bring_forward=program.window.bring_forward,
        labels=lambda: program.editing.edits.labels,
    )


def keeping(program: Parts, answer: Callable[[Question], Answer] | None) -> Keeping:
    """Make what sees to it that no work is lost; ``answer`` answers its questions instead of a dialog."""
    kept = Keeping(
        window=program.window,
        show_project=program.window.show_project,
        workspace=program.workspace,
        panels=program.panels,
        actions=program.actions,
        services=program.services,
        jobs=program.jobs,
        folder=home("data"),
        exempt=(str(sample.path) for sample in program.samples.values()),
        ask=answer or partial(ask, parent=program.window),
        kept_run=partial(_kept_run, program),
    )
    program.window.may_close = kept.projects.may_close
    return kept


def media(program: Parts) -> MediaController:
    """Make what opens pictures and films, and what finds those again that lie elsewhere now."""
    made = MediaController(
        workspace=program.workspace,
        canvas=program.canvas,
        loader=program.loader,
        jobs=program.jobs,
        shelf=program.keeping.shelf,
        took=program.keeping.follow,
    )
    LostController(
        window=program.window,
        canvas=program.canvas,
        workspace=program.workspace,
        media=made,
        shelf=program.keeping.shelf,
        jobs=program.jobs,
    )
    return made


def _kept_run(program: Parts, run: str) -> KeptRun | None:
    """Return a run from the history, which is made after what keeps work; on a worker's thread."""
    return program.history.run(run)
