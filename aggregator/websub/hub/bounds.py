"""How much the hub takes on: for a callback's host, for whoever asks, and in all."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

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
