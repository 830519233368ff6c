"""`store.HubStore` on SQLite: every method is one transaction on the connection of the store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import EllipsisType

from aggregator.model import Announced, Call, Delivery, Ping, Subscribing
from aggregator.store.sqlite import deliveries, subscribers
from aggregator.store.sqlite.connection import Connection
from aggregator.websub.hub import Bounds, Full


class SqliteHub:
    """What the hub remembers, in the same file as all else; any thread may call, and other processes too."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ask(self, request: Subscribing, now: datetime, bounds: Bounds) -> Full | None:
        """Remember a request until it is verified; what there is no room for, and nothing remembered."""
        with self._db.writing() as db:
            return subscribers.ask(db, request, now, bounds)

    def calls(self, now: datetime, per_host: int) -> tuple[Call, ...]:
        """What is due to be asked of callbacks or told to them, so much for each host."""
        with self._db.reading() as db:
            return subscribers.due(db, now, per_host)

    def verified(self, call: Call, now: datetime, bounds: Bounds) -> bool:
        """Do what the callback was asked about; False where that is not possible any more."""
        with self._db.writing() as db:
            return subscribers.verified(db, call, now, bounds)

    def drop(self, call: Call) -> None:
        """Forget a call; an earlier subscription stays as it is."""
        with self._db.writing() as db:
            subscribers.drop(db, call.id)

    def call_again(self, call: Call, at: datetime) -> None:
        """Let a call that failed be due later."""
        with self._db.writing() as db:
            subscribers.again(db, call.id, at)

    def wanted(self, topics: Collection[str], now: datetime) -> frozenset[str]:
        """Those of these topics that anybody is subscribed to."""
        with self._db.reading() as db:
            return deliveries.wanted(db, topics, now)

    def announced(self, feed: str) -> Announced | None:
        """How far the news of a feed were announced; None if never."""
        with self._db.reading() as db:
            return deliveries.announced(db, feed)

    def announce(
        self,
        feed: str,
        announced: Announced,
        now: datetime,
        documents: Mapping[str, Sequence[bytes]],
        pings: Iterable[str] = (),
        *,
        before: Announced | EllipsisType | None = ...,
    ) -> bool:
        """Let news be due at all who subscribed, unless others were announced since `before`."""
        with self._db.writing() as db:
            if before is not ... and deliveries.announced(db, feed) != before:
                return False
            deliveries.announce(db, feed, announced, now, documents, pings)
            return True

    def deliveries(self, now: datetime, per_host: int, limit: int, *, again: bool) -> tuple[Delivery, ...]:
        """The first document that waits for each subscription that is due, so many for each host."""
        with self._db.reading() as db:
            return deliveries.due(db, now, per_host, limit, again=again)

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        """Forget what the callback took; what waits next is due at once."""
        with self._db.writing() as db:
            deliveries.delivered(db, delivery, now)

    def deliver_again(self, delivery: Delivery, at: datetime, now: datetime) -> None:
        """Let a delivery that failed be due later, with all that wait behind it."""
        with self._db.writing() as db:
            deliveries.again(db, delivery, at, now)

    def end(self, delivery: Delivery, now: datetime, reason: str = "") -> None:
        """End the subscription with all that waits for it; with a reason, its callback is told."""
        with self._db.writing() as db:
            subscribers.end(db, delivery.subscription, now, reason)

    def rename(self, renamed: Mapping[str, str]) -> None:
        """Let what is about topics by their earlier paths be about those of today."""
        with self._db.writing() as db:
            subscribers.rename(db, renamed)

    def end_others(self, topics: Collection[str], now: datetime, reason: str) -> int:
        """End what is not about one of these topics, and tell why; how many subscriptions."""
        with self._db.writing() as db:
            return subscribers.end_others(db, topics, now, reason)

    def expire(self, now: datetime) -> int:
        """Forget the subscriptions whose lease has ended; how many there were."""
        with self._db.writing() as db:
            return deliveries.expire(db, now)

    def pings(self, now: datetime) -> tuple[Ping, ...]:
        """What another hub is due to be told."""
        with self._db.reading() as db:
            return deliveries.pings(db, now)

    def pinged(self, ping: Ping) -> None:
        """Forget what was told; news that came meanwhile stay due."""
        with self._db.writing() as db:
            deliveries.pinged(db, ping)

    def ping_again(self, ping: Ping, at: datetime, now: datetime) -> None:
        """Let what could not be told be due later."""
        with self._db.writing() as db:
            deliveries.ping_again(db, ping, at, now)

    def subscriptions(self) -> int:
        """How many there are."""
        with self._db.reading() as db:
            return int(db.execute("SELECT count(*) FROM hub_subscriptions").fetchone()[0])
