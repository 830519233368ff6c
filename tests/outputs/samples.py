"""One site with everything a document may have to show: licences, languages, private feeds."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from aggregator.model import (
    Author,
    Category,
    Config,
    Copy,
    Enclosure,
    Entry,
    Feed,
    Head,
    Item,
    Picture,
    Polling,
    Reason,
    Site,
    Source,
    Tag,
    Topic,
)

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
NAMESPACE = "tag:wire.example.org,2026:feeds"
SECRET = "https://members.example.net/feed?token=s3cret"

CONFIG = Config(
    site=Site("Commons Wire", "https://wire.example.org/", timezone="Europe/Berlin"),
    polling=Polling(),
    sources=(
        Source(
            "peoples-dispatch",
            "https://dispatch.example.com/feed/",
            title="Peoples Dispatch",
            page="https://dispatch.example.com/",
            republish="full",
            license="https://creativecommons.org/licenses/by-nc-sa/4.0/",
        ),
        Source("radio-sana", "https://user:pass@sana.example.com/rss"),
        Source("members", SECRET, title="Members’ Letter", private=True),
        Source("headlines", "https://headlines.example.com/rss", republish="title"),
        Source(
            "gazette",
            "https://gazette.example.com/atom",
            title="The Gazette",
            republish="full",
            permission="granted 2026-03-02",
            pictures=True,
        ),
    ),
    lists={},
    topics=(
        Topic("diplomacy", "Diplomacy", "Talks, summits, envoys and agreements between states."),
        Topic("north-korea", "North Korea"),
        Topic("peace-negotiations", "Peace Negotiations", "Talks, ceasefires and treaties to end a war."),
    ),
)


def entry(item: Item, *, hours: int = 0, tags: tuple[Tag, ...] = (), copies: tuple[Copy, ...] = ()) -> Entry:
    """The item as published that many hours before NOW, corrected a quarter of an hour later."""
    published = NOW - timedelta(hours=hours)
    return Entry(
        id=item.id or f"{NAMESPACE}/items/{item.key}",
        item=item,
        published=published,
        updated=published + timedelta(minutes=15),
        listed=published,
        arrived=published + timedelta(minutes=5),
        tags=tags,
        copies=copies,
    )


def feed(*entries: Entry, name: str = "diplomacy") -> Feed:
    """A feed of those entries, described as the configuration has it."""
    kind: Literal["all", "topic", "source"] = (
        "all" if name == "all" else "source" if name.startswith("sources/") else "topic"
    )
    outlet = CONFIG.source(name.removeprefix("sources/"))
    topic = next(
        (topic for topic in CONFIG.topics if topic.id == name), Topic(name, outlet.title or outlet.id)
    )
    return Feed(name, f"{NAMESPACE}/{name}", topic.title, topic.description, kind, NOW, entries)


SUMMIT = Tag("diplomacy", 2, (Reason(1, 1, "title", 0, 6, "summit"), Reason(2, 1, "summary", 0, 5, "envoys")))
KOREA = Tag("north-korea", 1, (Reason(1, 1, "title", 0, 9, "Pyongyang"),))
GIVEN = Tag("diplomacy", 1, (Reason(0, 1, "", 0, 0, "given to every item of this outlet"),))

FULL = Item(
    source="peoples-dispatch",
    key="1",
    id="https://dispatch.example.com/?p=1",
    url="https://dispatch.example.com/2026/11/summit?a=1&b=2",
    title="Pyongyang & Seoul agree on a summit: “2 < 3”, say envoys",
    summary="Envoys of both Koreas met on Saturday. They want a summit before spring.",
    content='<p>Envoys of both Koreas met <a href="https://dispatch.example.com/map">on Saturday</a>.</p>'
    '<figure><img src="https://dispatch.example.com/a.jpg" alt="Envoys">'
    "<figcaption>Envoys. Photo: X</figcaption></figure>"
    "<p>They want a summit before spring.</p>",
    text="Envoys of both Koreas met on Saturday.\n\nThey want a summit before spring.",
    authors=(Author("Ana Lim", "https://dispatch.example.com/ana"), Author("José Ñandú")),
    categories=(Category("world", "https://dispatch.example.com/sections", "World"), Category("Koreas")),
    language="en-US",
    rights="© 2026 Peoples Dispatch",
    comments="https://dispatch.example.com/2026/11/summit#comments",
    pictures=(Picture("https://dispatch.example.com/a.jpg", "image/jpeg", 800, 600, "Envoys", "X"),),
    head=Head(
        id="https://dispatch.example.com/feed/",
        title="Peoples Dispatch » Feed",
        subtitle="News from below",
        page="https://dispatch.example.com/",
        feed="https://dispatch.example.com/feed/",
        updated=NOW - timedelta(minutes=30),
        language="en-US",
        rights="© Peoples Dispatch",
        authors=(Author("Peoples Dispatch desk"),),
    ),
)

ARABIC = Item(
    source="radio-sana",
    key="2",
    url="https://sana.example.com/article/2",
    title="محادثات سلام جديدة في جنيف",
    summary="اجتمع المبعوثون يوم السبت في جنيف. ويستمر الحوار الأسبوع المقبل.",
    language="ar",
    head=Head(title="راديو سنا", feed="https://user:pass@sana.example.com/rss", language="ar"),
)

PRIVATE = Item(
    source="members",
    key="3",
    url="https://members.example.net/letters/3",
    title="A letter to members",
    summary="What the delegation told us, in confidence that it will be read.",
    authors=(Author("Desk"),),
    head=Head(id=SECRET, title="Members’ Letter", page=SECRET, feed=SECRET),
)

TITLE_ONLY = Item(
    source="headlines",
    key="4",
    url="https://headlines.example.com/4",
    title="Treaty signed at dawn",
    summary="This summary may not be shown.",
    content="<p>This content may not be shown.</p>",
    text="This content may not be shown.",
    enclosures=(Enclosure("https://headlines.example.com/4.mp3", "audio/mpeg", 1000),),
    head=Head(
        title="Headlines", feed="https://headlines.example.com/rss", page="https://headlines.example.com/"
    ),
)

PODCAST = Item(
    source="gazette",
    key="5",
    id="urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6",
    title="",
    summary="A conversation with the mediator, who has spent eleven years between the lines"
    " and does not tire of it.",
    content='<p>Listen.</p><img src="https://gazette.example.com/p.jpg" alt="">',
    text="Listen.",
    language="en-GB",
    enclosures=(
        Enclosure(
            "https://gazette.example.com/5.mp3", "audio/mpeg", 12345, "Part one", timedelta(minutes=31)
        ),
        Enclosure("https://gazette.example.com/5.ogg"),
    ),
    pictures=(
        Picture("https://gazette.example.com/p.jpg", "image/jpeg", 1200, 800, "The mediator", "Gazette"),
    ),
    head=Head(
        id="tag:gazette.example.com,2020:feed",
        title="The Gazette",
        page="https://gazette.example.com/",
        feed="https://gazette.example.com/atom",
    ),
)

COPIES = (Copy("gazette", "Koreas to meet", "https://gazette.example.com/koreas"),)

FEED = feed(
    entry(FULL, hours=0, tags=(SUMMIT, KOREA), copies=COPIES),
    entry(ARABIC, hours=2, tags=(GIVEN,)),
    entry(PRIVATE, hours=26, tags=(GIVEN,)),
    entry(TITLE_ONLY, hours=50, tags=(SUMMIT,)),
    entry(PODCAST, hours=300, tags=(SUMMIT, KOREA)),
)
