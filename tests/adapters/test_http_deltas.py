"""RFC 3229: asking for new entries alone, and what is taken for an answer."""

from dataclasses import replace

import pytest

from aggregator.model import Failure, Response, Validators
from aggregator.model.seams import Fetch
from tests.adapters.recorder import Hit, Recorder, chosen, reply
from tests.adapters.test_http import asked, with_server

DELTA = reply(226, b"<rss/>", ("ETag", '"b"'), ("IM", "feed"))


def polled(answer: bytes, etag: str | None = '"a"', delta: bool = True) -> tuple[Response | Failure, Hit]:
    async def use(server: Recorder, fetch: Fetch) -> tuple[Response | Failure, Hit]:
        known = Validators(etag, "Friday", server.url("/feed"))
        return await fetch(replace(asked(server.url("/feed"), known), delta=delta)), server.hits[0]

    return with_server({"/feed": answer}, use)


def test_who_has_an_etag_asks_for_the_new_entries_alone_and_takes_them() -> None:
    result, hit = polled(DELTA)
    assert isinstance(result, Response)
    assert (result.status, result.body, result.header("etag")) == (226, b"<rss/>", '"b"')
    assert (hit.header("A-IM"), hit.header("If-None-Match")) == ("feed", '"a"')


@pytest.mark.parametrize(("etag", "delta"), [(None, True), ('"a"', False)])
def test_without_an_etag_or_with_another_reader_the_whole_feed_is_asked_for(
    etag: str | None, delta: bool
) -> None:
    result, hit = polled(DELTA, etag, delta)
    assert hit.header("A-IM") is None
    assert isinstance(result, Failure)
    assert "not asked for (226" in result.sentence


@pytest.mark.parametrize(
    "form", [(), (("IM", "vcdiff"),), (("IM", "feed, gzip"),), (("IM", "feed"), ("IM", "x"))]
)
def test_a_change_in_another_form_is_not_taken_for_a_feed(form: tuple[tuple[str, str], ...]) -> None:
    result, _ = polled(reply(226, b"<rss/>", ("ETag", '"b"'), *form))
    assert isinstance(result, Failure)


def test_a_server_that_knows_no_changes_answers_as_ever() -> None:
    result, _ = polled(reply(200, b"<rss/>", ("ETag", '"b"')))
    assert isinstance(result, Response)
    assert result.status == 200


def test_another_origin_is_not_asked_for_changes() -> None:
    def away(hit: Hit) -> bytes:
        port = (hit.header("Host") or "").rpartition(":")[2]
        return reply(302, b"", ("Location", f"http://b.test:{port}/other"))

    async def use(server: Recorder, fetch: Fetch) -> list[Hit]:
        url = server.url("/feed", "a.test")
        await fetch(replace(asked(url, Validators('"a"', None, url)), delta=True))
        return server.hits

    hits = with_server({"/feed": chosen(away), "/other": reply(200, b"<rss/>")}, use)
    assert [hit.header("A-IM") for hit in hits] == ["feed", None]
