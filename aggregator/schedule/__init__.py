"""What an answer means for the next poll: when it is, why, and what is remembered until then."""

from aggregator.schedule.asks import MONTH, blocked_host, fresh_for, host, open_from, retry_after
from aggregator.schedule.decide import TRY_AGAIN, after, held_off, lacking, request
from aggregator.schedule.doubts import doubt
from aggregator.schedule.health import STATES, Health, health
from aggregator.schedule.overdue import LATE, is_ahead, put_off, set_back
from aggregator.schedule.pushed import counted, hastened
from aggregator.schedule.rates import budget_factor, default_factor, interval, learn, per_day, seed

__all__ = [
    "LATE",
    "MONTH",
    "STATES",
    "TRY_AGAIN",
    "Health",
    "after",
    "blocked_host",
    "budget_factor",
    "counted",
    "default_factor",
    "doubt",
    "fresh_for",
    "hastened",
    "health",
    "held_off",
    "host",
    "interval",
    "is_ahead",
    "lacking",
    "learn",
    "open_from",
    "per_day",
    "put_off",
    "request",
    "retry_after",
    "seed",
    "set_back",
]
