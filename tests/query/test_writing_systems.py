"""What queries find in texts as the world writes them: signs, scripts, spellings."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator.model import Item
from aggregator.query import compile_query

LISTS = {"states": "China\nNorth Korea*\n=US"}

HOLD = [
    *(
        ("“north korea*”", "North Koreans say"),
        ("„north korea“", "North Korea"),
        ("«north korea»*", "North Koreans"),
    ),
    *(
        ("「北京 東京」", "北京 東京"),
        ("（a OR b）", "b"),
        ("title：kim", "Kim"),
        ("＝US", "U.S."),
        ("kim＊", "Kims"),
    ),
    *(
        ("((a OR (b c)) -(d))", "b c"),
        ("title:(a OR b)", "b"),
        ("title:“a b*”", "a bc"),
        ("title:(3x a)", "a a a"),
    ),
    *(
        ("a NEAR/6 b", "b 1 2 3 4 5 a"),
        ("(a OR b) NEAR/2 (c OR “d e”)", "d e x b"),
        ("NOT b a", "a"),
        ("--a b", "a b"),
    ),
    *(
        ("title:list:states", "North Koreans"),
        ("list:states NEAR/3 talks", "talks with China"),
        ("2x list:states", "US, China"),
    ),
    *(
        ("=“The Hill”", "The Hill says"),
        ("=Kim*", "Kimchi"),
        ("title:=US", "US"),
        ("url:/a/", "x"),
        ("url:https://a.example", "x"),
    ),
    *(
        ("=US", text)
        for text in ("U.S.", "U. S. envoy", "US’s", "US's", "(U.S.-led)", "U.S.’s", "ＵＳ", "US$5", "“U.S.”,")
    ),
    *((query, text) for query in ("Łódź", "lodz", "LO\u0301DZ") for text in ("Łódź", "Lodz", "ŁÓDŹ")),
    *((query, text) for query in ("Straße", "strasse", "STRAẞE") for text in ("Straße", "STRASSE")),
    *(
        ("북한", "북한이 발표"),
        ("북한", "남북한은"),
        ("북한", "\u1107\u116e\u11a8\u1112\u1161\u11ab"),
        ("東京", "在東京都"),
        ("ไทย", "ประเทศไทยและ"),
    ),
    *(
        ("ガ", "ｶﾞ"),
        ("ﾄﾗﾝﾌﾟ", "トランプ氏"),
        ("हिन्दी", "हिन्दी में"),
        ("தமிழ்", "தமிழ் நாடு"),
        ("Москва", "МОСКВА"),
        ("елка", "Ёлка"),
    ),
    *(
        ("محمد", "مُحَمَّد"),
        ("مُحَمَّد", "محمد"),
        ("ارهاب", "ارهـاب"),
        ("שלום", "שָׁלוֹם"),
        ('ארה"ב', "ארה״ב"),
        ("ארה״ב", 'ארה"ב'),
    ),
    *(
        ("cooperation", "co\u00adoper\u200bation"),
        ("co\u00adoperation", "cooperation"),
        ("kim", "k\u200dim"),
        ("fine", "ﬁne"),
    ),
    *(
        ("kim", "𝐊𝐢𝐦"),
        ("=Kim", "𝐊𝐢𝐦"),
        ("istanbul", "İSTANBUL"),
        ("İstanbul", "istanbul"),
        ("diyarbakir", "Diyarbakır"),
    ),
    *(
        ("viet", "Việt"),
        ("naive", "naïve"),
        ("angstrom", "Ångström"),
        ("σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("☮", "a ☮ sign"),
        ("🇰🇵", "🇰🇵!"),
    ),
    *(
        ("ukraine", "l’Ukraine"),
        ("o'brien", "O’Brien"),
        ("korea's", "Korea"),
        ("states' rights", "states’ rights"),
    ),
    *(
        ("AT&T", "AT&T sues"),
        ("C++", "C++ is"),
        ("covid-19", "COVID‑19"),
        ('"#metoo"', "#metoo now"),
        ("metoo", "#metoo"),
    ),
    *(
        ("kim‑jong‑un", "Kim Jong Un"),
        ("“moon kim”", "Moon–Kim"),
        ("korea.", "Korea"),
        ("“korea, north”", "Korea, North"),
    ),
]
DO_NOT = [
    *(("=US", text) for text in ("us", "Us", "USA", "U.S.A.", "u.s.")),
    *(
        ("talks NEAR/3 list:states", "talks with us"),
        ("=Kim", "𝐤𝐢𝐦"),
        ("=“The Hill”", "the hill"),
        ("a NEAR/6 b", "a 1 2 3 4 5 6 b"),
    ),
    *(
        ("हिन्द", "हिन्दी"),
        ("5%", "15%"),
        ("obrien", "O'Brien"),
        ("“korea north”", "Korea, North"),
        ("a OR b -c", "b c"),
    ),
    *(
        ("((a OR (b c)) -(d))", "b c d"),
        ("title:(a -b)", "a b"),
        ("−kim a", "a kim"),
        ("3x list:states", "US, China"),
    ),
]


def item(title: str, published: datetime | None = None) -> Item:
    return Item("s", "k", url="https://a.example/a/1", title=title, published=published)


@pytest.mark.parametrize(("query", "text"), HOLD)
def test_this_is_found(query: str, text: str) -> None:
    assert compile_query(query, LISTS).holds(item(text))


@pytest.mark.parametrize(("query", "text"), DO_NOT)
def test_this_is_not(query: str, text: str) -> None:
    assert not compile_query(query, LISTS).holds(item(text))


def test_days_are_days_in_utc_wherever_the_outlet_is() -> None:
    january = compile_query("after:2026-01-01 before:2026-02-01")
    seoul = timezone(timedelta(hours=9))
    assert january.holds(item("x", datetime(2026, 1, 1, tzinfo=UTC)))
    assert not january.holds(item("x", datetime(2026, 1, 1, 8, 59, tzinfo=seoul)))
    assert january.holds(item("x", datetime(2026, 2, 1, 8, 59, tzinfo=seoul)))
    assert not january.holds(item("x", datetime(2026, 2, 1, tzinfo=UTC)))
