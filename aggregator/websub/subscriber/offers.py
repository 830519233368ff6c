"""Which hubs push a feed: what its server says counts before what the feed itself says (WebSub, 4)."""

from dataclasses import replace

from aggregator.model import Offer, Refined, Response, SourceState
from aggregator.parse.hub_links import linked

_NOTHING = Offer()


def offer(memory: SourceState) -> Offer:
    """What counts of what is known of a source: its server's word before that of the feed."""
    linked, named = memory.linked, memory.named
    found = Offer(linked.hubs or named.hubs, linked.topic or named.topic)
    return found if found.hubs and found.topic else _NOTHING


def noted(memory: SourceState, response: Response, refined: Refined | None) -> SourceState:
    """The state with what an answer says of hubs; a 304 need not repeat the headers (RFC 9110, 15.4.5)."""
    said = linked(response)
    if said != memory.linked and (response.status != 304 or said != _NOTHING):
        memory = replace(memory, linked=said)
    if refined is not None and refined.offer != memory.named:
        memory = replace(memory, named=refined.offer)
    return memory
