"""Entries printed once: the bytes are those of a feed that is printed alone, whatever came before."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from aggregator import outputs
from aggregator.model import Entry, Site
from aggregator.outputs import Cache
from aggregator.outputs.formats import FORMATS, Format
from aggregator.outputs.renderer import Renderer
from aggregator.outputs.views import EntryView, FeedView
from tests import printing
from tests.examples import examples
from tests.outputs.samples import CONFIG, FEED, FULL, NOW, PODCAST, TITLE_ONLY, entry, feed
from tests.outputs.test_reading_back import entries


def counted(calls: list[str]) -> tuple[Format, ...]:
    """The formats, noting in `calls` whatever entry is printed."""

    def noting(format: Format) -> Format:
        def note(shown: EntryView, site: Site) -> bytes:
            calls.append(shown.id)
            return format.entry(shown, site)

        return replace(format, entry=note)

    return tuple(map(noting, FORMATS))


@examples(20, HealthCheck.too_slow, HealthCheck.data_too_large)
@given(entries(), st.data())
def test_what_was_kept_gives_the_same_bytes_in_any_feed(
    known: tuple[Entry, ...], data: st.DataObject
) -> None:
    kept = Cache("edition")
    printing.render(feed(*known, name="all"), CONFIG, kept)
    chosen = data.draw(st.lists(st.sampled_from(known), unique_by=lambda one: one.id)) if known else []
    moved = [replace(one, listed=NOW, arrived=NOW, changed=NOW) for one in chosen]
    for name in ("diplomacy", "sources/gazette"):
        assert printing.render(feed(*moved, name=name), CONFIG, kept) == printing.render(
            feed(*moved, name=name), CONFIG
        )


def test_an_entry_is_printed_once_for_all_feeds_until_it_changes() -> None:
    calls: list[str] = []
    renderer = Renderer(CONFIG, Cache("edition"), counted(calls))
    one, other = entry(FULL), entry(PODCAST)
    for name in ("all", "diplomacy", "sources/peoples-dispatch"):
        renderer.printed(feed(one, other, name=name))
    assert sorted(calls) == sorted([one.id, other.id] * len(FORMATS))
    calls.clear()
    renderer.printed(feed(replace(one, updated=one.updated + timedelta(hours=1)), other))
    assert calls == [one.id] * len(FORMATS)


@pytest.mark.parametrize(
    ("change", "prints"),
    [
        ({"title": "Another headline"}, True),
        ({"head": replace(FULL.head, rights="© another")}, True),
        ({"content": "<p>Another text.</p>"}, True),
        ({"text": "Another text.", "excerpt": "An excerpt."}, True),
        ({"text": "Another text."}, False),
    ],
)
def test_an_entry_is_printed_again_where_what_is_shown_of_it_changes(
    change: dict[str, Any], prints: bool
) -> None:
    calls: list[str] = []
    renderer = Renderer(CONFIG, Cache("edition"), counted(calls))
    told = replace(FULL, excerpt="Envoys met.")
    renderer.printed(feed(entry(told)))
    calls.clear()
    printed = renderer.printed(feed(entry(replace(told, **change))))
    assert bool(calls) == prints
    assert printed == Renderer(CONFIG).printed(feed(entry(replace(told, **change))))


def test_a_text_that_the_outlet_does_not_let_us_show_changes_nothing() -> None:
    calls: list[str] = []
    renderer = Renderer(CONFIG, Cache("edition"), counted(calls))
    renderer.printed(feed(entry(replace(TITLE_ONLY, excerpt="Hidden."))))
    calls.clear()
    renderer.printed(feed(entry(replace(TITLE_ONLY, excerpt="Hidden.", content="<p>Another.</p>"))))
    assert calls == []


def test_what_another_edition_printed_is_not_made_use_of() -> None:
    kept, renamed = Cache("one"), replace(CONFIG, site=replace(CONFIG.site, url="https://other.example/"))
    printing.render(FEED, CONFIG, kept)
    kept.edition = "two"
    assert printing.render(FEED, renamed, kept) == printing.render(FEED, renamed)


def test_no_more_is_kept_than_the_bound_says() -> None:
    kept = Cache("edition", most=20_000)
    for number in range(20):
        printing.render(feed(entry(replace(TITLE_ONLY, key=str(number)))), CONFIG, kept)
        assert kept.size <= 20_000
    assert printing.render(FEED, CONFIG, kept) == printing.render(FEED, CONFIG)


def test_what_is_larger_than_the_bound_is_printed_all_the_same() -> None:
    assert printing.render(FEED, CONFIG, Cache("edition", most=10)) == printing.render(FEED, CONFIG)


# ── what a writer gets wrong ────────────────────────────────────────────────────────────────────


def faked(**changes: Any) -> Renderer:
    """A renderer whose first format does something else."""
    return Renderer(CONFIG, Cache("edition"), (replace(FORMATS[0], **changes), *FORMATS[1:]))


def spoilt(shown: EntryView, site: Site) -> bytes:
    """An Atom entry; that of the podcast is not well-formed."""
    written = FORMATS[0].entry(shown, site)
    return written.replace(b"</entry>", b"") if shown.title.startswith("A conversation") else written


def test_an_entry_that_is_written_wrongly_is_named() -> None:
    printed = faked(entry=spoilt).printed(FEED)
    assert printed.documents == ()
    assert {(fault.path, fault.entry) for fault in printed.faults} == {("diplomacy.atom", PODCAST.id)}
    assert printed.faults[0].sentence.startswith("it is not well-formed XML")


def test_an_entry_that_cannot_be_printed_is_named() -> None:
    def raising(shown: EntryView, site: Site) -> bytes:
        if shown.id == PODCAST.id:
            raise RuntimeError("no such podcast")
        return FORMATS[0].entry(shown, site)

    (fault,) = faked(entry=raising).printed(FEED).faults
    assert fault.entry == PODCAST.id
    assert fault.sentence == "it cannot be printed (RuntimeError: no such podcast)"


def test_a_format_that_leaves_out_an_entry_is_found_out() -> None:
    def dropping(shown: EntryView, site: Site) -> bytes:
        return b"" if shown.id == PODCAST.id else FORMATS[0].entry(shown, site)

    (fault,) = faked(entry=dropping).printed(FEED).faults
    assert (fault.entry, fault.sentence) == (PODCAST.id, "it has 0 entries instead of 1")


def test_a_fault_in_the_head_is_nobodys() -> None:
    def headless(presented: FeedView) -> tuple[bytes, bytes]:
        head, tail = FORMATS[0].frame(presented)
        return (
            (head.replace(b'rel="self"', b'rel="me"'), tail)
            if presented.name == "diplomacy"
            else (head, tail)
        )

    printed = faked(frame=headless).printed(FEED)
    assert [(one.path, one.entry, one.sentence) for one in printed.faults] == [
        ("diplomacy.atom", "", "feed has no link to itself")
    ]


def test_rendering_a_feed_that_does_not_pass_raises() -> None:
    twice = feed(entry(TITLE_ONLY), entry(TITLE_ONLY))
    with pytest.raises(ValueError, match="two entries have the id"):
        printing.render(twice, CONFIG)


@pytest.mark.parametrize("suffix", [".atom", ".html"])
def test_a_search_shows_what_can_be_printed(suffix: str) -> None:
    undatable = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    broken = replace(entry(PODCAST), published=undatable)
    body = outputs.search(replace(FEED, entries=(*FEED.entries[:1], broken)), CONFIG, suffix)
    assert body == outputs.search(replace(FEED, entries=FEED.entries[:1]), CONFIG, suffix)
