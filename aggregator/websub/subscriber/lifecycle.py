"""How a subscription comes about, lasts and ends: state and event in, the next state out."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from yarl import URL

from aggregator.model import Mode, Subscription

_DECODED = 3  # times at most
_PORTS = {"http": 80, "https": 443}


def same_topic(one: str, other: str) -> bool:
    """Whether two addresses differ at most in their spelling (RFC 3986, 6.2): encoding, case, default port.

    What is compared was asked for at an address that nobody can guess, so this may be generous.
    """
    return one == other or _plain(one) == _plain(other)


def _plain(address: str) -> tuple[object, ...]:
    decoded = address.strip()
    for _ in range(_DECODED):
        decoded = unquote(decoded.replace("+", " "))
    try:
        parts = urlsplit(decoded)
        port = parts.port or _PORTS.get(parts.scheme)
        host = URL.build(scheme="http", host=parts.hostname or "").raw_host
    except ValueError:
        return (decoded,)
    return parts.scheme, parts.username, host, port, parts.path or "/", parts.query


LEASE = timedelta(days=10)
"""What we ask for, and what a hub that names no lease is taken to have given."""
PATIENCE = timedelta(hours=1)
"""That a hub has to verify what it was asked."""
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=366)  # of a lease
_RENEW_FROM, _RENEW_TO = 0.8, 0.9  # of a lease
_FIRST_WAIT, _LONGEST_WAIT = timedelta(hours=1), timedelta(days=7)
_SPREAD = 0.1


def lasts(one: Subscription, now: datetime) -> bool:
    """Whether the hub verified it and its lease has not ended."""
    return one.until is not None and now < one.until


def believed(one: Subscription, now: datetime) -> bool:
    """Whether what the hub pushes is taken in: not if it denied us, or never verified us, or its lease ended.

    While it is asked to push no more, what is under way still counts.
    """
    return lasts(one, now)


def asked(one: Subscription, mode: Mode, now: datetime) -> Subscription:
    """The hub is about to be asked; from now on its verification is expected."""
    return replace(one, pending=mode, next=now + PATIENCE)


def refused(
    one: Subscription, trouble: str, *, now: datetime, chance: float, wait: timedelta = timedelta()
) -> Subscription:
    """The hub cannot be reached or does not want to; it is asked again after `wait` or longer.

    A lease that it gave before goes on. `chance` is uniform in [0, 1).
    """
    pause = max(backoff(one.failures + 1, chance), wait)
    return replace(one, pending="", failures=one.failures + 1, trouble=trouble, next=now + pause)


def set_back(one: Subscription, now: datetime) -> Subscription:
    """The same as the clock of `now` sees it, where one that was ahead decided about it."""
    known = [moment for moment in (one.since, one.pushed, one.hinted) if moment is not None]
    if one.next <= now + LEASE and all(moment <= now for moment in known):
        return one
    return replace(
        one,
        next=now,
        since=_no_later(one.since, now),
        until=_no_later(one.until, now + LEASE),
        pushed=_no_later(one.pushed, now),
        hinted=_no_later(one.hinted, now),
    )


def _no_later(moment: datetime | None, latest: datetime) -> datetime | None:
    return moment if moment is None else min(moment, latest)


def overdue(one: Subscription, now: datetime, chance: float) -> Subscription:
    """The same, or refused by silence where the hub has not verified it in time."""
    if one.pending != "subscribe" or now < one.next:
        return one
    return refused(one, "Its hub took the request, but did not verify it in time.", now=now, chance=chance)


def confirmed(
    one: Subscription, mode: str, topic: str, lease: str, *, now: datetime, chance: float
) -> Subscription | None:
    """The state after the hub's verification (WebSub, 5.3); None where we did not ask for that."""
    if not one.pending or mode != one.pending or not same_topic(topic, one.topic):
        return None
    if mode == "unsubscribe":
        return replace(one, pending="", until=None, next=now)
    span = _span(lease)
    renew = span * (_RENEW_FROM + (_RENEW_TO - _RENEW_FROM) * chance)
    return replace(
        one,
        pending="",
        since=one.since if lasts(one, now) else now,
        until=now + span,
        next=now + max(renew, _SHORTEST),
        failures=0,
        trouble="",
    )


def denied(
    one: Subscription, topic: str, reason: str, *, now: datetime, chance: float
) -> Subscription | None:
    """The state after the hub's refusal (WebSub, 5.2), which may come at any time; None for another topic."""
    if not same_topic(topic, one.topic):
        return None
    said = " ".join("".join(char if char.isprintable() else " " for char in reason[:300]).split())
    told = f"Its hub denied the subscription{f': {said}' if said else ''}."
    return replace(refused(one, told, now=now, chance=chance), until=None)


def backoff(times: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row: an hour, doubled each time, at most a week."""
    doubled: int = 2 ** min(max(times - 1, 0), 10)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT) * (1 + _SPREAD * chance)


def _span(lease: str) -> timedelta:
    """The lease a hub gives, in seconds, bounded; ours where it names none."""
    if not re.fullmatch(r"[0-9]{1,12}", lease.strip()):
        return LEASE
    return min(max(timedelta(seconds=min(int(lease), 10**9)), _SHORTEST), _LONGEST)
