"""What to do next about the subscriptions of a source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model import Offer, Subscription
from aggregator.websub.subscriber.lifecycle import lasts


@dataclass(frozen=True, slots=True)
class Step:
    """Begin a subscription at a hub; ask for one anew; take leave of its hub; or forget it."""

    verb: Literal["begin", "ask", "leave", "forget"]
    hub: str
    subscription: Subscription | None = None  # None for one that is to begin


def plan(
    offer: Offer, callbacks: str, subscriptions: Sequence[Subscription], now: datetime
) -> tuple[Step, ...]:
    """The steps of a source whose feed makes that offer (an empty one: nothing is wanted).

    `callbacks` is what our callbacks begin with. One hub is asked at a time, in the feed's order; while one
    is subscribed to or asked, the others are left alone.
    """
    fitting = {one.hub: one for one in subscriptions if _fits(one, offer, callbacks)}
    others = [one for one in subscriptions if not _fits(one, offer, callbacks)]
    return (*_farewells(others, now), *_asking(offer, fitting, now))


def _fits(one: Subscription, offer: Offer, callbacks: str) -> bool:
    return one.hub in offer.hubs and one.topic == offer.topic and one.callback.startswith(callbacks)


def _farewells(unwanted: Iterable[Subscription], now: datetime) -> Iterator[Step]:
    for one in unwanted:
        if one.pending == "unsubscribe" and now < one.next:
            continue  # the hub still has time to verify it
        may_leave = lasts(one, now) and one.pending != "unsubscribe"
        yield Step("leave" if may_leave else "forget", one.hub, one)


def _asking(offer: Offer, fitting: Mapping[str, Subscription], now: datetime) -> Iterator[Step]:
    held = next((one for one in fitting.values() if one.pending or lasts(one, now)), None)
    if held is not None:
        if lasts(held, now):  # until then it is worth knowing which of the others refused, and until when
            yield from (Step("forget", one.hub, one) for one in fitting.values() if one is not held)
        if held.pending != "subscribe" and held.next <= now:
            yield Step("ask", held.hub, held)
        return
    for hub in offer.hubs:
        known = fitting.get(hub)
        if known is None:
            yield Step("begin", hub)
            return
        if known.next <= now:
            yield Step("ask", hub, known)
            return
