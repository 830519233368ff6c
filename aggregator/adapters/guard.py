"""Which addresses may be dialled: the public ones, and those in networks that the operator names."""

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.connector import AddrInfoType, SocketFactoryType

Network = IPv4Network | IPv6Network

# IANA's special-purpose registry (RFC 6890), and what `is_global` takes for public though it is not.
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; the clouds' metadata services live here
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")  # all that is assigned as global unicast
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # IETF protocol assignments; Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
# What a translator or relay on the way turns into the IPv4 address that stands so many bits from its end.
_TRANSLATED = ((IPv6Network("64:ff9b::/96"), 0), (IPv6Network("2002::/16"), 80))

REFUSED = 10_000
"""The `errno` of what was refused here; no system has it, and it survives when several dials fail as one."""


class ForbiddenError(OSError):
    """An address that may not be dialled; an OSError, so that a name's other addresses are still tried."""

    def __init__(self, address: str) -> None:
        super().__init__(REFUSED, f"{address} is not a public address")
        self.address = address


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks from CIDR notation; ValueError for what is none."""
    return tuple(ip_network(text, strict=False) for text in texts)


def is_forbidden(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether an IP address may not be dialled; what cannot be read as one may not."""
    try:
        ip = ip_address(address)
    except ValueError:
        return True
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        return not _is_allowed(ip, allowed) and not _may_dial(ip.ipv4_mapped, allowed)
    inner = _translated(ip)
    return not _may_dial(ip, allowed) or (inner is not None and not _may_dial(inner, allowed))


def guarded_sockets(allowed: Sequence[Network]) -> SocketFactoryType:
    """Makes the sockets of a connector; `ForbiddenError` for an address outside of what may be dialled.

    Every dial passes here, whatever the name was looked up as and whether it was looked up at all.
    """

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = info
        address = str(where[0])
        if is_forbidden(address, allowed):
            raise ForbiddenError(address)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def _may_dial(ip: IPv4Address | IPv6Address, allowed: Sequence[Network]) -> bool:
    return _is_public(ip) or _is_allowed(ip, allowed)


def _is_allowed(ip: IPv4Address | IPv6Address, allowed: Sequence[Network]) -> bool:
    return any(ip in network for network in allowed)


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_V4)
    return ip in _PUBLIC_V6 and not any(ip in network for network in _NOT_PUBLIC_V6)


def _translated(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address a translator or relay on the way would turn this one into."""
    if isinstance(ip, IPv6Address):
        for network, shift in _TRANSLATED:
            if ip in network:
                return IPv4Address(int(ip) >> shift & 0xFFFFFFFF)
    return None
