"""What a reader finds in a body, before anything is normalized: values as the outlet wrote them."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model import Author, Category, Deleted, Enclosure, Head, Offer, Pace, Picture


@dataclass(frozen=True, slots=True)
class Passage:
    """A text as written: declared as HTML or plain, and the address that its relative links start from."""

    value: str = ""
    is_html: bool = False
    base: str = ""
    is_xhtml: bool = False  # its markup was elements of the feed, so that there is no doubt


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry as written; addresses are absolute already, texts and names are raw."""

    id: str = ""
    url: str = ""
    title: Passage = Passage()
    summary: Passage = Passage()
    content: Passage = Passage()
    authors: tuple[Author, ...] = ()
    categories: tuple[Category, ...] = ()
    language: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    rights: Passage = Passage()
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    comments: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole document as its reader found it; `head` is normalized."""

    head: Head
    drafts: tuple[Draft, ...]
    pace: Pace
    format: str = ""
    notes: tuple[str, ...] = ()
    unread: int = 0  # entries that the document seems to hold, where none of them could be read
    torn: bool = False  # the document did not arrive whole
    fragile: bool = False  # not well-formed
    offer: Offer = field(default_factory=Offer)
    deleted: tuple[Deleted, ...] = ()  # entries that the outlet took back
