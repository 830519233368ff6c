"""How templates become pages: what each of them is told, and pieces that may stand in any of them."""

from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator import __version__
from aggregator.model import Config
from aggregator.outputs.addresses import direction
from aggregator.outputs.fulltext import license_name
from aggregator.text import languages
from aggregator.text.characters import one_line
from aggregator.text.moments import zone_name

ROOT = "\0"
"""Stands in fragments for the way to the root, which goes by the page's depth; no text of ours holds it."""

_IN_MENU = 12  # topics; the index lists them all

# The locale decides what strftime calls a month, so the names are our own.
_MONTHS = "January February March April May June July August September October November December".split()


def topics(config: Config) -> list[tuple[str, str]]:
    """The id and title of every topic."""
    return [(topic.id, one_line(topic.title) or topic.id) for topic in config.topics]


def fragment(template: str, config: Config, **values: object) -> str:
    """A piece of pages, in HTML; it is the same wherever it stands."""
    return _environment(config.site.language, config.site.timezone).get_template(template).render(values)


def document(template: str, config: Config, path: str, *, pictures: bool, **values: object) -> bytes:
    """The page at that path, without its ending, below the root; `pictures` may then come from elsewhere.

    A page names its own canonical address and may be indexed, unless `values` say otherwise.
    """
    menu = topics(config)
    about = {
        "site_title": one_line(config.site.title),
        "site_url": config.site.url,
        "canonical": f"{config.site.url}{path}.html",
        "indexed": True,
        "policy": _policy(pictures),
        "menu": menu[:_IN_MENU],
        "more_topics": len(menu) > _IN_MENU,
        "version": __version__,
    }
    text = fragment(template, config, **about | values)
    return text.replace(ROOT, "../" * path.count("/")).encode()


def packaged(name: str) -> bytes:
    """A file that is published as it lies beside the templates."""
    return (files(__package__) / "templates" / name).read_bytes()


def _policy(pictures: bool) -> str:
    """What the page may load (CSP 3), stated in the page itself, for it may be served by any server."""
    images = "img-src 'self' https: http:" if pictures else "img-src 'self'"
    # No script runs, but what audits a page asks for robots.txt from within it.
    own = "style-src 'self'; connect-src 'self'; form-action 'self'"
    return f"default-src 'none'; {own}; {images}; base-uri 'none'"


def _date(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people write it, with its year and zone: 21 November 2026, 14:05 UTC."""
    try:
        local = moment.astimezone(zone)
    except OverflowError:  # the first and the last day that a datetime can name
        local = moment.astimezone(UTC)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {zone_name(local)}"


@lru_cache(maxsize=4)  # a site and, while its configuration is edited, the next
def _environment(written_in: str, timezone: str) -> Environment:
    """The templates, and what all of them are told of the site."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    tag = languages.tag(written_in) or "en"
    environment.filters |= {"date": _date, "license_name": license_name}
    environment.globals |= {
        "root": ROOT,
        "zone": ZoneInfo(timezone),
        "language": tag,
        "direction": direction(tag),
    }
    return environment
