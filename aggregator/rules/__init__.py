"""Items → tags: the query language, its matcher, and why something matched."""

from aggregator.rules.compiling import compile_rules
from aggregator.rules.earning import Judgement
from aggregator.rules.explain import Verdict, explain, failed_examples
from aggregator.rules.matcher import Rules
from aggregator.rules.problems import RuleProblem, RulesError
from aggregator.rules.query import (
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
from aggregator.rules.tokens import Lookup, lookups, tokens
from aggregator.rules.view import field_text

__all__ = [
    "AllOf",
    "AnyOf",
    "Anything",
    "Carries",
    "Dated",
    "Judgement",
    "Literal",
    "Lookup",
    "Need",
    "Query",
    "RuleProblem",
    "Rules",
    "RulesError",
    "Verdict",
    "compile_query",
    "compile_rules",
    "explain",
    "failed_examples",
    "field_text",
    "literals",
    "lookups",
    "tokens",
]
