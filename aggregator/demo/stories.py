"""The sample outlets and their stories, and what each outlet shows at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

EVERY = timedelta(seconds=25)
CORRECTED_AFTER = timedelta(seconds=40)
SHOWN = 12
_UNDATED = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SampleOutlet:
    """A sample outlet: one feed, in one format and language."""

    id: str
    title: str
    description: str
    language: str
    file: str  # the feed's name below the outlet's own path


@dataclass(frozen=True, slots=True)
class Story:
    """One story as it stands now; a story without `hours` comes while the outlets are watched."""

    id: str
    outlets: tuple[str, ...]
    author: str
    categories: tuple[str, ...]
    title: str
    summary: str
    body: tuple[str, ...]
    picture: str = ""  # what it shows
    hours: float | None = None
    corrected: Mapping[str, Any] | None = None
    published: datetime = _UNDATED
    updated: datetime = _UNDATED

    @property
    def shared(self) -> bool:
        """Whether several outlets carry it, as they do an agency's text: under one id."""
        return len(self.outlets) > 1


OUTLETS = (
    SampleOutlet("meridian-courier", "The Meridian Courier", "World news with pictures", "en", "feed.xml"),
    SampleOutlet("han-river-review", "Han River Review", "Korea and its neighbours", "en", "atom.xml"),
    SampleOutlet("open-ledger", "Open Ledger", "Politics in the open", "en", "feed.json"),
    SampleOutlet("nordlys-bulletin", "Nordlys Bulletin", "News from the north", "en", "index.rdf"),
    SampleOutlet("corriente-sur", "Corriente Sur", "Noticias del sur", "es", "rss.xml"),
    SampleOutlet("hanbit-sinmun", "한빛신문", "한반도 소식", "ko", "atom.xml"),
    SampleOutlet("harbour-post", "The Harbour Post", "Our town and the sea", "en", "news.rss"),
)


def at(outlet: str, opened: datetime, now: datetime) -> tuple[Story, ...]:
    """What an outlet's feed shows, newest first, at a moment after the outlets opened."""
    told = [story for story in _told(opened, now) if outlet in story.outlets]
    return tuple(sorted(told, key=lambda story: story.published, reverse=True)[:SHOWN])


def _told(opened: datetime, now: datetime) -> list[Story]:
    before = [_dated(story, opened - timedelta(hours=story.hours or 0)) for story in _all() if story.hours]
    if now >= opened + CORRECTED_AFTER:
        before = [_correct(story, opened + CORRECTED_AFTER) for story in before]
    pool = [story for story in _all() if story.hours is None]
    since = [_again(pool, number, opened + EVERY * (number + 1)) for number in range((now - opened) // EVERY)]
    return before + since


def _again(pool: list[Story], number: int, published: datetime) -> Story:
    """The pool's next story; when all were told, they are told again as the next day's."""
    day, place = divmod(number, len(pool))
    story = pool[place]
    if day:
        story = replace(story, id=f"{story.id}-{day + 1}", title=f"{story.title} ({day + 1})")
    return _dated(story, published)


def _dated(story: Story, published: datetime) -> Story:
    return replace(story, published=published, updated=published)


def _correct(story: Story, updated: datetime) -> Story:
    return story if story.corrected is None else replace(story, **story.corrected, updated=updated)


@cache
def _all() -> tuple[Story, ...]:
    text = files(__package__).joinpath("stories.yaml").read_text(encoding="utf-8")
    return tuple(_story(**fields) for fields in yaml.safe_load(text))


def _story(**fields: Any) -> Story:
    corrected = fields.get("corrected")
    if corrected is not None:
        fields["corrected"] = {**corrected, "body": tuple(corrected["body"])}
    for name in ("outlets", "categories", "body"):
        fields[name] = tuple(fields[name])
    return Story(**fields)
