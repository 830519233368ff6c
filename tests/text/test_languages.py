"""Language tags as BCP 47 writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import languages


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("en_us", "en-US"),
        ("EN-us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("fr, en", "fr"),
        ("", ""),
        ("und", ""),
        ("English", ""),
        ("rss_2.0.channel.language", ""),
        ("x-default", ""),
    ],
)
def test_a_language_is_a_tag_or_nothing(written: str, tag: str) -> None:
    assert languages.tag(written) == tag


@given(st.text(max_size=20))
def test_a_tag_is_its_own_tag(written: str) -> None:
    tag = languages.tag(written)
    assert languages.tag(tag) == tag
