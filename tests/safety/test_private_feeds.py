"""Wherever a private feed names its own address, no document of ours does."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Config, Polling, Site, Source, Topic
from tests.examples import examples
from tests.pipeline.test_journey import Journey

TOKEN = "t0ken5f3a9c1234567890"
FEED = f"https://members.example/feed/{TOKEN}/rss.xml?key=k3y{TOKEN}"
CONFIG = Config(
    site=Site("Wire", "https://wire.test/"),
    polling=Polling(),
    sources=(Source("members", FEED, title="Members", republish="full", pictures=True, private=True),),
    lists={},
    topics=(Topic("peace", "Peace", match="peace"),),
)
SPELLINGS = (
    FEED,
    FEED.replace("&", "&amp;"),
    FEED.replace(TOKEN, TOKEN.upper()),
    FEED.replace(TOKEN, "".join(f"%{ord(char):02x}" for char in TOKEN)),
    FEED.partition("?")[0] + "#fn1",
    f"//members.example/feed/{TOKEN}/picture.jpg",
    f"https://cdn.example/{TOKEN}.jpg",
    f"https://other.example/?url=https%3A%2F%2Fmembers.example%2Ffeed%2F{TOKEN}",
)
RELATIVE = ("#fn1", "picture.jpg", "?page=2", "./", "../other", "")

IN_TEXT = '<a href="{0}">on</a> <img src="{0}" alt="A"> <blockquote cite="{0}">Quoted</blockquote>'
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Letters</title><link>{0}</link>
<atom:link rel="self" href="{0}"/><generator>{0}</generator>
<image><url>{0}</url><title>I</title><link>{0}</link></image>
<item><title>Peace</title><guid isPermaLink="false">letter-1</guid><link>{1}</link><comments>{0}</comments>
<category domain="{0}">Letters</category><enclosure url="{0}" type="audio/mpeg" length="1"/>
<source url="{0}">Letters</source><media:content url="{0}" medium="image" type="image/jpeg"/>
<media:thumbnail url="{0}"/><itunes:image href="{0}"/><description>{2}</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{0}"><title>Letters</title><id>{0}</id>
<link rel="self" href="{0}"/><link href="{0}"/><icon>{0}</icon><author><name>Ida</name><uri>{0}</uri></author>
<entry xml:base="{0}"><title>Peace</title><id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
<link href="{1}"/>
<link rel="enclosure" href="{0}" type="audio/mpeg"/><link rel="via" href="{0}"/>
<link rel="replies" type="text/html"
 href="{0}"/><category term="Letters" scheme="{0}"/><author><name>Ida</name><uri>{0}</uri></author>
<source><id>{0}</id><title>Letters</title><link rel="self" href="{0}"/></source>
<content type="html" xml:base="{0}">{2}</content></entry></feed>"""


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def in_json(address: str, link: str, text: str) -> str:
    item: dict[str, object] = {
        "id": "1",
        "url": link,
        "external_url": address,
        "title": "Peace",
        "content_html": text,
    }
    item |= {"image": address, "banner_image": address, "authors": [{"name": "Ida", "url": address}]}
    item |= {"attachments": [{"url": address, "mime_type": "audio/mpeg"}]}
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Letters",
        "home_page_url": address,
    }
    return json.dumps(feed | {"feed_url": address, "icon": address, "items": [item]})


def documents(format: str, address: str, link: str, config: Config = CONFIG) -> dict[str, str]:
    """All that is published of a private feed that names an address everywhere."""
    text = IN_TEXT.format(address)
    if format == "json":
        body = in_json(address, link, text)
    else:
        template = {"rss": RSS, "atom": ATOM}[format]
        body = template.format(escaped(address), escaped(link), escaped(text))
    journey = Journey(config)
    journey.world.bodies[FEED] = body.encode()
    journey.cycle()
    journey.publish_anew()
    return {path: body.decode("utf-8", "replace") for path, body in journey.world.files.items()}


def shows(documents: dict[str, str]) -> list[str]:
    return [path for path, text in documents.items() if TOKEN in text.lower() or f"%{ord('t'):02x}" in text]


@given(
    st.sampled_from(["rss", "atom", "json"]),
    st.sampled_from([*SPELLINGS, *RELATIVE]),
    st.sampled_from(["https://members.example/letters/1", "", *SPELLINGS[:2], "#1"]),
)
@examples(40)
def test_a_private_feeds_address_is_in_no_document(format: str, address: str, link: str) -> None:
    published = documents(format, address, link)
    assert shows(published) == []
    assert "index.html" in published


@pytest.mark.parametrize("format", ["rss", "atom", "json"])
def test_the_entry_itself_is_published_with_its_own_link(format: str) -> None:
    published = documents(format, "#fn1", "https://members.example/letters/1")
    (entry,) = json.loads(published["peace.json"])["items"]
    assert (entry["title"], entry["url"]) == ("Peace", "https://members.example/letters/1")
    assert "on" in entry["content_html"]


def test_a_secret_in_the_configurations_own_words_stops_the_document_and_says_so() -> None:
    topic = replace(CONFIG.topics[0], description=f"See {FEED}")
    journey = Journey(replace(CONFIG, topics=(topic,)))
    journey.world.bodies[FEED] = RSS.format("#", "https://members.example/1", "Text").encode()
    journey.cycle()
    assert all(TOKEN not in body.decode("utf-8", "replace") for body in journey.world.files.values())
    assert any(
        "not was written" in str(event) or "was not written" in str(event) for event in journey.world.events
    )
