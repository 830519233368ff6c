"""Adds sources, one by its address or many as OPML, and takes the list of them elsewhere."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator import __version__, config, files
from aggregator.adapters import http
from aggregator.adapters.processes import Processes
from aggregator.config import masking
from aggregator.config.opml import Outline, outlines
from aggregator.errors import InputError
from aggregator.model import Config, Failure, Refined, Request, Response, Source
from aggregator.model.seams import Fetch, Refine
from aggregator.outputs.opml import writer as opml
from aggregator.parse import charset, refusals
from aggregator.service import configuration
from aggregator.service.inspection import read_rules
from aggregator.service.settings import Settings
from aggregator.service.sources import faring
from aggregator.text.credentials import shown

_PAGE = 262_144  # bytes of a page that are searched for the feed it names


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was read for a first look; `via` is the page that named it, "" where none did."""

    url: str
    refined: Refined
    via: str = ""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What became of feeds that were to be added; ids to addresses."""

    added: Mapping[str, str]
    known: Sequence[tuple[str, str]] = ()  # id and address
    refused: Sequence[str] = ()  # addresses that are none


async def add_source(settings: Settings, url: str, id: str) -> tuple[FoundFeed, Subscribed]:
    """Look at a feed, or at the one that a page names, and add it under `id` (made of its title if "").

    Raises InputError where there is no feed, or the configuration does not take it; nothing is written then.
    """
    cfg = read_rules(settings)
    agent = http.user_agent(cfg.site, __version__)
    async with http.open_fetch(agent) as fetch, Processes() as refine:
        found = await _find(cfg, fetch, refine, url if "://" in url else f"https://{url}")
    wanted = [Outline(found.refined.head.title, found.url)]
    return found, subscribe(settings, wanted, id)


async def _find(cfg: Config, fetch: Fetch, refine: Refine, url: str) -> FoundFeed:
    response, refined = await _look(cfg, fetch, refine, url)
    if isinstance(refined, Refined):
        return FoundFeed(response.moved_to or url, refined)
    page, _ = charset.decode(response.body[:_PAGE], response.header("content-type") or "")
    named = refusals.discovered(page, response.url)
    if not named:
        raise InputError(f"{masking.shown(url)} {refined.sentence}")
    response, feed = await _look(cfg, fetch, refine, named)
    if isinstance(feed, Failure):
        raise InputError(f"{masking.shown(url)} names the feed {shown(named)}, which {feed.sentence}")
    return FoundFeed(response.moved_to or named, feed, via=url)


async def _look(cfg: Config, fetch: Fetch, refine: Refine, url: str) -> tuple[Response, Refined | Failure]:
    answer = await fetch(Request(url, allow_private=cfg.polling.allow_private))
    if isinstance(answer, Failure):
        raise InputError(answer.sentence)
    return answer, await refine(Source("new", url), answer)


def import_sources(settings: Settings, list_of_feeds: Path) -> Subscribed:
    """Add the feeds of an OPML list that are not there yet; InputError where it is none."""
    try:
        body = files.read(list_of_feeds, advice="check its name")
    except files.MissingFileError:
        raise InputError(f"{list_of_feeds} cannot be read (there is no such file); check its name.") from None
    return subscribe(settings, outlines(body, str(list_of_feeds)))


def subscribe(settings: Settings, wanted: Iterable[Outline], id: str = "") -> Subscribed:
    """Add the feeds that the configuration does not have yet; it is checked before it is written.

    Raises InputError, nothing written, where the file is invalid or would be.
    """
    text = config.sources_text(settings.config)
    found = configuration.with_sources(settings, text, str(settings.config))
    configuration.warn(found)
    cfg = found.config
    known = {config.comparable(source.feed): source.id for source in cfg.sources}
    result = _sorted_out(wanted, known, set(cfg.by_id), id)
    if result.added:
        after = config.with_sources(text, str(settings.config), result.added)
        _check(settings, cfg, after, result.added)
        files.replace(settings.config, text.encode("utf-8"), after.encode("utf-8"))
    return result


def _sorted_out(wanted: Iterable[Outline], known: dict[str, str], taken: set[str], id: str) -> Subscribed:
    """Which to add under which ids; `known` and `taken` grow with them."""
    if id and not re.fullmatch(config.ID_PATTERN, id):
        raise InputError(f"{id!r} is no id: 1 to 64 small letters a-z, digits and hyphens, nothing else.")
    if id in taken:
        raise InputError(f"There is a source {id!r} already; choose another id with --id.")
    added: dict[str, str] = {}
    there: list[tuple[str, str]] = []
    refused: list[str] = []
    for one in wanted:
        feed = one.feed.replace("feed://", "http://", 1).removeprefix("feed:")
        key = config.comparable(feed)
        if not key:
            refused.append(one.feed)
        elif key in known:
            there.append((known[key], feed))
        else:
            new = id or config.source_id(one.title, feed, taken)
            added[new] = feed
            known[key] = new
            taken.add(new)
    return Subscribed(added, there, refused)


def _check(settings: Settings, cfg: Config, text: str, added: Mapping[str, str]) -> None:
    """The text must be valid, and say what the file said and the new sources, nothing else."""
    name = str(settings.config)
    read = config.load_text(text.removeprefix("\ufeff"), os.environ, name, examples=False)
    new = {source.id: source.feed for source in read.sources if source.id not in cfg.by_id}
    rest = tuple(source for source in read.sources if source.id in cfg.by_id)
    if replace(read, sources=rest, desk=cfg.desk, rulings=cfg.rulings) != cfg or new != added:
        by_hand = ", ".join(f"{id}: {shown(feed)}" for id, feed in added.items())
        raise InputError(
            f"{name} is written in a way that lines cannot be added to; add them by hand: {by_hand}."
        )


# ── taking the list elsewhere ───────────────────────────────────────────────────────────────────


def export_sources(settings: Settings) -> tuple[bytes, int]:
    """The public sources as OPML, and how many private ones were left out."""
    cfg = read_rules(settings)
    public = tuple(source for source in cfg.sources if not source.private)
    titles = {one.source.id: one.memory.title for one in faring(settings, public) if one.memory is not None}
    return opml.sources(replace(cfg, sources=public), titles), len(cfg.sources) - len(public)
