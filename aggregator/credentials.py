"""Passwords and tokens: where they stand in addresses and settings, and texts without them."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Set
from html import unescape
from urllib.parse import parse_qsl, unquote, urlsplit

from aggregator.model import Config, Secret, Source, Unset

STARS = "***"
_SHORTEST_UNPUBLISHABLE = 8
SHORTEST = 6  # characters of a token; what is shorter stands in ordinary texts, too
_SHORTEST_PASSWORD = 4
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
    private = (word for one in config.sources if one.private for word in private_words(one.feed))
    return frozenset(word for word in (*configured(config), *private) if len(word) >= _SHORTEST_UNPUBLISHABLE)


def private_words(address: str) -> Iterator[str]:
    """What shows the address of a private feed: host and path together, tokens in its path and query."""
    try:
        parts = urlsplit(address)
        fields = parse_qsl(parts.query, errors="replace")
    except ValueError:
        return
    authority = parts.netloc.rpartition("@")[2]
    if parts.query:
        yield f"{authority}{parts.path or '/'}?{parts.query}"
    if parts.path.strip("/"):
        yield f"{authority}{parts.path.rstrip('/')}"
    segments = re.split(r"[/.;=]", unquote(parts.path))
    yield from (
        word for word in (*segments, parts.password or "", *(value for _, value in fields)) if _is_token(word)
    )


def _is_token(word: str) -> bool:
    """Whether a part of an address looks like a secret rather than a word."""
    if len(word) >= 20:
        return True
    return len(word) >= 10 and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def reveals(text: str, words: Iterable[str]) -> str:
    """The first of the words that a text holds, however it is escaped; "" for none.

    An address is held where it ends: `host/news` is not shown by an article at `host/news/1`.
    """
    plain = text.lower()
    spellings = [plain, unescape(plain), unquote(plain), unquote(unescape(plain)), plain.replace("\\/", "/")]
    return next((word for word in words if any(_stands_in(word.lower(), one) for one in spellings)), "")


def _stands_in(word: str, text: str) -> bool:
    if word not in text:
        return False
    return "/" not in word or re.search(rf"{re.escape(word)}/?(?![\w/%-]|\.\w)", text) is not None


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
