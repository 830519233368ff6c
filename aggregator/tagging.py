"""What decides about the tags of an item: the rules, what its source gives it, and the desk."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.model import Config, Decision, Item, Reason, Retagged, Stored, Tag
from aggregator.rules import Judgement, Rules, compile_rules
from aggregator.rules.folding import NONE_LEVELLED, Levelled

_NOTHING: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tagging:
    """The rules with what each source gives its items; a pickled copy tags alike."""

    rules: Rules
    given: Mapping[str, tuple[str, ...]]  # by source, where it gives any topic
    renamed: Mapping[str, str]  # earlier ids of topics → their ids now

    def version(self, source: str) -> str:
        """Equal where items of a source are tagged alike; always of the same length (docs/decisions/061)."""
        given = self.given.get(source)
        return _digest(self.rules.version, given) if given else self.rules.version

    def tags_like(self, other: "Tagging") -> bool:
        """Whether both give every item the same tags."""
        return (self.rules.version, self.given) == (other.rules.version, other.given)

    def tag(self, item: Item, levelled: Levelled = NONE_LEVELLED) -> tuple[Tag, ...]:
        """The topics of an item, without what the desk decided."""
        return self.rules.tag(item, self.given.get(item.source, _NOTHING), levelled)

    def judge(self, item: Item) -> tuple[Judgement, ...]:
        """The same as far as it says which topics: each gives its tag when asked for it."""
        return self.rules.judge(self.rules.scene(item), self.given.get(item.source, _NOTHING))

    def retag(self, stored: Stored) -> Retagged:
        """What these rules make of a stored item."""
        item, tags = stored.tagged.item, self.tag(stored.tagged.item)
        return Retagged(
            number=stored.number,
            hash=stored.hash,
            before=stored.tagged.rules,
            rules=self.version(item.source),
            tags=None if tags == stored.tagged.tags else tags,
            shown=_as_shown(tags) != _as_shown(stored.tagged.tags),
        )

    def topics_of(self, stored: Stored) -> dict[str, Tag]:
        """The tags that a stored item has, by the ids that their topics have now."""
        return {tag.topic: tag for tag in renamed(stored.tagged.tags, self.renamed)}


def open_tagging(config: Config) -> Tagging:
    """Compile the rules of a valid configuration."""
    return Tagging(
        rules=compile_rules(config.topics, config.lists),
        given={source.id: source.topics for source in config.sources if source.topics},
        renamed={earlier: topic.id for topic in config.topics for earlier in topic.was},
    )


def decisions(config: Config) -> tuple[Decision, ...]:
    """What the desk decided, with what follows from it: an item added to a topic gets what that implies."""
    implies = {topic.id: topic.implies for topic in config.topics}
    made = {(one.item, one.topic): replace(one, reason=f"by hand: {one.reason}") for one in config.desk}
    for one in config.desk:
        for topic, because in _implied(one.topic, implies) if one.belongs else ():
            made.setdefault((one.item, topic), Decision(one.item, topic, True, f"implied by topic {because}"))
    return tuple(made.values())


def renamed(tags: Iterable[Tag], ids: Mapping[str, str]) -> tuple[Tag, ...]:
    """Tags by the ids that their topics have now, each once; `ids` are the earlier ones with those of now."""
    found: dict[str, Tag] = {}
    for tag in tags:
        id = ids.get(tag.topic, tag.topic)
        found.setdefault(id, tag if id == tag.topic else replace(tag, topic=id))
    return tuple(found.values())


def decided(tags: Iterable[Tag], decisions: Sequence[Decision]) -> tuple[Tag, ...]:
    """The tags of a story as the desk wants them; one that it adds says why, beside the rules' reasons."""
    tags = tuple(tags)
    if not decisions:
        return tags
    refused = {one.topic for one in decisions if not one.belongs}
    kept = {tag.topic: tag for tag in tags if tag.topic not in refused}
    for one in decisions:
        if one.belongs and one.topic not in refused:
            before = kept.get(one.topic, Tag(one.topic, 0))
            reason = Reason(0, 0, "", 0, 0, one.reason)
            kept[one.topic] = replace(before, reasons=(*before.reasons, reason))
    return tuple(kept.values())


def _implied(topic: str, implies: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Every topic that follows from one, with the topic that it follows from directly."""
    seen, waiting = {topic}, [topic]
    while waiting:
        because = waiting.pop()
        for one in implies.get(because, ()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
                yield one, because


def _as_shown(tags: Iterable[Tag]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """What readers see of tags; the line of a rule and the points are nobody's but the desk's."""
    return [(tag.topic, tuple((reason.field, reason.words) for reason in tag.reasons)) for tag in tags]


def _digest(*parts: object) -> str:
    return hashlib.blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
