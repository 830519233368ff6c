"""What decides about the tags of an item: the rules, what its source gives it, and the desk."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.model import Config, Decision, Item, Reason, Retagged, Stored, Tag
from aggregator.text.digests import digest
from aggregator.text.folding import NONE_LEVELLED, Levelled
from aggregator.topics import evidence
from aggregator.topics.compilation import compile_rules
from aggregator.topics.matcher import Rules
from aggregator.topics.points import Judgement

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
        return digest(repr((self.rules.version, given)), 8) if given else self.rules.version

    def is_current(self, source: str, rules: str) -> bool:
        """Whether tags of an item of a source, of which `rules` is the evidence, are what these give."""
        return evidence.read(rules).is_current(self.version(source))

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
        item = stored.tagged.item
        return _retagged(stored, self.tag(item), self.version(item.source))

    def fill(self, stored: Stored, topics: Collection[str], *, unheard_of: bool) -> Retagged:
        """The item with the tags of new topics that it gets; those of the other topics stay.

        `unheard_of` where no rules ever knew topics by these ids.
        """
        item, given = stored.tagged.item, self.tag(stored.tagged.item)
        kept = (tag for tag in stored.tagged.tags if tag.topic not in topics)
        tags = (*kept, *(tag for tag in given if tag.topic in topics))
        whole = _as_shown(tags, sort=True) == _as_shown(given, sort=True)
        before = evidence.read(stored.tagged.rules)
        after = before.filled(self.version(item.source), whole=whole, unheard_of=unheard_of)
        return _retagged(stored, given if whole else tags, str(after))

    def take_back(self, stored: Stored) -> Retagged:
        """The item without the tags of unknown topics, as these rules gave them before those came."""
        tags = tuple(tag for tag in stored.tagged.tags if tag.topic in self.rules.index)
        version = self.version(stored.tagged.item.source)
        back = evidence.read(stored.tagged.rules).back(version)
        if back.is_current(version):  # then in the order in which these rules give them
            tags = tuple(sorted(tags, key=lambda tag: self.rules.index[tag.topic]))
        return _retagged(stored, tags, str(back))

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
        found.setdefault(id, tag if id == tag.topic else replace(tag, topic=id, earlier=""))
    return tuple(found.values())


def renamed_item(tags: Sequence[Tag], rules: str, ids: Mapping[str, str]) -> tuple[tuple[Tag, ...], str]:
    """The tags of an item by the ids of now, and by which rules they stand then."""
    given = {ids.get(tag.topic, tag.topic): tag.earlier or tag.topic for tag in reversed(tags)}
    after = tuple(
        replace(tag, earlier="" if given[tag.topic] == tag.topic else given[tag.topic])
        for tag in renamed(tags, ids)
    )
    before, is_renamed = evidence.read(rules), any(tag.earlier for tag in after)
    is_merged = before.merged or len(after) < len(tags)
    return after, str(replace(before, renamed=is_renamed, merged=is_merged))


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


def _retagged(stored: Stored, tags: tuple[Tag, ...], rules: str) -> Retagged:
    return Retagged(
        number=stored.number,
        hash=stored.hash,
        before=stored.tagged.rules,
        rules=rules,
        tags=None if tags == stored.tagged.tags else tags,
        shown=_as_shown(tags) != _as_shown(stored.tagged.tags),
    )


def _as_shown(tags: Iterable[Tag], *, sort: bool = False) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """What readers see of tags; the line of a rule and the points are nobody's but the desk's."""
    shown = [(tag.topic, tuple((reason.field, reason.words) for reason in tag.reasons)) for tag in tags]
    return sorted(shown) if sort else shown
