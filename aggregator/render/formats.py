"""The table of formats that every feed is published in."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.gate import Frame
from aggregator.model import Site
from aggregator.render import atom, jsonfeed, rss
from aggregator.render.shown import Presented, Shown


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a feed is published in."""

    suffix: str
    media_type: str
    label: str  # what the pages call it
    frame: Callable[[Presented], tuple[bytes, bytes]]  # what stands before and behind the entries
    entry: Callable[[Shown, Site], bytes]  # the same in every feed
    between: bytes = b""  # two entries

    def around(self, feed: Presented) -> Frame:
        """What stands around the entries of a feed."""
        head, tail = self.frame(feed)
        return Frame(head, self.between, tail)


FORMATS = (
    Format(".atom", atom.MEDIA_TYPE, "Atom", atom.frame, atom.entry),
    Format(".rss", rss.MEDIA_TYPE, "RSS", rss.frame, rss.entry),
    Format(".json", jsonfeed.MEDIA_TYPE, "JSON Feed", jsonfeed.frame, jsonfeed.entry, jsonfeed.BETWEEN),
)
"""Each feed is written in every one of them, and its page links them all."""
