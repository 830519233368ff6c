"""The table of formats that every feed is published in."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.render import atom, jsonfeed, rss
from aggregator.render.shown import Presented


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a feed is published in."""

    suffix: str
    media_type: str
    label: str  # what the pages call it
    write: Callable[[Presented], bytes]


FORMATS = (
    Format(".atom", atom.MEDIA_TYPE, "Atom", atom.write),
    Format(".rss", rss.MEDIA_TYPE, "RSS", rss.write),
    Format(".json", jsonfeed.MEDIA_TYPE, "JSON Feed", jsonfeed.write),
)
"""Each feed is written in every one of them, and its page links them all."""
