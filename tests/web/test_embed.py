"""embed.js in a partner's page, judged by headless Chromium."""

import json
import re
from pathlib import Path

import pytest

from tests import printing
from tests.outputs.samples import CONFIG, FEED
from tests.safety import chromium
from tests.web.abroad import EMBED, NAIVE, OURS, Seen, visit

pytestmark = pytest.mark.skipif(not chromium.available(), reason="chromium is not installed")

HOSTILE = [
    {
        "id": "1",
        "url": "javascript:alert(1)",
        "title": "<img src=x onerror=alert(1)>",
        "summary": "<script>alert(1)</script>",
        "image": "javascript:alert(1)",
        "date_published": "<b>soon</b>",
        "language": '"><script>alert(1)</script>',
        "_source": {"title": "<svg onload=alert(1)>", "url": "data:text/html,<script>alert(1)</script>"},
    },
    {"id": "2", "url": {"href": "https://a.test/"}, "title": ["no", "text"], "_source": "nobody"},
    {"id": "3", "url": '" onclick="alert(1)', "title": "\u202eReversed", "_source": None},
]
FILES = {
    "/diplomacy.json": printing.render(FEED, CONFIG)[2].body,
    "/korea.json": json.dumps(
        {"title": "Korea", "items": [{"title": "One", "url": "https://a.test/1"}, {"title": "Withdrawn"}]}
    ).encode(),
    "/search.json": json.dumps(
        {"title": "Both", "items": [{"title": f"No. {n}"} for n in range(60)]}
    ).encode(),
    "/hostile.json": json.dumps(
        {"title": "<b>H</b>", "home_page_url": "javascript:alert(1)", "items": HOSTILE}
    ).encode(),
    "/broken.json": b'{"title": "Torn", "items": [',
    "/list.json": b"[1, 2]",
}
BODY = """<main>
<topic-feed id="plain" topic="diplomacy" count="2"></topic-feed>
<topic-feed id="rich" topic="diplomacy" count="3" excerpts pictures heading="3"></topic-feed>
<topic-feed id="search" src="/search.json?q=topic:a%20OR%20topic:b" count="500"></topic-feed>
<topic-feed id="hostile" topic="hostile" excerpts></topic-feed>
<topic-feed id="changed" topic="diplomacy" count="1" data-then="topic=korea,count=9"></topic-feed>
<topic-feed id="missing" topic="missing"></topic-feed>
<topic-feed id="broken" topic="broken"><a href="http://wire.test/broken.html">All of it</a></topic-feed>
<topic-feed id="list" topic="list"></topic-feed>
<topic-feed id="elsewhere" src="http://elsewhere.test/feed.json"></topic-feed>
<topic-feed id="nonsense" src="http://["></topic-feed>
</main>"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return visit(BODY, FILES, tmp_path_factory.mktemp("profile"))


def test_it_shows_the_newest_headlines_in_a_page_that_allows_nothing_but_our_script_and_feed(
    seen: Seen,
) -> None:
    titles = [item["title"] for item in json.loads(FILES["/diplomacy.json"])["items"]]
    assert seen.elements["plain"]["ended"] == "load"
    assert seen.elements["plain"]["text"] == titles[:2]
    assert "Peoples Dispatch" in seen.elements["plain"]["words"]
    assert "They want a summit" not in seen.elements["plain"]["words"]
    assert "They want a summit" in seen.elements["rich"]["words"]
    assert (
        f"{OURS}/diplomacy.html".replace(OURS, CONFIG.site.url.rstrip("/")) in seen.elements["plain"]["links"]
    )
    assert "h2" in seen.elements["plain"]["names"]
    assert "h3" in seen.elements["rich"]["names"]


def test_nothing_it_does_breaks_the_page_s_policy(seen: Seen) -> None:
    refused = "connect-src http://elsewhere.test/feed.json"  # the page's own mistake
    assert [fault for fault in seen.faults if fault != refused] == []


def test_what_outlets_write_is_text_and_only_web_addresses_are_links(seen: Seen) -> None:
    hostile = seen.elements["hostile"]
    assert hostile["ended"] == "load"
    assert hostile["text"] == ["<img src=x onerror=alert(1)>", "Untitled", "\u202eReversed"]
    assert all(link.startswith(("http://", "https://")) for link in hostile["links"])
    for element in seen.elements.values():
        assert element["odd"] == []
        assert not {"script", "svg", "iframe", "style", "object", "b"} & set(element["names"])


def test_the_judge_sees_harm_in_an_embed_that_trusts_its_feed(tmp_path: Path) -> None:
    body = '<main><topic-feed id="naive"></topic-feed></main>'
    naive = visit(body, FILES, tmp_path, script=NAIVE, policy="script-src * 'unsafe-inline'")
    assert "script called alert" in naive.faults
    assert "onerror" in naive.elements["naive"]["odd"]
    assert any(link.startswith("javascript:") for link in naive.elements["naive"]["links"])


def test_several_topics_by_a_query_and_never_more_than_fifty(seen: Seen) -> None:
    assert len(seen.elements["search"]["text"]) == 50
    assert "/search.json?q=topic:a%20OR%20topic:b" in [path for path, _ in seen.asked]


def test_it_follows_its_attributes(seen: Seen) -> None:
    assert seen.elements["changed"]["text"] == ["One"]


@pytest.mark.parametrize("id", ["missing", "list", "elsewhere", "nonsense"])
def test_a_feed_that_cannot_be_had_leaves_a_link_to_the_page(seen: Seen, id: str) -> None:
    element = seen.elements[id]
    assert element["ended"] == "error"
    page = {"elsewhere": "http://elsewhere.test/feed.html", "nonsense": f"{OURS}/"}.get(
        id, f"{OURS}/{id}.html"
    )
    assert element["links"] == [page]


def test_what_stands_inside_is_shown_where_there_is_no_feed(seen: Seen) -> None:
    assert seen.elements["broken"]["ended"] == "error"
    assert seen.elements["broken"]["slotted"] == 1


def test_nobody_is_followed(seen: Seen) -> None:
    asked = [fields for path, fields in seen.asked if path.split("?")[0].endswith(".json")]
    assert len(asked) >= 6
    assert not [fields for fields in asked if "Cookie" in fields or "Referer" in fields]


def test_it_takes_its_colours_from_the_page_and_is_named_for_those_who_listen(seen: Seen) -> None:
    assert seen.elements["plain"]["colour"] == seen.elements["plain"]["around"]
    assert seen.elements["plain"]["labelled"]


def test_it_is_a_few_kilobytes_and_knows_no_markup() -> None:
    assert len(EMBED) < 7_000
    assert not re.search(
        rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\.style\b|cookie", EMBED
    )
