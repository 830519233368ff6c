"""Hubs that push to us: how they are found, asked, verified, believed and left."""

import asyncio
import gzip
import hmac
import logging
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.compiled import compile_config
from aggregator.model import Failure, Refined, Request, Response, Source, Subscription
from aggregator.service.subscriber import Subscriber
from tests.service.hubs import Scene, inline, on_scene, rss

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def only(it: Scene) -> Subscription:
    (one,) = it.app.store.pushes.of("outlet")
    return one


def test_a_hub_that_the_feed_names_is_asked_with_a_capability_and_a_secret(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        (form,) = it.hub.forms
        site = it.app.pipeline.context.compiled.config.site.url
        assert re.fullmatch(re.escape(site) + r"push/[A-Za-z0-9_-]{43}", form.pop("hub.callback"))
        assert 40 <= len(form.pop("hub.secret")) < 200
        assert form == {"hub.mode": "subscribe", "hub.topic": it.outlet.url, "hub.lease_seconds": "864000"}
        (request,) = it.hub.asked
        assert request.headers["User-Agent"].startswith("aggregator/")
        assert request.content_type == "application/x-www-form-urlencoded"
        assert not {"Authorization", "Cookie", "Referer"} & set(request.headers)
        status, _, headers = it.hub.verified[0]
        assert (status, headers["X-Content-Type-Options"]) == (200, "nosniff")
        assert headers["Content-Type"].startswith("text/plain")
        assert only(it).until is not None

    on_scene(tmp_path, play)


def test_link_headers_count_before_the_feed_also_on_a_304(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        it.outlet.body = rss("first", hub="http://127.0.0.1:9/", topic="http://127.0.0.1:9/feed")
        it.outlet.headers = {"Link": f'<{it.hub.url}>; rel="hub", <http://topic.example/%7e>; rel="self"'}
        await it.poll()
        assert it.hub.forms[0]["hub.topic"] == "http://topic.example/%7e"
        it.outlet.status = 304
        it.outlet.headers = {"Link": f'<{it.hub.url}>; rel="hub", <http://topic.example/2>; rel="self"'}
        log = await it.poll()
        assert log.outcome == "not-modified"
        asked = [(form["hub.mode"], form["hub.topic"][-2:]) for form in it.hub.forms]
        assert asked == [("subscribe", "7e"), ("unsubscribe", "7e"), ("subscribe", "/2")]

    on_scene(tmp_path, play)


def test_what_is_pushed_is_taken_in_like_what_is_polled(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        before = it.app.store.memory("outlet")
        assert before is not None
        assert await it.hub.push(rss("second", at=it.clock())) == 202
        assert it.titles() == ["first"]  # it is answered first, and taken in by the poller
        await it.tick()
        assert it.titles() == ["first", "second"]
        line = it.app.store.polls("outlet", 1)[0]
        assert (line.outcome, line.new, line.requests, it.outlet.asked) == ("pushed", 1, 0, 1)
        after = it.app.store.memory("outlet")
        assert after is not None
        assert after.rate > before.rate
        assert replace(after, rate=before.rate, newest=before.newest) == before
        (item,) = (one.item for _, one in it.app.store.iter_items() if one.item.title == "second")
        assert item.head.title == "Outlet"
        assert it.app.store.pushes.notices(9) == ()
        again = await it.poll()
        assert (again.outcome, again.new) == ("unchanged", 0)

    on_scene(tmp_path, play)


def test_of_a_whole_feed_that_is_pushed_only_what_is_new_is_read(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        at = it.clock() - MINUTE
        it.outlet.body = rss("first", "second", hub=it.hub.url, topic=it.outlet.url, at=at)
        await it.poll()
        read: list[bytes] = []

        async def refine(source: Source, response: Response) -> Refined | Failure:
            read.append(response.body)
            return await inline(source, response)

        it.app.pipeline.poller.refine = refine
        whole = rss("third", "first", "second", hub=it.hub.url, topic=it.outlet.url, at=at)
        await it.hub.push(whole)
        await it.tick()
        assert it.titles() == ["first", "second", "third"]
        assert [body.count(b"<item>") for body in read] == [1]
        assert it.app.store.polls("outlet", 1)[0].size == len(whole)

    on_scene(tmp_path, play)


def test_a_burst_of_pushes_is_taken_in_at_once_and_in_order(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        for number in range(5):
            await it.hub.push(rss(f"item {number}"))
        await it.tick()
        brought = [tagged.item.title for _, tagged in it.app.store.iter_items()]
        assert brought == ["first", *(f"item {number}" for number in range(5))]

    on_scene(tmp_path, play)


def test_only_and_skip_hold_for_what_is_pushed(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        cfg = it.app.pipeline.context.compiled.config
        source = replace(cfg.sources[0], skip="title:podcast")
        it.app.pipeline.context.compiled = compile_config(replace(cfg, sources=(source,)))
        await it.poll()
        await it.hub.push(rss("a podcast", "an article"))
        await it.tick()
        assert it.titles() == ["an article", "first"]
        assert it.app.store.polls("outlet", 1)[0].refused == 1

    on_scene(tmp_path, play)


def test_every_method_from_sha_256_on_is_believed_and_a_body_may_be_packed(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        for method in ("sha256", "sha384", "sha512"):
            await it.hub.push(rss(method), method)
            await it.tick()
        await it.hub.push(gzip.compress(rss("packed")), headers={"Content-Encoding": "gzip"})
        await it.tick()
        await it.hub.push(rss("said to be packed"), headers={"Content-Encoding": "gzip"})
        await it.tick()
        assert it.titles() == ["first", "packed", "said to be packed", "sha256", "sha384", "sha512"]

    on_scene(tmp_path, play)


def test_what_is_signed_wrong_or_not_at_all_is_answered_and_ignored(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        planned = it.app.store.memory("outlet")
        assert await it.hub.push(rss("forged"), secret="guessed") == 202
        assert await it.hub.push(rss("forged"), method="") == 202
        assert await it.hub.push(rss("forged"), method="md5") == 202
        await it.tick()
        assert it.titles() == ["first"]
        assert it.app.store.memory("outlet") == planned
        assert "signature" in only(it).trouble

    on_scene(tmp_path, play)


@pytest.mark.parametrize("how", ["sha-1", "empty", "unreadable"])
def test_a_push_without_content_that_counts_hurries_the_next_poll(how: str, tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        known = it.app.store.memory("outlet")
        assert known is not None
        assert known.polled is not None
        assert known.next_poll is not None
        assert known.next_poll > known.polled + 2 * HOUR
        body = {"sha-1": rss("second"), "empty": b"", "unreadable": b"<html></html>"}[how]
        assert await it.hub.push(body, "sha1" if how == "sha-1" else "sha256") == 202
        await it.tick()
        hurried = it.app.store.memory("outlet")
        assert hurried is not None
        assert hurried.next_poll == known.polled + 30 * MINUTE
        assert it.titles() == ["first"]
        assert it.outlet.asked == 1
        it.outlet.body = rss("first", "second", hub=it.hub.url, topic=it.outlet.url)
        it.watch.ahead = 31 * MINUTE
        await it.poll()
        assert it.titles() == ["first", "second"]
        assert only(it).missed == 0 or how == "unreadable"

    on_scene(tmp_path, play)


def test_nothing_is_verified_that_was_not_asked_for(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        it.hub.verifies = False
        await it.poll()
        (form,) = it.hub.forms
        assert await it.hub.verify(form, hub_topic="http://else.example/") == 404
        assert await it.hub.verify(form, hub_mode="unsubscribe") == 404
        assert await it.hub.verify(form, hub_mode="") == 404
        assert await it.hub.verify(form, hub_challenge="x\0y") == 404
        unknown = {**form, "hub.callback": form["hub.callback"][:-1] + "!"}
        assert await it.hub.verify(unknown) == 404
        assert await it.hub.verify({**form, "hub.callback": form["hub.callback"][:-1]}) == 404
        assert only(it).until is None
        assert await it.hub.verify(form, hub_challenge="<script>alert(1)</script>") == 200
        assert only(it).until is not None
        assert await it.hub.verify(form) == 404  # once is enough

    on_scene(tmp_path, play)


def test_a_subscription_is_renewed_before_its_lease_ends(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        it.hub.lease = "1000"
        await it.poll()
        one = only(it)
        it.watch.ahead = timedelta(seconds=750)
        await it.tick()
        assert len(it.hub.forms) == 1
        it.watch.ahead = timedelta(seconds=905)
        await it.tick()
        first, second = it.hub.forms
        assert first == second
        assert only(it).callback == one.callback

    on_scene(tmp_path, play)


def test_a_hub_that_refuses_is_asked_later_and_the_next_one_at_once(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        hubs = (f'<{it.hub.url}?{name}>; rel="hub"' for name in ("first", "second"))
        it.outlet.headers = {"Link": ", ".join(hubs)}
        it.hub.answer, it.hub.headers = 503, {"Retry-After": "7200"}
        await it.poll()
        assert [request.query_string for request in it.hub.asked] == ["first", "second"]
        await it.tick()
        assert len(it.hub.asked) == 2
        waits = [(one.next - it.clock()) / HOUR for one in it.app.store.pushes.of("outlet")]
        assert all(1.9 < wait <= 2 for wait in waits)
        it.watch.ahead, it.hub.answer = 2.1 * HOUR, 202
        await it.tick()
        assert [request.query_string for request in it.hub.asked] == ["first", "second", "first"]
        await it.tick()
        assert only(it).hub.endswith("?first")

    on_scene(tmp_path, play)


def test_silence_is_a_refusal_and_what_comes_too_late_is_not_verified(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        it.hub.verifies = False
        await it.poll()
        it.watch.ahead = 61 * MINUTE
        await it.tick()
        assert (only(it).pending, only(it).failures, len(it.hub.forms)) == ("", 1, 1)
        assert await it.hub.verify(it.hub.forms[0]) == 404
        it.watch.ahead = 3 * HOUR
        await it.tick()
        assert len(it.hub.forms) == 2

    on_scene(tmp_path, play)


def test_polls_are_rare_while_it_works_and_usual_again_once_a_poll_is_ahead_of_the_hub(
    tmp_path: Path,
) -> None:
    async def play(it: Scene) -> None:
        def wait() -> timedelta:
            memory = it.app.store.memory("outlet")
            assert memory is not None
            assert memory.next_poll is not None
            return memory.next_poll - it.clock()

        def feed(*titles: str) -> bytes:
            return rss(*titles, hub=it.hub.url, topic=it.outlet.url, at=it.clock() - HOUR)

        await it.poll()
        it.watch.ahead = DAY
        await it.poll()
        assert wait() > 20 * HOUR
        memory = it.app.store.memory("outlet")
        assert memory is not None
        assert "hub" in memory.why
        it.watch.ahead, it.outlet.body = 2 * DAY, feed("first", "missed")
        await it.poll()
        assert wait() < 12 * HOUR
        assert only(it).missed == 1
        it.watch.ahead += 2 * HOUR
        await it.tick()
        assert [form["hub.mode"] for form in it.hub.forms] == ["subscribe"] * 2
        await it.poll()
        assert wait() < 12 * HOUR
        await it.hub.push(feed("pushed"))
        await it.tick()
        await it.poll()
        assert wait() > 12 * HOUR

    on_scene(tmp_path, play)


def test_it_ends_where_the_operator_wants_no_pushes_or_the_feed_names_no_hub(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        await it.take(push=False)
        assert [form["hub.mode"] for form in it.hub.forms] == ["subscribe", "unsubscribe"]
        assert "hub.secret" not in it.hub.forms[1]
        await it.tick()
        assert it.app.store.pushes.of("outlet") == ()
        assert await it.hub.push(rss("late")) == 410
        await it.take(push=True)
        assert it.hub.forms[2]["hub.callback"] != it.hub.forms[0]["hub.callback"]
        it.outlet.body = rss("first")
        await it.poll()
        assert it.hub.forms[3]["hub.mode"] == "unsubscribe"

    on_scene(tmp_path, play)


def test_no_hub_is_asked_where_none_can_reach_us(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        await it.tick()
        assert it.hub.forms == []
        assert it.app.store.pushes.of("outlet") == ()

    on_scene(tmp_path, play, push=False)


def test_hubs_at_private_addresses_are_not_asked(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        memory = it.app.store.memory("outlet")
        assert memory is not None
        await it.poll()
        assert it.hub.forms == []

    on_scene(tmp_path, play, allow_private=())


def test_a_denial_ends_it_and_only_polls_remain_until_it_is_tried_again(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        assert await it.hub.verify(it.hub.forms[0], hub_mode="denied", hub_reason="no room") == 200
        assert "no room" in only(it).trouble
        assert only(it).until is None
        await it.tick()
        assert len(it.hub.forms) == 1

    on_scene(tmp_path, play)


def test_a_hub_that_denied_us_is_believed_no_more(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        assert await it.hub.push(rss("first", "second")) == 202
        await it.hub.verify(it.hub.forms[0], hub_mode="denied")
        assert await it.hub.push(rss("first", "second", "third")) == 410
        await it.tick()
        assert it.titles() == ["first", "second"]

    on_scene(tmp_path, play)


def test_a_hub_that_never_verified_us_is_not_believed(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        it.hub.verifies = False
        await it.poll()
        assert await it.hub.push(rss("first", "second")) == 202
        await it.tick()
        assert it.titles() == ["first"]
        it.watch.ahead = 61 * MINUTE
        await it.tick()
        assert await it.hub.push(rss("first", "second")) == 410

    on_scene(tmp_path, play)


@pytest.mark.parametrize("spelt", ["/feed?tag=%c3%a9+a", "/feed?tag=%C3%A9%20a", "/feed%3Ftag%3D%C3%A9%20a"])
def test_a_hub_may_spell_the_topic_in_its_own_way(spelt: str, tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        site = "http://topic.example"
        it.outlet.headers = {"Link": f'<{it.hub.url}>; rel="hub", <{site}/feed?tag=%c3%a9%20a>; rel="self"'}
        it.hub.verifies = False
        await it.poll()
        (form,) = it.hub.forms
        assert await it.hub.verify(form, hub_topic=f"{site}/other?tag=%c3%a9%20a") == 404
        assert await it.hub.verify(form, hub_topic=site + spelt) == 200
        assert only(it).until is not None

    on_scene(tmp_path, play)


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.push.MOST", 100_000)
    monkeypatch.setattr("aggregator.service.push_receiver.MOST", 100_000)

    async def play(it: Scene) -> None:
        await it.poll()
        assert await it.hub.push(b"x" * 100_001) == 413
        bomb = gzip.compress(b" " * 10_000_000)
        assert await it.hub.push(bomb, headers={"Content-Encoding": "gzip"}) == 202
        ((notice),) = it.app.store.pushes.notices(9)
        assert notice.body == b""

    on_scene(tmp_path, play)


def test_pushes_that_nobody_takes_in_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.service.push_receiver.MOST_KEPT", 2_000)

    async def play(it: Scene) -> None:
        await it.poll()
        answers = [await it.hub.push(rss(str(number))) for number in range(5)]
        assert (answers[0], answers[-1]) == (202, 503)
        for _ in range(5):
            await it.tick()
        assert await it.hub.push(rss("again")) == 202

    on_scene(tmp_path, play)


def test_a_push_waits_for_a_poll_under_way_and_is_not_lost_by_a_stop(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        store = it.app.store
        claims = store.claim(it.clock(), HOUR, 1, ["outlet"])
        await it.hub.push(rss("second"))
        await it.tick()
        assert it.titles() == ["first"]
        await it.subscriber.stop()
        store.release(claims)
        await it.tick()
        assert it.titles() == ["first", "second"]

    on_scene(tmp_path, play)


def test_a_late_push_does_not_undo_what_a_poll_read_later(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        entry = "<entry><id>urn:x:1</id><title>{}</title><updated>2026-01-0{}T00:00:00Z</updated></entry>"
        start = '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>Outlet</title>'
        start += f'<link rel="hub" href="{it.hub.url}"/><link rel="self" href="{it.outlet.url}"/>'
        start += "<updated>2026-01-01T00:00:00Z</updated>"

        def atom(title: str, day: int) -> bytes:
            return f"{start}{entry.format(title, day)}</feed>".encode()

        it.outlet.body = atom("second version", 2)
        await it.poll()
        await it.hub.push(atom("first version", 1), headers={"Content-Type": "application/atom+xml"})
        await it.tick()
        assert it.titles() == ["second version"]
        await it.hub.push(atom("third version", 3), headers={"Content-Type": "application/atom+xml"})
        await it.tick()
        assert it.titles() == ["third version"]

    on_scene(tmp_path, play)


def test_secrets_and_callbacks_stand_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="aggregator")

    async def play(it: Scene) -> None:
        await it.poll()
        await it.hub.push(rss("second"))
        await it.tick()
        await it.hub.verify(it.hub.forms[0], hub_mode="denied")
        it.hub.answer = 500
        it.watch.ahead = 2 * HOUR
        await it.tick()
        form = it.hub.forms[0]
        assert "127.0.0.1 pushes what is new until" in caplog.text
        assert form["hub.secret"] not in caplog.text
        assert form["hub.callback"].rpartition("/")[2] not in caplog.text

    on_scene(tmp_path, play)


def test_hints_are_signed_too(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        secret = it.hub.forms[0]["hub.secret"]
        wrong = hmac.new(secret.encode(), b"other", "sha1").hexdigest()
        assert await it.hub.push(b"", method="", headers={"X-Hub-Signature": f"sha1={wrong}"}) == 202
        assert it.app.store.pushes.notices(9) == ()

    on_scene(tmp_path, play)


def test_a_source_that_is_taken_out_is_left_at_its_hub(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        await it.hub.push(rss("too late"))
        compiled = it.app.pipeline.context.compiled
        it.app.pipeline.context.compiled = replace(compiled, config=replace(compiled.config, sources=()))
        it.app.store.sync([], it.clock())
        await it.subscriber.look_over()
        await it.tick()
        assert it.app.store.pushes.of("outlet") == ()
        assert it.app.store.pushes.notices(9) == ()
        assert it.titles() == ["first"]
        assert await it.hub.push(rss("later")) == 410

    on_scene(tmp_path, play)


def test_a_start_goes_on_with_what_another_process_left(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        it.hub.verifies = False
        await it.poll()
        await it.subscriber.stop()
        (form,) = it.hub.forms
        assert await it.hub.verify(form) == 200
        await it.hub.push(rss("second"))
        again = Subscriber(it.app.pipeline, it.app.store.pushes)
        await again.look_over()
        await again.tick()
        await again.settled()
        assert it.titles() == ["first", "second"]
        assert len(it.hub.forms) == 1

    on_scene(tmp_path, play)


def test_a_feed_that_anybody_may_read_sends_us_to_no_private_address(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        asked: list[Request] = []

        async def fetch(request: Request) -> Failure:
            asked.append(request)
            return Failure("network", "It is not there.")

        it.app.pipeline.poller.fetch = fetch
        compiled = it.app.pipeline.context.compiled
        source = replace(compiled.config.sources[0], feed="https://outlet.example.org/feed")
        it.app.pipeline.context.compiled = replace(
            compiled, config=replace(compiled.config, sources=(source,))
        )
        it.watch.ahead = 9.5 * DAY
        await it.tick()
        assert [(one.url, one.allow_private) for one in asked] == [(it.hub.url, ())]

    on_scene(tmp_path, play)


def test_a_stop_gives_the_source_back_that_a_push_was_taken_in_for(tmp_path: Path) -> None:
    async def play(it: Scene) -> None:
        await it.poll()
        await it.hub.push(rss("second"))
        begun = asyncio.Event()

        async def hanging(source: Source, response: Response) -> Failure:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError

        it.app.pipeline.poller.refine = hanging
        await it.subscriber.tick()
        await begun.wait()
        await it.subscriber.stop()
        it.app.pipeline.poller.refine = inline
        await it.tick()
        assert it.titles() == ["first", "second"]

    on_scene(tmp_path, play)
