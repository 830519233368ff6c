import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.web.served import Answer, Client, ask, with_site


def health(root: Path, state: Mapping[str, object] | Exception) -> Answer:
    def told() -> Mapping[str, object]:
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


def test_what_the_house_knows_is_told(root: Path) -> None:
    answer = health(root, {"sources": 3, "polled": datetime(2026, 1, 1, tzinfo=UTC)})
    assert json.loads(answer.body) == {"status": "ok", "sources": 3, "polled": "2026-01-01 00:00:00+00:00"}


def test_another_status_is_503(root: Path) -> None:
    answer = health(root, {"status": "behind"})
    assert (answer.status, json.loads(answer.body)["status"]) == (503, "behind")


def test_a_health_that_cannot_be_asked_is_503_and_shows_no_traceback(root: Path) -> None:
    answer = health(root, OSError("/secret/path"))
    assert answer.status == 503
    assert b"secret" not in answer.body
