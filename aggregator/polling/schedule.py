"""Old state, answer and now in; the next state out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Failure, Pace, Request, Response, Source, SourceState, Validators
from aggregator.polling.doubts import is_doubted
from aggregator.polling.rates import Dates, default_factor, interval, learn, newest, per_day
from aggregator.polling.wishes import (
    BUSY,
    DAY,
    HOUR,
    MONTH,
    WEEK,
    ZERO,
    fresh_for,
    host,
    is_same_origin,
    open_from,
    retry_after,
)
from aggregator.text.quantities import counted, rate, span

ADOPT_AFTER = 3
"""Good polls in a row that a permanent redirect must be seen in before its target is asked directly."""
TRY_AGAIN = timedelta(minutes=1)
"""When a source is tried again that was due while this machine reached no host; up to twice as late."""
_NO_HOST = "This machine reached no host when it was due; it is tried again as soon as one answers."
_LOST_AFTER = 3
_SLOWER = 10  # times, while a hub pushes
_LOOK_AGAIN = timedelta(minutes=5)  # for what a source needs on this machine; nobody is asked for that
_SPREAD = 0.1  # of the interval
_WIDEST_SPREAD = timedelta(minutes=30)


def request(source: Source, memory: SourceState, reader: str = "", now: datetime | None = None) -> Request:
    """What to ask; a document that could not be read is asked for in full once the reader is another.

    So is one at `now` of which 304 was said for too long. New entries alone will do only for a reader that
    has read all the others, and not after a failure, which may have been theirs.
    """
    same_reader = memory.refiner == reader
    asked_anew = bool(memory.unreadable) and not same_reader
    asked_anew = asked_anew or (now is not None and is_doubted(memory, now))
    url = memory.url or source.feed
    return Request(
        url=url,
        validators=Validators() if asked_anew else memory.validators,
        delta=bool(reader) and same_reader and not memory.unreadable and not memory.failures,
        headers=source.headers if is_same_origin(url, source.feed) else (),  # secrets, as a redirect had it
        at_once_per_host=source.polling.at_once_per_host,
        pause_per_host=source.polling.pause_per_host,
        allow_private=source.polling.allow_private,
    )


def lacking(source: Source) -> Failure | None:
    """Why a source cannot be asked at all: its headers need secrets that this machine does not have."""
    if not source.unset:
        return None
    several = len(source.unset) > 1
    names = f"variable{'s' if several else ''} {' and '.join(source.unset)}"
    what = f"The environment {names}, which its headers need, {'are' if several else 'is'} not set"
    advised = f"set {'them' if several else 'it'} and start the program again"
    return Failure("setting", f"{what}; {advised}.", requests=0, host=host(source.feed))


def after(
    source: Source,
    memory: SourceState,
    result: Response | Failure,
    *,
    now: datetime,
    chance: float,
    pace: Pace | None = None,
    published: Dates = (),
    window: int | None = None,
    factor: float | None = None,
    unreadable: Failure | None = None,
    pushed_until: datetime | None = None,
) -> SourceState:
    """The state after a poll, with the next poll and why it is when it is.

    `published` are the dates of a newly read document's items (None for an undated one), `pace` what it asks,
    `window` how many entries it shows (None: nothing was read); `unreadable` is why it could not be read.
    `chance` is uniform in [0, 1); `factor` is the K of `budget_factor` (None: no budget). A hub pushes what
    is new until `pushed_until` (None: none does).
    """
    if isinstance(result, Failure) and result.kind == "offline":
        return _unreached(memory, now, chance)
    if isinstance(result, Failure):
        state, failure = _failed(source, memory, result, now), result
    elif unreadable is not None:
        state, failure = _unread(source, memory, result, unreadable, now), unreadable
    elif result.status == 304 and memory.unreadable:
        failure = Failure("format", memory.unreadable)
        state = _unread(source, memory, result, failure, now)
    else:
        state, failure = _good(memory, result, now, pace, published, window), None
    own = _own(source, state, failure, factor, now)
    if failure is None and pushed_until is not None:
        own = _slowed(own, pushed_until, now)
    return _planned(own, state, result, now, chance)


def held_off(memory: SourceState, until: datetime) -> SourceState:
    """The state of a source whose host wants no requests from anybody until then (429)."""
    if memory.next_poll is None:
        return memory
    waits = memory.not_before is not None and memory.not_before >= until
    if waits and memory.next_poll >= until:
        return memory
    why = f"{host(memory.url)} asked for no requests at all until {until:%Y-%m-%d %H:%M} UTC (429)"
    return replace(
        memory,
        not_before=max(until, memory.not_before or until),
        next_poll=max(until, memory.next_poll),
        why=f"{why[:1].upper()}{why[1:]}." if memory.next_poll < until else memory.why,
    )


# ── what is remembered ──────────────────────────────────────────────────────────────────────────


def _good(
    memory: SourceState,
    response: Response,
    now: datetime,
    pace: Pace | None,
    published: Dates,
    window: int | None,
) -> SourceState:
    rate, observed = learn(memory, published, now)
    url, moved_to, moved_seen = _moved(memory, response.moved_to)
    return replace(
        memory,
        url=url,
        moved_to=moved_to,
        moved_seen=moved_seen,
        validators=_validators(memory.validators, response),
        whole=memory.whole or now if response.status == 304 else now,
        polled=now,
        good=now,
        failures=0,
        failure="",
        failing=None,
        status=None,
        unreadable="",
        not_before=None,
        gone=False,
        pace=memory.pace if pace is None else pace,
        rate=rate,
        observed=observed,
        newest=newest(memory, published, now),
        window=memory.window if window is None or response.status == 226 else window,
    )


def _moved(memory: SourceState, moved_to: str | None) -> tuple[str, str, int]:
    """Where the feed is read from now on, a permanent redirect not yet adopted, and how often it was seen."""
    if not moved_to or moved_to == memory.url:
        return memory.url, "", 0
    seen = memory.moved_seen + 1 if moved_to == memory.moved_to else 1
    return (memory.url, moved_to, seen) if seen < ADOPT_AFTER else (moved_to, "", 0)


def _failed(source: Source, memory: SourceState, failure: Failure, now: datetime) -> SourceState:
    wait = retry_after(failure, now)
    asked = memory.not_before if wait is None else now + wait
    state = replace(memory, not_before=asked if asked is not None and asked > now else None)
    if failure.requests == 0 and failure.status == 429:  # its host is blocked: the source itself did not fail
        return state
    if failure.status == 304 and is_doubted(memory, now):
        state = replace(state, whole=now)
    failing = (memory.failing if memory.failures else None) or now
    state = replace(state, polled=now, failures=memory.failures + 1, failing=failing, status=failure.status)
    state = replace(state, failure=_told(failure, state, now))
    adopted = memory.url not in ("", source.feed)
    if adopted and (failure.status in (404, 410) or state.failures >= _LOST_AFTER):
        return replace(state, url=source.feed)  # the operator's own address gets another chance
    return replace(state, gone=memory.gone or failure.status == 410)


def _unreached(memory: SourceState, now: datetime, chance: float) -> SourceState:
    """The state as it was, to be tried again soon: this machine reached no host."""
    if memory.next_poll is None or memory.next_poll > now:
        return memory
    return replace(memory, next_poll=now + TRY_AGAIN * (1 + chance), why=_NO_HOST)


def _unread(
    source: Source, memory: SourceState, response: Response, failure: Failure, now: datetime
) -> SourceState:
    """What came whole counts with its validators, unless reading it again may end otherwise."""
    state = _failed(source, memory, replace(failure, status=None), now)
    state = state if response.status == 304 else replace(state, whole=now)
    if response.status == 226:
        return replace(state, refiner="")  # what is new in it is asked for again, with all the rest
    if failure.kind != "format" or (response.status != 304 and response.may_be_cut_short):
        return state
    validators = _validators(memory.validators, response)
    return replace(state, validators=validators, unreadable=failure.sentence)


def _told(failure: Failure, state: SourceState, now: datetime) -> str:
    """The failure's sentence; of a feed that has been missing for long, also that."""
    if not _is_lost(failure, state, now):
        return failure.sentence
    missing = span(now - (state.failing or now))
    advised = "find its new address, or remove the source"
    return f"{failure.sentence.rstrip('.')}; it has been missing for {missing}: {advised}."


def _is_lost(failure: Failure, state: SourceState, now: datetime) -> bool:
    return failure.status == 404 and state.failing is not None and now - state.failing >= MONTH


def _validators(known: Validators, response: Response) -> Validators:
    """The set to ask with next; a 304 with another ETag begins a new set, any other completes ours."""
    etag, modified = response.header("etag") or None, response.header("last-modified") or None
    if response.status == 304 and etag in (None, known.etag):
        etag, modified = known.etag, modified or known.last_modified
    return Validators(etag, modified, response.url)


# ── when to come back ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Wish:
    wait: timedelta
    why: str  # with {} where the wait is told
    most: timedelta = timedelta.max  # with the spread

    def sentence(self) -> str:
        told = self.why.format(span(self.wait))
        return f"{told[:1].upper()}{told[1:]}."


def _planned(
    own: _Wish, state: SourceState, result: Response | Failure, now: datetime, chance: float
) -> SourceState:
    if state.gone:
        return replace(state, next_poll=None, why="Gone for good (410); it is not asked again.")
    spread = min(min(max(chance, 0.0), 1.0) * _SPREAD * own.wait, own.most - own.wait)
    wishes = _asked(state, result, now)
    asked = max(wishes, key=lambda wish: wish.wait)
    if asked.wait > own.wait + spread:
        wish, moment = asked, now + asked.wait + min(spread, _WIDEST_SPREAD)
    else:
        wish, moment = own, now + own.wait + spread
    opened = open_from(moment, state.pace)
    if moment < opened <= now + max(WEEK, moment - now):
        wish = _Wish(opened - now, "its feed asks for no polls before then (skipHours, skipDays)")
        moment = opened + min(spread, _WIDEST_SPREAD)
    fresh_until = now + asked.wait if asked.wait > ZERO else None
    return replace(state, fresh_until=fresh_until, next_poll=moment, why=wish.sentence())


def _own(
    source: Source, state: SourceState, failure: Failure | None, factor: float | None, now: datetime
) -> _Wish:
    """What the source's own pace and its failures make of the interval."""
    polling, often = source.polling, per_day(state)
    k = default_factor(polling.shortest) if factor is None else factor
    wait = interval(often, source.weight, k, state.window, polling)
    if failure is None or state.failures == 0:
        return _Wish(wait, f"it brings about {rate(often)}, so it is polled every {{}}")
    if failure.kind == "setting":
        return _Wish(min(wait, _LOOK_AGAIN), "what it needs on this machine is looked for again in {}")
    if state.good is None:
        wait = polling.shortest  # nothing is known of its pace, and it may be a slip in the address
    if failure.status in BUSY and failure.header("retry-after") is None:
        wait = max(wait, HOUR / 2)  # doubled at once: an hour at least, then exponential
    wait = min(wait * 2 ** min(state.failures, 6), max(WEEK, polling.longest))
    wait = max(wait, DAY) if _is_lost(failure, state, now) else wait
    times = "once" if state.failures == 1 else f"{counted(state.failures, 'time')} in a row"
    return _Wish(wait, f"it failed {times}, so it is left alone for {{}}")


def _slowed(own: _Wish, until: datetime, now: datetime) -> _Wish:
    """What becomes of the interval while a hub pushes what is new: ten times as long, at most a day."""
    wait = max(own.wait, min(_SLOWER * own.wait, DAY, until - now))
    why = f"its hub pushes what is new until {until:%Y-%m-%d %H:%M} UTC, so it is asked every {{}}"
    return _Wish(wait, why, max(wait, DAY))


def _asked(state: SourceState, result: Response | Failure, now: datetime) -> list[_Wish]:
    """What server and feed ask for; it can only lengthen the wait."""
    ttl = min(state.pace.ttl or ZERO, WEEK)
    wishes = [_Wish(ttl, "its feed asks for {} between two polls (ttl)")]
    if isinstance(result, Response):
        wishes.append(_Wish(fresh_for(result, now), "its server says the answer keeps {} (Cache-Control)"))
    if state.not_before is not None:
        wishes.append(_Wish(state.not_before - now, "its server asks to be left alone for {} (Retry-After)"))
    return wishes
