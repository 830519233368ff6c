"""The pages for people: one for each feed, and the index of them all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator import __version__
from aggregator.model import Config
from aggregator.parse import language
from aggregator.parse.characters import legal, one_line
from aggregator.render.formats import FORMATS
from aggregator.render.presented import outlet_title
from aggregator.render.shown import Presented
from aggregator.render.text import direction

_HEADLINES = 5  # of each topic on the index
_IN_MENU = 12  # topics; the index lists them all

# The locale decides what strftime calls a month, so the names are our own.
_MONTHS = "January February March April May June July August September October November December".split()


def page(feed: Presented, config: Config) -> bytes:
    """The page of a feed: headline, outlet, author, date and excerpt of each entry."""
    folders = feed.name.count("/")
    return _print("feed.html", config, path=feed.name, root="../" * folders, feed=feed)


def index(sections: Sequence[Presented], config: Config, titles: Mapping[str, str]) -> bytes:
    """The front page: the newest headlines of each section, and every outlet.

    `titles` are the names of outlets by source id, for those the operator gave none.
    """
    outlets = [(outlet_title(source, titles.get(source.id, "")), source.id) for source in config.sources]
    outlets.sort(key=lambda outlet: (outlet[0].casefold(), outlet[1]))
    return _print(
        "index.html", config, path="index", root="", sections=sections, outlets=outlets, headlines=_HEADLINES
    )


def search(feed: Presented, config: Config, problem: str, complete: bool) -> bytes:
    """The page of a search: a form, and what was found or what is wrong with the query."""
    said = {"problem": legal(problem), "complete": complete}
    return _print("search.html", config, path="search", root="", feed=feed, **said)


def style() -> bytes:
    """The style sheet that all pages share."""
    return (files(__package__) / "templates" / "style.css").read_bytes()


def _print(template: str, config: Config, **values: object) -> bytes:
    topics = [(topic.id, one_line(topic.title) or topic.id) for topic in config.topics]
    tag = language.tag(config.site.language) or "en"
    text = _ENVIRONMENT.get_template(template).render(
        site_title=one_line(config.site.title),
        site_url=config.site.url,
        zone=ZoneInfo(config.site.timezone),
        language=tag,
        direction=direction(tag),
        menu=topics[:_IN_MENU],
        more_topics=len(topics) > _IN_MENU,
        formats=FORMATS,
        version=__version__,
        **values,
    )
    return text.encode()


def _date(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as people write it, with its year and zone: 21 November 2026, 14:05 UTC."""
    try:
        local = moment.astimezone(zone)
    except OverflowError:  # the first and the last day that a datetime can name
        local = moment.astimezone(UTC)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {local.tzname()}"


_ENVIRONMENT = Environment(
    loader=PackageLoader("aggregator.render"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_ENVIRONMENT.filters["date"] = _date
