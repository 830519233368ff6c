"""The addresses that hubs verify and push to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from aggregator import web
from aggregator.errors import AggregatorError
from aggregator.web.push import AT_ONCE
from tests.websub.subscriber.given import NOW

TOKEN = "t" * 43
Ask = Callable[..., Awaitable[tuple[int, str, Mapping[str, str]]]]


@dataclass
class Receiver:
    """Knows one token; remembers what it was given."""

    status: int = 202
    broken: bool = False
    taken: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    def is_known(self, token: str) -> bool:
        if self.broken:
            raise AggregatorError("the disk is full")
        return token == TOKEN

    def confirms(self, token: str, query: Mapping[str, str]) -> bool:
        return self.is_known(token) and query.get("hub.mode") == "subscribe"

    def take(self, token: str, fields: Mapping[str, str], body: bytes) -> int:
        self.taken.append((fields, body))
        return self.status


def with_site(folder: Path, receiver: Receiver, use: Callable[[Ask], Awaitable[None]]) -> None:
    async def main() -> None:
        application = web.app(folder, clock=lambda: NOW, receiver=receiver)
        async with (
            web.serve(application, "127.0.0.1", 0, drain=0.1) as port,
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        ):

            async def ask(method: str, path: str, **more: object) -> tuple[int, str, Mapping[str, str]]:
                async with session.request(method, path, **more) as answer:  # type: ignore[arg-type]
                    return answer.status, await answer.text(), answer.headers

            await use(ask)

    asyncio.run(main())


def verifying(challenge: str, mode: str = "subscribe") -> dict[str, dict[str, str]]:
    return {"params": {"hub.mode": mode, "hub.challenge": challenge, "hub.topic": "https://a.example/"}}


def test_a_challenge_is_echoed_as_plain_text_that_no_browser_runs(tmp_path: Path) -> None:
    async def use(ask: Ask) -> None:
        challenge = "<script>alert(1)</script>"
        status, text, headers = await ask("GET", f"/push/{TOKEN}", **verifying(challenge))
        assert (status, text) == (200, challenge)
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "sandbox"
        assert headers["Cache-Control"] == "no-store"

    with_site(tmp_path, Receiver(), use)


@pytest.mark.parametrize(
    ("token", "challenge", "mode"),
    [
        (TOKEN, "x", "unsubscribe"),
        ("u" * 43, "x", "subscribe"),
        (TOKEN, "x" * 4_001, "subscribe"),
        (TOKEN, "a\r\nb", "subscribe"),
        ("short", "x", "subscribe"),
        (f"{TOKEN}/x", "x", "subscribe"),
    ],
)
def test_anything_else_is_not_found_and_not_echoed(
    token: str, challenge: str, mode: str, tmp_path: Path
) -> None:
    async def use(ask: Ask) -> None:
        status, text, _ = await ask("GET", f"/push/{token}", **verifying(challenge, mode))
        assert status == 404
        assert text.startswith("<!doctype html>")

    with_site(tmp_path, Receiver(), use)


def test_a_push_is_handed_on_as_it_was_sent_and_answered_without_a_word(tmp_path: Path) -> None:
    receiver = Receiver()

    async def use(ask: Ask) -> None:
        headers = {"Content-Encoding": "gzip", "X-Hub-Signature": "sha256=0"}
        status, text, _ = await ask("POST", f"/push/{TOKEN}", data=b"\x1f\x8bpacked", headers=headers)
        assert (status, text) == (202, "")

    with_site(tmp_path, receiver, use)
    ((fields, body),) = receiver.taken
    assert body == b"\x1f\x8bpacked"
    assert (fields["x-hub-signature"], fields["content-encoding"]) == ("sha256=0", "gzip")


def test_who_pushes_to_nobody_is_told_that_it_is_over(tmp_path: Path) -> None:
    receiver = Receiver()

    async def use(ask: Ask) -> None:
        assert (await ask("POST", f"/push/{'u' * 43}", data=b"x" * 1_000_000))[0] == 410
        assert (await ask("PUT", f"/push/{TOKEN}"))[0] == 405
        assert (await ask("OPTIONS", f"/push/{TOKEN}"))[0] == 204
        assert (await ask("POST", "/push/"))[0] in (404, 405)

    with_site(tmp_path, receiver, use)
    assert receiver.taken == []


def test_what_cannot_be_stored_is_to_be_pushed_again(tmp_path: Path) -> None:
    async def use(ask: Ask) -> None:
        for method in ("GET", "POST"):
            status, _, headers = await ask(method, f"/push/{TOKEN}")
            assert (status, headers["Retry-After"]) == (503, "60")

    with_site(tmp_path, Receiver(broken=True), use)


def test_a_push_that_drips_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.push.PATIENCE", 0.05)

    async def use(ask: Ask) -> None:
        async def dripping() -> AsyncIterator[bytes]:
            for _ in range(100):
                yield b"x"
                await asyncio.sleep(0.01)

        assert (await ask("POST", f"/push/{TOKEN}", data=dripping()))[0] == 408

    with_site(tmp_path, Receiver(), use)


def test_only_so_many_pushes_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.push.MOST_WAITING", -AT_ONCE)
    receiver = Receiver()

    async def use(ask: Ask) -> None:
        status, _, headers = await ask("POST", f"/push/{TOKEN}", data=b"y")
        assert (status, headers["Retry-After"]) == (503, "60")

    with_site(tmp_path, receiver, use)
    assert receiver.taken == []
