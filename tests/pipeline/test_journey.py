"""The whole journey in memory: no network, no disk, milliseconds."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from aggregator.compiled import compile_config
from aggregator.errors import AggregatorError
from aggregator.model import (
    Config,
    Document,
    Event,
    Failure,
    Polled,
    Polling,
    Refined,
    Request,
    Response,
    Site,
    Source,
    Topic,
    Validators,
)
from aggregator.parse.refinement import refine
from aggregator.pipeline import Context, Pipeline, polls
from tests.fakes.store import MemoryStore

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

CONFIG = Config(
    site=Site("Commons Wire", "https://wire.example.org/"),
    polling=Polling(),
    sources=(
        Source("daily", "https://daily.example/feed", title="The Daily"),
        Source("weekly", "https://weekly.example/feed.json", title="The Weekly", skip="title:podcast"),
    ),
    lists={},
    topics=(
        Topic("peace", "Peace", match='"peace talks"\nceasefire*'),
        Topic("korea", "Korea", match='"north korea*"'),
    ),
)

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily</title>
<link>https://daily.example/</link>{items}</channel></rss>"""


def rss(*titles: str, day: int = 1) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><guid>https://daily.example/{title.replace(' ', '-')}</guid>"
        f"<link>https://daily.example/{title.replace(' ', '-')}</link>"
        f"<pubDate>Sun, {day:02} Mar 2026 1{number}:00:00 GMT</pubDate>"
        f"<description>What was said about it on the day.</description></item>"
        for number, title in enumerate(titles)
    )
    return RSS.format(items=items).encode()


@dataclass
class World:
    """Partner servers, a clock and a folder, all in memory."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    refined: list[bytes] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    now: datetime = START

    async def fetch(self, request: Request) -> Response | Failure:
        self.asked.append(request)
        body = self.bodies.get(request.url)
        if body is None:
            return Failure("network", "the server could not be reached; it will be asked again", requests=1)
        etag = f'"{hash(body)}"'
        if request.validators.etag == etag:
            return Response(request.url, 304, (("etag", etag),), b"")
        return Response(request.url, 200, (("etag", etag),), body)

    async def refine(self, source: Source, response: Response) -> Refined | Failure:
        self.refined.append(response.body)
        return refine(source, response)

    def write(self, document: Document) -> bool:
        changed = self.files.get(document.path) != document.body
        self.files[document.path] = document.body
        return changed

    def remove(self, path: str) -> bool:
        return self.files.pop(path, None) is not None


class Journey:
    """The pipeline in its world."""

    def __init__(self, config: Config = CONFIG) -> None:
        self.world = World()
        self.store = MemoryStore()
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.pipeline = Pipeline.of(
            Context(
                compiled=compile_config(config),
                store=self.store,
                thread=self.thread,
                observe=self.world.events.append,
                clock=lambda: self.world.now,
                namespace="tag:wire.example.org,2026-03-01:test",
            ),
            fetch=self.world.fetch,
            refine=self.world.refine,
            write=self.world.write,
            remove=self.world.remove,
            exists=self.world.files.__contains__,
            chance=lambda: 0.5,
        )
        self.store.namespace(self.pipeline.context.namespace)
        self.store.sync(config.sources, self.world.now)

    def cycle(self, only: tuple[str, ...] | None = None) -> None:
        """Poll what is due (or `only`) and publish."""

        async def once() -> None:
            claims = self.store.claim(self.world.now, timedelta(minutes=10), 100, only)
            await self.pipeline.publisher.catch_up()
            await self.pipeline.poller.poll(claims)
            await self.pipeline.publisher.publish()

        asyncio.run(once())

    def publish_anew(self) -> None:
        """Publish everything, stale or not."""

        async def once() -> None:
            await self.pipeline.publisher.mark_all()
            await self.pipeline.publisher.publish()

        asyncio.run(once())

    def titles(self, path: str) -> list[str]:
        return [item["title"] for item in json.loads(self.world.files[path])["items"]]

    def last(self, source: str) -> Polled:
        return [e for e in self.world.events if isinstance(e, Polled) and e.source.id == source][-1]


def weekly(*titles: str) -> bytes:
    items = [
        {
            "id": f"https://weekly.example/{n}",
            "url": f"https://weekly.example/{n}",
            "title": title,
            "content_text": "Read it.",
        }
        for n, title in enumerate(titles)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Weekly", "items": items}
    return json.dumps(feed).encode()


@pytest.fixture
def journey() -> Journey:
    made = Journey()
    made.world.bodies = {
        "https://daily.example/feed": rss("Peace talks resume", "Ceasefires hold", "A cake recipe"),
        "https://weekly.example/feed.json": weekly("North Koreans vote", "Podcast: North Korea"),
    }
    return made


def test_items_of_two_outlets_reach_the_feeds_of_their_topics(journey: Journey) -> None:
    journey.cycle()
    assert sorted(journey.titles("peace.json")) == ["Ceasefires hold", "Peace talks resume"]
    assert journey.titles("korea.json") == ["North Koreans vote"]
    assert len(journey.titles("all.json")) == 4
    assert journey.titles("sources/weekly.json") == ["North Koreans vote"]


def test_what_a_source_skips_is_nowhere(journey: Journey) -> None:
    journey.cycle()
    assert not [path for path, body in journey.world.files.items() if b"Podcast" in body]


def test_a_source_may_take_in_only_what_is_recent(journey: Journey) -> None:
    daily = replace(CONFIG.sources[0], only="newer:1h")
    journey.pipeline.context.compiled = compile_config(replace(CONFIG, sources=(daily, CONFIG.sources[1])))
    journey.cycle(("daily",))
    assert journey.titles("sources/daily.json") == ["A cake recipe", "Ceasefires hold"]


def test_atom_rss_json_and_page_of_a_topic_agree(journey: Journey) -> None:
    journey.cycle()
    expected = journey.titles("peace.json")
    for path in ("peace.atom", "peace.rss"):
        assert [entry.title for entry in feedparser.parse(journey.world.files[path]).entries] == expected
    page = journey.world.files["peace.html"].decode()
    assert all(title in page for title in expected)


def test_a_second_look_at_unchanged_outlets_writes_nothing(journey: Journey) -> None:
    journey.cycle()
    before, journey.world.now = dict(journey.world.files), START + timedelta(days=2)
    journey.world.asked.clear()
    journey.cycle()
    assert len(journey.world.asked) == 2
    assert all(request.validators != Validators() for request in journey.world.asked)
    assert journey.world.files == before


def test_a_new_item_changes_only_the_feeds_it_is_in(journey: Journey) -> None:
    journey.cycle()
    before, journey.world.now = dict(journey.world.files), START + timedelta(days=2)
    journey.world.bodies["https://daily.example/feed"] = rss("Peace talks stall", day=3)
    journey.cycle()
    changed = {path for path, body in journey.world.files.items() if before.get(path) != body}
    stems = {path.rsplit(".", 1)[0] for path in changed}
    front = {"index", "sitemap"}
    assert {stem.removesuffix("/embed") for stem in stems} == {"all", "peace", "sources/daily", *front}
    assert journey.titles("peace.json")[0] == "Peace talks stall"


def test_a_correction_updates_the_entry_in_place(journey: Journey) -> None:
    journey.cycle()
    before = {item["id"]: item for item in json.loads(journey.world.files["peace.json"])["items"]}
    body = journey.world.bodies["https://daily.example/feed"]
    journey.world.bodies["https://daily.example/feed"] = body.replace(b"on the day", b"on the next day")
    journey.world.now = START + timedelta(days=2)
    journey.cycle()
    after = {item["id"]: item for item in json.loads(journey.world.files["peace.json"])["items"]}
    assert after.keys() == before.keys()
    for id, item in after.items():
        assert item["date_published"] == before[id]["date_published"]
        assert item["date_modified"] > before[id].get("date_modified", "")


def test_a_source_that_fails_keeps_its_items_and_hurts_no_other(journey: Journey) -> None:
    journey.cycle()
    del journey.world.bodies["https://daily.example/feed"]
    journey.world.now = START + timedelta(days=2)
    journey.cycle()
    failed = journey.last("daily")
    assert failed.poll.failure is not None
    assert failed.poll.memory.failures == 1
    assert failed.poll.memory.validators != Validators()
    assert len(journey.titles("peace.json")) == 2
    assert journey.last("weekly").poll.failure is None


def test_a_body_that_is_no_feed_is_a_failure_with_a_sentence(journey: Journey) -> None:
    journey.world.bodies["https://daily.example/feed"] = b"<!doctype html><title>Sorry</title><p>Moved."
    journey.cycle()
    failure = journey.last("daily").poll.failure
    assert failure is not None
    assert failure.kind == "format"
    assert failure.sentence


def test_a_feed_none_of_whose_entries_can_be_read_is_a_failure(journey: Journey) -> None:
    said_nothing = b"<rss version='2.0'><channel><title>D</title><item><guid>1</guid></item></channel></rss>"
    journey.world.bodies["https://daily.example/feed"] = said_nothing
    journey.cycle()
    failure = journey.last("daily").poll.failure
    assert failure is not None
    assert "say nothing" in failure.sentence


def test_one_new_entry_that_says_nothing_is_no_failure_of_its_source(journey: Journey) -> None:
    journey.cycle(("daily",))
    old = journey.world.bodies["https://daily.example/feed"]
    blank = b"<item><guid>blank</guid></item>"
    journey.world.bodies["https://daily.example/feed"] = old.replace(b"<item>", blank + b"<item>", 1)
    journey.cycle(("daily",))
    assert journey.last("daily").poll.failure is None


def test_an_edit_governs_new_items_and_leaves_history_alone(journey: Journey) -> None:
    journey.cycle()
    edited = Config(
        CONFIG.site,
        CONFIG.polling,
        CONFIG.sources,
        {},
        (Topic("peace", "Peace", match="cake"), Topic("food", "Food", match="recipe")),
    )
    journey.pipeline.context.compiled = compile_config(edited)
    journey.world.now = START + timedelta(days=2)
    journey.world.bodies["https://daily.example/feed"] = rss("Another cake", "Ceasefires broken", day=3)
    journey.cycle()
    assert sorted(journey.titles("peace.json")) == ["Another cake", "Ceasefires hold", "Peace talks resume"]
    assert journey.titles("food.json") == []
    last = journey.world.files["korea.json"]
    journey.world.now += timedelta(hours=23)
    journey.cycle()
    assert journey.world.files["korea.json"] == last
    journey.world.now += timedelta(hours=2)
    journey.cycle()
    assert not [path for path in journey.world.files if path.startswith("korea")]


def test_a_change_of_how_a_feed_is_printed_moves_no_date(journey: Journey) -> None:
    journey.cycle()
    before = json.loads(journey.world.files["peace.json"])
    updated = feedparser.parse(journey.world.files["peace.atom"]).feed.updated
    site = Site("Commons Wire", "https://elsewhere.example/")
    journey.pipeline.context.compiled = compile_config(
        Config(site, CONFIG.polling, CONFIG.sources, CONFIG.lists, CONFIG.topics)
    )
    journey.world.now = START + timedelta(days=2)
    journey.cycle()
    after = json.loads(journey.world.files["peace.json"])
    assert after["feed_url"] == "https://elsewhere.example/peace.json"
    assert [item["id"] for item in after["items"]] == [item["id"] for item in before["items"]]
    assert feedparser.parse(journey.world.files["peace.atom"]).feed.updated == updated


def test_the_same_article_with_the_same_id_at_two_outlets_is_one_entry(journey: Journey) -> None:
    shared = {
        "id": "https://daily.example/Peace-talks-resume",
        "url": "https://daily.example/Peace-talks-resume",
    }
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Weekly",
        "items": [shared | {"title": "Peace talks resume", "content_text": "What was said."}],
    }
    journey.cycle(("daily",))
    journey.world.bodies["https://weekly.example/feed.json"] = json.dumps(feed).encode()
    journey.cycle(("weekly",))
    assert journey.titles("all.json").count("Peace talks resume") == 1


def test_a_poll_fenced_off_by_a_later_claim_stores_nothing(journey: Journey) -> None:
    async def late() -> None:
        early = journey.store.claim(journey.world.now, timedelta(minutes=10), 10, ("daily",))
        journey.store.claim(journey.world.now, timedelta(minutes=10), 10, ("daily",))
        await journey.pipeline.poller.poll(early)

    asyncio.run(late())
    assert journey.last("daily").change is None
    assert journey.store.counts()["items"] == 0


def test_one_feed_that_cannot_be_written_does_not_stop_the_others(journey: Journey) -> None:
    def write(document: Document) -> bool:
        if document.path == "peace.atom":
            raise AggregatorError("the disk is full; make room and it will be written at the next tick")
        return journey.world.write(document)

    journey.pipeline.publisher.write = write
    journey.cycle()
    assert "korea.atom" in journey.world.files
    assert [stale.feed for stale in journey.store.stale(journey.world.now)] == ["peace"]


def test_of_a_changed_document_only_what_is_new_is_parsed(journey: Journey) -> None:
    journey.cycle(("daily",))
    old = journey.world.bodies["https://daily.example/feed"]
    new = rss("War is over", day=3).partition(b"<item>")[2].partition(b"</channel>")[0]
    journey.world.bodies["https://daily.example/feed"] = old.replace(
        b"<item>", b"<item>" + new + b"<item>", 1
    )
    journey.world.refined.clear()
    journey.cycle(("daily",))
    (parsed,) = journey.world.refined
    assert parsed.count(b"<item>") == 1
    change = journey.last("daily").change
    assert change is not None
    assert (change.new, change.corrected) == (1, 0)
    assert len(journey.titles("all.json")) == 4


def test_a_document_that_only_says_when_it_was_built_is_not_parsed_again(journey: Journey) -> None:
    def built(when: str) -> bytes:
        return rss("Peace talks resume").replace(b"<item>", f"<pubDate>{when}</pubDate><item>".encode(), 1)

    journey.world.bodies["https://daily.example/feed"] = built("Sun, 01 Mar 2026 10:00:00 GMT")
    journey.cycle(("daily",))
    journey.world.refined.clear()
    journey.world.bodies["https://daily.example/feed"] = built("Mon, 02 Mar 2026 10:00:00 GMT")
    journey.cycle(("daily",))
    assert journey.world.refined == []
    assert journey.last("daily").poll.outcome == "unchanged"
    assert journey.last("daily").poll.memory.window == 1


def test_a_document_that_is_not_well_formed_is_read_whole_where_anything_is_new(journey: Journey) -> None:
    address, broken = "https://daily.example/feed", rss("Peace talks resume") + b"</b>"
    journey.world.bodies[address] = broken
    journey.cycle(("daily",))
    journey.world.bodies[address] = broken.replace(b"</b>", b"</b><!-- built anew -->")
    journey.cycle(("daily",))
    assert journey.world.refined.pop() == broken
    journey.world.bodies[address] = rss("War is over", "Peace talks resume") + b"</b>"
    journey.cycle(("daily",))
    assert journey.world.refined.pop() == journey.world.bodies[address]


def test_of_a_document_that_did_not_arrive_whole_nothing_is_doubled_or_lost(journey: Journey) -> None:
    whole = rss("Peace talks resume", "Ceasefires hold", "A cake recipe")
    for torn in (whole[: whole.rindex(b"<guid>") + 12], whole[: whole.rindex(b"</item>")], whole):
        journey.world.bodies["https://daily.example/feed"] = torn
        journey.cycle(("daily",))
        assert journey.last("daily").poll.failure is None
    assert all(not request.validators for request in journey.world.asked[:3])
    assert sorted(journey.titles("all.json")) == ["A cake recipe", "Ceasefires hold", "Peace talks resume"]


def test_the_log_of_polls_does_not_grow_for_ever(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, lines in (("LOGGED", 3), ("LOGGED_PER_SOURCE", 2), ("PIECE", 1)):
        monkeypatch.setattr(polls, name, lines)
    for day in range(4):
        journey.world.now = START + timedelta(days=day)
        journey.cycle(("daily", "weekly"))
    asyncio.run(journey.pipeline.poller.forget_polls())
    kept = [line.at for source in ("daily", "weekly") for line in journey.store.polls(source, 9)]
    assert sorted(kept) == [START + timedelta(days=day) for day in (2, 2, 3, 3)]


def test_a_pass_asks_no_more_at_once_than_it_has_room_for(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polls, "AT_ONCE", 2)
    sources = tuple(Source(f"s{number}", f"https://s{number}.example/feed") for number in range(5))
    journey.pipeline.context.compiled = compile_config(replace(CONFIG, sources=sources))
    journey.store.sync(sources, START)
    under_way, most = 0, 0

    async def fetch(request: Request) -> Response | Failure:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return await journey.world.fetch(request)

    journey.pipeline.poller.fetch = fetch
    journey.cycle()
    assert (len(journey.world.asked), most) == (5, 2)


@pytest.mark.parametrize("kept", [b"</item>", b"<link>", b"?xml"])
def test_what_is_missing_from_a_cut_document_is_asked_for_with_the_validators_of_the_last_whole_one(
    journey: Journey, kept: bytes
) -> None:
    address, whole = "https://daily.example/feed", rss("Peace talks resume", "Ceasefires hold")
    for body in (rss("Peace talks resume"), whole[: whole.index(kept) + len(kept)], whole):
        journey.world.bodies[address] = body
        journey.cycle(("daily",))
    first, *later = (request.validators.etag for request in journey.world.asked)
    assert first is None
    assert later == [later[0]] * 2
    assert later[0] is not None
    assert sorted(journey.titles("all.json")) == ["Ceasefires hold", "Peace talks resume"]


def test_a_notice_that_the_third_item_gives_away_leaves_the_first_two() -> None:
    """The first two came in earlier documents, and stay in the feed."""
    appeal = "We depend on readers like you: give today and keep our reporting free."

    def said(count: int) -> bytes:
        days = ("The ministers met on Monday.", "The border opened on Tuesday.", "Trains ran on Wednesday.")
        items = "".join(
            f"<item><title>Report {n}</title><guid isPermaLink='false'>{n}</guid>"
            f"<description>&lt;p&gt;{days[n]}&lt;/p&gt;&lt;p&gt;{appeal}&lt;/p&gt;</description></item>"
            for n in range(count)
        )
        return RSS.format(items=items).encode()

    journey = Journey()
    for count in (1, 2, 3):
        journey.world.bodies["https://daily.example/feed"] = said(count)
        journey.cycle(("daily",))
        journey.world.now += timedelta(hours=1)
    texts = [item["content_text"] for item in json.loads(journey.world.files["all.json"])["items"]]
    assert len(texts) == 3
    assert not [text for text in texts if "readers like you" in text]
