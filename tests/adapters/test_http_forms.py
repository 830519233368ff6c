"""Forms that are posted, as politely as feeds are read."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from aggregator.adapters.http import open_fetch
from aggregator.model import Failure, Request, Response
from tests.adapters.recorder import LOOPBACK, Answer, Hit, Recorder, reply

FORM = (("hub.mode", "subscribe"), ("hub.topic", "http://a.example/feed?ä=1&b=%7e"), ("hub.secret", "s3cret"))


def post(answers: dict[str, Answer], path: str = "/hub") -> tuple[Response | Failure, list[Hit]]:
    async def main() -> tuple[Response | Failure, list[Hit]]:
        async with Recorder(answers) as recorder, open_fetch("aggregator/1 (+desk)") as fetch:
            request = Request(
                recorder.url(path), allow_private=LOOPBACK, pause_per_host=timedelta(), form=FORM
            )
            return await fetch(request), recorder.hits

    return asyncio.run(main())


def test_a_form_arrives_as_it_is() -> None:
    bodies: list[bytes] = []

    async def main() -> Response | Failure:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            bodies.extend((head, await reader.readexactly(length)))
            writer.write(reply(202))
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, open_fetch("aggregator/1 (+desk)") as fetch:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hub"
            return await fetch(Request(url, allow_private=LOOPBACK, form=FORM))

    answer = asyncio.run(main())
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (202, b"")
    assert bodies[0].startswith(b"POST /hub HTTP/1.1\r\n")
    assert b"content-type: application/x-www-form-urlencoded\r\n" in bodies[0].lower()
    assert b"user-agent: aggregator/1 (+desk)\r\n" in bodies[0].lower()
    assert tuple(parse_qsl(bodies[1].decode())) == FORM


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_success_will_do(status: int) -> None:
    answer, hits = post({"*": reply(status)})
    assert isinstance(answer, Response)
    assert len(hits) == 1


@pytest.mark.parametrize("status", [400, 404, 429, 503])
def test_a_refusal_says_so_and_keeps_what_is_asked(status: int) -> None:
    answer, _ = post({"*": reply(status, b"no", ("Retry-After", "60"), ("Connection", "close"))})
    assert isinstance(answer, Failure)
    assert answer.sentence.startswith(f"127.0.0.1 refused the request ({status} ")
    assert answer.header("retry-after") == "60"


def test_a_form_follows_307_and_308_and_nothing_else() -> None:
    for status in (307, 308):
        moved = reply(status, b"", ("Location", "/new"), ("Connection", "close"))
        answer, hits = post({"/hub": moved, "/new": reply(202)})
        assert isinstance(answer, Response)
        assert [(hit.method, hit.path) for hit in hits] == [("POST", "/hub"), ("POST", "/new")]
    for status in (301, 302, 303):
        moved = reply(status, b"", ("Location", "/new"), ("Connection", "close"))
        answer, hits = post({"/hub": moved, "/new": reply(202)})
        assert isinstance(answer, Failure)
        assert len(hits) == 1


def test_a_form_goes_to_no_private_address() -> None:
    async def main() -> Response | Failure:
        async with open_fetch("aggregator/1") as fetch:
            return await fetch(Request("http://127.0.0.1:9/hub", form=FORM))

    answer = asyncio.run(main())
    assert isinstance(answer, Failure)
    assert (answer.kind, answer.requests) == ("address", 0)
