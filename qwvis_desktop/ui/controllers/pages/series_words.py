"""What is said of a series, and asked before one that costs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.accounting import Estimate
from qwvis_desktop.core.request.costs import amount_words
from qwvis_desktop.core.series import Series, duration_words
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.controllers.asking.run_words import filled
from qwvis_desktop.ui.panels.asking.series_bar import Failure, SeriesBarState
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question
from qwvis_desktop.ui.panels.words import task_title


def titles_of_all(*, pages: bool) -> dict[str, str]:
    """Return the titles of the actions that ask about all, by their ids: all pages of a document, or all pictures."""
    if pages:
        return {"run.all": _tr("Run on &All Pages"), "run.rest": _tr("Run on Re&maining Pages")}
    return {"run.all": _tr("Run on &All Pictures"), "run.rest": _tr("Run on Re&maining Pictures")}


def why_not_all(count: int, *, pages: bool, busy: bool) -> str:
    """Say why these ``count`` can't be asked about one after the other; empty where they can."""
    if busy:
        return _tr("Others are being asked about.")
    if count > 1:
        return ""
    return _tr("This document has one page only.") if pages else _tr("It takes a document, or several open pictures.")


def bar_state(series: Series, task: str, names: Mapping[str, str], *, paused: bool, pages: bool) -> SeriesBarState:
    """Return what the bar shows of a series.

    Args:
        series: it.
        task: id of what is asked.
        names: of the pictures that failed, for people.
        paused: it was stopped.
        pages: the pictures are pages of a document.
    """
    failures = tuple(Failure(key, names.get(key, key), why) for key, why in series.failed.items())
    offers = {"stop"}
    if series.is_over:
        offers = {"retry"} if failures else set()
    elif paused:
        offers = {"continue", "retry"} if failures else {"continue"}
    return SeriesBarState(
        text=": ".join((task_title(TASKS[task]), _words(series, paused=paused, pages=pages))),
        done=series.done + len(failures),
        total=series.total,
        offers=frozenset(offers),
        failures=failures,
    )


def _words(series: Series, *, paused: bool, pages: bool) -> str:
    done, total = f"{series.done:,}", f"{series.total:,}"
    if series.is_over:
        return filled(
            _tr("{done} of {n} pages done") if pages else _tr("{done} of {n} pictures done"), done=done, n=total
        )
    if series.hopeless and paused:
        return filled(_tr("stopped, as it failed again and again. {why}"), why=series.hopeless)
    if paused:
        return filled(
            _tr("stopped after {done} of {n} pages") if pages else _tr("stopped after {done} of {n}"),
            done=done,
            n=total,
        )
    place = _tr("page {place} of {n}") if pages else _tr("picture {place} of {n}")
    words = filled(place, place=f"{series.place:,}", n=total)
    left = series.seconds_left()
    if left is None:
        return words
    number, unit = duration_words(left)
    return filled(_tr("{words}, about {left} left"), words=words, left=f"{number} {unit}")


def about_sending(service: str, count: int, estimate: Estimate | None) -> Question:
    """Ask whether so many requests may be sent to a service that may cost money."""
    text = filled(_tr("Send {n} requests to {service}?"), n=f"{count:,}", service=service)
    details = _tr("Each picture is a request of its own, and each is kept and paid for by itself.")
    if estimate is not None and estimate.cost is not None:
        amount = amount_words(estimate.cost.amount * count, estimate.cost.currency)
        more = _tr("All of them together are estimated at {amount}, without the replies.")
        details = " ".join((filled(more, amount=amount), details))
    return Question(text, details, ((Answer.SEND, _tr("Send")), (Answer.CANCEL, _tr("Cancel"))))


def _tr(text: str) -> str:
    return QCoreApplication.translate("SeriesWords", text)
