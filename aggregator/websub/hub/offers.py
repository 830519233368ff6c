"""Which feeds can be subscribed to."""

from aggregator.feeds import selection
from aggregator.feeds.selection import NO_NAMES, FeedNames
from aggregator.model import Config
from aggregator.outputs import FORMATS
from aggregator.websub.hub.topics import Topics


def offered(config: Config, published: FeedNames = NO_NAMES) -> Topics:
    """What can be subscribed to under a configuration, and for a while what it no longer has."""
    names = [definition.name for definition in selection.definitions(config)]
    suffixes = [format.suffix for format in FORMATS]
    paths = frozenset(name + suffix for name in (*names, *published.ended) for suffix in suffixes)
    earlier = {**published.redirects, **selection.earlier_names(config)}
    renamed = {
        old + suffix: new + suffix for old, new in earlier.items() if old not in names for suffix in suffixes
    }
    return Topics(config.site.url, paths, renamed)
