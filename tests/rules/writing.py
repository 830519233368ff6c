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
texts = st.lists(st.sampled_from(WORDS + BETWEEN) | st.text(max_size=2), max_size=14).map("".join)
headlines = st.lists(words | st.sampled_from(BETWEEN), max_size=12).map(" ".join)
any_text = texts | headlines
dates = st.sampled_from([None, datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, 59, tzinfo=UTC)])


@st.composite
def items(draw: st.DrawFn) -> Item:
    summary = draw(any_text)
    return Item(
        source=draw(st.sampled_from(["a", "b-c"])),
        key="k",
        title=draw(any_text),
        summary=summary,
        text=draw(st.just(summary) | st.just(summary + " and more a") | any_text),
        url=draw(st.sampled_from(["", "https://a.example/b/north-korea", "https://c.example/US"])),
        authors=tuple(Author(name) for name in draw(st.lists(headlines, max_size=2))),
        categories=tuple(Category(term, label="a b") for term in draw(st.lists(words, max_size=2))),
        language=draw(st.sampled_from(["", "en", "en-GB", "ko_KR"])),
        published=draw(dates),
    )


@st.composite
def atoms(draw: st.DrawFn) -> str:
    word = draw(words)
    if draw(st.booleans()) or " " in word:
        word = f'"{word}{draw(st.sampled_from(["", "", "*"]))}"'
    return draw(st.sampled_from(["", "", "="])) + word


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
    atoms() | st.just("list:letters"),
    lambda inner: (
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})")
        | st.tuples(fields, atoms()).map(lambda two: f"{two[0]}:{two[1]}")
    ),
    max_leaves=3,
)
leaves = (
    atoms()
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


@st.composite
def topics(draw: st.DrawFn) -> list[Topic]:
    """Three topics; each may refer to those before it and imply those after it, never in a circle."""
    made = []
    for number, id in enumerate(TOPICS):
        before = [f"topic:{other}" for other in TOPICS[:number]]
        asked = queries(st.sampled_from(before) if before else None)
        made.append(
            Topic(
                id,
                id,
                match="\n".join([*draw(st.lists(asked | _earning(), max_size=2)), draw(_earning())]),
                points_needed=draw(st.sampled_from([1, 1, 2])),
                only_if=draw(st.just("") | asked),
                strike_out="\n".join(draw(st.lists(words, max_size=2))),
                implies=tuple(draw(st.lists(st.sampled_from(TOPICS[number + 1 :]), max_size=1)))
                if number < len(TOPICS) - 1
                else (),
            )
        )
    return made


def _earning() -> st.SearchStrategy[str]:
    return places.map(lambda query: f"2 points each: {query}") | atoms().map(
        lambda query: f"2 points: {query}"
    )
