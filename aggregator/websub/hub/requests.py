"""Reads what a subscriber asks of the hub (WebSub, 5.1)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from yarl import URL

from aggregator.model import Subscribing
from aggregator.websub.hub.topics import Topics

LEASE = timedelta(days=10)
SHORTEST_LEASE, LONGEST_LEASE = timedelta(hours=1), timedelta(days=30)
LONGEST_ADDRESS = 2_000  # characters
MOST_SECRET = 199  # bytes
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_SECONDS = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status of HTTP and a sentence that says what is wrong with a request."""

    status: int
    sentence: str


class _WrongError(Exception):
    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.refusal = Refusal(status, sentence)


def read_request(form: Sequence[tuple[str, str]], asker: str, topics: Topics) -> Subscribing | Refusal:
    """What the fields of a form ask for; fields that WebSub does not know are passed over."""
    try:
        return _read(form, asker, topics)
    except _WrongError as wrong:
        return wrong.refusal


def _read(form: Sequence[tuple[str, str]], asker: str, topics: Topics) -> Subscribing:
    known = [(name, value) for name, value in form if name.startswith("hub.")]
    twice = [name for name, count in Counter(name for name, _ in known).items() if count > 1]
    fields = dict(known)
    mode = _mode(fields.get("hub.mode", ""))
    if twice:
        raise _WrongError(f"{_shown(twice[0])} is given twice; give it once.")
    address = fields.get("hub.topic", "")
    if not address:
        raise _WrongError("hub.topic is missing; it is the address of one of the feeds here.")
    topic = topics.path(address) if len(address) <= LONGEST_ADDRESS else None
    if topic is None:
        example = topics.address("all.atom")
        raise _WrongError(
            f"hub.topic is no feed of this site; give the address of one, such as {example}.", 404
        )
    return Subscribing(
        mode=mode,
        topic=topic,
        address=address,
        callback=_callback(fields.get("hub.callback", "")),
        lease=_lease(fields.get("hub.lease_seconds", "")),
        secret=_secret(fields.get("hub.secret", "")),
        asker=asker,
    )


def _mode(mode: str) -> Literal["subscribe", "unsubscribe"]:
    match mode:
        case "subscribe" | "unsubscribe":
            return mode
        case "publish":
            raise _WrongError("Only the site itself publishes here; subscribe to one of its feeds.", 403)
        case "":
            raise _WrongError("hub.mode is missing; it is subscribe or unsubscribe.")
    raise _WrongError(f"hub.mode must be subscribe or unsubscribe, not {_shown(mode)}.")


def _callback(callback: str) -> str:
    if not callback:
        raise _WrongError("hub.callback is missing; it is the address to send news to.")
    if len(callback) > LONGEST_ADDRESS:
        raise _WrongError(f"hub.callback is longer than {LONGEST_ADDRESS} characters.")
    try:
        url = URL(callback)
        callback = callback if callback.isascii() else str(url)
        usable = url.scheme in ("http", "https") and url.raw_host and url.port and not url.raw_fragment
    except ValueError:
        usable = False
    if not usable or "#" in callback or not _VISIBLE.fullmatch(callback):
        raise _WrongError("hub.callback must be an absolute http or https address without a #.")
    return callback


def _lease(seconds: str) -> timedelta:
    if not seconds:
        return LEASE
    if not _SECONDS.fullmatch(seconds):
        raise _WrongError(f"hub.lease_seconds must be a whole number of seconds, not {_shown(seconds)}.")
    most = LONGEST_LEASE // timedelta(seconds=1)
    return max(SHORTEST_LEASE, timedelta(seconds=min(int(seconds), most)))


def _secret(secret: str) -> str:
    if len(secret.encode("utf-8", "surrogatepass")) > MOST_SECRET:
        raise _WrongError(f"hub.secret must be shorter than {MOST_SECRET + 1} bytes.")
    return secret


def _shown(text: str) -> str:
    """What was sent, short and harmless."""
    return ascii(text if len(text) <= 40 else f"{text[:40]}...")
