"""Which items are one story, and under which id it may be published."""

from typing import NamedTuple

from aggregator.model import Item
from aggregator.text.digests import digest
from aggregator.text.normalforms import normalized
from aggregator.text.urls import canonical


class ArticleNames(NamedTuple):
    """What an item is found and compared by besides its id; each "" where it has none."""

    url: str  # canonical
    title: str  # folded


def names(item: Item) -> ArticleNames:
    """The names of an item."""
    return ArticleNames(canonical(item.url), folded(item.title))


def article_keys(item: Item, names: ArticleNames) -> tuple[str, ...]:
    """Items of two sources are the same article if they share one of these; none without an outlet's id.

    The id alone proves nothing: the address, or the title, has to be the same as well.
    """
    if not item.id:
        return ()
    marks = (("url", names.url), ("title", names.title))
    return tuple(digest(f"{kind} {mark} {item.id}") for kind, mark in marks if mark)


def published_ids(item: Item, namespace: str) -> tuple[str, ...]:
    """What a new story's id may be: the outlet's own, then minted ones; the first that is free is taken.

    An id under our own `namespace` is never an outlet's to give.
    """
    mark = known_by(item.key)
    minted = tuple(f"{namespace}/{item.source}/{end}" for end in (mark[:16], mark))
    usable = item.id.isprintable() and not item.id.startswith(f"{namespace}/")
    return (item.id, *minted) if item.id and usable else minted


def marks(item: Item, namespace: str) -> tuple[str, ...]:
    """What an item is recognised by if it comes again, from any source: its ids, and last its address."""
    ids = dict.fromkeys((item.id, *published_ids(item, namespace)))
    return (*map(id_mark, filter(None, ids)), *address_marks(item.url))


def named_marks(name: str) -> tuple[str, ...]:
    """What an item is recognised by that somebody names by its id or its address."""
    return (id_mark(name), *address_marks(name))


def id_mark(id: str) -> str:
    """A short name of an id, which tells nothing of it."""
    return digest(f"id {id}")


def address_marks(url: str) -> tuple[str, ...]:
    """A short name of an address, however it is written; none where it is no web address."""
    same = canonical(url)
    return (digest(f"address {same}"),) if same else ()


def known_by(key: str) -> str:
    """A short name of `Item.key`, however long that is."""
    return digest(key)


def folded(title: str) -> str:
    """Equal for titles that differ in case, width and spaces alone."""
    return " ".join(normalized("NFKC", title).casefold().split())
