"""Which of a topic's words are worth measuring: common among its items, rare among others, no stop words."""

from collections import Counter
from collections.abc import Iterable, Sequence

from aggregator.model import Item
from aggregator.topics.advice.terms import length, log_odds, terms

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
