"""Drafts → items: every field plain or cleaned, bounded, and without what sites add to their texts.

The order of the steps is told in docs/normalization.md.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import islice
from typing import NamedTuple, TypedDict

from aggregator.model import Author, Category, Head, Item, Picture
from aggregator.parse import attribution, identity, people, shortcodes
from aggregator.parse.drafts import Draft, Parsed, Passage
from aggregator.text import characters, languages, sentences, urls
from aggregator.text.boilerplate import notices, patterns, repetition
from aggregator.text.excerpts import excerpt
from aggregator.text.html import literals, plaintext, sanitizer, sniffer

MARKUP = 1_000_000
"""Characters of a text's markup at most."""


def cleaned(passage: Passage) -> str:
    """Cleaned HTML of a text, whatever it was declared as."""
    return sanitizer.clean(_markup(passage), passage.base)


def line(passage: Passage) -> str:
    """A text as one line, without markup."""
    if "<" not in passage.value and "&" not in passage.value:
        return characters.one_line(passage.value)
    return characters.one_line(sanitizer.to_text(cleaned(passage)))


def _markup(passage: Passage) -> str:
    value = _bounded(passage.value)
    if passage.is_xhtml:
        return value
    value = sniffer.unwrapped(value)
    if not passage.is_html and not sniffer.is_whole_html(value):
        return plaintext.to_html(sniffer.plain(value))
    value = literals.escaped(sniffer.without_sections(sniffer.as_meant(value)))
    return value if sniffer.has_blocks(value) else plaintext.structured(value)


def _bounded(markup: str) -> str:
    """The beginning of a long text; a tag that is not whole there is none of its words."""
    if len(markup) <= MARKUP:
        return markup
    opened, closed = markup.rfind("<", 0, MARKUP), markup.rfind(">", 0, MARKUP)
    return markup[: opened if opened > closed else MARKUP]


TITLE = 500
SUMMARY = 5_000
SYNOPSIS = 1_000
"""A text that is an entry's only one is its summary too, up to this length; longer, it is the article."""
CATEGORIES = 100
_TERM = 200
_TERMS = 20  # of an item that a notice in it may hold
_RIGHTS = 2_000
_ADDRESS = 4_000
_ALT = re.compile(r'<img\b[^>]*?\balt="([^"]*)"')
_HEADLINE = 80  # characters taken from the text where there is no title


class _Known(TypedDict):
    """What a notice in a text may repeat."""

    title: str
    authors: list[str]
    outlet: str


@dataclass(frozen=True, slots=True)
class Normalized:
    """What became of the entries of a document."""

    items: tuple[Item, ...]  # in the order of the document, each key once
    blank: int  # entries without title, text, link, file and picture, which are left out
    notices: int  # entries that are nothing but a notice of the site, which are left out
    edges: str  # to be remembered of the source
    learned: bool  # whether a line was found out to be a notice


def items(parsed: Parsed, source: str, edges: str = "") -> Normalized:
    """The items of a document, of entries with the same key the newest; `edges` are those remembered."""
    keys = identity.keys(parsed.drafts, parsed.head)
    same: dict[str, list[tuple[int, Draft]]] = defaultdict(list)
    for index, key in enumerate(keys):
        same[key].append((index, parsed.drafts[index]))
    kept = sorted(identity.newest(group) for group in same.values())
    drafts = [parsed.drafts[index] for index in kept]
    ids = identity.iris([identity.own_id(draft, parsed.head) for draft in drafts])
    texts = [_texts(draft) for draft in drafts]
    before = repetition.known(edges)
    repeated, edges = repetition.learn(
        (_lines(text, keys[index]) for index, text in zip(kept, texts, strict=True)), edges
    )
    made = [
        _item(draft, text, source, keys[index], id, parsed.head, repeated)
        for index, draft, text, id in zip(kept, drafts, texts, ids, strict=True)
    ]
    said = [(item, text) for item, text in zip(made, texts, strict=True) if _says_something(item)]
    told = tuple(item for item, text in said if not _is_notice(item, text, repeated))
    learned = not repeated.keys <= before
    return Normalized(told, len(made) - len(said), len(said) - len(told), edges, learned)


def _says_something(item: Item) -> bool:
    words = item.title or item.text or item.summary
    return bool(words or item.url or item.enclosures or item.pictures or "<img" in item.content)


def _is_notice(item: Item, texts: "_Texts", repeated: repetition.Repeated) -> bool:
    """Whether nothing is left of an entry without the notices in it, its title being one too or missing."""
    if item.text or item.summary or item.enclosures or item.pictures or "<img" in item.content:
        return False
    lines = [*notices.lines(texts.markup), texts.summary or ""]
    title = texts.title
    if not title or repeated.has(title, alone=True):
        return bool(title or any(lines))
    if title == item.head.title:
        return any(lines)
    return all(any(map(patterns.NAVIGATION.match, told)) for told in ([title], lines))


class _Texts(NamedTuple):
    """The texts of an entry, plain or cleaned, with the notices in them."""

    title: str
    markup: str
    summary: str | None  # None where the text itself stands for it
    authors: tuple[Author, ...]
    categories: tuple[Category, ...]

    @property
    def own(self) -> repetition.OwnWords:
        """The words of its own that a notice in an item may hold."""
        terms = (category.label or category.term for category in self.categories)
        return repetition.OwnWords(
            self.title,
            tuple(author.name for author in self.authors),
            tuple(sorted(islice(terms, _TERMS), key=len, reverse=True)),
        )


def _texts(draft: Draft) -> _Texts:
    about = (people.authors(draft.authors), _categories(draft.categories))
    markup = shortcodes.removed(cleaned(draft.content))
    if draft.summary.value == draft.content.value:
        return _Texts(_title(draft.title), markup, None, *about)
    passage = replace(draft.summary, value=draft.summary.value[: 4 * SUMMARY])
    summary = shortcodes.removed(line(passage))
    return _Texts(_title(draft.title), markup, sentences.cut(summary, SUMMARY), *about)


def _lines(texts: _Texts, key: str) -> repetition.Lines:
    return repetition.Lines(texts.own, notices.lines(texts.markup), texts.summary or "", key)


def _item(
    draft: Draft, texts: _Texts, source: str, key: str, id: str, head: Head, repeated: repetition.Repeated
) -> Item:
    authors = texts.authors
    known = _Known(title=texts.title, authors=[author.name for author in authors], outlet=head.title)
    content = notices.strip_html(texts.markup, **known, own=texts.own, repeated=repeated)
    text = sanitizer.to_text(content)
    said = attribution.found(texts.markup, texts.summary or "", head.title, repeated)
    item = Item(
        source=source,
        key=key,
        id=id,
        url=_address(draft.url),
        title=texts.title or _headline(text or _alternative(content, draft.pictures)),
        summary=_summary(texts, text, known, repeated),
        content=content,
        text=text,
        authors=authors,
        categories=texts.categories,
        language=languages.tag(draft.language) or head.language,
        published=draft.published,
        updated=draft.updated,
        rights=_plain(draft.rights, _RIGHTS) or said.rights,
        enclosures=draft.enclosures,
        pictures=draft.pictures,
        comments=_address(draft.comments),
        credit=said.credit,
        head=head,
    )
    return replace(item, excerpt=excerpt(item))


def _title(title: Passage) -> str:
    return sentences.cut(_plain(title, 4 * TITLE), TITLE)


def _summary(texts: _Texts, text: str, known: _Known, repeated: repetition.Repeated) -> str:
    """The outlet's summary without notices; where nothing is left or it gave none, the text if short."""
    told = notices.strip_text(texts.summary or "", **known)
    shorter = repeated.without(told, texts.own)
    if shorter and not repeated.has(shorter, alone=True):
        return shorter if shorter == told else notices.strip_text(shorter, **known)
    if texts.summary is None or told:
        return characters.one_line(text) if len(text) <= SYNOPSIS else ""
    return ""


def _headline(text: str) -> str:
    """The first words of a text that has no title, less any markup: some readers run titles."""
    return sentences.cut(sanitizer.plain(text[: 4 * _HEADLINE], is_html=False), _HEADLINE)


def _alternative(content: str, pictures: Sequence[Picture]) -> str:
    """What the first picture that has words says: a picture may be all that an entry is."""
    inside = (unescape(words) for words in _ALT.findall(content))
    offered = map(characters.one_line, (*inside, *(one.alt for one in pictures)))
    return next(filter(None, offered), "")


def _plain(passage: Passage, most: int) -> str:
    return sanitizer.plain(passage.value[:most], passage.is_html)


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
