"""The desk's rulings from the command line: written into desk.yaml, then put in force at once."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aggregator import config, files
from aggregator.errors import AggregatorError, InputError
from aggregator.model import Config, Entry, Published, Rulings
from aggregator.service import configuration
from aggregator.service.application import open_application
from aggregator.service.configuration import Content
from aggregator.service.inspection import chosen, opened_store
from aggregator.service.settings import Settings, now
from aggregator.text.urls import canonical

_FEW = 10  # names in a message


@dataclass(frozen=True, slots=True)
class NamedItem:
    """What the desk speaks of: how desk.yaml names it, and its entry where there is one."""

    item: str
    entry: Entry | None = None

    @property
    def names(self) -> frozenset[str]:
        """All that may stand for it in a list."""
        urls = (self.item, *((self.entry.item.url,) if self.entry else ()))
        known = {*urls, *map(canonical, urls), *((self.entry.id,) if self.entry else ())}
        return frozenset(known - {""})

    @property
    def feeds(self) -> tuple[str, ...]:
        """The feeds that show the entry, or would."""
        if self.entry is None:
            return ()
        sources = (self.entry.item.source, *(copy.source for copy in self.entry.copies))
        topics = (tag.topic for tag in self.entry.tags)
        return tuple(dict.fromkeys(("all", *topics, *(f"sources/{source}" for source in sources))))


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a command decided, and what was published for it; None where it only said what it would do."""

    named: NamedItem
    feeds: tuple[str, ...]
    published: tuple[Published, ...] | None = None
    before: Mapping[str, str] | None = None  # what was decided of it before, as far as that was otherwise
    note: str = ""  # what stands in the way of its effect


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to one list of desk.yaml: an entry more where `said` has one, else entries less."""

    list: str
    said: Mapping[str, str] | None = None
    topic: str = ""  # of the pins to end; "" for those in any topic


async def rule(settings: Settings, text: str, edit: Edit, *, dry: bool) -> Ruled:
    """Decide about the item of that id, address or title; `dry` only says what would happen.

    Raises InputError, and does nothing, where no item or several are meant, or desk.yaml would be invalid.
    """
    before, sources = config.desk_text(settings.desk), _usable(settings)
    cfg = _with_desk(settings, sources, before)
    edit = _renamed(cfg, edit)
    named = _meant(settings, text, before, edit)
    after, known = _edited(settings, before, named, edit)
    ruled = _with_desk(settings, sources, after)
    _check(settings, cfg, ruled, edit.list)
    feeds = tuple(feed for feed in _concerned(named, edit) if _is_published(cfg, feed))
    done = Ruled(named, feeds, before=known, note=_without_effect(settings, cfg, ruled, named, edit))
    if dry:
        return done
    if after != before:
        files.replace(settings.desk, before.encode("utf-8"), after.encode("utf-8"))
    try:
        return replace(done, published=await _put_in_force(settings, ruled))
    except AggregatorError as error:
        raise AggregatorError(
            f"{settings.desk} says so now, but it has no effect yet; `aggregator run` or `publish` carries "
            f"it out as soon as the store can be written: {error}"
        ) from error


def _renamed(cfg: Config, edit: Edit) -> Edit:
    """The edit with the id that its topic has today."""
    now = {was: topic.id for topic in cfg.topics for was in topic.was}
    if edit.said is not None and edit.said.get("topic") in now:
        return replace(edit, said={**edit.said, "topic": now[edit.said["topic"]]})
    return replace(edit, topic=now.get(edit.topic, edit.topic))


def _without_effect(settings: Settings, before: Config, after: Config, named: NamedItem, edit: Edit) -> str:
    """Why what is decided shows nothing yet; InputError where it never would."""
    entry, gone = named.entry, {one.item for one in before.rulings.withdrawn}
    if edit.said is None or edit.list == "withdraw":
        return ""
    if entry is None and {named.item, canonical(named.item)} & (gone | {canonical(one) for one in gone}):
        raise InputError(f"{named.item} is withdrawn; `aggregator withdraw … --undo` lets it come again")
    if edit.list != "pin" or entry is None:
        return ""
    topic, there = edit.said["topic"], [tag.topic for tag in entry.tags]
    if topic not in there:
        raise InputError(
            f"“{entry.item.title}” is not in {topic}, so a pin there does nothing (it is in: "
            f"{', '.join(there) or 'no topic'}); put it there first, under `add` in {settings.desk}"
        )
    pins = [one for one in after.rulings.pinned if one.topic == topic]
    ends = [one.until for one in pins if {one.item, canonical(one.item)} & named.names]
    if ends and max(ends) <= now():
        until = edit.said["until"]
        raise InputError(f"{until} is over, so a pin until then does nothing; name a later time with --until")
    return "it is held back, so this shows once it is released" if entry.held else ""


async def _put_in_force(settings: Settings, cfg: Config) -> tuple[Published, ...]:
    """What a running program does within two seconds is done here; without a store there is nothing to do."""
    if not settings.database.exists():
        return ()
    async with open_application(settings, cfg, lambda event: None) as app:
        await app.pipeline.publisher.catch_up()
        return await app.pipeline.publisher.publish()


# ── which item ──────────────────────────────────────────────────────────────────────────────────


def _meant(settings: Settings, text: str, desk: str, edit: Edit) -> NamedItem:
    """The item that is meant; one that is not stored yet may be withdrawn or held by its full name."""
    entry = _stored(settings, text)
    if edit.said is None:
        return NamedItem(_written(settings, text, entry, desk, edit), entry)
    if entry is not None:
        return NamedItem(_name(settings, text, entry), entry)
    if edit.list == "pin" or not config.names_an_item(text):
        there = f"{settings.database}" if settings.database.exists() else "the store, which is still empty"
        raise InputError(
            f"there is no item {text!r} in {there}; name its id, its address or words of its title"
        )
    return NamedItem(text)


def _stored(settings: Settings, text: str) -> Entry | None:
    if not settings.database.exists():
        return None
    with opened_store(settings) as store:
        entries = store.find(text)
    entry = chosen(entries, text)
    if entries and entry is None and not _share(entries, text):
        raise InputError(_choices(text, entries))
    return entry


def _share(entries: Sequence[Entry], text: str) -> bool:
    """Whether it is by one address that several entries are named: then all of them are meant."""
    url = canonical(text)
    return bool(url) and all(canonical(entry.item.url) == url for entry in entries)


def _choices(text: str, entries: Sequence[Entry]) -> str:
    lines = [f"{len(entries)} items have “{text}” in their title or address; name one by its id:"]
    lines += [f"  {one.id}\n      {one.item.title} ({one.item.source})" for one in entries[:_FEW]]
    return "\n".join(lines)


def _name(settings: Settings, text: str, entry: Entry) -> str:
    """As it was typed if that was an id or address; else its address, or its id where others share that."""
    if text == entry.id or (canonical(text) and canonical(text) == canonical(entry.item.url)):
        return text
    with opened_store(settings) as store:
        is_alone = bool(entry.item.url) and store.find(entry.item.url) == (entry,)
    return entry.item.url if is_alone else entry.id


def _written(settings: Settings, text: str, entry: Entry | None, desk: str, edit: Edit) -> str:
    """How the list names what is meant."""
    names = NamedItem(text, entry).names
    there = [str(one["item"]) for one in config.entries_of(desk, str(settings.desk), edit.list)]
    found = [item for item in there if {item, canonical(item)} & names]
    if not found:
        some = f"it lists: {', '.join(there[:_FEW])}" if there else "the list is empty"
        raise InputError(f"{text!r} is not under `{edit.list}` in {settings.desk}; {some}")
    return found[0]


# ── the file ────────────────────────────────────────────────────────────────────────────────────


def _edited(
    settings: Settings, before: str, named: NamedItem, edit: Edit
) -> tuple[str, Mapping[str, str] | None]:
    """The text with the decision in it, and what an entry said of it that was there already."""
    file = str(settings.desk)
    entries = config.entries_of(before, file, edit.list)
    if edit.said is None:
        return _taken_out(before, file, entries, named.item, edit), None
    for number, one in enumerate(entries):
        if {str(one["item"]), canonical(str(one["item"]))} & named.names and _is_of(
            one, edit.said.get("topic", ""), file
        ):
            said = {key: value for key, value in edit.said.items() if key != "topic"}
            other = {key: str(one.get(key, "")) for key, value in said.items() if one.get(key) != value}
            return config.with_changed_entry(before, file, edit.list, number, said), other
    return config.with_entry(before, file, edit.list, {"item": named.item, **edit.said}), None


def _taken_out(before: str, file: str, entries: Sequence[Mapping[str, Any]], item: str, edit: Edit) -> str:
    numbers = [n for n, one in enumerate(entries) if one["item"] == item and _is_of(one, edit.topic, file)]
    if not numbers:
        raise InputError(f"{item} is not pinned in {edit.topic}; {file} says where it is.")
    after = before
    for number in reversed(numbers):
        after = config.without_entry(after, file, edit.list, number)
    return after


def _is_of(entry: Mapping[str, Any], topic: str, file: str) -> bool:
    """Whether an entry is about that topic, any if it is ""; one about several is left to the operator."""
    topics = [one for one in (entry.get("topic"), *(entry.get("topics") or ())) if one]
    if topic in topics and len(topics) > 1:
        raise InputError(f"{entry['item']} is pinned in {', '.join(topics)} at once; edit {file} by hand.")
    return not topic or topic in topics


def _usable(settings: Settings) -> Content:
    """What sources.yaml says; while it is broken, what it said when last in force, with a warning."""
    found = configuration.without_desk(settings)
    configuration.warn(found)
    return found.used.sources


def _with_desk(settings: Settings, sources: Content, desk: str) -> Config:
    """The configuration with that text of desk.yaml; ConfigError with every problem of it."""
    return config.load_text(
        sources.read(), os.environ, sources.name, examples=False, desk=desk, desk_name=str(settings.desk)
    )


def _check(settings: Settings, before: Config, after: Config, list: str) -> None:
    """Nothing may have changed but the one list."""
    if replace(after, rulings=_without(after.rulings, list)) != replace(
        before, rulings=_without(before.rulings, list)
    ):
        raise InputError(f"{settings.desk} is written in a way that cannot be edited for you; do it by hand.")


def _without(rulings: Rulings, list: str) -> Rulings:
    emptied: dict[str, Callable[[Rulings], Rulings]] = {
        "withdraw": lambda one: replace(one, withdrawn=()),
        "hold": lambda one: replace(one, held=()),
        "pin": lambda one: replace(one, pinned=()),
    }
    return emptied[list](rulings)


def _concerned(named: NamedItem, edit: Edit) -> tuple[str, ...]:
    if edit.list != "pin":
        return named.feeds
    topic = edit.said["topic"] if edit.said else edit.topic
    return (topic,) if topic else tuple(tag.topic for tag in (named.entry.tags if named.entry else ()))


def _is_published(cfg: Config, feed: str) -> bool:
    if feed.startswith("sources/"):
        return feed.removeprefix("sources/") in cfg.by_id
    return feed == "all" or any(topic.id == feed for topic in cfg.topics)
