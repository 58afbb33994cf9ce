"""What services do on a bad day, in one table: what is said of it, whether it is tried again, and that work goes on.

Each row goes through the real window to a service on the loopback. ``pytest -s`` prints the table.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from loopback.answers import (
    DONE,
    EVENT_STREAM,
    FAULTS,
    Answer,
    Delay,
    delta,
    error,
    event,
    reply_events,
    streamed,
)
from loopback.service import LoopbackService
from program_window import BOXES, PLACES, boxes, editor_of, open_photo, run_to_the_end
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.providers import exchange, failures
from qwvis_desktop.core.providers.base import (
    BadReply,
    BadRequest,
    ConnectionFailed,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    ServiceFailed,
    TimedOut,
    Unauthorized,
)
from qwvis_desktop.core.providers.retry import RetryPolicy
from qwvis_desktop.core.settings import Profile

KEY = "sk-canary0123456789abcdef"
REPLY = "".join(BOXES)
GOOD = streamed(REPLY)
EVENTS = reply_events(REPLY)
HALF = [event(delta(role="assistant", content="")), event(delta(content=BOXES[0]))]


@dataclass(frozen=True)
class Fault:
    """What a service does, and what must come of it.

    Attributes:
        what: in words.
        answer: one answer, several in turn, or another address to ask.
        error: the class of the error; None where the reply must be read in full all the same.
        part: of the sentence.
        requests: how many are made: 3 means that it is tried again to the end.
        kept: how many boxes came before it broke.
    """

    what: str
    answer: Answer | Sequence[Answer] | str
    error: type[ProviderError] | None
    part: str = ""
    requests: int = 1
    kept: int = 0


def events(*pieces: object, after: str = EVENT_STREAM) -> Answer:
    return Answer(list(pieces), content_type=after)  # type: ignore[arg-type]  # pieces are steps


def json_error(status: int, message: str, code: str = "invalid_parameter_error") -> Answer:
    return error(status, code, message)


TABLE: tuple[Fault, ...] = (
    Fault("connection refused", "http://127.0.0.1:{closed}/v1", ConnectionFailed, "the connection was refused", 0),
    Fault("name not found", "http://model.invalid/v1", ConnectionFailed, "'model.invalid' cannot be found", 0),
    Fault("no TLS where TLS should be", "https://127.0.0.1:{open}/v1", ConnectionFailed, "is not safe", 0),
    Fault("401, the key is of another region", FAULTS["wrong-key"], Unauthorized, "does not accept the key"),
    Fault("403, the account is in arrears", json_error(403, "Overdue.", "Arrearage"), Forbidden, "unpaid"),
    Fault("403, the free quota is used up", FAULTS["free-quota-used-up"], Forbidden, "free quota"),
    Fault("404, no such model", FAULTS["unknown-model"], NotFound, "does not know the model"),
    Fault("404 for a large body", Answer([b"Not Found"], status=404, whole=True), NotFound, "it was the size"),
    Fault("429, too many requests", FAULTS["too-many"], RateLimited, "no more requests", 3),
    Fault("429, too fast", json_error(429, "Too fast.", "limit_burst_rate"), RateLimited, "too fast", 3),
    Fault("429, tokens of the minute", json_error(429, "Quota.", "insufficient_quota"), RateLimited, "minute", 3),
    Fault("429, prepaid bill overdue", FAULTS["billing"], RateLimited, "unpaid"),
    Fault("429, postpaid bill overdue", json_error(429, "No.", "PostpaidBillOverdue"), RateLimited, "unpaid"),
    Fault("429, service not bought", json_error(429, "No.", "CommodityNotPurchased"), RateLimited, "not bought"),
    Fault(
        "429, come back in 15 minutes", error(429, "x", "x", {"Retry-After": "900"}), RateLimited, "no more requests"
    ),
    Fault("400, content inspection", FAULTS["moderation"], BadRequest, "content check"),
    Fault("500 once", [FAULTS["server-error"], GOOD], None, requests=2, kept=2),
    Fault("500 always", FAULTS["server-error"], ServiceFailed, "failed (status 500)", 3),
    Fault("413", FAULTS["too-large"], BadRequest, "larger than the service takes"),
    Fault("context too long", FAULTS["bad-request"], BadRequest, "longer than the model takes"),
    Fault(
        "model takes no pictures", json_error(400, "m does not support image input"), BadRequest, "takes no pictures"
    ),
    Fault("model only streams", json_error(400, "This model only support stream mode"), BadRequest, "as a stream"),
    Fault("422 with detail", FAULTS["unprocessable"], BadRequest, "field required"),
    Fault(
        "role-only and empty chunks",
        events(event({"choices": []}), event({"choices": [{}]}), *EVENTS, DONE),
        None,
        kept=2,
    ),
    Fault("comments between", events(*(b": wait\n\n" + piece for piece in EVENTS), DONE), None, kept=2),
    Fault("CRLF", events(b"".join([*EVENTS, DONE]).replace(b"\n", b"\r\n")), None, kept=2),
    Fault("CR", events(b"".join([*EVENTS, DONE]).replace(b"\n", b"\r")), None, kept=2),
    Fault("BOM", events(b"\xef\xbb\xbf", *EVENTS, DONE), None, kept=2),
    Fault("data over many lines", events(*(p.replace(b"data: {", b"data: {\ndata: ") for p in EVENTS)), None, kept=2),
    Fault("no [DONE]", events(*EVENTS), None, kept=2),
    Fault("wrong charset", events(*EVENTS, DONE, after=f"{EVENT_STREAM}; charset=latin-1"), None, kept=2),
    Fault("error inside 200", FAULTS["error-in-stream"], RateLimited, "too fast"),
    Fault("closed within an event", events(*HALF, b'data: {"choices": [{"de'), ConnectionFailed, "broke", kept=1),
    Fault("closed between events", events(*HALF), ConnectionFailed, "broke before the reply was complete", kept=1),
    Fault("reset before anything came", FAULTS["reset-at-once"], ConnectionFailed, "before anything", 3),
    Fault("reset in mid-reply", FAULTS["reset"], ConnectionFailed, "What came until then is kept"),
    Fault("silence at once", FAULTS["silence-at-once"], TimedOut, "was silent for"),
    Fault("silence in mid-reply", FAULTS["silence"], TimedOut, "began a reply and then sent nothing"),
    Fault("a byte at a time, for ever", events(*([b"d", Delay(0.02)] * 500)), TimedOut, "was silent for"),
    Fault("a login page", FAULTS["html"], BadReply, "gave a web page"),
    Fault("other JSON", FAULTS["other-json"], BadReply, "no reply of a model"),
    Fault("bytes that mean nothing", FAULTS["garbage"], BadReply, "no reply of a model"),
    Fault("redirect to another host", "redirect", BadReply, "The key is not sent there"),
    Fault(
        "a reply without end", events(*HALF, *([event(delta(content="x" * 999))] * 30)), BadReply, "any model", kept=1
    ),
)


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let services be tried again without waiting, and end what never ends sooner."""
    plain = RetryPolicy.pause

    def at_once(self: RetryPolicy, attempt: int, failed: ProviderError) -> float | None:
        return None if plain(self, attempt, failed) is None else 0.0

    monkeypatch.setattr(RetryPolicy, "pause", at_once)
    monkeypatch.setattr(exchange, "LONGEST_REPLY", 10_000)
    monkeypatch.setattr(failures, "LARGE_BODY", 10_000)
    known = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **more: Any) -> object:
        if host == "model.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def differences(fault: Fault, run: Run, failed: Exception | None, requests: int, found: int) -> str:
    """Return what is not as the table says, for people."""
    expected = (fault.error, fault.requests, fault.kept)
    got = (type(failed) if failed is not None else None, requests, found)
    wrong = [f"expected {expected}, got {got}"] if expected != got else []
    if fault.part not in run.error:
        wrong.append(f"'{fault.part}' is not in '{run.error}'")
    if failed is not None and not run.error.endswith((".", ")")):
        wrong.append(f"no sentence: {run.error}")
    if fault.kept and failed is not None and run.status is not ReplyStatus.PARTIAL:
        wrong.append(f"what came is {run.status}, not partial")
    return "; ".join(wrong)


@pytest.mark.slow
def test_each_fault_is_told_and_work_goes_on(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, no_patience: None
) -> None:
    with LoopbackService() as elsewhere:
        pass  # its port is closed now
    open_photo(program, qtbot, photo)
    addresses = {"closed": elsewhere.port, "open": loopback.port}
    lines, wrong = [], []
    with LoopbackService() as other:
        redirect = Answer(status=302, headers={"Location": f"{other.base_url}/chat/completions"}, whole=True)
        for fault in TABLE:
            made = try_fault(program, qtbot, loopback, fault, redirect, addresses)
            lines.append(made.line)
            wrong += [f"{fault.what}: {made.wrong}"] if made.wrong else []
        assert not other.requests, "the key went to another host"
    print("\n" + "\n".join([HEAD, *lines]))
    assert len(TABLE) >= 30
    assert not wrong, "\n".join(wrong)


HEAD = f"{'fault':33} {'class':17} {'requests':8} {'boxes':5}  sentence"


@dataclass(frozen=True)
class Outcome:
    line: str
    wrong: str


def try_fault(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    fault: Fault,
    redirect: Answer,
    addresses: dict[str, int],
) -> Outcome:
    """Run once into ``fault`` and once into a good day; return a line of the table and what was wrong."""
    url = loopback.base_url
    if isinstance(fault.answer, str) and fault.answer != "redirect":
        url = fault.answer.format(**addresses)
    elif isinstance(fault.answer, str):
        loopback.answer = redirect
    else:
        loopback.answer = fault.answer
    silent = fault.error is TimedOut
    limits = {"first_seconds": 0.15, "idle_seconds": 0.15} if silent else {"first_seconds": 9.0, "idle_seconds": 9.0}
    if fault.what.startswith("silence in"):
        limits["first_seconds"] = 9.0
    program.services.update(**limits)
    choose(program, url)
    loopback.requests.clear()
    run = run_to_the_end(program, qtbot, "failed" if fault.error else "done")
    active = program.inference.latest(editor_of(program))
    assert active is not None
    wrong = differences(fault, run, active.error, len(loopback.requests), len(run.as_read))
    told = active.details + run.error
    wrong += " the key is told" if KEY in told else ""
    # What was read in full all the same was a good run itself.
    wrong += usable(program, qtbot, loopback) if active.error is not None else cleared(program)
    name = type(active.error).__name__ if active.error else "(none)"
    line = f"{fault.what:33} {name:17} {fault.requests:8} {len(run.as_read):5}  {run.error or 'Read in full.'}"
    return Outcome(line, wrong)


def choose(program: Program, url: str) -> None:
    program.services.keep_profile(Profile("Loopback", base_url=url, needs_key=False), KEY)
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_task("detect")


def cleared(program: Program) -> str:
    """Take all boxes away; return what is wrong with those that were there, empty where they are those of the reply."""
    wrong = "" if boxes(program) == PLACES else " the run did not work"
    editor = editor_of(program)
    editor.remove(list(editor.document.annotations), "Clear")
    return wrong


def usable(program: Program, qtbot: QtBot, loopback: LoopbackService) -> str:
    """Return why the program cannot be used any more, empty where it can: a good run must give its boxes."""
    editor = editor_of(program)
    editor.remove(list(editor.document.annotations), "Clear")
    choose(program, loopback.base_url)
    program.services.update(first_seconds=9.0, idle_seconds=9.0)
    loopback.answer = GOOD
    run_to_the_end(program, qtbot)
    return cleared(program)
