"""One valid configuration, compiled: what polls and printing go by until the next edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator import versions
from aggregator.feeds import selection
from aggregator.feeds.selection import Definition
from aggregator.model import Config, Refined, Source, Tagged
from aggregator.query import Query, compile_query
from aggregator.text.credentials import unpublishable
from aggregator.text.digests import digest
from aggregator.topics import Rules
from aggregator.topics.tagging import Tagging, open_tagging


@dataclass(frozen=True, slots=True)
class Compiled:
    """The configuration with its rules and queries compiled."""

    config: Config
    tagging: Tagging
    only: Mapping[str, Query]  # by source
    skip: Mapping[str, Query]
    definitions: Mapping[str, Definition]  # by feed name
    edition: str  # changes with all that printing takes from the configuration and the renderer
    unpublishable: frozenset[str]  # words that no document may hold (`credentials.unpublishable`)

    @property
    def rules(self) -> Rules:
        """The topics, compiled."""
        return self.tagging.rules

    def changed_since(self, before: "Compiled") -> set[str]:
        """The feeds whose own part of the configuration is another one, or new."""
        config, was = self.config, before.config
        topics, known = set(config.topics) - set(was.topics), was.by_id
        sources = (one.id for one in config.sources if known.get(one.id) != one)
        return {*(topic.id for topic in topics), *(f"sources/{id}" for id in sources)}

    def reader(self, source: Source) -> str:
        """Changes with all that decides how a body of this source is read, and what of it is taken in."""
        queries = [query for query in (self.only.get(source.id), self.skip.get(source.id)) if query]
        taken = [self._meaning(query, source) for query in queries]
        return digest(repr((versions.reading(), source.only, source.skip, source.feed, taken)), 12)

    def _meaning(self, query: Query, source: Source) -> tuple[object, ...]:
        """What a query depends on besides its text: our code, the lists it names, and the rules of topics."""
        lists = [(name, self.config.lists[name]) for name in sorted(query.lists)]
        return versions.tagging(), lists, self.tagging.version(source.id) if query.asks_for_topics else ""

    def admits(self, source: Source, tagged: Tagged, now: datetime) -> bool:
        """Whether the source's `only` and `skip` let an item in; `newer:` counts from `now`."""
        tags = {tag.topic for tag in tagged.tags}
        only, skip = self.only.get(source.id), self.skip.get(source.id)
        if only is not None and not only.holds(tagged.item, now, tags):
            return False
        return skip is None or not skip.holds(tagged.item, now, tags)

    def tag(self, source: Source, refined: Refined, now: datetime) -> tuple[Tagged, ...]:
        """The items that the source may bring in, with their topics."""
        tagging, version = self.tagging, self.tagging.version(source.id)
        tagged = (
            Tagged(item, tagging.tag(item, refined.derived.levelled), version) for item in refined.items
        )
        return tuple(one for one in tagged if self.admits(source, one, now))


def compile_config(config: Config) -> Compiled:
    """Compile a configuration; its rules and queries were found valid when it was loaded."""
    topics = {topic.id for topic in config.topics}

    def queries(of: str) -> dict[str, Query]:
        texts = {source.id: getattr(source, of) for source in config.sources}
        return {id: compile_query(text, config.lists, sorted(topics)) for id, text in texts.items() if text}

    return Compiled(
        config=config,
        tagging=open_tagging(config),
        only=queries("only"),
        skip=queries("skip"),
        definitions={definition.name: definition for definition in selection.definitions(config)},
        edition=_edition(config),
        unpublishable=unpublishable(config),
    )


def _edition(config: Config) -> str:
    sections = [(topic.id, topic.title, topic.description) for topic in config.topics]
    outlets = [_printed(source) for source in config.sources]
    secrets = sorted(unpublishable(config))  # what was examined without them is examined anew
    said = (versions.printing(), config.site, config.hub.address, sections, outlets, secrets)
    return digest(repr(said), 12)


def _printed(source: Source) -> tuple[object, ...]:
    """What of a source's settings a reader of our feeds can see."""
    return (
        source.id,
        source.feed if not source.private else "",
        source.title,
        source.page,
        source.republish,
        source.license,
        source.permission,
        source.pictures,
    )
