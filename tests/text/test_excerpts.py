"""Excerpts: the outlet's summary or the first sentences, never cut where it hurts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Author, Head, Item
from aggregator.text import excerpts, sentences

MORE = " Then the delegations travelled on by train, and nobody said a word about what had been agreed." * 9


def excerpt(summary: str, limit: int = 300, language: str = "", content: str = "", title: str = "") -> str:
    head = Head(title="The Outlet")
    authors = (Author("Jane Doe"),)
    item = Item(
        "s", "k", title=title, summary=summary, text=content, language=language, head=head, authors=authors
    )
    return excerpts.excerpt(item, limit)


def test_a_short_summary_is_taken_as_it_is() -> None:
    assert excerpt("Talks went on without a result") == "Talks went on without a result"


def test_without_a_summary_the_first_sentences_of_the_text_stand_in() -> None:
    assert excerpt("", content="Talks began.\n\nThey ended." + MORE, limit=30) == "Talks began. They ended."


def test_there_is_no_excerpt_of_nothing() -> None:
    assert excerpt("") == ""


def test_headings_before_the_first_sentence_are_skipped() -> None:
    assert excerpt("", content="Background\n\nWhat we know\n\nTalks began.") == "Talks began."


@pytest.mark.parametrize(
    ("first", "language"),
    [
        ("Mr. Kim met Sen. J. D. Vance at the U.S. embassy on Jan. 5.", "en"),
        ("He lives in the U.S.", "en"),
        ("It is article No. 5 of the treaty, vol. 2, pp. 3-4.", "en"),
        ("“We will not yield.”", "en"),
        ("Is it 3.5 percent or version 2.0?", "en"),
        ("Am 3. Februar trafen sie Dr. Müller.", "de"),
        ("Er sagte: «Nein.»", "de"),
        ("Il a dit : « Non. »", "fr"),
        ("He waited... and waited (for long.)", "en"),
        ("قال الرئيس إنه سيسافر؟", "ar"),
        ("उन्होंने आज बात की।", "hi"),
        ("한국 대통령이 회담했다.", "ko"),
    ],
)
def test_it_ends_where_a_sentence_ends(first: str, language: str) -> None:
    assert excerpt(first + MORE, limit=len(first) + 20, language=language) == first


def test_scripts_without_spaces_end_at_their_own_stop() -> None:
    assert (
        excerpt("金正恩委員長は会談した。その後、帰国した。" * 5, limit=30)
        == "金正恩委員長は会談した。その後、帰国した。"
    )
    assert excerpt("他说：“不行。”然后走了。" * 9, limit=10) == "他说：“不行。”"


def test_a_first_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    made = excerpt("word, " * 90, limit=50)
    assert made == "word, word, word, word, word, word, word, word…"


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("The talks began. The delegations then […]", "The talks began."),
        (
            "The talks began. The delegations then [&hellip;]",
            "The talks began. The delegations then [&hellip;]",
        ),
        ("Delegations who met in […]", "Delegations who met in…"),
        ("Delegations who met in… Read more", "Delegations who met in…"),
        ("The talks began... Continue reading Talks begin →", "The talks began…"),
        ("The talks began. Read more »", "The talks began."),
        ("The talks began.\n\nThe post Talks begin appeared first on The Outlet.", "The talks began."),
        ("By Jane Doe\n\nThe talks began.", "The talks began."),
        ("Photo: Jane Doe / Reuters\n\nThe talks began.", "The talks began."),
        ("PYONGYANG, Feb. 3 (Yonhap) — The talks began.", "The talks began."),
    ],
)
def test_what_cut_or_surrounds_a_summary_leaves_no_trace(summary: str, expected: str) -> None:
    assert excerpt(summary) == expected


@pytest.mark.parametrize(
    "dateline",
    [
        "NORTHPORT/EASTFIELD, Feb 17 (Reuters) - ",
        "LAKETOWN, May 3 (AP) — ",
        "Geneva (AFP) – ",
        "SEOUL, Feb. 17 (Yonhap) -- ",
        "PARIS, 17 février (Reuters) - ",
        "Ginebra, 17 feb (EFE).- ",
        "(ANSA) - ROMA, 17 FEB - ",
        "GENEVA — ",
        "WASHINGTON, D.C. — ",
        "KYIV, Ukraine (AP) — ",
        "(서울=연합뉴스) 김철수 기자 = ",
        "新华社日内瓦2月17日电 ",
    ],
)
def test_an_excerpt_begins_behind_the_dateline(dateline: str) -> None:
    assert excerpt(f"{dateline}They talked at noon. Nobody spoke afterwards.").startswith("They talked")


@pytest.mark.parametrize(
    "opening",
    [
        "In Laketown, talks (the third round) - the longest so far - began.",
        "NORTH (a boat of oak) sails on Monday.",
        "May 3 - a day that many remember - was cold.",
        "Reading (UK) - a town of beer - slept.",
        "NATO — the alliance — met.",
        "COVID-19 - what we know by now.",
        "Kim (right) - the leader - laughed.",
    ],
)
def test_dashes_and_brackets_alone_make_no_dateline(opening: str) -> None:
    assert excerpt(f"{opening} They are calm.") == f"{opening} They are calm."


def test_a_summary_that_is_the_cut_beginning_of_the_text_gives_way_to_its_sentences() -> None:
    text = "Four crafts are taught in one house. They are wood, wool and iron, each with a master of its own."
    for cut in (text[:52], f"{text[:52]}…", f"{text[:52]} [...]"):
        assert excerpt(cut, content=text) == text
    assert excerpt(text[:36], content=text) == text[:36]  # a whole sentence
    assert excerpt("How old crafts live", content=text) == "How old crafts live"


@pytest.mark.parametrize(
    "text",
    [
        "Table of Contents\n\nThe talks began. They ended.",
        "0:00 / 12:34\n\nThe talks began. They ended.",
        "Background\n\nThe talks began. They ended.",
        "1. The talks began. They ended.",
        "The talks began. They ended. 2.",
        "The talks began.\n\nA bare heading\n\nThey ended.",
        "The talks began.\n\n2\n\nThey ended.\n\nYour e-mail",
    ],
)
def test_labels_numbers_and_clocks_are_no_part_of_an_excerpt(text: str) -> None:
    assert excerpt("", content=text) == "The talks began. They ended."


def test_a_summary_that_only_repeats_the_title_gives_way_to_the_text() -> None:
    assert excerpt("Talks begin", title="Talks begin", content="They met at noon.") == "They met at noon."


@pytest.mark.parametrize(
    "grapheme", ["e\u0323\u0302", "👨‍👩‍👧‍👦", "🇰🇵", "👍🏽", "क्षि", "각".encode().decode(), "1️⃣"]
)
def test_no_grapheme_is_cut(grapheme: str) -> None:
    for limit in range(20, 40):
        made = sentences.cut(grapheme * 50, limit)
        assert len(made) <= limit
        assert made.endswith("…")
        assert made[:-1] == grapheme * ((len(made) - 1) // len(grapheme))


@given(st.text(), st.integers(20, 300))
def test_it_is_never_longer_than_asked_and_always_on_one_line(summary: str, limit: int) -> None:
    made = excerpt(summary * 3, limit)
    assert len(made) <= limit
    assert made == " ".join(made.split())
    assert unicodedata.is_normalized("NFC", made)


@given(st.text(alphabet='ab .!?…。”’"A1\n', max_size=80))
def test_the_ends_of_sentences_ascend_within_the_text(words: str) -> None:
    ends = list(sentences.ends(words))
    assert ends == sorted(set(ends))
    assert all(0 < end <= len(words) for end in ends)


def test_the_line_that_introduces_a_quotation_opens_an_excerpt() -> None:
    said = "Ida Moor of the Fells Weekly, on what became of the old mill:"
    told = excerpt("", content=f"Introduction\n\n{said}\n\nNobody saw it fall. It was late.")
    assert told == f"{said} Nobody saw it fall. It was late."


def test_a_sentence_ends_with_its_paragraph_whatever_follows() -> None:
    told = excerpt("", content=f"There is another way: the hut.\n\nhut {{ door: open }} {'and so on ' * 40}")
    assert told == "There is another way: the hut."


@pytest.mark.parametrize(
    ("summary", "content", "told"),
    [
        ("Contents One The snow fell.", "Contents\n\nOne\n\nThe snow fell.", "The snow fell."),
        ("00:00 / 12:34 The snow fell.", "", "The snow fell."),
        ("MADRID, 17 (EUROPA PRESS) Cayó la nieve.", "", "Cayó la nieve."),
        ("МОСКВА, 17 фев — РИА Новости. Выпал снег.", "", "Выпал снег."),
        (
            "The snow fell and the de...",
            "OSLO (AP) — The snow fell and the deer left.",
            "The snow fell and the deer left.",
        ),
        ("Snow fell. Snow falls は Fells に最初に表示されました。", "", "Snow fell."),
        ("Snow fell. Wpis Snow falls pojawił się poczatkowo na Fells.", "", "Snow fell."),
    ],
)
def test_an_excerpt_opens_and_ends_with_the_article(summary: str, content: str, told: str) -> None:
    assert excerpt(summary, content=content) == told
