"""Dates as feeds write them, in any format and many languages."""

from aggregator.text.dates.formats import moment

__all__ = ["moment"]
