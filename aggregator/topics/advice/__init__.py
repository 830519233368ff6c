"""Advice to those who write rules: explanations, warnings, proposals."""

from aggregator.topics.advice.explanations import (
    Explanation,
    Mark,
    TopicExplained,
    explain_stored,
    explain_text,
)
from aggregator.topics.advice.findings import KINDS, Finding
from aggregator.topics.advice.measurements import Headline
from aggregator.topics.advice.suggestions import Suggested, Suggestion, suggest
from aggregator.topics.advice.survey import Intake, Surveyed, survey

__all__ = [
    "KINDS",
    "Explanation",
    "Finding",
    "Headline",
    "Intake",
    "Mark",
    "Suggested",
    "Suggestion",
    "Surveyed",
    "TopicExplained",
    "explain_stored",
    "explain_text",
    "suggest",
    "survey",
]
