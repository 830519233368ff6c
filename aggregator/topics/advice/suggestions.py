"""Words and phrases that would find more of what belongs to a topic, each measured on stored items."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from aggregator.errors import QueryError
from aggregator.model import Item, Topic
from aggregator.query import compile_query
from aggregator.query.tree import tests
from aggregator.topics.advice.likeness import Judge
from aggregator.topics.advice.measurements import Headline, Measured, Probe, Sampled
from aggregator.topics.advice.terms import length, log_odds, terms
from aggregator.topics.matcher import Rules
from aggregator.topics.points import CompiledTopic

MOST_COUNTED = 20_000  # terms of members
MOST_MEASURED = 1_000
STOP_SHARE = 0.1  # a word that more of the other items of a language have says nothing
LEAST_STOPPED = 3  # of those items, so that three headlines make no stop words


def candidates(members: Sequence[Item], examples: Sequence[Item], others: Sequence[Item]) -> list[str]:
    """The terms of members that set them apart from others, the surest first; `examples` are members too."""
    inside = _common(members, examples)
    outside: Counter[str] = Counter()
    languages: dict[str, Counter[str]] = {}
    sizes: Counter[str] = Counter()
    for item in others:
        found = terms(item)
        language = item.language.partition("-")[0].lower()
        sizes[language] += 1
        languages.setdefault(language, Counter()).update(term for term in found if " " not in term)
        outside.update(found & inside.keys())
    stop = _stop_words(languages, sizes)
    lengths = sum(map(length, members)), sum(map(length, others))
    sure = {
        term: log_odds(count, lengths[0], outside[term], lengths[1])[1]
        for term, count in inside.items()
        if stop.isdisjoint((*term.split(" ")[:1], *term.split(" ")[-1:]))
    }
    chosen = sorted((term for term, z in sure.items() if z > 0), key=lambda term: (-sure[term], term))
    return chosen[:MOST_MEASURED]


def _common(members: Sequence[Item], examples: Sequence[Item]) -> Counter[str]:
    """Terms of at least two members, and every term of examples."""
    counts: Counter[str] = Counter()
    for item in members:
        counts.update(terms(item))
    wanted = {term for item in examples for term in terms(item)}
    counts = Counter({term: count for term, count in counts.items() if count > 1 or term in wanted})
    return Counter(dict(counts.most_common(MOST_COUNTED)))


def _stop_words(languages: dict[str, Counter[str]], sizes: Counter[str]) -> frozenset[str]:
    """Words that too many of the other items of some language have."""
    return frozenset(
        word
        for language, counts in languages.items()
        for word, count in counts.items()
        if count >= LEAST_STOPPED and count > STOP_SHARE * sizes[language]
    )


def headlines(titles: Iterable[str]) -> list[Item]:
    """Examples as items: each is the headline of one."""
    return [Item("", f"example {number}", title=title) for number, title in enumerate(titles)]


BACKGROUND = 1_000  # items of the sample from which stop words and first guesses are taken
FINALISTS = 100
LEAST_PRECISION = 0.5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line for `match`, and what it would do to the items looked at, the newest first."""

    line: str
    inside: int  # items of the topic that have it already
    likely: tuple[Headline, ...]  # it would add, and they are like the topic's own
    wrong: tuple[Headline, ...]  # it would add, and they are not
    unsure: tuple[Headline, ...]  # it would add, and nobody can tell
    examples: tuple[str, ...]  # of the topic, that no rule finds yet

    @property
    def adds(self) -> int:
        """How many items it would bring."""
        return len(self.likely) + len(self.wrong) + len(self.unsure)

    @property
    def worth(self) -> float:
        """How much it brings and how purely; 0 where most of it is wrong."""
        right = self.inside + len(self.likely) + len(self.examples)
        precision = right / (right + len(self.wrong)) if right else 0.0
        if self.likely or self.wrong:
            return math.log1p(len(self.likely) + len(self.examples)) * max(precision - LEAST_PRECISION, 0)
        return math.log1p(len(self.examples)) + 1 / (1 + len(self.unsure))


@dataclass(frozen=True, slots=True)
class Suggested:
    """Proposals for a topic, the best first."""

    members: int  # items and examples that they are drawn from
    items: int  # that they were measured on
    judged: bool  # whether likely could be told from wrong
    suggestions: tuple[Suggestion, ...]


def suggest(
    rules: Rules, topic: Topic, members: Sequence[Item], sample: Iterable[Sampled], limit: int
) -> Suggested:
    """Proposals for a topic of these rules, drawn from its `members` in the store and its examples.

    They are measured on the sample, the newest item first; nothing of that is kept but titles.
    """
    rules = _deciding(rules, topic.id)
    examples = headlines(topic.examples_match)
    unmet = [one for one in examples if topic.id not in {tag.topic for tag in rules.tag(one)}]
    everyone, later = [*members, *examples], iter(sample)
    first = list(islice(later, BACKGROUND))
    terms = candidates(
        everyone, unmet if members else examples, [item for item, _, stored in first if not stored]
    )
    made = rules.topics[rules.index[topic.id]]
    probe = Probe(rules, made, terms)
    measured = probe.measure(chain(first, later))
    judge = Judge(terms, [probe.terms(item) for item in everyone], measured, tuple(made.phrases()))
    met_by = _met_by(terms, probe, unmet, headlines(topic.examples_not))
    useful = [term for term in met_by if judge.sure[term] > 0 and (met_by[term] or judge.adds(term))]
    useful.sort(key=lambda term: (-len(met_by[term]), -judge.sure[term], -len(term)))
    proposed = {
        term: _suggestion(term, judge, measured, met_by[term], topic.points_needed)
        for term in useful[:FINALISTS]
    }
    best = islice(_best(proposed, judge.sure), limit)
    return Suggested(len(everyone), len(measured.shown), judge.can_tell, tuple(best))


def _met_by(
    terms: Iterable[str], probe: Probe, unmet: Sequence[Item], refused: Sequence[Item]
) -> dict[str, list[str]]:
    """The terms that no refused example has, each with the titles of the unmet ones that it finds."""
    taboo = {term for one in refused for term in probe.terms(one)[0]}
    met_by: dict[str, list[str]] = {term: [] for term in terms if term not in taboo}
    for one in unmet:
        for term in probe.terms(one)[0] & met_by.keys():
            met_by[term].append(one.title)
    return met_by


def _deciding(rules: Rules, topic: str) -> Rules:
    """The rules of a topic and of those that its own decision hangs on, so that the others cost nothing."""
    asked = {made.topic.id: _asks(made) for made in rules.topics}
    needed, waiting = {topic}, [topic]
    while waiting:
        one = waiting.pop()
        implying = {made.topic.id for made in rules.topics if one in made.topic.implies}
        waiting += (asked[one] | implying) - needed
        needed |= asked[one] | implying
    return Rules([made for made in rules.topics if made.topic.id in needed], rules.version)


def _asks(made: CompiledTopic) -> set[str]:
    lines = (*made.lines, *made.only_if)
    return {str(test.value) for line in lines for test in tests(line.query, "topic")}


def _suggestion(
    term: str, judge: Judge, measured: Measured, examples: Sequence[str], needed: int
) -> Suggestion:
    adds = judge.adds(term)
    likely = set(judge.likely(term)) if judge.can_tell else set()
    wrong = set(adds) - likely if judge.can_tell else set()

    def shown(numbers: Iterable[int]) -> tuple[Headline, ...]:
        return tuple(measured.shown[number] for number in numbers)

    return Suggestion(
        line=_line(term, needed),
        inside=sum(number in measured.members for number in measured.having.get(term, ())),
        likely=shown(sorted(likely)),
        wrong=shown(sorted(wrong)),
        unsure=() if judge.can_tell else shown(adds),
        examples=tuple(examples),
    )


def _best(proposed: Mapping[str, Suggestion], sure: Mapping[str, float]) -> Iterator[Suggestion]:
    """The worthiest first, without those that bring nothing right that a better one does not bring."""
    covered: set[object] = set()
    ranked = sorted(
        proposed, key=lambda term: (-proposed[term].worth * max(sure[term], 0.1), -len(term), term)
    )
    for term in ranked:
        one = proposed[term]
        brings = {*one.likely, *one.unsure, *one.examples}
        if one.worth > 0 and not brings <= covered:
            covered |= brings
            yield one


def _line(term: str, needed: int) -> str:
    """A term as a line of `match` that is enough for the topic; quoted where it is no plain word."""
    prefix = f"{needed} points: " if needed > 1 else ""
    if term.isalnum():
        try:
            compile_query(term)
        except QueryError:  # a word of the language itself, such as near
            return f'{prefix}"{term}"'
        return f"{prefix}{term}"
    return f'{prefix}"{term}"'
