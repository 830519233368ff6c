"""An entry that cannot be published stands in the way of nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from aggregator.compiled import Compiled, compile_config
from aggregator.model import (
    Author,
    Category,
    Document,
    Enclosure,
    Failure,
    Fault,
    Item,
    Published,
    Refined,
    Response,
    Site,
    Source,
)
from aggregator.outputs import Cache, Format, Renderer, composition, formats, validity
from aggregator.outputs.formats import readers
from aggregator.outputs.views import EntryView, FeedView
from tests.pipeline.test_journey import CONFIG, START, Journey, rss

HOSTILE = "Peace talks collapse"


def undatable(item: Item) -> Item:
    """The item of a feed that changed before the first moment that can be named in UTC."""
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    return replace(item, head=replace(item.head, updated=first))


class Outlet(Journey):
    """A journey on which one item of the daily paper is what `spoil` makes of it."""

    def __init__(self) -> None:
        super().__init__()
        self.spoil: Callable[[Item], Item] = lambda item: item
        self.world.bodies["https://daily.example/feed"] = rss(
            "Peace talks resume", HOSTILE, "Ceasefires hold"
        )
        refine = self.world.refine

        async def spoilt(source: Source, response: Response) -> Refined | Failure:
            refined = await refine(source, response)
            assert isinstance(refined, Refined)
            items = (self.spoil(item) if item.title == HOSTILE else item for item in refined.items)
            return replace(refined, items=tuple(items))

        self.pipeline.poller.refine = spoilt

    @property
    def left_out(self) -> list[str]:
        return [one.sentence for one in self.store.quarantined()]

    def told(self) -> list[str]:
        events = [event for event in self.world.events if isinstance(event, Published)]
        return [one.sentence for event in events for one in event.quarantined]


def print_with(outlet: Outlet, *given: Format) -> None:
    """From now on documents are printed in those formats."""

    def renderer(compiled: Compiled) -> Renderer:
        return Renderer(compiled.config, Cache(compiled.edition), given)

    outlet.pipeline.publisher.issuer.renderer = renderer  # type: ignore[method-assign]


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


def is_sound(outlet: Outlet) -> None:
    """Every document there is passes the gate, and those that matter are there."""
    for path, body in outlet.world.files.items():
        assert validity.examine(Document(path, body), readers()) == ()
    assert {"all.atom", "peace.rss", "sources/daily.json", "index.html"} <= outlet.world.files.keys()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda item: replace(item, title="\x00\x08\ud800 \uffff peace talks"),
        lambda item: replace(item, id="urn:x:\x07\ud800"),
        lambda item: replace(item, url="javascript:alert(1)", comments="/relative"),
        lambda item: replace(item, content="<script>alert(1)</script><p onclick='x'>Peace talks</p><svg>"),
        lambda item: replace(item, authors=(Author("", "data:x"), Author("\x01", "//x"))),
        lambda item: replace(item, categories=(Category("", "no scheme", ""), Category("a\x00", "b c"))),
        lambda item: replace(item, enclosures=(Enclosure("ftp://x/y", "\ud800", -1),)),
        lambda item: replace(item, head=replace(item.head, id="\ud800", feed="x:y", title="<b>\x00</b>")),
        lambda item: replace(item, language='"><script>', rights="</rights>", url="", title=""),
    ],
)
def test_what_can_be_shown_safely_is_shown(outlet: Outlet, spoil: Callable[[Item], Item]) -> None:
    outlet.spoil = spoil
    outlet.cycle()
    is_sound(outlet)
    assert outlet.left_out == []
    assert len(json.loads(outlet.world.files["all.json"])["items"]) == 3


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda item: replace(item, id="no iri"), "id is no IRI: 'no iri'"),
        (undatable, "it cannot be printed (OverflowError: date value out of range)"),
    ],
)
def test_what_cannot_is_left_out_of_everything_and_told_once(
    outlet: Outlet, spoil: Callable[[Item], Item], sentence: str
) -> None:
    outlet.spoil = spoil
    outlet.cycle()
    is_sound(outlet)
    assert outlet.told() == outlet.left_out == [sentence]
    for path in ("all.json", "peace.json", "sources/daily.json"):
        assert outlet.titles(path) == ["Ceasefires hold", "Peace talks resume"]
    assert all(HOSTILE.encode() not in body for body in outlet.world.files.values())
    assert outlet.store.stale(outlet.world.now) == ()
    outlet.publish_anew()
    assert outlet.told() == [sentence]


def test_a_restart_does_not_try_again_and_does_not_tell_again(
    outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet.spoil = lambda item: replace(item, id="no iri")
    outlet.cycle()
    before, looked = dict(outlet.world.files), list[str]()
    examine_entry = validity.examine_entry

    def noted(
        rules: composition.FormatRules, path: str, body: bytes, id: str, scope: composition.Scope
    ) -> tuple[composition.Passed, tuple[Fault, ...]]:
        looked.append(id)
        return examine_entry(rules, path, body, id, scope)

    monkeypatch.setattr(validity, "examine_entry", noted)
    outlet.pipeline.publisher.issuer.kept = Cache()
    outlet.publish_anew()
    assert outlet.world.files == before
    assert looked
    assert "no iri" not in looked
    assert len(outlet.told()) == 1


def test_a_correction_brings_it_back(outlet: Outlet) -> None:
    outlet.spoil = undatable
    outlet.cycle()
    assert len(outlet.left_out) == 1
    outlet.spoil = lambda item: replace(item, summary="Corrected since.")
    outlet.world.now += timedelta(days=2)
    outlet.world.bodies["https://daily.example/feed"] = rss("Peace talks resume", HOSTILE, day=2)
    outlet.cycle(("daily",))
    assert outlet.left_out == []
    assert HOSTILE in outlet.titles("peace.json")


def test_another_edition_tries_it_again(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    atom, *others = formats.FORMATS

    def strict(shown: EntryView, site: Site) -> bytes:
        written = atom.entry(shown, site)
        return b"" if HOSTILE.encode() in written else written

    print_with(outlet, replace(atom, entry=strict), *others)
    outlet.cycle()
    assert outlet.left_out == ["it has 0 entries instead of 1"]
    assert HOSTILE not in outlet.titles("peace.json")
    del outlet.pipeline.publisher.issuer.renderer
    renamed = replace(CONFIG, site=replace(CONFIG.site, title="Another Wire"))
    outlet.pipeline.context.compiled = compile_config(renamed)
    outlet.cycle()
    assert outlet.left_out == []
    assert HOSTILE in outlet.titles("peace.json")


def test_a_fault_that_is_no_entrys_keeps_the_last_good_documents_of_that_feed_alone(outlet: Outlet) -> None:
    outlet.cycle()
    before = dict(outlet.world.files)
    atom, *others = formats.FORMATS

    def headless(feed: FeedView) -> tuple[bytes, bytes]:
        head, tail = atom.frame(feed)
        return (head.replace(b'rel="self"', b'rel="me"'), tail) if feed.name == "peace" else (head, tail)

    print_with(outlet, replace(atom, frame=headless), *others)
    outlet.world.bodies["https://daily.example/feed"] = rss("Peace talks resume", "Ceasefires are over")
    outlet.world.now += timedelta(hours=1)
    outlet.cycle(("daily",))
    changed = {path for path, body in outlet.world.files.items() if before.get(path) != body}
    assert "all.atom" in changed
    assert not {path for path in changed if path.startswith("peace")}
    (failure,) = [one.failure for one in outlet.world.events if isinstance(one, Published) and one.failure]
    assert failure == "peace.atom would be wrong: feed has no link to itself"
    assert [stale.feed for stale in outlet.store.stale(outlet.world.now)] == ["peace"]


def test_a_writer_that_spoils_most_of_a_feed_puts_nothing_into_quarantine(outlet: Outlet) -> None:
    outlet.world.bodies["https://daily.example/feed"] = rss(*(f"Peace talks {number}" for number in range(6)))
    *others, json_feed = formats.FORMATS
    print_with(outlet, *others, replace(json_feed, entry=lambda shown, site: b"{}"))
    outlet.cycle()
    assert outlet.left_out == []
    failures = [one.failure for one in outlet.world.events if isinstance(one, Published) and one.failure]
    assert any("peace.json would be wrong: 6 of 6 entries, such as " in failure for failure in failures)
    assert "peace.atom" not in outlet.world.files


def test_what_comes_late_and_goes_into_the_archive_is_examined_and_told_as_well(outlet: Outlet) -> None:
    refine = outlet.pipeline.poller.refine

    async def many(source: Source, response: Response) -> Refined | Failure:
        refined = await refine(source, response)
        if source.id != "daily" or isinstance(refined, Failure):
            return refined
        (first, *_), day = refined.items, timedelta(days=1)
        old = (
            replace(
                first, key=f"old {n}", id="no iri" if n == 90 else f"urn:x:{n}", published=START - n * day
            )
            for n in range(1, 160)
        )
        return replace(refined, items=tuple(old))

    outlet.pipeline.poller.refine = many
    outlet.cycle()
    assert outlet.told() == outlet.left_out == ["id is no IRI: 'no iri'"]
    parts = [body for path, body in outlet.world.files.items() if path.startswith("peace/archive/")]
    assert sum(body.count(b"<entry") for body in parts) >= 158 - 50
    assert all(
        b"no iri" not in body and validity.examine(Document("a.atom", body), readers()) == ()
        for body in parts
    )
