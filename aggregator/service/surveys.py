"""Measures rules on the newest items of the store; changes nothing."""

import os
from collections.abc import Container, Iterator
from dataclasses import dataclass

from aggregator import config
from aggregator.compiled import compile_config
from aggregator.errors import InputError, Problem
from aggregator.model import Config, Selection, Tagged
from aggregator.model.seams import Counting
from aggregator.query import RuleProblem
from aggregator.service.inspection import opened_store, read_rules
from aggregator.service.missing_feeds import Missing, missing
from aggregator.service.settings import Settings, now
from aggregator.store.sqlite import SqliteStore
from aggregator.topics import advice, compile_rules
from aggregator.topics.advice import Finding, Intake, Suggested

SAMPLE = 20_000  # items
BATCH = 500
MEMBERS = 1_000  # newest items of a topic from which its words are learnt
POLLS = 100  # of a source, whose lines in the log are asked what was refused


@dataclass(frozen=True, slots=True)
class Warned:
    """What may not work as meant, at its place; `kind` is one of `advice.KINDS`, `gone` or `secret`."""

    kind: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """How a valid configuration fares with the newest `items` of the store."""

    items: int
    warnings: tuple[Warned, ...] = ()


def check_on_store(settings: Settings, cfg: Config, counting: Counting) -> Checked:
    """Try a valid configuration on the newest items of the store; where there is no store, on none."""
    if not settings.database.exists():
        return Checked(0)
    compiled = compile_config(cfg)
    with opened_store(settings) as store:
        refused = _refused(store, (*compiled.only, *compiled.skip))
        intake = Intake(compiled.only, compiled.skip, refused, now())
        items = (
            (one.item, cfg.source(one.item.source).topics)
            for one in newest(store, counting, "trying the rules")
        )
        surveyed = advice.survey(compiled.rules, cfg.lists, intake, items)
        taken_out = [_taken_out(one) for one in missing(store, cfg, now())]
    findings = (*surveyed.findings, *taken_out)
    places = config.located(settings.config, [one.problem for one in findings])
    warnings = [Warned(one.kind, place) for one, place in zip(findings, places, strict=True)]
    return Checked(surveyed.items, tuple(sorted(warnings, key=lambda one: one.problem)))


def _taken_out(one: Missing) -> Finding:
    """What is published and no longer there, at the place of what it may be called now."""
    path = f"{one.section}.{one.now_called}" if one.now_called else one.section
    return Finding("gone", RuleProblem(path, 1, 1, one.sentence, one.advice))


def unset_secrets(settings: Settings) -> tuple[Warned, ...]:
    """Where the operator's file asks for environment variables that are not set."""
    name = str(settings.config)
    found = config.unset_secrets(config.sources_text(settings.config), os.environ, name)
    return tuple(Warned("secret", problem) for problem in found)


def suggest_words(settings: Settings, topic: str, limit: int, counting: Counting) -> Suggested:
    """Lines that would find more of a topic, measured on the store.

    Raises InputError where there is no such topic, no store, or nothing that belongs to the topic.
    """
    cfg = read_rules(settings)
    wanted = next((one for one in cfg.topics if one.id == topic), None)
    if wanted is None:
        there = ", ".join(one.id for one in cfg.topics) or "none"
        raise InputError(f"there is no topic {topic!r} in the configuration; there are: {there}")
    rules = compile_rules(cfg.topics, cfg.lists)
    with opened_store(settings) as store:
        chosen = store.entries(Selection(topic=topic, newest=MEMBERS, most=MEMBERS))
        members = [entry.item for entry in chosen]
        if not members and not wanted.examples_match:
            advised = f"write some under `examples:`, `match:`, or take items in by hand in {settings.desk}"
            raise InputError(f"nothing belongs to the topic {topic!r} yet to learn from; {advised}")
        known = {(item.source, item.key) for item in members}  # also those that the desk put there
        sample = (
            (one.item, cfg.source(one.item.source).topics, _is_in(one, topic, known))
            for one in newest(store, counting, "measuring words")
        )
        return advice.suggest(rules, wanted, members, sample, limit)


def _is_in(tagged: Tagged, topic: str, known: Container[tuple[str, str]]) -> bool:
    item = tagged.item
    return (item.source, item.key) in known or any(tag.topic == topic for tag in tagged.tags)


def newest(store: SqliteStore, counting: Counting, what: str) -> Iterator[Tagged]:
    """The newest items of the store, up to `SAMPLE`, read in batches."""
    left, before = SAMPLE, None
    with counting(min(SAMPLE, store.counts()["items"]), what) as count:
        while left and (batch := store.latest_items(min(BATCH, left), before)):
            left, before = left - len(batch), batch[-1][0]
            for _, tagged in batch:
                yield tagged
            count(len(batch))


def _refused(store: SqliteStore, sources: tuple[str, ...]) -> dict[str, int]:
    return {id: sum(line.refused for line in store.polls(id, POLLS)) for id in sources}
