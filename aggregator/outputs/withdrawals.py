"""What is told of entries that were withdrawn: an emptied entry in each feed, and a list of them all."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from aggregator.model import Config, Withdrawn
from aggregator.outputs.addresses import direction, second
from aggregator.outputs.checks.values import is_iri
from aggregator.outputs.views import EntryView, Outlet
from aggregator.text import languages
from aggregator.text.characters import legal, one_line
from aggregator.text.digests import digest

LIST = "withdrawn.json"
"""Where the list goes, below feeds/."""
TITLE = "Withdrawn"
_BY_OUTLET = "Taken back by the outlet that published it."


def announced(withdrawn: Iterable[Withdrawn]) -> tuple[Withdrawn, ...]:
    """What documents say of them: times to the second, the reason on one line.

    One whose id no document may hold was in none, and is not told of.
    """
    return tuple(_announced(gone) for gone in withdrawn if is_iri(legal(gone.id)))


def _announced(gone: Withdrawn) -> Withdrawn:
    reason = one_line(gone.reason) or (_BY_OUTLET if gone.by == "outlet" else "")
    at, published = second(gone.at), second(gone.published)
    return Withdrawn(legal(gone.id), at, published, gone.by, reason, gone.silent, gone.feeds)


def emptied(gone: Withdrawn, config: Config, namespace: str, edition: str) -> EntryView:
    """The entry under its id, of which nothing is left but that it was withdrawn, and why, as `announced`.

    The site stands for its outlet; `namespace` is the prefix of the ids minted here.
    """
    site = config.site
    written_in = languages.tag(site.language)
    title = one_line(site.title)
    outlet = Outlet("", f"{namespace}/all", title, "", site.url, "", gone.at, written_in, "", (), here=False)
    seed = f"{edition} {outlet!r} {gone!r}".encode("utf-8", "surrogatepass")
    return EntryView(
        id=gone.id,
        title=TITLE,
        url="",
        excerpt=told(gone),
        html="",
        outlet=outlet,
        byline=(),
        published=gone.published,
        updated=gone.at,
        language=written_in,
        direction=direction(written_in),
        topics=(),
        categories=(),
        rights="",
        license="",
        comments="",
        enclosures=(),
        pictures=(),
        copies=(),
        key=digest(seed),
    )


def listed(withdrawn: Sequence[Withdrawn], config: Config) -> bytes:
    """Every entry that is withdrawn as a JSON Feed, the latest first: when, by whom, why, where it stood."""
    latest: dict[str, Withdrawn] = {}
    for gone in announced(withdrawn):
        latest.setdefault(gone.id, gone)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{TITLE} – {one_line(config.site.title)}",
        "home_page_url": config.site.url,
        "feed_url": f"{config.site.url}{LIST}",
        "items": [_item(gone) for gone in latest.values()],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def told(gone: Withdrawn) -> str:
    """The sentences that stand in place of its text."""
    return " ".join(filter(None, ("This entry was withdrawn.", gone.reason)))


def _item(gone: Withdrawn) -> dict[str, Any]:
    when = gone.at.isoformat()
    return {
        "id": gone.id,
        "title": TITLE,
        "content_text": told(gone),
        "date_published": gone.published.isoformat(),
        "date_modified": when,
        "_withdrawn": {"when": when, "by": gone.by, "reason": gone.reason, "feeds": list(gone.feeds)},
    }
