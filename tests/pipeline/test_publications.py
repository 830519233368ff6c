"""What is published while disks fill, pages are deleted and programs die."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.compiled import compile_config
from aggregator.errors import AggregatorError
from aggregator.model import (
    Config,
    Document,
    Entry,
    Polled,
    Published,
    Rulings,
    Selection,
    Topic,
    Withdrawal,
)
from tests.pipeline.test_journey import CONFIG, START, Journey, rss, weekly

MINUTE = timedelta(minutes=1)


@pytest.fixture
def journey() -> Journey:
    made = Journey()
    made.world.bodies = {
        "https://daily.example/feed": rss("Peace talks resume"),
        "https://weekly.example/feed.json": weekly("North Koreans vote"),
    }
    return made


def publish(journey: Journey) -> tuple[Published, ...]:
    return asyncio.run(journey.pipeline.publisher.publish())


def refuse(journey: Journey, path: str, error: Exception) -> None:
    def write(document: Document) -> bool:
        if document.path == path:
            raise error
        return journey.world.write(document)

    journey.pipeline.publisher.write = write


def failures(journey: Journey) -> list[str]:
    events = [event for event in journey.world.events if isinstance(event, Published)]
    return [event.feed for event in events if event.failure]


@pytest.mark.parametrize("path", ["peace.atom", "sources/weekly.html", "index.html", "style.css"])
def test_a_document_that_was_deleted_is_written_again_as_it_was(journey: Journey, path: str) -> None:
    journey.cycle()
    before = dict(journey.world.files)
    del journey.world.files[path]
    journey.world.now = START + timedelta(days=2)
    journey.cycle()
    assert journey.world.files == before


def test_trouble_is_reported_once_and_tried_again_after_a_minute(journey: Journey) -> None:
    refuse(journey, "peace.rss", AggregatorError("the disk is full; free some space"))
    journey.cycle()
    assert failures(journey) == ["peace"]
    assert publish(journey) == ()
    journey.world.now += MINUTE
    assert [one.feed for one in publish(journey) if one.failure] == ["peace"]
    assert failures(journey) == ["peace"]
    journey.pipeline.publisher.write = journey.world.write
    journey.world.now += MINUTE
    assert [one.feed for one in publish(journey)] == ["peace", "index"]
    assert "peace.rss" in journey.world.files


def test_a_change_is_tried_at_once_whatever_failed_before(journey: Journey) -> None:
    refuse(journey, "peace.rss", AggregatorError("the disk is full; free some space"))
    journey.cycle()
    journey.pipeline.publisher.write = journey.world.write
    journey.world.bodies["https://daily.example/feed"] = rss("Peace talks resume", "Ceasefires hold")
    journey.cycle(("daily",))
    assert "peace.rss" in journey.world.files


def test_a_fault_in_printing_one_feed_stops_no_other_and_is_told(journey: Journey) -> None:
    refuse(journey, "peace.atom", ValueError("All strings must be XML compatible"))
    journey.cycle()
    assert "korea.atom" in journey.world.files
    assert [stale.feed for stale in journey.store.stale(journey.world.now)] == ["peace"]
    event = next(one for one in journey.world.events if isinstance(one, Published) and one.failure)
    assert "a fault of the program itself (ValueError: All strings" in event.failure


def test_a_front_page_that_could_not_be_written_is_not_forgotten_over_a_restart(journey: Journey) -> None:
    refuse(journey, "index.html", AggregatorError("the disk is full; free some space"))
    journey.cycle()
    assert [stale.feed for stale in journey.store.stale(journey.world.now)] == ["index"]
    journey.pipeline.publisher.write, journey.pipeline.publisher.troubles = journey.world.write, {}
    assert [one.feed for one in publish(journey)] == ["index"]
    assert "index.html" in journey.world.files


def test_a_program_killed_before_the_front_page_prints_it_at_the_next_start(journey: Journey) -> None:
    refuse(journey, "index.html", KeyboardInterrupt())  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        journey.cycle()
    journey.pipeline.publisher.write = journey.world.write
    publish(journey)
    assert "index.html" in journey.world.files


def test_publishing_ends_between_two_feeds_when_told_to_and_goes_on_later(journey: Journey) -> None:
    asyncio.run(journey.pipeline.publisher.catch_up())
    looks = iter([False, False, True])
    done = asyncio.run(journey.pipeline.publisher.publish(lambda: next(looks)))
    assert len(done) == 2
    rest = publish(journey)
    assert {one.feed for one in done + rest} == {*journey.pipeline.context.compiled.definitions, "index"}
    assert not {one.feed for one in done} & {one.feed for one in rest}


def edit_while_printing(journey: Journey, edited: Config) -> list[str]:
    """The feeds that are published after an edit that comes while the first of many is printed."""
    journey.publish_anew()
    asyncio.run(
        journey.pipeline.context.in_thread(
            journey.store.mark, journey.pipeline.context.compiled.definitions, START
        )
    )
    asyncio.run(journey.pipeline.context.in_thread(journey.store.reprint_older, ""))
    journey.world.events.clear()
    journey.world.files.clear()
    pending = [compile_config(edited)]

    def write(document: Document) -> bool:
        if pending:
            journey.pipeline.context.compiled = pending.pop()
            journey.pipeline.publisher._catch_up(journey.pipeline.context.compiled)
        return journey.world.write(document)

    journey.pipeline.publisher.write = write
    publish(journey)
    return [event.feed for event in journey.world.events if isinstance(event, Published)][1:]


def test_an_edit_does_not_wait_behind_the_printing_of_the_last(journey: Journey) -> None:
    asyncio.run(journey.pipeline.publisher.catch_up())
    new = Topic("votes", "Votes", match="vote*")
    order = edit_while_printing(journey, replace(CONFIG, topics=(*CONFIG.topics, new)))
    assert order[:2] == ["votes", "index"]
    assert order[-1] == "index"
    assert set(journey.pipeline.context.compiled.definitions) <= {*order, "all"}


def test_printing_gives_way_to_an_edit_between_two_entries_and_nothing_is_taken_for_wrong(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(journey.pipeline.publisher.catch_up())
    asyncio.run(journey.pipeline.poller.poll(journey.store.claim(START, MINUTE, 10)))
    journey.world.events.clear()
    select = journey.store.entries

    def look(selection: Selection) -> tuple[Entry, ...]:
        journey.pipeline.publisher.issuer.under_way = (
            1  # as an edit does that comes while a feed is being printed
        )
        return select(selection)

    monkeypatch.setattr(journey.store, "entries", look)
    assert publish(journey) == ()
    assert (journey.world.events, journey.world.files) == ([], {})
    monkeypatch.undo()
    journey.pipeline.publisher.issuer.under_way = 0
    assert {one.feed for one in publish(journey)} == {*journey.pipeline.context.compiled.definitions, "index"}
    assert journey.store.quarantined() == ()


def test_nothing_is_printed_while_an_edit_is_put_in_force(journey: Journey) -> None:
    asyncio.run(journey.pipeline.publisher.catch_up())
    with journey.pipeline.publisher.issuer.editing():
        assert publish(journey) == ()
    assert publish(journey) != ()


def test_a_topic_with_another_title_is_published_before_what_did_not_change(journey: Journey) -> None:
    asyncio.run(journey.pipeline.publisher.catch_up())
    *others, last = CONFIG.topics
    order = edit_while_printing(journey, replace(CONFIG, topics=(*others, replace(last, title="Another"))))
    assert order[:2] == [last.id, "index"]


def test_a_withdrawal_goes_before_the_printing_of_what_is_behind(journey: Journey) -> None:
    asyncio.run(journey.pipeline.publisher.catch_up())
    asyncio.run(journey.pipeline.poller.poll(journey.store.claim(START, MINUTE, 10)))
    entry = journey.store.entries(Selection())[0]
    rulings = Rulings(withdrawn=(Withdrawal(entry.id, "it was invented"),))
    order = edit_while_printing(journey, replace(CONFIG, rulings=rulings))
    first = order[: order.index("index")]
    assert {f"sources/{entry.item.source}"} <= set(first)
    assert len(first) < len(journey.pipeline.context.compiled.definitions)


def test_a_source_that_an_edit_removed_after_it_was_claimed_is_not_asked(journey: Journey) -> None:
    claims = journey.store.claim(START, timedelta(minutes=10), 10, ("daily", "weekly"))
    edited = replace(CONFIG, sources=CONFIG.sources[1:])
    journey.pipeline.context.compiled = compile_config(edited)
    asyncio.run(journey.pipeline.poller.poll(claims))
    assert [event.source.id for event in journey.world.events if isinstance(event, Polled)] == ["weekly"]
    assert [request.url for request in journey.world.asked] == ["https://weekly.example/feed.json"]
    assert [claim.source for claim in journey.store.claim(START, MINUTE, 10)] == ["daily"]
