"""The one place where everything meets: settings, services, controllers, panels and the window."""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from qwvis_desktop import wiring
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.core.providers.redaction import forms_of
from qwvis_desktop.core.samples import bundled_samples
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.core.store.history import history_path
from qwvis_desktop.front import Front
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.asking_set import AskingSet
from qwvis_desktop.ui.controllers.asking.cost_controller import CostController
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.asking.provider_source import ProviderSource
from qwvis_desktop.ui.controllers.asking.service_dialogs import ServiceDialogs
from qwvis_desktop.ui.controllers.camera_controller import CameraController
from qwvis_desktop.ui.controllers.editing.copy_controller import CopyController
from qwvis_desktop.ui.controllers.editing.editing_set import EditingSet
from qwvis_desktop.ui.controllers.export_controller import ExportController
from qwvis_desktop.ui.controllers.import_controller import ImportController
from qwvis_desktop.ui.controllers.input_controller import InputController
from qwvis_desktop.ui.controllers.keeping.history_controller import HistoryController
from qwvis_desktop.ui.controllers.keeping.history_panel_controller import HistoryPanelController
from qwvis_desktop.ui.controllers.preferences_controller import PreferencesController
from qwvis_desktop.ui.controllers.single_instance import absolute
from qwvis_desktop.ui.controllers.thumbnail_controller import ThumbnailController
from qwvis_desktop.ui.controllers.window_controller import WindowController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.images import PictureLoader
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question
from qwvis_desktop.ui.panels.panel_set import panels_round
from qwvis_desktop.ui.theme import ThemeChoice

DEMO_SAMPLE = "page"
"""The sample that the first start shows: offline OCR can read it."""

SAMPLES = "file.samples"
"""The menu of samples."""


class Program(QObject):
    """The program behind its window: made in stages, and taken down again when the window closes.

    The stages are short, so that the window can be moved and painted between them; nothing of the program is to be
    used before ``finish``, or ``make_next`` has said that none is left.

    Args:
        front: the window and what is seen of it at first.
        ask: asks the user what to do with what is not saved; a dialog unless given.
    """

    def __init__(self, front: Front, ask: Callable[[Question], Answer] | None = None) -> None:
        super().__init__(front)
        self._ask = ask
        self.front = front
        self.theme, self.jobs, self.actions = front.theme, front.jobs, front.actions
        self.window, self.registry, self.services = front.window, front.registry, front.services
        self._panels = panels_round(front.panels)
        self._stages = deque[Callable[[], None]](
            (
                self.window.complete_actions,
                self._make_canvas,
                self._make_panels,
                self._place_panels,
                self._make_engine,
                self._make_space,
                self._make_media,
                self._make_asking,
                self._make_pages,
                self._make_films,
                self._make_window_controller,
                self._connect,
                self._begin,
            )
        )

    @property
    def all_threads_ended(self) -> bool:
        """Whether closing the window has ended all threads."""
        return self.front.all_threads_ended

    def make_next(self) -> bool:
        """Make the next stage; say whether one is left."""
        if self._stages:
            self._stages.popleft()()
        return bool(self._stages)

    def finish(self) -> Program:
        """Make all that is not there yet; return the program."""
        while self.make_next():
            pass
        return self

    def _make_canvas(self) -> None:
        self.canvas = CanvasView()
        self.window.place_canvas(self.canvas)
        self.view = wiring.view(self)

    def _make_panels(self) -> None:
        panels = next(self._panels)
        if panels is None:
            self._stages.appendleft(self._make_panels)
        else:
            self.panels = panels

    def _place_panels(self) -> None:
        panels = self.panels
        self.window.place(panels.docked(), above=panels.find_bar, below=(panels.correction, panels.series_bar))

    def _make_engine(self) -> None:
        self.loader = PictureLoader(parent=self)
        self.workspace = Workspace(self.window)
        self.source = ProviderSource(self.services)
        self.samples = {sample.id: sample for sample in bundled_samples()}
        self.keeping = wiring.keeping(self, self._ask)
        credentials = self.front.credentials
        self.history = HistoryController(history_path(), lambda: forms_of(credentials.secrets()), self.window)
        self.costs = CostController(self.workspace, self.services, self.jobs)
        kept = self.costs.accounted_round(self.history.recorded)
        self.inference = InferenceController(self.jobs, self.window, kept, self.keeping.recorder.keeper_of)

    def _make_media(self) -> None:
        self.media = wiring.media(self)
        self.thumbnails = ThumbnailController(self.panels.filmstrip, self.workspace, self.loader, self.jobs)

    def _make_asking(self) -> None:
        self.asking = AskingSet(
            window=self.window,
            canvas=self.canvas,
            panels=self.panels,
            workspace=self.workspace,
            services=self.services,
            source=self.source,
            inference=self.inference,
            costs=self.costs,
            registry=self.registry,
            actions=self.actions,
            jobs=self.jobs,
            options=self.front.options.chosen,
            picture=self.loader.full,
        )
        self.runs = self.asking.runs
        self.editing.texts.ask_with(self.inference, self.asking.requests)

    def _make_pages(self) -> None:
        """Make what handles pages and replies, and takes in and gives out."""
        self.paging = wiring.paging(self, self._ask)
        self.evidence = wiring.evidence(self)
        self.self_test = wiring.self_test(self)
        self.reading = wiring.reading(self)
        self.exports = ExportController(self.window, self.canvas, self.workspace, self.jobs, self.keeping.shelf)
        self.input = InputController(
            window=self.window,
            canvas=self.canvas,
            workspace=self.workspace,
            media=self.media,
            imports=self.imports,
            services=self.services,
            runs=self.runs,
            projects=self.keeping.projects,
            session=self.keeping.session,
            samples=self.samples,
        )

    def _make_films(self) -> None:
        """Make what handles films, and what finds runs again."""
        self.film = wiring.films(self)
        self.history_panel = HistoryPanelController(
            window=self.window,
            panel=self.panels.history,
            history=self.history.kept,
            workspace=self.workspace,
            media=self.media,
            runs=self.runs,
            sent=self.asking.sent,
            jobs=self.jobs,
        )

    def _make_window_controller(self) -> None:
        """Make what answers actions."""
        self.copies = CopyController(self.workspace, self.jobs)
        self.preferences = PreferencesController(self.window, self.services)
        self.service_dialogs = ServiceDialogs(self.window, self.panels.prompt, self.services, jobs=self.jobs)
        self.window_controller = WindowController(
            window=self.window,
            canvas=self.canvas,
            panels=self.panels,
            actions=self.actions,
            workspace=self.workspace,
            does=_does(self),
            show_title=self.window.show_title,
            close=self.keeping.projects.close_picture,
        )
        self.actions.set_listed(SAMPLES, [(sample.id, self.tr(sample.title)) for sample in self.samples.values()])

    def _make_space(self) -> None:
        """Make what takes labels and cameras from files, shows space, and edits."""
        self.imports = ImportController(self.window, self.workspace, self.jobs)
        self.camera = CameraController(
            window=self.window,
            canvas=self.canvas,
            panels=self.panels,
            actions=self.actions,
            workspace=self.workspace,
            jobs=self.jobs,
            show_space=self.window.show_space,
        )
        self.editing = EditingSet(
            window=self.window,
            canvas=self.canvas,
            panels=self.panels,
            actions=self.actions,
            workspace=self.workspace,
            services=self.services,
            jobs=self.jobs,
        )

    def _paste(self) -> None:
        if not self.editing.paste():
            self.input.paste()

    def _connect(self) -> None:
        say = self.window_controller.say
        for source in (
            *(self.media, self.paging, self.film, self.copies, self.services, self.exports, self.imports),
            *(self.camera, self.editing, self.input, self.history, self.history_panel, self.asking),
        ):
            source.problem.connect(say)
        for lasting in (self.media.refused, self.keeping.problem):
            lasting.connect(self.window_controller.say_lastingly)
        for teller in (self.imports, self.camera, self.history_panel):
            teller.said.connect(say)
        for brief in (self.editing, self.reading, self.film, self.copies):
            brief.said.connect(self.window_controller.say_briefly)
        self.panels.plan.picture_requested.connect(self.exports.ask_plan)
        self.imports.camera_read.connect(self.camera.take)
        self.service_dialogs.said.connect(say)
        for saver in (self.exports, self.asking):
            saver.saved.connect(self._say_saved)
        self.keeping.saves.said.connect(self.window_controller.say_briefly)
        self.keeping.saves.mended.connect(self.canvas.withdraw_notice)
        self.actions.listed_chosen.connect(
            lambda menu, sample: self.input.open_sample(sample) if menu == SAMPLES else None
        )
        self.inference.ended.connect(self.evidence.run_ended)
        self.panels.evidence.self_test_requested.connect(self.self_test.ask)
        self.history.changed.connect(self.history_panel.refresh)
        self.window.closing.connect(self._close)

    def _say_saved(self, path: str, lost: tuple[str, ...]) -> None:
        sentence = " ".join((self.tr("Saved {path}.").replace("{path}", path), *lost))
        # What a file could not hold stays until it was read.
        (self.window_controller.say if lost else self.window_controller.say_briefly)(sentence)

    def _choose_theme(self, choice: ThemeChoice) -> None:
        self.theme.choose(choice)
        self.services.update(theme=choice.value)

    def _begin(self) -> None:
        self.services.go_on()
        self.keeping.begin()
        for sentence in self.front.problems:
            self.window_controller.say(sentence)
        self.runs.show_current()
        self.self_test.show_kept()

    def open(self, words: Iterable[str]) -> None:
        """Open files, folders and addresses as given on the command line."""
        given = absolute(words)  # what is kept of them is to be found from any folder
        urls = [word for word in given if urlsplit(word).scheme in ("http", "https")]
        self.media.open_urls(urls)
        self.input.open_paths(Path(word) for word in given if word not in urls)

    def show_demo(self) -> None:
        """Open the sample page with the offline engine chosen, so that Run works at once."""
        self.services.choose_offline("spot-text")
        self.input.open_sample(DEMO_SAMPLE, play=False)

    def _close(self) -> None:
        self.services.update(window=base64.b64encode(self.window.save_state()).decode("ascii"))
        self.loader.close()
        self.front.all_threads_ended = all([self.film.close(), self.jobs.close(), self.keeping.close()])
        self.history.close()
        self.asking.close()


def whole_program(
    application: QApplication,
    settings_file: Path | None = None,
    credentials: Credentials | None = None,
    ask: Callable[[Question], Answer] | None = None,
) -> Program:
    """Return the program, all of it made at once; the arguments are those of ``Front`` and ``Program``."""
    return Program(Front(application, settings_file, credentials), ask).finish()


def _does(program: Program) -> dict[str, Callable[[], object]]:
    """Return what the actions do that need more than canvas and workspace."""
    window = program.window
    return {
        "file.open": program.input.ask_for_files,
        "file.open_folder": program.input.ask_for_folder,
        "file.open_as_film": program.input.ask_for_frames,
        "file.open_url": program.input.ask_for_url,
        "edit.paste": program._paste,
        "file.import": program.imports.ask,
        "file.export": program.exports.ask,
        "file.export_seen": program.exports.ask_as_seen,
        "file.copy": program.exports.copy_picture,
        **program.copies.does(),
        "file.quit": window.close,
        "edit.cuboid": program.canvas.start_cuboid,
        "edit.preferences": program.preferences.ask,
        "view.ground": lambda: program.camera.show_ground(program.actions["view.ground"].isChecked()),
        "view.reset_layout": window.reset_layout,
        "view.next_part": partial(window.docks.go_on, program.canvas, 1),
        "view.previous_part": partial(window.docks.go_on, program.canvas, -1),
        "run.start": program.runs.run,
        **program.paging.does(),
        "run.stop": program.runs.stop,
        "run.replay": lambda: program.runs.replay(Speed.REAL),
        "run.replay_10": lambda: program.runs.replay(Speed.TENFOLD),
        "run.replay_once": lambda: program.runs.replay(Speed.AT_ONCE),
        "run.parse_again": program.evidence.parse_again,
        "run.self_test": program.self_test.ask,
        "run.sent": program.asking.sent.show,
        "run.was_sent": program.asking.show_sent,
        "run.costs": program.costs.show,
        "run.provider": program.service_dialogs.ask,
        "help.about": lambda: _show_about(window),
        **program.keeping.does(),
        **program.editing.does(),
        **program.film.does(),
        **{f"theme.{choice}": partial(program._choose_theme, choice) for choice in ThemeChoice},
    }


def _show_about(window: QWidget) -> None:
    from importlib.metadata import version  # takes longer to load than the rest of this module

    from qwvis_desktop.ui.panels.dialogs.small_dialogs import AboutDialog  # not for the start

    AboutDialog(version("qwvis-desktop"), parent=window).exec()
