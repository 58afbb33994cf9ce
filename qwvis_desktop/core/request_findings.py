"""What the service would refuse of a whole request, its pictures or its film, found before anything is sent."""

from __future__ import annotations

from qwvis_desktop.core.accounting import words_of
from qwvis_desktop.core.film_options import options_of_film
from qwvis_desktop.core.film_request import film_facts, plan_for
from qwvis_desktop.core.inference_request import InferenceRequest, link_of
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.request.film_plan import film_findings, video_facts
from qwvis_desktop.core.request.limits import Finding, PictureFacts, findings
from qwvis_desktop.core.request.option_rules import sent_part


def request_findings(request: InferenceRequest) -> tuple[Finding, ...]:
    """Return what the service would not take of ``request``, what it refuses first; nothing is read for it."""
    if not request.model.routes:
        return ()  # it is answered on this machine
    media = request.media
    if not isinstance(media, VideoMedia):
        return findings(request.model, facts_of(request), words_of(request), request.options)
    link = next(iter(request.links), "")
    facts, options = film_facts(media, link), options_of_film(request.options)
    plan = plan_for(media, request.model, request.options, request.room, link)
    found = [
        *film_findings(facts, plan, request.model, options, request.room),
        *findings(request.model, (), words_of(request), options, [video_facts(facts, plan, request.room)]),
    ]
    return tuple(sorted(found, key=lambda finding: not finding.refused))


def facts_of(request: InferenceRequest) -> tuple[PictureFacts, ...]:
    """Return what limits must know of the pictures of ``request``: of one that the service fetches, its own file."""
    facts = []
    for number, media in enumerate((request.media, *request.others)):
        if isinstance(media, VideoMedia):
            continue
        if link_of(request, number):
            facts.append(PictureFacts(media.name, media.size, media.mime, media.byte_count, "url"))
        else:
            facts.append(PictureFacts(media.name, sent_part(request.options, request.sizes[number])))
    return tuple(facts)
