"""Our subscriptions at hubs of others (W3C WebSub): whom to ask, when, what to believe; pure."""

from aggregator.websub.subscriber.lifecycle import (
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
from aggregator.websub.subscriber.offers import noted, offer
from aggregator.websub.subscriber.plans import Step, plan
from aggregator.websub.subscriber.signatures import Seal, seal
from aggregator.websub.subscriber.trust import GRACE, is_missing, missed, overlooked, pushed, unsigned, works
from aggregator.websub.subscriber.wording import Fares, fares

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
