"""What a source repeats at the ends of its items is a notice of the site; an article keeps its own words."""

from html import escape

import pytest

from aggregator.model import Refined, Response, Source
from aggregator.parse import refinement
from aggregator.text.boilerplate import repetition

NOTICE = "Join our reading circle every Thursday in the old mill."
APPEAL = "We need your help to go on. Give what you can today."
ANIMALS = ("fox", "owl", "hen", "cat", "dog", "elk")


def story(animal: str) -> list[str]:
    return [f"The {animal} came at noon.", f"Nobody saw the {animal} leave.", f"The {animal} was old."]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def read(*contents: tuple[str, str], edges: str = "", summary: str = "") -> Refined:
    items = "".join(
        f"<item><guid isPermaLink='false'>{title}</guid><title>{title}</title>"
        f"<description>{escape(summary or markup)}</description>"
        f"{f'<c:encoded>{escape(markup)}</c:encoded>' if summary else ''}</item>"
        for title, markup in contents
    )
    return read_items(items, edges)


def read_items(items: str, edges: str = "") -> Refined:
    space = "xmlns:c='http://purl.org/rss/1.0/modules/content/'"
    body = f"<rss version='2.0' {space}><channel><title>The Gazette</title>{items}</channel></rss>"
    response = Response("https://gazette.example/feed", 200, (), body.encode(), edges=edges)
    found = refinement.refine(Source(id="gazette", feed=response.url), response)
    assert isinstance(found, Refined), found
    return found


@pytest.mark.parametrize(
    "around",
    [
        lambda own: [*own, NOTICE],
        lambda own: [NOTICE, *own],
        lambda own: [APPEAL, NOTICE, *own, NOTICE, APPEAL],
        lambda own: [*own, f"<strong>{NOTICE}</strong> <a href='https://gazette.example/?t=1'>Here</a>"],
        lambda own: [*own, f"<em>{NOTICE}</em>", "Read more"],
        lambda own: [*own, NOTICE, "© 2026 The Gazette. All rights reserved."],
    ],
)
def test_a_line_at_either_end_of_three_items_is_no_text_of_theirs(around: object) -> None:
    assert callable(around)
    found = read(*((animal, paragraphs(*around(story(animal)))) for animal in ANIMALS[:3]))
    for item in found.items:
        own = story(item.title)
        assert item.text.split("\n\n")[: len(own)] == own
        for notice in (NOTICE, APPEAL):
            assert notice not in item.text + item.summary + item.excerpt + item.content
        assert item.excerpt.startswith(own[0])


def test_numbers_and_punctuation_make_no_other_line_of_a_notice() -> None:
    dated = [f"Only {days} days left: give now!" for days in (12, 7, 1)]
    found = read(*((one, paragraphs(*story(one), line)) for one, line in zip(ANIMALS, dated, strict=False)))
    assert all("days left" not in item.text for item in found.items)


def test_a_line_of_one_or_two_items_is_the_articles() -> None:
    found = read(
        ("fox", paragraphs(*story("fox"), NOTICE)),
        ("owl", paragraphs(*story("owl"), NOTICE)),
        ("hen", paragraphs(*story("hen"))),
    )
    assert [NOTICE in item.text for item in found.items] == [True, True, False]


def test_words_that_recur_in_the_middle_stay() -> None:
    lines = [
        [*(f"Part {n} of the {one}." for n in range(7)), NOTICE, *story(one), *story(f"old {one}")]
        for one in ANIMALS
    ]
    found = read(*((one, paragraphs(*of_one)) for one, of_one in zip(ANIMALS, lines, strict=True)))
    assert all(NOTICE in item.text for item in found.items)
    short = read(*((one, paragraphs(f"The {one} came.", NOTICE, f"The {one} left.")) for one in ANIMALS))
    assert all(NOTICE in item.text for item in short.items)


def test_the_same_text_sent_three_times_is_no_notice() -> None:
    twins = [("fox", paragraphs(*story("fox")))] * 3
    found = repetition.learn((repetition.Lines(repetition.OwnWords("fox"), story("fox")) for _ in twins), "")
    assert not found[0]


def test_a_notice_is_remembered_from_earlier_documents() -> None:
    edges = ""
    kept = []
    for animal in ANIMALS:
        found = read((animal, paragraphs(*story(animal), NOTICE)), edges=edges)
        kept.append(NOTICE in found.items[0].text)
        edges = found.edges
    assert kept == [True, True, False, False, False, False]
    assert NOTICE not in edges


def test_what_is_remembered_is_bounded_and_the_notice_is_not_forgotten() -> None:
    edges = ""
    for number in range(60):
        name = "".join(chr(97 + int(digit)) for digit in str(number))
        edges = read((name, paragraphs(*story(name), NOTICE)), edges=edges).edges
    assert len(edges.split()) <= 96
    assert NOTICE not in read(("elk", paragraphs(*story("elk"), NOTICE)), edges=edges).items[0].text


def test_sentences_of_a_summary_are_compared_too() -> None:
    texts = [(one, " ".join([*story(one), NOTICE])) for one in ANIMALS]
    assert all(NOTICE not in item.summary + item.text for item in read(*texts).items)
    found = read(
        *((one, paragraphs(NOTICE, *story(one))) for one in ANIMALS),
        summary=f"{NOTICE} The animal came at noon.",
    )
    assert {item.summary for item in found.items} == {"The animal came at noon."}


def test_an_entry_that_is_nothing_but_a_notice_is_left_out_and_counted() -> None:
    stories = [(one, paragraphs(*story(one), NOTICE)) for one in ANIMALS]
    found = read(*stories, (NOTICE, paragraphs(NOTICE)))
    assert [item.title for item in found.items] == list(ANIMALS)
    assert "1 entry was left out: nothing but a notice of the site." in found.notes


def test_an_entry_with_a_title_of_its_own_stays_without_the_notice() -> None:
    stories = [(one, paragraphs(*story(one), NOTICE)) for one in ANIMALS]
    found = read(*stories, ("The mill burns", paragraphs(NOTICE)))
    assert (found.items[-1].title, found.items[-1].text) == ("The mill burns", "")


def test_where_a_text_first_appeared_becomes_its_credit() -> None:
    line = 'The post The fox appeared first on <a href="https://other.example/">Other Paper</a>.'
    (item,) = read(("The fox", paragraphs(*story("fox"), line))).items
    assert "appeared first" not in item.text
    assert item.credit == "The post The fox appeared first on Other Paper."
    own = line.replace("Other Paper", "The Gazette")
    (item,) = read(("The fox", paragraphs(*story("fox"), own))).items
    assert (item.credit, "appeared first" in item.text) == ("", False)


def test_an_item_that_is_corrected_again_and_again_keeps_its_first_lines() -> None:
    edges = ""
    lead = "The river rose on Monday and took the bridge."
    for number in range(5):
        updates = [f"{ANIMALS[one]} number {'abcde'[one]} was saved." for one in range(number + 1)]
        found = read(("Flood", paragraphs(lead, *updates)), edges=edges)
        assert found.items[0].text.startswith(lead)
        edges = found.edges


@pytest.mark.parametrize(
    "line",
    [
        "This work is licensed under a Creative Commons Attribution 4.0 International License.",
        "Dieser Artikel erschien zuerst bei Andere Zeitung.",
        "Este artículo fue publicado originalmente en Otro Medio.",
        "Cet article est publié sous licence Creative Commons BY-SA 4.0.",
        "Alle Rechte vorbehalten.",
        "本文首发于另一家报纸。",
    ],
)
def test_lines_of_credit_and_licence_stay_however_often_they_are_repeated(line: str) -> None:
    found = read(*((one, paragraphs(*story(one), NOTICE, line)) for one in ANIMALS))
    assert all(line in item.text and NOTICE not in item.text for item in found.items)


LONG = "We are a small paper in a small town, and we need your help to go on. Give what you can today."
HARBOUR = {
    "Ferry strike ends": ["The ferries sail again from Monday.", "Crews voted by show of hands."],
    "Old mill is sold": ["A brewer bought the old mill.", "He wants to open it in spring."],
    "School roof repaired": ["Rain no longer drips on the pupils.", "The work took a fortnight."],
    "Choir wins a prize": ["The choir sang in two voices.", "Its conductor is seventeen."],
}


def summaries(end: str, *, start: str = "") -> Refined:
    """Items whose texts carry an appeal, and whose summaries have lost its tags."""
    contents = [(title, paragraphs(*own, LONG)) for title, own in HARBOUR.items()]
    items = "".join(
        f"<item><guid isPermaLink='false'>{title}</guid><title>{title}</title>"
        f"<description>{escape(start + HARBOUR[title][0] + end)}</description>"
        f"<c:encoded>{escape(markup)}</c:encoded></item>"
        for title, markup in contents
    )
    return read_items(items)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("", f" {LONG}"),
        ("", f" {LONG[:40]}…"),
        ("", f" {LONG[:57]} [...]"),
        ("", f" {LONG[:75]}"),
        ("", f" {LONG[:14]}…"),
        ("", f" {LONG[:60]} [&#8230;]"),
        (f"{LONG} ", ""),
        (f"{LONG} ", f" {LONG[:50]}…"),
    ],
)
def test_an_appeal_that_is_flattened_into_a_summary_leaves_it_whole_or_cut(start: str, end: str) -> None:
    found = summaries(end, start=start)
    assert [item.summary for item in found.items] == [own[0] for own in HARBOUR.values()]


def test_a_summary_that_is_nothing_but_the_cut_appeal_gives_way_to_the_text() -> None:
    contents = [(title, paragraphs(LONG, *own)) for title, own in HARBOUR.items()]
    found = read(*contents, summary=f"{LONG[:64]}…")
    assert [item.summary for item in found.items] == [" ".join(own) for own in HARBOUR.values()]
    assert [item.excerpt for item in found.items] == [" ".join(own) for own in HARBOUR.values()]


def test_an_appeal_that_is_remembered_leaves_a_summary_that_is_cut_in_it() -> None:
    edges = read(*((title, paragraphs(*own, LONG)) for title, own in HARBOUR.items())).edges
    (item,) = read(("Bridge closed", f"The bridge is closed. {LONG[:33]}…"), edges=edges).items
    assert (item.summary, item.text) == ("The bridge is closed.", "The bridge is closed.")
    assert LONG not in edges


def test_texts_cut_at_several_places_of_one_appeal_show_it() -> None:
    cuts = (44, 52, 70, 60)
    found = read(
        *((title, f"{own[0]} {LONG[:cut]}…") for (title, own), cut in zip(HARBOUR.items(), cuts, strict=True))
    )
    assert [item.text for item in found.items] == [own[0] for own in HARBOUR.values()]


def test_a_summary_that_is_cut_in_words_of_its_own_stays() -> None:
    edges = read(*((title, paragraphs(*own, LONG)) for title, own in HARBOUR.items())).edges
    told = "The mayor spoke. We are a small paper town in a small land, and she…"
    (item,) = read(("Bridge closed", told), edges=edges).items
    assert item.summary == told


@pytest.mark.parametrize(
    "line",
    [
        "Share «{title}» on Facebook!",
        "Enjoying “{title}”? Pass it to a neighbour.",
        "Printed on {day} {month} 2026 in the old town",
        "Our {month} collection for the lifeboat is open",
        "Your own copy: https://gazette.example/?t={token}",
        "Pass on code {token} to a neighbour",
        "{month}: {day} readers gave, thank you all",
    ],
)
def test_lines_that_differ_by_date_number_address_or_title_are_one(line: str) -> None:
    months, tokens = (
        ("March", "April", "August", "December"),
        ("9f8a7b6c5d", "zz81bq77x", "a1b2c3d4e5", "k9k8k7j6x"),
    )
    contents = [
        (title, paragraphs(*own, line.format(title=title, month=month, token=token, day=12 + len(title))))
        for (title, own), month, token in zip(HARBOUR.items(), months, tokens, strict=True)
    ]
    found = read(*contents)
    assert [item.text.split("\n\n") for item in found.items] == list(HARBOUR.values())


def test_a_text_that_is_all_of_an_item_and_differs_by_its_title_stays() -> None:
    found = read(*((title, paragraphs(f"{title} was newly added to the list.")) for title in HARBOUR))
    assert [item.text for item in found.items] == [
        f"{title} was newly added to the list." for title in HARBOUR
    ]


def test_hostile_lines_cost_no_more_than_their_length() -> None:
    for line in ("a" * 200_000, "a." * 100_000, "/." * 100_000, "We are a small " * 15_000):
        read(*((title, paragraphs(*own, line + title)) for title, own in HARBOUR.items()))


def test_texts_that_differ_in_numbers_alone_are_no_notices() -> None:
    forecasts = [f"Sunny with {degrees} degrees in the harbour today." for degrees in range(10, 16)]
    found = read(*((f"Day {number}", paragraphs(text)) for number, text in enumerate(forecasts)))
    assert [item.text for item in found.items] == forecasts


def test_a_notice_may_hold_the_names_of_its_item_or_stand_within_its_only_line() -> None:
    def item(animal: str, author: str) -> str:
        bio = f"Write to {author} about life of the {animal} by way of the hut."
        markup = escape(f"<p>{' '.join(story(animal))}</p><p>{bio}</p>")
        creator = f"<d:creator xmlns:d='http://purl.org/dc/elements/1.1/'>{author}</d:creator>"
        about = f"<guid isPermaLink='false'>{animal}</guid><category>life of the {animal}</category>{creator}"
        return f"<item>{about}<title>A tale: {animal}</title><description>{markup}</description></item>"

    people = ("Ida Moor", "Tom Reed", "Ann Lund")
    found = read_items("".join(map(item, ANIMALS, people)))
    assert all(
        told.text == " ".join(story(animal)) for told, animal in zip(found.items, ANIMALS, strict=False)
    )
    marked = (
        (animal, f"<p>{' '.join(story(animal))} <b>{NOTICE}</b> <a href='/a'>{APPEAL}</a></p>")
        for animal in ANIMALS
    )
    assert [one.content for one in read(*marked).items] == [
        f"<p>{' '.join(story(animal))}</p>" for animal in ANIMALS
    ]


def test_one_line_of_its_own_among_notices_does_not_keep_the_others() -> None:
    contents = [
        (animal, paragraphs(*story(animal), NOTICE, APPEAL, f"Hear of the {animal}.", "Read more"))
        for animal in ANIMALS
    ]
    for item in read(*contents).items:
        assert NOTICE not in item.text
        assert APPEAL not in item.text
    listed = [
        (animal, paragraphs(*story(animal), "Cheers,", "Roof and hut", f"Via {animal}."))
        for animal in ANIMALS
    ]
    assert all("Cheers,\n\nRoof and hut" in item.text for item in read(*listed).items)
    refrain = [(animal, paragraphs(story(animal)[0], NOTICE, story(animal)[1])) for animal in ANIMALS]
    assert all(NOTICE in item.text for item in read(*refrain).items)


def test_a_title_alone_that_is_a_notice_is_no_entry() -> None:
    told = [(animal, paragraphs(*story(animal), NOTICE)) for animal in ANIMALS]
    found = read(
        *told, (NOTICE, ""), ("The Gazette", NOTICE), ("Donate blood, says the minister", "Read more")
    )
    assert [item.title for item in found.items] == [*ANIMALS, "Donate blood, says the minister"]


def test_the_last_chapter_of_a_list_is_no_notice() -> None:
    def chapters(animal: str, minute: int) -> str:
        return f"<p>(0:00) - {animal}<br>(0{minute}:12) - Questions of listeners</p>"

    found = read(*((animal, chapters(animal, minute)) for minute, animal in enumerate(ANIMALS, 3)))
    assert all("Questions of listeners" in item.text for item in found.items)
