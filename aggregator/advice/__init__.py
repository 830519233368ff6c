"""What rules and store say to the person who writes the rules: explanations, warnings, proposals."""

from aggregator.advice.explanations import Explanation, Mark, TopicExplained, explain_stored, explain_text

__all__ = [
    "Explanation",
    "Mark",
    "TopicExplained",
    "explain_stored",
    "explain_text",
]
