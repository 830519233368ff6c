"""Notices of the site leave the ends of a text; the article keeps every word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.boilerplate import notices
from aggregator.text.html import sanitizer

STORY = "The delegations met at noon. Nobody spoke afterwards."
TITLE, AUTHORS, OUTLET = "Delegations meet", ("Jane Doe", "Kim Min-ji"), "The Outlet"


def strip_text(told: str) -> str:
    return notices.strip_text(told, title=TITLE, authors=AUTHORS, outlet=OUTLET)


def strip_html(markup: str) -> str:
    return notices.strip_html(markup, title=TITLE, authors=AUTHORS, outlet=OUTLET)


AT_THE_END = [
    "The post Delegations meet appeared first on The Outlet.",
    "The post Why? Because. Really! first appeared on The Outlet.",
    "La entrada Delegaciones se publicó primero en El Medio.",
    "Der Beitrag Treffen erschien zuerst auf Die Zeitung.",
    "L’article Rencontre est apparu en premier sur Le Journal.",
    "L'articolo Incontro proviene da Il Giornale.",
    "O post Encontro apareceu primeiro em O Jornal.",
    "Artykuł Spotkanie pochodzi z serwisu Gazeta.",
    "대표단 회담 게시물이 신문에 처음 등장했습니다.",
    "Материалът Среща е публикуван за пръв път на Вестник.",
    "L'entrada Trobada ha aparegut primer a Diari.",
    "Το άρθρο Συνάντηση εμφανίστηκε πρώτα στο Εφημερίδα.",
    "نوشته دیدار اولین بار در روزنامه پدیدار شد.",
    "Artikkeli Tapaaminen julkaistiin ensimmäisen kerran Lehti.",
    "הפוסט פגישה הופיע לראשונה ב-עיתון.",
    "पोस्ट बैठक पहले अख़बार पर दिखाई दिया।",
    "Objava Sastanak pojavila se prvi puta na Novine.",
    "A Találkozó bejegyzés először Újság-én jelent meg.",
    "Articolul Întâlnire apare prima dată în Ziarul.",
    "Článok Stretnutie je zobrazený ako prvý na Noviny.",
    "Чланак Састанак се појављује прво на Новине.",
    "Запис Зустріч спершу з'явиться на Газета.",
    "Bài viết Cuộc họp đã xuất hiện đầu tiên vào ngày Báo.",
    "O artigo Reunión publicouse primeiro en Xornal.",
    "게시물 회담이 신문에 처음 등장했습니다.",
    "〈會談〉這篇文章最早發佈於《報紙》。",
    "会谈，首发于报纸。",
    "Read more",
    "Read More »",
    "Continue reading Delegations meet →",
    "[Read the full story]",
    "Leer más",
    "続きを読む",
    "Share this:",
    "Facebook | Twitter | Email",
    "Sign up for our daily newsletter.",
    "Subscribe to our newsletter to get the news in your inbox!",
    "Follow us on Twitter and Facebook",
    "Follow The Outlet on Telegram: @outlet",
    "ADVERTISEMENT",
    "Leave a comment",
    "12 Comments",
    "Filed under: World, Asia",
    "Tags: talks, peace",
    "Related: Earlier talks failed",
    "Please support our work with a donation.",
    "Thanks for reading The Outlet! Subscribe for free to receive new posts.",
]
IN_PLAIN_TEXT_ONLY = [
    "© 2026 The Outlet. All rights reserved.",
    "Copyright 2026 The Outlet",
    "This article was originally published at The Other Outlet.",
    "First published on The Other Outlet",
    "Published in The Outlet, February 16th, 2026",
    "(Reporting by Jane Doe; Editing by John Roe)",
    "Jane Doe contributed to this report.",
    "The views expressed in this article are the author's own.",
    "Photo: Jane Doe / Reuters",
    "(Photo by Jane Doe/Getty Images)",
    "Image credit: NASA",
    "AP Photo/Jane Doe",
    "Getty Images",
    "Source: Reuters",
]
AT_THE_START = [
    "By Jane Doe",
    "By JOHN ROE and MARY MAJOR",
    "By Mary Major, The Other Outlet",
    "Von Max Mustermann",
    "Jane Doe | Reuters | 5 Feb 2026",
    "Jane Doe and Kim Min-ji",
    "The Outlet",
    "EFE",
    "Posted on February 5, 2026",
    "5 February 2026, 10:15 GMT",
    "2026-02-05",
    "Delegations meet",
    "4 min read",
    "홍길동 기자",
]
ARTICLE = [
    "He told readers to subscribe to the newsletter.",
    "Users can sign up for the programme until Friday.",
    "The report was published on Monday by the United Nations.",
    "Copyright law was changed in March.",
    "Credit Suisse shares fell by a tenth.",
    "Video: Thousands march in Seoul against the deal",
    "By Monday the talks had failed, and the delegations left.",
    "“Follow us on Twitter,” the minister said, “and you will know more.”",
    "Those who want to read more",
    "Comments by the minister caused anger.",
    "Advertisement revenue has been falling for years.",
    "Source code of the programme was leaked.",
    "Related industries will suffer.",
    "Read more of his poems and you will see a pattern, said the critic.",
    "The post office in Seoul was closed.",
    "Share prices rose.",
    "Photos show the site after the attack.",
    "The Associated Press could not verify the report.",
]


@pytest.mark.parametrize("notice", AT_THE_END + IN_PLAIN_TEXT_ONLY)
def test_a_notice_leaves_the_end_of_a_text(notice: str) -> None:
    assert strip_text(f"{STORY}\n\n{notice}") == STORY
    assert strip_text(f"{STORY}\n{notice}\n\n{notice}") == STORY


@pytest.mark.parametrize("notice", AT_THE_START)
def test_a_heading_leaves_the_start_of_a_text(notice: str) -> None:
    assert strip_text(f"{notice}\n\n{STORY}") == STORY


@pytest.mark.parametrize("notice", AT_THE_END)
def test_a_notice_leaves_the_end_of_markup(notice: str) -> None:
    story = sanitizer.clean(f"<p>{STORY}</p>")
    assert (
        notices.strip_html(sanitizer.clean(f"<p>{STORY}</p><p><a href=https://x.example>{notice}</a></p>"))
        == story
    )
    assert notices.strip_html(sanitizer.clean(f"<p>{STORY}</p><div><p>{notice}<br><br></p></div>")) == story


@pytest.mark.parametrize("notice", AT_THE_START)
def test_a_heading_leaves_the_start_of_markup_and_the_picture_stays(notice: str) -> None:
    picture = '<p><img src="https://x.example/a.jpg" alt=""></p>'
    markup = sanitizer.clean(f"{picture}<p><em>{notice}</em></p><p>{STORY}</p>")
    assert strip_html(markup) == f"{picture}<p>{STORY}</p>"


@pytest.mark.parametrize("notice", IN_PLAIN_TEXT_ONLY)
def test_credits_and_rights_stay_in_markup_because_licences_ask_for_them(notice: str) -> None:
    markup = sanitizer.clean(f"<p>{STORY}</p><p>{notice}</p>")
    assert strip_html(markup) == markup


@pytest.mark.parametrize("sentence", ARTICLE)
def test_a_sentence_of_the_article_stays_wherever_it_stands(sentence: str) -> None:
    for told in (sentence, f"{STORY} {sentence}", f"{STORY}\n\n{sentence}", f"{sentence}\n\n{STORY}"):
        assert strip_text(told) == told
        markup = sanitizer.clean("".join(f"<p>{part}</p>" for part in told.split("\n\n")))
        assert strip_html(markup) == markup


@pytest.mark.parametrize("notice", AT_THE_END + AT_THE_START + IN_PLAIN_TEXT_ONLY)
def test_nothing_goes_from_the_middle(notice: str) -> None:
    told = f"{STORY}\n\n{notice}\n\n{STORY}"
    if not notice.startswith("(Photo"):
        assert strip_text(told) == told
    markup = sanitizer.clean(f"<p>{STORY}</p><p>{notice}</p><p>{STORY}</p>")
    assert strip_html(markup) == markup


def test_a_credit_in_brackets_goes_wherever_it_stands_in_plain_text() -> None:
    told = "The hall in Geneva. (Photo by Jane Doe/Getty Images) The delegations met."
    assert notices.strip_text(told) == "The hall in Geneva. The delegations met."


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (f"{STORY} The post Talks appeared first on The Outlet.", STORY),
        ("The post office closed. The post Closed appeared first on The Outlet.", "The post office closed."),
        (f"{STORY} Sign up for our newsletter.", STORY),
        (f"{STORY} […]", f"{STORY}…"),
        ("The delegations met […] Read more", "The delegations met…"),
        (f"Delegations meet: {STORY}", STORY),
        ("By Jane Doe SEOUL (Reuters) - They met.", "SEOUL (Reuters) - They met."),
    ],
)
def test_what_is_appended_on_the_same_line_goes_too(told: str, left: str) -> None:
    assert strip_text(told) == left


def test_a_title_that_begins_the_first_sentence_is_no_echo() -> None:
    told = "Delegations meet again in Geneva."
    assert strip_text(told) == told


def test_a_read_more_link_behind_the_last_word_goes_from_markup() -> None:
    markup = sanitizer.clean('<p>They met… <a href="https://x.example/">Read more</a></p>')
    assert notices.strip_html(markup) == "<p>They met…</p>"


@given(st.lists(st.sampled_from(AT_THE_END + AT_THE_START + IN_PLAIN_TEXT_ONLY + ARTICLE), max_size=8))
def test_stripping_twice_changes_nothing_more(lines: list[str]) -> None:
    once = strip_text("\n\n".join(lines))
    assert strip_text(once) == once
    markup = strip_html(sanitizer.clean("".join(f"<p>{line}</p>" for line in lines)))
    assert strip_html(markup) == markup
    assert sanitizer.clean(markup) == markup


@given(st.text())
def test_any_text_can_be_stripped(told: str) -> None:
    assert len(strip_text(told)) <= len(told)


@pytest.mark.parametrize(
    "bomb", ["Read more\n\n", "By Jane Doe\n", "(Photo by ", " ", "x ", "The post ", "Share "]
)
def test_a_long_text_costs_no_more_than_its_length(bomb: str) -> None:
    told = bomb * (100_000 // len(bomb))
    markup = sanitizer.clean("".join(f"<p>{part}</p>" for part in told.split("\n\n")))
    started = time.process_time()
    strip_text(told)
    strip_html(markup)
    assert time.process_time() - started < 3  # seconds; the quadratic way takes much longer


@pytest.mark.parametrize(
    ("markup", "content"),
    [
        (
            '<p>Snow fell. The post <a href="https://a.example/1">Snow</a> appeared first on <a href="https://a.example">Fells</a>.</p>',
            "<p>Snow fell.</p>",
        ),
        ("<p>Snow fell.</p><p>Posted on 3 May by Ida Moor in News</p>", "<p>Snow fell.</p>"),
        (
            "<p>Snow fell.</p><p>Published: 3 May 2026 | By Ida Moor | Filed under: News, Fells</p>",
            "<p>Snow fell.</p>",
        ),
        ("<p>Posted by Ida Moor on 3 May in News</p><p>Snow fell.</p>", "<p>Snow fell.</p>"),
        ("<p>Snow fell.</p><p>By Ida Moor</p>", "<p>Snow fell.</p><p>By Ida Moor</p>"),
        ("<p>By Ida Moor | May 3, 2026 | News</p><p>Snow fell.</p>", "<p>Snow fell.</p>"),
        ("<p>3 May 2026 / Ida Moor / Local News</p><p>Snow fell.</p>", "<p>Snow fell.</p>"),
        (
            "<p>Snow fell.</p><p>Published in Dawn, February 17th, 2026</p>",
            "<p>Snow fell.</p><p>Published in Dawn, February 17th, 2026</p>",
        ),
    ],
)
def test_a_line_of_when_and_where_a_text_was_posted_leaves_it(markup: str, content: str) -> None:
    assert notices.strip_html(markup) == content
