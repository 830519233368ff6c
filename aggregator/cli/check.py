"""`aggregator check`: what is wrong with the configuration, and what may not work as meant."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from aggregator import config
from aggregator.cli import failures
from aggregator.cli.context import Given, takes_global_options
from aggregator.cli.failures import described
from aggregator.errors import ConfigError
from aggregator.model import Config
from aggregator.service.settings import read_config
from aggregator.service.surveys import Checked, Warned, check_on_store, unset_secrets
from aggregator.text.quantities import counted

MOST_SHOWN = 10  # warnings of a kind


@click.command()
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@takes_global_options
def check(given: Given, strict: bool) -> None:
    """Read the configuration, try its examples and its rules on the store; say every problem."""
    try:
        cfg = read_config(given.settings)
    except ConfigError as error:
        facts = {"ok": False, **failures.of(error).facts}
        given.say(f"{error}\n{counted(len(error.problems), 'problem')}", facts)
        sys.exit(1)
    checked = check_on_store(given.settings, cfg, given.counting)
    checked = replace(checked, warnings=(*unset_secrets(given.settings), *checked.warnings))
    hints = config.hints(cfg, str(given.settings.config))
    facts = {
        "ok": True,
        "items": checked.items,
        "warnings": [{"kind": one.kind, **described(one.problem)} for one in checked.warnings],
        "hints": hints,
    }
    given.say(
        "\n".join((*_shown(checked.warnings, whole=given.verbose), _summary(given, cfg, checked), *hints)),
        facts,
    )
    if strict and checked.warnings:
        sys.exit(1)


def _shown(warnings: Sequence[Warned], *, whole: bool) -> Iterator[str]:
    """The warnings, misspelt words last; unless all are asked for, a few of a kind, and of lists a number."""
    seen: Counter[str] = Counter()
    lists = sum(map(_is_of_a_list, warnings))
    for one in sorted(warnings, key=lambda one: one.kind == "typo"):
        if whole or one.kind == "typo":
            yield _line(one)
            continue
        if _is_of_a_list(one):
            continue
        seen[one.kind] += 1
        if seen[one.kind] <= MOST_SHOWN:
            yield _line(one)
    for kind, number in seen.items():
        if number > MOST_SHOWN:
            yield f"… and {number - MOST_SHOWN} more of the kind “{kind}” (--verbose shows all)"
    if lists and not whole:
        words = "has words that are" if lists == 1 else "have words that are"
        yield f"{counted(lists, 'list')} {words} in none of the items looked at (--verbose names them)"


def _is_of_a_list(one: Warned) -> bool:
    return one.kind == "unseen" and one.problem.path.startswith("lists.")


def _line(one: Warned) -> str:
    return f"{one.problem}".replace(": ", ": warning: ", 1)


def _summary(given: Given, cfg: Config, checked: Checked) -> str:
    read = f"{counted(len(cfg.sources), 'source')}, {counted(len(cfg.topics), 'topic')}, no problems"
    if not checked.items:
        return f"{given.settings.config}: {read}; no items are stored yet to try the rules on"
    warned = counted(len(checked.warnings), "warning") if checked.warnings else "no warnings"
    return f"{given.settings.config}: {read}; tried on {counted(checked.items, 'item')}: {warned}"
