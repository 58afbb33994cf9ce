"""Keeping runs in the history while they go on: what passes by is written down, after it was handed on.

It is a generator round that of ``run_inference`` and does its writing on the thread that asks the service. A piece of
the reply is handed on first and written then, so that keeping it delays nothing that is seen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from qwvis_desktop.core.document import Run
from qwvis_desktop.core.inference_events import Asked, Failed, Finished, InferenceEvent, Received, Thinking, Waiting
from qwvis_desktop.core.media.content_hash import content_hash
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.pages import address_of
from qwvis_desktop.core.providers.redaction import redact
from qwvis_desktop.core.store.history import History
from qwvis_desktop.core.store.history_file import HistoryError
from qwvis_desktop.core.store.history_rows import STOPPED, KeptPicture, Piece


def recorded(
    events: Iterator[InferenceEvent], history: History, pictures: Sequence[Media], say: Callable[[str], None]
) -> Generator[InferenceEvent, None, None]:
    """Yield ``events`` and keep the run they tell of in ``history``.

    A history that cannot be written is told by ``say``, once, and disturbs nothing. Close the generator where not all
    of it is taken: then the run is kept as stopped, with what had come.

    Args:
        events: what ``run_inference`` yields.
        history: where to keep it.
        pictures: what is asked about, in the order in which it is sent.
        say: told a sentence; called on the thread that takes the events.
    """
    record = _Record(history, pictures, say)
    passed: InferenceEvent | None = None
    try:
        for event in events:
            if isinstance(event, Finished | Failed):
                record.end(event.run)
            else:
                passed = event
            yield event
            if passed is not None:
                record.take(passed)
                passed = None
    finally:
        if passed is not None:
            record.take(passed)
        record.leave()


class _Record:
    """What is kept of one run."""

    def __init__(self, history: History, pictures: Sequence[Media], say: Callable[[str], None]) -> None:
        self._history = history
        self._media = tuple(pictures)
        self._pictures = tuple(
            KeptPicture(name=media.name, size=media.size, path=address_of(media)) for media in pictures
        )
        self._say = say
        self._said = False
        self._run = ""
        self._started = 0.0
        self._ended = False
        self._hashing: threading.Thread | None = None

    def take(self, event: InferenceEvent) -> None:
        """Keep what ``event`` says, but for how the run ended."""
        match event:
            case Waiting(run=run):
                self._run, self._started = run.id, time.monotonic() - (run.seconds.prepare or 0.0)
                self._try(lambda: self._history.begin(_clean(run), self._pictures))
                self._hashing = threading.Thread(target=self._hash, name="content hash")
                self._hashing.start()
            case Asked(run=run):
                self._try(lambda: self._history.note_requests(run.id, run.requests))
            case Received(text=text):
                self._append(Piece(self._elapsed(), text=text))
            case Thinking(text=text):
                self._append(Piece(self._elapsed(), thinking=text))
            case _:
                pass

    def end(self, run: Run) -> None:
        """Keep how the run ended."""
        self._run, self._ended = run.id, True
        self._try(lambda: self._history.finish(_clean(run), self._pictures))

    def leave(self) -> None:
        """Nobody listens any more: where no end came, somebody stopped it."""
        if self._run and not self._ended:
            self._try(lambda: self._history.break_off(self._run, STOPPED))
        if self._hashing is not None:
            self._hashing.join()

    def _append(self, piece: Piece) -> None:
        if not self._said:
            self._try(lambda: self._history.append(self._run, [piece]))

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._started, 4)

    def _hash(self) -> None:
        """Hash the pictures while the service thinks: a large one takes longer than a piece of a reply may wait."""
        hashes = []
        for media in self._media:
            try:
                hashes.append(content_hash(media))
            except MediaError:
                hashes.append("")  # it went away since it was sent; its name is kept
        self._try(lambda: self._history.set_content(self._run, hashes))

    def _try(self, write: Callable[[], None]) -> None:
        try:
            write()
        except HistoryError as error:
            if not self._said:
                self._said = True
                self._say(str(error))


def _clean(run: Run) -> Run:
    """Return ``run`` without anything in the request or the error that looks like a key; the reply stays as it came."""
    return replace(
        run,
        prompt=redact(run.prompt),
        system=redact(run.system),
        error=redact(run.error),
        options={name: redact(value) if isinstance(value, str) else value for name, value in run.options.items()},
    )
