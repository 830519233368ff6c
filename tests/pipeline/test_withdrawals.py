"""What the desk withdraws, holds and pins, down to every published byte and the file of the store."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from aggregator.compiled import compile_config
from aggregator.model import Hold, Pin, Rulings, Withdrawal
from aggregator.store.sqlite import SqliteStore
from tests.judges import json_faults
from tests.pipeline.test_journey import CONFIG, START, Journey, rss, weekly

DAILY, WEEKLY = "https://daily.example/feed", "https://weekly.example/feed.json"
URL = "https://daily.example/Peace-talks-by-Zorblax"
WORD = b"Zorblax"
DAY = timedelta(days=1)
WITHDRAWN = Rulings(withdrawn=(Withdrawal(URL, "The outlet invented it."),))
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>https://daily.example/</id><title>The Daily</title>
<updated>2026-03-01T12:00:00Z</updated>{}</feed>"""
ENTRY = """<entry><id>https://daily.example/{0}</id><title>{1}</title><updated>{2}</updated>
<link href="https://daily.example/{0}"/><summary>Peace talks.</summary></entry>"""


class OnDisk(Journey):
    """The journey over a store in a file, whose bytes can be looked into."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.store = self.pipeline.context.store = SqliteStore.open(path)  # type: ignore[assignment]
        self.store.namespace(self.pipeline.context.namespace)
        self.store.sync(CONFIG.sources, self.world.now)

    def rule(self, rulings: Rulings, after: timedelta = timedelta(hours=1)) -> None:
        """Save another desk.yaml, and let the program take it over."""
        self.world.now += after
        self.pipeline.context.compiled = compile_config(replace(CONFIG, rulings=rulings))
        self.publish()

    def publish(self) -> None:
        async def once() -> None:
            await self.pipeline.publisher.catch_up()
            await self.pipeline.publisher.publish()

        asyncio.run(once())

    def saying(self, word: bytes = WORD) -> list[str]:
        """The documents and the files of the database in which a word stands; addresses name no article."""
        files = [path for path, body in self.world.files.items() if word.lower() in body.lower()]
        raw = {one.name: one.read_bytes() for one in self.path.parent.iterdir()}
        return files + [name for name, body in raw.items() if word.lower() in _without_address(body).lower()]


def _without_address(body: bytes) -> bytes:
    """What the operator wrote in desk.yaml is the operator's; it is kept to recognise the item by."""
    return body.replace(URL.encode(), b"").replace(URL.lower().encode(), b"")


@pytest.fixture
def journey(tmp_path: Path) -> Iterator[OnDisk]:
    made = OnDisk(tmp_path / "store.db")
    made.world.bodies = {
        DAILY: rss("Peace talks by Zorblax", "Ceasefires hold", "A cake recipe"),
        WEEKLY: weekly("North Koreans vote"),
    }
    made.cycle()
    yield made
    made.store.close()


def entries(journey: Journey, feed: str, ending: str = "atom") -> dict[str, str]:
    parsed = feedparser.parse(journey.world.files[f"{feed}.{ending}"])
    return {entry.id: entry.title for entry in parsed.entries}


def item(journey: Journey, feed: str) -> dict[str, object]:
    items = json.loads(journey.world.files[f"{feed}.json"])["items"]
    return next(one for one in items if one["id"] == URL)


def test_no_published_byte_and_no_byte_of_the_database_keeps_a_word_of_it(journey: OnDisk) -> None:
    assert {"peace.atom", "peace.html", "all.json", "index.html", "store.db-wal"} <= set(journey.saying())
    journey.rule(Rulings(withdrawn=(Withdrawal(URL, "It was invented."),)))
    assert journey.saying(b"by Zorblax") == []
    bodies = {path: body.replace(URL.encode(), b"") for path, body in journey.world.files.items()}
    assert [path for path, body in bodies.items() if WORD in body] == []


@pytest.mark.parametrize("feed", ["all", "peace", "sources/daily"])
def test_every_feed_in_which_it_stood_tells_of_it_in_every_format(journey: OnDisk, feed: str) -> None:
    before = journey.world.files[f"{feed}.atom"]
    journey.rule(WITHDRAWN)
    atom = journey.world.files[f"{feed}.atom"].decode()
    stone = re.search(r'<at:deleted-entry [^>]*ref="([^"]+)" when="([^"]+)"[^>]*>(.*?)</at:', atom, re.DOTALL)
    assert stone is not None
    assert (stone[1], stone[2]) == (URL, "2026-03-01T13:00:00+00:00")
    assert "The outlet invented it." in stone[3]
    for ending in ("atom", "rss", "json"):
        if ending != "json":
            assert entries(journey, feed, ending)[URL] == "Withdrawn"
    emptied = item(journey, feed)
    assert (emptied["title"], emptied["date_modified"]) == ("Withdrawn", "2026-03-01T13:00:00+00:00")
    assert emptied["date_published"] == "2026-03-01T10:00:00+00:00"
    assert "The outlet invented it." in str(emptied["content_text"])
    assert feedparser.parse(before).feed.updated < feedparser.parse(atom).feed.updated
    assert b"Withdrawn" not in journey.world.files[f"{feed}.html"]


def test_a_feed_in_which_it_never_stood_says_nothing(journey: OnDisk) -> None:
    before = journey.world.files["korea.atom"]
    journey.rule(WITHDRAWN)
    assert journey.world.files["korea.atom"] == before


def test_a_silent_withdrawal_is_told_by_the_tombstone_alone(journey: OnDisk) -> None:
    journey.rule(Rulings(withdrawn=(Withdrawal(URL, "A court asked for it.", silent=True),)))
    assert URL not in entries(journey, "peace")
    assert b"deleted-entry" in journey.world.files["peace.atom"]
    assert URL.encode() not in journey.world.files["peace.json"]


def test_withdrawn_json_lists_it_until_it_returns(journey: OnDisk) -> None:
    journey.rule(WITHDRAWN)
    listed = json.loads(journey.world.files["withdrawn.json"])
    assert [one["id"] for one in listed["items"]] == [URL]
    assert listed["items"][0]["_withdrawn"] == {
        "when": "2026-03-01T13:00:00+00:00",
        "by": "desk",
        "reason": "The outlet invented it.",
        "feeds": ["all", "peace", "sources/daily"],
    }
    faults = json_faults(journey.world.files["withdrawn.json"])
    assert [one for one in faults if "_source" not in one] == []  # that of the outlet is not told
    journey.rule(WITHDRAWN, 60 * DAY)
    assert json.loads(journey.world.files["withdrawn.json"])["items"] == listed["items"]
    journey.rule(Rulings())
    assert json.loads(journey.world.files["withdrawn.json"])["items"] == []


def test_after_thirty_days_feeds_stop_telling_of_it_by_themselves(journey: OnDisk) -> None:
    journey.rule(WITHDRAWN)
    journey.world.now += 30 * DAY - timedelta(seconds=1)
    journey.publish()
    assert b"deleted-entry" in journey.world.files["peace.atom"]
    journey.world.now += timedelta(seconds=1)
    journey.publish()
    for path in ("peace.atom", "peace.rss", "peace.json"):
        assert b"ithdrawn" not in journey.world.files[path]
        assert b"deleted-entry" not in journey.world.files[path]


def test_what_is_withdrawn_stays_out_though_its_source_shows_it_on(journey: OnDisk) -> None:
    journey.rule(WITHDRAWN)
    journey.world.bodies[DAILY] = rss("Peace talks by Zorblax", "Ceasefires hold", "Another cake")
    journey.cycle(("daily",))
    assert entries(journey, "peace")[URL] == "Withdrawn"
    assert "Another cake" in journey.titles("all.json")


def test_undone_it_comes_back_with_the_next_poll_though_the_document_did_not_change(journey: OnDisk) -> None:
    journey.cycle(("daily",))
    assert journey.world.asked[-1].validators.etag
    journey.rule(WITHDRAWN)
    journey.rule(Rulings())
    assert URL not in entries(journey, "peace")
    journey.cycle(("daily",))
    assert journey.world.asked[-1].validators.etag is None
    back = item(journey, "peace")
    assert (back["title"], back["date_published"]) == ("Peace talks by Zorblax", "2026-03-01T10:00:00+00:00")
    assert back["date_modified"] == "2026-03-01T14:00:00+00:00"
    journey.cycle(("daily",))
    assert journey.world.asked[-1].validators.etag


def test_a_restored_database_is_brought_in_line_with_the_file(journey: OnDisk, tmp_path: Path) -> None:
    (tmp_path / "restored").mkdir()
    restored = OnDisk(tmp_path / "restored" / "store.db")
    restored.world.bodies = journey.world.bodies
    restored.cycle()
    assert "Peace talks by Zorblax" in restored.titles("peace.json")
    restored.rule(WITHDRAWN)
    assert restored.titles("peace.json") == ["Ceasefires hold", "Withdrawn"]
    restored.store.close()


def test_a_held_item_is_nowhere_until_it_is_released_and_then_it_is_new(journey: OnDisk) -> None:
    journey.rule(Rulings(held=(Hold(URL, "wait"),)))
    assert [
        path for path, body in journey.world.files.items() if WORD in body or b"deleted-entry" in body
    ] == []
    assert "Withdrawn" not in journey.titles("peace.json")
    journey.rule(Rulings(), 5 * DAY)
    assert journey.titles("peace.json")[0] == "Peace talks by Zorblax"


def test_a_pinned_item_comes_first_until_its_day_ends(journey: OnDisk) -> None:
    first = "https://daily.example/Peace-talks-by-Zorblax"
    assert journey.titles("peace.json") == ["Ceasefires hold", "Peace talks by Zorblax"]
    journey.rule(Rulings(pinned=(Pin(first, "peace", START + 2 * DAY),)))
    assert journey.titles("peace.json") == ["Peace talks by Zorblax", "Ceasefires hold"]
    assert b'class="pinned"' in journey.world.files["peace.html"]
    assert b'class="pinned"' not in journey.world.files["all.html"]
    journey.world.now = START + 2 * DAY
    journey.publish()
    assert journey.titles("peace.json") == ["Ceasefires hold", "Peace talks by Zorblax"]
    assert b'class="pinned"' not in journey.world.files["peace.html"]


def test_an_outlets_tombstone_goes_the_whole_way_and_a_later_update_revives(journey: OnDisk) -> None:
    entry = ENTRY.format("z", "Peace talks with Quib", "2026-03-01T11:00:00Z")
    other = ENTRY.format("y", "Ceasefires", "2026-03-01T11:00:00Z")
    journey.world.bodies[DAILY] = ATOM.format(entry + other).encode()
    journey.cycle(("daily",))
    assert "Peace talks with Quib" in journey.titles("peace.json")
    journey.world.now += timedelta(hours=2)
    stone = '<at:deleted-entry ref="https://daily.example/z" when="2026-03-01T12:30:00Z"/>'
    journey.world.bodies[DAILY] = ATOM.format(stone + other).encode()
    journey.cycle(("daily",))
    assert entries(journey, "peace")["https://daily.example/z"] == "Withdrawn"
    assert journey.saying(b"Quib") == []
    assert json.loads(journey.world.files["withdrawn.json"])["items"][0]["_withdrawn"]["by"] == "outlet"
    again = ENTRY.format("z", "Peace talks with Quib", "2026-03-01T13:00:00Z")
    journey.world.bodies[DAILY] = ATOM.format(stone + again + other).encode()
    journey.cycle(("daily",))
    assert entries(journey, "peace")["https://daily.example/z"] == "Peace talks with Quib"
    assert b"deleted-entry" not in journey.world.files["peace.atom"]


def test_an_outlets_correction_keeps_the_id_and_moves_updated(journey: OnDisk) -> None:
    entry = ENTRY.format("z", "Peace talks with Quib", "2026-03-01T11:00:00Z")
    journey.world.bodies[DAILY] = ATOM.format(entry).encode()
    journey.cycle(("daily",))
    journey.world.now += timedelta(hours=2)
    corrected = ENTRY.format("z", "Peace talks with Quob", "2026-03-01T13:00:00Z")
    journey.world.bodies[DAILY] = ATOM.format(corrected).encode()
    journey.cycle(("daily",))
    items = json.loads(journey.world.files["peace.json"])["items"]
    (one,) = [one for one in items if one["id"] == "https://daily.example/z"]
    assert (one["title"], one["date_modified"]) == ("Peace talks with Quob", "2026-03-01T13:00:00+00:00")
    assert [path for path, body in journey.world.files.items() if b"with Quib" in body] == []


def test_it_leaves_the_sealed_parts_of_archives_too(journey: OnDisk) -> None:
    rounds = "".join(
        ENTRY.format(
            number, f"Peace talks, round {number}", f"2026-01-{1 + number // 24:02}T{number % 24:02}:00:00Z"
        )
        for number in range(200)
    )
    journey.world.bodies[DAILY] = ATOM.format(rounds).encode()
    journey.world.now += DAY
    journey.cycle(("daily",))
    journey.world.now += 30 * DAY
    journey.publish()
    part = feedparser.parse(journey.world.files["peace/archive/000001.atom"])
    id, title = part.entries[0].id, f"{part.entries[0].title}<".encode()
    parts = {path for path, body in journey.world.files.items() if "/archive/" in path and title in body}
    assert parts == {f"{feed}/archive/000001.atom" for feed in ("all", "peace", "sources/daily")}
    before = dict(journey.world.files)
    journey.rule(Rulings(withdrawn=(Withdrawal(id, "wrong"),)))
    assert [path for path, body in journey.world.files.items() if title in body] == []
    for path in parts:
        assert before[path].count(b"<entry") == journey.world.files[path].count(b"<entry") + 1
    assert entries(journey, "peace")[id] == "Withdrawn"


def test_what_waits_for_subscribers_is_not_sent_any_more(journey: OnDisk) -> None:
    body = journey.world.files["peace.atom"]
    db = journey.store._db._db  # type: ignore[attr-defined]  # what is on its way is the hub's alone
    db.execute("INSERT INTO hub_documents (body) VALUES (?), (?)", (body, b"<feed/>"))
    journey.rule(WITHDRAWN)
    assert db.execute("SELECT body FROM hub_documents").fetchall() == [(b"<feed/>",)]
