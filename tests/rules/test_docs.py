"""docs/rules.md says what the language does."""

import re
from pathlib import Path

from aggregator.model import Topic
from aggregator.rules import compile_query, compile_rules
from aggregator.rules.operators import OPERATORS, table

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_table_in_the_docs_is_the_table_of_operators() -> None:
    written = PAGE.split("<!-- operators -->\n")[1].split("\n<!-- /operators -->")[0]
    assert written == table(), "paste operators.table() between the marks in docs/rules.md"


def test_every_form_in_the_table_can_be_written() -> None:
    for operator in OPERATORS:
        for form in re.findall(r"`([^`]+)`", operator.form):
            if form not in ("-a", "( )"):
                compile_query(form, {"states": "China"})


def test_every_recipe_of_the_docs_compiles() -> None:
    recipes = PAGE.split("## Ten recipes")[1].split("\n## ")[0]
    blocks = re.findall(r"(?:^    .*\n)+", recipes, re.MULTILINE)
    assert len(re.findall(r"^\*\*\d+\.", recipes, re.MULTILINE)) == 10
    known = Topic("diplomacy", "Diplomacy", match="diplomacy")
    for block in (block for block in blocks if "|" not in block):
        compile_rules([known, Topic("recipe", "Recipe", match=block)], {"states": "China"})
