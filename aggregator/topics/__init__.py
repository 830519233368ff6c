"""Topics: queries with points, which decide about the tags of items, and why."""

from aggregator.topics.compilation import compile_rules
from aggregator.topics.matcher import Rules
from aggregator.topics.points import Judgement
from aggregator.topics.verdicts import Verdict, explain, failed_examples

__all__ = ["Judgement", "Rules", "Verdict", "compile_rules", "explain", "failed_examples"]
