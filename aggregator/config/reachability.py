"""Whether others can reach an address of ours, as far as the address itself says."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

# Names that no public name service knows (RFC 6761, 6762, 8375, 9476, and what routers make up).
_PRIVATE = frozenset(
    {
        "alt",
        "corp",
        "home",
        "home.arpa",
        "internal",
        "intranet",
        "invalid",
        "lan",
        "local",
        "localhost",
        "test",
    }
)
_OLD_IPV4 = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*", re.ASCII)  # inet_aton's spellings


def is_reachable(url: str) -> bool:
    """Whether programs elsewhere can be asked to call this address: a public name or a public IP address."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    try:
        ip = ip_address(host)
        return ip.is_global and not ip.is_multicast
    except ValueError:
        pass
    if "." not in host or _OLD_IPV4.fullmatch(host):
        return False
    return not any(host == name or host.endswith(f".{name}") for name in _PRIVATE)
