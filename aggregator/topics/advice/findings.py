"""What a survey of stored items can find out about valid rules: KINDS, which docs/check.md explains."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aggregator.model import Item, Tag
from aggregator.query import RuleProblem
from aggregator.query.evaluation import Scene

MOST_NAMED = 5
KINDS = {
    "typo": "a word that no item looked at contains, and that is close to one which many contain",
    "unseen": "words of a line that no item looked at contains",
    "empty": "a topic that none of the items looked at belongs to",
    "broad": "one word or phrase without which more than 80 % of a topic's items would not be there",
    "overlap": "two topics that share more than 80 % of the items that either of them has",
    "intake": "`only` or `skip` of a source that lets in everything, or nothing",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the rules that an operator may want to look at; `kind` is one of KINDS."""

    kind: str
    problem: RuleProblem


@dataclass(frozen=True, slots=True)
class Seen:
    """A stored item as the rules see it now."""

    item: Item
    scene: Scene
    tags: Sequence[Tag]


def named(words: Collection[object]) -> str:
    """Words for a sentence, the first few of many."""
    shown = [str(word) for word in words][:MOST_NAMED]
    more = len(words) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
