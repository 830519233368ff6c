"""Folding beside NFKC and casefold; 1,000 and 10,000 topics beside one regular expression per topic."""

import random
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from unicodedata import normalize

import feedparser

from aggregator.model import Item, Topic
from aggregator.query.item_view import View
from aggregator.text.folding import fold
from aggregator.topics import Rules, compile_rules
from aggregator.topics.points import CompiledTopic
from benchmarks.topics import corpus
from tests.topics import reference
from tests.topics.labelled import shipped

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "feeds"
TAG = re.compile(r"<[^>]*>")


def main() -> None:
    """Print how the language compares to the plain ways of doing the same."""
    items = _items(2500)
    if not items:
        print(f"rules: there are no texts at {CORPUS}; skipped")
        return
    _folding(items)
    for count, sample in ((1_000, 60), (10_000, 8)):
        _matching(items, count, sample)
    _shipped()


def _folding(items: Sequence[Item]) -> None:
    texts = [text for item in items for text in (item.title, item.summary, item.text)]
    plain = _best(lambda: [normalize("NFKC", text).casefold() for text in texts])
    ours = _best(lambda: [fold(text) for text in texts])
    print(f"rules: folding costs {ours / plain:.1f} times NFKC and casefold() (at most 3)")


def _matching(items: Sequence[Item], count: int, sample: int) -> None:
    """The same items both ways, over texts folded beforehand, and where our time goes."""
    rules = _rules(items, count)
    chosen = random.Random(5).sample(items, sample)
    patterns = [(made, _alternation(made)) for made in rules.topics]
    views = [View(item, rules.fields) for item in chosen]
    plain = sum(_best(partial(_search_all, patterns, view.text), 2) for view in views)
    folding, finding, deciding = _timed(rules, chosen, 7)
    tags = [_equal(rules, patterns, view) for view in views]
    print(
        f"rules: {count:,} topics are {plain / (finding + deciding):,.0f} times as fast as one expression "
        f"per topic, {(folding + plain) / (folding + finding + deciding):,.0f} times if both fold "
        f"(equal on all {sample} items, {sum(tags) / sample:.1f} tags an item)"
    )
    _print_parts(f"with {count:,} topics", (folding, finding, deciding), sample)


def _shipped() -> None:
    """The topics of config/sources.yaml over every item of the recorded feeds, as they are polled."""
    rules, items = shipped()[1], list(corpus())
    _print_parts("with the shipped topics", _timed(rules, items, 3), len(items))


def _timed(rules: Rules, items: Sequence[Item], times: int) -> tuple[float, float, float]:
    """Seconds that folding, finding and deciding take of all items; together they are `Rules.tag`.

    Every time starts anew from an item's texts, so that nothing is remembered; the quickest counts.
    """
    quickest = [min((_stages(rules, item) for _ in range(times)), key=sum) for item in items]
    folding, finding, deciding = map(sum, zip(*quickest, strict=True))
    return folding, finding, deciding


def _stages(rules: Rules, item: Item) -> tuple[float, float, float]:
    started = perf_counter()
    view = View(item, rules.fields)
    folded = perf_counter()
    scene = rules.found(view)
    found = perf_counter()
    rules.tag_scene(scene)
    return folded - started, found - folded, perf_counter() - found


def _print_parts(which: str, seconds: tuple[float, float, float], items: int) -> None:
    whole, folding, finding, deciding = (f"{part / items * 1e6:.0f}" for part in (sum(seconds), *seconds))
    print(
        f"rules: an item takes {whole} µs {which}: {folding} to fold, {finding} to find phrases, "
        f"{deciding} to decide and to trace words to their place ({items:,} items)"
    )


def _equal(rules: Rules, patterns: Sequence[tuple[CompiledTopic, re.Pattern[str]]], view: View) -> int:
    """The number of tags, which must be those of the plain way with the reference's judgement."""
    candidates = [made for made, pattern in patterns if pattern.search(view.text)]
    expected = {made.topic.id: reference.points(made, view.item, ()) for made in candidates}
    tags = {tag.topic: tag.points for tag in rules.tag(view.item)}
    assert tags == {topic: points for topic, points in expected.items() if points}, view.item.url
    return len(tags)


def _search_all(patterns: Sequence[tuple[CompiledTopic, re.Pattern[str]]], text: str) -> None:
    for _, pattern in patterns:
        pattern.search(text)


def _alternation(made: CompiledTopic) -> re.Pattern[str]:
    ends = {True: "", False: r"\b"}
    words = [re.escape(phrase.text) + ends[phrase.open_end] for phrase in made.phrases()]
    return re.compile(rf"\b(?:{'|'.join(words)})")


def _rules(items: Sequence[Item], count: int) -> Rules:
    """Topics of five phrases each, taken from the texts themselves, with mixed operators."""
    chance = random.Random(7)
    vocabulary = _phrases(items, chance, 5 * count)
    topics = []
    for number in range(count):
        a, b, c, d, e = (f'"{phrase}"' for phrase in vocabulary[5 * number : 5 * number + 5])
        match = chance.choice(
            (
                f"{a}\n{b}\n{c}\n{d}\n{e}",
                f"{a} ({b} OR {c})\ntitle:({d} OR {e})",
                f"{a} NEAR/8 {b}\n{c} -{d}\n{e}",
                f"2x {a}\n({b} OR {c}) {d}\n{e}",
                f'{a[:-1]}*"\n{b} {c}\n2 points: {d}\n{e}',
            )
        )
        topics.append(Topic(f"t{number}", "", match=match))
    return compile_rules(topics, {})


def _phrases(items: Sequence[Item], chance: random.Random, count: int) -> list[str]:
    """Distinct phrases of two or three words as the texts have them."""
    found: dict[str, None] = {}
    while len(found) < count:
        words = fold(chance.choice(items).text).text.split()
        if len(words) > 3:
            start = chance.randrange(len(words) - 3)
            phrase = " ".join(words[start : start + chance.choice((2, 3))])
            if re.fullmatch(r"[a-z ]*[a-z]{7}[a-z ]*", phrase):  # as rules have them, not “of the”
                found[phrase] = None
    return list(found)


def _items(most: int) -> list[Item]:
    items: list[Item] = []
    for path in sorted(CORPUS.glob("*")) if CORPUS.exists() else ():
        if path.stat().st_size < 300_000:
            with path.open("rb") as file:
                items += [_item(entry) for entry in feedparser.parse(file).entries]
    return random.Random(3).sample(items, min(most, len(items)))


def _item(entry: feedparser.FeedParserDict) -> Item:
    content = " ".join(part.get("value") or "" for part in entry.get("content", ()))
    return Item(
        source="corpus",
        key="",
        url=entry.get("link", ""),
        title=TAG.sub("", entry.get("title", "")),
        summary=TAG.sub(" ", entry.get("summary", "")),
        text=TAG.sub(" ", content),
    )


def _best(run: Callable[[], object], times: int = 5) -> float:
    return min(_seconds(run) for _ in range(times))


def _seconds(run: Callable[[], object]) -> float:
    started = process_time()
    run()
    return process_time() - started


if __name__ == "__main__":
    main()
