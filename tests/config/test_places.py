"""A problem of a query points at the very word, whatever way the text was written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.blocks import Block, example_lines
from aggregator.config.nodes import read
from aggregator.config.positions import YamlFile


def block_of(value: str) -> tuple[YamlFile, Block]:
    document = read(f"before: 1\nmatch: {value}\nafter: 2\n", "sources.yaml")
    assert document.problems == []
    return document, Block("topics.a.match", document.root.children["match"], is_query=True)


@pytest.mark.parametrize(
    "value",
    [
        "|\n    first\n    second x*\n",
        "|-\n  first\n  second x*",
        "|2\n  first\n  second x*",
        "| # a comment\n      first\n      second x*\n\n",
        "|\n\n  first\n\n    indented more\n  second x*",
        "\n  - first\n  - second x*",
        "[first, second x*]",
        '[first, "second x*"]',
    ],
)
def test_a_place_in_the_text_is_a_place_in_the_file(value: str) -> None:
    document, block = block_of(value)
    number = next(n for n, line in enumerate(block.text.split("\n"), 1) if "x*" in line)
    column = block.text.split("\n")[number - 1].index("x*") + 1
    line, at = block.place(document, number, column)
    assert document.lines[line - 1][at - 1 :].startswith("x*")


@pytest.mark.parametrize("value", ["first x*", '"first x*"', "'first x*'"])
def test_a_text_in_one_line_is_pointed_into(value: str) -> None:
    document, block = block_of(value)
    line, at = block.place(document, 1, 7)
    assert (line, document.lines[1][at - 1 :].startswith("x*")) == (2, True)


@pytest.mark.parametrize("value", [r'"first \x78*"', '"first\n  x*"', "first\n  x*", "'it''s x*'"])
def test_a_text_that_yaml_rewrote_is_pointed_at_as_a_whole(value: str) -> None:
    document, block = block_of(value)
    assert block.place(document, 1, 7) == (2, 8)


@given(st.lists(st.text("ab ç한\t:#-*\"'", min_size=1).filter(str.strip), min_size=1, max_size=6), st.data())
def test_every_place_of_a_block_is_found(lines: list[str], data: st.DataObject) -> None:
    document, block = block_of("|2\n" + "".join(f"  {line}\n" for line in lines).rstrip("\n"))
    number = data.draw(st.integers(1, len(lines)))
    column = data.draw(st.integers(1, len(lines[number - 1])))
    line, at = block.place(document, number, column)
    assert document.lines[line - 1][at - 1] == lines[number - 1][column - 1]


def test_a_place_beyond_the_file_is_its_last_line() -> None:
    document, block = block_of("|\n  a")
    line, column = block.place(document, 99, 99)
    assert (line <= len(document.lines), column) == (True, 99)


def test_examples_keep_the_number_of_their_line() -> None:
    assert example_lines("\na\n\n b \n") == [(2, "a"), (4, "b")]
