from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cli.conftest import BOX, Qwvis, only, parse
from documents import RUN, SIZE

from qwvis_desktop.cli.output import ExitCode
from qwvis_desktop.cli.reply_options import SENTENCES, exit_code_of
from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.formats.reply import KeptReply, dump_run
from qwvis_desktop.core.geometry import Size


def test_every_status_has_a_sentence_and_an_exit_code() -> None:
    assert set(SENTENCES) == set(ReplyStatus)
    codes = [exit_code_of(status) for status in ReplyStatus]
    assert codes == [ExitCode.DONE, ExitCode.DONE] + [ExitCode.UNUSABLE_REPLY] * 3
    assert exit_code_of(None) is ExitCode.UNUSABLE_REPLY


class TestSpaces:
    @pytest.mark.parametrize(
        ("words", "box"),
        [
            (("--coordinates", "relative-1000"), [100.0, 100.0, 300.0, 200.0]),
            (("--coordinates", "relative-999"), [100 / 0.999, 100 / 0.999, 300 / 0.999, 200 / 0.999]),
            (("--coordinates", "original-pixels"), [100.0, 200.0, 300.0, 400.0]),
            (("--coordinates", "sent-pixels", "--sent-size", "500x500"), [200.0, 200.0, 600.0, 400.0]),
        ],
    )
    def test_the_option_overrules_the_family(self, qwvis: Qwvis, words: tuple[str, ...], box: list[float]) -> None:
        assert only(parse(qwvis, BOX, "--image-size", "1000x500", *words))["box"] == pytest.approx(box)

    def test_the_size_that_was_sent_follows_from_the_family(self, qwvis: Qwvis) -> None:
        # 870x1398 is seen as 868x1400 by the family's rule.
        found = only(parse(qwvis, BOX, "--image-size", "870x1398", family="qwen2.5-vl"))
        assert found["box"] == pytest.approx([100 * 870 / 868, 200 * 1398 / 1400, 300 * 870 / 868, 400 * 1398 / 1400])

    def test_without_a_size_thousandths_stay_thousandths(self, qwvis: Qwvis) -> None:
        ended = qwvis("parse", "-", "--task", "detect", "--family", "qwen3-vl", "--json", stdin=BOX)
        assert only(ended.json)["box"] == [100.0, 200.0, 300.0, 400.0]
        assert "--image-size" in ended.err
        assert "thousandths" in ended.err

    def test_without_a_size_pixels_stay_as_they_were_written(self, qwvis: Qwvis) -> None:
        reply = b'[{"bbox_2d": [100, 2000, 3000, 4000], "label": "cat"}]'
        ended = qwvis("parse", "-", "--task", "detect", "--family", "qwen2.5-vl", "--json", stdin=reply)
        assert only(ended.json)["box"] == pytest.approx([100.0, 2000.0, 3000.0, 4000.0])
        assert "as the model wrote them" in ended.err

    def test_with_only_the_sent_size_places_are_in_the_sent_picture(self, qwvis: Qwvis) -> None:
        found = only(parse(qwvis, BOX, "--sent-size", "2000x1000"))
        assert found["box"] == [200.0, 200.0, 600.0, 400.0]

    def test_a_size_that_no_model_takes_is_said(self, qwvis: Qwvis) -> None:
        ended = qwvis("parse", "-", "--task", "detect", "--family", "qwen2.5-vl", "--image-size", "9000x10", stdin=BOX)
        assert (ended.code, ended.out) == (1, "")
        assert "200 times" in ended.err


class TestKeptReplies:
    KEPT = KeptReply(RUN, "street.jpg", SIZE)

    def test_brings_its_own_options(self, qwvis: Qwvis, tmp_path: Path) -> None:
        path = tmp_path / "a.reply.json"
        path.write_bytes(dump_run(self.KEPT))
        # The frame of the run is a crop: 16 pixels off the top, 448 high.
        assert only(qwvis("parse", path, "--json").json)["box"] == [0.0, 16.0, 320.0, 240.0]

    def test_options_overrule_it(self, qwvis: Qwvis, tmp_path: Path) -> None:
        path = tmp_path / "a.reply.json"
        path.write_bytes(dump_run(self.KEPT))
        found = only(qwvis("parse", path, "--json", "--image-size", "1000x1000").json)
        assert found["box"] == [0.0, 0.0, 500.0, 500.0]

    def test_a_damaged_one_is_said(self, qwvis: Qwvis) -> None:
        ended = qwvis("parse", "-", stdin=b'{"format": "qwvis-reply", "version": 1}')
        assert (ended.code, ended.out) == (1, "")
        assert "damaged" in ended.err


def test_the_kept_frame_of_a_run_without_one_is_the_whole_picture(qwvis: Qwvis, tmp_path: Path) -> None:
    run = replace(RUN, frame=None, space=CoordinateSpace.SENT_PIXELS, family="qwen2.5-vl", status=ReplyStatus.OK)
    path = tmp_path / "a.reply.json"
    path.write_bytes(dump_run(KeptReply(run, "a.png", Size(280, 280))))
    assert only(qwvis("parse", path, "--json").json)["box"] == [0.0, 0.0, 280.0, 280.0]
