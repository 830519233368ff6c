import json
from collections.abc import Mapping
from pathlib import Path

from tests.web.served import Answer, Client, ask, with_site


def health(root: Path, state: Mapping[str, tuple[str, ...]] | Exception) -> Answer:
    def told() -> Mapping[str, tuple[str, ...]]:
        if isinstance(state, Exception):
            raise state
        return state

    async def use(client: Client) -> Answer:
        return await client.ask("/health")

    return with_site(root, use, health=told)


def test_a_server_that_serves_is_well(root: Path) -> None:
    answer = ask(root, "/health")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_wrong_is_a_503_that_says_so(root: Path) -> None:
    answer = health(root, {"storing": ("the disk is full",)})
    assert answer.status == 503
    assert json.loads(answer.body) == {"status": "failing", "problems": {"storing": ["the disk is full"]}}


def test_through_a_proxy_only_what_is_concerned_is_said(root: Path) -> None:
    async def use(client: Client) -> Answer:
        return await client.ask("/health", X_Forwarded_For="203.0.113.1")

    answer = with_site(root, use, health=lambda: {"storing": ("/secret/path is full",)})
    assert (answer.status, json.loads(answer.body)["problems"]) == (503, ["storing"])


def test_a_health_that_cannot_be_asked_is_503_and_shows_no_traceback(root: Path) -> None:
    answer = health(root, OSError("/secret/path"))
    assert answer.status == 503
    assert b"secret" not in answer.body
