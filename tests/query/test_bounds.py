"""Texts and queries made to cost much do not, and long texts are searched to their end."""

from time import process_time

import pytest

from aggregator.model import Item, Topic
from aggregator.query import compile_query
from aggregator.text.folding import fold
from aggregator.topics import compile_rules

ROW = "a " * 50_000
WORDS = [f"w{number}" for number in range(400)]
LISTS = {"words": "\n".join(WORDS), "rows": "a\na*\na a\na a*\na a a"}


@pytest.mark.parametrize(
    "query",
    [
        " ".join(f"1000x (a OR x{number})" for number in range(200)),
        " ".join(f'1000x ("{"a " * (number + 1)}" OR x{number})' for number in range(100)),
        " OR ".join(f"(a NEAR/{number + 1} (b OR x{number}))" for number in range(150)),
        " OR ".join(f"(list:rows NEAR/1000 (zz{number} OR b))" for number in range(150)),
        " ".join(f"1000x (list:words OR list:rows OR x{number})" for number in range(150)),
        "a b c zzz",
    ],
)
@pytest.mark.parametrize(
    "text", [ROW + "c " * 2_000 + "b " * 30_000, "a" * 150_000, " ".join(WORDS * 60), "북 " * 50_000]
)
def test_a_hostile_query_on_a_hostile_text_ends_soon(query: str, text: str) -> None:
    compiled, item = compile_query(query, LISTS), Item("s", "k", text=text)
    began = process_time()
    compiled.holds(item)
    assert process_time() - began < 3  # a tenth of that; without bounds a minute and more


@pytest.mark.parametrize(
    "row",
    ["\u0323\u0301", "\u093c\u094d", "\u093c\u094d\u0640", "\u1100\u1161", "'s", "a.", '"א', "\uff9e\u094d"],
)
def test_a_row_without_end_is_folded_soon(row: str) -> None:
    began = process_time()
    folded = fold("a" + row * (100_000 // len(row)) + " end")
    assert folded.text.endswith("end")
    folded.span(len(folded.text) - 3, len(folded.text))
    assert process_time() - began < 3


def test_topics_on_a_hostile_text_end_soon() -> None:
    topic = Topic("t", "T", match="1 point each: list:rows\nlist:rows NEAR/5 zz\n3x a", strike_out="a b\nb a")
    rules = compile_rules([topic], LISTS)
    began = process_time()
    rules.tag(Item("s", "k", text=ROW + "a b " * 20_000))
    assert process_time() - began < 3


@pytest.mark.parametrize("filling", ["x ", "é ", "북한", "𝐤"])
def test_a_long_text_is_searched_to_its_end(filling: str) -> None:
    rules = compile_rules([Topic("t", "T", match='"kim jong un"\n2 points: 김정은')], {})
    for size in (*range(1_985, 2_015), *range(3_985, 4_015), 40_000):
        text = f"{filling * size} Kim Jong Un"
        (tag,) = rules.tag(Item("s", "k", text=text))
        assert [(reason.start, reason.words) for reason in tag.reasons] == [(len(text) - 11, "Kim Jong Un")]
    (tag,) = rules.tag(Item("s", "k", text=f"{filling * 4_000}김정은이"))
    assert [reason.words for reason in tag.reasons] == ["김정은"]
