"""core.providers.local_servers: found on their ports, on this computer alone."""

from __future__ import annotations

import json
import socket

import pytest
from loopback.answers import FAULTS, Answer
from loopback.service import LoopbackService

from qwvis_desktop.core.providers.base import Cancelled, CancelToken
from qwvis_desktop.core.providers.local_servers import find_local_servers


def listing(owner: str, *models: str) -> Answer:
    data = [{"id": model, "object": "model", "owned_by": owner} for model in models]
    return Answer([json.dumps({"object": "list", "data": data}).encode()], whole=True)


def test_those_that_answer_are_found_and_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    with LoopbackService() as first, LoopbackService() as second, LoopbackService() as page, LoopbackService() as empty:
        first.models_answer = listing("vllm", "Qwen/Qwen3-VL-8B-Instruct")
        second.models_answer = listing("library", "qwen3-vl:8b", "llama3")
        page.models_answer = FAULTS["html"]
        empty.models_answer = listing("x")
        found = list(find_local_servers(CancelToken(), [nobody, first.port, page.port, empty.port, second.port]))
        assert [(server.dialect.id, server.models) for server in found] == [
            ("vllm", ("Qwen/Qwen3-VL-8B-Instruct",)),
            ("ollama", ("qwen3-vl:8b", "llama3")),
        ]
        assert [server.profile.base_url for server in found] == [first.base_url, second.base_url]
        assert found[0].profile.dialect == "vllm"
        assert "authorization" not in first.requests[0].headers


def test_the_user_may_stop_it() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with LoopbackService() as service, pytest.raises(Cancelled):
        list(find_local_servers(cancel, [service.port]))
