"""When what failed is tried again, and when no more."""

from datetime import datetime, timedelta

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
