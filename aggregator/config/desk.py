"""config/desk.yaml: what the desk decided about single items, checked as strictly as the configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator

from aggregator import model
from aggregator.config import types
from aggregator.config.messages import report_all
from aggregator.config.nodes import read
from aggregator.config.positions import Node, YamlFile
from aggregator.config.references import texts
from aggregator.config.schema import Section
from aggregator.config.types import FileContext
from aggregator.config.values import wrong
from aggregator.text.urls import canonical

_ALIKE = (("add", "remove"), ("withdraw",), ("hold",), ("pin",))
"""The lists in which an item, with a topic where one is named, may stand once."""


class Named(Section):
    """An item, and why the desk decided about it."""

    item: types.ItemName = Field(description="The address of the article, or the id of the entry.")


class Placement(Named):
    """An item and topics, and why the desk decided so."""

    topics: list[types.KnownTopic] = Field(description="The topics it is put into or taken out of.")
    reason: types.Text = Field(description="Why; readers see it with a topic that an item was put into.")

    @field_validator("topics")
    @classmethod
    def _at_least_one(cls, value: list[str]) -> list[str]:
        if not value:
            raise wrong("There is no topic here.", "Name one or more, for example [diplomacy].")
        return value


class Withdrawal(Named):
    """An item that is taken out everywhere, for good."""

    reason: types.Text = Field(description="Why; readers see it in place of the item.")
    silent: types.Flag = Field(
        description="Whether no emptied entry tells of it, a tombstone (RFC 6721) alone.", default=False
    )


class Hold(Named):
    """An item that is not published until these lines are taken out."""

    reason: types.Text = Field(description="Why; nobody but the desk sees it.")


class Pin(Named):
    """An item that stands first in a topic for a time."""

    topic: types.KnownTopic = Field(description="The topic in which it comes first.", default="")
    topics: list[types.KnownTopic] = Field(description="The same for several topics.", default=[])
    until: types.Until = Field(description="The last day, or the moment when it ends.")
    reason: types.Text = Field(description="Why; nobody but the desk sees it.", default="")

    @model_validator(mode="after")
    def _at_least_one(self) -> "Pin":
        if not (self.topic or self.topics):
            raise wrong("There is no topic here.", "Add `topic:`.")
        return self


_MAY_BE_EMPTY: dict[str, Any] = {"type": ["array", "null"]}


def _list(description: str) -> Any:
    return Field(description=description, default=[], json_schema_extra=_MAY_BE_EMPTY)


class DeskFile(Section):
    """desk.yaml as a whole."""

    add: list[Placement] = _list("Items that belong to topics, whatever the rules say.")
    remove: list[Placement] = _list("Items that do not belong to topics.")
    withdraw: list[Withdrawal] = _list("Items that are taken out everywhere, and not taken in again.")
    hold: list[Hold] = _list("Items that are not published yet.")
    pin: list[Pin] = _list("Items that come first in a topic for a time.")

    @field_validator("add", "remove", "withdraw", "hold", "pin", mode="before")
    @classmethod
    def _may_be_empty(cls, value: Any) -> Any:
        return [] if value is None else value


@dataclass(frozen=True, slots=True)
class Decided:
    """All that a valid desk.yaml says."""

    decisions: tuple[model.Decision, ...] = ()
    rulings: model.Rulings = field(default_factory=model.Rulings)


def examine(
    text: str, file: str, topics: Mapping[str, str] | None, timezone: str = "UTC"
) -> tuple[YamlFile, Decided]:
    """The document, with all that is wrong with it, and what was decided in it, nothing where anything is.

    `topics` are the ids that may stand in it, each with the topic's id of today; None if nobody knows. Days
    end by the `timezone`, a name of the IANA database.
    """
    document = read(text, file, may_be_empty=True)
    if not document.readable:
        return document, Decided()
    _refuse_repetitions(document, topics or {})
    try:
        known = None if topics is None else FileContext({}, frozenset(topics))
        found = DeskFile.model_validate(document.root.plain, context=known)
    except ValidationError as error:
        report_all(document, error, DeskFile)
        return document, Decided()
    if document.problems:
        return document, Decided()
    return document, Decided(
        tuple(_decisions(found, topics or {})), _rulings(found, topics or {}, ZoneInfo(timezone))
    )


def _refuse_repetitions(document: YamlFile, topics: Mapping[str, str]) -> None:
    """One item, with one topic where topics are named, stands once in the lists that are alike."""
    for names in _ALIKE:
        first: dict[tuple[str, str], tuple[str, Node]] = {}
        for name in names:
            for path, item, topic, node in _pairs(document.root, name):
                key = canonical(item) or item, topics.get(topic, topic)
                before, place = first.setdefault(key, (name, node))
                if place is not node:
                    same = "item and topic are" if topic else "item is"
                    message = f"The same {same} under `{before}` in line {place.line}."
                    document.report(node.line, node.column, path, message, "Delete one of the two.")


def _pairs(root: Node, name: str) -> Iterator[tuple[str, str, str, Node]]:
    """Every item of a list with each of its topics, "" in a list of items alone, and where that stands."""
    entries = root.children[name].children.values() if name in root.children else ()
    for number, entry in enumerate(entries, 1):
        item = entry.children["item"].text.strip() if "item" in entry.children else ""
        if name in ("withdraw", "hold"):
            named = [("item", "", entry.children["item"])] if item else []
        else:
            named = [("topics", topic, node) for topic, node in texts(entry, "topics")]
            one = entry.children.get("topic")
            named += [("topic", one.text.strip(), one)] if one is not None and one.text else []
        for key, topic, node in named if item else ():
            yield f"{name}, entry {number}.{key}", item, topic, node


def _decisions(found: DeskFile, topics: Mapping[str, str]) -> Iterator[model.Decision]:
    for belongs, placements in ((True, found.add), (False, found.remove)):
        for one in placements:
            for topic in dict.fromkeys(one.topics):
                yield model.Decision(one.item, topics.get(topic, topic), belongs, one.reason)


def _rulings(found: DeskFile, topics: Mapping[str, str], zone: ZoneInfo) -> model.Rulings:
    return model.Rulings(
        tuple(model.Withdrawal(one.item, one.reason, one.silent) for one in found.withdraw),
        tuple(model.Hold(one.item, one.reason) for one in found.hold),
        tuple(
            model.Pin(one.item, topics.get(topic, topic), _at(one.until, zone), one.reason)
            for one in found.pin
            for topic in dict.fromkeys([*filter(None, [one.topic]), *one.topics])
        ),
    )


def _at(until: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC; the last that there is where the calendar ends."""
    local = until if until.tzinfo else until.replace(tzinfo=zone)
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
