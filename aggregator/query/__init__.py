"""The query language: what topics, searches, `only` and `skip` are written in."""

from aggregator.query.index_tokens import Lookup, lookups, tokens
from aggregator.query.item_view import field_text
from aggregator.query.problems import RuleProblem, RulesError
from aggregator.query.queries import (
    AllOf,
    AnyOf,
    Anything,
    Carries,
    Dated,
    Literal,
    Need,
    Query,
    compile_query,
    literals,
)

__all__ = [
    "AllOf",
    "AnyOf",
    "Anything",
    "Carries",
    "Dated",
    "Literal",
    "Lookup",
    "Need",
    "Query",
    "RuleProblem",
    "RulesError",
    "compile_query",
    "field_text",
    "literals",
    "lookups",
    "tokens",
]
