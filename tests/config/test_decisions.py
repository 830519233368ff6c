"""Entries that commands write into desk.yaml, and take out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import entries_of, load_text, with_entry, without_entry
from aggregator.config.nodes import read
from aggregator.errors import InputError
from tests.examples import examples

SOURCES = "site: {title: Wire, url: 'https://wire.example.org/'}\n"
FILE = "desk.yaml"
DESK = """\
# What the desk decides.

withdraw:
  # The first one.
  - item: https://outlet.example/1
    reason: invented   # by the outlet

  # The second one.
  - item: https://outlet.example/2
    reason: |
      a court
      asked for it

# Held until the lawyers come back.
hold:
- item: https://outlet.example/3
  reason: wait
"""
SAID = {"item": "https://outlet.example/9?a=1#b", "reason": "it's “new”: #1 of 2", "silent": "yes"}


def plain(text: str) -> object:
    return read(text, FILE, may_be_empty=True).root.plain


@pytest.mark.parametrize("name", ["withdraw", "hold"])
def test_an_entry_is_added_at_the_end_of_its_list_and_nothing_else_moves(name: str) -> None:
    after = with_entry(DESK, FILE, name, SAID)
    assert entries_of(after, FILE, name) == (*entries_of(DESK, FILE, name), SAID)
    kept = iter(after.splitlines())
    assert all(line in kept for line in DESK.splitlines())
    assert without_entry(after, FILE, name, len(entries_of(DESK, FILE, name))) == DESK


def test_an_entry_is_taken_out_with_its_own_comments_alone() -> None:
    after = without_entry(DESK, FILE, "withdraw", 0)
    assert "The first one" in after
    assert "The second one" in after
    assert "by the outlet" not in after
    assert [one["item"] for one in entries_of(after, FILE, "withdraw")] == ["https://outlet.example/2"]
    last = without_entry(DESK, FILE, "withdraw", 1)
    assert "a court" not in last
    assert "# Held until the lawyers come back." in last
    assert entries_of(without_entry(last, FILE, "withdraw", 0), FILE, "withdraw") == ()


NOTHING = ["", "\n", "# nothing yet", "# nothing yet\n", "\ufeff# nothing yet\r\n"]
NO_ENTRY = ["withdraw:", "withdraw: []\n", "withdraw: [ ]  # none\nhold:\n", "withdraw:\n\n\nhold: []\n"]
OTHERS = ["hold:\n  - {item: 'x:1', reason: r}"]


@pytest.mark.parametrize("text", [*NOTHING, *NO_ENTRY, *OTHERS])
def test_a_list_that_is_empty_or_missing_is_begun(text: str) -> None:
    after = with_entry(text, FILE, "withdraw", SAID)
    assert entries_of(after, FILE, "withdraw") == (SAID,)
    assert entries_of(after, FILE, "hold") == entries_of(text, FILE, "hold")
    assert ("\r\n" in after) == ("\r\n" in text)


@pytest.mark.parametrize(
    "text", ["withdraw: [{item: 'x:1', reason: r}]\n", "{withdraw: [{item: 'x:1', reason: r}]}"]
)
def test_what_stands_in_brackets_is_left_to_the_operator(text: str) -> None:
    with pytest.raises(InputError, match="in brackets"):
        with_entry(text, FILE, "withdraw", SAID)
    with pytest.raises(InputError, match="in brackets"):
        without_entry(text, FILE, "withdraw", 0)


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30)


@examples(150)
@given(words.map(lambda text: " ".join(text.split())).filter(bool))
def test_any_reason_is_read_back_as_it_was_said(reason: str) -> None:
    after = with_entry(DESK, FILE, "withdraw", {"item": "tag:x,2026:1", "reason": reason})
    assert load_text(SOURCES, {}, "sources.yaml", desk=after).rulings.withdrawn[-1].reason == reason
