"""How a source's subscription fares, in a word and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from aggregator.model import Subscription
from aggregator.websub.subscriber.lifecycle import lasts
from aggregator.websub.subscriber.trust import works

State = Literal["works", "doubted", "asked", "left", "refused"]


@dataclass(frozen=True, slots=True)
class Fares:
    """The subscription that counts among those of a source, and what is to be said about it."""

    state: State
    subscription: Subscription
    sentence: str


def fares(subscriptions: Sequence[Subscription], now: datetime) -> Fares | None:
    """How the hubs of a source fare at `now`; None where none was ever asked."""
    if not subscriptions:
        return None
    one = max(subscriptions, key=lambda one: (works(one, now), lasts(one, now), bool(one.pending)))
    state = _state(one, now)
    sentence = _SENTENCES[state].format(host=urlsplit(one.hub).hostname, **_facts(one))
    return Fares(state, one, sentence.rstrip())


def _state(one: Subscription, now: datetime) -> State:
    if one.pending == "unsubscribe":
        return "left"
    if works(one, now):
        return "works"
    if lasts(one, now):
        return "doubted"
    return "asked" if one.pending else "refused"


_SENTENCES: dict[State, str] = {
    "works": "Its hub {host} pushes what is new (WebSub) until {until} UTC; {pushed}. {trouble}",
    "doubted": "Its hub {host} pushes (WebSub) until {until} UTC, yet not all: polls go on. {trouble}",
    "asked": "Its hub {host} was asked to push (WebSub) and has not confirmed that yet. {trouble}",
    "left": "Its hub {host} was asked to end its pushes (WebSub).",
    "refused": "No push (WebSub) from this outlet; its hub {host} is asked again at {next} UTC. {trouble}",
}


def _facts(one: Subscription) -> dict[str, str]:
    last = max((moment for moment in (one.pushed, one.hinted) if moment), default=None)
    return {
        "until": f"{one.until:%Y-%m-%d %H:%M}" if one.until else "",
        "pushed": f"the last push came at {last:%Y-%m-%d %H:%M} UTC" if last else "no push has come yet",
        "next": f"{one.next:%Y-%m-%d %H:%M}",
        "trouble": one.trouble,
    }
