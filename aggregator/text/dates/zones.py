"""Time zones as dates name them: offsets, names of the IANA database, abbreviations, names in words."""

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_MOST = timedelta(hours=14)  # that a zone is ahead of or behind Greenwich
_OFFSET = re.compile(
    r"[\s(\[]*(?:(?:gmt|utc?|z)\s*)?([+-])"
    r"(?:([0-9]{1,2}):([0-9]{2})|([0-9]{2})([0-9]{2})|([0-9]{1,2})|\s([01][0-9]):?([0-9]{2}))(?![0-9/.-])",
    re.IGNORECASE,
)
_SPACE_FOR_PLUS = re.compile(
    r"( )([0-9]{2}):?(00|15|30|45)(?![0-9:/.-])"
)  # in addresses "+" reads as a space
_NAME = re.compile(r"[\s(\[]*([A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|[A-Z]{3}[0-9][A-Z]{3}|[A-Za-zА-я]+)(?![\w/])")
_IN_WORDS = re.compile(
    r"[\s(\[]*([a-z][a-z. ]{1,20}?)\s(?:(standard|daylight|summer|mean)\s)?time\b", re.IGNORECASE
)

_AMERICAN = re.compile(r"\s(Eastern|Central|Mountain|Pacific)(?=[\s,.)]*$)", re.IGNORECASE)

# Hours east of Greenwich, in the sense that news outlets give the abbreviations.
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
        -3: "adt brt art clst uyt pyst",
        -2.5: "ndt",
        -2: "brst",
        0: "z ut utc uct gmt wet zulu",
        1: "bst west cet met mez wat",
        2: "cest mest mesz eet cat sast",
        3: "eest msk мск trt eat idt",
        3.5: "irst",
        4: "gst azt samt get",
        4.5: "aft irdt",
        5: "pkt yekt uzt mvt",
        5.5: "ist slst",
        5.75: "npt",
        6: "omst btt",
        6.5: "mmt",
        7: "ict wib krat novt",
        8: "wita hkt sgt myt pht phst awst irkt",
        9: "jst kst wit yakt",
        9.5: "acst",
        10: "aest vlat chst",
        10.5: "acdt",
        11: "aedt magt",
        12: "pett nzst fjt",
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
# The same letters elsewhere, by the feed's language or region.
_ELSEWHERE = {
    ("ist", "he"): "Asia/Jerusalem",
    ("ist", "IE"): "Europe/Dublin",
    ("ist", "ga"): "Europe/Dublin",
    ("cst", "zh"): "Asia/Shanghai",
    ("cst", "CU"): "America/Havana",
    ("bst", "bn"): "Asia/Dhaka",
    ("bst", "BD"): "Asia/Dhaka",
    ("ast", "ar"): "Asia/Riyadh",
    ("pst", "fil"): "Asia/Manila",
    ("pst", "PH"): "Asia/Manila",
    ("sst", "SG"): "Asia/Singapore",
    ("est", "AU"): "Australia/Sydney",
    ("cst", "AU"): "Australia/Adelaide",
    ("amt", "hy"): "Asia/Yerevan",
    ("amt", "BR"): "America/Manaus",
}
_WORDS_TOO = frozenset("et ct mt pt art cat eat get hat met pet sst wet west wit".split())
"""Abbreviations that are ordinary words unless they are written in capitals."""

_NAMED: Mapping[str, tuple[float, str]] = {  # standard time, and where it is kept
    name: (hours, place)
    for names, hours, place in (
        ("eastern|us eastern", -5, "America/New_York"),
        ("central", -6, "America/Chicago"),
        ("mountain|us mountain", -7, "America/Denver"),
        ("pacific", -8, "America/Los_Angeles"),
        ("alaska|alaskan", -9, "America/Anchorage"),
        ("hawaii|hawaiian", -10, "Pacific/Honolulu"),
        ("atlantic", -4, "America/Halifax"),
        ("newfoundland", -3.5, "America/St_Johns"),
        ("brasilia|e. south america", -3, "America/Sao_Paulo"),
        ("argentina", -3, "America/Argentina/Buenos_Aires"),
        ("colombia|sa pacific", -5, "America/Bogota"),
        ("greenwich|coordinated universal|universal", 0, "Etc/UTC"),
        ("gmt|british|western european", 0, "Europe/London"),
        ("central european|w. europe|central europe|romance", 1, "Europe/Berlin"),
        ("eastern european|e. europe|gtb|fle", 2, "Europe/Helsinki"),
        ("moscow|russian|russia", 3, "Europe/Moscow"),
        ("turkey", 3, "Europe/Istanbul"),
        ("israel|jerusalem", 2, "Asia/Jerusalem"),
        ("arabian|arab|arabia|east africa|e. africa", 3, "Africa/Nairobi"),
        ("south africa|central africa", 2, "Africa/Johannesburg"),
        ("west africa|w. central africa", 1, "Africa/Lagos"),
        ("iran", 3.5, "Asia/Tehran"),
        ("gulf", 4, "Asia/Dubai"),
        ("pakistan", 5, "Asia/Karachi"),
        ("india|indian", 5.5, "Asia/Kolkata"),
        ("nepal", 5.75, "Asia/Kathmandu"),
        ("bangladesh", 6, "Asia/Dhaka"),
        ("indochina|se asia", 7, "Asia/Bangkok"),
        ("china|beijing|hong kong|singapore|philippine|taipei|malaysia", 8, "Asia/Shanghai"),
        ("japan|tokyo", 9, "Asia/Tokyo"),
        ("korea|korean", 9, "Asia/Seoul"),
        ("australian western|w. australia", 8, "Australia/Perth"),
        ("australian central", 9.5, "Australia/Adelaide"),
        ("australian eastern|aus eastern", 10, "Australia/Sydney"),
        ("new zealand", 12, "Pacific/Auckland"),
    )
    for name in names.split("|")
}


_OF_WINDOWS = frozenset(
    "w. europe|central europe|romance|gtb|fle|e. europe|e. south america|russian|aus eastern|tokyo".split("|")
)
"""Names that Windows gives to zones: theirs is "standard" in summer too."""


def read(text: str, language: str = "", *, exact: bool = True) -> tuple[tzinfo | None, int]:
    """The zone that a text begins with, and where its name ends: UTC, and 0, where it names none.

    The zone is None where no place on earth has such an offset. Only behind a time with seconds (`exact`) a
    second time is taken for an offset that lost its sign.
    """
    if (found := _OFFSET.match(text)) or (exact and (found := _SPACE_FOR_PLUS.match(text))):
        sign, hours, minutes = (*(group for group in found.groups() if group is not None), "0")[:3]
        east = timedelta(hours=int(hours), minutes=int(minutes))
        if east <= _MOST:
            return timezone(-east if sign == "-" else east), found.end()
        if sign != " " and minutes != "0":
            return None, found.end()
    if (found := _IN_WORDS.match(text)) and (zone := _in_words(found[1].lower(), (found[2] or "").lower())):
        return zone, found.end()
    if found := _AMERICAN.match(text):
        return _in_words(found[1].lower(), ""), found.end()
    if (found := _NAME.match(text)) and (zone := _named(found[1], language)):
        return zone, found.end()
    return UTC, 0


def _named(name: str, language: str) -> tzinfo | None:
    """The zone of an abbreviation or of a name of the IANA database, or None where it is neither."""
    folded = name.lower()
    if folded in _WORDS_TOO and not name.isupper():
        return None
    base, _, region = language.partition("-")
    elsewhere = _ELSEWHERE.get((folded, region.upper())) or _ELSEWHERE.get((folded, base.lower()))
    if elsewhere is None and folded in _HOURS:
        return timezone(timedelta(hours=_HOURS[folded]))
    place = elsewhere or _PLACES.get(folded) or _iana().get(folded)
    return ZoneInfo(place) if place else None


def _in_words(name: str, kind: str) -> tzinfo | None:
    """The zone of `Pacific Daylight Time` and the like; without a kind, what clocks there show."""
    hours, place = _NAMED.get(name.removeprefix("the "), (0, ""))
    if not place or not kind or (kind == "standard" and name in _OF_WINDOWS):
        return ZoneInfo(place) if place else None
    return timezone(timedelta(hours=hours + (kind in ("daylight", "summer"))))


@cache
def _iana() -> Mapping[str, str]:
    """The names of the IANA database by their spelling in lower case; short ones are abbreviations to us."""
    return {
        name.lower(): name
        for name in available_timezones()
        if ("/" in name or len(name) > 3) and name not in ("localtime", "Factory")
    }
