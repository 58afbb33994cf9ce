"""core.self_test: it must notice each way in which a service can place things wrongly."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator

import pytest
from loopback.scene import Scene, SceneAnswer, TruthBox
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import (
    Cancelled,
    CancelToken,
    ChatRequest,
    ConnectionFailed,
    ImagePart,
    ReplyChunk,
)
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.self_test import (
    CARD_SIZE,
    Card,
    SelfTestFinding,
    judge,
    new_card,
    places_in,
    run_self_test,
)

CARD = new_card(random.Random(3))
REGISTRY = bundled_registry()
THOUSANDTHS = REGISTRY.spec("qwen3-vl-plus")
PIXELS = REGISTRY.spec("qwen2.5-vl-7b-instruct")


class FakeService:
    """Writes the middle of each disc as ``write`` says; answers the question for the code with ``code``."""

    name = "Fake"

    def __init__(self, write: Callable[[Point], tuple[float, float]], code: str = CARD.code) -> None:
        self.write, self.code = write, code
        self.requests: list[ChatRequest] = []

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        self.requests.append(request)
        reply = self.code
        if len(self.requests) == 1:
            reply = "```json\n" + json.dumps([self._item(name, place) for name, place in CARD.discs.items()]) + "\n```"
        yield ReplyChunk(text=reply)
        yield ReplyChunk(finish_reason="stop")

    def _item(self, name: str, place: Point) -> dict[str, object]:
        first = self.write(Point(place.x - CARD.radius, place.y - CARD.radius))
        second = self.write(Point(place.x + CARD.radius, place.y + CARD.radius))
        return {"bbox_2d": [round(value, 4) for value in (*first, *second)], "label": f"{name} disc"}


def thousandths(place: Point) -> tuple[float, float]:
    return round(place.x / CARD_SIZE.width * 1000), round(place.y / CARD_SIZE.height * 1000)


def pixels(place: Point) -> tuple[float, float]:
    return place.x, place.y


class TestCard:
    @pytest.mark.parametrize("seed", range(20))
    def test_discs_are_apart_inside_and_do_not_hide_the_code(self, seed: int) -> None:
        card = new_card(random.Random(seed))
        places = list(card.discs.values())
        for number, (x, y) in enumerate(places):
            assert card.radius <= x <= CARD_SIZE.width - card.radius
            assert card.radius / 4 <= y - card.radius
            assert y + card.radius <= CARD_SIZE.height
            assert abs(y - CARD_SIZE.height / 2) > card.radius + 36 + 8
            for other in places[number + 1 :]:
                assert abs(x - other.x) > 2 * card.radius or abs(y - other.y) > 2 * card.radius

    def test_drawn(self) -> None:
        with Image.open(io.BytesIO(CARD.drawn())) as picture:
            assert picture.size == CARD_SIZE
            place = CARD.discs["red"]
            assert picture.getpixel((int(place.x), int(place.y))) == (214, 30, 40)

    def test_each_is_another(self) -> None:
        assert new_card() != new_card()

    def test_needs_no_resizing(self) -> None:
        for family in ("qwen3-vl", "qwen2.5-vl", "qwen3.6", "qwen2-vl"):
            assert REGISTRY.spec("x", family).resize.resized(CARD_SIZE) == CARD_SIZE


class TestJudging:
    @pytest.mark.parametrize(("model", "write"), [(THOUSANDTHS, thousandths), (PIXELS, pixels)])
    def test_passes(self, model: object, write: Callable[[Point], tuple[float, float]]) -> None:
        spec = THOUSANDTHS if model is THOUSANDTHS else PIXELS
        service = FakeService(write)
        verdict = run_self_test(service, spec, card=CARD)
        assert verdict.passed
        assert verdict.finding is SelfTestFinding.PASSED
        assert verdict.suggested_space is None
        assert verdict.scale is not None
        assert len(service.requests) == 2
        for request in service.requests:
            picture = next(part for part in request.parts if isinstance(part, ImagePart))
            assert (picture.width, picture.height) == CARD_SIZE

    @pytest.mark.parametrize(
        ("spec", "write", "finding", "suggested"),
        [
            (THOUSANDTHS, pixels, SelfTestFinding.OTHER_SPACE, CoordinateSpace.SENT_PIXELS),
            (PIXELS, thousandths, SelfTestFinding.OTHER_SPACE, CoordinateSpace.RELATIVE_1000),
            (PIXELS, lambda p: (p.x / 1344, p.y / 672), SelfTestFinding.OTHER_SPACE, CoordinateSpace.RELATIVE_1),
            (THOUSANDTHS, lambda p: thousandths(p)[::-1], SelfTestFinding.Y_FIRST, None),
            (PIXELS, lambda p: (p.y, p.x), SelfTestFinding.Y_FIRST, None),
            (PIXELS, lambda p: (p.x / 2, p.y / 2), SelfTestFinding.SHRUNK, None),
            (THOUSANDTHS, lambda p: (p.x / 2, p.y / 2), SelfTestFinding.SHRUNK, None),
            (PIXELS, lambda p: (p.x * 0.75, p.y * 0.75), SelfTestFinding.SHRUNK, None),
            (THOUSANDTHS, lambda p: (p.x / 1.344, p.y / 1.344), SelfTestFinding.PADDED, None),
            (THOUSANDTHS, lambda p: (p.x / 1.344, (p.y + 336) / 1.344), SelfTestFinding.PADDED, None),
            (PIXELS, lambda p: (p.x, p.y + 336), SelfTestFinding.PADDED, None),
            (THOUSANDTHS, lambda p: (p.x * 3 + 200, p.y * 5), SelfTestFinding.OTHER_SCALE, None),
        ],
    )
    def test_notices(
        self,
        spec: object,
        write: Callable[[Point], tuple[float, float]],
        finding: SelfTestFinding,
        suggested: CoordinateSpace | None,
    ) -> None:
        verdict = run_self_test(FakeService(write), THOUSANDTHS if spec is THOUSANDTHS else PIXELS, card=CARD)
        assert not verdict.passed
        assert verdict.finding is finding
        assert verdict.suggested_space is suggested
        assert verdict.message.endswith((".", "yet."))

    def test_random_places_without_the_code_mean_an_ignored_picture(self) -> None:
        chance = random.Random(8)
        blind = FakeService(lambda p: (chance.randrange(1000), chance.randrange(1000)), code="I see a harbour.")
        assert run_self_test(blind, THOUSANDTHS, card=CARD).finding is SelfTestFinding.IGNORED

    def test_random_places_with_the_code_are_guesses(self) -> None:
        chance = random.Random(8)
        poor = FakeService(lambda p: (chance.randrange(1000), chance.randrange(1000)))
        assert run_self_test(poor, THOUSANDTHS, card=CARD).finding is SelfTestFinding.GUESSED

    def test_too_few(self) -> None:
        seen = {"red": Point(1, 1)}
        assert judge(CARD, seen, f"It says {CARD.code}.", THOUSANDTHS.space).finding is SelfTestFinding.TOO_FEW
        assert judge(CARD, seen, "A cat.", THOUSANDTHS.space).finding is SelfTestFinding.IGNORED

    def test_all_in_one_place(self) -> None:
        seen = dict.fromkeys(CARD.discs, Point(500, 500))
        assert judge(CARD, seen, "", THOUSANDTHS.space).finding is SelfTestFinding.IGNORED

    @pytest.mark.parametrize("seed", range(40))
    def test_a_model_that_misses_a_little_passes(self, seed: int) -> None:
        chance = random.Random(seed)
        card = new_card(chance)
        seen = {}
        for name, place in card.discs.items():
            x, y = thousandths(place)
            seen[name] = Point(x + chance.gauss(0, 4), y + chance.gauss(0, 4))
        assert judge(card, seen, card.code, THOUSANDTHS.space).passed

    def test_measured_scale_and_offset(self) -> None:
        seen = {name: Point(place.x / 2 + 7, place.y / 4 - 3) for name, place in CARD.discs.items()}
        verdict = judge(CARD, seen, CARD.code, PIXELS.space)
        assert verdict.scale == pytest.approx((0.5, 0.25))
        assert verdict.offset == pytest.approx((7, -3))


class TestPlaces:
    def test_nothing_is_clipped_and_other_labels_are_left_out(self) -> None:
        reply = (
            '[{"bbox_2d": [5000, 20, 6000, 40], "label": "Red disc"}, {"point_2d": [3, 4], "label": "blue"},'
            '{"bbox_2d": [1, 2, 3, 4], "label": "coloured card"}, {"bbox_2d": [1, 2, 3, 4], "label": "red"},'
            '{"bbox_3d": [1, 2, 3, 4, 5, 6, 0, 0, 0], "label": "green"}]'
        )
        assert places_in(reply) == {"red": Point(5500, 30), "blue": Point(3, 4)}


class TestServices:
    def test_text_only_engine(self) -> None:
        verdict = run_self_test(FakeService(pixels), REGISTRY.spec("rapidocr"))
        assert verdict.finding is SelfTestFinding.UNABLE

    def test_failure_is_told(self) -> None:
        class Broken(FakeService):
            def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
                raise ConnectionFailed("The service cannot be reached.")

        verdict = run_self_test(Broken(pixels), PIXELS, card=CARD)
        assert (verdict.finding, verdict.message) == (SelfTestFinding.FAILED, "The service cannot be reached.")

    def test_stopped(self) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            run_self_test(FakeService(pixels), PIXELS, cancel, CARD)


def scene_of(card: Card) -> Scene:
    boxes = tuple(
        TruthBox(f"{name} disc", (x - card.radius, y - card.radius, x + card.radius, y + card.radius))
        for name, (x, y) in card.discs.items()
    )
    return Scene(CARD_SIZE, boxes, card.code)


@pytest.mark.parametrize(
    ("model", "misbehaviour", "finding", "suggested"),
    [
        ("qwen3-vl-plus", "none", SelfTestFinding.PASSED, None),
        ("qwen2.5-vl-7b-instruct", "none", SelfTestFinding.PASSED, None),
        ("qwen3-vl-plus", "ignored", SelfTestFinding.IGNORED, None),
        ("qwen2.5-vl-7b-instruct", "ignored", SelfTestFinding.IGNORED, None),
        ("qwen3-vl-plus", "halved", SelfTestFinding.SHRUNK, None),
        ("qwen2.5-vl-7b-instruct", "halved", SelfTestFinding.SHRUNK, None),
        ("qwen3-vl-plus", "padded", SelfTestFinding.PADDED, None),
        ("qwen2.5-vl-7b-instruct", "padded", SelfTestFinding.PADDED, None),
        ("qwen3-vl-plus", "y-first", SelfTestFinding.Y_FIRST, None),
        ("qwen2.5-vl-7b-instruct", "y-first", SelfTestFinding.Y_FIRST, None),
        ("qwen3-vl-plus", "sent-pixels", SelfTestFinding.OTHER_SPACE, CoordinateSpace.SENT_PIXELS),
        ("qwen2.5-vl-7b-instruct", "thousandths", SelfTestFinding.OTHER_SPACE, CoordinateSpace.RELATIVE_1000),
    ],
)
def test_over_real_http(
    model: str, misbehaviour: str, finding: SelfTestFinding, suggested: CoordinateSpace | None
) -> None:
    with LoopbackService(SceneAnswer(scene_of(CARD), misbehaviour=misbehaviour)) as service:
        verdict = run_self_test(OpenAICompatible(service.base_url, "sk-test"), REGISTRY.spec(model), card=CARD)
    assert verdict.finding is finding, verdict.message
    assert verdict.suggested_space is suggested
    assert verdict.passed is (finding is SelfTestFinding.PASSED)
