"""What we decide as a subscriber of hubs (W3C WebSub): whom to ask, when, and what to believe; pure."""

from aggregator.push.lifecycle import (
    LEASE,
    PATIENCE,
    asked,
    believed,
    confirmed,
    denied,
    lasts,
    overdue,
    refused,
    set_back,
)
from aggregator.push.offers import noted, offer
from aggregator.push.planning import Step, plan
from aggregator.push.signatures import Seal, seal
from aggregator.push.trust import GRACE, is_missing, missed, overlooked, pushed, unsigned, works
from aggregator.push.wording import Fares, fares

__all__ = [
    "GRACE",
    "LEASE",
    "PATIENCE",
    "Fares",
    "Seal",
    "Step",
    "asked",
    "believed",
    "confirmed",
    "denied",
    "fares",
    "is_missing",
    "lasts",
    "missed",
    "noted",
    "offer",
    "overdue",
    "overlooked",
    "plan",
    "pushed",
    "refused",
    "seal",
    "set_back",
    "unsigned",
    "works",
]
