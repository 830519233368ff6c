"""The table of formats that every feed is published in."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.model import Site
from aggregator.outputs.atom import writer as atom
from aggregator.outputs.composition import Frame
from aggregator.outputs.json import writer as jsonfeed
from aggregator.outputs.rss import writer as rss
from aggregator.outputs.views import EntryView, FeedView


@dataclass(frozen=True, slots=True)
class Format:
    """A format that a feed is published in."""

    suffix: str
    media_type: str
    label: str  # what the pages call it
    frame: Callable[[FeedView], tuple[bytes, bytes]]  # what stands before and behind the entries
    entry: Callable[[EntryView, Site], bytes]  # the same in every feed
    between: bytes = b""  # two entries

    def around(self, feed: FeedView) -> Frame:
        """What stands around the entries of a feed."""
        head, tail = self.frame(feed)
        return Frame(head, self.between, tail)


FORMATS = (
    Format(".atom", atom.MEDIA_TYPE, "Atom", atom.frame, atom.entry),
    Format(".rss", rss.MEDIA_TYPE, "RSS", rss.frame, rss.entry),
    Format(".json", jsonfeed.MEDIA_TYPE, "JSON Feed", jsonfeed.frame, jsonfeed.entry, jsonfeed.BETWEEN),
)
"""Each feed is written in every one of them, and its page links them all."""
