"""Which hubs push a feed, by its server's Link headers and by the feed itself (WebSub, 4; RFC 8288)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from aggregator.model import Memory, Offer, Refined, Response

_NOTHING = Offer()
_MOST = 5  # hubs of one feed
_LONGEST = 2_000  # characters of an address
_LINK = re.compile(r'<([^<>"]*)>((?:[^,<"]|"(?:[^"\\]|\\.)*")*)')
_PARAMETER = re.compile(r""";\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?""")


def offer(memory: Memory) -> Offer:
    """What counts of what is known of a source: its server's word before that of the feed."""
    linked, named = memory.linked, memory.named
    found = Offer(linked.hubs or named.hubs, linked.topic or named.topic)
    return found if found.hubs and found.topic else _NOTHING


def noted(memory: Memory, response: Response, refined: Refined | None) -> Memory:
    """The state with what an answer says of hubs; a 304 need not repeat the headers (RFC 9110, 15.4.5)."""
    said = linked(response)
    if said != memory.linked and (response.status != 304 or said != _NOTHING):
        memory = replace(memory, linked=said)
    if refined is not None and refined.offer != memory.named:
        memory = replace(memory, named=refined.offer)
    return memory


def linked(response: Response) -> Offer:
    """The hubs and the topic that the Link headers of an answer name."""
    values = [value for name, value in response.headers if name == "link"]
    if not values:
        return _NOTHING
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
