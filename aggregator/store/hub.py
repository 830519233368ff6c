"""What the hub remembers: requests to verify, subscriptions, and what is still to be delivered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import EllipsisType
from typing import Protocol

from aggregator.model import Announced, Answered, Call, Delivery, Ping, Subscribing
from aggregator.websub.hub import Bounds, Full


class Callbacks(Protocol):
    """Requests to addresses that strangers name; what happens there is an answer, never an exception.

    `allow_private` are networks, in CIDR notation, that may be dialled besides public addresses.
    """

    async def get(self, url: str, allow_private: tuple[str, ...]) -> Answered:
        """Ask an address, exactly as it is written."""

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], allow_private: tuple[str, ...]
    ) -> Answered:
        """Hand a body over to an address."""


class HubStore(Protocol):
    """Every method is one transaction; any process may call. What is due stays due until it is reported done.

    Topics go by the paths of feeds, "north-korea.atom"; a subscription is a topic and a callback.
    """

    def ask(self, request: Subscribing, now: datetime, bounds: Bounds) -> Full | None:
        """Remember a request until it is verified; what there is no room for, and nothing remembered.

        It takes the place of an earlier one about the same subscription that was not verified yet.
        """

    def calls(self, now: datetime, per_host: int) -> tuple[Call, ...]:
        """What is due to be asked of callbacks or told to them, so much for each host.

        First what did not fail before; in it the askers take turns, each with its oldest and its newest.
        """

    def verified(self, call: Call, now: datetime, bounds: Bounds) -> bool:
        """The callback wants what was asked: subscribe, renew with the new secret and lease, or unsubscribe.

        False where a later request took its place, or where there is no room any more: then a denial is due.
        """

    def drop(self, call: Call) -> None:
        """A denial was told, or a request is not wanted: an earlier subscription stays as it is."""

    def call_again(self, call: Call, at: datetime) -> None:
        """The callback could not be asked; it is due again later."""

    def wanted(self, topics: Collection[str], now: datetime) -> frozenset[str]:
        """Those of these topics that anybody is subscribed to."""

    def announced(self, feed: str) -> Announced | None:
        """How far the news of a feed were announced; None if never."""

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
        """Let news be due: documents by topic at all its subscribers in this order, topics at another hub.

        False, and nothing stored, where `before` is not what was announced last: another process was faster.
        """

    def deliveries(self, now: datetime, per_host: int, limit: int, *, again: bool) -> tuple[Delivery, ...]:
        """The first document that waits for each subscription that is due, so many for each host.

        Either those that failed before and are due `again`, or the others.
        """

    def delivered(self, delivery: Delivery, now: datetime) -> None:
        """The callback took it; what waits next is due at once."""

    def deliver_again(self, delivery: Delivery, at: datetime, now: datetime) -> None:
        """The callback did not take it; it is due again later, and all behind it wait."""

    def end(self, delivery: Delivery, now: datetime, reason: str = "") -> None:
        """End the subscription with all that waits for it; with a reason, its callback is told."""

    def rename(self, renamed: Mapping[str, str]) -> None:
        """Let what is about topics by their earlier paths be about those of today, unless such is there."""

    def end_others(self, topics: Collection[str], now: datetime, reason: str) -> int:
        """End what is not about one of these topics, requests too, and tell why; how many subscriptions."""

    def expire(self, now: datetime) -> int:
        """Forget the subscriptions whose lease has ended; how many there were."""

    def pings(self, now: datetime) -> tuple[Ping, ...]:
        """What another hub is due to be told."""

    def pinged(self, ping: Ping) -> None:
        """It was told, or is no more to be told; news that came meanwhile stay due."""

    def ping_again(self, ping: Ping, at: datetime, now: datetime) -> None:
        """It could not be told; due again later."""

    def subscriptions(self) -> int:
        """How many there are."""
