"""From a feed to what its documents say, decided once for all formats.

Here, and nowhere else, an outlet's `republish`, `pictures` and `private` take effect: what a source does not
let us show is not in the values that are printed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

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
    Reason,
    Republish,
    Source,
    Tag,
)
from aggregator.outputs import fulltext
from aggregator.outputs.addresses import address, direction, feed_address, second
from aggregator.outputs.cache import Cache, key
from aggregator.outputs.views import EntryView, FeedView, Outlet, TopicView
from aggregator.outputs.withdrawals import announced, emptied
from aggregator.text import languages, mediatypes, urls
from aggregator.text.characters import legal, one_line
from aggregator.text.credentials import private_words, reveals
from aggregator.text.excerpts import excerpt
from aggregator.text.html.sanitizer import plain

_ADDRESSES = re.compile(r' (?:href|src|cite|poster)="([^"]*)"')
_UNKNOWN_TYPE = "application/octet-stream"  # RSS and JSON Feed ask for a type even where there is none
_HEADLINE = 80  # characters of its excerpt that stand for an item without a title


@dataclass(frozen=True, slots=True)
class _Rules:
    """What presenting an entry takes from the configuration, looked up by id."""

    namespace: str  # the tag: URI prefix of the ids minted here
    sources: Mapping[str, Source]
    topics: Mapping[str, str]  # id → title

    def source(self, id: str) -> Source:
        """The source of that id; of one no longer configured nobody knows any more whether it was private."""
        return self.sources.get(id) or Source(id=id, feed="", private=True)


def present(feed: Feed, config: Config, kept: Cache | None = None) -> FeedView:
    """The feed as its documents say it; entries that were presented before are taken from what is `kept`."""
    show = presenter(feed, config, Cache() if kept is None else kept)
    return framed(feed, config, tuple(map(show, feed.entries)))


def presenter(feed: Feed, config: Config, kept: Cache) -> Callable[[Entry], EntryView]:
    """What presents the entries of a feed, each of them once while it says the same."""
    namespace, edition = _namespace(feed), kept.edition
    rules = kept.part(("rules", edition, namespace), lambda: _rules(config, namespace), lambda _: 0)

    def show(entry: Entry) -> EntryView:
        source = rules.source(entry.item.source)

        def make() -> EntryView:
            return _shown(entry, source, _kept_outlet(entry, source, namespace, kept), rules)

        return kept.part((edition, key(entry, source.republish)), make, _weight)

    return show


def emptied_entries(feed: Feed, config: Config, kept: Cache) -> tuple[EntryView, ...]:
    """What stands in a feed under the ids of entries that were withdrawn, but for the silent ones."""
    told = (gone for gone in announced(feed.withdrawn) if not gone.silent)
    return tuple(emptied(gone, config, _namespace(feed), kept.edition) for gone in told)


def framed(feed: Feed, config: Config, entries: tuple[EntryView, ...]) -> FeedView:
    """The feed with its entries as they were presented."""
    own = config.by_id.get(feed.name.removeprefix("sources/")) if feed.kind == "source" else None
    title, page = one_line(feed.title), address(feed.page)
    if own and entries:
        title = title if own.title else entries[0].outlet.title
        page = page or entries[0].outlet.page
    return FeedView(
        name=feed.name,
        id=feed.id,
        title=title or feed.name,
        description=one_line(feed.description),
        kind=feed.kind,
        page=page,
        updated=second(feed.updated),
        site=replace(
            config.site, title=one_line(config.site.title), language=languages.tag(config.site.language)
        ),
        entries=entries,
        query=legal(feed.query),
        hub=config.hub.address if feed.kind != "search" and not feed.part else "",
        part=feed.part,
        parts=feed.parts,
        withdrawn=announced(feed.withdrawn),
    )


def outlet_title(source: Source, head_title: str = "") -> str:
    """The name of an outlet: the operator's, else its feed's own, else the source's id."""
    return one_line(source.title) or one_line(head_title) or source.id


def _shown(entry: Entry, source: Source, outlet: Outlet, rules: _Rules) -> EntryView:
    item, open_to = entry.item, source.republish
    short = "" if open_to == "title" else one_line(item.excerpt or excerpt(item))
    written_in = languages.tag(item.language)
    topics = tuple(_placed(tag, rules, open_to) for tag in entry.tags if tag.topic in rules.topics)
    shown = EntryView(
        id=legal(entry.id),
        title=one_line(item.title) or _headline(short),
        url=address(item.url),
        excerpt=short,
        html="",
        outlet=outlet,
        byline=_authors(item.authors),
        published=second(entry.published),
        updated=second(entry.updated),
        language=written_in,
        direction=direction(written_in),
        topics=topics,
        categories=_categories(item, topics, rules.namespace),
        rights=one_line(item.rights) or outlet.rights,
        license=address(source.license),
        comments=address(item.comments),
        enclosures=() if open_to == "title" else _enclosures(item, source),
        pictures=_pictures(item) if source.pictures else (),
        copies=tuple(_copy(copy, rules) for copy in entry.copies if address(copy.url)),
        pinned=entry.pinned is not None,
        key=object(),
    )
    if source.private:
        shown = _discreet(shown, item, source)
    if open_to != "full" or not item.content:
        return shown
    content = _without_links(item.content, item, source) if source.private else item.content
    credit = fulltext.credit(
        outlet.title,
        outlet.page,
        shown.byline,
        source,
        shown.url,
        first=one_line(item.credit),
        rights=shown.rights if item.rights else "",
    )
    return replace(shown, html=fulltext.credited(content, credit, pictures=source.pictures))


def _discreet(shown: EntryView, item: Item, source: Source) -> EntryView:
    """An entry of a private source without any address that shows where its feed is read."""
    words = private_words(source.feed) | private_words(item.head.feed)

    def sound(url: str) -> bool:
        return not reveals(url, words)

    return replace(
        shown,
        url=shown.url if sound(shown.url) else "",
        comments=shown.comments if sound(shown.comments) else "",
        byline=tuple(one if sound(one.url) else Author(one.name) for one in shown.byline),
        categories=tuple(one for one in shown.categories if sound(one.scheme)),
        enclosures=tuple(one for one in shown.enclosures if sound(one.url)),
        pictures=tuple(one for one in shown.pictures if sound(one.url)),
    )


def _without_links(html: str, item: Item, source: Source) -> str:
    """The text of a private source's item without links and pictures that show where its feed is read."""
    words = private_words(source.feed) | private_words(item.head.feed)
    return _ADDRESSES.sub(lambda found: "" if reveals(found[1], words) else found[0], html)


def _rules(config: Config, namespace: str) -> _Rules:
    titles = {topic.id: one_line(topic.title) or topic.id for topic in config.topics}
    return _Rules(namespace, config.by_id, titles)


def _weight(shown: EntryView) -> int:
    """About how many bytes of memory it takes, with what it is found by."""
    return 4_000 + 4 * len(shown.html) + 2 * len(shown.excerpt)


def _namespace(feed: Feed) -> str:
    if feed.kind == "search":
        return feed.id.rpartition("/search/")[0]
    return feed.id.removesuffix(f"/{feed.name}")


def _kept_outlet(entry: Entry, source: Source, namespace: str, kept: Cache) -> Outlet:
    """The outlet as it was when this version of the entry was read: the same for many entries."""
    head = entry.item.head
    updated = second(head.updated or entry.updated)
    asked = ("outlet", kept.edition, namespace, source.id, head, updated)
    return kept.part(asked, lambda: _outlet(source, head, updated, namespace), lambda _: 2_000)


def _outlet(source: Source, head: Head, updated: datetime, namespace: str) -> Outlet:
    feed = "" if source.private else feed_address(head.feed or source.feed)
    page = feed_address(source.page or head.page)
    minted = f"{namespace}/sources/{source.id}"
    return Outlet(
        source=source.id,
        # The id of a feed is often its address, which a private source keeps to itself.
        id=minted if source.private else _feed_id(head.id) or feed or minted,
        title=outlet_title(source, head.title),
        subtitle=one_line(head.subtitle),
        page="" if page in {address(head.feed), address(source.feed)} else page,
        feed=feed,
        updated=updated,
        language=languages.tag(head.language),
        rights=one_line(head.rights),
        authors=_authors(head.authors),
        here=bool(source.feed),
    )


def _feed_id(id: str) -> str:
    """The id that a feed gives itself, where it is an IRI and no address with a key."""
    id = urls.iri(id)
    return "" if id.startswith("http") and not feed_address(id) else id


def _headline(short: str) -> str:
    """What stands for a missing title: the first words of the excerpt, less any markup."""
    short = plain(short, is_html=False)
    if len(short) <= _HEADLINE:
        return short or "Untitled"
    start = short[:_HEADLINE]
    return f"{(start.rpartition(' ')[0] or start).rstrip(' ,;:–—-')}…"


def _authors(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    named = (Author(one_line(author.name), address(author.url)) for author in authors)
    return tuple(author for author in named if author.name)


def _placed(tag: Tag, rules: _Rules, open_to: Republish) -> TopicView:
    hidden = ("summary", "content") if open_to == "title" else ()
    shown = (reason for reason in tag.reasons if reason.field not in hidden and one_line(reason.words))
    told = dict.fromkeys(_told(reason) for reason in shown)
    return TopicView(tag.topic, rules.topics[tag.topic], tuple(told))


def _told(reason: Reason) -> str:
    words = one_line(reason.words)
    return f"“{words}”" if reason.field else words


def _categories(item: Item, topics: tuple[TopicView, ...], namespace: str) -> tuple[Category, ...]:
    ours = [Category(topic.topic, f"{namespace}/topics", topic.title) for topic in topics]
    theirs = [
        Category(one_line(category.term), urls.iri(category.scheme), one_line(category.label))
        for category in item.categories
    ]
    return tuple(dict.fromkeys(category for category in ours + theirs if category.term))


def _enclosures(item: Item, source: Source) -> tuple[Enclosure, ...]:
    cleaned = (
        replace(
            enclosure,
            url=address(enclosure.url),
            type=mediatypes.media_type(enclosure.type, enclosure.url) or _UNKNOWN_TYPE,
            title=one_line(enclosure.title),
        )
        for enclosure in item.enclosures
    )
    shown = (found for found in cleaned if found.url and (source.pictures or not _is_picture(found)))
    return tuple({found.url: found for found in shown}.values())


def _is_picture(enclosure: Enclosure) -> bool:
    by_address = mediatypes.media_type("", enclosure.url)
    return enclosure.type.startswith("image/") or by_address.startswith("image/")


def _pictures(item: Item) -> tuple[Picture, ...]:
    cleaned = (
        replace(
            picture,
            url=address(picture.url),
            type=mediatypes.media_type(picture.type, picture.url),
            alt=one_line(picture.alt),
            credit=one_line(picture.credit),
        )
        for picture in item.pictures
    )
    return tuple(picture for picture in cleaned if picture.url)


def _copy(copy: Copy, rules: _Rules) -> Copy:
    return Copy(outlet_title(rules.source(copy.source)), one_line(copy.title), address(copy.url))
