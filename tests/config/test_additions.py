"""Lines are added to the configuration, and nothing else in it changes."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import load_text, source_id, with_sources
from aggregator.errors import InputError

SITE = "site: {title: T, url: https://wire.example.org/}\n"
NEW = {"new": "https://new.example/feed"}


def added(text: str, new: Mapping[str, str] = NEW) -> str:
    """The text with the sources, which it must then say, and say nothing else new."""
    after = with_sources(text, "sources.yaml", new)
    sources = {
        one.id: one.feed for one in load_text(after.removeprefix("\ufeff"), {}, "sources.yaml").sources
    }
    assert {id: sources[id] for id in new} == dict(new)
    return after


def test_lines_go_to_the_end_of_the_section_and_comments_stay() -> None:
    text = f"""# mine
{SITE}
sources:                # all of them

    # ── World ──
    daily:   https://daily.example/feed   # every day
    weekly:
        feed: https://weekly.example/feed
        topics: [world]
    # off: https://off.example/feed

# ── Topics ──
topics:
  world: {{title: World, match: world}}
"""
    line = "    new: https://new.example/feed\n"
    before, after = text.split("    # off: https://off.example/feed\n")
    assert added(text) == f"{before}    # off: https://off.example/feed\n{line}{after}"


def test_after_a_block_of_text_as_well() -> None:
    text = (
        SITE
        + "sources:\n  daily:\n    feed: https://daily.example/feed\n    only: |\n      a\n\n      b\n\n\n"
    )
    assert added(text) == text.removesuffix("\n\n") + "  new: https://new.example/feed\n\n\n"


@pytest.mark.parametrize(
    ("section", "after"),
    [
        ("sources:\n", "sources:\n  new: https://new.example/feed\n"),
        ("sources: {}  # none\n", "sources:   # none\n  new: https://new.example/feed\n"),
        ("sources:", "sources:\n  new: https://new.example/feed\n"),
        ("", "\nsources:\n  new: https://new.example/feed\n"),
        ("sources:\n\n  # none yet\n", "sources:\n\n  # none yet\n  new: https://new.example/feed\n"),
    ],
)
def test_an_empty_or_missing_section_is_begun(section: str, after: str) -> None:
    assert added(SITE + section) == SITE + after


def test_the_end_of_the_file_and_its_line_ends_stay_what_they_are() -> None:
    windows = (SITE + "sources:\n  daily: https://daily.example/feed").replace("\n", "\r\n")
    assert added(windows) == windows + "\r\n  new: https://new.example/feed\r\n"
    marked = "\ufeff" + SITE + "sources:\n  daily: https://daily.example/feed\n"
    assert added(marked) == marked + "  new: https://new.example/feed\n"


def test_sources_in_braces_are_left_to_the_operator() -> None:
    for text in ("sources: {daily: https://daily.example/}", "sources:\n  {daily: 'https://daily.example/'}"):
        with pytest.raises(InputError, match="sources are in braces"):
            with_sources(SITE + text, "sources.yaml", NEW)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20))
def test_any_address_is_read_back_as_it_was(path: str) -> None:
    feed = f"https://a.example/{path.replace('${', '')}"
    added(SITE + "sources:\n  daily: https://daily.example/feed\n", {"new": feed})


@pytest.mark.parametrize(
    ("title", "feed", "id"),
    [
        ("Peoples Dispatch", "", "peoples-dispatch"),
        ("L’Humanité — Monde", "", "lhumanite-monde"),
        ("Łódź & Øresund", "", "lodz-oresund"),
        ("한겨레", "https://www.hani.co.kr/rss/", "hani-co-kr"),
        ("北京新闻日报 News", "https://feeds.beijing.example/x", "beijing-example"),
        ("", "https://blog.example/", "blog-example"),
        ("", "", "source"),
        ("Daily", "", "daily-3"),
        ("word " * 40, "", "word-word-word-word-word-word-word-word"),
    ],
)
def test_an_id_is_made_of_the_title_else_of_the_host(title: str, feed: str, id: str) -> None:
    assert source_id(title, feed, {"daily", "daily-2"}) == id
