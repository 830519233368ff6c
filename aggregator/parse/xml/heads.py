"""What an XML feed says of itself, and how often it wants to be asked."""

import re
from datetime import timedelta

from aggregator.model import Head, Offer, Pace
from aggregator.parse import people
from aggregator.parse.hub_links import gathered
from aggregator.parse.xml.fields import Record, authors, child, moment, passage, records, string
from aggregator.text import languages, urls
from aggregator.text.html import sanitizer

_LONGEST = 2_000  # characters of a subtitle or a rights statement

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 730, "yearly": 8760}  # hours
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_A_YEAR = timedelta(days=365)
_SKIPPED = re.compile(r"<skip(hours|days)\b[^>]*>(.{0,2000}?)</skip\1>", re.IGNORECASE | re.DOTALL)


def head(feed: Record, url: str, base: str) -> Head:
    """The feed's own title, page, authors and so on; `url` is where it was read."""
    base = urls.absolute(base)
    return Head(
        id=urls.iri(string(feed, "id")),
        title=plain(feed, "title", base),
        subtitle=plain(feed, "subtitle", base) or plain(feed, "info", base),
        page=page(feed, base),
        feed=urls.public(url),
        updated=moment(feed, "updated") or moment(feed, "published"),
        language=languages.tag(string(feed, "language")),
        rights=plain(feed, "rights", base) or license_link(feed, base),
        authors=people.authors(authors(feed, base)),
        icon=_icon(feed, page(feed, base) or base),
    )


def page(feed: Record, base: str) -> str:
    """The website that the feed belongs to: its alternate link."""
    links = [link for link in records(feed, "links") if string(link, "rel") in ("alternate", "")]
    links.sort(key=lambda link: "html" not in string(link, "type"))
    found = (urls.absolute(string(link, "href"), base) for link in links)
    return next(filter(None, found), "") or urls.absolute(string(feed, "link"), base)


def offer(feed: Record, url: str) -> Offer:
    """The hubs that the feed's own links name, and the topic (`atom:link`, also in RSS; WebSub, 4)."""
    links = [(string(link, "rel").lower().split(), string(link, "href")) for link in records(feed, "links")]
    return gathered(
        (href for relations, href in links if "hub" in relations),
        (href for relations, href in links if "self" in relations),
        url,
    )


def plain(record: Record, key: str, base: str) -> str:
    """A text construct as one line of plain text, bounded."""
    text = passage(record, key, base)
    return sanitizer.plain(text.value[: 4 * _LONGEST], text.is_html)[:_LONGEST]


def license_link(record: Record, base: str) -> str:
    """The address of the license that a feed or an entry links to, or ""."""
    links = (link for link in records(record, "links") if string(link, "rel") == "license")
    return next(filter(None, (urls.absolute(string(link, "href"), base) for link in links)), "")


def _icon(feed: Record, base: str) -> str:
    offered = (string(feed, "icon"), string(child(feed, "image"), "href"), string(feed, "logo"))
    return next(filter(None, (urls.absolute(url, base) for url in offered if url)), "")


def pace(feed: Record, xml: str) -> Pace:
    """RSS 2.0 `ttl`, `skipHours`, `skipDays`; `sy:updatePeriod` where there is no ttl.

    The skips are looked up in the XML outside of the entries: feedparser keeps the last hour alone.
    """
    skipped = {kind.lower(): words.lower() for kind, words in _SKIPPED.findall(xml)}
    hours = (int(hour) for hour in re.findall(r">\s*([0-9]{1,2})\s*<", skipped.get("hours", "")))
    days = re.findall(r"[a-z]+", re.sub(r"</?[a-z:]+[^>]*>", " ", skipped.get("days", "")))
    return Pace(
        ttl=_ttl(feed),
        skip_hours=frozenset(hour % 24 for hour in hours if hour <= 24),
        skip_days=frozenset(_DAYS.index(day) for day in days if day in _DAYS),
    )


def _ttl(feed: Record) -> timedelta | None:
    minutes = _number(string(feed, "ttl"))
    if minutes is not None:
        return min(timedelta(minutes=minutes), _A_YEAR)
    hours = _PERIODS.get(string(feed, "sy_updateperiod").lower())
    times = _number(string(feed, "sy_updatefrequency")) or 1
    return timedelta(hours=hours) / times if hours else None


def _number(value: str) -> int | None:
    """A positive whole number, or None; one of more than eight digits is as good as its first eight."""
    return int(value[:8]) or None if re.fullmatch(r"[0-9]+", value) else None
