"""`ports.HubStore` on SQLite: every method is one transaction on the connection of the store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import EllipsisType

from aggregator.adapters.sqlite import calling, delivering
from aggregator.adapters.sqlite.connection import Connection
from aggregator.hub import Bounds, Full
from aggregator.model import Announced, Call, Delivery, Ping, Subscribing


class SqliteHub:
    """What the hub remembers, in the same file as all else; any thread may call, and other processes too."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ask(self, request: Subscribing, now: datetime, bounds: Bounds) -> Full | None:
        """Remember a request until it is verified; what there is no room for, and nothing remembered."""
        with self._db.writing() as db:
            return calling.ask(db, request, now, bounds)

    def calls(self, now: datetime, per_host: int) -> tuple[Call, ...]:
        """What is due to be asked of callbacks or told to them, so much for each host."""
        with self._db.reading() as db:
            return calling.due(db, now, per_host)

    def verified(self, call: Call, now: datetime, bounds: Bounds) -> bool:
        """Do what the callback was asked about; False where that is not possible any more."""
        with self._db.writing() as db:
            return calling.verified(db, call, now, bounds)

    def drop(self, call: Call) -> None:
        """Forget a call; an earlier subscription stays as it is."""
        with self._db.writing() as db:
            calling.drop(db, call.id)

    def call_again(self, call: Call, at: datetime) -> None:
        """Let a call that failed be due later."""
        with self._db.writing() as db:
            calling.again(db, call.id, at)

    def wanted(self, topics: Collection[str], now: datetime) -> frozenset[str]:
        """Those of these topics that anybody is subscribed to."""
        with self._db.reading() as db:
            return delivering.wanted(db, topics, now)

    def announced(self, feed: str) -> Announced | None:
        """How far the news of a feed were announced; None if never."""
        with self._db.reading() as db:
            return delivering.announced(db, feed)

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
            if before is not ... and delivering.announced(db, feed) != before:
                return False
            delivering.announce(db, feed, announced, now, documents, pings)
            return True

    def deliveries(self, now: datetime, per_host: int, limit: int, *, again: bool) -> tuple[Delivery, ...]:
        """The first document that waits for each subscription that is due, so many for each host."""
        with self._db.reading() as db:
            return delivering.due(db, now, per_host, limit, again=again)

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        """Forget what the callback took; what waits next is due at once."""
        with self._db.writing() as db:
            delivering.delivered(db, delivery, now)

    def deliver_again(self, delivery: Delivery, at: datetime, now: datetime) -> None:
        """Let a delivery that failed be due later, with all that wait behind it."""
        with self._db.writing() as db:
            delivering.again(db, delivery, at, now)

    def end(self, delivery: Delivery, now: datetime, reason: str = "") -> None:
        """End the subscription with all that waits for it; with a reason, its callback is told."""
        with self._db.writing() as db:
            calling.end(db, delivery.subscription, now, reason)

    def rename(self, renamed: Mapping[str, str]) -> None:
        """Let what is about topics by their earlier paths be about those of today."""
        with self._db.writing() as db:
            calling.rename(db, renamed)

    def end_others(self, topics: Collection[str], now: datetime, reason: str) -> int:
        """End what is not about one of these topics, and tell why; how many subscriptions."""
        with self._db.writing() as db:
            return calling.end_others(db, topics, now, reason)

    def expire(self, now: datetime) -> int:
        """Forget the subscriptions whose lease has ended; how many there were."""
        with self._db.writing() as db:
            return delivering.expire(db, now)

    def pings(self, now: datetime) -> tuple[Ping, ...]:
        """What another hub is due to be told."""
        with self._db.reading() as db:
            return delivering.pings(db, now)

    def pinged(self, ping: Ping) -> None:
        """Forget what was told; news that came meanwhile stay due."""
        with self._db.writing() as db:
            delivering.pinged(db, ping)

    def ping_again(self, ping: Ping, at: datetime, now: datetime) -> None:
        """Let what could not be told be due later."""
        with self._db.writing() as db:
            delivering.ping_again(db, ping, at, now)

    def subscriptions(self) -> int:
        """How many there are."""
        with self._db.reading() as db:
            return int(db.execute("SELECT count(*) FROM hub_subscriptions").fetchone()[0])
