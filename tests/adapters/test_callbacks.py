import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters.callbacks import LIMITS, MOST_READ, HttpCallbacks, open_callbacks
from aggregator.model import Answered
from tests.adapters.forbidden_city import SPELLINGS
from tests.adapters.recorder import LOOPBACK, Recorder, for_ever, reply, then_hang_up

ROOT = Path(__file__).parents[2]
QUICK = replace(LIMITS, total=timedelta(seconds=0.3))


def with_callbacks(use: Callable[[HttpCallbacks], Awaitable[Answered]]) -> Answered:
    async def main() -> Answered:
        async with open_callbacks("tester", limits=QUICK) as callbacks:
            return await use(callbacks)

    return asyncio.run(main())


def answered(talk: object, method: str = "GET", path: str = "/cb") -> tuple[Answered, Recorder]:
    """What one request gets from a server that answers so, and what the server saw."""

    async def main() -> tuple[Answered, Recorder]:
        async with (
            Recorder({"*": talk}) as server,  # type: ignore[dict-item]
            open_callbacks("tester", limits=QUICK) as callbacks,
        ):
            if method == "GET":
                return await callbacks.get(server.url(path), LOOPBACK), server
            headers = {"Content-Type": "application/atom+xml"}
            return await callbacks.post(server.url(path), b"<feed/>", headers, LOOPBACK), server

    return asyncio.run(main())


def test_an_address_goes_out_exactly_as_it_is_written() -> None:
    path = "/a%2Fb/%7Ec?x=a+b&y=%20&&z"
    got, server = answered(reply(200, b"c0ffee"), path=path)
    (hit,) = server.hits
    assert (got.status, got.body, got.sentence, hit.path) == (200, b"c0ffee", "", path)
    assert (hit.header("User-Agent"), hit.header("Accept-Encoding")) == ("tester", "identity")


def test_a_body_is_handed_over_with_its_headers() -> None:
    got, server = answered(reply(204), "POST")
    (hit,) = server.hits
    assert (got.took_it, hit.method, hit.header("Content-Type")) == (True, "POST", "application/atom+xml")
    assert hit.header("Content-Length") == "7"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_redirect_is_followed(status: int, method: str) -> None:
    got, server = answered(reply(status, b"", ("Location", "/elsewhere")), method)
    assert (got.status, got.took_it, len(server.hits)) == (status, False, 1)


def test_an_answer_without_end_is_hardly_read() -> None:
    got, _ = answered(for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096))
    assert (got.status, got.body) == (200, b"x" * (MOST_READ + 1))


def test_an_answer_that_does_not_come_is_a_sentence() -> None:
    got, _ = answered(then_hang_up(b"", after=9))
    assert (got.status, got.is_undecided) == (0, True)
    assert "took too long" in got.sentence


def test_who_took_something_took_it_even_if_the_rest_of_the_answer_never_comes() -> None:
    talk = then_hang_up(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx")
    assert answered(talk, "POST")[0].took_it
    assert answered(talk, "GET")[0].status == 0


def test_a_dropped_connection_is_not_asked_twice() -> None:
    got, server = answered(then_hang_up(b""), "POST")
    assert (got.status, len(server.hits)) == (0, 1)


def test_how_long_to_wait_is_told() -> None:
    got, _ = answered(reply(503, b"", ("Retry-After", "120")), "POST")
    assert (got.wait, got.is_undecided) == (timedelta(minutes=2), True)
    assert answered(reply(503), "POST")[0].wait is None


def test_private_addresses_are_refused_unless_they_are_allowed_and_the_sentence_says_how() -> None:
    got = with_callbacks(lambda callbacks: callbacks.get("http://127.0.0.1:9/", ()))
    assert (got.status, "hub.allow-private" in got.sentence) == (0, True)


@pytest.mark.parametrize(
    "url", ["http://", "nonsense", "http://[::1/", "http://a.example:99999/", "ftp://a/"]
)
def test_what_is_no_address_is_a_sentence(url: str) -> None:
    got = with_callbacks(lambda callbacks: callbacks.get(url, ()))
    assert got.status == 0
    assert got.sentence


def test_no_spelling_of_a_forbidden_address_is_dialled() -> None:
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("unshare and ip are needed for a network of its own")
    may = subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    if may.returncode:
        pytest.skip("this user may not make a network namespace")
    command = ["unshare", "-n", sys.executable, "-m", "tests.adapters.forbidden_callbacks"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["hits"] == 0
    assert seen["tried"] == 2 * len(SPELLINGS)
    assert seen["public"] == 200
    assert seen["allowed"] == 200
