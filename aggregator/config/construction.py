"""What was validated → the values that the rest of the program works with."""

from dataclasses import replace
from typing import Any

from aggregator import model
from aggregator.config import schema
from aggregator.config.blocks import example_lines
from aggregator.config.reachability import is_reachable


def build(file: schema.File) -> model.Config:
    """The configuration; what a source does not repeat of `polling` it takes from the site."""
    polling = _polling(file.polling, model.Polling(push=is_reachable(file.site.url)))
    return model.Config(
        site=model.Site(**file.site.model_dump()),
        hub=_hub(file),
        polling=polling,
        sources=tuple(_source(id, source, polling) for id, source in file.sources.items()),
        lists=dict(file.lists),
        topics=tuple(_topic(id, topic) for id, topic in file.topics.items()),
    )


def _hub(file: schema.File) -> model.Hub:
    """The hub that is named; without a word about it our own, where others can reach it."""
    said = file.hub
    use = said.use or ("on" if is_reachable(file.site.url) else "off")
    address = {"on": f"{file.site.url}hub", "off": ""}.get(use, use)
    return model.Hub(address, use == "on", tuple(said.sha1_for), tuple(said.allow_private))


def _polling(said: schema.Polling, otherwise: model.Polling) -> model.Polling:
    changes: dict[str, Any] = {}
    if said.wait is not None:
        changes["shortest"], changes["longest"] = said.wait
    if said.requests is not None:
        changes["requests_per_hour"] = said.requests
    if said.per_host.at_once is not None:
        changes["at_once_per_host"] = said.per_host.at_once
    if said.per_host.pause is not None:
        changes["pause_per_host"] = said.per_host.pause
    if said.allow_private is not None:
        changes["allow_private"] = tuple(said.allow_private)
    if said.push is not None:
        changes["push"] = said.push
    return replace(otherwise, **changes) if changes else otherwise


def _source(id: str, said: schema.Source, polling: model.Polling) -> model.Source:
    return model.Source(
        id=id,
        feed=said.feed,
        title=said.title,
        page=said.page,
        republish=said.republish,
        license=said.license,
        permission=said.permission,
        pictures=said.pictures,
        topics=tuple(dict.fromkeys(said.topics)),
        weight=said.weight,
        priority=said.priority,
        only=said.only,
        skip=said.skip,
        headers=tuple(said.headers.items()),
        private=said.private,
        polling=_polling(said, polling),
        was=tuple(dict.fromkeys(said.was)),
    )


def _topic(id: str, said: schema.Topic) -> model.Topic:
    return model.Topic(
        id=id,
        title=said.title or id.replace("-", " ").title(),
        description=said.description,
        match=said.match,
        points_needed=said.points_needed,
        only_if=said.only_if,
        strike_out=said.strike_out,
        implies=tuple(dict.fromkeys(said.implies)),
        was=tuple(said.was),
        examples_match=tuple(text for _, text in example_lines(said.examples.match)),
        examples_not=tuple(text for _, text in example_lines(said.examples.not_)),
    )
