"""A store in memory that finds everything by looking at everything."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator import schedule, settle
from aggregator.errors import AggregatorError
from aggregator.model import (
    Change,
    Claim,
    Copy,
    Decision,
    Entry,
    Found,
    Logged,
    Memory,
    Outlined,
    Poll,
    Quarantined,
    Retagged,
    Selection,
    Source,
    Stale,
    Stored,
    Tag,
    Tagged,
)
from aggregator.parse.urls import canonical
from aggregator.rules import Query
from aggregator.settle import Dates
from aggregator.stories import article_keys, folded, published_ids
from aggregator.tagging import decided, renamed

FOUND = 50


@dataclass
class _Subscription:
    feed: str
    memory: Memory
    configured: bool = True
    generation: int = 0
    lease_until: datetime | None = None


@dataclass
class _Stored:
    tagged: Tagged
    dates: Dates
    number: int


@dataclass
class _Place:
    listed: datetime
    changed: datetime  # when it came into the feed, or was corrected there


@dataclass
class _Story:
    id: str
    number: int  # in the order of arrival
    members: list[_Stored] = field(default_factory=list)  # the lead first
    places: dict[str, _Place] = field(default_factory=dict)  # by feed
    decisions: list[Decision] = field(default_factory=list)

    def feeds(self) -> dict[str, _Stored]:
        """Every feed that shows the story, with the member that brings it there."""
        feeds: dict[str, _Stored] = {}
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

    def settle(self, now: datetime, *, corrected: bool = False, backfill: bool = False) -> set[str]:
        """Bring its places up to date; the feeds that show it, before or after."""
        before, self.places = self.places, {}
        for feed, member in self.feeds().items():
            listed = member.dates.published if backfill else member.dates.listed
            place = before.get(feed) or _Place(listed, before["all"].changed if backfill else now)
            self.places[feed] = _Place(place.listed, now if corrected else place.changed)
        return {*before, *self.places}

    def has(self, source: str) -> bool:
        return any(member.tagged.item.source == source for member in self.members)

    def entry(self, feed: str) -> Entry:
        lead, *others = self.members
        tags: dict[str, Tag] = {}
        for member in self.members:
            for tag in member.tagged.tags:
                tags.setdefault(tag.topic, tag)
        items = [other.tagged.item for other in others]
        return Entry(
            id=self.id,
            item=lead.tagged.item,
            published=lead.dates.published,
            updated=lead.dates.updated,
            listed=self.places[feed].listed,
            arrived=lead.dates.arrived,
            tags=decided(tags.values(), self.decisions),
            copies=tuple(Copy(item.source, item.head.title or item.source, item.url) for item in items),
            changed=self.places[feed].changed,
        )


@dataclass
class _Feed:
    since: datetime
    revision: int = 1
    published_revision: int = 0
    fingerprint: str | None = None
    updated: datetime | None = None
    next_change: datetime | None = None


class MemoryStore:
    """`ports.Store` without a disk, for one thread; the contract tests hold it to what SqliteStore does."""

    def __init__(self) -> None:
        self._namespace = ""
        self._sources: dict[str, _Subscription] = {}
        self._items: dict[tuple[str, str], tuple[_Stored, _Story]] = {}
        self._stories: dict[str, _Story] = {}  # by published id
        self._articles: dict[str, _Story] = {}
        self._feeds: dict[str, _Feed] = {}
        self._quarantine: dict[str, Quarantined] = {}  # by entry
        self._polls: list[tuple[str, Logged]] = []
        self._decisions: list[Decision] = []
        self._blocks: dict[str, datetime] = {}  # until when a host wants no requests

    def close(self) -> None:
        """Nothing to let go of."""

    def namespace(self, candidate: str = "") -> str:
        self._namespace = self._namespace or candidate
        if not self._namespace:
            raise AggregatorError("there is no namespace yet")
        return self._namespace

    # ── sources ─────────────────────────────────────────────────────────────────────────────────

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        wanted = {source.id: source.feed for source in sources}
        for id, feed in wanted.items():
            known = self._sources.get(id)
            if known is None:
                self._sources[id] = _Subscription(feed, self._heeding(settle.added(feed, now), now))
            elif known.feed != feed:
                fresh = settle.readdressed(known.memory, feed, now)
                known.feed, known.memory = feed, self._heeding(fresh, now)
                self._fence_off(known)
        for id, known in self._sources.items():
            if known.configured != (id in wanted):
                known.configured = id in wanted
                self._fence_off(known)
        self._set_back(now)

    def _set_back(self, now: datetime) -> None:
        for known in self._sources.values():
            if known.lease_until and known.lease_until > now + timedelta(days=1):
                self._fence_off(known)
        known_here = (known for known in self._sources.values() if known.configured)
        ahead = [known for known in known_here if schedule.is_ahead(known.memory, now)]
        ahead.sort(key=lambda known: (known.memory.next_poll or now, known.feed))
        for known, state in zip(ahead, schedule.set_back([one.memory for one in ahead], now), strict=True):
            known.memory = state
            self._fence_off(known)

    def _fence_off(self, known: _Subscription) -> None:
        known.generation += 1
        known.lease_until = None

    def memory(self, source: str) -> Memory | None:
        known = self._sources.get(source)
        return known.memory if known else None

    def sources(self) -> tuple[tuple[str, Memory], ...]:
        return tuple((id, known.memory) for id, known in sorted(self._sources.items()) if known.configured)

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
        late = [known for id, known in self._sources.items() if self._is_due(id, now - schedule.LATE)]
        late.sort(key=lambda known: (known.memory.next_poll or now, known.feed))
        states = schedule.put_off([one.memory for one in late], now)
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

    def record(self, poll: Poll) -> Change | None:
        if not self._is_current(poll.claim):
            return None
        known = self._sources[poll.claim.source]
        known.memory, known.lease_until = self._heeding(poll.memory, poll.at), None
        self._block(poll)
        incoming: dict[tuple[str, str], Tagged] = {}
        for tagged in poll.tagged:
            incoming.setdefault((poll.claim.source, tagged.item.key), tagged)
        fresh = [tagged for place, tagged in incoming.items() if place not in self._items]
        corrected = [
            (*self._items[place], tagged)
            for place, tagged in incoming.items()
            if place in self._items and _is_corrected(poll, self._items[place][0], tagged)
        ]
        arrived = [self._arrive(poll, tagged) for tagged in fresh]
        for decision in self._decisions:
            self._recognise(decision)
        touched = {feed for _, story in arrived for feed in story.settle(poll.at)}
        for one in corrected:
            touched |= self._correct(*one, poll.at)
        self.mark(touched, poll.at)
        published = tuple(stored.dates.published for stored, _ in arrived)
        self._polls.append((poll.claim.source, settle.logged(poll, published, len(corrected))))
        return Change(len(arrived), len(corrected), frozenset(touched))

    def _block(self, poll: Poll) -> None:
        host, until = schedule.blocked_host(poll.failure, now=poll.at) or ("", poll.at)
        self._blocks[host] = max(until, self._blocks.get(host, until))
        for known in self._sources.values():
            if schedule.host(known.memory.url) == host:
                known.memory = self._heeding(known.memory, poll.at)

    def _heeding(self, memory: Memory, now: datetime) -> Memory:
        until = self._blocks.get(schedule.host(memory.url))
        return schedule.held_off(memory, until) if until and until > now else memory

    def _arrive(self, poll: Poll, tagged: Tagged) -> tuple[_Stored, _Story]:
        item = tagged.item
        previous_good = None if poll.backfill else poll.claim.memory.good
        stored = _Stored(tagged, settle.arrive(item, poll.at, previous_good), len(self._items) + 1)
        story = self._same_article(tagged) or self._new_story(tagged)
        story.members.append(stored)
        self._nominate(story, tagged)
        self._items[item.source, item.key] = stored, story
        return stored, story

    def _same_article(self, tagged: Tagged) -> _Story | None:
        stories = [self._articles[key] for key in article_keys(tagged.item) if key in self._articles]
        return min((one for one in stories if not one.has(tagged.item.source)), key=_number, default=None)

    def _new_story(self, tagged: Tagged) -> _Story:
        ids = published_ids(tagged.item, self._namespace)
        story = _Story(next(id for id in ids if id not in self._stories), len(self._stories))
        self._stories[story.id] = story
        return story

    def _nominate(self, story: _Story, tagged: Tagged) -> None:
        for key in article_keys(tagged.item):
            self._articles.setdefault(key, story)

    def _correct(self, stored: _Stored, story: _Story, tagged: Tagged, now: datetime) -> set[str]:
        stored.dates = settle.correct(tagged.item, stored.dates, now)
        stored.tagged = tagged
        self._nominate(story, tagged)
        for one in self._decisions:
            self._recognise(one)
        return story.settle(now, corrected=story.members[0] is stored)

    def polls(self, source: str, limit: int) -> tuple[Logged, ...]:
        return tuple(entry for id, entry in reversed(self._polls) if id == source)[:limit]

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
        return tuple(_in_order(chosen))

    def outline(self, feed: str, limit: int) -> tuple[Outlined, ...]:
        entries = self.stretch(feed, 0, limit)
        return tuple(Outlined(one.id, repr(replace(one, changed=None))) for one in entries)

    def stretch(self, feed: str, skip: int, limit: int) -> tuple[Entry, ...]:
        listed = [story.entry(feed) for story in self._stories.values() if feed in story.places]
        return tuple(_in_order(listed)[skip : skip + limit])

    def find(self, text: str) -> tuple[Entry, ...]:
        url, title = canonical(text), folded(text)
        by_id = [self._stories[text]] if text in self._stories else []
        by_url = self._having(lambda tagged: bool(url) and canonical(tagged.item.url) == url)
        by_title = self._having(lambda tagged: bool(title) and title in folded(tagged.item.title))
        return tuple(_in_order(story.entry("all") for story in by_id or by_url or by_title))

    def search(
        self, query: Query, now: datetime, *, limit: int, most: int, spent: Callable[[], bool]
    ) -> Found:
        found = []
        for story in self._stories.values():
            held = [member.dates.listed for member in story.members if self._holds(query, story, member, now)]
            if held:
                found.append(replace(story.entry("all"), listed=max(held)))
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

    def rename_topic(self, earlier: str, topic: str, now: datetime) -> int:
        changed = 0
        touched: set[str] = set()
        for story in self._stories.values():
            if earlier in story.places:
                for member in story.members:
                    tags = renamed(member.tagged.tags, {earlier: topic})
                    changed += tags != member.tagged.tags
                    member.tagged = replace(member.tagged, tags=tags)
                touched |= {earlier, topic}
                story.places.setdefault(topic, story.places[earlier])
                touched |= story.settle(now, backfill=True)
        self.mark(touched, now)
        return changed

    def rules_versions(self) -> Mapping[tuple[str, str], int]:
        return Counter((one.tagged.item.source, one.tagged.rules) for one, _ in self._items.values())

    def tagged_otherwise(
        self, version: Callable[[str], str], since: datetime | None = None
    ) -> tuple[int, ...]:
        found = [
            stored
            for stored, _ in self._items.values()
            if stored.tagged.rules != version(stored.tagged.item.source)
            and (since is None or stored.dates.published >= since)
        ]
        return tuple(one.number for one in sorted(found, key=_publication, reverse=True))

    def stored(self, numbers: Sequence[int]) -> tuple[Stored, ...]:
        found = [one for one in self._items.values() if one[0].number in numbers]
        return tuple(
            Stored(
                stored.number,
                settle.content_hash(stored.tagged.item),
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
            if (settle.content_hash(stored.tagged.item), stored.tagged.rules) != (one.hash, one.before):
                continue
            tags = stored.tagged.tags if one.tags is None else one.tags
            stored.tagged = replace(stored.tagged, rules=one.rules, tags=tags)
            if one.shown:
                shown[story.id] = story
        touched = {feed for story in shown.values() for feed in story.settle(now, backfill=True)}
        self.mark(touched, now)
        return frozenset(touched)

    # ── feeds ───────────────────────────────────────────────────────────────────────────────────

    def mark(self, feeds: Iterable[str], now: datetime) -> None:
        for name in feeds:
            if name not in self._feeds:
                self._feeds[name] = _Feed(since=now)
                continue
            feed = self._feeds[name]
            feed.revision += 1
            feed.since = max(feed.since, now)

    def stale(self, now: datetime) -> tuple[Stale, ...]:
        behind = []
        for name, feed in self._feeds.items():
            reasons = [feed.since] if feed.revision > feed.published_revision else []
            if feed.next_change is not None and feed.next_change <= now:
                reasons += [feed.since, feed.next_change]
            if reasons:
                behind.append(Stale(name, feed.revision, max(reasons)))
        return tuple(sorted(behind, key=lambda one: (one.since, one.feed)))

    def fingerprint(self, feed: str) -> tuple[str, datetime] | None:
        known = self._feeds.get(feed)
        if known is None or known.fingerprint is None or known.updated is None:
            return None
        return known.fingerprint, known.updated

    def published(
        self, stale: Stale, fingerprint: str, updated: datetime, next_change: datetime | None
    ) -> None:
        feed = self._feeds.get(stale.feed)
        if feed and feed.published_revision <= stale.revision <= feed.revision:
            feed.published_revision, feed.fingerprint = stale.revision, fingerprint
            feed.updated = max(feed.updated or updated, updated)
            feed.next_change = next_change

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

    def known_feeds(self) -> tuple[str, ...]:
        return tuple(sorted(name for name, feed in self._feeds.items() if feed.fingerprint is not None))

    def forget_feed(self, feed: str) -> None:
        if known := self._feeds.get(feed):
            revision = known.revision + 1
            self._feeds[feed] = _Feed(known.since, revision, published_revision=revision)


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(sorted(entries, key=lambda entry: entry.id), key=lambda entry: entry.listed, reverse=True)


def _is_corrected(poll: Poll, stored: _Stored, tagged: Tagged) -> bool:
    return _differs(stored, tagged) and settle.corrects(poll, tagged.item, stored.dates)


def _differs(stored: _Stored, tagged: Tagged) -> bool:
    return settle.content_hash(stored.tagged.item) != settle.content_hash(tagged.item)


def _publication(stored: _Stored) -> tuple[datetime, int]:
    return stored.dates.published, stored.number


def _number(story: _Story) -> int:
    return story.number
