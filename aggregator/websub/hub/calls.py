"""What a callback is asked before it gets anything, and told when it gets no more (WebSub, 5.2, 5.3)."""

from datetime import timedelta
from urllib.parse import urlencode

from aggregator.model import Call


def call_url(call: Call, challenge: str) -> str:
    """The address to GET: the callback's own with the question behind what it has in its query."""
    asked = {"hub.mode": call.mode, "hub.topic": call.address}
    if call.mode == "denied":
        asked["hub.reason"] = call.reason
    else:
        asked["hub.challenge"] = challenge
    if call.mode == "subscribe":
        asked["hub.lease_seconds"] = str(call.lease // timedelta(seconds=1))
    joint = "&" if "?" in call.callback else "?"
    if call.callback.endswith(("?", "&")):
        joint = ""
    return f"{call.callback}{joint}{urlencode(asked)}"


def answers_challenge(status: int, body: bytes, challenge: str) -> bool:
    """Whether the callback wants what was asked: a 2xx, and the challenge as its whole body."""
    return 200 <= status < 300 and body == challenge.encode("ascii")
