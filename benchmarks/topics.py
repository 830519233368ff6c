"""How well the shipped topics find what belongs to them, and what they take of real feeds.

The recorded items are few, and whoever wrote the topics could see them. So they are also judged with what
the others alone support: the items are dealt into folds, and for the items of a fold every word, phrase
and line of the topics is taken out that occurs in that fold and in none of the others, be it the name of a
country. What occurs in no recorded item at all stays: nobody can have chosen it for them. With as many
folds as items each is judged without what it alone contains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from aggregator.model import Item, Refined, Response, Source
from aggregator.parse.refinement import refine
from aggregator.query.evaluation import Scene
from aggregator.query.tree import And, Choice, Count, Countable, Line, Near, Node, Not, Or, Phrase, Words
from aggregator.topics import Rules
from aggregator.topics.points import CompiledTopic, points
from tests.topics.labelled import SHARED, TOPICS, Labelled, Scores, own, recorded, score, shipped, tags

CORPUS = SHARED.parent / "corpus"
FOLDS = (5, 10)


def main() -> None:
    """Print the tables, and every item of the recorded feeds that gets a topic."""
    rules = shipped()[1]
    for part in ("tuned", "held-out", "last"):
        table(f"our own items, the part called {part}", score(rules, own(part)))
    if not SHARED.is_dir():
        print("skipped: the labelled items (../shared/topics) are not here")
        return
    items = recorded()
    table("recorded items", score(rules, items))
    for folds in (*FOLDS, len(items)):
        table(
            f"recorded items, {folds} folds, without what a fold alone contains", crossed(rules, items, folds)
        )
    if CORPUS.is_dir():
        taken(rules)


def table(title: str, scores: Scores) -> None:
    """Print precision and recall of each topic."""
    print(f"\n{title}\n  {'':24} precision  recall   right  wrong  missed")
    for name, one in scores.items():
        counts = f"{one.right:7} {one.wrong:6} {one.missed:7}"
        print(f"  {name:24} {one.precision:8.1%} {one.recall:8.1%} {counts}")


def crossed(rules: Rules, items: Sequence[Labelled], folds: int) -> Scores:
    """Every item's score by what the items of other folds support, or no item at all."""
    scenes = [rules.scene(labelled.item) for labelled in items]
    scores = score(rules, ())
    for fold in range(folds):
        held_out = {number for number in range(len(items)) if number % folds == fold}
        left = without_support_in(rules, scenes, held_out)
        score(left, [items[number] for number in held_out], scores)
    return scores


def without_support_in(rules: Rules, scenes: Sequence[Scene], held_out: set[int]) -> Rules:
    """The rules less the phrases and lines that hold for some items held out and for no others."""

    def only_there(holding: set[int]) -> bool:
        return bool(holding) and holding <= held_out

    found = {key: {n for n, scene in enumerate(scenes) if key in scene.hits} for key in _keys(rules)}
    dropped = {key for key, holding in found.items() if only_there(holding)}
    topics = []
    for topic in rules.topics:
        kept = [line for line in topic.lines if not only_there(_holding(line, scenes))]
        topics.append(_less(replace(topic, lines=tuple(kept)), dropped))
    return Rules(topics, rules.version)


def _keys(rules: Rules) -> set[str]:
    return {phrase.key for topic in rules.topics for phrase in topic.phrases()}


def _holding(line: Line, scenes: Sequence[Scene]) -> set[int]:
    return {number for number, scene in enumerate(scenes) if points(line, scene)}


def _less(topic: CompiledTopic, dropped: set[str]) -> CompiledTopic:
    return replace(
        topic,
        lines=tuple(replace(line, query=_pruned(line.query, dropped)) for line in topic.lines),
        only_if=tuple(replace(line, query=_pruned(line.query, dropped)) for line in topic.only_if),
        strike_out=_kept(topic.strike_out, dropped),
    )


def _kept(phrases: Sequence[Phrase], dropped: set[str]) -> tuple[Phrase, ...]:
    return tuple(phrase for phrase in phrases if phrase.key not in dropped)


def _pruned(node: Node, dropped: set[str]) -> Node:
    match node:
        case And() | Or():
            return replace(node, parts=tuple(_pruned(part, dropped) for part in node.parts))
        case Not():
            return Not(_pruned(node.part, dropped))
        case Near():
            return replace(node, left=_words(node.left, dropped), right=_words(node.right, dropped))
        case Count():
            return replace(node, part=_words(node.part, dropped))
        case Words() | Choice():
            return _words(node, dropped)
    return node


def _words(node: Countable, dropped: set[str]) -> Countable:
    if isinstance(node, Words):
        return replace(node, phrases=_kept(node.phrases, dropped))
    return Choice(tuple(replace(words, phrases=_kept(words.phrases, dropped)) for words in node.parts))


def taken(rules: Rules) -> None:
    """Print what of the recorded feeds gets a topic, to be read by eye."""
    items = list(corpus())
    given = [(tags(rules, item), item) for item in items]
    tagged = sum(bool(topics) for topics, _ in given)
    print(f"\nrecorded feeds: {tagged:,} of {len(items):,} items get a topic")
    for topic in TOPICS:
        titles = [item.title for topics, item in given if topic in topics]
        print(f"\n  {topic}: {len(titles)}")
        for title in titles:
            print(f"    {title[:110]}")


def corpus() -> Iterator[Item]:
    """Every item of the recorded feeds once, though some were recorded on several days."""
    seen: set[tuple[str, str]] = set()
    for path in sorted(CORPUS.glob("feeds/*")) + sorted(CORPUS.glob("days/*/*")):
        for item in _items(path):
            if (item.title, item.text) not in seen:
                seen.add((item.title, item.text))
                yield item


def _items(path: Path) -> tuple[Item, ...]:
    address = "https://recorded.example/feed"
    refined = refine(Source("recorded", address), Response(address, 200, (), path.read_bytes()))
    return refined.items if isinstance(refined, Refined) else ()


if __name__ == "__main__":
    main()
