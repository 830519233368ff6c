"""Ids with the titles beside them, for people: id (Title)."""

from aggregator.model import Config
from aggregator.text.characters import one_line


def outlet(config: Config, id: str, own: str = "") -> str:
    """A source with its title, the operator's or the one that its feed has of its `own`."""
    return titled(id, config.source(id).title or own)


def topic(config: Config, id: str) -> str:
    """A topic with its title; one that is not configured has none."""
    return titled(id, next((one.title for one in config.topics if one.id == id), ""))


def titled(id: str, title: str) -> str:
    """An id with the title, unless that says no more than the id."""
    title = one_line(title)
    return f"{id} ({title})" if _letters(title) not in ("", _letters(id)) else id


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
