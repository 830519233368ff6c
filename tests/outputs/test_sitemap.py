"""What search engines are told."""

from dataclasses import replace
from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from aggregator import outputs
from aggregator.model import Topic
from tests.outputs.samples import CONFIG, FEED

MAY, JUNE = datetime(2026, 5, 1, 8, tzinfo=UTC), datetime(2026, 6, 2, 9, 30, 5, 123, tzinfo=UTC)
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def front(config: object = CONFIG) -> dict[str, bytes]:
    updated = {"diplomacy": MAY, "sources/gazette": JUNE}
    return {one.path: one.body for one in outputs.front(config, [FEED], updated)}  # type: ignore[arg-type]


def test_the_sitemap_has_the_index_and_every_feed_with_the_time_of_its_last_change() -> None:
    root = etree.fromstring(front()["sitemap.xml"])
    assert root.tag == f"{NAMESPACE}urlset"
    told = {one.findtext(f"{NAMESPACE}loc"): one.findtext(f"{NAMESPACE}lastmod") for one in root}
    pages = ["all", *(topic.id for topic in CONFIG.topics), *(f"sources/{one.id}" for one in CONFIG.sources)]
    assert list(told) == [CONFIG.site.url, *(f"{CONFIG.site.url}{name}.html" for name in pages)]
    assert told["https://wire.example.org/diplomacy.html"] == "2026-05-01T08:00:00+00:00"
    assert told["https://wire.example.org/"] == "2026-06-02T09:30:05+00:00"
    assert told["https://wire.example.org/north-korea.html"] is None


def test_a_sitemap_never_names_more_than_is_allowed() -> None:
    config = replace(CONFIG, topics=tuple(Topic(f"t{n}", "T") for n in range(50_100)))
    assert len(etree.fromstring(outputs.sitemap.sitemap(config, {}))) == 50_000


@pytest.mark.parametrize("site", ["https://wire.example.org/", "https://example.org/wire/"])
def test_robots_may_read_all_but_searches(site: str) -> None:
    text = front(replace(CONFIG, site=replace(CONFIG.site, url=site)))["robots.txt"].decode()
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    assert robots.site_maps() == [f"{site}sitemap.xml"]
    for path in ("search.html?q=peace", "search.html", "search.atom?q=a%20OR%20b"):
        assert not robots.can_fetch("Anybot", site + path)
    for path in ("", "diplomacy.html", "diplomacy/2.html", "search-engines.html", "diplomacy.atom"):
        assert robots.can_fetch("Anybot", site + path)
