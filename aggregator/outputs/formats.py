"""The table of formats that every feed is published in: all that a format is, in one row."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.model import Site
from aggregator.outputs import composition
from aggregator.outputs.atom import writer as atom
from aggregator.outputs.composition import FormatRules, Frame, Read
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
    rules: FormatRules  # what is checked before a document is published
    shown_as: str  # the media type under which browsers show it; what they take for a feed they save
    between: bytes = b""  # two entries
    charset: str = "utf-8"  # "" for a media type that has none
    mark: bytes = b""  # near the start of a feed, where other documents have the same ending

    def around(self, feed: FeedView) -> Frame:
        """What stands around the entries of a feed."""
        head, tail = self.frame(feed)
        return Frame(head, self.between, tail)


FORMATS = (
    Format(
        ".atom", atom.MEDIA_TYPE, "Atom", atom.frame, atom.entry, composition.ATOM, "text/xml; charset=utf-8"
    ),
    Format(".rss", rss.MEDIA_TYPE, "RSS", rss.frame, rss.entry, composition.RSS, "text/xml; charset=utf-8"),
    Format(
        ".json",
        jsonfeed.MEDIA_TYPE,
        "JSON Feed",
        jsonfeed.frame,
        jsonfeed.entry,
        composition.JSON_FEED,
        "application/json",
        between=jsonfeed.BETWEEN,
        charset="",
        mark=b"https://jsonfeed.org/version/",
    ),
)
"""Each feed is written in every one of them, and its page links them all."""


def readers() -> dict[str, Read]:
    """How documents are read back before they are published, by the ending of their format."""
    return {format.suffix: format.rules.document for format in FORMATS}
