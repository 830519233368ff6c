"""A feed as JSON Feed 1.1 (jsonfeed.org)."""

import json
from typing import Any

from aggregator.model import Author, Enclosure, Site
from aggregator.outputs.views import EntryView, FeedView, Outlet

MEDIA_TYPE = "application/feed+json"


BETWEEN = b","
_END = "]\n}"


def frame(feed: FeedView) -> tuple[bytes, bytes]:
    """What stands before and behind the items; what is not known is left out."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.address(".html"),
        "feed_url": feed.address(".json"),
        "description": feed.description,
        "language": feed.site.language,
        "authors": [{"name": feed.site.title, "url": feed.site.url}],
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
    }
    text = json.dumps(_known(document) | {"items": []}, ensure_ascii=False, indent=1)
    before = "\n " if feed.entries else ""
    return text.removesuffix(_END).encode(), f"{before}{_END}\n".encode()


def entry(shown: EntryView, site: Site) -> bytes:
    """An item as it stands in any JSON document, on lines of its own."""
    text = json.dumps(_item(shown), ensure_ascii=False, indent=1)
    return f"\n{text}".replace("\n", "\n  ").encode()


def _item(shown: EntryView) -> dict[str, Any]:
    # An item must have a text, and a title is all that some outlets let us show.
    body = {"content_html": shown.html} if shown.html else {"content_text": shown.excerpt or shown.title}
    return _known(
        {
            "id": shown.id,
            "url": shown.url,
            "title": shown.title,
            **body,
            "summary": shown.excerpt,
            "image": shown.pictures[0].url if shown.pictures else "",
            "date_published": shown.published.isoformat(),
            "date_modified": shown.updated.isoformat(),
            "authors": [_author(author) for author in shown.authors],
            "tags": list(dict.fromkeys(category.label or category.term for category in shown.categories)),
            "language": shown.language,
            "attachments": [_attachment(enclosure) for enclosure in shown.enclosures],
            "_source": _source(shown.outlet, shown),
        }
    )


def _author(author: Author) -> dict[str, Any]:
    return _known({"name": author.name, "url": author.url})


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    duration = enclosure.duration
    return _known(
        {
            "url": enclosure.url,
            "mime_type": enclosure.type,
            "title": enclosure.title,
            "size_in_bytes": enclosure.length,
            "duration_in_seconds": None if duration is None else round(duration.total_seconds()),
        }
    )


def _source(outlet: Outlet, shown: EntryView) -> dict[str, Any]:
    return _known(
        {
            "id": outlet.id,
            "title": outlet.title,
            "url": outlet.page,
            "feed": outlet.feed,
            "rights": shown.rights,
            "license": shown.license,
        }
    )


def _known(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", None, [])}
