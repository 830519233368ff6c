"""config/desk.yaml: what the desk decided about single items, checked as strictly as the configuration."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field, ValidationError, field_validator

from aggregator.config import leaves
from aggregator.config.leaves import Surroundings
from aggregator.config.positions import Document, Node
from aggregator.config.reading import read
from aggregator.config.references import texts
from aggregator.config.schema import Section
from aggregator.config.values import wrong
from aggregator.config.wording import report_all
from aggregator.model import Decision
from aggregator.parse.urls import canonical

LATER = ("withdraw", "hold", "pin")
_LISTS = ("add", "remove")


class Placement(Section):
    """An item and topics, and why the desk decided so."""

    item: leaves.ItemName = Field(description="The address of the article, or the id of the entry.")
    topics: list[leaves.KnownTopic] = Field(description="The topics it is put into or taken out of.")
    reason: leaves.Text = Field(description="Why; readers see it with a topic that an item was put into.")

    @field_validator("topics")
    @classmethod
    def _at_least_one(cls, value: list[str]) -> list[str]:
        if not value:
            raise wrong("No topic stands here.", "Name one or more, for example [diplomacy].")
        return value


_MAY_BE_EMPTY: dict[str, Any] = {"type": ["array", "null"]}


class DeskFile(Section):
    """desk.yaml as a whole."""

    add: list[Placement] = Field(
        description="Items that belong to topics, whatever the rules say.",
        default=[],
        json_schema_extra=_MAY_BE_EMPTY,
    )
    remove: list[Placement] = Field(
        description="Items that do not belong to topics.", default=[], json_schema_extra=_MAY_BE_EMPTY
    )

    @field_validator("add", "remove", mode="before")
    @classmethod
    def _may_be_empty(cls, value: Any) -> Any:
        return [] if value is None else value


def examine(text: str, file: str, topics: Mapping[str, str] | None) -> tuple[Document, tuple[Decision, ...]]:
    """The document, with all that is wrong with it, and the decisions in it, none where anything is.

    `topics` are the ids that may stand in it, each with the topic's id of today; None if nobody knows.
    """
    document = read(text, file, may_be_empty=True)
    if not document.readable:
        return document, ()
    _refuse_later_keys(document)
    _refuse_repetitions(document, topics or {})
    plain = document.root.plain
    if isinstance(plain, dict):
        plain = {key: value for key, value in plain.items() if key not in LATER}
    try:
        known = None if topics is None else Surroundings({}, frozenset(topics))
        found = DeskFile.model_validate(plain, context=known)
    except ValidationError as error:
        report_all(document, error, DeskFile)
        return document, ()
    return document, () if document.problems else tuple(_decisions(found, topics or {}))


def _refuse_later_keys(document: Document) -> None:
    for key in LATER:
        if key in document.root.keys:
            node = document.root.keys[key]
            message = f"`{key}` comes with a later version of this program."
            document.report(node.line, node.column, key, message, "Delete it and what stands below it.")


def _refuse_repetitions(document: Document, topics: Mapping[str, str]) -> None:
    """One item and topic stand in the file once: in one of the two lists."""
    first: dict[tuple[str, str], tuple[str, Node]] = {}
    for name in _LISTS:
        for number, item, topic, node in _pairs(document.root, name):
            key = canonical(item) or item, topics.get(topic, topic)
            before, place = first.setdefault(key, (name, node))
            if place is not node:
                message = f"The same item and topic stand under `{before}` in line {place.line}."
                path = f"{name}, entry {number}.topics"
                document.report(node.line, node.column, path, message, "Delete one of the two.")


def _pairs(root: Node, name: str) -> Iterator[tuple[int, str, str, Node]]:
    """Every item with every topic of a list: number of the entry, item, topic, and where the topic stands."""
    entries = root.children[name].children.values() if name in root.children else ()
    for number, entry in enumerate(entries, 1):
        item = entry.children["item"].text.strip() if "item" in entry.children else ""
        for topic, node in texts(entry, "topics") if item else ():
            yield number, item, topic, node


def _decisions(found: DeskFile, topics: Mapping[str, str]) -> Iterator[Decision]:
    for belongs, placements in ((True, found.add), (False, found.remove)):
        for one in placements:
            for topic in dict.fromkeys(one.topics):
                yield Decision(one.item, topics.get(topic, topic), belongs, one.reason)
