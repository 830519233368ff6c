import asyncio
import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters import http
from aggregator.model import Failure, Request, Response
from tests.adapters.forbidden_city import FORBIDDEN, SPELLINGS
from tests.adapters.recorder import LOOPBACK, Names, Recorder, reply

ROOT = Path(__file__).parents[2]


def polite(url: str, allowed: tuple[str, ...] = ()) -> Request:
    return Request(url, pause_per_host=timedelta(0), allow_private=allowed)


def test_no_spelling_no_redirect_and_no_rebinding_reaches_a_forbidden_address() -> None:
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("unshare and ip are needed for a network of its own")
    may = subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], capture_output=True, check=False)
    if may.returncode:
        pytest.skip("this user may not make a network namespace")
    command = ["unshare", "-n", sys.executable, "-m", "tests.adapters.forbidden_city"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["hits"] == 0
    for way in ("direct", "system", "redirected"):
        assert set(seen[way]) <= {"address", "network"}, dict(zip(SPELLINGS, seen[way], strict=False))
    assert seen["direct"].count("address") > len(SPELLINGS) * 0.9
    assert seen["half"] == 200  # the public one of a name's addresses is dialled
    assert seen["rebound"] == [200, "address"]
    assert seen["allowed"] == [200] * len(FORBIDDEN)  # the servers were there to be reached


def test_loopback_is_refused_unless_it_is_allowed_and_the_sentence_says_how() -> None:
    async def main() -> tuple[Response | Failure, Response | Failure, int]:
        async with Recorder({"*": reply()}) as server, http.open_fetch("x") as fetch:
            refused = await fetch(polite(server.url()))
            connections = server.connections
            return refused, await fetch(polite(server.url(), LOOPBACK)), connections

    refused, allowed, connections = asyncio.run(main())
    assert isinstance(refused, Failure)
    assert (refused.kind, refused.requests, connections) == ("address", 0, 0)
    assert "polling.allow-private" in refused.sentence
    assert isinstance(allowed, Response)


def test_an_open_connection_of_one_source_is_not_lent_to_one_that_may_not_dial_there() -> None:
    async def main() -> tuple[Response | Failure, int]:
        names = Names({"a.test": [["127.0.0.1"]]})
        async with Recorder({"*": reply()}) as server, http.open_fetch("x", resolver=names) as fetch:
            await fetch(polite(server.url("/", "a.test"), LOOPBACK))
            return await fetch(polite(server.url("/", "a.test"))), len(server.hits)

    refused, hits = asyncio.run(main())
    assert isinstance(refused, Failure)
    assert (refused.kind, hits) == ("address", 1)
    assert "a.test (127.0.0.1)" in refused.sentence


def test_a_name_with_several_forbidden_addresses_is_one_sentence() -> None:
    async def main() -> Response | Failure:
        names = Names({"a.test": [["127.0.0.1", "127.0.0.2", "::1"]]})
        async with http.open_fetch("x", resolver=names) as fetch:
            return await fetch(polite("http://a.test:9/"))

    result = asyncio.run(main())
    assert isinstance(result, Failure)
    assert (result.kind, result.requests) == ("address", 0)
