"""How a page offers its feed: the address to copy, and links that open it in a reader."""

from dataclasses import dataclass
from urllib.parse import quote

from aggregator.outputs.formats import FORMATS
from aggregator.outputs.html.templating import ROOT

_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed in one of its formats; `href` is for pages, `address` for readers."""

    label: str
    media_type: str
    href: str
    address: str

    @property
    def readers(self) -> tuple[tuple[str, str], ...]:
        """Each reader with the address at which it takes the feed, last the one installed on the device."""
        online = ((name, form.format(quote(self.address, safe=""))) for name, form in _READERS)
        return (*online, ("An app on this device", f"feed:{self.address}"))


def offers(site: str, name: str, parameters: str = "") -> list[Offer]:
    """The feed of that name in each of its formats; `parameters` follow the path where it is a search."""
    paths = [(format, f"{name}{format.suffix}{parameters}") for format in FORMATS]
    return [
        Offer(format.label, format.media_type, f"{ROOT}{path}", f"{site}{path}") for format, path in paths
    ]
