"""Which addresses are topics: those of our feeds, however they are spelt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from yarl import URL


@dataclass(frozen=True, slots=True)
class Topics:
    """The feeds that can be subscribed to, by their paths below the site."""

    site: str  # ends with a slash
    paths: Collection[str]
    renamed: Mapping[str, str] = field(default_factory=dict)  # earlier paths, and those of today

    def path(self, address: str) -> str | None:
        """The topic at an address, or None; equivalent spellings are one (RFC 3986, 6.2.2 and 6.2.3)."""
        asked, site = _parsed(address), _parsed(self.site)
        if asked is None or site is None or _server(asked) != _server(site):
            return None
        if asked.raw_query_string or asked.raw_fragment or asked.raw_user or asked.raw_password:
            return None
        if not asked.raw_path.startswith(site.raw_path):
            return None
        path = asked.raw_path[len(site.raw_path) :]
        path = self.renamed.get(path, path)
        return path if path in self.paths else None

    def address(self, path: str) -> str:
        """Where a topic is published."""
        return f"{self.site}{path}"


def link(hub: str, topic: str) -> str:
    """The value of a Link header that names the hub of a topic, and the topic (WebSub, 4)."""
    return f'<{URL(hub)}>; rel="hub", <{URL(topic)}>; rel="self"'


def _server(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.raw_host, url.port


def _parsed(address: str) -> URL | None:
    try:
        url = URL(address)
        return url if url.scheme in ("http", "https") and url.raw_host else None
    except ValueError:
        return None
