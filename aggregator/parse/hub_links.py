"""The hubs and the topic that a feed names, in itself or in Link headers (WebSub, 4; RFC 8288)."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from aggregator.model import Offer, Response

_MOST = 5  # hubs of one feed
_LONGEST = 2_000  # characters of an address
_LINK = re.compile(r'<([^<>"]*)>((?:[^,<"]|"(?:[^"\\]|\\.)*")*)')
_PARAMETER = re.compile(r""";\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?""")


def linked(response: Response) -> Offer:
    """The hubs and the topic that the Link headers of an answer name."""
    values = [value for name, value in response.headers if name == "link"]
    if not values:
        return Offer()
    links = [link for value in values for link in _links(value)]
    return gathered(
        (target for relations, target in links if "hub" in relations),
        (target for relations, target in links if "self" in relations),
        response.url,
    )


def gathered(hubs: Iterable[str], topics: Iterable[str], base: str) -> Offer:
    """An offer of the usable addresses among these, each once; the topic stays as it is written."""
    usable = dict.fromkeys(filter(None, (_address(hub, base) for hub in hubs)))
    topic = next(filter(None, (_address(topic, base) for topic in topics)), "")
    return Offer(tuple(usable)[:_MOST], topic)


def _address(written: str, base: str) -> str:
    """An absolute http(s) address as written, a relative one resolved; "" for what is none."""
    written = written.strip()
    try:
        address = written if urlsplit(written).scheme else urljoin(base, written)
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        usable = usable and parts.username is None  # credentials are nobody's but the server's
    except ValueError:
        return ""
    return address if written and usable and len(address) <= _LONGEST and address.isprintable() else ""


def _links(value: str) -> Iterator[tuple[frozenset[str], str]]:
    """The relation types, in lower case, and the target of each link that is about the answer itself."""
    for target, tail in _LINK.findall(value):
        parameters: dict[str, str] = {}
        for name, quoted, token in _PARAMETER.findall(tail):
            parameters.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or token)
        if "anchor" not in parameters:
            yield frozenset(parameters.get("rel", "").lower().split()), target
