"""What the rules make of an item, beside the tags that are stored with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.model import Item, Reason, Tag, Tagged, Topic
from aggregator.query import field_text
from aggregator.topics.matcher import Rules
from aggregator.topics.verdicts import Verdict, explain

AROUND = 40  # characters shown on either side of a word, cut between words
_WOULD_ADD = "not stored: the rules were edited since; `aggregator apply` would add it"
_WOULD_REMOVE = "stored, tagged by earlier rules; `aggregator apply` would remove it"
_TOPIC_GONE = "stored, but its topic is gone; `aggregator apply` would remove it"
_ADDED = "put here by hand; no rule takes that away"
_REMOVED = "taken out by hand; no rule puts it back"


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason with the text around its words; what is no place in a text has none."""

    reason: Reason
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class TopicExplained:
    """One topic's verdict on an item and, for a stored item, what stands in the store."""

    verdict: Verdict
    marks: tuple[Mark, ...]  # of the verdict's reasons; of the stored ones where the rules no longer tag it
    stored: bool
    note: str = ""  # how store, desk and rules differ, and what would change that

    @property
    def belongs(self) -> bool:
        """Whether the item has the topic by the rules as they are now and by the desk, which stands above."""
        return self.note == _ADDED or (self.verdict.tagged and self.note != _REMOVED)

    @property
    def matters(self) -> bool:
        """Whether the topic has anything to do with the item."""
        return bool(self.verdict.tagged or self.verdict.points or self.stored or self.note)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every topic's view of one item: first those that have it, then those with points."""

    item: Item
    rules: str  # version of the rules that its stored tags come from; "" for a text that is not stored
    topics: tuple[TopicExplained, ...]


def explain_text(rules: Rules, topics: Sequence[Topic], text: str) -> Explanation:
    """What the rules make of a text whose first line is its title."""
    title, _, rest = text.strip().partition("\n")
    item = Item(source="", key="", title=title.strip(), text=rest.strip())
    found = (
        TopicExplained(verdict, _marks(item, verdict.reasons), False) for verdict in explain(rules, item)
    )
    return Explanation(item, "", _in_order(found, topics))


def explain_stored(
    rules: Rules, topics: Sequence[Topic], tagged: Tagged, given: Sequence[str], shown: Iterable[Tag]
) -> Explanation:
    """What the rules make of a stored item.

    `given` are the topics that its source gives, `shown` the tags of its story, with what the desk decided.
    """
    item = tagged.item
    now = {earlier: topic.id for topic in topics for earlier in topic.was}
    stored = {now.get(tag.topic, tag.topic): tag for tag in tagged.tags}
    published = {now.get(tag.topic, tag.topic): tag for tag in shown}
    verdicts = {verdict.topic: verdict for verdict in explain(rules, item, given)}
    gone = [topic for topic in stored if topic not in verdicts]
    found = [_beside(item, verdict, stored, published) for verdict in verdicts.values()]
    found += [_without_topic(item, stored[topic]) for topic in gone]
    return Explanation(item, tagged.rules, _in_order(found, topics))


def _beside(
    item: Item, verdict: Verdict, stored: dict[str, Tag], published: dict[str, Tag]
) -> TopicExplained:
    topic = verdict.topic
    tag, shown = stored.get(topic), published.get(topic)
    besides = _besides(tag, shown)
    by_hand = any(reason.words.startswith("by hand") for reason in besides)
    reasons = verdict.reasons if verdict.tagged or tag is None else tag.reasons
    note = _ADDED if by_hand else _REMOVED if tag and not shown else _difference(verdict.tagged, tag)
    return TopicExplained(verdict, _marks(item, (*reasons, *besides)), bool(tag or besides), note)


def _besides(tag: Tag | None, shown: Tag | None) -> tuple[Reason, ...]:
    """Why the story is shown in a topic besides what the rules made of its item."""
    own = tag.reasons if tag else ()
    return tuple(
        reason for reason in (shown.reasons if shown else ()) if not reason.line and reason not in own
    )


def _difference(now: bool, stored: Tag | None) -> str:
    if now == (stored is not None):
        return ""
    return _WOULD_ADD if now else _WOULD_REMOVE


def _without_topic(item: Item, tag: Tag) -> TopicExplained:
    verdict = Verdict(tag.topic, False, "", 0, 0, (), ("The configuration has no such topic.",))
    return TopicExplained(verdict, _marks(item, tag.reasons), True, _TOPIC_GONE)


def _in_order(found: Iterable[TopicExplained], topics: Sequence[Topic]) -> tuple[TopicExplained, ...]:
    place = {topic.id: number for number, topic in enumerate(topics)}

    def rank(one: TopicExplained) -> tuple[bool, bool, int]:
        return (
            not (one.belongs or one.stored),
            not one.matters,
            place.get(one.verdict.topic, len(place)),
        )

    return tuple(sorted(found, key=rank))


def _marks(item: Item, reasons: Iterable[Reason]) -> tuple[Mark, ...]:
    return tuple(_mark(field_text(item, reason.field), reason) for reason in reasons)


def _mark(text: str, reason: Reason) -> Mark:
    if text[reason.start : reason.end] != reason.words or not reason.field:
        return Mark(reason)  # no place, or of a text that was corrected since
    before, after = text[: reason.start], text[reason.end :]
    if len(before) > AROUND:
        before = "…" + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + "…"
    return Mark(reason, before, after)
