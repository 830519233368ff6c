"""The desk: what editors decided about single items."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from aggregator.model import Decision, Rulings, Withdrawn


class DeskStore(Protocol):
    """What editors decided, and what was withdrawn; every method is one transaction."""

    def decide(self, decisions: Iterable[Decision], now: datetime) -> frozenset[str]:
        """Put the desk's decisions in force, and no others; the feeds that went stale at `now`.

        A decision is about the story of that id, else those of that address, also one that comes later; once
        it found its story, a correction does not shake it off. All that is read back shows tags as decided.
        """

    def rule(self, rulings: Rulings, now: datetime) -> frozenset[str]:
        """Put the desk's rulings about items in force, and no others; the feeds that went stale at `now`.

        A withdrawn story goes with all its items and their words; what remains is what every feed in which it
        stood has to announce (`withdrawn`), and what it is recognised by should it come again. Once a
        withdrawal ends, the sources that carried it are read whole, and it comes back under its old id. What
        is held stands in no feed; released, it comes as new. A ruling is about what a decision is about.
        """

    def withdrawn(self, feed: str, since: datetime, most: int) -> tuple[Withdrawn, ...]:
        """What a feed announces as withdrawn after `since`, or all feeds if it is ""; the latest first."""

    def erase(self) -> bool:
        """Overwrite a piece of what deleted words left behind; True while there is more to do at once."""
