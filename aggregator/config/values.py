"""The operator's text → values: numbers, times, addresses. Each refusal is a sentence with a remedy."""

import re
from datetime import datetime, timedelta
from ipaddress import ip_network
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError
from yarl import URL

from aggregator.config.masking import shown
from aggregator.text import durations
from aggregator.text.nearest import did_you_mean

_ID = re.compile(r"[a-z0-9-]{1,64}")
_WHOLE = re.compile(r"[+-]?\d{1,6}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,4}(\.\d{1,6})?", re.ASCII)
_BUDGET = re.compile(r"(\d{1,9})\s+per\s+(minute|hour|day)", re.ASCII | re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.ASCII | re.IGNORECASE)
_HOST = re.compile(r"([\w-]{1,63}\.)*[\w-]{1,63}\.?|[0-9a-f]*:[0-9a-f:.]+(%25.+)?", re.ASCII | re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+", re.ASCII)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_NAMES_AN_ITEM = re.compile(r"(?!https?:/?/?$)[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)
_UNTIL = re.compile(
    r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(?::\d\d)?(?: ?(?:Z|[+-]\d\d:\d\d))?)?", re.ASCII | re.IGNORECASE
)
_YES, _NO = {"yes", "true", "on"}, {"no", "false", "off"}
_LONGEST = timedelta(days=366)
_PER_HOUR = {"minute": 60.0, "hour": 1.0, "day": 1 / 24}


def wrong(message: str, suggestion: str = "") -> PydanticCustomError:
    """A refusal for pydantic to collect: what is wrong, and what to do."""
    return PydanticCustomError("refused", "{message}", {"message": message, "suggestion": suggestion})


def text(value: object) -> str:
    """A text of one line, its spaces joined; it must say something that XML can hold."""
    words = " ".join(block(value).split())
    if not words:
        raise wrong("This text is empty.", "Write something, or delete the line.")
    return words


def block(value: object) -> str:
    """A text as it stands, whatever its lines."""
    if value is None:
        raise wrong("There is nothing after the colon.", "Write a value, or delete the line.")
    if not isinstance(value, str):
        found = "a list" if isinstance(value, list) else "`key: value` lines"
        raise wrong(f"This must be a text, not {found}.", "Write the text after the colon.")
    bad = _NOT_XML.search(value)
    if bad:
        raise wrong(f"This text has the character U+{ord(bad.group()):04X} in it.", "Delete it.")
    return value


def lines(value: object) -> str:
    """A text of one entry a line, from a block or from a YAML list."""
    if isinstance(value, list):
        value = "\n".join(text(entry) for entry in value)
    if not block(value).strip():
        raise wrong("There is not one line here.", "Write one entry a line below a `|`, or delete the key.")
    return block(value)


def query(value: object) -> str:
    """A text of one query a line; the rules judge what it says."""
    if isinstance(value, list):
        raise wrong("Queries are no YAML list.", "Write them below a `|`, one a line.")
    if not block(value).strip():
        raise wrong("There is no query here.", "Write one a line below a `|`, or delete the key.")
    return block(value)


def identifier(value: object) -> str:
    """An id: small letters, digits and hyphens, at most 64."""
    name = block(value)
    if _ID.fullmatch(name):
        return name
    better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64]
    said = "An id has 1 to 64 small letters a-z, digits and hyphens, nothing else."
    raise wrong(said, f"Perhaps {better}?" if better else "")


def flag(value: object) -> bool:
    """`yes` or `no`, also true/false and on/off."""
    word = text(value).lower()
    if word not in _YES | _NO:
        raise wrong(f"This must be yes or no, not {shown(word)}.")
    return word in _YES


def whole(value: object, low: int, high: int) -> int:
    """A whole number between two bounds."""
    word = text(value)
    if not _WHOLE.fullmatch(word) or not low <= int(word) <= high:
        raise wrong(f"This must be a whole number from {low} to {high}, not {shown(word)}.")
    return int(word)


def weight(value: object) -> float:
    """A number above 0 and up to 1000, with a decimal point where needed."""
    word = text(value)
    if not _DECIMAL.fullmatch(word) or not 0 < float(word) <= 1000:
        raise wrong(
            f"This must be a number above 0 and up to 1000, not {shown(word)}.", "For example 2 or 0.5."
        )
    return float(word)


def duration(value: object) -> timedelta:
    """A time such as 30m, 24h or 2 days, at most a year."""
    word = text(value)
    if word == "0":
        return timedelta(0)
    found = durations.parse(word)
    if found is None:
        raise wrong(
            f"{shown(word)} is no length of time.", "Write a number and s, m, h or d, for example 30m."
        )
    if found > _LONGEST:
        raise wrong(f"{shown(word)} is longer than a year.", "Write a shorter time.")
    return found


def span(value: object) -> tuple[timedelta, timedelta]:
    """The shortest and the longest wait, from `30m to 24h` or one time for both."""
    first, _, second = text(value).partition(" to ")
    shortest = duration(first)
    longest = duration(second) if second else shortest
    if shortest < timedelta(seconds=1):
        raise wrong("The shortest wait must be at least a second.", "For example: 30m to 24h")
    if longest < shortest:
        raise wrong(
            "The first time must be the shorter one.", f"Perhaps: {second.strip()} to {first.strip()}"
        )
    return shortest, longest


def budget(value: object) -> float:
    """Requests an hour, from `2000 per hour`, also per minute or day."""
    word = text(value)
    found = _BUDGET.fullmatch(word)
    if not found or int(found[1]) == 0:
        raise wrong(f"{shown(word)} is no number of requests.", "Write for example: 2000 per hour")
    return int(found[1]) * _PER_HOUR[found[2].lower()]


def network(value: object) -> str:
    """An IP network in CIDR notation (RFC 4632, 3.1); a single address stands for itself."""
    word = text(value)
    try:
        return str(ip_network(word))
    except ValueError:
        pass
    try:
        meant = f"Perhaps {ip_network(word, strict=False)}?"
    except ValueError:
        meant = "Write for example 127.0.0.0/8 or fd00::/8."
    raise wrong(f"{shown(word)} is no network.", meant)


def address(value: object) -> str:
    """An absolute http(s) address, as written; a user and password may stand in it."""
    word = text(value)
    if "${" in word:
        raise wrong("Only headers are filled in from the environment.", "Write the address itself.")
    if _parsed(word) is None:
        raise wrong(f"{shown(word)} is no web address.", _better_address(word))
    if " " in word:
        raise wrong("A web address has no spaces.", "Delete them, or write %20.")
    return word


def public_address(value: object) -> str:
    """An absolute http(s) address that is published, and so must hold no password."""
    word = address(value)
    if URL(word).raw_user is not None or URL(word).raw_password is not None:
        raise wrong(
            "An address that is published has a user or password in it.", "Delete everything before the @."
        )
    return word


def hub(value: object) -> str:
    """`on`, `off`, or the public address of another hub."""
    word = text(value)
    if word.lower() in _YES | _NO:
        return "on" if word.lower() in _YES else "off"
    if "/" not in word and "." not in word:
        raise wrong(f"This must be on, off or the address of a hub, not {shown(word)}.")
    return public_address(word)


def item_name(value: object) -> str:
    """What names an item: the address of the article, or the id of the entry (an IRI, RFC 3987)."""
    word = text(value)
    if not names_an_item(word):
        bare = re.fullmatch(r"[\w-]+(\.[\w-]+)+/\S*", word)
        raise wrong(
            f"{shown(word)} is neither the address nor the id of an item.",
            f"Perhaps https://{shown(word)}" if bare else "Copy its link from a page, or its id from a feed.",
        )
    return word


def names_an_item(word: str) -> bool:
    """Whether a text is the address of an article or the id of an entry, at least by its form."""
    return _NAMES_AN_ITEM.fullmatch(word) is not None


def until(value: object) -> datetime:
    """The end of a day, or a time of it; without an offset it is one of the site's own time zone."""
    word = text(value)
    found = _UNTIL.fullmatch(word)
    try:
        if found is None:
            raise ValueError
        moment = datetime.fromisoformat(word.upper().replace(" ", "T", 1).replace(" ", ""))
        return moment if found[1] else moment + timedelta(days=1)
    except (ValueError, OverflowError):
        raise wrong(
            f"{shown(word)} is no day and no time.", "Write for example 2026-12-31, or 2026-12-31 18:00."
        ) from None


def site_address(value: object) -> str:
    """Where feeds/ is reachable, with a slash at its end."""
    word = public_address(value)
    if "?" in word or "#" in word:
        raise wrong("The site's address must have no ? or # in it.", "It ends with a slash.")
    return word if word.endswith("/") else word + "/"


def contact(value: object) -> str:
    """A mail or web address that others can write to; it goes into the User-Agent."""
    word = text(value)
    if _MAIL.fullmatch(word):
        return word
    if word.isascii() and word.lower().startswith(("http://", "https://")):
        return public_address(word)
    raise wrong(f"{shown(word)} is neither a mail nor a web address.", "For example: desk@example.org")


def language(value: object) -> str:
    """A language tag (BCP 47) such as en or pt-BR."""
    word = text(value)
    if not _LANGUAGE.fullmatch(word):
        better = word.replace("_", "-")
        known = _LANGUAGE.fullmatch(better) and better != word
        raise wrong(
            f"{shown(word)} is no language tag.",
            f"Perhaps {better}?" if known else "For example: en, ko, pt-BR",
        )
    return word


def timezone(value: object) -> str:
    """A name of the IANA time zone database such as Asia/Seoul."""
    word = text(value)
    try:
        if word != "UTC":
            ZoneInfo(word)
    except (ValueError, OSError, LookupError):
        suggestion = (
            did_you_mean(word, available_timezones()) or "For example: UTC, Europe/Berlin, Asia/Seoul"
        )
        raise wrong(f"{shown(word)} is no time zone.", suggestion) from None
    return word


def _parsed(word: str) -> URL | None:
    try:
        url = URL(word)
        host = url.raw_host or ""
        usable = url.port != 0 and _HOST.fullmatch(host) and ("xn--" not in host or url.host)
    except ValueError:
        return None
    return url if usable and url.scheme in ("http", "https") else None


def _better_address(word: str) -> str:
    bare = re.sub(r"^(feed:)?(https?)?:?/*", "", word)
    plausible = re.fullmatch(r"[\w.-]+\.\w+([/?]\S*)?", bare)
    return f"Perhaps https://{shown(bare)}" if plausible else "It begins with https:// and a host."
