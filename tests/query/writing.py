"""Queries, topics and items that hypothesis makes up over small alphabets, so that they often meet."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from aggregator.model import Author, Category, Item, Topic

LISTS = {"states": "China\n=US\nNorth Korea*", "letters": "a b\nb*\n북\n=C"}
TOPICS = ("one", "two", "three")
WORDS = (
    *(
        "a",
        "b",
        "c",
        "A",
        "C",
        "ab",
        "a b",
        "b c",
        "US",
        "us",
        "U.S.",
        "U. S.",
        "u.s",
        "Korea",
        "koreas",
        "north-korea",
    ),
    *(
        "北",
        "北京",
        "북",
        "북한",
        "북한이",
        "ไทย",
        "é",
        "e\u0301",
        "Łódź",
        "o'b",
        "l’a",
        "a's",
        "b’s",
        "x_a",
        "3",
        "مُحَمَّد",
        "ﬁ",
    ),
)
BETWEEN = (
    *(
        " ",
        "  ",
        "\n",
        "\u00a0",
        "\u2009",
        "-",
        "–",
        "‑",
        ".",
        ". ",
        ",",
        ", ",
        "'",
        "’",
        "’s ",
        "'s",
        '"',
        "“",
        "”",
        "/",
    ),
    *(
        "\u200b",
        "\u00ad",
        "\u200f",
        "_",
        "*",
        "(",
        ") ",
        "…",
        "\u0301",
        "\u3099",
        "´",
        "",
        "\ud800",
        "\x00",
        "\x85",
    ),
)

words = st.sampled_from(WORDS)
texts = st.lists(st.sampled_from(WORDS + BETWEEN) | st.characters(), max_size=14).map("".join)
headlines = st.lists(words | st.sampled_from(BETWEEN), max_size=12).map(" ".join)
any_text = texts | headlines
dates = st.sampled_from([None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, 59, tzinfo=UTC)])


# What is drawn from stands here, once: made within a function, hypothesis would examine it at each draw.
_sources = st.sampled_from(["a", "b-c"])
_urls = st.sampled_from(["", "https://a.example/b/north-korea", "https://c.example/US"])
_authors = st.lists(headlines.map(Author), max_size=2).map(tuple)
_categories = st.lists(words.map(lambda term: Category(term, label="a b")), max_size=2).map(tuple)
_languages = st.sampled_from(["", "en", "en-GB", "ko_KR"])
_more = st.sampled_from(["", " and more a", None])  # than the summary; None for another text


@st.composite
def items(draw: st.DrawFn) -> Item:
    summary, more = draw(any_text), draw(_more)
    return Item(
        source=draw(_sources),
        key="k",
        title=draw(any_text),
        summary=summary,
        text=draw(any_text) if more is None else summary + more,
        url=draw(_urls),
        authors=draw(_authors),
        categories=draw(_categories),
        language=draw(_languages),
        published=draw(dates),
    )


_quoted = st.sampled_from(["", '"', '*"'])
_cased = st.sampled_from(["", "", "="])


def _atom(cased: str, word: str, quoted: str) -> str:
    """A word, or a phrase, which is always in quotes."""
    quoted = quoted or ('"' if " " in word else "")
    return f'{cased}"{word}{quoted}' if quoted else f"{cased}{word}"


atoms = st.builds(_atom, _cased, words, _quoted)
fields = st.sampled_from(["title", "summary", "content", "author", "category", "url"])
conditions = st.sampled_from(
    [
        "source:a",
        "source:b-c",
        "language:en",
        "language:ko-kr",
        "after:2026-01-01",
        "before:2026-01-01",
        "list:states",
    ]
)
places = st.recursive(
    atoms | st.just("list:letters"),
    lambda inner: (
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})")
        | st.tuples(fields, atoms).map(lambda two: f"{two[0]}:{two[1]}")
    ),
    max_leaves=3,
)
leaves = (
    atoms
    | conditions
    | places
    | st.tuples(places, st.integers(1, 3), places).map(lambda near: f"({near[0]} NEAR/{near[1]} {near[2]})")
    | st.tuples(st.integers(1, 3), places).map(lambda count: f"{count[0]}x {count[1]}")
)


def queries(extra: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[str]:
    """Queries of any shape; some contradict themselves or only negate."""
    return st.recursive(
        leaves if extra is None else leaves | extra,
        lambda inner: (
            st.tuples(inner, inner).map(lambda two: f"({two[0]} {two[1]})")
            | st.tuples(inner, inner).map(lambda two: f"({two[0]} -{two[1]})")
            | st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})")
        ),
        max_leaves=5,
    )


_earning = places.map(lambda query: f"2 points each: {query}") | atoms.map(lambda query: f"2 points: {query}")


def _lines(some: list[str], last: str) -> str:
    return "\n".join([*some, last])


def _topic(number: int) -> st.SearchStrategy[Topic]:
    """It may refer to the topics before it and imply those after it, so that there is never a circle."""
    before, after = [f"topic:{other}" for other in TOPICS[:number]], TOPICS[number + 1 :]
    asked = queries(st.sampled_from(before) if before else None)
    return st.builds(
        Topic,
        st.just(TOPICS[number]),
        st.just(TOPICS[number]),
        match=st.builds(_lines, st.lists(asked | _earning, max_size=2), _earning),
        points_needed=st.sampled_from([1, 1, 2]),
        only_if=st.just("") | asked,
        strike_out=st.lists(words, max_size=2).map("\n".join),
        implies=(st.lists(st.sampled_from(after), max_size=1) if after else st.just([])).map(tuple),
    )


def topics() -> st.SearchStrategy[list[Topic]]:
    """Three topics."""
    return st.tuples(*map(_topic, range(len(TOPICS)))).map(list)
