import pytest

from aggregator.config import is_reachable


@pytest.mark.parametrize(
    "url",
    [
        "https://wire.example.org/",
        "http://wire.example.org.:8080/feeds/",
        "https://münchen.example/",
        "http://93.184.216.34/",
        "https://[2606:2800:220:1::]/",
        "https://localhost.example.org/",
    ],
)
def test_public_names_and_addresses_are_reachable(url: str) -> None:
    assert is_reachable(url)


@pytest.mark.parametrize(
    "url",
    """
    http://localhost:8080/ http://localhost./ http://LOCALHOST/ http://wire.localhost/ http://127.0.0.1/
    http://127.1/ http://0x7f000001/ http://2130706433/ http://0x7f.1/ http://[::1]:8080/ http://[::ffff:10.0.0.1]/
    http://10.1.2.3/ http://192.168.1.2:8080/ http://169.254.1.1/ http://[fd00::1]/ http://224.0.0.1/ http://0.0.0.0/
    http://desk/ http://printer.local/ http://wire.test/ http://wire.internal/ http://nas.home.arpa/ http://[::1/
    """.split(),
)
def test_names_and_addresses_of_a_house_are_not(url: str) -> None:
    assert not is_reachable(url)
