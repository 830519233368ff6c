"""Items → tags: the query language, its matcher, and why something matched."""

from aggregator.rules.compiling import compile_rules
from aggregator.rules.matcher import Rules
from aggregator.rules.problems import RuleProblem, RulesError
from aggregator.rules.query import AllOf, AnyOf, Anything, Literal, Need, Query, compile_query, literals

__all__ = [
    "AllOf",
    "AnyOf",
    "Anything",
    "Literal",
    "Need",
    "Query",
    "RuleProblem",
    "Rules",
    "RulesError",
    "compile_query",
    "compile_rules",
    "literals",
]
