"""Names in dates: months and days of the week in many languages, halves of the day, time zones.

The names of months and days, in calendar.tsv, come from the Unicode Common Locale Data Repository (CLDR).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

# Abbreviations beside those of the CLDR: of older style guides, and cut to three or four letters.
_MORE_MONTHS = (
    "sty led unor янв січ",
    "mrz febr фев лют",
    "mrt brez мар бер",
    "avr kwi dub апр кві",
    "mayo maj mag май тра",
    "juin cze cervna июн чер",
    "juil cervence июл лип",
    "aout sie srp agu авг сер",
    "sept set wrz zar eyl сен вер",
    "oct okt out ott paz окт жов",
    "lis kas ноя лис",
    "dez dic des gru pros дек гру",
)
_LANGUAGES_OF_MORE = "en de es fr it pt nl pl cs sk ru uk tr sv da nb fi id ca".split()

AFTERNOON = frozenset("pm 오후 下午 午後 中午 晚上 傍晚 晚间 晚間 μμ م مساء".split())
MORNING = frozenset("am 오전 上午 午前 早上 凌晨 清晨 早晨 πμ ص صباحا".split())

# Hours east of Greenwich, in the sense that news outlets give them; a zone with summer time is an IANA name.
_HOURS: Mapping[str, float] = {
    name: hours
    for hours, names in {
        -11: "sst",
        -10: "hst",
        -9: "akst hdt",
        -8: "pst akdt",
        -7: "mst pdt",
        -6: "cst mdt",
        -5: "est cdt cot pet ect",
        -4: "edt ast clt vet bot gyt",
        -3.5: "nst",
        -3: "adt brt art clst uyt",
        -2.5: "ndt",
        -2: "brst",
        0: "z ut utc gmt wet",
        1: "bst west cet met mez wat",
        2: "cest mest mesz eet cat sast",
        3: "eest msk мск trt eat idt",
        3.5: "irst",
        4: "gst azt amt samt",
        4.5: "aft",
        5: "pkt yekt uzt",
        5.5: "ist",
        5.75: "npt",
        6: "omst",
        6.5: "mmt",
        7: "ict wib krat novt",
        8: "wita hkt sgt myt pht awst irkt",
        9: "jst kst wit yakt",
        9.5: "acst",
        10: "aest vlat chst",
        10.5: "acdt",
        11: "aedt magt",
        12: "pett nzst",
        13: "nzdt",
    }.items()
    for name in names.split()
}
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

_Names = dict[str, dict[int, set[str]]]  # a name → what it can mean → the languages in which it does


def folded(value: str) -> str:
    """Lower case, without accents; every kind of space, dash and digit as ASCII has it."""
    plain = unicodedata.normalize("NFKD", value).replace("\u2212", "-").replace("\u2013", "-")
    plain = "".join(char for char in plain if not unicodedata.combining(char) or char == "\u0306")
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(char, char)) for char in plain)
    return " ".join(unicodedata.normalize("NFC", plain).lower().split())


def months(word: str, language: str = "") -> frozenset[int]:
    """The months (1 to 12) that a folded word can name, in `language` (BCP 47) where it names one there."""
    return _meanings(_names("months").get(word, {}), language)


def weekdays(word: str) -> frozenset[int]:
    """The days of the week (Monday is 1) that a folded word can name."""
    return _meanings(_names("days").get(word, {}), "")


def _meanings(found: Mapping[int, set[str]], language: str) -> frozenset[int]:
    spoken = {meaning for meaning, languages in found.items() if language[:2].lower() in languages}
    return frozenset(spoken or found)


@cache
def _names(kind: str) -> _Names:
    names: _Names = defaultdict(lambda: defaultdict(set))
    text = (files(__package__) / "calendar.tsv").read_text(encoding="utf-8")
    for language, which, groups in (line.split("\t") for line in text.splitlines()):
        if which == kind:
            for number, group in enumerate(groups.split(","), 1):
                for name in group.split():
                    names[name][number].add(language[:2])
    if kind == "months":
        for number, group in enumerate(_MORE_MONTHS, 1):
            for name in group.split():
                if name not in names:
                    names[name][number].update(_LANGUAGES_OF_MORE)
    return {name: dict(meanings) for name, meanings in names.items()}


@cache
def zone(name: str) -> tzinfo | None:
    """The time zone of a folded abbreviation or IANA name, or None where it is neither."""
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    known = _PLACES.get(name) or (_iana().get(name) if "/" in name else None)
    return ZoneInfo(known) if known else None


@cache
def _iana() -> Mapping[str, str]:
    """The names of the time zone database by their folded spelling."""
    return {name.lower(): name for name in available_timezones() if "/" in name}
