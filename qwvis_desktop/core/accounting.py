"""Money round a run: what it is thought to cost before it is sent, and its entry in the ledger after.

``accounted`` is a generator round that of ``run_inference``; it works on the thread that asks the service.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.inference_events import Failed, Finished, InferenceEvent, Received, Thinking, Waiting
from qwvis_desktop.core.inference_request import InferenceRequest, LookGuard
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.pages import address_of
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.prices import Cost
from qwvis_desktop.core.providers.base import ChatRequest, ImagePart, TextPart
from qwvis_desktop.core.request.costs import Caps, Usage, cap_refusal, cost_at, usage_of
from qwvis_desktop.core.request.film_plan import plan_film
from qwvis_desktop.core.request.option_rules import sent_part
from qwvis_desktop.core.request.tokens import TokenCount, request_tokens, text_tokens
from qwvis_desktop.core.settings import Settings
from qwvis_desktop.core.store.ledger import Entry, Ledger, LedgerError, day_of


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a request is thought to take.

    Attributes:
        tokens: of what is sent.
        reply: tokens of the reply: what such replies took so far, at most what is allowed; None before the first.
        sending: what it costs without the reply; None where no price is known.
        whole: what it costs with the reply; None where one of both is not known.
        before: what the run did cost already, where it is gone on with; in the currency of ``sending``.
    """

    tokens: TokenCount
    reply: int | None
    sending: Cost | None
    whole: Cost | None
    before: Decimal = Decimal(0)

    @property
    def cost(self) -> Cost | None:
        """The best that can be said of what it costs."""
        return self.whole or self.sending


def estimated(
    spec: ModelSpec,
    host: str,
    sent: Sequence[Size],
    words: str,
    options: Attributes,
    *,
    usual_reply: int | None,
    film: int = 0,
) -> Estimate:
    """Return what a request is thought to take.

    Args:
        spec: the model.
        host: of the service.
        sent: sizes of the pictures as they are sent.
        words: the prompt and the system message.
        options: what is set for the request.
        usual_reply: tokens that such replies took so far; None before the first.
        film: tokens of a film.
    """
    tokens = replace(request_tokens(spec, sent, words), video=film)
    reply, longest = usual_reply, options.get("max_tokens")
    if isinstance(longest, int) and reply is not None:
        reply = min(reply, longest)
    sending = cost_at(spec, host, Usage(tokens.total, 0, 0))
    whole = cost_at(spec, host, Usage(tokens.total, 0, reply)) if reply is not None else None
    return Estimate(tokens, reply, sending, whole)


def estimated_request(request: InferenceRequest, host: str, usual_reply: int | None) -> Estimate | None:
    """Return what ``request`` is thought to take; None where the services refuse the sides of a picture or a film."""
    rule, film = request.rule, 0
    try:
        if isinstance(request.media, VideoMedia):
            from qwvis_desktop.core.film_request import film_facts  # with all that reads films: not for the start

            sizes = []
            film = plan_film(
                film_facts(request.media, next(iter(request.links), "")), request.model, request.options, request.room
            ).tokens
        else:
            sizes = [rule.resized(sent_part(request.options, size)) for size in request.sizes]
    except ValueError:
        return None  # what makes the picture ready says it better
    estimate = estimated(
        request.model, host, sizes, words_of(request), request.options, usual_reply=usual_reply, film=film
    )
    counted = usage_of(request.resumes.usage) if request.resumes is not None else None
    before = cost_at(request.model, host, counted) if counted is not None else None
    return estimate if before is None else replace(estimate, before=before.amount)


class Accounts:
    """Records what runs cost, and says when a cap would be passed; may be used from any thread.

    Args:
        ledger: where it is kept.
        caps: tells what may be spent now.
    """

    def __init__(self, ledger: Ledger, caps: Callable[[], Caps]) -> None:
        self.ledger = ledger
        self._caps = caps
        self._lock = threading.Lock()
        self._claimed: dict[str, Decimal] = {}

    def usual_reply(self, spec: ModelSpec, task: str) -> int | None:
        """Return how many tokens replies of a model to a task took so far; None before the first.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        return self.ledger.usual_output(spec.id, task)

    def spent_today(self) -> Decimal:
        """Return what was spent today in the currency of the caps.

        Raises:
            LedgerError: the ledger cannot be read.
        """
        return self.ledger.spent(day_of(datetime.now(UTC)), self._caps().currency)

    def claim(self, run: str, estimate: Estimate, spent: Decimal | None = None) -> str:
        """Set the money for a run aside until ``release``; or return, in a sentence, which cap it would pass.

        What other runs have set aside counts as spent: several that are sent at once cannot pass a cap together.

        Args:
            run: its id.
            estimate: of the run.
            spent: what was spent today, where it is known; else the ledger is asked.

        Raises:
            LedgerError: what was spent today cannot be read.
        """
        return self._claim(run, estimate.cost, spent, estimate.before)

    def claim_anyway(self, run: str, estimate: Estimate) -> None:
        """Set the money for a run aside whatever the caps say: the user was asked."""
        with self._lock:
            self._claimed[run] = _claimed(estimate.cost, self._caps())

    def claim_look(self, run: Run, chat: ChatRequest, spec: ModelSpec, host: str) -> str:
        """Set the money aside for one more request of a run that goes on; or return which cap it would pass.

        Args:
            run: as it stands, with what the service counted so far.
            chat: what is to be sent next: all that was said is sent once more.
            spec: the model.
            host: of the service; empty where it is on this machine and costs nothing.

        Raises:
            LedgerError: what was spent today cannot be read.
        """
        caps = self._caps()
        if not host or not (caps.per_run or caps.per_day):
            return ""
        parts = [part for turn in chat.history for part in turn.parts] + list(chat.parts)
        sizes = [Size(part.width, part.height) for part in parts if isinstance(part, ImagePart)]
        words = "\n".join(part.text for part in parts if isinstance(part, TextPart))
        estimate = estimated(
            spec, host, sizes, f"{chat.system}\n{words}", run.options, usual_reply=self.usual_reply(spec, run.task)
        )
        counted = usage_of(run.usage)
        so_far = cost_at(spec, host, counted) if counted is not None else None
        cost = estimate.cost
        if cost is not None and so_far is not None:
            cost = replace(cost, amount=cost.amount + so_far.amount)
        return self._claim(run.id, cost)

    def release(self, run: str) -> None:
        """Give back what was set aside for a run; what it did cost is in the ledger by now."""
        with self._lock:
            self._claimed.pop(run, None)

    def _claim(self, run: str, cost: Cost | None, spent: Decimal | None = None, before: Decimal = Decimal(0)) -> str:
        caps = self._caps()
        with self._lock:
            if spent is None:
                spent = self.spent_today() if caps.per_day and cost is not None else Decimal(0)
            others = sum((amount for key, amount in self._claimed.items() if key != run), Decimal(0))
            refusal = cap_refusal(caps, cost, spent + others, before)
            if not refusal:
                self._claimed[run] = _claimed(cost, caps)
        return refusal

    def record(self, run: Run, spec: ModelSpec, host: str, document: str) -> None:
        """Keep what a run cost that was answered; one that was refused costs nothing.

        Raises:
            LedgerError: it cannot be kept.
        """
        usage = usage_of(run.usage)
        if usage is None and not run.reply and not run.thinking:
            return
        counted = usage or Usage(_sent_tokens(run, spec), 0, text_tokens(run.thinking) + text_tokens(run.reply))
        cost = cost_at(spec, host, counted)
        self.ledger.add(
            Entry(
                run=run.id,
                at=run.started,
                service=run.provider,
                model=run.model,
                document=document,
                task=run.task,
                input=counted.input,
                cached=counted.cached,
                output=counted.output,
                amount=cost.amount if cost else None,
                currency=cost.currency if cost else "",
                as_of=cost.as_of if cost else "",
                estimated=usage is None,
            )
        )


def _sent_tokens(run: Run, spec: ModelSpec) -> int:
    """Return about how many tokens were sent, where the service does not say."""
    if run.film is not None:
        pixels = spec.resize.factor**2
        return len(run.film.times) * run.film.size.pixels // pixels // 2 + text_tokens(run.prompt)
    return request_tokens(spec, [frame.sent for frame in _frames(run)], run.prompt).total


def _frames(run: Run) -> tuple[Frame, ...]:
    """Return what was sent of each picture."""
    return run.frames or ((run.frame,) if run.frame is not None else ())


def caps_of(settings: Settings) -> Caps:
    """Return the caps of the settings."""
    return Caps(Decimal(settings.cap_run or 0), Decimal(settings.cap_day or 0), settings.cap_currency)


def _claimed(cost: Cost | None, caps: Caps) -> Decimal:
    return cost.amount if cost is not None and cost.currency == caps.currency else Decimal(0)


def document_name(media: Media) -> str:
    """Return what a picture goes by in the ledger: its path, else its name."""
    return address_of(media) or media.name


def request_words(prompt: str, options: Attributes) -> str:
    """Return all words of a request: a system message among the options, and the prompt."""
    system = options.get("system")
    return f"{system}\n{prompt}" if isinstance(system, str) and system else prompt


def words_of(request: InferenceRequest) -> str:
    """Return all words that ``request`` sends, also what was said before and the reply that is gone on with."""
    said = [request.system, *(words for turn in request.earlier for words in (turn.prompt, turn.reply))]
    said.append(request_words(request.prompt, request.options))
    if request.resumes is not None:
        said.append(request.resumes.reply)
    return "\n".join(words for words in said if words)


def look_guard(accounts: Accounts, spec: ModelSpec, host: str) -> LookGuard:
    """Return what says why a model may not look closer once more; an empty sentence where it may."""

    def refusal(run: Run, chat: ChatRequest) -> str:
        try:
            return accounts.claim_look(run, chat, spec, host)
        except LedgerError as error:
            return str(error)

    return refusal


def accounted(
    events: Iterator[InferenceEvent],
    request: InferenceRequest,
    host: str,
    accounts: Accounts,
    say: Callable[[str], None],
) -> Generator[InferenceEvent, None, None]:
    """Yield ``events`` and keep what the run cost; what cannot be kept is told by ``say``.

    A run of which not all is taken (it was stopped) is kept with an estimate of what had come. What asks nobody on the
    web (``host`` is empty) costs nothing.
    """
    run: Run | None = None
    reply: list[str] = []
    thinking: list[str] = []
    try:
        for event in events:
            match event:
                case Waiting() | Finished() | Failed():
                    run = event.run
                case Received(text=text):
                    reply.append(text)
                case Thinking(text=text):
                    thinking.append(text)
                case _:
                    pass
            if isinstance(event, Finished | Failed):
                _record(accounts, event.run, request, host, say)
                run = None
            yield event
    finally:
        if isinstance(events, Generator):
            events.close()
        if run is not None:
            stopped = replace(run, reply="".join(reply), thinking="".join(thinking))
            _record(accounts, stopped, request, host, say)


def _record(accounts: Accounts, run: Run, request: InferenceRequest, host: str, say: Callable[[str], None]) -> None:
    if not host:
        return
    try:
        accounts.record(run, request.model, host, document_name(request.media))
    except LedgerError as error:
        say(str(error))
