"""``RequestMaker``: what Run would send now, out of what stands in the prompt panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from qwvis_desktop.core.annotation import Attributes, new_id
from qwvis_desktop.core.film_options import part_options
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.providers.base import Provider
from qwvis_desktop.core.providers.catalog import film_room_of
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.controllers.asking.provider_source import ProviderSource
from qwvis_desktop.ui.controllers.asking.run_waits import RunWaits
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel


class RequestMaker:
    """Makes requests.

    Args:
        waits: is told what a request waits for.
        options: gives what is set for the request, and the system message.
        picture: gives the decoded picture of an entry, by its key, where the window has it in full: then it need not
            be decoded once more for sending.
    """

    def __init__(
        self,
        *,
        panel: PromptPanel,
        workspace: Workspace,
        services: ServiceController,
        source: ProviderSource,
        waits: RunWaits,
        options: Callable[[], tuple[Attributes, str]],
        picture: Callable[[str], Raster | None],
    ) -> None:
        self._panel = panel
        self._workspace = workspace
        self._services = services
        self._source = source
        self._waits = waits
        self._options = options
        self._picture = picture
        self._encode = False

    def current(self) -> InferenceRequest | None:
        """Return what Run would send now about the current picture; None where there is nothing to ask about."""
        editor = self._workspace.editor
        return self.request_for([editor]) if editor is not None else None

    def request_for(self, editors: Sequence[DocumentEditor]) -> InferenceRequest | None:
        """Return what would be sent now about these pictures; None where nothing can be."""
        make = self.maker()
        return make(editors) if make is not None else None

    def maker(self) -> Callable[[Sequence[DocumentEditor]], InferenceRequest] | None:
        """Return what makes requests of what stands in the panel now, whatever stands there later; None for nothing."""
        state, fields = self._panel.state(), self._panel.fields
        if not state.task or fields.schema_problem:
            return None
        options, system = self._options()
        task, schema, model = TASKS[state.task], fields.result_schema(), self._services.spec
        providers, room = (
            self._source.providers(),
            film_room_of(self._services.profile, self._services.settings.wire.upload),
        )
        most = self._services.settings.wire.base64_mb
        encode, self._encode = self._encode, False
        fetches = self._source.fetches_pictures and not encode

        def made(editors: Sequence[DocumentEditor]) -> InferenceRequest:
            run = new_id()
            document = editors[0].document
            return InferenceRequest(
                media=document.media,
                room=room,
                links=self._links(editors) if fetches or document.media.kind == "video" else (),
                others=tuple(editor.document.media for editor in editors[1:]),
                task=task,
                prompt=state.prompt,
                result_schema=schema,
                model=model,
                provider=self.provider_for(run, providers),
                options={**options, **part_options(document)},
                base64_mb=most,
                system=system,
                space=state.space,
                raster=self._picture(self._workspace.key_of(editors[0]) or ""),
                run=run,
            )

        return made

    def provider_for(self, run: str, made: Callable[..., Provider] | None = None) -> Provider:
        """Return a service for the run with this id: it tells how far that is and what it waits for.

        Args:
            run: the id.
            made: makes the service, as ``ProviderSource.provider`` does, which makes the one that is chosen now.
        """
        return (made or self._source.provider)(
            partial(self._waits.try_again, run),
            partial(self._services.sending.emit, run),
            partial(self._waits.turn, run),
        )

    def encode_next(self) -> None:
        """Send the pictures of the next request as we encode them, whatever their address."""
        self._encode = True

    def _links(self, editors: Sequence[DocumentEditor]) -> tuple[str, ...]:
        """Return where the pictures lie on the web; empty for those that lie here."""
        entries = [self._workspace.entry(self._workspace.key_of(editor) or "") for editor in editors]
        return tuple(entry.url if entry is not None else "" for entry in entries)
