"""A store in memory that finds everything by looking at everything."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator import polling
from aggregator.errors import AggregatorError
from aggregator.feeds.renames import resolve
from aggregator.items import dates as item_dates
from aggregator.items import sameness
from aggregator.items.agreement import agree
from aggregator.items.dates import Dates
from aggregator.items.stories import (
    address_marks,
    article_keys,
    folded,
    id_mark,
    marks,
    named_marks,
    names,
    published_ids,
)
from aggregator.model import (
    Change,
    Claim,
    Copy,
    Decision,
    Deleted,
    Entry,
    EntryVersion,
    Found,
    Item,
    Pin,
    PollLogLine,
    PollResult,
    Quarantined,
    Retagged,
    Rulings,
    Selection,
    Source,
    SourceState,
    StaleFeed,
    Stored,
    Tag,
    Tagged,
    Withdrawal,
    Withdrawn,
)
from aggregator.polling import answers
from aggregator.query import Query
from aggregator.store import Recorded
from aggregator.text.urls import canonical
from aggregator.topics.evidence import read
from aggregator.topics.tagging import decided, renamed_item
from tests.fakes.archives import MemoryArchives, Place, unannounced
from tests.fakes.naming import MemoryNames

FOUND = 50


@dataclass
class _Subscription:
    feed: str
    memory: SourceState
    priority: int = 0
    configured: bool = True
    generation: int = 0
    lease_until: datetime | None = None


@dataclass
class _Stored:
    tagged: Tagged
    dates: Dates
    number: int

    @property
    def place(self) -> tuple[str, str]:
        return self.tagged.item.source, self.tagged.item.key


@dataclass
class _Story:
    id: str
    number: int  # in the order of arrival
    revision: int  # of the feed of everything, with which it came
    members: list[_Stored] = field(default_factory=list)  # the lead first
    places: dict[str, Place] = field(default_factory=dict)  # by feed
    decisions: list[Decision] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # by which the desk's holds and pins found it
    held: bool = False
    pins: list[Pin] = field(default_factory=list)

    def feeds(self) -> dict[str, _Stored]:
        """Every feed that shows the story, with the member that brings it there."""
        feeds: dict[str, _Stored] = {}
        if self.held:
            return feeds
        for member in self.members:
            for feed in ("all", f"sources/{member.tagged.item.source}"):
                feeds.setdefault(feed, member)
            for tag in member.tagged.tags:
                feeds.setdefault(tag.topic, member)
        for one in self.decisions:
            if one.belongs:
                feeds.setdefault(one.topic, self.members[0])
            else:
                feeds.pop(one.topic, None)
        return feeds

    def settle(
        self, now: datetime, *, corrected: "_Stored | None" = None, backfill: bool = False
    ) -> set[str]:
        """Bring its places up to date; the feeds that show it, before or after."""
        before, self.places = self.places, {}
        known = before.get("all")
        for feed, member in self.feeds().items():
            published = min(member.dates.published, member.dates.listed)
            late = unannounced(published, known.changed if known else published, now)
            place = before.get(feed) or (late if backfill else Place(member.dates.listed, now))
            shown = member if feed.startswith("sources/") else self.members[0]
            self.places[feed] = place.corrected(now) if corrected is shown else place
        for feed in before.keys() - self.places.keys():
            before[feed].touch()
        return {*before, *self.places}

    def is_of_the_desk(self, topic: str) -> bool:
        """Whether the desk said anything of it, and an item has the topic by the rules."""
        tags = (tag.topic for member in self.members for tag in member.tagged.tags)
        return bool(self.decisions or self.names) and topic in tags

    def touch(self) -> None:
        """Have the parts of archives that hold it printed anew."""
        for place in self.places.values():
            place.touch()

    def has(self, source: str) -> bool:
        return any(member.tagged.item.source == source for member in self.members)

    def entry(self, feed: str) -> Entry:
        place = self.places.get(feed) or Place(self.members[0].dates.listed, self.members[0].dates.arrived)
        lead, *others = sorted(
            self.members, key=lambda member: f"sources/{member.tagged.item.source}" != feed
        )
        tags: dict[str, Tag] = {}
        for member in self.members:
            for tag in member.tagged.tags:
                tags.setdefault(tag.topic, replace(tag, earlier=""))
        items = [other.tagged.item for other in others]
        return Entry(
            id=self.id,
            item=lead.tagged.item,
            published=lead.dates.published,
            updated=lead.dates.updated,
            listed=place.listed,
            arrived=lead.dates.arrived,
            tags=decided(tags.values(), self.decisions),
            copies=tuple(Copy(item.source, item.head.title or item.source, item.url) for item in items),
            changed=place.changed,
            held=self.held,
        )

    def pinned(self, topic: str, now: datetime) -> datetime | None:
        return max((one.until for one in self.pins if one.topic == topic and one.until > now), default=None)


@dataclass
class _Retraction:
    told: Withdrawn
    ruling: str  # "" where the outlet took it back
    place: tuple[str, str]  # source and key, where the outlet took it back


class MemoryStore(MemoryArchives, MemoryNames):
    """`store.Store` without a disk, for one thread; the contract tests hold it to what SqliteStore does."""

    def __init__(self) -> None:
        MemoryArchives.__init__(self)
        MemoryNames.__init__(self)
        self._namespace = ""
        self._sources: dict[str, _Subscription] = {}
        self._items: dict[tuple[str, str], tuple[_Stored, _Story]] = {}
        self._stories: dict[str, _Story] = {}  # by published id
        self._articles: dict[str, list[_Story]] = {}
        self._quarantine: dict[str, Quarantined] = {}  # by entry
        self._polls: list[tuple[str, PollLogLine]] = []
        self._decisions: list[Decision] = []
        self._blocks: dict[str, datetime] = {}  # until when a host wants no requests
        self._numbers = 0  # of items, ever
        self._rulings = Rulings()
        self._retractions: list[_Retraction] = []
        self._barred: dict[str, set[str]] = {}  # by mark, the rulings; "" for what may come again
        self._carriers: dict[str, set[str]] = {}  # by ruling, the sources
        self._deletions: dict[tuple[str, str], datetime] = {}

    def close(self) -> None:
        """Nothing to let go of."""

    def _every_story(self) -> Iterable[_Story]:
        return self._stories.values()

    def namespace(self, candidate: str = "") -> str:
        self._namespace = self._namespace or candidate
        if not self._namespace:
            raise AggregatorError("there is no namespace yet")
        return self._namespace

    # ── sources ─────────────────────────────────────────────────────────────────────────────────

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        self._take_over_sources(sources, now)
        wanted = {source.id: source.feed for source in sources}
        for id, feed in wanted.items():
            known = self._sources.get(id)
            if known is None:
                self._sources[id] = _Subscription(feed, self._heeding(answers.added(feed, now), now))
            elif known.feed != feed:
                fresh = answers.readdressed(known.memory, feed, now)
                known.feed, known.memory = feed, self._heeding(fresh, now)
                self._fence_off(known)
        for id, known in self._sources.items():
            if known.configured != (id in wanted):
                known.configured = id in wanted
                self._fence_off(known)
        for source in sources:
            self._sources[source.id].priority = source.priority
        self._set_back(now)

    def _take_over_sources(self, sources: Sequence[Source], now: datetime) -> None:
        configured = {f"sources/{source.id}" for source in sources}
        stated = {f"sources/{old}": f"sources/{one.id}" for one in sources for old in one.was}
        known = {one: name for one, name in self._renames.items() if one.startswith("sources/")}
        alive = {f"sources/{id}" for id in self._sources} - known.keys()
        for earlier, name in resolve(configured, stated, known, alive).items():
            if known.get(earlier) != name:
                self._remember(earlier, name)
                if earlier.removeprefix("sources/") in self._sources:
                    self._move(earlier, name, now)
        for name in configured:
            self._renames.pop(name, None)

    def _move(self, before: str, name: str, now: datetime) -> None:
        """Let a source stand for an earlier one, with all its items."""
        earlier, id = before.removeprefix("sources/"), name.removeprefix("sources/")
        known, here = self._sources.pop(earlier), self._sources.get(id)
        self._take_over(before, name, now, is_new=here is None)
        if here is None or here.memory.good is None:
            self._sources[id] = here = known
        here.configured = False
        self._fence_off(here)
        moved = [place for place in self._items if place[0] == earlier]
        touched = {feed for _, key in moved for feed in self._give_way(id, key)}
        stories = []
        for place in moved:
            stored, story = self._items.pop(place)
            stored.tagged = replace(stored.tagged, item=replace(stored.tagged.item, source=id))
            self._items[id, place[1]] = stored, story
            stories.append(story)
        if any(before in story.places for story in stories):
            self._rename_parts(before, name)
        for story in stories:
            if before in story.places:
                story.places[name] = story.places[before].renamed(name, story.places.get(name))
                story.places[before] = replace(story.places[before], parts=[])
            touched |= story.settle(now, backfill=True)
        touched.discard(before)
        self._polls = [(id if source == earlier else source, logged) for source, logged in self._polls]
        self._deletions = {
            (id if source == earlier else source, key): at for (source, key), at in self._deletions.items()
        }
        for sources in self._carriers.values():
            if earlier in sources:
                sources.remove(earlier)
                sources.add(id)
        for one in self._retractions:
            if before in one.told.feeds:
                names = {name if feed == before else feed for feed in one.told.feeds}
                one.told = replace(one.told, feeds=tuple(sorted(names)))
                touched.add(name)
        self.mark(touched, now)

    def _give_way(self, source: str, key: str) -> set[str]:
        """Drop what a source brought itself, where the same comes to it."""
        if (source, key) not in self._items:
            return set()
        stored, story = self._items.pop((source, key))
        story.members.remove(stored)
        if not story.members:
            del self._stories[story.id]
            self._forget_articles(story)
            for feed in story.places:
                story.places[feed].touch()
        return set(story.places)

    def move_source(self, earlier: str, source: str, now: datetime) -> int:
        return 0

    def _first_known(self, item: Item) -> Item:
        first = self._identities.get(f"sources/{item.source}", f"sources/{item.source}")
        return replace(item, source=first.removeprefix("sources/"))

    def _set_back(self, now: datetime) -> None:
        for known in self._sources.values():
            if known.lease_until and known.lease_until > now + timedelta(days=1):
                self._fence_off(known)
        known_here = (known for known in self._sources.values() if known.configured)
        ahead = [known for known in known_here if polling.is_ahead(known.memory, now)]
        for one in ahead:
            until, polled = self._blocks.get(polling.host(one.memory.url)), one.memory.polled
            if until and polled and until > polled > now:
                self._blocks[polling.host(one.memory.url)] = until - (polled - now)
        limit = now + polling.MONTH + polling.LATE
        self._blocks = {host: until for host, until in self._blocks.items() if until <= limit}
        ahead.sort(key=lambda known: (known.memory.next_poll or now, known.feed))
        for known, state in zip(ahead, polling.set_back([one.memory for one in ahead], now), strict=True):
            known.memory = state
            self._fence_off(known)

    def _fence_off(self, known: _Subscription) -> None:
        known.generation += 1
        known.lease_until = None

    def memory(self, source: str) -> SourceState | None:
        known = self._sources.get(source)
        return known.memory if known else None

    def sources(self, after: str = "", limit: int | None = None) -> tuple[tuple[str, SourceState], ...]:
        known = [
            (id, one.memory) for id, one in sorted(self._sources.items()) if one.configured and id > after
        ]
        return tuple(known[:limit])

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        limit: int,
        only: Sequence[str] | None = None,
        *,
        overtake: bool = True,
    ) -> tuple[Claim, ...]:
        named = set(only or ())
        chosen = [id for id in self._sources if (self._is_due(id, now) if only is None else id in named)]
        chosen = [id for id in chosen if self._sources[id].configured]
        chosen = [id for id in chosen if overtake or not self._is_leased(id, now)]
        never = now.max.replace(tzinfo=now.tzinfo)
        chosen.sort(key=lambda id: (self._sources[id].memory.next_poll or never, id))
        for id in chosen[:limit]:
            self._sources[id].generation += 1
            self._sources[id].lease_until = now + lease
        return tuple(
            Claim(id, self._sources[id].generation, self._sources[id].memory) for id in chosen[:limit]
        )

    def _is_leased(self, id: str, now: datetime) -> bool:
        until = self._sources[id].lease_until
        return until is not None and until > now

    def _is_due(self, id: str, now: datetime) -> bool:
        due = self._claimable(self._sources[id])
        return due is not None and due <= now

    def _claimable(self, known: _Subscription) -> datetime | None:
        due = known.memory.next_poll
        if due is None or not known.configured:
            return None
        return max(due, known.lease_until) if known.lease_until else due

    def put_off(self, now: datetime) -> int:
        late = [known for id, known in self._sources.items() if self._is_due(id, now - polling.LATE)]
        late.sort(key=lambda known: (known.memory.next_poll or now, known.feed))
        states = polling.put_off([one.memory for one in late], now)
        changed = [(known, state) for known, state in zip(late, states, strict=True) if state != known.memory]
        for known, state in changed:
            known.memory = state
        return len(changed)

    def release(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            if self._is_current(claim):
                self._sources[claim.source].lease_until = None

    def _is_current(self, claim: Claim) -> bool:
        known = self._sources.get(claim.source)
        return known is not None and (known.generation, bool(known.lease_until)) == (claim.generation, True)

    def next_due(self) -> datetime | None:
        return min(filter(None, map(self._claimable, self._sources.values())), default=None)

    # ── polls ───────────────────────────────────────────────────────────────────────────────────

    def record(self, poll: PollResult) -> Change | None:
        if not self._is_current(poll.claim):
            return None
        known = self._sources[poll.claim.source]
        known.memory, known.lease_until = self._heeding(poll.memory, poll.at), None
        self._block(poll)
        incoming: dict[tuple[str, str], Tagged] = {}
        for tagged in poll.tagged:
            incoming.setdefault((poll.claim.source, tagged.item.key), tagged)
        touched = self._heed(poll, incoming)
        fresh, returning = self._admitted(
            [tagged for place, tagged in incoming.items() if place not in self._items], touched
        )
        corrected = [
            (*self._items[place], tagged)
            for place, tagged in incoming.items()
            if place in self._items and _is_corrected(poll, self._items[place][0], tagged)
        ]
        previous_good = None if poll.backfill else poll.claim.memory.good
        dates = item_dates.arrivals([tagged.item for tagged in fresh], poll.at, previous_good)
        self._claims = set[tuple[str, str]]()
        arrived = [self._arrive(tagged, when) for tagged, when in zip(fresh, dates, strict=True)]
        for stored, _ in arrived:
            if stored.tagged.item.key in returning:
                stored.dates = item_dates.returned(stored.dates, poll.at)
        for one in corrected:
            self._correct(*one, poll.at)
        parted = self._part([stored for stored, _, _ in corrected])
        left = [tagged.item.title for stored, _, tagged in corrected if stored in parted]
        for decision in self._decisions:
            self._recognise(decision)
        touched |= self._recognise_rulings(poll.at)
        touched |= {feed for _, story in arrived for feed in self._settle(story, poll)}
        for stored, story, _ in corrected:
            touched |= self._settle(story, poll, corrected=stored)
        for stored in parted:
            touched |= self._settle(self._items[stored.place][1], poll, corrected=stored)
        self.mark(touched, poll.at)
        published = tuple(stored.dates.published for stored, _ in arrived)
        line = answers.logged(poll, published, len(corrected))
        notes = answers.claimed(
            [one.item.title for one in fresh if (one.item.source, one.item.key) in self._claims], left
        )
        self._polls.append((poll.claim.source, replace(line, notes=(*line.notes, *notes))))
        return Change(len(arrived), len(corrected), frozenset(touched))

    def record_all(self, polls: Sequence[PollResult]) -> tuple[Recorded, ...]:
        return tuple(map(self._attempt, polls))

    def _attempt(self, poll: PollResult) -> Recorded:
        try:
            return self.record(poll)
        except Exception as error:
            return error

    def _block(self, poll: PollResult) -> None:
        host, until = polling.blocked_host(poll.failure, now=poll.at) or ("", poll.at)
        self._blocks[host] = max(until, self._blocks.get(host, until))
        for known in self._sources.values():
            if polling.host(known.memory.url) == host:
                known.memory = self._heeding(known.memory, poll.at)

    def _heeding(self, memory: SourceState, now: datetime) -> SourceState:
        until = self._blocks.get(polling.host(memory.url))
        return polling.held_off(memory, until) if until and until > now else memory

    def _arrive(self, tagged: Tagged, dates: Dates) -> tuple[_Stored, _Story]:
        item = tagged.item
        self._numbers += 1
        stored = _Stored(tagged, dates, self._numbers)
        story = self._same_article(tagged) or self._new_story(tagged)
        story.members.insert(0 if self._leads(item.source, story) else len(story.members), stored)
        self._nominate(story, tagged)
        self._items[item.source, item.key] = stored, story
        return stored, story

    def _leads(self, source: str, story: _Story) -> bool:
        """Whether an item of that source comes before those that a story has."""
        everything = self._feeds.get("all")
        if not story.members or (everything and everything.published_revision >= story.revision):
            return False
        lead = self._sources.get(story.members[0].tagged.item.source)
        return self._sources[source].priority > (lead.priority if lead else 0)

    def _same_article(self, tagged: Tagged) -> _Story | None:
        item = tagged.item
        keys = article_keys(item, names(item))
        stories = [one for key in keys for one in self._articles.get(key, [])[:10]]
        alike = [one for one in stories if not one.has(item.source)]
        joined = [one for one in alike if agree(item, one.members[0].tagged.item)]
        taken = self._stories.get(item.id)
        if not joined and (alike or (taken and not taken.has(item.source))):
            self._claims.add((item.source, item.key))
        return min(joined, key=_number, default=None)

    def _part(self, changed: Sequence[_Stored]) -> list[_Stored]:
        """Let every copy whose text no longer agrees with its lead's go on by itself."""
        parted = []
        stories = {id(story): story for one in changed for story in [self._items[one.place][1]]}
        for story in sorted(stories.values(), key=_number):
            lead, *others = story.members
            for one in sorted(others, key=lambda other: other.number):
                if not any(other in (lead, one) for other in changed):
                    continue
                if agree(one.tagged.item, lead.tagged.item, joined=True):
                    continue
                other = self._same_article(one.tagged) or self._new_story(one.tagged)
                story.members.remove(one)
                other.members.append(one)
                self._nominate(other, one.tagged)
                self._items[one.place] = one, other
                parted.append(one)
        return parted

    def _new_story(self, tagged: Tagged) -> _Story:
        ids = published_ids(self._first_known(tagged.item), self._namespace)
        everything = self._feeds.get("all")
        revision = everything.revision + 1 if everything else 1
        story = _Story(next(id for id in ids if id not in self._stories), len(self._stories), revision)
        self._stories[story.id] = story
        return story

    def _nominate(self, story: _Story, tagged: Tagged) -> None:
        for key in article_keys(tagged.item, names(tagged.item)):
            known = self._articles.setdefault(key, [])
            if not any(one is story for one in known):
                known.append(story)
                known.sort(key=_number)

    def _forget_articles(self, story: _Story) -> None:
        for known in self._articles.values():
            known[:] = [one for one in known if one is not story]

    def _correct(self, stored: _Stored, story: _Story, tagged: Tagged, now: datetime) -> None:
        stored.dates = item_dates.correct(tagged.item, stored.dates, now)
        stored.tagged = tagged
        self._nominate(story, tagged)

    def _settle(self, story: _Story, poll: PollResult, *, corrected: _Stored | None = None) -> set[str]:
        if story.id not in self._stories:
            return set()
        return story.settle(poll.at, corrected=corrected, backfill=poll.backfill)

    def polls(self, source: str, limit: int) -> tuple[PollLogLine, ...]:
        return tuple(entry for id, entry in reversed(self._polls) if id == source)[:limit]

    def forget_polls(self, keep: int, limit: int) -> bool:
        surplus = max(0, len(self._polls) - keep)
        del self._polls[: min(limit, surplus)]
        return surplus > limit

    # ── entries ─────────────────────────────────────────────────────────────────────────────────

    def entries(self, selection: Selection) -> tuple[Entry, ...]:
        feed = selection.topic or (f"sources/{selection.source}" if selection.source else "all")
        shown = _in_order(story.entry(feed) for story in self._stories.values() if feed in story.places)
        count = min(selection.newest, selection.most)
        chosen, rest = shown[:count], shown[count:]
        if selection.window is not None:
            recent = [entry for entry in rest if entry.changed and entry.changed > selection.window]
            recent.sort(key=lambda entry: entry.changed or entry.arrived, reverse=True)
            chosen += recent[: selection.most - count]
        pins = self._pins(selection)
        first = [replace(one, pinned=pins[one.id]) for one in shown if one.id in pins]
        others = [one for one in chosen if one.id not in pins]
        return (*_in_order(first), *_in_order(others[: selection.most - len(first)]))

    def outline(self, feed: str, limit: int) -> tuple[EntryVersion, ...]:
        entries = self.stretch(feed, 0, limit)
        return tuple(EntryVersion(one.id, repr(replace(one, changed=None))) for one in entries)

    def stretch(self, feed: str, skip: int, limit: int) -> tuple[Entry, ...]:
        listed = [story.entry(feed) for story in self._stories.values() if feed in story.places]
        return tuple(_in_order(listed)[skip : skip + limit])

    def _pins(self, selection: Selection) -> dict[str, datetime]:
        now = selection.pinned
        if not (selection.topic and now):
            return {}
        found = ((story.id, story.pinned(selection.topic, now)) for story in self._stories.values())
        return {id: until for id, until in found if until}

    def find(self, text: str) -> tuple[Entry, ...]:
        url, title = canonical(text), folded(text)
        by_id = [self._stories[text]] if text in self._stories else []
        by_url = self._having(lambda tagged: bool(url) and canonical(tagged.item.url) == url)
        by_title = self._having(lambda tagged: bool(title) and title in folded(tagged.item.title))
        return tuple(_in_order(story.entry("all") for story in by_id or by_url or by_title))

    def search(
        self,
        query: Query,
        now: datetime,
        *,
        limit: int,
        most: int,
        spent: Callable[[], bool],
        held: bool = False,
    ) -> Found:
        found = []
        for story in self._stories.values():
            if story.held and not held:
                continue
            hits = [member.dates.listed for member in story.members if self._holds(query, story, member, now)]
            if hits:
                found.append(replace(story.entry("all"), listed=max(hits)))
        return Found(tuple(_in_order(found)[:limit]), True, len(self._items))

    def _holds(self, query: Query, story: _Story, member: _Stored, now: datetime) -> bool:
        tags = decided(member.tagged.tags, story.decisions)
        return query.holds(member.tagged.item, now, [tag.topic for tag in tags])

    def index(self, limit: int) -> int:
        return 0

    def _having(self, test: Callable[[Tagged], bool]) -> list[_Story]:
        found = {story.id: story for stored, story in self._items.values() if test(stored.tagged)}
        return sorted(found.values(), key=_number)[-FOUND:]

    def iter_items(self, after: int = 0, limit: int = 500) -> tuple[tuple[int, Tagged], ...]:
        numbered = [
            (stored.number, replace(stored.tagged, tags=decided(stored.tagged.tags, story.decisions)))
            for stored, story in self._items.values()
        ]
        return tuple(one for one in numbered if one[0] > after)[:limit]

    def latest_items(self, limit: int, before: int | None = None) -> tuple[tuple[int, Tagged], ...]:
        numbered = self.iter_items(limit=len(self._items))
        return tuple(one for one in reversed(numbered) if before is None or one[0] < before)[:limit]

    def story_items(self, id: str) -> tuple[Tagged, ...]:
        return tuple(stored.tagged for stored in self._stories[id].members) if id in self._stories else ()

    def counts(self) -> dict[str, int]:
        sources = sum(known.configured for known in self._sources.values())
        return {"sources": sources, "items": len(self._items), "stories": len(self._stories)}

    # ── tags ────────────────────────────────────────────────────────────────────────────────────

    def decide(self, decisions: Iterable[Decision], now: datetime) -> frozenset[str]:
        wanted = list(decisions)
        differs = {one.item for one in {*wanted} ^ {*self._decisions}}
        affected = self._decided_about(differs)
        for story in affected.values():
            story.decisions = [one for one in story.decisions if one in wanted or one.item not in differs]
        known = {one.item: self._decided_about({one.item}) for one in self._decisions}
        self._decisions = wanted
        for one in wanted:
            if one.item in differs:
                for story in known.get(one.item, {}).values():
                    self._add(story, one)
                self._recognise(one)
        affected |= self._decided_about(differs)
        touched = {feed for story in affected.values() for feed in story.settle(now, backfill=True)}
        self.mark(touched, now)
        return frozenset(touched)

    def _decided_about(self, items: set[str]) -> dict[str, _Story]:
        return {
            story.id: story
            for story in self._stories.values()
            if any(one.item in items for one in story.decisions)
        }

    def _recognise(self, decision: Decision) -> None:
        """Attach a decision to the story of that id, else to those of that address."""
        url = canonical(decision.item)
        by_id = self._stories.get(decision.item)
        by_url = [
            story
            for stored, story in self._items.values()
            if url and canonical(stored.tagged.item.url) == url
        ]
        for story in [by_id] if by_id else by_url:
            self._add(story, decision)

    def _add(self, story: _Story, decision: Decision) -> None:
        if decision not in story.decisions:
            story.decisions = sorted([*story.decisions, decision], key=lambda one: (one.item, one.topic))

    # ── what is withdrawn, held and pinned ──────────────────────────────────────────────────────

    def rule(self, rulings: Rulings, now: datetime) -> frozenset[str]:
        before, self._rulings = self._rulings, rulings
        touched = {one.topic for one in {*before.pinned} ^ {*rulings.pinned}}
        known = {one.item: one for one in before.withdrawn}
        for ruling in rulings.withdrawn:
            for retraction in self._retractions if ruling.item in known else ():
                if retraction.ruling == ruling.item and known[ruling.item] != ruling:
                    told = retraction.told
                    retraction.told = replace(told, reason=ruling.reason, silent=ruling.silent)
                    touched |= set(told.feeds)
            for mark in named_marks(ruling.item):
                self._barred.setdefault(mark, set()).add(ruling.item)
        touched |= self._recognise_rulings(now)
        for item in known.keys() - {one.item for one in rulings.withdrawn}:
            touched |= self._undo(item)
        self.mark(touched, now)
        return frozenset(touched)

    def _recognise_rulings(self, now: datetime) -> set[str]:
        """Withdraw, hold and pin the stories that rulings name, each by its id, else by its address."""
        touched: set[str] = set()
        for ruling in sorted(self._rulings.withdrawn, key=lambda one: one.item):
            stories = self._named(ruling.item)
            for story in stories:
                for member in story.members:
                    self._carriers.setdefault(ruling.item, set()).add(member.tagged.item.source)
                    for mark in (id_mark(story.id), *self._marks(member, stories)):
                        self._barred.setdefault(mark, set()).add(ruling.item)
            for story in stories:
                touched |= self._retract(story, ruling, now)
        said = {one.item for one in self._rulings.held} | {one.item for one in self._rulings.pinned}
        for story in self._stories.values():
            story.names &= said
        for item in said:
            for story in self._named(item):
                story.names.add(item)
        for story in self._stories.values():
            touched |= self._hold(story, now)
        return touched

    def _hold(self, story: _Story, now: datetime) -> set[str]:
        story.pins = [one for one in self._rulings.pinned if one.item in story.names]
        held = any(one.item in story.names for one in self._rulings.held)
        if held == story.held:
            return set()
        story.held = held
        for member in story.members if not held else ():
            if member.dates.listed < now - item_dates.LATE:
                member.dates = replace(member.dates, listed=now)
        return story.settle(now)

    def _named(self, item: str) -> list[_Story]:
        url = canonical(item)
        if item in self._stories:
            return [self._stories[item]]
        return self._having(lambda tagged: bool(url) and canonical(tagged.item.url) == url)

    def _marks(self, member: _Stored, stories: Sequence[_Story]) -> Iterable[str]:
        item = member.tagged.item
        url = canonical(item.url)
        same = self._having(lambda tagged: bool(url) and canonical(tagged.item.url) == url)
        unsure = address_marks(item.url) if any(one not in stories for one in same) else ()
        return [mark for mark in marks(self._first_known(item), self._namespace) if mark not in unsure]

    def _retract(
        self, story: _Story, ruling: Withdrawal, now: datetime, place: tuple[str, str] = ("", "")
    ) -> set[str]:
        at = max(now, *(member.dates.updated for member in story.members))
        feeds = tuple(sorted(story.places))
        told = Withdrawn(
            story.id,
            at,
            story.members[0].dates.published,
            "desk" if ruling.item else "outlet",
            ruling.reason,
            ruling.silent,
            feeds,
        )
        self._retractions.append(_Retraction(told, ruling.item, place))
        for member in story.members:
            del self._items[member.tagged.item.source, member.tagged.item.key]
        story.touch()
        del self._stories[story.id]
        self._forget_articles(story)
        return set(feeds)

    def _undo(self, item: str) -> set[str]:
        ended = [one for one in self._retractions if one.ruling == item]
        self._retractions = [one for one in self._retractions if one.ruling != item]
        for rulings in self._barred.values():
            if item in rulings:
                rulings.remove(item)
                rulings |= {""} if ended else set()
        for source in self._carriers.pop(item, ()):
            known = self._sources[source]
            known.memory = answers.unread(known.memory)
            self._fence_off(known)
        return {feed for one in ended for feed in one.told.feeds}

    def _heed(self, poll: PollResult, incoming: Mapping[tuple[str, str], Tagged]) -> set[str]:
        touched: set[str] = set()
        for one in poll.deleted:
            touched |= self._delete(one, (poll.claim.source, one.key), incoming, poll.at)
        return touched

    def _delete(
        self, one: Deleted, place: tuple[str, str], incoming: Mapping[tuple[str, str], Tagged], now: datetime
    ) -> set[str]:
        stored, story = self._items.get(place, (None, None))
        said = incoming.get(place) or (stored.tagged if stored else None)
        at = min(one.at, now)
        if said is None or item_dates.revives(said.item, at):
            return set()
        self._deletions[place] = max(at, self._deletions.get(place, at))
        if stored is None or story is None:
            return set()
        if story.members == [stored]:
            return self._retract(story, Withdrawal("", ""), now, place)
        before, lead = set(story.places), story.members[0]
        story.touch()
        story.members.remove(stored)
        del self._items[place]
        left = max(now, stored.dates.updated)
        if lead is stored:
            lead = story.members[0]
            lead.dates = replace(lead.dates, updated=max(left, lead.dates.updated))
        touched = story.settle(now, corrected=story.members[0])
        gone = tuple(sorted(before - set(story.places)))
        told = Withdrawn(story.id, left, stored.dates.published, "outlet", feeds=gone)
        self._retractions.append(_Retraction(told, "", place))
        return touched

    def _admitted(self, fresh: Sequence[Tagged], touched: set[str]) -> tuple[list[Tagged], set[str]]:
        """What of the new may come in, and the keys of what comes again; `touched` grows by who told."""
        admitted, returning = [], set[str]()
        for tagged in fresh:
            place = tagged.item.source, tagged.item.key
            if place in self._deletions:
                if not item_dates.revives(tagged.item, self._deletions[place]):
                    continue
                del self._deletions[place]
                returning.add(tagged.item.key)
                ended = [one for one in self._retractions if one.place == place]
                touched |= {feed for one in ended for feed in one.told.feeds}
                self._retractions = [one for one in self._retractions if one.place != place]
            marked = marks(self._first_known(tagged.item), self._namespace)
            rulings = {one for mark in marked for one in self._barred.get(mark, ())}
            for ruling in rulings - {""}:
                self._carriers.setdefault(ruling, set()).add(tagged.item.source)
            if rulings - {""}:
                continue
            if rulings:
                returning.add(tagged.item.key)
                for mark in marked:
                    self._barred.get(mark, set()).discard("")
            admitted.append(tagged)
        return admitted, returning

    def withdrawn(self, feed: str, since: datetime, most: int) -> tuple[Withdrawn, ...]:
        told = [one.told for one in self._retractions if one.told.at > since]
        if feed:
            here = {story.id for story in self._stories.values() if feed in story.places}
            told = [replace(one, feeds=(feed,)) for one in told if feed in one.feeds and one.id not in here]
        told.sort(key=lambda one: one.id)
        return tuple(sorted(told, key=lambda one: one.at, reverse=True)[:most])

    def erase(self) -> bool:
        return False

    def rename_topic(self, earlier: str, topic: str, now: datetime) -> int:
        self._rename_decisions(earlier, topic)
        chosen = [story for story in self._stories.values() if earlier in story.places]
        chosen = chosen or [story for story in self._stories.values() if story.is_of_the_desk(earlier)]
        touched: set[str] = set()
        if any(earlier in story.places for story in chosen):
            self._rename_parts(earlier, topic)
        for story in chosen:
            for member in story.members:
                if any(tag.topic == earlier for tag in member.tagged.tags):
                    tags, rules = renamed_item(member.tagged.tags, member.tagged.rules, {earlier: topic})
                    member.tagged = replace(member.tagged, tags=tags, rules=rules)
            touched |= {earlier, topic} if earlier in story.places else set()
            if earlier in story.places:
                story.places[topic] = story.places[earlier].renamed(topic, story.places.get(topic))
                story.places[earlier] = replace(story.places[earlier], parts=[])
            touched |= story.settle(now, backfill=True) | {earlier}
        for one in self._retractions:
            if earlier in one.told.feeds:
                names = {topic if feed == earlier else feed for feed in one.told.feeds}
                one.told = replace(one.told, feeds=tuple(sorted(names)))
                touched.add(topic)
        self.mark(touched, now)
        return len(chosen)

    def _rename_decisions(self, earlier: str, name: str) -> None:
        def moved(decisions: Iterable[Decision]) -> list[Decision]:
            rest = [one for one in decisions if one.topic != earlier]
            named = [replace(one, topic=name) for one in decisions if one.topic == earlier]
            taken = {one.item for one in named}
            return [one for one in rest if one.topic != name or one.item not in taken] + named

        self._decisions = moved(self._decisions)
        pins = [replace(one, topic=name) if one.topic == earlier else one for one in self._rulings.pinned]
        self._rulings = replace(self._rulings, pinned=tuple(pins))
        for story in self._stories.values():
            story.decisions = moved(story.decisions)
            story.pins = [replace(one, topic=name) if one.topic == earlier else one for one in story.pins]

    def places(self, feed: str) -> int:
        return sum(feed in story.places for story in self._stories.values())

    def rules_versions(self) -> Mapping[tuple[str, str], int]:
        return Counter((one.tagged.item.source, one.tagged.rules) for one, _ in self._items.values())

    def standing(self, by: Callable[[str, str], bool], since: datetime | None = None) -> tuple[int, ...]:
        found = [
            stored
            for stored, _ in self._items.values()
            if by(stored.tagged.item.source, stored.tagged.rules)
            and (since is None or stored.dates.published >= since)
        ]
        return tuple(one.number for one in sorted(found, key=_publication, reverse=True))

    def tagged_otherwise(
        self, version: Callable[[str], str], since: datetime | None = None
    ) -> tuple[int, ...]:
        return self.standing(lambda source, rules: not read(rules).is_current(version(source)), since)

    def stored(self, numbers: Sequence[int]) -> tuple[Stored, ...]:
        found = [one for one in self._items.values() if one[0].number in numbers]
        return tuple(
            Stored(
                stored.number,
                sameness.content_hash(stored.tagged.item),
                stored.dates.published,
                stored.tagged,
                frozenset(one.topic for one in story.decisions),
            )
            for stored, story in sorted(found, key=lambda one: _publication(one[0]), reverse=True)
        )

    def retag(self, batch: Sequence[Retagged], now: datetime) -> frozenset[str]:
        numbered = {stored.number: (stored, story) for stored, story in self._items.values()}
        shown: dict[str, _Story] = {}
        for one in batch:
            stored, story = numbered[one.number]
            if (sameness.content_hash(stored.tagged.item), stored.tagged.rules) != (one.hash, one.before):
                continue
            tags = stored.tagged.tags if one.tags is None else one.tags
            stored.tagged = replace(stored.tagged, rules=one.rules, tags=tags)
            if one.shown:
                shown[story.id] = story
        touched = {feed for story in shown.values() for feed in story.settle(now, backfill=True)}
        self.mark(touched, now)
        return frozenset(touched)

    # ── feeds ───────────────────────────────────────────────────────────────────────────────────

    def stale(self, now: datetime) -> tuple[StaleFeed, ...]:
        behind = []
        for name, feed in self._feeds.items():
            reasons = [feed.since] if feed.revision > feed.published_revision else []
            if feed.next_change is not None and feed.next_change <= now:
                reasons += [feed.since, feed.next_change]
            if reasons:
                behind.append(StaleFeed(name, feed.revision, max(reasons)))
        return tuple(sorted(behind, key=lambda one: (one.since, one.feed)))

    def fingerprint(self, feed: str) -> tuple[str, datetime] | None:
        known = self._feeds.get(feed)
        if known is None or known.fingerprint is None or known.updated is None:
            return None
        return known.fingerprint, known.updated

    def published(
        self, stale: StaleFeed, fingerprint: str, updated: datetime, next_change: datetime | None
    ) -> None:
        feed = self._feeds.get(stale.feed)
        if feed and feed.published_revision <= stale.revision <= feed.revision:
            feed.published_revision, feed.fingerprint = stale.revision, fingerprint
            feed.updated = max(feed.updated or updated, updated)
            feed.next_change, feed.gone = next_change, False
            if stale.feed not in self._renames:
                feed.begun = feed.begun or updated
        if feed and stale.revision == feed.revision:
            for place, _ in self._placed(stale.feed):
                place.backfill = False

    def quarantined(self) -> tuple[Quarantined, ...]:
        return tuple(sorted(self._quarantine.values(), key=lambda one: (one.since, one.entry)))

    def quarantine(self, entries: Iterable[Quarantined]) -> None:
        for one in entries:
            known = self._quarantine.get(one.entry)
            if known is None or known.version != one.version:
                self._quarantine[one.entry] = one

    def readmit(self, entries: Iterable[str]) -> None:
        for entry in entries:
            self._quarantine.pop(entry, None)


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.listed, reverse=True)


def _is_corrected(poll: PollResult, stored: _Stored, tagged: Tagged) -> bool:
    return _differs(stored, tagged) and item_dates.corrects(poll, tagged.item, stored.dates)


def _differs(stored: _Stored, tagged: Tagged) -> bool:
    return sameness.content_hash(stored.tagged.item) != sameness.content_hash(tagged.item)


def _publication(stored: _Stored) -> tuple[datetime, int]:
    return stored.dates.published, stored.number


def _number(story: _Story) -> int:
    return story.number
