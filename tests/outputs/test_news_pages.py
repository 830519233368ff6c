"""What pages tell beyond the text: pictures, ways to subscribe, cards, structure, frames and other pages."""

from dataclasses import replace
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import lxml.html
import pytest
from lxml.html import HtmlElement

from aggregator import outputs
from aggregator.model import Config, Feed, Picture
from tests import printing
from tests.outputs.samples import ARABIC, CONFIG, FEED, FULL, PODCAST, SUMMIT, entry, feed

PICTURE = Picture("https://gazette.example.com/p.jpg", "image/jpeg", 1200, 800, "The mediator", "A. Photo")


def pages(shown: Feed, config: Config = CONFIG) -> dict[str, HtmlElement]:
    """The pages of a feed by their paths, parsed."""
    documents = [*printing.render(shown, config, older=True)]
    documents.append(printing.older_page(shown, config, 2, last=True))
    return {one.path: parsed(one.body) for one in documents if one.path.endswith(".html")}


def parsed(body: bytes) -> HtmlElement:
    return lxml.html.document_fromstring(body.decode())


def meta(page: HtmlElement, name: str) -> str | None:
    found = page.xpath(f"//meta[@name='{name}' or @property='{name}' or @http-equiv='{name}']/@content")
    return str(found[0]) if found else None


def with_pictures(*pictures: Picture, allowed: bool = True) -> HtmlElement:
    """The page of one entry with those pictures."""
    sources = tuple(replace(one, pictures=allowed) for one in CONFIG.sources)
    item = replace(PODCAST, pictures=pictures, title="A talk", url="https://gazette.example.com/talk")
    return pages(feed(entry(item, tags=(SUMMIT,))), replace(CONFIG, sources=sources))["diplomacy.html"]


def test_a_picture_keeps_its_room_comes_late_and_is_credited() -> None:
    item = replace(PODCAST, pictures=(PICTURE,))
    page = pages(feed(entry(ARABIC), entry(item, hours=1)))["diplomacy.html"]
    (image,) = page.xpath("//article//img")
    assert dict(image.attrib) == {
        "itemprop": "image",
        "src": PICTURE.url,
        "width": "1200",
        "height": "800",
        "alt": "The mediator",
        "loading": "lazy",
        "decoding": "async",
        "referrerpolicy": "no-referrer",
    }
    assert page.xpath("string(//figcaption)") == "A. Photo"


def test_the_picture_that_leads_a_page_comes_at_once() -> None:
    several = [entry(replace(PODCAST, id=f"urn:x:{n}", pictures=(PICTURE,)), hours=n) for n in range(3)]
    shown = feed(*several)
    index = parsed(outputs.front(CONFIG, [shown, replace(shown, name="north-korea")])[0].body)
    for page in (index, pages(shown)["diplomacy.html"]):
        first, *others = page.xpath("//article//img")
        assert (first.get("fetchpriority"), first.get("loading")) == ("high", None)
        assert others
        assert all(other.get("loading") == "lazy" for other in others)


@pytest.mark.parametrize(
    "unfit",
    [
        replace(PICTURE, width=None),
        replace(PICTURE, height=None),
        replace(PICTURE, width=1, height=1),
        replace(PICTURE, url="javascript:alert(1)"),
    ],
)
def test_a_picture_of_unknown_or_no_size_is_left_out_for_the_next_one(unfit: Picture) -> None:
    assert with_pictures(unfit).xpath("//article//img") == []
    assert with_pictures(unfit, PICTURE).xpath("//article//img/@src") == [PICTURE.url]


def test_only_a_page_with_pictures_may_load_some_from_elsewhere() -> None:
    allowed, refused = with_pictures(PICTURE), with_pictures(PICTURE, allowed=False)
    assert "img-src 'self' https: http:;" in (meta(allowed, "Content-Security-Policy") or "")
    assert "img-src 'self';" in (meta(refused, "Content-Security-Policy") or "")
    assert refused.xpath("//article//img") == []
    policy = dict(part.split(" ", 1) for part in (meta(refused, "Content-Security-Policy") or "").split("; "))
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert "script-src" not in policy


def test_addresses_can_be_copied_and_readers_opened_without_a_script() -> None:
    page = pages(FEED)["diplomacy.html"]
    fields = page.xpath("//details[@class='subscribe']//input")
    assert [field.get("value") for field in fields] == [
        f"https://wire.example.org/diplomacy{format.suffix}" for format in outputs.FORMATS
    ]
    assert all(field.get("readonly") is not None for field in fields)
    readers = page.xpath("//ul[@class='readers']//a/@href")
    atom = "https://wire.example.org/diplomacy.atom"
    assert len(readers) >= 4
    assert all(atom in unquote(reader) for reader in readers)
    assert f"feed:{atom}" in readers


def test_a_search_is_offered_to_readers_with_its_query() -> None:
    found = replace(FEED, name="search", kind="search", query='"north korea" OR søk')
    page = parsed(outputs.search(found, CONFIG, ".html"))
    atom = page.xpath("//input[@readonly]/@value")[0]
    assert parse_qs(urlsplit(atom).query) == {"q": ['"north korea" OR søk']}
    inoreader = next(href for href in page.xpath("//ul[@class='readers']//a/@href") if "inoreader" in href)
    assert parse_qs(urlsplit(inoreader).query)["add_feed"] == [atom]


def test_every_page_says_for_cards_and_engines_what_and_where_it_is() -> None:
    index = parsed(outputs.front(CONFIG, [FEED])[0].body)
    for path, page in {**pages(FEED), "": index}.items():
        if path.endswith("embed.html"):
            continue
        address = f"https://wire.example.org/{path}"
        assert page.xpath("//link[@rel='canonical']/@href") == [address]
        assert meta(page, "og:url") == address
        assert meta(page, "og:title") == page.findtext(".//title")
        assert meta(page, "og:description") == meta(page, "description")
        assert meta(page, "og:type") == "website"
        assert meta(page, "og:image") == "https://wire.example.org/favicon.png"


def test_only_what_is_worth_finding_is_indexed() -> None:
    found = pages(FEED)
    robots = {path: meta(page, "robots") for path, page in found.items()}
    assert robots == {
        "diplomacy.html": None,
        "diplomacy/2.html": "noindex",
        "diplomacy/embed.html": "noindex",
    }
    assert meta(parsed(outputs.search(FEED, CONFIG, ".html")), "robots") == "noindex"
    assert found["diplomacy/embed.html"].xpath("//link[@rel='canonical']/@href") == [
        "https://wire.example.org/diplomacy.html"
    ]


def test_articles_are_told_to_engines_as_news_of_their_outlets() -> None:
    page = pages(feed(entry(FULL, tags=(SUMMIT,)), entry(ARABIC, hours=2)))["diplomacy.html"]
    assert page.body.get("itemtype") == "https://schema.org/CollectionPage"
    first, second = page.xpath("//*[@itemtype='https://schema.org/NewsArticle']")
    assert first.get("itemprop") == "hasPart"

    def said(article: HtmlElement, name: str) -> list[str]:
        found = article.xpath(f".//*[@itemprop='{name}']")
        values = [one.get("datetime") or one.get("href") or one.text_content() for one in found]
        return [" ".join(value.split()) for value in values]

    assert said(first, "headline") == ["Pyongyang & Seoul agree on a summit: “2 < 3”, say envoys"]
    assert said(first, "url") == ["https://dispatch.example.com/2026/11/summit?a=1&b=2"]
    assert said(first, "author") == ["Ana Lim", "José Ñandú"]
    assert said(first, "publisher") == ["Peoples Dispatch"]
    assert said(first, "datePublished") == ["2026-11-21T14:05:00+00:00"]
    assert said(first, "dateModified") == ["2026-11-21T14:20:00+00:00"]
    assert said(first, "license") == ["https://creativecommons.org/licenses/by-nc-sa/4.0/"]
    assert said(second, "author") == []


def test_the_frame_shows_ten_headlines_and_opens_outside_of_itself() -> None:
    many = [entry(replace(FULL, id=f"urn:x:{n}", title=f"No. {n}"), hours=n) for n in range(12)]
    page = pages(feed(*many))["diplomacy/embed.html"]
    assert page.xpath("//base/@target") == ["_blank"]
    assert page.xpath("//base/@href") == []
    headlines = [heading.text_content() for heading in page.iterfind(".//h2")]
    assert headlines == [f"No. {n}" for n in range(10)]
    assert page.xpath("//img | //script | //iframe") == []
    assert urljoin("diplomacy/embed.html", page.xpath("//h1/a/@href")[0]) == "diplomacy.html"


def test_the_same_entry_is_the_same_html_at_every_depth_but_for_the_way_to_the_root() -> None:
    found = pages(feed(entry(FULL, tags=(SUMMIT,)), name="diplomacy"))
    top, below = (
        lxml.html.tostring(found[path].find(".//article")) for path in ("diplomacy.html", "diplomacy/2.html")
    )
    assert below.replace(b'href="../', b'href="') == top
    assert b"\0" not in top + below


def test_topics_beyond_the_first_sections_are_named_on_the_index() -> None:
    index = parsed(outputs.front(CONFIG, [FEED])[0].body)
    assert index.xpath("//section[@aria-labelledby='further']//a/@href") == [
        "north-korea.html",
        "peace-negotiations.html",
    ]
