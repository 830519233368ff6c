"""What the operator reads while the program runs: one line an event, or one JSON object with `--log-json`."""

import json
import logging
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from aggregator.model import Event, Polled, Published, Quarantined
from aggregator.text import credentials, moments
from aggregator.text.quantities import counted

_log = logging.getLogger("aggregator")
_COLOURS = {logging.WARNING: "\x1b[33m", logging.ERROR: "\x1b[31m", logging.CRITICAL: "\x1b[31;1m"}


class _Lines(logging.Formatter):
    def __init__(self, coloured: bool) -> None:
        super().__init__()
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        moment = told(datetime.fromtimestamp(record.created, UTC), seconds=True)
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        line = f"{moment} {level}{here(clean(record.getMessage()))}"
        colour = _COLOURS.get(record.levelno, "") if self._coloured else ""
        return f"{colour}{line}\x1b[0m" if colour else line


class _Objects(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage()}
        facts: dict[str, object] = getattr(record, "facts", {})
        return json.dumps(cleaned(line | facts, clean), ensure_ascii=False, default=str)


_hidden: set[str] = set()  # passwords and tokens of every configuration that was read
_UTC = ZoneInfo("UTC")


class _Clock:
    """The one place that knows in which zone people are told times."""

    zone = _UTC


def tell_times_in(timezone: str) -> None:
    """Tell people all times in that zone from now on, the site's."""
    _Clock.zone = ZoneInfo(timezone)


def told(moment: datetime, *, seconds: bool = False) -> str:
    """A moment as people are told it: 2026-02-17 14:30 CET."""
    return moments.told(moment, _Clock.zone, seconds=seconds)


def here(text: str) -> str:
    """A text that was made far from the configuration, with the moments in it as people are told them."""
    return moments.retold(text, _Clock.zone)


def hide(secrets: Iterable[str]) -> None:
    """Let none of these words be shown or logged from now on."""
    _hidden.update(secrets)


def without_secrets(text: str) -> str:
    """A text as it may be shown: without what is hidden, and without the logins of addresses in it."""
    return credentials.without(credentials.without_login(text), _hidden)


def clean(text: str) -> str:
    """A line as it may be logged: without the tokens of addresses, too."""
    return credentials.without(credentials.without_credentials(text), _hidden)


def cleaned(value: object, clean: Callable[[str], str]) -> object:
    """Facts of any depth with their texts cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {name: cleaned(one, clean) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(one, clean) for one in value]
    return value


def configure(*, as_json: bool = False, verbose: bool = False, stream: TextIO | None = None) -> None:
    """Send our log, and warnings and worse of the libraries, to `stream` (standard error if left out)."""
    tell_times_in("UTC")  # until a configuration says otherwise
    target = stream if stream is not None else sys.stderr
    handler = logging.StreamHandler(target)
    handler.setFormatter(_Objects() if as_json else _Lines(coloured=target.isatty()))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    _log.setLevel(logging.DEBUG if verbose else logging.INFO)


def inform(sentence: str) -> None:
    """Log a sentence."""
    _log.info("%s", sentence)


def warn(sentence: str) -> None:
    """Log a sentence as a warning."""
    _log.warning("%s", sentence)


def observe(event: Event) -> None:
    """Log what happened: news and failures always, the rest only when verbose."""
    if isinstance(event, Polled):
        _polled(event)
    elif isinstance(event, Published):
        _published(event)


def _polled(event: Polled) -> None:
    poll, id = event.poll, event.source.id
    facts = {
        "event": "polled",
        "source": id,
        "outcome": poll.outcome,
        "status": poll.status,
        "bytes": poll.size,
        "seconds": round(event.took.total_seconds(), 3),
    }
    if poll.failure is not None:
        kept_away = poll.outcome == "unreached" or (poll.outcome == "waiting" and not poll.requests)
        level = logging.DEBUG if kept_away else logging.WARNING
        _log.log(level, "%s: %s", id, poll.failure.sentence, extra={"facts": facts})
        return
    _moved(event)
    change = event.change
    if change is None:
        _log.info("%s: another poller was faster, nothing stored", id, extra={"facts": facts})
        return
    facts |= {"new": change.new, "corrected": change.corrected}
    level = logging.INFO if change.new or change.corrected else logging.DEBUG
    _log.log(level, "%s: %s", id, said(event), extra={"facts": facts})
    for note in poll.notes:
        _log.debug("%s: %s", id, note, extra={"facts": {"event": "note", "source": id}})


def _moved(event: Polled) -> None:
    """Tell once that a source's feed was found to have moved for good; the file is the operator's."""
    before, after = event.poll.claim.memory.url, event.poll.memory.url
    if after not in (before, event.source.feed) and before:
        advised = f"correct the feed of {event.source.id} in config/sources.yaml"
        there = credentials.shown(after, event.source)
        _log.warning(
            "%s: its feed has moved for good to %s, which is read now; %s", event.source.id, there, advised
        )


def said(event: Polled) -> str:
    """What a poll brought, in a few words."""
    if event.poll.failure is not None:
        return event.poll.failure.sentence
    change = event.change
    if change is None or not (change.new or change.corrected):
        return {"not-modified": "not modified", "unchanged": "same bytes"}.get(
            event.poll.outcome, "nothing new"
        )
    parts = [f"{change.new} new"] if change.new else []
    parts += [f"{change.corrected} corrected"] if change.corrected else []
    return ", ".join(parts) + (" (pushed by its hub)" if event.poll.outcome == "pushed" else "")


def unpublished(events: Iterable[Published]) -> dict[str, str]:
    """What kept feeds from being published: a sentence by cause, however many feeds it concerns."""
    causes: dict[str, list[Published]] = defaultdict(list)
    for event in events:
        if event.failure:
            causes[event.failure.rpartition(": ")[2]].append(event)
    return {cause: f"{_feeds(feeds)} not published: {feeds[0].failure}" for cause, feeds in causes.items()}


def _feeds(events: list[Published]) -> str:
    rest = len(events) - 1
    return f"{events[0].feed} and {counted(rest, 'other feed')} were" if rest else f"{events[0].feed} was"


def left_out(entry: Quarantined) -> str:
    """What an operator is told of an entry that no document may hold."""
    return (
        f"{entry.entry} is left out of everything that is published: {entry.sentence}; "
        "it comes back when its outlet corrects it, or with a version of this program that can print it"
    )


def _published(event: Published) -> None:
    for entry in event.quarantined:
        held = {"event": "quarantined", "entry": entry.entry, "sentence": entry.sentence}
        _log.warning("%s", left_out(entry), extra={"facts": held})
    facts = {"event": "published", "feed": event.feed, "written": list(event.written)}
    if event.failure:  # said for all feeds together, see `unpublished`
        _log.debug("%s was not published: %s", event.feed, event.failure, extra={"facts": facts})
    elif event.written:
        _log.debug(
            "published %s (%s)", event.feed, counted(len(event.written), "file"), extra={"facts": facts}
        )
