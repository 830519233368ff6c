"""What is remembered of hubs that push to us."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from aggregator.model import Notice, Subscription

Decide = Callable[[Subscription], Subscription | None]
"""The next state of a subscription; None to leave it as it is."""


class Pushes(Protocol):
    """Subscriptions, by the token of their callback, and what was pushed; each method is one transaction."""

    def add(self, subscription: Subscription) -> None:
        """Remember a new subscription."""

    def subscription(self, token: str) -> Subscription | None:
        """The subscription with that callback, or None for an unknown one."""

    def of(self, source: str) -> tuple[Subscription, ...]:
        """The subscriptions of a source, the oldest first."""

    def change(self, token: str, decide: Decide) -> Subscription | None:
        """Give a subscription its next state; that state, or None where it is unknown or left as it is."""

    def forget(self, token: str) -> None:
        """Let a subscription go: its callback is nobody's from now on."""

    def due(self, now: datetime) -> tuple[str, ...]:
        """The sources with a subscription that something is to be done about, the longest due first."""

    def offered(self) -> tuple[str, ...]:
        """Every source whose feed names a hub, or that has a subscription, by id."""

    def keep(self, notice: Notice, most: int) -> bool:
        """Keep what was pushed until it is taken in; False, nothing kept, where `most` bytes wait already."""

    def notices(self, limit: int) -> tuple[Notice, ...]:
        """What waits to be taken in, the oldest first: the oldest of each of up to `limit` sources."""

    def next_notice(self, source: str) -> Notice | None:
        """The oldest of what waits about a source, or None."""

    def done(self, notices: Iterable[Notice]) -> None:
        """They were taken in."""
