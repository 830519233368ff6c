"""Items with one id are one article only if their texts agree: nobody speaks in another outlet's feed."""

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.items.agreement import agree
from aggregator.model import Head, Item
from aggregator.text.html.sanitizer import to_text

STORIES = Path(__file__).parents[3] / "shared" / "stories"
TEXT = " ".join(f"word{n} of the long report on talks" for n in range(30))
OTHER = " ".join(f"claim{n} that nobody ever made anywhere" for n in range(30))


def item(title: str = "Talks begin in Geneva", text: str = TEXT, summary: str = "") -> Item:
    return Item(
        "a", "1", id="https://n.example/1", url="https://n.example/1", title=title, text=text, summary=summary
    )


@pytest.mark.parametrize(
    "other",
    [
        item(),
        item(title="A headline of its own"),
        item(text=TEXT[: len(TEXT) // 2]),
        item(text=f"{TEXT} And a paragraph that the other outlet added at the end."),
        item(text=TEXT.upper()),
        item(text="", summary=TEXT),
        item(text=""),
        item(text="Talks begin", title="Talks begin in Geneva today"),
    ],
)
def test_the_same_article_cut_edited_or_retitled_is_one(other: Item) -> None:
    assert agree(item(), other)
    assert agree(other, item())


@pytest.mark.parametrize(
    "other",
    [
        item(text=OTHER),
        item(title="Something else altogether", text=""),
        item(
            title="Talks begin in Geneva", text="This short text says that the outlet lies about all of it."
        ),
        item(title="", text=""),
        item(text=f"{OTHER} {TEXT[:60]}"),
    ],
)
def test_another_text_under_the_same_id_is_another_article(other: Item) -> None:
    assert not agree(item(), other)
    assert not agree(other, item())


def test_scripts_without_spaces_are_compared_by_their_characters() -> None:
    korean = "북한이 오늘 새로운 미사일을 동해로 발사했다고 합동참모본부가 밝혔다"
    assert agree(item(text=korean), item(title="다른 제목", text=korean))
    assert not agree(
        item(text=korean),
        item(title="다른 제목", text="일본 총리가 내일 서울을 방문하여 정상회담을 연다고 한다"),
    )


COLUMN = (
    "Good morning and welcome to the letter that we write for you each week about what moved the towns along "
    "the river, what is on at the harbour theatre, and where the ferries will not stop because of the works. "
    "Write to us with your questions; the best of them are answered here on the following Friday. "
)
NEWS = {
    1: "The new lock was opened by the mayor while a brass band played on both banks in the rain.",
    2: "Fishermen want the old quota back, for which they blocked the weir with eleven boats on Tuesday.",
}


def column(title: str, number: int) -> Item:
    return item(title=title, text=COLUMN + NEWS[number])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (column("Letter from the river 41", 1), column("Letter from the river 42", 2)),
        (column("River news of 3 May 2026", 1), column("River news of 10 May 2026", 2)),
        (column("Live: the river on Monday", 1), column("Live: the river on Tuesday", 2)),
        (column("Brief von der Elbe, Folge 7", 1), column("Brief von der Elbe, Folge 8", 2)),
        (column("Rzeka dzisiaj: styczeń nad wodą", 1), column("Rzeka dzisiaj: luty nad wodą", 2)),
    ],
)
def test_parts_of_a_series_share_their_frame_and_are_not_one(one: Item, other: Item) -> None:
    assert not agree(one, other)
    assert not agree(other, one)


def test_equal_texts_under_titles_that_differ_in_a_number_alone_are_not_one() -> None:
    assert not agree(item(title="Build 1.5.0.14 is out"), item(title="Build 1.5.0.15 is out"))
    assert agree(item(title="10,000 march in Geneva"), item(title="10.000 march in Geneva"))
    assert agree(item(title="Talks begin in Geneva (2)"), item(title="Talks begin in Geneva"))


def test_a_corrected_number_in_the_title_parts_no_copies_that_were_one() -> None:
    assert agree(item(title="Flood kills 10"), item(title="Flood kills 12"), joined=True)
    assert not agree(item(title="Flood kills 10"), item(title="Flood kills 12", text=OTHER), joined=True)


def opening(place: str, work: str) -> Item:
    text = (
        f"We are looking for a {work} in {place}. You work in a small team, part time or full time, and are "
        "paid by the agreement of the public services. We offer thirty days of leave, help with a flat and a "
        "school, and a pension. Apply by post or by mail with the usual papers; we answer all within a week."
    )
    return item(title=f"{work.title()} wanted in {place}", text=text)


def test_one_template_with_two_subjects_is_two_articles() -> None:
    assert not agree(opening("Ghent", "nurse"), opening("Porto", "nurse"))
    assert not agree(opening("Ghent", "plumber"), opening("Porto", "teacher"))
    assert agree(opening("Ghent", "nurse"), opening("Ghent", "nurse"))


def test_the_name_of_an_outlet_in_title_and_text_is_no_subject() -> None:
    one = replace(item(title="Talks begin | Harbour", text=f"{TEXT} Harbour"), source="harbour")
    head = Head(title="The Lantern Post")
    other = replace(item(title="Talks begin | Lantern", text=f"{TEXT} Lantern"), source="b", head=head)
    assert agree(one, other)


def test_a_roundup_that_contains_a_short_item_is_not_that_item() -> None:
    short = " ".join(f"the short item says{n}" for n in range(6))
    several = f"{OTHER} {short} {TEXT}"
    roundup = item(title="What you should know this morning", text=several)
    assert not agree(item(title="Ferry runs aground", text=short), roundup)


def test_boilerplate_that_outweighs_short_texts_makes_them_not_one() -> None:
    first = item(title="A walk through the salt marsh", text=COLUMN + NEWS[1])
    assert not agree(first, item(title="Who owns the lighthouse?", text=COLUMN + NEWS[2]))


def test_what_one_of_them_quotes_is_not_its_own_text() -> None:
    said = " ".join(f"sentence{n} of the statement" for n in range(30))
    comment = " ".join(f"remark{n} on it" for n in range(8))
    quoting = replace(
        item(title="Talks begin in Geneva", text=f"{said} {comment}"),
        content=f"<BLOCKQUOTE cite='x'><p>{said}</p></BLOCKQUOTE><p>{comment}</p>",
    )
    assert not agree(item(text=said), quoting)
    assert not agree(quoting, item(text=said))
    assert agree(quoting, quoting)


def test_a_teaser_is_one_with_the_article_of_that_title_however_long_that_is() -> None:
    long = " ".join(f"word{n} of a long report" for n in range(300))
    teaser = " ".join(long.split()[:20])
    assert agree(item(text=teaser), item(text=long))
    assert agree(item(title="Peace talks open in Geneva", text=teaser), item(text=long))
    away = replace(item(title="Peace talks open in Geneva", text=teaser), url="https://n.example/2")
    assert not agree(away, item(text=long))


def test_a_translation_and_a_short_text_with_a_word_changed_are_articles_of_their_own() -> None:
    german = item(title="Gespräche beginnen in Genf", text="Die Gespräche begannen am Montag in Genf. " * 9)
    assert not agree(german, item())
    assert not agree(
        item(text="The minister denied all of the charges on Monday"),
        item(text="The minister confirmed all of the charges on Monday"),
    )


def test_signs_that_nobody_sees_and_other_forms_of_letters_change_nothing() -> None:
    hidden = TEXT.replace("report", "re\u00adport\u200b").replace("talks", "ｔａｌｋｓ")
    assert agree(item(title="A headline of its own"), item(text=hidden))


def test_hostile_markup_is_compared_in_time_that_grows_with_its_length() -> None:
    nested = replace(item(), content="<blockquote>" * 50_000 + "<" * 100_000)
    assert agree(nested, item())


@pytest.mark.skipif(not STORIES.is_dir(), reason="the labelled pairs (../shared/stories) are not here")
def test_labelled_pairs_of_items_are_told_apart() -> None:
    lines = (json.loads(line) for line in (STORIES / "items.jsonl").read_text().splitlines())
    items = {one["id"]: labelled(one) for one in lines}
    with (STORIES / "pairs.tsv").open() as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    found, count = Counter[str](), Counter(pair["label"] for pair in pairs)
    for pair in pairs:
        one, other = items[pair["a"]], items[pair["b"]]
        assert agree(one, other) == agree(other, one)
        found[pair["label"]] += agree(one, other)
    assert found["copy"] >= 0.95 * count["copy"]
    assert found["different"] <= 0.02 * count["different"]
    assert found["related"] <= 0.06 * count["related"]


def labelled(one: dict[str, str]) -> Item:
    content, summary = one["content_html"] or "", to_text(one["summary_html"] or "")
    return Item(
        one["outlet"],
        one["id"],
        url=one["url"],
        title=one["title"],
        summary=summary,
        content=content,
        text=to_text(content),
    )
