"""The way to a service: through which proxy, and trusting whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, ConnectionFailed
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.route import Proxy, is_loopback, proxy_for, trust

WEB = "https://model.invalid/v1"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("api.localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("[::1]", True),
        ("192.168.0.2", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("", False),
    ],
)
def test_loopback_addresses(host: str, here: bool) -> None:
    assert is_loopback(host) is here


class TestProxy:
    def test_none(self) -> None:
        assert proxy_for(WEB) is None

    @pytest.mark.parametrize(
        ("variable", "value", "url", "expected"),
        [
            ("HTTPS_PROXY", "http://proxy:3128", WEB, "http://proxy:3128"),
            ("https_proxy", "http://proxy:3128", WEB, "http://proxy:3128"),
            ("ALL_PROXY", "proxy:3128", WEB, "http://proxy:3128"),
            ("HTTP_PROXY", "proxy", "http://model.invalid/v1", "http://proxy"),
        ],
    )
    def test_named_by_a_variable(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, url: str, expected: str
    ) -> None:
        monkeypatch.setenv(variable, value)
        assert proxy_for(url) == Proxy(expected, f"the variable {variable}")

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "a.localhost"])
    def test_this_machine_is_never_asked_through_one(self, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
        for variable in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, "http://proxy:3128")
        assert proxy_for(f"http://{host}/v1") is None
        assert proxy_for(f"https://{host}/v1") is None

    def test_nor_is_what_is_excepted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
        monkeypatch.setenv("NO_PROXY", "model.invalid")
        assert proxy_for(WEB) is None

    @pytest.mark.parametrize("value", ["socks://p:1", "socks4://p:1", "ftp://p", "http://p:port"])
    def test_a_bad_one_is_named_with_its_variable(
        self, monkeypatch: pytest.MonkeyPatch, words: ChatRequest, value: str
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", value)
        with pytest.raises(ConnectionFailed, match="the variable HTTPS_PROXY cannot be used") as caught:
            list(OpenAICompatible(WEB).stream(words, CancelToken()))
        assert value in str(caught.value)

    def test_its_password_is_not_shown(self, monkeypatch: pytest.MonkeyPatch, words: ChatRequest) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "socks4://me:hunter2@p:1")
        with pytest.raises(ConnectionFailed) as caught:
            list(OpenAICompatible(WEB).stream(words, CancelToken()))
        assert "hunter2" not in str(caught.value)

    def test_a_part_that_is_missing_is_named(self, monkeypatch: pytest.MonkeyPatch, words: ChatRequest) -> None:
        monkeypatch.setitem(__import__("sys").modules, "socksio", None)
        monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
        with pytest.raises(ConnectionFailed, match="pip install socksio"):
            list(OpenAICompatible(WEB).stream(words, CancelToken()))


class TestTrust:
    @pytest.mark.parametrize(("content", "part"), [(None, "No such file"), (b"no PEM", "holds no certificates")])
    def test_a_file_that_is_none(self, tmp_path: Path, content: bytes | None, part: str) -> None:
        path = tmp_path / "authority.pem"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ConnectionFailed, match=part) as caught:
            trust(str(path))
        assert str(path) in str(caught.value)

    def test_nothing_is_sent_without_it(self, words: ChatRequest, tmp_path: Path) -> None:
        from qwvis_desktop.core.providers.connect import Limits
        from qwvis_desktop.core.providers.exchange import Patience

        patience = Patience(limits=Limits(ca_file=str(tmp_path / "none.pem")))
        with pytest.raises(ConnectionFailed, match="Nothing was sent"):
            list(OpenAICompatible(WEB, patience=patience).stream(words, CancelToken()))

    def test_the_system_is_trusted(self) -> None:
        assert trust() is trust()
        assert trust().verify_mode.name == "CERT_REQUIRED"
