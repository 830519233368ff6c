"""Passwords and tokens: where they stand in addresses and settings, and texts without them."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from functools import lru_cache
from html import unescape
from itertools import pairwise
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import idna
from ahocorasick_rs import AhoCorasick

from aggregator.model import Config, Secret, Source, Unset

STARS = "***"
_SHORTEST_UNPUBLISHABLE = 8
SHORTEST = 6  # characters of a token; what is shorter stands in ordinary texts, too
_SHORTEST_PASSWORD = 4
_SHORTEST_MIXED = 5  # characters of letters and figures in turns
_MOST_ESCAPES = 3  # times that an address may be escaped over again
_GOES_ON = re.compile(r"/?+(?:[\w/%-]|\.\w)")
_BACKSLASHED = re.compile(r"\\(?:u00([0-9a-f]{2})|([/\"']))")
_NAMED = (
    r"(?:[\w.-]*(?:token|apikey|secret|passwd|password|passphrase|pwd|auth|authorization|signature|credentials?)"
    r"|(?:[\w.-]*[-_.])?(?:key|sig|pass|sid))"
)
_LOGIN = re.compile(r"(?<=://)[^\s/?#\"'<>\\]*@")
_PARAMETER = re.compile(rf"(?<=[?&;])({_NAMED}=)[^\s&;#\"'<>\\]+", re.IGNORECASE)
_CALLBACK = re.compile(r"(?<=/push/)[\w-]{16,}")  # its end is all that proves a push to be our hub's
_NAME = re.compile(_NAMED, re.IGNORECASE)
_HEADER = re.compile(r"auth|cookie|token|key|secret|passw|signature|session", re.IGNORECASE)
_SCHEMES = {"bearer", "basic", "digest", "token", "apikey", "negotiate"}  # RFC 9110, 11.4


def without_login(text: str) -> str:
    """A text without the users and passwords of the addresses in it."""
    return _LOGIN.sub(f"{STARS}@", text) if "@" in text else text


def without_credentials(text: str) -> str:
    """A text without users, passwords and tokens of addresses, and without the ends of callbacks."""
    text = _CALLBACK.sub(STARS, without_login(text)) if "://" in text or "/push/" in text else text
    return _PARAMETER.sub(rf"\1{STARS}", text) if "=" in text else text


def without(text: str, secrets: Set[str]) -> str:
    """A text without any of these words; the longest are taken out first."""
    for secret in sorted((one for one in secrets if one in text), key=len, reverse=True):
        text = text.replace(secret, STARS)
    return text


def shown(address: str, source: Source | None = None) -> str:
    """The address of a feed as an operator may see and log it; of a private one only the host."""
    if source is None or not source.private or not address:
        return without_credentials(address)
    try:
        parts = urlsplit(address)
        host = parts.hostname or STARS
    except ValueError:
        return STARS
    return f"{parts.scheme}://{host}/{STARS}"


def configured(config: Config) -> frozenset[str]:
    """Every password and token that the operator wrote down or set in the environment."""
    return frozenset(secret for source in config.sources for secret in _of_source(source))


def unpublishable(config: Config) -> frozenset[str]:
    """What no document may hold: secrets, and of the addresses of private sources what is theirs alone.

    Secrets of fewer than eight characters are left out: they could be words of any text.
    """
    secrets = (word for word in configured(config) if len(word) >= _SHORTEST_UNPUBLISHABLE)
    private = (private_words(one.feed) for one in config.sources if one.private)
    return frozenset(secrets).union(*private)


@lru_cache(maxsize=2_048)
def private_words(address: str) -> frozenset[str]:
    """What shows the address of a private feed: host and path together, tokens in its path and query."""
    try:
        return frozenset(_private_words(address))
    except ValueError:
        return frozenset()


def _private_words(address: str) -> Iterator[str]:
    parts = urlsplit(address)
    fields = parse_qsl(parts.query, errors="replace")
    if parts.query or parts.path.strip("/"):
        for authority in _authorities(parts):
            if parts.query:
                yield f"{authority}{parts.path or '/'}?{parts.query}"
            if parts.path.strip("/"):
                yield f"{authority}{parts.path.rstrip('/')}"
    segments = re.split(r"[/.;=]", unquote(parts.path))
    login = unquote(parts.username or ""), unquote(parts.password or "")
    yield from filter(_is_token, (*segments, *login, *(value for _, value in fields)))


def _authorities(parts: SplitResult) -> Iterator[str]:
    """The host and port in every spelling that leads to the same server."""
    host, port = (parts.hostname or "").rstrip("."), parts.port
    hosts = [host]
    for spell in (idna.encode, idna.decode):
        with suppress(idna.IDNAError, UnicodeError):
            spelled = spell(host)
            hosts.append(spelled if isinstance(spelled, str) else spelled.decode("ascii"))
    default = port is None or port == {"http": 80, "https": 443}.get(parts.scheme)
    ports = ["", ":80", ":443"] if default else [f":{port}"]
    return (f"{host}{dot}{port}" for host in dict.fromkeys(hosts) for dot in ("", ".") for port in ports)


def _is_token(word: str) -> bool:
    """Whether a part of an address looks like a secret rather than a word, or words joined by hyphens."""
    pieces = re.split(r"[-_+~ ]", word)
    if len(pieces) > 1 and all(
        (len(one) <= 16 and one.isalpha()) or re.fullmatch(r"\d{0,4}", one) for one in pieces
    ):
        return False
    if len(word) >= 20:
        return True
    mixed = any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    if len(word) >= 10:
        return mixed
    return mixed and len(word) >= _SHORTEST_MIXED and _turns(word) > 1


def _turns(word: str) -> int:
    """How often letters and figures follow each other: once in `covid19`, four times in `x7k2q`."""
    kinds = [char.isdigit() for char in word if char.isalnum()]
    return sum(one != other for one, other in pairwise(kinds))


def reveals(text: str, words: Iterable[str]) -> str:
    """The first of the words that a text holds, however it is escaped; "" for none.

    An address is held where it ends: `host/news` is not shown by an article at `host/news/1`.
    """
    return _matcher(frozenset(words)).first(text) if text else ""


@lru_cache(maxsize=2_048)
def _matcher(words: frozenset[str]) -> "_Matcher":
    return _Matcher(words)


class _Matcher:
    """Finds any of many words in one pass over each spelling of a text."""

    def __init__(self, words: Iterable[str]) -> None:
        lower = sorted(
            {spelled for word in words for spelled in (word.lower(), unquote(word.lower())) if spelled}
        )
        self._words = lower
        self._automaton = AhoCorasick(lower)

    def first(self, text: str) -> str:
        """The first word that a text holds, "" for none."""
        return next((found for spelled in _spellings(text) if (found := self._found(spelled))), "")

    def _found(self, text: str) -> str:
        if not self._words:
            return ""
        if not text.isascii():
            text = text.encode("utf-8", "replace").decode("utf-8")
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return next(
            (
                self._words[one]
                for one, start, end in matches
                if self._stands(self._words[one], text, start, end)
            ),
            "",
        )

    def _stands(self, word: str, text: str, start: int, end: int) -> bool:
        """Whether an address ends there, and whether a short token is no part of a longer word."""
        if "/" in word:
            return _GOES_ON.match(text, end) is None
        if len(word) >= _SHORTEST_UNPUBLISHABLE:
            return True
        return not text[max(0, start - 1) : start].isalnum() and not text[end : end + 1].isalnum()


def _spellings(text: str) -> Iterator[str]:
    """A text in lower case, and what it says when what may be escaped several times over is not."""
    plain = text.lower()
    yield plain
    for _ in range(_MOST_ESCAPES):
        before = plain
        for undo in (_without_backslashes, unescape, unquote):
            undone = undo(plain).lower()
            if undone != plain:
                yield (plain := undone)
        if plain == before:
            return


def _without_backslashes(text: str) -> str:
    return (
        _BACKSLASHED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
        if "\\" in text
        else text
    )


def _of_source(source: Source) -> Iterator[str]:
    for name, value in source.headers:
        if not isinstance(value, Unset) and (isinstance(value, Secret) or _HEADER.search(name)):
            yield from _of_header(value)
    yield from _of_address(source.feed)


def _of_header(value: str) -> Iterator[str]:
    parts = [value, *re.split(r"[\s,;:=\"]+", value), *value.split()]
    yield from (part for part in parts if len(part) >= SHORTEST and part.lower() not in _SCHEMES)
    for part in value.split()[1:]:
        try:
            login = base64.b64decode(part, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        yield from _passwords([login.partition(":")[2]])


def _of_address(address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        password = parts.password or ""
        query = parse_qsl(parts.query, errors="replace")
    except ValueError:
        return
    yield from _passwords([password, unquote(password)])
    for name, value in query:
        if _NAME.fullmatch(name) and len(value) >= SHORTEST:
            yield value


def _passwords(found: Iterable[str]) -> Iterator[str]:
    return (password for password in found if len(password) >= _SHORTEST_PASSWORD)
