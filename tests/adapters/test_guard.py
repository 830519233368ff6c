import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.guard import is_forbidden, networks

FORBIDDEN = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.254 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.254
198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1
::ffff:10.0.0.1 ::ffff:0.0.0.0 ::127.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::8.8.8.8
64:ff9b:1::10.0.0.1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%lo fec0::1
feff::1 ff02::1 ff0e::1 4000::1 8000::1
""".split()
PUBLIC = """
1.1.1.1 8.8.8.8 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.0.1 172.15.0.1
172.32.0.1 192.0.1.1 192.167.1.1 198.17.0.1 198.20.0.1 223.255.255.255 ::ffff:8.8.8.8 2606:4700::1111
2a00:1450:4001::1 2001:4860:4860::8888
""".split()
NO_ADDRESSES = [
    "",
    "localhost",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "127.0.0.1:80",
    "①②⑦.0.0.1",
    "::g",
]


@pytest.mark.parametrize("address", FORBIDDEN + NO_ADDRESSES)
def test_what_is_not_public_is_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    assert not is_forbidden(address)


@pytest.mark.parametrize(
    ("address", "allowed", "forbidden"),
    [
        ("127.0.0.1", "127.0.0.0/8", False),
        ("::ffff:127.0.0.1", "127.0.0.0/8", False),
        ("::ffff:127.0.0.1", "::ffff:0:0/96", False),
        ("127.0.0.1", "10.0.0.0/8", True),
        ("127.0.0.1", "::1/128", True),
        ("::1", "::1/128", False),
        ("fe80::1%lo", "fe80::/10", False),
        ("64:ff9b::8.8.8.8", "64:ff9b::/96", False),
        ("64:ff9b::127.0.0.1", "64:ff9b::/96", True),
        ("2002:7f00:1::", "2002::/16", True),
        ("2002:808:808::", "2002::/16", False),
        ("localhost", "0.0.0.0/0", True),
        ("10.1.2.3", "10.1.2.99/24", False),
    ],
)
def test_only_the_networks_that_are_named_are_allowed(address: str, allowed: str, forbidden: bool) -> None:
    assert is_forbidden(address, networks([allowed])) is forbidden


@given(st.ip_addresses())
def test_nothing_that_python_knows_to_be_private_is_ever_dialled(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast:
        assert is_forbidden(str(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_treated_alike_when_mapped_into_ipv6(address: ipaddress.IPv4Address) -> None:
    assert is_forbidden(str(address)) == is_forbidden(f"::ffff:{address}")


def test_networks_that_are_none_are_an_error() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        networks(["nonsense"])
