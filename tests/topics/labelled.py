"""Headlines with their topics as an editor sees them: our own, and the recorded ones beside the project."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aggregator import config
from aggregator.model import Config, Item
from aggregator.topics import Rules, compile_rules

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "topics"
TOPICS = ("diplomacy", "north-korea", "kim-jong-un", "international-relations", "peace-negotiations")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item, the topics it belongs to, and those where two editors would disagree."""

    item: Item
    topics: frozenset[str]
    arguable: frozenset[str]


@dataclass(slots=True)
class Score:
    """Counts of right and wrong tags; arguable ones are in none of them."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the given tags that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the tags due that are given."""
        return self.right / max(1, self.right + self.missed)

    def add(self, given: bool, due: bool) -> None:
        """Count one item."""
        self.right += given and due
        self.wrong += given and not due
        self.missed += due and not given


Scores = dict[str, Score]  # of each topic, and of "all"


@cache
def shipped() -> tuple[Config, Rules]:
    """The configuration that the program comes with, and its rules."""
    made = config.load(ROOT / "config" / "sources.yaml", {})
    return made, compile_rules(made.topics, made.lists)


def own(part: str = "") -> list[Labelled]:
    """Ours: the part "tuned" (the topics were worked on with it), "held-out", "last", or all of them.

    What of the held-out part is missed was read once while others were worked on; the last part was
    written after all that, measured, and not looked at since.
    """
    with (Path(__file__).parent / "items.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        _labelled(row["title"], row["text"], row["topics"].split(), row["arguable"].split())
        for row in rows
        if part in ("", row["part"])
    ]


def recorded() -> list[Labelled]:
    """The items of a news site's five sections, labelled by careful reading."""
    with (SHARED / "gold.tsv").open(encoding="utf-8", newline="") as file:
        gold = {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    return list(_recorded(gold))


def _recorded(gold: dict[str, dict[str, str]]) -> Iterator[Labelled]:
    for line in (SHARED / "items.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        labels = {name.lower().replace(" ", "-"): label for name, label in gold[told["id"]].items()}
        yes = [topic for topic in TOPICS if labels[topic] == "Y"]
        arguable = [topic for topic in TOPICS if labels[topic] == "A"]
        yield _labelled(told["headline"], told["excerpt"], yes, arguable)


def _labelled(title: str, text: str, topics: Iterable[str], arguable: Iterable[str]) -> Labelled:
    item = Item(source="x", key=title, title=title, summary=text, text=text)
    return Labelled(item, frozenset(topics), frozenset(arguable))


def tags(made: Rules, item: Item) -> set[str]:
    """The ids of an item's topics."""
    return {tag.topic for tag in made.tag(item)}


def score(made: Rules, labelled: Iterable[Labelled], scores: Scores | None = None) -> Scores:
    """How the tags of some items fare, added to `scores` where some are given."""
    scores = scores or {name: Score() for name in (*TOPICS, "all")}
    for one in labelled:
        given = tags(made, one.item)
        for topic in TOPICS:
            if topic not in one.arguable:
                scores[topic].add(topic in given, topic in one.topics)
                scores["all"].add(topic in given, topic in one.topics)
    return scores
