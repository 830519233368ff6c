"""What folding levels, where words end, and the way back to the original."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.text.folding import bounded, fold
from aggregator.text.levelling import level
from aggregator.text.tracing import Tracer
from tests.query.writing import any_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kim\u00a0Jong\u2009Un", "kim jong un"),
        ("Kim Jong-un, Moon–Kim, a‑b", "kim jong un, moon kim, a b"),
        ("Łódź, Đoković, straße, Ærø, Ørsted, Þór", "lodz, dokovic, strasse, aero, orsted, thor"),
        ("Cafe\u0301 CAFÉ", "cafe cafe"),
        ("Korea's Korea’s KOREA’S states’ rights", "korea korea korea states rights"),
        ("‘peace’ “talks” rock 'n' roll", "peace talks rock n roll"),
        ("l’Ukraine d'État don't", "l'ukraine d'etat don't"),
        ("U.S. U.S.-led U.S.’s U. S. U.S", "us us led us us us"),
        ("Grade A. U.S. officials", "grade a. us officials"),
        ("J. R. R. Tolkien at 5 p.m.", "jrr tolkien at 5 pm"),
        ("co\u00adoper\u200bation\u200f", "cooperation"),
        ("ＵＳ ﬁne ｶﾞ", "us fine ガ"),
        ("مُحَمَّد ارهـاب", "محمد ارهاب"),
        ('שָׁלוֹם ארה״ב ארה"ב', "שלום ארהב ארהב"),
        ("\u1112\u1161\u11ab", "한"),
        ("İstanbul ısı ΣΊΣΥΦΟΣ", "istanbul isi σισυφοσ"),
        ("a\ud800b\x00c\x85d\n\te ", "a b c d e"),
    ],
)
def test_texts_that_read_alike_are_alike(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("korea", "korea", True),
        ("koreans", "korea", False),
        ("(korea)", "korea", True),
        ("북한이", "북한", True),
        ("在us制裁", "us", True),
        ("usa", "us", False),
        ("हिन्दी", "हिन", False),
        ("ประเทศไทยและ", "ไทย", True),
    ],
)
def test_words_are_whole_but_for_scripts_without_spaces(text: str, word: str, found: bool) -> None:
    start = text.index(word)
    assert bounded(text, start, start + len(word)) == found


@given(any_text | st.text())
def test_case_is_all_that_the_cased_form_has_more(text: str) -> None:
    folded = fold(text)
    assert len(folded.cased) == len(folded.text)
    assert folded.cased.casefold() == folded.text
    assert folded.text == folded.text.strip()
    assert "  " not in folded.text


@given(any_text | st.text())
@example("א＂ב ארה״ב")
@example("ｶﾞ かﾞ \u1112\u1161\u11ab")
@example("ü “é” … → • 3€ ½ ﬁ ´ ÷\u0300")
def test_signs_in_an_english_text_are_levelled_as_in_any_other(text: str) -> None:
    english, russian = level(f"{200 * 'word '}x {text} x"), level(f"{200 * 'слово '}x {text} x")
    assert english.partition(" x")[2] == russian.partition(" x")[2]


@given(any_text | st.text() | st.lists(any_text, min_size=20, max_size=60).map(" and so on, ".join))
def test_every_folded_letter_is_traced_to_where_it_came_from(text: str) -> None:
    folded = fold(text)
    previous = 0
    for position, letter in enumerate(folded.text):
        start, end = folded.span(position, position + 1)
        assert previous <= start < end <= len(text)
        if letter.isalnum():
            assert letter in level(text[start:end]).casefold()
        previous = start


@given(
    any_text
    | st.text("aaabS'\". -\n", min_size=10, max_size=60)
    | st.lists(any_text, min_size=5, max_size=20).map(" and so on, ".join),
    st.data(),
)
def test_words_that_stay_as_they_are_have_the_place_that_tracing_finds(
    text: str, data: st.DataObject
) -> None:
    folded, tracer = fold(text), Tracer(text, level(text))
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        assert folded.span(start, end) == (tracer.origin(start)[0], tracer.origin(end - 1)[1])


def test_initials_and_possessives_are_traced_to_their_letters() -> None:
    text = "Émigrés say the U.S.’s “new–old” envoy"
    folded = fold(text)
    start = folded.text.index("us")
    low, high = folded.span(start, start + 2)
    assert text[low:high] == "U.S"
    start = folded.text.index("new old")
    low, high = folded.span(start, start + 7)
    assert text[low:high] == "new–old"


def test_every_character_folds_to_something_that_stays() -> None:
    for code in (*range(0x3000), *range(0xA640, 0xAC00), *range(0xF900, 0x10000), *range(0x1D400, 0x1F700)):
        once = fold(chr(code)).text
        assert fold(once).text == once, hex(code)
