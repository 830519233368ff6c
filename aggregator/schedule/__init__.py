"""What an answer means for the next poll: when it is, why, and what is remembered until then."""

from aggregator.schedule.asks import blocked_host, fresh_for, open_from, retry_after
from aggregator.schedule.decide import after, request
from aggregator.schedule.rates import budget_factor, default_factor, interval, learn, per_day, seed

__all__ = [
    "after",
    "blocked_host",
    "budget_factor",
    "default_factor",
    "fresh_for",
    "interval",
    "learn",
    "open_from",
    "per_day",
    "request",
    "retry_after",
    "seed",
]
