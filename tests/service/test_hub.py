"""From a poll to subscribers' callbacks and another hub, in memory: no network, and time passes when told."""

import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest

from aggregator.adapters.process_lock import Turn
from aggregator.errors import AggregatorError
from aggregator.model import Announced, Config, Feed, Hub, Published, Rulings, Subscribing, Withdrawal
from aggregator.pipeline.announcements import Announcing
from aggregator.service.hub import PER_HOST, ROOM
from aggregator.websub.hub import BOUNDS, Bounds
from tests import judges
from tests.pipeline.test_journey import CONFIG, rss
from tests.service.wire import A_MINUTE, FEED, OWN, READER, SITE, Post, Wire


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    """A site that has read its outlets once."""
    made = Wire(tmp_path)
    made.cycle()
    return made


def test_a_subscriber_is_sent_what_is_new_alone_in_the_format_of_its_topic(wire: Wire) -> None:
    for ending in ("atom", "rss", "json"):
        wire.ask(f"peace.{ending}", f"https://{ending}.example/")
    assert wire.deliver() == []
    posts = {urlsplit(one.url).hostname: one for one in wire.publish("Peace talks resume", "Ceasefires hold")}
    assert len(posts) == 3
    atom, rss_, json_ = (posts[f"{ending}.example"] for ending in ("atom", "rss", "json"))
    assert judges.atom_faults(atom.body) + judges.rss_faults(rss_.body) + judges.json_faults(json_.body) == []
    assert atom.titles == rss_.titles == ["Ceasefires hold"]
    assert [item["title"] for item in json.loads(json_.body)["items"]] == ["Ceasefires hold"]
    assert [one.headers["Content-Type"] for one in (atom, rss_, json_)] == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ]
    assert atom.headers["Link"] == f'<{SITE}hub>; rel="hub", <{SITE}peace.atom>; rel="self"'
    assert "X-Hub-Signature" not in atom.headers


def test_a_correction_is_sent_and_what_stays_is_not(wire: Wire) -> None:
    wire.ask()
    assert wire.publish("Peace talks resume") == []
    wire.world.bodies[FEED] = wire.world.bodies[FEED].replace(b"What was said", b"What was really said")
    wire.world.now += A_MINUTE
    wire.cycle(("daily",))
    (post,) = wire.deliver()
    assert post.titles == ["Peace talks resume"]
    assert wire.deliver(A_MINUTE) == []


def test_the_other_topics_of_a_poll_are_not_mixed_in(wire: Wire) -> None:
    wire.ask("korea.atom")
    assert wire.publish("Peace talks resume", "Ceasefires hold", "A cake recipe") == []
    (post,) = wire.publish("North Korea votes")
    assert post.titles == ["North Korea votes"]


def test_the_callback_is_asked_with_a_challenge_and_keeps_its_query(wire: Wire) -> None:
    wire.ask()
    (asked,) = wire.servers.asked
    assert asked.pop("hub.challenge") not in ("", None)
    assert asked == {
        "id": "7",
        "hub.mode": "subscribe",
        "hub.topic": f"{SITE}peace.atom",
        "hub.lease_seconds": "864000",
    }
    wire.ask(callback="https://other.example/")
    challenges = [one["hub.challenge"] for one in wire.servers.asked if "hub.challenge" in one]
    assert len(challenges[0]) >= 32


@pytest.mark.parametrize(("method", "callback"), [("sha256", READER), ("sha1", "https://old.example/cb")])
def test_what_is_sent_under_a_secret_is_signed(wire: Wire, method: str, callback: str) -> None:
    wire.ask(callback=callback, secret="s3cret")
    (post,) = wire.publish("Ceasefires hold")
    expected = hmac.new(b"s3cret", post.body, getattr(hashlib, method)).hexdigest()
    assert post.headers["X-Hub-Signature"] == f"{method}={expected}"


@pytest.mark.parametrize("answer", ["", "yes", "c0ffee"])
def test_who_does_not_give_the_challenge_back_gets_nothing(wire: Wire, answer: str) -> None:
    wire.servers.confirm = lambda challenge: answer
    wire.ask()
    assert wire.publish("Ceasefires hold") == []
    assert wire.hub.calls(wire.world.now + timedelta(days=1), 9) == ()


def test_a_404_is_a_no_and_an_error_is_asked_again(wire: Wire) -> None:
    wire.servers.statuses = {"reader.example": 404}
    wire.ask()
    assert wire.hub.waiting == {}
    wire.servers.statuses = {"reader.example": 500}
    wire.ask()
    wire.servers.statuses = {}
    wire.deliver(A_MINUTE)
    assert wire.hub.subscriptions() == 1


def test_a_callback_that_never_answers_is_asked_twice(wire: Wire) -> None:
    wire.servers.statuses = {"reader.example": 503}
    wire.ask()
    for _ in range(9):
        wire.deliver(timedelta(hours=2))
    assert (len(wire.servers.asked), wire.hub.waiting) == (2, {})


def test_who_unsubscribed_and_confirmed_it_gets_nothing_more(wire: Wire) -> None:
    wire.ask()
    wire.servers.confirm = lambda challenge: "no"
    wire.ask(mode="unsubscribe")
    assert len(wire.publish("Ceasefires hold")) == 1
    wire.servers.confirm = lambda challenge: challenge
    wire.ask(mode="unsubscribe")
    assert wire.servers.asked[-1]["hub.mode"] == "unsubscribe"
    assert wire.publish("Peace talks fail") == []


def test_what_failed_is_sent_again_in_order_until_it_is_taken(wire: Wire) -> None:
    wire.ask()
    wire.servers.statuses = {"reader.example": 500}
    assert len(wire.publish("Ceasefires hold")) == 1
    assert wire.publish("Peace talks fail")[0].titles == ["Ceasefires hold"]
    wire.servers.statuses = {}
    assert [one.titles for one in wire.deliver(A_MINUTE)] == [["Ceasefires hold"], ["Peace talks fail"]]
    assert wire.deliver(timedelta(days=1)) == []


def test_waits_grow_and_retry_after_is_obeyed(wire: Wire) -> None:
    wire.ask()
    wire.servers.statuses = {"reader.example": 503}
    wire.publish("Ceasefires hold")
    assert wire.deliver(timedelta(seconds=5)) == []
    assert len(wire.deliver(timedelta(seconds=2))) == 1
    assert wire.deliver(timedelta(seconds=7)) == []
    wire.servers.wait = timedelta(hours=3)
    assert len(wire.deliver(timedelta(seconds=9))) == 1
    assert wire.deliver(timedelta(hours=2)) == []
    assert len(wire.deliver(timedelta(hours=2))) == 1


def test_a_410_ends_a_subscription(wire: Wire) -> None:
    wire.ask()
    wire.servers.statuses = {"reader.example": 410}
    assert len(wire.publish("Ceasefires hold")) == 1
    assert (wire.hub.subscriptions(), wire.hub.waiting) == (0, {})


def test_days_of_failures_end_it_too_and_the_callback_is_told(wire: Wire) -> None:
    wire.ask()
    wire.servers.statuses = {"reader.example": 500}
    wire.publish("Ceasefires hold")
    for _ in range(73):
        wire.deliver(timedelta(hours=1))
    assert wire.hub.subscriptions() == 0
    denied = wire.servers.asked[-1]
    assert (denied["hub.mode"], denied["hub.topic"]) == ("denied", f"{SITE}peace.atom")
    assert "days" in denied["hub.reason"]


def test_subscriptions_to_a_topic_that_is_gone_are_denied(wire: Wire) -> None:
    wire.ask()
    wire.ask("all.rss")
    wire.edit(replace(OWN, topics=()))
    wire.deliver()
    denied = wire.servers.asked[-1]
    assert (denied["hub.mode"], denied["hub.topic"]) == ("denied", f"{SITE}peace.atom")
    assert wire.hub.subscriptions() == 1


def test_subscriptions_to_a_renamed_topic_go_with_it(wire: Wire) -> None:
    wire.ask()
    peace, korea = OWN.topics
    wire.edit(replace(OWN, topics=(replace(peace, id="talks", was=("peace",)), korea)))
    wire.cycle()
    (post,) = wire.publish("Ceasefires hold")
    assert post.headers["Link"] == f'<{SITE}hub>; rel="hub", <{SITE}talks.atom>; rel="self"'
    assert (len(wire.servers.asked), wire.hub.waiting) == (1, {})


def test_subscriptions_go_back_where_a_renaming_is_taken_back(wire: Wire) -> None:
    wire.ask()
    peace, korea = OWN.topics
    renamed = replace(OWN, topics=(replace(peace, id="talks", was=("peace",)), korea))
    for config in (renamed, OWN):
        wire.take(config)
    (post,) = wire.publish("Ceasefires hold")
    assert post.headers["Link"] == f'<{SITE}hub>; rel="hub", <{SITE}peace.atom>; rel="self"'
    assert wire.hub.subscriptions() == 1


def test_subscriptions_to_a_renamed_source_go_with_it(wire: Wire) -> None:
    wire.ask("sources/daily.atom")
    daily, *others = OWN.sources
    wire.take(replace(OWN, sources=(replace(daily, id="the-daily", was=("daily",)), *others)))
    (post,) = wire.publish("Ceasefires hold", source="the-daily")
    assert post.headers["Link"] == f'<{SITE}hub>; rel="hub", <{SITE}sources/the-daily.atom>; rel="self"'


def test_subscriptions_to_what_an_edit_took_out_end_a_day_later(wire: Wire) -> None:
    wire.ask()
    without = replace(OWN, topics=OWN.topics[1:])
    wire.take(without)
    assert wire.hub.subscriptions() == 1
    wire.world.now += timedelta(hours=25)
    wire.take(without)
    wire.deliver()
    assert wire.servers.asked[-1]["hub.mode"] == "denied"
    assert wire.hub.subscriptions() == 0


def test_a_lease_that_has_run_out_ends(wire: Wire) -> None:
    wire.ask()
    wire.world.now += timedelta(days=10)
    wire.edit(OWN)
    assert wire.hub.subscriptions() == 0


def test_a_host_is_sent_so_much_at_once(wire: Wire) -> None:
    for number in range(3 * PER_HOST):
        wire.ask(callback=f"https://reader.example/{number}")
    assert len(wire.publish("Ceasefires hold")) == 3 * PER_HOST
    assert wire.servers.most == PER_HOST


def test_servers_that_never_answer_keep_no_news_waiting(wire: Wire) -> None:
    wire.ask()
    for number in range(sum(ROOM.values()) + 1):
        wish = Subscribing("subscribe", "peace.atom", SITE, f"https://slow{number}.example/", A_MINUTE)
        assert wire.hub.ask(wish, wire.world.now, BOUNDS) is None
    (post,) = wire.publish("Ceasefires hold")
    assert post.url == READER


def test_callbacks_that_never_answer_keep_nobody_from_being_verified(wire: Wire) -> None:
    def wish(host: str, asker: str) -> Subscribing:
        return Subscribing(
            "subscribe", "peace.atom", SITE, f"https://{host}.example/", A_MINUTE * 99, asker=asker
        )

    for number in range(450):
        wire.hub.ask(wish(f"slow{number}", "192.0.2.66"), wire.world.now, Bounds(pending_per_asker=450))
    wire.hub.ask(wish("reader", "192.0.2.1"), wire.world.now, BOUNDS)
    asyncio.run(wire.distribution.finish(timedelta(seconds=0.2)))
    assert wire.hub.subscriptions() == 1


def test_a_publication_that_is_broken_off_is_announced_once_all_the_same(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.ask()

    def fail(of: object, *_: object, **__: object) -> None:
        if of:
            raise AggregatorError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(wire.store, "published", fail)
        with pytest.raises(AggregatorError):
            wire.publish("Ceasefires hold")
    wire.cycle(())
    assert [one.titles for one in wire.deliver()] == [["Ceasefires hold"]]
    with monkeypatch.context() as broken:
        broken.setattr(wire.hub, "announce", fail)
        with pytest.raises(AggregatorError):
            wire.publish("Peace talks fail")
    wire.cycle(())
    assert [one.titles for one in wire.deliver()] == [["Peace talks fail"]]


def test_without_a_hub_nothing_is_stored_or_sent(tmp_path: Path) -> None:
    wire = Wire(tmp_path, CONFIG)
    wire.cycle()
    wire.hub.ask(Subscribing("subscribe", "peace.atom", SITE, READER, A_MINUTE), wire.world.now, BOUNDS)
    assert wire.publish("Ceasefires hold") == []
    assert (wire.servers.asked, wire.hub.known) == ([], {})


def test_another_hub_is_told_of_the_topics_with_news_wherever_it_is(tmp_path: Path) -> None:
    wire = Wire(tmp_path, replace(CONFIG, hub=Hub("http://10.0.0.1/push?x=1")))
    wire.cycle()
    assert wire.deliver() == []
    posts = wire.publish("Ceasefires hold")
    told = {parse_qs(one.body.decode())["hub.url"][0]: one for one in posts}
    names = ("all", "peace", "sources/daily")
    assert set(told) == {f"{SITE}{name}.{ending}" for name in names for ending in ("atom", "rss", "json")}
    one = told[f"{SITE}peace.atom"]
    assert (one.url, parse_qs(one.body.decode())["hub.mode"]) == ("http://10.0.0.1/push?x=1", ["publish"])
    assert one.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert wire.publish("Ceasefires hold") == []
    wire.servers.statuses = {"10.0.0.1": 500}
    wire.publish("A cake recipe")
    wire.servers.statuses = {}
    assert len(wire.deliver(A_MINUTE)) == 6


def test_two_processes_do_not_deliver_at_the_same_time(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from aggregator.adapters.process_lock import Turn;"
        "print(Turn(pathlib.Path(sys.argv[1])).take())"
    )

    def elsewhere() -> str:
        command = [sys.executable, "-c", code, str(tmp_path / "turn")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    turn = Turn(tmp_path / "turn")
    assert turn.take()
    assert turn.take()
    assert elsewhere() == "False"
    turn.give_back()
    assert elsewhere() == "True"


def test_a_lock_whose_file_was_taken_away_is_worth_nothing(tmp_path: Path) -> None:
    one, other = Turn(tmp_path / "turn"), Turn(tmp_path / "other")
    assert one.take()
    (tmp_path / "turn").unlink()
    assert other.take()
    (tmp_path / "other").rename(tmp_path / "turn")
    code = (
        "import sys, pathlib; from aggregator.adapters.process_lock import Turn;"
        "t = Turn(pathlib.Path(sys.argv[1])); p = pathlib.Path(sys.argv[1]); print(t.take());"
        "p.unlink(); print(t.take())"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "turn")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [
        "False",
        "True",
    ]


def test_two_processes_that_publish_the_same_announce_it_once(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.ask()
    mine, other = wire.pipeline.context.announcing, Announcing(wire.hub, lambda: wire.world.now)
    assert mine is not None
    known, announce = wire.hub.announced, mine.feed

    def beside_another(feed: Feed, config: Config) -> None:
        def late(name: str) -> Announced | None:
            found = known(name)
            if name:  # another process announces the same between our look and our write
                monkeypatch.setattr(wire.hub, "announced", known)
                other.feed(feed, config)
            return found

        monkeypatch.setattr(wire.hub, "announced", late)
        announce(feed, config)

    monkeypatch.setattr(mine, "feed", beside_another)
    assert [one.titles for one in wire.publish("Ceasefires hold")] == [["Ceasefires hold"]]
    assert [one.titles for one in wire.publish("Peace talks fail")] == [["Peace talks fail"]]


def test_news_are_looked_for_at_once_after_a_publication(wire: Wire) -> None:
    wire.ask()

    async def main() -> list[Post]:
        working = asyncio.create_task(wire.distribution.run())
        await asyncio.sleep(0.05)
        wire.world.now += A_MINUTE
        wire.world.bodies[FEED] = rss("Ceasefires hold")
        claims = wire.store.claim(wire.world.now, A_MINUTE, 9, ("daily",))
        await wire.pipeline.poller.poll(claims)
        await wire.pipeline.publisher.publish()
        wire.distribution.wake(Published("peace", ()))
        async with asyncio.timeout(0.5):
            while not wire.servers.posts:
                await asyncio.sleep(0.01)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return wire.servers.posts

    (post,) = asyncio.run(main())
    assert post.titles == ["Ceasefires hold"]


def test_what_the_desk_withdraws_is_sent_emptied(wire: Wire) -> None:
    wire.ask()
    (first,) = wire.publish("Ceasefires hold")
    id = feedparser.parse(first.body).entries[0].id
    withdrawal = Withdrawal("https://daily.example/Ceasefires-hold", "They do not.")
    wire.world.now += A_MINUTE
    wire.edit(replace(OWN, rulings=Rulings(withdrawn=(withdrawal,))))
    wire.cycle(())
    (second,) = wire.deliver()
    (gone,) = feedparser.parse(second.body).entries
    assert (gone.id, gone.title) == (id, "Withdrawn")
    assert "They do not." in gone.summary
    assert b"deleted-entry" in second.body
    assert wire.deliver(A_MINUTE) == []


@pytest.mark.parametrize(
    "body", [rss("Ceasefires hold"), rss("Ceasefires hold").replace(b"pubDate", b"undated")]
)
def test_what_a_source_had_before_it_was_first_read_is_not_announced(tmp_path: Path, body: bytes) -> None:
    wire = Wire(tmp_path)
    wire.world.bodies = {FEED: body}
    asyncio.run(wire.pipeline.publisher.catch_up())
    asyncio.run(wire.pipeline.publisher.publish())
    for topic in ("all.atom", "peace.atom", "sources/daily.atom"):
        wire.ask(topic)
    wire.cycle()
    assert wire.titles("peace.json") == ["Ceasefires hold"]
    assert wire.deliver() == []
    assert len(wire.publish("Peace talks fail")) == 3
