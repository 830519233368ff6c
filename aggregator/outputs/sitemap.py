"""What search engines are told: which pages there are (sitemaps.org 0.9), which to leave alone (RFC 9309)."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from lxml.etree import Element, SubElement, _Element, tostring

from aggregator.model import Config

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_MOST = 50_000  # addresses that a sitemap may name


def sitemap(config: Config, updated: Mapping[str, datetime]) -> bytes:
    """The index and the first page of every feed; `updated` says by feed when it last changed."""
    names = ["all", *(topic.id for topic in config.topics), *(f"sources/{one.id}" for one in config.sources)]
    root = Element("urlset", xmlns=_NAMESPACE)
    _address(root, config.site.url, max(updated.values(), default=None))
    for name in names[: _MOST - 1]:
        _address(root, f"{config.site.url}{name}.html", updated.get(name))
    return tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def robots(config: Config) -> bytes:
    """Everything may be read but searches, of which there is no end; and where the sitemap is."""
    path = urlsplit(config.site.url).path
    lines = (
        "User-agent: *",
        f"Disallow: {path}search.",
        "",
        f"Sitemap: {config.site.url}sitemap.xml",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _address(root: _Element, url: str, changed: datetime | None) -> None:
    entry = SubElement(root, "url")
    SubElement(entry, "loc").text = url
    if changed is not None:
        SubElement(entry, "lastmod").text = changed.isoformat(timespec="seconds")
