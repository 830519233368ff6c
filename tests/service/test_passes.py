"""Polls by hand, on servers that ask to be left alone."""

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import Derived
from aggregator.service.passes import PollReport, poll_once
from aggregator.service.settings import Settings, now
from aggregator.service.sources import sources_health
from tests.adapters.recorder import Hit, Recorder, chosen, reply

BODY = (
    b"<rss version='2.0'><channel><title>T</title><item><guid>a</guid><title>A</title></item></channel></rss>"
)
ETAG = ("ETag", '"1"')


def test_a_poll_by_hand_is_conditional_and_leaves_alone_who_asked_for_it_unless_forced(
    tmp_path: Path,
) -> None:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")

    def later(hit: Hit) -> bytes:
        troubled = {"/gone": reply(410), "/later": reply(503, b"", ("Retry-After", "7200"))}
        if hit.header("If-None-Match") is None:
            return reply(200, BODY, ETAG)
        return troubled.get(hit.path) or reply(304, b"", ETAG)

    async def asked(server: Recorder, *, force: bool = False) -> dict[str, str | None]:
        before = len(server.hits)
        watching: Any = lambda total, what: nullcontext(lambda event: None)  # noqa: E731
        await poll_once(settings, [], everything=True, force=force, watching=watching)
        return {hit.path: hit.header("If-None-Match") for hit in server.hits[before:]}

    async def main() -> None:
        async with Recorder({"*": chosen(later)}) as server:
            sources = "".join(f"  {id}: {server.url(f'/{id}')}\n" for id in ("fine", "gone", "later"))
            polling = "polling: {allow-private: [127.0.0.0/8], per-host: {pause: 0s}}\n"
            site = "site: {title: Wire, url: https://wire.example.org/}\n"
            settings.config.write_text(f"{site}{polling}sources:\n{sources}")
            assert await asked(server) == {"/fine": None, "/gone": None, "/later": None}
            assert await asked(server) == {"/fine": ETAG[1], "/gone": ETAG[1], "/later": ETAG[1]}
            assert await asked(server) == {"/fine": ETAG[1]}
            assert await asked(server, force=True) == {"/fine": ETAG[1], "/gone": ETAG[1], "/later": ETAG[1]}

    asyncio.run(main())


def test_a_report_counts_what_came_and_keeps_none_of_it(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
    watching: Any = lambda total, what: nullcontext(lambda event: None)  # noqa: E731

    async def main() -> PollReport:
        async with Recorder({"*": reply(200, BODY)}) as server:
            settings.config.write_text(
                "site: {title: Wire, url: https://wire.example.org/}\n"
                "polling: {allow-private: [127.0.0.0/8]}\n"
                f"sources: {{fine: {server.url('/fine')}}}\n"
            )
            return await poll_once(settings, [], everything=True, force=False, watching=watching)

    report = asyncio.run(main())
    (event,) = report.polled
    assert report.change().new == 1
    assert (event.poll.tagged, event.poll.derived) == ((), Derived())


def test_sources_at_a_host_that_said_429_are_waiting_and_have_not_failed(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
    watching: Any = lambda total, what: nullcontext(lambda event: None)  # noqa: E731

    async def main() -> list[PollReport]:
        busy = reply(429, b"", ("Retry-After", "7200"))
        async with Recorder({"*": busy}) as one, Recorder({"*": reply(404)}, address="127.0.0.2") as other:
            sources = "".join(f"  {id}: {one.url(f'/{id}')}\n" for id in ("a", "b", "c"))
            settings.config.write_text(
                "site: {title: Wire, url: https://wire.example.org/}\n"
                "polling: {allow-private: [127.0.0.0/8], per-host: {pause: 0s, at-once: 1}}\n"
                f"sources:\n{sources}  lost: {other.url('/lost')}\n"
            )
            passes = [
                await poll_once(settings, names, everything=False, force=False, watching=watching)
                for names in ([], ["a", "b"])
            ]
            assert len(one.hits) == 1
            return passes

    first, second = asyncio.run(main())
    assert sorted(first.waiting) == ["a", "b", "c"]
    assert [event.source.id for event in first.failed] == ["lost"]
    assert (second.polled, second.failed, second.waiting) == ((), (), ("a", "b"))
    states = {one.source.id: one.health.state for one in sources_health(settings)}
    assert states == {"a": "waiting", "b": "waiting", "c": "waiting", "lost": "broken"}


def test_a_pass_without_network_counts_nothing_against_its_sources(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
    watching: Any = lambda total, what: nullcontext(lambda event: None)  # noqa: E731
    sources = "".join(f"  s{n}: http://127.0.0.{n}:9/feed\n" for n in range(1, 43))
    settings.config.write_text(
        "site: {title: Wire, url: https://wire.example.org/}\n"
        f"polling: {{allow-private: [127.0.0.0/8]}}\nsources:\n{sources}"
    )
    report = asyncio.run(
        poll_once(settings, ["s1", "s2", "s3"], everything=False, force=False, watching=watching)
    )
    assert (len(report.unreached), report.failed) == (3, ())
    report = asyncio.run(poll_once(settings, [], everything=True, force=False, watching=watching))
    assert (len(report.unreached), report.failed) == (42, ())
    assert {one.health.state for one in sources_health(settings)} == {"new"}
    assert report.next_due is not None
    assert report.next_due < now() + timedelta(minutes=2)
    assert len(caplog.records) == 2
