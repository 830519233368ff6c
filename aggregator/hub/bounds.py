"""How much the hub takes on: for a callback's host, for whoever asks, and in all."""

from dataclasses import dataclass
from typing import Literal

Full = Literal["pending", "subscriptions"]
"""What there is no room for: another request to verify, or another subscription."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most there may be at a time; a subscription that is renewed takes no new place."""

    pending: int = 2_000
    pending_per_host: int = 500
    pending_per_asker: int = 500
    subscriptions: int = 20_000
    subscriptions_per_host: int = 5_000
    subscriptions_per_asker: int = 5_000


BOUNDS = Bounds()
