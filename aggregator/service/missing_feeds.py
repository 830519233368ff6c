"""Topics and sources that an edit took out although entries are published under them, and what to do then."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.feeds import renames, selection
from aggregator.feeds.selection import GRACE
from aggregator.model import Config
from aggregator.store import FeedStore
from aggregator.text.moments import told
from aggregator.text.nearest import nearest
from aggregator.text.quantities import counted

_log = logging.getLogger("aggregator")
_FRONT = "index"


@dataclass(frozen=True, slots=True)
class Missing:
    """A published feed that the configuration no longer has."""

    section: str  # topics or sources
    id: str
    entries: int
    until: datetime  # when its addresses begin to answer 410
    timezone: str  # the site's
    now_called: str = ""  # the id that it may have now

    @property
    def _many(self) -> str:
        return counted(self.entries, "entry", "entries")

    @property
    def sentence(self) -> str:
        """What has happened, and what it means for readers."""
        until = told(self.until, ZoneInfo(self.timezone))
        return (
            f"{self.section}.{self.id} is no longer there, though it has {self._many} published. Its "
            f"addresses answer with its last documents until {until}, then 410: gone "
            "for good."
        )

    @property
    def advice(self) -> str:
        """What to write if that is not meant."""
        was = f"`was: [{self.id}]`"
        if self.now_called:
            return f"If {self.now_called} is its new id, write {was} below {self.section}.{self.now_called}."
        return f"If it has a new id, write {was} below that; else put it back, unless this is meant."


def missing(store: FeedStore, cfg: Config, now: datetime) -> tuple[Missing, ...]:
    """What is published and has entries, but is neither configured nor renamed."""
    configured = {definition.name for definition in selection.definitions(cfg)}
    known, published = store.redirects(), store.begun_feeds()
    alive = {name for name in published if name not in known}
    elsewhere = renames.resolve(configured, selection.earlier_names(cfg), known, alive)
    ended = store.ended_feeds()
    found = []
    for name in sorted(alive - configured - elsewhere.keys() - {_FRONT}):
        entries = store.places(name)
        if entries:
            since = ended[name].since if name in ended else now
            new = {one for one in configured if one not in published or published[one] >= since}
            section, id = ("sources", name[8:]) if name.startswith("sources/") else ("topics", name)
            found.append(Missing(section, id, entries, since + GRACE, cfg.site.timezone, _likely(name, new)))
    return tuple(found)


def mention(found: Collection[Missing], told: set[Missing]) -> None:
    """Log what is missing, each once while it is."""
    for one in found:
        if one not in told:
            _log.warning("%s %s", one.sentence, one.advice)
    told.intersection_update(found)
    told.update(found)


def _likely(name: str, new: Collection[str]) -> str:
    """The id that a feed has now, most likely: the only new one of its kind, or the nearest of several."""
    folder = name.rpartition("/")[0]
    ids = [one.rpartition("/")[2] for one in sorted(new) if one.rpartition("/")[0] == folder and one != "all"]
    if len(ids) <= 1:
        return ids[0] if ids else ""
    return nearest(name.rpartition("/")[2], ids)
