"""Whether two spellings are the same topic: hubs decode and encode the address that they were given."""

from urllib.parse import unquote, urlsplit

from yarl import URL

_DECODED = 3  # times at most
_PORTS = {"http": 80, "https": 443}


def same_topic(one: str, other: str) -> bool:
    """Whether two addresses differ at most in their spelling (RFC 3986, 6.2): encoding, case, default port.

    What is compared was asked for at an address that nobody can guess, so this may be generous.
    """
    return one == other or _plain(one) == _plain(other)


def _plain(address: str) -> tuple[object, ...]:
    decoded = address.strip()
    for _ in range(_DECODED):
        decoded = unquote(decoded.replace("+", " "))
    try:
        parts = urlsplit(decoded)
        port = parts.port or _PORTS.get(parts.scheme)
        host = URL.build(scheme="http", host=parts.hostname or "").raw_host
    except ValueError:
        return (decoded,)
    return parts.scheme, parts.username, host, port, parts.path or "/", parts.query
