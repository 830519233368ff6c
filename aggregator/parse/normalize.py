"""Drafts → items: every field plain or cleaned, bounded, and without what sites add to their texts.

The order of the steps is told in docs/normalization.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from itertools import islice
from typing import TypedDict

from aggregator.model import Category, Head, Item, Picture
from aggregator.parse import bodies, characters, html, identity, language, notices, people, sentences, urls
from aggregator.parse.draft import Draft, Parsed, Passage
from aggregator.parse.text import excerpt

TITLE = 500
SUMMARY = 5_000
SYNOPSIS = 1_000
"""A text that is an entry's only one is its summary too, up to this length; longer, it is the article."""
CATEGORIES = 100
_TERM = 200
_RIGHTS = 2_000
_ADDRESS = 4_000
_ALT = re.compile(r'<img\b[^>]*?\balt="([^"]*)"')
_HEADLINE = 80  # characters taken from the text where there is no title


class _Known(TypedDict):
    """What a notice in a text may repeat."""

    title: str
    authors: list[str]
    outlet: str


def items(parsed: Parsed, source: str) -> tuple[tuple[Item, ...], int]:
    """The items of a document in its order, each key once; of entries with the same key the newest stays.

    And how many entries are none, because they have neither title, text, link, file nor picture.
    """
    keys = identity.keys(parsed.drafts, parsed.head)
    same: dict[str, list[tuple[int, Draft]]] = defaultdict(list)
    for index, key in enumerate(keys):
        same[key].append((index, parsed.drafts[index]))
    kept = sorted(identity.newest(group) for group in same.values())
    drafts = [parsed.drafts[index] for index in kept]
    ids = identity.iris([identity.own_id(draft, parsed.head) for draft in drafts])
    made = [
        _item(draft, source, keys[index], id, parsed.head)
        for index, draft, id in zip(kept, drafts, ids, strict=True)
    ]
    told = tuple(item for item in made if _says_something(item))
    return told, len(made) - len(told)


def _says_something(item: Item) -> bool:
    words = item.title or item.text or item.summary
    return bool(words or item.url or item.enclosures or item.pictures or "<img" in item.content)


def _item(draft: Draft, source: str, key: str, id: str, head: Head) -> Item:
    authors = people.authors(draft.authors)
    title = _title(draft.title)
    known = _Known(title=title, authors=[author.name for author in authors], outlet=head.title)
    content = notices.strip_html(bodies.cleaned(draft.content), **known)
    text = html.to_text(content)
    item = Item(
        source=source,
        key=key,
        id=id,
        url=_address(draft.url),
        title=title or _headline(text or _alternative(content, draft.pictures)),
        summary=_summary(draft, text, known),
        content=content,
        text=text,
        authors=authors,
        categories=_categories(draft.categories),
        language=language.tag(draft.language) or head.language,
        published=draft.published,
        updated=draft.updated,
        rights=_plain(draft.rights, _RIGHTS),
        enclosures=draft.enclosures,
        pictures=draft.pictures,
        comments=_address(draft.comments),
        head=head,
    )
    return replace(item, excerpt=excerpt(item))


def _title(title: Passage) -> str:
    return sentences.cut(_plain(title, 4 * TITLE), TITLE)


def _summary(draft: Draft, text: str, known: _Known) -> str:
    if draft.summary.value == draft.content.value:
        return characters.one_line(text) if len(text) <= SYNOPSIS else ""
    passage = replace(draft.summary, value=draft.summary.value[: 4 * SUMMARY])
    plain = sentences.cut(bodies.line(passage), SUMMARY)
    return notices.strip_text(plain, **known)


def _headline(text: str) -> str:
    """The first words of a text that has no title, less any markup: some readers run titles."""
    return sentences.cut(html.plain(text[: 4 * _HEADLINE], is_html=False), _HEADLINE)


def _alternative(content: str, pictures: Sequence[Picture]) -> str:
    """What the first picture that has words says: a picture may be all that an entry is."""
    inside = (unescape(words) for words in _ALT.findall(content))
    offered = map(characters.one_line, (*inside, *(one.alt for one in pictures)))
    return next(filter(None, offered), "")


def _plain(passage: Passage, most: int) -> str:
    return html.plain(passage.value[:most], passage.is_html)


def _categories(found: Iterable[Category]) -> tuple[Category, ...]:
    """The categories in plain words, each term once within its scheme; one without scheme joins another.

    A scheme that is no IRI is left out.
    """
    once: dict[tuple[str, str], Category] = {}
    for category in (_category(one) for one in islice(found, 10 * CATEGORIES)):
        if category.term:
            once.setdefault((category.term.casefold(), category.scheme), category)
    schemed = {term for term, scheme in once if scheme}
    kept = (category for (term, scheme), category in once.items() if scheme or term not in schemed)
    return tuple(islice(kept, CATEGORIES))


def _category(written: Category) -> Category:
    term, label = (
        _plain(Passage(value, True), 4 * _TERM)[:_TERM].strip() for value in (written.term, written.label)
    )
    return Category(term, urls.iri(_address(written.scheme)), "" if label == term else label)


def _address(url: str) -> str:
    return url if len(url) <= _ADDRESS else ""
