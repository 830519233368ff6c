"""Moments as people read them: in one zone, and with its name."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_TOLD = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?) UTC\b")
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)?")


def told(moment: datetime, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """A moment to the minute or second: 2026-02-17 14:30 CET."""
    local = _local(moment, zone)
    clock = local.replace(tzinfo=None).isoformat(" ", "seconds" if seconds else "minutes")
    return f"{clock} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """What its zone is called then; one that has but a number there, such as -03, is UTC-03."""
    name = local.tzname() or "UTC"
    number = _OFFSET.fullmatch(name)
    return f"UTC{number[1]}{f':{number[2]}' if number[2] else ''}" if number else name


def retold(text: str, zone: ZoneInfo) -> str:
    """A text with the moments in it, which are stored in UTC and say so, told in a zone."""

    def told_there(found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
        except ValueError:  # no such day
            return found[0]
        return told(moment, zone, seconds=found[1].count(":") > 1)

    return _TOLD.sub(told_there, text)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:  # the first and the last day that a datetime can name
        return moment.astimezone(UTC)
