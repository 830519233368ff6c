"""The schedule of polls: what an answer means for the next one, when that is, and why."""

from aggregator.polling.doubts import doubt
from aggregator.polling.health import STATES, SourceHealth, health
from aggregator.polling.overdue import LATE, is_ahead, put_off, set_back
from aggregator.polling.pushes import counted, hastened
from aggregator.polling.rates import budget_factor, default_factor, interval, learn, per_day, seed
from aggregator.polling.schedule import TRY_AGAIN, after, held_off, lacking, request
from aggregator.polling.wishes import MONTH, blocked_host, fresh_for, host, open_from, retry_after

__all__ = [
    "LATE",
    "MONTH",
    "STATES",
    "TRY_AGAIN",
    "SourceHealth",
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
