"""Calls of callbacks: what they are asked and told (WebSub, 5.2, 5.3), how many, and when again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlencode

from aggregator.model import Call


def call_url(call: Call, challenge: str) -> str:
    """The address to GET: the callback's own with the question behind what it has in its query."""
    asked = {"hub.mode": call.mode, "hub.topic": call.address}
    if call.mode == "denied":
        asked["hub.reason"] = call.reason
    else:
        asked["hub.challenge"] = challenge
    if call.mode == "subscribe":
        asked["hub.lease_seconds"] = str(call.lease // timedelta(seconds=1))
    joint = "&" if "?" in call.callback else "?"
    if call.callback.endswith(("?", "&")):
        joint = ""
    return f"{call.callback}{joint}{urlencode(asked)}"


def answers_challenge(status: int, body: bytes, challenge: str) -> bool:
    """Whether the callback wants what was asked: a 2xx, and the challenge as its whole body."""
    return 200 <= status < 300 and body == challenge.encode("ascii")


Full = Literal["pending", "subscriptions"]
"""What there is no room for: another request to verify, or another subscription."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most there may be at a time; a subscription that is renewed takes no new place."""

    pending: int = 2_000
    pending_per_host: int = 200
    pending_per_asker: int = 200
    subscriptions: int = 20_000
    subscriptions_per_host: int = 5_000
    subscriptions_per_asker: int = 5_000


BOUNDS = Bounds()
_OF_MANY = Bounds(pending_per_host=100, pending_per_asker=1_000, subscriptions_per_asker=10_000)


def bounds_for(asker: str) -> Bounds:
    """What holds for an asker; at a private address many may be behind a proxy that names none of them.

    All of them together get half of the room, and each host of callbacks less of it.
    """
    try:
        return _OF_MANY if ip_address(asker).is_private else BOUNDS
    except ValueError:  # a network of IPv6 addresses, which a proxy is never taken for
        return BOUNDS


GIVE_UP = timedelta(days=3)  # of notifications that fail: the subscription ends
CALLS = 2  # tries of a verification or a denial
_FIRST, _LONGEST = timedelta(seconds=5), timedelta(hours=1)


def next_try(
    now: datetime, tries: int, since: datetime | None, chance: float, asked: timedelta | None = None
) -> datetime | None:
    """When to try again after `tries` failures in a row, the first at `since`; None to give up.

    The wait doubles each time, up to an hour and half as much again by `chance`, a number from 0 to 1; it is
    not shorter than what the other side `asked` for (Retry-After), up to a day.
    """
    if since is not None and now - since >= GIVE_UP:
        return None
    doubled = _FIRST * int(2 ** min(max(tries, 1) - 1, 12))
    wait = min(doubled, _LONGEST) * (1 + chance / 2)
    return now + max(wait, min(asked or timedelta(0), timedelta(days=1)))


def next_call(now: datetime, tries: int, chance: float, asked: timedelta | None = None) -> datetime | None:
    """When to put a question to a callback again that could not be answered `tries` times; None for never."""
    return None if tries >= CALLS else next_try(now, tries + 2, None, chance, asked)
