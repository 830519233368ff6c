"""Which content coding a client gets (RFC 9110, 12.5.3)."""

from functools import lru_cache

from aggregator.adapters.codings import CODINGS, IDENTITY, Coding

_ALIASES = {"x-gzip": "gzip"}
_UNNAMED_IDENTITY = 0.0001  # acceptable, but any coding the client names comes first


@lru_cache(maxsize=256)
def acceptable(accept_encoding: str | None) -> tuple[Coding, ...]:
    """The codings a client takes, best first; () if it rules all of them out. None: no such header."""
    if accept_encoding is None:
        return (IDENTITY,)
    weights = _weights(accept_encoding)
    others = weights.get("*", 0.0)
    quality = {coding: weights.get(coding.name, others) for coding in CODINGS}
    if "identity" not in weights and "*" not in weights:
        quality[IDENTITY] = _UNNAMED_IDENTITY
    wanted = [coding for coding in CODINGS if quality[coding] > 0]
    return tuple(sorted(wanted, key=lambda coding: -quality[coding]))


def _weights(accept_encoding: str) -> dict[str, float]:
    """Coding → weight from 0 to 1; elements that cannot be read count as not said."""
    weights: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        weight = _weight(parameters)
        if name and weight is not None:
            weights.setdefault(_ALIASES.get(name, name), weight)
    return weights


def _weight(parameters: list[str]) -> float | None:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return None
            return weight if 0 <= weight <= 1 else None
    return 1.0
