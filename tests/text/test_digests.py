"""Digests are stored: what one version of the program computed, the next one must find."""

from aggregator.text.digests import digest


def test_a_digest_is_the_same_on_every_machine_and_in_every_year() -> None:
    assert digest("korea", 8) == "2bb58312f4cd3984"
    assert digest(b"korea", 8) == digest("korea", 8)


def test_a_text_that_is_no_utf_8_has_one_too() -> None:
    assert len(digest("\ud800", 12)) == 24
