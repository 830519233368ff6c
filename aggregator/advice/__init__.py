"""What rules and store say to the person who writes the rules: explanations, warnings, proposals."""

from aggregator.advice.explanations import Explanation, Mark, TopicExplained, explain_stored, explain_text
from aggregator.advice.findings import KINDS, Finding
from aggregator.advice.intake import Intake
from aggregator.advice.measuring import Headline
from aggregator.advice.suggestions import Suggested, Suggestion, suggest
from aggregator.advice.survey import Surveyed, survey

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
