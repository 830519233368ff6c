"""Which feeds can be subscribed to."""

from aggregator import feeds
from aggregator.hub.topics import Topics
from aggregator.model import Config
from aggregator.render import FORMATS


def offered(config: Config) -> Topics:
    """What can be subscribed to under a configuration."""
    names = [definition.name for definition in feeds.definitions(config)]
    suffixes = [format.suffix for format in FORMATS]
    paths = frozenset(name + suffix for name in names for suffix in suffixes)
    earlier = {old: topic.id for topic in config.topics for old in topic.was if old not in names}
    renamed = {old + suffix: new + suffix for old, new in earlier.items() for suffix in suffixes}
    return Topics(config.site.url, paths, renamed)
