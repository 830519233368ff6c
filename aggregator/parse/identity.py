"""Which entries of a source are the same item: in one document, and from poll to poll.

A key is made from the entry alone wherever that is enough, so that it is the same however the feed's window
moves. Only where one document shows that an id or a title cannot tell its entries apart is more taken in.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime

from aggregator.model import Head
from aggregator.parse.drafts import Draft
from aggregator.text import urls
from aggregator.text.digests import digest

_LONGEST = 500
NO_ID = frozenset({"0", "-1", "-", "id", "guid", "none", "null", "nil", "undefined", "n/a", "false", "true"})
_NEVER = datetime.min.replace(tzinfo=UTC)


def keys(drafts: Sequence[Draft], head: Head) -> tuple[str, ...]:
    """The key of each entry; equal for entries that are the same item."""
    found = [_key(draft, head) for draft in drafts]
    together: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(found):
        together[key].append(index)
    for key, indices in together.items():
        if len(indices) > 1:
            group = [drafts[index] for index in indices]
            for index, more in zip(indices, _told_apart(group, own_id(group[0], head)), strict=True):
                found[index] = f"{key} {more}" if more else key
    return tuple(found)


def own_id(draft: Draft, head: Head) -> str:
    """The entry's id, or "" where it is none: a placeholder, or the id or address of the feed itself."""
    id = draft.id.strip()
    return "" if id.lower() in NO_ID or (_is_of_the_feed(id, head) and id != draft.url) else id


def key_of_id(id: str, head: Head) -> str:
    """The key of the entry with that id, "" where none can have it."""
    id = id.strip()
    return "" if not id or id.lower() in NO_ID or _is_of_the_feed(id, head) else _named(id)


def newest(same: Iterable[tuple[int, Draft]]) -> int:
    """Which of several entries with the same key stands for them: the latest by date, then by place."""
    return max(same, key=lambda one: (one[1].updated or one[1].published or _NEVER, one[0]))[0]


def iris(ids: Sequence[str]) -> tuple[str, ...]:
    """The ids that can serve as atom:id; "" for one that cannot, or that several items share."""
    usable = [urls.iri(id) for id in ids]
    times = Counter(usable)
    return tuple(id if times[id] == 1 else "" for id in usable)


def _key(draft: Draft, head: Head) -> str:
    if id := own_id(draft, head):
        return _named(id)
    if draft.url:
        return _hash(_folded(draft.url), _words(draft))
    return _hash(_words(draft), draft.published)


def _named(id: str) -> str:
    moved = re.sub(r"^http://", "https://", id)  # a site that moves to https keeps its items
    return moved if len(moved) <= _LONGEST else _hash(moved)


def _is_of_the_feed(id: str, head: Head) -> bool:
    return id.rstrip("/") in {name.rstrip("/") for name in (head.id, head.page, head.feed) if name}


def _told_apart(group: Sequence[Draft], id: str) -> list[str]:
    """What has to join the key of entries that share it but are different items; "" where they are one.

    An id decides, unless its entries differ in link and in title: then it was given out by mistake. Entries
    without id and link that agree in title and date are different if their texts are.
    """
    links, titles = {_folded(draft.url) for draft in group}, {_words(draft) for draft in group}
    if id and len(links) > 1 and len(titles) > 1:
        return [_hash(_folded(draft.url)) if draft.url else _hash(_words(draft)) for draft in group]
    if not id and links == {""}:
        return [_hash(letters(draft.content.value)) for draft in group]
    return [""] * len(group)


def _words(draft: Draft) -> str:
    """The title's letters and figures, so that a corrected comma makes no new item; else the text's."""
    return letters(draft.title.value) or letters(draft.content.value[:2_000])[:500]


def letters(text: str) -> str:
    """The letters and figures of a text, in one case."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _folded(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")


def _hash(*parts: Hashable) -> str:
    written = "\x1f".join(str(part) for part in parts)
    return digest(written)
