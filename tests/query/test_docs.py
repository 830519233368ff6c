"""docs/rules.md says what the language does."""

import re
from pathlib import Path
from textwrap import dedent, indent

from aggregator.config import load_text
from aggregator.query import compile_query
from aggregator.query.operators import OPERATORS, table

CONFIG = "site: {title: Wire, url: https://wire.example.org/}\n"
STATES = "lists: {states: [China]}\n"
DIPLOMACY = "topics:\n  diplomacy:\n    match: |\n      diplomacy\n"
PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_table_in_the_docs_is_the_table_of_operators() -> None:
    written = PAGE.split("<!-- operators -->\n")[1].split("\n<!-- /operators -->")[0]
    assert written == table(), "paste operators.table() between the marks in docs/rules.md"


def test_every_form_in_the_table_can_be_written() -> None:
    for operator in OPERATORS:
        for form in re.findall(r"`([^`]+)`", operator.form):
            if form not in ("-a", "( )"):
                compile_query(form, {"states": "China"})


def test_every_recipe_of_the_docs_loads() -> None:
    recipes = re.split(r"^\*\*\d+\.", PAGE.split("## Ten recipes")[1].split("\n## ")[0], flags=re.MULTILINE)
    blocks = [
        match[0] for recipe in recipes for match in re.finditer(r"(?:^    .*\n)+", recipe, re.MULTILINE)
    ]
    assert len(recipes) - 1 == len(blocks) == 10
    for block in map(dedent, blocks):
        lists, _, topic = block.rpartition("…\n")
        topic = dedent(topic) if "|" in topic else "match: |\n" + indent(topic, "  ")
        recipe = f"{CONFIG}{lists or STATES}{DIPLOMACY}  recipe:\n{indent(topic, '    ')}"
        assert load_text(recipe, {}, "sources.yaml").topics[1].match.strip() in dedent(topic).replace(
            "  ", ""
        )
