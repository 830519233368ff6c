"""Whether a push comes from the hub that was told the secret (WebSub, 7.1)."""

import hmac
from collections.abc import Iterable
from typing import Literal

_STRONG = frozenset({"sha256", "sha384", "sha512"})
_WEAK = frozenset({"sha1"})
_MOST = 4  # signatures of one push

Seal = Literal["strong", "weak", "none"]
"""What a signature is worth: SHA-256 or better, SHA-1 (broken for signatures, not for a hint), nothing."""


def seal(secret: str, bodies: Iterable[bytes], header: str | None) -> Seal:
    """What `X-Hub-Signature` is worth; it may be of any of the bodies: as sent, or decoded.

    Of several signatures with commas between them the best that is right counts.
    """
    bodies = tuple(bodies)
    found = {_seal(secret, bodies, part) for part in (header or "").split(",")[:_MOST]}
    return "strong" if "strong" in found else "weak" if "weak" in found else "none"


def _seal(secret: str, bodies: Iterable[bytes], signature: str) -> Seal:
    method, _, digest = signature.strip().partition("=")
    method = method.strip().lower()
    if method not in _STRONG | _WEAK:
        return "none"
    given = digest.strip().lower().encode("utf-8", "surrogatepass")
    signed = [hmac.new(secret.encode(), body, method).hexdigest().encode() for body in bodies]
    if sum(hmac.compare_digest(one, given) for one in signed) == 0:
        return "none"
    return "strong" if method in _STRONG else "weak"
