"""The pages for people: of each feed and what is older in it, of a search, and the index of them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from aggregator.model import Config
from aggregator.outputs.cache import Cache
from aggregator.outputs.formats import FORMATS
from aggregator.outputs.html.templating import ROOT, document, fragment, topics
from aggregator.outputs.presentation import outlet_title
from aggregator.outputs.views import EntryView, FeedView
from aggregator.text.characters import legal

_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed in one of its formats; `href` is for pages, `address` for readers."""

    label: str
    media_type: str
    href: str
    address: str

    @property
    def readers(self) -> tuple[tuple[str, str], ...]:
        """Each reader with the address at which it takes the feed, last the one installed on the device."""
        online = ((name, form.format(quote(self.address, safe=""))) for name, form in _READERS)
        return (*online, ("An app on this device", f"feed:{self.address}"))


def offers(site: str, name: str, parameters: str = "") -> list[FeedLink]:
    """The feed of that name in each of its formats; `parameters` follow the path where it is a search."""
    paths = [(format, f"{name}{format.suffix}{parameters}") for format in FORMATS]
    return [
        FeedLink(format.label, format.media_type, f"{ROOT}{path}", f"{site}{path}") for format, path in paths
    ]


_HEADLINES = 5  # of each section
_EMBEDDED = 10  # headlines in the page for other sites' frames
_KINDS = {"all": "", "topic": "topic:{} ", "source": "source:{} "}  # what finds the entries of a feed


def page(feed: FeedView, config: Config, kept: Cache, *, older: bool = False) -> bytes:
    """The page of a feed: headline, outlet, author, date and excerpt of each entry.

    `older` says that there is a second page.
    """
    following = f"{ROOT}{feed.name}/2.html" if older else ""
    values = {"number": 1, "newer": "", "older": following, "beyond": ""}
    return _entries("feed.html", feed, config, kept, feed.name, **values)


def older_page(feed: FeedView, config: Config, kept: Cache, number: int, *, last: bool) -> bytes:
    """Page 2 or a further one of a feed, whose entries here are those of that page alone.

    Its entries wander to the next number as others arrive, so search engines are asked to pass it over.
    """
    return _entries(
        "feed.html",
        feed,
        config,
        kept,
        f"{feed.name}/{number}",
        number=number,
        newer=f"{ROOT}{feed.name}.html" if number == 2 else f"{ROOT}{feed.name}/{number - 1}.html",
        older="" if last else f"{ROOT}{feed.name}/{number + 1}.html",
        beyond=_beyond(feed) if last and feed.entries else "",
        indexed=False,
    )


def search(feed: FeedView, config: Config, problem: str, complete: bool) -> bytes:
    """The page of a search: a form, and what was found or what is wrong with the query."""
    said = {"problem": legal(problem), "complete": complete}
    return _entries("search.html", feed, config, Cache(), "search", indexed=False, **said)


def embed(feed: FeedView, config: Config, kept: Cache) -> bytes:
    """The newest headlines of a feed as a page for other sites' frames; its links open outside of them."""
    return document(
        "embed.html",
        config,
        f"{feed.name}/embed",
        pictures=False,
        indexed=False,
        canonical=feed.address(".html"),
        feed=feed,
        headlines=[_headline(shown, config, kept, level=2) for shown in feed.entries[:_EMBEDDED]],
    )


def index(sections: Sequence[FeedView], config: Config, titles: Mapping[str, str], kept: Cache) -> bytes:
    """The front page: the newest headlines of the first sections, every other topic, and every outlet.

    `titles` are the names of outlets by source id, for those the operator gave none.
    """
    outlets = [(outlet_title(source, titles.get(source.id, "")), source.id) for source in config.sources]
    outlets.sort(key=lambda outlet: (outlet[0].casefold(), outlet[1]))
    told = [section.name for section in sections]
    return document(
        "index.html",
        config,
        "index",
        pictures=any(section.entries and section.entries[0].picture for section in sections),
        canonical=config.site.url,
        here="",
        sections=[(one, _headlines(one, config, kept, first=one is sections[0])) for one in sections],
        further=[(id, title) for id, title in topics(config) if id not in told],
        outlets=outlets,
        feeds=offers(config.site.url, "all"),
    )


def alone(shown: EntryView, config: Config, kept: Cache) -> bytes:
    """An entry in a page of nothing else, to be examined."""
    return f"<!doctype html>{_entry(shown, config, kept).replace(ROOT, '')}".encode()


def _entry(shown: EntryView, config: Config, kept: Cache) -> str:
    """An entry as the pages of feeds show it, wherever it stands in them."""
    return kept.part((shown.key, "entry"), lambda: fragment("entry.html", config, shown=shown), len)


def _headline(shown: EntryView, config: Config, kept: Cache, *, level: int, lead: bool = False) -> str:
    """An entry in short, under a heading of that level; one that leads comes with its picture and excerpt."""
    values = {"shown": shown, "level": level, "lead": lead}
    return kept.part(
        (shown.key, "headline", level, lead), lambda: fragment("headline.html", config, **values), len
    )


def _headlines(section: FeedView, config: Config, kept: Cache, *, first: bool) -> list[str]:
    newest = section.entries[:_HEADLINES]
    pieces = [_headline(shown, config, kept, level=3, lead=shown is newest[0]) for shown in newest]
    return _led(pieces) if first else pieces


def _led(pieces: Sequence[str]) -> list[str]:
    """The pieces of a page, the first with its picture at once, not when somebody scrolls to it."""
    at_once = 'fetchpriority="high"'
    return [
        piece if number else piece.replace('loading="lazy"', at_once, 1)
        for number, piece in enumerate(pieces)
    ]


def _entries(
    template: str, feed: FeedView, config: Config, kept: Cache, path: str, **values: object
) -> bytes:
    return document(
        template,
        config,
        path,
        pictures=any(shown.picture for shown in feed.entries),
        here=feed.name,
        feed=feed,
        feeds=offers(config.site.url, feed.name, feed.parameters),
        entries=_led([_entry(shown, config, kept) for shown in feed.entries]),
        **values,
    )


def _beyond(feed: FeedView) -> str:
    """The search for what was published before the last entry."""
    if not feed.entries:
        return ""
    day = feed.entries[-1].published + timedelta(days=1)
    query = _KINDS[feed.kind].format(feed.name.removeprefix("sources/")) + f"before:{day:%Y-%m-%d}"
    return f"{ROOT}search.html?q={quote(query)}"
