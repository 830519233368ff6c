"""Which of the items that a term would add are like the items of the topic."""

import math
from collections.abc import Iterator, Sequence

from aggregator.query.tree import Phrase
from aggregator.topics.advice.measurements import Measured
from aggregator.topics.advice.terms import log_odds

FEW_MEMBERS = 10  # fewer do not show what items of the topic are like
SURE = 1.96  # z-score from which a word is typical of the topic
LIKE_MEMBERS = 0.25  # an item is likely if it is nearer to what all but a quarter of the members reach
UNLIKE_OTHERS = 0.9  # than to what nine of ten others stay below
SHORT = 300  # characters; shorter texts are taken to be as long


class Judge:
    """Weighs items by the typical words they have, apart from the term in question.

    The words that the topic's rules look for do not count: all members have one, and nothing else does.
    """

    def __init__(
        self,
        terms: Sequence[str],
        members: Sequence[tuple[set[str], int]],
        measured: Measured,
        ruled: Sequence[Phrase],
    ) -> None:
        """`members` are the terms and the length of each item of the topic; the others are the sample's.

        `ruled` are the phrases that the topic's rules look for.
        """
        self._members, self._measured = members, measured
        self._others = [n for n in range(len(measured.shown)) if n not in measured.members]
        self.sure: dict[str, float] = {}
        self._weight: dict[str, float] = {}
        lengths = sum(size for _, size in members), sum(measured.lengths[n] for n in self._others)
        for term in terms:
            inside = sum(term in found for found, _ in members)
            if not inside:  # the topic strikes it out wherever its items have it
                self.sure[term] = 0.0
                continue
            ratio, self.sure[term] = log_odds(inside, lengths[0], len(self.outside(term)), lengths[1])
            if self.sure[term] > SURE and " " not in term and not _is_ruled(term, ruled):
                self._weight[term] = ratio
        self._scores = self._score_others()
        ordered = sorted(_density(self._scores[n], measured.lengths[n]) for n in self._others)
        self._usual = ordered[int(len(ordered) * UNLIKE_OTHERS)] if ordered else 0.0

    @property
    def can_tell(self) -> bool:
        """Whether there are members enough to know what they are like."""
        return len(self._members) >= FEW_MEMBERS and bool(self._weight)

    def outside(self, term: str) -> list[int]:
        """The items beyond the topic that have a term."""
        return [n for n in self._measured.having.get(term, ()) if n not in self._measured.members]

    def adds(self, term: str) -> list[int]:
        """Those of them that the topic would get by it."""
        return [n for n in self.outside(term) if n not in self._measured.closed]

    def likely(self, term: str) -> Iterator[int]:
        """Those of them that are like the topic's items also without the term."""
        own = self._own(term)
        scores = sorted(_density(self._score(found - own), size) for found, size in self._members)
        typical = scores[int(len(scores) * LIKE_MEMBERS)]
        least = max((typical + self._usual) / 2, self._usual)
        weight = sum(self._weight[word] for word in own)
        lengths = self._measured.lengths
        return (n for n in self.adds(term) if _density(self._scores[n] - weight, lengths[n]) > least)

    def _own(self, term: str) -> set[str]:
        """The weighed words that whatever has the term has for that reason alone."""
        return {word for word in self._weight if word == term or f" {word} " in f" {term} "}

    def _score(self, found: set[str]) -> float:
        return sum(self._weight[term] for term in found if term in self._weight)

    def _score_others(self) -> list[float]:
        scores = [0.0] * len(self._measured.shown)
        for term, weight in self._weight.items():
            for number in self._measured.having.get(term, ()):
                scores[number] += weight
        return scores


def _is_ruled(word: str, ruled: Sequence[Phrase]) -> bool:
    alone = Phrase.of(word)
    return any(phrase.covers(alone) or alone.covers(phrase) for phrase in ruled)


def _density(score: float, length: int) -> float:
    """A score beside what a text of that length reaches: long texts have more of every kind of word."""
    return score / math.sqrt(length + SHORT)
