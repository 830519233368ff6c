"""The sources: which there are, what is remembered of each, and who may poll it until when."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from aggregator import polling
from aggregator.model import Claim, PollResult, Source, SourceState
from aggregator.polling import answers
from aggregator.store.serialization import decode, encode, moment, stamp
from aggregator.store.sqlite import clock

_DUE = """SELECT id, generation, memory FROM sources
    WHERE configured AND next_poll IS NOT NULL AND next_poll <= :now
        AND (lease_until IS NULL OR lease_until <= :now)
    ORDER BY next_poll, id LIMIT :limit"""
_AHEAD = """SELECT id, memory FROM sources
    WHERE configured AND next_poll > :now
        AND (json_extract(memory, '$.polled') >= :polled OR json_extract(memory, '$.not_before') >= :month)
    ORDER BY next_poll, id"""
_NO_LEASE = timedelta(days=1)  # no lease is that long
_NAMED = """SELECT id, generation, memory FROM sources
    WHERE configured AND id IN (SELECT value FROM json_each(:only))
        AND (:overtake OR lease_until IS NULL OR lease_until <= :now)
    ORDER BY next_poll IS NULL, next_poll, id LIMIT :limit"""
_FREE_DUE = """SELECT next_poll FROM sources
    WHERE configured AND next_poll IS NOT NULL AND lease_until IS NULL ORDER BY next_poll LIMIT 1"""
# SQLite would rather walk through all that is planned.
_LEASED_DUE = """SELECT min(max(next_poll, lease_until)) FROM sources INDEXED BY sources_leased
    WHERE lease_until IS NOT NULL AND configured AND next_poll IS NOT NULL"""
_RELEASE = """UPDATE sources SET lease_until = NULL
    WHERE id = :source AND generation = :generation AND lease_until IS NOT NULL"""
_RANK = "UPDATE sources SET priority = :priority WHERE id = :id AND priority != :priority"
_SAVE = "UPDATE sources SET memory = :memory, next_poll = :due, host = :host WHERE id = :source"
_ADVANCE = """UPDATE sources SET memory = :memory, next_poll = :due, host = :host, lease_until = NULL
    WHERE id = :source AND generation = :generation AND lease_until IS NOT NULL"""


def sync(
    db: sqlite3.Connection, sources: Sequence[Source], now: datetime, waiting: Collection[str] = ()
) -> None:
    """Make the sources known; whoever polls one that was dropped or moved is fenced off.

    Those that are `waiting` for their items are not to be polled yet.
    """
    known = dict(db.execute("SELECT id, feed FROM sources"))
    active = {id for (id,) in db.execute("SELECT id FROM sources WHERE configured")}
    wanted = {source.id: source.feed for source in sources}
    _add(db, {id: feed for id, feed in wanted.items() if id not in known}, now)
    _readdress(db, {id: feed for id, feed in wanted.items() if known.get(id, feed) != feed}, now)
    _configure(db, active - wanted.keys(), configured=False)
    _configure(db, wanted.keys() & known.keys() - active - set(waiting), configured=True)
    db.executemany(_RANK, ({"id": source.id, "priority": source.priority} for source in sources))
    _set_back(db, now)
    clock.set_back(db, now)


def _set_back(db: sqlite3.Connection, now: datetime) -> None:
    """Void the leases and the plans that a clock made which was ahead of this one."""
    _fence_off(db, "lease_until > ?", stamp(now + _NO_LEASE))
    month = (now + polling.MONTH).isoformat()
    known = {"now": stamp(now), "polled": (now + polling.LATE).isoformat(), "month": month}
    rows = db.execute(_AHEAD, known)
    found = [(id, decode(SourceState, text)) for id, text in rows]
    ahead = {id: memory for id, memory in found if polling.is_ahead(memory, now)}
    _unblock(db, ahead.values(), now)
    for id, state in zip(ahead, polling.set_back(list(ahead.values()), now), strict=True):
        _save(db, id, state)
        _fence_off(db, "id = ?", id)


def _unblock(db: sqlite3.Connection, ahead: Iterable[SourceState], now: datetime) -> None:
    """Shorten the blocks of hosts by what a clock was ahead of this one, or void them."""
    polled = {polling.host(one.url): one.polled for one in ahead if one.polled and one.polled > now}
    db.executemany(
        "UPDATE blocks SET until = until - ? WHERE host = ? AND until > ?",
        ((stamp(moment) - stamp(now), host, stamp(moment)) for host, moment in polled.items()),
    )
    db.execute("DELETE FROM blocks WHERE until > ?", (stamp(now + polling.MONTH + polling.LATE),))


def _fence_off(db: sqlite3.Connection, which: str, value: str | int) -> None:
    db.execute(
        f"UPDATE sources SET lease_until = NULL, generation = generation + 1 WHERE {which}",  # noqa: S608
        (value,),
    )


def _add(db: sqlite3.Connection, feeds: dict[str, str], now: datetime) -> None:
    for id, feed in feeds.items():
        db.execute("INSERT INTO sources (id, feed, memory) VALUES (?, ?, '')", (id, feed))
        _save(db, id, _heeding(db, answers.added(feed, now), now))


def _readdress(db: sqlite3.Connection, feeds: dict[str, str], now: datetime) -> None:
    for id, feed in feeds.items():
        (text,) = db.execute("SELECT memory FROM sources WHERE id = ?", (id,)).fetchone()
        fresh = answers.readdressed(decode(SourceState, text), feed, now)
        db.execute(
            "UPDATE sources SET feed = ?, lease_until = NULL, generation = generation + 1 WHERE id = ?",
            (feed, id),
        )
        _save(db, id, _heeding(db, fresh, now))


def _configure(db: sqlite3.Connection, ids: Iterable[str], *, configured: bool) -> None:
    db.executemany(
        """UPDATE sources SET configured = ?, lease_until = NULL, generation = generation + 1
            WHERE id = ?""",
        ((configured, id) for id in ids),
    )


def memory(db: sqlite3.Connection, source: str) -> SourceState | None:
    """What is remembered of a source."""
    row = db.execute("SELECT memory FROM sources WHERE id = ?", (source,)).fetchone()
    return decode(SourceState, row[0]) if row else None


def configured(db: sqlite3.Connection, after: str, limit: int | None) -> tuple[tuple[str, SourceState], ...]:
    """Configured sources with what is remembered of each, by id."""
    rows = db.execute(
        "SELECT id, memory FROM sources WHERE configured AND id > ? ORDER BY id LIMIT ?",
        (after, -1 if limit is None else limit),
    )
    return tuple((id, decode(SourceState, text)) for id, text in rows)


def read_anew(db: sqlite3.Connection, sources: Iterable[str]) -> None:
    """Have the next documents of these sources read whole; a poll under way, which may not, is fenced off."""
    for id in sources:
        known = memory(db, id)
        if known is not None:
            _save(db, id, answers.unread(known))
            _fence_off(db, "id = ?", id)


def claim(
    db: sqlite3.Connection,
    now: datetime,
    lease: timedelta,
    limit: int,
    only: Sequence[str] | None,
    *,
    overtake: bool,
) -> tuple[Claim, ...]:
    """Take what is due, or what is named."""
    wanted = {"now": stamp(now), "limit": limit, "only": json.dumps(list(only or ())), "overtake": overtake}
    rows = db.execute(_DUE if only is None else _NAMED, wanted).fetchall()
    claims = tuple(Claim(id, generation + 1, decode(SourceState, text)) for id, generation, text in rows)
    db.executemany(
        "UPDATE sources SET generation = ?, lease_until = ? WHERE id = ?",
        ((claim.generation, stamp(now + lease), claim.source) for claim in claims),
    )
    return claims


def put_off(db: sqlite3.Connection, now: datetime) -> int:
    """Spread the polls that were missed, the longest due first."""
    late = {"now": stamp(now - polling.LATE), "limit": -1}
    rows = db.execute(_DUE, late).fetchall()
    missed = {id: decode(SourceState, text) for id, _, text in rows}
    states = dict(zip(missed, polling.put_off(list(missed.values()), now), strict=True))
    changed = {id: state for id, state in states.items() if state != missed[id]}
    for id, state in changed.items():
        _save(db, id, state)
    return len(changed)


def release(db: sqlite3.Connection, claims: Iterable[Claim]) -> None:
    """End the leases that are still the claims' own."""
    db.executemany(
        _RELEASE,
        ({"source": claim.source, "generation": claim.generation} for claim in claims),
    )


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When something can be claimed next; a leased source not before its lease ends."""
    found = [*db.execute(_FREE_DUE), *db.execute(_LEASED_DUE)]
    return min((moment(due) for (due,) in found if due is not None), default=None)


def advance(db: sqlite3.Connection, poll: PollResult) -> bool:
    """Save a source's next state and end its lease; False, with nothing saved, if the claim is over.

    After a 429 every source that is read at that host waits as long as it asks.
    """
    state = _columns(_heeding(db, poll.memory, poll.at))
    claim = {"source": poll.claim.source, "generation": poll.claim.generation}
    if db.execute(_ADVANCE, state | claim).rowcount != 1:
        return False
    blocked = polling.blocked_host(poll.failure, now=poll.at)
    if blocked is not None:
        _block(db, *blocked, poll.at)
    return True


def _save(db: sqlite3.Connection, source: str, memory: SourceState) -> None:
    db.execute(_SAVE, _columns(memory) | {"source": source})


def _columns(memory: SourceState) -> dict[str, str | int | None]:
    due = stamp(memory.next_poll) if memory.next_poll else None
    return {"memory": encode(memory), "due": due, "host": polling.host(memory.url)}


def _heeding(db: sqlite3.Connection, memory: SourceState, now: datetime) -> SourceState:
    """The state of a source as the block of its host allows."""
    row = db.execute("SELECT until FROM blocks WHERE host = ?", (polling.host(memory.url),)).fetchone()
    return polling.held_off(memory, moment(row[0])) if row and row[0] > stamp(now) else memory


def _block(db: sqlite3.Connection, host: str, until: datetime, now: datetime) -> None:
    db.execute("DELETE FROM blocks WHERE until <= ?", (stamp(now),))
    changed = db.execute(
        """INSERT INTO blocks (host, until) VALUES (?, ?)
            ON CONFLICT (host) DO UPDATE SET until = excluded.until WHERE excluded.until > until""",
        (host, stamp(until)),
    )
    if not changed.rowcount:
        return
    for id, text in db.execute("SELECT id, memory FROM sources WHERE host = ?", (host,)).fetchall():
        _save(db, id, polling.held_off(decode(SourceState, text), until))
